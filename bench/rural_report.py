#!/usr/bin/env python3
"""What one rural household costs, on the data that rural_prefecture.py leaves: all of its items, and the special report as a page, as JSON and as a signed PDF.

usage: rural_report.py BUILD FOLDER [CALLS]      FOLDER is that of rural_prefecture.py; CALLS (200) households of five members

Calls go to a server over one connection that is kept; beside the time of each stands the server's processor time a call, which is what one core takes.
Every answer is journalled before it leaves, with everybody in the household.  References:
  household, JSON   the same records in one SQLite database, an index on the household's number or the person's of each table: SELECT * and json.dumps
  page              the same page through Python's string.Template, filled with its own texts: no layout, no journal, no signature
  PDF               chromium --headless --print-to-pdf of the page (ready-made page to PDF, unsigned)
"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from report import run  # noqa: E402 (the folder is put on the path first)
from reports import PASSWORD, Server, printed, templated, told  # noqa: E402

ACCOUNT, MEMBERS, FROM_SOURCES = "bench-rural", 5, 12


def households(folder, most):
    """Households of five members, as the truth beside the data has them."""
    found = []
    for path in sorted(folder.glob("truth.*.jsonl")):
        with open(path, encoding="utf-8") as file:
            found.extend(t for t in map(json.loads, file) if t["member_count"] == MEMBERS)
    if len(found) < most:
        raise SystemExit(f"only {len(found)} households of {MEMBERS} members with a truth: make more of them, or write the truth of more villages")
    return found[:most]


def sources(body):
    """Resources that a value of the household comes from."""
    return {item["resource"] for category in body["categories"] for item in category["items"] if item.get("value") is not None}


def plain_sqlite(luling, data, chosen):
    """Milliseconds a household of a database that has the same records open, by household or by person."""
    db, by = sqlite3.connect(":memory:"), []
    for name in [r["name"] for r in json.loads(run(luling, data, "resource", "list", "--json"))]:
        rows = [json.loads(line) for line in run(luling, data, "dump", name).splitlines()]
        column = next((c for c in ("resident_id", "household_no") if rows and c in rows[0]), None)
        if not column:
            continue
        columns = list(rows[0])
        db.execute(f"CREATE TABLE {name} ({', '.join(chr(34) + c + chr(34) for c in columns)})")
        db.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(columns))})",
                       [[json.dumps(r.get(c), ensure_ascii=False) if isinstance(r.get(c), (dict, list)) else r.get(c) for c in columns] for r in rows])
        db.execute(f"CREATE INDEX {name}_by ON {name} ({column})")
        by.append((name, column))
    begin = time.monotonic()
    for truth in chosen:
        keys = {"household_no": [truth["household_no"]], "resident_id": truth["members"]}
        json.dumps([db.execute(f"SELECT * FROM {name} WHERE {column} = ?", (key,)).fetchall() for name, column in by for key in keys[column]], ensure_ascii=False)
    return (time.monotonic() - begin) / len(chosen) * 1000


def admit(luling, data):
    done = subprocess.run([luling, "--data", data, "account", "add", ACCOUNT, "--organisation", "JA001", "--duties", "operator", "--password-file", "-"], input=PASSWORD, capture_output=True, text=True)
    if done.returncode not in (0, 75):
        raise SystemExit(done.stderr)


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    luling, data = build / "src/cli/luling", folder / "data"
    chosen = households(folder, count)
    admit(luling, data)
    reference = plain_sqlite(luling, data, chosen)
    server = Server(luling, data)
    try:
        server.sign_in(ACCOUNT)
        look = [("GET", f"/v1/rural/households/{t['household_no']}") for t in chosen]
        bodies = [json.loads(server.ask(*call)[1]) for call in look]
        counts = sorted(len(sources(b)) for b in bodies)
        print(f"{count} households of {MEMBERS} members: {sum(c['of'] for c in bodies[0]['categories'])} items from {counts[0]} to {counts[-1]} sources, {counts[count // 2]} in the middle; "
              f"{sum(n >= FROM_SOURCES for n in counts)} have {FROM_SOURCES} or more", flush=True)
        ask = lambda kind: [("POST", "/v1/rural/reports/issued", {"household": t["household_no"], "purpose": "benchmark", "format": kind}) for t in chosen]
        page = server.ask(*ask("html")[0])[1]
        told("household, all items", server, look, reference, "plain SQLite")
        told("report as JSON, signed", server, ask("json"), reference, "plain SQLite")
        told("report as a page", server, ask("html"), templated(page.decode()), "string.Template")
        told("report as a signed PDF", server, ask("pdf"), printed(page), "chromium --print-to-pdf")
    finally:
        server.close()


if __name__ == "__main__":
    main()
