// One amount without currency marks, brackets and blanks: what parse_money and fine_in_text share.
// Pure, thread-safe.
#pragma once
#include <string_view>

#include "quality/value_parse.h"

namespace mingxin::quality {

/// "1,000.5", "3.5万", "壹万伍仟元整", "5万3千", "叁角". unit is used for digits without a written unit.
ParsedMoney evaluate_amount(std::u32string_view text, MoneyUnit unit);

}  // namespace mingxin::quality
