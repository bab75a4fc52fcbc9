#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "quality/amount.h"
#include "quality/numeral.h"
#include "quality/value_parse.h"

namespace mingxin::quality {
namespace {

using Text = std::u32string_view;
constexpr std::size_t longest_text = 64 * 1024;  // bytes; a decision is far shorter

// One amount found: [begin, end) of the text, with its currency marks.
struct Found {
    std::size_t begin = 0, end = 0;
    ParsedMoney money;
    bool has_yuan = false;  // 元, 圆 or a currency sign says that it is money
    bool has_unit = false;  // or at least 万, 千 ...
    bool in_brackets = false;
};

bool starts(Text text, Text word) {
    return text.substr(0, word.size()) == word;
}

bool starts_any(Text text, std::span<const Text> words) {
    return std::any_of(words.begin(), words.end(), [&](Text word) { return starts(text, word); });
}

bool ends_any(Text text, std::span<const Text> words) {
    return std::any_of(words.begin(), words.end(), [&](Text word) {
        return text.size() >= word.size() && text.substr(text.size() - word.size()) == word;
    });
}

bool contains_any(Text text, std::span<const Text> words) {
    return std::any_of(words.begin(), words.end(), [&](Text word) { return text.find(word) != text.npos; });
}

bool is_yuan(char32_t c) {
    return c == U'元' || c == U'圆' || c == U'圓';
}
bool is_sign(char32_t c) {
    return c == U'¥' || c == U'￥';
}
bool is_ascii_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}

// A comma between digits parts threes (15,000) or, before a unit of money, parts them wrongly (1,5000元: then
// nobody knows what was meant). Any other ends the clause.
bool parts_digits(Text text, std::size_t comma) {
    std::size_t end = comma + 1;
    while (end < text.size() && is_ascii_digit(text[end])) ++end;
    if (end - comma == 4) return true;
    return end < text.size() && (is_yuan(text[end]) || chinese_unit(text[end]) > 0);
}

bool in_amount(Text text, std::size_t at) {
    char32_t c = text[at];
    if (chinese_digit(c) >= 0 || chinese_unit(c) > 0 || is_yuan(c)) return true;
    bool between =
        at > 0 && at + 1 < text.size() && is_ascii_digit(text[at - 1]) && is_ascii_digit(text[at + 1]);
    if (c == U'.') return between;
    return c == U',' && between && parts_digits(text, at);
}

// 角 and 分 belong to an amount only after a digit that follows the yuan (or a lone 五角).
std::size_t with_small_money(Text text, std::size_t end) {
    if (end < text.size() && text[end] == U'角' && chinese_digit(text[end - 1]) >= 0) {
        ++end;
        std::size_t at = end;
        while (at < text.size() && chinese_digit(text[at]) >= 0) ++at;
        if (at > end && at < text.size() && text[at] == U'分') end = at + 1;
    } else if (end < text.size() && text[end] == U'分' && chinese_digit(text[end - 1]) >= 0 && end >= 2 &&
               (is_yuan(text[end - 2]) || chinese_digit(text[end - 2]) >= 0)) {
        ++end;
    }
    return end;
}

// "肆千(¥4000)元": the yuan after the brackets belongs to the words before.
bool yuan_after_brackets(Text rest) {
    if (rest.empty() || rest[0] != U'(') return false;
    auto close = rest.find(U')');
    return close != rest.npos && close < 24 && close + 1 < rest.size() && is_yuan(rest[close + 1]);
}

Found read_amount(Text text, std::size_t begin) {
    Found out;
    out.begin = begin;
    std::size_t end = begin;
    while (end < text.size() && in_amount(text, end)) {
        bool yuan = is_yuan(text[end]);
        out.has_yuan = out.has_yuan || yuan;
        ++end;
        // After the yuan only one digit before 角 or 分, or 零 and one, still belongs.
        if (yuan) {
            std::size_t at = end;
            while (at < text.size() && at < end + 2 && chinese_digit(text[at]) >= 0) ++at;
            bool small = at > end && at < text.size() && (text[at] == U'角' || text[at] == U'分');
            if (small) end = at;
            break;
        }
    }
    end = with_small_money(text, end);
    Text body = text.substr(begin, end - begin);
    out.has_unit =
        out.has_yuan || std::any_of(body.begin(), body.end(), [](char32_t c) { return chinese_unit(c) > 0; });
    out.has_yuan = out.has_yuan || (begin > 0 && is_sign(text[begin - 1])) ||
                   starts(text.substr(end), U"人民币") || yuan_after_brackets(text.substr(end));
    out.money = evaluate_amount(body, MoneyUnit::yuan);
    if (end < text.size() && (text[end] == U'整' || text[end] == U'正')) ++end;
    out.end = end;
    return out;
}

std::vector<Found> find_amounts(Text text) {
    std::vector<Found> out;
    bool brackets = false;
    for (std::size_t at = 0; at < text.size();) {
        char32_t c = text[at];
        if (c == U'(' || c == U')') brackets = c == U'(';
        bool begins = chinese_digit(c) >= 0 || chinese_unit(c) > 0;
        if (!begins) {
            ++at;
            continue;
        }
        Found found = read_amount(text, at);
        found.in_brackets = brackets;
        out.push_back(found);
        at = found.end;
    }
    return out;
}

// Where the clause of position at begins: after 。 ; or the item before.
std::size_t clause_begin(Text text, std::size_t at) {
    while (at > 0 && text[at - 1] != U'。' && text[at - 1] != U';') --at;
    return at;
}

// The words right before an amount, without what may stand between: currency words, colons, brackets'
// content.
Text before(Text text, std::size_t begin) {
    static constexpr std::array<Text, 15> between = {U"人民币", U"¥",    U"￥",   U":",      U"(大写)",
                                                     U"大写",   U"小写", U"计",   U"为",     U"即",
                                                     U"共",     U";",    U"金额", U"金额为", U","};
    Text head = text.substr(0, begin);
    for (bool again = true; again;) {
        again = false;
        for (Text word : between) {
            if (head.size() >= word.size() && head.substr(head.size() - word.size()) == word) {
                head.remove_suffix(word.size());
                again = true;
            }
        }
    }
    return head;
}

Text after(Text text, std::size_t end) {
    Text rest = text.substr(end);
    for (bool again = true; again;) {
        again = false;
        if (starts(rest, U"人民币")) rest.remove_prefix(3), again = true;
        if (starts(rest, U"整") || starts(rest, U"的")) rest.remove_prefix(1), again = true;
        if (starts(rest, U"(")) {
            auto close = rest.find(U')');
            if (close != rest.npos && close < 24) rest.remove_prefix(close + 1), again = true;
        }
        if (!rest.empty() && is_yuan(rest[0])) rest.remove_prefix(1), again = true;
    }
    return rest;
}

bool punished_before(Text head) {
    static constexpr std::array<Text, 12> words = {U"罚款", U"处罚", U"罚金",   U"处以", U"并处",   U"罚",
                                                   U"处",   U"给予", U"罚款额", U"决定", U"罚款共", U"各"};
    return ends_any(head, words);
}

bool punished_after(Text rest) {
    static constexpr std::array<Text, 4> words = {U"罚款", U"处罚", U"罚金", U"行政处罚"};
    return starts_any(rest, words);
}

// 上述罚款5万元应于...缴纳: the same fine once more.
bool told_again(Text head) {
    static constexpr std::array<Text, 6> words = {U"上述罚款", U"该罚款", U"前述罚款",
                                                  U"以上罚款", U"将罚款", U"此罚款"};
    return ends_any(head, words);
}

// 每日罚款1万元: a rate, and 加处: what comes on top when the fine is paid late.
bool is_rate(Text text, const Found& found) {
    static constexpr std::array<Text, 7> words = {U"每日", U"每天", U"每吨", U"每台",
                                                  U"每辆", U"每件", U"加处"};
    std::size_t from = found.begin;
    while (from > 0 && found.begin - from < 24 && Text(U",。;").find(text[from - 1]) == Text::npos) --from;
    return contains_any(text.substr(from, found.begin - from), words);
}

// The range of a law, or the basis of a computation: not what this decision imposes.
bool not_imposed(Text text, const Found& found) {
    static constexpr std::array<Text, 12> range_after = {
        U"以下",       U"以上",       U"以内", U"至",     U"罚款的规定", U"罚款的裁量",
        U"罚款的标准", U"罚款的幅度", U"改为", U"变更为", U"调整为",     U"减为"};
    static constexpr std::array<Text, 10> range_before = {
        U"以上", U"以上至", U"至", U"最高", U"不超过", U"不低于", U"可处", U"可并处", U"可以处", U"可以并处"};
    static constexpr std::array<Text, 22> basis_before = {
        U"投资额", U"总投资", U"投资", U"价款", U"违法所得", U"货值", U"收入", U"营业额",
        U"销售额", U"合同价", U"造价", U"财物", U"注册资本", U"应缴", U"价值", U"利润",
        U"所得",   U"保证金", U"损失", U"赔偿", U"税款",     U"费"};
    Text rest = after(text, found.end), head = before(text, found.begin);
    if (told_again(head) || is_rate(text, found)) return true;
    while (!head.empty() && (head.back() == U'(' || head.back() == U'额' || head.back() == U'款')) {
        if (ends_any(head, basis_before) || head.back() != U'(') break;
        head.remove_suffix(1);
    }
    return starts_any(rest, range_after) || ends_any(head, range_before) || ends_any(head, basis_before);
}

// The words from the clause's beginning, or from 16 characters before the amount.
Text words_before(Text text, const Found& found) {
    std::size_t from = found.begin > 16 ? found.begin - 16 : 0;
    from = std::max(from, clause_begin(text, found.begin));
    return text.substr(from, found.begin - from);
}

bool is_total(Text text, const Found& found) {
    static constexpr std::array<Text, 12> words = {U"合计", U"共计", U"总计", U"共处",     U"合并", U"累计",
                                                   U"合处", U"总共", U"共罚", U"并罚款共", U"合罚", U"综上"};
    static constexpr std::array<Text, 4> right_before = {U"共", U"共人民币", U"共¥", U"共￥"};
    Text head = words_before(text, found);
    return contains_any(head, words) || ends_any(head, right_before);
}

// 罚没款合计: the total has the confiscation in it.
bool has_confiscation(Text text, const Found& found) {
    static constexpr std::array<Text, 2> words = {U"罚没", U"没收"};
    return contains_any(words_before(text, found), words);
}

// 没收违法所得5000元.
bool is_confiscated(Text text, const Found& found) {
    std::size_t from = found.begin;
    while (from > 0 && found.begin - from < 40 && Text(U",。;").find(text[from - 1]) == Text::npos) --from;
    Text head = text.substr(from, found.begin - from);
    return head.find(U"没收") != head.npos && head.find(U'罚') == head.npos;
}

// A decision without the word 罚: 责令停止使用,陆仟元整 or 2、贰拾万元. The amount is a clause of its own at
// the end.
bool closes_text(Text text, const Found& found) {
    static constexpr std::array<Text, 3> words = {U"处", U"处以", U"并处"};
    bool begins = found.begin == 0 || Text(U",。;:、").find(text[found.begin - 1]) != Text::npos ||
                  ends_any(before(text, found.begin), words);
    return begins && after(text, found.end).size() <= 1;
}

// A fine on the person in charge is that person's, not the party's.
bool on_person(Text text, const Found& found) {
    static constexpr std::array<Text, 6> words = {U"负责人",   U"责任人",     U"主管人员",
                                                  U"责任人员", U"法定代表人", U"经营者个人"};
    std::size_t from = found.begin;
    while (from > 0 && found.begin - from < 40 && Text(U",。;").find(text[from - 1]) == Text::npos) --from;
    return contains_any(text.substr(from, found.begin - from), words);
}

// An amount counts when it is money by its own mark or stands right at the word 罚.
bool is_fine(Text text, const Found& found, bool alone) {
    if (found.money.verdict == MoneyVerdict::unreadable && !found.has_yuan) return false;
    if (not_imposed(text, found) || on_person(text, found)) return false;
    Text head = before(text, found.begin), rest = after(text, found.end);
    if (punished_after(rest)) return found.has_unit || found.has_yuan;
    if (alone) return true;
    Text clause = text.substr(clause_begin(text, found.begin), found.begin - clause_begin(text, found.begin));
    if (found.has_yuan) {
        if (text.find(U'罚') == text.npos) return closes_text(text, found);
        return clause.find(U'罚') != clause.npos || punished_before(head) || text.find(U'罚') < found.begin;
    }
    // 罚款5万, 罚款50000: nothing that is counted may follow, and it is no list number (二、 or 2、).
    if (!found.has_unit && found.money.fen < 100'00) return false;
    bool ends = rest.empty() || Text(U",。;、)(.!\"”").find(rest[0]) != Text::npos;
    return ends && punished_before(head) && !ends_any(head, std::array<Text, 2>{U"处", U"决定"});
}

std::u32string normalised(std::string_view text) {
    return plain_numerals(to_code_points(to_half_width(remove_blanks(text))));
}

// The digits in the brackets right after an amount: 壹万元(¥10000.00).
const Found* echo(const std::vector<Found>& amounts, std::size_t i, Text text) {
    if (i + 1 >= amounts.size()) return nullptr;
    Text gap = text.substr(amounts[i].end, amounts[i + 1].begin - amounts[i].end);
    bool bracketed = amounts[i + 1].in_brackets && !amounts[i].in_brackets && gap.find(U'(') != gap.npos;
    bool close = gap.size() <= 8 && (bracketed || gap.find(U"小写") != gap.npos) &&
                 gap.find_first_not_of(U"(¥￥人民币大小写即:元圆整正。,罚款的处") == gap.npos;
    bool same_kind = amounts[i + 1].has_yuan || amounts[i + 1].money.fen >= 10000;
    return close && same_kind && amounts[i + 1].money.verdict == MoneyVerdict::ok ? &amounts[i + 1] : nullptr;
}

// Adds up the fines of one text. A total takes the place of what it sums.
class Fines {
  public:
    void confiscate(const ParsedMoney& money) {
        if (money.verdict == MoneyVerdict::ok) confiscated_fen_ += money.fen;
    }

    bool add(const ParsedMoney& money) {
        if (__builtin_add_overflow(group_fen_, money.fen, &group_fen_)) return false;
        note(money);
        return true;
    }

    // With the confiscation in it, it says nothing new; of the last fines only, it closes their group.
    bool total(const ParsedMoney& money, bool with_confiscation) {
        std::int64_t all_fen = 0;
        if (__builtin_add_overflow(settled_fen_, group_fen_, &all_fen)) return false;
        if (with_confiscation) return true;
        if (any_ && confiscated_fen_ > 0 && money.fen - all_fen == confiscated_fen_) return true;
        bool own_group = settled_fen_ > 0 && group_fen_ == money.fen;
        settled_fen_ = own_group ? all_fen : money.fen;
        group_fen_ = 0;
        if (!own_group) result_ = MoneyVerdict::absent;  // what the total says settles a slip before it
        note(money);
        return true;
    }

    ParsedMoney result() const {
        ParsedMoney out{result_, 0};
        if (!any_) return {MoneyVerdict::absent, 0};
        if (__builtin_add_overflow(settled_fen_, group_fen_, &out.fen)) return {MoneyVerdict::too_large, 0};
        return out;
    }

  private:
    void note(const ParsedMoney& money) {
        any_ = true;
        if (result_ != MoneyVerdict::contradictory) result_ = money.verdict;
    }
    std::int64_t settled_fen_ = 0, group_fen_ = 0, confiscated_fen_ = 0;
    MoneyVerdict result_ = MoneyVerdict::absent;
    bool any_ = false;
};

// The amount, checked against the digits beside it.
ParsedMoney with_echo(const ParsedMoney& money, const Found* digits) {
    if (digits == nullptr) return money;
    bool differ = money.verdict != MoneyVerdict::ok || money.fen != digits->money.fen;
    return {differ ? MoneyVerdict::contradictory : MoneyVerdict::ok, digits->money.fen};
}

}  // namespace

ParsedMoney fine_in_text(std::string_view raw) {
    if (raw.size() > longest_text || is_placeholder(raw)) return {MoneyVerdict::absent, 0};
    const std::u32string text = normalised(raw);
    const std::vector<Found> amounts = find_amounts(text);
    Fines fines;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
        const Found& found = amounts[i];
        if (i > 0 && echo(amounts, i - 1, text) != nullptr) continue;
        if (is_confiscated(text, found)) {
            fines.confiscate(found.money);
            continue;
        }
        bool alone = before(text, found.begin).empty() && after(text, found.end).size() <= 1;
        if (!is_fine(text, found, alone)) continue;
        const ParsedMoney money = with_echo(found.money, echo(amounts, i, text));
        if (money.verdict != MoneyVerdict::ok && money.verdict != MoneyVerdict::contradictory) return money;
        const bool fits =
            is_total(text, found) ? fines.total(money, has_confiscation(text, found)) : fines.add(money);
        if (!fits) return {MoneyVerdict::too_large, 0};
    }
    return fines.result();
}

}  // namespace mingxin::quality
