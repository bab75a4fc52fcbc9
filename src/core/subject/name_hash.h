// The key by which names are found: FNV-1a of the normalised name. Stable over machines and versions, because
// it is stored. Namesakes and collisions are told apart by comparing the names themselves.
#pragma once
#include <cstdint>
#include <string_view>

namespace mingxin::subject {
std::int64_t name_hash(std::string_view normalised);
}
