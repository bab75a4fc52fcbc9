"""As much of C++ as the checks need: blanked comments and literals, includes, function bodies."""
import re

LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE | re.DOTALL)
NOT_A_FUNCTION = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")
PARAMETERS = re.compile(r"[\w\]>]\s*\(|operator\s*\(\)")


def blank(text):
    """Comments become blanks; of a literal only the quotes stay. Newlines are kept."""

    def hide(match):
        piece = match[0]
        inner = re.sub(r"[^\n]", " ", piece)
        return inner if piece.startswith(("//", "/*")) else piece[0] + inner[1:-1] + piece[-1]

    return LITERAL.sub(hide, text)


def includes(text):
    """(line, quoted path or None, system path or None) of each include."""
    return [(text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in INCLUDE.finditer(text)]


def functions(code):
    """(first line, number of lines, head) of each outermost function body; code is blanked text.

    A body is a brace after a parameter list at namespace or class level; braces of namespaces, types and plain
    initialisers are looked into. Bodies inside a body (lambdas, local types) belong to it.
    """
    code = PREPROCESSOR.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), code)
    found = []
    depth_kinds = []  # "function" or "open" for each brace that is not closed yet
    head_from = 0
    started = None
    for match in re.finditer(r"[{};]", code):
        at, mark = match.start(), match[0]
        inside = "function" in depth_kinds
        if mark == ";" and not inside:
            head_from = at + 1
        elif mark == "{":
            head = code[head_from:at]
            is_function = not inside and looks_like_function(head)
            depth_kinds.append("function" if is_function else "open")
            if is_function:
                started = head_from + len(head) - len(head.lstrip())
            elif not inside:
                head_from = at + 1
        elif mark == "}" and depth_kinds:
            if depth_kinds.pop() == "function":
                first = code.count("\n", 0, started) + 1
                last = code.count("\n", 0, at) + 1
                found.append((first, last - first + 1, " ".join(code[started:at].split("{")[0].split())))
            if "function" not in depth_kinds:
                head_from = at + 1
    return found


def looks_like_function(head):
    without_templates = re.sub(r"\btemplate\s*<[^{}]*?>(?=\s*\w)", " ", head)
    if not PARAMETERS.search(without_templates):
        return False
    before_parameters = without_templates.split("(")[0]
    if NOT_A_FUNCTION.search(before_parameters) and not re.search(r"\w\s+\w+\s*$", before_parameters):
        return False
    is_plain_initialiser = "=" in before_parameters and "operator" not in before_parameters and "[" not in head
    return not is_plain_initialiser
