#!/usr/bin/env python3
"""Makes the deliveries of the rural pack: a small county's households, and what departments, banks and villages hold about them.

usage: rural.py OUT [HOUSEHOLDS]

Writes NAME.csv for each resource, deliveries.json (file and resource, in the order of arrival) and truth.json (what is so of each household, item by
item, where that is known) into OUT.  All of it is made up and says so; rural_people.py says how, and which errors offices make.
"""
import csv
import datetime
import json
import pathlib
import sys

import rural_people

TOWNS = [("360828101", "五丰镇"), ("360828103", "窑头镇")]
VILLAGES = 3  # a town
COUNTY = "万安县"


def villages():
    """Those of tools/villages_sample.csv: the code table of villages has them."""
    return [(f"{code}{901 + n}", f"{town}样例{'一二三四五六'[n]}村") for code, town in TOWNS for n in range(VILLAGES)]


def special(maker, truths):
    """A split, a merge of households, and a move: what happened to three of them since the register was delivered."""
    a, b, c = truths[0], truths[1], truths[2]
    mover = {"id": a["members"][-1]} if len(a["members"]) > 2 else None
    if mover and mover["id"] != a["holder_id_no"]:
        maker.changed("2026-10-08", "split", before=a["household_no"], after=c["household_no"], person=mover)
        a["members"].remove(mover["id"])
        c["members"] = sorted([*c["members"], mover["id"]])
    maker.changed("2026-10-12", "merge", before=b["household_no"], after=c["household_no"])
    c["members"] = sorted([*c["members"], *b["members"]])
    b["members"] = []
    for truth in (a, b, c):  # what they have is mixed: only who belongs to them is told
        for key in set(truth) - {"household_no", "members"}:
            del truth[key]
        truth["member_count"] = len(truth["members"]) or None


def main():
    out = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    out.mkdir(parents=True, exist_ok=True)
    rows, heads, places = {}, rural_people.headers(), villages()
    maker = rural_people.Maker(lambda resource, row: rows.setdefault(resource, []).append(row))
    truths = []
    for n in range(count):
        village, name = places[n % len(places)]
        truths.append(maker.household(n + 1, village, name, COUNTY))
    special(maker, truths)
    order = [name for name in heads if name in rows]
    for number, resource in enumerate(order, 31):
        head = heads[resource]
        with open(out / f"{number}_{resource}_样例.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(head.values())
            writer.writerows([row.get(item, "") for item in head] for row in rows[resource])
    listing = [{"file": f"{number}_{resource}_样例.csv", "resource": resource} for number, resource in enumerate(order, 31)]
    (out / "deliveries.json").write_text(json.dumps(listing, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (out / "truth.json").write_text(json.dumps(truths, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    print(f"{out}: {count} 户，{len(order)} 个交付，{sum(map(len, rows.values()))} 行 / {count} households, {len(order)} deliveries")


if __name__ == "__main__":
    main()
