#include "collect/findings_spool.h"

#include <cerrno>
#include <cstring>

namespace mingxin::collect {

namespace {

// A record on disk: line i64, outcome u8, count u32, then per finding: column i32, effect u8, three texts of
// u32 length.
template <class T>
void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put_text(std::string& out, std::string_view text) {
    put(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
}

tl::unexpected<Error> unwritable() {
    return file_fault(Fault::file_unwritable, "临时目录", errno);
}

}  // namespace

struct FindingsSpool::Impl {
    std::unique_ptr<TemporaryFolder> folder;
    std::FILE* file = nullptr;
    std::vector<int> column_of_field;
    std::string line;
    ~Impl() {
        if (file) std::fclose(file);
    }
    template <class T>
    bool get(T& value) {
        return std::fread(&value, sizeof value, 1, file) == 1;
    }
    bool get_text(std::string& text) {
        std::uint32_t size = 0;
        if (!get(size)) return false;
        text.resize(size);
        return std::fread(text.data(), 1, size, file) == size;
    }
    /// The next row; false at the end.
    bool get_row(RowVerdict& row);
};

FindingsSpool::FindingsSpool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FindingsSpool::FindingsSpool(FindingsSpool&&) noexcept = default;
FindingsSpool::~FindingsSpool() = default;

Result<FindingsSpool> FindingsSpool::create(const std::vector<quality::Source>& sources) {
    auto impl = std::make_unique<Impl>();
    impl->folder = TRY(TemporaryFolder::create());
    impl->file = std::fopen((impl->folder->path() / "findings").c_str(), "w+b");
    if (!impl->file) return unwritable();
    for (const quality::Source& source : sources) {
        impl->column_of_field.push_back(source.columns.empty() ? -1 : source.columns.front());
    }
    return FindingsSpool(std::move(impl));
}

Result<void> FindingsSpool::add(const record::Entry& entry) {
    std::string& line = impl_->line;
    line.clear();
    put(line, entry.line);
    put(line, static_cast<std::uint8_t>(entry.outcome));
    put(line, static_cast<std::uint32_t>(entry.findings.size()));
    for (const record::Finding& finding : entry.findings) {
        put(line, static_cast<std::int32_t>(finding.field < 0 ? -1 : impl_->column_of_field[finding.field]));
        put(line, static_cast<std::uint8_t>(finding.effect));
        put_text(line, finding.fault);
        put_text(line, finding.message_zh);
        put_text(line, finding.remedy_zh);
    }
    if (std::fwrite(line.data(), 1, line.size(), impl_->file) != line.size()) {
        return unwritable();
    }
    return {};
}

bool FindingsSpool::Impl::get_row(RowVerdict& row) {
    std::uint8_t outcome = 0, effect = 0;
    std::uint32_t count = 0;
    std::int32_t column = 0;
    if (!get(row.line) || !get(outcome) || !get(count)) return false;
    row.outcome = static_cast<record::Outcome>(outcome);
    row.findings.resize(count);
    for (CellFinding& finding : row.findings) {
        if (!get(column) || !get(effect)) return false;
        finding.column = column;
        finding.effect = static_cast<rulebook::Effect>(effect);
        if (!get_text(finding.fault) || !get_text(finding.message_zh) || !get_text(finding.remedy_zh))
            return false;
    }
    return true;
}

Result<void> FindingsSpool::flush() {
    if (std::fflush(impl_->file) != 0) return unwritable();
    return {};
}

Result<void> FindingsSpool::write_reply(const std::filesystem::path& file, const OpenOptions& options,
                                        const std::filesystem::path& reply) {
    TRY(flush());
    std::rewind(impl_->file);
    return collect::write_reply(file, options, reply,
                                [this](RowVerdict& row) { return impl_->get_row(row); });
}

}  // namespace mingxin::collect
