#!/usr/bin/env python3
"""bench/pages_bench.py DATA [SECONDS]: what visitors and clerks wait for on a large platform.

DATA: a platform that query_bench left, or one of `mingxin demo`. It gets three accounts and, where it has none, columns and
articles; then it is served on the loopback. Each page is asked for by 8 connections for SECONDS (5); beside the figures of each stands nginx with a static file of the home page's size, so that
the machine's own share shows. Bounds: 10 ms at the 99th percentile, 50 KB of HTML and CSS, compressed.
Then the console's lists, at the first page and after 40 more, and a file of every list that there is."""
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
import driver  # noqa: E402
from e2e import town_content  # noqa: E402

CONNECTIONS, BOUND_MS, BOUND_KB, DEEP = 8, 10, 50, 40
FACTORS = {"us": 0.001, "ms": 1, "s": 1000}
LISTS = {"batches": "batches", "doubtful-rows": "doubtful-rows", "subjects": "subject-list", "records": "record-list", "reports": "report-list",
         "events": "journal/events", "units": "units"}


def load(url, seconds, cookie=""):
    """(rate, p50 in ms, p99 in ms, replies that are no 2xx)."""
    command = ["wrk", "-t1", "-c%d" % CONNECTIONS, "-d%ds" % seconds, "--latency", "-H", "Accept-Encoding: gzip"]
    said = subprocess.run(command + (["-H", "Cookie: " + cookie] if cookie else []) + [url], capture_output=True, text=True, check=True).stdout

    def percentile(name):
        number, unit = re.search(r"%s%%\s+([\d.]+)(us|ms|s)" % name, said).groups()
        return float(number) * FACTORS[unit]

    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), percentile(50), percentile(99), int(wrong[1]) if wrong else 0


def tell(name, figures, *more):
    rate, p50, p99, wrong = figures
    print("%-34s %8.0f/s  p50 %6.2f ms  p99 %6.2f ms%s  %s" % (name, rate, p50, p99, "  %d NOT 2xx" % wrong if wrong else "", "  ".join(more)), flush=True)


class Nginx:
    """Serves one body from a folder of its own."""

    def __init__(self, body):
        self.folder = tempfile.TemporaryDirectory()
        folder = self.folder.name
        pathlib.Path(folder).chmod(0o755)
        pathlib.Path(folder, "page.html").write_bytes(body)
        self.url = "http://127.0.0.1:18999/page.html"
        paths = " ".join("%s %s/%s;" % (name, folder, name) for name in (
            "client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "uwsgi_temp_path", "scgi_temp_path"))
        pathlib.Path(folder, "nginx.conf").write_text(
            "worker_processes auto; daemon off; pid %s/pid; error_log %s/log; events { worker_connections 1024; } http { access_log off; "
            "keepalive_requests 1000000; %s server { listen 127.0.0.1:18999 reuseport; root %s; } }" % (folder, folder, paths, folder))
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", folder + "/nginx.conf", "-e", folder + "/log"])
        time.sleep(1)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()


def addresses(server):
    """Pages of each kind, found as a visitor would."""
    def first(page, pattern):
        found = re.search(pattern, server.ask("GET", page)[2])
        return found[0] if found else None

    record = first("/publicity/penalty", r"/records/[\d-]+")
    subject = first(record, r"/subjects/[0-9A-Z]{18}")
    column = first("/columns", r"/columns/[a-z][\w-]+")
    columns = re.findall(r"/columns/[a-z][\w-]+(?=\")", server.ask("GET", "/columns")[2])
    article = next((found for found in (first(one, r"/articles/\d+") for one in columns) if found), None)
    pages = ["/", "/search?q=" + urllib.parse.quote("鲁山"), "/search?q=" + urllib.parse.quote("商贸有限公司"), subject, record, "/publicity/permit",
             "/publicity/penalty", "/statistics", "/journal", "/columns", column, article, "/guides", "/verify", "/open"]
    return [page for page in pages if page]


def measure_pages(server, seconds):
    base = "http://127.0.0.1:%d" % server.port
    home = server.ask("GET", "/")[2]
    style = len(gzip.compress(server.ask("GET", re.search(r"/static/site\.css[^\"]*", home)[0])[2].encode(), 6))
    nginx = Nginx(gzip.compress(home.encode(), 6))
    tell("nginx, a static file", load(nginx.url, seconds))
    nginx.stop()
    for page in addresses(server):
        size = (len(gzip.compress(server.ask("GET", page)[2].encode(), 6)) + style) / 1024
        figures = load(base + page, seconds)
        tell(urllib.parse.unquote(page)[:34], figures, "%.1f KB" % size, "" if figures[2] < BOUND_MS and size < BOUND_KB else "OVER THE BOUND")


def measure_lists(server, session, seconds):
    base = "http://127.0.0.1:%d" % server.port
    for name, path in LISTS.items():
        key = ""
        for step in range(DEEP + 1):
            target = "/api/v1/%s?limit=100%s" % (path, "&page=" + urllib.parse.quote(key) if key else "")
            if step == 0:
                tell(name + ", first page", load(base + target, seconds, session.cookie))
            reply = json.loads(server.ask("GET", target, headers={"Cookie": session.cookie})[2])
            key = reply.get("next", "")
            if not key:
                break
        if key:
            tell("%s, page %d" % (name, DEEP + 1), load(base + target, seconds, session.cookie))


def measure_exports(server, session):
    for name in ("subjects", "records"):
        for kind in ("csv", "xlsx"):
            began = time.monotonic()
            headers = {"Cookie": session.cookie, "Content-Type": "application/json", "X-CSRF-Token": session.token}
            status, _, said = server.ask("POST", "/api/v1/exports/" + name, json.dumps({"format": kind}), headers)
            assert status == 202, said
            task = {"state": "waiting"}
            while task["state"] in ("waiting", "running"):
                time.sleep(0.2)
                task = json.loads(server.ask("GET", "/api/v1/tasks/" + json.loads(said)["task"], headers={"Cookie": session.cookie})[2])
            took = time.monotonic() - began
            print("file of %s, %s: %s, %d rows in %.1f s, %.0f MB" % (
                name, kind, task["state"], task.get("rows", 0), took, task.get("file_bytes", 0) / 1e6), flush=True)


def sign_in(data, platform_unit, server):
    """Sessions of an office clerk, a reviewer and a releaser, who are new."""
    sessions = {}
    for name, role in (("office", "credit_office_clerk"), ("reviewer", "content_reviewer"), ("releaser", "content_releaser")):
        account = "%s.%d" % (name, time.time())
        first = driver.run_json("account", "add", "--data", data, "--name", account, "--display", "测量员", "--role", role,
                                "--unit", platform_unit)["first_password"]
        sessions[name] = server.sign_in(account, first)
    return sessions


def main(data, seconds):
    unit = driver.run_json("unit", "list", "--data", data)["units"][0]["code"]
    with driver.Platform(data).serve() as server:
        for _ in range(300):  # a large platform counts its figures first
            if server.ask("GET", "/statistics")[0] == 200:
                break
            time.sleep(1)
        sessions = sign_in(data, unit, server)
        if not re.search(r"/columns/[a-z]", server.ask("GET", "/columns")[2]):
            code = next(page for page in addresses(server) if page.startswith("/subjects/"))[-18:]
            town_content.write(server, {name: session.cookie.split("=", 1)[1] for name, session in sessions.items()}, code)
        session = sessions["office"]
        session.token = json.loads(server.ask("GET", "/api/v1/session", headers={"Cookie": session.cookie})[2])["form_token"]
        measure_pages(server, seconds)
        measure_lists(server, session, seconds)
        measure_exports(server, session)
        peak = re.search(r"VmHWM:\s+(\d+)", pathlib.Path("/proc/%d/status" % server.process.pid).read_text())
        print("peak memory of the server: %d MB" % (int(peak[1]) // 1024))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
