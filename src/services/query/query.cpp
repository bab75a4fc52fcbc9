#include "query/query.h"

#include "base/json.h"
#include "base/text.h"
#include "subject/identify.h"
#include "subject/name.h"

namespace mingxin::query {

using subject::NameMatch;
using subject::Subject;

namespace {

record::Reading public_reading(Date today) {
    record::Reading reading;
    reading.today = today;
    reading.purpose = "公示查询";
    return reading;
}

Result<Answer> found(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                     Answer answer, const Subject& subject, Date today) {
    answer.status = Status::found;
    answer.code = subject.code;
    answer.name = subject.name;
    answer.counts = TRY(record::disclose_counts(tx, rulebook, tenant, subject.code, public_reading(today)));
    return answer;
}

/// The name of the row may be one that the subject bore before.
Result<bool> bears(store::ReadTx& tx, std::int64_t tenant, const Subject& subject, std::string_view name) {
    const std::string wanted = subject::normalise_name(name);
    if (subject::normalise_name(subject.name) == wanted) return true;
    for (const subject::FormerName& former : TRY(subject::former_names(tx, tenant, subject.code))) {
        if (subject::normalise_name(former.name) == wanted) return true;
    }
    return false;
}

}  // namespace

Result<Answer> check_one(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                         std::string_view code, std::string_view name, Date today) {
    Answer answer;
    answer.query = code.empty() ? std::string(name) : std::string(code);
    if (!code.empty()) {
        auto subject = TRY(subject::find_by_code(tx, tenant, code));
        if (!subject) {
            auto by_number = TRY(subject::find_by_identifier(tx, tenant, code));
            if (by_number.size() > 1) {
                answer.status = Status::ambiguous;
                answer.reason_zh = "有" + std::to_string(by_number.size()) +
                                   "个主体用过此号码，请改用统一社会信用代码查询。";
                return answer;
            }
            if (by_number.size() == 1) subject = std::move(by_number.front());
        }
        if (!subject) {
            const bool valid = subject::is_valid_uscc(code) || !subject::repair_uscc(code).empty();
            answer.reason_zh = valid ? "本平台没有此代码的主体。" : "代码有误，请核对统一社会信用代码。";
            return answer;
        }
        if (!name.empty() && !TRY(bears(tx, tenant, *subject, name))) {
            answer.status = Status::ambiguous;
            answer.code = subject->code;
            answer.name = subject->name;
            answer.reason_zh = "代码与名称不一致，请核对后重新查询。";
            return answer;
        }
        return found(tx, rulebook, tenant, std::move(answer), *subject, today);
    }
    if (trim(name).empty()) {
        answer.reason_zh = "没有填写代码或名称。";
        return answer;
    }
    const std::vector<NameMatch> matches = TRY(subject::find_by_name(tx, tenant, name));
    if (matches.size() == 1)
        return found(tx, rulebook, tenant, std::move(answer), matches.front().subject, today);
    if (matches.empty()) {
        answer.reason_zh = "没有名称完全一致的主体，请核对全称或改用代码查询。";
    } else {
        answer.status = Status::ambiguous;
        answer.reason_zh = "有" + std::to_string(matches.size()) + "个同名主体，请改用统一社会信用代码查询。";
    }
    return answer;
}

namespace {

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::vector<std::string> csv_cells(std::string_view line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            cells.back() += line[++i];
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && (line[i] == ',' || line[i] == '\t')) {
            cells.emplace_back();
        } else {
            cells.back() += line[i];
        }
    }
    for (std::string& cell : cells) cell = std::string(trim(cell));
    return cells;
}

std::string_view status_name(Status status) {
    switch (status) {
        case Status::found:
            return "found";
        case Status::not_found:
            return "not_found";
        case Status::ambiguous:
            return "ambiguous";
    }
    return "";
}

void write_answer(const Answer& answer, Format format, std::string& out) {
    const bool found = answer.status == Status::found;
    if (format == Format::ndjson) {
        JsonWriter json;
        json.begin_object()
            .field("query", answer.query)
            .field("status", std::string(status_name(answer.status)));
        json.field("uscc", answer.code).field("name", answer.name);
        if (found) {
            json.field("permits", answer.counts.permits).field("penalties", answer.counts.penalties);
            json.field("lists", answer.counts.lists);
        } else {
            json.field("reason", answer.reason_zh);
        }
        json.end_object();
        out = json.take() + "\n";
        return;
    }
    out = csv_cell(answer.query) + ',' + std::string(status_name(answer.status)) + ',' + answer.code + ',' +
          csv_cell(answer.name) + ',';
    if (found) {
        out += std::to_string(answer.counts.permits) + ',' + std::to_string(answer.counts.penalties) + ',' +
               std::to_string(answer.counts.lists);
    } else {
        out += ",,";
    }
    out += "\r\n";
}

/// Which column holds what; without a header line a cell is told by what it looks like.
struct Columns {
    int code = -1, name = -1;
    bool known = false;
};

Columns columns_of(const std::vector<std::string>& cells) {
    Columns columns;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string& cell = cells[i];
        if (cell == "统一社会信用代码" || cell == "代码" || cell == "code" || cell == "uscc") {
            columns.code = static_cast<int>(i);
        } else if (cell == "名称" || cell == "主体名称" || cell == "企业名称" || cell == "name") {
            columns.name = static_cast<int>(i);
        }
    }
    columns.known = columns.code >= 0 || columns.name >= 0;
    return columns;
}

bool looks_like_code(std::string_view cell) {
    if (cell.empty() || cell.size() > 54) return false;
    const std::string plain = to_half_width(cell);
    std::size_t letters_and_digits = 0;
    for (unsigned char c : plain) {
        if (c >= 0x80) return false;
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) ++letters_and_digits;
    }
    return letters_and_digits >= 8;
}

}  // namespace

Result<void> check_list(store::ReadTx& tx, const rulebook::Rulebook& rulebook, std::int64_t tenant,
                        const std::function<Result<bool>(std::string& line)>& next_line, Format format,
                        Date today, const std::function<void(std::string_view)>& write) {
    if (format == Format::csv) write("query,status,uscc,name,permits,penalties,lists\r\n");
    std::string line, out;
    Columns columns;
    bool first = true;
    while (TRY(next_line(line))) {
        if (first && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
        const std::vector<std::string> cells = csv_cells(line);
        if (first) {
            first = false;
            columns = columns_of(cells);
            if (columns.known) continue;
        }
        std::string code, name;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const int column = static_cast<int>(i);
            const bool is_code = columns.known ? column == columns.code : looks_like_code(cells[i]);
            const bool is_name = columns.known ? column == columns.name : !is_code;
            if (is_code && code.empty()) code = cells[i];
            if (is_name && name.empty()) name = cells[i];
        }
        if (code.empty() && name.empty()) continue;
        if (!is_utf8(code) || !is_utf8(name)) return fail(Fault::bad_encoding, "查询清单");
        write_answer(TRY(check_one(tx, rulebook, tenant, code, name, today)), format, out);
        write(out);
    }
    return {};
}

}  // namespace mingxin::query
