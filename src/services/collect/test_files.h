// Files for the tests, written into a folder that goes away with the fixture.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "collect/table_reader.h"

namespace mingxin::collect::test {

class Files {
  public:
    std::filesystem::path write(std::string_view name, std::string_view content) const;
    std::filesystem::path path(std::string_view name) const { return folder_.path() / std::string(name); }

  private:
    TemporaryFolder folder_;
};

/// All that a reader gives: rows as texts joined by '|', with the row's number in front ("2:甲|乙"); or the
/// fault.
struct Table {
    std::vector<std::string> header;
    std::vector<std::string> rows;
    std::vector<std::string> notes;
    std::string fault;    // code of the refusal, empty when read whole
    std::string message;  // its message
    std::string format;
    std::string sheet;
};
Table read_all(const std::filesystem::path& path, OpenOptions options = {}, std::size_t chunk_rows = 3);

/// A zip of stored or deflated entries, made by the tests' own code.
struct ZipEntry {
    std::string name, content;
    bool deflate = true;
};
std::string zip(const std::vector<ZipEntry>& entries);
/// A workbook of one or more sheets given as the inside of <worksheet>; shared: the inside of <sst>.
struct SheetSource {
    std::string name, inside, state;
};
std::string workbook_bytes(const std::vector<SheetSource>& sheets, std::string_view shared = {},
                           std::string_view styles = {}, bool date_1904 = false);

}  // namespace mingxin::collect::test
