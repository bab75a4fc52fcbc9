"""Checks that need a program: clang-format, a compiler, CMake's own list of tests."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

from checks import cpp
from checks.tree import Finding, Skip, line_of

COMPILERS = ("g++", "clang++-14", "clang++")
FORMATTERS = ("clang-format-14", "clang-format")


def program(names, what):
    for name in names:
        if shutil.which(name):
            return name
    raise Skip(f"{what}: none of {', '.join(names)} is installed (tools/setup build check)")


class Cache:
    """Content hashes that passed before, in build/check-cache.json; only hits of the last run are kept."""

    def __init__(self, tree, kind):
        self.path = tree.root / "build" / f"check-{kind}.json"
        self.kept = set()
        try:
            self.known = set(json.loads(self.path.read_text()))
        except (OSError, ValueError):
            self.known = set()

    def save(self):
        if self.path.parent.is_dir():
            self.path.write_text(json.dumps(sorted(self.kept)))


def digest(*texts):
    sum_ = hashlib.sha256()
    for text in texts:
        sum_.update(text.encode() + b"\0")
    return sum_.hexdigest()


def check_format(tree):
    tool = program(FORMATTERS, "formatting")
    style = tree.text(".clang-format") if tree.exists(".clang-format") else ""
    cache = Cache(tree, "format")
    for name in tree.sources():
        key = digest(style, tree.text(name))
        if key not in cache.known:
            done = subprocess.run([tool, "--dry-run", "-Werror", name], cwd=tree.root, capture_output=True, text=True)
            if done.returncode:
                first = re.search(r":(\d+):\d+:", done.stderr)
                yield Finding(name, int(first[1]) if first else 1, "not as clang-format writes it", "make format")
                continue
        cache.kept.add(key)
    cache.save()


def closure(tree, name, found_in, seen):
    """The project headers that a header includes, itself too."""
    if name in seen:
        return seen
    seen.add(name)
    for _, quoted, _ in cpp.includes(tree.text(name)):
        if quoted in found_in:
            closure(tree, found_in[quoted], found_in, seen)
    return seen


def include_flags(tree):
    flags = {f"-I{path.relative_to(tree.root)}" for path in (tree.root / "src").iterdir() if path.is_dir()}
    commands = tree.root / "build/release/compile_commands.json"
    if commands.exists():
        for entry in json.loads(commands.read_text()):
            flags.update("-isystem" + path for path in re.findall(r"-isystem\s*(\S+)", entry["command"]))
    return sorted(flags)


def first_of_a_source(tree, found_in):
    """The headers that some .cpp includes before anything else: the build has compiled them alone."""
    firsts = set()
    for name in tree.select(".cpp", under="src/"):
        for _, quoted, _ in cpp.includes(tree.text(name)):
            if quoted in found_in:
                firsts.add(found_in[quoted])
            break
    return firsts


def check_header_alone(tree):
    found_in = {name.split("/", 2)[2]: name for name in tree.select(".h", ".def", under="src/") if name.count("/") > 1}
    built = first_of_a_source(tree, found_in)
    headers = [name for name in tree.select(".h", under="src/") if name not in built]
    if not headers:
        return
    compiler = program(COMPILERS, "headers alone")
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
    flags = ["-std=gnu++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-x", "c++",
             *include_flags(tree)]
    cache = Cache(tree, "headers")

    def compile_alone(name):
        key = digest(version, *flags, *(tree.text(n) for n in sorted(closure(tree, name, found_in, set()))))
        if key in cache.known:
            return key, None
        source = f'#include "{name.split("/", 2)[2]}"\n'
        done = subprocess.run([compiler, *flags, "-"], cwd=tree.root, input=source, capture_output=True, text=True)
        return key, done.stderr if done.returncode or "warning:" in done.stderr else None

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for name, (key, errors) in zip(headers, pool.map(compile_alone, headers)):
            if errors is None:
                cache.kept.add(key)
                continue
            first = next((text for text in errors.splitlines() if "error:" in text or "warning:" in text), "it failed")
            yield Finding(name, 1, f"does not compile alone: {first.strip()[:200]}", "include what it uses")
    cache.save()


def targets_of_sources(build):
    """source path -> names of the CMake targets that compile it."""
    targets = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        match = re.search(r"CMakeFiles/([^/]+)\.dir/", entry.get("output", "") or entry["command"])
        if match:
            targets.setdefault(os.path.realpath(entry["file"]), set()).add(match[1])
    return targets


def ctest_programs(build):
    listing = subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, text=True)
    run = set()
    for test in json.loads(listing.stdout or "{}").get("tests", []):
        disabled = any(p["name"] == "DISABLED" and p["value"] for p in test.get("properties", []))
        if disabled:
            continue
        # Without a command the program is not built yet; mingxin_folder names the test of NAME_test NAME.
        run.update([pathlib.Path(word).name for word in test.get("command", [])] or [test["name"], test["name"] + "_test"])
    return run


def check_tests_run(tree):
    """Each *_test.cpp and *_fuzz.cpp is compiled into a program that ctest runs (or tools/test fuzzes)."""
    for ending, preset in (("_test.cpp", "release"), ("_fuzz.cpp", "fuzz")):
        names = tree.select(ending)
        build = tree.root / "build" / preset
        built = (build / "compile_commands.json").exists() and shutil.which("ctest")
        targets, run = (targets_of_sources(build), ctest_programs(build)) if built else ({}, set())
        for name in names:
            if built:
                own = targets.get(os.path.realpath(tree.root / name), set())
                if not own & run:
                    yield Finding(name, 1, f"is in no program that {'ctest' if preset == 'release' else 'the fuzz run'} runs",
                                  f"put it into a target with add_test; if it is new: tools/build {preset}")
            elif not in_cmake_text(tree, name):
                yield Finding(name, 1, "no CMakeLists.txt above it takes it in", "call mingxin_folder for its folder")
    for name in tree.select("_test.cpp"):
        text = tree.text(name)
        for match in re.finditer(r'"([^"\n]*)"\s*\*\s*doctest::(skip|may_fail|should_fail)\b', text):
            if match[2] == "skip" and f"--test-case='{match[1]}'" in text:
                continue  # another test runs it in a process of its own
            yield Finding(name, line_of(text, match.start()), f"doctest::{match[2]}",
                          "a test that can't fail is none: mend it, remove it, or run it from another test")
    for name in tree.select("_test.py"):
        if not name.startswith("tests/"):
            yield Finding(name, 1, "tools/test runs tests/*_test.py only", "move it to tests/")


def in_cmake_text(tree, name):
    folder = pathlib.PurePosixPath(name).parent
    for above, inside in ((folder.parent, rf"mingxin_folder\(\s*{re.escape(folder.name)}\b"),
                          (folder, re.escape(pathlib.PurePosixPath(name).name) + r"|GLOB\b.*_(test|fuzz)\.cpp")):
        listing = str(above / "CMakeLists.txt")
        if tree.exists(listing) and re.search(inside, tree.text(listing)):
            return True
    return False
