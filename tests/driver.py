"""Drives the real binary for the tests of this folder: invented codes, a platform in a folder of its own, commands,
a server. It hides the standard library's module of the same name from the scripts here; of that library only uuid
needs it, so take secrets.token_hex() instead."""
import csv
import fcntl
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("MINGXIN_BIN", ROOT / "build" / "release" / "mingxin")).resolve()
REAL_DATA = ROOT.parent / "shared" / "data"
DIVISION = "410423"

# --- invented codes that are valid

USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714


def uscc(first17):
    """Completes 17 characters to a unified social credit code."""
    total = sum(USCC_CHARACTERS.index(c) * pow(3, place, 31) for place, c in enumerate(first17))
    return first17 + USCC_CHARACTERS[-total % 31]


def organisation_code(first8):
    """Completes 8 characters to an organisation code, without a hyphen."""
    rest = sum(int(c, 36) * weight for c, weight in zip(first8, ORGANISATION_WEIGHTS)) % 11
    return first8 + "0X987654321"[rest]


def enterprise_code(number, division=DIVISION):
    """The code of the invented enterprise of this number, below 10,000,000."""
    return uscc("91" + division + organisation_code("M%07d" % number))


def authority_code(number, division=DIVISION):
    """The code of the invented authority of this number, below 1,000,000."""
    return uscc("11" + division + organisation_code("00%06d" % number))


UNIT = authority_code(559999)

# --- files to hand in

REGISTRATION = ["主体名称", "统一社会信用代码"]


def registration(number):
    """A row under REGISTRATION of the invented enterprise of this number."""
    return ["鲁山县试验%07d号有限公司" % number, enterprise_code(number)]


def write_csv(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return pathlib.Path(path)


# --- the binary


def run(*arguments, stdin=None, timeout=300, check=False):
    """The finished process, its output as text. With check, a status other than 0 raises with what it printed."""
    done = subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode:
        raise AssertionError("%s: exit %d\n%s%s" % (" ".join(map(str, arguments)), done.returncode, done.stdout, done.stderr))
    return done


def run_json(*arguments, **options):
    """The JSON document that a command prints with --json."""
    return json.loads(run(*arguments, "--json", check=True, **options).stdout)


class Platform:
    """A platform in a data directory: made by init(), or one that is there."""

    def __init__(self, data, unit=UNIT):
        self.data = pathlib.Path(data)
        self.unit = unit

    @classmethod
    def init(cls, data, engine="sqlite", unit=UNIT, unit_name="鲁山县市场监督管理局"):
        """An empty platform with one unit."""
        run("init", "--data", data, "--division", DIVISION, "--engine", engine, check=True)
        run("unit", "add", "--data", data, "--code", unit, "--name", unit_name, check=True)
        return cls(data, unit)

    def collect(self, file, item="registration", *options):
        """What collect says of the file, as a dict."""
        return run_json(*self.collect_command(file, item, *options))

    def collect_command(self, file, item="registration", *options):
        return ["collect", "--data", self.data, "--item", item, "--unit", self.unit, *options, file]

    def head(self):
        return run_json("journal", "head", "--data", self.data)

    def verify(self):
        """The finished process of verify --json."""
        return run("verify", "--data", self.data, "--json", timeout=120)

    def add_account(self, name="clerk", role="department_clerk"):
        """Its first password."""
        return run_json("account", "add", "--data", self.data, "--name", name, "--display", "填报员", "--role", role,
                        "--unit", self.unit)["first_password"]

    def copy_to(self, folder):
        """The same on a copy of the data directory; only for SQLite, while nobody writes."""
        return Platform(shutil.copytree(self.data, folder), self.unit)

    def serve(self, *options):
        """A Server, answering."""
        return Server(self, *options)


class Server:
    """mingxin serve on a free port of the loopback; a context that stops it in the end."""

    def __init__(self, platform, *options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([BINARY, "serve", "--data", platform.data, "--listen", "127.0.0.1:%d" % self.port,
                                         *options], stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        self.log.seek(0)
        said = self.log.read()
        self.kill()
        raise AssertionError("the server did not start: " + said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()

    def ask(self, method, path, body=None, headers=()):
        """(status, headers, body as text); connection errors come as OSError or http.client.HTTPException."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers))
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def sign_in(self, account, first_password, password="correct horse battery"):
        """A Session of the account, whose first password is changed on the way."""
        visitor = Session(self, "")
        status, headers, page = self.ask("GET", "/sign-in")
        visitor.cookie = cookie_of(headers, "mx_visitor")
        form = {"csrf": form_token(page), "account": account, "password": first_password}
        for _ in range(120):  # the limit of sign-ins from one address is waited out
            status, headers, page = visitor.post_form("/sign-in", form)
            if status != 429:
                break
            time.sleep(1)
        assert (status, headers["Location"]) == (303, "/account/password"), (status, page)
        session = Session(self, cookie_of(headers, "mx_session"))
        form = {"csrf": session.form_token("/account/password"), "old": first_password, "password": password, "again": password}
        for _ in range(120):
            status, headers, page = session.post_form("/account/password", form)
            if status != 429:
                break
            time.sleep(1)
        assert (status, headers["Location"]) == (303, "/desk"), (status, page)
        return Session(self, cookie_of(headers, "mx_session"))


class Session:
    """What somebody who signed in asks. A session outlives the server: on() takes it to the next one."""

    def __init__(self, server, cookie):
        self.server = server
        self.cookie = cookie

    def on(self, server):
        return Session(server, self.cookie)

    def get(self, path):
        return self.server.ask("GET", path, headers={"Cookie": self.cookie})

    def get_json(self, path):
        status, _, body = self.get(path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def form_token(self, path="/desk"):
        return form_token(self.get(path)[2])

    def post(self, path, body, content_type):
        return self.server.ask("POST", path, body, {"Cookie": self.cookie, "Content-Type": content_type})

    def post_form(self, path, fields):
        return self.post(path, urllib.parse.urlencode(fields), "application/x-www-form-urlencoded")

    def submit(self, file, item, token):
        """Hands a file in over the API; (status, headers, body as text). token: form_token() of this session."""
        file = pathlib.Path(file)
        parts = b"".join(b'--mark\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value.encode())
                         for name, value in ((b"csrf", token), (b"item", item)))
        parts += b'--mark\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % file.name.encode()
        return self.post("/api/v1/batches", parts + file.read_bytes() + b"\r\n--mark--\r\n",
                         "multipart/form-data; boundary=mark")


def cookie_of(headers, name):
    """"name=value" of the cookie that a reply sets."""
    for line in headers.get_all("Set-Cookie", []):
        if line.startswith(name + "="):
            return line.split(";")[0]
    raise AssertionError("no cookie " + name)


def grey_point():
    """The smallest picture there is."""
    def chunk(kind, content):
        body = kind + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0") +
            chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b""))


def form_token(page):
    return re.search('name="csrf" value="([^"]+)"', page)[1]


# --- PostgreSQL


class PostgresServer:
    """The server that the tests of src/foundation/store share as well; it ends when nobody holds the lock."""

    SCRIPT = ROOT / "src" / "foundation" / "store" / "testing" / "postgres.sh"

    def __init__(self):
        self.why_not = ""
        folder = pathlib.Path(tempfile.gettempdir()) / ("mingxin-test-postgresql-%d" % os.getuid())
        folder.mkdir(mode=0o711, exist_ok=True)
        self.lock = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)  # until this process ends
        fcntl.flock(self.lock, fcntl.LOCK_SH)
        self.socket = folder / "cluster"
        status = subprocess.run([self.SCRIPT, "start", folder], stdout=subprocess.DEVNULL).returncode
        if status:
            self.why_not = "PostgreSQL is not installed" if status == 77 else "the PostgreSQL server did not start"
        elif not shutil.which("psql"):
            self.why_not = "psql is not installed"

    def url(self, schema):
        """Of a new, empty schema."""
        self.sql("DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s" % (schema, schema))
        return "postgresql://mingxin@/postgres?host=%s&options=-csearch_path%%3D%s" % (
            urllib.parse.quote(str(self.socket), safe=""), schema)

    def sql(self, text, schema="public"):
        """Runs statements; the rows of the last one as lists of texts."""
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", "mingxin",
                               "postgres"], input="SET client_min_messages = error; SET search_path = %s, pg_catalog;\n%s;\n" % (schema, text),
                              capture_output=True, text=True)
        if done.returncode:
            raise AssertionError("%s: %s" % (text, done.stderr))
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def drop(self, schema):
        self.sql("DROP SCHEMA IF EXISTS %s CASCADE" % schema)
