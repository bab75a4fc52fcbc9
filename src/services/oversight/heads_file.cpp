// The published heads: a witness beside the database. One JSON object a line (docs/formats/journal.md).
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "oversight/heads_file.h"
#include "oversight/oversight.h"

namespace mingxin::oversight {

namespace json = boost::json;
using journal::Damage;
using journal::TreeHead;

std::string head_json(const TreeHead& head) {
    JsonWriter out;
    out.begin_object().field("origin", head.origin).field("size", head.size).field("root", to_hex(head.root));
    out.field("time", head.time.to_string()).field("key_id", head.key_id);
    out.field("previous_size", head.previous_size);
    out.field("signature", to_hex(head.signature)).end_object();
    return out.take();
}

namespace {

std::optional<TreeHead> read_head(std::string_view line) {
    try {
        const json::object object = json::parse(line).as_object();
        TreeHead head;
        head.origin = object.at("origin").as_string();
        head.size = object.at("size").as_int64();
        head.key_id = object.at("key_id").as_string();
        head.previous_size = object.at("previous_size").as_int64();
        const auto root = digest_from_hex(std::string_view(object.at("root").as_string()));
        const auto time = parse_instant(std::string_view(object.at("time").as_string()));
        const auto signature = from_hex(std::string_view(object.at("signature").as_string()));
        if (!root || !time || !signature || object.size() != 7) return std::nullopt;
        head.root = *root;
        head.time = *time;
        head.signature = *signature;
        return head;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Result<std::optional<std::string>> what_is_wrong(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                                                 const std::string& line) {
    const auto bad = [](std::string text) { return std::optional<std::string>(std::move(text)); };
    const std::optional<TreeHead> head = read_head(line);
    if (!head || head_json(*head) != line) return bad("这一行不是按格式写的树头，内容被改动");
    if (!key.verify(as_bytes(head->note()), head->signature)) return bad("签名与内容不符");
    const std::vector<TreeHead> stored = TRY(journal::heads(tx, 1, head->size + 1));
    if (stored.empty() || stored.front().size != head->size) {
        return bad("数据库中没有这个已公布的树头：数据库可能被回退到较早的状态");
    }
    if (stored.front().root != head->root) return bad("与数据库中同一大小的树头不一致：账本被改写");
    if (head_json(stored.front()) != line) return bad("与数据库中同一大小的树头不完全一致：两者之一被改动");
    return std::optional<std::string>();
}

}  // namespace

namespace {

/// The heads file, held alone: a server and a command may publish at once.
class HeadsFile {
  public:
    static Result<HeadsFile> open(const std::filesystem::path& path) {
        HeadsFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644), path);
        if (file.descriptor_ < 0 || ::flock(file.descriptor_, LOCK_EX) != 0) return file.failed();
        return file;
    }
    HeadsFile(HeadsFile&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
    ~HeadsFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    /// The last line. What lies behind it without an end was cut off by a crash and goes away.
    Result<std::string> last_line() {
        const off_t size = ::lseek(descriptor_, 0, SEEK_END);
        std::string tail(static_cast<std::size_t>(std::min<off_t>(size, 8192)), '\0');
        const ssize_t got =
            ::pread(descriptor_, tail.data(), tail.size(), size - static_cast<off_t>(tail.size()));
        if (size < 0 || got != static_cast<ssize_t>(tail.size())) return failed();
        const std::size_t end = tail.rfind('\n') + 1;  // 0: no whole line
        if (::ftruncate(descriptor_, size - static_cast<off_t>(tail.size() - end)) != 0) return failed();
        if (end == 0) return std::string();
        const std::size_t before = end == 1 ? std::string::npos : tail.rfind('\n', end - 2);
        const std::size_t begin = before == std::string::npos ? 0 : before + 1;
        return tail.substr(begin, end - 1 - begin);
    }

    Result<void> append(const std::string& line) {
        ::lseek(descriptor_, 0, SEEK_END);
        const ssize_t written = ::write(descriptor_, line.data(), line.size());
        if (written != static_cast<ssize_t>(line.size()) || ::fdatasync(descriptor_) != 0) return failed();
        return {};
    }

  private:
    HeadsFile(int descriptor, std::filesystem::path path) : descriptor_(descriptor), path_(std::move(path)) {}
    tl::unexpected<Error> failed() const { return fail(Fault::file_unwritable, path_.string()); }
    int descriptor_;
    std::filesystem::path path_;
};

}  // namespace

namespace {

/// The heads of more than so many events, oldest first, in the lines of the file.
Result<std::string> lines_after(store::ReadTx& tx, std::int64_t size) {
    std::vector<std::string> newest_first;
    std::int64_t before = INT64_MAX;
    while (true) {
        const std::vector<TreeHead> some = TRY(journal::heads(tx, 100, before));
        for (const TreeHead& head : some) {
            before = head.size;
            if (head.size > size) newest_first.push_back(head_json(head) + '\n');
        }
        if (some.size() < 100 || before <= size) break;
    }
    std::string lines;
    for (auto line = newest_first.rbegin(); line != newest_first.rend(); ++line) lines += *line;
    return lines;
}

}  // namespace

Result<void> publish_heads(store::ReadTx& tx, const std::filesystem::path& heads_file) {
    const auto head = TRY(journal::latest_head(tx));
    if (!head) return {};
    HeadsFile file = TRY(HeadsFile::open(heads_file));
    const std::optional<TreeHead> last = read_head(TRY(file.last_line()));
    if (last && last->size >= head->size) return {};  // perhaps by another process, which knows more
    return file.append(TRY(lines_after(tx, last ? last->size : 0)));
}

namespace {

/// Heads that a crash kept from being published lie close together, see HeadPublisher.
constexpr std::size_t kMostUnpublished = 2;
constexpr std::int64_t kPublishedWithin_us = 10'000'000;

/// The lines of a heads file one after the other.
class HeadsCheck {
  public:
    HeadsCheck(store::ReadTx& tx, const crypto::Sm2PublicKey& key, const std::filesystem::path& file,
               std::vector<Damage>& damages)
        : tx_(tx), key_(key), file_("file " + file.filename().string()), damages_(damages) {}

    Result<void> line(const std::string& text, bool ended) {
        ++number_;
        if (!ended && TRY(is_torn(text))) return {};
        if (auto wrong = TRY(what_is_wrong(tx_, key_, text))) tell(std::move(*wrong));
        const std::optional<TreeHead> head = read_head(text);
        if (!head) {
            after_damage_ = true;
            return {};
        }
        if (head->size <= size_before_) {
            tell("树头的次序被打乱或重复");
        } else if (head->previous_size != size_before_ && !after_damage_) {
            tell("与上一行不相连：前一树头应为" + std::to_string(head->previous_size) + "个事件，上一行为" +
                 std::to_string(size_before_) + "个；其间的行被删去或移走");
        }
        after_damage_ = false;
        size_before_ = head->size;
        return {};
    }

    Result<void> end() {
        const auto newest = TRY(journal::latest_head(tx_));
        if (!newest || newest->size <= size_before_) return {};
        if (number_ == 0) return tell_file("已公布树头的文件被清空"), Result<void>();
        // Of a crash: published with the next write.
        const std::vector<TreeHead> last = TRY(journal::heads(tx_, kMostUnpublished + 1));
        if (last.size() <= kMostUnpublished || last.back().size <= size_before_) return {};
        if (newest->time.us - last.back().time.us <= kPublishedWithin_us) return {};
        tell_file("第" + std::to_string(number_ + 1) + "行起缺少：账本中" + std::to_string(size_before_) +
                  "个事件之后的树头没有公布，或已从文件末尾删去");
        return {};
    }

  private:
    /// The beginning of the head that comes next: cut off by a crash in the middle of writing.
    Result<bool> is_torn(const std::string& text) {
        return TRY(lines_after(tx_, size_before_)).starts_with(text) && !read_head(text);
    }
    void tell(std::string what_zh) {
        damages_.push_back({file_ + " line " + std::to_string(number_), std::move(what_zh)});
    }
    void tell_file(std::string what_zh) { damages_.push_back({file_, std::move(what_zh)}); }

    store::ReadTx& tx_;
    const crypto::Sm2PublicKey& key_;
    const std::string file_;
    std::vector<Damage>& damages_;
    std::int64_t number_ = 0, size_before_ = 0;
    bool after_damage_ = false;
};

}  // namespace

std::optional<std::uint64_t> published_bytes(const std::filesystem::path& heads_file) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(heads_file, error);
    return error ? std::nullopt : std::optional<std::uint64_t>(bytes);
}

Result<void> check_heads(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                         const std::filesystem::path& heads_file, std::optional<std::uint64_t> published,
                         std::vector<Damage>& damages) {
    if (!published) {
        if (TRY(journal::latest_head(tx))) {
            damages.push_back({"file " + heads_file.filename().string(), "已公布树头的文件缺失"});
        }
        return {};
    }
    HeadsCheck check(tx, key, heads_file, damages);
    std::ifstream in(heads_file, std::ios::binary);
    std::string line;
    for (std::uint64_t left = *published; left > 0 && std::getline(in, line);) {
        const bool ended = !in.eof() && line.size() < left;
        if (line.size() > left) line.resize(left);
        left -= std::min<std::uint64_t>(left, line.size() + 1);
        TRY(check.line(line, ended));
    }
    return check.end();
}

}  // namespace mingxin::oversight
