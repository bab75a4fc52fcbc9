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
    std::string_view name, title;
};
constexpr Guide kGuides[] = {{"query", "怎样查询"},
                             {"objection", "怎样提出异议"},
                             {"repair", "怎样申请信用修复"},
                             {"verify", "怎样验证报告和记录"}};

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
    for (const Guide& guide : kGuides) {
        if (guide.name != in.text("guide")) continue;
        Model model;
        fill_parameters(site, call, model);
        if (!in.text("record").empty()) {
            auto shown = TRY(record::disclose_one(tx, *site.deps.rulebook, site.deps.tenant,
                                                  in.text("record"), site.reading(call)));
            if (shown) {
                fill_record(model, *shown, *site.deps.rulebook, call.today(),
                            TRY(submitting_unit(tx, shown->id)));
                model.flag("about_record", true).set("who", TRY(subject_name(site, tx, shown->subject)));
                const auto from = repairable_from(*shown, *site.deps.rulebook, call.today());
                if (from) model.set("repair_from", time_html(*from));
            }
        }
        add_crumb(model, "办事指南", "/guides");
        return site.page(call, "guide_" + std::string(guide.name), guide.title, model);
    }
    return fail(Fault::not_found, "没有这篇指南");
}

std::string_view type_zh(const api::Field& field) {
    switch (field.type) {
        case FieldType::integer:
        case FieldType::number:
            return "数字";
        case FieldType::boolean:
            return "是或否";
        case FieldType::date:
            return "日期";
        case FieldType::file:
            return "文件";
        case FieldType::object:
            return "对象";
        case FieldType::list:
            return "列表";
        case FieldType::text:
            break;
    }
    return "文字";
}

void add_fields(Model& model, const char* list, const std::vector<api::Field>& fields) {
    for (const api::Field& field : fields) {
        Model& entry = model.add(list);
        entry.set("field", field.name).set("type", type_zh(field)).set("what", field.zh);
        entry.flag("required", field.required).set("example", field.example);
    }
}

Result<Reply> show_open(const Shared& site, const Call& call, store::ReadTx& tx) {
    Model model;
    // Examples that work: of a record that stands here today.
    for (const auto& item : site.deps.rulebook->items()) {
        if (item->defines_subject) continue;
        for (const auto& shown : TRY(newest_records(site, call, tx, *item, 1))) {
            model.set("example_code", shown.subject).set("example_record", shown.id);
            model.set("example_name", shortened(TRY(subject_name(site, tx, shown.subject)), 40));
        }
    }
    model.set("requests_per_s", site.deps.requests_per_s).set("burst", site.deps.burst);
    for (const api::Endpoint& operation : site.deps.operations) {
        Model& entry = model.add("operations");
        entry.set("id", operation.id).set("path", operation.path).set("what", operation.zh);
        entry.set("method", operation.method == api::Method::get ? "GET" : "POST");
        entry.flag("takes", !operation.in.empty());
        add_fields(entry, "fields", operation.in);
        add_fields(entry, "gives", operation.out);
        entry.flag("given", !operation.out.empty());
    }
    return site.page(call, "open", "开放数据与接口", model);
}

Result<Reply> show_plain(const Shared& site, const Call& call, const char* name, const char* title) {
    Model model;
    fill_parameters(site, call, model);
    return site.page(call, name, title, model);
}

}  // namespace

std::vector<api::Endpoint> guide_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    list.push_back(public_page("site.guides", "/guides", "办事指南", "Guides", {},
                               [pages](const Call& call, const Input&, store::ReadTx&) {
                                   return show_plain(*pages, call, "guides", "办事指南");
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
    list.push_back(public_page("site.accessibility", "/accessibility", "无障碍说明",
                               "Accessibility statement", {},
                               [pages](const Call& call, const Input&, store::ReadTx&) {
                                   return show_plain(*pages, call, "accessibility", "无障碍说明");
                               }));
    list.push_back(public_page("site.about", "/about", "本站说明", "About this site", {},
                               [pages](const Call& call, const Input&, store::ReadTx&) {
                                   return show_plain(*pages, call, "about", "本站说明");
                               }));
    return list;
}

}  // namespace mingxin::site
