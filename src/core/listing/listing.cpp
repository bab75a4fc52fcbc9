#include "listing/listing.h"

#include <algorithm>
#include <memory>

namespace mingxin::listing {
namespace {

using api::Field;
using api::FieldType;
using api::Input;
using api::Reply;
using api::Where;

/// A place in a list: "n:KEY" the rows behind a key, "p:KEY" those before it, nearest first.
struct Place {
    bool backward = false;
    std::string key;
};

Result<Place> read_place(std::string_view page) {
    if (page.empty()) return Place{};
    if (page.size() < 3 || page.size() > 80 || page[1] != ':' || (page[0] != 'n' && page[0] != 'p')) {
        return fail(Fault::bad_argument, "page 应为上一次结果中的 next 或 previous");
    }
    return Place{page[0] == 'p', std::string(page.substr(2))};
}

struct Page {
    std::vector<std::pair<std::string, std::string>> rows;  // key, JSON; in the list's order
    std::string next, previous;
};

Result<Page> read_page(const Listing& listing, const Asked& asked, store::ReadTx& tx, const Place& place,
                       bool descending, std::size_t limit) {
    Page page;
    JsonWriter json;
    const Walk walk{descending != place.backward, place.key, static_cast<std::int64_t>(limit) + 1, true};
    const Walked walked = TRY(listing.walk(asked, tx, walk, [&](const Row& row) -> Result<bool> {
        json.clear();
        if (page.rows.size() < limit) row.write_json(json);  // of the one behind, it is enough to be there
        page.rows.emplace_back(row.key, json.str());
        return page.rows.size() <= limit;
    }));
    bool more = page.rows.size() > limit;
    if (more) page.rows.pop_back();
    std::string last = page.rows.empty() ? std::string() : page.rows.back().first;
    if (walked.stopped_at) {
        more = true;
        last = *walked.stopped_at;
    }
    const std::string first = page.rows.empty() ? std::string() : page.rows.front().first;
    if (place.backward) {
        // Whatever stood before has gone meanwhile: then the first page is what is there.
        if (page.rows.empty() && !more) return read_page(listing, asked, tx, Place{}, descending, limit);
        std::reverse(page.rows.begin(), page.rows.end());
        if (more) page.previous = "p:" + last;
        page.next = "n:" + (first.empty() ? last : first);
    } else {
        if (more) page.next = "n:" + last;
        if (!place.key.empty() && !first.empty()) page.previous = "p:" + first;
    }
    return page;
}

struct Count {
    std::int64_t rows = 0;
    bool more = false;
};

Result<Count> count_rows(const Listing& listing, const Asked& asked, store::ReadTx& tx, bool descending) {
    std::int64_t count = 0;
    const Walk walk{descending, {}, kCountedMost + 1, false};
    const Walked walked = TRY(
        listing.walk(asked, tx, walk, [&](const Row&) -> Result<bool> { return ++count <= kCountedMost; }));
    return Count{std::min(count, kCountedMost), count > kCountedMost || walked.stopped_at.has_value()};
}

Result<Reply> answer(const Listing& listing, const api::Call& call, const Input& in, store::ReadTx& tx) {
    const std::int64_t limit = in.integer("limit", listing.limit);
    if (limit < 1 || limit > listing.most) {
        return fail(Fault::bad_argument, "limit 应为1至" + std::to_string(listing.most));
    }
    const bool descending = TRY(wants_descending(listing, in));
    const Place place = TRY(read_place(in.text("page")));
    const Asked asked{call.principal, call.now, in};
    const Page page = TRY(read_page(listing, asked, tx, place, descending, static_cast<std::size_t>(limit)));
    JsonWriter json;
    json.begin_object().key(listing.rows_name).begin_array();
    for (const auto& [key, row] : page.rows) json.raw(row);
    json.end_array();
    if (!page.next.empty()) json.field("next", page.next);
    if (!page.previous.empty()) json.field("previous", page.previous);
    const Count count = TRY(count_rows(listing, asked, tx, descending));
    json.field("count", count.rows).field("count_more", count.more);
    if (listing.write_more) TRY(listing.write_more(asked, tx, json));
    json.end_object();
    return Reply::json(json.take());
}

}  // namespace

Field received_from() {
    return {"from", FieldType::date, "收到日期不早于", "received on this day or later",
            false,  Where::query,    "2026-11-01"};
}

Field received_to() {
    return {"to",  FieldType::date, "收到日期不晚于", "received on this day or before",
            false, Where::query,    "2026-11-30"};
}

namespace {

std::vector<Field> input_fields(const Listing& listing) {
    std::vector<Field> fields = listing.filters;
    fields.push_back({"order", FieldType::text, "次序：newest（新的在前）或 oldest（旧的在前）",
                      "order: newest or oldest first", false, Where::query, "newest"});
    fields.push_back({"page", FieldType::text, "上一次结果中的 next 或 previous，没有则为第一页",
                      "next or previous of an earlier reply; absent: the first page", false, Where::query});
    fields.push_back(
        {"limit", FieldType::integer, "每页最多行数", "most rows of a page", false, Where::query, "50"});
    return fields;
}

std::vector<Field> output_fields(const Listing& listing) {
    std::vector<Field> fields = {
        {listing.rows_name, FieldType::list, "各行", "rows", true, Where::query, "", listing.fields},
        {"next", FieldType::text, "下一页的位置，没有则已到末尾", "place of the next page; absent: the end"},
        {"previous", FieldType::text, "上一页的位置，没有则为第一页",
         "place of the page before; absent: the first page"},
        {"count", FieldType::integer, "符合条件的行数，最多数到一万", "rows that match, counted up to 10,000",
         true},
        {"count_more", FieldType::boolean, "是否还有更多", "whether there are more than that", true}};
    fields.insert(fields.end(), listing.more_fields.begin(), listing.more_fields.end());
    return fields;
}

}  // namespace

Result<bool> wants_descending(const Listing& listing, const Input& in) {
    const std::string_view order = in.text("order");
    if (order.empty()) return listing.newest_first;
    if (order != "newest" && order != "oldest") {
        return fail(Fault::bad_argument, "order 应为 newest 或 oldest");
    }
    return order == "newest";
}

api::Endpoint endpoint(Listing given) {
    auto listing = std::make_shared<const Listing>(std::move(given));
    api::Endpoint list(listing->id, api::Method::get, listing->path, listing->permission, api::Audit::metered,
                       listing->zh, listing->en, input_fields(*listing), output_fields(*listing),
                       api::ReadHandler([listing](const api::Call& call, const Input& in, store::ReadTx& tx) {
                           return answer(*listing, call, in, tx);
                       }));
    list.lengthy = true;  // counting
    list.refusals = listing->refusals;
    list.refusals.push_back(Fault::bad_argument);
    return list;
}

}  // namespace mingxin::listing
