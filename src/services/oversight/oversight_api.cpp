#include "base/json.h"
#include "oversight/heads_file.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

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

constexpr int kMostHeads = 100;

std::vector<api::Field> head_fields() {
    return {
        {"origin", FieldType::text, "账本名称", "origin", true},
        {"size", FieldType::integer, "事件数", "number of events", true},
        {"root", FieldType::text, "树根（SM3，十六进制）", "root (SM3, hexadecimal)", true},
        {"time", FieldType::text, "签名时间（UTC）", "time of the signature (UTC)", true},
        {"key_id", FieldType::text, "公钥编号", "id of the public key", true},
        {"previous_size", FieldType::integer, "前一树头的事件数", "size of the head before", true},
        {"signature", FieldType::text, "SM2签名（DER，十六进制）", "SM2 signature (DER, hexadecimal)", true}};
}

Endpoint journal_head() {
    return Endpoint("journal.head", Method::get, "/api/v1/journal/head", Permission::anyone, Audit::metered,
                    "最新的签名树头", "The newest signed tree head", {}, head_fields(),
                    api::ReadHandler([](const Call&, const Input&, store::ReadTx& tx) -> Result<Reply> {
                        const auto head = TRY(journal::latest_head(tx));
                        if (!head) return fail(Fault::not_found, "账本中还没有树头");
                        return Reply::json(head_json(*head));
                    }));
}

Endpoint journal_heads() {
    return Endpoint("journal.heads", Method::get, "/api/v1/journal/heads", Permission::anyone, Audit::metered,
                    "签名树头列表，最近的在前", "Signed tree heads, newest first",
                    {{"before", FieldType::integer, "只列事件数小于它的树头", "heads smaller than this",
                      false, Where::query, "1000"}},
                    {{"heads", FieldType::list, "树头", "heads", true, Where::query, "", head_fields()}},
                    api::ReadHandler([](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
                        JsonWriter json;
                        json.begin_object().key("heads").begin_array();
                        for (const journal::TreeHead& head :
                             TRY(journal::heads(tx, kMostHeads, in.integer("before", INT64_MAX)))) {
                            json.raw(head_json(head));
                        }
                        json.end_array().end_object();
                        return Reply::json(json.take());
                    }));
}

Endpoint journal_key(const crypto::Sm2PublicKey* key) {
    return Endpoint(
        "journal.key", Method::get, "/api/v1/journal/key", Permission::anyone, Audit::metered,
        "验证签名用的SM2公钥", "The SM2 public key that verifies heads, receipts and reports", {},
        {{"key_id", FieldType::text, "公钥编号", "key id", true},
         {"point", FieldType::text, "公钥（未压缩点，十六进制）", "uncompressed point, hexadecimal", true},
         {"pem", FieldType::text, "公钥（PEM）", "PEM", true}},
        api::ReadHandler([key](const Call&, const Input&, store::ReadTx&) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().field("key_id", key->key_id()).field("point", to_hex(key->point()));
            json.field("pem", key->to_pem()).end_object();
            return Reply::json(json.take());
        }));
}

Endpoint journal_consistency() {
    return Endpoint(
        "journal.consistency", Method::get, "/api/v1/journal/consistency", Permission::anyone, Audit::metered,
        "两个树头之间的一致性证明", "Consistency proof between two tree sizes",
        {{"old", FieldType::integer, "较早的事件数", "older size", true, Where::query, "10"},
         {"new", FieldType::integer, "较新的事件数", "newer size", true, Where::query, "20"}},
        // docs/formats/receipt.md
        {{"type", FieldType::text, "mingxin.consistency", "mingxin.consistency", true},
         {"format", FieldType::integer, "格式版本", "version of the format", true},
         {"old", FieldType::object, "较早的树头", "the older head", true},
         {"new", FieldType::object, "较新的树头", "the newer head", true},
         {"path", FieldType::list, "证明路径", "path of the proof", true}},
        api::ReadHandler([](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            return Reply::json(TRY(journal::consistency(tx, in.integer("old", 0), in.integer("new", 0))));
        }));
}

/// The public learns of a batch from its records and of a report from its number; other events are not its
/// business.
bool is_public(const journal::Event& event) {
    return event.kind == "batch.committed" || event.kind == "report.issued";
}

Endpoint journal_receipt(const crypto::Sm2PublicKey* key) {
    return Endpoint(
        "journal.receipt", Method::get, "/api/v1/journal/events/{event}/receipt", Permission::anyone,
        Audit::metered, "一个批次或一份报告的存证凭据", "The receipt of a batch or of a report",
        {{"event", FieldType::integer, "账本事项号", "number of the event", true, Where::path, "17"}},
        // docs/formats/receipt.md
        {{"type", FieldType::text, "mingxin.receipt", "mingxin.receipt", true},
         {"format", FieldType::integer, "格式版本", "version of the format", true},
         {"event", FieldType::object, "事项，其内容不公开", "the event, its payload withheld", true},
         {.name = "row",
          .type = FieldType::object,
          .zh = "空：凭据属于整个事项",
          .en = "null: the receipt is of the whole event",
          .required = true,
          .nullable = true},
         {"path", FieldType::list, "事项到树根的路径", "path from the event to the root", true},
         {"head", FieldType::object, "签名树头", "the signed head", true},
         {"public_key", FieldType::text, "公钥", "public key", true}},
        api::ReadHandler([key](const Call&, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            const std::int64_t seq = in.integer("event", 0);
            const auto event = TRY(journal::find_event(tx, seq));
            if (!event || !is_public(*event)) return fail(Fault::not_found, "没有这个批次或报告");
            Reply reply = Reply::json(TRY(journal::receipt(tx, *key, seq, 0, {.event_payload = true})));
            reply.headers.emplace_back("Content-Disposition",
                                       "attachment; filename=\"receipt-" + std::to_string(seq) + ".json\"");
            return reply;
        }));
}

}  // namespace

std::vector<Endpoint> endpoints(const crypto::Sm2PublicKey* key) {
    std::vector<Endpoint> list;
    list.push_back(journal_head());
    list.back().refusals = {Fault::not_found};
    list.push_back(journal_heads());
    list.push_back(journal_key(key));
    list.push_back(journal_consistency());
    list.back().refusals = {Fault::tree_head_unknown, Fault::bad_argument};
    list.push_back(journal_receipt(key));
    list.back().refusals = {Fault::not_found};
    return list;
}

}  // namespace mingxin::oversight
