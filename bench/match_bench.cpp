// links: bench_support
// Matching on real pairs of names (../shared/data, which is not part of the project; skipped without it):
// what is attached automatically, and how often the first candidate shown for a doubtful row is the right
// one, among some 190,000 registered names. Usage: match_bench [--data=../shared/data] [--misses=1].
//
// Similar names, as chosen before anything was measured: normalised, they share at least half of their pairs
// of characters, or differ in at most 3 characters, or in at most 30 % of the longer one. suggest() was
// developed on one half of the pairs (by a hash of the code); the other half is printed as held out.
#include <zlib.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"
#include "collect/collect.h"
#include "collect/table_reader.h"
#include "subject/identify.h"
#include "subject/name.h"
#include "subject/name_hash.h"
#include "subject/subject.h"
#include "support.h"

using namespace mingxin;
using namespace mingxin::bench;

namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

/// Rows of a table by the names of some of its columns.
void read_table(const fs::path& file, const fs::path& folder, const Texts& columns,
                const std::function<void(const Texts&)>& row) {
    fs::path plain = file;
    if (file.extension() == ".gz") {
        plain = folder / file.stem();
        std::string text, piece(1 << 20, 0);
        gzFile packed = gzopen(file.c_str(), "rb");
        CHECK(packed != nullptr);
        for (int size; (size = gzread(packed, piece.data(), static_cast<unsigned>(piece.size()))) > 0;) {
            text.append(piece, 0, static_cast<std::size_t>(size));
        }
        gzclose(packed);
        must(write_file(plain, text));
    }
    auto reader = must(collect::open_table(plain, {}));
    std::vector<std::size_t> at;
    for (const std::string& column : columns) {
        const auto found = std::find(reader->header().begin(), reader->header().end(), column);
        CHECK(found != reader->header().end());
        at.push_back(static_cast<std::size_t>(found - reader->header().begin()));
    }
    Texts texts(columns.size());
    collect::RowChunk chunk;
    for (;;) {
        chunk.clear();
        must(reader->read(chunk, 4096));
        if (chunk.size() == 0) return;
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            const auto cells = chunk.cells(i);
            for (std::size_t c = 0; c < at.size(); ++c) {
                texts[c] = at[c] < cells.size() ? std::string(cells[at[c]].text) : std::string();
            }
            row(texts);
        }
    }
}

struct NamePair {
    std::string left, right, relation, code_left, code_right;
    bool same = false;
    bool held_out() const { return (subject::name_hash(code_right) >> 20 & 1) != 0; }
};

bool is_similar(const std::string& left, const std::string& right) {
    const std::u32string a = to_code_points(subject::normalise_name(left));
    const std::u32string b = to_code_points(subject::normalise_name(right));
    const auto pairs = [](const std::u32string& text) {
        std::set<std::u32string> found;
        for (std::size_t i = 0; i + 1 < text.size(); ++i) found.insert(text.substr(i, 2));
        return found;
    };
    const auto of_a = pairs(a), of_b = pairs(b);
    const auto shared =
        std::count_if(of_a.begin(), of_a.end(), [&](const auto& one) { return of_b.contains(one); });
    const std::size_t longest = std::max(a.size(), b.size()), distance = edit_distance(a, b, longest);
    return 4 * static_cast<std::size_t>(shared) >= of_a.size() + of_b.size() || distance <= 3 ||
           10 * distance <= 3 * longest;
}

/// Older numbers stand in the data instead of a unified code: padded, they serve as a key here.
std::string library_code(const std::string& code) {
    return code.size() == 18 ? code : ("91" + code + "0000000000000000").substr(0, 18);
}

struct Data {
    std::vector<NamePair> pairs;
    std::map<std::string, std::string> names;                   // registered, by code
    std::map<std::string, std::set<std::string>> former_names;  // by code
};

Data read_data(const fs::path& shared, const fs::path& folder) {
    Data data;
    read_table(shared / "entity-matching/pairs.csv", folder,
               {"left", "right", "same_entity", "relation", "code_left", "code_right"},
               [&](const Texts& row) {
                   data.pairs.push_back(
                       {row[0], row[1], row[3], library_code(row[4]), library_code(row[5]), row[2] == "1"});
               });
    for (const NamePair& pair : data.pairs) data.names[pair.code_right] = pair.right;
    for (const NamePair& pair : data.pairs) {
        if (!pair.same) data.names.emplace(pair.code_left, pair.left);
        if (pair.right != data.names[pair.code_right]) data.former_names[pair.code_right].insert(pair.right);
        if (pair.relation.ends_with("former_name") && !pair.relation.starts_with("embedded")) {
            data.former_names[pair.code_right].insert(pair.left);
        }
    }
    const fs::path registry = shared / "enterprise-registry";
    for (const char* name : {"registry_henan_jining.csv.gz", "registry_sample.csv.gz"}) {
        read_table(registry / name, folder, {"name", "uscc_raw"}, [&](const Texts& row) {
            if (row[1].size() == 18) data.names.emplace(row[1], row[0]);
        });
    }
    read_table(registry / "shandong_lookup.csv.gz", folder, {"name", "uscc", "former_names_raw"},
               [&](const Texts& row) {
                   if (row[1].size() != 18) return;
                   data.names.emplace(row[1], row[0]);
                   const std::size_t end = row[2].find("查看更多");  // of the page it was read from
                   const std::string former(trim(std::string_view(row[2]).substr(0, end)));
                   if (character_count(former) >= 4) data.former_names[row[1]].insert(former);
               });
    return data;
}

/// The registered names as the library; former names are told later.
void load_names(const cli::Platform& platform, const Data& data) {
    constexpr std::int64_t first_position = 1'000'000'000;  // beyond those of the journal
    auto tx = must(platform.database().write());
    auto writer =
        must(subject::Writer::begin(tx, platform.tenant(), static_cast<std::int64_t>(data.names.size())));
    std::int64_t position = first_position;
    for (const auto& [code, name] : data.names) {
        subject::Change change{code, name, true, true, {}, "存续", {}, {}, {}};
        must(writer.apply(change, position++));
    }
    must(writer.finish());
    must(tx.commit());
}

void load_former_names(const cli::Platform& platform, const Data& data) {
    auto tx = must(platform.database().write());
    auto writer = must(subject::Writer::begin(tx, platform.tenant(), 0));
    for (const auto& [code, names] : data.former_names) {
        std::string joined;
        for (const std::string& name : names) joined += (joined.empty() ? "" : ";") + name;
        subject::Change change{code, {}, false, false, {}, {}, {}, joined, {}};
        must(writer.apply(change, 1));
    }
    must(writer.finish());
    must(tx.commit());
}

struct Score {
    int asked = 0, first = 0, three = 0, five = 0;
    void add(std::size_t rank) {
        ++asked;
        first += rank == 0;
        three += rank < 3;
        five += rank < 5;
    }
    void print(const std::string& what) const {
        const double all = std::max(asked, 1);
        std::printf("  %-34s %5d asked   first %5.1f %%   of three %5.1f %%   of five %5.1f %%\n",
                    what.c_str(), asked, 100 * first / all, 100 * three / all, 100 * five / all);
    }
};

/// Names and codes that should lead to each other, asked of suggest().
class Asking {
  public:
    Asking(const cli::Platform& platform, const Data& data, bool tells_misses)
        : platform_(platform), data_(data), tells_misses_(tells_misses) {}

    std::size_t rank(const std::string& name, const std::string& code) {
        auto tx = must(platform_.database().read());
        const Seconds begin = Seconds::now();
        const auto found = must(subject::suggest(tx, platform_.tenant(), name, 5));
        const Seconds passed = begin.passed();
        cpu_ms_.push_back(passed.thread * 1e3);
        wall_ms_.push_back(passed.wall * 1e3);
        first_ = found.empty() ? "nobody" : found.front().name + " " + found.front().reason_zh;
        const auto place = std::find_if(found.begin(), found.end(),
                                        [&](const auto& one) { return one.subject.code == code; });
        return static_cast<std::size_t>(place - found.begin()) + (place == found.end() ? 100 : 0);
    }

    void similar_pairs(const char* title) {
        std::printf("%s\n", title);
        for (bool held_out : {false, true}) {
            std::map<std::string, Score> scores;
            Score all;
            for (const NamePair& pair : data_.pairs) {
                if (!pair.same || pair.held_out() != held_out || !is_similar(pair.left, pair.right)) continue;
                if (data_.names.at(pair.code_right) != pair.right) continue;  // registered under a third name
                const std::size_t place = rank(pair.left, pair.code_right);
                scores[pair.relation].add(place);
                all.add(place);
                if (place > 0 && tells_misses_ && !held_out) {
                    std::printf("    %s: %s, registered %s, found %s\n", pair.relation.c_str(),
                                pair.left.c_str(), pair.right.c_str(), first_.c_str());
                }
            }
            all.print(held_out ? "HELD-OUT HALF" : "DEVELOPMENT HALF");
            for (const auto& [relation, score] : scores) score.print(relation);
        }
    }

    void former_names() {
        std::map<std::string, int> bearers;
        for (const auto& [code, name] : data_.names) ++bearers[subject::normalise_name(name)];
        for (const auto& [code, names] : data_.former_names) {
            for (const std::string& name : names) ++bearers[subject::normalise_name(name)];
        }
        Score score;
        for (const auto& [code, names] : data_.former_names) {
            if (!data_.names.contains(code)) continue;
            for (const std::string& name : names) {
                if (bearers[subject::normalise_name(name)] == 1) score.add(rank(name, code));
            }
        }
        score.print("former names of one subject");
    }

    /// A branch that is not registered: its head office may be a candidate; one that is comes first.
    void branches() {
        Score own, head;
        for (const NamePair& pair : data_.pairs) {
            if (pair.relation != "branch_vs_parent") continue;
            own.add(rank(pair.left, pair.code_left));
            head.add(rank(pair.left, pair.code_right));
        }
        own.print("branches, the branch itself");
        head.print("branches, their head office");
    }

    void print_times() {
        std::sort(cpu_ms_.begin(), cpu_ms_.end());
        std::sort(wall_ms_.begin(), wall_ms_.end());
        const std::size_t middle = cpu_ms_.size() / 2, last = cpu_ms_.size() * 99 / 100;
        std::printf(
            "time of %zu suggestions: cpu p50 %.2f p99 %.2f ms, by clock p50 %.2f p99 %.2f ms (bound 50 "
            "ms)\n",
            cpu_ms_.size(), cpu_ms_[middle], cpu_ms_[last], wall_ms_[middle], wall_ms_[last]);
    }

  private:
    const cli::Platform& platform_;
    const Data& data_;
    bool tells_misses_;
    std::vector<double> cpu_ms_, wall_ms_;
    std::string first_;  // that was found last
};

/// Penalties against parties with the numbers that they are reported under, and to whom they belong.
struct Reported {
    std::string name, code, number, owner;
};

int attached_wrongly(const cli::Platform& platform, const fs::path& folder, const char* what,
                     const std::vector<Reported>& rows) {
    constexpr store::Sql attached{"bench.attached", "select row, subject from record where event = $1"};
    const demo::Unit unit = demo::units(county()).front();
    std::string text =
        "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_GSZC,CF_FRDB,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_"
        "FK,"
        "CF_JDRQ,CF_YXQ,CF_CFJG,CF_CFJGDM\n";
    const std::string day = now_utc().date().plus_days(-40).to_string();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        text += "\"" + rows[i].name + "\",法人及非法人组织," + rows[i].code + "," + rows[i].number +
                ",张三,鲁市监罚〔2026〕" + std::to_string(i) +
                "号,无证经营,未取得许可从事经营活动,《无证无照经营查处办法》第十三条,罚款,罚款人民币壹万元整,"
                "1.000000," +
                day + ",2099/12/31," + unit.name + "," + unit.code + "\n";
    }
    collect::Order order;
    order.file = folder / "reported.csv";
    order.file_name = "reported.csv";
    order.item = "penalty";
    order.unit_code = unit.code;
    order.submitted_by = "operator";
    order.now = now_utc();
    must(write_file(order.file, text));
    const collect::Outcome outcome = must(collect::collect(platform.desk(), order));
    int right = 0, wrong = 0;
    auto tx = must(platform.database().read());
    auto found = must(tx.query(attached, {outcome.batch.id}));
    while (must(found.next())) {
        const Reported& row = rows[static_cast<std::size_t>(found.integer(0)) - 1];
        (row.owner == found.text(1) ? right : wrong) += 1;
    }
    std::printf("  %-52s %5zu rows   attached rightly %5d   wrongly %d   doubtful %5lld   refused %lld\n",
                what, rows.size(), right, wrong, static_cast<long long>(outcome.batch.doubtful),
                static_cast<long long>(outcome.batch.rejected));
    return wrong;
}

/// An owner of "" is nobody: whatever is attached is wrong.
int bench_attachment(const cli::Platform& platform, const fs::path& folder, const Data& data) {
    std::vector<Reported> by_name, with_number, near_with_code, stranger_with_code, own_code,
        former_with_code;
    for (const NamePair& pair : data.pairs) {
        const std::string& owner = pair.same ? pair.code_right : pair.code_left;
        by_name.push_back({pair.left, "", "", ""});
        with_number.push_back({pair.left, "", "410423199912345", ""});  // leads to nobody
        const bool is_code = subject::is_valid_uscc(pair.code_right);
        if (!pair.same && subject::is_valid_uscc(owner)) own_code.push_back({pair.left, owner, "", owner});
        if (!is_code || subject::normalise_name(pair.left) == subject::normalise_name(pair.right)) continue;
        if (!pair.same) {
            stranger_with_code.push_back({pair.left, pair.code_right, "", ""});
        } else if (data.former_names.contains(owner) && data.former_names.at(owner).contains(pair.left)) {
            former_with_code.push_back({pair.left, owner, "", owner});
        } else {
            near_with_code.push_back({pair.left, owner, "", owner});
        }
    }
    std::printf("Attached automatically\n");
    int wrong = attached_wrongly(platform, folder, "a name and no code", by_name);
    wrong +=
        attached_wrongly(platform, folder, "a name and an older number that leads to nobody", with_number);
    wrong += attached_wrongly(platform, folder, "the code of a neighbour, namesake or head office",
                              stranger_with_code);
    wrong += attached_wrongly(platform, folder, "the right code under a near name", near_with_code);
    wrong +=
        attached_wrongly(platform, folder, "the right code under a registered former name", former_with_code);
    wrong += attached_wrongly(platform, folder, "the own code and name", own_code);
    std::printf("  precision of automatic attachment %s (goal 1.0)\n", wrong == 0 ? "1.0" : "BELOW 1.0");
    return wrong;
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path shared = text_argument(argc, argv, "data", "../shared/data");
    if (!fs::exists(shared / "entity-matching/pairs.csv")) {
        std::printf("skipped: %s is absent\n", shared.c_str());
        return 0;
    }
    const TemporaryFolder folder;
    const Data data = read_data(shared, folder.path());
    const auto platform = new_platform(folder.path() / "data", "sqlite");
    load_names(*platform, data);
    std::printf("%zu registered names, %zu subjects with former names, %zu pairs\n", data.names.size(),
                data.former_names.size(), data.pairs.size());
    Asking asking(*platform, data, size_argument(argc, argv, "misses", 0) != 0);
    asking.similar_pairs("Pairs of similar names; the library knows no former names");
    load_former_names(*platform, data);
    asking.similar_pairs("Pairs of similar names; the library knows the former names (goal: first 95 %)");
    std::printf("Others\n");
    asking.former_names();
    asking.branches();
    asking.print_times();
    const int wrong = bench_attachment(*platform, folder.path(), data);
    return wrong == 0 ? 0 : 1;
}
