"""The canary: a small clean tree in which every check finds nothing, and violations that each must be found."""
import os
import pathlib
import tempfile

from checks.tree import Skip, Tree

CLEAN = {
    "docs/architecture.md": "# Line\n\n    src/foundation/  base store\n    src/core/        record\n"
                            "    src/services/    quality collect query\n    src/app/         gate\n",
    "src/foundation/CMakeLists.txt": "mingxin_folder(base)\nmingxin_folder(store DEPS base)\n",
    "src/foundation/base/text.h": "// Text.\n#pragma once\n#include <string>\n\nstd::string trim(std::string text);\n",
    "src/foundation/base/text.cpp": '#include "base/text.h"\n\nstd::string trim(std::string text) { return text; }\n',
    "src/foundation/base/text_test.cpp": '#include "base/text.h"\n\n// endpoint:subject.show ok; endpoint:subject.show refused; V01\n',
    "src/foundation/base/faults.def": '// --- base\nMINGXIN_FAULT(bad, "MX1001", 400, "参数不正确", "请更正后重试。")\n',
    "src/core/record/record_api.cpp": 'Endpoint e{"subject.show", Method::get, "/subjects/{code}"};\n',
    "src/services/collect/collect.cpp": '#include "base/text.h"\n#include "quality/quality.h"\n\n#include <yaml-cpp/yaml.h>\n',
    "src/services/quality/quality.h": "// Checks.\n#pragma once\n",
    "tools/heavy_headers": "src/services/collect/collect.cpp\n",
    "rules/checks.yaml": "checks:\n  - id: V01\n",
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 110\nIndentWidth: 4\nIncludeBlocks: Preserve\n",
}
LONG_BODY = "int long_one() {\n" + "    step();\n" * 75 + "}\n"
DUPLICATE_FAULT = 'MINGXIN_FAULT(bad, "MX1001", 400, "参数不正确", "请更正后重试。")\n'

# (check, path, content, words of the message); None as content takes the file away, "+" at its start appends.
PLANTS = [
    ("order", "src/foundation/base/up.cpp", '#include "store/store.h"\n', "stands to its right"),
    ("order", "src/services/query/across.cpp", '#include "quality/quality.h"\n', "service query includes service quality"),
    ("order", "src/services/roster/new.cpp", "int x;\n", "not on the ordered line"),
    ("order", "src/core/quality/new.cpp", "int x;\n", "not on the ordered line"),
    ("order", "src/core/record/near.cpp", '#include "near.h"\n', "does not start with a folder"),
    ("order", "docs/architecture.md", "# nothing\n", "ordered line is missing"),
    ("heavy-headers", "src/core/record/heavy.h", "#include <boost/json.hpp>\n", "in a header"),
    ("heavy-headers", "src/core/record/heavy.cpp", "#include <spdlog/spdlog.h>\n", "outside the units"),
    ("heavy-headers", "src/services/collect/collect.cpp", "int x;\n", "includes no heavy header"),
    ("clock", "src/core/record/clock.cpp", "auto x = std::chrono::system_clock::now();\n", "outside base/ and app/"),
    ("clock", "src/core/record/clock.cpp", "auto x = mingxin::now_utc();\n", "outside base/ and app/"),
    ("clock", "src/core/record/chance.cpp", "int x = rand();\n", "outside base/ and app/"),
    ("clock", "src/core/record/chance.cpp", "std::random_device x;\n", "outside base/ and app/"),
    ("clock", "src/services/query/env.cpp", 'auto x = std::getenv("HOME");\n', "outside base/ and app/"),
    ("clock", "src/services/query/time.cpp", "auto x = time(nullptr);\n", "outside base/ and app/"),
    ("sizes", "src/core/record/big.cpp", "int x;\n" * 601, "601 lines"),
    ("sizes", "src/core/record/long.cpp", LONG_BODY, "function of 77 lines"),
    ("sizes", "src/core/record/long.cpp", "namespace a {\nstruct B {\n" + LONG_BODY + "};\n}\n", "function of 77 lines"),
    ("sizes", "src/core/record/long.cpp", "Result<void> C::f(const std::map<int, D>& x,\n  int y = 0) const {\n"
     + "    if (x) { g(); }\n" * 75 + "}\n", "function of 78 lines"),
    ("headers", "src/core/record/bare.h", "// Bare.\nint x();\n", "no #pragma once"),
    ("headers", "src/core/record/bare.h", "#pragma once\n", "does not say what it is"),
    ("headers", "src/core/record/bare.h", "// A.\n#pragma once\nusing namespace std;\n", "using namespace"),
    ("open-tasks", "src/core/record/later.cpp", "// TO" "DO: later\n", "without an issue number"),
    ("machine-paths", "docs/how.md", "see /ho" "me/someone/project\n", "of one machine"),
    ("machine-paths", "Makefile", "a:\n\tcurl https://registry.npmjs" ".org/x\n", "of one machine"),
    ("faults", "src/foundation/base/faults.def", "+" + DUPLICATE_FAULT, "is also in line"),
    ("faults", "src/foundation/base/faults.def", '+MINGXIN_FAULT(b, "MX1301", 400, "甲", "乙")\n', "is not of section"),
    ("faults", "src/foundation/base/faults.def", '+MINGXIN_FAULT(b, "MX1002", 400, "wrong", "乙")\n', "no Chinese title"),
    ("faults", "src/foundation/base/faults.def", '+MINGXIN_FAULT(b, "MX1002", 400, "甲", "")\n', "no Chinese remedy"),
    ("faults", "src/foundation/base/faults.def", '+MINGXIN_FAULT(b, "MX1002", 200, "甲", "乙")\n', "HTTP status 200"),
    ("faults", "src/foundation/base/faults.def", "+MINGXIN_FAULT(b, MX1002)\n", "have the right form"),
    ("rule-ids", "rules/more.yaml", "- id: V99\n", "V99 is cited by no test"),
    ("rule-ids", "rules/more.yaml", "- {id: V0, title: x}\n", "V0 is cited by no test"),
    ("endpoints", "src/core/record/b_api.cpp", 'Endpoint e{"record.show", Method::get, "/r"};\n', "endpoint:record.show refused"),
    ("endpoints", "src/core/record/b_api.cpp", 'Endpoint e{"subject.show", api::Method::get, "/r"};\n', "is also in"),
    ("openapi", "docs/openapi.json", '{"old": 1}\n', "is not what"),
    ("generated", "src/core/record/table.cpp", "// Generated by tools/make_table\n", "is missing"),
    ("generated", "src/core/record/table.cpp", "// generated by tools/stale\n", "tools/stale --check"),
    ("tests-run", "src/core/record/lost_test.cpp", "int x;\n", "takes it in"),
    ("tests-run", "src/core/record/lost_fuzz.cpp", "int x;\n", "takes it in"),
    ("tests-run", "src/foundation/base/text_test.cpp", 'TEST_CASE("a" * doctest::skip()) {}\n', "doctest::skip"),
    ("tests-run", "tools/lost_test.py", "print(1)\n", "tests/*_test.py only"),
    ("format", "src/core/record/wide.cpp", "int  main( ){return 0;}\n", "not as clang-format"),
    ("header-alone", "src/foundation/base/alone.h", "// A.\n#pragma once\nstd::vector<int> list();\n", "does not compile alone"),
]

# Right code that a careless check would take for wrong.
HARMLESS = {
    "src/core/record/fine.cpp": '// time( rand( getenv( in a comment\nconst char* x = "time(0)";\n'
                                "auto t = std::chrono::steady_clock::now();\nint brand(int);\nint y = brand(1);\nint z = row.time(1);\n",
    "src/core/record/table.cpp": "const Row rows[] = {\n" + "    {f(1), 2},\n" * 100 + "};\n",
    "src/foundation/base/clock.cpp": "auto x = std::chrono::system_clock::now();\n",
    "src/foundation/base/child_test.cpp": 'TEST_CASE("alone" * doctest::skip()) {}\n'
                                          'TEST_CASE("a") { run(" --no-skip --test-case=\'alone\'"); }\n',
    "docs/fine.md": "TODO(#12) is allowed; so is /usr/lib/postgresql/15/bin and https://example.org/work/x\n",
}
HARMLESS_FOR = {"tests-run", "clock", "sizes", "machine-paths", "open-tasks"}


def write(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if content.startswith("+") else ""
        path.write_text(before + content.removeprefix("+"))
        if name.startswith("build/") or name.startswith("tools/"):
            os.chmod(path, 0o755)


def findings(check, *parts):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for part in parts:
            write(root, part)
        return list(check(Tree(root)))


def run(checks):
    passed = failed = skipped = 0
    programs = {"build/release/mingxin": "#!/bin/sh\necho '{}'\n", "tools/stale": "#!/bin/sh\nexit 1\n"}

    def verdict(name, check, parts, right):
        nonlocal passed, failed, skipped
        try:
            found = findings(check, CLEAN, *parts)
        except Skip as reason:
            skipped += 1
            print(f"{name}: skipped: {reason}")
            return
        if right(found):
            passed += 1
        else:
            failed += 1
            print(f"FAILED {name}: found {[str(f) for f in found]}")

    for name, check in checks.items():
        verdict(f"{name} on the clean tree", check, [], lambda found: not found)
        if name in HARMLESS_FOR:
            verdict(f"{name} on harmless code", check, [HARMLESS], lambda found: not found)
        if not any(plant[0] == name for plant in PLANTS):
            failed += 1
            print(f"FAILED {name}: no violation of it is planted")
    for name, path, content, words in PLANTS:
        verdict(f"{name}: {path}: {words}", checks[name], [programs, {path: content}],
                lambda found, words=words, path=path: any(words in f.message for f in found) and all(f.remedy for f in found))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0
