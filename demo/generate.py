#!/usr/bin/env python3
"""Makes the deliveries of the demo: what fourteen departments would send about enterprises, in the messy forms that they come in.

usage: generate.py OUT [FIRMS]

Writes the files, deliveries.json (the files in the order they arrive, and what each is for) and expected.json (what taking them in
must come to: the oracle of the tests) into OUT.  The same FIRMS (3000) gives the same bytes on every machine.  Only the names and
credit codes of well-known listed companies are facts; everything else is made up and says so (样例).
"""
import json
import pathlib
import sys

import enforcement
import firms
import publicity
import registry
import services
from delivery import Records

SEED = 360800
SNAPSHOTS = {"tax_arrears", "housing_fund", "construction_qualification", "technology_enterprise"}


def deliveries(count):
    """(delivery, bytes) in the order of their file names, which is the order of arrival."""
    dice = firms.Dice(SEED)
    everyone = firms.make(dice, count)
    first = registry.registrations(dice, everyone)
    registered = set(first[0].keys)
    made = [
        first,
        registry.annual_reports(dice, everyone, registered),
        publicity.permits(dice, everyone),
        *publicity.penalties(dice, everyone),
        enforcement.tax_ratings(dice, everyone),
        enforcement.tax_arrears(dice, everyone),
        services.social_insurance(dice, everyone, "202405", "07_人社局_社会保险_202405_样例.csv.gz", "gzip 压缩的 UTF-8；有重复行",
                                  "gzipped UTF-8; with repeated rows", True),
        *services.housing_fund(dice, everyone),
        enforcement.dishonesty(dice, everyone),
        services.mortgages(dice, everyone),
        services.electricity(dice, everyone),
        services.water(dice, everyone),
        registry.patents(dice, everyone),
        services.customs(dice, everyone),
        services.qualifications(dice, everyone),
        services.technology(dice, everyone),
        enforcement.environment(dice, everyone),
        registry.registration_changes(dice, everyone, registered),
        services.social_insurance(dice, everyone, "202406", "22_人社局_社会保险_202406_样例.csv", "次月增量", "next month's increment", False),
    ]
    made += publicity.timely(everyone)
    dice = firms.Dice(SEED + 1)  # of their own, so that what stands above stays as it was
    made += [registry.shareholders(dice, everyone), registry.branches(dice, everyone), registry.changes(dice, everyone), registry.abnormal(dice, everyone)]
    return sorted(made, key=lambda pair: pair[0].file)


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main():
    out = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    out.mkdir(parents=True, exist_ok=True)
    records, expected, order = Records(), [], []
    for delivery, data in deliveries(count):
        (out / delivery.file).write_bytes(data)
        records.take(delivery, "snapshot" if delivery.resource in SNAPSHOTS else "increment")
        expected.append(delivery.expected())
        order.append({"file": delivery.file, "resource": delivery.resource, "expect": delivery.expect, "received": delivery.received,
                      "note": {"zh": delivery.note_zh, "en": delivery.note_en}})
    write_json(out / "deliveries.json", order)
    write_json(out / "expected.json", {"deliveries": expected, "records": {r: len(k) for r, k in sorted(records.of.items())}})
    received = sum(e["received"] for e in expected)
    refused = sum(e["quarantined"] for e in expected)
    print(f"{out}: {len(expected)} 个交付，{received} 行，其中 {refused} 行有意出错 / {len(expected)} deliveries, {received} rows, "
          f"{refused} of them wrong on purpose")


if __name__ == "__main__":
    main()
