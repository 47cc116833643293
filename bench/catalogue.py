"""A page of the catalogue out of a million entries: the entries are put into a control database as a pack would have put them, and
`luling serve` is asked for pages over one kept connection."""
import http.client
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import time
import urllib.parse

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
TIMES = 40
WORDS = ["企业", "许可", "登记", "处罚", "社保", "纳税", "用电", "用水", "不动产", "信用", "农户", "补贴", "资质", "执照", "年报", "荣誉"]
SCENARIOS = ["贷前调查", "企业画像", "贷后管理", "监管", "农村金融"]
ASKED = [
    ("first page, nothing chosen", {}),
    ("one organisation", {"provider": "BENCH-7"}),
    ("open without conditions", {"open": "1"}),
    ("open, one share type, one scenario", {"open": "1", "share_type": "1", "scenario": "监管"}),
    ("open, newest first, page 200", {"open": "1", "sort": "-published", "offset": "9950"}),
    ("a rare word", {"q": "第777777号"}),
    ("a word of one entry in 250, open", {"q": "用水 农户", "open": "1"}),
    ("a word of one entry in 8", {"q": "用水"}),
]


def fill(data, n):
    """Copies of bench_firm's entry under other names, spread over 500 organisations, and the index of their words."""
    with sqlite3.connect(pathlib.Path(data) / "luling.db") as db:
        columns = [c[1] for c in db.execute("PRAGMA table_info(resource)")]
        row = dict(zip(columns, db.execute("SELECT * FROM resource WHERE name = 'bench_firm'").fetchone()))
        organisation = [c[1] for c in db.execute("PRAGMA table_info(organisation)")]
        others = ", ".join(c for c in organisation if c not in ("code", "name"))
        db.execute(f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 499) INSERT INTO organisation (code, name, {others})"
                   f" SELECT 'BENCH-' || i, '第' || i || '个部门', {', '.join('o.' + c for c in others.split(', '))} FROM n, organisation o"
                   f" WHERE o.code = ?", (row["provider"],))
        body = json.loads(row["body"])

        def entries():
            for i in range(n):
                words = [WORDS[i * 7 % 16], WORDS[i // 16 % 16]]
                name, title = f"entry_{i}", f"{words[0]}{words[1]}信息第{i}号"
                own = {**row, "name": name, "title": title, "provider": f"BENCH-{i % 500}", "code": f"3081001/{i}"}
                own["body"] = json.dumps({**body, "name": name, "title": title, "provider": own["provider"], "code": own["code"], "open": str(i % 3),
                                          "share_type": str(1 + i // 3 % 3), "update_cycle": str(1 + i % 7), "scenario": SCENARIOS[i % 5],
                                          "published": f"20{10 + i % 16}-{1 + i % 12:02}-{1 + i % 28:02}"}, ensure_ascii=False)
                yield [own[c] for c in columns]

        db.executemany(f"INSERT INTO resource ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", entries())
        pairs = ((f"entry_{i}", f"{WORDS[i * 7 % 16]} {WORDS[i // 16 % 16]} 信息 第{i}号".replace("第", "第 ").replace("号", " 号"), "贷款", "企业 名称") for i in range(n))
        db.executemany("INSERT INTO catalogue_fts (name, title, keywords, body) VALUES (?, ?, ?, ?)", pairs)
        db.execute("UPDATE pack SET sha256 = 'filled'")


def bench(build, folder, data):
    """Yields (what, median ms, 95th percentile ms, entries found)."""
    fill(data, ENTRIES)
    luling = build / "src/cli/luling"
    started = time.monotonic()
    child = subprocess.Popen([str(luling), "serve", "--json", "--data", str(data), "--set", "listen_port=0", "--set", "log_level=warn"],
                             stdout=subprocess.PIPE, text=True)
    try:
        url = urllib.parse.urlsplit(json.loads(child.stdout.readline())["url"])
        yield "start with all entries (s)", time.monotonic() - started, 0, ENTRIES
        connection = http.client.HTTPConnection(url.hostname, url.port)
        for what, asked in ASKED:
            taken = []
            for _ in range(TIMES):
                before = time.monotonic()
                connection.request("GET", "/v1/resources?" + urllib.parse.urlencode({"limit": 50, **asked}))
                reply = connection.getresponse()
                text = reply.read()
                taken.append((time.monotonic() - before) * 1000)
                if reply.status != 200:
                    raise SystemExit(f"{what}: {reply.status} {text[:300]}")
            yield what, statistics.median(taken), sorted(taken)[int(TIMES * 0.95)], json.loads(text)["total"]
    finally:
        child.terminate()
        child.wait(60)
