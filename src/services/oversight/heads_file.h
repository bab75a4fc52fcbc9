// Internal to oversight.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "journal/journal.h"

namespace mingxin::oversight {
/// {"origin","size","root","time","key_id","previous_size","signature"}
std::string head_json(const journal::TreeHead& head);
/// Every published head is signed, in order, and the same as the one in the database.
Result<void> check_heads_file(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                              const std::filesystem::path& heads_file, std::vector<journal::Damage>& damages);
}  // namespace mingxin::oversight
