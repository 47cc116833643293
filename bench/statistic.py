#!/usr/bin/env python3
"""Figures of financing over a million made-up events in ten batches as of an instant, by every dimension, beside DuckDB alone over the same Parquet files.

usage: bench/statistic.py BUILD [EVENTS]

BUILD with `-Dbench=true`.  Prints seconds and peak memory of `luling finance statistics --by all` and of the reference (bench/bare_sql.c: the newest row of each
event, then one GROUP BY a dimension), their ratio, and whether all figures are the same.  The last batch came after the instant, and one event in a hundred is
delivered twice.  The folder is made in a temporary directory and removed.
"""
import csv
import datetime
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import features

BUILD, LULING, run = features.BUILD, features.LULING, features.run
EVENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
BATCHES = 10
RESOURCE = "finance_case_event"
HEADS = ("event_no event_ms event_day event_kind event_financing event_case firm_key handling_organisation event_product event_amount event_rate term_months"
         " event_reason first_loan renewed_without_repayment event_region event_industry event_size").split()
COUNTIES = [f"3608{n:02d}" for n in (2, 3, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 81)]
STEPS = ("registered", "published", "applied", "accepted", "due_diligence", "granted", "drawn", "repaid")
KEYS = {"total": "''", "region": "coalesce(event_region[:6], '')", "industry": "coalesce(event_industry[:1], '')", "size": "coalesce(event_size, '')",
        "institution": "coalesce(handling_organisation, '')", "product": "coalesce(event_product, '')", "month": "strftime(event_day, '%Y-%m')"}
COUNTED = ("demands", "applied", "refused", "granted", "granted_fen", "lent", "lent_fen", "repaid_fen", "first_loans", "firms", "days_median", "days_p90")
DAY_MS = 86_400_000
CHINA = datetime.timezone(datetime.timedelta(hours=8))


def events():
    """A firm's way from its registration to what it has repaid, again and again; some are refused on it."""
    rnd = random.Random(360800)
    now = int(time.time() * 1000)
    made = way = 0
    while made < EVENTS:
        way += 1
        firm = rnd.randrange(EVENTS // 20 + 1)
        kinds = STEPS if rnd.random() < 0.6 else STEPS[1:3] + ("refused",)
        ms = now - rnd.randrange(40, 700) * DAY_MS
        amount, bank = rnd.randrange(1, 999_999_999), rnd.randrange(30)
        where = [COUNTIES[firm % len(COUNTIES)], "ACFGIJ"[firm % 6] + "13", ("micro", "small", "medium", "large")[firm % 4]]
        for kind in kinds[:EVENTS - made]:
            ms += rnd.randrange(1, 5 * DAY_MS)
            money = kind in ("granted", "drawn", "repaid")
            made += 1
            day = datetime.datetime.fromtimestamp(ms / 1000, CHINA).date()
            yield [f"B{made}", ms, day, kind, f"F{way}", f"L{way}", f"firm{firm}", f"FI{bank:03d}", f"p{bank}_{firm % 7}",
                   f"{amount // 100}.{amount % 100:02d}" if money else "", f"{3 + bank / 10:.2f}" if money else "", "12" if money else "",
                   f"0{1 + firm % 5}" if kind == "refused" else "", "Y" if firm % 3 else "N", "N", *where]


def deliver(data, folder):
    """Takes the batches in; returns the instant before the last of them."""
    size, batch, at, as_of = EVENTS // BATCHES, [], 0, None
    for row in events():
        batch.append(row)
        if len(batch) < size and row[0] != f"B{EVENTS}":
            continue
        path = folder / f"events-{at}.csv"
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(HEADS)
            writer.writerows(batch)
        if at == BATCHES - 1:
            time.sleep(0.01)
            as_of = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            time.sleep(0.01)
        run(data, "intake", path, "--resource", RESOURCE)
        path.unlink()
        at, batch = at + 1, batch[::100]
    return as_of


def measured(words):
    """(output, seconds, MiB at most)"""
    started = time.monotonic()
    process = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.stdout.read()
    _, status, use = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{words[0]} ended with {process.returncode}")
    return out.decode(), time.monotonic() - started, use.ru_maxrss / 1024


def figures(key):
    fen = "CAST(coalesce(sum(event_amount) FILTER (WHERE event_kind = '{}'), 0) * 100 AS BIGINT)"
    count = "count(*) FILTER (WHERE event_kind = '{}')"
    funnel = ", ".join(f"count(DISTINCT event_financing) FILTER (WHERE event_kind = '{k}')" for k in ("published", "applied", "accepted", "due_diligence", "granted", "drawn"))
    return (f"SELECT {key}, {count.format('published')}, {count.format('applied')}, {count.format('refused')}, {count.format('granted')}, {fen.format('granted')}, {count.format('drawn')},"
            f" {fen.format('drawn')}, {fen.format('repaid')}, count(*) FILTER (WHERE event_kind = 'drawn' AND first_loan), count(DISTINCT firm_key), quantile_disc(days, 0.5), quantile_disc(days, 0.9),"
            f" sum(event_amount * event_rate) FILTER (WHERE event_kind = 'drawn') / sum(event_amount) FILTER (WHERE event_kind = 'drawn'), {funnel},"
            f" count(DISTINCT event_case) FILTER (WHERE event_kind = 'overdue') FROM x GROUP BY 1 ORDER BY 1")


def reference(data, folder, as_of):
    """(figures by dimension, seconds, MiB): what a data scientist would write over the files of the batches."""
    batches = [b["id"] for b in reversed(json.loads(run(data, "batch", "list", "--resource", RESOURCE, "--json"))) if b["published_at"] <= as_of]
    files = " UNION ALL BY NAME ".join(f"SELECT *, {at} AS batch FROM read_parquet('{data}/lake/{RESOURCE}/{b}/data-*.parquet')" for at, b in enumerate(batches))
    if len(batches) != BATCHES - 1:
        sys.exit(f"{len(batches)} batches were there by {as_of}")
    statements = [
        f"CREATE TABLE e AS SELECT * FROM ({files}) WHERE event_ms <= epoch_ms(TIMESTAMP '{as_of[:-1]}') QUALIFY row_number() OVER (PARTITION BY event_no ORDER BY batch DESC) = 1",
        "CREATE TABLE x AS SELECT e.*, CASE WHEN event_kind = 'drawn' AND row_number() OVER (PARTITION BY event_financing, event_kind ORDER BY event_ms, event_no) = 1 THEN"
        " (event_ms - p.published) // 86400000 END AS days FROM e LEFT JOIN (SELECT event_financing AS f, min(event_ms) AS published FROM e WHERE event_kind = 'published' GROUP BY 1) p ON p.f = e.event_financing",
        *[f"COPY ({figures(key)}) TO '{folder}/{by}.csv' (HEADER false)" for by, key in KEYS.items()],
        f"COPY (SELECT event_reason, count(*), count(DISTINCT firm_key) FROM x WHERE event_kind = 'refused' GROUP BY 1 ORDER BY 2 DESC) TO '{folder}/reasons.csv' (HEADER false)"]
    path = folder / "reference.sql"
    path.write_text("\n".join(statements) + "\n", encoding="utf-8")
    _, seconds, mib = measured([BUILD / "bench/bench_bare_sql", path, os.cpu_count(), 2048])
    return {by: {row[0]: row[1:] for row in csv.reader(open(folder / f"{by}.csv", encoding="utf-8"))} for by in KEYS}, seconds, mib


def differing(told, known):
    """Names of figures that are not the same."""
    for one in told:
        rows = known[one["by"]]
        listed = [dict(one["total"], key="")] if one["by"] == "total" else one["rows"]
        if {r["key"] for r in listed} != set(rows):
            yield f"{one['by']}: keys"
            continue
        for row in listed:
            plain = rows[row["key"]]
            for name, value in zip(COUNTED, plain):
                if row[name] != (int(float(value)) if value else None):
                    yield f"{one['by']} {row['key']} {name}: {row[name]}, not {value}"
            rate = plain[len(COUNTED)]
            if abs((row["rate"] or 0) - float(rate or 0)) > 1e-9:
                yield f"{one['by']} {row['key']} rate"


def main():
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        data = folder / "data"
        run(data, "pack", "load", *[BUILD / "packs" / name for name in ("core", "jian", "finance")])
        as_of = deliver(data, folder)
        ours = [measured([LULING, "--data", data, "finance", "statistics", "--by", "all", "--as-of", as_of, "--json"]) for _ in range(3)]
        plain = [reference(data, folder, as_of) for _ in range(3)]
        told = json.loads(ours[0][0])["all"]
        wrong = list(differing(told, plain[0][0]))
        mine, theirs = min(o[1] for o in ours), min(p[1] for p in plain)
        compared = sum(len(rows) for rows in plain[0][0].values())
        print(f"statistic: {EVENTS:,} events in {BATCHES} batches, as of before the last: {len(told)} dimensions in {mine:.2f} s, {max(o[2] for o in ours):.0f} MiB at most")
        print(f"DuckDB alone over the same files: {theirs:.2f} s, {max(p[2] for p in plain):.0f} MiB; ratio {mine / theirs:.2f}; {compared} rows compared, {len(wrong)} figures differ {wrong[:3]}")
        if wrong:
            sys.exit(1)


if __name__ == "__main__":
    main()
