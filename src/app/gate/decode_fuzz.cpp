// Query strings, forms, JSON bodies and cookies of any bytes: no crash; what is taken is documented,
// well-formed and comes out the same when it is taken again.
#include <cstdlib>

#include "base/text.h"
#include "gate/cookies.h"
#include "gate/decode.h"

using namespace mingxin;

namespace {

using api::FieldType;
using api::Where;

const std::vector<api::Field>& fields() {
    static const std::vector<api::Field> list = {
        {"t", FieldType::text, "字", "text", false, Where::query},
        {"n", FieldType::integer, "数", "number", false, Where::query},
        {"d", FieldType::date, "日", "date", false, Where::query},
        {"b", FieldType::boolean, "是", "flag", false, Where::body},
        {"x", FieldType::text, "字", "text", false, Where::body},
        {"l",
         FieldType::list,
         "列",
         "list",
         false,
         Where::body,
         "",
         {{"y", FieldType::text, "字", "text", true}}},
        {"o",
         FieldType::object,
         "物",
         "object",
         false,
         Where::body,
         "",
         {{"z", FieldType::integer, "数", "n"}}}};
    return list;
}

void check(const api::Input& input) {
    for (const api::Field& field : fields()) {
        const std::string_view value = input.text(field.name);
        if (!is_utf8(value) || value.find('\0') != value.npos) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::string_view kind = bytes.substr(0, 1), rest = bytes.substr(kind.size());
    static const api::Endpoint endpoint(
        "fuzz.take", api::Method::post, "/fuzz", api::Permission::collect_view, api::Audit::metered, "试",
        "fuzz", fields(), {},
        api::ReadHandler([](const api::Call&, const api::Input&, store::ReadTx&) -> Result<api::Reply> {
            return api::Reply{};
        }));
    std::string token;
    gate::Request request;
    request.method = "POST";
    std::string_view query;
    if (kind == "q") {
        query = rest;
    } else if (kind == "f") {
        request.content_type = "application/x-www-form-urlencoded";
        request.body = rest;
    } else {
        request.content_type = "application/json";
        request.body = rest;
    }
    if (const auto input = gate::decode_request(endpoint, {}, query, request, token); input.ok())
        check(*input);
    if (const auto plain = gate::decode_url(rest, kind == "f"); plain.ok() && !is_utf8(*plain)) std::abort();
    gate::cookie_value(rest, "mingxin");
    request.cookie = request.origin = request.fetch_site = request.forwarded_for = request.host = rest;
    request.peer_is_loopback = true;
    gate::is_same_site(request);
    gate::client_address(request);
    if (!is_utf8(gate::shown_name(rest))) std::abort();
    return 0;
}
