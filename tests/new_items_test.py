#!/usr/bin/env python3
"""Three catalogue items added by YAML alone work in every way in, page, report and API; an edition is proposed, put into
force by somebody else without a restart, and takes off publicity what it ends."""
import html
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import driver

# One of each sharing class; one negative, one with a closed list and an amount, one with a term of its own.
ITEMS = """
publicity:
  - {id: water.term, set: water, title_zh: 取水信息公示至有效期届满, until_valid_to: true, start: decision_date, basis: {document: practice}, valid_from: 2020-01-01}
domains:
  - id: water_kind
    title_zh: 取水类别
    basis: {document: practice}
    valid_from: 2020-01-01
    values: [{value: 地表水, aliases: [河水]}, {value: 地下水, aliases: [井水]}]
items:
  - id: water_use
    number: 901
    title_zh: 取水情况
    title_en: Water use
    about_zh: 取用水资源的情况
    class: compliance_class
    section: other
    provider_zh: 水利部门
    sharing: open
    update_cycle: monthly
    basis: {document: practice}
    valid_from: 2020-01-01
    publicity: water
    heading: QS_NR
    key_fields: [QS_WSH]
    fields:
      - {use: subject, prefix: QS_}
      - {code: QS_WSH, name_zh: 取水文号, role: document_no, requirement: mandatory, length: [0, 64]}
      - {code: QS_LB, name_zh: 取水类别, type: enumeration, role: kind, requirement: mandatory, domain: water_kind}
      - {code: QS_NR, name_zh: 取水内容, role: content, requirement: mandatory, length: [0, 20]}
      - {code: QS_JE, name_zh: 水资源费（元）, type: money}
      - {code: QS_RQ, name_zh: 核定日期, type: date, role: decision_date, requirement: mandatory}
      - {code: QS_YX, name_zh: 有效期至, type: date, role: valid_to}
      - {use: source, prefix: QS_}
  - id: water_theft
    number: 902
    title_zh: 违法取水
    about_zh: 未经批准取水的认定
    class: administration_class
    section: administrative
    provider_zh: 水利部门
    sharing: open
    update_cycle: weekly
    basis: {document: practice}
    valid_from: 2020-01-01
    adverse: true
    severity: 2
    publicity: negative
    key_fields: [WF_WSH]
    fields:
      - {use: subject, prefix: WF_}
      - {code: WF_WSH, name_zh: 认定文号, role: document_no, requirement: mandatory, length: [0, 64]}
      - {code: WF_NR, name_zh: 认定内容, role: content, requirement: mandatory, length: [0, 200]}
      - {code: WF_RQ, name_zh: 认定日期, type: date, role: decision_date, requirement: mandatory}
      - {use: source, prefix: WF_}
  - id: water_audit
    number: 903
    title_zh: 取水核查
    about_zh: 部门之间共享的核查情况
    class: administration_class
    section: administrative
    provider_zh: 水利部门
    sharing: departments
    update_cycle: yearly
    basis: {document: practice}
    valid_from: 2020-01-01
    publicity: water
    key_fields: [HC_WSH]
    fields:
      - {use: subject, prefix: HC_}
      - {code: HC_WSH, name_zh: 核查文号, role: document_no, requirement: mandatory, length: [0, 64]}
      - {code: HC_NR, name_zh: 核查内容, role: content, requirement: mandatory, length: [0, 200]}
      - {code: HC_RQ, name_zh: 核查日期, type: date, role: decision_date, requirement: mandatory}
      - {use: source, prefix: HC_}
"""
FIRM = "鲁山县试验0000001号有限公司"
CODE = driver.enterprise_code(1)
WATER = ["主体名称", "统一社会信用代码", "取水文号", "取水类别", "取水内容", "水资源费（元）", "核定日期", "有效期至"]


def water(number, kind="井水", text="灌溉用水", fee="12000.50", day="2026-11-02", code=CODE):
    return [FIRM, code, "鲁水〔2026〕%d号" % number, kind, text, fee, day, "2030-12-31"]


class NewItemsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="mingxin-items-")
        cls.folder = pathlib.Path(cls.kept.name)
        cls.share = cls.folder / "share"
        cls.share.mkdir()
        shutil.copytree(driver.ROOT / "rules", cls.share / "rules")
        (cls.share / "web").symlink_to(driver.ROOT / "web")
        (cls.share / "rules" / "items" / "water.yaml").write_text(ITEMS)
        cls.environment = driver.os.environ.get("MINGXIN_SHARE")
        driver.os.environ["MINGXIN_SHARE"] = str(cls.share)
        cls.platform = driver.Platform.init(cls.folder / "data")
        cls.csv("registration.csv", driver.REGISTRATION, [driver.registration(1)], "registration")
        cls.counts = cls.csv("water.csv", WATER, [water(1), water(2, kind="河水", fee="")], "water_use")
        cls.csv("theft.csv", ["主体名称", "统一社会信用代码", "认定文号", "认定内容", "认定日期"],
                [[FIRM, CODE, "鲁水认〔2026〕7号", "未经批准取水三百立方米", "2026-10-08"]], "water_theft")
        cls.csv("audit.csv", ["主体名称", "统一社会信用代码", "核查文号", "核查内容", "核查日期"],
                [[FIRM, CODE, "鲁水核〔2026〕9号", "内部核查的内容", "2026-10-09"]], "water_audit")

    @classmethod
    def tearDownClass(cls):
        if cls.environment is None:
            driver.os.environ.pop("MINGXIN_SHARE", None)
        else:
            driver.os.environ["MINGXIN_SHARE"] = cls.environment
        cls.kept.cleanup()

    @classmethod
    def csv(cls, name, header, rows, item):
        return cls.platform.collect(driver.write_csv(cls.folder / name, header, rows), item)

    def test_the_rulebook_holds_them(self):
        listed = {one["id"]: one for one in driver.run_json("rules", "list")}
        self.assertEqual(listed["water_use"]["kind"], "item")

    def test_rows_come_in_by_table_and_by_lines(self):
        self.assertEqual((self.counts["rows"], self.counts["accepted"]), (2, 2), self.counts)
        lines = self.folder / "water.ndjson"
        keys = ["QS_ZT_MC", "QS_ZT_SHXYM", "QS_WSH", "QS_LB", "QS_NR", "QS_JE", "QS_RQ", "QS_YX"]
        lines.write_text(json.dumps(dict(zip(keys, water(3))), ensure_ascii=False) + "\n")
        self.assertEqual(self.platform.collect(lines, "water_use")["accepted"], 1)
        self.assertEqual(self.platform.collect(lines, "water_use")["duplicate"], 1)

    def test_rows_are_checked(self):
        wrong = [water(11, kind="海水"), water(12, text="字" * 21), water(13, fee="一些"), water(14, day="2026-13-01"),
                 water(15, day="2027-01-01"), water(16, code=CODE[:-1] + ("0" if CODE[-1] != "0" else "1")), water(17, text="无")]
        found = self.csv("wrong.csv", WATER, wrong, "water_use")
        self.assertEqual(found["rejected"], len(wrong), found)
        self.assertEqual(set(found["findings"]),
                         {"V10.unknown", "V11.length", "V17", "V06.date", "V06.future", "V05.uscc", "V11.placeholder"} |
                         set(found["findings"]) & {"V01.column_absent"})
        named = self.csv("named.csv", WATER, [water(18, code="")], "water_use")
        self.assertEqual((named["doubtful"], named["accepted"]), (1, 0), named)

    def test_pages_the_api_and_the_report_show_them(self):
        with self.platform.serve() as server:
            page = html.unescape(server.ask("GET", "/subjects/" + CODE)[2])
            for text in ("取水情况", "灌溉用水", "违法取水", "未经批准取水三百立方米"):
                self.assertIn(text, page)
            self.assertNotIn("内部核查的内容", page)
            self.assertNotIn("取水核查", page)
            record = re.search(r'/records/([0-9]+-1)"[^>]*>灌溉用水', page)[1]
            self.assertIn("12,000.50元", server.ask("GET", "/records/" + record)[2])
            english = server.ask("GET", "/subjects/%s?lang=en" % CODE)[2]
            self.assertIn("Water use", english)
            self.assertIn("灌溉用水", server.ask("GET", "/publicity/water_use")[2])
            self.assertEqual(server.ask("GET", "/publicity/water_audit")[0], 404)
            self.assertIn("取水情况", server.ask("GET", "/statistics")[2])
            items = {one["id"]: one for one in json.loads(server.ask("GET", "/api/v1/items")[2])["items"]}
            self.assertEqual(items["water_use"]["sharing"], "社会公开")
            self.assertEqual(items["water_audit"]["sharing"], "政务共享")
            shown = server.ask("GET", "/api/v1/subjects/" + CODE)[2]
            self.assertIn("鲁水〔2026〕1号", shown)
            self.assertNotIn("鲁水核〔2026〕9号", shown)
        report = self.folder / "report.pdf"
        driver.run("report", "--data", self.platform.data, CODE, "-o", report, check=True)
        text = subprocess.run(["pdftotext", "-layout", report, "-"], capture_output=True, text=True, check=True).stdout
        text = re.sub(r"\s", "", text)
        self.assertIn("取水情况", text)
        self.assertIn("未经批准取水三百立方米", text)
        self.assertNotIn("内部核查", text)

    def test_an_edition_ends_an_item_and_its_records_go(self):
        platform = self.platform.copy_to(self.folder / "copy")
        newer = self.folder / "newer"
        shutil.copytree(self.share / "rules", newer)
        water_file = newer / "items" / "water.yaml"
        ended = ITEMS.replace("    valid_from: 2020-01-01\n    publicity: water\n    heading",
                              "    valid_from: 2020-01-01\n    valid_to: 2026-06-30\n    publicity: water\n    heading")
        self.assertNotEqual(ended, ITEMS)
        water_file.write_text(ended)
        told = driver.run_json("rules", "diff", "--data", platform.data, newer)
        self.assertEqual([(one["difference"], one["id"]) for one in told["changes"]], [("终止", "water_use")])
        digest = driver.run_json("rules", "propose", "--data", platform.data, newer)["digest"]
        again = driver.run("rules", "propose", "--data", platform.data, newer)
        self.assertIn("MX1604", again.stdout + again.stderr)
        shorter = self.folder / "shorter"
        shutil.copytree(self.share / "rules", shorter)
        (shorter / "items" / "water.yaml").unlink()
        refused = driver.run("rules", "propose", "--data", platform.data, shorter)
        self.assertIn("MX1605", refused.stdout + refused.stderr)
        self.assertIn("water_use", refused.stdout + refused.stderr)
        password = platform.add_account("head", "credit_office_head")
        with platform.serve() as server:
            head = server.sign_in("head", password)
            before = server.ask("GET", "/publicity/water_use")[2]
            self.assertIn("灌溉用水", before)
            touched = head.get_json("/api/v1/edition-records?edition=" + digest)
            self.assertGreaterEqual(len(touched["records"]), 2)
            self.assertEqual({one["effect"] for one in touched["records"]}, {"停止公示"})
            token = head.form_token("/account/password")
            status, _, body = head.post_form("/api/v1/editions/%s/approve" % digest, {"csrf": token})
            self.assertEqual(status, 200, body)
            for _ in range(100):  # the platform is opened anew
                time.sleep(0.1)
                try:
                    if server.ask("GET", "/publicity/water_use")[0] == 200 and "灌溉用水" not in server.ask("GET", "/subjects/" + CODE)[2]:
                        break
                except OSError:
                    continue
            page = server.ask("GET", "/subjects/" + CODE)[2]
            self.assertNotIn("灌溉用水", page)
            self.assertIn("未经批准取水三百立方米", page)
            items = {one["id"] for one in json.loads(server.ask("GET", "/api/v1/items")[2])["items"]}
            self.assertNotIn("water_use", items)
        late = driver.run(*platform.collect_command(self.folder / "water.csv", "water_use"))
        self.assertIn("MX1603", late.stdout + late.stderr)
        # The program's own rules do not come back at the next start, and the journal still proves everything.
        self.assertEqual(json.loads(platform.verify().stdout)["clean"], True)


if __name__ == "__main__":
    unittest.main()
