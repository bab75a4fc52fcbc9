// The two passes of loading. Pass 1 reads every file, checks each entry against its schema and the ids over
// all files; pass 2 resolves what entries say of each other. Each pass reports all its problems, "file:line:
// what", then stops.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rulebook/book.h"
#include "rulebook/yaml_tree.h"

namespace mingxin::rulebook {

struct SourceFile : RuleFile {
    Tree tree;  // of a YAML file
};

/// One entry of a section ("items", "checks" ...), or the section itself where it is one map ("report").
struct Entry {
    const SourceFile* file = nullptr;
    const Tree* tree = nullptr;
    std::string id;  // empty where the section has none
    Validity validity;
};

class Loading {
  public:
    /// Sorted by path.
    explicit Loading(std::vector<RuleFile> files);
    Result<Book> run();

    void problem(const Entry& entry, const Tree& at, std::string what_zh);
    void problem(const SourceFile& file, int line, std::string what_zh);
    /// For what is tried: problems found since may be taken back.
    std::size_t problem_count() const { return problems_.size(); }
    std::vector<std::string> take_problems(std::size_t from);
    void give_problems(std::vector<std::string> problems);
    /// Something that the code needs is nowhere in the folder.
    void missing(std::string_view section, const std::string& id);
    const std::vector<Entry>& entries(std::string_view section) const;
    /// A file of the folder by its relative path; nullptr: absent.
    const SourceFile* file(std::string_view path) const;

    /// basis: {document, article, unsure}; the document is a reference.
    Basis basis(const Entry& entry, const Tree& holder);
    Basis basis(const Entry& entry) { return basis(entry, *entry.tree); }
    /// An integer, or {parameter: id}: the parameter's value on the day the entry's validity begins.
    std::int64_t number(const Entry& entry, const Tree& holder, std::string_view key, std::int64_t otherwise);
    void list_rule(const Entry& entry, std::string kind, const Basis& basis);

    Book book;

  private:
    void read_files();
    void read_entries(const SourceFile& file);
    void register_id(const std::string& section, const Entry& entry);
    void check_overlaps();
    Result<void> stop_if_broken();

    std::vector<SourceFile> files_;
    std::map<std::string, std::vector<Entry>, std::less<>> sections_;
    struct Named {
        std::string section;
        std::vector<Entry> entries;
    };
    std::map<std::string, Named> by_id_;
    std::vector<std::string> problems_;
};

/// Pass 1: nullptr when the section is not known.
struct Schema;
struct Section {
    const Schema* schema;
    bool list;        // of maps; else one map
    bool identified;  // entries have an id, unique over all files
    bool versioned;   // one id may have several entries whose validities do not overlap
};
const Section* find_section(std::string_view name);
void check_schema(Loading& loading, const Entry& entry, const Tree& tree, const Schema& schema);

/// Pass 2, in this order.
void build_documents(Loading& loading);
void build_parameters(Loading& loading);
void build_domains(Loading& loading);
void build_edition(Loading& loading);
void build_report(Loading& loading);
void build_classes(Loading& loading);
void build_items(Loading& loading);
void build_checks(Loading& loading);
void build_publicity(Loading& loading);
void build_calendar(Loading& loading);
void build_tables(Loading& loading);
void build_roles(Loading& loading);
void build_words(Loading& loading);
void build_campaigns(Loading& loading);
void build_withdrawals(Loading& loading);
void build_assessments(Loading& loading);

/// A field of an item by code, role name or "self"; -1 with a problem when there is none.
int resolve_field(Loading& loading, const Entry& entry, const Tree& at, const Item& item, int self);
Predicate build_predicate(Loading& loading, const Entry& entry, const Tree& tree, const Item& item, int self);
std::optional<Role> role_by_name(std::string_view name);
std::vector<std::string> texts(const Tree* list);
/// Everything below the tree, flat, in the order of the file.
std::vector<std::pair<std::string, std::string>> facets_of(const Tree& tree);
bool flag(const Tree& holder, std::string_view key);

}  // namespace mingxin::rulebook
