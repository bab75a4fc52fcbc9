// Home and search.
#include <algorithm>

#include "base/text.h"
#include "journal/journal.h"
#include "site/pages.h"
#include "site/words.h"
#include "subject/identify.h"
#include "subject/subject.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::FieldType;
using api::Input;
using api::Reply;
using api::Where;

constexpr int kMostResults = 200, kPerPage = 20, kMostNear = 5;
constexpr std::size_t kNewest = 5;

/// How many of one item may be shown, in the words of the home page.
void add_figure(Model& model, std::string_view title, std::int64_t number, std::string_view unit,
                std::string_view href) {
    model.add("figures").set("name", title).set("value", grouped(number)).set("unit", unit).set("href", href);
}

Result<void> fill_head(const Shared& site, const Messages& words, Model& model, store::ReadTx& tx) {
    auto head = TRY(journal::latest_head(tx));
    model.flag("has_head", head.has_value()).set("origin", site.deps.origin);
    if (!head) return {};
    model.set("head_time", time_html(words, head->time)).set("head_size", grouped(head->size));
    model.set("head_root", short_digest(to_hex(head->root)));
    return {};
}

/// How much is known, and what came last.
Result<void> fill_figures(const Shared& site, const Call& call, Model& model, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    const auto figures = TRY(site.counted(call, tx));
    const auto& subjects = figures->subjects;
    add_figure(model, words("home.subjects"_text),
               subjects.enterprises + subjects.individual_businesses + subjects.other_organisations,
               words("word.firms"_text), "");
    for (const auto& item : site.deps.rulebook->items()) {
        if (!item->prominent) continue;
        const Text title = item->adverse ? "home.shown_of"_text : "home.valid_of"_text;
        add_figure(model, words(title, {{"item", item_title(words, *item)}}), figures->of(*item).shown,
                   words("word.items"_text), "/publicity/" + item->id);
        if (item->adverse) continue;
        for (const record::ShownRecord& shown : TRY(newest_records(site, call, tx, *item, kNewest))) {
            Model& entry = model.add("newest_" + item->id);
            entry.set("id", shown.id)
                .set("what", heading(shown))
                .set("when", time_html(words, shown.received.date()));
            entry.set("who", TRY(subject_name(site, tx, shown.subject)));
        }
    }
    add_figure(model, words("home.this_week"_text), figures->received_this_week, words("word.records"_text),
               "");
    return {};
}

Result<Reply> show_home(const Shared& site, const Call& call, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    Model model;
    // The search box is there at once, the figures some seconds after the start.
    const Result<void> counted = fill_figures(site, call, model, tx);
    if (!counted.ok() && counted.error().fault != Fault::busy) return fail(counted.error());
    model.flag("counting", !counted.ok());
    TRY(fill_head(site, words, model, tx));
    TRY(fill_news(site, call, tx, model, 5));
    model.mark("description", words("home.description"_text));
    for (const char* id : {"objection.with_provider_working_days", "repair.decide_working_days"}) {
        std::string name(id);
        std::replace(name.begin(), name.end(), '.', '_');
        model.set(name, site.parameter(call, id));
    }
    return site.page(call, "home", site.deps.site_name, model);
}

/// A number leads straight to its subject: one by code, or several that bore an older number.
Result<std::vector<subject::Subject>> find_number(const Shared& site, store::ReadTx& tx,
                                                  std::string_view text) {
    std::vector<subject::Subject> found;
    if (auto by_code = TRY(subject::find_by_code(tx, site.deps.tenant, text))) {
        found.push_back(std::move(*by_code));
        return found;
    }
    return subject::find_by_identifier(tx, site.deps.tenant, text);
}

/// One page of the results: those behind the code that the page before ended with.
void fill_results(const Messages& words, Model& model, const std::vector<subject::Subject>& found,
                  const Input& in) {
    auto from = found.begin();
    if (in.has("after")) {
        from = std::find_if(found.begin(), found.end(),
                            [&](const subject::Subject& one) { return one.code == in.text("after"); });
        from = from == found.end() ? found.begin() : from + 1;
    }
    const auto to = from + std::min<std::ptrdiff_t>(kPerPage, found.end() - from);
    for (auto subject = from; subject != to; ++subject) {
        Model& entry = model.add("results");
        entry.set("code", subject->code)
            .set("name", subject->name)
            .set("base", base_text(words, subject->base));
        entry.set("state", subject->state);
        const auto same = std::count_if(found.begin(), found.end(), [&](const subject::Subject& other) {
            return other.name == subject->name;
        });
        entry.flag("namesake", same > 1);
    }
    const std::int64_t pages = (static_cast<std::int64_t>(found.size()) + kPerPage - 1) / kPerPage;
    model.flag("paged", pages > 1).set("pages", pages).set("page", (from - found.begin()) / kPerPage + 1);
    if (to != found.end() && to != from) model.set("next", (to - 1)->code);
    model.flag("has_before", from != found.begin());
    if (from - found.begin() > kPerPage) model.set("before", (from - kPerPage - 1)->code);
}

/// For a name that may be misspelt: who has one near to it.
Result<void> fill_near(const Shared& site, const Call& call, store::ReadTx& tx, Model& model,
                       std::string_view text) {
    const auto near = TRY(subject::suggest(tx, site.deps.tenant, text, kMostNear));
    model.flag("is_near", !near.empty());
    for (const subject::Suggestion& one : near) {
        model.add("near")
            .set("code", one.subject.code)
            .set("name", one.subject.name)
            .set("base", base_text(site.words(call), one.subject.base));
    }
    return {};
}

/// What a search can say without results.
Result<Reply> say(const Shared& site, const Call& call, Model& model, const char* what) {
    model.flag(what, true).flag("nothing", true);
    return site.page(call, "search", site.words(call)("search.title"_text), model);
}

Result<Reply> show_search(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const std::string text(trim(in.text("q")));
    Model model;
    if (text.empty()) return Reply::redirect("/");
    const subject::Identified number = subject::identify(text);
    if (number.kind == subject::IdentifierKind::ric && !number.canonical.empty()) {
        Call unnamed = call;  // the number is not repeated on the page, in no link either
        unnamed.target = "/";
        return say(site, unnamed, model, "person");
    }
    model.mark("q", text).set("q_url", escape_url(text));
    std::vector<subject::Subject> found = TRY(find_number(site, tx, text));
    if (found.size() == 1) return Reply::redirect("/subjects/" + escape_url(found.front().code));
    if (found.empty()) {
        if (character_count(text) < 2) return say(site, call, model, "too_short");
        found = TRY(subject::search(tx, site.deps.tenant, text, kMostResults));
    } else {
        model.flag("shared_number", true);
    }
    fill_results(site.words(call), model, found, in);
    model.set("count", static_cast<std::int64_t>(found.size()));
    model.flag("cut", found.size() == kMostResults);
    if (!found.empty()) return site.page(call, "search", site.words(call)("search.title"_text), model);
    TRY(fill_near(site, call, tx, model, text));
    if (!number.reason_zh.empty() && number.kind != subject::IdentifierKind::other) {
        model.mark("advice", number.reason_zh);
    }
    return say(site, call, model, "none");
}

}  // namespace

std::vector<api::Endpoint> public_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page(
        "site.home", "/", "首页", "Home", {},
        [pages](const Call& call, const Input&, store::ReadTx& tx) { return show_home(*pages, call, tx); }));
    list.push_back(
        public_page("site.search", "/search", "查询结果", "Search results",
                    {{"q", FieldType::text, "名称或代码", "Name or code", false, Where::query, "鲁山"},
                     {"after", FieldType::text, "上一页最后一个的代码",
                      "Code that the page before ended with", false, Where::query, ""}},
                    [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                        return show_search(*pages, call, in, tx);
                    }));
    return list;
}

}  // namespace mingxin::site
