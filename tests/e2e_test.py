#!/usr/bin/env python3
"""Browser tests: tests/e2e/*.test.mjs, each test of node's runner counted as one here, over one served town.

    tests/e2e_test.py [--pictures] [FILE...]     only these, by a part of their name

With --pictures, and when files are named, pictures of every page in every dress are left in build/pictures/. Skips with status 77 when there is no node, npm, Chromium or registry."""
import concurrent.futures
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from driver import ROOT, Server

FOLDER = pathlib.Path(__file__).resolve().parent / "e2e"
PICTURES = ROOT / "build" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
LEAST_NODE = 18
AT_ONCE = 2
MOST_AGAIN = 4  # more failing files than that are no accident
LONGEST = {"look_wide.test", "look_phone.test"}  # first, so that the others fill up
ALONE = {"judgements.test", "speed.test", "console_speed.test"}  # last: it changes what others look at; they measure what people wait for
SPOKEN = re.compile(r"^ℹ (.* (?:ms|bytes).*)$", re.MULTILINE)
RESULT = re.compile(r"^\s*(not )?ok \d+ - (.*?)(?: # (SKIP|T[O]DO)\s*(.*))?$")


class Unavailable(Exception):
    """Why the browser tests cannot run here."""


def check_programs():
    for program, found in (("nodejs", shutil.which("node")), ("npm", shutil.which("npm")), ("chromium", CHROMIUM)):
        if not found:
            raise Unavailable("%s is not installed (tools/setup test)" % program)
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < LEAST_NODE:
        raise Unavailable("node %s is older than %d" % (version, LEAST_NODE))


def install_packages():
    """npm ci, unless node_modules is of this lock file."""
    lock = b"".join((FOLDER / name).read_bytes() for name in ("package.json", "package-lock.json"))
    wanted = hashlib.sha256(lock).hexdigest()
    with open(FOLDER / "package.json", "rb") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        stamp = FOLDER / "node_modules" / ".of-lock"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=FOLDER, capture_output=True,
                              text=True, timeout=300, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Unavailable("npm ci failed: " + " ".join((done.stdout + done.stderr).split())[-300:])
        stamp.write_text(wanted)


def run_file(path, environment):
    """(results, output): results as (name, passed, reason of a skip or "", what it said)."""
    report = tempfile.NamedTemporaryFile("r", suffix=".tap")
    began = time.monotonic()
    command = ["node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap",
               "--test-reporter-destination=" + report.name, str(path)]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=1500, stdin=subprocess.DEVNULL)
        output, status = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, status = (late.stdout or b"").decode(errors="replace") + "\nout of time", 1
    print("  %s: %.0f s" % (path.name, time.monotonic() - began), *SPOKEN.findall(output), sep="\n    ", flush=True)
    return read_tap(report.read(), path.name, status, output)


def read_tap(text, file, status, output):
    results, lines = [], text.splitlines()
    for at, line in enumerate(lines):
        match = RESULT.match(line)
        if not match or match[2].endswith(file):  # older runners report the file as a test of its own
            continue
        detail = []
        for below in lines[at + 1:]:
            if RESULT.match(below) or below.strip().startswith("# "):
                break
            detail.append(below)
        reason = (match[4] or "no reason") if match[3] == "SKIP" else ""
        results.append(("%s: %s" % (file, match[2]), not match[1], reason, "\n".join(detail[:60])))
    if not results or (status and all(passed for _, passed, _, _ in results)):
        results.append((file + ": runs", False, "", output[-6000:]))
    return results


class BrowserTest(unittest.TestCase):
    """What node's runner said of one of its tests."""

    def __init__(self, name, passed, reason, detail):
        super().__init__()
        self.name, self.passed, self.reason, self.detail = name, passed, reason, detail

    def __str__(self):
        return self.name

    def runTest(self):
        if self.reason:
            print("skipped: %s: %s" % (self.name, self.reason), flush=True)
            self.skipTest(self.reason)
        if not self.passed:
            self.fail("\n" + self.detail)


def run_over_a_town(files, at_once, pictures=False):
    """{path: its results}, over one town made anew."""
    from e2e import town, town_content
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mingxin-e2e-") as folder:
        folder = pathlib.Path(folder)
        platform, facts = town.make(folder)
        with Server(platform) as server:
            facts["base"] = "http://127.0.0.1:%d" % server.port
            facts["sessions"] = town.sign_in(server, facts["accounts"])
            facts["content"] = town_content.write(server, facts["sessions"], facts["main"]["code"])
            (folder / "town.json").write_text(json.dumps(facts, ensure_ascii=False))
            environment = {**os.environ, "MINGXIN_TOWN": str(folder / "town.json"), "MINGXIN_PICTURES": str(PICTURES) if pictures else "",
                           "CHROMIUM": CHROMIUM, "HOME": str(folder), "TZ": "Asia/Shanghai"}
            print("  the town is made in %.0f s" % (time.monotonic() - began), flush=True)
            alone = [path for path in files if path.stem in ALONE]
            others = [path for path in files if path not in alone]
            with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
                results = dict(zip(others, pool.map(lambda path: run_file(path, environment), others)))
            return results | {path: run_file(path, environment) for path in alone}


def failed(results):
    return [one for one in results if not one[1] and not one[2]]


def run_again(results):
    """A browser on a starved machine may miss what a person would not: the files that failed, when they are few, run once more
    over a new town, alone. What fails twice has failed; what does not is told, and counts as it came out then."""
    again = [path for path, found in results.items() if failed(found)]
    if not again or len(again) > MOST_AGAIN:
        return
    for path in again:
        for name, _, _, detail in failed(results[path]):
            print("  failed at first: %s\n%s" % (name, detail[:3000]), flush=True)
        results.update(run_over_a_town([path], 1))
        print("  %s, again and alone: %s" % (path.name, "failed" if failed(results[path]) else "passed"), flush=True)


def main(arguments):
    wanted = [part for part in arguments if part != "--pictures"]
    pictures = bool(arguments)
    began = time.monotonic()
    check_programs()
    install_packages()
    subprocess.run([ROOT / "tools" / "console"], check=False)  # its tests skip where it can't be built
    files = [path for path in sorted(FOLDER.glob("*.test.mjs"), key=lambda path: (path.stem not in LONGEST, path.name)) if not wanted or any(part in path.name for part in wanted)]
    if pictures and not wanted:
        shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    results = run_over_a_town(files, AT_ONCE, pictures)
    if not wanted:
        run_again(results)
    outcome = unittest.TextTestRunner(verbosity=2 if wanted else 1, stream=sys.stdout).run(
        unittest.TestSuite(BrowserTest(*one) for found in results.values() for one in found))
    print("browser tests took %.0f s" % (time.monotonic() - began))
    return 0 if outcome.wasSuccessful() else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Unavailable as why:
        print("skipped: %s" % why)
        sys.exit(77)
