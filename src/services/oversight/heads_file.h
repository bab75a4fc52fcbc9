// Internal to oversight.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "journal/journal.h"

namespace mingxin::oversight {
/// {"origin","size","root","time","key_id","previous_size","signature"}
std::string head_json(const journal::TreeHead& head);
/// How much is published now, in bytes; nullopt: there is no file. To be asked before the snapshot with which
/// the heads are compared: one that is published later is not in it.
std::optional<std::uint64_t> published_bytes(const std::filesystem::path& heads_file);
/// Every published head is signed, follows the one above it, and is the same as the one in the database. What
/// a crash leaves is no damage: a last line cut off in the middle, or at most the newest heads missing.
Result<void> check_heads(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                         const std::filesystem::path& heads_file, std::optional<std::uint64_t> published,
                         std::vector<journal::Damage>& damages);
}  // namespace mingxin::oversight
