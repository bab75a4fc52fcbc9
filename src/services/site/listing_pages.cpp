// What was published last, by kind.
#include <algorithm>

#include "base/text.h"
#include "site/pages.h"
#include "site/words.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::FieldType;
using api::Input;
using api::Reply;
using api::Where;
using record::ShownRecord;

constexpr std::size_t kPerPage = 20;

/// Which records of a list somebody wants to see.
struct Wish {
    std::int64_t before = INT64_MAX;  // position
    int unit = -1;                    // index into Figures::units; -1: all
    std::optional<Date> from, to;     // of the decision, inclusive
    bool takes(const Listed& one) const {
        return one.position < before && (unit < 0 || one.unit == unit) &&
               (!from || one.decided >= from->days) && (!to || (one.decided != 0 && one.decided <= to->days));
    }
};

struct Batch {
    std::vector<ShownRecord> records;
    std::int64_t last = 0;  // position of the last one; 0: there are no more
};

/// The newest ones that the wish takes. Each is decided upon when it is read: the list may be older.
Result<Batch> take(const Shared& site, const Call& call, store::ReadTx& tx,
                   const std::vector<Listed>& records, const Wish& wish, std::size_t wanted) {
    Batch batch;
    auto from =
        std::lower_bound(records.begin(), records.end(), wish.before,
                         [](const Listed& one, std::int64_t before) { return one.position < before; });
    while (from != records.begin()) {
        const Listed& one = *--from;
        if (!wish.takes(one)) continue;
        if (batch.records.size() == wanted) return batch;
        auto shown = TRY(
            record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant, one.id(), site.reading(call)));
        if (!shown) continue;
        batch.records.push_back(std::move(*shown));
        batch.last = one.position;
    }
    batch.last = 0;
    return batch;
}

Result<const rulebook::Item*> listed_item(const Shared& site, const Call& call, std::string_view id) {
    const rulebook::Item* item = site.deps.rulebook->item(id);
    if (item == nullptr || item->defines_subject || item->sharing != rulebook::Sharing::open) {
        return fail(Fault::not_found, std::string(site.words(call)("publicity.unknown"_text)));
    }
    return item;
}

Result<Wish> read_wish(const Messages& words, const Input& in, const Figures& figures) {
    Wish wish;
    wish.before = in.integer("before", INT64_MAX);
    if (!in.text("unit").empty()) {
        const auto unit = std::find_if(figures.units.begin(), figures.units.end(),
                                       [&](const auto& one) { return one.first == in.text("unit"); });
        if (unit == figures.units.end()) {
            return fail(Fault::bad_argument, std::string(words("publicity.unknown_unit"_text)));
        }
        wish.unit = static_cast<int>(unit - figures.units.begin());
    }
    for (auto [name, slot] : {std::pair("from", &wish.from), std::pair("to", &wish.to)}) {
        if (in.text(name).empty()) continue;
        *slot = parse_date(in.text(name));
        if (!*slot) return fail(Fault::bad_argument, std::string(words("publicity.wrong_day"_text)));
    }
    return wish;
}

/// Units by how much they handed in, the greatest first.
std::vector<std::pair<int, std::int64_t>> units_of(const ItemFigures& item) {
    std::vector<std::pair<int, std::int64_t>> units(item.by_unit.begin(), item.by_unit.end());
    std::stable_sort(units.begin(), units.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return units;
}

void fill_filter(const Messages& words, Model& model, const Input& in, const Figures& figures,
                 const ItemFigures& item) {
    for (const auto& [unit, number] : units_of(item)) {
        const std::string& code = figures.units[static_cast<std::size_t>(unit)].first;
        model.add("units")
            .set("unit_code", code)
            .mark("unit_name", unit_name(words, figures, unit))
            .flag("chosen", code == in.text("unit"));
    }
    model.set("from", in.text("from")).set("to", in.text("to"));
    std::string query;
    for (const char* name : {"unit", "from", "to"}) {
        if (!in.text(name).empty()) query += std::string(name) + "=" + escape_url(in.text(name)) + "&";
    }
    model.set("query", query).flag("filtered", !query.empty());
}

Result<Reply> show_list(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const rulebook::Item* item = TRY(listed_item(site, call, in.text("item")));
    const auto figures = TRY(site.counted(call, tx));
    const ItemFigures& own = figures->of(*item);
    const Wish wish = TRY(read_wish(words, in, *figures));
    const Batch batch = TRY(take(site, call, tx, own.records, wish, kPerPage));
    Model model;
    for (const ShownRecord& shown : batch.records) {
        Model& entry = model.add("records");
        fill_record(words, entry, shown, *site.deps.rulebook, call.today(),
                    shown.source_unit.empty() ? TRY(submitting_unit(tx, shown.id)) : std::string());
        entry.set("who", TRY(subject_name(site, tx, shown.subject)));
    }
    fill_filter(words, model, in, *figures, own);
    for (const auto& other : site.deps.rulebook->items()) {
        if (other->defines_subject) continue;
        if (other.get() != item && !is_listed(*other, figures->of(*other))) continue;
        model.add("kinds")
            .set("kind", other->id)
            .set("kind_title", item_title(words, *other))
            .flag("chosen", other.get() == item);
    }
    model.set("feed", item->id)
        .set("item", item->id)
        .set("item_title", item_title(words, *item))
        .set("total", grouped(own.shown));
    model.flag("adverse_item", item->adverse).flag("empty", batch.records.empty());
    model.set("due", item->due_working_days).flag("has_due", item->due_working_days > 0);
    if (batch.last != 0) model.set("next", batch.last);
    model.flag("has_before", in.has("before"));
    return site.page(call, "publicity",
                     words("publicity.page_title"_text, {{"item_title", item_title(words, *item)}}), model);
}

}  // namespace

Result<std::vector<ShownRecord>> newest_records(const Shared& site, const Call& call, store::ReadTx& tx,
                                                const rulebook::Item& item, std::size_t wanted) {
    const auto figures = TRY(site.counted(call, tx));
    return TRY(take(site, call, tx, figures->of(item).records, {}, wanted)).records;
}

std::string unit_name(const Messages& words, const Figures& figures, int unit) {
    const std::string& name = figures.units[static_cast<std::size_t>(unit)].second;
    return name.empty() ? std::string(words("word.unknown_unit"_text)) : name;
}

std::vector<api::Endpoint> listing_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page(
        "site.publicity", "/publicity/{item}", "最新公示", "What was published last, by kind",
        {{"item", FieldType::text, "目录项", "Catalogue item", true, Where::path, "permit"},
         {"before", FieldType::integer, "早于此序号", "Before this position", false, Where::query, ""},
         {"unit", FieldType::text, "报送单位代码", "Code of the unit", false, Where::query, ""},
         {"from", FieldType::text, "决定日期起", "Decided from", false, Where::query, ""},
         {"to", FieldType::text, "决定日期止", "Decided to", false, Where::query, ""}},
        [pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_list(*pages, call, in, tx);
        }));
    list.push_back(public_page("site.publicity_all", "/publicity", "双公示", "Both kinds of publicity", {},
                               [pages](const Call&, const Input&, store::ReadTx&) -> Result<Reply> {
                                   for (const auto& item : pages->deps.rulebook->items()) {
                                       if (item->prominent) {
                                           return Reply::redirect("/publicity/" + item->id);
                                       }
                                   }
                                   return fail(Fault::not_found);
                               }));
    return list;
}

}  // namespace mingxin::site
