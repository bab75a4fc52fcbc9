"""tools/verify_receipt.py: published vectors of its SM3 and SM2, the vectors of docs/formats, and every character of
them changed."""
import base64
import contextlib
import importlib.util
import io
import json
import pathlib
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = ROOT / "tests" / "vectors"
spec = importlib.util.spec_from_file_location("verify_receipt", ROOT / "tools" / "verify_receipt.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)


def run(*arguments):
    """(exit status, standard output, standard error)"""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = tool.main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


def taken(text):
    """Whether the text of a receipt is taken for proven."""
    try:
        tool.check_receipt(tool.parse_json(text, "", ""), None)
        return True
    except tool.Refused:
        return False


class Algorithms(unittest.TestCase):
    def test_sm3(self):
        self.assertEqual(tool.sm3(b"abc").hex(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(tool.sm3(b"abcd" * 16).hex(), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    def test_sm2_example_of_the_standard(self):
        """GB/T 32918.5 annex A.2."""
        point = (0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
                 0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13)
        r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
        s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
        self.assertTrue(tool.on_curve(point) and tool.on_curve(tool.G))
        self.assertIsNone(tool.multiply(tool.N, tool.G))
        self.assertTrue(tool.sm2_verify(point, b"message digest", r, s))
        self.assertFalse(tool.sm2_verify(point, b"message digesu", r, s))
        self.assertFalse(tool.sm2_verify(point, b"message digest", r, s + tool.N))
        self.assertFalse(tool.sm2_verify(point, b"message digest", 0, s))
        self.assertFalse(tool.sm2_verify(point, b"message digest", r, tool.N - r))

    def test_der_is_strict(self):
        self.assertEqual(tool.signature_numbers(bytes.fromhex("3006020101020102")), [1, 2])
        for wrong in ("", "30", "3006020101020102" + "00", "3007020101020102", "300702020001020102", "3006020181020102",
                      "3003020101", "300602010102", "3106020101020102", "3006030101020102", "30050200020102"):
            with self.assertRaises(tool.Refused, msg=wrong):
                tool.signature_numbers(bytes.fromhex(wrong))


class Vectors(unittest.TestCase):
    def test_held(self):
        for name, text in (("receipt.json", "鲁山县乙有限公司"), ("receipt_event.json", "鲁山县税务局")):
            status, out, err = run(VECTORS / name, "--key", VECTORS / "receipt_key.pem", "--consistency", VECTORS / "consistency.json")
            self.assertEqual((status, err), (0, ""))
            self.assertIn(text, out)
            self.assertIn("888a62b879960696", out)
            self.assertNotIn("--key", out)
            status, out, _ = run(VECTORS / name)
            self.assertEqual(status, 0)
            self.assertIn("--key", out)  # the key is the receipt's own word

    def test_withheld(self):
        """The public's receipt tells neither the event's payload nor the row, and still proves both."""
        receipt = json.loads((VECTORS / "receipt.json").read_text(encoding="utf-8"))
        row, event = receipt["row"], receipt["event"]
        digest = tool.sm3(bytes.fromhex(row["salt"]) + row["payload"].encode()).hex()
        receipt["event"] = {"header": event["header"], "salt": None, "payload": None}
        receipt["row"] = {"number": row["number"], "outcome": row["outcome"], "salt": None, "payload": None,
                          "digest": digest, "path": row["path"]}
        text = json.dumps(receipt, ensure_ascii=False)
        self.assertTrue(taken(text))
        self.assertNotIn("有限公司", text)
        for at, character in enumerate(text):
            other = "1" if character == "0" else "0"
            self.assertFalse(taken(text[:at] + other + text[at + 1:]), text[:at][-60:])
        for key in ("salt", "payload"):  # half withheld is neither
            broken = json.loads(text)
            broken["row"][key] = row[key]
            self.assertFalse(taken(json.dumps(broken, ensure_ascii=False)), key)

    def test_every_character_changed(self):
        """Each character of the row's receipt, replaced by another, is refused: nothing in it is unbound."""
        text = (VECTORS / "receipt.json").read_text(encoding="utf-8").strip()
        self.assertTrue(taken(text))
        for at, character in enumerate(text):
            other = "1" if character == "0" else "0"
            self.assertFalse(taken(text[:at] + other + text[at + 1:]), f"{at}: {text[max(0, at - 20):at + 20]}")

    def test_case_and_base64_spellings(self):
        text = (VECTORS / "receipt.json").read_text(encoding="utf-8")
        receipt = json.loads(text)
        for change in (lambda r: r.update(public_key=r["public_key"].upper()),
                       lambda r: r["head"].update(key_id=r["head"]["key_id"].upper()),
                       lambda r: r["row"].update(salt=r["row"]["salt"] + "00"),
                       lambda r: r["row"].update(number=True),
                       lambda r: r["row"].update(number=2.0),
                       lambda r: r["row"].update(more=1),
                       lambda r: r["row"].pop("salt"),
                       lambda r: r.update(row=None, extra=None),
                       lambda r: r["path"].append(r["path"][0]),
                       lambda r: r["path"].pop(),
                       lambda r: r["row"]["path"].append(r["path"][0]),
                       lambda r: r["row"]["path"].pop(),
                       lambda r: r["head"].update(signature=r["head"]["signature"].rstrip("=")),
                       lambda r: r["head"].update(signature=r["head"]["signature"][:8] + "\n" + r["head"]["signature"][8:]),
                       lambda r: r["head"].update(note=r["head"]["note"] + "\n"),
                       lambda r: r["head"].update(note=r["head"]["note"].replace("\n3\n", "\n03\n")),
                       lambda r: r["event"].update(payload="\ud800"),
                       lambda r: r["event"].update(header=r["event"]["header"].replace(",", ", "))):
            changed = json.loads(json.dumps(receipt))
            change(changed)
            self.assertFalse(taken(json.dumps(changed)))
        self.assertTrue(taken(json.dumps(receipt, indent=1)))
        self.assertFalse(taken(text.replace('"format":1,"event"', '"format":1,"format":1,"event"')))
        # Base64 whose last character has unused bits set decodes to the same bytes, and is refused all the same.
        signature = receipt["head"]["signature"]
        self.assertEqual(base64.b64decode(signature[:-2] + "N="), base64.b64decode(signature))
        receipt["head"]["signature"] = signature[:-2] + "N="
        self.assertFalse(taken(json.dumps(receipt)))

    def test_another_key(self):
        receipt = json.loads((VECTORS / "receipt.json").read_text(encoding="utf-8"))
        self.assertEqual(run(VECTORS / "receipt.json", "--key", receipt["public_key"])[0], 0)
        other = "04" + format(tool.G[0], "064x") + format(tool.G[1], "064x")
        self.assertEqual(run(VECTORS / "receipt.json", "--key", other)[0], 1)
        self.assertEqual(run("--key", other, "--consistency", VECTORS / "consistency.json")[0], 1)
        self.assertEqual(run("--key", VECTORS / "receipt_key.pem", "--consistency", VECTORS / "consistency.json")[0], 0)
        self.assertEqual(run(VECTORS / "receipt.json", "--key", "no such file")[0], 1)

    def test_consistency_changed(self):
        text = (VECTORS / "consistency.json").read_text(encoding="utf-8").strip()
        key = tool.trusted_key(str(VECTORS / "receipt_key.pem"))
        tool.check_proof(json.loads(text), key, None)
        for at in range(0, len(text), 5):
            other = "1" if text[at] == "0" else "0"
            with self.assertRaises(tool.Refused, msg=str(at)):
                tool.check_proof(tool.parse_json(text[:at] + other + text[at + 1:], "", ""), key, None)
        proof = json.loads(text)
        proof["old"], proof["new"] = proof["new"], proof["old"]
        with self.assertRaises(tool.Refused):
            tool.check_proof(proof, key, None)

    def test_files_that_are_no_receipts(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "file.json"
            self.assertEqual(run(path)[0], 1)
            for content in (b"", b"\xff\xfe", b"[]", b"null", b'"x"', b"{", b"[" * 100_000, b"NaN", b"1" * 10_000,
                            (VECTORS / "consistency.json").read_bytes()):
                path.write_bytes(content)
                status, out, err = run(path)
                self.assertEqual((status, out), (1, ""))
                self.assertIn("不予认可", err)


if __name__ == "__main__":
    unittest.main()
