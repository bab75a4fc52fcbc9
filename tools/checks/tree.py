"""The files of a source tree, and what a check says about them."""
import dataclasses
import functools
import os
import pathlib
import subprocess

from checks import cpp

TEXT_ENDINGS = (".cpp", ".h", ".def", ".py", ".md", ".yaml", ".yml", ".txt", ".cmake", ".json", ".html", ".css", ".js",
                ".sql", ".csv", ".toml", ".ts", ".vue", ".mustache", "")


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int
    message: str
    remedy: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}\n    remedy: {self.remedy}"


class Skip(Exception):
    """The check cannot run here; the text says why."""


class Tree:
    """A root folder with the files that git knows or would add; without git, all files outside build folders."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()

    @functools.cached_property
    def files(self):
        listing = subprocess.run(["git", "-C", str(self.root), "ls-files", "--cached", "--others", "--exclude-standard"],
                                 capture_output=True, text=True)
        top = subprocess.run(["git", "-C", str(self.root), "rev-parse", "--show-toplevel"], capture_output=True, text=True)
        if listing.returncode == 0 and pathlib.Path(top.stdout.strip()) == self.root:
            names = [name for name in listing.stdout.splitlines() if (self.root / name).is_file()]
        else:
            names = [str(path.relative_to(self.root)) for path in self.root.rglob("*")
                     if path.is_file() and not {"build", "node_modules", ".git"} & set(path.relative_to(self.root).parts)]
        return sorted(set(names))

    def select(self, *endings, under=""):
        return [name for name in self.files if name.endswith(endings) and name.startswith(under)]

    @functools.lru_cache(maxsize=None)
    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    @functools.lru_cache(maxsize=None)
    def code(self, name):
        """C++ text with comments and the insides of literals blanked; lines and columns stay."""
        return cpp.blank(self.text(name))

    def texts(self):
        return [name for name in self.files if os.path.splitext(name)[1] in TEXT_ENDINGS]

    def sources(self):
        return self.select(".cpp", ".h")

    def exists(self, name):
        return (self.root / name).exists()


def is_test(name):
    return name.endswith(("_test.cpp", "_fuzz.cpp", "_test.py")) or name.startswith("tests/") or "/testing/" in name


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
