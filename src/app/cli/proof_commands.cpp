// journal head, prove, consistency; verify; rebuild.
#include <unistd.h>

#include "base/json.h"
#include "cli/commands.h"
#include "oversight/oversight.h"

namespace mingxin::cli {

namespace {

/// One line on a terminal, rewritten in place; nothing elsewhere.
oversight::Progress terminal_progress() {
    if (!isatty(STDERR_FILENO)) return {};
    return [last = std::string()](oversight::Stage stage, std::int64_t done, std::int64_t all) mutable {
        std::string line(oversight::stage_zh(stage));
        if (all > 0) line += " " + std::to_string(done * 100 / all) + "%";
        if (line == last) return true;
        last = line;
        std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
        return true;
    };
}

void end_progress() {
    if (isatty(STDERR_FILENO)) std::fputs("\r\x1b[K", stderr);
}

int print_verdict(const Common& common, const oversight::Verdict& verdict, std::string_view clean_zh) {
    end_progress();
    if (common.json) {
        JsonWriter json;
        json.begin_object().field("clean", verdict.clean()).field("events", verdict.events);
        json.field("rows_compared", verdict.rows_compared).key("damages").begin_array();
        for (const journal::Damage& damage : verdict.damages) {
            json.begin_object().field("place", damage.place).field("what", damage.what_zh).end_object();
        }
        json.end_array().end_object();
        print_line(json.str());
        return verdict.clean() ? 0 : 1;
    }
    for (const journal::Damage& damage : verdict.damages) print_line(damage.place + "：" + damage.what_zh);
    if (verdict.clean()) {
        print_line(std::string(clean_zh) + "：" + std::to_string(verdict.events) + "个事件，" +
                   std::to_string(verdict.rows_compared) + "行数据。");
    } else {
        print_line("发现" + std::to_string(verdict.damages.size()) +
                   "处问题。请停止写入，保留现场，从备份恢复或按账本重建（rebuild --repair）。");
    }
    return verdict.clean() ? 0 : 1;
}

}  // namespace

Result<int> journal_head(const Common& common) {
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    const auto head = TRY(journal::latest_head(tx));
    if (!head) return fail(Fault::not_found, "账本中还没有树头");
    if (!common.json) {
        print(head->note());
        return 0;
    }
    JsonWriter json;
    json.begin_object()
        .field("origin", head->origin)
        .field("size", head->size)
        .field("root", to_hex(head->root));
    json.field("time", head->time.to_string()).field("key_id", head->key_id);
    json.field("previous_size", head->previous_size);
    json.field("signature", to_hex(head->signature)).end_object();
    print_line(json.str());
    return 0;
}

Result<int> journal_prove(const Common& common, std::int64_t event, std::int64_t row) {
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    print_line(TRY(journal::receipt(tx, platform->key().public_key(), event, row)));
    return 0;
}

Result<int> journal_consistency(const Common& common, std::int64_t old_size, std::int64_t new_size) {
    auto platform = TRY(common.open());
    auto tx = TRY(platform->database().read());
    print_line(TRY(journal::consistency(tx, old_size, new_size)));
    return 0;
}

namespace {

/// Whether a platform that is there does not open because one of its files was altered.
bool is_damage(Fault fault) {
    return fault == Fault::config_broken || fault == Fault::store_corrupt;
}

/// The place in the database's file where that is what keeps it closed.
oversight::Verdict verdict_on_closed(const Common& common, const Error& why) {
    const auto url = Platform::url_of(common.data);
    return oversight::verdict_on_closed(url.ok() ? *url : std::string(), why);
}

}  // namespace

Result<int> verify(const Common& common) {
    auto opened = common.open();
    if (!opened.ok() && is_damage(opened.error().fault)) {
        return print_verdict(common, verdict_on_closed(common, opened.error()), {});
    }
    auto platform = TRY(std::move(opened));
    oversight::Verdict verdict = TRY(oversight::verify(platform->grounds(), terminal_progress()));
    TRY(platform->check_config(verdict.damages));
    return print_verdict(common, verdict, "核验通过，数据未被改动");
}

Result<int> rebuild(const Common& common, bool repair) {
    auto platform = TRY(common.open());
    const oversight::Verdict verdict =
        TRY(oversight::rebuild(platform->grounds(), repair, terminal_progress()));
    const int status = print_verdict(common, verdict, "按账本重建，与现有数据一致");
    if (repair && !verdict.clean()) tell("不符的数据表已按账本重写，请再运行 verify。");
    return status;
}

}  // namespace mingxin::cli
