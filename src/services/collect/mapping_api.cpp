// Columns with headers that are not known: what they may be, and remembering what the unit says they are.
// Their events (mapping.remembered, mapping.ended) are the audit: Audit::event would tell the same twice. A
// suggestion reads the caller's own file and stores nothing.
#include <set>

#include "access/access.h"
#include "base/json.h"
#include "base/text.h"
#include "collect/column_facts.h"
#include "collect/jobs.h"
#include "collect/mapping_suggest.h"
#include "collect/mappings.h"
#include "collect/table_reader.h"

namespace mingxin::collect {

using api::Audit;
using api::Call;
using api::Endpoint;
using api::Field;
using api::FieldType;
using api::Input;
using api::Method;
using api::Permission;
using api::Reply;
using api::Where;

namespace {

using Rules = std::shared_ptr<const rulebook::Rulebook>;

constexpr std::int64_t kLargestSample = 32 << 20;
constexpr std::size_t kMostColumns = 300, kShownSamples = 3, kShownCharacters = 40;
constexpr std::string_view kHidden = "（号码不显示）";

struct Sample {
    std::vector<SampledColumn> columns;
    std::string sheet;
    std::int64_t header_row = 0;
};

/// The header and the first rows. A piece of a file ends somewhere: what was read until then is the sample.
Result<Sample> read_sample(const std::filesystem::path& file, const OpenOptions& options) {
    auto reader = TRY(open_table(file, options));
    Sample sample;
    sample.sheet = reader->sheet_name();
    sample.header_row = reader->header_row();
    for (const std::string& header : reader->header()) {
        if (sample.columns.size() < kMostColumns) sample.columns.push_back({header, {}});
    }
    RowChunk chunk;
    if (!reader->read(chunk, kSampledRows).ok()) return sample;
    for (std::size_t row = 0; row < chunk.size(); ++row) {
        const auto cells = chunk.cells(row);
        for (std::size_t i = 0; i < std::min(cells.size(), sample.columns.size()); ++i)
            sample.columns[i].cells.emplace_back(cells[i].text);
    }
    return sample;
}

std::vector<std::string> headers_of(const Sample& sample) {
    std::vector<std::string> headers;
    for (const SampledColumn& column : sample.columns) headers.push_back(column.header);
    return headers;
}

/// What of a column may be looked at: some different cells, none with a person's number.
void write_samples(JsonWriter& json, const SampledColumn& column, bool personal) {
    json.key("samples").begin_array();
    std::set<std::string_view> shown;
    for (const std::string& cell : column.cells) {
        const std::string_view text = trim(cell);
        if (text.empty() || shown.size() >= kShownSamples || !shown.insert(text).second) continue;
        const bool hidden = personal || is_meant_as_identity_number(text);
        std::string some;
        const std::string readable = to_readable(text);
        std::size_t at = 0;
        for (std::size_t n = 0; at < readable.size() && n < kShownCharacters; ++n)
            append_utf8(some, next_code_point(readable, at));
        json.text(hidden ? kHidden : std::string_view(at < readable.size() ? some += "…" : some));
    }
    json.end_array();
}

/// How the file would be read as it is: by what the unit said before, by its headers, or not well.
struct Reading {
    std::int64_t remembered = 0;
    bool asks = false;  // a person should look at the columns
};

Reading reading_of(const rulebook::Item& item, const Sample& sample, const std::vector<ColumnGuess>& guesses,
                   const RememberedMapping* remembered, const SubmittingUnit& unit, Date today) {
    if (remembered) return {remembered->id, false};
    if (!plan_columns(item, headers_of(sample), {}, unit, today).ok()) return {0, true};
    for (const ColumnGuess& guess : guesses) {
        if (!guess.known && guess.field >= 0) return {0, true};
    }
    return {};
}

void write_column(JsonWriter& json, const rulebook::Item& item, const SampledColumn& column,
                  const ColumnGuess& guess, const RememberedColumn* said) {
    json.begin_object().field("header", column.header);
    std::string field =
        guess.field < 0 ? std::string() : item.fields[static_cast<std::size_t>(guess.field)].code;
    bool in_yuan = guess.money_in_yuan;
    if (said) field = said->field, in_yuan = said->money_in_yuan;
    if (!field.empty()) json.field("field", field);
    if (in_yuan) json.field("unit", "yuan");
    json.field("known", said || guess.known).field("confidence", said ? 100 : guess.confidence);
    json.field("reason", said ? std::string("本单位以前选定") : guess.reason_zh);
    write_samples(json, column, guess.personal);
    json.end_object();
}

std::string suggestion_json(const rulebook::Item& item, const Sample& sample,
                            const std::vector<ColumnGuess>& guesses, const RememberedMapping* remembered,
                            const Reading& reading) {
    JsonWriter json;
    json.begin_object().field("item", item.id).field("sheet", sample.sheet);
    json.field("header_row", sample.header_row).field("asks", reading.asks);
    if (reading.remembered > 0) json.field("remembered", reading.remembered);
    json.key("columns").begin_array();
    for (std::size_t i = 0; i < sample.columns.size(); ++i) {
        const RememberedColumn* said = nullptr;
        for (std::size_t c = 0; remembered && c < remembered->columns.size(); ++c) {
            const bool same = rulebook::fold_header(remembered->columns[c].header) ==
                              rulebook::fold_header(sample.columns[i].header);
            if (same) said = &remembered->columns[c];
        }
        write_column(json, item, sample.columns[i], guesses[i], said);
    }
    json.end_array().end_object();
    return json.take();
}

Result<Reply> suggest(const rulebook::Rulebook& rules, const Call& call, const Input& in, store::ReadTx& tx) {
    const auto upload = in.upload("file");
    if (!upload) return fail(Fault::field_missing, "文件（file）");
    const rulebook::Item& item = *TRY(rules.item_in_force(in.text("item"), call.today()));
    const std::string& unit_code = call.principal.unit_code;
    const auto mappings = TRY(mappings_of(tx, unit_code, item.id));
    OpenOptions options;
    options.header_words = header_words(item, {}, mappings);
    options.shown_name = upload->file_name;
    const Sample sample = TRY(read_sample(upload->path, options));
    const auto guesses = suggest_mapping(rules, item, sample.columns);
    const auto* remembered = mapping_for(mappings, item, headers_of(sample), call.now);
    const Reading reading = reading_of(item, sample, guesses, remembered, {unit_code, {}}, call.today());
    return Reply::json(suggestion_json(item, sample, guesses, remembered, reading));
}

Endpoint mapping_suggest(Rules rules) {
    Endpoint endpoint(
        "mapping.suggest", Method::post, "/api/v1/mappings/suggestions", Permission::collect_submit,
        Audit::metered, "看一个文件（或它的开头）的各列可能对应哪些字段；不存储任何内容",
        "What the columns of a file (or of its beginning) may be; nothing is stored",
        {{"item", FieldType::text, "目录项", "catalogue item", true, Where::body, "penalty"},
         {"file", FieldType::file, "XLSX、CSV 或 NDJSON 文件，CSV 和 NDJSON 可以只给开头一段",
          "XLSX, CSV or NDJSON file; of the latter two the beginning is enough", true, Where::body}},
        {{"item", FieldType::text, "目录项", "catalogue item", true},
         {"sheet", FieldType::text, "工作表", "sheet", true},
         {"header_row", FieldType::integer, "表头所在的行，0为没有", "row of the header, 0: none", true},
         {"asks", FieldType::boolean, "需要人确认列对应", "a person should confirm the columns", true},
         {"remembered", FieldType::integer, "已记住的列对应的编号", "mapping that will be applied"},
         {"columns",
          FieldType::list,
          "列",
          "columns",
          true,
          Where::query,
          "",
          {{"header", FieldType::text, "表头", "header", true},
           {"field", FieldType::text, "建议的字段代码", "suggested field code"},
           {"unit", FieldType::text, "金额以元为单位时为 yuan", "yuan: plain digits are yuan"},
           {"known", FieldType::boolean, "列名本身就能认出", "the header itself is known", true},
           {"confidence", FieldType::integer, "把握，0至100", "confidence, 0 to 100", true},
           {"reason", FieldType::text, "理由", "why", true},
           {"samples", FieldType::list, "前几格的内容", "some cells", true}}}},
        api::ReadHandler([rules](const Call& call, const Input& in, store::ReadTx& tx) -> Result<Reply> {
            return suggest(*rules, call, in, tx);
        }));
    endpoint.body_limit_bytes = kLargestSample;
    endpoint.lengthy = true;
    endpoint.refusals = {Fault::item_unknown,       Fault::item_not_in_force, Fault::empty_table,
                         Fault::unsupported_format, Fault::old_workbook,      Fault::disguised_workbook,
                         Fault::encrypted_workbook, Fault::damaged_workbook,  Fault::oversized_content,
                         Fault::forbidden_xml,      Fault::too_many_columns,  Fault::cell_too_long,
                         Fault::row_too_long,       Fault::nul_character,     Fault::unclosed_quote,
                         Fault::bad_json_line,      Fault::late_json_key,     Fault::no_visible_sheet,
                         Fault::bad_encoding,       Fault::file_unreadable};
    return endpoint;
}

std::vector<Field> mapping_fields() {
    return {{"id", FieldType::integer, "编号", "id", true},
            {"unit", FieldType::text, "单位代码", "code of the unit", true},
            {"item", FieldType::text, "目录项", "catalogue item", true},
            {"by", FieldType::text, "由谁保存", "who saved it", true},
            {"saved", FieldType::text, "保存时间（UTC）", "saved (UTC)", true},
            {"columns",
             FieldType::list,
             "列",
             "columns",
             true,
             Where::query,
             "",
             {{"header", FieldType::text, "表头", "header", true},
              {"field", FieldType::text, "字段代码，没有则不采集", "field code; absent: not taken"},
              {"unit", FieldType::text, "金额以元为单位时为 yuan", "yuan: plain digits are yuan"}}}};
}

void write_mapping(JsonWriter& json, const RememberedMapping& mapping) {
    json.begin_object().field("id", mapping.id).field("unit", mapping.unit_code).field("item", mapping.item);
    json.field("by", mapping.saved_by).field("saved", mapping.saved.to_string());
    json.key("columns").raw(encode_columns(mapping.columns)).end_object();
}

Reply mapping_reply(const RememberedMapping& mapping) {
    JsonWriter json;
    write_mapping(json, mapping);
    return Reply::json(json.take());
}

Endpoint mapping_save(Rules rules) {
    Endpoint endpoint(
        "mapping.save", Method::post, "/api/v1/mappings", Permission::collect_submit, Audit::metered,
        "记住本单位文件的列对应，以后表头相同的文件按它读取",
        "Remembers what the columns of the own unit's files are; files with the same headers are read by it",
        {{"item", FieldType::text, "目录项", "catalogue item", true, Where::body, "penalty"},
         {"columns",
          FieldType::list,
          "文件的全部列",
          "all columns of the file",
          true,
          Where::body,
          "",
          {{"header", FieldType::text, "表头", "header", true},
           {"field", FieldType::text, "字段代码，没有则不采集", "field code; absent: not taken"},
           {"unit", FieldType::text, "yuan 或 wan_yuan", "yuan or wan_yuan"}}}},
        mapping_fields(),
        api::WriteHandler([rules](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const rulebook::Item& item = *TRY(rules->item_in_force(in.text("item"), call.today()));
            const auto unit = TRY(access::find_unit(tx, call.principal.unit_code));
            if (!unit) return fail(Fault::unit_unknown, "您的账号不属于报送单位");
            const auto columns = decode_columns(in.text("columns"));
            if (!columns) return fail(Fault::mapping_malformed, "columns 应为列的列表");
            const access::Stamp stamp{call.principal.name, call.now, rules->digest()};
            return mapping_reply(
                TRY(remember_mapping(tx, *rules, item, {unit->code, unit->name}, *columns, stamp)));
        }));
    endpoint.refusals = {Fault::item_unknown,      Fault::item_not_in_force, Fault::unit_unknown,
                         Fault::mapping_malformed, Fault::columns_missing,   Fault::column_twice};
    return endpoint;
}

Endpoint mapping_list() {
    return Endpoint(
        "mapping.list", Method::get, "/api/v1/mappings", Permission::collect_view, Audit::metered,
        "列出记住的列对应，最近的在前", "Remembered mappings, newest first", {},
        {{"mappings", FieldType::list, "列对应", "mappings", true, Where::query, "", mapping_fields()}},
        api::ReadHandler([](const Call& call, const Input&, store::ReadTx& tx) -> Result<Reply> {
            JsonWriter json;
            json.begin_object().key("mappings").begin_array();
            for (const RememberedMapping& mapping : TRY(mappings_in_force(tx, call.principal.scope())))
                write_mapping(json, mapping);
            json.end_array().end_object();
            return Reply::json(json.take());
        }));
}

Endpoint mapping_end(Rules rules) {
    Endpoint endpoint(
        "mapping.end", Method::post, "/api/v1/mappings/{id}/end", Permission::collect_submit, Audit::metered,
        "停用一个列对应：以后的文件不再按它读取", "Ends a mapping: later files are not read by it",
        {{"id", FieldType::integer, "编号", "id", true, Where::path, "17"}}, mapping_fields(),
        api::WriteHandler([rules](const Call& call, const Input& in, store::Tx& tx) -> Result<Reply> {
            const access::Stamp stamp{call.principal.name, call.now, rules->digest()};
            return mapping_reply(TRY(end_mapping(tx, call.principal.scope(), in.integer("id", 0), stamp)));
        }));
    endpoint.refusals = {Fault::mapping_unknown};
    return endpoint;
}

}  // namespace

std::vector<Endpoint> mapping_endpoints(Rules rules) {
    std::vector<Endpoint> list;
    list.push_back(mapping_suggest(rules));
    list.push_back(mapping_save(rules));
    list.push_back(mapping_list());
    list.push_back(mapping_end(rules));
    return list;
}

}  // namespace mingxin::collect
