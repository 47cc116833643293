#!/usr/bin/env python3
"""check_packs.py finds what it is there to find: packs with one thing spoiled are refused, each for that reason.

usage: check_checker.py CHECK_PACKS PACKS
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

# file, what is spoiled, by what, part of the answer
SPOILED = [
    ("core/elements.csv", "LE01001,uscc,", "LE01001,org_code,", "name stands twice"),
    ("core/elements.csv", ",GB 32100-2015\n", ",GB 32100-2015,more\n", "wrong number of cells"),
    ("core/elements.csv", "code,name,title", "code,name,heading", "columns"),
    ("core/codes/SEX.csv", "2,女性", "1,女性", "stands twice"),
    ("core/codes/SEX.csv", "男|", "女|", "means"),
    ("core/codes/INDUSTRY.csv", ",A,,01,", ",AA,,01,", "parent AA"),
    ("jian/organisations.csv", ",360802,JA000,", ",360899,JA000,", "no region 360899"),
    ("demo/resources.csv", "320023/00001", "520023/00001", "code 520023/00001"),
    ("demo/resources.csv", ",JA030,", ",JA040,", "provider JA040"),
    ("demo/items.csv", "annual_report,uscc,uscc,,Y,1", "annual_report,uscc,uscc,,Y,3", "key [2, 3]"),
    ("demo/items.csv", "enterprise_registration.uscc", "enterprise_registration.nothing", "references"),
    ("demo/items.csv", "tax_rating,tax_year,tax_year", "tax_rating,tax_year,nothing", "no element nothing"),
    ("demo/mappings/tax_rating.csv", ",tax_year,", ",uscc,", "filled twice"),
    ("demo/mappings/tax_rating.csv", "tax_credit_level,,null", "tax_credit_level,,nil", "argument nil"),
    ("demo/mappings/annual_report.csv", ",total_assets,amount,", ",total_assets,date,", "date cannot fill decimal"),
    ("demo/checks.csv", "secured_amount > 0", "secured_sum > 0", "secured_sum"),
]


def main():
    check_packs, packs = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "packs"
        shutil.copytree(packs, root)
        for name, good, bad, answer in SPOILED:
            path = root / name
            text = path.read_text(encoding="utf-8")
            assert good in text, f"{name} no longer holds {good!r}"
            path.write_text(text.replace(good, bad, 1), encoding="utf-8")
            done = subprocess.run([sys.executable, check_packs, root], capture_output=True, text=True)
            path.write_text(text, encoding="utf-8")
            assert done.returncode == 1 and answer in done.stderr, f"{name}: {good!r} -> {bad!r} gave: {done.stderr[-300:]}"
    print(f"{len(SPOILED)} faults found")


main()
