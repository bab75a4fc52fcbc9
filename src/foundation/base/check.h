// CHECK(condition): a bug if false; prints the place and aborts, in every build.
#pragma once

namespace mingxin {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#define CHECK(condition)                                                      \
    do {                                                                      \
        if (!(condition)) [[unlikely]] {                                      \
            ::mingxin::check_failed(#condition, __FILE__, __LINE__);          \
        }                                                                     \
    } while (false)
