#!/usr/bin/env python3
"""Takes in deliveries with the real program and compares what it made of each with the oracle: rows received, published and
quarantined, every reason with its count, every warning, and in the end the records of each resource, counted with sqlite3.

usage: run_deliveries.py LULING PACKS demo GENERATOR
       run_deliveries.py LULING PACKS registry EXPECT_REGISTRY DATA       exits 77 (skipped) without the registrations
"""
import collections
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

SKIPPED, WAITING = 77, 75


class Luling:
    def __init__(self, program, data):
        self.program, self.data = program, data

    def run(self, *arguments, code=0):
        done = subprocess.run([self.program, "--data", self.data, "--lang", "en", *map(str, arguments)], capture_output=True, text=True)
        assert done.returncode == code, f"luling {' '.join(map(str, arguments))}: exit {done.returncode}, not {code}\n{done.stderr[-2000:]}"
        return done.stdout

    def json(self, *arguments, code=0):
        return json.loads(self.run("--json", *arguments, code=code))


def found(quality):
    """Reasons that refuse, and warnings, from a quality report, in the words of expected.json."""
    reasons, warnings = collections.Counter(), collections.Counter()
    for item in quality["items"]:
        for fault in item["faults"]:
            to = warnings if fault["code"] == "item.code_historical" else reasons
            to[f"{fault['code']}:{item['item']}"] += fault["count"]
    for fault in quality["rows"]["faults"]:
        reasons[fault["code"]] += fault["count"]
    items = {item["item"] for item in quality["items"]}
    for rule in quality["rules"]:
        to = warnings if rule["severity"] == "warning" else reasons
        # A rule that bears an item's name is the form of that item's values.
        to[("item.format:" if rule["name"] in items else "row.rule:") + rule["name"]] += rule["count"]
    return dict(reasons), dict(warnings)


def differences(expected, delivery, quality, only_warnings_of=None):
    reasons, warnings = found(quality)
    if only_warnings_of is not None:
        warnings = {k: n for k, n in warnings.items() if k in only_warnings_of}
    for name in ("received", "published", "quarantined"):
        if expected[name] != delivery[name]:
            yield f"{name}: {delivery[name]}, expected {expected[name]}"
    if delivery["received"] != delivery["published"] + delivery["quarantined"]:
        yield "rows are lost"
    for what, want, have in (("reason", expected["reasons"], reasons), ("warning", expected["warnings"], warnings)):
        for name in sorted(want.keys() | have.keys()):
            if want.get(name, 0) != have.get(name, 0):
                yield f"{what} {name}: {have.get(name, 0)}, expected {want.get(name, 0)}"


def take_in(luling, path, expected, faults, **options):
    code = WAITING if expected.get("expect") == "waiting" else 0
    delivery = luling.json("intake", "--resource", expected["resource"], path, code=code)[0]
    quality = luling.json("quality", delivery["id"])
    faults += [f"{path.name}: {text}" for text in differences(expected, delivery, quality, **options)]
    return delivery["received"]


def load_packs(luling, packs, names):
    luling.run("pack", "load", *(pathlib.Path(packs) / name for name in names))


def records(data, resource):
    """Keys whose newest row, over the listed segments, is no delete mark."""
    control = sqlite3.connect(data / "luling.db")
    newest = {}
    for (parts,) in control.execute("SELECT parts FROM segment WHERE resource = ? ORDER BY seq", (resource,)):
        for part in json.loads(parts):
            segment = sqlite3.connect(data / "service" / resource / part["file"])
            key = ", ".join(f'"{c[1]}"' for c in segment.execute("PRAGMA table_info(record)") if c[5])
            newest.update((row[:-1], row[-1]) for row in segment.execute(f"SELECT {key}, ll_deleted FROM record"))
            segment.close()
    control.close()
    return sum(not deleted for deleted in newest.values())


def check_records(luling, resource, expected, faults):
    have = records(pathlib.Path(luling.data), resource)
    if have != expected:
        faults.append(f"{resource}: {have} records, expected {expected}")


def demo(luling, packs, generator, work):
    out = pathlib.Path(work) / "deliveries"
    subprocess.run([sys.executable, generator, out], check=True, stdout=subprocess.DEVNULL)
    expected, faults = json.loads((out / "expected.json").read_text(encoding="utf-8")), []
    load_packs(luling, packs, ("core", "jian", "credit", "demo"))
    rows = sum(take_in(luling, out / entry["file"], entry, faults) for entry in expected["deliveries"])
    for resource, records in expected["records"].items():
        check_records(luling, resource, records, faults)
    return rows, faults


def registry(luling, packs, oracle, data):
    done = subprocess.run([sys.executable, oracle, packs, data], capture_output=True, text=True)
    if done.returncode == SKIPPED:
        print(done.stdout.strip())
        sys.exit(SKIPPED)
    expected, faults, rows = json.loads(done.stdout), [], 0
    load_packs(luling, packs, ("core", "jian", "jiangxi_registration"))
    for name, entry in expected["files"].items():
        path = pathlib.Path(data) / "enterprise_registration" / name
        entry["resource"] = expected["resource"]
        known = {w for e in expected["files"].values() for w in e["warnings"]}
        rows += take_in(luling, path, entry, faults, only_warnings_of=known)
    check_records(luling, expected["resource"], expected["records"], faults)
    return rows, faults


def main():
    program, packs, what, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        luling = Luling(program, str(pathlib.Path(work) / "data"))
        rows, faults = demo(luling, packs, *rest, work) if what == "demo" else registry(luling, packs, *rest)
        luling.run("verify")
    if faults:
        sys.exit("\n".join(faults))
    print(f"{rows} rows, as expected")


if __name__ == "__main__":
    main()
