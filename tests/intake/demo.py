#!/usr/bin/env python3
"""The demo's deliveries through the real program, against what their generator says they must come to; then the promises that need a
whole data folder: the same bytes twice, corrected rows, rebuild, withdraw, verify, and other programs reading our files.

usage: demo.py LULING SOURCE PACKS

Prints TAP.
"""
import collections
import csv
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

LULING, SOURCE, PACKS = (pathlib.Path(a).resolve() for a in sys.argv[1:4])


class Tap:
    def __init__(self):
        self.n, self.failed = 0, 0

    def ok(self, good, name, why=""):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}", flush=True)
        if not good and why:
            print("\n".join("# " + line for line in str(why).splitlines()), flush=True)


class Folder:
    """A data folder and the program on it."""

    def __init__(self, path):
        self.path = path

    def run(self, *args, lang="en"):
        return subprocess.run([LULING, "--data", self.path, "--lang", lang, "--json", *map(str, args)], capture_output=True, text=True)

    def data(self, *args):
        done = self.run(*args)
        if not done.stdout.strip():
            raise AssertionError(f"luling {' '.join(map(str, args))}: exit {done.returncode}: {done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def dump(self):
        return {f.parent.name: rows_of(f.parent) for f in sorted(self.path.glob("service/*/*.db"))}

    def text(self, *args):
        return subprocess.run([LULING, "--data", self.path, *map(str, args)], capture_output=True, text=True)


def rows_of(folder):
    """All service rows of a resource as sqlite3 (not our reader) sees them: newest segment first, as the control database lists them."""
    with sqlite3.connect(f"file:{folder.parent.parent / 'luling.db'}?mode=ro", uri=True) as db:
        listed = db.execute("SELECT parts FROM segment WHERE resource = ? ORDER BY seq DESC", [folder.name]).fetchall()
    seen = {}
    for (parts,) in listed:
        for part in json.loads(parts):
            with sqlite3.connect(f"file:{folder / part['file']}?mode=ro&immutable=1", uri=True) as db:
                keys = [r[1] for r in sorted(db.execute("PRAGMA table_info(record)"), key=lambda r: r[5]) if r[5]]
                cursor = db.execute("SELECT * FROM record")
                names = [c[0] for c in cursor.description]
                for row in cursor:
                    record = dict(zip(names, row))
                    seen.setdefault(tuple(record[k] for k in keys), record)
    return sorted((k, tuple(v.items())) for k, v in seen.items() if not v["ll_deleted"])


def reasons_of(quality):
    found = collections.Counter()
    for item in quality["items"]:
        for fault in item["faults"]:
            found[f"{fault['code']}:{item['item']}"] += fault["count"]
    for rule in quality["rules"]:
        found[f"row.rule:{rule['name']}"] += rule["count"]
    for fault in quality["rows"]["faults"]:
        found[fault["code"]] += fault["count"]
    return found


def take_in(tap, folder, deliveries, expected):
    """Every delivery comes to exactly what the generator expects, reason by reason."""
    taken = {}
    for d in deliveries:
        want = expected[d["file"]]
        got = folder.data("intake", d["path"], "--resource", d["resource"])[0]
        taken[d["file"]] = got["id"]
        counts = all(got[k] == want[k] for k in ("received", "published", "quarantined"))
        whole = got["received"] == got["published"] + got["quarantined"]
        found, wanted = reasons_of(folder.data("quality", got["id"])), collections.Counter(want["reasons"])
        wanted.update(want["warnings"])
        differ = {k: (found[k], wanted[k]) for k in {*found, *wanted} if found[k] != wanted[k]}
        tap.ok(counts and whole and got["state"] == d["expect"] and not differ, f"{d['resource']}: {d['note']['en']}",
               f"got {got}\nwant {want['received']}/{want['published']}/{want['quarantined']} {d['expect']}\nreasons (got, want): {differ}")
    return taken


def same_bytes_once(tap, folder, first):
    before = len(folder.data("delivery", "list"))
    again = folder.data("intake", first["path"], "--resource", first["resource"])[0]
    tap.ok(len(folder.data("delivery", "list")) == before and again["state"] == "published", "the same bytes twice are one delivery", again)


def corrected_rows_close(tap, folder, taken, work):
    """Rows that a later delivery mends are closed, by key or by the marks that the exported file carries."""
    closed = [r for name in ("01_市场监管局_企业登记_样例.xlsx", "04_发改委_行政处罚_样例.tsv")
              for r in folder.data("quarantine", taken[name], "--all") if r["closed"]]
    tap.ok(len(closed) > 10, f"{len(closed)} quarantined rows were mended by later deliveries")
    batch, out = taken["17_生态环境局_环境信用_样例.csv"], work / "refused.csv"
    folder.text("--lang", "en", "quarantine", batch, "--csv", out)
    with open(out, encoding="utf-8-sig", newline="") as f:
        rows = list(csv.DictReader(f))
    still_open = [r for r in folder.data("quarantine", batch, "--all") if not r["closed"]]
    tap.ok(len(rows) == len(still_open) > 0, "the quarantine exports every open row", f"{len(rows)} of {len(still_open)}")
    wrong = next(r for r in rows if r["_reasons"].count("ENV_LEVEL") and ";" not in r["_reasons"])
    again = folder.data("intake", mend(wrong, work), "--resource", "environment_rating", "--mode", "increment")[0]
    now_open = [r for r in folder.data("quarantine", batch, "--all") if not r["closed"]]
    tap.ok(again["published"] == 1 and len(now_open) == len(still_open) - 1,
           "a corrected row of the exported file closes the one it mends", f"{again} {len(still_open)} -> {len(now_open)}")


def mend(row, work):
    """What a steward does in a spreadsheet: one row of the export, its cell made good, its marks left alone."""
    path = work / "mended.csv"
    with open(path, "w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, list(row))
        writer.writeheader()
        writer.writerow({**row, "环境信用等级": "绿牌"})
    return path


def rebuild_is_identical(tap, folder):
    before = folder.dump()
    done = folder.run("rebuild")
    after = folder.dump()
    tap.ok(done.returncode == 0 and before == after and sum(map(len, after.values())) > 0,
           f"rebuild gives the same {sum(map(len, after.values()))} records as sqlite3 reads them", done.stderr)


def withdraw_shows_the_version_before(tap, folder, batch, resource):
    before = rows_of(folder.path / "service" / resource)
    done = folder.run("withdraw", batch)
    without = rows_of(folder.path / "service" / resource)
    tap.ok(done.returncode == 0 and without != before and len(without) > 0, "withdrawing a batch shows what was there before", done.stderr)


def verify_finds_a_changed_byte(tap, folder):
    clean = folder.run("verify")
    file = next(folder.path.glob("lake/*/*/data-0.parquet"))
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.chmod(0o640)
    file.write_bytes(raw)
    broken = folder.run("verify")
    tap.ok(clean.returncode == 0, "verify finds nothing in what was just taken in", clean.stderr)
    tap.ok(broken.returncode != 0 and file.name in broken.stdout, "verify names the file in which one bit was changed", broken.stdout)


def bad_input(tap, folder, work):
    """Each bad file gets a clear error in both languages and changes nothing."""
    cases = {
        "empty.csv": b"",
        "binary.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        "wrong.csv": "甲,乙\n1,2\n".encode(),
        "truncated.csv.gz": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\x4b\x4c",
        "wide.csv": (",".join(f"c{i}" for i in range(10000)) + "\n").encode(),
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    }
    before = folder.dump()
    for name, content in cases.items():
        path = work / name
        path.write_bytes(content)
        texts = []
        for lang in ("zh", "en"):
            done = subprocess.run([LULING, "--data", folder.path, "--lang", lang, "intake", path, "--resource", "tax_rating"],
                                  capture_output=True, text=True)
            texts.append(done.stdout + done.stderr)
        tap.ok(done.returncode in (64, 65, 74) and all(texts) and texts[0] != texts[1], f"{name} is refused with a clear error", texts[1][-500:])
    tap.ok(folder.dump() == before, "refused files change nothing")


def header_only(tap, folder, work):
    path = work / "header.csv"
    path.write_text("纳税人识别号,纳税人名称,评价年度,纳税信用级别\n", encoding="utf-8")
    done = folder.run("intake", path, "--resource", "tax_rating", "--mode", "increment")
    got = json.loads(done.stdout)[0] if done.stdout.strip() else {}
    tap.ok(got.get("received") == 0 or "lacks" in done.stdout + done.stderr, "a file of a header alone is no row", done.stdout + done.stderr)


def main():
    tap, work = Tap(), pathlib.Path(tempfile.mkdtemp(prefix="luling-demo-"))
    try:
        subprocess.run([sys.executable, SOURCE / "demo/generate.py", work / "deliveries"], check=True, stdout=subprocess.DEVNULL)
        deliveries = json.loads((work / "deliveries/deliveries.json").read_text(encoding="utf-8"))
        for d in deliveries:
            d["path"] = work / "deliveries" / d["file"]
        expected = {e["file"]: e for e in json.loads((work / "deliveries/expected.json").read_text(encoding="utf-8"))["deliveries"]}
        folder = Folder(work / "data")
        for name in ("core", "jian", "credit", "demo"):
            done = folder.run("pack", "load", PACKS / name)
            assert done.returncode == 0, done.stderr
        taken = take_in(tap, folder, deliveries, expected)
        same_bytes_once(tap, folder, deliveries[0])
        corrected_rows_close(tap, folder, taken, work)
        rebuild_is_identical(tap, folder)
        bad_input(tap, folder, work)
        header_only(tap, folder, work)
        withdraw_shows_the_version_before(tap, folder, taken["22_人社局_社会保险_202406_样例.csv"], "social_insurance")
        verify_finds_a_changed_byte(tap, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"1..{tap.n}")
    sys.exit(tap.failed > 0)


main()
