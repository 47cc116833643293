"""Monitoring: a bank watches a million firms, a department delivers a batch of 100 000 records of them, half changed and half as they were; how long until every
event can be read (raised, sealed, and journalled as a look).

usage: monitor.py BUILD FOLDER [WATCHED [BATCH]]      BUILD was made with -Dbench=true; FOLDER is made, and removed at the end

Beside it stands DuckDB alone on two threads: the join of the batch with what was there before and with the watch list, written to Parquet.  It knows no grant, no rule, no pseudonym, seals
and journals nothing, and is the limit of what a set-wise way could take."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request

import gateway

ROWS_A_FILE = 100_000


def run(luling, data, *args):
    done = subprocess.run([luling, "--data", data, "--lang", "en", *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, args))}: {done.stderr or done.stdout[-500:]}")
    return done.stdout


def generate(build, path, rows, first=0, step=1, salt=0):
    with open(path, "wb") as f:
        subprocess.run([build / "bench/bench_generate", str(rows), "sorted", "0", str(first), str(step), str(salt)], stdout=f, check=True)
    return path


def admit(luling, data, folder):
    """A bank's system with a grant that lets it be told values."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / "client.pem"], check=True)
    subprocess.run(["openssl", "pkey", "-in", folder / "client.pem", "-pubout", "-out", folder / "client.pub"], check=True)
    run(luling, data, "client", "add", "bench", "--organisation", "BANK", "--key", folder / "client.pub")
    bank = ["--organisation", "BANK", "--duties"]
    made = json.loads(run(luling, data, "application", "submit", "bench_firm", "--purpose", "性能测试", "--basis", gateway.BASIS, "--modes", "query,changes,subscribe", "--per-day", "1000000",
                          "--as", "bench-1", *bank, "consumer_steward", "--json"))
    scene = made[0]["scene"]
    run(luling, data, "application", "act", "endorse", scene, "--as", "bench-2", *bank, "approver")
    run(luling, data, "application", "act", "pass", scene, "--as", "hub-1", "--organisation", "BENCH", "--duties", "operator")


def call(url, token, path, body=None, kind="text/csv"):
    request = urllib.request.Request(url + path, body, {"Authorization": f"Bearer {token}", "Content-Type": kind})
    with urllib.request.urlopen(request, timeout=600) as reply:
        return json.load(reply)


def codes(path, rows):
    with open(path, encoding="utf-8") as f:
        next(f)
        return [line.split(",", 1)[0] for _, line in zip(range(rows), f)]


def register(serve, folder, watched):
    """Files of 100 000 rows, as a bank would send them."""
    began = time.monotonic()
    token = gateway.token(folder, serve.url, "bench")
    for at in range(0, len(watched), ROWS_A_FILE):
        text = "subject\n" + "\n".join(watched[at:at + ROWS_A_FILE]) + "\n"
        done = call(serve.url, token, "/v1/watches/file?purpose=bench", text.encode())
        if done["refused"]:
            raise SystemExit(f"refused: {done['errors'][:3]}")
    return time.monotonic() - began


def mixed(build, folder, watched, batch):
    """Half of the batch says what was said before, half says something else; all of firms that are watched."""
    half, step = batch // 2, max(1, watched // batch)
    same = generate(build, folder / "same.csv", half, 0, step * 2)
    other = generate(build, folder / "other.csv", batch - half, step, step * 2, 7)
    lines = same.read_text(encoding="utf-8").splitlines()
    lines += other.read_text(encoding="utf-8").splitlines()[1:]
    path = folder / "batch.csv"
    path.write_text("\n".join([lines[0], *sorted(lines[1:])]) + "\n", encoding="utf-8")
    return path


def wait_for_events(data, batch):
    """Seconds from the publication to the last event's entry; and how many events there are."""
    with sqlite3.connect(f"file:{data}/luling.db?mode=ro", uri=True) as db:
        while True:
            published, seen, waiting, n = db.execute(
                "SELECT (SELECT published_at FROM batch WHERE id = ?1), (SELECT 1 FROM change_event c, watch_mark m WHERE c.batch = ?1 AND c.seq <= m.change),"
                " (SELECT count(*) FROM watch_page WHERE journal IS NULL OR journal < 0), (SELECT count(*) FROM watch_event WHERE batch = ?1)", (batch,)).fetchone()
            if seen and not waiting:
                return time.time() - published / 1000, n
            time.sleep(0.02)


def processor(pid):
    """Seconds of processor that a process has taken."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def duckdb_alone(build, folder, firms, batch, watched):
    (folder / "watched.csv").write_text("uscc\n" + "\n".join(watched) + "\n")
    sql = folder / "join.sql"
    sql.write_text("\n".join([
        f"CREATE TABLE before AS SELECT *, hash(columns(*)) AS h FROM read_csv('{firms}', all_varchar = true)".replace("hash(columns(*))", "hash(" + ", ".join(COLUMNS) + ")"),
        f"CREATE TABLE watched AS SELECT uscc FROM read_csv('{folder}/watched.csv', all_varchar = true)",
        f"CREATE TABLE batch AS SELECT * FROM read_csv('{batch}', all_varchar = true)",
        f"COPY (SELECT b.* FROM (SELECT *, hash({', '.join(COLUMNS)}) AS h FROM batch) b JOIN watched w ON w.uscc = b.\"{COLUMNS[0]}\" LEFT JOIN before a"
        f" ON a.\"{COLUMNS[0]}\" = b.\"{COLUMNS[0]}\" WHERE a.h IS NULL OR a.h <> b.h ORDER BY b.\"{COLUMNS[0]}\") TO '{folder}/events.parquet' (FORMAT parquet)",
    ]) + "\n", encoding="utf-8")
    done = subprocess.run([build / "bench/bench_bare_sql", sql, "2", "2048"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout.split()[-1])


COLUMNS = []


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    watched_n = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    batch_n = int(sys.argv[4]) if len(sys.argv) > 4 else 100_000
    here = pathlib.Path(__file__).resolve().parent
    luling, data = build / "src/cli/luling", folder / "data"
    folder.mkdir(parents=True)
    firms = generate(build, folder / "firms.csv", watched_n)
    with open(firms, encoding="utf-8") as f:
        COLUMNS.extend(f'"{c}"' for c in f.readline().strip().split(","))
    COLUMNS[:] = [c.strip('"') for c in COLUMNS]
    run(luling, data, "pack", "load", build / "packs/core", here / "pack")
    run(luling, data, "intake", firms, "--resource", "bench_firm")
    admit(luling, data, folder)
    watched = codes(firms, watched_n)
    serve = gateway.Server([luling, "serve", "--json", "--data", data, "--set", "listen_port=0", "--set", "log_level=warn"],
                           lambda line: json.loads(line)["url"].rstrip("/"))
    try:
        seconds = register(serve, folder, watched)
        print(f"registered: {watched_n:,} subjects in {seconds:.1f} s, {watched_n / seconds:,.0f}/s", flush=True)
        time.sleep(5)
        path = mixed(build, folder, watched_n, batch_n)
        began = processor(serve.child.pid)
        run(luling, data, "intake", path, "--resource", "bench_firm")
        batch = json.loads(run(luling, data, "batch", "list", "--json"))[0]["id"]
        seconds, n = wait_for_events(data, batch)
        cpu = processor(serve.child.pid) - began
        reference = duckdb_alone(build, folder, firms, path, watched)
        print(f"batch of {batch_n:,} rows: {n:,} events readable {seconds:.2f} s after its publication ({cpu:.2f} s of processor); DuckDB alone {reference:.2f} s, "
              f"ratio {reference / seconds:.2f}; "
              f"load {os.getloadavg()[0]:.0f}", flush=True)
        first = call(serve.url, gateway.token(folder, serve.url, "bench"), "/v1/watch-events?limit=1")["items"][0]
        assert first["told"] == "values" and first["items"], first
    finally:
        serve.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
