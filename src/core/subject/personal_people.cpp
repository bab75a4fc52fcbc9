// What free text tells of a person who is under age, or of a person's health.
#include <algorithm>
#include <bitset>
#include <initializer_list>

#include "subject/personal_parts.h"

namespace mingxin::subject::personal {

namespace {

using Part = Lexicon::Part;

// Surnames of nine tenths of the people; those that begin other words as often (高, 于, 毛 ...) stand in the
// second list and count only before 某, ×, 女士.
constexpr std::u32string_view kSurnames =
    U"王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴"
    U"汪田姜范姚谭廖邹熊陆郝孔崔邱秦史顾侯邵孟雷钱尹黎贺赖龚樊兰殷施洪翟颜倪严芦季俞章鲁葛伍韦申"
    U"尤毕聂焦柳邢岳齐庞欧庄涂耿詹关闫邝仝冀郜郎晁";
constexpr std::u32string_view kOtherSurnames =
    U"高何马程许于余金石方任白江龙万段武乔文常易安时水路向左辛管祝代简成和苗曲单党全凌费宁甘车米华游屈项"
    U"吉卫褚窦柴童宫包路裴商司凤平柏席阮蓝闵麻强危边卜尚鲍景连储别司丛桑党艾谷查花喻卓靳梅莫古骆纪娄路"
    U"盛舒阳南晏巩明初牟战栾付肖康毛夏钟牛温陶汤";

using Points = std::bitset<0x10000>;
Points points_of(std::initializer_list<std::u32string_view> lists) {
    Points points;
    for (std::u32string_view list : lists) {
        for (char32_t point : list) points.set(point);
    }
    return points;
}
bool is_common_surname(char32_t point) {
    static const Points points = points_of({kSurnames});
    return point < points.size() && points[point];
}
bool is_surname(char32_t point) {
    static const Points points = points_of({kSurnames, kOtherSurnames});
    return point < points.size() && points[point];
}
bool is_han(char32_t point) {
    return point >= 0x4E00 && point <= 0x9FFF;
}

/// 某, 某某, 某甲, ××, * behind a surname at `at`; the end, or 0.
std::size_t veiled_end(const Text& text, std::size_t at) {
    const char32_t next = text.at(at + 1);
    if (next == U'某') {
        const char32_t third = text.at(at + 2);
        if (is_one_of(third, U"日月年地处公小市县区乡镇村路厂店校医项")) return 0;  // 于某日
        return is_one_of(third, U"某甲乙丙丁") ? at + 3 : at + 2;
    }
    if (!is_one_of(next, U"×X*")) return 0;
    std::size_t end = at + 2;
    while (end < at + 3 && is_one_of(text.at(end), U"×X*")) ++end;
    return end;
}

std::size_t titled_end(const Text& text, std::size_t at) {
    for (std::u32string_view title : {U"女士", U"先生", U"小姐", U"同学", U"小朋友", U"师傅"}) {
        if (text.part({at + 1, text.points.size()}).starts_with(title)) return at + 1 + title.size();
    }
    return 0;
}

bool is_mark(char32_t point) {
    return point == 0 || is_clause_end(point) || is_one_of(point, U":、() \u3000“”");
}

/// 李桂兰 where nothing stands before it in its clause: it ends at a mark, or after three characters; 0: no
/// name.
std::size_t whole_name_end(const Text& text, std::size_t at) {
    const bool begins = at == 0 || is_mark(text.points[at - 1]);
    if (!begins || !is_common_surname(text.at(at)) || !is_han(text.at(at + 1))) return 0;
    if (is_mark(text.at(at + 2))) return at + 2;
    return is_han(text.at(at + 2)) ? at + 3 : 0;
}

}  // namespace

std::vector<Range> find_names(const Text& text) {
    std::vector<Range> names;
    for (std::size_t at = 0; at < text.points.size(); ++at) {
        if (!is_surname(text.points[at])) continue;
        std::size_t end = veiled_end(text, at);
        if (end == 0) end = titled_end(text, at);
        if (end == 0) {
            end = whole_name_end(text, at);
            if (end > 0 && !is_mark(text.at(end))) end = 0;
        }
        if (end == 0) continue;
        names.push_back({at, end});
        at = end - 1;
    }
    return names;
}

std::size_t full_name_end(const Text& text, std::size_t at) {
    if (!is_common_surname(text.at(at)) || !is_han(text.at(at + 1))) return 0;
    if (is_one_of(text.at(at + 2), U"省市州县区镇乡村")) return 0;  // 鲁山县
    // 王小明 before a mark or a word that goes on; of two characters it is as often 毛巾.
    constexpr std::u32string_view goes_on = U"出在的系为于与和等被因进到购从上是一饮吸喝入驾";
    const char32_t third = text.at(at + 2), next = text.at(at + 3);
    const bool whole =
        is_han(third) && !is_one_of(third, goes_on) && (is_mark(next) || is_one_of(next, goes_on));
    return whole ? at + 3 : 0;
}

namespace {

/// The name that stands at a place, veiled or in full: where it ends, or 0.
std::size_t any_name_end(const Search& search, std::size_t at) {
    const std::size_t veiled = search.name_end(at);
    return veiled > 0 ? veiled : full_name_end(search.text, at);
}

/// 李桂兰 right before a place, where nothing else stands before it in its clause.
bool follows_full_name(const Text& text, std::size_t at) {
    for (std::size_t size : {2u, 3u}) {
        if (at >= size && whole_name_end(text, at - size) == at) return true;
    }
    return false;
}

// ---- under age by a word: 未成年人王某, 王某系未成年人

bool only_of(const Text& text, Range range, std::u32string_view set) {
    for (std::size_t i = range.begin; i < range.end; ++i) {
        if (!is_one_of(text.points[i], set)) return false;
    }
    return true;
}

/// 王某系未成年人, 李某等3名未成年人, 何某某（未成年）: the name before the word, or nullptr.
const Range* name_before(const Search& search, const Lexicon::Hit& word) {
    constexpr std::size_t near = 10, far = 30;
    const Text& text = search.text;
    const Range* name = search.name_in({clause_begin(text, word.begin, near), word.begin});
    const auto links = U"系是为属于均皆尚仍(、等名位两几多一二三四五六七八九十0123456789";
    if (name != nullptr && only_of(text, {name->end, word.begin}, links)) return name;
    // 吴某，某中学八年级学生，
    name = search.name_in({sentence_begin(text, word.begin, far), word.begin});
    const char32_t next = text.at(word.end);
    const bool said = next == 0 || is_clause_end(next) || next == ')';
    return name != nullptr && said && is_one_of(text.at(name->end), U",(、系是为") ? name : nullptr;
}

void find_named(Search& search, const Lexicon::Hit& word) {
    if (search.excepted(word)) return;
    const Text& text = search.text;
    if (!word.rule->with.empty()) {  // 就读于某小学
        constexpr std::size_t most = 16;
        const Range behind{word.end, std::min(word.end + most, text.points.size())};
        if (search.hit_in(behind, *word.rule, Part::with) == nullptr) return;
    }
    std::size_t at = word.end;
    while (at < word.end + 2 && is_one_of(text.at(at), U"(“\"、: 的")) ++at;
    const std::size_t end = word.rule->with.empty() ? any_name_end(search, at) : 0;
    if (end > 0) {
        search.add({at, end}, PersonalKind::minor, word.rule);
    } else if (const Range* name = name_before(search, word)) {
        search.add(*name, PersonalKind::minor, word.rule);
    }
}

// ---- under age by an age

struct Age {
    Range range;  // of the numeral
    int years = 0;
};

int numeral_value(char32_t point) {
    if (is_digit(point)) return static_cast<int>(point - '0');
    const std::size_t at = std::u32string_view(U"〇一二三四五六七八九").find(point);
    return at == std::u32string_view::npos ? -1 : static_cast<int>(at);
}

/// 15, 十五, 二十: the number that ends at a place; years -1: none that is an age.
Age age_before(const Text& text, std::size_t end) {
    std::size_t begin = end;
    while (begin > 0 && end - begin < 4 && is_numeral(text.points[begin - 1])) --begin;
    Age age{{begin, end}, -1};
    const std::u32string_view part = text.part(age.range);
    if (part.empty() || part.size() > 3) return age;
    const std::size_t ten = part.find(U'十');
    if (ten == std::u32string_view::npos) {
        int value = 0;
        for (char32_t point : part) {
            if (numeral_value(point) < 0) return age;
            value = value * 10 + numeral_value(point);
        }
        age.years = value;
        return age;
    }
    const int tens = ten == 0 ? 1 : numeral_value(part[0]);
    const int ones = ten + 1 < part.size() ? numeral_value(part[ten + 1]) : 0;
    if (ten <= 1 && tens > 0 && ones >= 0) age.years = tens * 10 + ones;
    return age;
}

/// 3-6岁, 0至3岁: ages of a group.
bool is_range(const Text& text, std::size_t begin) {
    return begin > 1 && is_one_of(text.points[begin - 1], U"-~—–至到") &&
           (is_numeral(text.points[begin - 2]) || text.points[begin - 2] == U'岁');
}

bool says_person(const Search& search, const Lexicon::Hit& word, Range number) {
    const Text& text = search.text;
    constexpr std::size_t near = 6, reach = 14;
    const Range before{number.begin - std::min(number.begin, near), number.begin};
    const Range behind{word.end, std::min(word.end + 5, text.points.size())};
    if (search.hit_in(before, *word.rule, Part::persons) || search.hit_in(behind, *word.rule, Part::persons))
        return true;
    if (search.name_in({sentence_begin(text, number.begin, reach), number.begin})) return true;
    if (follows_full_name(text, number.begin)) return true;
    const bool another = !search.found.empty() && search.found.back().rule == word.rule &&
                         search.found.back().range.end + 1 == number.begin &&
                         is_one_of(text.points[number.begin - 1], U"、和及");  // 14岁、15岁
    if (another) return true;
    const bool alone = clause_begin(text, number.begin, reach) == number.begin;  // 六岁的龙龙
    if (alone && text.at(word.end) == U'的') return true;
    std::size_t at = word.end;
    while (at < word.end + 2 && is_one_of(text.at(at), U"的)")) ++at;
    return any_name_end(search, at) > 0;
}

void find_age(Search& search, const Lexicon::Hit& word, std::int64_t full_age) {
    const Age age = age_before(search.text, word.begin);
    if (age.years < 0 || age.years >= full_age || search.excepted(word) ||
        is_range(search.text, age.range.begin))
        return;
    constexpr std::size_t longest = 6;
    const Range before{age.range.begin - std::min(age.range.begin, longest), age.range.begin};
    const Lexicon::Hit* unless = search.hit_in(before, *word.rule, Part::unless);
    const Lexicon::Hit* person = search.hit_in(before, *word.rule, Part::persons);
    if (unless != nullptr && unless->end == age.range.begin) {
        const bool longer = person != nullptr && person->end == unless->end && person->begin < unless->begin;
        const Range* name = search.name_in({0, unless->begin});
        const bool of_name = name != nullptr && unless->begin - name->end <= 2;  // 柳某，年满15周岁
        if (!longer && !of_name) return;                                         // 刚满, not 满
    }
    if (says_person(search, word, age.range))
        search.add({age.range.begin, word.end}, PersonalKind::minor, word.rule);
}

// ---- under age by a date of birth

struct Birth {
    Range range;
    int year = 0, month = 1, day = 1;  // the first of what is not told
};

/// Digits at a place, up to `most`; 0 where there are none.
int number_at(const Text& text, std::size_t& at, std::size_t most) {
    int value = 0;
    for (std::size_t i = 0; i < most && is_digit(text.at(at)); ++i)
        value = value * 10 + static_cast<int>(text.points[at++] - '0');
    return value;
}

/// 2012年5月6日, 2012-05-06, 2012.5, 20120506 at a place; year 0: no date.
Birth date_at(const Text& text, std::size_t at) {
    Birth birth{{at, at}};
    if (at > 0 && is_digit(text.points[at - 1])) return birth;
    birth.year = number_at(text, at, 4);
    if (birth.year < 1900 || birth.year > 2099) return Birth{};
    const bool joined = is_digit(text.at(at));
    if (!joined && is_one_of(text.at(at), U"年-./")) ++at;
    if (is_digit(text.at(at))) {
        birth.month = number_at(text, at, 2);
        if (!joined && is_one_of(text.at(at), U"月-./")) ++at;
        if (is_digit(text.at(at))) birth.day = number_at(text, at, 2);
        if (text.at(at) == U'日') ++at;
    }
    birth.range.end = at;
    return is_digit(text.at(at)) ? Birth{} : birth;
}

/// Behind 出生日期：, or right before 出生.
Birth birth_beside(const Text& text, const Lexicon::Hit& word) {
    constexpr std::size_t gap = 4, longest = 11;
    for (std::size_t at = word.end; at < word.end + gap && at < text.points.size(); ++at) {
        if (is_digit(text.points[at])) return date_at(text, at);
        if (!is_one_of(text.points[at], U":为是于在 ()")) break;
    }
    for (std::size_t back = std::min(longest, word.begin); back >= 4; --back) {
        const Birth birth = date_at(text, word.begin - back);
        if (birth.year != 0 && birth.range.end == word.begin) return birth;
    }
    return {};
}

void find_birth(Search& search, const Lexicon::Hit& word, std::int64_t full_age) {
    if (search.excepted(word)) return;
    const Birth birth = birth_beside(search.text, word);
    if (birth.year == 0) return;
    const auto of_age =
        make_date(birth.year + static_cast<int>(full_age), birth.month, std::min(birth.day, 28));
    if (of_age && *of_age > search.today) search.add(birth.range, PersonalKind::minor, word.rule);
}

// ---- health

/// Whether the word is said of somebody: a name or a word for a person before it in the sentence, or a name
/// right behind it (患者张某).
bool is_of_person(const Search& search, const Lexicon::Hit& word) {
    constexpr std::size_t most = 24;
    const Range before{sentence_begin(search.text, word.begin, most), word.begin};
    const Range with_word{before.begin, word.end};  // 其患, of which 患 tells the illness
    if (search.hit_in(with_word, *word.rule, Part::persons) || search.name_in(before)) return true;
    if (follows_full_name(search.text, word.begin)) return true;
    std::size_t at = word.end;
    while (at < word.end + 20 &&
           (is_one_of(search.text.at(at), U"的:,)感染患病携带者人 ") || is_digit(search.text.at(at))))
        ++at;
    return search.name_end(at) > 0;
}

void find_illness(Search& search, const Lexicon::Hit& word) {
    if (search.excepted(word)) return;
    constexpr std::size_t before_most = 20, with_most = 12;
    const Range before{sentence_begin(search.text, word.begin, before_most), word.begin};
    if (search.hit_in(before, *word.rule, Part::unless) || !is_of_person(search, word)) return;
    Range range{word.begin, word.end};
    if (!word.rule->with.empty()) {
        std::size_t end = word.end;
        while (end < word.end + with_most && end < search.text.points.size() &&
               !is_clause_end(search.text.points[end]))
            ++end;
        const Lexicon::Hit* illness = search.hit_in({word.end, end}, *word.rule, Part::with);
        if (illness == nullptr || search.excepted(*illness)) return;  // 病媒生物
        range.end = illness->end;
    }
    std::size_t end = range.end;  // 住院号：00123456
    while (end < range.end + 20 && (is_digit(search.text.at(end)) || is_one_of(search.text.at(end), U": ")))
        ++end;
    if (is_digit(search.text.at(end - 1))) range.end = end;
    search.add(range, PersonalKind::health, word.rule);
}

}  // namespace

void find_minors(Search& search) {
    const std::int64_t full_age = search.rulebook->parameter("person.min_age", search.today).number;
    for (const Lexicon::Hit& hit : search.hits) {
        if (hit.part != Part::words || hit.rule->personal != "minor") continue;
        if (search.found.size() >= search.limit) return;
        if (hit.rule->form == "named") find_named(search, hit);
        if (hit.rule->form == "age") find_age(search, hit, full_age);
        if (hit.rule->form == "birth") find_birth(search, hit, full_age);
    }
}

void find_health(Search& search) {
    for (const Lexicon::Hit& hit : search.hits) {
        if (hit.part != Part::words || hit.rule->personal != "health") continue;
        if (search.found.size() >= search.limit) return;
        find_illness(search, hit);
    }
}

}  // namespace mingxin::subject::personal
