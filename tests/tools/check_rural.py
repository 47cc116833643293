#!/usr/bin/env python3
"""Takes in the sample county of demo/rural.py with the real program and holds every household to what is told of it.

usage: check_rural.py LULING PACKS GENERATOR

Of every household the members must be those of truth.json, and each person is in one; every one of the items has a state, and where it has a value,
a source.  A department's errors make some values wrong or missing: what is right must be far more.  A roll-up of all of them is the same, household by
household, on the day asked for and on one before the changes.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

from run_deliveries import Luling

HOUSEHOLDS = 36
STATES = {"present", "conflicting", "out_of_date", "disputed", "absent", "source_late", "not_connected", "not_granted"}
WITH_VALUE = {"present", "conflicting", "out_of_date", "disputed"}


def items_of(household):
    return {item["item"]: item for category in household["categories"] for item in category["items"]}


def plain(value):
    return value["code"] if isinstance(value, dict) else [plain(v) for v in value] if isinstance(value, list) else value


def same(value, truth):
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else value
    if isinstance(truth, (int, float)) and not isinstance(truth, bool):
        return isinstance(value, (int, float)) and abs(value - truth) <= 0.011 + abs(truth) * 0.001
    return value == truth


def check(truth, household, counts):
    items = items_of(household)
    assert len(items) == 96, len(items)
    members = sorted(m["resident_id"] for m in household["members"])
    assert members == truth["members"], f"{truth['household_no']}: {members}, expected {truth['members']}"
    for item in items.values():
        assert item["state"] in STATES, item
        assert (item["state"] in WITH_VALUE) == ("value" in item), item
        assert "value" not in item or (item["resource"] and item["provider_name"] and item["published_at"]), item
    for name, value in truth.items():
        item = items.get(name)
        if item is None or value is None:
            continue
        counts["missing" if "value" not in item else "right" if same(plain(item["value"]), value) else "wrong"] += 1
    return members


def main():
    program, packs, generator = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sys.executable, generator, str(folder / "in"), str(HOUSEHOLDS)], check=True, capture_output=True)
        luling = Luling(program, folder / "data")
        luling.run("pack", "load", *[f"{packs}/{name}" for name in ("core", "jian", "rural")])
        for delivery in json.loads((folder / "in/deliveries.json").read_text(encoding="utf-8")):
            luling.run("intake", folder / "in" / delivery["file"], "--resource", delivery["resource"])
        counts, everyone = collections.Counter(), collections.Counter()
        for truth in json.loads((folder / "in/truth.json").read_text(encoding="utf-8")):
            household = luling.json("rural", "household", truth["household_no"], "--as-of", "2026-11-01")
            everyone.update(check(truth, household, counts))
        for day in ("2026-11-01", "2026-10-01"):
            run = luling.json("rural", "rollup", "--as-of", day)
            same = luling.json("rural", "verify", run["id"])
            assert same == {"households": HOUSEHOLDS, "different": 0, "members": 0, "items": 0}, same
        assert [r["day"] for r in luling.json("rural", "rollups")] == ["2026-10-01", "2026-11-01"]
        assert max(everyone.values()) == 1, "somebody is in two households"
        assert counts["right"] > 20 * counts["wrong"] and counts["right"] > 8 * counts["missing"], counts
        print(f"{HOUSEHOLDS} households, {len(everyone)} members, {dict(counts)}")


if __name__ == "__main__":
    main()
