// The first 100 bytes of a SQLite file (https://www.sqlite.org/fileformat2.html, 1.3). Internal to this
// folder.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "store/store.h"

namespace mingxin::store {

inline constexpr std::int32_t application_id = 0x4D585231;  // "MXR1"
inline constexpr std::size_t header_bytes = 100;
inline constexpr std::size_t user_version_at = 60;
inline constexpr std::size_t application_id_at = 68;
inline constexpr std::uint32_t page_bytes = 4096;

/// Appends a flaw for each field of the header that no file of ours can have. Reads the file itself: a
/// damaged header keeps SQLite from opening it. A file that can't be read or is shorter gives one flaw.
void check_header_bytes(const std::string& path, std::vector<Flaw>& flaws);

/// The same and what keeps SQLite from reading the schema, of a file that the platform could not open.
std::vector<Flaw> check_closed_sqlite(const std::string& path);

}  // namespace mingxin::store
