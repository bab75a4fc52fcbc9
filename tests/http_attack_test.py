"""The server under attack: bytes that no browser sends, limits, forged and missing permissions. Each is refused in
the documented way, in bounded memory, and the server answers correctly afterwards."""
import json
import re
import signal
import socket
import threading
import time
import unittest
import urllib.parse

import driver
from http_world import FORM, INTERNALS, PASSWORD, Attack, Reply, read_all, set_up


def setUpModule():
    global world
    world = set_up()


def tearDownModule():
    world.close()


class Bytes(Attack):
    def test_what_is_no_http(self):
        head = b"GET / HTTP/1.1\r\nHost: a\r\n"
        post = b"POST /api/v1/checks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        secret = b"GET /about HTTP/1.1\r\nHost: a\r\n\r\n"  # what a smuggler would like answered
        cases = [
            ("not http", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "MX2701"),
            ("no version", b"GET /\r\n\r\n", 400, "MX2701"),
            ("version 2", b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "MX2706"),
            ("version 1.10", b"GET / HTTP/1.10\r\nHost: a\r\n\r\n", 505, "MX2706"),
            ("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "MX2706"),
            ("no host", b"GET / HTTP/1.1\r\n\r\n", 400, "MX2701"),
            ("two hosts", head + b"Host: b\r\n\r\n", 400, "MX2701"),
            ("host of forbidden characters", b"GET / HTTP/1.1\r\nHost: a/b@c d\r\n\r\n", 400, "MX2701"),
            ("bare line feed", b"GET / HTTP/1.1\nHost: a\n\n", 400, "MX2701"),
            ("bare line feed in a field", head + b"X: 1\nY: 2\r\n\r\n", 400, "MX2701"),
            ("bare carriage return", head + b"X: 1\rY: 2\r\n\r\n", 400, "MX2701"),
            ("NUL in a field", head + b"X: a\0b\r\n\r\n", 400, "MX2701"),
            ("NUL in the target", b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MX2701"),
            ("blank before the colon", head + b"Content-Length : 5\r\n\r\n", 400, "MX2701"),
            ("field without name", head + b": 1\r\n\r\n", 400, "MX2701"),
            ("folded field", head + b"Cookie: a=b\r\n mx_session=c\r\n\r\n", 400, "MX2701"),
            ("two cookies fields", head + b"Cookie: a=b\r\nCookie: c=d\r\n\r\n", 400, "MX2701"),
            ("two lengths", post + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + secret, 400, "MX2701"),
            ("a list of lengths", post + b"Content-Length: 2, 40\r\n\r\n{}" + secret, 400, "MX2701"),
            ("negative length", post + b"Content-Length: -1\r\n\r\n", 400, "MX2701"),
            ("length with a sign", post + b"Content-Length: +2\r\n\r\n{}", 400, "MX2701"),
            ("hexadecimal length", post + b"Content-Length: 0x2\r\n\r\n{}", 400, "MX2701"),
            ("length beyond 64 bits", post + b"Content-Length: 99999999999999999999\r\n\r\n", 400, "MX2701"),
            ("length and chunks", post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + secret, 400, "MX2701"),
            ("chunks and length", post + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n" + secret, 400, "MX2701"),
            ("hidden chunks", post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + secret, 501, "MX2707"),
            ("chunks twice", post + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + secret, 501, "MX2707"),
            ("compressed chunks", post + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, "MX2707"),
            ("chunks of HTTP/1.0", post.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501, "MX2707"),
            ("compressed body", post + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 501, "MX2707"),
            ("chunk size that is none", post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "MX2701"),
            ("chunk size beyond 64 bits", post + b"Transfer-Encoding: chunked\r\n\r\n1ffffffffffffffff\r\n", 400, "MX2701"),
            ("chunk without its end", post + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n", 400, "MX2701"),
            ("chunk head without end", post + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200_000, 400, "MX2701"),
            ("GET with a body", head + b"Content-Length: 40\r\n\r\n" + secret, 413, "MX2703"),
            ("long target", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "MX2704"),
            ("endless target", b"GET /" + b"a" * 400_000, 414, "MX2704"),
            ("long head", head + b"X: " + b"a" * 17_000 + b"\r\n\r\n", 431, "MX2705"),
            ("endless head", head + b"X: a\r\n" * 100_000, 431, "MX2705"),
            ("101 fields", head + b"X: a\r\n" * 101 + b"\r\n", 431, "MX2705"),
        ]
        for what, data, status, code in cases:
            with self.subTest(what):
                reply = world.raw(data)
                self.refused(Reply(reply), status, code, what)
                self.assertEqual(reply.count(b"HTTP/1.1 "), 1, what)  # nothing behind it was answered
                self.assertIn(b"Connection: close\r\n", reply)

    def test_bodies_beyond_their_limit(self):
        big = b"x" * (3 << 20)
        json_type = {"Content-Type": "application/json"}
        self.refused(world.ask("POST", "/api/v1/checks", big, json_type), 413, "MX2703")
        self.refused(world.ask("POST", "/sign-in", b"account=" + big, {"Content-Type": FORM}), 413, "MX2703")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        reply = world.raw(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 100)
        self.refused(Reply(reply), 413, "MX2703")
        # Told before the body is sent; whoever may not send is told so.
        for path, status, code, session in (("/api/v1/batches", 401, "MX1404", None), ("/nowhere", 404, "MX2601", None),
                                            ("/api/v1/batches", 403, "MX1405", "auditor"),
                                            ("/api/v1/journal/head", 405, "MX2602", None), ("/sign-in", 413, "MX2703", None)):
            cookie = "Cookie: mx_session=%s\r\n" % world.sessions[session] if session else ""
            reply = world.raw(("POST %s HTTP/1.1\r\nHost: a\r\n%sExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n"
                               % (path, cookie)).encode())
            self.refused(Reply(reply), status, code, path)

    def test_bodies_that_are_odd(self):
        def checks(body):
            return world.ask("POST", "/api/v1/checks", body, {"Content-Type": "application/json"})
        code = world.subject["code"]
        self.assertEqual(checks(json.dumps({"subjects": [{"code": code}] * 1000}).encode()).status, 200)
        for body, fault in ((b"[" * 200_000, "MX1403"), (b'{"subjects":' + b"[" * 40 + b"]" * 40 + b"}", "MX1403"),
                            (b'{"subjects":[1]}', "MX1403"), (b'{"subjects":[{"code":1}]}', "MX1403"), (b"{}", "MX1402"),
                            (b'{"subjects":[{"id":"1"}]}', "MX1401"), (b'{"subjects":[],"role":"operator"}', "MX1401"),
                            (b'{"subjects":[{"name":"\xff"}]}', "MX1403"), (b'{"subjects":[{"name":"a\\u0000"}]}', "MX1403"),
                            (json.dumps({"subjects": [{}] * 1001}).encode(), "MX1001"), (b"null", "MX1403"),
                            (b'{"subjects":[]}{}', "MX1403"), (b"", "MX1402")):
            self.refused(checks(body), 400, fault, body[:40])
        self.refused(world.ask("POST", "/api/v1/checks", b"<x/>", {"Content-Type": "text/xml"}), 415, "MX2604")
        self.refused(world.ask("POST", "/api/v1/checks", urllib.parse.urlencode({"subjects": '[{"code":1}]'}).encode(),
                               {"Content-Type": FORM}), 400, "MX1403")
        disposition = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n1\r\n'
        for what, body, status, fault in (
                ("no end", disposition % b"account", 400, "MX2701"), ("no boundary", b"x" * 20_000, 400, "MX2701"),
                ("40 parts", disposition % b"a" * 40 + b"--b--", 400, "MX2701"),
                ("nameless part", b"--b\r\nX: y\r\n\r\n1\r\n--b--", 400, "MX2701"),
                ("name that is no text", disposition % b"\xff" + b"--b--", 400, "MX2701"),
                ("endless head", b"--b\r\n" + b"X: y\r\n" * 3000, 400, "MX2701"),
                ("unknown field", disposition % b"admin" + b"--b--", 400, "MX1401"),
                ("a path as file name", b'--b\r\nContent-Disposition: form-data; name="f"; filename="../../x"\r\n\r\n1\r\n--b--', 400, "MX1401"),
                ("twice", disposition % b"account" * 2 + b"--b--", 400, "MX1403")):
            self.refused(world.ask("POST", "/sign-in", body, {"Content-Type": "multipart/form-data; boundary=b"}),
                         status, fault, what)

    def test_trailers_are_not_the_head(self):
        data = ("POST /api/v1/units HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                "Cookie: mx_session=%s\r\nX-CSRF-Token: %s\r\n\r\n".replace("Transfer", "Content-Type: application/json\r\nTransfer", 1)
                % (world.sessions["office"], world.tokens["office"]))
        self.refused(Reply(world.raw(data.encode())), 401, "MX1404")
        data = data.replace("/api/v1/units", "/api/v1/checks").replace("\r\n0\r\n", '\r\nf\r\n{"subjects":[]}\r\n0\r\n')
        self.assertEqual(Reply(world.raw(data.encode())).status, 200)

    def test_pipelined_requests_are_answered_in_order(self):
        targets = ["/api/v1/subjects/" + world.subject["code"], "/api/v1/journal/head", "/nowhere", "/about"] * 25
        data = b"".join(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % target.encode() for target in targets)
        body = b'{"subjects":[]}'
        data += b"POST /api/v1/checks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n" + body
        data += b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        statuses = re.findall(rb"HTTP/1\.1 (\d+) ", world.raw(data))
        self.assertEqual(statuses, [b"200", b"200", b"404", b"200"] * 25 + [b"200", b"404"])

    def test_slow_clients(self):
        """Cut within the limits, all at once; others are served meanwhile."""
        replies = {}

        def drip(name, first, drop):
            with world.connect() as link:
                link.sendall(first)
                link.settimeout(0.5)
                began = time.monotonic()
                data = b""
                while time.monotonic() - began < 35:
                    try:
                        piece = link.recv(65536)
                        data += piece
                        if not piece or b"\r\n\r\n" in data:
                            break
                    except socket.timeout:
                        try:
                            link.sendall(drop)
                        except OSError:
                            break
                replies[name] = (data, time.monotonic() - began)

        threads = [threading.Thread(target=drip, args=case) for case in (
            ("head", b"GET / HTTP/1.1\r\nHost: a\r\n", b"X: y\r\n"),
            ("line", b"GET /", b"a"),
            ("body", b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n", b"a"),
            ("chunks", b"POST /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
            ("behind", b"GET /about HTTP/1.1\r\nHost: a\r\n\r\n" * 20 + b"GET /x HTTP/1.1\r\nHost: a\r\n", b""))]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            began = time.monotonic()
            self.assertEqual(world.ask("GET", "/api/v1/journal/head").status, 200)
            self.assertLess(time.monotonic() - began, 2)
            time.sleep(0.5)
        for name in ("head", "line", "body", "chunks"):
            self.refused(Reply(replies[name][0]), 408, "MX2702", name)
            self.assertLess(replies[name][1], 13 if name in ("head", "line") else 25, name)

    def test_paths_that_climb(self):
        for path in ("/../../etc/passwd", "/static/../../../etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd",
                     "/static/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/static/site.css/../../templates", "/./about",
                     "/static/..\\..\\x", "/static/%00", "/about%00.html", "/%61bout", "/about/", "/static/", "http://other.example/about",
                     "*", "/subjects", "/records/..%2f..%2fetc", "/verify/%2e%2e%2f", "/api/v1/records/1-1%00", "/api/v1/subjects/%FF",
                     "/api/v1/subjects/%", "/api/v1/subjects/%zz", "/api/v1/subjects/", "/API/V1/journal/head"):
            reply = world.ask("GET", path)
            self.assertIn(reply.status, (400, 404), (path, reply.data[:200]))
            self.assertIsNone(INTERNALS.search(reply.body), path)
        self.refused(world.ask("GET", "/api/v1/subjects?q=aa&q=bb"), 400, "MX1403")
        self.refused(world.ask("GET", "/api/v1/subjects?q=aa&debug=1"), 400, "MX1401")
        self.refused(world.ask("GET", "/api/v1/batches?limit=99999999999999999999", session="clerk"), 400, "MX1403")

    def test_metrics_are_for_this_machine(self):
        self.assertEqual(world.ask("GET", "/metrics").status, 200)
        self.assertEqual(world.ask("GET", "/metrics", fields={"X-Forwarded-For": "192.0.2.1"}).status, 404)

    def test_many_connections_and_bounded_memory(self):
        world.ask("GET", "/")
        before = world.memory_kib()
        links = []
        try:
            for _ in range(3000):
                links.append(world.connect())
            for link in links[::2]:
                link.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"y" * 3000)
            self.assertEqual(world.ask("GET", "/api/v1/journal/head").status, 200)
            during = world.memory_kib()
        finally:
            for link in links:
                link.close()
        self.assertLess(during - before, 128 << 10, "KiB for 3,000 connections")
        for _ in range(50):  # bodies that stop in the middle
            with world.connect() as link:
                link.sendall(b"POST /verify HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                             b"Content-Length: 30000000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"
                             + b"z" * 200_000)
        time.sleep(0.5)
        self.assertEqual(list((world.platform.data / "uploads").iterdir()), [])  # nothing is left behind
        self.assertLess(world.memory_kib() - before, 128 << 10)
        print("memory: %d KiB before, %d KiB with 3,000 connections" % (before, during), flush=True)

    def test_clients_that_leave(self):
        body = json.dumps({"code": world.subject["code"]})
        head = "POST /api/v1/reports HTTP/1.1\r\nHost: a\r\nCookie: mx_session=%s\r\nX-CSRF-Token: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        data = (head % (world.sessions["office"], world.tokens["office"], len(body)) + body).encode()
        for _ in range(10):
            with world.connect() as link:
                link.sendall(data)
        for cut in range(0, len(data), 23):
            with world.connect() as link:
                link.sendall(data[:cut])
        with world.connect() as link:  # resets instead of closing
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            link.sendall(data)


class Identity(Attack):
    def test_cookies(self):
        line = world.ask("GET", "/sign-in").field("Set-Cookie")
        self.assertRegex(line, r"^mx_visitor=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict$")
        reply = world.ask("GET", "/sign-in", fields={"X-Forwarded-Proto": "https"})
        self.assertRegex(reply.field("Set-Cookie"), r"^__Host-mx_visitor=[0-9a-f]{32}; Path=/; HttpOnly; SameSite=Strict; Secure$")
        self.assertIn("max-age=31536000", reply.field("Strict-Transport-Security"))
        self.assertIsNone(world.ask("GET", "/sign-in").field("Strict-Transport-Security"))

    def test_pages_carry_their_headers(self):
        for path in ("/", "/desk", "/nowhere", "/static/site.css", "/subjects/" + world.subject["code"]):
            reply = world.ask("GET", path, fields={"Accept": "text/html"}, session="clerk")
            policy = reply.field("Content-Security-Policy")
            self.assertIn("default-src 'none'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(reply.field("X-Content-Type-Options"), "nosniff")
            self.assertTrue(reply.field("Referrer-Policy"))
            self.assertIsNone(reply.field("Server"))

    def test_forged_forms(self):
        cookie, token = world.visitor()
        form = {"csrf": token, "account": "nobody.here", "password": "x"}
        address = {"X_Forwarded_For": "192.0.2.50"}
        for what, values, cookies, fields in (
                ("no cookie", form, "", {}), ("no token", {**form, "csrf": ""}, cookie, {}),
                ("token of another", {**form, "csrf": world.visitor()[1]}, cookie, {}),
                ("other site", form, cookie, {"Origin": "https://evil.example"}), ("null origin", form, cookie, {"Origin": "null"}),
                ("cross-site", form, cookie, {"Sec_Fetch_Site": "cross-site"}), ("same-site", form, cookie, {"Sec_Fetch_Site": "same-site"}),
                ("a chosen cookie", form, "mx_visitor=" + "0" * 32, {})):
            reply = world.post_form("/sign-in", values, cookies, **fields, X_Forwarded_For="192.0.2.%d" % (60 + len(what)))
            self.refused(reply, 403, "MX2603", what)
        reply = world.post_form("/sign-in", form, cookie, **address)
        self.assertEqual((reply.status, "账号或密码不正确" in reply.body.decode()), (401, True))
        self.assertEqual(reply.field("Cache-Control"), "no-store")
        # A session vouches for the API only with its token.
        body = json.dumps({"code": driver.authority_code(1), "name": "某局"}).encode()
        json_type = {"Content-Type": "application/json"}
        self.refused(world.ask("POST", "/api/v1/units", body, json_type, "office"), 403, "MX2603")
        other = {**json_type, "X-CSRF-Token": world.tokens["clerk"]}
        self.refused(world.ask("POST", "/api/v1/units", body, other, "office"), 403, "MX2603")
        self.refused(world.ask("POST", "/api/v1/units", body, {**json_type, "Origin": "http://evil.example"}, "office", True), 403, "MX2603")

    def test_where_a_sign_in_leads(self):
        for number, target in enumerate(("//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example", "/\r\nSet-Cookie: a=b",
                                         "javascript:alert(1)", "\t//evil.example")):
            page = world.ask("GET", "/sign-in?next=" + urllib.parse.quote(target, safe=""))
            self.assertNotIn(b"evil.example", page.body, target)
            cookie, token = world.visitor()
            reply = world.post_form("/sign-in", {"csrf": token, "account": "clerk", "password": PASSWORD, "next": target}, cookie,
                                    X_Forwarded_For="198.51.100.%d" % number)
            self.assertEqual((reply.status, reply.field("Location")), (303, "/desk"), target)
            self.assertEqual(len([1 for name, _ in reply.fields if name == "Set-Cookie"]), 1)

    def test_sessions(self):
        """Not fixed by the client, not guessed, ended when they are ended."""
        cookie, token = world.visitor()
        chosen = "a" * 64
        reply = world.post_form("/sign-in", {"csrf": token, "account": "auditor", "password": PASSWORD},
                                cookie + "; mx_session=" + chosen, X_Forwarded_For="192.0.2.70")
        given = reply.field("Set-Cookie").split(";")[0].split("=")[1]
        self.assertNotEqual(given, chosen)
        self.assertRegex(given, "^[0-9a-f]{64}$")
        for wrong in (chosen, given[:-1], given + "0", given.upper() if given.upper() != given else "x", "' OR 1=1 --"):
            self.assertEqual(world.ask("GET", "/account/password", session=wrong).status, 303, wrong)
        self.assertEqual(world.ask("GET", "/account/password", session=given).status, 200)
        form = {"csrf": world.token_on("/account/password", given)}
        reply = world.post_form("/sign-out", form, "mx_session=" + given)
        self.assertEqual(reply.status, 303)
        self.assertIn("Max-Age=0", reply.field("Set-Cookie"))
        self.assertEqual(world.ask("GET", "/account/password", session=given).status, 303)

    def test_guessing(self):
        def attempt(account, password, address):
            cookie, token = world.visitor()
            return world.post_form("/sign-in", {"csrf": token, "account": account, "password": password}, cookie, X_Forwarded_For=address)
        known, unknown = attempt("operator", "wrong", "192.0.2.80"), attempt("nobody.here", "wrong", "192.0.2.80")
        strip = lambda reply: re.sub(rb'value="[^"]*"', b"", reply.body)
        self.assertEqual((known.status, strip(known)), (unknown.status, strip(unknown)))
        attempt("operator", "wrong", "192.0.2.80")
        attempt("operator", "wrong", "192.0.2.80")
        reply = attempt("operator", PASSWORD, "192.0.2.80")  # even the right one waits
        self.assertEqual((reply.status, "暂缓登录" in reply.body.decode()), (429, True))
        statuses = [attempt("x%d" % i, "wrong", "192.0.2.81").status for i in range(12)]
        self.assertEqual(statuses[:10], [401] * 10)
        self.assertEqual(statuses[-1], 429)
        reply = attempt("x", "wrong", "192.0.2.81")
        self.refused(reply, 429, "MX1406")
        self.assertGreater(int(reply.field("Retry-After")), 0)
        flood = [world.ask("GET", "/about", fields={"X-Forwarded-For": "192.0.2.82"}).status for _ in range(400)]
        self.assertIn(429, flood)

    def test_what_belongs_to_another_unit(self):
        for path in ("/api/v1/batches/%d" % world.batch, "/api/v1/batches/%d/findings" % world.batch, "/api/v1/batches/%d/reply" % world.batch,
                     "/api/v1/jobs/" + world.job, "/desk/batches/%d" % world.batch, "/desk/batches/%d/reply" % world.batch,
                     "/desk/uploads/" + world.job):
            self.assertIn(world.ask("GET", path, session="clerk").status, (200, 303), path)
            self.assertEqual(world.ask("GET", path, session="stranger").status, 404, path)
        self.assertEqual(world.ask("POST", "/api/v1/jobs/%s/cancel" % world.job, session="stranger", token=True).status, 404)
        self.assertNotIn(world.batch, [batch["id"] for batch in world.ask("GET", "/api/v1/batches?limit=200", session="stranger").json()["batches"]])
        self.refused(world.upload("stranger", b"a,b\n1,2\n", unit=driver.authority_code(2)), 400, "MX1401")


class Drain(unittest.TestCase):
    def test_replies_under_way_end(self):
        """Last: stops the server. A reply that is being made arrives whole; nobody new is let in."""
        body = json.dumps({"code": world.subject["code"]})
        data = ("POST /api/v1/reports HTTP/1.1\r\nHost: a\r\nCookie: mx_session=%s\r\nX-CSRF-Token: %s\r\nContent-Type: application/json\r\n"
                "Content-Length: %d\r\n\r\n%s" % (world.sessions["office"], world.tokens["office"], len(body), body)).encode()
        idle = world.connect()
        busy = [world.connect() for _ in range(8)]
        for link in busy:
            link.sendall(data)
        time.sleep(0.1)
        world.server.process.send_signal(signal.SIGTERM)
        for link in busy:
            reply = Reply(read_all(link))
            self.assertEqual(reply.status, 200, reply.data[:300])
            self.assertTrue(reply.body.startswith(b"%PDF"))
            self.assertEqual(len(reply.body), int(reply.field("Content-Length")))
        self.assertEqual(read_all(idle), b"")
        self.assertEqual(world.server.process.wait(30), 0)
        with self.assertRaises(OSError):
            world.connect(2)
        self.assertEqual(world.platform.verify().returncode, 0)


def load_tests(loader, _tests, _pattern):
    suite = unittest.TestSuite()
    for case in (Identity, Bytes, Drain):  # Drain stops the server
        suite.addTests(loader.loadTestsFromTestCase(case))
    return suite


if __name__ == "__main__":
    unittest.main()
