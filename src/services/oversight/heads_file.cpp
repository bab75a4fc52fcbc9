// The published heads: a witness beside the database. One JSON object a line (docs/formats/journal.md).
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

/// The bytes of the last whole line, without reading the whole file.
Result<std::string> last_line(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return std::string();
    const std::streamoff size = in.tellg();
    const std::streamoff from = std::max<std::streamoff>(0, size - 4096);
    in.seekg(from);
    std::string tail(static_cast<std::size_t>(size - from), '\0');
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    if (tail.empty()) return std::string();
    if (tail.back() == '\n') tail.pop_back();
    const std::size_t begin = tail.rfind('\n');
    return begin == std::string::npos ? tail : tail.substr(begin + 1);
}

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
    return std::optional<std::string>();
}

}  // namespace

Result<void> publish_head(store::ReadTx& tx, const std::filesystem::path& heads_file) {
    const auto head = TRY(journal::latest_head(tx));
    if (!head) return {};
    const std::string line = head_json(*head);
    if (TRY(last_line(heads_file)) == line) return {};
    std::ofstream out(heads_file, std::ios::binary | std::ios::app);
    out << line << '\n';
    out.flush();
    if (!out) return fail(Fault::file_unwritable, heads_file.string());
    return {};
}

Result<void> check_heads_file(store::ReadTx& tx, const crypto::Sm2PublicKey& key,
                              const std::filesystem::path& heads_file, std::vector<Damage>& damages) {
    if (!std::filesystem::exists(heads_file)) {
        if (TRY(journal::latest_head(tx))) {
            damages.push_back({"file " + heads_file.filename().string(), "已公布树头的文件缺失"});
        }
        return {};
    }
    std::ifstream in(heads_file, std::ios::binary);
    std::string line;
    std::int64_t number = 0, size_before = 0;
    while (std::getline(in, line)) {
        ++number;
        const std::string place =
            "file " + heads_file.filename().string() + " line " + std::to_string(number);
        if (auto wrong = TRY(what_is_wrong(tx, key, line))) damages.push_back({place, std::move(*wrong)});
        const std::optional<TreeHead> head = read_head(line);
        if (head && head->size <= size_before) damages.push_back({place, "树头的次序被打乱或重复"});
        if (head) size_before = head->size;
    }
    return {};
}

}  // namespace mingxin::oversight
