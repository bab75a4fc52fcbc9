#!/usr/bin/env python3
"""Checks a receipt of a Mingxin journal: that an event, and a row of its batch, stand in the tree whose head was signed.

    verify_receipt.py RECEIPT.json [--key KEY] [--consistency PROOF.json]
    verify_receipt.py --key KEY --consistency PROOF.json

RECEIPT   what `mingxin journal prove` gave or the website offers
--key     the public key that you trust, from another source than the receipt: a PEM file, or 130 hexadecimal digits
--consistency  a proof that the tree of one signed head continues that of an older one; the receipt's head must be
          one of the two

Exit status 0: proven; 1: refused, with the reason. Needs Python 3.8 and nothing else: SM3 (GB/T 32905) and SM2
(GB/T 32918) are in this file, so that it shares no code with the platform. Formats: docs/formats/receipt.md.
"""
import argparse
import base64
import binascii
import json
import pathlib
import re
import sys

MOST_BYTES = 64 << 20


class Refused(Exception):
    """Why the receipt proves nothing: in Chinese and in English."""

    def __init__(self, chinese, english):
        super().__init__(f"{chinese} / {english}")


def demand(condition, chinese, english):
    if not condition:
        raise Refused(chinese, english)


# --- SM3, GB/T 32905-2016

MASK = 0xFFFFFFFF
SM3_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def rotate(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & MASK


SM3_ROUND = [rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64)]


def sm3_block(state, block):
    w = [int.from_bytes(block[i:i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
        w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = rotate(a, 12)
        ss1 = rotate((a12 + e + SM3_ROUND[j]) & MASK, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & MASK
        tt2 = (gg + h + ss1 + w[j]) & MASK
        a, b, c, d = tt1, a, rotate(b, 9), c
        e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h)))


def sm3(data):
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    state = SM3_START
    for i in range(0, len(padded), 64):
        state = sm3_block(state, padded[i:i + 64])
    return b"".join(x.to_bytes(4, "big") for x in state)


# --- SM2, GB/T 32918 on the recommended curve of part 5

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
USER_ID = b"1234567812345678"


def on_curve(point):
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def add_points(one, other):
    """Affine; None is the point at infinity."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def multiply(scalar, point):
    result = None
    for bit in bin(scalar)[2:]:
        result = add_points(result, result)
        if bit == "1":
            result = add_points(result, point)
    return result


def number_bytes(x):
    return x.to_bytes(32, "big")


def sm2_verify(point, message, r, s):
    if not (1 <= r < N and 1 <= s < N):
        return False
    z = sm3((8 * len(USER_ID)).to_bytes(2, "big") + USER_ID +
            b"".join(number_bytes(x) for x in (A, B, G[0], G[1], point[0], point[1])))
    e = int.from_bytes(sm3(z + message), "big")
    t = (r + s) % N
    if t == 0:
        return False
    found = add_points(multiply(s, G), multiply(t, point))
    return found is not None and (e + found[0]) % N == r


# --- strict reading

def bytes_of_hex(text, size, chinese, english):
    demand(isinstance(text, str) and re.fullmatch(r"[0-9a-f]{%d}" % (2 * size), text),
           f"{chinese}不是{2 * size}位小写十六进制", f"{english} is not {2 * size} lower-case hexadecimal digits")
    return bytes.fromhex(text)


def bytes_of_base64(text, chinese, english):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        data = b""
    demand(data and base64.b64encode(data).decode() == text, f"{chinese}不是规范的base64", f"{english} is not canonical base64")
    return data


def number_of(text, chinese, english):
    demand(re.fullmatch(r"0|[1-9][0-9]{0,18}", text), f"{chinese}不是整数", f"{english} is not a number")
    return int(text)


def whole_number(value, low, high):
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def keys_of(value, names, chinese, english):
    demand(isinstance(value, dict), f"{chinese}不是对象", f"{english} is not an object")
    demand(sorted(value) == sorted(names), f"{chinese}的字段应为 {', '.join(names)}", f"{english} must have just the keys {', '.join(names)}")


def utf8(text, chinese, english):
    demand(isinstance(text, str), f"{chinese}不是文字", f"{english} is not text")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(f"{chinese}不是合法的Unicode", f"{english} is not well-formed Unicode") from None


def parse_json(text, chinese, english):
    def once(pairs):
        demand(len({key for key, _ in pairs}) == len(pairs), f"{chinese}有重复的字段", f"{english} has a key twice")
        return dict(pairs)

    def no_fraction(number):
        raise Refused(f"{chinese}含有小数 {number[:40]}", f"{english} has a fraction {number[:40]}")

    try:
        return json.loads(text, object_pairs_hook=once, parse_float=no_fraction, parse_constant=no_fraction)
    except (ValueError, RecursionError):
        raise Refused(f"{chinese}不是合法的JSON", f"{english} is not JSON") from None


def read_document(path):
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        demand(len(data) <= MOST_BYTES, "文件过大", "the file is too large")
        return parse_json(data.decode("utf-8"), "文件", "the file")
    except OSError as error:
        raise Refused(f"无法读取文件 {path}", f"can't read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refused("文件不是UTF-8", "the file is not UTF-8") from None


# --- keys, signatures, heads

# SubjectPublicKeyInfo of an uncompressed point: id-ecPublicKey, curve sm2p256v1.
PEM_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


def point_of(raw):
    demand(len(raw) == 65 and raw[0] == 4, "公钥不是未压缩的SM2点", "the public key is not an uncompressed SM2 point")
    point = int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big")
    demand(on_curve(point), "公钥不在SM2曲线上", "the public key is not on the SM2 curve")
    return point


def trusted_key(text):
    """The 65 bytes of --key: hexadecimal digits or the name of a PEM file."""
    if re.fullmatch(r"[0-9A-Fa-f]{130}", text):
        return bytes.fromhex(text)
    try:
        pem = pathlib.Path(text).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise Refused(f"无法读取公钥 {text}", f"can't read the key {text}") from None
    match = re.search(r"-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----", pem)
    demand(match, "公钥文件不是PEM", "the key file is not PEM")
    der = bytes_of_base64("".join(match[1].split()), "公钥", "the key")
    demand(der.startswith(PEM_PREFIX) and len(der) == len(PEM_PREFIX) + 65, "不是SM2公钥", "not an SM2 public key")
    return der[len(PEM_PREFIX):]


def signature_numbers(der):
    """r and s of SEQUENCE { INTEGER, INTEGER }, strictly DER."""
    numbers, at = [], 2
    for _ in range(2):
        size = der[at + 1] if at + 1 < len(der) else 0
        piece = der[at + 2:at + 2 + size]
        demand(len(piece) == size and 1 <= size <= 33 and der[at] == 2 and piece[0] < 0x80 and
               not (size > 1 and piece[0] == 0 and piece[1] < 0x80),
               "签名不是规范的DER", "the signature is not DER")
        numbers.append(int.from_bytes(piece, "big"))
        at += 2 + size
    demand(at == len(der) and der[0] == 0x30 and der[1] == len(der) - 2, "签名不是规范的DER", "the signature is not DER")
    return numbers


class Head:
    """A signed tree head; made only when its signature holds."""

    def __init__(self, value, key):
        keys_of(value, ("note", "key_id", "signature"), "树头", "the head")
        note = utf8(value["note"], "树头文本", "the note")
        lines = value["note"].split("\n")
        demand(len(lines) == 6 and lines[5] == "" and lines[0], "树头文本应为五行", "the note must have five lines")
        self.note = value["note"]
        self.origin = lines[0]
        self.size = number_of(lines[1], "树的大小", "the size")
        self.root = bytes_of_base64(lines[2], "树根", "the root")
        self.time = lines[3]
        previous = number_of(lines[4], "前一大小", "the previous size")
        demand(len(self.root) == 32 and 0 <= previous < self.size, "树头文本有误", "the note is wrong")
        demand(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", self.time), "树头时间有误", "the time of the head is wrong")
        demand(value["key_id"] == sm3(key)[:8].hex(), "公钥编号与公钥不符", "the key id is not that of the public key")
        r, s = signature_numbers(bytes_of_base64(value["signature"], "签名", "the signature"))
        demand(sm2_verify(point_of(key), note, r, s), "树头的SM2签名不符", "the SM2 signature of the head is wrong")

    def describe(self):
        print(f"  树头 head:    {printable(self.origin)}, {self.size} 个事项 events, {self.time}")
        print(f"  树根 root:    {self.root.hex()}")


# --- the tree, RFC 6962 with SM3

def leaf_hash(data):
    return sm3(b"\0" + data)


def node_hash(left, right):
    return sm3(b"\1" + left + right)


def read_path(value):
    demand(isinstance(value, list) and len(value) <= 64, "证明路径有误", "the path is wrong")
    return [bytes_of_hex(item, 32, "路径哈希", "a hash of the path") for item in value]


def root_from_inclusion(index, size, leaf, path):
    """RFC 9162 2.1.3.2."""
    place, last, root = index, size - 1, leaf
    for sibling in path:
        demand(last > 0, "证明路径过长", "the path is too long")
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    demand(last == 0, "证明路径过短", "the path is too short")
    return root


def check_consistency(old, new, path):
    """RFC 9162 2.1.4.2."""
    wrong = "两个树头不相连", "the newer tree does not continue the older one"
    if old.size == new.size:
        demand(not path and old.root == new.root, *wrong)
        return
    demand(1 <= old.size < new.size, *wrong)
    if old.size & (old.size - 1) == 0:
        path = [old.root] + path
    demand(path, *wrong)
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    from_old = from_new = path[0]
    for sibling in path[1:]:
        demand(last > 0, *wrong)
        if place & 1 or place == last:
            from_old, from_new = node_hash(sibling, from_old), node_hash(sibling, from_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            from_new = node_hash(from_new, sibling)
        place, last = place >> 1, last >> 1
    demand(last == 0 and from_old == old.root and from_new == new.root, *wrong)


# --- receipts

HEADER_KEYS = ("format", "seq", "time", "kind", "principal", "rulebook", "payload", "rows", "row_root", "previous")


def read_header(text):
    header = parse_json(text, "事项头", "the header")
    keys_of(header, HEADER_KEYS, "事项头", "the header")
    canonical = json.dumps({key: header[key] for key in HEADER_KEYS}, ensure_ascii=False, separators=(",", ":"))
    demand(canonical == text, "事项头不是规范形式", "the header is not canonical")
    most = 2 ** 63 - 1
    demand(whole_number(header["format"], 1, 1) and whole_number(header["seq"], 1, most) and whole_number(header["rows"], 0, most),
           "事项头的数字有误", "a number of the header is wrong")
    demand(all(isinstance(header[key], str) for key in ("time", "kind", "principal", "rulebook")), "事项头的文字有误", "a text of the header is wrong")
    bytes_of_hex(header["payload"], 32, "内容摘要", "the payload digest")
    bytes_of_hex(header["previous"], 32, "上一事项摘要", "the previous leaf")
    bytes_of_hex(header["row_root"], 32 if header["rows"] else 0, "各行树根", "the row root")
    return header


def check_row(row, header):
    withheld = isinstance(row, dict) and "digest" in row
    keys_of(row, ("number", "outcome", "salt", "payload") + (("digest",) if withheld else ()) + ("path",), "行", "the row")
    demand(whole_number(row["number"], 1, header["rows"]), "行号不在批次之内", "the row number is not in the batch")
    demand(whole_number(row["outcome"], 0, 255), "结论代码有误", "the outcome is wrong")
    if withheld:
        demand(row["salt"] is None and row["payload"] is None, "不公开的行不应带有内容", "a withheld row must hold no text")
        digest = bytes_of_hex(row["digest"], 32, "行摘要", "the row's digest")
    else:
        digest = sm3(bytes_of_hex(row["salt"], 16, "盐值", "the salt") + utf8(row["payload"], "行内容", "the row"))
    leaf = leaf_hash(row["number"].to_bytes(8, "big") + bytes([row["outcome"]]) + digest)
    root = root_from_inclusion(row["number"] - 1, header["rows"], leaf, read_path(row["path"]))
    demand(root.hex() == header["row_root"], "行内容与批次的树根不符", "the row does not lead to the root of its batch")


def check_receipt(receipt, pinned):
    """Returns (receipt, header, head, key) or raises Refused."""
    keys_of(receipt, ("type", "format", "event", "row", "path", "head", "public_key"), "回执", "the receipt")
    demand(receipt["type"] == "mingxin.receipt" and whole_number(receipt["format"], 1, 1), "不是明信回执", "not a Mingxin receipt")
    key = bytes_of_hex(receipt["public_key"], 65, "公钥", "the public key")
    demand(pinned is None or pinned == key, "回执的公钥不是所信任的公钥", "the receipt's public key is not the trusted one")
    event = receipt["event"]
    keys_of(event, ("header", "salt", "payload"), "事项", "the event")
    raw = utf8(event["header"], "事项头", "the header")
    header = read_header(event["header"])
    if event["payload"] is None:
        demand(event["salt"] is None, "不公开的内容不应带有盐值", "a withheld payload must have no salt")
    else:
        digest = sm3(bytes_of_hex(event["salt"], 16, "盐值", "the salt") + utf8(event["payload"], "事项内容", "the payload"))
        demand(digest.hex() == header["payload"], "事项内容与其摘要不符", "the payload does not match its digest")
    if receipt["row"] is not None:
        check_row(receipt["row"], header)
    head = Head(receipt["head"], key)
    demand(header["seq"] <= head.size, "事项不在树中", "the event is not in the tree")
    root = root_from_inclusion(header["seq"] - 1, head.size, leaf_hash(raw), read_path(receipt["path"]))
    demand(root == head.root, "事项与树头不符", "the event does not lead to the root of the head")
    return receipt, header, head, key


def check_proof(proof, key, receipt_head):
    keys_of(proof, ("type", "format", "old", "new", "path"), "连续性证明", "the consistency proof")
    demand(proof["type"] == "mingxin.consistency" and whole_number(proof["format"], 1, 1), "不是连续性证明", "not a consistency proof")
    old, new = Head(proof["old"], key), Head(proof["new"], key)
    demand(old.origin == new.origin, "两个树头来源不同", "the heads have different origins")
    check_consistency(old, new, read_path(proof["path"]))
    demand(receipt_head is None or receipt_head.note in (old.note, new.note),
           "回执的树头不是证明中的任何一个", "the receipt's head is neither of the proof's")
    return old, new


def printable(text):
    """What a terminal may be given: control characters and bidirectional marks shown as escapes."""
    return re.sub("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def shown(text, digest):
    return printable(text) if text is not None else f"（不公开 withheld, SM3 {digest}）"


def tell(receipt, header, head, key, pinned):
    print("回执有效。已证明：/ The receipt holds. Proven:")
    print(f"  事项 event:   {header['seq']}, {printable(header['kind'])}, {printable(header['principal'])}, {printable(header['time'])}")
    print(f"  内容 payload: {shown(receipt['event']['payload'], header['payload'])}")
    row = receipt["row"]
    if row is not None:
        print(f"  行 row:       {row['number']} / {header['rows']}, 结论代码 outcome {row['outcome']}")
        print(f"  行内容 text:  {shown(row['payload'], row.get('digest'))}")
    head.describe()
    print(f"  公钥 key:     {sm3(key)[:8].hex()}")
    if pinned is None:
        print("注意：公钥取自回执本身。请与公布的公钥编号核对，或用 --key 指定。"
              "/ Note: the key is the receipt's own. Compare its id with the published one, or give --key.")


def main(arguments):
    parser = argparse.ArgumentParser(description="核验明信回执 / checks a Mingxin receipt")
    parser.add_argument("receipt", nargs="?", metavar="RECEIPT.json")
    parser.add_argument("--key", help="所信任的公钥：PEM文件或130位十六进制 / trusted public key: PEM file or hexadecimal")
    parser.add_argument("--consistency", metavar="PROOF.json", help="连续性证明 / a consistency proof")
    options = parser.parse_args(arguments)
    if options.receipt is None and (options.key is None or options.consistency is None):
        parser.error("需要回执，或 --key 与 --consistency / a receipt, or --key and --consistency")
    try:
        pinned = None if options.key is None else trusted_key(options.key)
        head, key, checked = None, pinned, None
        if options.receipt is not None:
            checked = check_receipt(read_document(options.receipt), pinned)
            head, key = checked[2], checked[3]
        heads = None
        if options.consistency is not None:
            heads = check_proof(read_document(options.consistency), key, head)
    except Refused as reason:
        print(f"不予认可：{reason}".replace(" / ", " / Refused: ", 1), file=sys.stderr)
        return 1
    if checked is not None:
        tell(*checked, pinned)
    if heads is not None:
        print("连续性有效：新树包含旧树的全部事项。/ Consistency holds: the newer tree continues the older one.")
        for one in heads:
            one.describe()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
