// What the lists of this folder share. Internal to collect.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "access/access.h"
#include "api/api.h"
#include "listing/listing.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace mingxin::collect {

/// Names of units, each looked up once. Not thread-safe.
class UnitNames {
  public:
    explicit UnitNames(store::ReadTx& tx) : tx_(tx) {}
    /// Empty: there is no such unit.
    Result<std::string> of(const std::string& code);

  private:
    store::ReadTx& tx_;
    std::map<std::string, std::string> names_;
};

inline const api::Field kUnitFilter{"unit", api::FieldType::text, "报送单位代码",      "code of the unit",
                                    false,  api::Where::query,    "11410423MB0000000X"};
inline const api::Field kItemFilter{"item", api::FieldType::text, "目录项", "catalogue item",
                                    false,  api::Where::query,    "penalty"};

/// judgement.list.
listing::Listing judgement_list(const std::shared_ptr<const rulebook::Rulebook>& rules, std::int64_t tenant);

}  // namespace mingxin::collect
