// The journal row of a batch: Entry <-> canonical JSON. The only reader of payloads of batch rows.
#include <boost/json.hpp>
#include <charconv>

#include "base/json.h"
#include "record/effects_table.h"
#include "record/judgement.h"
#include "record/record.h"

namespace mingxin::record {

namespace json = boost::json;
using rulebook::Effect;

std::string_view outcome_name(Outcome outcome) {
    switch (outcome) {
        case Outcome::accepted:
            return "accepted";
        case Outcome::updated:
            return "updated";
        case Outcome::duplicate:
            return "duplicate";
        case Outcome::doubtful:
            return "doubtful";
        case Outcome::rejected:
            return "rejected";
    }
    return "";
}

std::string_view change_name(Change change) {
    switch (change) {
        case Change::none:
            return "";
        case Change::correct:
            return "correct";
        case Change::restore:
            return "restore";
        case Change::reissue:
            return "reissue";
    }
    return "";
}

std::optional<Change> change_by_name(std::string_view name) {
    for (Change change : {Change::correct, Change::restore, Change::reissue}) {
        if (change_name(change) == name) return change;
    }
    return std::nullopt;
}

std::string_view outcome_zh(Outcome outcome) {
    switch (outcome) {
        case Outcome::accepted:
            return "已入库";
        case Outcome::updated:
            return "已更新";
        case Outcome::duplicate:
            return "重复，未再入库";
        case Outcome::doubtful:
            return "存疑，待人工核实";
        case Outcome::rejected:
            return "退回，未入库";
    }
    return "";
}

namespace {

std::string_view effect_name(Effect effect) {
    switch (effect) {
        case Effect::reject:
            return "reject";
        case Effect::doubtful:
            return "doubtful";
        case Effect::warn:
            return "warn";
        case Effect::repair:
            return "repair";
    }
    return "";
}

Effect effect_by_name(std::string_view name) {
    if (name == "doubtful") return Effect::doubtful;
    if (name == "warn") return Effect::warn;
    if (name == "repair") return Effect::repair;
    return Effect::reject;
}

std::string hex16(std::int64_t value) {
    std::uint8_t bytes[8];
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
    return to_hex(bytes);
}

void write_facts(JsonWriter& out, const Facts& facts) {
    out.key("facts").begin_object().field("key", hex16(facts.key));
    if (facts.start) out.field("start", facts.start->to_string());
    if (facts.valid_to) out.field("valid_to", facts.valid_to->to_string());
    if (facts.stated_end) out.field("stated_end", facts.stated_end->to_string());
    if (facts.severity != 0) out.field("severity", facts.severity);
    out.end_object();
}

void write_values(JsonWriter& out, const rulebook::Item& item, const std::vector<std::string>& values) {
    out.key("values").begin_object();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i].empty()) continue;
        out.key(item.fields[i].code);
        if (item.fields[i].type == rulebook::FieldType::money) {
            out.raw(values[i]);  // an integer of fen
        } else {
            out.text(values[i]);
        }
    }
    out.end_object();
}

void write_findings(JsonWriter& out, const Entry& entry) {
    out.key("findings").begin_array();
    for (const Finding& finding : entry.findings) {
        out.begin_object().field("fault", finding.fault);
        if (finding.field >= 0) out.field("field", entry.item->fields[finding.field].code);
        out.key("effect").text(effect_name(finding.effect)).end_object();
    }
    out.end_array();
}

}  // namespace

void encode(const Entry& entry, std::string& out) {
    thread_local JsonWriter writer;
    writer.clear();
    writer.begin_object().field("item", entry.item->id);
    if (!entry.subject.empty()) writer.field("subject", entry.subject);
    if (entry.creates_subject) writer.field("new_subject", true);
    if (!entry.former_name.empty()) writer.field("former_name", entry.former_name);
    if (!entry.candidate.empty()) writer.field("candidate", entry.candidate);
    if (entry.replaces != 0) writer.field("replaces", entry.replaces);
    if (entry.judges != 0) writer.field("judges", entry.judges);
    if (entry.change != Change::none) writer.field("change", change_name(entry.change));
    const bool keeps_values = entry.outcome == Outcome::accepted || entry.outcome == Outcome::updated ||
                              entry.outcome == Outcome::doubtful;
    if (keeps_values) {
        write_facts(writer, entry.facts);
        write_values(writer, *entry.item, entry.values);
    }
    if (!entry.findings.empty()) {
        writer.field("line", entry.line);
        write_findings(writer, entry);
    }
    writer.end_object();
    out.assign(writer.str());
}

std::string_view values_part(std::string_view payload) {
    constexpr std::string_view mark = "\"values\":{";
    const std::size_t begin = payload.find(mark);
    if (begin == std::string_view::npos) return {};
    // Nothing inside the values nests, and a brace inside a text is followed by no ",\"findings\"" outside
    // quotes.
    bool quoted = false;
    for (std::size_t i = begin + mark.size(); i < payload.size(); ++i) {
        if (quoted && payload[i] == '\\') {
            ++i;
        } else if (payload[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && payload[i] == '}') {
            return payload.substr(begin, i + 1 - begin);
        }
    }
    return {};
}

namespace {

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::int64_t integer_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_int64() ? value->as_int64() : 0;
}

void read_facts(const json::object& object, Facts& facts) {
    const std::string key = text_of(object, "key");
    std::uint64_t bits = 0;
    std::from_chars(key.data(), key.data() + key.size(), bits, 16);
    facts.key = static_cast<std::int64_t>(bits);
    facts.start = parse_date(text_of(object, "start"));
    facts.valid_to = parse_date(text_of(object, "valid_to"));
    facts.stated_end = parse_date(text_of(object, "stated_end"));
    facts.severity = static_cast<int>(integer_of(object, "severity"));
}

void read_values(const json::object& object, const rulebook::Item& item, std::vector<std::string>& values) {
    for (std::size_t i = 0; i < item.fields.size(); ++i) {
        const json::value* value = object.if_contains(item.fields[i].code);
        if (!value) continue;
        values[i] = value->is_int64() ? std::to_string(value->as_int64()) : std::string(value->as_string());
    }
}

void read_findings(const json::array& array, const rulebook::Item& item, std::vector<Finding>& findings) {
    for (const json::value& value : array) {
        const json::object& object = value.as_object();
        Finding finding;
        finding.fault = text_of(object, "fault");
        finding.effect = effect_by_name(text_of(object, "effect"));
        if (object.contains("field")) finding.field = item.field_by_header(text_of(object, "field"));
        findings.push_back(std::move(finding));
    }
}

Result<Entry> decode_object(Outcome outcome, const json::object& object, const rulebook::Rulebook& rulebook) {
    Entry entry;
    entry.outcome = outcome;
    entry.item = rulebook.item(text_of(object, "item"));
    if (!entry.item) return fail(Fault::payload_broken, text_of(object, "item"), "unknown item in a payload");
    entry.subject = text_of(object, "subject");
    entry.creates_subject = object.contains("new_subject");
    entry.former_name = text_of(object, "former_name");
    entry.candidate = text_of(object, "candidate");
    entry.replaces = integer_of(object, "replaces");
    entry.judges = integer_of(object, "judges");
    if (object.contains("change")) {
        const auto change = change_by_name(text_of(object, "change"));
        if (!change) return fail(Fault::payload_broken, text_of(object, "change"), "unknown change of a row");
        entry.change = *change;
    }
    entry.line = integer_of(object, "line");
    entry.values.resize(entry.item->fields.size());
    if (const json::value* facts = object.if_contains("facts")) read_facts(facts->as_object(), entry.facts);
    if (const json::value* values = object.if_contains("values")) {
        read_values(values->as_object(), *entry.item, entry.values);
    }
    if (const json::value* findings = object.if_contains("findings")) {
        read_findings(findings->as_array(), *entry.item, entry.findings);
    }
    return entry;
}

}  // namespace

Result<Entry> decode(Outcome outcome, std::string_view payload, const rulebook::Rulebook& rulebook) {
    try {
        return decode_object(outcome, json::parse(payload).as_object(), rulebook);
    } catch (const std::exception& e) {
        return fail(Fault::payload_broken, {}, e.what());
    }
}

namespace {

struct TallyPart {
    const char* name;
    std::int64_t Tally::*value;
};
constexpr TallyPart kTallyParts[] = {{"timed", &Tally::timed},
                                     {"on_time", &Tally::on_time},
                                     {"late", &Tally::late},
                                     {"late_days", &Tally::late_days},
                                     {"provisional", &Tally::provisional},
                                     {"cells", &Tally::cells},
                                     {"filled", &Tally::filled},
                                     {"exact", &Tally::exact},
                                     {"bad_code", &Tally::bad_code}};

}  // namespace

std::string encode_batch(const Batch& batch) {
    JsonWriter out;
    out.begin_object()
        .field("item", batch.item)
        .field("unit", batch.unit_code)
        .field("file", batch.file_name);
    out.field("format", batch.format).field("submitted_by", batch.submitted_by);
    if (!batch.idempotency_key.empty()) out.field("idempotency_key", batch.idempotency_key);
    if (!batch.reason.empty()) out.field("reason", batch.reason);
    if (!batch.document_no.empty()) out.field("document_no", batch.document_no);
    out.field("rows", batch.rows).field("accepted", batch.accepted).field("updated", batch.updated);
    out.field("duplicate", batch.duplicate)
        .field("doubtful", batch.doubtful)
        .field("rejected", batch.rejected);
    out.key("findings").begin_object();
    for (const auto& [fault, count] : batch.findings) out.field(fault, count);
    out.end_object().key("tally").begin_object();
    for (const TallyPart& part : kTallyParts) out.field(part.name, batch.tally.*part.value);
    out.end_object().end_object();
    return out.take();
}

Result<Batch> decode_batch(const journal::Event& event) {
    try {
        const json::object object = json::parse(event.payload).as_object();
        Batch batch;
        batch.id = event.seq;
        batch.received = event.time;
        batch.item = text_of(object, "item");
        batch.unit_code = text_of(object, "unit");
        batch.file_name = text_of(object, "file");
        batch.format = text_of(object, "format");
        batch.submitted_by = text_of(object, "submitted_by");
        batch.idempotency_key = text_of(object, "idempotency_key");
        batch.reason = text_of(object, "reason");
        batch.document_no = text_of(object, "document_no");
        batch.rows = integer_of(object, "rows");
        batch.accepted = integer_of(object, "accepted");
        batch.updated = integer_of(object, "updated");
        batch.duplicate = integer_of(object, "duplicate");
        batch.doubtful = integer_of(object, "doubtful");
        batch.rejected = integer_of(object, "rejected");
        for (const auto& [fault, count] : object.at("findings").as_object()) {
            batch.findings.emplace_back(std::string(fault), count.as_int64());
        }
        if (const json::value* tally = object.if_contains("tally")) {  // older batches have none
            for (const TallyPart& part : kTallyParts) {
                batch.tally.*part.value = integer_of(tally->as_object(), part.name);
            }
        }
        return batch;
    } catch (const std::exception& e) {
        return fail(Fault::payload_broken, {}, e.what());
    }
}

std::string encode_reversal(const Reversal& reversal, std::string_view reason) {
    JsonWriter out;
    out.begin_object().field("waited", reversal.waited).field("judged", reversal.judged);
    if (reversal.restored != 0) out.field("restored", reversal.restored);
    out.field("reason", reason).end_object();
    return out.take();
}

Result<Reversal> decode_reversal(std::string_view payload) {
    try {
        const json::object object = json::parse(payload).as_object();
        return Reversal{object.at("waited").as_int64(), object.at("judged").as_int64(),
                        integer_of(object, "restored")};
    } catch (const std::exception& e) {
        return fail(Fault::payload_broken, {}, e.what());
    }
}

Result<std::vector<Correction>> decode_withdrawal(const journal::Event& event) {
    try {
        const json::object order = json::parse(event.payload).as_object();
        Correction common{.event = event.seq, .kind = "withdraw", .at = event.time};
        common.ground = text_of(order, "ground");
        common.unit_code = text_of(order, "unit");
        common.document_no = text_of(order, "document_no");
        common.reason = text_of(order, "reason");
        common.decided = parse_date(text_of(order, "decided"));
        std::vector<Correction> all;
        for (const json::value& value : order.at("records").as_array()) {
            const json::object& record = value.as_object();
            Correction one = common;
            one.position = record.at("position").as_int64();
            one.item = record.at("item").as_int64();
            one.due = parse_date(text_of(record, "due"));
            one.late_working_days = integer_of(record, "late_working_days");
            all.push_back(std::move(one));
        }
        return all;
    } catch (const std::exception& e) {
        return fail(Fault::payload_broken, {}, e.what());
    }
}

}  // namespace mingxin::record
