#include "server/body.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "server/multipart.h"

namespace mingxin::server {
namespace {

constexpr std::size_t kFieldBytes = 64 << 10;  // of all plain fields of a form: they are kept in memory

/// A file of its own, removed at the end unless somebody moved it.
class TemporaryFile {
  public:
    static Result<std::unique_ptr<TemporaryFile>> create(const std::filesystem::path& folder) {
        std::string path = (folder / "upload-XXXXXX").string();
        int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
        if (descriptor < 0) {
            return fail(Fault::file_unwritable, "上传的临时文件", "mkostemp in " + folder.string());
        }
        return std::unique_ptr<TemporaryFile>(new TemporaryFile(std::move(path), descriptor));
    }
    ~TemporaryFile() {
        close();
        ::unlink(path_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }
    Result<void> write(std::string_view bytes) {
        while (!bytes.empty()) {
            ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                return fail(Fault::file_unwritable, "上传的临时文件",
                            "write to " + path_ + ": " + std::strerror(errno));
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    void close() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
            descriptor_ = -1;
        }
    }

  private:
    TemporaryFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    std::string path_;
    int descriptor_;
};

/// Counts against the limit of the body, and against what all of them may hold.
class LimitedSink : public BodySink {
  public:
    /// left_bytes: null when only the body's own limit counts.
    LimitedSink(std::int64_t limit_bytes, std::atomic<std::int64_t>* left_bytes)
        : limit_bytes_(limit_bytes), left_bytes_(left_bytes) {}
    ~LimitedSink() override {
        if (left_bytes_ != nullptr) {
            left_bytes_->fetch_add(received_bytes_, std::memory_order_relaxed);
        }
    }
    Result<void> write(std::string_view bytes) final {
        auto size = static_cast<std::int64_t>(bytes.size());
        received_bytes_ += size;
        bool has_room =
            left_bytes_ == nullptr || left_bytes_->fetch_sub(size, std::memory_order_relaxed) >= size;
        if (received_bytes_ > limit_bytes_) {
            return fail(body_too_large(limit_bytes_));
        }
        if (!has_room) {
            return fail(Fault::busy);
        }
        return store(bytes);
    }

  protected:
    virtual Result<void> store(std::string_view bytes) = 0;

  private:
    std::int64_t limit_bytes_, received_bytes_ = 0;
    std::atomic<std::int64_t>* left_bytes_;
};

class MemorySink final : public LimitedSink {
  public:
    using LimitedSink::LimitedSink;
    Result<void> store(std::string_view bytes) override {
        body_.append(bytes);
        return {};
    }
    Result<void> finish(gate::Request& request) override {
        request.body = body_;
        return {};
    }

  private:
    std::string body_;
};

class FileSink final : public LimitedSink {
  public:
    FileSink(std::int64_t limit_bytes, std::atomic<std::int64_t>* left_bytes,
             std::unique_ptr<TemporaryFile> file)
        : LimitedSink(limit_bytes, left_bytes), file_(std::move(file)) {}
    Result<void> store(std::string_view bytes) override { return file_->write(bytes); }
    Result<void> finish(gate::Request& request) override {
        file_->close();
        request.parts.push_back({.name = {}, .file_name = {}, .value = {}, .path = file_->path()});
        return {};
    }

  private:
    std::unique_ptr<TemporaryFile> file_;
};

class FormSink final : public LimitedSink, MultipartParser::Sink {
  public:
    FormSink(std::int64_t limit_bytes, std::atomic<std::int64_t>* left_bytes, std::string_view boundary,
             std::filesystem::path folder)
        : LimitedSink(limit_bytes, left_bytes), folder_(std::move(folder)), parser_(boundary, *this) {}
    Result<void> store(std::string_view bytes) override { return parser_.push(bytes); }
    Result<void> finish(gate::Request& request) override {
        TRY(parser_.finish());
        request.parts = std::move(parts_);
        return {};
    }

  private:
    Result<void> begin_part(std::string name, std::string file_name, bool is_file) override {
        parts_.push_back(
            {.name = std::move(name), .file_name = std::move(file_name), .value = {}, .path = {}});
        writing_file_ = is_file;
        if (is_file) {
            files_.push_back(TRY(TemporaryFile::create(folder_)));
            parts_.back().path = files_.back()->path();
        }
        return {};
    }
    Result<void> data(std::string_view bytes) override {
        if (writing_file_) {
            return files_.back()->write(bytes);
        }
        field_bytes_ += bytes.size();
        if (field_bytes_ > kFieldBytes) {
            return fail(body_too_large(kFieldBytes));
        }
        parts_.back().value.append(bytes);
        return {};
    }
    Result<void> end_part() override {
        if (writing_file_) {
            files_.back()->close();
        }
        return {};
    }

    std::filesystem::path folder_;
    MultipartParser parser_;
    std::vector<gate::Part> parts_;
    std::vector<std::unique_ptr<TemporaryFile>> files_;
    bool writing_file_ = false;
    std::size_t field_bytes_ = 0;
};

}  // namespace

Error body_too_large(std::int64_t limit_bytes) {
    std::string limit = limit_bytes >= 1 << 20 ? std::to_string(limit_bytes >> 20) + " MB"
                                               : std::to_string(limit_bytes >> 10) + " KB";
    return Error{Fault::body_too_large, "最多 " + limit, {}};
}

Result<std::unique_ptr<BodySink>> make_body_sink(const gate::BodyPlan& plan, std::string_view content_type,
                                                 const std::filesystem::path& folder, PublicBodies& bodies) {
    std::string boundary = MultipartParser::boundary_of(content_type);
    std::atomic<std::int64_t>* disk = plan.is_public ? &bodies.disk_bytes : nullptr;
    if (!boundary.empty()) {
        return std::unique_ptr<BodySink>(new FormSink(plan.limit_bytes, disk, boundary, folder));
    }
    if (plan.to_file) {
        return std::unique_ptr<BodySink>(
            new FileSink(plan.limit_bytes, disk, TRY(TemporaryFile::create(folder))));
    }
    return std::unique_ptr<BodySink>(
        new MemorySink(plan.limit_bytes, plan.is_public ? &bodies.memory_bytes : nullptr));
}

}  // namespace mingxin::server
