// The readers behind open_table; each is opened on a file whose kind is already known. sample is the file's
// start.
#pragma once
#include <cstdio>

#include "collect/table_reader.h"

namespace mingxin::collect {

Result<std::unique_ptr<TableReader>> open_csv(const std::filesystem::path& path, const OpenOptions& options);
Result<std::unique_ptr<TableReader>> open_ndjson(const std::filesystem::path& path,
                                                 const OpenOptions& options);
Result<std::unique_ptr<TableReader>> open_xlsx(const std::filesystem::path& path, const OpenOptions& options);

/// The hint words in the form in which header cells are compared: half-width, no blanks, upper case, no "*"
/// or remark in brackets.
std::vector<std::string> comparable_words(const std::vector<std::string>& words);
/// How many of the words (comparable) the cells have.
std::size_t words_found(std::span<const Cell> cells, const std::vector<std::string>& words);

}  // namespace mingxin::collect
