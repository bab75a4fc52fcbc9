// How common the bigrams of a search column are, by a sample of its rows: a search then asks the index only
// for those that narrow it down. Only speed depends on it, as every row found is rechecked. Internal to this
// folder.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mingxin::store {

class BigramFrequency {
  public:
    /// rows_estimate: of the whole table.
    explicit BigramFrequency(std::int64_t rows_estimate) : rows_(rows_estimate) {}
    void add_row(std::string_view folded);
    std::int64_t rows_estimate() const { return rows_; }
    /// Those of the bigrams that are worth asking for, the rarest first; all while nothing was sampled.
    std::vector<std::string> choose(std::vector<std::string> bigrams) const;

  private:
    double share(const std::string& bigram) const;

    std::int64_t rows_;
    std::int64_t sampled_ = 0;
    std::unordered_map<std::string, std::int64_t> counts_;
};

}  // namespace mingxin::store
