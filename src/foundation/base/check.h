// CHECK(condition): a bug if false; prints the place and aborts, in every build. For .cpp files: in a unit
// test the word means doctest's CHECK, which is then left alone.
#pragma once

namespace mingxin {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#ifndef DOCTEST_LIBRARY_INCLUDED
#define CHECK(condition)                                             \
    do {                                                             \
        if (!(condition)) [[unlikely]] {                             \
            ::mingxin::check_failed(#condition, __FILE__, __LINE__); \
        }                                                            \
    } while (false)
#endif
