// Report verification and the journal's heads.
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "journal/journal.h"
#include "site/pages.h"
#include "site/words.h"

namespace mingxin::site {
namespace {

using api::Call;
using api::Field;
using api::FieldType;
using api::Input;
using api::LongHandler;
using api::Method;
using api::Permission;
using api::ReadHandler;
using api::Reply;
using api::Where;

constexpr int kHeads = 20;
constexpr std::int64_t kPdfBytes = 32 << 20;

/// Numbers are 22 characters without look-alikes; people type them in lower case and with blanks.
std::string typed_number(std::string_view text) {
    return to_upper_ascii(remove_blanks(to_half_width(text)));
}

Result<Reply> show_report(const Shared& site, const Call& call, store::ReadTx& tx, std::string_view typed,
                          const std::optional<Digest>& uploaded) {
    std::string number = typed_number(typed);
    Model model;
    model.set("number", number);
    auto facts = TRY(site.deps.verify_report(tx, number));
    model.flag("asked", true).flag("unknown", !facts.has_value());
    if (!facts) {
        return site.page(call, "verify", site.words(call)("word.verify_report"_text), model, 404);
    }
    model.flag("known", true)
        .flag("plain", !uploaded)
        .set("subject_code", facts->subject_code)
        .set("subject_name", facts->subject_name);
    model.set("issued", time_html(site.words(call), facts->issued)).set("digest", to_hex(facts->digest));
    model.set("key_id", facts->key_id).set("event", facts->event).set("records", facts->records);
    model.set("changed", facts->changed_since).flag("is_changed", facts->changed_since > 0);
    model.set("withdrawn", facts->withdrawn).flag("has_withdrawn", facts->withdrawn > 0);
    model.set("corrected", facts->corrected).flag("has_corrected", facts->corrected > 0);
    if (uploaded) {
        model.flag("compared", true).flag("same", *uploaded == facts->digest);
        model.flag("different", *uploaded != facts->digest);
    }
    return site.page(call, "verify", site.words(call)("word.verify_report"_text), model);
}

/// A file that belongs to no report of ours.
Reply show_stranger(const Shared& site, const Call& call) {
    Model model;
    model.flag("asked", true).flag("stranger", true);
    return site.page(call, "verify", site.words(call)("word.verify_report"_text), model, 404);
}

/// Reading and hashing a file takes a while: on a worker.
Result<Reply> compare_report(const Shared& site, const Call& call, const Input& in) {
    std::string number = typed_number(in.text("number"));
    auto upload = in.upload("file");
    // Browsers send an empty part for a field without a file.
    std::string pdf = upload ? TRY(read_file(upload->path, kPdfBytes)) : std::string();
    if (pdf.empty()) {
        return Reply::redirect(number.empty() ? "/verify" : "/verify/" + escape_url(number));
    }
    const Digest digest = crypto::digest(pdf);
    store::ReadTx tx = TRY(site.deps.database->read());
    if (number.empty()) number = TRY(site.deps.find_report(tx, digest));
    if (number.empty()) return show_stranger(site, call);
    return show_report(site, call, tx, number, digest);
}

Result<Reply> show_journal(const Shared& site, const Call& call, const Input& in, store::ReadTx& tx) {
    Model model;
    auto heads = TRY(journal::heads(tx, kHeads, in.integer("before", INT64_MAX)));
    for (const journal::TreeHead& head : heads) {
        Model& entry = model.add("heads");
        entry.set("size", head.size)
            .set("root", to_hex(head.root))
            .set("time", time_html(site.words(call), head.time));
        entry.set("grouped_size", grouped(head.size));
        entry.set("key_id", head.key_id).set("signature", to_base64(head.signature));
    }
    model.flag("none", heads.empty()).set("origin", site.deps.origin).set("key_pem", site.deps.key->to_pem());
    if (static_cast<int>(heads.size()) == kHeads && heads.back().size > 1) {
        model.set("older", heads.back().size);
    }
    model.flag("has_before", in.has("before"));
    if (heads.size() > 1) model.set("newer_size", heads[0].size).set("older_size", heads[1].size);
    return site.page(call, "journal", site.words(call)("word.journal"_text), model);
}

}  // namespace

std::vector<api::Endpoint> proof_pages(Pages pages) {
    std::vector<api::Endpoint> list;
    const Field number{"number",    FieldType::text,         "报告编号", "Report number", true,
                       Where::path, "20261120093015ABCD2345"};
    list.push_back(page_endpoint(
        "site.verify_form", Method::get, "/verify", Permission::anyone, "报告验证", "Report verification", {},
        ReadHandler([pages](const Call& call, const Input&, store::ReadTx&) -> Result<Reply> {
            Model model;
            return pages->page(call, "verify", pages->words(call)("word.verify_report"_text), model);
        })));
    list.push_back(page_endpoint("site.verify", Method::get, "/verify/{number}", Permission::anyone,
                                 "按编号验证报告", "A report by number", {number},
                                 ReadHandler([pages](const Call& call, const Input& in, store::ReadTx& tx) {
                                     return show_report(*pages, call, tx, in.text("number"), std::nullopt);
                                 })));
    Field typed = number;
    typed.where = Where::body;
    typed.required = false;  // the file alone will do
    list.push_back(
        page_endpoint("site.verify_file", Method::post, "/verify", Permission::anyone, "比对报告文件",
                      "Compares a report's file",
                      {typed, {"file", FieldType::file, "报告文件（PDF）", "The PDF", false, Where::body}},
                      LongHandler([pages](const Call& call, const Input& in) {
                          return compare_report(*pages, call, in);
                      })));
    list.back().body_limit_bytes = kPdfBytes;
    list.push_back(page_endpoint(
        "site.journal", Method::get, "/journal", Permission::anyone, "存证账本",
        "Signed heads of the journal",
        {{"before", FieldType::integer, "早于此大小", "Heads of smaller trees", false, Where::query, "100"}},
        ReadHandler([pages](const Call& call, const Input& in, store::ReadTx& tx) {
            return show_journal(*pages, call, in, tx);
        })));
    return list;
}

}  // namespace mingxin::site
