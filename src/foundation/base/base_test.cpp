#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_lines.h"
#include "base/log.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"

using namespace mingxin;

namespace {

struct FaultRow {
    Fault fault;
    std::string name;
};

const FaultRow fault_rows[] = {
#define MINGXIN_FAULT(name, code, http, title, remedy) {Fault::name, #name},
#include "base/faults.def"
#undef MINGXIN_FAULT
};

bool has_chinese(std::string_view text) {
    for (char32_t c : to_code_points(text)) {
        if (c >= 0x4E00 && c <= 0x9FFF) return true;
    }
    return false;
}

Result<int> half(int value) {
    if (value % 2 != 0) return fail(Fault::bad_argument, std::to_string(value), "odd");
    return value / 2;
}

Result<int> quarter(int value) {
    int once = TRY(half(value));
    return TRY(half(once));
}

Result<void> must_be_even(int value) {
    TRY(half(value));
    return {};
}

}  // namespace

TEST_CASE("every fault has a code of its own, an HTTP status, a Chinese title and a remedy") {
    std::set<std::string_view> codes;
    for (const FaultRow& row : fault_rows) {
        CAPTURE(row.name);
        const FaultText& text = fault_text(row.fault);
        CHECK_MESSAGE(codes.insert(text.code).second, text.code);
        CHECK(text.code.size() == 6);
        CHECK(text.code.starts_with("MX"));
        CHECK(text.code.find_first_not_of("0123456789", 2) == std::string_view::npos);
        CHECK(text.http_status >= 400);
        CHECK(text.http_status < 600);
        CHECK(is_utf8(text.title_zh));
        CHECK(is_utf8(text.remedy_zh));
        CHECK(has_chinese(text.title_zh));
        CHECK(has_chinese(text.remedy_zh));
        CHECK(text.remedy_zh.ends_with("。"));
    }
    CHECK(fault_text(Fault::bad_date).code == "MX1005");
}

TEST_CASE("an error reads as one line: code, title, detail, remedy; never the operator's text") {
    Error error{Fault::bad_date, "2026-02-30", "secret"};
    CHECK(error.message_zh() == "MX1005 日期不正确：2026-02-30。请使用真实存在的日期，例如 2026-05-01。");
    CHECK(Error{Fault::bad_date, "坏。", ""}.message_zh() ==
          "MX1005 日期不正确：坏。请使用真实存在的日期，例如 2026-05-01。");
    CHECK(Error{Fault::not_found, "", ""}.message_zh() == "MX1002 没有找到。请核对名称或代码后重试。");
}

TEST_CASE("TRY yields the value or returns the error") {
    CHECK(quarter(12).value() == 3);
    CHECK(quarter(6).error().detail_zh == "3");
    CHECK(quarter(5).error().log_text == "odd");
    CHECK(must_be_even(2).ok());
    CHECK(must_be_even(3).error().fault == Fault::bad_argument);
}

TEST_CASE("a failed check aborts the process") {
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        check_failed("1 == 2", __FILE__, __LINE__);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
}

TEST_CASE("a log entry is one line on standard error") {
    TemporaryFolder folder;
    auto path = (folder.path() / "log").string();
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (std::freopen(path.c_str(), "w", stderr) == nullptr) _exit(1);
        log_info("first");
        log_warning("second\nforged entry");
        log_error("third {} %s");
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    std::string log = read_file(path).value();
    auto lines = split(log, '\n');
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].ends_with(" info first"));
    CHECK(lines[1].ends_with(" warning second forged entry"));
    CHECK(lines[2].ends_with(" error third {} %s"));
}

TEST_CASE("hexadecimal") {
    Bytes bytes{0x00, 0x7f, 0x80, 0xff};
    CHECK(to_hex(bytes) == "007f80ff");
    CHECK(from_hex("007F80fF") == bytes);
    CHECK(from_hex("") == Bytes{});
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
    CHECK_FALSE(from_hex("g0"));
    CHECK(digest_from_hex(std::string(64, 'a'))->at(31) == 0xaa);
    CHECK_FALSE(digest_from_hex(std::string(63, 'a')));
    CHECK_FALSE(digest_from_hex(std::string(66, 'a')));
    CHECK_FALSE(digest_from_hex(std::string(64, 'x')));
}

TEST_CASE("base64: the vectors of RFC 4648, strict reading") {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (auto [plain, coded] : vectors) {
        CHECK(to_base64(as_bytes(plain)) == coded);
        auto back = from_base64(coded);
        REQUIRE(back);
        CHECK(as_text(*back) == plain);
    }
    CHECK(to_base64(Bytes{0xfb, 0xff}) == "+/8=");
    for (const char* bad :
         {"Zg=", "Zg", "Z===", "====", "Zg==Zg==", "Zm9v ", "Zh==", "Zm9=", "Zm-v", "=Zg="}) {
        CAPTURE(bad);
        CHECK_FALSE(from_base64(bad));
    }
}

TEST_CASE("dates") {
    CHECK(make_date(1970, 1, 1)->days == 0);
    CHECK(make_date(2000, 3, 1)->days == 11017);
    CHECK(make_date(1, 1, 1)->to_string() == "0001-01-01");
    CHECK(make_date(9999, 12, 31)->to_string() == "9999-12-31");
    for (auto [y, m, d] : {std::array{2026, 2, 29},
                           {1900, 2, 29},
                           {2026, 4, 31},
                           {2026, 13, 1},
                           {2026, 0, 1},
                           {2026, 1, 0},
                           {0, 1, 1},
                           {10000, 1, 1},
                           {2026, 1, 32},
                           {2026, -1, 5}}) {
        CHECK_FALSE(make_date(y, m, d));
    }
    CHECK(make_date(2000, 2, 29));
    CHECK(make_date(2024, 2, 29));
    // Every day of 9,999 years splits into the day after the one before.
    Date day = *make_date(1, 1, 1);
    YearMonthDay last = split(day);
    int wrong = 0;
    for (Date end = *make_date(9999, 12, 31); day < end;) {
        day = day.plus_days(1);
        YearMonthDay now = split(day);
        bool next_day = now.year == last.year && now.month == last.month && now.day == last.day + 1;
        bool next_month = now.year == last.year && now.month == last.month + 1 && now.day == 1;
        bool next_year = now.year == last.year + 1 && now.month == 1 && now.day == 1 && last.month == 12;
        wrong += !(next_day || next_month || next_year) || make_date(now.year, now.month, now.day) != day;
        last = now;
    }
    CHECK(wrong == 0);
    CHECK(make_date(2026, 11, 20)->weekday() == 5);
    CHECK(make_date(2026, 11, 22)->weekday() == 0);
    CHECK(make_date(1969, 12, 31)->weekday() == 3);
    CHECK(make_date(2026, 11, 20)->year() == 2026);
}

TEST_CASE("the same day some months later") {
    auto later = [](const char* from, int months) {
        return parse_date(from)->plus_months(months).to_string();
    };
    CHECK(later("2024-01-31", 1) == "2024-02-29");
    CHECK(later("2023-01-31", 1) == "2023-02-28");
    CHECK(later("2024-02-29", 12) == "2025-02-28");
    CHECK(later("2024-02-29", 48) == "2028-02-29");
    CHECK(later("2026-11-20", 3) == "2027-02-20");
    CHECK(later("2026-11-20", 0) == "2026-11-20");
    CHECK(later("2026-01-31", -2) == "2025-11-30");
    CHECK(later("1970-01-01", -1) == "1969-12-01");
}

TEST_CASE("dates are read in one form only") {
    CHECK(parse_date("2026-05-01")->to_string() == "2026-05-01");
    for (const char* bad : {"", "2026-5-1", "2026/05/01", "2026-02-30", "20260501", "2026-05-01 ",
                            " 2026-05-01", "+026-05-01", "2026-05-0a", "0000-01-01", "２０２６-05-01"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_date(bad));
    }
}

TEST_CASE("instants: UTC text, Shanghai date") {
    Instant instant = *parse_instant("2026-11-20T04:05:06.000007Z");
    CHECK(instant.to_string() == "2026-11-20T04:05:06.000007Z");
    CHECK(instant.to_local_string() == "2026-11-20 12:05:06");
    CHECK(instant.to_local_digits() == "20261120120506");
    CHECK(instant.date().to_string() == "2026-11-20");
    CHECK(parse_instant("2026-11-20T15:59:59.999999Z")->date().to_string() == "2026-11-20");
    CHECK(parse_instant("2026-11-20T16:00:00.000000Z")->date().to_string() == "2026-11-21");
    CHECK(parse_instant("2026-12-31T16:00:00.000000Z")->to_local_string() == "2027-01-01 00:00:00");
    CHECK(Instant{-1}.to_string() == "1969-12-31T23:59:59.999999Z");
    CHECK(Instant{-1}.to_local_string() == "1970-01-01 07:59:59");
    CHECK(parse_instant("1969-12-31T23:59:59.999999Z")->us == -1);
    CHECK(Instant{INT64_MAX}.to_string().size() == 27);
    CHECK(Instant{INT64_MIN}.to_string().size() == 27);
    CHECK(Instant{INT64_MAX}.to_local_string().size() == 19);
    for (const char* bad :
         {"2026-11-20T04:05:06Z", "2026-11-20 04:05:06.000007Z", "2026-11-20T24:00:00.000000Z",
          "2026-11-20T23:60:00.000000Z", "2026-11-20T23:59:60.000000Z", "2026-11-31T00:00:00.000000Z",
          "2026-11-20T04:05:06.000007+", "2026-11-20T04:05:06.00000 Z", "2026-11-20T04:05:-6.000007Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_instant(bad));
    }
    CHECK(now_utc() > *parse_instant("2025-01-01T00:00:00.000000Z"));
}

TEST_CASE("JSON text: only quotes, backslashes and control characters are escaped") {
    auto json = [](std::string_view value) {
        std::string out;
        append_json_text(out, value);
        return out;
    };
    CHECK(json("") == "\"\"");
    CHECK(json("鲁山县\"某\"公司\\") == "\"鲁山县\\\"某\\\"公司\\\\\"");
    CHECK(json("a\n\t\r\b\f\x01\x1f\x7f/") == "\"a\\n\\t\\r\\b\\f\\u0001\\u001f\x7f/\"");
    CHECK(json(std::string_view("\0", 1)) == "\"\\u0000\"");
    // Every byte at every place of a word is treated as it is alone.
    for (int byte = 0; byte < 256; ++byte) {
        std::string alone = json(std::string(1, static_cast<char>(byte)));
        for (std::size_t place = 0; place < 17; ++place) {
            std::string text(17, 'x');
            text[place] = static_cast<char>(byte);
            std::string expected = "\"" + std::string(place, 'x') + alone.substr(1, alone.size() - 2) +
                                   std::string(16 - place, 'x') + "\"";
            REQUIRE(json(text) == expected);
        }
    }
}

TEST_CASE("JSON values nest, separated by single commas, without blanks") {
    JsonWriter json;
    json.begin_object()
        .field("name", "信用")
        .field("count", std::int64_t{-5})
        .field("open", true)
        .key("none")
        .null()
        .key("list")
        .begin_array()
        .integer(INT64_MIN)
        .begin_object()
        .end_object()
        .begin_array()
        .end_array()
        .decimal(0.125, 2)
        .decimal(1e300, 0)
        .end_array()
        .key("raw")
        .raw("{\"a\":1}")
        .field("text", std::string("x"))
        .end_object();
    std::string whole = json.str();
    CHECK(
        whole.starts_with("{\"name\":\"信用\",\"count\":-5,\"open\":true,\"none\":null,\"list\":["
                          "-9223372036854775808,{},[],0.12,1"));
    CHECK(whole.ends_with("],\"raw\":{\"a\":1},\"text\":\"x\"}"));
    CHECK(json.take() == whole);
    CHECK(json.begin_array().end_array().str() == "[]");
    json.clear();
    CHECK(json.integer(1).take() == "1");
}

TEST_CASE("UTF-8 is well-formed or not") {
    for (std::string_view good :
         {"", "abc", "鲁山县", "aé€😀", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\xEE\x80\x80"}) {
        CHECK(is_utf8(good));
        CHECK(is_utf8("12345678901" + std::string(good) + "1234567890"));
    }
    for (std::string_view bad :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE9\xB2", "\xF0\x9F\x98",
          "\xC3", "\xE9\xB2z", "\xC3z", "\xF0\x9F\x98z"}) {
        CHECK_FALSE(is_utf8(bad));
        CHECK_FALSE(is_utf8("12345678" + std::string(bad)));
        CHECK_FALSE(is_utf8(std::string(bad) + "12345678"));
        // Never outside the text, always forward.
        for (std::size_t i = 0; i < bad.size();) {
            std::size_t before = i;
            next_code_point(bad, i);
            CHECK(i > before);
            CHECK(i <= bad.size());
        }
    }
}

TEST_CASE("code points") {
    std::string text;
    for (char32_t c : std::u32string(U"aé€鲁😀\x10FFFF")) append_utf8(text, c);
    CHECK(text == "aé€鲁😀\xF4\x8F\xBF\xBF");
    CHECK(to_code_points(text) == U"aé€鲁😀\x10FFFF");
    CHECK(character_count(text) == 6);
    CHECK(character_count("") == 0);
}

TEST_CASE("NFC") {
    CHECK(to_nfc("") == "");
    CHECK(to_nfc("鲁山县（某）公司，abc") == "鲁山县（某）公司，abc");
    CHECK(to_nfc("e\xCC\x81") == "é");
    CHECK(to_nfc("\xE2\x84\xAA") == "K");                         // KELVIN SIGN
    CHECK(to_nfc("\xEF\xA4\x80") == "豈");                        // compatibility ideograph U+F900
    CHECK(to_nfc("か\xE3\x82\x99") == "が");                      // combining voiced mark
    CHECK(to_nfc("\xE1\x84\x80\xE1\x85\xA1") == "가");            // conjoining jamo
    CHECK(to_nfc("\xE2\x80\x80") == "\xE2\x80\x82");              // EN QUAD -> EN SPACE
    CHECK(to_nfc("\xEF\xAC\xAC") == "\xD7\xA9\xD6\xBC\xD7\x81");  // the largest growth
    CHECK(to_nfc("q\xCC\x87\xCC\xA3") == "q\xCC\xA3\xCC\x87");    // order of marks
    CHECK(to_nfc("𠀀é") == "𠀀é");
    CHECK(to_nfc("\xFF") == "\xFF");
}

TEST_CASE("GB18030") {
    CHECK(gb18030_to_utf8("").value() == "");
    CHECK(gb18030_to_utf8("abc,\n").value() == "abc,\n");
    CHECK(gb18030_to_utf8("\xC2\xB3\xC9\xBD\xCF\xD8").value() == "鲁山县");
    CHECK(gb18030_to_utf8("\x81\x30\x81\x30").value() == "\xC2\x80");  // four bytes
    CHECK(gb18030_to_utf8("\x95\x32\x82\x36").value() == "𠀀");
    std::string many, expected;
    for (int i = 0; i < 5000; ++i) many += "\x95\x32\x82\x36\xC2\xB3", expected += "𠀀鲁";
    CHECK(gb18030_to_utf8(many).value() == expected);
    auto bad = gb18030_to_utf8("a\nb\n\xC2\x20\n");
    REQUIRE_FALSE(bad.ok());
    CHECK(bad.error().fault == Fault::bad_encoding);
    CHECK(bad.error().detail_zh == "第 3 行附近有无法识别的字符");
    CHECK_FALSE(gb18030_to_utf8("abc\xC2").ok());
    CHECK_FALSE(gb18030_to_utf8("\xFF\xFF").ok());
    CHECK(gb18030_to_utf8("\xC2\xB3").value() == "鲁");  // and after a failure it still works
}

TEST_CASE("half-width forms and blanks") {
    CHECK(to_half_width("ＡＢｃ１２３（）：～　x鲁。") == "ABc123():~ x鲁。");
    CHECK(to_half_width("plain") == "plain");
    CHECK(trim("  a b \t\r\n") == "a b");
    CHECK(trim("\xEF\xBB\xBF\xE3\x80\x80\xC2\xA0\xE2\x80\x8B鲁 山\xE3\x80\x80\xE2\x80\x8D\x7F") == "鲁 山");
    CHECK(trim(" \xE3\x80\x80 ") == "");
    CHECK(trim("") == "");
    CHECK(trim("鲁") == "鲁");
    CHECK(trim("\x80\x80\x80\x80\x80") == "\x80\x80\x80\x80\x80");
    CHECK(remove_blanks(" 鲁\xE3\x80\x80山\xC2\xA0 县\t") == "鲁山县");
    CHECK(to_upper_ascii("abZ鲁é") == "ABZ鲁é");
}

TEST_CASE("escapes") {
    CHECK(escape_html("<a href=\"x\">'&鲁</a>") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;鲁&lt;/a&gt;");
    CHECK(escape_url("aZ0-._~ /鲁") == "aZ0-._~%20%2F%E9%B2%81");
}

TEST_CASE("split keeps empty parts") {
    using Parts = std::vector<std::string_view>;
    CHECK(split("a,,b", ',') == Parts{"a", "", "b"});
    CHECK(split("", ',') == Parts{""});
    CHECK(split(",", ',') == Parts{"", ""});
}

TEST_CASE("edit distance") {
    CHECK(edit_distance(U"", U"", 5) == 0);
    CHECK(edit_distance(U"kitten", U"sitting", 5) == 3);
    CHECK(edit_distance(U"sitting", U"kitten", 3) == 3);
    CHECK(edit_distance(U"kitten", U"sitting", 2) == 3);
    CHECK(edit_distance(U"鲁山县", U"鲁县", 5) == 1);
    CHECK(edit_distance(U"abc", U"xyz", 5) == 3);
    CHECK(edit_distance(U"abc", U"xyz", 0) == 1);
    CHECK(edit_distance(U"", U"abcdef", 3) == 4);
    CHECK(edit_distance(U"abcdef", U"", 9) == 6);
}

TEST_CASE("files are read and written whole") {
    TemporaryFolder folder;
    auto path = folder.path() / "file";
    std::string content("line\n\0end", 9);
    REQUIRE(write_file(path, content, 0600).ok());
    CHECK(read_file(path).value() == content);
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::mask) ==
          static_cast<std::filesystem::perms>(0600));
    REQUIRE(write_file(path, "", 0644).ok());
    CHECK(read_file(path).value() == "");
    std::string large(300'000, 'x');
    REQUIRE(write_file(path, large).ok());
    CHECK(read_file(path, 300'000).value() == large);
    auto over = read_file(path, 299'999);
    REQUIRE_FALSE(over.ok());
    CHECK(over.error().fault == Fault::file_unreadable);
    CHECK(over.error().detail_zh.ends_with("（超过 299999 字节的上限）"));
    int entries = 0;
    for ([[maybe_unused]] auto& entry : std::filesystem::directory_iterator(folder.path())) ++entries;
    CHECK(entries == 1);  // nothing beside it is left
    auto missing = read_file(folder.path() / "none");
    CHECK(missing.error().detail_zh == (folder.path() / "none").string() + "（不存在）");
    CHECK(read_file(folder.path()).error().detail_zh.ends_with("（是目录，不是文件）"));
    CHECK(write_file(folder.path() / "none" / "file", "x").error().fault == Fault::file_unwritable);
    CHECK_FALSE(write_file(folder.path(), "x").ok());
    CHECK_FALSE(read_file("/dev/zero", 1000).ok());
}

TEST_CASE("a temporary folder goes with its scope") {
    std::filesystem::path kept;
    {
        TemporaryFolder folder;
        kept = folder.path();
        REQUIRE(write_file(kept / "file", "x").ok());
    }
    CHECK_FALSE(std::filesystem::exists(kept));
}

TEST_CASE("json_in_lines: long objects and lists by line, short ones whole, texts untouched") {
    CHECK(json_in_lines(R"({"a":1})") == R"({"a":1})");
    const std::string text = R"({"a":[{"b":"x,{}]\"y","c":[]},{"d":{}}],"e\"":"f","g":{}})";
    CHECK(json_in_lines(text, 10) ==
          "{\n \"a\":[\n  {\n   \"b\":\"x,{}]\\\"y\",\n   \"c\":[]\n  },\n  {\"d\":{}}\n ],\n "
          "\"e\\\"\":\"f\",\n \"g\":{}\n}");
    std::string joined = json_in_lines(text, 1);
    std::erase_if(joined, [](char c) { return c == ' ' || c == '\n'; });
    CHECK(joined == text);
}
