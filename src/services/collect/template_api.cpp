// The template of an item over HTTP. It is made from the rulebook, which everybody may read (item.list), and
// holds nothing else: anyone may have it, also a department's supplier without an account. Who hands in for a
// unit finds the unit's own name and code in the examples.
#include "access/access.h"
#include "base/file.h"
#include "base/text.h"
#include "collect/examples.h"
#include "collect/template.h"

namespace mingxin::collect {

using api::Call;
using api::Endpoint;
using api::FieldType;
using api::Input;
using api::Reply;

namespace {

constexpr const char* kWorkbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

Result<Reply> template_reply(const rulebook::Rulebook& rules, const Call& call, std::string_view id,
                             store::ReadTx& tx) {
    const rulebook::Item& item = *TRY(rules.item_in_force(id, call.today()));
    Template made{rules, item, invented_unit(), call.today()};
    if (!call.principal.unit_code.empty()) {
        if (const auto unit = TRY(access::find_unit(tx, call.principal.unit_code)))
            made.unit = {unit->code, unit->name};
    }
    const auto folder = TRY(TemporaryFolder::create());
    const std::filesystem::path file = folder->path() / "template.xlsx";
    TRY(write_template(made, file));
    Reply reply;
    reply.content_type = kWorkbook;
    reply.body = TRY(read_file(file));
    reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + item.id +
                                                          ".xlsx\"; filename*=UTF-8''" +
                                                          escape_url(item.title_zh + "模板.xlsx"));
    return reply;
}

}  // namespace

std::vector<Endpoint> template_endpoints(std::shared_ptr<const rulebook::Rulebook> rules) {
    Endpoint endpoint(
        "item.template", api::Method::get, "/api/v1/items/{item}/template", api::Permission::anyone,
        api::Audit::metered, "下载一个目录项的填报模板（XLSX）",
        "The workbook to hand an item in with (XLSX)",
        {{"item", FieldType::text, "目录项：registration、permit、penalty", "catalogue item", true,
          api::Where::path, "penalty"}},
        {}, api::ReadHandler([rules](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            return template_reply(*rules, call, in.text("item"), tx);
        }));
    endpoint.reply_type = kWorkbook;
    endpoint.lengthy = true;
    endpoint.refusals = {Fault::item_unknown, Fault::item_not_in_force, Fault::file_unwritable};
    std::vector<Endpoint> list;
    list.push_back(std::move(endpoint));
    return list;
}

}  // namespace mingxin::collect
