#include "collect/header_words.h"

#include <algorithm>

#include "base/text.h"
#include "rulebook/rulebook.h"

namespace mingxin::collect {

namespace {

/// Left is written where right is meant. Longer ones first.
constexpr std::pair<std::string_view, std::string_view> kSameWords[] = {
    {"年月日", "日期"}, {"时间", "日期"}, {"日子", "日期"},       {"文书编号", "文号"},
    {"文书号", "文号"}, {"号码", "号"},   {"编号", "号"},         {"名字", "名称"},
    {"全称", "名称"},   {"数额", "金额"}, {"款项", "金额"},       {"类型", "类别"},
    {"种类", "类别"},   {"事由", "事实"}, {"到期", "截止"},       {"失效", "截止"},
    {"终止", "截止"},   {"法规", "依据"}, {"老板", "法定代表人"}, {"法人代表", "法定代表人"},
};

double shared(std::u32string a, std::u32string b, std::size_t gram) {
    if (a.size() < gram || b.size() < gram) return 0;
    const auto grams = [gram](const std::u32string& text) {
        std::vector<std::u32string> all;
        for (std::size_t i = 0; i + gram <= text.size(); ++i) all.push_back(text.substr(i, gram));
        std::sort(all.begin(), all.end());
        return all;
    };
    const auto left = grams(a), right = grams(b);
    std::vector<std::u32string> both;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
    return 2.0 * static_cast<double>(both.size()) / static_cast<double>(left.size() + right.size());
}

}  // namespace

std::u32string comparable_name(std::string_view header) {
    std::string name = rulebook::fold_header(header);
    if (const std::size_t bracket = name.find('('); bracket != std::string::npos && bracket > 0) {
        const std::size_t closing = name.find(')', bracket);
        name.erase(bracket, closing == std::string::npos ? std::string::npos : closing + 1 - bracket);
    }
    for (const auto& [written, meant] : kSameWords) {
        for (std::size_t at = name.find(written); at != std::string::npos;
             at = name.find(written, at + meant.size()))
            name.replace(at, written.size(), meant);
    }
    return to_code_points(name);
}

double likeness(const std::u32string& a, const std::u32string& b) {
    if (a.empty() || b.empty()) return 0;
    if (a == b) return 1;
    const std::u32string& longer = a.size() >= b.size() ? a : b;
    const std::u32string& shorter = a.size() >= b.size() ? b : a;
    const double part = static_cast<double>(shorter.size()) / static_cast<double>(longer.size());
    const bool contained = shorter.size() >= 2 && longer.find(shorter) != std::u32string::npos;
    const double by_part = contained ? 0.55 + 0.45 * part : 0;
    const double by_characters = 0.5 * shared(a, b, 1) + 0.5 * shared(a, b, 2);
    const double distance = static_cast<double>(edit_distance(a, b, longer.size()));
    const double by_distance = 0.9 * (1 - distance / static_cast<double>(longer.size()));
    return std::max({by_part, by_characters, by_distance});
}

}  // namespace mingxin::collect
