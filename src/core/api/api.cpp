#include "api/api.h"

#include <charconv>

namespace mingxin::api {

namespace {
constexpr std::string_view permission_names[] = {
    "anyone",           "collect_submit", "collect_view",   "collect_view_all", "collect_judge",
    "record_correct",   "report_issue",   "journal_verify", "account_manage",   "unit_manage",
    "platform_operate", "content_view",   "content_edit",   "content_review",   "content_release",
    "content_columns",  "rules_view",     "rules_approve",  "task_view",        "assess_view",
    "assess_view_all",  "assess_close",   "assess_appeal",  "assess_decide",
};
static_assert(std::size(permission_names) == static_cast<std::size_t>(Permission::count_));
}  // namespace

std::string_view permission_name(Permission permission) {
    return permission_names[static_cast<std::size_t>(permission)];
}

std::optional<Permission> permission_by_name(std::string_view name) {
    for (std::size_t i = 0; i < std::size(permission_names); ++i) {
        if (permission_names[i] == name) {
            return static_cast<Permission>(i);
        }
    }
    return std::nullopt;
}

std::string_view Input::text(std::string_view name) const {
    auto found = values_.find(name);
    return found == values_.end() ? std::string_view{} : std::string_view(found->second);
}

std::int64_t Input::integer(std::string_view name, std::int64_t otherwise) const {
    std::string_view value = text(name);
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc{} && end == value.data() + value.size() ? number : otherwise;
}

bool Input::boolean(std::string_view name) const {
    return text(name) == "true";
}

bool Input::has(std::string_view name) const {
    return values_.contains(name) || uploads_.contains(name);
}

void Input::set(std::string name, std::string value) {
    values_.insert_or_assign(std::move(name), std::move(value));
}

std::optional<Input::Upload> Input::upload(std::string_view name) const {
    auto found = uploads_.find(name);
    return found == uploads_.end() ? std::nullopt : std::optional(found->second);
}

void Input::set_upload(std::string name, Upload upload) {
    uploads_.insert_or_assign(std::move(name), std::move(upload));
}

Reply Reply::redirect(std::string location) {
    Reply reply;
    reply.status = 303;
    reply.content_type.clear();
    reply.headers.emplace_back("Location", std::move(location));
    return reply;
}

}  // namespace mingxin::api
