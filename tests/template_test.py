"""Templates as people get them: from the command line without a platform, filled in from their own examples, handed in."""
import json
import pathlib
import tempfile
import unittest
import zipfile

import workbooks
from driver import UNIT, Platform, run, run_json, write_csv

ITEMS = ("registration", "permit", "penalty")


def sheet_rows(path, number):
    """The rows of a sheet, each a list of texts by column."""
    rows = {}
    for place, (text, _) in workbooks.read_cells(path, number).items():
        letters = place.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        rows.setdefault(int(place[len(letters):]), {})[column - 1] = text
    return {n: [cells.get(i, "") for i in range(max(cells) + 1)] for n, cells in rows.items()}


class Templates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="mingxin-template-")
        cls.folder = pathlib.Path(cls.place.name)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def made(self, item, *options):
        path = self.folder / (item + ".xlsx")
        told = run_json("template", "--item", item, "-o", path, *options)
        self.assertEqual((told["item"], told["file"]), (item, str(path)))
        return path, told["fields"]

    def test_three_sheets_and_a_comment_on_every_header(self):
        for item in ITEMS:
            path, fields = self.made(item)
            with zipfile.ZipFile(path) as archive:
                names = [name for name in ("数据", "填写说明", "示例") if 'name="%s"' % name in archive.read("xl/workbook.xml").decode()]
                data = archive.read("xl/worksheets/sheet1.xml").decode()
            self.assertEqual(names, ["数据", "填写说明", "示例"])
            header = sheet_rows(path, 1)[1]
            self.assertEqual(len(header), fields)
            self.assertEqual(len(workbooks.read_comments(path)), fields)
            self.assertIn('state="frozen"', data)
            self.assertEqual(list(sheet_rows(path, 1)), [1], "nothing but the header")

    def test_the_examples_typed_into_the_data_sheet_are_accepted_whole(self):
        platform = Platform.init(self.folder / "data")
        for item in ITEMS:
            path, _ = self.made(item, "--data", platform.data, "--unit", platform.unit)
            header, examples = sheet_rows(path, 1)[1], sheet_rows(path, 3)
            rows = [examples[n] for n in sorted(examples) if n > 2]
            self.assertEqual(len(rows), 3)
            self.assertEqual([name.lstrip("*") for name in header], [name.lstrip("*") for name in examples[2]])
            file = write_csv(self.folder / (item + ".csv"), header, rows)
            told = platform.collect(file, item)
            self.assertEqual((told["rows"], told["accepted"], told["findings"]), (3, 3, {}), item)

    def test_what_can_not_be_made_is_told(self):
        for options, code in ((("--item", "gossip"), "MX1602"), (("--item", "penalty", "--unit", UNIT), "MX1001")):
            done = run("template", *options, "-o", self.folder / "none.xlsx")
            self.assertEqual(done.returncode, 2)
            self.assertTrue(done.stderr.startswith(code), done.stderr)
        done = run("template", "--item", "penalty", "-o", "/none/penalty.xlsx", "--json")
        self.assertEqual(json.loads(done.stdout)["code"], "MX1004")


if __name__ == "__main__":
    unittest.main()
