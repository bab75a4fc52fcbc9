"""Files as departments really send them, and files that nobody should: each gets a fault code, a Chinese message with
place and remedy, in bounded memory and time; nothing of a refused file is stored, nothing half-written stays."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import workbooks as wb
from measured import measured
from driver import REGISTRATION, Platform, enterprise_code, registration, run

PEAK_KB = 64 << 10  # anonymous memory of one collect, whatever the file
SECONDS = 20        # of one collect
HEADER = REGISTRATION + ["成立日期", "注册资本", "住所"]

# What may stand in a message besides Chinese: names of formats and programs, places, units, a file's own name or
# words, a part of a workbook.
ALLOWED = re.compile(
    r"\bMX\d{4}\b|Excel|WPS|UTF-(8|16)|UTF-16[LB]E|GB18030|CSV|NDJSON|JSON|XLSX|XML|DTD|NUL|PDF|YAML|OpenDocument|Word|"
    r"gzip|RAR|PNG|SQLite|columns|constants|field|unit|yuan|wan_yuan|fine_in_text|read|\.(xlsx?|xlsb|csv|ndjson)\b|\bnull\b|\b[MK]B\b|0x[0-9A-F]{2}|\b[A-Z]{1,4}\d+(:[A-Z]{1,4}\d+)?\b|"
    r"“[^”]*”|部件 [\w./\[\]-]+|(bad|good|reply|r)\b[\w.-]*|(/[\w.-]+)+|registration|permit|penalty|nothing|zero|--\w+|docs/[\w/.]+|mingxin( \w+)*|NDJSON|Web")
INTERNAL = re.compile(r"[A-Za-z]{2,}|\bat\b|::|\.cpp|errno")


class Case(unittest.TestCase):
    """One platform for the cases of a class; each case in a folder of its own."""

    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="mingxin-bad-"))
        cls.platform = Platform.init(cls.place / "data")
        first = cls.place / "first.csv"
        first.write_text("%s\n%s\n" % (",".join(REGISTRATION), ",".join(registration(1))), encoding="utf-8")
        cls.platform.collect(first)

    @classmethod
    def tearDownClass(cls):
        verdict = json.loads(cls.platform.verify().stdout)
        shutil.rmtree(cls.place)
        if not verdict["clean"]:
            raise AssertionError(verdict)

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bad-", dir=self.place))

    def file(self, content, name="bad.csv"):
        """Text is written as UTF-8; a path is taken as it is."""
        if isinstance(content, pathlib.Path):
            return content
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def check_message(self, message, code, needles):
        """One line for a clerk: code, what, where, remedy; nothing of the program's inside."""
        lines = message.strip().splitlines()
        self.assertEqual(len(lines), 1, message)
        self.assertRegex(lines[0], r"^%s \S" % code)
        self.assertRegex(lines[0], r"(请|无需|可用)[^。]*。$", "no remedy")
        for needle in needles:
            self.assertIn(needle, lines[0])
        self.assertIsNone(INTERNAL.search(ALLOWED.sub("", lines[0])), lines[0])

    def refuse(self, content, code, *needles, name="bad.csv", item="registration", peak_kb=PEAK_KB, seconds=SECONDS,
               options=(), **popen):
        """The file is refused with this fault code; returns the message."""
        file = self.file(content, name)
        before = self.platform.head()["size"]
        reply = self.folder / "reply.xlsx"
        if "--reply" not in options:
            options = ("--reply", reply, *options)
        present = set(os.listdir(self.folder))
        command = self.platform.collect_command(file, item, *options)
        status, out, err, peak = measured(command, seconds, **popen)
        self.assertEqual(status, 2, out + err)
        self.assertEqual(out, "")
        self.check_message(err, code, needles)
        self.assertLess(peak, peak_kb, "anonymous memory in KB")
        status, out, machine_err, _ = measured(command + ["--json"], seconds, **popen)
        self.assertEqual((status, machine_err), (2, err))
        told = json.loads(out)
        self.assertEqual(told["code"], code)
        for part in ("title", "detail", "remedy"):
            self.assertIn(told[part], err)
        self.assertEqual(set(os.listdir(self.folder)), present, "left behind")
        self.assertEqual(self.platform.head()["size"], before, "something was stored")
        return err.strip()

    def take(self, content, rows, name="good.csv", item="registration", options=(), peak_kb=PEAK_KB, **counts):
        """The file is taken; counts: accepted=, rejected= ... Returns what collect said."""
        status, out, err, peak = measured(self.platform.collect_command(self.file(content, name), item, *options, "--json"))
        self.assertEqual((status, err), (0, ""))
        said = json.loads(out)
        self.assertEqual(said["rows"], rows, said)
        self.assertEqual(said["rows"], sum(said[name] for name in ("accepted", "updated", "duplicate", "doubtful", "rejected")))
        for name, wanted in counts.items():
            self.assertEqual(said[name], wanted, said)
        self.assertLess(peak, peak_kb, "anonymous memory in KB")
        for note in said["notes"]:
            self.assertIsNone(INTERNAL.search(ALLOWED.sub("", note)), note)
        return said

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def line(number, *more):
    return ",".join(registration(number) + list(more)) + "\n"


TOP = ",".join(REGISTRATION) + "\n"


class Text(Case):
    def test_nothing_in_it(self):
        self.refuse("", "MX2108", "bad.csv")
        self.refuse("\n\n  \n", "MX2108", "空白")
        self.refuse("\ufeff", "MX2108")
        self.refuse(",,,\n,,,\n" * 50, "MX2108")
        self.refuse(TOP, "MX2108", "bad.csv只有表头（第 1 行）")
        self.refuse("标题,\n" + TOP + ",,\n\n, \n", "MX2108", "只有表头（第 2 行）")

    def test_no_header_that_anybody_knows(self):
        self.refuse("甲,乙,丙\n1,2,3\n", "MX2141", "第 1 行被认作表头（甲、乙、丙）", "主体名称", "统一社会信用代码")
        self.refuse("主体名称,住所\n鲁山县某公司,某路\n", "MX2141", "统一社会信用代码")

    def test_encodings_that_are_read(self):
        number = 100
        name = "鲁山县㐂\U00020021试验有限公司"  # extension A is 4 bytes of GB18030, extension B too
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            number += 1
            rows = TOP + "%s,%s\n" % (name, enterprise_code(number)) + line(number + 50)
            self.take(rows.encode(encoding), 2, accepted=2)
            found = run("search", "--data", self.platform.data, "㐂\U00020021").stdout
            self.assertIn(enterprise_code(number) + "  " + name, found)

    def test_line_ends_and_separators(self):
        for i, text in enumerate((TOP + line(201) + line(202), "sep=;\n" + (TOP + line(203)).replace(",", ";"))):
            text = text.replace("\n", "\r") if i == 0 else text
            self.take(text, 2 - i, accepted=2 - i)
        self.take((TOP + line(204)).replace(",", "\t").replace("\n", "\r\n").rstrip(), 1, accepted=1)
        self.take((TOP + line(205)).replace(",", "|"), 1, accepted=1)

    def test_encodings_that_are_not(self):
        good = (TOP + line(301)).encode()
        self.refuse(good + line(302).encode("gb18030"), "MX1006", "第 3 行", "A3", "另存为")
        self.refuse((TOP + line(303)).encode("utf-16-le"), "MX2112", "UTF-8")
        self.refuse(good + "鲁山县".encode()[:-1] + b"," + enterprise_code(304).encode(), "MX1006", "第 3 行", "A3")
        self.refuse((TOP + line(305)).encode("gb18030") + b"\xff\xff,1\n", "MX1006", "第 3 行", "A3")
        self.refuse((TOP + line(305)).encode("gb18030") + line(306).encode() * 3, "MX1006", "第 3 行")
        self.refuse(good + b"\0" * 40 + b"\n", "MX2112", "第 3 行", "A3")

    def test_quotes(self):
        self.refuse(TOP + line(401) + '"鲁山县,' + enterprise_code(402) + "\n" + line(403), "MX2113", "第 3 行", "A3", "双引号")
        said = self.take(TOP + '鲁山县"老字号"店,%s\n"鲁山县""新字号""店","%s"\n' % (enterprise_code(404), enterprise_code(405)),
                         2, accepted=2)
        self.assertEqual(said["notes"], [])
        said = self.take(TOP + '"鲁山县"老字号店,%s\n' % enterprise_code(406), 1)
        self.assertIn("第 2 行", said["notes"][0])

    def test_too_much(self):
        self.refuse(TOP + "a" * (3 << 20) + "," + enterprise_code(501) + "\n", "MX2110", "第 2 行", "A2", "1 MB")
        self.refuse(TOP + ("b" * 500_000 + ",") * 40 + "\n", "MX2111", "第 2 行")
        self.refuse(",".join("列%d" % i for i in range(100_000)) + "\n1,2\n", "MX2109", "第 1 行", "2000")
        self.refuse(TOP + "," * 3_000_000 + "\n", "MX2109", "第 2 行", "2000")
        self.refuse(TOP + '"' + "c,\n" * (8 << 20), "MX2113", "第 2 行", "A2")

    def test_much_in_bounded_memory(self):
        """What is lawful and still large: wide rows, huge rows, blank rows without end."""
        name, code = registration(550)
        cell = "长" * 330_000  # below the bound of a cell, far above that of the field
        self.take("主体名称,统一社会信用代码,住所,经营范围\n" + ("%s,%s,%s,%s\n" % (name, code, cell, cell)) * 40, 40, rejected=40)
        wide = ",".join("列%d" % i for i in range(1_900))
        self.take("主体名称,统一社会信用代码,%s\n" % wide + ("%s,%s" % (name, code) + ",1" * 1_900 + "\n") * 2_000, 2_000)
        self.take(TOP + (" ," * 500 + "\n") * 60_000 + line(551), 1, accepted=1)

    def test_130_000_rows_in_bounded_memory(self):
        code = enterprise_code(560)
        text = ",".join(HEADER) + "\n" + "".join(
            "鲁山县大表%06d号有限公司,%s,2019年5月1日,100万元,某某路%d号\n" % (i, code, i) for i in range(130_000))
        self.take(text, 130_000, options=("--reply", self.folder / "reply.xlsx"))

    def test_a_line_of_2_gb(self):
        file = self.folder / "bad.csv"
        block = "鲁山县试验有限公司".encode() * 100_000
        with open(file, "wb") as out:
            out.write(TOP.encode())
            for _ in range((2 << 30) // len(block) + 1):
                out.write(block)
        self.assertGreater(file.stat().st_size, 2 << 30)
        self.refuse(file, "MX2111", "第 2 行", "16 MB")
        os.truncate(file, len(TOP.encode()))
        os.truncate(file, 2 << 30)  # a hole reads as zeros
        self.refuse(file, "MX2111", "第 2 行")
        file.unlink()

    def test_tables_as_departments_make_them(self):
        title = "鲁山县市场监督管理局登记信息表,,,,\n填报日期：2026年5月1日,,,,\n"
        said = self.take(title + ",".join(HEADER) + ",,,\n\n" + line(601, "2019年5月1日", "100万元", "某路1号", "", "", "") +
                         ",,,,,,,\n" + line(602, "2020/1/31", "", "") + "\n\n", 2, accepted=2)
        self.assertEqual(said["notes"], [])
        # The header again in the middle, as pasted files have it: told for what it is, the other rows are taken.
        said = self.take(TOP + line(603) + TOP + line(604), 3, accepted=2, rejected=1)
        # One column too many in a row, one too few: no value slips into another column.
        self.take(TOP + line(605, "x", "y") + "鲁山县少一列公司\n", 2, accepted=1, rejected=1)
        self.refuse("主体名称,企业名称,统一社会信用代码\n甲公司,乙公司,%s\n" % enterprise_code(606), "MX2142", "企业名称", "主体名称")

    def test_another_kind_of_file(self):
        for content, needle in ((b"%PDF-1.7\n", "PDF"), (b"Rar!\x1a\x07", "RAR"), (b"\x1f\x8b\x08\0", "gzip"),
                                (b"\x89PNG\r\n\x1a\n", "PNG"), (b"SQLite format 3\0", "SQLite")):
            self.refuse(content + bytes(64), "MX2101", needle, name="bad.xlsx")
        self.refuse("<html><table><tr><td>主体名称</td></tr></table></html>", "MX2103", name="bad.xls")
        self.refuse('<?xml version="1.0"?><Workbook/>', "MX2103", name="bad.xls")
        self.refuse('[{"主体名称":"甲"}]', "MX2101", "NDJSON", name="bad.json")


class Lines(Case):
    """NDJSON."""

    @staticmethod
    def row(number):
        return json.dumps(dict(zip(REGISTRATION, registration(number))), ensure_ascii=False) + "\n"

    def test_taken(self):
        self.take(self.row(1001) + "\n" + self.row(1002).strip(), 2, name="good.ndjson", accepted=2)

    def test_refused(self):
        good = self.row(1101) + self.row(1102)
        name, code = registration(1103)

        def refuse(bad, fault, *needles):
            self.refuse(good + bad, fault, "第 3 行", *needles, name="bad.ndjson")
        refuse('{"主体名称":"甲"', "MX2114", "大括号")
        refuse('{"主体名称":"甲}\n' + self.row(1104), "MX2114")
        refuse('{"主体名称":"甲","主体名称":"乙"}\n', "MX2114", "主体名称", "重复")
        refuse('{"主体名称":{"全称":"甲"}}\n', "MX2114", "主体名称", "对象或数组")
        refuse('{"主体名称":["甲"]}\n', "MX2114", "主体名称")
        refuse('{"主体名称":' + "[" * 100_000 + "]" * 100_000 + "}\n", "MX2114", "主体名称")
        refuse('{"主体名称":' * 100_000 + "1" + "}" * 100_000 + "\n", "MX2114", "主体名称")
        refuse('["甲"]\n', "MX2114", "对象")
        for word in ("nulo", "truth", "-", "1.", "01", "+1", "NaN"):
            refuse('{"主体名称":%s}\n' % word, "MX2114")
        refuse("甲,乙\n", "MX2114")
        refuse('{"主体名称":"甲"} {"主体名称":"乙"}\n', "MX2114", "一行只能有一个")
        refuse('{"主体名称":"甲\\u0000","统一社会信用代码":"%s"}\n' % code, "MX2112")
        refuse('{"主体名称":"\\ud800"}\n', "MX2114")
        refuse('{"主体名称":"甲","注册资本":1e999999}\n', "MX2114", "数字")
        refuse('{"主体名称":"%s"}\n' % ("长" * 600_000), "MX2110", "主体名称")
        self.refuse(good.encode() + b'{"\xd6\xf7\xcc\xe5":"\xbc\xd7"}\n', "MX1006", "第 3 行", name="bad.ndjson")
        self.refuse(self.row(1105) * 1100 + '{"新键":"甲"}\n', "MX2115", "第 1101 行", "新键", name="bad.ndjson")
        self.refuse("{" + ",".join('"k%d":1' % i for i in range(100_000)) + "}\n", "MX2109", "第 1 行", name="bad.ndjson")
        self.refuse('{"主体名称":"' + "x" * (40 << 20) + '"}\n', "MX2111", "第 1 行", name="bad.ndjson")
        self.refuse("{}\n{}\n", "MX2108", name="bad.ndjson")
        self.refuse('{"主体名称":null,"统一社会信用代码":""}\n' * 3, "MX2108", "各行都没有内容", name="bad.ndjson")
        self.refuse('{"主体名称":"甲","住所":"路"}\n', "MX2141", "各行的键是（主体名称、住所）", name="bad.ndjson")


class Workbooks(Case):
    def refuse_book(self, content, code, *needles, **options):
        return self.refuse(content, code, *needles, name="bad.xlsx", **options)

    def take_book(self, content, rows, **options):
        return self.take(content, rows, name="good.xlsx", **options)

    def test_broken_archives(self):
        good = wb.table([REGISTRATION] + [registration(2000 + i) for i in range(200)])
        self.refuse_book(b"PK\x03\x04 not a zip at all", "MX2105")
        for part in (len(good) // 3, len(good) - 30, len(good) - 1):
            self.refuse_book(good[:part], "MX2105")
        damaged = bytearray(good)
        at = good.index(b"xl/worksheets/sheet1.xml") + 200
        damaged[at:at + 16] = bytes(16)
        self.refuse_book(bytes(damaged), "MX2105", "损坏")
        self.refuse_book(wb.pack({}), "MX2101", "压缩包")
        self.refuse_book(wb.pack({"甲.csv": TOP}), "MX2101", "解压")
        self.refuse_book(wb.pack({"word/document.xml": "<a/>"}), "MX2101", "Word")
        self.refuse_book(wb.pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "MX2101", "OpenDocument")
        self.take_book(good, 200, accepted=200)

    def test_names_that_play_tricks(self):
        parts = wb.parts(wb.sheet(wb.rows([REGISTRATION, registration(2301)])))
        twice = list(parts.items()) + [("xl/worksheets/SHEET1.xml", "<worksheet/>")]
        self.refuse_book(wb.pack(twice), "MX2105", "同名")
        # Names with ".." or a root name no file: nothing is ever unpacked to disk.
        tricks = {**parts, "../../outside.xml": "<a/>", "/etc/outside": "x", "C:\\outside": "x"}
        self.take_book(wb.pack(tricks), 1, accepted=1)
        self.assertEqual([p for p in self.place.rglob("*outside*")], [])
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            "worksheets/sheet1.xml", "../../../../etc/passwd")
        self.refuse_book(wb.pack(parts), "MX2105", "Sheet1")

    def test_old_and_locked(self):
        self.refuse(wb.old_container(["Root Entry", "Workbook"]), "MX2102", "另存为", name="bad.xls")
        self.refuse_book(wb.old_container(["Root Entry", "EncryptionInfo", "EncryptedPackage"]), "MX2104", "密码")
        locked = bytearray(wb.table([REGISTRATION, registration(2401)]))
        for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = locked.index(mark)
            locked[at + flags] |= 1
        self.refuse_book(bytes(locked), "MX2104")

    def test_bombs(self):
        parts = wb.parts(wb.sheet(""))
        blank = b"<row/>" * 200_000
        head = wb.sheet("").split("</sheetData>")[0].encode()
        self.refuse_book(wb.with_bomb(parts, "xl/worksheets/sheet1.xml", head, blank, 2_000, b"</sheetData></worksheet>"),
                         "MX2106", "压缩比")
        self.refuse_book(wb.with_bomb(parts, "xl/sharedStrings.xml", b'<sst xmlns="%s">' % wb.MAIN.encode(),
                                      b"<si/>" * 200_000, 500, b"</sst>"), "MX2106")
        self.refuse_book(wb.with_bomb(parts, "xl/styles.xml", b"<styleSheet>", b"<xf/>" * 200_000, 500, b"</styleSheet>"),
                         "MX2106")
        self.refuse_book(wb.with_bomb(parts, "xl/workbook.xml", b"<workbook>", b" " * 1_000_000, 500, b"</workbook>"), "MX2106")
        many = [("part%05d" % i, "") for i in range(65_000)] + list(parts.items())
        self.refuse_book(wb.pack(many), "MX2108")
        one_text = "<si><t>%s</t></si>" % ("长" * 900_000)
        strings = {**parts, "xl/sharedStrings.xml": '<sst xmlns="%s">%s</sst>' % (wb.MAIN, one_text)}
        self.refuse_book(wb.pack(strings), "MX2110")
        deep = {**parts, "xl/worksheets/sheet1.xml": "<a>" * 100_000 + "</a>" * 100_000}
        self.refuse_book(wb.pack(deep), "MX2105", "嵌套")
        wide = {**parts, "xl/worksheets/sheet1.xml": '<worksheet><sheetData><row r="1" x="%s"/></sheetData></worksheet>' %
                ("y" * (20 << 20))}
        self.refuse_book(wb.pack(wide), "MX2105")

    def test_entities(self):
        laughs = '<!DOCTYPE lolz [<!ENTITY a "ha">%s]>' % "".join(
            '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(9))
        outside = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        parts = wb.parts(wb.sheet(wb.rows([REGISTRATION, registration(2501)])), strings=[])
        for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"):
            for definition, name in ((laughs, "&j;"), (outside, "&e;")):
                xml = parts[part].replace(wb.HEAD, wb.HEAD + definition).replace("主体名称", name)
                self.refuse_book(wb.pack({**parts, part: xml}), "MX2107", "DTD")

    def test_sheets_that_contradict_themselves(self):
        self.refuse_book(wb.table([REGISTRATION, [wb.shared(7), enterprise_code(2601)]], strings=["甲"]), "MX2105", "A2",
                         "共享文字")
        self.refuse_book(wb.table([REGISTRATION, [wb.shared(-1), enterprise_code(2602)]], strings=["甲"]), "MX2105", "A2")
        self.refuse_book(wb.book(wb.sheet(wb.row(1, REGISTRATION) + wb.row(9, registration(2603)) +
                                          wb.row(3, registration(2604)))), "MX2105", "行号", "第 9 行")
        twice = wb.row(2, registration(2605)).replace('r="B2"', 'r="A2"')
        self.refuse_book(wb.book(wb.sheet(wb.row(1, REGISTRATION) + twice)), "MX2105", "第 2 行")
        self.refuse_book(wb.book(wb.sheet(wb.row(1, REGISTRATION) + wb.row(2, registration(2606))[:-30])), "MX2105", "第 2 行")
        missing = wb.parts(wb.sheet(wb.row(1, REGISTRATION)))
        del missing["xl/worksheets/sheet1.xml"]
        self.refuse_book(wb.pack(missing), "MX2105", "Sheet1")
        far = wb.row(2, registration(2607)).replace("</row>", '<c r="ZZZZ2" %s</row>' % wb.text("远"))
        self.refuse_book(wb.book(wb.sheet(wb.row(1, REGISTRATION) + far)), "MX2109", "第 2 行", "ZZZZ2")
        self.refuse_book(wb.book(wb.sheet(wb.row(1, ["列%d" % i for i in range(16_384)]))), "MX2109", "第 1 行", "2000")
        # The dimension is only a hint and may lie.
        self.take_book(wb.book(wb.sheet(wb.rows([REGISTRATION, registration(2608)]),
                                        before='<dimension ref="A1:XFD1048576"/>')), 1, accepted=1)
        # Rows with huge gaps: numbers are kept, nothing is made for the rows between.
        self.take_book(wb.book(wb.sheet(wb.row(1, REGISTRATION) + wb.row(1_048_576, registration(2609)))), 1, accepted=1)

    def test_nothing_to_read(self):
        self.refuse_book(wb.book(wb.sheet("")), "MX2108")
        self.refuse_book(wb.table([REGISTRATION]), "MX2108", "只有表头（第 1 行）")
        self.refuse_book(wb.table([[], [None, ""], []] * 500), "MX2108")
        table = wb.sheet(wb.rows([REGISTRATION, registration(2701)]))
        self.refuse_book(wb.book(table, states=["hidden"]), "MX2116", "取消隐藏")
        self.refuse_book(wb.book(table, table, states=["hidden", "veryHidden"]), "MX2116")
        self.refuse_book(wb.book(wb.sheet(wb.rows([["目录"], ["附件一"]])), table, states=["", "hidden"],
                                 names=["封面", "数据"]), "MX2141")

    def test_values_as_workbooks_hold_them(self):
        cells = [
            [*registration(2801), wb.number(43586, wb.DATE), wb.number("0.5", wb.PERCENT)],
            [*registration(2802), wb.number(43586, wb.CHINESE_DATE), wb.number("1.5E6", wb.SCIENTIFIC)],
            [*registration(2803), "2019年5月1日", wb.number("1234567.5", wb.THOUSANDS)],
            [*registration(2804), wb.number("43586.75", wb.DATE_TIME), "壹佰万元整"],
            [*registration(2805), "2019/5/1", wb.boolean(True)],
            [wb.shared(0), wb.shared(1), wb.shared(2), None],
            [*registration(2807), wb.formula("DATE(2019,5,1)", "2019-05-01"), None],
        ]
        strings = [*registration(2806), "20190501"]
        self.take_book(wb.table([HEADER[:4]] + cells, strings=strings), 7, accepted=7)
        # From 1904: the same day has another number.
        self.take_book(wb.table([HEADER[:3], [*registration(2811), wb.number(43586 - 1462, wb.DATE)]], date_1904=True), 1,
                       accepted=1)
        for number in list(range(2801, 2808)) + [2811]:
            found = run("check", "--data", self.platform.data, "-", stdin=enterprise_code(number) + "\n").stdout
            self.assertIn(",found,", found)
        self.platform.verify()

    def test_values_that_are_none(self):
        reply = self.folder / "reply.xlsx"
        cells = [[wb.error("#N/A"), enterprise_code(2901)], [wb.error("#REF!"), wb.error("#VALUE!")],
                 [wb.formula("VLOOKUP(A1,B:C,2)"), enterprise_code(2902)], registration(2903),
                 [wb.boolean(True), wb.number("9.1410423E+17", wb.SCIENTIFIC)]]
        said = self.take_book(wb.table([REGISTRATION] + cells), 5, accepted=1, rejected=4, options=("--reply", reply))
        notes = "".join(said["notes"])
        self.assertIn("错误值（最先在 A2）", notes)
        self.assertIn("没有保存计算结果（最先在 A4）", notes)

    def test_sheets_as_departments_make_them(self):
        title = wb.row(1, ["鲁山县登记信息公示表"]) + wb.row(2, ["填报单位：鲁山县市场监督管理局"])
        body = title + wb.row(3, REGISTRATION + ["", " "]) + wb.row(5, registration(3001)) + \
            wb.row(6, registration(3002), ' hidden="1"') + wb.row(7, [None, None, None]) + wb.row(8, [" ", ""])
        other = wb.sheet(wb.rows([["说明"], ["本表每周报送"]]))
        said = self.take_book(wb.book(
            other, wb.sheet(body, before='<cols><col min="2" max="2" hidden="1"/></cols>',
                            after='<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>'),
            wb.sheet(wb.rows([REGISTRATION, registration(3009)])), names=["填表说明", "公示表", "旧数据"],
            states=["", "", "hidden"]), 2, accepted=2)
        notes = "\n".join(said["notes"])
        self.assertNotIn("合并", notes)  # a merged title is as it should be
        for needle in ("工作表“填表说明”没有读取", "隐藏的工作表“旧数据”没有读取", "隐藏行（最先是第 6 行）",
                       "隐藏列（最先是 B 列）"):
            self.assertIn(needle, notes)
        # One name over three rows of one merged cell: the rows below have no name, and are told so.
        merged = wb.row(1, REGISTRATION) + wb.row(2, registration(3003)) + wb.row(3, [None, enterprise_code(3004)])
        said = self.take_book(wb.book(wb.sheet(merged, after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')), 2,
                              accepted=1, rejected=1)
        self.assertIn("A2:A3", "".join(said["notes"]))

    def test_a_reply_sent_again(self):
        """Marked, explained, and after mending the reply itself can be handed in: nothing of it gets lost on the way."""
        reply, again = self.folder / "reply.xlsx", self.folder / "again.xlsx"
        cells = [[*registration(3101), wb.number(43586, wb.DATE), "=1+1"], ["鲁山县错码公司", "91410423M00000012L", "2019年2月30日"],
                 [None, enterprise_code(3102), None, "，带逗号\n换行"]]
        self.take_book(wb.book(wb.sheet(wb.row(1, ["登记信息表"]) + wb.row(3, HEADER[:4]) + wb.rows(cells, 4))), 3, accepted=1,
                       rejected=2, options=("--reply", reply))
        sheet = wb.read_cells(reply)
        self.assertEqual([sheet[place][0] for place in ("A1", "A3", "B5", "E3", "F3")],
                         ["登记信息表", "主体名称", "91410423M00000012L", "处理结果", "问题与改正办法"])
        self.assertEqual((sheet["C4"][0], sheet["D4"][0], sheet["E4"][0]), ("2019-05-01", "=1+1", "已入库"))
        fault = sheet["B5"][1]  # the style of a faulty cell, nowhere else in the row
        self.assertEqual([sheet[place][1] == fault for place in ("A5", "C5", "A6", "B6")], [False, True, True, False])
        self.assertIn("V05.uscc", sheet["F5"][0])
        self.assertIn("V06.date", sheet["F5"][0])
        comments = wb.read_comments(reply)
        self.assertEqual(set(comments), {"B5", "C5", "A6"})
        self.assertIn("请按营业执照", comments["B5"])
        said = self.take_book(reply.read_bytes(), 3, duplicate=1, rejected=2, options=("--reply", again))
        self.assertNotIn("处理结果", "".join(said["notes"]))
        second = wb.read_cells(again)
        first_columns = {place: cell for place, cell in sheet.items() if place[0] in "ABCD"}
        self.assertEqual({place: cell for place, cell in second.items() if place[0] in "ABCD"}, first_columns)
        self.assertEqual([place for place in second if place[0] > "F"], [])

    def test_100_000_rows_in_bounded_memory(self):
        def rows():
            yield wb.row(1, HEADER)
            code = enterprise_code(1)
            for i in range(100_000):
                yield wb.row(i + 2, ["鲁山县大表%06d号有限公司" % i, code, wb.number(43586, wb.DATE), "100万元", "某某路%d号" % i])
        said = self.take_book(wb.book(wb.sheet("".join(rows()))), 100_000)
        self.assertEqual(said["rows"], 100_000)


class Places(Case):
    """Not the content, but the place of the file, of the reply or of the platform."""

    def test_no_file_at_all(self):
        self.refuse(self.folder / "bad-none.csv", "MX1003", "bad-none.csv", "不存在")
        self.refuse(self.folder, "MX1003", "目录")
        os.mkfifo(self.folder / "bad.fifo")
        self.refuse(self.folder / "bad.fifo", "MX1003", "bad.fifo", "不是普通文件", seconds=5)
        self.refuse(pathlib.Path("/dev/zero"), "MX1003", "不是普通文件", seconds=5)
        link = self.folder / "bad-link.csv"
        link.symlink_to("/dev/zero")
        self.refuse(link, "MX1003", "不是普通文件", seconds=5)

    def test_unreadable(self):
        file = self.file(TOP + line(5001))
        file.chmod(0)
        if os.geteuid() != 0:
            return self.refuse(file, "MX1003", "权限")
        # Root reads everything: as somebody else, to whom all but the file is open.
        self.place.chmod(0o755)
        self.folder.chmod(0o777)
        for root, folders, files in os.walk(self.platform.data):
            for name in [root] + [os.path.join(root, each) for each in folders + files]:
                os.chmod(name, 0o777)
        self.refuse(file, "MX1003", "权限", user=65534, group=65534, extra_groups=[])

    def test_reply_that_cannot_be_written(self):
        number = 5100
        for place, needle in ((self.folder / "none" / "reply.xlsx", "不存在"), (self.folder, "目录"),
                              (pathlib.Path("/proc/reply.xlsx"), "")):
            number += 1
            self.refuse(TOP + line(number), "MX1004", needle, options=("--reply", place))
        # Refused before anything was stored: the same file is new afterwards.
        self.take(TOP + line(number), 1, accepted=1, options=("--reply", self.folder / "reply.xlsx"))
        self.assertTrue((self.folder / "reply.xlsx").exists())

    def test_full_disk(self):
        def mounted(size):
            place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
            done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%s" % size, "tmpfs", place], capture_output=True)
            if done.returncode:
                self.skipTest("skipped: no small file system can be mounted here")
            self.addCleanup(subprocess.run, ["umount", "-l", place])
            return place
        rows = [registration(6000 + i) for i in range(30_000)]
        file = self.folder / "many.csv"
        file.write_text(TOP + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
        # The platform's own disk.
        small = Platform.init(mounted("3m") / "data")
        before = small.head()["size"]
        for _ in range(2):
            status, out, err, _ = measured(small.collect_command(file))
            self.assertEqual((status, out), (2, ""), err)
            self.check_message(err, "MX(1303|1004)", ["磁盘"])
        self.assertEqual(small.head()["size"], before)
        self.assertTrue(json.loads(small.verify().stdout)["clean"])
        # The reply's disk: the batch is stored and says so, only the reply is missing.
        place = mounted("64k")
        status, out, err, _ = measured(self.platform.collect_command(file, "registration", "--reply", place / "r.xlsx", "--json"))
        self.assertEqual(status, 0, err)
        said = json.loads(out)
        self.assertEqual(said["accepted"], len(rows))
        self.assertIn("反馈工作簿没有写成", "".join(said["notes"]))
        self.assertEqual(os.listdir(place), [])
        # The disk of temporary files.
        place = mounted("64k")
        (place / "filler").write_bytes(bytes(60 << 10))
        bad = self.file(TOP + "".join("公司%d,坏代码\n" % i for i in range(30_000)))
        self.refuse(bad, "MX1004", "临时目录", env={**os.environ, "TMPDIR": str(place)})
        self.refuse(bad, "MX1004", "临时目录", env={**os.environ, "TMPDIR": str(place / "none")})

    def test_uploads(self):
        """The same refusals over HTTP: the job fails with code and message, and leaves no file behind."""
        def outcome(file):
            status, _, body = session.submit(file, "registration", token)
            self.assertEqual(status, 202, body)
            for _ in range(400):
                job = session.get_json("/api/v1/jobs/" + json.loads(body)["job"])
                if job["state"] in ("done", "failed"):
                    return job
                time.sleep(0.05)
            raise AssertionError(job)
        before = self.platform.head()["size"]
        password = self.platform.add_account()
        with self.platform.serve() as server:
            session = server.sign_in("clerk", password)
            token = session.form_token()
            parts = wb.parts(wb.sheet(""))
            bomb = wb.with_bomb(parts, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>", b"<row/>" * 200_000, 500,
                                b"</sheetData></worksheet>")
            for content, name, code in (("", "bad.csv", "MX2108"), (b"PK\x03\x04zip", "bad.xlsx", "MX2105"),
                                        (bomb, "bad.xlsx", "MX2106"), (TOP + '"', "bad.csv", "MX2113"),
                                        ((TOP + line(5401)).encode() + b"\xff", "bad.csv", "MX1006"),
                                        ("甲,乙\n1,2\n", "bad.csv", "MX2141"), ("[{}]", "bad.json", "MX2101")):
                job = outcome(self.file(content, name))
                self.assertEqual((job["state"], job["code"]), ("failed", code), job)
                self.check_message(job["message"], code, [])
            self.assertEqual(outcome(self.file(TOP + line(5402)))["state"], "done")
            left = [path.name for path in self.platform.data.rglob("*") if re.match("upload-|plain-", path.name)]
            self.assertEqual(left, [])
        self.assertGreater(self.platform.head()["size"], before)

    def test_mapping_files(self):
        rows = "甲列,乙列\n%s,%s\n" % tuple(registration(5201))

        def refuse(mapping, code, *needles):
            file = self.file(mapping, "bad-map.yaml")
            self.refuse(rows, code, *needles, options=("--map", file))
        refuse("columns: {甲列: ENT_NAME, 乙列: NO_SUCH}\n", "MX2143", "第1行", "NO_SUCH")
        refuse("columns:\n  甲列: ENT_NAME\n  乙列: [\n", "MX2143", "行")
        refuse("cols: {}\n", "MX2143", "第1行", "columns")
        refuse("", "MX2143")
        refuse("- a\n- b\n", "MX2143")
        refuse("columns: {甲列: {field: ENT_NAME, read: [x]}}\n", "MX2143", "第1行")
        refuse("columns: {[a, b]: ENT_NAME}\n", "MX2143", "第1行")
        refuse("columns: {甲列: %s}\n" % ("[" * 5000), "MX2143")
        refuse("a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\ncolumns: {甲列: *b}\n", "MX2143")
        refuse("columns: {甲列: ENT_NAME, 乙列: USCC}\n# " + "x" * (2 << 20), "MX1003", "上限")
        refuse("columns: {甲列: ENT_NAME}\n\0", "MX2143")
        self.refuse(rows, "MX1003", "不存在", options=("--map", self.folder / "bad-none.yaml"))

    def test_wrong_words(self):
        file = self.file(TOP + line(5301))
        self.refuse(file, "MX1602", "nothing", item="nothing")
        other = Platform(self.platform.data, enterprise_code(5302))
        status, out, err, _ = measured(other.collect_command(file))
        self.assertEqual((status, out), (2, ""))
        self.check_message(err.replace(enterprise_code(5302), ""), "MX1706", ["登记"])
        status, out, err, _ = measured(Platform(self.folder / "bad-none").collect_command(file))
        self.assertEqual((status, out), (2, ""))
        self.check_message(err.replace(str(self.folder), ""), "MX2901", ["mingxin init"])


if __name__ == "__main__":
    unittest.main()
