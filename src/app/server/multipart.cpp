#include "server/multipart.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"

namespace mingxin::server {
namespace {

tl::unexpected<Error> malformed(std::string detail) {
    return fail(Fault::request_malformed, std::move(detail));
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return to_upper_ascii(a) == to_upper_ascii(b);
}

/// Reads name="quoted" or name=token at position; browsers escape a quote as %22, others as \".
std::string parameter_value(std::string_view field, std::size_t& position) {
    std::string value;
    if (position < field.size() && field[position] == '"') {
        for (++position; position < field.size() && field[position] != '"'; ++position) {
            if (field[position] == '\\' && position + 1 < field.size() &&
                (field[position + 1] == '"' || field[position + 1] == '\\')) {
                ++position;
            }
            value += field[position];
        }
        position = std::min(field.find(';', position), field.size());
        return value;
    }
    std::size_t end = std::min(field.find(';', position), field.size());
    value = trim(field.substr(position, end - position));
    position = end;
    return value;
}

std::optional<std::string> parameter(std::string_view field, std::string_view name) {
    std::size_t position = std::min(field.find(';'), field.size());
    while (position < field.size()) {
        std::size_t equals = field.find('=', ++position);
        if (equals == std::string_view::npos) {
            return std::nullopt;
        }
        std::string_view key = trim(field.substr(position, equals - position));
        position = equals + 1;
        std::string value = parameter_value(field, position);
        if (equals_ignoring_case(key, name)) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string MultipartParser::boundary_of(std::string_view content_type) {
    std::string_view type = trim(content_type.substr(0, content_type.find(';')));
    if (!equals_ignoring_case(type, "multipart/form-data")) {
        return {};
    }
    std::string boundary = parameter(content_type, "boundary").value_or("");
    return boundary.size() <= 70 ? boundary : std::string{};
}

MultipartParser::MultipartParser(std::string_view boundary, Sink& sink, MultipartLimits limits)
    : delimiter_("\r\n--" + std::string(boundary)), sink_(sink), limits_(limits), buffer_("\r\n") {}

Result<void> MultipartParser::push(std::string_view bytes) {
    buffer_.erase(0, position_);
    position_ = 0;
    buffer_.append(bytes);
    while (TRY(step())) {
    }
    return {};
}

Result<void> MultipartParser::finish() {
    if (state_ != State::epilogue) {
        return malformed("表单内容不完整，上传可能中断");
    }
    return {};
}

/// One step; false when more bytes are needed.
Result<bool> MultipartParser::step() {
    switch (state_) {
        case State::preamble:
            return step_preamble();
        case State::after_boundary:
            return step_after_boundary();
        case State::head:
            return step_head();
        case State::body:
            return step_body();
        case State::epilogue:
            drop(rest().size());
            return false;
    }
    return false;
}

Result<bool> MultipartParser::step_preamble() {
    std::size_t found = rest().find(delimiter_);
    if (found == std::string_view::npos) {
        if (rest().size() > delimiter_.size() + limits_.head_bytes) {
            return malformed("表单内容没有分隔符");
        }
        return false;
    }
    drop(found + delimiter_.size());
    state_ = State::after_boundary;
    return true;
}

Result<bool> MultipartParser::step_after_boundary() {
    std::string_view text = rest();
    if (text.size() < 2) {
        return false;
    }
    if (text.substr(0, 2) == "--") {
        state_ = State::epilogue;
        return true;
    }
    if (text.substr(0, 2) != "\r\n") {
        return malformed("表单分隔符后有多余内容");
    }
    if (++parts_ > limits_.parts) {
        return malformed("表单字段过多");
    }
    state_ = State::head;  // its CRLF stays: an empty head is then CRLF CRLF as well
    return true;
}

Result<bool> MultipartParser::step_head() {
    std::string_view text = rest();
    std::size_t end = text.find("\r\n\r\n");
    if ((end == std::string_view::npos ? text.size() : end) > limits_.head_bytes) {
        return malformed("表单字段的头部过长");
    }
    if (end == std::string_view::npos) {
        return false;
    }
    TRY(open_part(text.substr(0, end)));
    drop(end + 2);  // the second CRLF stays: it may begin the delimiter of an empty part
    state_ = State::body;
    first_crlf_ = true;
    return true;
}

Result<bool> MultipartParser::step_body() {
    std::string_view text = rest();
    if (first_crlf_ && text.size() < delimiter_.size()) {
        return false;
    }
    std::size_t found = text.find(delimiter_);
    if (first_crlf_ && found != 0) {
        drop(2);
        text = rest();
        found = found == std::string_view::npos ? found : found - 2;
    }
    first_crlf_ = false;
    if (found == std::string_view::npos) {
        std::size_t keep = delimiter_.size() - 1;  // may be the beginning of a delimiter
        if (text.size() > keep) {
            TRY(sink_.data(text.substr(0, text.size() - keep)));
            drop(text.size() - keep);
        }
        return false;
    }
    if (found > 0) {
        TRY(sink_.data(text.substr(0, found)));
    }
    TRY(sink_.end_part());
    drop(found + delimiter_.size());
    state_ = State::after_boundary;
    return true;
}

Result<void> MultipartParser::open_part(std::string_view head) {
    std::optional<std::string> name, file_name;
    for (std::size_t at = 0; at < head.size();) {
        std::size_t end = std::min(head.find("\r\n", at), head.size());
        std::string_view line = head.substr(at, end - at);
        at = end + 2;
        std::size_t colon = line.find(':');
        if (colon == std::string_view::npos ||
            !equals_ignoring_case(line.substr(0, colon), "content-disposition")) {
            continue;
        }
        std::string_view field = line.substr(colon + 1);
        if (name || !equals_ignoring_case(trim(field.substr(0, field.find(';'))), "form-data")) {
            return malformed("表单字段的头部不正确");
        }
        name = parameter(field, "name");
        file_name = parameter(field, "filename");
    }
    if (!name || name->empty() || !is_utf8(*name) || (file_name && !is_utf8(*file_name))) {
        return malformed("表单字段没有正确的名称");
    }
    bool is_file = file_name.has_value();
    return sink_.begin_part(std::move(*name), std::move(file_name).value_or(""), is_file);
}

}  // namespace mingxin::server
