#!/usr/bin/env python3
"""Takes in a delivery whose repeated rows are found only after it was sorted, and that is large enough for several workers to read it again.

usage: check_late_rejects.py LULING PACKS GENERATOR_FOLDER

The rest must still be in the order of its keys: segments are built from it, and a delivery that is not is sealed but never published.
"""
import csv
import datetime
import pathlib
import sys
import tempfile

from run_deliveries import Luling

ROWS, REPEATED = 90000, (500, 70000)


def main():
    program, packs, generator = sys.argv[1:4]
    sys.path.insert(0, generator)
    import rural_people

    maker = rural_people.Maker(lambda resource, row: None)
    numbers = [maker.person_number(datetime.date(1950 + i % 50, 1 + i % 12, 1 + i % 28), i % 2) for i in range(ROWS)]
    heads = rural_people.headers()["rural_pension"]
    row = {"pension_kind": "2", "pension_status": "1", "reported_on": "2026-09-30", "sample_note": "样例"}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "pension.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads.values())
            for number in [*numbers, *(numbers[at] for at in REPEATED)]:
                writer.writerow([{**row, "resident_id": number}.get(item, "") for item in heads])
        luling = Luling(program, pathlib.Path(folder) / "data")
        luling.run("pack", "load", *[f"{packs}/{name}" for name in ("core", "jian", "rural")])
        delivery = luling.json("intake", path, "--resource", "rural_pension")[0]
        assert (delivery["state"], delivery["published"], delivery["quarantined"]) == ("published", ROWS, len(REPEATED)), delivery


if __name__ == "__main__":
    main()
