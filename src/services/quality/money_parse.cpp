#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

#include "base/text.h"
#include "quality/amount.h"
#include "quality/numeral.h"
#include "quality/value_parse.h"

namespace mingxin::quality {
namespace {

using Wide = __int128;

// Amounts are summed in units of 10^-12 yuan: exact for every decimal that a 万元 or 亿元 figure can need.
constexpr int scale_digits = 12;
constexpr Wide ten_to(int n) {
    Wide out = 1;
    while (n-- > 0) out *= 10;
    return out;
}
constexpr Wide one_yuan = ten_to(scale_digits);
// 10^17 yuan: above 64-bit fen, and a product with 10^8 still fits.
constexpr Wide most = ten_to(17 + scale_digits);

ParsedMoney verdict(MoneyVerdict value) {
    return {value, 0};
}

// Digits and decimals at `at`, in 10^-12 yuan. Thousands separators only where they part threes.
enum class Literal { none, ok, bad, too_long, too_large };
Literal read_literal(std::u32string_view text, std::size_t& at, Wide& out) {
    auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= U'0' && text[i] <= U'9'; };
    if (!digit(at)) return Literal::none;
    std::size_t lead = 0;
    out = 0;
    bool separated = false;
    for (;; ++at) {
        if (digit(at)) {
            if (out > most / one_yuan) return Literal::too_large;
            out = out * 10 + (text[at] - U'0');
            ++lead;
        } else if (at < text.size() && text[at] == U',' && digit(at + 1)) {
            bool three = digit(at + 2) && digit(at + 3) && !digit(at + 4);
            if (!three || lead > 3) return Literal::bad;
            separated = true;
            lead = 0;
        } else {
            break;
        }
    }
    if (separated && lead != 3) return Literal::bad;
    out *= one_yuan;
    if (at + 1 < text.size() && text[at] == U'.' && digit(at + 1)) {
        Wide weight = one_yuan;
        for (++at; digit(at); ++at) {
            weight /= 10;
            if (weight == 0 && text[at] != U'0') return Literal::too_long;
            out += weight * (text[at] - U'0');
        }
    }
    return Literal::ok;
}

// The sum of one amount: 总 = 亿 part + 万 part + section + pending digit.
class Sum {
  public:
    enum class State { ok, bad, too_large };

    State digit(Wide value, bool literal) {
        if (closed_) return State::bad;
        if (pending_set_ && (literal || pending_literal_)) return State::bad;
        // Chinese digits side by side read by place: 一三一一五; 零 before a digit changes nothing.
        pending_ = pending_set_ ? pending_ * 10 + value : value;
        if (pending_ > most) return State::too_large;
        zero_ = zero_ || (!literal && value == 0);
        pending_set_ = true;
        pending_literal_ = literal;
        fresh_ = true;
        return State::ok;
    }

    State unit(int power) {
        if (closed_ || yuan_) return State::bad;
        if (power <= 3) {
            if (power >= last_small_) return State::bad;
            section_ +=
                (pending_set_ && !(pending_ == 0 && power == 1) ? pending_ : one_yuan) * ten_to(power);
            last_small_ = power;
        } else {
            Wide part = section_ + pending_;
            if (part == 0 && (total_ == 0 || power == 4)) return State::bad;
            if (power == 4) {
                if (last_big_ <= 4) return State::bad;
                total_ += part * ten_to(4);
            } else {
                if (last_big_ <= 4 && part != 0) return State::bad;
                total_ = (total_ + part) * ten_to(8);
            }
            section_ = 0;
            last_big_ = power;
            last_small_ = 4;
        }
        if (total_ > most || section_ > most) return State::too_large;
        clear_pending();
        last_unit_ = power;
        any_unit_ = true;
        return State::ok;
    }

    State yuan() {
        if (yuan_ || closed_) return State::bad;
        total_ += section_ + pending_;
        section_ = 0;
        clear_pending();
        yuan_ = true;
        fraction_ = 2;
        return State::ok;
    }

    // 角 (place 1) and 分 (place 2); before them comes one digit.
    State fraction(int place) {
        if (!yuan_ && (section_ != 0 || total_ != 0)) return State::bad;
        if (!pending_set_ || pending_ >= 10 * one_yuan || 3 - place > fraction_) return State::bad;
        total_ += pending_ / (place == 1 ? 10 : 100);
        fraction_ = 2 - place;
        yuan_ = true;
        clear_pending();
        return State::ok;
    }

    State close() {
        closed_ = true;
        return State::ok;
    }

    // 3万5 and 一万五 are said for 35,000 and for 30,005: not an amount unless 零 or 元 makes it plain.
    bool unclear() const { return !yuan_ && fresh_ && any_unit_ && last_unit_ > 1 && !zero_; }
    bool trailing_digit_after_yuan() const { return yuan_ && fresh_; }
    bool unit_written() const { return yuan_ || any_unit_; }
    // 伍仟 without 元: in a column of ten thousands nobody can tell which it means.
    bool only_small_units() const { return !yuan_ && any_unit_ && last_big_ > 8; }
    Wide total() const { return total_ + section_ + (yuan_ ? 0 : pending_); }

  private:
    void clear_pending() {
        pending_ = 0;
        pending_set_ = pending_literal_ = fresh_ = false;
    }
    Wide total_ = 0, section_ = 0, pending_ = 0;
    int last_small_ = 4, last_big_ = 100, last_unit_ = 0, fraction_ = 2;
    bool pending_set_ = false, pending_literal_ = false, fresh_ = false, zero_ = false;
    bool yuan_ = false, any_unit_ = false, closed_ = false;
};

ParsedMoney to_fen(Wide scaled, bool ten_thousands) {
    if (ten_thousands) scaled *= 10000;
    constexpr Wide one_fen = one_yuan / 100;
    if (scaled % one_fen != 0) return verdict(MoneyVerdict::too_precise);
    Wide fen = scaled / one_fen;
    if (fen > std::numeric_limits<std::int64_t>::max()) return verdict(MoneyVerdict::too_large);
    return {MoneyVerdict::ok, static_cast<std::int64_t>(fen)};
}

bool foreign(std::u32string_view text) {
    static constexpr std::array<std::u32string_view, 24> words = {
        U"美元", U"美金", U"港元", U"港币", U"欧元", U"日元",   U"英镑", U"韩元",
        U"澳元", U"加元", U"台币", U"新元", U"马克", U"法郎",   U"卢布", U"澳门元",
        U"USD",  U"HKD",  U"EUR",  U"JPY",  U"GBP",  U"加拿大", U"$",    U"€"};
    return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != text.npos; });
}

void erase_all(std::u32string& text, std::u32string_view word) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at)) text.erase(at, word.size());
}

std::u32string normalised(std::string_view text) {
    std::u32string out = to_code_points(to_half_width(remove_blanks(text)));
    for (auto word :
         {U"人民币", U"人民幣", U"RMB", U"CNY", U"(大写)", U"大写", U"¥", U"￥", U":", U"：", U"罚款"}) {
        erase_all(out, word);
    }
    if (text.size() != out.size()) out = plain_numerals(out);
    while (!out.empty() && std::u32string_view(U"。;,").find(out.back()) != std::u32string_view::npos)
        out.pop_back();
    if (out.ends_with(U"块钱")) out.pop_back();
    if (out.starts_with(U".")) out.insert(0, 1, U'0');
    return out;
}

// "叁万元整,小写30000元" as "叁万元整(30000元)".
void bracket_digits(std::u32string& text) {
    auto at = text.find(U"小写");
    if (at == text.npos) return;
    if (text.find(U'(') != text.npos || at == 0) return erase_all(text, U"小写");
    text.replace(at, 2, U"(");
    text += U')';
    if (std::u32string_view(U",;、/").find(text[at - 1]) != std::u32string_view::npos) text.erase(at - 1, 1);
}

bool has_number(std::u32string_view text) {
    return std::any_of(text.begin(), text.end(), [](char32_t c) { return chinese_digit(c) >= 0; });
}

}  // namespace

ParsedMoney evaluate_amount(std::u32string_view text, MoneyUnit unit) {
    Sum sum;
    bool any = false;
    for (std::size_t at = 0; at < text.size();) {
        Wide value = 0;
        Sum::State state = Sum::State::bad;
        Literal literal = read_literal(text, at, value);
        if (literal == Literal::too_long) return verdict(MoneyVerdict::too_precise);
        if (literal == Literal::too_large) return verdict(MoneyVerdict::too_large);
        if (literal == Literal::bad) return verdict(MoneyVerdict::unreadable);
        if (literal == Literal::ok) {
            state = sum.digit(value, true);
        } else {
            char32_t c = text[at++];
            if (int d = chinese_digit(c); d >= 0) {
                state = sum.digit(d * one_yuan, false);
            } else if (int power = chinese_unit(c); power > 0) {
                state = sum.unit(power);
            } else if (c == U'元' || c == U'圆' || c == U'圓' || c == U'块') {
                state = any ? sum.yuan() : Sum::State::bad;
            } else if (c == U'角') {
                state = sum.fraction(1);
            } else if (c == U'分') {
                state = sum.fraction(2);
            } else if (c == U'整' || c == U'正') {
                state = any ? sum.close() : Sum::State::bad;
            }
        }
        any = true;
        if (state == Sum::State::too_large) return verdict(MoneyVerdict::too_large);
        if (state == Sum::State::bad) return verdict(MoneyVerdict::unreadable);
    }
    if (!any || sum.unclear() || sum.trailing_digit_after_yuan()) return verdict(MoneyVerdict::unreadable);
    if (unit == MoneyUnit::wan_yuan && sum.only_small_units()) return verdict(MoneyVerdict::unreadable);
    return to_fen(sum.total(), unit == MoneyUnit::wan_yuan && !sum.unit_written());
}

ParsedMoney parse_money(std::string_view text, MoneyUnit unit) {
    if (is_placeholder(text)) return verdict(MoneyVerdict::absent);
    if (text.size() > 512) return verdict(MoneyVerdict::unreadable);
    std::u32string body = normalised(text);
    bracket_digits(body);
    if (foreign(body)) return verdict(MoneyVerdict::foreign_currency);
    if (!body.empty() && (body[0] == U'-' || body[0] == U'负' || body[0] == U'−')) {
        auto rest = evaluate_amount(std::u32string_view(body).substr(1), unit);
        return verdict(rest.verdict == MoneyVerdict::ok ? MoneyVerdict::negative : MoneyVerdict::unreadable);
    }
    auto open = body.find(U'('), close = body.rfind(U')');
    if (open == body.npos) return evaluate_amount(body, unit);
    if (close == body.npos || close < open) return verdict(MoneyVerdict::unreadable);
    std::u32string inside = body.substr(open + 1, close - open - 1);
    std::u32string outside = body.substr(0, open) + body.substr(close + 1);
    if (!has_number(inside))
        return evaluate_amount(body.substr(0, open) + inside + body.substr(close + 1), unit);
    if (!has_number(outside)) return evaluate_amount(inside + outside, unit);
    ParsedMoney words = evaluate_amount(outside, unit), digits = evaluate_amount(inside, unit);
    if (words.verdict != MoneyVerdict::ok) return words;
    if (digits.verdict != MoneyVerdict::ok) return digits;
    if (words.fen == digits.fen) return words;
    return {MoneyVerdict::contradictory, digits.fen};
}

std::string_view reason_zh(MoneyVerdict verdict) {
    switch (verdict) {
        case MoneyVerdict::ok:
        case MoneyVerdict::absent:
            return {};
        case MoneyVerdict::negative:
            return "金额不能为负数，请核对";
        case MoneyVerdict::too_precise:
            return "金额精确到分以下，请四舍五入到分（万元最多六位小数）";
        case MoneyVerdict::too_large:
            return "金额过大，请核对单位是元还是万元";
        case MoneyVerdict::foreign_currency:
            return "金额是外币，请折算成人民币填写，原币种写入备注";
        case MoneyVerdict::contradictory:
            return "大写金额与小写金额不一致，请核对决定书";
        case MoneyVerdict::unreadable:
            return "不是可识别的金额，请只填数字，例如 1.5";
    }
    return {};
}

}  // namespace mingxin::quality
