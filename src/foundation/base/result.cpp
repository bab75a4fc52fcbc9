#include "base/result.h"

namespace mingxin {

namespace {
bool ends_sentence(std::string_view text) {
    return text.ends_with("。") || text.ends_with("！") || text.ends_with("？");
}
}  // namespace

std::string Error::message_zh() const {
    const FaultText& text = fault_text(fault);
    std::string out;
    out.append(text.code).append(" ").append(text.title_zh);
    if (!detail_zh.empty()) out.append("：").append(detail_zh);
    if (!ends_sentence(out)) out.append("。");
    out.append(text.remedy_zh);
    return out;
}

}  // namespace mingxin
