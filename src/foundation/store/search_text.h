// How text is compared in a search: folded, then cut into bigrams of characters. Pure functions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::store {

/// ASCII lower case, full width to half width, blanks dropped. A character becomes one character or none.
/// Bytes that are not UTF-8 are dropped.
void fold_search_text(std::string_view text, std::string& out);
std::string fold_search_text(std::string_view text);

/// The distinct bigrams of a folded text, as UTF-8; empty for a text of fewer than two characters.
std::vector<std::string> bigrams(std::string_view folded);

/// The distinct bigrams of several folded texts.
std::vector<std::string> bigrams_of_all(const std::vector<std::string>& folded);

/// A bigram as PostgreSQL indexes it: the low 16 bits of both characters.
int packed_bigram(std::string_view bigram);

/// The characters that folding changes, for translate() of SQL: from[i] becomes to[i], what is beyond the end
/// of to is dropped.
struct FoldTable {
    std::string from;
    std::string to;
};
const FoldTable& fold_table();

}  // namespace mingxin::store
