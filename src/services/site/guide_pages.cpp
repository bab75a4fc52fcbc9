// Guides, the page of the API, the accessibility statement, about. Their numbers are the rulebook's.
#include <algorithm>

#include "site/pages.h"
#include "site/words.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::FieldType;
using api::Input;
using api::Reply;
using api::Where;

struct Guide {
    std::string_view name;
    Text title;
};
constexpr Guide kGuides[] = {{"query", "guide_query.title"_text},
                             {"objection", "word.how_to_object"_text},
                             {"repair", "word.how_to_apply"_text},
                             {"verify", "guide_verify.title"_text}};

/// The parameters that guides name, under their ids with _ for the dots.
constexpr std::string_view kParameters[] = {"objection.self_working_days",
                                            "objection.with_provider_working_days",
                                            "repair.accept_working_days",
                                            "repair.decide_working_days",
                                            "repair.extend_working_days",
                                            "repair.sync_working_days",
                                            "period.minor.max_months",
                                            "period.ordinary.min_months",
                                            "period.ordinary.max_months",
                                            "period.serious.min_months",
                                            "period.serious.max_months",
                                            "publish.due_working_days.xk",
                                            "publish.due_working_days.cf",
                                            "publish.withdraw_working_days",
                                            "repair.false_material.publish_years",
                                            "repair.false_material.ban_years"};

void fill_parameters(const Shared& site, const Call& call, Model& model) {
    for (std::string_view id : kParameters) {
        const rulebook::Parameter& parameter = site.deps.rulebook->parameter(id, call.today());
        std::string name(id);
        std::replace(name.begin(), name.end(), '.', '_');
        model.set(name, parameter.text).set(name + "_basis", parameter.basis.text_zh());
    }
}

Result<Reply> show_guide(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    for (const Guide& guide : kGuides) {
        if (guide.name != in.text("guide")) continue;
        Model model;
        fill_parameters(site, call, model);
        if (!in.text("record").empty()) {
            auto shown = TRY(record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant,
                                                  in.text("record"), site.reading(call)));
            if (shown) {
                fill_record(words, model, *shown, *site.deps.rulebook, call.today(),
                            TRY(submitting_unit(tx, shown->id)));
                model.flag("about_record", true).set("who", TRY(subject_name(site, tx, shown->subject)));
                const auto from = repairable_from(*shown, *site.deps.rulebook, call.today());
                if (from) model.set("repair_from", time_html(words, *from));
            }
        }
        add_crumb(model, words("page.guides"_text), "/guides");
        return site.page(call, "guide_" + std::string(guide.name), words(guide.title), model);
    }
    return fail(Fault::not_found, std::string(words("guides.unknown"_text)));
}

std::string_view type_text(const Messages& words, const api::Field& field) {
    switch (field.type) {
        case FieldType::integer:
        case FieldType::number:
            return words("open.type_number"_text);
        case FieldType::boolean:
            return words("open.type_boolean"_text);
        case FieldType::date:
            return words("open.type_date"_text);
        case FieldType::file:
            return words("open.type_file"_text);
        case FieldType::object:
            return words("open.type_object"_text);
        case FieldType::list:
            return words("open.type_list"_text);
        case FieldType::text:
            break;
    }
    return words("open.type_text"_text);
}

void add_fields(const Messages& words, Model& model, const char* list,
                const std::vector<api::Field>& fields) {
    for (const api::Field& field : fields) {
        Model& entry = model.add(list);
        entry.set("field", field.name).set("type", type_text(words, field));
        entry.set("what", words.language() == Language::zh ? field.zh : field.en);
        entry.flag("required", field.required).set("example", field.example);
    }
}

Result<Reply> show_open(const Shared& site, const Call& call, store::ReadTx& tx) {
    const Messages& words = site.words(call);
    Model model;
    // Examples that work: of a record that stands here today.
    for (const auto& item : site.deps.rulebook->items()) {
        if (!item->prominent || site.deps.copying) continue;
        for (const auto& shown : TRY(newest_records(site, call, tx, *item, 1))) {
            model.set("example_code", shown.subject).set("example_record", shown.id);
            model.set("example_name", shortened(TRY(subject_name(site, tx, shown.subject)), 40));
        }
    }
    model.set("requests_per_s", site.deps.requests_per_s).set("burst", site.deps.burst);
    for (const api::Endpoint& operation : site.deps.operations) {
        Model& entry = model.add("operations");
        entry.set("id", operation.id).set("path", operation.path);
        entry.set("what", words.language() == Language::zh ? operation.zh : operation.en);
        entry.set("method", operation.method == api::Method::get ? "GET" : "POST");
        entry.flag("takes", !operation.in.empty());
        add_fields(words, entry, "fields", operation.in);
        add_fields(words, entry, "gives", operation.out);
        entry.flag("given", !operation.out.empty());
    }
    return site.page(call, "open", words("open.title"_text), model);
}

Result<Reply> show_plain(const Shared& site, const Call& call, const char* name, Text title) {
    Model model;
    fill_parameters(site, call, model);
    return site.page(call, name, site.words(call)(title), model);
}

}  // namespace

std::vector<api::Endpoint> guide_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page("site.guides", "/guides", "办事指南", "Guides", {},
                               [pages](const Call& call, const Input&, store::ReadTx&) {
                                   return show_plain(*pages, call, "guides", "page.guides"_text);
                               }));
    list.push_back(public_page("site.guide", "/guides/{guide}", "一篇指南", "A guide",
                               {{"guide", FieldType::text, "query、objection、repair 或 verify",
                                 "query, objection, repair or verify", true, Where::path, "objection"},
                                {"record", FieldType::text, "所问记录的编号", "Record that it is asked for",
                                 false, Where::query, ""}},
                               [pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                   return show_guide(*pages, call, in, tx);
                               }));
    list.push_back(public_page(
        "site.open", "/open", "开放数据与接口", "Open data and API", {},
        [pages](const Call& call, const Input&, store::ReadTx& tx) { return show_open(*pages, call, tx); }));
    list.push_back(
        public_page("site.accessibility", "/accessibility", "无障碍说明", "Accessibility statement", {},
                    [pages](const Call& call, const Input&, store::ReadTx&) {
                        return show_plain(*pages, call, "accessibility", "page.foot_accessibility"_text);
                    }));
    list.push_back(public_page("site.about", "/about", "本站说明", "About this site", {},
                               [pages](const Call& call, const Input&, store::ReadTx&) {
                                   return show_plain(*pages, call, "about", "page.foot_about"_text);
                               }));
    return list;
}

}  // namespace mingxin::site
