// Issuing a report and looking one up: the journal event report.issued and its table.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include <boost/json.hpp>

#include "access/access.h"
#include "base/json.h"
#include "base/text.h"
#include "record/effects.h"
#include "report/report.h"

namespace mingxin::report {

namespace {

constexpr std::string_view issued_kind = "report.issued";
constexpr std::size_t purpose_characters_max = 100;

const store::Table& issued_table() {
    using enum store::ColumnType;
    static const store::Table table{"report_issued",
                                    {{"tenant", integer},
                                     {"number", text},
                                     {"subject_code", text},
                                     {"subject_name", text},
                                     {"issued_us", integer},
                                     {"digest", blob},
                                     {"signature", blob},
                                     {"key_id", text},
                                     {"records", text},  // ids, a blank between
                                     {"event", integer}},
                                    "tenant, number",
                                    {{"report_subject", "tenant, subject_code, number"}}};
    return table;
}

constexpr store::Sql find_sql{
    "report.find",
    "SELECT number, subject_code, subject_name, issued_us, digest, signature, key_id, records, event "
    "FROM report_issued WHERE tenant = $1 AND number = $2"};

constexpr store::Sql holding_sql{"report.holding",
                                 "SELECT number, issued_us, event FROM report_issued WHERE tenant = $1 AND "
                                 "subject_code = $2 AND ' ' || records || ' ' LIKE $3 ORDER BY number DESC"};

constexpr store::Sql find_digest_sql{"report.find_digest",
                                     "SELECT number FROM report_issued WHERE tenant = $1 AND digest = $2"};

std::string encode(const Issued& issued, const Order& order, const std::string& key_id,
                   const std::vector<record::ShownRecord>& records) {
    JsonWriter json;
    json.begin_object()
        .field("number", issued.number)
        .field("subject", issued.subject_code)
        .field("name", issued.subject_name)
        .field("issued", issued.issued.to_string())
        .field("purpose", order.purpose)
        .field("digest", to_hex(issued.digest))
        .field("signature", to_base64(issued.signature))
        .field("key", key_id)
        .key("records")
        .begin_array();
    for (const record::ShownRecord& record : records) json.text(record.id);
    json.end_array().end_object();
    return json.take();
}

Result<void> insert(store::Tx& tx, std::int64_t tenant, const journal::Event& event) {
    boost::system::error_code error;
    boost::json::value parsed = boost::json::parse(event.payload, error);
    const auto* object = error ? nullptr : parsed.if_object();
    auto text = [&](const char* key) -> std::string_view {
        const auto* value = object != nullptr ? object->if_contains(key) : nullptr;
        return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                      : std::string_view{};
    };
    auto digest = digest_from_hex(text("digest"));
    auto signature = from_base64(text("signature"));
    auto issued = parse_instant(text("issued"));
    if (!digest || !signature || !issued) {
        return fail(Fault::journal_damaged, "报告事项的内容无法读取",
                    "event " + std::to_string(event.seq) + ": payload of report.issued not understood");
    }
    std::string records;
    if (const auto* ids = object->if_contains("records"); ids != nullptr && ids->is_array()) {
        for (const auto& id : ids->get_array()) {
            if (!id.is_string()) continue;
            if (!records.empty()) records += ' ';
            records += std::string_view(id.get_string());
        }
    }
    return tx.insert(issued_table(), {tenant, text("number"), text("subject"), text("name"), issued->us,
                                      *digest, *signature, text("key"), records, event.seq});
}

class IssuedProjection : public journal::Projection {
  public:
    explicit IssuedProjection(std::int64_t tenant) : tenant_(tenant) {}
    std::string_view name() const override { return "report"; }
    std::span<const store::Table* const> tables() const override { return report::tables(); }
    Result<void> begin_event(store::Tx& tx, const journal::Event& event) override {
        if (event.kind != issued_kind) return {};
        return insert(tx, tenant_, event);
    }
    Result<void> row(store::Tx&, const journal::Event&, const journal::Row&) override { return {}; }
    Result<void> end_event(store::Tx&, const journal::Event&) override { return {}; }

  private:
    std::int64_t tenant_;
};

// A report shows what everybody may see, whoever asks for it.
record::Reading public_reading(Date today) {
    return {.viewer = nullptr, .purpose = "信用报告", .basis = "", .today = today};
}

// A record whose item has no column for its source came from the unit that handed in its batch.
Result<void> name_sources(store::ReadTx& tx, std::vector<record::ShownRecord>& records) {
    std::map<std::int64_t, std::string> by_batch;
    for (record::ShownRecord& record : records) {
        if (!record.source_unit.empty()) continue;
        std::int64_t batch_id = std::strtoll(record.id.c_str(), nullptr, 10);
        auto [known, added] = by_batch.try_emplace(batch_id);
        if (added) {
            auto batch = TRY(record::find_batch(tx, batch_id));
            auto unit = batch ? TRY(access::find_unit(tx, batch->unit_code)) : std::nullopt;
            if (unit) known->second = unit->name;
        }
        record.source_unit = known->second;
    }
    return {};
}

Result<Material> gather(const Desk& desk, const Order& order) {
    auto tx = TRY(desk.database.read());
    auto subject = TRY(subject::find_by_code(tx, desk.tenant, order.code));
    if (!subject) return fail(Fault::report_subject_unknown, order.code);
    Material material{.subject = *subject};
    material.former_names = TRY(subject::former_names(tx, desk.tenant, subject->code));
    material.records = TRY(record::disclose(tx, *desk.rulebook, desk.tenant, subject->code, "",
                                            public_reading(order.now.date())));
    TRY(name_sources(tx, material.records));
    return material;
}

Result<std::int64_t> append(const Desk& desk, const Order& order, std::string payload) {
    auto tx = TRY(desk.database.write());
    auto event = TRY(journal::append(
        tx, {std::string(issued_kind), order.principal, std::move(payload), desk.rulebook->digest()},
        order.now));
    TRY(insert(tx, desk.tenant, event));
    TRY(journal::seal(tx, desk.key, desk.origin, order.now));
    TRY(tx.commit());
    return event.seq;
}

}  // namespace

std::span<const store::Table* const> tables() {
    static const std::array<const store::Table*, 1> all{&issued_table()};
    return all;
}

std::string purpose_of(std::string_view payload) {
    boost::system::error_code error;
    const boost::json::value parsed = boost::json::parse(payload, error);
    const auto* object = error ? nullptr : parsed.if_object();
    const auto* purpose = object ? object->if_contains("purpose") : nullptr;
    return purpose && purpose->is_string() ? std::string(purpose->get_string()) : std::string();
}

std::unique_ptr<journal::Projection> projection(std::int64_t tenant) {
    return std::make_unique<IssuedProjection>(tenant);
}

Result<Issued> issue(const Desk& desk, const Order& given) {
    if (!is_utf8(given.purpose) || character_count(given.purpose) > purpose_characters_max) {
        return fail(Fault::bad_argument, "用途不超过 100 个字");
    }
    Order order = given;
    // Free text that leaves on paper.
    order.purpose = record::mask_personal(trim(given.purpose), *desk.rulebook, given.now.date());
    Material material = TRY(gather(desk, order));
    Issued issued{.number = new_number(order.now),
                  .subject_code = material.subject.code,
                  .subject_name = material.subject.name,
                  .issued = order.now};
    ReportModel model =
        build(material, desk.rulebook->report(), desk.rulebook->items(), issued.number, order.now);
    model.site_name = desk.site_name;
    model.issuer = desk.issuer;
    model.purpose = order.purpose;
    model.verify_url = desk.verify_url + issued.number;
    issued.pdf = TRY(render_pdf(model));
    issued.digest = crypto::digest(issued.pdf);
    issued.signature = desk.key.sign(as_bytes(issued.pdf));
    issued.event =
        TRY(append(desk, order, encode(issued, order, desk.key.public_key().key_id(), material.records)));
    return issued;
}

Result<std::vector<Holding>> holding(store::ReadTx& tx, std::int64_t tenant, std::string_view subject_code,
                                     std::string_view record_id) {
    std::vector<Holding> all;
    std::vector<std::int64_t> events;
    {
        const std::string wanted = "% " + std::string(record_id) + " %";  // digits and a dash: no wildcards
        auto rows = TRY(tx.query(holding_sql, {tenant, subject_code, wanted}));
        while (TRY(rows.next())) {
            all.push_back({std::string(rows.text(0)), {}, {}, Instant{rows.integer(1)}});
            events.push_back(rows.integer(2));
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto event = TRY(journal::find_event(tx, events[i]));
        if (!event) continue;
        all[i].by = event->principal;
        all[i].purpose = purpose_of(event->payload);
    }
    return all;
}

Result<std::string> find_by_digest(store::ReadTx& tx, std::int64_t tenant, const Digest& digest) {
    auto rows = TRY(tx.query(find_digest_sql, {tenant, digest}));
    return TRY(rows.next()) ? std::string(rows.text(0)) : std::string();
}

Result<std::optional<Verification>> verify(store::ReadTx& tx, const rulebook::Rulebook& rulebook,
                                           std::int64_t tenant, std::string_view number) {
    auto canonical = canonical_number(number);
    if (!canonical) return std::nullopt;
    Verification found;
    std::set<std::string, std::less<>> printed, since;
    {
        auto rows = TRY(tx.query(find_sql, {tenant, *canonical}));
        if (!TRY(rows.next())) return std::nullopt;
        found.number = rows.text(0);
        found.subject_code = rows.text(1);
        found.subject_name = rows.text(2);
        found.issued.us = rows.integer(3);
        BytesView digest = rows.blob(4), signature = rows.blob(5);
        std::copy_n(digest.begin(), std::min(digest.size(), found.digest.size()), found.digest.begin());
        found.signature.assign(signature.begin(), signature.end());
        found.key_id = rows.text(6);
        for (std::string_view id : split(rows.text(7), ' ')) {
            if (!id.empty()) printed.emplace(id);
        }
        found.event = rows.integer(8);
    }
    found.records = static_cast<std::int64_t>(printed.size());
    // What would be shown on the day of issue, by all that is known now: what lacks has changed since.
    for (const record::ShownRecord& record : TRY(record::disclose(tx, rulebook, tenant, found.subject_code,
                                                                  "", public_reading(found.issued.date())))) {
        if (printed.erase(record.id) == 0) since.insert(record.id);
    }
    for (const std::string& id : printed) {
        const record::Fate fate = TRY(record::fate_of(tx, tenant, id));
        if (fate == record::Fate::stands) {
            const auto newer = TRY(record::replaced_by(tx, tenant, id));
            if (newer && since.contains(*newer)) continue;  // withdrawn wrongly and restored: as printed
        }
        ++found.changed_since;
        found.corrected += fate == record::Fate::corrected ? 1 : 0;
        found.withdrawn += fate == record::Fate::withdrawn ? 1 : 0;
    }
    return found;
}

std::string Verification::to_json() const {
    JsonWriter json;
    json.begin_object()
        .field("number", number)
        .key("subject")
        .begin_object()
        .field("code", subject_code)
        .field("name", subject_name)
        .end_object()
        .field("issued", issued.to_string())
        .key("digest")
        .begin_object()
        .field("algorithm", "SM3")
        .field("value", to_hex(digest))
        .end_object()
        .key("signature")
        .begin_object()
        .field("algorithm", "SM2")
        .field("key", key_id)
        .field("value", to_base64(signature))
        .end_object()
        .field("records", records)
        .field("changed_since", changed_since)
        .field("corrected", corrected)
        .field("withdrawn", withdrawn)
        .field("event", event)
        .end_object();
    return json.take();
}

}  // namespace mingxin::report
