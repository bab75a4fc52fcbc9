// How near two names are, and in what they differ. Internal to this folder. Pure functions, thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "subject/subject.h"

namespace mingxin::subject {

/// Two characters in a row, packed.
using Pair = std::uint64_t;

/// A name prepared for comparing. What changes without making another firm is taken out of its kernel: the
/// legal form in full or short (有限责任公司, 股份有限公司, 公司), and the 省, 市, 县, 区 behind a place. The
/// places stand at the front, the brand (字号) behind them; both are guessed from the characters, no
/// gazetteer is asked.
struct ComparedName {
    std::u32string text;                 // normalised, cut to a bounded length
    std::u32string kernel;               // see above
    std::vector<Pair> pairs;             // of the kernel, ascending, distinct
    std::vector<std::uint32_t> sounds;   // of the kernel's characters (reading.h)
    std::vector<std::u32string> places;  // their first two characters
    std::size_t brand = 0;               // where in text it begins
};
/// normal: of normalise_name.
ComparedName compared_name(std::u32string_view normal);

/// Which of the pairs of a normalised name belong to words for a legal form and tell nobody apart: by the
/// place of their first character.
std::vector<bool> form_pairs(std::u32string_view normal);

/// How much a pair tells: the more, the fewer of the names that are looked at hold it.
class PairWeights {
  public:
    /// Once for each subject that is looked at; pairs ascending.
    void add(const std::vector<Pair>& pairs);
    double of(Pair pair) const;

  private:
    std::unordered_map<Pair, int> holders_;
    int subjects_ = 0;
};

/// 0..1; 1 only for equal texts. By shared pairs and edit distance of the kernels, where a character for one
/// that is read alike counts half, whether the places agree and whether the brands do. A branch and its head
/// office are less near than their names look: they are two registrants.
double likeness(const ComparedName& asked, const ComparedName& known, const PairWeights& weights);

/// One name continues the other as a branch's does: "甲公司鲁山分公司" and "甲公司".
bool is_branch_of(const ComparedName& branch, const ComparedName& head);

/// What to change in asked to get known, in order.
std::vector<Difference> differences(std::u32string_view asked, std::u32string_view known);

}  // namespace mingxin::subject
