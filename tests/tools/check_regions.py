#!/usr/bin/env python3
"""Table REGION against what we know of it, and, where they are at hand, against tables that were drawn up apart from it.

usage: check_regions.py PACKS STANDARDS

STANDARDS  a folder with gbt2260_jian_county.csv and jian_town.csv; without it that part is skipped and says so
"""
import csv
import pathlib
import sys

SKIPPED = 77
AT_LEAST = {"provinces": 34, "cities": 340, "counties": 2970, "towns": 41000}


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def level(code):
    return "towns" if len(code) == 9 else "provinces" if code.endswith("0000") else "cities" if code.endswith("00") else "counties"


def finds(table):
    """name -> code for names that mean one code only."""
    owners = {}
    for row in table:
        for name in {row["code"], row["title"], *row["synonyms"].split("|")} - {""}:
            owners.setdefault(name, set()).add(row["code"])
    return {name: next(iter(codes)) for name, codes in owners.items() if len(codes) == 1}


def check_itself(table):
    codes = {row["code"]: row for row in table}
    active = [row for row in table if row["status"] != "historical"]
    for name, least in AT_LEAST.items():
        have = sum(level(row["code"]) == name for row in active)
        assert have >= least, f"{name}: {have}, at least {least}"
    for row in table:
        assert not row["parent"] or row["parent"] in codes, f"{row['code']}: no parent {row['parent']}"
        assert row["parent"] or level(row["code"]) == "provinces", f"{row['code']}: no parent"
    found = finds(table)
    for name, code in {"江西": "360000", "吉安": "360800", "吉安市": "360800", "吉安市吉州区": "360802", "吉州区": "360802", "360802000000": "360802",
                       "赣县": "360704", "南康市": "360703", "360802001000": "360802001", "362421": "362421"}.items():
        assert found.get(name) == code, f"{name} finds {found.get(name)}, not {code}"
    old = [row for row in table if row["code"].startswith("3624")]
    assert len(old) == 16 and all(row["status"] == "historical" for row in old), "the codes of Ji'an prefecture until 2000"


def check_against(table, standards):
    codes = {row["code"]: row["title"] for row in table if row["status"] != "historical"}
    counties = {row["code6"]: row["name"] for row in read(standards / "gbt2260_jian_county.csv")}
    towns = {row["code9"]: row["name"] for row in read(standards / "jian_town.csv")}
    for known in (counties, towns):
        different = {code: name for code, name in known.items() if codes.get(code) != name}
        assert not different, f"not in REGION, or under another name: {different}"
    ours = {code for code in codes if code.startswith("3608") and len(code) == 9}
    assert ours == set(towns), f"towns of Ji'an: {ours ^ set(towns)}"
    print(f"{len(counties)} regions and {len(towns)} towns of Ji'an agree")


def main():
    packs, standards = map(pathlib.Path, sys.argv[1:])
    table = read(packs / "core/codes/REGION.csv")
    check_itself(table)
    if not standards.is_dir():
        print(f"skipped the comparison: no {standards}")
        sys.exit(SKIPPED)
    check_against(table, standards)


main()
