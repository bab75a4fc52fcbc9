#include "rulebook/editions.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json.h"

namespace mingxin::rulebook {
namespace {

using store::ColumnType;

const store::Table kEditions{"rulebook_edition",
                             {{"digest", ColumnType::text},
                              {"event_seq", ColumnType::integer},
                              {"title", ColumnType::text},
                              {"state", ColumnType::integer},
                              {"proposed_by", ColumnType::text},
                              {"proposed_us", ColumnType::integer},
                              {"decided_by", ColumnType::text},
                              {"decided_us", ColumnType::integer},
                              {"decided_seq", ColumnType::integer},
                              {"reason", ColumnType::text}},
                             "digest",
                             {}};
const store::Table* const kTables[] = {&kEditions};

#define MINGXIN_EDITION_COLUMNS \
    "digest, event_seq, title, state, proposed_by, proposed_us, decided_by, decided_us, reason"
const store::Sql kAll{"rulebook.editions",
                      "SELECT " MINGXIN_EDITION_COLUMNS " FROM rulebook_edition ORDER BY event_seq DESC"};
const store::Sql kFind{"rulebook.edition",
                       "SELECT " MINGXIN_EDITION_COLUMNS " FROM rulebook_edition WHERE digest = $1"};
const store::Sql kActive{"rulebook.active", "SELECT digest FROM rulebook_edition WHERE state = 2"};
const store::Sql kPropose{
    "rulebook.propose",
    "INSERT INTO rulebook_edition (digest, event_seq, title, state, proposed_by, proposed_us, decided_by, "
    "decided_us, decided_seq, reason) VALUES ($1, $2, $3, 1, $4, $5, '', 0, 0, '') "
    "ON CONFLICT (digest) DO UPDATE SET event_seq = excluded.event_seq, state = 1, "
    "proposed_by = excluded.proposed_by, proposed_us = excluded.proposed_us, decided_by = '', "
    "decided_us = 0, decided_seq = 0, reason = ''"};
const store::Sql kSupersede{"rulebook.supersede", "UPDATE rulebook_edition SET state = 3 WHERE state = 2"};
const store::Sql kDecide{"rulebook.decide",
                         "UPDATE rulebook_edition SET state = $2, decided_by = $3, decided_us = $4, "
                         "decided_seq = $5, reason = $6 WHERE digest = $1"};

/// The texts of a payload.
class Payload {
  public:
    explicit Payload(std::string_view text) {
        boost::json::error_code broken;
        value_ = boost::json::parse(text, broken);
        if (broken) value_ = nullptr;
    }
    std::string text(std::string_view key) const {
        const boost::json::object* object = value_.if_object();
        const boost::json::value* value = object == nullptr ? nullptr : object->if_contains(key);
        const boost::json::string* found = value == nullptr ? nullptr : value->if_string();
        return found == nullptr ? std::string() : std::string(*found);
    }

  private:
    boost::json::value value_;
};

/// Of what came with the program the proposal and the decision are one event.
class EditionProjection : public journal::Projection {
  public:
    std::string_view name() const override { return "rulebook"; }
    std::span<const store::Table* const> tables() const override { return kTables; }
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        const bool activated = event.kind == kActivatedKind, proposed = event.kind == kProposedKind;
        if (!activated && !proposed && event.kind != kDeclinedKind) return {};
        const Payload payload(event.payload);
        const std::string digest = payload.text("digest");
        if (digest.empty()) {
            return fail(Fault::journal_damaged, "事项 " + std::to_string(event.seq) + " 的内容无法读取");
        }
        const std::string_view by = event.principal;
        if (proposed || event.row_count > 0) {
            TRY(tx.execute(kPropose, {digest, event.seq, payload.text("title"),
                                      proposed ? by : std::string_view(), event.time.us}));
        }
        if (proposed) return {};
        if (activated) TRY(tx.execute(kSupersede));
        const auto state = activated ? EditionState::in_force : EditionState::declined;
        TRY(tx.execute(kDecide, {digest, static_cast<std::int64_t>(state), by, event.time.us, event.seq,
                                 payload.text("reason")}));
        return {};
    }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }
};

EditionInfo read_edition(const store::Cursor& row) {
    EditionInfo info;
    info.digest = row.text(0);
    info.event = row.integer(1);
    info.title_zh = row.text(2);
    info.state = static_cast<EditionState>(row.integer(3));
    info.proposed_by = row.text(4);
    info.proposed = Instant{row.integer(5)};
    info.decided_by = row.text(6);
    if (row.integer(7) != 0) info.decided = Instant{row.integer(7)};
    info.reason = row.text(8);
    return info;
}

/// How much the rulebook holds.
std::string payload_of(const Rulebook& rulebook) {
    JsonWriter json;
    json.begin_object().field("digest", rulebook.digest()).field("title", rulebook.edition().title_zh);
    for (const char* kind : {"item", "check", "domain", "publicity", "parameter"}) {
        json.field(kind, static_cast<std::int64_t>(
                             std::count_if(rulebook.rules().begin(), rulebook.rules().end(),
                                           [&](const RuleInfo& rule) { return rule.kind == kind; })));
    }
    json.end_object();
    return json.take();
}

/// The event with the files as its rows; applied.
Result<void> append_with_files(store::Tx& tx, std::string_view kind, const Rulebook& rulebook,
                               std::string_view principal, std::string_view in_force, Instant now) {
    auto rows = TRY(journal::BatchWriter::begin(tx, static_cast<std::int64_t>(rulebook.files().size())));
    for (const RuleFile& file : rulebook.files()) {
        JsonWriter json;
        json.begin_object().field("path", file.path).field("content", file.content).end_object();
        TRY(rows.add(0, json.take()));
    }
    const journal::EventDraft draft{std::string(kind), std::string(principal), payload_of(rulebook),
                                    std::string(in_force)};
    const journal::Event event = TRY(rows.finish(draft, now));
    return EditionProjection().begin_event(tx, event);
}

/// The edition that waits for this person's decision.
Result<EditionInfo> open_edition(store::ReadTx& tx, std::string_view digest, std::string_view principal) {
    auto edition = TRY(find_edition(tx, digest));
    if (!edition || edition->state != EditionState::proposed) {
        return fail(Fault::edition_not_open, std::string(digest.substr(0, 12)));
    }
    if (edition->proposed_by == principal) return fail(Fault::edition_own);
    return std::move(*edition);
}

}  // namespace

std::string_view edition_state_zh(EditionState state) {
    switch (state) {
        case EditionState::proposed:
            return "等待审定";
        case EditionState::in_force:
            return "现行";
        case EditionState::superseded:
            return "已被取代";
        case EditionState::declined:
            return "未予启用";
    }
    return "";
}

std::span<const store::Table* const> tables() {
    return kTables;
}

std::unique_ptr<journal::Projection> projection() {
    return std::make_unique<EditionProjection>();
}

Result<std::vector<EditionInfo>> editions(store::ReadTx& tx) {
    std::vector<EditionInfo> all;
    store::Cursor rows = TRY(tx.scan(kAll));
    while (TRY(rows.next())) all.push_back(read_edition(rows));
    return all;
}

Result<std::optional<EditionInfo>> find_edition(store::ReadTx& tx, std::string_view digest) {
    store::Cursor rows = TRY(tx.query(kFind, {digest}));
    if (!TRY(rows.next())) return std::optional<EditionInfo>();
    return std::optional<EditionInfo>(read_edition(rows));
}

Result<std::optional<std::string>> active_digest(store::ReadTx& tx) {
    store::Cursor rows = TRY(tx.scan(kActive));
    if (!TRY(rows.next())) return std::optional<std::string>();
    return std::optional<std::string>(std::string(rows.text(0)));
}

Result<std::shared_ptr<const Rulebook>> load_edition(store::ReadTx& tx, std::string_view digest) {
    const auto edition = TRY(find_edition(tx, digest));
    const auto event = edition ? TRY(journal::find_event(tx, edition->event)) : std::nullopt;
    if (!event) return fail(Fault::not_found, std::string(digest.substr(0, 12)));
    std::vector<RuleFile> files;
    TRY(journal::for_each_row(tx, *event, [&](const journal::Row& row) -> Result<void> {
        const Payload payload(row.payload);
        files.push_back({payload.text("path"), payload.text("content")});
        return {};
    }));
    auto rulebook = TRY(Rulebook::load(std::move(files)));
    if (rulebook->digest() != digest) {
        return fail(Fault::journal_damaged, "事项 " + std::to_string(event->seq) + " 的规则文件与摘要不符");
    }
    return rulebook;
}

Result<bool> activate(store::Tx& tx, const Rulebook& rulebook, std::string_view principal, Instant now) {
    if (TRY(active_digest(tx)) == rulebook.digest()) return false;
    TRY(append_with_files(tx, kActivatedKind, rulebook, principal, rulebook.digest(), now));
    return true;
}

Result<void> propose(store::Tx& tx, const Rulebook& in_force, const Rulebook& proposed,
                     std::string_view principal, Instant now) {
    const auto known = TRY(find_edition(tx, proposed.digest()));
    if (known && (known->state == EditionState::in_force || known->state == EditionState::proposed)) {
        return fail(Fault::edition_known,
                    known->title_zh + "：" + std::string(edition_state_zh(known->state)));
    }
    std::string removed;
    for (const RuleChange& change : compare(in_force, proposed)) {
        if (change.difference == Difference::removed) {
            removed += (removed.empty() ? "" : "、") + change.id + "（" + change.title_zh + "）";
        }
    }
    if (!removed.empty()) return fail(Fault::edition_unlawful, removed);
    return append_with_files(tx, kProposedKind, proposed, principal, in_force.digest(), now);
}

Result<void> approve(store::Tx& tx, const Rulebook& proposed, std::string_view principal, Instant now) {
    TRY(open_edition(tx, proposed.digest(), principal));
    const journal::EventDraft draft{std::string(kActivatedKind), std::string(principal), payload_of(proposed),
                                    proposed.digest()};
    return EditionProjection().begin_event(tx, TRY(journal::append(tx, draft, now)));
}

Result<void> decline(store::Tx& tx, std::string_view digest, std::string_view reason,
                     std::string_view principal, std::string_view rulebook_digest, Instant now) {
    TRY(open_edition(tx, digest, principal));
    JsonWriter json;
    json.begin_object().field("digest", digest).field("reason", reason).end_object();
    const journal::EventDraft draft{std::string(kDeclinedKind), std::string(principal), json.take(),
                                    std::string(rulebook_digest)};
    return EditionProjection().begin_event(tx, TRY(journal::append(tx, draft, now)));
}

}  // namespace mingxin::rulebook
