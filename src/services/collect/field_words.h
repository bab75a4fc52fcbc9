// What a field asks for, in words for people who fill in a table. Pure. Internal to collect.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

std::string_view requirement_zh(const rulebook::Field& field);  // 必填, 视情况必填, 选填
std::string_view type_zh(const rulebook::Field& field);     // 文本, 日期, 金额, 单选, 多选, 代码
std::string_view sharing_zh(const rulebook::Field& field);  // 社会公开, 政务共享 ...
/// "2至200个字", "18位"; empty: no bound.
std::string length_zh(const rulebook::Field& field);
/// How a value is written, and of a closed list the values in force.
std::string values_zh(const rulebook::Item& item, const rulebook::Field& field, Date today);
/// The values that a drop-down offers: those in force that stand for themselves. Empty where there can't be
/// one.
std::vector<std::string> choices_of(const rulebook::Item& item, const rulebook::Field& field, Date today);
/// Said when something else is typed, where the list has 其他; empty: nothing else may be.
std::string other_choice_zh(const rulebook::Field& field);
/// When it must be filled, what happens without it, what is done with it.
std::string remarks_zh(const rulebook::Item& item, int field, Date today);
/// "列名也可以写：…"; empty: no other.
std::string other_names_zh(const rulebook::Field& field);
/// The sources of the checks that mark this field, the item's own where none does.
std::string basis_zh(const rulebook::Item& item, int field, Date today);
std::string basis_zh(const rulebook::Basis& basis);  // with what is not confirmed marked as such

/// The header of a column; what must be filled begins with *, which reading passes over.
std::string marked_header(const rulebook::Field& field);
/// All of the above in some lines, for the comment on the header.
std::string comment_zh(const rulebook::Item& item, int field, std::string_view example, Date today);

}  // namespace mingxin::collect
