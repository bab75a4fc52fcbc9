#!/usr/bin/env python3
"""The staff console without a browser: its texts, its types, its build and its weight. Each test of node's runner counts
as one here. Skips with status 77 when there is no node or npm, or where the packages can't be had."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "web" / "console"
DIST = FOLDER / "dist"
MOST_KB = 300  # of what the shell needs, compressed
TAP = re.compile(r"^ *(not )?ok \d+ - (.*)$", re.MULTILINE)


def run(*command):
    return subprocess.run(command, cwd=FOLDER, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
                          stdin=subprocess.DEVNULL)


class Built(unittest.TestCase):
    def test_types(self):
        done = run("npm", "run", "--silent", "check")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_second_build_does_nothing(self):
        done = run(str(ROOT / "tools" / "console"))
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(run(str(ROOT / "tools" / "console"), "--check").returncode, 0)

    def test_first_load(self):
        page = (DIST / "index.html").read_text()
        needed = re.findall(r'(?:src|href)="/console/(assets/[^"]+)"', page)
        self.assertGreaterEqual(len(needed), 3)
        sizes = {name: (DIST / (name + (".gz" if not name.endswith(".png") else ""))).stat().st_size for name in needed}
        print("  the shell: %.0f KB compressed" % (sum(sizes.values()) / 1024), flush=True)
        self.assertLess(sum(sizes.values()), MOST_KB * 1024, sizes)

    def test_page_obeys_the_policy(self):
        page = (DIST / "index.html").read_text()
        self.assertNotRegex(page, r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?://")
        for name in DIST.glob("assets/*.css"):
            self.assertFalse(re.search(r"@import|url\([\"']?https?:", name.read_text()), name.name)

    def test_the_other_language_comes_late(self):
        page = (DIST / "index.html").read_text()
        english = list(DIST.glob("assets/en-*.js"))
        self.assertEqual(len(english), 1)
        self.assertNotIn(english[0].name, page)

    def test_every_script_has_a_compressed_copy(self):
        for name in [*DIST.glob("assets/*.js"), *DIST.glob("assets/*.css")]:
            self.assertTrue(pathlib.Path(str(name) + ".gz").exists(), name.name)

    def test_lock_names_no_addresses(self):
        lock = json.loads((FOLDER / "package-lock.json").read_text())
        self.assertGreater(len(lock["packages"]), 20)
        for name, package in lock["packages"].items():
            self.assertNotIn("resolved", package, name)
            self.assertTrue(name == "" or "integrity" in package, name)


class Texts(unittest.TestCase):
    """Filled below with the tests of scripts/messages.test.mjs."""


def add_texts():
    done = run("node", "--test", "--test-reporter=tap", "scripts/messages.test.mjs")
    if "bad option" in done.stdout:  # runners older than 18.15 know only this form
        done = run("node", "--test", "scripts/messages.test.mjs")
    results = [match for match in TAP.finditer(done.stdout) if not match[2].endswith(".mjs")]
    if not results:
        results = [re.match(r"(not )(.*)", "not the tests of the texts ran")]
    for at, match in enumerate(results):
        def check(self, failed=bool(match[1]), output=done.stdout):
            self.assertFalse(failed, output)
        check.__doc__ = match[2]
        setattr(Texts, "test_%02d" % at, check)


if __name__ == "__main__":
    made = run(str(ROOT / "tools" / "console"))
    if made.returncode:
        reason = made.stdout.strip().splitlines()[-1:] or ["tools/console failed"]
        if "could not be had" in reason[0] or "not installed" in reason[0] or "older than" in reason[0]:
            print("skipped: " + reason[0])
            sys.exit(77)
        print(made.stdout)
        sys.exit(1)
    add_texts()
    unittest.main()
