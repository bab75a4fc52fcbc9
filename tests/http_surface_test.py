"""All that the server offers: every method on every path, as nobody and as each role, against the table that openapi
and rules/roles.yaml give; every reply of the API against its description."""
import json
import re
import time
import unittest
import urllib.parse

import driver
from http_world import FORM, INTERNALS, ROLES, Attack, own_columns, set_up

# Every page: id -> (method, path, permission). A page that is missing here fails test_every_page_has_a_row.
PAGES = {
    "site.home": ("GET", "/", "anyone"), "site.search": ("GET", "/search", "anyone"),
    "site.subject": ("GET", "/subjects/{code}", "anyone"), "site.record": ("GET", "/records/{id}", "anyone"),
    "site.about": ("GET", "/about", "anyone"), "site.static": ("GET", "/static/site.css", "anyone"),
    "site.kind": ("GET", "/subjects/{code}/penalty", "anyone"), "site.publicity_all": ("GET", "/publicity", "anyone"),
    "site.publicity": ("GET", "/publicity/penalty", "anyone"), "site.statistics": ("GET", "/statistics", "anyone"),
    "site.guides": ("GET", "/guides", "anyone"), "site.guide": ("GET", "/guides/objection", "anyone"),
    "site.open": ("GET", "/open", "anyone"), "site.accessibility": ("GET", "/accessibility", "anyone"),
    "site.robots": ("GET", "/robots.txt", "anyone"), "site.sitemap_index": ("GET", "/sitemap.xml", "anyone"),
    "site.sitemap": ("GET", "/sitemap/1", "anyone"), "site.feed": ("GET", "/feeds/penalty", "anyone"),
    "site.verify_form": ("GET", "/verify", "anyone"), "site.columns": ("GET", "/columns", "anyone"),
    "site.column": ("GET", "/columns/{slug}", "anyone"), "site.column_feed": ("GET", "/columns/{slug}/feed", "anyone"),
    "site.article": ("GET", "/articles/{id}", "anyone"), "site.picture": ("GET", "/pictures/{digest}", "anyone"),
    "site.verify": ("GET", "/verify/{number}", "anyone"), "site.verify_file": ("POST", "/verify", "anyone"),
    "site.journal": ("GET", "/journal", "anyone"), "site.sign_in_form": ("GET", "/sign-in", "anyone"),
    "site.sign_in": ("POST", "/sign-in", "anyone"), "site.sign_out": ("POST", "/sign-out", "anyone"),
    "site.password_form": ("GET", "/account/password", "signed_in"),
    "site.password": ("POST", "/account/password", "anyone"),
    "site.desk": ("GET", "/desk", "collect_submit"), "site.submit": ("POST", "/desk/uploads", "collect_submit"),
    "site.upload": ("GET", "/desk/uploads/{job}", "collect_submit"),
    "site.batch": ("GET", "/desk/batches/{batch}", "collect_view"),
    "site.reply": ("GET", "/desk/batches/{batch}/reply", "collect_view"),
    "site.report": ("POST", "/subjects/{code}/report", "report_issue"),
}


def permissions_of_roles():
    text = (driver.ROOT / "rules" / "roles.yaml").read_text(encoding="utf-8")
    found = re.findall(r"- id: (\w+)\n.*?permissions: \[([^\]]*)\]", text, re.DOTALL)
    return {role: {name.strip() for name in names.split(",")} for role, names in found}


def setUpModule():
    global world
    world = set_up()


def tearDownModule():
    world.close()


class Crawl(Attack):
    METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

    def rows(self):
        """(id, method, path, permission) of everything."""
        for path, item in world.openapi["paths"].items():
            for method, operation in item.items():
                yield operation["operationId"], method.upper(), path, operation["x-permission"]
        for name, (method, path, permission) in PAGES.items():
            yield name, method, path, permission

    def test_every_page_has_a_row(self):
        named = set()
        for source in (driver.ROOT / "src" / "services" / "site").glob("*.cpp"):
            named |= set(re.findall(r'"(site\.(?!css|svg)\w+)"', source.read_text(encoding="utf-8")))
        self.assertEqual(named, set(PAGES))

    def test_every_method_on_every_path(self):
        rights = permissions_of_roles()
        self.assertEqual(set(ROLES.values()), set(rights))  # a new role needs an account here
        by_path = {}
        for _, method, path, permission in self.rows():
            by_path.setdefault(path, {})[method] = permission
        count = 0
        for path, methods in sorted(by_path.items()):
            for method in self.METHODS:
                permission = methods.get("GET" if method == "HEAD" else method)
                for who in (None, *ROLES):
                    count += 1
                    body = b"x_probe=1" if method == "POST" else b""  # refused, but only of those who may
                    reply = world.ask(method, world.fill(path), body, {"Content-Type": FORM} if body else {}, who)
                    self.judge(reply, permission, rights[ROLES[who]] if who else set(), who, (method, path, who))
        print("crawl: %d requests on %d paths" % (count, len(by_path)), flush=True)

    def judge(self, reply, permission, rights, who, what):
        page = not what[1].startswith("/api/")
        self.assertLess(reply.status, 500, (what, reply.data[:300]))
        if re.match("text/|application/json", reply.field("Content-Type") or ""):
            self.assertIsNone(INTERNALS.search(reply.body), (what, reply.body[:500]))
        self.assertEqual(reply.field("X-Content-Type-Options"), "nosniff", what)
        if permission is None:
            self.assertEqual(reply.status, 405, what)
            self.assertRegex(reply.field("Allow"), "^(GET, HEAD|POST|GET, HEAD, POST)$", what)
        elif permission == "anyone" or permission in rights or (permission == "signed_in" and who):
            self.assertNotIn(reply.status, (401, 405), (what, reply.data[:300]))
            self.assertNotEqual(reply.code, "MX1405", what)
            self.assertFalse((reply.field("Location") or "").startswith("/sign-in"), what)
        elif who:
            self.assertEqual(reply.status, 403, what)
            self.assertIn(reply.code, ("MX1405", None) if what[0] == "HEAD" else ("MX1405",), what)
        elif page and what[0] != "POST":
            self.assertEqual(reply.status, 303, what)
            self.assertTrue(reply.field("Location").startswith("/sign-in?next="), what)
        else:
            self.assertEqual(reply.status, 401, what)
        if permission not in (None, "anyone"):
            self.assertEqual(reply.field("Cache-Control"), "no-store", what)


class Described(Attack):
    """The description is right: in itself, and about what the server answers."""

    def samples(self):
        """id -> (role, query, JSON body); every operation has one."""
        code = urllib.parse.quote(world.subject["code"])
        sizes = sorted(head["size"] for head in world.ask("GET", "/api/v1/journal/heads").json()["heads"])
        unit = {"code": driver.authority_code(4711), "name": "某局"}
        return {
            "subject.show": (None, "", None), "subject.search": (None, "?q=%E9%B2%81%E5%B1%B1&limit=5", None),
            "record.show": (None, "", None), "record.receipt": (None, "", None),
            "check.list": (None, "", {"subjects": [{"code": code}, {"name": "不存在的公司"}, {"code": code, "name": "别的公司"}]}),
            "report.issue": ("office", "", {"code": code, "purpose": "测试"}), "report.verify": (None, "", None),
            "batch.submit": ("clerk", "", None), "batch.list": ("clerk", "?limit=3", None), "batch.show": ("clerk", "", None),
            "batch.findings": ("clerk", "", None), "batch.reply": ("clerk", "", None), "job.show": ("clerk", "", None),
            "job.cancel": ("clerk", "", None), "journal.head": (None, "", None), "journal.heads": (None, "", None),
            "journal.key": (None, "", None), "journal.receipt": (None, "", None), "journal.consistency": (None, "?old=%d&new=%d" % (sizes[0], sizes[-1]), None),
            "unit.add": ("office", "", unit), "unit.list": ("office", "", None),
            "account.create": ("operator", "", {"name": "new.one", "display": "新人", "role": "auditor"}),
            "account.reset_password": ("operator", "", None), "account.list": ("operator", "", None),
            "edition.list": ("auditor", "", None), "edition.changes": ("head", "", None), "edition.touched": ("head", "?edition=" + world.editions[1], None),
            "edition.approve": ("head", "", None), "edition.decline": ("head", "", {"reason": "尚未收到正式文件"}),
            "item.list": (None, "", None), "item.template": (None, "", None), "figures.show": (None, "", None), "session.show": (None, "", None),
            "system.show": ("operator", "", None), "doubtful.list": ("clerk", "?limit=5", None), "doubtful.candidates": ("clerk", "", None),
            "doubtful.judge": ("office", "", {"rows": [{"position": world.waiting}], "reason": "请核对代码后重新报送"}),
            "judgement.list": ("clerk", "?limit=5", None), "judgement.reverse": ("office", "", {"rows": [{"position": world.waiting}], "reason": "误操作"}),
            "batch.sheet": ("clerk", "?lines=2", None), "subject.suggest": (None, "?name=%E9%B2%81%E5%B1%B1&limit=5", None), "subject.list": ("clerk", "?limit=2", None),
            "record.list": ("clerk", "?item=penalty", None), "report.list": ("office", "", None), "event.list": ("auditor", "?limit=3", None),
            "desk.show": ("clerk", "", None), "screen.show": ("clerk", "", None), "verify.last": ("auditor", "", None),
            "verify.start": ("auditor", "", None), "task.list": ("clerk", "", None), "task.get": ("clerk", "", None),
            "correction.list": ("office", "?limit=5", None), "record.versions": ("office", "", None), "record.recipients": ("office", "", None),
            "withdrawal.grounds": ("clerk", "", None), "record.restore": ("office", "", {"reason": "误撤"}),
            "record.withdraw": ("office", "", {"records": [world.to_withdraw], "ground": "withdrawal.mistaken", "reason": "重复报送"}),
            "record.correct": ("office", "", {"reason": "录入有误", "values": [{"field": "XK_NR", "value": "更正后的许可内容"}]}),
            "record.reissue": ("office", "", {"reason": "重新作出", "values": [{"field": "XK_NR", "value": "重新许可的内容"}]}),
            "mapping.suggest": ("clerk", "", None), "mapping.list": ("clerk", "", None), "mapping.end": ("clerk", "", None),
            "mapping.save": ("clerk", "", {"item": "registration", "columns": own_columns("甲")}),
            "task.cancel": ("clerk", "", None), "task.file": ("clerk", "", None), **self.exports(),
            **self.content_samples(), **self.assess_samples(),
        }

    def assess_samples(self):
        board = "?scheme=assessment.double&period=" + time.strftime("%Y-%m")
        text = "系统升级期间平台无法接收"
        return {
            "assess.board": ("head", board, None), "assess.trend": ("clerk", board, None), "assess.faults": ("office", board.replace("scheme=assessment.double&", ""), None),
            "assess.figure": ("auditor", board + "&indicator=assess.timely", None), "assess.rows": ("clerk", board + "&indicator=assess.compliant&part=denominator", None),
            "assess.export": ("clerk", "", {"format": "csv", "scheme": "assessment.double", "period": "2026-01", "indicator": "assess.late"}),
            "assess.report": ("office", "", {"scheme": "assessment.double", "period": "2026-01", "format": "xlsx"}),
            "assessment.close": ("office", "", {"scheme": "assessment.all", "period": "2025-11"}), "assessment.list": ("clerk", "", None), "assessment.show": ("clerk", "", None),
            "appeal.list": ("head", "", None), "appeal.export": ("head", "", {"format": "csv"}),
            "appeal.file": ("clerk", "", {"indicator": "assess.timely", "reason": text}), "appeal.decide": ("head", "", {"upheld": False, "reason": text}),
        }

    def exports(self):
        lists = {"batch": "office", "doubtful": "office", "judgement": "office", "subject": "office", "record": "office", "report": "office", "correction": "office", "event": "auditor",
                 "unit": "office", "account": "operator"}
        return {
            "edition.export": ("head", "", {"format": "csv", "edition": world.editions[1]}),
            "finding.export": ("office", "", {"format": "csv", "batch": world.batch}),
            **{name + ".export": (who, "", {"format": "csv"}) for name, who in lists.items()},
        }

    def content_samples(self):
        text = {"column": "surface-open", "title": "标题", "summary": "摘要", "body": "老赖"}
        done = world.articles
        return {
            "column.list": ("office", "", None), "column.save": ("office", "", {"slug": "surface-new", "revision": 0, "name": "新栏目", "kind": "articles"}),
            "column.end": ("office", "", {"revision": world.column_revision, "reason": "测试"}),
            "column.reopen": ("office", "", {"revision": world.ended["revision"], "reason": "测试"}),
            "article.list": ("writer", "?limit=5", None), "article.rechecks": ("writer", "", None), "site.copy": ("office", "", {"base": "https://credit.example.gov.cn"}), "article.show": ("writer", "", None), "article.version": ("writer", "", None),
            "article.save": ("writer", "", {"revision": 0, **text}), "article.check": ("writer", "", text),
            "article.preview": ("writer", "", {"body": "## 标题"}), "article.compare": ("writer", "?old=1&new=1", None),
            "article.submit": ("writer", "", {"revision": done["submit"]["revision"]}),
            "article.recall": ("writer", "", {"version": 1}),
            "article.discard": ("writer", "", {"revision": done["discard"]["revision"]}),
            "article.pass": ("reviewer", "", {"version": 1}), "article.return": ("reviewer", "", {"version": 1, "note": "请补充"}),
            "article.release": ("releaser", "", {"version": 1}), "article.withdraw": ("releaser", "", {"reason": "测试"}),
            "picture.add": ("writer", "", None), "picture.list": ("writer", "", None), "picture.show": ("writer", "", None),
        }

    def schema(self, schema, value, what):
        if "$ref" in schema:
            schema = world.openapi["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        kinds = {"string": str, "number": (int, float), "integer": int, "boolean": bool, "object": dict, "array": list}
        if isinstance(schema["type"], list):
            self.assertEqual(schema["type"][1:], ["null"], what)
            schema = dict(schema, type=schema["type"][0])
            if value is None:
                return
        self.assertIsInstance(value, kinds[schema["type"]], what)
        if schema["type"] == "object":
            for name in schema.get("required", ()):
                self.assertIn(name, value, what)
            for name, inner in value.items():
                if name in schema["properties"]:
                    self.schema(schema["properties"][name], inner, what + "." + name)
                else:
                    self.assertTrue(schema["additionalProperties"], "%s.%s is not described" % (what, name))
        elif schema["type"] == "array":
            for inner in value:
                self.schema(schema["items"], inner, what + "[]")
        elif schema.get("format") == "date":
            self.assertRegex(value, r"^\d{4}-\d\d-\d\d$", what)

    def matches(self, operation, reply, what):
        """The reply is one that the operation describes; returns its schema's own words on success."""
        described = operation["responses"].get(str(reply.status)) or operation["responses"]["default"]
        if str(reply.status) not in operation["responses"]:
            self.assertIn(reply.status, (400, 408, 414, 431, 501, 505), (what, reply.data[:300]))
        kind = reply.field("Content-Type").split(";")[0]
        if kind.startswith("image/"):
            kind = "image/*"
        self.assertIn(kind, described["content"], what)
        schema = described["content"][kind]["schema"]
        if kind == "application/json":
            self.schema(schema, reply.json(), what)
            if reply.status >= 400:
                self.assertIn(reply.code, described["description"], (what, "code not described"))

    def test_replies_are_as_described(self):
        samples = self.samples()
        operations = [(path, method, operation) for path, item in world.openapi["paths"].items() for method, operation in item.items()]
        operations.sort(key=lambda one: one[2]["operationId"] == "edition.approve")  # the last: jobs end with it
        for path, method, operation in operations:
            name = operation["operationId"]
            self.assertIn(name, samples, "a new operation needs a sample here")
            role, query, body = samples[name]
            target = world.fill(path).replace("nobody.here", "new.one") + query
            if name == "batch.submit":
                reply = world.upload("clerk", "主体名称,统一社会信用代码\n甲,1\n".encode())
            elif name == "mapping.suggest":
                reply = world.upload("clerk", ("企业名,十八位代码\n%s,%s\n" % tuple(driver.registration(78))).encode(), target)
            elif name == "picture.add":
                reply = world.add_picture()
            elif name == "edition.approve":
                reply = world.ask("POST", path.replace("{edition}", world.editions[0]), session=role, token=True)
                world.wait_for_edition(world.editions[0])
            else:
                for _ in range(600):
                    reply = world.ask(method.upper(), target, json.dumps(body).encode() if body else b"",
                                      {"Content-Type": "application/json"} if body else {}, role, role and method == "post")
                    if reply.code not in ("MX3201", "MX2605", "MX2501"):  # tasks enough, figures not counted yet, verifying
                        break
                    time.sleep(0.1)
            if name == "account.reset_password" and reply.status == 404:  # runs before account.create
                reply = world.ask("POST", world.fill(path).replace("nobody.here", "stranger"), session=role, token=True)
            # Their success needs a month with data that is over: src/app/cli/assess_test.cpp.
            done = (404,) if name in ("appeal.file", "appeal.decide") else (200, 202)
            self.assertIn(reply.status, done, (name, reply.data[:400]))
            self.matches(operation, reply, name)

    def test_refusals_are_as_described(self):
        samples = self.samples()
        for path, item in world.openapi["paths"].items():
            for method, operation in item.items():
                name = operation["operationId"]
                role = samples[name][0]
                verb, token = method.upper(), bool(role) and method == "post"
                absent = re.sub(r"\{(\w+)\}", lambda m: "999999999" if m[1] == "id" and "batches" in path else "9-9", path)
                tries = [(world.fill(path) + "?no_such_field=1", b"", None, role), (absent, b"", None, role), (world.fill(path), b"", None, None),
                         (world.fill(path), b"", None, "auditor")]
                if method == "post":
                    tries += [(world.fill(path), b"<x/>", "text/xml", role), (world.fill(path), b"{", "application/json", role),
                              (world.fill(path), b'{"no":1}', "application/json", role)]
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "query":
                        tries.append((world.fill(path) + "?%s=%%00&limit=0" % parameter["name"], b"", None, role))
                for target, data, kind, who in tries:
                    reply = world.ask(verb, target, data, {"Content-Type": kind} if kind else {}, who, token and who == role)
                    if reply.status >= 400:
                        self.matches(operation, reply, "%s %s %s" % (name, target, kind))

    def test_the_description_is_openapi_3_1(self):
        root = world.openapi
        self.assertRegex(root["openapi"], r"^3\.1\.\d+$")
        self.assertTrue(root["info"]["title"] and root["info"]["version"])
        self.assertLessEqual(set(root), {"openapi", "info", "servers", "paths", "components", "security", "tags"})
        seen = set()
        for path, item in root["paths"].items():
            self.assertTrue(path.startswith("/"))
            for method, operation in item.items():
                what = method + " " + path
                self.assertIn(method, ("get", "post"), what)
                self.assertNotIn(operation["operationId"], seen)
                seen.add(operation["operationId"])
                named = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
                self.assertEqual(named, set(re.findall(r"\{(\w+)\}", path)), what)
                for parameter in operation.get("parameters", ()):
                    self.assertIn(parameter["in"], ("path", "query"), what)
                    self.assertTrue(parameter["in"] != "path" or parameter["required"], what)
                for requirement in operation["security"]:
                    self.assertLessEqual(set(requirement), set(root["components"]["securitySchemes"]), what)
                self.assertEqual(operation["x-permission"] == "anyone", operation["security"] == [], what)
                for status, response in operation["responses"].items():
                    self.assertRegex(status, r"^([1-5]\d\d|default)$", what)
                    self.assertTrue(response["description"], what)
        for reference in re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(root)):
            node = root
            for step in reference.removeprefix("#/").split("/"):
                node = node[step]


if __name__ == "__main__":
    unittest.main()
