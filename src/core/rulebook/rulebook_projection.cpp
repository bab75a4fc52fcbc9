#include "rulebook/rulebook_projection.h"

#include <algorithm>

#include "base/json.h"

namespace mingxin::rulebook {

namespace {

const store::Table kVersions{"rulebook_version",
                             {{"digest", store::ColumnType::text},
                              {"event_seq", store::ColumnType::integer},
                              {"activated_us", store::ColumnType::integer}},
                             "digest",
                             {}};
const store::Table* const kTables[] = {&kVersions};

const store::Sql kActivate{
    "rulebook.activate",
    "INSERT INTO rulebook_version (digest, event_seq, activated_us) VALUES ($1, $2, $3) "
    "ON CONFLICT (digest) DO UPDATE SET event_seq = excluded.event_seq, "
    "activated_us = excluded.activated_us"};
const store::Sql kActive{"rulebook.active",
                         "SELECT digest FROM rulebook_version ORDER BY event_seq DESC LIMIT 1"};

class RulebookProjection : public journal::Projection {
  public:
    std::string_view name() const override { return "rulebook"; }
    std::span<const store::Table* const> tables() const override { return kTables; }
    /// The event's own rulebook field is the digest that it activates.
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        if (event.kind != kActivatedKind) return {};
        TRY(tx.execute(kActivate, {event.rulebook, event.seq, event.time.us}));
        return {};
    }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }
};

}  // namespace

std::span<const store::Table* const> tables() {
    return kTables;
}

journal::EventDraft activation_event(const Rulebook& rulebook, std::string_view principal) {
    auto count = [&](std::string_view kind) {
        return std::count_if(rulebook.rules().begin(), rulebook.rules().end(),
                             [&](const RuleInfo& rule) { return rule.kind == kind; });
    };
    JsonWriter json;
    json.begin_object().field("digest", rulebook.digest());
    for (const char* kind : {"item", "check", "domain", "publicity", "parameter"}) {
        json.field(kind, static_cast<std::int64_t>(count(kind)));
    }
    json.end_object();
    return {std::string(kActivatedKind), std::string(principal), json.take(), rulebook.digest()};
}

std::unique_ptr<journal::Projection> projection() {
    return std::make_unique<RulebookProjection>();
}

Result<std::optional<std::string>> active_digest(store::ReadTx& tx) {
    store::Cursor cursor = TRY(tx.query(kActive));
    if (!TRY(cursor.next())) return std::optional<std::string>();
    return std::optional<std::string>(std::string(cursor.text(0)));
}

Result<bool> activate(store::Tx& tx, const Rulebook& rulebook, std::string_view principal, Instant now) {
    std::optional<std::string> active = TRY(active_digest(tx));
    if (active == rulebook.digest()) return false;
    journal::Event event = TRY(journal::append(tx, activation_event(rulebook, principal), now));
    TRY(RulebookProjection().begin_event(tx, event));
    return true;
}

}  // namespace mingxin::rulebook
