#include "typeset/typeset.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"

namespace mingxin::typeset {

namespace {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using GObject = std::unique_ptr<T, Unref>;
using Layout = GObject<PangoLayout>;

constexpr std::array<const char*, 3> face_families{"Noto Sans CJK SC", "Noto Sans CJK SC",
                                                   "Noto Serif CJK SC"};
constexpr std::array<PangoWeight, 3> face_weights{PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_BOLD, PANGO_WEIGHT_BOLD};

double points(int pango_units) {
    return static_cast<double>(pango_units) / PANGO_SCALE;
}

bool is_shown(char32_t c) {
    bool control = (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0);
    // Directional marks would let a name show as another one.
    bool directional =
        c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return !control && !directional;
}

std::string shown_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t start = at;
        if (is_shown(next_code_point(text, at))) out.append(text.substr(start, at - start));
    }
    return out;
}

/// One per thread: Pango's font map and context are not thread-safe, and loading them is what costs.
class Shaper {
  public:
    static Shaper& of_thread() {
        thread_local Shaper shaper;
        return shaper;
    }

    bool has_fonts() const { return has_fonts_; }

    Layout shape(const Cell& cell) {
        std::string text = shown_text(cell.text);
        Layout layout = make(text, cell);
        if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) layout = make(spelled_out(text), cell);
        return layout;
    }

  private:
    Shaper()
        : map_(PANGO_FONT_MAP(pango_cairo_font_map_new())),
          context_(pango_font_map_create_context(map_.get())) {
        pango_cairo_context_set_resolution(context_.get(), 72);
        pango_context_set_language(context_.get(), pango_language_from_string("zh-cn"));
        pango_context_set_base_dir(context_.get(), PANGO_DIRECTION_LTR);
        pango_context_set_round_glyph_positions(context_.get(), FALSE);
        cairo_font_options_t* options = cairo_font_options_create();
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
        pango_cairo_context_set_font_options(context_.get(), options);
        cairo_font_options_destroy(options);
        for (std::size_t i = 0; i < face_families.size(); ++i) {
            fonts_[i] = pango_font_description_new();
            pango_font_description_set_family_static(fonts_[i], face_families[i]);
            pango_font_description_set_weight(fonts_[i], face_weights[i]);
            has_fonts_ = has_fonts_ && is_installed(fonts_[i], face_families[i]);
        }
    }
    ~Shaper() {
        for (PangoFontDescription* font : fonts_) pango_font_description_free(font);
    }

    bool is_installed(const PangoFontDescription* wanted, std::string_view family) {
        GObject<PangoFont> font(pango_font_map_load_font(map_.get(), context_.get(), wanted));
        if (!font) return false;
        PangoFontDescription* found = pango_font_describe(font.get());
        const char* name = pango_font_description_get_family(found);
        bool same = name != nullptr && family == name;
        pango_font_description_free(found);
        return same;
    }

    Layout make(std::string_view text, const Cell& cell) {
        Layout layout(pango_layout_new(context_.get()));
        PangoFontDescription* font = fonts_[static_cast<std::size_t>(cell.style.face)];
        pango_font_description_set_absolute_size(font, cell.style.size_pt * PANGO_SCALE);
        pango_layout_set_font_description(layout.get(), font);
        pango_layout_set_auto_dir(layout.get(), FALSE);
        pango_layout_set_width(layout.get(), static_cast<int>(cell.width_pt * PANGO_SCALE));
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        if (cell.style.one_line) pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
        constexpr std::array alignments{PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
        pango_layout_set_alignment(layout.get(), alignments[static_cast<std::size_t>(cell.style.align)]);
        PangoAttrList* attributes = pango_attr_list_new();
        pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1, lnum=1"));
        if (cell.style.tracking_pt != 0)
            pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(
                                                   static_cast<int>(cell.style.tracking_pt * PANGO_SCALE)));
        pango_layout_set_attributes(layout.get(), attributes);
        pango_attr_list_unref(attributes);
        pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
        return layout;
    }

    /// A character that no installed font has is named by its code point, rather than shown as an empty box.
    std::string spelled_out(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            std::size_t start = at;
            char32_t c = next_code_point(text, at);
            std::string_view character = text.substr(start, at - start);
            if (c < 0x80 || has_glyph(character)) {
                out.append(character);
                continue;
            }
            char name[24];
            g_snprintf(name, sizeof name, "〔U+%04X〕", static_cast<unsigned>(c));
            out += name;
        }
        return out;
    }

    bool has_glyph(std::string_view character) {
        Layout layout = make(character, Cell{.width_pt = 100});
        return pango_layout_get_unknown_glyphs_count(layout.get()) == 0;
    }

    GObject<PangoFontMap> map_;
    GObject<PangoContext> context_;
    std::array<PangoFontDescription*, face_families.size()> fonts_{};
    bool has_fonts_ = true;
};

cairo_status_t append_pdf(void* closure, const unsigned char* data, unsigned int size) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

double estimated_ems(std::string_view text) {
    double ems = 0;
    for (std::size_t at = 0; at < text.size();) {
        ems += next_code_point(text, at) < 0x2000 ? 0.56 : 1.0;
    }
    return ems;
}

struct Sheet::Surface {
    cairo_surface_t* pdf;
    cairo_t* cairo;

    Surface(const DocumentInfo& info, std::string& out)
        : pdf(cairo_pdf_surface_create_for_stream(append_pdf, &out, width_pt, height_pt)),
          cairo(cairo_create(pdf)) {
        cairo_pdf_surface_restrict_to_version(pdf, CAIRO_PDF_VERSION_1_5);
        auto set = [&](cairo_pdf_metadata_t kind, const std::string& text) {
            if (!text.empty()) cairo_pdf_surface_set_metadata(pdf, kind, text.c_str());
        };
        set(CAIRO_PDF_METADATA_TITLE, info.title);
        set(CAIRO_PDF_METADATA_AUTHOR, info.author);
        set(CAIRO_PDF_METADATA_SUBJECT, info.subject);
        set(CAIRO_PDF_METADATA_KEYWORDS, info.keywords);
        set(CAIRO_PDF_METADATA_CREATOR, "Mingxin");
        set(CAIRO_PDF_METADATA_CREATE_DATE, info.created);
    }
    ~Surface() {
        cairo_destroy(cairo);
        cairo_surface_destroy(pdf);
    }
    bool finish() {
        cairo_show_page(cairo);
        cairo_surface_finish(pdf);
        return cairo_status(cairo) == CAIRO_STATUS_SUCCESS &&
               cairo_surface_status(pdf) == CAIRO_STATUS_SUCCESS;
    }
    void set(Colour colour) { cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue); }
};

struct Sheet::Lines {
    PangoLayout* layout;
    int next;
    int count = pango_layout_get_line_count(layout);
};

struct ShapedRow::Impl {
    struct Block {
        Layout layout;
        Cell cell;       // its text is in the layout
        double drop_pt;  // below the row's padding, so that the first lines of all cells share a baseline
    };
    std::vector<Block> blocks;
    RowLook look;
    double height_pt = 0;
};

ShapedRow::ShapedRow(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShapedRow::ShapedRow(ShapedRow&&) noexcept = default;
ShapedRow& ShapedRow::operator=(ShapedRow&&) noexcept = default;
ShapedRow::~ShapedRow() = default;
double ShapedRow::height_pt() const {
    return impl_->height_pt;
}

Sheet::Sheet(Surface* surface, const Furniture& furniture, int page_count)
    : surface_(surface), furniture_(furniture), page_count_(page_count) {}

Result<std::string> Sheet::compose(const DocumentInfo& info, const Furniture& furniture,
                                   const std::function<void(Sheet&)>& content) {
    if (!Shaper::of_thread().has_fonts()) return fail(Fault::report_font_missing);
    Sheet measured(nullptr, furniture, 0);
    measured.new_page();
    content(measured);

    std::string out;
    Surface surface(info, out);
    Sheet drawn(&surface, furniture, measured.page_);
    drawn.new_page();
    content(drawn);
    CHECK(drawn.page_ == measured.page_);
    if (drawn.failed_ || !surface.finish()) return fail(Fault::report_not_rendered);
    return out;
}

void Sheet::new_page() {
    if (surface_ != nullptr && page_ > 0) cairo_show_page(surface_->cairo);
    ++page_;
    furniture_(*this, page_, page_count_);
    y_pt_ = top_pt;
}

void Sheet::gap(double height_pt) {
    if (y_pt_ > top_pt) y_pt_ += height_pt;
}

void Sheet::reserve(double height_pt) {
    if (room_pt() < height_pt && y_pt_ > top_pt) new_page();
}

ShapedRow Sheet::shape(std::span<const Cell> cells, const RowLook& look) {
    auto impl = std::make_unique<ShapedRow::Impl>();
    impl->look = look;
    double baseline_pt = 0;
    for (const Cell& cell : cells) {
        impl->blocks.push_back({Shaper::of_thread().shape(cell), cell, 0});
        baseline_pt =
            std::max(baseline_pt, points(pango_layout_get_baseline(impl->blocks.back().layout.get())));
    }
    double tallest_pt = 0;
    for (auto& block : impl->blocks) {
        int height = 0;
        pango_layout_get_size(block.layout.get(), nullptr, &height);
        block.drop_pt = baseline_pt - points(pango_layout_get_baseline(block.layout.get()));
        tallest_pt = std::max(tallest_pt, block.drop_pt + points(height));
    }
    impl->height_pt = look.above_pt + tallest_pt + look.below_pt;
    return ShapedRow(std::move(impl));
}

void Sheet::row(std::initializer_list<Cell> cells, const RowLook& look) {
    place(shape(std::span(cells.begin(), cells.size()), look));
}

void Sheet::begin_table(std::function<void(bool)> head) {
    head_ = nullptr;
    double before_pt = y_pt_;
    head(false);
    head_height_pt_ = std::max(0.0, y_pt_ - before_pt);
    head_ = std::move(head);
}

void Sheet::break_table() {
    new_page();
    if (!head_) return;
    auto head = std::move(head_);  // its own rows must not repeat it
    head_ = nullptr;
    head(true);
    head_ = std::move(head);
}

void Sheet::place(const ShapedRow& row) {
    if (row.height_pt() <= room_pt()) return place_whole(row);
    double page_room_pt = bottom_pt - top_pt - (head_ ? head_height_pt_ : 0);
    if (row.height_pt() > page_room_pt) return place_flowing(row);
    break_table();
    place_whole(row);
}

void Sheet::place_whole(const ShapedRow& row) {
    const auto& [blocks, look, height_pt] = *row.impl_;
    if (look.fill) fill(left_pt, y_pt_, text_width_pt, height_pt, *look.fill);
    if (surface_ != nullptr) {
        for (const auto& block : blocks) {
            surface_->set(block.cell.style.colour);
            cairo_move_to(surface_->cairo, block.cell.x_pt, y_pt_ + look.above_pt + block.drop_pt);
            pango_cairo_show_layout(surface_->cairo, block.layout.get());
        }
    }
    y_pt_ += height_pt;
    draw_rule(look);
}

// Each page takes of every cell the lines that fit.
void Sheet::place_flowing(const ShapedRow& row) {
    const auto& [blocks, look, height_pt] = *row.impl_;
    constexpr double worthwhile_pt = 60;
    if (room_pt() < worthwhile_pt) break_table();
    std::vector<int> next_line(blocks.size(), 0);
    for (bool more = true; more;) {
        more = false;
        double start_pt = y_pt_ + look.above_pt, end_pt = start_pt;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            double drop_pt = next_line[i] == 0 ? blocks[i].drop_pt : 0;
            Lines lines{blocks[i].layout.get(), next_line[i]};
            end_pt = std::max(
                end_pt, draw_lines(lines, blocks[i].cell, start_pt + drop_pt, bottom_pt - look.below_pt));
            next_line[i] = lines.next;
            more = more || lines.next < lines.count;
        }
        y_pt_ = end_pt + look.below_pt;
        if (more) break_table();
    }
    draw_rule(look);
}

// Draws the lines from lines.next on that end above room_end_pt, but at least one. Returns where the last one
// ends.
double Sheet::draw_lines(Lines& lines, const Cell& cell, double start_pt, double room_end_pt) {
    double end_pt = start_pt;
    if (lines.next >= lines.count) return end_pt;
    std::unique_ptr<PangoLayoutIter, void (*)(PangoLayoutIter*)> line(pango_layout_get_iter(lines.layout),
                                                                      pango_layout_iter_free);
    for (int skip = 0; skip < lines.next; ++skip) pango_layout_iter_next_line(line.get());
    int first_top = 0, bottom = 0;
    pango_layout_iter_get_line_yrange(line.get(), &first_top, nullptr);
    for (bool first = true; lines.next < lines.count; ++lines.next, first = false) {
        pango_layout_iter_get_line_yrange(line.get(), nullptr, &bottom);
        double line_end_pt = start_pt + points(bottom - first_top);
        if (line_end_pt > room_end_pt && !first) break;
        if (surface_ != nullptr) {
            PangoRectangle logical;
            pango_layout_iter_get_line_extents(line.get(), nullptr, &logical);
            surface_->set(cell.style.colour);
            cairo_move_to(surface_->cairo, cell.x_pt + points(logical.x),
                          start_pt + points(pango_layout_iter_get_baseline(line.get()) - first_top));
            pango_cairo_show_layout_line(surface_->cairo, pango_layout_iter_get_line_readonly(line.get()));
        }
        end_pt = line_end_pt;
        pango_layout_iter_next_line(line.get());
    }
    return end_pt;
}

void Sheet::draw_rule(const RowLook& look) {
    if (look.rule) fill(left_pt, y_pt_ - 0.5, text_width_pt, 0.5, *look.rule);
}

double Sheet::text_at(const Cell& cell, double y_pt) {
    Layout layout = Shaper::of_thread().shape(cell);
    if (surface_ != nullptr) {
        surface_->set(cell.style.colour);
        cairo_move_to(surface_->cairo, cell.x_pt, y_pt);
        pango_cairo_show_layout(surface_->cairo, layout.get());
    }
    int height = 0;
    pango_layout_get_size(layout.get(), nullptr, &height);
    return points(height);
}

void Sheet::fill(double x_pt, double y_pt, double width_pt, double height_pt, Colour colour) {
    if (surface_ == nullptr) return;
    surface_->set(colour);
    cairo_rectangle(surface_->cairo, x_pt, y_pt, width_pt, height_pt);
    cairo_fill(surface_->cairo);
}

void Sheet::qr(const std::string& text, double x_pt, double y_pt, double size_pt, Colour colour) {
    if (surface_ == nullptr) return;
    std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                    QRcode_free);
    if (!code) {
        failed_ = true;
        return;
    }
    constexpr int quiet_modules = 4;
    cairo_t* cairo = surface_->cairo;
    link(text, x_pt, y_pt, size_pt, size_pt);
    double module_pt = size_pt / (code->width + 2 * quiet_modules);
    surface_->set(colour);
    cairo_new_path(cairo);
    for (int row = 0; row < code->width; ++row) {
        const unsigned char* modules = code->data + static_cast<std::ptrdiff_t>(row) * code->width;
        for (int from = 0; from < code->width;) {
            int to = from;
            while (to < code->width && (modules[to] & 1) != 0) ++to;
            if (to > from) {
                cairo_rectangle(cairo, x_pt + (from + quiet_modules) * module_pt,
                                y_pt + (row + quiet_modules) * module_pt, (to - from) * module_pt, module_pt);
            }
            from = to + 1;
        }
    }
    cairo_fill(cairo);
}

void Sheet::link(const std::string& url, double x_pt, double y_pt, double width_pt, double height_pt) {
    if (surface_ == nullptr) return;
    std::string target;
    for (char c : url) {  // within a quoted attribute
        if (c == '\'' || c == '\\') target += '\\';
        target += c;
    }
    std::array<char, 96> area{};
    g_snprintf(area.data(), area.size(), " rect=[%d %d %d %d]", static_cast<int>(x_pt),
               static_cast<int>(y_pt), static_cast<int>(width_pt), static_cast<int>(height_pt));
    cairo_tag_begin(surface_->cairo, CAIRO_TAG_LINK, ("uri='" + target + "'" + area.data()).c_str());
    cairo_tag_end(surface_->cairo, CAIRO_TAG_LINK);
}

void Sheet::bookmark(const std::string& title) {
    if (surface_ == nullptr) return;
    std::array<char, 64> place{};
    g_snprintf(place.data(), place.size(), "page=%d pos=[%d %d]", page_, static_cast<int>(left_pt),
               static_cast<int>(std::max(0.0, y_pt_ - 12)));
    cairo_pdf_surface_add_outline(surface_->pdf, CAIRO_PDF_OUTLINE_ROOT, title.c_str(), place.data(),
                                  static_cast<cairo_pdf_outline_flags_t>(0));
}

}  // namespace mingxin::typeset
