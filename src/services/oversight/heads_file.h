// Internal to oversight.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "journal/journal.h"

namespace mingxin::oversight {
/// {"origin","size","root","time","key_id","previous_size","signature"}
std::string head_json(const journal::TreeHead& head);
/// Every published head is signed, follows the one above it, and is the same as the one in the database. What
/// a crash leaves is no damage: a last line cut off in the middle, or at most the newest heads missing.
Result<void> check_heads_file(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                              const std::filesystem::path& heads_file, std::vector<journal::Damage>& damages);
}  // namespace mingxin::oversight
