"""kill -9 at random moments of a load: after the restart nothing that was acknowledged is lost, nothing is doubled, the
journal never went back and verify is clean. MINGXIN_TEST_SEED chooses other moments."""
import collections
import contextlib
import http.client
import json
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import zipfile

from driver import BINARY, REGISTRATION, Platform, PostgresServer, enterprise_code, registration, run, write_csv

SEED = int(os.environ.get("MINGXIN_TEST_SEED", "1"))
COUNTS = ("rows", "accepted", "updated", "duplicate", "doubtful", "rejected")
PENALTY = ["CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR",
           "CF_NR_FK", "CF_JDRQ", "CF_YXQ", "CF_CFJG", "CF_CFJGDM"]


def penalty(number, unit):
    return [registration(number)[0], "法人及非法人组织", enterprise_code(number), "张三", "鲁市监罚〔2026〕%d号" % number,
            "无证经营", "未取得许可从事经营活动", "《无证无照经营查处办法》第十三条", "罚款", "罚款人民币壹万元整", "1.000000",
            "2026-03-02", "2099/12/31", "鲁山县市场监督管理局", unit]


def counts(outcome):
    return tuple(outcome[name] for name in COUNTS)


class Killed(unittest.TestCase):
    """A platform and what is known of it: each file that was sent, each batch that was acknowledged."""

    ROWS = 1000

    @classmethod
    def setUpClass(cls):
        cls.kills = collections.Counter()

    @classmethod
    def tearDownClass(cls):
        print("%s: %s" % (cls.__name__, ", ".join("%d x %s" % (n, what) for what, n in cls.kills.items()) or "none"), flush=True)

    def setUp(self):
        self.random = random.Random("%d %s" % (SEED, self.id()))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.sent = 0
        self.files = 0
        self.expected = {}  # item: what a file gives the first time, and again

    def open(self, engine="sqlite"):
        """A new platform. One file of each item, sent twice and not disturbed, says what to expect and how long it takes."""
        self.files += 1
        self.platform = Platform.init("%s/platform%d" % (self.folder, self.files), engine)
        self.acknowledged, self.done, self.records, self.head = {}, {}, 0, None
        for item in ("registration", "penalty"):
            file = self.new_file(item)
            began = time.monotonic()
            first = counts(self.platform.collect(file, item))
            self.duration_s = time.monotonic() - began
            again = counts(self.platform.collect(file, item))
            self.assertGreater(first[1], self.ROWS * 0.9)
            self.assertEqual(again[1:4], (0, 0, first[1]))
            self.assertEqual(self.expected.setdefault(item, (first, again)), (first, again))
            self.records += first[1]
        self.follow_head()

    def new_file(self, item="registration"):
        """Rows about enterprises that no file had before; some registrations are refused, some doubtful."""
        base = self.sent + 1
        self.sent += self.ROWS
        numbers = range(base, base + self.ROWS)
        path = "%s/%d.csv" % (self.folder, base)
        if item == "penalty":
            return write_csv(path, PENALTY, [penalty(n, self.platform.unit) for n in numbers])
        rows = [registration(n) for n in numbers]
        for at in range(10, self.ROWS, 100):
            rows[at][1] = rows[at][1][:-1] + ("0" if rows[at][1][-1] != "0" else "1")  # a check character that is wrong
            rows[at + 1][1] = rows[at + 2][1]  # the code of another name
        return write_csv(path, REGISTRATION, rows)

    # --- killing

    def kill_after(self, command, delay_s, what, statuses=(0,)):
        """Kills the command, and those that it started, after the delay; (its output, whether it was still running)."""
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   start_new_session=True)
        try:
            process.wait(delay_s)
        except subprocess.TimeoutExpired:
            pass
        alive = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        output = process.communicate()[0]
        self.assertIn(process.returncode, (*statuses, -signal.SIGKILL), output[-2000:])
        self.kills[what] += alive
        return output, alive

    # --- what must hold after a kill

    def follow_head(self):
        head = self.platform.head()
        if self.head:
            self.assertGreaterEqual(head["size"], self.head["size"], "the journal went back")
            if head["size"] == self.head["size"]:
                self.assertEqual(head["root"], self.head["root"], "the journal was written anew")
        self.head = head

    def acknowledge(self, output, file, item):
        """Each whole line of output is a batch that the command said was taken."""
        for line in output.splitlines():
            outcome = json.loads(line)
            self.assertEqual(counts(outcome), self.expected[item][0])
            self.acknowledged[outcome["batch"]] = file

    def send_again(self, file, item):
        """All rows are new, or all are known; known where they were acknowledged."""
        outcome = counts(self.platform.collect(file, item))
        first, again = self.expected[item]
        self.assertIn(outcome, (first, again), "a part of the file was stored")
        if file in self.acknowledged.values():
            self.assertEqual(outcome, again, "an acknowledged batch was lost")
        self.records += first[1]

    def assert_clean(self):
        verdict = self.platform.verify()
        self.assertEqual(verdict.returncode, 0, verdict.stdout[:3000] + verdict.stderr)

    def close(self):
        """At the end, when each file was sent to its end: nothing is missing and nothing is there twice."""
        self.assert_clean()
        known = {str(batch) for batch in self.column_of("SELECT id FROM batch")}
        self.assertEqual(set(self.acknowledged) - known, set(), "acknowledged batches were lost")
        for batch in self.random.sample(sorted(self.acknowledged), min(5, len(self.acknowledged))):
            receipt = json.loads(run("journal", "prove", "--data", self.platform.data, batch, self.ROWS, check=True).stdout)
            self.assertEqual(json.loads(receipt["event"]["header"])["rows"], self.ROWS)
        for count in ("count(*)", "count(CASE WHEN ended_us = 0 THEN 1 END)", "count(DISTINCT subject)"):
            self.assertEqual(self.column_of("SELECT %s FROM record" % count), [self.records])
        self.assertEqual(self.column_of("SELECT count(*) FROM subject"), [self.records])

    def column_of(self, query):
        with contextlib.closing(sqlite3.connect(self.platform.data / "mingxin.db")) as database:
            return [row[0] for row in database.execute(query)]


class SqliteCollect(Killed):
    """One command at a time, two at once, several in a row."""

    KILLS, PER_PLATFORM = 146, 37

    def test_collect(self):
        while sum(self.kills.values()) < self.KILLS:
            self.open()
            stop = min(self.KILLS, sum(self.kills.values()) + self.PER_PLATFORM)
            while sum(self.kills.values()) < stop:
                self.random.choices([self.one, self.with_key, self.in_a_row, self.two_at_once], [6, 2, 1, 1])[0]()
                self.follow_head()
                if self.random.random() < 0.1:
                    self.assert_clean()
            self.close()
            print("  %d kills" % sum(self.kills.values()), flush=True)

    def delay(self, times=1.0):
        return self.random.uniform(0, self.duration_s * times * 1.15)

    def one(self):
        item = self.random.choice(["registration", "penalty"])
        file = self.new_file(item)
        reply = file.with_suffix(".xlsx")
        output, _ = self.kill_after([BINARY, *self.platform.collect_command(file, item, "--json", "--reply", reply)],
                                    self.delay(1.5), "collect")
        self.acknowledge(output, file, item)
        if reply.exists():
            self.assertIsNone(zipfile.ZipFile(reply).testzip(), "half a reply was left")
        self.send_again(file, item)

    def with_key(self):
        """With an idempotency key the first answer comes again, whenever the first try was killed."""
        file = self.new_file()
        options = ["--key", "key-%d" % self.sent]
        output, _ = self.kill_after([BINARY, *self.platform.collect_command(file, "registration", "--json", *options)],
                                    self.delay(), "collect with a key")
        self.acknowledge(output, file, "registration")
        again = self.platform.collect(file, "registration", *options)
        self.assertEqual(counts(again), self.expected["registration"][0])
        self.records += again["accepted"]
        for batch, of in self.acknowledged.items():
            if of == file:
                self.assertEqual(again["batch"], batch)
        self.assertEqual(counts(self.platform.collect(file)), self.expected["registration"][1])

    def in_a_row(self):
        files = [self.new_file() for _ in range(3)]
        script = 'binary=$1; shift; for file; do "$binary" collect --json --data "$DATA" --item registration --unit "$UNIT" "$file"; done'
        command = ["env", "DATA=%s" % self.platform.data, "UNIT=" + self.platform.unit, "sh", "-c", script, "sh", BINARY, *files]
        output, _ = self.kill_after(command, self.delay(3), "collects in a row")
        for file, line in zip(files, output.splitlines()):
            self.acknowledge(line, file, "registration")
        for file in files:
            self.send_again(file, "registration")

    def two_at_once(self):
        """One of them is killed; the other is not disturbed."""
        killed, other = self.new_file(), self.new_file("penalty")
        beside = subprocess.Popen([BINARY, *map(str, self.platform.collect_command(other, "penalty", "--json"))],
                                  stdout=subprocess.PIPE, text=True)
        output, _ = self.kill_after([BINARY, *self.platform.collect_command(killed, "registration", "--json")], self.delay(2),
                                    "one of two collects")
        self.acknowledge(output, killed, "registration")
        self.acknowledge(beside.communicate(timeout=60)[0], other, "penalty")
        self.assertEqual(beside.returncode, 0)
        self.assertIn(other, self.acknowledged.values())
        self.send_again(killed, "registration")
        self.send_again(other, "penalty")



class SqliteServer(Killed):
    """serve, while a file is handed in over the API; then another server on the same data."""

    KILLS = 30

    def test_serve(self):
        self.open()
        first_password = self.platform.add_account()
        server = self.platform.serve()
        session = server.sign_in("clerk", first_password)
        token = session.form_token()  # sessions are in the database: both hold on after a restart
        self.addCleanup(lambda: server.kill())
        while sum(self.kills.values()) < self.KILLS:
            file = self.new_file()
            upload = threading.Thread(target=self.upload, args=(session, token, file))
            upload.start()
            time.sleep(self.random.uniform(0, self.duration_s * 1.5))
            self.assertIsNone(server.process.poll(), "the server ended by itself")
            server.kill()
            self.kills["serve"] += 1
            upload.join()
            self.follow_head()
            server = self.platform.serve()
            session = session.on(server)
            if batch := self.done.pop(file, None):
                taken = session.get_json("/api/v1/batches/%d" % batch)
                self.assertEqual(counts(taken), self.expected["registration"][0])
                self.acknowledged[str(batch)] = file
            self.send_again(file, "registration")  # while the server runs
            if self.random.random() < 0.3:
                self.assert_clean()
        server.stop()
        self.assertTrue(self.acknowledged)
        self.close()

    def upload(self, session, token, file):
        """Notes the batch of the file in self.done once the server has said that it is done."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, _, body = session.submit(file, "registration", token)
            assert status == 202, body
            while True:
                job = session.get_json("/api/v1/jobs/" + json.loads(body)["job"])
                if job["state"] == "done":
                    self.done[file] = job["batch"]
                    return
                assert job["state"] != "failed", job
                time.sleep(0.005)


class SqliteWhole(Killed):
    """backup and rebuild --repair: they leave the platform as it was or as it should be."""

    BACKUPS = REBUILDS = 12

    def test_backup(self):
        self.open()
        file = self.folder + "/backup"
        began = time.monotonic()
        run("backup", "--data", self.platform.data, file, check=True)
        duration_s = time.monotonic() - began
        for number in range(1000):
            if self.kills["backup"] >= self.BACKUPS:
                break
            file = "%s/backup%d" % (self.folder, number)
            output, _ = self.kill_after([BINARY, "backup", "--data", self.platform.data, file],
                                        self.random.uniform(0, duration_s * 1.1), "backup")
            self.follow_head()
            self.assertTrue(os.path.exists(file) or not output, "a backup that was said to be there is not")
            if os.path.exists(file):
                run("restore", "--data", file + ".restored", file, check=True)  # verifies
                self.assertEqual(Platform(file + ".restored").head(), self.head)
        self.assert_clean()
        run("backup", "--data", self.platform.data, self.folder + "/last", check=True)
        self.close()

    def test_rebuild(self):
        """A state table is altered, rebuild --repair is killed: the table is the altered one or the right one."""
        self.open()
        run("rebuild", "--repair", "--data", self.platform.data, check=True)
        before, after, duration_s = 0, 0, None
        while self.kills["rebuild --repair"] < self.REBUILDS:
            with contextlib.closing(sqlite3.connect(self.platform.data / "mingxin.db")) as database, database:
                database.execute("UPDATE record SET severity = 3 WHERE position % 7 = 1 AND item = (SELECT max(item) FROM record)")
                database.execute("DELETE FROM record WHERE position % 11 = 2")
            altered = self.platform.verify()
            self.assertEqual(altered.returncode, 1)
            command = [BINARY, "rebuild", "--repair", "--data", self.platform.data]
            if duration_s is None:
                began = time.monotonic()
                self.kill_after(command, 60, "rebuild --repair", (1,))
                duration_s = time.monotonic() - began
            else:
                self.kill_after(command, self.random.uniform(0, duration_s * 1.1), "rebuild --repair", (1,))
            self.follow_head()
            verdict = self.platform.verify()
            self.assertIn(verdict.stdout, (altered.stdout, self.clean_verdict()))
            before, after = before + verdict.returncode, after + 1 - verdict.returncode
            if verdict.returncode:
                self.assertEqual(run("rebuild", "--repair", "--data", self.platform.data).returncode, 1)  # it found something
            self.assert_clean()
        self.assertGreater(before, 0)
        self.assertGreater(after, 0)
        self.close()

    def clean_verdict(self):
        """What verify prints of this platform when it is whole; remembered from the first time."""
        if not hasattr(self, "verdict"):
            copy = self.platform.copy_to(self.folder + "/copy")
            run("rebuild", "--repair", "--data", copy.data)
            self.verdict = copy.verify().stdout
            self.assertTrue(json.loads(self.verdict)["clean"])
        return self.verdict


class PostgresCollect(Killed):
    """The client is killed; what it had begun, the server rolls back when it finds out."""

    KILLS = 24

    def test_collect(self):
        server = PostgresServer()
        if server.why_not:
            print("skipped: " + server.why_not, flush=True)
            self.skipTest(server.why_not)
        schema = "mingxin_crash_%d" % os.getpid()
        self.addCleanup(server.drop, schema)
        self.column_of = lambda query: [int(row[0]) for row in server.sql(query, schema)]
        self.open(server.url(schema))
        while sum(self.kills.values()) < self.KILLS:
            item = self.random.choice(["registration", "penalty"])
            file = self.new_file(item)
            output, _ = self.kill_after([BINARY, *self.platform.collect_command(file, item, "--json")],
                                        self.random.uniform(0, self.duration_s * 1.5), "collect")
            self.follow_head()
            self.acknowledge(output, file, item)
            self.send_again(file, item)
            self.follow_head()
            if self.random.random() < 0.2:
                self.assert_clean()
        self.close()


if __name__ == "__main__":
    unittest.main(verbosity=0)
