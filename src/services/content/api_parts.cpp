#include "content/api_parts.h"

#include "access/access.h"
#include "base/text.h"

namespace mingxin::content {

using api::Field;
using api::FieldType;
using api::Where;

Result<People> People::read(store::ReadTx& tx) {
    People people;
    for (const access::Account& account : TRY(access::accounts(tx))) {
        people.names_[account.name] = account.display_zh;
    }
    return people;
}

std::string People::name(std::string_view principal) const {
    if (principal == "operator") return "平台";
    const std::string_view person = person_of(principal);
    const auto found = names_.find(person);
    return found == names_.end() || found->second.empty() ? std::string(person) : found->second;
}

void People::write(JsonWriter& json, std::string_view key, const std::vector<std::string>& principals) const {
    json.key(key).begin_array();
    for (const std::string& principal : principals) json.text(name(principal));
    json.end_array();
}

std::vector<Field> text_fields(bool required) {
    return {{"column", FieldType::text, "栏目", "column", required, Where::body, "news"},
            {"title", FieldType::text, "标题，最多100字", "title, at most 100 characters", required,
             Where::body, "我县开展诚信宣传周活动"},
            {"summary", FieldType::text, "摘要，最多300字", "summary, at most 300 characters", false,
             Where::body},
            {"body", FieldType::text, "正文，用简单标记书写（见 docs/content.md）",
             "body, in the small markup of docs/content.md", false, Where::body},
            {"source", FieldType::text, "来源", "where it is from", false, Where::body, "信用鲁山"},
            {"unit", FieldType::text, "供稿单位", "unit of the writer", false, Where::body, "县信用办"},
            {"cover", FieldType::text, "封面图片的摘要", "digest of the cover picture", false, Where::body},
            {"facts",
             FieldType::list,
             "要素，如文号、地点",
             "facts, such as number and place",
             false,
             Where::body,
             "",
             {{"name", FieldType::text, "名称", "name", true, Where::body},
              {"value", FieldType::text, "内容", "value", true, Where::body}}},
            {"subject_code", FieldType::text, "涉及主体的统一社会信用代码",
             "unified social credit code of the subject", false, Where::body, "91410423MAX0001705"},
            {"event_from", FieldType::date, "活动开始日期", "first day of the event", false, Where::body,
             "2026-06-14"},
            {"event_to", FieldType::date, "活动结束日期", "last day of the event", false, Where::body,
             "2026-06-20"},
            {"yearly", FieldType::boolean, "是否每年都办", "whether it is kept every year", false,
             Where::body, "true"},
            {"release_at", FieldType::text, "定时发布（北京时间，如 2026-12-01T09:00）",
             "not before (Beijing time, 2026-12-01T09:00)", false, Where::body, "2026-12-01T09:00"},
            {"valid_until", FieldType::date, "展示至（含当日）", "shown up to and including", false,
             Where::body, "2027-12-31"},
            {"change_note", FieldType::text, "更正说明，公开显示", "why it was changed; is public", false,
             Where::body},
            {"consent", FieldType::text, "当事人怎样同意公开，不公开显示",
             "how the persons named agreed; is not public", false, Where::body}};
}

std::vector<Field> finding_fields() {
    return {{"rule", FieldType::text, "规则编号", "rule", true},
            {"effect", FieldType::text, "reject（须改正）或 warn（须说明）", "reject or warn", true},
            {"place", FieldType::text, "所在的栏", "field of the text", true},
            {"line", FieldType::integer, "正文的第几行", "line of the body"},
            {"excerpt", FieldType::text, "前后文字", "the words around", true},
            {"reason", FieldType::text, "问题", "what is wrong", true},
            {"remedy", FieldType::text, "改正办法", "what to do", true},
            {"basis", FieldType::text, "依据", "basis", true}};
}

std::vector<Field> done_fields() {
    return {{"id", FieldType::integer, "文章编号", "article", true},
            {"stage", FieldType::text, "none、draft、first_review、final_review 或 returned",
             "stage of the work", true},
            {"visibility", FieldType::text, "never、scheduled、shown、ended 或 withdrawn",
             "what the public sees", true},
            {"version", FieldType::integer, "最新一稿，0为没有", "newest version, 0: none", true},
            {"revision", FieldType::integer, "草稿的版本号，0为没有草稿", "revision of the draft, 0: none",
             true}};
}

Result<Text> read_text(const api::Input& in) {
    Text text;
    const auto trimmed = [&](const char* name) { return std::string(trim(in.text(name))); };
    text.column = trimmed("column");
    text.title = trimmed("title");
    text.summary = trimmed("summary");
    for (char c : in.text("body")) {
        if (c != '\r') text.body += c;
    }
    text.source = trimmed("source");
    text.unit = trimmed("unit");
    text.cover = trimmed("cover");
    text.facts = read_facts(in.text("facts"));
    text.subject_code = trimmed("subject_code");
    text.event_from = parse_date(in.text("event_from"));
    text.event_to = parse_date(in.text("event_to"));
    text.yearly = in.boolean("yearly");
    text.release_at = parse_minute(in.text("release_at"));
    if (in.has("release_at") && !text.release_at) {
        return fail(Fault::content_malformed, "定时发布应为真实存在的时间，例如 2026-12-01T09:00");
    }
    text.valid_until = parse_date(in.text("valid_until"));
    text.change_note = trimmed("change_note");
    text.consent = trimmed("consent");
    return text;
}

void write_done(JsonWriter& json, const Done& done) {
    json.begin_object().field("id", done.id).key("stage").text(stage_name(done.stage));
    json.key("visibility").text(visibility_name(done.visibility));
    json.field("version", done.version).field("revision", done.revision).end_object();
}

api::Reply done_reply(const Done& done) {
    JsonWriter json;
    write_done(json, done);
    return api::Reply::json(json.take());
}

void write_findings(JsonWriter& json, const std::vector<Finding>& findings) {
    json.begin_array();
    for (const Finding& finding : findings) {
        json.begin_object().field("rule", finding.rule).field("effect", finding.reject ? "reject" : "warn");
        json.field("place", finding.place);
        if (finding.line > 0) json.field("line", finding.line);
        json.field("excerpt", finding.excerpt).field("reason", finding.reason);
        json.field("remedy", finding.remedy).field("basis", finding.basis).end_object();
    }
    json.end_array();
}

Result<Frames> frames_of(store::ReadTx& tx, std::string_view body, std::string address) {
    std::map<std::string, PictureFrame, std::less<>> known;
    for (const std::string& digest : pictures_in(body)) {
        if (const auto picture = TRY(find_picture(tx, digest))) {
            known[digest] = {picture->width, picture->height};
        }
    }
    return Frames{std::move(address), [known](std::string_view digest) -> std::optional<PictureFrame> {
                      const auto found = known.find(digest);
                      return found == known.end() ? std::nullopt : std::optional(found->second);
                  }};
}

Waiting waiting_for(const ArticleRow& article, const api::Principal& who) {
    const bool wrote = contains(article.writers, who.name);
    switch (article.stage) {
        case Stage::first_review:
            if (!who.may(api::Permission::content_review)) return {};
            return wrote ? Waiting{false, "您是这一稿的撰写人，一审须由另一个人进行。"} : Waiting{true, ""};
        case Stage::final_review:
            if (!who.may(api::Permission::content_release)) return {};
            if (wrote) return {false, "您是这一稿的撰写人，终审须由另一个人进行。"};
            if (contains({article.passed_by}, who.name)) {
                return {false, "您已经做过这一稿的一审，终审须由另一个人进行。"};
            }
            return {true, ""};
        case Stage::returned:
            return {who.may(api::Permission::content_edit) && wrote, ""};
        default:
            return {};
    }
}

std::vector<api::Endpoint> endpoints(std::shared_ptr<const Desk> desk) {
    std::vector<api::Endpoint> all;
    for (auto* make :
         {column_endpoints, article_endpoints, text_endpoints, review_endpoints, picture_endpoints}) {
        for (api::Endpoint& endpoint : make(desk)) all.push_back(std::move(endpoint));
    }
    return all;
}

}  // namespace mingxin::content
