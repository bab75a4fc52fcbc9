#include <boost/json.hpp>

#include "base/json.h"
#include "base/text.h"
#include "query/query.h"
#include "query/query_json.h"
#include "subject/suggestion_json.h"

namespace mingxin::query {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

constexpr int kMostResults = 100;
constexpr int kMostSuggestions = 20;
constexpr std::size_t kMostChecks = 1000;

using Rules = std::shared_ptr<const rulebook::Rulebook>;

/// The public sees at any known_at only what it may see today as well: not what has been withdrawn, corrected
/// or has run out since.
Result<record::Reading> reading_of(const Call& call, const Input& in) {
    record::Reading reading;
    reading.viewer = &call.principal;
    reading.purpose = "公示查询";
    reading.today = call.today();
    if (in.has("known_at")) {
        const std::optional<Date> date = parse_date(in.text("known_at"));
        if (!date) return fail(Fault::bad_date, std::string(in.text("known_at")));
        // As it was known at the end of that day in Asia/Shanghai (UTC+8).
        reading.known_at = Instant{(std::int64_t{date->days + 1} * 86400 - 8 * 3600) * 1'000'000 - 1};
        reading.still_held = true;
    }
    return reading;
}

std::vector<api::Field> record_fields() {
    return {{"id", FieldType::text, "记录编号", "record id", true},
            {"item", FieldType::text, "目录项", "catalogue item", true},
            {"title", FieldType::text, "标题", "title", true},
            {"document_no", FieldType::text, "文书号", "document number", true},
            {"organ", FieldType::text, "作出机关", "deciding organ", true},
            {"source", FieldType::text, "数据来源单位", "source unit", true},
            {"decided", FieldType::date, "决定日期", "date of the decision"},
            {"received", FieldType::text, "收到时间（UTC）", "received (UTC)", true},
            {"shown_until", FieldType::date, "公示截止日期", "shown until"},
            {"severity", FieldType::text, "失信程度", "class of dishonesty"},
            {"term_basis", FieldType::text, "公示期限依据", "basis of the term", true},
            {"fields",
             FieldType::list,
             "字段",
             "fields",
             true,
             Where::query,
             "",
             {{"code", FieldType::text, "字段代码", "field code", true},
              {"name", FieldType::text, "字段名称", "field name", true},
              {"value", FieldType::text, "值", "value", true}}},
            {"receipt", FieldType::text, "存证凭据地址", "address of the receipt", true}};
}

Endpoint subject_show(Rules rules, std::int64_t tenant) {
    return Endpoint("subject.show", Method::get, "/api/v1/subjects/{code}", Permission::anyone,
                    Audit::metered, "按统一社会信用代码查询主体及其可公示的信用信息",
                    "A subject and its public records by unified social credit code",
                    {{"code", FieldType::text, "统一社会信用代码", "unified social credit code", true,
                      Where::path, "91410423MA3X941T6P"},
                     {"known_at", FieldType::date, "以该日所知为准", "as known on that day", false,
                      Where::query, "2026-06-30"}},
                    {{"code", FieldType::text, "统一社会信用代码", "unified social credit code", true},
                     {"name", FieldType::text, "名称", "name", true},
                     {"base", FieldType::text, "所属库", "database", true},
                     {"established", FieldType::date, "成立日期", "established"},
                     {"state", FieldType::text, "登记状态", "registration state"},
                     {"former_names", FieldType::list, "曾用名", "former names", true},
                     {"records", FieldType::list, "可公示的记录", "public records", true, Where::query, "",
                      record_fields()},
                     {"as_of", FieldType::date, "公示日期", "as of", true},
                     {"notice", FieldType::text, "说明", "notice", true}},
                    api::ReadHandler([rules, tenant](const Call& call, const Input& in,
                                                     store::ReadTx& tx) -> Result<Reply> {
                        auto subject = TRY(subject::find_by_code(tx, tenant, in.text("code")));
                        if (!subject) return fail(Fault::not_found, std::string(in.text("code")));
                        const record::Reading reading = TRY(reading_of(call, in));
                        return Reply::json(TRY(subject_json(tx, *rules, tenant, *subject, reading)));
                    }));
}

/// What search answers.
std::vector<api::Field> found_fields() {
    return {{"subjects",
             FieldType::list,
             "主体",
             "subjects",
             true,
             Where::query,
             "",
             {{"code", FieldType::text, "统一社会信用代码", "unified social credit code", true},
              {"name", FieldType::text, "名称", "name", true},
              {"base", FieldType::text, "所属库", "database", true}}}};
}

Reply found_reply(const std::vector<subject::Subject>& subjects) {
    JsonWriter json;
    json.begin_object().key("subjects").begin_array();
    for (const subject::Subject& subject : subjects) {
        json.begin_object().field("code", subject.code).field("name", subject.name);
        json.key("base").text(base_zh(subject.base)).end_object();
    }
    json.end_array().end_object();
    return Reply::json(json.take());
}

Endpoint subject_search(std::int64_t tenant) {
    return Endpoint(
        "subject.search", Method::get, "/api/v1/subjects", Permission::anyone, Audit::metered,
        "按名称中的文字查询主体", "Subjects whose name contains a text",
        {{"q", FieldType::text, "名称中的文字，至少2个字", "text of 2+ characters in the name", true,
          Where::query, "鲁山"},
         {"limit", FieldType::integer, "最多返回条数（1至100）", "most results (1 to 100)", false,
          Where::query, "20"}},
        found_fields(),
        api::ReadHandler([tenant](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t limit = in.integer("limit", 20);
            if (limit < 1 || limit > kMostResults) return fail(Fault::bad_argument, "limit 应为1至100");
            return found_reply(TRY(subject::search(tx, tenant, in.text("q"), static_cast<int>(limit))));
        }));
}

std::vector<api::Field> near_fields() {
    std::vector<api::Field> members = subject::suggestion_fields();
    members.insert(members.begin() + 2, {"base", FieldType::text, "所属库", "database", true});
    return {{"subjects", FieldType::list, "主体，最相近的在前", "subjects, the nearest first", true,
             Where::query, "", std::move(members)}};
}

Reply near_reply(const std::vector<subject::Suggestion>& near) {
    JsonWriter json;
    json.begin_object().key("subjects").begin_array();
    for (const subject::Suggestion& one : near) {
        json.begin_object();
        subject::write_suggestion(json, one);
        json.key("base").text(base_zh(one.subject.base)).end_object();
    }
    json.end_array().end_object();
    return Reply::json(json.take());
}

Endpoint subject_suggest(std::int64_t tenant) {
    Endpoint endpoint(
        "subject.suggest", Method::get, "/api/v1/subject-suggestions", Permission::anyone, Audit::metered,
        "与所给名称相近的主体，供核对错字、简称；不能据此关联数据",
        "Subjects whose names are near to a name, to find slips; nothing may be attached by it",
        {{"name", FieldType::text, "名称，至少2个字", "a name of 2+ characters", true, Where::query,
          "鲁山县澜禾商贸公司"},
         {"limit", FieldType::integer, "最多返回条数（1至20）", "most results (1 to 20)", false, Where::query,
          "5"}},
        near_fields(),
        api::ReadHandler([tenant](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t limit = in.integer("limit", 5);
            if (limit < 1 || limit > kMostSuggestions) return fail(Fault::bad_argument, "limit 应为1至20");
            if (character_count(trim(in.text("name"))) < 2) return fail(Fault::bad_argument, "名称至少2个字");
            return near_reply(TRY(subject::suggest(tx, tenant, in.text("name"), static_cast<int>(limit))));
        }));
    endpoint.refusals = {Fault::bad_argument};
    return endpoint;
}

Endpoint record_show(Rules rules, std::int64_t tenant) {
    return Endpoint("record.show", Method::get, "/api/v1/records/{id}", Permission::anyone, Audit::metered,
                    "查询一条可公示的记录", "One public record",
                    {{"id", FieldType::text, "记录编号", "record id", true, Where::path, "17-5"},
                     {"known_at", FieldType::date, "以该日所知为准", "as known on that day", false,
                      Where::query, "2026-06-30"}},
                    record_fields(),
                    api::ReadHandler([rules, tenant](const Call& call, const Input& in,
                                                     store::ReadTx& tx) -> Result<Reply> {
                        const record::Reading reading = TRY(reading_of(call, in));
                        auto shown = TRY(record::disclose_one(tx, *rules, tenant, in.text("id"), reading));
                        if (!shown) return fail(Fault::not_found, "没有这条记录，或它已不在公示期内");
                        JsonWriter json;
                        write_record(json, *shown);
                        return Reply::json(json.take());
                    }));
}

Endpoint record_receipt(Rules rules, std::int64_t tenant, const crypto::Sm2PublicKey* key) {
    return Endpoint(
        "record.receipt", Method::get, "/api/v1/records/{id}/receipt", Permission::anyone, Audit::metered,
        "一条可公示记录的存证凭据", "The receipt of a public record",
        {{"id", FieldType::text, "记录编号", "record id", true, Where::path, "17-5"}},
        // docs/formats/receipt.md
        {{"type", FieldType::text, "mingxin.receipt", "mingxin.receipt", true},
         {"format", FieldType::integer, "格式版本", "version of the format", true},
         {"event", FieldType::object, "批次事件", "the event of the batch", true},
         {"row", FieldType::object, "记录所在的行", "the row of the record", true},
         {"path", FieldType::list, "事件到树根的路径", "path from the event to the root", true},
         {"head", FieldType::object, "签名树头", "the signed head", true},
         {"public_key", FieldType::text, "公钥", "public key", true}},
        api::ReadHandler([rules, tenant, key](const Call& call, const Input& in,
                                              store::ReadTx& tx) -> Result<Reply> {
            const record::Reading reading = TRY(reading_of(call, in));
            auto receipt = TRY(record::disclose_receipt(tx, *rules, tenant, in.text("id"), reading, *key));
            if (!receipt) return fail(Fault::not_found, "没有这条记录，或它已不在公示期内");
            Reply reply = Reply::json(std::move(*receipt));
            reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"receipt-" +
                                                                  std::string(in.text("id")) + ".json\"");
            return reply;
        }));
}

/// The list as text lines "code,name" for check_list; only documented members are read.
Result<std::vector<std::pair<std::string, std::string>>> subjects_to_check(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> list;
    try {
        const boost::json::value parsed = boost::json::parse(text);  // outlives the loop
        for (const boost::json::value& value : parsed.as_array()) {
            const auto text_of = [&](std::string_view key) {
                const boost::json::value* found = value.as_object().if_contains(key);
                return found ? std::string(found->as_string()) : std::string();
            };
            list.emplace_back(text_of("code"), text_of("name"));
        }
    } catch (const std::exception& e) {
        return fail(Fault::bad_argument, "subjects 应为列表，每项含 code 或 name", e.what());
    }
    if (list.size() > kMostChecks) return fail(Fault::bad_argument, "一次最多核查1000个主体");
    return list;
}

std::string_view status_text(Status status) {
    return status == Status::found ? "found" : status == Status::ambiguous ? "ambiguous" : "not_found";
}

void write_answer(JsonWriter& json, const Answer& answer) {
    json.begin_object().field("query", answer.query).key("status").text(status_text(answer.status));
    if (!answer.code.empty()) json.field("uscc", answer.code).field("name", answer.name);
    if (answer.status == Status::found) {
        json.field("permits", answer.counts.permits).field("penalties", answer.counts.penalties);
        json.field("lists", answer.counts.lists);
    } else {
        json.field("reason", answer.reason_zh);
    }
    json.end_object();
}

Endpoint check_subjects(Rules rules, std::int64_t tenant) {
    Endpoint endpoint(
        "check.list", Method::post, "/api/v1/checks", Permission::anyone, Audit::metered,
        "批量信用核查：按代码、名称或两者", "Check a list of subjects by code, name or both",
        {{"subjects",
          FieldType::list,
          "要核查的主体，最多1000个",
          "subjects to check, at most 1000",
          true,
          Where::body,
          "",
          {{"code", FieldType::text, "统一社会信用代码", "unified social credit code", false, Where::body},
           {"name", FieldType::text, "名称", "name", false, Where::body}}}},
        {{"answers",
          FieldType::list,
          "结果，与提交的次序一致",
          "answers in the order asked",
          true,
          Where::query,
          "",
          {{"query", FieldType::text, "查询内容", "as asked", true},
           {"status", FieldType::text, "found、not_found 或 ambiguous", "found, not_found or ambiguous",
            true},
           {"uscc", FieldType::text, "统一社会信用代码", "unified social credit code"},
           {"name", FieldType::text, "名称", "name"},
           {"permits", FieldType::integer, "可公示的行政许可数", "public permits"},
           {"penalties", FieldType::integer, "可公示的行政处罚数", "public penalties"},
           {"lists", FieldType::integer, "可公示的严重失信名单数", "public list entries"},
           {"reason", FieldType::text, "没有唯一结果的原因", "why there is no single answer"}}}},
        api::ReadHandler(
            [rules, tenant](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
                JsonWriter json;
                json.begin_object().key("answers").begin_array();
                for (const auto& [code, name] : TRY(subjects_to_check(in.text("subjects")))) {
                    write_answer(json, TRY(check_one(tx, *rules, tenant, code, name, call.today())));
                }
                json.end_array().end_object();
                return Reply::json(json.take());
            }));
    endpoint.body_limit_bytes = 1 << 20;
    endpoint.lengthy = true;
    endpoint.refusals = {Fault::bad_argument};
    return endpoint;
}

}  // namespace

std::vector<Endpoint> endpoints(Rules rulebook, std::int64_t tenant, const crypto::Sm2PublicKey* key) {
    std::vector<Endpoint> list;
    list.push_back(subject_search(tenant));
    list.push_back(subject_suggest(tenant));
    list.back().refusals = {Fault::bad_argument};
    list.push_back(subject_show(rulebook, tenant));
    list.back().refusals = {Fault::not_found};
    list.push_back(record_show(rulebook, tenant));
    list.back().refusals = {Fault::not_found};
    list.push_back(record_receipt(rulebook, tenant, key));
    list.back().refusals = {Fault::not_found, Fault::journal_unsealed};
    list.push_back(check_subjects(rulebook, tenant));
    return list;
}

}  // namespace mingxin::query
