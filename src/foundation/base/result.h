// Errors as values. Result<T> is what a function returns when something outside the program's control can go
// wrong; CHECK (check.h) is for bugs. Exceptions of libraries are caught where the library is called.
#pragma once
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/fault.h"

namespace mingxin {

/// A refusal: the fault, what exactly was met (Chinese, shown to the user), and a text for the operator's log
/// that is never shown to the user.
struct Error {
    Fault fault = Fault::internal;
    std::string detail_zh;
    std::string log_text;

    std::string_view code() const { return fault_text(fault).code; }
    /// "MX1005 日期不正确：2026-02-30。请使用…": one line for people.
    std::string message_zh() const;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using tl::expected<T, Error>::expected;
    Result(tl::unexpected<Error> error) : tl::expected<T, Error>(std::move(error)) {}
    bool ok() const { return this->has_value(); }
};

template <>
class [[nodiscard]] Result<void> : public tl::expected<void, Error> {
  public:
    using tl::expected<void, Error>::expected;
    Result(tl::unexpected<Error> error) : tl::expected<void, Error>(std::move(error)) {}
    bool ok() const { return this->has_value(); }
};

/// return fail(Fault::bad_date, "2026-02-30");
inline tl::unexpected<Error> fail(Fault fault, std::string detail_zh = {}, std::string log_text = {}) {
    return tl::unexpected<Error>(Error{fault, std::move(detail_zh), std::move(log_text)});
}

inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace mingxin

/// auto x = TRY(f());  TRY(g());  Returns the error to the caller, else yields the value.
#define TRY(expression)                                                    \
    ({                                                                     \
        auto mingxin_try_result = (expression);                            \
        if (!mingxin_try_result.has_value()) {                             \
            return ::mingxin::fail(std::move(mingxin_try_result).error()); \
        }                                                                  \
        ::mingxin::detail::take(std::move(mingxin_try_result));            \
    })

namespace mingxin::detail {
template <class T>
T take(Result<T>&& result) {
    return std::move(*result);
}
inline void take(Result<void>&&) {}
}  // namespace mingxin::detail
