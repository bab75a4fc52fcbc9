// An Endpoint describes one operation completely: id, method and path, what goes in and comes out, who may
// call it, which audit event it leaves, its texts, its handler. HTTP routes, openapi.json and the commands
// come from the same list, which main names explicitly. A permission is a constructor argument without
// default: no permission, no compile.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace mingxin::api {

enum class Method { get, post };

/// What a caller must hold. anyone: the public. Roles are sets of these (rules/roles.yaml).
enum class Permission {
    anyone,
    collect_submit,    // hand in a batch for the own unit
    collect_view,      // see batches and findings of the own unit
    collect_view_all,  // with collect_view: those of all units
    collect_judge,     // decide what becomes of rows that wait
    record_correct,    // correct and withdraw records of the own unit; with collect_view_all those of all
    report_issue,
    journal_verify,
    account_manage,
    unit_manage,
    platform_operate,
    content_view,     // see columns, articles in work and pictures
    content_edit,     // write articles and submit them
    content_review,   // pass the first review, send back
    content_release,  // pass the final review: release, withdraw
    content_columns,  // make, change and end columns
    rules_view,       // see the editions of the rulebook and what they change
    rules_approve,    // put a proposed edition into force, or set it aside
    task_view,        // follow one's own long tasks; of all staff
    assess_view,      // see the quality figures of the own unit and of the county
    assess_view_all,  // with assess_view: those of all units
    assess_close,     // close a month or a quarter
    assess_appeal,    // for the own unit, against a closed figure
    assess_decide,    // decide upon appeals
    count_
};
std::string_view permission_name(Permission permission);
std::optional<Permission> permission_by_name(std::string_view name);

/// Which trace a call leaves. metered: counted only (public reads of public facts).
enum class Audit { metered, event };

struct Principal {
    std::string name = "anyone";  // "clerk:zhang", "operator", "clock", "anyone"
    std::string display_zh;
    std::string unit_code;  // of a staff account
    std::string session_id;
    std::vector<bool> permissions = std::vector<bool>(static_cast<int>(Permission::count_));
    bool may(Permission permission) const {
        return permission == Permission::anyone || permissions[static_cast<int>(permission)];
    }
    bool signed_in() const { return !session_id.empty() || name == "operator"; }
    /// Of which units it sees the batches and what hangs on them.
    struct Scope {
        bool all = false;
        std::string_view unit;  // without all: this one only; empty: none
        bool covers(std::string_view unit_code) const { return all || (!unit.empty() && unit == unit_code); }
    };
    Scope scope() const { return {may(Permission::collect_view_all), unit_code}; }
};

enum class FieldType { text, integer, number, boolean, date, file, object, list };  // number: only in replies
enum class Where { path, query, body };

struct Field {
    const char* name;
    FieldType type;
    const char* zh;
    const char* en;
    bool required = false;
    Where where = Where::query;
    const char* example = "";
    std::vector<Field> members = {};  // of object and list; a list of plain values has none
    bool audited = false;             // its value stands in the audit event: never personal data or a secret
    bool nullable = false;            // of a reply: an object that may be null
};

/// The decoded request of an endpoint: only its documented fields, of the right type, are in it. Objects and
/// lists are their JSON text, already checked against their members; booleans are "true" or "false".
class Input {
  public:
    std::string_view text(std::string_view name) const;  // empty when absent
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    bool boolean(std::string_view name) const;  // false when absent
    bool has(std::string_view name) const;
    void set(std::string name, std::string value);
    /// An uploaded file: its temporary path and the name the client gave.
    struct Upload {
        std::string path, file_name;
    };
    std::optional<Upload> upload(std::string_view name) const;
    void set_upload(std::string name, Upload upload);

  private:
    std::map<std::string, std::string, std::less<>> values_;
    std::map<std::string, Upload, std::less<>> uploads_;
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // Location, Set-Cookie, Content-Disposition
    std::string file;                                          // when set: this file is the body
    std::string gzip_file = {};                                // the same compressed, for those who take it
    /// Set: from now on the caller holds this session; empty: none. The gate makes the cookie.
    std::optional<std::string> session_token = std::nullopt;
    static Reply json(std::string body) { return {.body = std::move(body)}; }
    static Reply html(std::string body, int status = 200) {
        return {.status = status, .content_type = "text/html; charset=utf-8", .body = std::move(body)};
    }
    static Reply redirect(std::string location);  // 303
};

/// How a reader wants pages, which they keep in a cookie of their own: in large print; in large print on a
/// terminal in a hall, which strangers use one after another.
enum class Reading { normal, elder, kiosk };

/// Who asks, when, from where.
struct Call {
    const Principal& principal;
    Instant now;
    std::string_view address;      // of the client
    std::string_view language;     // "zh" or "en"
    std::string_view csrf_token;   // to be put into forms
    std::string_view target = {};  // path and query as asked, for links back to the same page
    Reading reading = Reading::normal;
    bool large_print() const { return reading != Reading::normal; }
    Date today() const { return now.date(); }
};

using ReadHandler = std::function<Result<Reply>(const Call&, const Input&, store::ReadTx&)>;
/// Runs inside the gate's write transaction; the gate seals the journal and commits.
using WriteHandler = std::function<Result<Reply>(const Call&, const Input&, store::Tx&)>;
/// Opens its own transactions (batches, reports); runs on the worker pool.
using LongHandler = std::function<Result<Reply>(const Call&, const Input&)>;

/// Runs work in the platform's one write transaction, together with other waiting work: its own savepoint,
/// one seal and one commit for all. Returns after the commit; on failure nothing of this work was stored. For
/// long handlers, which must not call it from within a transaction of their own.
using RunWrite = std::function<Result<void>(const std::function<Result<void>(store::Tx&)>& work)>;

struct Endpoint {
    Endpoint(const char* id, Method method, const char* path, Permission permission, Audit audit,
             const char* zh, const char* en, std::vector<Field> in, std::vector<Field> out,
             std::variant<ReadHandler, WriteHandler, LongHandler> handler)
        : id(id),
          method(method),
          path(path),
          permission(permission),
          audit(audit),
          zh(zh),
          en(en),
          in(std::move(in)),
          out(std::move(out)),
          handler(std::move(handler)) {}
    const char* id;  // "subject.show"
    Method method;
    const char* path;  // "/api/v1/subjects/{code}"
    Permission permission;
    Audit audit;
    const char* zh;  // one line: what it is for
    const char* en;
    std::vector<Field> in, out;
    std::variant<ReadHandler, WriteHandler, LongHandler> handler;
    bool page = false;      // an HTML page: not in openapi.json
    bool scripted = false;  // of the console: it runs scripts of this site, which call its API
    bool sign_in = false;   // guarded by the stricter rate limit of sign-in
    bool asset = false;     // a file out of memory that browsers keep: not rate-limited, for an office behind
                            // one address loads a page's dozen of them all at once
    bool lengthy = false;   // a read that may take more than some milliseconds: runs on the worker pool
    std::vector<Fault> refusals =
        {};  // its own ones, for openapi.json; the gate's common ones are added there
    const char* reply_type = "application/json";  // media type of success
    int reply_status = 200;                       // status of success
    std::int64_t body_limit_bytes = 64 << 10;
};

}  // namespace mingxin::api
