// Names near to a name. Three characters in a row are asked of the search index at each place of the name: a
// slip spoils few of these pieces, the others lead to the names that share them. Pieces that very many names
// hold (有限公司) tell nothing and are left out. What is found is ordered by the pairs of characters that it
// shares with the name, each counted the more the fewer of the found names have it.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.h"
#include "subject/name.h"
#include "subject/subject.h"
#include "subject/subject_row.h"
#include "subject/subject_sql.h"

namespace mingxin::subject {
namespace {

constexpr std::size_t kPiece = 3;
constexpr std::size_t kLongest = 40;     // characters of a name that are looked at; bounds the searches
constexpr std::size_t kMostNames = 4;    // of a field that holds several
constexpr int kCommon = 200;             // a piece in more names than that tells nothing
constexpr std::size_t kLookedAt = 64;    // names that are compared
constexpr double kLeastLikeness = 0.25;  // below it nobody would take one name for the other
constexpr double kWeightOfDistance = 0.3;

using Pairs = std::set<std::u32string>;

Pairs pairs_of(std::u32string_view text) {
    Pairs pairs;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) pairs.emplace(text.substr(i, 2));
    return pairs;
}

std::string to_utf8(std::u32string_view text) {
    std::string out;
    for (char32_t c : text) append_utf8(out, c);
    return out;
}

/// The subjects whose names share pieces with the name, by how much that tells.
Result<std::vector<std::int64_t>> sharing(store::ReadTx& tx, std::u32string_view name) {
    std::map<std::int64_t, double> shared;
    const std::size_t width = std::min(kPiece, name.size());
    for (std::size_t i = 0; width >= 2 && i + width <= name.size(); ++i) {
        const std::string piece = to_utf8(name.substr(i, width));
        const auto ids = TRY(tx.search(subject_table(), piece, kCommon + 1));
        if (ids.size() > kCommon) continue;
        for (std::int64_t id : ids) shared[id] += 1 / std::log(2.0 + static_cast<double>(ids.size()));
    }
    std::vector<std::pair<double, std::int64_t>> order;
    for (const auto& [id, weight] : shared) order.emplace_back(-weight, id);
    std::sort(order.begin(), order.end());
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < std::min(order.size(), kLookedAt); ++i) ids.push_back(order[i].second);
    return ids;
}

struct Candidate {
    Subject subject;
    std::u32string name;
    Pairs pairs;
    double likeness = 0;
};

void weigh(std::u32string_view name, std::vector<Candidate>& candidates) {
    std::map<std::u32string, int> holders;
    for (const Candidate& one : candidates) {
        for (const std::u32string& pair : one.pairs) ++holders[pair];
    }
    const double all = static_cast<double>(candidates.size()) + 2;
    const auto weight = [&](const std::u32string& pair) {
        const auto found = holders.find(pair);
        return std::log(all / (1.0 + (found == holders.end() ? 0 : found->second))) + 0.1;
    };
    const Pairs own = pairs_of(name);
    double own_weight = 0;
    for (const std::u32string& pair : own) own_weight += weight(pair);
    for (Candidate& one : candidates) {
        double sum = own_weight, shared = 0;
        for (const std::u32string& pair : one.pairs) {
            const double counted = weight(pair);
            sum += counted;
            if (own.contains(pair)) shared += counted;
        }
        const double longest = static_cast<double>(std::max<std::size_t>({name.size(), one.name.size(), 1}));
        const double distance =
            static_cast<double>(edit_distance(name, one.name, name.size() + one.name.size()));
        one.likeness = sum > 0 ? 2 * shared / sum : 0;
        if (one.likeness >= kLeastLikeness) one.likeness += kWeightOfDistance * (1 - distance / longest);
    }
}

Result<std::vector<Candidate>> near(store::ReadTx& tx, std::u32string_view name) {
    std::vector<Candidate> candidates;
    for (std::int64_t id : TRY(sharing(tx, name))) {
        auto rows = TRY(tx.query(sql::kFindById, {id}));
        if (!TRY(rows.next())) continue;
        Candidate one{read_subject(rows), {}, {}, 0};
        one.name = to_code_points(normalise_name(one.subject.name));
        one.name.resize(std::min(one.name.size(), 2 * kLongest));
        one.pairs = pairs_of(one.name);
        candidates.push_back(std::move(one));
    }
    weigh(name, candidates);
    std::erase_if(candidates, [](const Candidate& one) { return one.likeness < kLeastLikeness; });
    return candidates;
}

}  // namespace

Result<std::vector<Subject>> suggest(store::ReadTx& tx, std::string_view text, int limit) {
    std::vector<Candidate> all;
    std::vector<std::string> names = names_in(text);
    names.resize(std::min(names.size(), kMostNames));
    for (const std::string& one : names) {
        std::u32string name = to_code_points(normalise_name(one));
        name.resize(std::min(name.size(), kLongest));
        for (Candidate& candidate : TRY(near(tx, name))) all.push_back(std::move(candidate));
    }
    std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
        return a.likeness != b.likeness ? a.likeness > b.likeness : a.subject.id < b.subject.id;
    });
    std::vector<Subject> found;
    for (Candidate& one : all) {
        const bool known = std::any_of(found.begin(), found.end(),
                                       [&](const Subject& other) { return other.id == one.subject.id; });
        if (!known && static_cast<int>(found.size()) < limit) found.push_back(std::move(one.subject));
    }
    return found;
}

}  // namespace mingxin::subject
