"""What an auditor does who trusts nothing of the platform but its public key: tree roots and proofs against the public
vectors of RFC 6962, receipts with any one bit changed, and the signatures of reports and heads with OpenSSL's command
line, as docs/formats says."""
import base64
import functools
import hashlib
import importlib.util
import json
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest
from unittest import mock

import driver as mx

ROOT = pathlib.Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("verify_receipt", ROOT / "tools" / "verify_receipt.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

# The reference vectors of the certificate-transparency project (merkle tree tests): leaves, roots of sizes 1 to 8,
# inclusion paths (leaf from 1, size) and consistency proofs (old size, new size), all with SHA-256.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]
L2, L12, L34 = ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", ROOTS[1],
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e")
L5, L56, L78, L58 = ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                     "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                     "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")
INCLUSION = {(1, 1): [], (1, 8): [L2, L34, L58], (6, 8): [L5, L78, ROOTS[3]], (3, 3): [L12], (2, 5): [ROOTS[0], L34, L5]}
CONSISTENCY = {(1, 1): [], (1, 8): [L2, L34, L58], (6, 8): [L56, L78, ROOTS[3]], (2, 5): [L34, L5]}

USER_ID = "distid:1234567812345678"  # docs/formats/journal.md


def openssl_verifies(key, signature, content):
    """Whether `openssl dgst -sm3 -verify` takes the signature (bytes) over the content."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("sig", signature), ("content", content)):
            (pathlib.Path(folder) / name).write_bytes(data)
        done = subprocess.run(["openssl", "dgst", "-sm3", "-verify", key, "-sigopt", USER_ID, "-signature", "sig", "content"],
                              cwd=folder, capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() == "Verified OK"


def refused(call, *arguments):
    try:
        call(*arguments)
        return False
    except tool.Refused:
        return True


class PublicVectors(unittest.TestCase):
    def test_roots(self):
        for size, root in enumerate(ROOTS, 1):
            done = mx.run("journal", "root", "--hash", "sha256", "-", stdin="".join(leaf + "\n" for leaf in LEAVES[:size]), check=True)
            self.assertEqual(done.stdout.strip(), root)
        done = mx.run("journal", "root", "--hash", "sha256", "-", stdin="", check=True)
        self.assertEqual(done.stdout.strip(), hashlib.sha256().hexdigest())
        self.assertNotEqual(mx.run("journal", "root", "--hash", "sha256", "-", stdin="xx\n").returncode, 0)

    def test_sm3_is_the_same_tree(self):
        """The default hash, against the verifier's own SM3 over the same shape."""
        for size in (1, 2, 3, 7, 8):
            leaves = [bytes.fromhex(leaf) for leaf in LEAVES[:size]]
            done = mx.run("journal", "root", "-", stdin="".join(leaf + "\n" for leaf in LEAVES[:size]), check=True)
            self.assertEqual(done.stdout.strip(), self.tree(leaves).hex())

    def tree(self, leaves):
        if len(leaves) == 1:
            return tool.leaf_hash(leaves[0])
        split = 1 << (len(leaves) - 1).bit_length() - 1
        return tool.node_hash(self.tree(leaves[:split]), self.tree(leaves[split:]))

    def test_proofs(self):
        """The verifier's walk up the tree, run over the vectors of SHA-256; any changed proof is refused."""
        with mock.patch.object(tool, "sm3", lambda data: hashlib.sha256(data).digest()):
            for (leaf, size), path in INCLUSION.items():
                path = [bytes.fromhex(one) for one in path]
                start = tool.leaf_hash(bytes.fromhex(LEAVES[leaf - 1]))
                self.assertEqual(tool.root_from_inclusion(leaf - 1, size, start, path).hex(), ROOTS[size - 1])
                for at in range(len(path)):
                    less = path[:at] + path[at + 1:]
                    self.assertTrue(refused(tool.root_from_inclusion, leaf - 1, size, start, less))
                    other = path[:at] + [bytes([path[at][0] ^ 1]) + path[at][1:]] + path[at + 1:]
                    self.assertNotEqual(tool.root_from_inclusion(leaf - 1, size, start, other).hex(), ROOTS[size - 1])
                self.assertTrue(refused(tool.root_from_inclusion, leaf - 1, size, start, path + [start]))
            for (old, new), path in CONSISTENCY.items():
                path = [bytes.fromhex(one) for one in path]
                heads = [mock.Mock(size=size, root=bytes.fromhex(ROOTS[size - 1])) for size in (old, new)]
                tool.check_consistency(*heads, path)
                for at in range(len(path)):
                    other = path[:at] + [bytes([path[at][0] ^ 1]) + path[at][1:]] + path[at + 1:]
                    self.assertTrue(refused(tool.check_consistency, *heads, other))
                    self.assertTrue(refused(tool.check_consistency, *heads, path[:at] + path[at + 1:]))
                self.assertTrue(refused(tool.check_consistency, *heads, path + [heads[0].root]))


class Audit(unittest.TestCase):
    """One small platform; what the auditor holds is its public key."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.platform = mx.Platform.init(cls.folder / "data")
        cls.sizes = [cls.platform.head()["size"]]
        for first in (1, 8):
            file = mx.write_csv(cls.folder / "rows.csv", mx.REGISTRATION, [mx.registration(n) for n in range(first, first + 7)])
            cls.batch = cls.platform.collect(file)["batch"]
            cls.sizes.append(cls.platform.head()["size"])
        cls.code = mx.enterprise_code(8)
        cls.report = cls.folder / "report.pdf"
        cls.issued = mx.run_json("report", "--data", cls.platform.data, cls.code, "-o", cls.report)
        with cls.platform.serve() as server:
            cls.key_reply = json.loads(server.ask("GET", "/api/v1/journal/key")[2])
            cls.verification = json.loads(server.ask("GET", "/api/v1/reports/" + cls.issued["number"])[2])
        cls.key = cls.folder / "pub.pem"
        cls.key.write_text(cls.key_reply["pem"])
        cls.receipt_text = mx.run("journal", "prove", "--data", cls.platform.data, cls.batch, 3, check=True).stdout.strip()

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def run_tool(self, *arguments):
        done = subprocess.run(["python3", ROOT / "tools" / "verify_receipt.py", *arguments], capture_output=True, text=True)
        return done.returncode

    def test_receipt_is_taken(self):
        file = self.folder / "receipt.json"
        file.write_text(self.receipt_text)
        self.assertEqual(self.run_tool(file, "--key", self.key), 0)
        event = self.folder / "event.json"
        event.write_text(mx.run("journal", "prove", "--data", self.platform.data, 1, check=True).stdout)
        self.assertEqual(self.run_tool(event, "--key", self.key), 0)
        other = subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"], capture_output=True,
                               check=True).stdout
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=other, capture_output=True, check=True).stdout
        (self.folder / "other.pem").write_bytes(public)
        self.assertEqual(self.run_tool(file, "--key", self.folder / "other.pem"), 1)

    def test_any_bit_changed_is_refused(self):
        """All bits of digests, salts, payloads, key and signature; a sample of the rest. Checked against the known key,
        so that another key is none either."""
        text = self.receipt_text
        receipt = json.loads(text)
        pinned = tool.trusted_key(str(self.key))
        tool.check_receipt(tool.parse_json(text, "", ""), pinned)
        raw = text.encode()
        spans = []
        values = [receipt["event"]["salt"], receipt["row"]["salt"], receipt["head"]["signature"], receipt["head"]["key_id"],
                  receipt["public_key"], *receipt["row"]["path"], *receipt["path"],
                  *(json.loads(receipt["event"]["header"])[key] for key in ("payload", "row_root", "previous", "rulebook"))]
        for value in values:
            at = raw.index(value.encode())
            spans.append(range(at, at + len(value)))
        for value in (receipt["event"]["payload"], receipt["row"]["payload"], receipt["head"]["note"]):
            written = json.dumps(value, ensure_ascii=False)[1:-1].encode()
            at = raw.index(written)
            spans.append(range(at, at + len(written)))
        chosen = sorted({place for span in spans for place in span})
        rest = sorted(set(range(len(raw))) - set(chosen))
        flips = [(place, bit) for place in chosen for bit in range(8)]
        dice = random.Random(6962)
        flips += [(place, dice.randrange(8)) for place in dice.sample(rest, min(400, len(rest)))]
        self.assertGreater(len(chosen), 1200)
        known = functools.lru_cache(None)(tool.sm2_verify)  # most flips leave the signed text and its signature alone
        with mock.patch.object(tool, "sm2_verify", known):
            self.flip_each(raw, flips, receipt, pinned)

    def flip_each(self, raw, flips, receipt, pinned):
        for place, bit in flips:
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            try:
                value = tool.parse_json(bytes(changed).decode(), "", "")
            except (UnicodeDecodeError, tool.Refused):
                continue
            if value == receipt:
                continue  # a blank that became another blank, or an escape of the same text
            self.assertTrue(refused(tool.check_receipt, value, pinned), f"byte {place}, bit {bit}")

    def test_consistency(self):
        old, middle, new = self.sizes
        for pair in ((old, middle), (old, new), (middle, new), (new, new)):
            text = mx.run("journal", "consistency", "--data", self.platform.data, *pair, check=True).stdout
            file = self.folder / "proof.json"
            file.write_text(text)
            self.assertEqual(self.run_tool("--key", self.key, "--consistency", file), 0, pair)
        proof = json.loads(mx.run("journal", "consistency", "--data", self.platform.data, old, new, check=True).stdout)
        pinned = tool.trusted_key(str(self.key))
        tool.check_proof(proof, pinned, None)
        for at, node in enumerate(proof["path"]):
            for bit in range(256):
                other = bytearray(bytes.fromhex(node))
                other[bit // 8] ^= 1 << bit % 8
                path = proof["path"][:at] + [other.hex()] + proof["path"][at + 1:]
                self.assertTrue(refused(tool.check_consistency, mock.Mock(size=old, root=self.root(proof["old"])),
                                        mock.Mock(size=new, root=self.root(proof["new"])), tool.read_path(path)))
        swapped = {**proof, "old": proof["new"], "new": proof["old"]}
        self.assertTrue(refused(tool.check_proof, swapped, pinned, None))
        for wrong in ((0, new), (new, old), (old, new + 1000), (-1, new)):
            done = mx.run("journal", "consistency", "--data", self.platform.data, "--", *wrong)
            self.assertNotEqual(done.returncode, 0, wrong)
            self.assertRegex(done.stderr, "[\u4e00-\u9fff]", wrong)

    @staticmethod
    def root(head):
        return base64.b64decode(head["note"].split("\n")[2])

    def test_a_journal_that_was_rewritten(self):
        """Another platform's tree does not continue this one's, whatever key signs it."""
        other = mx.Platform.init(self.folder / "other")
        for first in (1, 8):
            file = mx.write_csv(self.folder / "other.csv", mx.REGISTRATION, [mx.registration(n) for n in range(first, first + 7)])
            other.collect(file)
        size = other.head()["size"]
        proof = json.loads(mx.run("journal", "consistency", "--data", self.platform.data, self.sizes[0], self.sizes[2], check=True).stdout)
        foreign = json.loads(mx.run("journal", "consistency", "--data", other.data, size, size, check=True).stdout)["new"]
        self.assertTrue(refused(tool.check_proof, {**proof, "new": foreign}, tool.trusted_key(str(self.key)), None))
        self.assertTrue(refused(tool.check_consistency, mock.Mock(size=self.sizes[0], root=self.root(proof["old"])),
                                mock.Mock(size=size, root=self.root(foreign)), tool.read_path(proof["path"])))

    @unittest.skipUnless(shutil.which("openssl"), "skipped: no openssl")
    def test_report_by_openssl(self):
        """docs/formats/report.md, step by step: the number from the paper, digest and signature from the platform."""
        pdf = self.report.read_bytes()
        number = re.search(rb"/Keywords[^(]*\(([^)]*)\)", pdf)
        self.assertIsNotNone(number, "no keywords in the PDF")
        self.assertIn(self.issued["number"], number[1].decode("latin-1"))
        digest = subprocess.run(["openssl", "dgst", "-sm3", self.report], capture_output=True, text=True, check=True).stdout
        self.assertEqual(digest.split()[-1], self.verification["digest"]["value"])
        self.assertEqual(self.issued["digest"], self.verification["digest"]["value"])
        signature = base64.b64decode(self.verification["signature"]["value"], validate=True)
        self.assertEqual(pathlib.Path(str(self.report) + ".sig").read_bytes(), signature)
        self.assertEqual(pathlib.Path(str(self.report) + ".pub.pem").read_text(), self.key.read_text())
        self.assertTrue(openssl_verifies(self.key, signature, pdf))
        for at in (0, len(pdf) // 2, len(pdf) - 1):
            self.assertFalse(openssl_verifies(self.key, signature, pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1:]))
        self.assertFalse(openssl_verifies(self.key, signature, pdf + b"\n"))
        for at in range(8, len(signature), 9):
            self.assertFalse(openssl_verifies(self.key, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1:], pdf))
        self.assertEqual(self.steps("report.md", "key id", "openssl pkey -pubin -in pub.pem -outform DER | tail -c 65 | openssl dgst -sm3")
                         .split()[-1][:16], self.verification["signature"]["key"])
        (self.folder / "report.sig").write_bytes(signature)
        for command in ("openssl dgst -sm3 report.pdf",
                        "openssl dgst -sm3 -verify pub.pem -sigopt distid:1234567812345678 -signature report.sig report.pdf"):
            said = self.steps("report.md", "the report", command)
        self.assertEqual(said.strip(), "Verified OK")

    def steps(self, document, what, command):
        """Runs a command just as the document writes it; fails where the document does not."""
        self.assertIn(command, (ROOT / "docs" / "formats" / document).read_text(), what)
        command = command.replace("mingxin ", str(mx.BINARY) + " ").replace("--data DIR", f"--data {self.platform.data}")
        return subprocess.run(command, shell=True, cwd=self.folder, capture_output=True, text=True, check=True).stdout

    @unittest.skipUnless(shutil.which("openssl"), "skipped: no openssl")
    def test_head_by_openssl(self):
        """The signature of a head over its note, byte for byte (docs/formats/journal.md)."""
        note = mx.run("journal", "head", "--data", self.platform.data, check=True).stdout.encode()
        signature = bytes.fromhex(self.platform.head()["signature"])
        self.assertTrue(openssl_verifies(self.key, signature, note))
        self.assertFalse(openssl_verifies(self.key, signature, note[:-1]))
        self.assertFalse(openssl_verifies(self.key, signature, note.replace(b"\n", b" \n", 1)))
        self.steps("journal.md", "the note", "mingxin journal head --data DIR > note")
        if shutil.which("xxd"):
            self.steps("journal.md", "its signature",
                       r"""mingxin journal head --data DIR --json | sed 's/.*"signature":"\([0-9a-f]*\)".*/\1/' | xxd -r -p > note.sig""")
        else:
            (self.folder / "note.sig").write_bytes(signature)
        said = self.steps("journal.md", "verifying",
                          "openssl dgst -sm3 -verify pub.pem -sigopt distid:1234567812345678 -signature note.sig note")
        self.assertEqual(said.strip(), "Verified OK")
        head = json.loads(self.receipt_text)["head"]
        self.assertTrue(openssl_verifies(self.key, base64.b64decode(head["signature"]), head["note"].encode()))


if __name__ == "__main__":
    unittest.main()
