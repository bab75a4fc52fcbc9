"""The design system of web/shared: colours are legible in every palette, components use tokens only, and docs/design.md
lists every token and every class."""
import gzip
import pathlib
import re
import unittest

SHARED = pathlib.Path("web/shared")
TOKENS = (SHARED / "tokens.css").read_text(encoding="utf-8")
COMPONENTS = (SHARED / "components.css").read_text(encoding="utf-8")
GUIDE = pathlib.Path("docs/design.md").read_text(encoding="utf-8")

DARK = "(prefers-color-scheme: dark)"
CONTRAST = "(prefers-contrast: more)"
PALETTES = {
    "light": [""],
    "dark": ["", DARK],
    "high contrast": ["", CONTRAST],
    "high contrast, dark": ["", DARK, CONTRAST, f"{CONTRAST} and {DARK}"],
}
BACKGROUNDS = ["paper", "surface", "soft"]
TEXT = [(ink, back) for ink in ["ink", "dim", "accent", "accent-deep", "good", "note", "bad"] for back in BACKGROUNDS]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-deep"), ("surface", "bad")]
TEXT += [(state, f"{state}-soft") for state in ["good", "note", "bad", "accent"]]
TEXT += [("ink", f"{state}-soft") for state in ["good", "note", "bad", "accent"]] + [("dim", "accent-soft")]
TEXT += [("dim", "hill-far"), ("dim", "hill-near")]
SHAPES = [("line-strong", back) for back in BACKGROUNDS] + [("focus", back) for back in BACKGROUNDS]


def blocks(css):
    """Each declaration block of tokens.css as (media query or "", selector, {token: value})."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for match in re.finditer(r"@media\s+([^{]+)\{((?:[^{}]*\{[^{}]*\})+)\s*\}|([^{}@]+)\{([^{}]*)\}", css):
        inner = [(match[3], match[4])] if match[3] else re.findall(r"([^{}]+)\{([^{}]*)\}", match[2])
        for selector, body in inner:
            yield (match[1] or "").strip(), selector.strip(), dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


def palette(queries):
    colours = {}
    for media, selector, tokens in blocks(TOKENS):
        if media in queries and selector == ":root":
            colours.update(tokens)
    return colours


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def too_faint(colours, pairs, least):
    for front, back in pairs:
        if "transparent" in (colours[front], colours[back]):
            continue
        seen = ratio(colours[front], colours[back])
        if seen < least:
            yield f"{front} on {back}: {seen:.2f}"


class Design(unittest.TestCase):
    def test_ratio_is_that_of_wcag(self):
        self.assertAlmostEqual(ratio("#000000", "#ffffff"), 21.0, places=2)
        self.assertAlmostEqual(ratio("#767676", "#ffffff"), 4.54, places=2)

    def test_text_is_legible_in_every_palette(self):
        for name, queries in PALETTES.items():
            with self.subTest(palette=name):
                colours = palette(queries)
                self.assertEqual(list(too_faint(colours, TEXT, 7.0 if "contrast" in name else 4.5)), [])
                self.assertEqual(list(too_faint(colours, SHAPES, 3.0)), [])

    def test_palettes_differ(self):
        self.assertEqual(len({palette(queries)["ink"] + palette(queries)["paper"] for queries in PALETTES.values()}), 4)

    def test_components_use_tokens_only(self):
        css = re.sub(r"/\*.*?\*/", "", COMPONENTS, flags=re.DOTALL)
        self.assertEqual(re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|@import|https?:|data:", css), [])
        defined = {token for _, _, tokens in blocks(TOKENS) for token in tokens}
        self.assertEqual(set(re.findall(r"var\(--([\w-]+)", css)) - defined, set())
        self.assertEqual({name for name in re.findall(r'url\("([^"]+)"\)', css) if not (SHARED / name).is_file()}, set())

    def test_guide_names_every_token_and_class(self):
        tokens = {token for _, _, found in blocks(TOKENS) for token in found}
        self.assertGreater(len(tokens), 40)
        self.assertEqual({token for token in tokens if f"`--{token}`" not in GUIDE}, set())
        css = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", COMPONENTS, flags=re.DOTALL)
        selectors = " ".join(re.findall(r"([^{}]+)\{", css))
        classes = set(re.findall(r"\.([a-z][\w-]*)", selectors))
        self.assertGreater(len(classes), 60)
        self.assertEqual({name for name in classes if not re.search(rf"[\"` .]{name}[\"` .]", GUIDE)}, set())

    def test_style_sheets_are_small(self):
        self.assertLess(sum(len(gzip.compress(text.encode())) for text in (TOKENS, COMPONENTS)), 12 << 10)


if __name__ == "__main__":
    unittest.main()
