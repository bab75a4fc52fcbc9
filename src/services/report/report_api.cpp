// Endpoints of the report.
#include "report/report.h"

namespace mingxin::report {

namespace {

using api::Field;
using api::FieldType;
using api::Where;

Result<api::Reply> issue_endpoint(const Desk& desk, const api::Call& call, const api::Input& in) {
    auto issued = TRY(issue(desk, {.code = std::string(in.text("code")),
                                   .purpose = std::string(in.text("purpose")),
                                   .principal = call.principal.name,
                                   .now = call.now}));
    return api::Reply{
        .content_type = "application/pdf",
        .body = std::move(issued.pdf),
        .headers = {{"Content-Disposition", "attachment; filename=\"report-" + issued.number + ".pdf\""},
                    {"X-Report-Number", issued.number},
                    {"X-Report-Signature", to_base64(issued.signature)}}};
}

Result<api::Reply> verify_endpoint(const Desk& desk, const api::Input& in, store::ReadTx& tx) {
    auto found = TRY(verify(tx, *desk.rulebook, desk.tenant, in.text("number")));
    if (!found) return fail(Fault::report_number_unknown, std::string(in.text("number")));
    return api::Reply::json(found->to_json());
}

std::vector<Field> verification_fields() {
    return {
        {"number", FieldType::text, "报告编号", "Number of the report"},
        {"subject",
         FieldType::object,
         "主体",
         "Subject, as printed",
         false,
         Where::query,
         "",
         {{"code", FieldType::text, "统一社会信用代码", "Unified social credit code"},
          {"name", FieldType::text, "名称", "Name"}}},
        {"issued", FieldType::text, "生成时间（UTC）", "Time of issue, UTC"},
        {"digest",
         FieldType::object,
         "文件摘要",
         "Digest of the PDF",
         false,
         Where::query,
         "",
         {{"algorithm", FieldType::text, "算法：SM3", "SM3"},
          {"value", FieldType::text, "摘要值，十六进制", "Value in hexadecimal"}}},
        {"signature",
         FieldType::object,
         "电子签名",
         "Detached signature over the PDF",
         false,
         Where::query,
         "",
         {{"algorithm", FieldType::text, "算法：SM2", "SM2"},
          {"key", FieldType::text, "密钥标识", "Key id"},
          {"value", FieldType::text, "签名值，DER 的 Base64", "DER, base64"}}},
        {"records", FieldType::integer, "报告所载记录条数", "Records printed in it"},
        {"changed_since", FieldType::integer, "其中后来已更正、撤回或修复的条数",
         "How many of them were corrected, withdrawn or repaired since"},
        {"corrected", FieldType::integer, "其中更正的条数", "of these, corrected"},
        {"withdrawn", FieldType::integer, "其中撤回的条数", "of these, withdrawn"},
        {"event", FieldType::integer, "日志事件号", "Number of the journal event"},
    };
}

}  // namespace

std::vector<api::Endpoint> endpoints(std::shared_ptr<const Desk> desk) {
    std::vector<api::Endpoint> list;
    list.emplace_back(
        "report.issue", api::Method::post, "/api/v1/reports", api::Permission::report_issue,
        api::Audit::event, "出具公共信用信息报告（PDF）", "Issue a public credit information report (PDF)",
        std::vector<Field>{{"code", FieldType::text, "统一社会信用代码", "Unified social credit code", true,
                            Where::body, "91410423MAX000012M"},
                           {"purpose", FieldType::text, "用途，印在报告上，可不填",
                            "Purpose, printed; may be absent", false, Where::body, "政府采购"}},
        std::vector<Field>{}, api::LongHandler([desk](const api::Call& call, const api::Input& in) {
            return issue_endpoint(*desk, call, in);
        }));
    list.back().reply_type = "application/pdf";
    list.back().refusals = {Fault::report_subject_unknown, Fault::report_font_missing,
                            Fault::report_not_rendered};
    list.emplace_back(
        "report.verify", api::Method::get, "/api/v1/reports/{number}", api::Permission::anyone,
        api::Audit::metered, "按编号核验报告", "Verify a report by its number",
        std::vector<Field>{{"number", FieldType::text, "22 位报告编号", "Number of the report, 22 characters",
                            true, Where::path, "20261120120506K7QM4XTA"}},
        verification_fields(),
        api::ReadHandler([desk](const api::Call&, const api::Input& in, store::ReadTx& tx) {
            return verify_endpoint(*desk, in, tx);
        }));
    list.back().refusals = {Fault::report_number_unknown};
    return list;
}

}  // namespace mingxin::report
