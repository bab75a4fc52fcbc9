// Names near to a name. Two and three characters in a row are asked of the search index at each place of the
// name, and two such pieces at once where each alone is in too many names: a slip spoils few of these pieces,
// the others lead to the names that share them. Words for the legal form tell nothing and are left out. What
// is found is ordered by likeness (likeness.h), each subject by the nearest of the names that it bears or
// bore.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/text.h"
#include "subject/likeness.h"
#include "subject/name.h"
#include "subject/reading.h"
#include "subject/subject.h"
#include "subject/subject_row.h"
#include "subject/subject_sql.h"

namespace mingxin::subject {
namespace {

constexpr std::size_t kLongest = 40;     // characters of a name that are asked for; bounds the searches
constexpr std::size_t kMostNames = 4;    // of a field that holds several
constexpr int kCommon = 200;             // a piece in more names than that tells nothing by itself
constexpr int kCommonTogether = 40;      // the same of two pieces
constexpr std::size_t kMostCommon = 12;  // pieces of which two and two are asked for together
constexpr std::size_t kLookedAt = 256;   // names that are compared
constexpr double kLeastLikeness = 0.35;  // below it nobody would take one name for the other
constexpr std::size_t kMostTold = 6;     // differing characters that are worth a list

std::string to_utf8(std::u32string_view text) {
    std::string out;
    for (char32_t c : text) append_utf8(out, c);
    return out;
}

ComparedName compared(const std::string& name) {
    return compared_name(to_code_points(normalise_name(name)));
}

/// Subjects whose names share pieces with a name, by how much that tells.
class Sharing {
  public:
    explicit Sharing(store::ReadTx& tx) : tx_(tx) {}

    Result<void> ask(std::u32string_view name) {
        const std::vector<bool> of_form = form_pairs(name);
        std::vector<bool> common(name.size());
        std::vector<std::pair<std::size_t, std::string>> pieces;  // that are common: where, what
        for (std::size_t i = 0; i + 2 <= name.size(); ++i) {
            if (of_form[i]) continue;
            std::string piece = to_utf8(name.substr(i, 2));
            common[i] = !TRY(count({&piece, 1}, kCommon));
            if (common[i] && pieces.size() < kMostCommon) pieces.emplace_back(i, std::move(piece));
        }
        for (std::size_t i = 0; i + 3 <= name.size(); ++i) {
            if (!common[i] && !common[i + 1]) continue;  // what is rare was counted
            if (of_form[i] && of_form[i + 1]) continue;
            const std::string piece = to_utf8(name.substr(i, 3));
            TRY(count({&piece, 1}, kCommon));
        }
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            for (std::size_t j = i + 1; j < pieces.size(); ++j) {
                if (pieces[j].first < pieces[i].first + 2) continue;
                const std::string both[] = {pieces[i].second, pieces[j].second};
                TRY(count(both, kCommonTogether));
            }
        }
        return {};
    }

    std::vector<std::int64_t> best() const {
        std::vector<std::pair<double, std::int64_t>> order;
        for (const auto& [id, weight] : shared_) order.emplace_back(-weight, id);
        std::sort(order.begin(), order.end());
        std::vector<std::int64_t> ids;
        for (std::size_t i = 0; i < std::min(order.size(), kLookedAt); ++i) ids.push_back(order[i].second);
        return ids;
    }

  private:
    /// False when more than most names hold the pieces: then they count for nothing.
    Result<bool> count(std::span<const std::string> pieces, int most) {
        const std::vector<std::string_view> texts(pieces.begin(), pieces.end());
        const auto ids = TRY(tx_.search(subject_table(), texts, most + 1));
        if (static_cast<int>(ids.size()) > most) return false;
        for (std::int64_t id : ids) shared_[id] += 1 / std::log(2.0 + static_cast<double>(ids.size()));
        return true;
    }

    store::ReadTx& tx_;
    std::unordered_map<std::int64_t, double> shared_;
};

struct KnownName {
    std::string name;
    ComparedName compared;
    bool former = false;
};

struct Candidate {
    Subject subject;
    std::vector<KnownName> names;  // the registered one first
};

KnownName known_name(std::string name, bool former) {
    ComparedName form = compared(name);
    return {std::move(name), std::move(form), former};
}

Result<Candidate> candidate_of(store::ReadTx& tx, std::int64_t tenant, Subject subject) {
    Candidate one{std::move(subject), {}};
    one.names.push_back(known_name(one.subject.name, false));
    std::vector<std::string> parts = names_in(one.subject.name);
    if (parts.size() > 1) {
        for (std::string& part : parts) one.names.push_back(known_name(std::move(part), false));
    }
    for (FormerName& old : TRY(former_names(tx, tenant, one.subject.code))) {
        one.names.push_back(known_name(std::move(old.name), true));
    }
    return one;
}

Suggestion compare(const ComparedName& asked, const Candidate& one, const PairWeights& weights) {
    Suggestion best{one.subject, -1, {}, false, {}, {}};
    for (const KnownName& known : one.names) {
        const double near = likeness(asked, known.compared, weights);
        if (near <= best.likeness) continue;
        best.likeness = near;
        best.name = known.name;
        best.former = known.former;
    }
    return best;
}

/// "汇→申", "鸿→泓（同音）", "少“市”", "多“县”", joined.
std::string told(const std::vector<Difference>& list) {
    std::string text;
    for (const Difference& one : list) {
        text += text.empty() ? "" : "，";
        if (one.asked.empty()) {
            text += "少“" + one.known + "”";
        } else if (one.known.empty()) {
            text += "多“" + one.asked + "”";
        } else {
            text += one.asked + "→" + one.known;
            if (readings(to_code_points(one.asked)) == readings(to_code_points(one.known)))
                text += "（同音）";
        }
    }
    return text;
}

/// Fills what a person needs to judge the suggestion. asked: as it was written.
void explain(const ComparedName& asked, Suggestion& one) {
    const ComparedName known = compared(one.name);
    const bool part = !one.former && one.name != one.subject.name;
    const std::string which = one.former ? "曾用名" : part ? "登记名称中的一个名称" : "登记名称";
    one.differences = differences(asked.text, known.text);
    const std::size_t distance = edit_distance(asked.text, known.text, asked.text.size() + known.text.size());
    if (one.likeness == 1) {
        one.reason_zh = "与" + which + (distance == 0 ? "相同" : "只有繁体与简体之别");
    } else if (is_branch_of(asked, known)) {
        one.reason_zh = "只与总公司的" + which + "相符，分支机构是另一个主体";
    } else if (is_branch_of(known, asked)) {
        one.reason_zh = "它的" + which + "像是其分支机构，分支机构是另一个主体";
    } else if (distance <= kMostTold) {
        const std::string begin = one.former || part ? "与" + which + "“" + one.name + "”" : "名称";
        one.reason_zh = begin + "相差" + std::to_string(distance) + "字：" + told(one.differences);
    } else if (asked.kernel == known.kernel) {
        one.reason_zh = "与" + which + "只差组织形式或地名的写法";
    } else {
        one.reason_zh =
            "与" + which + "“" + one.name + "”" + (one.likeness < kLeastLikeness ? "相差较大" : "部分相同");
    }
}

struct Asked {
    std::string name;
    std::string written;  // differs when its characters are traditional
};

bool comes_before(const Suggestion& a, const Suggestion& b) {
    if (a.likeness != b.likeness) return a.likeness > b.likeness;
    return a.former != b.former ? b.former : a.subject.id < b.subject.id;
}

Result<std::vector<Suggestion>> near(store::ReadTx& tx, std::int64_t tenant, const Asked& ask,
                                     std::size_t most) {
    const std::u32string normal = to_code_points(normalise_name(ask.name));
    const ComparedName asked = compared_name(normal), written = compared(ask.written);
    std::vector<Candidate> candidates;
    for (NameMatch& match : TRY(find_by_name(tx, tenant, ask.name))) {
        candidates.push_back(TRY(candidate_of(tx, tenant, std::move(match.subject))));
    }
    Sharing sharing(tx);
    TRY(sharing.ask(std::u32string_view(normal).substr(0, kLongest)));
    for (std::int64_t id : sharing.best()) {
        const bool taken = std::any_of(candidates.begin(), candidates.end(),
                                       [&](const Candidate& one) { return one.subject.id == id; });
        if (taken) continue;
        std::optional<Subject> subject;
        {
            auto rows = TRY(tx.query(sql::kFindById, {id}));
            if (TRY(rows.next())) subject = read_subject(rows);
        }
        if (subject) candidates.push_back(TRY(candidate_of(tx, tenant, std::move(*subject))));
    }
    PairWeights weights;
    for (const Candidate& one : candidates) weights.add(one.names.front().compared.pairs);
    std::vector<Suggestion> found;
    for (const Candidate& one : candidates) {
        Suggestion suggestion = compare(asked, one, weights);
        if (suggestion.likeness >= kLeastLikeness) found.push_back(std::move(suggestion));
    }
    std::sort(found.begin(), found.end(), comes_before);
    if (found.size() > most) found.resize(most);
    for (Suggestion& one : found) explain(written, one);
    return found;
}

/// The names that a field holds, and the same in simplified characters where it has others.
std::vector<Asked> asked_names(std::string_view text) {
    std::vector<std::string> names = names_in(text);
    names.resize(std::min(names.size(), kMostNames));
    std::vector<Asked> all;
    for (std::string& name : names) {
        std::string simple = simplified(name);
        if (simple != name) all.push_back({std::move(simple), name});
        all.push_back({name, name});
    }
    return all;
}

}  // namespace

Result<std::vector<Suggestion>> suggest(store::ReadTx& tx, std::int64_t tenant, std::string_view text,
                                        int limit) {
    std::vector<Suggestion> all, found;
    const std::size_t most = limit > 0 ? static_cast<std::size_t>(limit) : 0;
    for (const Asked& ask : asked_names(text)) {
        for (Suggestion& one : TRY(near(tx, tenant, ask, most))) all.push_back(std::move(one));
    }
    std::stable_sort(all.begin(), all.end(), comes_before);
    for (Suggestion& one : all) {
        const bool known = std::any_of(found.begin(), found.end(), [&](const Suggestion& other) {
            return other.subject.id == one.subject.id;
        });
        if (!known && found.size() < most) found.push_back(std::move(one));
    }
    return found;
}

Result<Suggestion> compare_names(store::ReadTx& tx, std::int64_t tenant, std::string_view text,
                                 const Subject& subject) {
    const Candidate one = TRY(candidate_of(tx, tenant, subject));
    PairWeights weights;
    weights.add(one.names.front().compared.pairs);
    Suggestion best;
    for (const Asked& ask : asked_names(text)) {
        Suggestion next = compare(compared(ask.name), one, weights);
        if (!best.name.empty() && next.likeness <= best.likeness) continue;
        explain(compared(ask.written), next);
        best = std::move(next);
    }
    return best;
}

}  // namespace mingxin::subject
