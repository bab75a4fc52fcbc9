#include "cli/demo_content.h"

#include "content/content.h"
#include "demo/articles.h"
#include "subject/subject.h"

namespace mingxin::cli {
namespace {

constexpr std::string_view kNote = "已逐条核对，同意。";

/// The three hands that a text goes through.
class Newsroom {
  public:
    Newsroom(store::Tx& tx, content::Desk desk, Instant now) : tx_(tx), desk_(std::move(desk)), now_(now) {
        writer_.name = "content_writer:writer";
        reviewer_.name = "content_reviewer:reviewer";
        releaser_.name = "content_releaser:releaser";
    }
    Result<void> open(const demo::DemoColumn& given, int position) {
        content::Column column;
        column.slug = given.slug;
        column.name = given.name;
        column.name_en = given.name_en;
        column.kind = *content::kind_by_name(given.kind);
        column.about = given.about;
        column.about_en = given.about_en;
        column.on_home = given.on_home;
        column.items = given.items;
        column.position = position;
        TRY(content::save_column(tx_, desk_, {releaser_, now_}, column));
        return {};
    }
    Result<content::Done> submit(const content::Text& text, std::int64_t article = 0) {
        const content::Done draft = TRY(content::save_draft(tx_, desk_, {writer_, now_}, article, 0, text));
        return content::submit(tx_, desk_, {writer_, now_}, draft.id, draft.revision, "");
    }
    Result<std::int64_t> publish(const content::Text& text, std::int64_t article = 0) {
        const content::Done in = TRY(submit(text, article));
        TRY(content::pass(tx_, desk_, {reviewer_, now_}, in.id, in.version, kNote));
        TRY(content::release(tx_, desk_, {releaser_, now_}, in.id, in.version, kNote));
        return in.id;
    }
    /// So that a version was seen before the next one took its place.
    void later() { ++now_.us; }

  private:
    store::Tx& tx_;
    content::Desk desk_;
    Instant now_;
    api::Principal writer_, reviewer_, releaser_;
};

/// "06-14" of a year.
std::optional<Date> day_of(int year, std::string_view day) {
    return day.empty() ? std::nullopt : parse_date(std::to_string(year) + "-" + std::string(day));
}

content::Text text_of(const demo::DemoArticle& given, int year) {
    content::Text text;
    text.column = given.column;
    text.title = given.title;
    text.summary = given.summary;
    text.body = given.body;
    text.source = "县公共信用信息平台";
    text.unit = "县信用办";
    for (const auto& [name, value] : given.facts) text.facts.push_back({name, value});
    text.event_from = day_of(year, given.event_from);
    text.event_to = day_of(year, given.event_to);
    text.yearly = given.yearly;
    text.consent = given.consent;
    return text;
}

content::Text agency_text(const subject::Subject& subject) {
    content::Text text;
    text.column = "agencies";
    text.title = subject.name;
    text.summary = "提供信用管理咨询、信用修复政策讲解和企业信用培训。";
    text.body =
        "## 服务内容\n\n- 信用管理制度建设\n- 信用修复政策讲解（不代办、不收取修复费用）\n- 员工诚信培训\n\n"
        "## 说明\n\n以上由机构自己提供。选择服务前，请看本页下方的公示信息。";
    text.source = "机构自述";
    text.unit = "县信用办";
    text.subject_code = subject.code;
    return text;
}

}  // namespace

Result<void> write_demo_content(store::Tx& tx, std::shared_ptr<const rulebook::Rulebook> rules,
                                std::int64_t tenant, Instant now) {
    Newsroom room(tx, {std::move(rules), tenant}, now);
    int position = 0;
    for (const demo::DemoColumn& column : demo::demo_columns()) TRY(room.open(column, position += 10));
    const int year = now.date().year();
    for (const demo::DemoArticle& article : demo::demo_articles()) {
        content::Text text = text_of(article, year);
        const std::int64_t id = TRY(room.publish(text));
        if (article.correction[0] == '\0') continue;
        room.later();
        text.body = article.corrected_body;
        text.change_note = article.correction;
        TRY(room.publish(text, id));
    }
    for (const subject::Subject& subject : TRY(subject::search(tx, tenant, "有限公司", 2))) {
        TRY(room.publish(agency_text(subject)));
    }
    for (const demo::DemoArticle& article : demo::demo_submissions())
        TRY(room.submit(text_of(article, year)));
    return {};
}

}  // namespace mingxin::cli
