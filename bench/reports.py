"""What one subject costs, and a batch of reports: profile, timeline, relations, a report as a page and as a signed PDF, and many of them at once.

usage: reports.py BUILD FOLDER [REPORTS]      REPORTS of the batch, 10000 unless given; FOLDER is made, and kept for the next run

Calls go to a server over one connection that is kept; beside the time of each stands the server's processor time a call, which is what one core takes
whatever else the machine does.  Every answer is journalled before it leaves.  References:
  profile, timeline, relations   the same resources in one SQLite database, an index on the credit code of each: SELECT * of all of them and json.dumps
  HTML                           the same page through Python's string.Template, filled with the profile's values: no layout, no journal, no signature
  PDF                            chromium --headless --print-to-pdf of the HTML report (ready-made page to PDF, unsigned)
  batch                          the same PDFs one after the other: reports/s of one worker
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import string
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from report import ACTOR, prepare, run, subjects  # noqa: E402

PASSWORD = "bench-Password-1"
CALLS = 200


class Server:
    def __init__(self, luling, data):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen([luling, "--data", data, "--set", f"listen_port={self.port}", "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.headers = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json", "X-Luling-Request": "1"}
        for _ in range(600):
            try:
                self.http = http.client.HTTPConnection("127.0.0.1", self.port)
                self.ask("GET", "/healthz")
                break
            except OSError:
                time.sleep(0.1)

    def ask(self, method, path, body=None):
        self.http.request(method, path, json.dumps(body) if body is not None else None, self.headers)
        reply = self.http.getresponse()
        return reply, reply.read()

    def sign_in(self, account):
        reply, text = self.ask("POST", "/v1/session", {"account": account, "password": PASSWORD})
        if reply.status >= 300:
            raise SystemExit(f"sign-in: {reply.status} {text[:300]}")
        self.headers["Cookie"] = reply.getheader("Set-Cookie").split(";")[0]

    def processor(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.terminate()
        self.process.wait()


def told(what, server, calls, reference, name):
    for call in calls[:10]:
        reply, text = server.ask(*call)
        if reply.status != 200:
            raise SystemExit(f"{what}: {reply.status} {text[:300]}")
    cpu, begin = server.processor(), time.monotonic()
    for call in calls:
        server.ask(*call)
    ms = (time.monotonic() - begin) / len(calls) * 1000
    own = (server.processor() - cpu) / len(calls) * 1000
    print(f"{what}: {own:.2f} ms of processor, {ms:.2f} ms to the answer; {name}: {reference:.2f} ms, ratio {reference / own if own else 0:.2f}", flush=True)


def plain_sqlite(luling, data, codes):
    db = sqlite3.connect(":memory:")
    tables = []
    for name in [r["name"] for r in json.loads(run(luling, data, "resource", "list", "--json"))]:
        rows = [json.loads(line) for line in run(luling, data, "dump", name).splitlines()]
        if not rows or "uscc" not in rows[0]:
            continue
        columns = list(rows[0])
        db.execute(f"CREATE TABLE {name} ({', '.join(chr(34) + c + chr(34) for c in columns)})")
        db.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(columns))})", [[json.dumps(r.get(c), ensure_ascii=False) if isinstance(r.get(c), (dict, list)) else r.get(c) for c in columns] for r in rows])
        db.execute(f"CREATE INDEX {name}_uscc ON {name} (uscc)")
        tables.append(name)
    begin = time.monotonic()
    for code in codes:
        json.dumps([db.execute(f"SELECT * FROM {t} WHERE uscc = ?", (code,)).fetchall() for t in tables], ensure_ascii=False)
    return (time.monotonic() - begin) / len(codes) * 1000


def templated(page):
    """The page with every text in it a placeholder."""
    words = re.findall(r">([^<>]{2,})<", page)
    values = {f"v{i}": w for i, w in enumerate(words)}
    text = page.replace("$", "$$")
    for key, w in values.items():
        text = text.replace(f">{w.replace('$', '$$')}<", f">${{{key}}}<", 1)
    template = string.Template(text)
    begin = time.monotonic()
    for _ in range(CALLS):
        template.safe_substitute(values).encode()
    return (time.monotonic() - begin) / CALLS * 1000


def printed(page):
    chromium = shutil.which("chromium")
    if not chromium:
        return float("nan")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a.html"
        path.write_bytes(page)
        begin = time.monotonic()
        for i in range(3):
            subprocess.run([chromium, "--headless", "--no-sandbox", f"--print-to-pdf={folder}/{i}.pdf", path.as_uri()], check=True, capture_output=True, timeout=60)
        return (time.monotonic() - begin) / 3 * 1000


def batch(luling, data, folder, codes, count):
    names = folder / "subjects"
    names.write_text("\n".join((codes * (count // len(codes) + 1))[:count]) + "\n", encoding="utf-8")
    speeds = []
    for threads, part in ((1, max(count // 10, 1)), (2, count)):
        out = folder / "reports"
        shutil.rmtree(out, ignore_errors=True)
        few = folder / "few"
        few.write_text("\n".join(names.read_text(encoding="utf-8").split("\n")[:part]) + "\n", encoding="utf-8")
        before, begin = os.times(), time.monotonic()
        run(luling, data, "--set", f"threads={threads}", "report", "batch", few, out, "--purpose", "benchmark", *ACTOR)
        seconds, after = time.monotonic() - begin, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        speeds.append(part / seconds)
        print(f"batch of {part} PDFs, {threads} worker{'s' * (threads > 1)}: {part / seconds:.1f} reports/s, {cpu / part * 1000:.1f} ms of processor each, load {os.getloadavg()[0]:.0f}", flush=True)
    print(f"batch: {speeds[1] / speeds[0]:.2f} times one worker")


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
    luling, data = prepare(build, folder)
    codes = subjects(luling, data, CALLS)
    done = subprocess.run([luling, "--data", data, "account", "add", "bench-op", "--organisation", "JA001", "--duties", "operator", "--password-file", "-"], input=PASSWORD, capture_output=True, text=True)
    if done.returncode not in (0, 75):
        raise SystemExit(done.stderr)
    reference = plain_sqlite(luling, data, codes)
    server = Server(luling, data)
    try:
        server.sign_in("bench-op")
        for what, path in (("profile", ""), ("timeline", "/timeline"), ("relations, one ring", "/relations"), ("relations, three rings", "/relations?depth=3")):
            told(what, server, [("GET", f"/v1/subjects/{c}{path}") for c in codes], reference, "plain SQLite")
        ask = lambda kind: [("POST", "/v1/reports", {"subject": c, "purpose": "benchmark", "format": kind}) for c in codes]
        page = server.ask(*ask("html")[0])[1]
        told("report as a page", server, ask("html"), templated(page.decode()), "string.Template")
        told("report as a signed PDF", server, ask("pdf"), printed(page), "chromium --print-to-pdf")
    finally:
        server.close()
    batch(luling, data, folder, codes, count)
    print(f"load of the machine {os.getloadavg()[0]:.0f}")


if __name__ == "__main__":
    main()
