#!/usr/bin/env python3
"""mingxin site export: the site's own pages as files. Nothing with a term is among them, links lead somewhere, the manifest is
signed, an earlier copy is replaced as a whole or stays."""
import base64
import html
import importlib.util
import json
import pathlib
import re
import tempfile
import unittest

import driver
from driver import ROOT

SPEC = importlib.util.spec_from_file_location("verify_receipt", ROOT / "tools" / "verify_receipt.py")
PROOF = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(PROOF)

BASE = "https://credit.example.gov.cn"
ADDRESS = re.compile(r'\b(?:href|src|action)="([^"]*)"')
OWN = ["index.html", "guides.html", "guides/query.html", "guides/objection.html", "guides/repair.html", "guides/verify.html",
       "statistics.html", "open.html", "about.html", "accessibility.html", "static/site.css", "static/icon.svg"]


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


class CopyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="mingxin-copy-")
        cls.folder = pathlib.Path(cls.kept.name)
        cls.data = cls.folder / "data"
        driver.run("init", "--data", cls.data, check=True)
        driver.run("demo", "--data", cls.data, "--size", "small", check=True)
        cls.to = cls.folder / "copy"
        cls.told = driver.run_json("site", "export", "--data", cls.data, "--to", cls.to, "--base", BASE + "/")
        cls.pages = {name: path.read_text("utf-8") for name, path in files_of(cls.to).items() if name.endswith(".html")}

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def facts(self):
        """Names, codes and documents of what the live site shows today."""
        with driver.Platform(self.data).serve() as server:
            found = set()
            for item in ("permit", "penalty"):
                text = server.ask("GET", "/publicity/" + item)[2]
                found |= set(re.findall(r'href="/subjects/([0-9A-Z]{18})"', text))
                found |= {"/records/" + one for one in re.findall(r'href="/records/([0-9-]+)"', text)}
                found |= set(re.findall(r'<a href="/subjects/[^"]*">([^<]{4,})</a>', text))
                found |= set(re.findall(r"<dt>文书号</dt><dd>([^<]+)</dd>", text))
        return {html.unescape(one) for one in found}

    def test_the_pages_of_the_site_are_there(self):
        self.assertEqual([name for name in OWN if name not in files_of(self.to)], [])
        self.assertEqual(self.told["pages"], len(self.pages))
        self.assertIn("怎样申请信用修复", self.pages["guides/repair.html"])

    def test_no_record_and_no_subject_is_copied(self):
        facts = self.facts()
        self.assertGreater(len(facts), 30)
        text = "\n".join(path.read_text("utf-8") for path in files_of(self.to).values())
        self.assertEqual([fact for fact in sorted(facts) if fact in text], [])

    def test_links_lead_to_a_file_or_to_the_live_site(self):
        live = 0
        for name, text in self.pages.items():
            for address in map(html.unescape, ADDRESS.findall(text)):
                if address.startswith("#"):
                    continue
                if address.startswith(BASE + "/"):
                    live += 1
                    continue
                self.assertNotRegex(address, r"^(/|[a-z]+:)", "%s: %s" % (name, address))
                target = (self.to / name).parent / re.sub(r"[?#].*", "", address)
                self.assertTrue(target.is_file(), "%s: %s" % (name, address))
                self.assertTrue(target.resolve().is_relative_to(self.to.resolve()), address)
        self.assertGreater(live, 20)

    def test_searching_leads_to_the_live_site(self):
        for name, text in self.pages.items():
            self.assertIn('action="%s/search"' % BASE, text, name)
            self.assertNotIn('method="post"', text, name)

    def test_the_manifest_names_every_file_and_is_signed(self):
        manifest = (self.to / "manifest.json").read_bytes()
        said = json.loads(manifest)
        others = {name: path for name, path in files_of(self.to).items() if not name.startswith("manifest.")}
        self.assertEqual({one["path"] for one in said["files"]}, set(others))
        for one in said["files"]:
            content = others[one["path"]].read_bytes()
            self.assertEqual((len(content), PROOF.sm3(content).hex()), (one["bytes"], one["sm3"]), one["path"])
        (self.folder / "key.pem").write_text(said["public_key"])
        key = PROOF.point_of(PROOF.trusted_key(str(self.folder / "key.pem")))
        r, s = PROOF.signature_numbers(base64.b64decode((self.to / "manifest.sig").read_text()))
        self.assertTrue(PROOF.sm2_verify(key, manifest, r, s))
        self.assertFalse(PROOF.sm2_verify(key, manifest + b" ", r, s))

    def test_a_second_copy_replaces_the_first(self):
        to = self.folder / "again"
        driver.run("site", "export", "--data", self.data, "--to", to, "--base", BASE, check=True)
        (to / "left-over.html").write_text("old")
        driver.run("site", "export", "--data", self.data, "--to", to, "--base", "https://other.example", check=True)
        self.assertNotIn("left-over.html", files_of(to))
        self.assertIn("https://other.example/search", (to / "index.html").read_text("utf-8"))
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith("again")], ["again"])

    def test_what_is_no_copy_is_not_replaced(self):
        to = self.folder / "papers"
        to.mkdir()
        (to / "letter.txt").write_text("dear")
        refused = driver.run("site", "export", "--data", self.data, "--to", to, "--base", BASE)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("目录里已有内容", refused.stderr)
        self.assertEqual(sorted(files_of(to)), ["letter.txt"])

    def test_a_copy_that_fails_leaves_the_old_one(self):
        (self.folder / "file").write_text("")  # a file where the parent should be hinders every user
        refused = driver.run("site", "export", "--data", self.data, "--to", self.folder / "file" / "copy", "--base", BASE)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        kept = self.folder / "kept"
        driver.run("site", "export", "--data", self.data, "--to", kept, "--base", BASE, check=True)
        before = {name: path.read_bytes() for name, path in files_of(kept).items()}
        refused = driver.run("--share", self.folder, "site", "export", "--data", self.data, "--to", kept, "--base", BASE)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertEqual({name: path.read_bytes() for name, path in files_of(kept).items()}, before)

    def test_the_address_of_the_live_site_is_checked(self):
        refused = driver.run("site", "export", "--data", self.data, "--to", self.folder / "x", "--base", "credit.example")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("https://", refused.stderr)


if __name__ == "__main__":
    unittest.main()
