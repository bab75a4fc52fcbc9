"""The command line to people who call it wrongly: Chinese, actionable, with the right status; help without English."""
import json
import os
import tempfile
import unittest

from driver import BINARY, Platform, run


class Calls(unittest.TestCase):
    """What the command line says to calls that are not right: Chinese, what lacks, how to write it; status 2."""

    def wrong(self, call, *needles):
        done = run(*call.split())
        self.assertEqual((done.returncode, done.stdout), (2, ""), call)
        first, second = done.stderr.splitlines()
        self.assertRegex(first, "^MX1001 参数不正确：.*请")
        self.assertRegex(second, "^用法：mingxin .*--help）$")
        for needle in needles:
            self.assertIn(needle, first)
        self.assertNotRegex(first, "required|expected|argument|Value|not in|Run with|Could not")
        return second

    def test_wrong_calls(self):
        self.wrong("", "没有写命令", "collect", "verify")
        self.wrong("frobnicate", "没有命令“frobnicate”", "collect")
        self.wrong("journal", "没有写命令", "head、prove、consistency、root")
        self.wrong("journal heads", "没有命令“heads”")
        usage = self.wrong("collect", "--data（平台的数据目录）", "--item", "--unit", "FILE")
        self.assertIn("mingxin collect [选项] FILE", usage)
        self.wrong("collect --data d --item penalty", "--unit", "FILE")
        self.wrong("collect --data d --item penalty --unit u a b c", "多出了", "“b”", "“c”")
        self.wrong("collect --frob --data d --item penalty --unit u a", "不认识选项“--frob”")
        self.wrong("verify --data", "--data 后面缺少它的值")
        self.wrong("due 2026-05-01", "N（工作日数")
        self.wrong("due 2026-05-01 x", "N", "0至10000", "“x”")
        self.wrong("due 2026-05-01 -5", "0至10000")
        self.wrong("due 2026-05-01 99999999999999999999", "0至10000")
        self.wrong("search --data d a --limit 0", "--limit", "1至1000")
        self.wrong("check --data d --format xml -", "--format", "csv、ndjson", "“xml”")
        self.wrong("demo --data d --size huge", "--size", "small、county、city")
        self.wrong("demo --data d --seed x", "--seed", "整数")
        self.wrong("journal prove --data d one", "EVENT", "整数")
        self.wrong("journal prove --data d 1 0", "ROW", "不小于1")
        self.wrong("journal root --hash md5 -", "--hash", "sm3、sha256")
        self.wrong("identify", "VALUE")

    def test_wrong_values(self):
        for call, code in (("due 2026-02-30 5", "MX1005"), ("due 昨天 5", "MX1005"), ("verify --data /none", "MX2901"),
                           ("rules check /none", "MX1601"), ("journal root /none", "MX1003"),
                           ("restore --data /none/data /none", "MX1003"), ("restore --data /none/data %s" % BINARY, "MX2905"),
                           ("--share /none due 2026-05-01 5", "MX2904")):
            done = run(*call.split())
            self.assertEqual((done.returncode, done.stdout), (2, ""), call)
            self.assertRegex(done.stderr, "^%s [^\n]+。\n$" % code)

    def test_what_is_no_backup(self):
        with tempfile.TemporaryDirectory() as folder:
            data, empty = folder + "/data", folder + "/empty"
            open(empty, "w").close()
            Platform.init(folder + "/platform")
            for file in (empty, folder + "/platform/mingxin.db"):
                done = run("restore", "--data", data, file)
                self.assertEqual((done.returncode, done.stderr[:6]), (2, "MX2905"), done.stderr)
                self.assertFalse(os.path.exists(data))
            done = run("backup", "--data", folder + "/platform", folder + "/none/backup")
            self.assertEqual((done.returncode, done.stderr[:6]), (2, "MX1004"), done.stderr)
            self.assertIn(folder + "/none/backup", done.stderr)

    def test_machines_are_told_too(self):
        for call, code in (("collect --json", "MX1001"), ("verify --data /none --json", "MX2901")):
            done = run(*call.split())
            self.assertEqual(done.returncode, 2)
            self.assertEqual(json.loads(done.stdout)["code"], code)
            self.assertEqual(set(json.loads(done.stdout)), {"code", "title", "detail", "remedy"})

    def test_help(self):
        for call in ("", "collect", "journal", "journal prove", "unit add", "due"):
            done = run(*call.split(), "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), call)
            self.assertIn("用法：mingxin " + call, done.stdout)
            self.assertNotRegex(done.stdout, "Usage|Options|REQUIRED|TEXT|Print this|Subcommands|Positionals| INT")


if __name__ == "__main__":
    unittest.main()
