// Names of organisations: one form for comparing, and the several names that one field may hold. A name alone
// never attaches a record to a subject (rules 5.5). Input is UTF-8. Pure functions, thread-safe.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace mingxin::subject {

/// For comparing only, never shown: names whose normal forms are equal are the same name. NFKC, case folded,
/// all brackets as (), quotes, dots and dashes in one form each, 〇 as 0; blanks, private-use characters and
/// stops at the end are dropped. Normalising twice equals once.
std::string normalise_name(std::string_view name);

/// The names in a field that holds a second, subordinate, short or former name as well, the registered one
/// first: "第一名称:A 第二名称:B", "A(第二名称:B)", "A（原名：B）", "A（曾用名B、C）", "A(简称B)", "A(原B)",
/// "1.A2.B" give A and B. A plain name gives itself, trimmed. Never empty.
std::vector<std::string> names_in(std::string_view field);

/// 0..100 by edit distance of the normal forms in code points; 100 only when they are equal. For ordering
/// candidates: high between namesakes and neighbours too, so it decides nothing.
int name_similarity(std::string_view a, std::string_view b);

}  // namespace mingxin::subject
