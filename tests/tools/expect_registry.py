#!/usr/bin/env python3
"""What taking in the public registrations must come to, worked out without our code: the oracle of the test of the real run.

usage: expect_registry.py PACKS DATA

PACKS  the packs of the build folder
DATA   the folder with enterprise_registration/; exits 77 (skipped) when it is not there

Prints JSON: for each file what is received, published and quarantined, the reasons with the number of rows, and the warnings that
follow from a row alone (of refused rows too); and how many records the resource holds in the end.  Rows are judged cell by cell as the pack
`jiangxi_registration` says: every fault of a row counts, and a row with any is quarantined.
"""
import collections
import csv
import datetime
import gzip
import io
import json
import pathlib
import re
import sys

FILES = (("jian_gb18030.csv", "gb18030"), ("jiangxi_1980_2019.csv.gz", "utf-8"))
SKIPPED = 77

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = [3**i % 31 for i in range(17)]
ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
NOTHING = {"", "N/A"}

# 46.7000(万元人民币), 1万人民币, 2,048.7000(万元人民币), 12万元人民币, 30(万美元), 70(万), 0(万) ...; 30,000(元/万元) says two things
AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})*|\d+)(\.\d+)?\(?(万)(元)?(人民币|美元|港币|欧元|日元)?\)?")
TEN_BILLION = 10**10


def organisation_code_ok(code):
    total = sum(ORG_CHARS.index(c) * w for c, w in zip(code, ORG_WEIGHTS))
    check = 11 - total % 11
    return code[8] == {10: "X", 11: "0"}.get(check, str(check))


def uscc_ok(code):
    if len(code) != 18 or any(c not in USCC_CHARS for c in code):
        return False
    total = sum(USCC_CHARS.index(c) * w for c, w in zip(code, USCC_WEIGHTS))
    return organisation_code_ok(code[8:17]) and USCC_CHARS[-total % 31] == code[17]


def amount(text):
    """Yuan, or None when it is none."""
    match = AMOUNT.fullmatch(text)
    return float(match[1].replace(",", "") + (match[2] or "")) * 10000 if match else None


def names(path):
    """Everything that finds a code: the code, its title, its synonyms; none that several codes share."""
    owners = collections.defaultdict(set)
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for name in {row["code"], row["title"], *row["synonyms"].split("|")} - {""}:
                owners[name].add(row["code"])
    return {name for name, codes in owners.items() if len(codes) == 1}


def date_ok(text):
    try:
        return datetime.date(1840, 1, 1) <= datetime.date.fromisoformat(text) <= datetime.date.today()
    except ValueError:
        return False


class Judge:
    def __init__(self, packs):
        codes = pathlib.Path(packs) / "core" / "codes"
        self.types, self.regions = names(codes / "ENT_TYPE.csv"), names(codes / "REGION.csv")

    def faults(self, row):
        name, code, date, kind, person, capital, scope, province, city, address = row
        yield from ("item.required:" + item for item, value in
                    (("uscc", code), ("enterprise_name", name), ("established_date", date), ("province", province),
                     ("city", city), ("registered_address", address)) if value in NOTHING)
        if code not in NOTHING and not uscc_ok(code.upper()):
            yield "item.identifier:uscc"
        if date not in NOTHING and not date_ok(date):
            yield "item.type:established_date"
        if kind not in NOTHING and kind not in self.types:
            yield "item.code:enterprise_type"
        if capital not in NOTHING and amount(capital) is None:
            yield "item.type:registered_capital"
            yield "item.type:capital_currency"
        yield from ("item.code:" + item for item, value in (("province", province), ("city", city))
                    if value not in NOTHING and value not in self.regions)
        yield from ("item.length:" + item for item, value, most in
                    (("enterprise_name", name, 200), ("legal_rep_name", person, 100), ("business_scope", scope, 4000),
                     ("registered_address", address, 300)) if len(value) > most)

    @staticmethod
    def warnings(row):
        if not row[1].startswith("9"):
            yield "row.rule:authority_is_market_regulation"
        capital = None if row[5] in NOTHING else amount(row[5])
        if capital is None:
            yield "row.rule:capital_stated"
        elif capital >= TEN_BILLION:
            yield "row.rule:capital_plausible"


def rows_of(path, charset):
    raw = gzip.open(path) if path.suffix == ".gz" else open(path, "rb")
    with raw, io.TextIOWrapper(raw, encoding=charset, newline="") as text:
        yield from list(csv.reader(text))[1:]


def judge_file(judge, rows, records):
    reasons, warnings, seen = collections.Counter(), collections.Counter(), set()
    received = quarantined = 0
    for row in rows:
        received += 1
        warnings.update(judge.warnings(row))
        faults = set(judge.faults(row))
        code = row[1].upper()
        if not faults and code in seen:
            faults = {"row.duplicate"}
        if faults:
            quarantined += 1
            reasons.update(faults)
        else:
            seen.add(code)
    records |= seen
    return {"received": received, "published": received - quarantined, "quarantined": quarantined,
            "reasons": dict(sorted(reasons.items())), "warnings": dict(sorted(warnings.items()))}


def main():
    packs, data = sys.argv[1:]
    folder = pathlib.Path(data) / "enterprise_registration"
    if not folder.is_dir():
        print(f"skipped: no {folder}")
        sys.exit(SKIPPED)
    judge, records = Judge(packs), set()
    files = {name: judge_file(judge, rows_of(folder / name, charset), records) for name, charset in FILES}
    print(json.dumps({"resource": "enterprise_registry_public", "files": files, "records": len(records)},
                     ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
