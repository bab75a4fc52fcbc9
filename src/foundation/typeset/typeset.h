// Typesetting of A4 pages on Pango and Cairo: styled text in cells, rows that never break unless they are
// taller than a page, table heads that repeat after a page break, QR codes. Lengths are points (1/72 inch),
// the origin is the page's upper left corner. Knows nothing of credit. Pango and Cairo stay in the .cpp.
// Shaping state is kept per thread; a Sheet belongs to one thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mingxin::typeset {

struct Colour {
    double red = 0, green = 0, blue = 0;
};

enum class Face { text, bold, title };  // Noto Sans CJK SC regular and bold, Noto Serif CJK SC bold
enum class Align { left, centre, right };

struct TextStyle {
    Face face = Face::text;
    double size_pt = 9.5;
    Colour colour;
    Align align = Align::left;
    double tracking_pt = 0;  // added between characters
    bool one_line = false;   // cut off with an ellipsis instead of wrapped
};

struct Cell {
    std::string text;
    TextStyle style;
    double x_pt = 0;
    double width_pt = 0;
};

struct RowLook {
    double above_pt = 0;  // padding
    double below_pt = 0;
    std::optional<Colour> fill;
    std::optional<Colour> rule;  // hairline under the row
};

class Sheet;
/// Draws what every page carries besides its content; page counts from 1, count is 0 while measuring.
using Furniture = std::function<void(Sheet& sheet, int page, int count)>;

struct DocumentInfo {
    std::string title, author, subject, keywords;
    std::string created;  // ISO 8601; the only time in the file, so that equal input gives equal bytes
};

/// A row whose text is shaped, so that its height is known before it is placed.
class ShapedRow {
  public:
    ShapedRow(ShapedRow&&) noexcept;
    ShapedRow& operator=(ShapedRow&&) noexcept;
    ~ShapedRow();
    double height_pt() const;

  private:
    friend class Sheet;
    struct Impl;
    explicit ShapedRow(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// A document being laid out from top to bottom. compose() runs the content twice: once to count the pages,
/// once to draw, so that memory does not grow with the length.
class Sheet {
  public:
    static constexpr double width_pt = 595.276, height_pt = 841.89;
    static constexpr double left_pt = 54, right_pt = width_pt - 54, top_pt = 66, bottom_pt = height_pt - 56;
    static constexpr double text_width_pt = right_pt - left_pt;

    /// content must do the same in both runs. Errors: report_font_missing, report_not_rendered.
    static Result<std::string> compose(const DocumentInfo& info, const Furniture& furniture,
                                       const std::function<void(Sheet&)>& content);
    Sheet(const Sheet&) = delete;

    double y_pt() const { return y_pt_; }
    double room_pt() const { return bottom_pt - y_pt_; }
    void move_to(double y_pt) { y_pt_ = y_pt; }
    /// A gap; none at the top of a page.
    void gap(double height_pt);
    /// Begins a new page unless that much room is left.
    void reserve(double height_pt);
    void new_page();

    ShapedRow shape(std::span<const Cell> cells, const RowLook& look);
    void place(const ShapedRow& row);
    void row(std::initializer_list<Cell> cells, const RowLook& look = {});
    /// head draws what stands above the rows that follow, now and again after each page break until
    /// end_table().
    void begin_table(std::function<void(bool continued)> head);
    void end_table() { head_ = nullptr; }

    /// At a place of the caller's choice, without moving y. Returns the height of the text.
    double text_at(const Cell& cell, double y_pt);
    void fill(double x_pt, double y_pt, double width_pt, double height_pt, Colour colour);
    /// Symbol of ISO/IEC 18004, level M, with its quiet zone of four modules inside size_pt. The area is a
    /// link.
    void qr(const std::string& text, double x_pt, double y_pt, double size_pt, Colour colour);
    /// Makes an area open url.
    void link(const std::string& url, double x_pt, double y_pt, double width_pt, double height_pt);
    /// An entry of the document's outline that leads to the current place.
    void bookmark(const std::string& title);

  private:
    struct Surface;
    struct Lines;
    Sheet(Surface* surface, const Furniture& furniture, int page_count);
    void place_whole(const ShapedRow& row);
    void place_flowing(const ShapedRow& row);
    double draw_lines(Lines& lines, const Cell& cell, double start_pt, double room_end_pt);
    void draw_rule(const RowLook& look);
    void break_table();

    Surface* surface_;  // null while measuring
    const Furniture& furniture_;
    int page_count_;
    int page_ = 0;
    double y_pt_ = top_pt;
    std::function<void(bool)> head_;
    double head_height_pt_ = 0;
    bool failed_ = false;
};

/// About how wide text is in units of its size (full-width characters 1, others less), without shaping it.
double estimated_ems(std::string_view text);

}  // namespace mingxin::typeset
