#include "store/bigram_frequency.h"

#include <algorithm>

#include "store/search_text.h"

namespace mingxin::store {
namespace {
// A row costs about as much to recheck as a look-up of one more bigram. So: none is added for few candidates,
// a common one only when there are many.
constexpr double few_rows = 64;
constexpr double many_rows = 2000;
constexpr double common_share = 0.1;
constexpr std::size_t max_chosen = 6;
}  // namespace

void BigramFrequency::add_row(std::string_view folded) {
    ++sampled_;
    for (const std::string& bigram : bigrams(folded)) {
        ++counts_[bigram];
    }
}

double BigramFrequency::share(const std::string& bigram) const {
    const auto found = counts_.find(bigram);
    return (found == counts_.end() ? 0.5 : static_cast<double>(found->second)) /
           static_cast<double>(sampled_);
}

std::vector<std::string> BigramFrequency::choose(std::vector<std::string> bigrams) const {
    if (sampled_ == 0) {
        return bigrams;
    }
    std::vector<std::pair<double, std::string>> by_share;
    for (std::string& bigram : bigrams) {
        const double share_of_it = share(bigram);
        by_share.emplace_back(share_of_it, std::move(bigram));
    }
    std::sort(by_share.begin(), by_share.end());
    std::vector<std::string> chosen;
    auto candidates = static_cast<double>(rows_);
    for (auto& [share_of_it, bigram] : by_share) {
        const bool worth_it = candidates > many_rows || (candidates > few_rows && share_of_it < common_share);
        if (!chosen.empty() && (!worth_it || chosen.size() == max_chosen)) {
            break;
        }
        candidates *= share_of_it;
        chosen.push_back(std::move(bigram));
    }
    return chosen;
}

}  // namespace mingxin::store
