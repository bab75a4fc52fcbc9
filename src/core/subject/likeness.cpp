#include "subject/likeness.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "subject/reading.h"

namespace mingxin::subject {
namespace {

using Text = std::u32string_view;

constexpr std::size_t kLongest = 80;       // characters that are compared; bounds the time
constexpr std::size_t kLastPlaceEnd = 10;  // 省, 市, 县, 区 further behind belong to no place at the front
constexpr std::size_t kBehindPlace = 4;    // so many characters at least are the name proper
constexpr std::size_t kLongestPlace = 4;   // without its last character: 陈巴尔虎旗
constexpr std::size_t kBrand = 2;          // characters of a brand that are compared
constexpr double kBranchShare = 0.8;       // of the likeness is left between a branch and its head office
constexpr double kReadAlike = 0.5;         // of an exchanged character
constexpr double kPairs = 0.6, kDistance = 0.4, kPlace = 0.2, kBrandWeight = 0.2;

constexpr Text kForms[] = {U"有限责任公司", U"股份有限公司", U"有限公司", U"股份公司", U"责任公司", U"公司"};

/// Length of the legal form that begins here; 0: none.
std::size_t form_length(Text text) {
    for (const Text form : kForms) {
        if (text.starts_with(form)) return form.size();
    }
    return 0;
}

bool is_one_of(char32_t c, Text list) {
    return list.find(c) != Text::npos;
}

std::u32string kernel_of(Text text) {
    std::u32string plain;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t form = form_length(text.substr(i));
        if (form > 0) {
            plain += U"公司";
        } else {
            plain += text[i];
        }
        i += std::max<std::size_t>(form, 1);
    }
    std::u32string kernel;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const bool behind_place = i >= 2 && i < kLastPlaceEnd && plain.size() - i > kBehindPlace;
        if (!behind_place || !is_one_of(plain[i], U"省市县区")) kernel += plain[i];
    }
    return kernel;
}

/// "山东省博兴县乾元钢铁": 山东, 博兴; the brand begins behind. Without such words the place is taken to have
/// two characters.
void find_places(Text text, ComparedName& name) {
    std::size_t at = 0;
    for (;;) {
        std::size_t end = at;
        while (end < text.size() && end - at <= kLongestPlace && !is_one_of(text[end], U"省市县区旗镇乡()"))
            ++end;
        const std::size_t length = end - at;
        const bool closed = end < text.size() && is_one_of(text[end], U"省市县区旗镇乡");
        if (!closed || length == 0 || length > kLongestPlace || text.size() - end - 1 < kBehindPlace) break;
        if (length == 1 && !is_one_of(text[end], U"市县区")) break;
        name.places.emplace_back(text.substr(at, 2));
        at = end + 1;
    }
    if (at == 0) {
        name.places.emplace_back(text.substr(0, 2));
        at = std::min<std::size_t>(2, text.size());
    }
    name.brand = at;
}

bool share_a_place(const ComparedName& a, const ComparedName& b) {
    return std::any_of(a.places.begin(), a.places.end(), [&](const std::u32string& place) {
        return std::find(b.places.begin(), b.places.end(), place) != b.places.end();
    });
}

double brand_likeness(const ComparedName& a, const ComparedName& b) {
    constexpr double unknown = 0.3, elsewhere = 0.9, half = 0.45;
    const Text of_a = Text(a.text).substr(a.brand, kBrand), of_b = Text(b.text).substr(b.brand, kBrand);
    if (of_a.size() < kBrand || of_b.size() < kBrand) return unknown;
    if (of_a == of_b) return 1;
    if (b.text.find(of_a, 2) != Text::npos || a.text.find(of_b, 2) != Text::npos) return elsewhere;
    return of_a[0] == of_b[0] || of_a[1] == of_b[1] ? half : 0;
}

double distance_likeness(const ComparedName& a, const ComparedName& b) {
    const Text left = a.kernel, right = b.kernel;
    std::vector<double> row(right.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<double>(j);
    for (std::size_t i = 0; i < left.size(); ++i) {
        double diagonal = row[0];
        row[0] += 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const double exchange = left[i] == right[j] ? 0 : a.sounds[i] == b.sounds[j] ? kReadAlike : 1;
            const double above = row[j + 1];
            row[j + 1] = std::min({diagonal + exchange, above + 1, row[j] + 1});
            diagonal = above;
        }
    }
    return 1 - row.back() / static_cast<double>(std::max<std::size_t>({left.size(), right.size(), 1}));
}

double pair_likeness(const ComparedName& a, const ComparedName& b, const PairWeights& weights) {
    double sum = 0, shared = 0;
    for (const Pair pair : a.pairs) sum += weights.of(pair);
    for (const Pair pair : b.pairs) {
        const double weight = weights.of(pair);
        sum += weight;
        if (std::binary_search(a.pairs.begin(), a.pairs.end(), pair)) shared += weight;
    }
    return sum > 0 ? 2 * shared / sum : 0;
}

std::string to_utf8(Text text) {
    std::string out;
    for (const char32_t c : text) append_utf8(out, c);
    return out;
}

}  // namespace

ComparedName compared_name(Text normal) {
    ComparedName name;
    name.text = normal.substr(0, kLongest);
    name.kernel = kernel_of(name.text);
    for (std::size_t i = 0; i + 1 < name.kernel.size(); ++i) {
        name.pairs.push_back(Pair{name.kernel[i]} << 32 | name.kernel[i + 1]);
    }
    std::sort(name.pairs.begin(), name.pairs.end());
    name.pairs.erase(std::unique(name.pairs.begin(), name.pairs.end()), name.pairs.end());
    name.sounds = readings(name.kernel);
    find_places(name.text, name);
    return name;
}

std::vector<bool> form_pairs(Text normal) {
    std::vector<bool> of_form(normal.size());
    for (std::size_t i = 0; i < normal.size(); ++i) {
        const std::size_t length = form_length(normal.substr(i));
        for (std::size_t j = i; j + 1 < i + length; ++j) of_form[j] = true;
    }
    return of_form;
}

void PairWeights::add(const std::vector<Pair>& pairs) {
    ++subjects_;
    for (const Pair pair : pairs) ++holders_[pair];
}

double PairWeights::of(Pair pair) const {
    const auto found = holders_.find(pair);
    const int holders = found == holders_.end() ? 0 : found->second;
    return std::log((subjects_ + 2.0) / (holders + 1.0)) + 0.1;
}

bool is_branch_of(const ComparedName& branch, const ComparedName& head) {
    constexpr Text ends[] = {U"公司", U"银行", U"集团", U"信用社", U"合作社", U"厂"};
    const Text longer = branch.kernel, shorter = head.kernel;
    if (longer.size() < shorter.size() + 2 || !longer.starts_with(shorter)) return false;
    const Text rest = longer.substr(shorter.size());
    if (rest.front() == '(' || form_length(rest) == rest.size())
        return false;  // (普通合伙), 集团 and 集团公司
    return std::any_of(std::begin(ends), std::end(ends), [&](Text end) { return shorter.ends_with(end); });
}

double likeness(const ComparedName& asked, const ComparedName& known, const PairWeights& weights) {
    constexpr double most = 0.99;  // of names that are not equal
    if (asked.text == known.text) return 1;
    double sum = kPairs * pair_likeness(asked, known, weights);
    sum += kDistance * distance_likeness(asked, known);
    sum += kPlace * (share_a_place(asked, known) ? 1 : 0) + kBrandWeight * brand_likeness(asked, known);
    sum /= kPairs + kDistance + kPlace + kBrandWeight;
    if (is_branch_of(asked, known) || is_branch_of(known, asked)) sum *= kBranchShare;
    return std::min(sum, most);
}

std::vector<Difference> differences(Text asked, Text known) {
    asked = asked.substr(0, kLongest);
    known = known.substr(0, kLongest);
    const std::size_t width = known.size() + 1;
    std::vector<std::size_t> cost((asked.size() + 1) * width);
    // From the end, so that the way through it is found from the front.
    for (std::size_t i = asked.size() + 1; i-- > 0;) {
        for (std::size_t j = width; j-- > 0;) {
            std::size_t& here = cost[i * width + j];
            if (i == asked.size() || j == known.size()) {
                here = asked.size() - i + known.size() - j;
            } else {
                here = std::min({cost[(i + 1) * width + j + 1] + (asked[i] != known[j]),
                                 cost[(i + 1) * width + j] + 1, cost[i * width + j + 1] + 1});
            }
        }
    }
    std::vector<Difference> list;
    bool open = false;  // the last one goes on
    for (std::size_t i = 0, j = 0; i < asked.size() || j < known.size();) {
        const std::size_t here = cost[i * width + j];
        const bool both = i < asked.size() && j < known.size();
        if (both && asked[i] == known[j] && here == cost[(i + 1) * width + j + 1]) {
            open = false;
            ++i, ++j;
            continue;
        }
        if (!open) list.emplace_back();
        open = true;
        const bool exchanged = both && here == cost[(i + 1) * width + j + 1] + 1;
        const bool more = exchanged || (i < asked.size() && here == cost[(i + 1) * width + j] + 1);
        if (more) list.back().asked += to_utf8(asked.substr(i++, 1));
        if (exchanged || !more) list.back().known += to_utf8(known.substr(j++, 1));
    }
    return list;
}

}  // namespace mingxin::subject
