#!/usr/bin/env python3
"""The table of indicators of 100,000 made-up firms as of a day, beside DuckDB alone reading the same Parquet files for the same counts.

usage: bench/features.py BUILD [FIRMS]

Prints seconds of `luling indicator run`, of the reference (one GROUP BY a resource over the lake's files, a tenth of the indicators, nothing sealed or checked),
and of one firm.  The folder is made in a temporary directory and removed.
"""
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(sys.argv[1]).resolve()
FIRMS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
ROOT = pathlib.Path(__file__).resolve().parent.parent
LULING = BUILD / "src/cli/luling"
CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
MONTHS = [f"2025{m:02d}" for m in range(11, 13)] + [f"2026{m:02d}" for m in range(1, 11)]


def uscc(n):
    body = f"MB{n:06d}"
    check = 11 - sum(int(c, 36) * w for c, w in zip(body, [3, 7, 9, 10, 5, 8, 4, 2])) % 11
    code = "91360802" + body + ("X" if check == 10 else "0" if check == 11 else str(check))
    return code + CODES[(31 - sum(CODES.index(c) * w for c, w in zip(code, WEIGHTS)) % 31) % 31]


def rows_of(resource, code, i, rnd):
    name = f"样例企业{i}"
    if resource == "enterprise_registration":
        yield [code, name, "1130", "C13", f"20{rnd.randint(0, 20):02d}-05-01", rnd.randint(10, 9000) * 10000, "156", "样例", "样例地址", "360802", "1"]
    elif resource == "annual_report":
        for year in (2024, 2025):
            debts, own = rnd.randint(1, 5000) * 10000, rnd.randint(1, 5000) * 10000
            yield [code, year, name, "1", rnd.randint(1, 300), debts + own, debts, own, rnd.randint(1, 9999) * 10000, rnd.randint(-99, 999) * 10000, rnd.randint(0, 99) * 10000, f"{year + 1}-05-20"]
    elif resource == "tax_rating":
        for year in (2024, 2025):
            score = rnd.randint(0, 99)
            yield [code, year, name, "A" if score >= 90 else "B" if score >= 70 else "C" if score >= 40 else "D", score, "样例税务局"]
    elif resource == "social_insurance":
        for month in MONTHS:
            yield [code, "110", month, name, rnd.randint(1, 300), rnd.randint(1, 99) * 1000, (due := rnd.randint(1, 99) * 100), due, 0, "1"]
    elif resource == "electricity_payment":
        for month in MONTHS:
            bill, late = rnd.randint(100, 99999), rnd.random() < 0.05
            yield [f"E{i:08d}", month, code, name, "1", rnd.randint(1, 99999), bill, bill - 50 * late, "是" if late else "否", 20 * late]


COLUMNS = {
    "enterprise_registration": "uscc enterprise_name enterprise_type industry_code established_date registered_capital capital_currency legal_rep_name registered_address region registration_status",
    "annual_report": "uscc report_year enterprise_name business_state employees total_assets total_liabilities owner_equity revenue net_profit tax_total submitted_date",
    "tax_rating": "uscc tax_year enterprise_name tax_credit_level tax_credit_score tax_authority",
    "social_insurance": "uscc insurance_type pay_period enterprise_name insured_count si_base si_payable si_paid si_arrears_months account_status",
    "electricity_payment": "meter_account billing_period uscc enterprise_name electricity_class electricity_kwh bill_amount bill_paid is_overdue overdue_days",
}


def run(data, *words):
    done = subprocess.run([LULING, "--data", data, *words], capture_output=True, text=True)
    if done.returncode not in (0, 75):
        sys.exit(f"luling {' '.join(map(str, words))}: {done.stderr[-2000:]}")
    return done.stdout


def deliver(data, folder, codes):
    titles = {}
    for row in csv.DictReader(open(ROOT / "packs/demo/items.csv", encoding="utf-8")):
        titles[row["resource"], row["item"]] = row["title"]
    elements = {row["name"]: row["title"] for row in csv.DictReader(open(ROOT / "packs/core/elements.csv", encoding="utf-8"))}
    sizes = {}
    for resource, columns in COLUMNS.items():
        rnd = random.Random(resource)
        path = folder / f"{resource}.csv"
        rows = 0
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([titles.get((resource, c)) or elements[c] for c in columns.split()])  # as the source writes it
            for i, code in enumerate(codes):
                for row in rows_of(resource, code, i, rnd):
                    writer.writerow(row)
                    rows += 1
        run(data, "intake", path, "--resource", resource)
        batch = json.loads(run(data, "batch", "list", "--resource", resource, "--json"))[0]
        sizes[resource] = (rows, batch["rows"])
    return sizes


def reference(data, folder):
    """The same rows in plain Parquet, the engine alone (bench/bare_sql.c): seconds of all statements but those that write the Parquet files."""
    names = {r: ", ".join(f"'{c}'" for c in columns.split()) for r, columns in COLUMNS.items()}
    where = {r: f"read_parquet('{folder}/{r}.parquet')" for r in COLUMNS}
    writing = [f"COPY (SELECT * FROM read_csv('{folder}/{r}.csv', names = [{names[r]}], header = true)) TO '{folder}/{r}.parquet' (FORMAT parquet, COMPRESSION zstd)" for r in COLUMNS]
    statements = writing + [
        f"CREATE TABLE e AS SELECT uscc, sum(electricity_kwh) a, count(DISTINCT billing_period) b, sum(bill_amount) c, max(overdue_days) d, bool_or(is_overdue = '是') e FROM {where['electricity_payment']} GROUP BY uscc",
        f"CREATE TABLE s AS SELECT uscc, sum(si_paid) a, count(DISTINCT pay_period) b, sum(si_payable) c, max(insured_count) d, min(insured_count) e, arg_max(insured_count, pay_period) f FROM {where['social_insurance']} GROUP BY uscc",
        f"CREATE TABLE r AS SELECT uscc, arg_max(tax_credit_level, tax_year) a FROM {where['tax_rating']} GROUP BY uscc",
        f"CREATE TABLE f AS SELECT * FROM {where['enterprise_registration']} x LEFT JOIN e USING (uscc) LEFT JOIN s USING (uscc) LEFT JOIN r USING (uscc) ORDER BY uscc",
    ]
    sql = folder / "reference.sql"
    sql.write_text("\n".join(statements) + "\n", encoding="utf-8")
    done = subprocess.run([BUILD / "bench/bench_bare_sql", sql, "2", "2048"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return sum(float(line) for line in done.stdout.split()[1 + len(writing):])


def main():
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        data = folder / "data"
        run(data, "pack", "load", *[BUILD / "packs" / name for name in ("core", "jian", "credit", "demo", "finance")])
        codes = sorted(uscc(i) for i in range(FIRMS))
        for resource, (rows, published) in deliver(data, folder, codes).items():
            print(f"{resource}: {published:,} of {rows:,} rows published")
        start = time.monotonic()
        made_run = json.loads(run(data, "indicator", "run", "--json"))
        seconds = time.monotonic() - start
        print(f"indicator run: {made_run['firms']:,} firms x {made_run['indicators']} indicators in {seconds:.1f} s")
        start = time.monotonic()
        run(data, "indicator", "show", codes[0], "--json")
        print(f"indicator show: {time.monotonic() - start:.2f} s")
        plain = reference(data, folder)
        print(f"DuckDB alone, 12 of them, nothing sealed or checked: {plain:.2f} s; ratio {seconds / plain:.1f}")


if __name__ == "__main__":
    main()
