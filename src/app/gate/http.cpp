#include "gate/http.h"

#include "base/json.h"

namespace mingxin::gate {

const std::string_view kDataHeaders =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n";

std::string refusal_json(const Error& error, std::string_view incident) {
    const FaultText& text = fault_text(error.fault);
    JsonWriter json;
    json.begin_object().key("code").text(text.code).key("title").text(text.title_zh);
    json.field("detail", error.detail_zh).key("remedy").text(text.remedy_zh);
    if (!incident.empty()) {
        json.field("incident", incident);
    }
    json.end_object();
    return json.take();
}

Response refusal_response(const Error& error) {
    Response response;
    response.status = fault_text(error.fault).http_status;
    response.content_type = "application/json; charset=utf-8";
    response.body = refusal_json(error);
    response.headers = "Cache-Control: no-store\r\n";
    response.common_headers = kDataHeaders;
    return response;
}

}  // namespace mingxin::gate
