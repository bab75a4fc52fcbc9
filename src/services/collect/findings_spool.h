// What became of each row, kept on disk while a batch runs, so that the reply can be written afterwards in
// bounded memory. Internal to collect.
#pragma once
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "collect/reply.h"
#include "collect/table_reader.h"
#include "quality/quality.h"
#include "record/record.h"

namespace mingxin::collect {

class FindingsSpool {
  public:
    /// sources tells which column of the file a field came from.
    static Result<FindingsSpool> create(const std::vector<quality::Source>& sources);
    FindingsSpool(FindingsSpool&&) noexcept;
    ~FindingsSpool();
    Result<void> add(const record::Entry& entry);
    /// What was added is on the disk: afterwards write_reply can read it.
    Result<void> flush();
    /// The reply workbook, from the file itself and what was added.
    Result<void> write_reply(const std::filesystem::path& file, const OpenOptions& options,
                             const std::filesystem::path& reply);

  private:
    struct Impl;
    explicit FindingsSpool(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace mingxin::collect
