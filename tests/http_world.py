"""A small county behind its server, a session of each role, and raw bytes to ask it with: for the http_*_test.py."""
import json
import pathlib
import re
import resource
import shutil
import socket
import tempfile
import time
import unittest
import urllib.parse

import driver

ROLES = {"operator": "platform_operator", "office": "credit_office_clerk", "head": "credit_office_head", "clerk": "department_clerk",
         "auditor": "auditor", "writer": "content_writer", "reviewer": "content_reviewer", "releaser": "content_releaser",
         "stranger": "department_clerk"}
PASSWORD = "correct horse battery"
INTERNALS = re.compile(rb"/work|/tmp|/root|\.cpp|\.h:|sqlite3|SQLITE_|no such table|(?-i:SELECT )|exception|terminate|root:x:0", re.IGNORECASE)
FORM = "application/x-www-form-urlencoded"

class Reply:
    def __init__(self, data):
        self.data = data
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if lines[0].startswith("HTTP/1.1 ") else None
        self.fields = [tuple(line.split(": ", 1)) for line in lines[1:] if ": " in line]

    def field(self, name):
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The fault code, of a page as well."""
        found = re.search(rb"MX\d{4}", self.body)
        return found[0].decode() if found else None


class World:
    """One small county, its server, and a session of each role."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mingxin-http-")
        data = pathlib.Path(self.folder.name) / "data"
        driver.run("init", "--data", data, check=True)
        driver.run("demo", "--data", data, "--size", "small", check=True)
        self.platform = driver.Platform(data)
        logins = dict(re.findall(r"^  (\w+)  (\w+)", (data / "first-logins.txt").read_text(), re.MULTILINE))
        units = driver.run_json("unit", "list", "--data", data)
        units = units["units"] if isinstance(units, dict) else units
        self.platform.unit = units[-1]["code"]
        logins["stranger"] = self.platform.add_account("stranger")
        if "head" not in logins:
            logins["head"] = self.platform.add_account("head", "credit_office_head")
        self.editions = [self.propose(number) for number in (1, 2)]
        self.server = self.platform.serve("--threads", "2")
        self.sessions, self.tokens = {}, {}
        self.logins = logins

    def propose(self, number):
        """The digest of an edition that waits: the program's own with a document more."""
        folder = pathlib.Path(self.folder.name) / ("rules-%d" % number)
        shutil.copytree(driver.ROOT / "rules", folder)
        (folder / "more.yaml").write_text("documents:\n  - {id: more.%d, title_zh: 某通知, valid_from: 2026-01-01}\n" % number)
        return driver.run_json("rules", "propose", "--data", self.platform.data, folder)["digest"]

    def prepare(self):
        logins = self.logins
        self.openapi = json.loads(driver.run("openapi", check=True).stdout)
        self.sessions = {name: self.sign_in(name, logins[name], "192.0.2.%d" % number)
                         for number, name in enumerate(ROLES, 1)}
        self.tokens = {name: self.token_on("/account/password", cookie) for name, cookie in self.sessions.items()}
        self.in_force = next(one["digest"] for one in self.ask("GET", "/api/v1/editions", session="head").json()["editions"]
                             if one["state"] == 2)
        self.find_things()

    def wait_for_edition(self, digest):
        """The platform is opened anew with it."""
        for _ in range(200):
            time.sleep(0.05)
            try:
                if self.ask("GET", "/api/v1/system", session="operator").json().get("rulebook") == digest:
                    return
            except (OSError, AttributeError, ValueError, IndexError):
                continue
        raise AssertionError("the edition is not in force")

    def close(self):
        self.server.stop()
        self.folder.cleanup()

    def connect(self, timeout=40):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout)

    def raw(self, data, timeout=40):
        """What comes back until the server closes."""
        with self.connect(timeout) as link:
            try:
                link.sendall(data)
            except OSError:
                pass  # refused before all of it was sent
            return read_all(link)

    def ask(self, method, path, body=b"", fields=(), session=None, token=False):
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: site.example", "Connection: close"]
        fields = dict(fields)
        if session:
            lines.append("Cookie: mx_session=" + self.sessions.get(session, session))
        if token:
            fields["X-CSRF-Token"] = self.tokens[session]
        if body or method in ("POST", "PUT", "PATCH"):
            fields.setdefault("Content-Length", len(body))
        lines += ["%s: %s" % field for field in fields.items()]
        return Reply(self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body))

    def post_form(self, path, values, cookie="", **fields):
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.ask("POST", path, urllib.parse.urlencode(values).encode(),
                        {"Content-Type": FORM, **({"Cookie": cookie} if cookie else {}), **fields})

    def visitor(self, **fields):
        """(cookie, form token) of somebody new."""
        page = self.ask("GET", "/sign-in", fields={name.replace("_", "-"): value for name, value in fields.items()})
        return page.field("Set-Cookie").split(";")[0], driver.form_token(page.body.decode())

    def token_on(self, path, cookie):
        return driver.form_token(self.ask("GET", path, session=cookie).body.decode())

    def sign_in(self, account, first, address):
        """Over the proxy's field for the address, so that the limit of sign-ins counts each on its own."""
        visitor, token = self.visitor()
        reply = self.post_form("/sign-in", {"csrf": token, "account": account, "password": first}, visitor,
                               X_Forwarded_For=address)
        assert reply.status == 303, (account, reply.data)
        cookie = reply.field("Set-Cookie").split(";")[0].split("=", 1)[1]
        form = {"csrf": self.token_on("/account/password", cookie), "old": first, "password": PASSWORD, "again": PASSWORD}
        reply = self.post_form("/account/password", form, "mx_session=" + cookie, X_Forwarded_For=address)
        assert reply.status == 303, (account, reply.data)
        return reply.field("Set-Cookie").split(";")[0].split("=", 1)[1]

    def find_things(self):
        """Names of real things for the paths."""
        found = self.ask("GET", "/api/v1/subjects?q=" + urllib.parse.quote("鲁山") + "&limit=100").json()["subjects"]
        for subject in found:
            shown = self.ask("GET", "/api/v1/subjects/" + subject["code"]).json()
            if shown["records"]:
                self.subject, self.record = shown, shown["records"][0]["id"]
                break
        closed = self.ask("POST", "/api/v1/assess/assessments", json.dumps({"scheme": "assessment.double", "period": "2025-11"}).encode(),
                          {"Content-Type": "application/json"}, "office", True)
        self.assessment = closed.json()["id"]
        name, code = driver.registration(77)
        text = "主体名称,统一社会信用代码\n%s,%s\n坏行,1\n另一家有限公司,%s\n" % (name, code, code)
        reply = self.upload("clerk", text.encode())
        assert reply.status == 202, reply.data
        self.job = reply.json()["job"]
        for _ in range(100):
            state = self.ask("GET", "/api/v1/jobs/" + self.job, session="clerk").json()
            if state["state"] not in ("waiting", "running"):
                break
            time.sleep(0.05)
        self.batch = state["batch"]
        waiting = self.ask("GET", "/api/v1/doubtful-rows?batch=%d" % self.batch, session="clerk").json()["rows"]
        self.waiting = waiting[0]["position"]
        started = self.ask("POST", "/api/v1/exports/batches", b'{"format":"csv"}', {"Content-Type": "application/json"}, "clerk", True)
        assert started.status == 202, started.data
        self.task = started.json()["task"]
        for _ in range(1200):
            if self.ask("GET", "/api/v1/tasks/" + self.task, session="clerk").json()["has_file"]:
                break
            time.sleep(0.05)
        report = self.ask("POST", "/api/v1/reports", json.dumps({"code": self.subject["code"]}).encode(),
                          {"Content-Type": "application/json"}, "office", True)
        assert report.status == 200, report.data[:500]
        self.report = report.field("X-Report-Number")
        self.mapping = self.call("clerk", "/api/v1/mappings", item="registration", columns=own_columns("乙"))["id"]
        self.write_articles()
        self.correct_records()

    def correct_records(self):
        """Permits: one each to be corrected, withdrawn, restored and issued anew."""
        listed = self.ask("GET", "/api/v1/record-list?item=permit&limit=50", session="office").json()["records"]
        ids = [one["id"] for one in listed if one["id"] != self.record and one["document_no"]]
        self.to_correct, self.to_withdraw, self.to_restore, self.to_reissue = ids[:4]
        self.call("office", "/api/v1/withdrawals", records=[self.to_restore, self.to_reissue], ground="withdrawal.mistaken", reason="测试")

    def call(self, session, path, **body):
        reply = self.ask("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"}, session, True)
        assert reply.status == 200, (path, reply.data[:500])
        return reply.json()

    def write_articles(self):
        """A column, an ended one, a picture, and an article ready for each step of a review."""
        columns = "/api/v1/content/columns"
        for slug in ("surface", "surface-ended", "surface-open"):
            self.call("office", columns, slug=slug, revision=0, name=slug, kind="articles")
        revisions = {one["slug"]: one["revision"] for one in self.ask("GET", columns, session="office").json()["columns"]}
        self.ended = self.call("office", columns + "/surface-ended/end", revision=revisions["surface-ended"], reason="测试")
        self.column_revision = revisions["surface"]
        picture = self.add_picture()
        assert picture.status == 200, picture.data[:500]
        self.picture = picture.json()["digest"]
        self.articles, articles = {}, "/api/v1/content/articles"
        for step in ("show", "submit", "recall", "discard", "pass", "return", "release", "withdraw", "compare"):
            text = {"column": "surface-open", "title": "接口测试：" + step, "summary": "摘要", "body": "正文"}
            done = self.call("writer", articles, revision=0, **text)
            here = "%s/%d/" % (articles, done["id"])
            if step not in ("submit", "discard"):
                done = self.call("writer", here + "submit", revision=done["revision"])
            if step in ("release", "withdraw"):
                done = self.call("reviewer", here + "pass", version=done["version"])
            if step == "withdraw":
                done = self.call("releaser", here + "release", version=done["version"])
            self.articles[step] = done

    def add_picture(self):
        parts = {"csrf": self.tokens["writer"], "alt": "一个灰点"}
        body = "".join('--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part for part in parts.items())
        body = body.encode() + b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.png"\r\n\r\n' + driver.grey_point()
        return self.ask("POST", "/api/v1/content/pictures", body + b"\r\n--b--\r\n",
                        {"Content-Type": "multipart/form-data; boundary=b"}, "writer")

    def upload(self, session, content, path="/api/v1/batches", **more):
        parts = {"csrf": self.tokens.get(session, ""), "item": "registration", **more}
        body = "".join('--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part for part in parts.items())
        body = body.encode() + b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n' + content
        return self.ask("POST", path, body + b"\r\n--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}, session)

    def memory_kib(self):
        status = pathlib.Path("/proc/%d/status" % self.server.process.pid).read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status)[1])

    def fill(self, path):
        if "/content/articles/{id}" in path:
            step = path.rsplit("/", 1)[1]
            path = path.replace("{id}", str(self.articles.get(step, self.articles["show"])["id"]))
        for step in ("correct", "restore", "reissue"):
            if path.endswith("/records/{id}/" + step):
                path = path.replace("{id}", getattr(self, "to_" + step))
        slug = "surface-ended" if path.endswith("/reopen") else "surface"
        # Of the one in force nothing can be decided: nobody who tries every path puts another into force.
        path = path.replace("{edition}", self.editions[1] if path.endswith("/decline") else self.in_force)
        path = path.replace("{slug}", slug).replace("{digest}", self.picture).replace("{version}", "1")
        for name, value in {"{code}": self.subject["code"], "{id}": None, "{number}": self.report, "{job}": self.job,
                            "{batch}": str(self.batch), "{item}": "penalty", "{event}": str(self.batch), "{position}": str(self.waiting), "{name}": "nobody.here",
                            "{assessment}": str(self.assessment), "{appeal}": "999999"}.items():
            if name == "{id}":
                value = str(self.mapping) if "/mappings/" in path else self.job if "/jobs/" in path else self.task if "/tasks/" in path else str(self.batch) if "/batches/" in path else self.record
            path = path.replace(name, value)
        return path


def own_columns(mark):
    """What a department calls the columns of a registration; the mark makes another set of headers."""
    return [{"header": "企业名" + mark, "field": "ENT_NAME"}, {"header": "十八位代码" + mark, "field": "USCC"}, {"header": "序号" + mark}]


def read_all(link):
    data = b""
    try:
        while piece := link.recv(65536):
            data += piece
    except OSError:
        pass
    return data


def set_up():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    world = World()
    try:
        world.prepare()
    except BaseException:
        world.close()
        raise
    Attack.world = world
    return world


class Attack(unittest.TestCase):
    world = None

    def tearDown(self):
        """Alive, and right."""
        self.assertIsNone(self.world.server.process.poll())
        reply = self.world.ask("GET", "/api/v1/subjects/" + self.world.subject["code"])
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.json()["name"], self.world.subject["name"])

    def refused(self, reply, status, code, what=""):
        self.assertEqual((reply.status, reply.code), (status, code), (what, reply.data[:300]))
        self.assertIsNone(INTERNALS.search(reply.body), (what, reply.body))
        self.assertEqual(reply.field("X-Content-Type-Options"), "nosniff", what)
        self.assertIn("frame-ancestors 'none'", reply.field("Content-Security-Policy") or "", what)
