// Subjects: the organisations that records are about, in three databases told apart by the prefix of their
// unified social credit code (enterprises, individual businesses as a class of their own, other
// organisations). Natural persons have no row here: their sealed vault is not built yet, and nothing of them
// can be stored. State is a projection of the journal: only SubjectProjection writes it. Functions are
// thread-safe.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace mingxin::subject {

/// The tables subject, subject_identifier, former_name.
std::span<const store::Table* const> tables();
const store::Table& subject_table();

struct Subject {
    std::int64_t id = 0;  // position of the journal row that made it known
    std::string code;     // unified social credit code
    std::string name;
    int base = 0;  // Base of identify.h as an integer
    std::optional<Date> established;
    std::string state;     // registration state; empty when not registered with us
    std::string industry;  // GB/T 4754, as the registration writes it; empty: unknown
    std::int64_t registration =
        0;  // position of the registration row in force; 0: known from other records only
};

struct FormerName {
    std::string name;
    std::int64_t position = 0;  // of the journal row that told it
};

/// Also finds a code written with repairable slips (full width, lower case, blanks).
Result<std::optional<Subject>> find_by_code(store::ReadTx& tx, std::int64_t tenant, std::string_view code);
/// All subjects that bear or bore exactly this name (normalised): namesakes are real.
struct NameMatch {
    Subject subject;
    bool former = false;
};
Result<std::vector<NameMatch>> find_by_name(store::ReadTx& tx, std::int64_t tenant, std::string_view name);
/// By registration number, organisation code or another older number.
Result<std::vector<Subject>> find_by_identifier(store::ReadTx& tx, std::int64_t tenant,
                                                std::string_view value);
/// Names that contain text (2+ characters): exact name first, then who bore exactly this name before, names
/// beginning with it, the others; each by length.
Result<std::vector<Subject>> search(store::ReadTx& tx, std::int64_t tenant, std::string_view text, int limit);
/// Characters of the name that was asked for and those that stand in their place in the known one; one of
/// them may be empty.
struct Difference {
    std::string asked, known;
};
/// A subject whose name is near to one that was asked for, and why it is proposed.
struct Suggestion {
    Subject subject;
    double likeness = 0;                  // 0..1; 1: the same name
    std::string name;                     // the nearest of the names that it bears or bore
    bool former = false;                  // it bore that name before
    std::vector<Difference> differences;  // in order, of the normalised names; empty: the same
    std::string reason_zh;  // one sentence: “名称相差1字：汇→申”, “与曾用名相同”
};
/// Whose names are near to text, for one that may be misspelt or shortened: the likest first, at most limit,
/// none where nothing is near. It only proposes: a name attaches nothing, a near one less (R6). A field that
/// holds several names gives those near to any of them; traditional characters are also asked for in their
/// simplified form. A branch is not its head office: that one comes behind, as somebody to look at.
Result<std::vector<Suggestion>> suggest(store::ReadTx& tx, std::int64_t tenant, std::string_view text,
                                        int limit);
/// What suggest would say of this subject, however far its names are.
Result<Suggestion> compare_names(store::ReadTx& tx, std::int64_t tenant, std::string_view text,
                                 const Subject& subject);
Result<std::vector<FormerName>> former_names(store::ReadTx& tx, std::int64_t tenant, std::string_view code);
/// Whether any subject is known at all.
Result<bool> any(store::ReadTx& tx, std::int64_t tenant);
struct BaseCounts {
    std::int64_t enterprises = 0, individual_businesses = 0, other_organisations = 0;
};
Result<BaseCounts> count(store::ReadTx& tx, std::int64_t tenant);

/// What an accepted row says about its subject.
struct Change {
    std::string_view code, name;
    bool creates = false;    // first row about this code
    bool registers = false;  // the row is a registration: name, state and founding date are taken from it
    std::optional<Date> established;
    std::string_view state, industry;
    std::string_view former_name;               // names it bore, as the row tells them, joined by ;
    std::vector<std::string_view> identifiers;  // older numbers
};

/// The writer of the tables: one per batch event, live and in rebuild alike. Rows are visible after finish().
class Writer {
  public:
    static Result<Writer> begin(store::Tx& tx, std::int64_t tenant, std::int64_t expected_rows);
    Writer(Writer&&) noexcept;
    ~Writer();
    Result<void> apply(const Change& change, std::int64_t position);
    Result<void> finish();

  private:
    struct Impl;
    explicit Writer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::subject
