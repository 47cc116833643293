#!/usr/bin/env python3
"""Measures a list of households to verify, on the data that rural_prefecture.py leaves: from handing it in until all of its answers can be fetched.

usage: rural_check.py BUILD DATA FOLDER HOUSEHOLDS_THERE [HOUSEHOLDS_ASKED]

DATA is the data folder of rural_prefecture.py (it gets a bank with grants), HOUSEHOLDS_THERE how many it was made of.  The list has eight claims a
household over six resources.  The grants ask for no consent; every household stands in the journal with everybody in it, for each of the resources.
Beside it, in the same run, a plain SQLite of the same size asked for the same number of values by prepared statements: no members, no grants, no
journal, nothing sealed.  Where BUILD has bench/bench_bare_sql, DuckDB alone, too: the same records out of `luling dump` in plain tables, the list joined
with them in one statement of two threads, written as CSV.
"""
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import gateway  # noqa: E402 (the folder is put on the path first)

RESOURCES = ["rural_household", "rural_member", "rural_village_survey", "rural_pension", "rural_medical", "rural_loan"]
CLAIMS = {"holder_name": "样例王甲乙", "member_count": "4", "labor_count": "2", "crop_area": "5", "contract_area": "5", "pension_status": "1", "medical_status": "1", "loan_num": "1"}
# One list after another, at whatever hour, is not unusual here.
UNUSUAL = ["--set", "anomaly_night_calls=1000000000", "--set", "anomaly_volume_min=1000000000"]
PURPOSE = "农户贷前调查"


def admit(luling, data, folder):
    """A bank's client, with grants for the resources that every provider gave it; on data that have it already only its key is new."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / "client.pem"], check=True)
    subprocess.run(["openssl", "pkey", "-in", folder / "client.pem", "-pubout", "-out", folder / "client.pub"], check=True)
    client = f"bench-{int(time.time())}"
    gateway.run(luling, data, "client", "add", client, "--organisation", "JB001", "--key", folder / "client.pub")
    if json.loads(gateway.run(luling, data, "grant", "list", "--json")):
        return client
    bank = ["--organisation", "JB001", "--duties"]
    made = json.loads(gateway.run(luling, data, "application", "submit", *RESOURCES, "--purpose", PURPOSE, "--basis", gateway.BASIS, "--modes", "verify", "--per-day", "1000000000",
                                  "--as", "bench-1", *bank, "consumer_steward", "--json"))
    gateway.run(luling, data, "application", "act", "endorse", made[0]["scene"], "--as", "bench-2", *bank, "approver")
    gateway.run(luling, data, "application", "act", "pass", made[0]["scene"], "--as", "hub-1", "--organisation", "JA001", "--duties", "operator")
    for one in json.loads(gateway.run(luling, data, "application", "list", "--scene", made[0]["scene"], "--json")):
        if one["state"] == "provider_review":
            gateway.run(luling, data, "application", "approve", one["id"], "--as", "provider-1", "--organisation", one["provider"], "--duties", "approver")
    for one in json.loads(gateway.run(luling, data, "application", "list", "--scene", made[0]["scene"], "--json")):
        if one["state"] != "granted":
            gateway.run(luling, data, "application", "act", "open", one["id"], "--as", "provider-1", "--organisation", one["provider"], "--duties", "approver")
    return client


def call(url, token, method="GET", body=None):
    request = urllib.request.Request(url, data=body, method=method, headers={"Authorization": f"Bearer {token}", "Content-Type": "text/csv"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def busy(pid):
    """Seconds of the processor that a process has used, in all its threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def settle(pid):
    """Until the server has nothing left to do of what was taken in before it started (whom a change concerns, and the like)."""
    before, quiet = busy(pid), 0
    while quiet < 3:
        time.sleep(1)
        now = busy(pid)
        before, quiet = now, quiet + 1 if now - before < 0.05 else 0


def reference(folder, there, asked):
    path = folder / "plain.db"
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE household (no TEXT PRIMARY KEY, {', '.join(f'{c} TEXT' for c in CLAIMS)}) WITHOUT ROWID")
        db.executemany(f"INSERT INTO household VALUES (?{', ?' * len(CLAIMS)})", ((f"YLH{n:09d}", *CLAIMS.values()) for n in range(1, there + 1)))
    begin, cpu = time.monotonic(), time.process_time()
    with sqlite3.connect(path) as db:
        agree = 0
        for no in asked:
            row = db.execute(f"SELECT {', '.join(CLAIMS)} FROM household WHERE no = ?", (no,)).fetchone()
            agree += sum(a == b for a, b in zip(row, CLAIMS.values()))
    path.unlink()
    return time.monotonic() - begin, time.process_time() - cpu


DUCKDB = """COPY (WITH head AS (SELECT household_no, head_id, head_name FROM rural_household),
people AS (SELECT household_no, count(*) AS n FROM rural_member WHERE member_until IS NULL GROUP BY 1),
survey AS (SELECT household_no, arg_max(labour_count, collected_on) AS labour, arg_max(crop_area, collected_on) AS crop, arg_max(contract_area, collected_on) AS contract FROM rural_village_survey GROUP BY 1),
pension AS (SELECT resident_id, arg_max(pension_status, reported_on) AS status FROM rural_pension GROUP BY 1),
medical AS (SELECT resident_id, arg_max(medical_status, stat_year) AS status FROM rural_medical GROUP BY 1),
loans AS (SELECT m.household_no, count(*) AS n FROM rural_loan l JOIN rural_member m ON m.resident_id = l.resident_id GROUP BY 1)
SELECT asked.no, head_name = holder_name, people.n = member_count::INT, labour::INT = labor_count::INT, crop::DOUBLE = crop_area::DOUBLE, contract::DOUBLE = asked.contract_area::DOUBLE,
pension.status = pension_status, medical.status = medical_status, loans.n = loan_num::INT FROM asked LEFT JOIN head ON head.household_no = asked.no LEFT JOIN people ON people.household_no = asked.no
LEFT JOIN survey ON survey.household_no = asked.no LEFT JOIN pension ON pension.resident_id = head_id LEFT JOIN medical ON medical.resident_id = head_id LEFT JOIN loans ON loans.household_no = asked.no)"""


def duckdb_alone(build, data, folder, asked):
    """Seconds of the one statement; the tables are made before."""
    statements = []
    for name in RESOURCES:
        with open(folder / f"{name}.json", "wb") as file:
            subprocess.run([build / "src/cli/luling", "--data", data, "dump", name], check=True, stdout=file)
        statements.append(f"CREATE TABLE {name} AS SELECT * FROM read_json('{folder}/{name}.json')")
    (folder / "asked.csv").write_text("\n".join(["no," + ",".join(CLAIMS), *(no + "," + ",".join(CLAIMS.values()) for no in asked)]) + "\n", encoding="utf-8")
    statements.append(f"CREATE TABLE asked AS SELECT * FROM read_csv('{folder}/asked.csv', all_varchar = true)")
    statements.append(" ".join(DUCKDB.split("\n")) + f" TO '{folder}/told.csv'")
    (folder / "list.sql").write_text("\n".join(statements) + "\n", encoding="utf-8")
    done = subprocess.run([build / "bench/bench_bare_sql", folder / "list.sql", "2", "2048"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout.split()[-1])


def main():
    build, data, folder, there = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4])
    n = int(sys.argv[5]) if len(sys.argv) > 5 else 100000
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asked = [f"YLH{i:09d}" for i in random.Random(1).sample(range(1, there + 1), n)]
    body = "\n".join(["户号," + ",".join(CLAIMS), *(no + "," + ",".join(CLAIMS.values()) for no in asked)]).encode()
    luling = build / "src/cli/luling"
    client = admit(luling, data, folder)
    child = gateway.Server([luling, "serve", "--json", "--data", data, "--set", "listen_port=0", "--set", "log_level=warn", *UNUSUAL], lambda line: json.loads(line)["url"].rstrip("/"))
    try:
        token = gateway.token(folder, child.url, client)
        settle(child.child.pid)
        begin, cpu = time.monotonic(), busy(child.child.pid)
        job = call(child.url + "/v1/rural/check-lists", token, "POST", body)
        handed = time.monotonic() - begin
        while job["state"] in ("queued", "running"):
            time.sleep(0.05)
            job = call(f"{child.url}/v1/rural/check-lists/{job['id']}", token)
        elapsed, used = time.monotonic() - begin, busy(child.child.pid) - cpu
        settle(child.child.pid)
        followed = busy(child.child.pid) - cpu - used
        print(f"{job['state']}: {job['done']} households, {job['claims']} values in {elapsed:.1f} s, of which {handed:.1f} s to hand them in; {used:.1f} s of the processor, {followed:.1f} s after it to list who looked; {job['counts']} {job['error'] or ''}")
        for form in ("csv", "xlsx"):
            begin, cpu = time.monotonic(), busy(child.child.pid)
            with urllib.request.urlopen(urllib.request.Request(f"{child.url}/v1/rural/check-lists/{job['id']}/file?format={form}", headers={"Authorization": f"Bearer {token}"})) as reply:
                size = len(reply.read())
            print(f"fetched as {form}: {size / 2**20:.0f} MiB in {time.monotonic() - begin:.1f} s, {busy(child.child.pid) - cpu:.1f} s of the processor")
    finally:
        child.stop()
    plain, plain_cpu = reference(folder, there, asked)
    print(f"plain SQLite, one table, one row a household: {plain:.1f} s, {plain_cpu:.1f} s of the processor; ratio by processor {plain_cpu / used:.2f}")
    if (build / "bench/bench_bare_sql").is_file():
        alone = duckdb_alone(build, data, folder, asked)
        print(f"DuckDB alone, the list joined with plain tables: {alone:.2f} s, ratio {alone / elapsed:.3f}")


if __name__ == "__main__":
    main()
