"""Whatever is changed behind the platform's back, verify exits 1 and names the place: each table by alter, delete, insert
and swap on both engines; bytes of the database file; each line and file of the data directory; an older copy put back.
MINGXIN_TEST_SEED chooses other rows and bytes. What verify cannot see is listed here with the reason: BLIND."""
import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import tempfile
import threading
import unittest

from driver import REGISTRATION, Platform, PostgresServer, enterprise_code, grey_point, registration, run, write_csv

SEED = int(os.environ.get("MINGXIN_TEST_SEED", "1"))
JOBS = 2

# Tables whose rows verify does not judge, and why that loses nothing.
BLIND = {
    "content_draft": "working copies of staff, no part of the journal: a text enters it when it is handed in",
    "session": "who is signed in now: it ends by itself within 12 hours, a restart of nothing depends on it, opening one is an event",
}
# Tables that stay empty here, and where the same is tried with something in them.
EMPTY = {"assessment_appeal": "a unit appeals against a month that is over: src/app/cli/assess_test.cpp"}
# Of SQLite's own tables of the searches for names: they only say which rows to look at; each is compared with its name again.
SEARCH = re.compile("(subject|batch)_search_")

# Where a term may begin in such an index: SQLite's own check asks no more of it. It holds no word and no row.
SEARCH_MAP = re.compile("(subject|batch)_search_idx$")

FIRMS = 700  # more than two tiles of hashes
PERMIT = ["XK_XDR_MC", "XK_XDR_LB", "XK_XDR_SHXYM", "XK_FRDB", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_XKZS", "XK_XKBH", "XK_NR",
          "XK_JDRQ", "XK_YXQZ", "XK_YXQZI", "XK_XKJG", "XK_XKJGDM", "XK_ZT", "XK_LYDW", "XK_LYDWDM"]


def permit(number, unit):
    office = "鲁山县市场监督管理局"
    return [registration(number)[0], "法人及非法人组织", enterprise_code(number), "张三", "食品经营许可决定书", "鲁市监许〔2026〕%d号" % number,
            "普通", "食品经营许可证", "JY%d" % number, "食品销售", "2026-03-02", "2026-03-02", "2031-03-01", office, unit, "1", office, unit]


def write_articles(platform):
    """Two columns; an article released in two versions, one withdrawn, one that is only a draft; a picture in use."""
    roles = {"office": "credit_office_clerk", "writer": "content_writer", "reviewer": "content_reviewer", "releaser": "content_releaser"}
    passwords = {name: platform.add_account(name, role) for name, role in roles.items()}
    with platform.serve() as server:
        sessions = {name: server.sign_in(name, password) for name, password in passwords.items()}
        tokens = {name: session.form_token() for name, session in sessions.items()}

        def ask(who, path, body, kind):
            headers = {"Cookie": sessions[who].cookie, "Content-Type": kind, "X-CSRF-Token": tokens[who]}
            status, _, answer = server.ask("POST", "/api/v1/content/" + path, body, headers)
            assert status == 200, (path, status, answer)
            return json.loads(answer)

        def call(who, path, **fields):
            return ask(who, path, json.dumps(fields), "application/json")

        for slug in ("news", "cases"):
            call("office", "columns", slug=slug, revision=0, name="栏目" + slug, kind="articles")
        parts = b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n%s\r\n' % tokens["writer"].encode()
        parts += b'--b\r\nContent-Disposition: form-data; name="alt"\r\n\r\n\xe7\x82\xb9\r\n'
        parts += b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.png"\r\n\r\n' + grey_point() + b"\r\n--b--\r\n"
        cover = ask("writer", "pictures", parts, "multipart/form-data; boundary=b")["digest"]

        def release(title, article=0, **more):
            draft = {"column": "news", "title": title, "summary": "摘要", "body": "正文", "cover": cover, **more}
            path = "articles/%d" % article if article else "articles"
            done = call("writer", path, revision=0, **draft)
            here = "articles/%d/" % done["id"]
            done = call("writer", here + "submit", revision=done["revision"])
            done = call("reviewer", here + "pass", version=done["version"])
            return call("releaser", here + "release", version=done["version"])["id"]

        withdrawn = release("第二篇")
        call("releaser", "articles/%d/withdraw" % withdrawn, reason="测试")
        release("第三篇")
        release("第一篇")
        call("writer", "articles", revision=0, column="news", title="草稿", summary="摘要", body="正文")


def remember_columns(server, session, mark):
    """What a clerk says the columns of a file are."""
    columns = [{"header": "企业名" + mark, "field": "ENT_NAME"}, {"header": "代码" + mark, "field": "USCC"}]
    headers = {"Cookie": session.cookie, "Content-Type": "application/json", "X-CSRF-Token": session.form_token()}
    status, _, answer = server.ask("POST", "/api/v1/mappings", json.dumps({"item": "registration", "columns": columns}), headers)
    assert status == 200, (status, answer)


def work_of_the_office(platform):
    """Two months are assessed; a record is withdrawn and restored, another one withdrawn."""
    password = platform.add_account("assessor", "credit_office_clerk")
    with platform.serve() as server:
        session = server.sign_in("assessor", password)
        headers = {"Cookie": session.cookie, "Content-Type": "application/json", "X-CSRF-Token": session.form_token()}

        def call(path, method="POST", **body):
            status, _, answer = server.ask(method, "/api/v1/" + path, json.dumps(body) if body else "", headers)
            assert status == 200, (path, status, answer)
            return json.loads(answer)

        for period in ("2025-10", "2025-11"):
            call("assess/assessments", scheme="assessment.double", period=period)
        ids = [one["id"] for one in call("record-list?item=permit&limit=20", "GET")["records"]]
        call("withdrawals", records=ids[:2], ground="withdrawal.mistaken", reason="测试")
        call("records/%s/restore" % ids[0], reason="测试")


def filled(folder, engine):
    """A platform with something in each table; everything is written out and nobody has it open."""
    platform = Platform.init(folder / "platform", engine)
    rows = [registration(n) + ["41042300000%04d" % n] for n in range(FIRMS)]
    rows[5][1] = ""  # refused
    platform.collect(write_csv(folder / "1.csv", REGISTRATION + ["注册号"], rows))
    renamed = [["鲁山县改名%03d号有限公司" % n, enterprise_code(n), registration(n)[0]] for n in range(10, 20)]
    platform.collect(write_csv(folder / "2.csv", REGISTRATION + ["曾用名"], renamed))
    doubtful = [["鲁山县他人%03d号有限公司" % n, enterprise_code(n)] for n in range(20, 30)]
    platform.collect(write_csv(folder / "3.csv", REGISTRATION, doubtful))
    platform.collect(write_csv(folder / "4.csv", PERMIT, [permit(n, platform.unit) for n in range(300)]), "permit", "--key", "first")
    for name in ("clerk", "second"):
        password = platform.add_account(name)
        with platform.serve() as server:
            remember_columns(server, server.sign_in(name, password), name)
    write_articles(platform)
    work_of_the_office(platform)
    for number in (1, 2):
        run("report", "--data", platform.data, enterprise_code(number), "-o", folder / "report.pdf", check=True)
    return platform


class Found:
    """What verify said of one change."""

    def __init__(self, platform):
        done = platform.verify()
        self.status, self.text = done.returncode, done.stdout + done.stderr
        self.places, self.clean = [], done.returncode == 0
        with contextlib.suppress(ValueError):
            self.places = [damage["place"] for damage in json.loads(done.stdout).get("damages", [])]


class Tampering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.tried = collections.Counter()
        cls.lock = threading.Lock()
        cls.copies = 0

    @classmethod
    def tearDownClass(cls):
        print("%s: %s" % (cls.__name__, ", ".join("%d x %s" % (n, what) for what, n in sorted(cls.tried.items())) or "none"), flush=True)

    def setUp(self):
        self.random = random.Random("%d %s" % (SEED, self.id()))

    @contextlib.contextmanager
    def copy(self):
        with self.lock:
            type(self).copies += 1
            folder = self.folder / ("copy%d" % self.copies)
        try:
            yield self.platform.copy_to(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def count(self, what):
        with self.lock:
            self.tried[what] += 1

    def each(self, function, cases):
        """Two at a time; all failures are told."""
        wrong = []
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            for result in pool.map(function, cases):
                if result:
                    wrong.append(result)
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong[:40]))


# --- tables

def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return "x'%s'" % value.hex()
    return str(value) if isinstance(value, int) else "'%s'" % value.replace("'", "''")


def altered(value, choice):
    """Another value of the same type."""
    if value is None:
        return None
    if isinstance(value, int):
        return value + (choice.choice([-1, 1, 256]) if value < 2**62 else -1)  # the end of time has none after it
    if not value:
        return value + (b"\1" if isinstance(value, bytes) else "1")
    at = choice.randrange(len(value))
    if isinstance(value, bytes):
        return value[:at] + bytes([value[at] ^ (1 << choice.randrange(8))]) + value[at + 1:]
    return value[:at] + ("鹿" if value[at] != "鹿" else "麓") + value[at + 1:]


class Rows:
    """A table as a list of rows, and the statements that change it."""

    def __init__(self, name, columns, key, rows):
        self.name, self.columns, self.key, self.rows = name, columns, key, rows

    def where(self, row):
        return " AND ".join("%s = %s" % (column, literal(row[self.columns.index(column)])) for column in self.key)

    def place(self, row):
        """How verify names a row."""
        value = dict(zip(self.columns, row))
        return {
            "event": lambda: r"event %d" % value["seq"],
            "event_row": lambda: r"row \d+ of event \d+|row at position %d" % value["position"],
            "tile": lambda: r"tile %d/%d/%d" % (value["tree"], value["level"], value["position"]),
            "tree_head": lambda: r"head of size {0}|event {0}".format(value["size"]),  # the event that it left unsigned
        }.get(self.name, lambda: r"table %s \(%s\)" % (self.name, re.escape(", ".join(str(value[k]) for k in self.key))))()

    def changes(self, choice, thorough):
        """(what, statement, pattern of a place that must be named)"""
        columns = self.columns if thorough else choice.sample(self.columns, 1)
        for column in columns:
            row = choice.choice(self.rows)
            at = self.columns.index(column)
            value = 1 if row[at] is None else row[at] + 1_000_000 if self.is_counted(column) else altered(row[at], choice)
            new = row[:at] + (value,) + row[at + 1:]
            yield ("alter", "UPDATE %s SET %s = %s WHERE %s" % (self.name, column, literal(value), self.where(row)),
                   self.place(row) + "|" + self.place(new))
        for row in {self.rows[0], self.rows[-1], choice.choice(self.rows)} if thorough else [choice.choice(self.rows)]:
            yield "delete", "DELETE FROM %s WHERE %s" % (self.name, self.where(row)), self.place(row)
        new = self.another(choice)
        yield ("insert", "INSERT INTO %s (%s) VALUES (%s)" % (self.name, ", ".join(self.columns), ", ".join(map(literal, new))),
               self.place(new))
        if swap := self.swap(choice):
            yield swap

    def is_counted(self, column):
        """A key of numbers, where the next one may be taken."""
        return column in self.key and isinstance(self.rows[0][self.columns.index(column)], int)

    def another(self, choice):
        """A copy of a row under a key that no row has."""
        row = dict(zip(self.columns, choice.choice(self.rows)))
        last = self.key[-1]
        known = {r[self.columns.index(last)] for r in self.rows}
        row[last] = max(known) + 1 if isinstance(row[last], int) else row[last] + ("1" if isinstance(row[last], str) else b"1")
        if self.name == "subject":
            row["code"] = enterprise_code(999999)
        if self.name == "assessment":
            row["period"] = "2025-09"
        if self.name == "content_picture":
            row["digest"] = "%064x" % 7
        return tuple(row[column] for column in self.columns)

    def swap(self, choice):
        """Two rows change their keys."""
        for _ in range(50 if len(self.rows) > 1 else 0):
            one, two = choice.sample(self.rows, 2)
            k = [self.columns.index(column) for column in self.key]
            if [one[i] for i in range(len(one)) if i not in k] != [two[i] for i in range(len(two)) if i not in k]:
                break
        else:
            return None
        keep = lambda row, key: "UPDATE %s SET %s WHERE %s" % (
            self.name, ", ".join("%s = %s" % (column, literal(value)) for column, value in zip(self.key, key)), self.where(row))
        key_of = lambda row: tuple(row[self.columns.index(column)] for column in self.key)
        spare = tuple(-7 if isinstance(v, int) else "~" for v in key_of(one))
        moved = tuple(spare[self.key.index(c)] if c in self.key else v for c, v in zip(self.columns, one))
        return ("swap", ";\n".join([keep(one, spare), keep(two, key_of(one)), keep(moved, key_of(two))]),
                self.place(one) + "|" + self.place(two))


def sqlite_tables(database):
    with contextlib.closing(sqlite3.connect(database)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")]
        for name in names:
            info = db.execute("SELECT name, pk FROM pragma_table_info(?)", (name,)).fetchall()
            key = [column for column, pk in sorted(info, key=lambda c: c[1]) if pk]
            columns = [column for column, _ in info]
            yield Rows(name, columns, key, db.execute("SELECT %s FROM %s ORDER BY %s" % (", ".join(columns), name, ", ".join(key))).fetchall())


def content_of(database):
    """What SQLite reads from a file, its health included; bytes that nothing reads make no difference."""
    try:
        with contextlib.closing(sqlite3.connect(database)) as db:
            db.text_factory = bytes
            names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY 1").fetchall()
            schema = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2").fetchall()
            rows = {name: db.execute('SELECT * FROM "%s"' % name.decode()).fetchall() for (name,) in names}
            return [schema, rows, db.execute("PRAGMA integrity_check").fetchall(), db.execute("PRAGMA application_id").fetchall()]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)


def only_differs_in(one, two, blind):
    """Whether two contents are the same but for the rows of the blind tables."""
    if isinstance(one, str) or isinstance(two, str) or one[1].keys() != two[1].keys():
        return False
    same = one[0] == two[0] and one[2:] == two[2:]
    return same and all(one[1][name] == two[1][name] or blind(name.decode()) for name in one[1])


class Sqlite(Tampering):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.platform = filled(cls.folder, "sqlite")

    def setUp(self):
        super().setUp()
        self.assertTrue(Found(self.platform).clean)

    # --- rows

    def test_rows(self):
        cases = []
        for table in sqlite_tables(self.platform.data / "mingxin.db"):
            if not table.rows and table.name in EMPTY:
                continue
            self.assertTrue(table.rows, "nothing is in table " + table.name)
            if table.name not in BLIND and not SEARCH.match(table.name):
                cases += [(table.name, *change) for change in table.changes(self.random, True)]
        self.each(self.try_row, cases)

    def try_row(self, case):
        table, what, statement, pattern = case
        with self.copy() as platform:
            with contextlib.closing(sqlite3.connect(platform.data / "mingxin.db")) as db:
                # The triggers of the name search need a tokenizer that Python has not; verify must find the row all the same.
                triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for name, _ in triggers:
                    db.execute("DROP TRIGGER " + name)
                for part in statement.split(";\n"):
                    if db.execute(part).rowcount != 1:
                        return "%s changed nothing" % statement
                for _, sql in triggers:
                    db.execute(sql)
                db.commit()
            found = Found(platform)
        self.count("%s a row" % what)
        return wrong(found, statement, pattern)

    def test_schema(self):
        """What runs with the tables, or stands beside them."""
        self.each(self.try_schema, [
            ("CREATE TRIGGER later AFTER INSERT ON record BEGIN DELETE FROM record WHERE position = new.position; END", "later"),
            ("CREATE TABLE aside (a)", "aside"), ("CREATE VIEW seen AS SELECT * FROM record", "seen"),
            ("PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', 'Not NULL') WHERE name = 'tree_head'",
             "schema object tree_head"),
            ("DROP INDEX record_key", "record_key"), ("DROP TRIGGER subject_search_insert", "subject_search_insert"),
            ("DROP TABLE former_name", "former_name"), ("DROP TABLE session", "session"), ("DROP TABLE tile", "tile")])

    def try_schema(self, case):
        statement, name = case
        with self.copy() as platform:
            with contextlib.closing(sqlite3.connect(platform.data / "mingxin.db")) as db:
                db.executescript(statement)
            found = Found(platform)
        self.count("change the schema")
        return None if found.status == 1 and name in found.text else "%s: status %d, %s" % (statement, found.status, found.text[:500])

    def test_search_index(self):
        """Its own tables are no rows of ours; a search that finds less or more than the names is found."""
        for table in sqlite_tables(self.platform.data / "mingxin.db"):
            if table.name in ("subject_search_data", "batch_search_data"):
                with self.copy() as platform:
                    with contextlib.closing(sqlite3.connect(platform.data / "mingxin.db")) as db, db:
                        row = max(table.rows, key=lambda row: len(row[1]))
                        db.execute("UPDATE %s SET block = zeroblob(?) WHERE id = ?" % table.name, (len(row[1]), row[0]))
                    self.assertIsNone(wrong(Found(platform), "search index", "search index " + table.name.removesuffix("_data")))
                self.count("change the search index")

    # --- bytes

    FLIPS = 160

    def test_bytes(self):
        file = self.platform.data / "mingxin.db"
        self.bytes, self.content = file.read_bytes(), content_of(file)
        places = [self.random.randrange(len(self.bytes)) for _ in range(self.FLIPS)]
        self.each(self.try_byte, places + [self.random.randrange(100) for _ in range(20)])
        self.assertGreater(self.tried["flip a byte"], self.FLIPS / 4)

    def try_byte(self, at):
        with self.copy() as platform:
            file = platform.data / "mingxin.db"
            flipped = bytearray(self.bytes)
            flipped[at] ^= 1 << (at % 8)
            file.write_bytes(flipped)
            content = content_of(file)
            if content == self.content:
                self.count("flip a byte that nothing reads")
                return None
            if only_differs_in(content, self.content, lambda name: name in BLIND):
                self.count("flip a byte of a table that is not judged")
                return None
            file.write_bytes(flipped)
            found = Found(platform)
        if found.clean and only_differs_in(content, self.content, lambda name: SEARCH_MAP.match(name)):
            self.count("flip a byte of a map of the search")
            return None
        self.count("flip a byte")
        # "database" or "platform" alone would leave the operator to search.
        return wrong(found, "byte %d of page %d" % (at % 4096, at // 4096 + 1), r"(?!(database|platform|journal)$).+")

    # --- files

    def test_heads_file(self):
        lines = (self.platform.data / "heads.jsonl").read_bytes().splitlines(True)
        cases = [("alter", 0, [lines[0].replace(b'"key_id":"' + json.loads(lines[0])["key_id"].encode(), b'"key_id":"0123456789abcdef')] + lines[1:])]
        for at, line in enumerate(lines):
            byte = self.random.randrange(len(line) - 1)
            flipped = line[:byte] + bytes([line[byte] ^ 1]) + line[byte + 1:]
            cases.append(("alter", at, lines[:at] + [flipped] + lines[at + 1:]))
            cases.append(("repeat", at + 1, lines[:at] + [line] + lines[at:]))
            cases.append(("blank", at, lines[:at] + [b"\n"] + lines[at:]))
            if at + 1 < len(lines):  # the last lines may be missing after a crash: see BLIND_TAIL
                cases.append(("cut", at, lines[:at] + lines[at + 1:]))
                cases.append(("reorder", at, lines[:at] + [lines[at + 1], line] + lines[at + 2:]))
        self.each(self.try_heads, [(what, r"file heads\.jsonl line %d" % (at + 1), text) for what, at, text in cases])
        self.each(self.try_heads, [("empty", r"file heads\.jsonl", []), ("remove", r"file heads\.jsonl", None)])

    def try_heads(self, case):
        what, pattern, lines = case
        with self.copy() as platform:
            file = platform.data / "heads.jsonl"
            if lines is None:
                file.unlink()
            else:
                file.write_bytes(b"".join(lines))
            found = Found(platform)
        self.count(what + " a line of heads.jsonl")
        return wrong(found, "%s a line: %s" % (what, pattern), pattern)

    def test_heads_file_end(self):
        """BLIND_TAIL. A crash may keep the newest heads from being published, or cut the last line: no damage, for they lie
        signed in the database; the next write publishes them."""
        file = self.platform.data / "heads.jsonl"
        whole = file.read_bytes()
        lines = whole.splitlines(True)
        for left in (b"".join(lines[:-1]), whole[:-1], whole[:-200], b"".join(lines[:-1]) + lines[-1][:1]):
            with self.copy() as platform:
                (platform.data / "heads.jsonl").write_bytes(left)
                self.assertTrue(Found(platform).clean)
                run("unit", "add", "--data", platform.data, "--code", enterprise_code(5), "--name", "新单位", check=True)
                self.assertTrue((platform.data / "heads.jsonl").read_bytes().startswith(whole))
                self.assertTrue(Found(platform).clean)

    def test_other_files(self):
        """Each byte counts in platform.json, engine and the signing key. Not judged: keys/secret.hex, of which the journal
        knows nothing (a wrong one shows in replies that no longer open), and jobs/, replies sealed with it for some days."""
        cases = []
        for name in ("platform.json", "engine", "keys/sm2.pem"):
            content = (self.platform.data / name).read_bytes()
            body = len(content.rstrip())
            places = range(body) if name != "keys/sm2.pem" else self.random.sample(range(28, body - 26), 20)
            cases += [(name, content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]) for at in places]
            cases += [(name, content[:len(content) // 2]), (name, b""), (name, None)]
        other = Platform.init(self.folder / "other")
        cases.append(("keys/sm2.pem", (other.data / "keys/sm2.pem").read_bytes()))
        cases += [("keys/secret.hex", None), ("keys/secret.hex", b"12")]
        self.each(self.try_file, cases)

    def try_file(self, case):
        name, content = case
        with self.copy() as platform:
            if content is None:
                (platform.data / name).unlink()
            else:
                (platform.data / name).write_bytes(content)
            found = Found(platform)
        self.count("change " + name)
        named = name in found.text or name == "keys/sm2.pem" and "head of size 1" in found.places
        return None if found.status == 1 and named else "%s: status %d, %s" % (name, found.status, found.text[:300])

    # --- time turned back

    def test_older_copy(self):
        """An older database under the published heads. With the older heads file as well only they who have seen a later head
        can tell: the journal then can't continue it."""
        with self.copy() as now:
            old = now.data / "mingxin.db.old"
            shutil.copy(now.data / "mingxin.db", old)
            old_heads = (now.data / "heads.jsonl").read_bytes()
            now.collect(write_csv(self.folder / "later.csv", REGISTRATION, [registration(8000)]))
            seen = now.head()
            old.replace(now.data / "mingxin.db")
            found = Found(now)
            self.assertIsNone(wrong(found, "older copy", r"file heads\.jsonl line %d" % (old_heads.count(b"\n") + 1)))
            self.assertIn("回退", found.text)
            (now.data / "heads.jsonl").write_bytes(old_heads)
            self.assertTrue(Found(now).clean)
            self.assertNotEqual(run("journal", "consistency", "--data", now.data, 1, seen["size"]).returncode, 0)
        self.count("put an older copy back")


def wrong(found, what, pattern):
    """None when it was found and the place was named."""
    if os.environ.get("MINGXIN_TEST_TALK"):
        print("%s\n    %d %s" % (what[:160], len(found.places), found.text[:700]))
    if found.status == 1 and any(re.fullmatch(pattern, place) for place in found.places):
        return None
    return "%s: status %d, places %s, wanted %s; %s" % (what[:200], found.status, found.places[:6], pattern, found.text[:300])


class Postgres(Tampering):
    """One change of each kind a table; afterwards the rows are put back."""

    def test_rows(self):
        server = PostgresServer()
        if server.why_not:
            print("skipped: " + server.why_not, flush=True)
            self.skipTest(server.why_not)
        schema = "mingxin_tamper_%d" % os.getpid()
        self.addCleanup(server.drop, schema)
        platform = filled(self.folder, server.url(schema))
        self.assertTrue(Found(platform).clean)
        failures = []
        for table in self.tables(server, schema):
            if not table.rows and table.name in EMPTY:
                continue
            self.assertTrue(table.rows, "nothing is in table " + table.name)
            server.sql("CREATE TEMP TABLE gone (a int); CREATE SCHEMA IF NOT EXISTS %s_kept; CREATE TABLE %s_kept.%s AS TABLE %s" % (
                schema, schema, table.name, table.name), schema)
            for what, statement, pattern in [] if table.name in BLIND else table.changes(self.random, False):
                server.sql("BEGIN;\n%s;\nCOMMIT" % statement.replace("x'", "'\\x"), schema)
                if failure := wrong(Found(platform), statement, pattern):
                    failures.append(failure)
                self.count("%s a row" % what)
                server.sql("BEGIN; TRUNCATE %s; INSERT INTO %s SELECT * FROM %s_kept.%s; COMMIT" % (table.name, table.name, schema, table.name),
                           schema)
        server.drop(schema + "_kept")
        self.assertEqual(failures, [], "\n" + "\n".join(failures[:40]))
        self.assertTrue(Found(platform).clean)

    def tables(self, server, schema):
        named = server.sql("SELECT tablename FROM pg_tables WHERE schemaname = '%s' ORDER BY 1" % schema)
        for (name,) in named:
            columns = [column for (column,) in server.sql(
                "SELECT attname FROM pg_attribute WHERE attrelid = '%s.%s'::regclass AND attnum > 0 ORDER BY attnum" % (schema, name))
                if not column.endswith("_bigrams")]
            key = [column for (column,) in server.sql(
                "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) "
                "WHERE indisprimary AND indrelid = '%s.%s'::regclass ORDER BY array_position(indkey::int2[], attnum)" % (schema, name))]
            rows = [json.loads(row) for (row,) in server.sql("SELECT row_to_json(t) FROM (SELECT %s FROM %s ORDER BY %s) t" % (
                ", ".join(columns), name, ", ".join(key)), schema)]
            yield Rows(name, columns, key, [tuple(self.value(row[column]) for column in columns) for row in rows])

    @staticmethod
    def value(cell):
        return bytes.fromhex(cell[2:]) if isinstance(cell, str) and cell.startswith("\\x") else cell


if __name__ == "__main__":
    unittest.main(verbosity=0)
