#!/usr/bin/env python3
"""tools/add_codes.py makes a good pack of the full GB/T 4754-2017: 20 sections, 97 divisions, 473 groups, 1381 classes.

usage: check_full_industry.py ADD_CODES CHECK_PACKS PACKS STANDARDS      exits 77 (skipped) without the full table
"""
import collections
import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile

WANTED = {1: 20, 3: 97, 4: 473, 5: 1381}  # by length of the code: A, A01, A011, A0111


def main():
    add_codes, check_packs, packs, standards = sys.argv[1:]
    full = pathlib.Path(standards) / "gbt4754_2017_industry.csv"
    if not full.is_file():
        print(f"skipped: no {full}")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "packs"
        shutil.copytree(packs, root)
        subprocess.run([sys.executable, add_codes, "--table", "INDUSTRY", "--code", "code_with_section", "--title", "name", "--parent",
                        "parent_code", full, root / "industry_full"], check=True)
        subprocess.run([sys.executable, check_packs, root], check=True)
        lengths = collections.Counter()
        for pack in ("core", "industry_full"):
            with open(root / pack / "codes/INDUSTRY.csv", encoding="utf-8", newline="") as file:
                lengths.update(len(row["code"]) for row in csv.DictReader(file))
        assert lengths == WANTED, lengths


main()
