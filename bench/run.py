#!/usr/bin/env python3
"""Measures Luling against named references on the same machine, in the same run, and writes the table of docs/benchmarks.md.

usage: run.py BUILD [--rows N] [--only NAME,...] [--write FILE]

BUILD is a folder made with `meson setup BUILD --buildtype=release -Dbench=true`.  A reference that is not installed is left out and
said so.  Every figure is of whole processes; ratios are what carries over to another machine.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
GIB = 1 << 30


def timed(args, **kw):
    """Runs a command; returns (seconds, peak memory in MiB, its output)."""
    start = time.monotonic()
    child = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)
    out, err = child.communicate()
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, args))}: exit {child.returncode}\n{err.decode(errors='replace')[-2000:]}")
    return seconds, peak, out.decode(errors="replace")


def measured(args, **kw):
    """As timed, in a process of its own, so that the peak memory is that of this command alone."""
    code = ("import json,resource,subprocess,sys,time\n"
            "s=time.monotonic();r=subprocess.run(json.loads(sys.argv[1]),stdout=subprocess.PIPE,stderr=subprocess.PIPE)\n"
            "u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
            "print(json.dumps([time.monotonic()-s,u.ru_maxrss/1024,u.ru_utime+u.ru_stime,r.returncode,"
            "r.stdout.decode(errors='replace')[-200000:],r.stderr.decode(errors='replace')[-200000:]]))")
    run = subprocess.run([sys.executable, "-c", code, json.dumps([str(a) for a in args])], stdout=subprocess.PIPE, check=True, **kw)
    seconds, peak, cpu, status, out, err = json.loads(run.stdout)
    if status != 0:
        sys.exit(f"{' '.join(map(str, args))}: exit {status}\n{out[-1000:]}{err[-2000:]}")
    return {"seconds": seconds, "peak_mib": peak, "cpu": cpu, "out": out, "err": err}


class Bench:
    def __init__(self, build, rows, folder):
        self.build, self.rows, self.folder = build, rows, folder
        self.luling = build / "src/cli/luling"
        self.table, self.notes, self.calls, self.pages = [], [], [], []

    def generate(self, name, rows, order, bad=2, first=0, step=1, salt=0):
        path = self.folder / name
        if not path.exists():
            with open(path, "wb") as f:
                subprocess.run([self.build / "bench/bench_generate", str(rows), order, str(bad), str(first), str(step), str(salt)], stdout=f, check=True)
        return path

    def data(self, name):
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        timed([self.luling, "--data", folder, "pack", "load", self.build / "packs/core", HERE / "pack"])
        return folder

    def intake(self, data, path):
        """Takes a file in; returns the measure and the seconds of its stages."""
        m = measured([self.luling, "--data", data, "--lang", "en", "intake", path, "--resource", "bench_firm"])
        m["stages"] = stages(m["err"])
        return m

    def row(self, what, m, rows, reference=None, note=""):
        rate = rows / m["seconds"]
        ratio = "" if reference is None else f"{reference['seconds'] / m['seconds']:.2f}"
        self.table.append((what, f"{m['seconds']:.1f}", f"{rate / 1000:,.0f} k", f"{m['peak_mib']:,.0f}", ratio, note))
        print(f"{what}: {m['seconds']:.1f} s, {rate:,.0f} rows/s, {m['peak_mib']:,.0f} MiB {ratio and 'ratio ' + ratio} {note}", flush=True)


def stages(text):
    """Seconds by stage, from the one line a stage that intake prints when it draws no progress."""
    found = {}
    for line in text.splitlines():
        match = re.search(r"^(receive|decode|map and check|sort and recheck|seal|publish)\b.*?([0-9]+(?:\.[0-9]+)?) s\b", line)
        if match:
            found[match[1]] = found.get(match[1], 0) + float(match[2])
    return found


def bare(b, path, tag):
    return measured([b.build / "bench/bench_bare", path, b.folder / f"bare-{tag}.parquet", os.cpu_count(), 1024])


def bench_intake(b):
    """The whole way, on an export in key order and on a shuffled one, beside the engine alone."""
    for order in ("sorted", "shuffled"):
        path = b.generate(f"{order}.csv", b.rows, order)
        reference = bare(b, path, order)
        b.row(f"bare DuckDB read_csv → Parquet, {order}", reference, b.rows)
        data = b.data("whole")
        m = b.intake(data, path)
        b.row(f"Luling, whole way incl. service tables, {order}", m, b.rows, reference,
              "stages: " + ", ".join(f"{k} {v:.1f} s" for k, v in m["stages"].items()))
        sealing = sum(m["stages"].get(k, 0) for k in ("decode", "map and check", "sort and recheck", "seal"))
        if sealing:
            b.row(f"Luling, decode + check + seal, {order}", {"seconds": sealing, "peak_mib": m["peak_mib"]}, b.rows, reference)
        shutil.rmtree(data, ignore_errors=True)


def bench_references(b):
    """What a city would use instead to bring the same file into a table."""
    path = b.generate("sorted.csv", b.rows, "sorted")
    database = b.folder / "import.db"
    database.unlink(missing_ok=True)
    m = measured(["sqlite3", database, ".mode csv", f".import {path} firm"])
    b.row("sqlite3 .import (all text, no checks)", m, b.rows)
    database.unlink(missing_ok=True)
    copy_into_postgres(b, path)
    if subprocess.run(["/usr/bin/python3", "-c", "import pandas"], stderr=subprocess.DEVNULL).returncode == 0:
        code = "import pandas,sys; pandas.read_csv(sys.argv[1], dtype=str).to_csv(sys.argv[2], index=False)"
        small = b.generate("tenth.csv", b.rows // 10, "sorted")
        m = measured(["/usr/bin/python3", "-c", code, small, b.folder / "pandas.csv"])
        b.row("pandas read_csv → to_csv (a tenth of the rows)", m, b.rows // 10)
    else:
        print("pandas: not installed, left out")


COLUMNS = "uscc text primary key, name text, person text, person_id text, founded text, approved text, capital text, staff text, " \
          "region text, industry text, kind text, address text"


@contextlib.contextmanager
def postgres(b):
    """A cluster of its own on a socket, with an empty table firm; gives (command of psql, who runs it, folder of the socket), or None."""
    bins = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not bins:
        print("PostgreSQL: not installed, left out")
        yield None
        return
    bin_dir, cluster = bins[-1].parent, b.folder / "pg"
    shutil.rmtree(cluster, ignore_errors=True)
    cluster.mkdir()
    shutil.chown(cluster, "postgres")
    os.chmod(b.folder, 0o755)
    as_pg = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    timed([*as_pg, bin_dir / "initdb", "-D", cluster, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], cwd="/")
    socket = tempfile.mkdtemp(prefix="ll-pg-")
    os.chmod(socket, 0o777)
    subprocess.run([*as_pg, bin_dir / "pg_ctl", "-D", cluster, "-w", "-o", f"-c listen_addresses= -c unix_socket_directories={socket}", "start"],
                   check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        psql = [*as_pg, "psql", "-q", "-h", socket, "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
        subprocess.run([*psql, "-c", f"CREATE TABLE firm ({COLUMNS})"], check=True, cwd="/")
        yield psql, as_pg, socket
    finally:
        subprocess.run([*as_pg, bin_dir / "pg_ctl", "-D", cluster, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(socket, ignore_errors=True)
        shutil.rmtree(cluster, ignore_errors=True)


def copy_into_postgres(b, path):
    with postgres(b) as running:
        if running:
            psql, as_pg, socket = running
            m = measured([*psql, "-c", f"\\copy firm from '{path}' csv header"], cwd="/")
            b.row("psql \\copy into PostgreSQL with a key (all text, no checks)", m, b.rows)
            pgloader(b, as_pg, psql, socket, path)


def pgloader(b, as_pg, psql, socket, path):
    if not shutil.which("pgloader"):
        print("pgloader: not installed, left out")
        return
    small = b.generate("tenth.csv", b.rows // 10, "sorted", bad=0)
    subprocess.run([*psql, "-c", "TRUNCATE firm"], check=True, cwd="/")
    script = b.folder / "load.pgl"
    columns = ", ".join(c.split()[0] for c in COLUMNS.split(", "))
    script.write_text(f"LOAD CSV FROM '{small}' ({columns}) INTO postgresql://postgres@unix:{socket}:5432/postgres?firm ({columns}) "
                      "WITH skip header = 1, fields optionally enclosed by '\"', fields terminated by ',';")
    os.chmod(script, 0o644)
    m = measured([*as_pg, "pgloader", script], cwd="/")
    b.row("pgloader into PostgreSQL (a tenth of the rows)", m, b.rows // 10)


def bench_scaling(b):
    """Cost per row from one to ten million rows in a batch."""
    for share in (10, 1):
        rows = b.rows // share
        path = b.generate(f"scale-{rows}.csv", rows, "sorted")
        data = b.data("scale")
        m = b.intake(data, path)
        b.row(f"one batch of {rows:,} rows", m, rows, note=f"{m['seconds'] / rows * 1e6:.2f} µs a row")
        shutil.rmtree(data, ignore_errors=True)


def bench_increments(b):
    """Twenty increments whose keys lie spread over all there is; every second one changes the records of the one before it."""
    rows, data, times = b.rows // 10, b.data("increments"), []
    for i in range(20):
        path = b.folder / "increment.csv"
        path.unlink(missing_ok=True)
        b.generate("increment.csv", rows, "sorted", bad=0, first=i // 2, step=7, salt=i)
        m = b.intake(data, path)
        times.append(m["seconds"])
        if i in (0, 9, 19):
            b.row(f"increment {i + 1} of 20, {rows:,} rows (each second one changes the records of the one before)", m, rows, note=f"{m['seconds'] / times[0]:.2f} times the first")
    shutil.rmtree(data, ignore_errors=True)


def bench_services(b):
    """One record and one subject at a time, in process, beside a prepared SELECT of SQLite on the same rows."""
    for program, args, wanted in (("bench_segment", [min(b.rows, 1_000_000), b.folder], ("look-up", "ll_seg_find")),
                                  ("bench_share", [20000, 3, b.folder / "share"], ("",))):
        (b.folder / "share").mkdir(exist_ok=True)
        for line in measured([b.build / "bench" / program, *args])["out"].splitlines():
            if any(word in line for word in wanted):
                b.notes.append(" ".join(line.split()))
                print(line, flush=True)


def bench_journal(b):
    """The evidence log: durable entries of many writers, proofs, verification offline."""
    out = measured([b.build / "bench/bench_journal", b.folder / "journal", 10, 64, b.rows])["out"]
    shutil.rmtree(b.folder / "journal", ignore_errors=True)
    for line in out.splitlines():
        print(f"journal {line}", flush=True)
        what, _, rest = line.partition(": ")
        rate = re.match(r"(\d+) (durable entries|entries)/s, ?(.*)", rest.replace(" with", ", with", 1))
        b.table.append((f"journal, {what}", "", f"{int(rate[1]) / 1000:,.0f} k" if rate else "", "", "", rate[3] if rate else rest))


def bench_gateway(b):
    """Calls of a bank's system under load, beside a bare server that looks up the same records; wrk runs on the same machine."""
    if not shutil.which("wrk"):
        print("gateway: wrk is not installed", flush=True)
        return
    import gateway
    rows = min(b.rows, 1_000_000)
    data = b.data("gateway")
    b.intake(data, b.generate(f"gateway-{rows}.csv", rows, "sorted"))
    (b.folder / "calls").mkdir(exist_ok=True)
    figures = list(gateway.bench(b.build, b.folder / "calls", data))
    with postgres(b) as running:
        if running:
            psql, _, socket = running
            subprocess.run([*psql, "-c", f"\\copy firm from '{b.folder / f'gateway-{rows}.csv'}' csv header"], check=True, cwd="/")
            figures += gateway.postgraphile(b.folder / "calls", socket, COLUMNS, figures[0][1])
    for what, rate, p99, ratio in figures:
        print(f"{what}: {rate:,.0f}/s, p99 {p99:.2f} ms {ratio and f'ratio {ratio:.2f}' or ''}", flush=True)
        b.calls.append((what, f"{rate:,.0f}", f"{p99:.2f}", f"{ratio:.2f}" if ratio else ""))


def bench_catalogue(b):
    """Pages of 50 with their facets out of a million catalogue entries."""
    import catalogue
    data = b.data("catalogue")
    for what, median, p95, total in catalogue.bench(b.build, b.folder, data):
        print(f"catalogue: {what}: {median:.1f}, 95th percentile {p95:.1f}, {total:,} found", flush=True)
        b.pages.append((what, f"{total:,}", f"{median:.1f}", f"{p95:.1f}" if p95 else ""))
    shutil.rmtree(data, ignore_errors=True)


BENCHES = {"gateway": bench_gateway, "catalogue": bench_catalogue, "journal": bench_journal, "intake": bench_intake, "references": bench_references, "scaling": bench_scaling, "increments": bench_increments,
           "services": bench_services}


OTHERS = "## Measured by other commands"  # what docs/benchmarks.md has from here on stays


def write(path, b, argv):
    lines = ["# Benchmarks", "",
             f"`{argv}` on a machine with {os.cpu_count()} cores; {b.rows:,} rows of 12 columns (2 identifiers, 4 typed items, 3 codes, 3 texts, "
             "about 190 bytes a row), 2 % of the credit codes with a wrong check character. Ratios are reference time / our time in the same "
             "run; absolute figures belong to the machine.", "",
             "| what | seconds | rows/s | peak MiB | ratio to the reference | note |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(r) + " |" for r in b.table]
    if b.calls:
        lines += ["", "Calls over HTTP on 127.0.0.1, wrk with 64 connections on the same cores (batch: 4):", "",
                  "| what | a second | p99 ms | ratio to bare |", "|---|---|---|---|", *["| " + " | ".join(r) + " |" for r in b.calls]]
    if b.pages:
        lines += ["", "Pages of 50 entries with all facets over HTTP, out of 1,000,000 in the catalogue (milliseconds):", "",
                  "| what | found | median | 95th percentile |", "|---|---|---|---|", *["| " + " | ".join(r) + " |" for r in b.pages]]
    if b.notes:
        lines += ["", "Reading, in process, one thread:", "", *[f"- {note}" for note in b.notes]]
    path = pathlib.Path(path)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    others = before[before.index(OTHERS):] if OTHERS in before else ""
    path.write_text("\n".join(lines) + "\n\n" + others, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--only", default=",".join(BENCHES))
    parser.add_argument("--write")
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ll-bench-"))
    if shutil.disk_usage(folder).free < 12 * GIB * args.rows / 10_000_000:
        sys.exit(f"{folder}: not enough room for {args.rows:,} rows")
    try:
        b = Bench(args.build.resolve(), args.rows, folder)
        for name in args.only.split(","):
            BENCHES[name](b)
        if args.write:
            write(args.write, b, "make bench")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
