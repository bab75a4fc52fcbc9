#include "rulebook/loading.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "crypto/crypto.h"

namespace mingxin::rulebook {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileLimit = 1'000;
constexpr std::uint64_t kFileLimitBytes = 16u << 20;
const Date kOpenEnd = *make_date(9999, 12, 31);

/// Relative paths of the files that make up the rulebook, sorted by bytes; others (editor backups) are not
/// rules.
Result<std::vector<std::string>> rule_files(const fs::path& folder) {
    std::error_code error;
    std::vector<std::string> paths;
    fs::recursive_directory_iterator walk(folder, error), end;
    for (; !error && walk != end; walk.increment(error)) {
        const fs::path& path = walk->path();
        bool rule = path.extension() == ".yaml" || path.extension() == ".csv";
        if (!rule || path.filename().string().starts_with('.') || !walk->is_regular_file(error)) continue;
        paths.push_back(path.lexically_relative(folder).generic_string());
        if (paths.size() > kFileLimit) return fail(Fault::rulebook_broken, folder.string() + "：文件过多");
    }
    if (error || paths.empty()) {
        return fail(Fault::rulebook_broken, folder.string() + "：目录无法读取或没有规则文件",
                    error.message());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

Result<std::vector<RuleFile>> read_folder(const fs::path& folder) {
    std::vector<RuleFile> files;
    for (std::string& path : TRY(rule_files(folder))) {
        std::string content = TRY(read_file(folder / path, kFileLimitBytes));
        files.push_back({std::move(path), std::move(content)});
    }
    return files;
}

/// Path, length and content of each file, so that no two different folders give the same bytes.
std::string digest_of(const std::vector<RuleFile>& files) {
    crypto::Hasher hasher;
    for (const RuleFile& file : files) {
        hasher.update(file.path + "\n" + std::to_string(file.content.size()) + "\n").update(file.content);
    }
    return to_hex(hasher.finish());
}

bool overlap(const Validity& a, const Validity& b) {
    return a.from <= b.to && b.from <= a.to;
}

std::string place(const Entry& entry) {
    return entry.file->path + ":" + std::to_string(entry.tree->line);
}

}  // namespace

Loading::Loading(std::vector<RuleFile> files) {
    for (RuleFile& file : files) files_.push_back({std::move(file), {}});
}

void Loading::problem(const SourceFile& file, int line, std::string what_zh) {
    std::string text = file.path + ":" + std::to_string(line) + ": " + what_zh;
    if (std::find(problems_.begin(), problems_.end(), text) == problems_.end()) problems_.push_back(text);
}

void Loading::problem(const Entry& entry, const Tree& at, std::string what_zh) {
    problem(*entry.file, at.line, (entry.id.empty() ? "" : entry.id + " ") + what_zh);
}

std::vector<std::string> Loading::take_problems(std::size_t from) {
    std::vector<std::string> taken(problems_.begin() + static_cast<std::ptrdiff_t>(from), problems_.end());
    problems_.resize(from);
    return taken;
}

void Loading::give_problems(std::vector<std::string> problems) {
    problems_.insert(problems_.end(), problems.begin(), problems.end());
}

void Loading::missing(std::string_view section, const std::string& id) {
    const std::vector<Entry>& known = entries(section);
    if (known.empty()) {
        problems_.push_back(std::string(section) + ": 缺少 " + id);
    } else {
        problem(*known.front().file, known.front().tree->line, "缺少 " + id);
    }
}

const std::vector<Entry>& Loading::entries(std::string_view section) const {
    static const std::vector<Entry> none;
    auto found = sections_.find(section);
    return found == sections_.end() ? none : found->second;
}

const SourceFile* Loading::file(std::string_view path) const {
    for (const SourceFile& file : files_) {
        if (file.path == path) return &file;
    }
    return nullptr;
}

Basis Loading::basis(const Entry& entry, const Tree& holder) {
    const Tree* tree = holder.find("basis");
    if (tree == nullptr) return {};
    auto document = book.documents.find(tree->text_of("document"));
    if (document == book.documents.end()) {
        problem(entry, *tree,
                "依据的文件 " + std::string(tree->text_of("document")) + " 未在 documents 中列出");
        return {};
    }
    Basis basis = document->second;
    basis.article = tree->text_of("article");
    basis.unsure = flag(*tree, "unsure");
    return basis;
}

std::int64_t Loading::number(const Entry& entry, const Tree& holder, std::string_view key,
                             std::int64_t otherwise) {
    const Tree* tree = holder.find(key);
    if (tree == nullptr) return otherwise;
    std::int64_t value = otherwise;
    if (tree->kind == Tree::Kind::scalar) {
        std::from_chars(tree->text.data(), tree->text.data() + tree->text.size(), value);
        return value;
    }
    auto found = book.parameters.find(tree->text_of("parameter"));
    if (found == book.parameters.end()) {
        problem(entry, *tree, "参数 " + std::string(tree->text_of("parameter")) + " 不存在");
        return otherwise;
    }
    value = found->second.front().number;
    for (const Parameter& parameter : found->second) {
        if (parameter.validity.from <= entry.validity.from) value = parameter.number;
    }
    return value;
}

void Loading::list_rule(const Entry& entry, std::string kind, const Basis& basis) {
    RuleInfo info{entry.id, std::move(kind), std::string(entry.tree->text_of("title_zh")), place(entry)};
    info.basis = basis;
    info.validity = entry.validity;
    info.facets = facets_of(*entry.tree);
    book.rules.push_back(std::move(info));
}

void Loading::read_files() {
    for (SourceFile& file : files_) {
        if (!is_utf8(file.content)) {
            problem(file, 1, "不是UTF-8编码");
        } else if (file.path.ends_with(".yaml")) {
            std::vector<YamlProblem> broken;
            file.tree = read_yaml(file.content, broken);
            for (YamlProblem& one : broken) problem(file, one.line, std::move(one.what_zh));
            if (broken.empty()) read_entries(file);
        }
    }
}

void Loading::read_entries(const SourceFile& file) {
    if (file.tree.kind != Tree::Kind::map) return problem(file, file.tree.line, "最外层应为键值组");
    for (std::size_t i = 0; i < file.tree.keys.size(); ++i) {
        const std::string& name = file.tree.keys[i];
        const Tree& tree = file.tree.children[i];
        const Section* section = find_section(name);
        Tree::Kind kind = section != nullptr && section->list ? Tree::Kind::list : Tree::Kind::map;
        if (section == nullptr || tree.kind != kind) {
            problem(file, tree.line, section == nullptr ? "不认识的部分 " + name : name + " 的形式不对");
            continue;
        }
        if (!section->list && !entries(name).empty()) problem(file, tree.line, name + " 只能出现一次");
        std::size_t count = section->list ? tree.children.size() : 1;
        for (std::size_t k = 0; k < count; ++k) {
            const Tree& one = section->list ? tree.children[k] : tree;
            Entry entry{&file, &one, section->identified ? std::string(one.text_of("id")) : ""};
            if (one.kind != Tree::Kind::map) {
                problem(entry, one, "应为键值组");
                continue;
            }
            check_schema(*this, entry, one, *section->schema);
            entry.validity.from = parse_date(one.text_of("valid_from")).value_or(Date{});
            entry.validity.to = parse_date(one.text_of("valid_to")).value_or(kOpenEnd);
            if (entry.validity.to < entry.validity.from) problem(entry, one, "valid_to 早于 valid_from");
            if (section->identified && !entry.id.empty()) register_id(name, entry);
            sections_[name].push_back(std::move(entry));
        }
    }
}

void Loading::register_id(const std::string& section, const Entry& entry) {
    Named& named = by_id_[entry.id];
    if (named.entries.empty()) {
        named.section = section;
    } else if (named.section != section || !find_section(section)->versioned) {
        problem(entry, *entry.tree, "编号重复，已用于 " + place(named.entries.front()));
    }
    named.entries.push_back(entry);
}

void Loading::check_overlaps() {
    for (auto& [id, named] : by_id_) {
        if (!find_section(named.section)->versioned) continue;
        std::stable_sort(named.entries.begin(), named.entries.end(),
                         [](const Entry& a, const Entry& b) { return a.validity.from < b.validity.from; });
        for (std::size_t i = 1; i < named.entries.size(); ++i) {
            const Entry &before = named.entries[i - 1], &entry = named.entries[i];
            if (overlap(before.validity, entry.validity)) {
                problem(entry, *entry.tree, "有效期与 " + place(before) + " 的同一编号重叠");
            }
        }
    }
}

Result<void> Loading::stop_if_broken() {
    if (problems_.empty()) return {};
    std::string text;
    for (const std::string& problem : problems_) text += (text.empty() ? "" : "\n") + problem;
    return fail(Fault::rulebook_broken, std::move(text));
}

Result<Book> Loading::run() {
    read_files();
    check_overlaps();
    TRY(stop_if_broken());
    build_documents(*this);
    build_parameters(*this);
    build_domains(*this);
    build_edition(*this);
    build_report(*this);
    build_classes(*this);
    build_items(*this);
    build_checks(*this);
    build_publicity(*this);
    build_calendar(*this);
    build_tables(*this);
    build_roles(*this);
    build_words(*this);
    build_campaigns(*this);
    build_withdrawals(*this);
    build_assessments(*this);
    TRY(stop_if_broken());
    for (SourceFile& file : files_) book.files.push_back({std::move(file.path), std::move(file.content)});
    book.digest = digest_of(book.files);
    return std::move(book);
}

std::vector<std::string> texts(const Tree* list) {
    std::vector<std::string> result;
    if (list == nullptr) return result;
    for (const Tree& child : list->children) result.push_back(child.text);
    return result;
}

bool flag(const Tree& holder, std::string_view key) {
    return holder.text_of(key) == "true";
}

namespace {

/// Of an entry of a list: what it is called there.
std::string_view name_in_list(const Tree& tree) {
    for (std::string_view key : {"code", "id", "value", "use"}) {
        if (!tree.text_of(key).empty()) return tree.text_of(key);
    }
    return "";
}

void add_facets(const Tree& tree, const std::string& path,
                std::vector<std::pair<std::string, std::string>>& facets) {
    const auto below = [&](std::string_view name) {
        return path.empty() ? std::string(name) : path + "." + std::string(name);
    };
    if (tree.kind == Tree::Kind::scalar) return void(facets.emplace_back(path, tree.text));
    if (tree.kind == Tree::Kind::map) {
        for (std::size_t i = 0; i < tree.keys.size(); ++i) {
            add_facets(tree.children[i], below(tree.keys[i]), facets);
        }
        return;
    }
    std::string scalars;
    for (std::size_t i = 0; i < tree.children.size(); ++i) {
        const Tree& child = tree.children[i];
        if (child.kind == Tree::Kind::scalar) {
            (scalars += scalars.empty() ? "" : ", ") += child.text;
            continue;
        }
        const std::string_view name = name_in_list(child);
        add_facets(child, below(name.empty() ? std::to_string(i + 1) : name), facets);
    }
    if (!scalars.empty()) facets.emplace_back(path, "[" + scalars + "]");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> facets_of(const Tree& tree) {
    std::vector<std::pair<std::string, std::string>> facets;
    add_facets(tree, "", facets);
    return facets;
}

Result<std::shared_ptr<const Rulebook>> Rulebook::load(const std::filesystem::path& folder) {
    return load(TRY(read_folder(folder)));
}

Result<std::shared_ptr<const Rulebook>> Rulebook::load(std::vector<RuleFile> files) {
    std::sort(files.begin(), files.end(),
              [](const RuleFile& a, const RuleFile& b) { return a.path < b.path; });
    Loading loading(std::move(files));
    Book book = TRY(loading.run());
    return std::shared_ptr<const Rulebook>(new Rulebook(std::make_unique<Impl>(std::move(book))));
}

}  // namespace mingxin::rulebook
