#!/usr/bin/env python3
"""The site's texts: every id that templates and code use stands in both languages and none is left over, placeholders agree,
and no Chinese is written where a text belongs. Needs nothing built."""
import re
import unittest

from driver import ROOT

SITE = ROOT / "web" / "site"
CODE = ROOT / "src" / "services" / "site"
HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"\{\{[{#^/&]?\s*([a-z_0-9]+)")
IN_TEMPLATE = re.compile(r"\[\[([^\]]*)\]\]")
IN_CODE = re.compile(r'"([a-z_0-9.]+)"_text\b')
# Ids that code puts together, and what they are made of.
MADE = {"item.": lambda: untranslated_items()}
# Documentation of fields, errors of a start, and what records themselves say.
NO_TEXT = re.compile(r"FieldType::|template_broken|filename\(\)\.string\(\) \+|\bbroken\(|// (as records write it|as the trace of a look-up writes it|between names)")


def untranslated_items():
    """The items whose English title does not stand with them."""
    files = [path.read_text("utf-8") for path in (ROOT / "rules" / "items").glob("*.yaml")]
    items = [item for text in files for item in re.split(r"^  - id: ", text, flags=re.MULTILINE)[1:]]
    return {item.split("\n")[0] for item in items if "\n    title_en: " not in item}


def texts(language):
    found = {}
    for path in sorted((SITE / "messages" / language).glob("*.txt")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            identifier, mark, text = line.partition(" =")
            assert mark, "%s:%d has no =" % (path, number)
            assert identifier not in found, "%s:%d %s stands twice" % (path, number, identifier)
            found[identifier] = text[1:] if text.startswith(" ") else text
    return found


def templates():
    return {path.name: path.read_text("utf-8") for path in sorted(SITE.glob("*.html"))}


def code():
    """Sources without their endpoint declarations, whose Chinese is the documentation of the interface."""
    sources = {}
    for path in sorted(CODE.glob("*.cpp")):
        if not path.name.endswith("_test.cpp"):
            sources[path.name] = re.sub(r"^std::vector<api::Endpoint> .*?^}", "", path.read_text("utf-8"), flags=re.M | re.S)
    return sources


class TextsTest(unittest.TestCase):
    zh, en = texts("zh"), texts("en")

    def used(self):
        """Of templates and of code; declarations included, which say titles too."""
        found = {one for source in templates().values() for one in IN_TEMPLATE.findall(source)} - {"zh"}
        for path in CODE.glob("*.cpp"):
            found |= set(IN_CODE.findall(path.read_text("utf-8")))
        return found | {prefix + name for prefix, names in MADE.items() for name in names()}

    def test_there_are_texts(self):
        self.assertGreater(len(self.zh), 400)
        self.assertGreater(len(self.used()), 400)

    def test_every_text_that_is_used_stands_in_both_languages(self):
        self.assertEqual([one for one in sorted(self.used()) if one not in self.zh], [], "missing in zh")
        self.assertEqual([one for one in sorted(self.used()) if one not in self.en], [], "missing in en")

    def test_no_text_is_left_over(self):
        used = self.used()
        self.assertEqual([one for one in self.zh if one not in used], [])
        self.assertEqual([one for one in self.en if one not in used and not one.startswith("fault.")], [])

    def test_placeholders_of_both_languages_are_the_same(self):
        for identifier in self.zh:
            there = [sorted(set(PLACEHOLDER.findall(language.get(identifier, "")))) for language in (self.zh, self.en)]
            self.assertEqual(there[0], there[1], identifier)

    def test_english_texts_mark_their_chinese(self):
        for identifier, text in self.en.items():
            if identifier != "page.other_language_name":
                self.assertIsNone(HAN.search(re.sub(r'<span lang="zh">.*?</span>', "", text)), identifier)

    def test_english_faults_exist(self):
        known = set(re.findall(r'"(MX\d{4})"', (ROOT / "src/foundation/base/faults.def").read_text("utf-8")))
        told = {one.split(".")[1] for one in self.en if one.startswith("fault.")}
        self.assertEqual(told - known, set())
        for one in told:
            self.assertTrue(self.en["fault.%s.title" % one] and self.en["fault.%s.remedy" % one], one)

    def test_texts_in_attributes_end_no_attribute(self):
        for name, source in templates().items():
            for value in re.findall(r'="([^"]*)"', source):
                for identifier in IN_TEMPLATE.findall(value):
                    for language in (self.zh, self.en):
                        self.assertNotRegex(language.get(identifier, ""), r'["<>]', "%s: %s" % (name, identifier))

    def test_no_chinese_in_templates(self):
        for name, source in templates().items():
            self.assertEqual([line for line in source.splitlines() if HAN.search(line)], [], name)

    def test_no_chinese_in_code(self):
        for name, source in code().items():
            lines = [line.strip() for line in source.splitlines()
                     if HAN.search(line) and not line.lstrip().startswith("//") and not NO_TEXT.search(line)]
            self.assertEqual(lines, [], name)


if __name__ == "__main__":
    unittest.main()
