#!/usr/bin/env python3
"""All products for all firms: 472 made-up products with their rules against a table of indicators of 100,000 made-up firms, beside DuckDB alone with the same rules.

usage: bench/match.py BUILD [FIRMS] [PRODUCTS]

Prints seconds of `luling match list` (the whole command: the table is opened, its values unsealed, every product met with every firm, and counted), of the
reference (one statement over the same values in plain Parquet), whether both count the same, and of one firm with every rule explained, through the server.
"""
import csv
import io
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import features

BUILD, ROOT, LULING, run = features.BUILD, features.ROOT, features.LULING, features.run
FIRMS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
PRODUCTS = int(sys.argv[3]) if len(sys.argv) > 3 else 472
PASSWORD = "a long word of the bench"
NUMBERS = {"years_in_business": (1, 8), "registered_capital": (10, 500), "employees": (3, 100), "revenue": (50, 3000), "debt_ratio": (50, 90)}


def pack_of(folder):
    """Pack finance with its products replaced."""
    pack = folder / "finance"
    shutil.copytree(BUILD / "packs/finance", pack)
    rnd = random.Random(472)
    rows = list(csv.DictReader(open(pack / "products.csv", encoding="utf-8")))
    known = {row["indicator"]: row["type"] for row in csv.DictReader(open(pack / "indicators.csv", encoding="utf-8"))}
    numbers = {k: v for k, v in NUMBERS.items() if known.get(k) == "number"}
    products, rules = [], []
    for i in range(PRODUCTS):
        row = dict(rnd.choice(rows), product=f"made_{i:03d}", title=f"合成产品{i}", title_en=f"Made-up product {i}", region=rnd.choice(["", "", "360802", "360802|360803"]))
        products.append(row)
        for name, (low, high) in rnd.sample(sorted(numbers.items()), rnd.randint(2, len(numbers))):
            rules.append([row["product"], name, name, "le" if name == "debt_ratio" else "ge", rnd.randrange(low, high, max(1, (high - low) // 8)), "own"])
        rules.append([row["product"], "grade", "tax_credit_level", "in", rnd.choice(["A", "A|B", "A|B|C"]), "own"])
        rules.append([row["product"], "pays", "insured_count", "ge", rnd.randint(1, 9), "own"] if "insured_count" in known else [row["product"], "status", "registration_status", "in", "1", "own"])
    with open(pack / "products.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(products)
    with open(pack / "product_rules.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["product", "group", "indicator", "operator", "value", "basis"])
        writer.writerows(rules)
    return pack, products, rules


def condition(indicator, operator, value):
    quoted = ", ".join(f"'{v}'" for v in str(value).split("|"))
    starts = " OR ".join(f"starts_with({indicator}, '{v}')" for v in str(value).split("|"))
    return {"ge": f"{indicator} >= {value}", "le": f"{indicator} <= {value}", "in": f"{indicator} IN ({quoted})", "starts": f"({starts})"}[operator]


def reference(data, table, folder, products, rules):
    """(seconds, fits by product): what a data scientist would write, over the values as plain columns."""
    dumped = folder / "table.csv"
    dumped.write_text(run(data, "indicator", "dump", table), encoding="utf-8")
    names = next(csv.reader(io.StringIO(dumped.read_text(encoding="utf-8"))))
    asked = {}
    for product, group, indicator, operator, value, _ in rules:
        asked.setdefault(product, {}).setdefault(group, []).append(condition(indicator, operator, value))
    for row in products:
        for name, column in (("region", "region"), ("industry", "target_industry")):
            if row[column]:
                asked.setdefault(row["product"], {})[name] = [condition(name, "starts", row[column])]
    counts = [f"count(*) FILTER (WHERE {' AND '.join('(' + ' OR '.join(g) + ')' for g in groups.values())})" for groups in asked.values()]
    codes = ", ".join(f"'{n}': 'VARCHAR'" for n in names if n in {r[2] for r in rules if r[3] == "in"} | {"region", "industry"})
    statements = [f"COPY (SELECT * FROM read_csv('{dumped}', header = true, types = {{{codes}}})) TO '{folder}/table.parquet' (FORMAT parquet, COMPRESSION zstd)",
                  f"COPY (SELECT {', '.join(counts)} FROM read_parquet('{folder}/table.parquet')) TO '{folder}/counts.csv' (HEADER false)"]
    sql = folder / "reference.sql"
    sql.write_text("\n".join(statements) + "\n", encoding="utf-8")
    done = subprocess.run([BUILD / "bench/bench_bare_sql", sql, "2", "2048"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    fits = next(csv.reader(open(folder / "counts.csv", encoding="utf-8")))
    return float(done.stdout.split()[-1]), dict(zip(asked, map(int, fits)))


def one_firm(data, code):
    """Milliseconds of the 90th of 100 answers: one firm's products, each rule explained, its values from the table."""
    subprocess.run([LULING, "--data", data, "account", "add", "looker", "--organisation", "JA001", "--duties", "operator", "--password-file", "-"], input=PASSWORD + "\n", text=True, check=True, capture_output=True)
    server = subprocess.Popen([LULING, "serve", "--json", "--data", data, "--set", "listen_port=0", "--set", "log_level=error"], stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(server.stdout.readline())["url"].rstrip("/")
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({}))
        body = json.dumps({"account": "looker", "password": PASSWORD}).encode()
        opener.open(urllib.request.Request(f"{url}/v1/session", body, {"Content-Type": "application/json"})).read()
        spent = []
        for _ in range(100):
            start = time.monotonic()
            opener.open(f"{url}/v1/finance/firms/{code}/products?limit=100").read()
            spent.append((time.monotonic() - start) * 1000)
        return sorted(spent)[90]
    finally:
        server.terminate()
        server.wait(30)


def main():
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        data = folder / "data"
        pack, products, rules = pack_of(folder)
        run(data, "pack", "load", *[BUILD / "packs" / name for name in ("core", "jian", "credit", "demo")], pack)
        codes = sorted(features.uscc(i) for i in range(FIRMS))
        features.deliver(data, folder, codes)
        table = json.loads(run(data, "indicator", "run", "--json"))["id"]
        spent = []
        for _ in range(3):
            start = time.monotonic()
            listed = json.loads(run(data, "match", "list", "--json"))
            spent.append(time.monotonic() - start)
        plain, fits = reference(data, table, folder, products, rules)
        told = {row["product"]: row["fit"] for row in listed if row["fit"] is not None}
        wrong = [p for p, n in told.items() if fits[p] != n]
        print(f"match: {FIRMS:,} firms x {len(listed)} products, {len(rules)} rules: {min(spent):.2f} s")
        print(f"DuckDB alone, nothing sealed: {plain:.2f} s; ratio {min(spent) / plain:.1f}; {len(told)} counts told, {len(wrong)} differ {wrong[:3]}")
        print(f"one firm, its indicators from the table, every rule explained, p90: {one_firm(data, codes[0]):.1f} ms")


if __name__ == "__main__":
    main()
