"""Where code stands: the ordered line, heavy headers, clocks and chance, sizes."""
import re

from checks import cpp
from checks.tree import Finding, is_test, line_of

FILE_LINES = 600
FUNCTION_LINES = 70
# Written exceptions to "services never include each other".
SERVICE_ARROWS = {("collect", "quality"), ("exchange", "collect")}
HEAVY = ("boost/json", "boost/beast", "boost/asio", "yaml-cpp/", "CLI/", "spdlog/", "simdjson.h", "nlohmann/")
CLOCK = re.compile(r"\bnow_utc\s*\(|::now\s*\(|(?<![\w:.>])(?:std::)?(?:s?rand|time|getenv|secure_getenv|localtime|gettimeofday|"
                   r"clock_gettime)\s*\(|\brandom_device\b|\bgetenv\s*\(")


def ordered_line(tree):
    """[(storey, folder)] as docs/architecture.md writes it: lines of '    src/<storey>/ folder folder ...'."""
    line, storey = [], None
    for text in tree.text("docs/architecture.md").splitlines() if tree.exists("docs/architecture.md") else []:
        match = re.match(r"    (?:src/(\w+)/)?\s+((?:[a-z_]+\s*)+)(?:\(.*\))?$", text)
        if match and match[1]:
            storey = match[1]
        elif not (match and storey):
            storey = None
            continue
        line += [(storey, folder) for folder in match[2].split()]
    return line


def check_order(tree):
    line = ordered_line(tree)
    if not line:
        yield Finding("docs/architecture.md", 1, "the ordered line is missing", "write it as '    src/<storey>/ folder ...'")
        return
    place = {folder: n for n, (_, folder) in enumerate(line)}
    storey_of = {folder: storey for storey, folder in line}
    for name in tree.select(".cpp", ".h", ".def", under="src/"):
        parts = name.split("/")
        if len(parts) < 4:
            continue
        storey, own = parts[1], parts[2]
        if storey_of.get(own) != storey:
            yield Finding(name, 1, f"folder {storey}/{own} is not on the ordered line",
                          "put it on the line of docs/architecture.md, or move the file")
            continue
        for number, quoted, _ in cpp.includes(tree.text(name)):
            if not quoted:
                continue
            target = quoted.split("/")[0]
            if "/" not in quoted or target not in place:
                yield Finding(name, number, f'"{quoted}" does not start with a folder of the ordered line',
                              'include own headers as "folder/file.h", libraries in angle brackets')
            elif place[target] > place[own]:
                yield Finding(name, number, f"{own} includes {target}, which stands to its right",
                              f"move what both need to the left of {own}, or pass it in as a parameter")
            elif (target != own and storey == "services" and storey_of[target] == "services"
                  and (own, target) not in SERVICE_ARROWS):
                yield Finding(name, number, f"service {own} includes service {target}",
                              "write what one must show another as a Record, or move the computation to core")


def listed_units(tree):
    """tools/heavy_headers: the .cpp files that may include heavy headers, one a line, # starts a comment."""
    if not tree.exists("tools/heavy_headers"):
        return {}
    lines = tree.text("tools/heavy_headers").splitlines()
    return {text.split("#")[0].strip(): n + 1 for n, text in enumerate(lines) if text.split("#")[0].strip()}


def check_heavy_headers(tree):
    listed = listed_units(tree)
    used = set()
    for name in tree.sources():
        for number, _, system in cpp.includes(tree.text(name)):
            if not system or not system.startswith(HEAVY):
                continue
            used.add(name)
            if name.endswith(".h"):
                yield Finding(name, number, f"<{system}> in a header", "keep it in one .cpp behind a small interface")
            elif name not in listed:
                yield Finding(name, number, f"<{system}> outside the units of tools/heavy_headers",
                              "use the folder's existing unit, or base/json.h; add a unit to the list only if it must be")
    for name in sorted(set(listed) - used):
        yield Finding("tools/heavy_headers", listed[name], f"{name} includes no heavy header", "take it off the list")


def check_clock(tree):
    for name in tree.select(".cpp", ".h", under="src/"):
        if name.startswith(("src/foundation/base/", "src/app/", "src/foundation/test_main")):
            continue
        code = tree.code(name)
        for match in CLOCK.finditer(code):
            if is_test(name) and ("::now" in match[0] or "getenv" in match[0]):
                continue  # a test measures, and is told where things are
            if code.endswith("steady_clock::now", 0, code.find("(", match.start())):
                continue  # how long something took; it can't tell what day it is
            yield Finding(name, line_of(code, match.start()), f"'{match[0].strip()}' outside base/ and app/",
                          "take the time or the value as a parameter; main hands it in")


def ratchet(tree):
    """tools/ratchet: 'path[:function head] limit' a line, for what is larger than allowed and may only shrink."""
    if not tree.exists("tools/ratchet"):
        return {}
    rows = [text.split("#")[0].rsplit(None, 1) for text in tree.text("tools/ratchet").splitlines()]
    return {row[0]: int(row[1]) for row in rows if len(row) == 2}


def check_sizes(tree):
    allowed = ratchet(tree)
    for name in tree.select(".cpp", ".h", ".py"):
        lines = tree.text(name).count("\n")
        limit = allowed.get(name, FILE_LINES)
        if lines > limit:
            yield Finding(name, limit + 1, f"{lines} lines, more than {limit}", "split the file by what its parts are about")
        if name.endswith(".py"):
            continue
        for first, count, head in cpp.functions(tree.code(name)):
            limit = allowed.get(f"{name}:{head}", FUNCTION_LINES)
            if count > limit:
                yield Finding(name, first, f"function of {count} lines, more than {limit}: {head[:80]}",
                              "give a step of it a name and a function of its own; tables of data go to namespace scope")


def check_headers(tree):
    for name in tree.select(".h", under="src/"):
        code = tree.code(name)
        if "#pragma once" not in code:
            yield Finding(name, 1, "no #pragma once", "add it below the opening comment")
        if not tree.text(name).startswith("//"):
            yield Finding(name, 1, "the header does not say what it is", "open it with a comment of one to six lines")
        for match in re.finditer(r"^\s*using\s+namespace\b", code, re.MULTILINE):
            yield Finding(name, line_of(code, match.start()), "using namespace in a header", "write the namespace out")
