#include <doctest/doctest.h>
#include <sys/resource.h>
#include <zlib.h>

#include <fstream>

#include "collect/csv_split.h"
#include "collect/test_files.h"

using namespace mingxin;
using namespace mingxin::collect;
using test::Files;
using test::read_all;
using Rows = std::vector<std::string>;

TEST_CASE("csv: header, rows and their numbers") {
    Files files;
    auto table = read_all(files.write("a.csv", "名称,代码\n甲,1\n\n乙,2\n"));
    CHECK(table.fault == "");
    CHECK(table.header == Rows{"名称", "代码"});
    CHECK(table.rows == Rows{"2:甲|1", "4:乙|2"});
    CHECK(table.format == "CSV（UTF-8，逗号分隔）");
}

TEST_CASE("csv: line ends, BOM, last line without an end") {
    Files files;
    for (std::string end : {"\n", "\r\n", "\r"}) {
        std::string text = "\xEF\xBB\xBF名称,代码" + end + "甲,1" + end + ",," + end + "乙,2";
        auto table = read_all(files.write("a.csv", text));
        CHECK(table.header == Rows{"名称", "代码"});
        CHECK(table.rows == Rows{"2:甲|1", "4:乙|2"});
    }
}

TEST_CASE("csv: quotes") {
    Files files;
    auto table = read_all(files.write("a.csv",
                                      "名称,备注\r\n\"甲\n公司\",\"说\"\"好\"\"\"\r\n\"a,b\","
                                      "\"\"\r\n\"乙\"公司,丙\"丁\"\r\n=\"00123\",x\r\n"));
    CHECK(table.fault == "");
    CHECK(table.rows == Rows{"2:甲\n公司|说\"好\"", "3:a,b", "4:\"乙\"公司|丙\"丁\"", "5:00123|x"});
    REQUIRE(table.notes.size() == 1);
    CHECK(table.notes[0].find("第 4 行") != std::string::npos);
}

TEST_CASE("csv: separators are found out") {
    Files files;
    CHECK(read_all(files.write("a.csv", "名称\t代码\n甲, 乙\t1\n")).rows == Rows{"2:甲, 乙|1"});
    CHECK(read_all(files.write("a.csv", "名称;代码\n甲;1\n")).rows == Rows{"2:甲|1"});
    CHECK(read_all(files.write("a.csv", "名称|代码\n甲|1\n")).header == Rows{"名称", "代码"});
    CHECK(read_all(files.write("a.csv", "sep=;\n名称;代码\n甲;1\n")).rows == Rows{"2:甲|1"});
    CHECK(read_all(files.write("a.csv", "名称\n甲\n")).rows == Rows{"2:甲"});
    // The header's words decide, even where another sign is more frequent.
    OpenOptions options;
    options.header_words = {"名称", "代码", "处罚类别"};
    auto table = read_all(files.write("a.csv", "名称,代码,处罚类别\n甲,1,a;b;c;d\n乙,2,a;b;c;d\n"), options);
    CHECK(table.header.size() == 3);
}

TEST_CASE("csv: the header may lie below titles") {
    Files files;
    OpenOptions options;
    options.header_words = {"行政相对人名称", "行政相对人代码_1", "处罚决定日期"};
    std::string text =
        "某县行政处罚信息表,,\n填报单位：某局,,日期：2019\n*行政相对人名称（必填）,行政相对人代码_1,"
        "处罚决定日期\n甲,1,2\n";
    auto table = read_all(files.write("a.csv", text), options);
    CHECK(table.header == Rows{"*行政相对人名称（必填）", "行政相对人代码_1", "处罚决定日期"});
    CHECK(table.rows == Rows{"4:甲|1|2"});
    // Without hint words: the first row that is filled like a header.
    CHECK(read_all(files.write("a.csv", text)).rows ==
          Rows{"3:*行政相对人名称（必填）|行政相对人代码_1|处罚决定日期", "4:甲|1|2"});
}

TEST_CASE("csv: GB18030 and UTF-16") {
    Files files;
    // 名称,代码 / 甲,1 / 㐀 (four bytes in GB18030)
    std::string gb = "\xC3\xFB\xB3\xC6,\xB4\xFA\xC2\xEB\n\xBC\xD7,1\n\x81\x39\xEE\x39,2\n";
    auto table = read_all(files.write("a.csv", gb));
    CHECK(table.header == Rows{"名称", "代码"});
    CHECK(table.rows == Rows{"2:甲|1", "3:㐀|2"});
    CHECK(table.format == "CSV（GB18030，逗号分隔）");
    // Chinese only after a long stretch of ASCII.
    std::string late = "name,code\n";
    for (int i = 0; i < 60000; ++i) late += "abcdef," + std::to_string(i) + "\n";
    table = read_all(files.write("a.csv", late + "\xBC\xD7,1\n"), {}, 5000);
    CHECK(table.fault == "");
    REQUIRE(table.rows.size() == 60001);
    CHECK(table.rows.back() == "60002:甲|1");
    for (bool big : {false, true}) {
        std::string utf16 = big ? "\xFE\xFF" : "\xFF\xFE";
        for (char16_t c : std::u16string(u"名称\t代码\n甲\xD840\xDC00\t1\n")) {
            utf16 += static_cast<char>(big ? c >> 8 : c & 0xFF);
            utf16 += static_cast<char>(big ? c & 0xFF : c >> 8);
        }
        table = read_all(files.write("a.csv", utf16));
        CHECK(table.rows == Rows{"2:甲𠀀|1"});
    }
}

TEST_CASE("csv: wrong encoding in the middle is named with row and cell") {
    Files files;
    std::string text = "名称,代码\n";
    for (int i = 0; i < 30000; ++i) text += "某县某公司," + std::to_string(i) + "\n";
    auto table = read_all(files.write("a.csv", text + "甲,\xFFx\n乙,2\n"), {}, 1000);
    CHECK(table.fault == "MX1006");
    CHECK(table.rows.size() == 30000);
    CHECK(table.message.find("第 30002 行第 2 列（B30002）") != std::string::npos);
    CHECK(table.message.find("0xFF") != std::string::npos);
    table = read_all(files.write("a.csv", "\xC3\xFB\xB3\xC6,\xB4\xFA\xC2\xEB\n\xBC\xD7,1\n\xBC\xD7,\xFF\n"));
    CHECK(table.fault == "MX1006");
    CHECK(table.message.find("第 3 行第 2 列") != std::string::npos);
    CHECK(table.message.find("GB18030") != std::string::npos);
    table = read_all(files.write("a.csv", "名称,代码\n甲,\xE4\xB8"));
    CHECK(table.fault == "MX1006");
}

TEST_CASE("csv: hostile files are refused, with the place") {
    Files files;
    CHECK(read_all(files.write("a.csv", "")).fault == "MX2108");
    CHECK(read_all(files.write("a.csv", "\n\n ,\n\n")).fault == "MX2108");
    CHECK(read_all(files.write("a.csv", "\n\n,,\n\n")).fault == "MX2108");
    CHECK(read_all(files.write("a.csv", "名称,代码\n")).rows.empty());
    auto nul = read_all(files.write("a.csv", std::string("a,b\n1,2\n3,\0004\n", 14)));
    CHECK(nul.fault == "MX2112");
    CHECK(nul.message.find("第 3 行第 2 列（B3）") != std::string::npos);
    auto quote = read_all(files.write("a.csv", "a,b\n1,\"2\n3,4\n"));
    CHECK(quote.fault == "MX2113");
    CHECK(quote.message.find("第 2 行第 2 列（B2）") != std::string::npos);
    auto cell = read_all(files.write("a.csv", "a,b\n1," + std::string(2u << 20, 'x') + "\n"));
    CHECK(cell.fault == "MX2110");
    CHECK(cell.message.find("第 2 行第 2 列（B2）") != std::string::npos);
    auto columns = read_all(files.write("a.csv", "a,b\n" + std::string(3'000'000, ',') + "\n"));
    CHECK(columns.fault == "MX2109");
    CHECK(columns.message.find("第 2 行超过 2000 列") != std::string::npos);
    CHECK(read_all(files.path("absent.csv")).fault == "MX1003");
    CHECK(read_all("/").fault == "MX1003");
}

TEST_CASE("csv: a line of 2 GB is refused in bounded memory") {
    Files files;
    auto path = files.path("long.csv");
    for (bool quoted : {false, true}) {
        std::ofstream out(path, std::ios::binary);
        out << "a,b\n1," << (quoted ? "\"" : "");
        std::string block(1 << 20, 'x');
        for (int i = 0; i < 40; ++i) out << block;  // what is read of it; the rest is a hole of the file
        out.close();
        std::filesystem::resize_file(path, 2ull << 30);
        rusage before{}, after{};
        getrusage(RUSAGE_SELF, &before);
        auto table = read_all(path);
        getrusage(RUSAGE_SELF, &after);
        CHECK(table.fault == (quoted ? "MX2113" : "MX2111"));
        CHECK(table.message.find("第 2 行") != std::string::npos);
        CHECK(after.ru_maxrss - before.ru_maxrss < 100 * 1024);
    }
}

TEST_CASE("what is no table is refused by its content") {
    Files files;
    auto fault = [&](std::string_view content) { return read_all(files.write("a.xlsx", content)).fault; };
    CHECK(fault("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(2000, 'x')) == "MX2102");
    std::string encrypted = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, '\0');
    for (char c : std::string("EncryptedPackage")) encrypted += c, encrypted += '\0';
    CHECK(fault(encrypted) == "MX2104");
    CHECK(fault("<html xmlns:o=\"urn\"><table><tr><td>1</td></tr></table>") == "MX2103");
    CHECK(fault("\xEF\xBB\xBF\r\n<TABLE border=1>") == "MX2103");
    CHECK(fault("<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">") ==
          "MX2103");
    CHECK(fault("%PDF-1.7") == "MX2101");
    CHECK(fault("[{\"a\":1}]") == "MX2101");
    auto old = read_all(files.write("a.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(2000, 'x')));
    CHECK(old.message.find("另存为") != std::string::npos);
}

TEST_CASE("csv: split at every place gives the same rows") {
    // The same text read through blocks of every size up to its own: a row never depends on where a block
    // ends.
    std::string text = "a,\"b\"\"c\",\r\n\"d\ne\",f\rg,\"h\"i,j\n\"\",x\n";
    std::vector<CsvField> fields;
    auto rows_of = [&](std::size_t block) {
        Rows rows;
        std::size_t begin = 0, end = 0;
        while (begin < text.size()) {
            std::size_t taken = 0;
            auto split = split_csv_row(std::string_view(text).substr(begin, end - begin), end == text.size(),
                                       ',', 10, fields, taken);
            if (split != CsvSplit::row) {
                REQUIRE(end < text.size());
                end = std::min(text.size(), end + block);
                continue;
            }
            std::string row;
            for (auto& field : fields) row += "[" + text.substr(begin + field.begin, field.size) + "]";
            rows.push_back(row);
            begin += taken;
        }
        return rows;
    };
    Rows whole = rows_of(text.size());
    CHECK(whole == Rows{"[a][b\"\"c][]", "[d\ne][f]", "[g][\"h\"i][j]", "[][x]"});
    for (std::size_t block = 1; block < text.size(); ++block) CHECK(rows_of(block) == whole);
}

TEST_CASE("ndjson: objects by line") {
    Files files;
    auto table = read_all(files.write("a.ndjson",
                                      "{\"名称\":\"甲\",\"金额\":0.000001}\n\n{\"金额\":1.50,\"名称\":"
                                      "\"乙\\n\",\"有效\":true,\"无\":null}\n"));
    CHECK(table.fault == "");
    CHECK(table.header == Rows{"名称", "金额", "有效", "无"});
    CHECK(table.rows == Rows{"1:甲|0.000001", "3:乙\n|1.50|TRUE"});
    CHECK(table.format == "NDJSON（UTF-8）");
}

TEST_CASE("ndjson: hostile lines are refused, with the row") {
    Files files;
    auto refused = [&](std::string_view line) {
        auto table = read_all(files.write("a.ndjson", "{\"a\":1}\n" + std::string(line) + "\n"));
        CHECK(table.message.find("第 2 行") != std::string::npos);
        return table.fault;
    };
    for (auto line : {"{\"a\":[1]}", "{\"a\":{}}", "{\"a\":1", "{\"a\":1}{\"a\":2}", "[1]", "{\"a\":\"x}",
                      "{\"a\":01}", "{\"a\":1,\"a\":2}", "{a:1}", "1", "\"x\"",
                      "{\"a\":123456789012345678901234567890}", "{\"a\":tru}", "{\"a\" 1}", "{\"a\":1,}"}) {
        CAPTURE(line);
        CHECK(refused(line) == "MX2114");
    }
    CHECK(refused("{\"a\":\"\\u0000\"}") == "MX2112");
    std::string lines = "{\"a\":1}\n";
    for (int i = 0; i < 1500; ++i) lines += "{\"a\":2}\n";
    auto late = read_all(files.write("a.ndjson", lines + "{\"b\":1}\n"));
    CHECK(late.fault == "MX2115");
    CHECK(late.message.find("第 1502 行的键“b”") != std::string::npos);
    std::string wide = "{";
    for (int i = 0; i < 2500; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
    wide.back() = '}';
    CHECK(read_all(files.write("a.ndjson", wide)).fault == "MX2109");
    CHECK(read_all(files.write("a.ndjson", "{}\n{}\n")).fault == "MX2108");
    CHECK(read_all(files.write("a.ndjson", "{\"a\":\"" + std::string(2 << 20, 'x') + "\"}")).fault ==
          "MX2110");
    CHECK(read_all(files.write("a.ndjson", "{\"a\":1}\n{\"a\":\"\xFF\"}\n")).fault == "MX1006");
}

TEST_CASE("csv: real files of the shared data are read whole") {
    const char* folder = "../shared/data/enterprise-registry";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: ../shared/data/enterprise-registry is absent");
        return;
    }
    Files files;
    gzFile packed = gzopen("../shared/data/enterprise-registry/registry_henan_jining.csv.gz", "rb");
    std::ofstream out(files.path("r.csv"), std::ios::binary);
    std::vector<char> block(1 << 16);
    for (int n; (n = gzread(packed, block.data(), static_cast<unsigned>(block.size()))) > 0;)
        out.write(block.data(), n);
    gzclose(packed);
    out.close();
    auto table = read_all(files.path("r.csv"), {}, 4096);
    CHECK(table.fault == "");
    CHECK(table.header.front() == "name");
    CHECK(table.rows.size() == 75769);
}

TEST_CASE("csv: one word of a header in a row with numbers is a value, not the header") {
    Files files;
    const OpenOptions options{.limits = {}, .header_words = {"罚款（万元）", "名称"}};
    const auto own =
        read_all(files.write("own.csv", "no,firm,kind\n1,甲公司,警告\n2,乙公司,罚款\n"), options);
    CHECK(own.header == std::vector<std::string>{"no", "firm", "kind"});
    CHECK(own.rows.size() == 2);
    const auto known = read_all(files.write("known.csv", "某县表,,\n号,名称,别的\n1,甲公司,警告\n"), options);
    CHECK(known.header == std::vector<std::string>{"号", "名称", "别的"});
}
