#!/usr/bin/env python3
"""Measures the rural roll-up and the rating on a made-up prefecture: time and memory, and how often the merged value is the true one.

usage: rural_prefecture.py LULING PACKS WORK [HOUSEHOLDS] [SAMPLE_VILLAGES]

Everything is synthetic (demo/rural_people.py: names, numbers and villages that nobody has), with the errors that offices make and the truth beside it.
Generates HOUSEHOLDS (60000; 1200000 is a prefecture) over the towns of the city in two processes, takes everything in, rolls it up, holds a part of
it against look-ups, and compares with the truth the households of every SAMPLE_VILLAGESth village (1: all).  WORK is made anew.
"""
import collections
import csv
import json
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
import rural_people  # noqa: E402 (the folder is put on the path first)

VILLAGES_A_TOWN, WORKERS, DAY = 11, 2, "2026-11-01"


def towns(packs):
    with open(pathlib.Path(packs) / "core/codes/REGION.csv", encoding="utf-8") as file:
        rows = [(row["code"], row["title"], row["parent"]) for row in csv.DictReader(file)]
    names = {code: title for code, title, _ in rows}
    return [(code, title, names[parent]) for code, title, parent in rows if len(code) == 9 and code.startswith("3608")]


def places(packs):
    return [(f"{code}{901 + n}", f"{town}样例{n + 1}村", county) for code, town, county in towns(packs) for n in range(VILLAGES_A_TOWN)]


def generate(job):
    worker, count, packs, out, every = job
    heads, where, files = rural_people.headers(), places(packs), {}
    for resource, head in heads.items():
        file = open(out / f"{resource}.{worker}.csv", "w", encoding="utf-8", newline="", buffering=1 << 20)
        writer = csv.writer(file)
        writer.writerow(head.values())
        files[resource] = (writer, list(head), [0], file)

    def put(resource, row):
        writer, items, n, _ = files[resource]
        n[0] += 1
        writer.writerow([row.get(item, "") for item in items])

    maker = rural_people.Maker(put, seed=3608 + worker, first=worker * 3500000)
    with open(out / f"truth.{worker}.jsonl", "w", encoding="utf-8") as told:
        for n in range(worker, count, WORKERS):
            at = n % len(where)
            truth = maker.household(n + 1, *where[at])
            if at % every == 0:
                told.write(json.dumps(truth, ensure_ascii=False, default=str) + "\n")
    for _, _, _, file in files.values():
        file.close()
    return {resource: n[0] for resource, (_, _, n, _) in files.items()}


class Run:
    """Runs luling; tells of each its seconds, those of the processor, and the most memory in MiB."""

    def __init__(self, program, data):
        self.base = [program, "--data", str(data), "--lang", "en", "--set", "duckdb_memory=3GiB"]

    def __call__(self, *arguments, out=subprocess.DEVNULL, ok=(0,)):
        start = time.monotonic()
        process = subprocess.Popen([*self.base, *map(str, arguments)], stdout=out, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode in ok, f"luling {' '.join(map(str, arguments))}: exit {process.returncode}"
        return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def json(self, *arguments):
        return json.loads(subprocess.run([*self.base, "--json", *map(str, arguments)], check=True, capture_output=True, text=True).stdout)


def plain(value):
    if isinstance(value, dict):
        return value["code"]
    if isinstance(value, list):
        return plain(value[0]) if len(value) == 1 else [plain(v) for v in value]
    return value


def same(value, truth):
    if isinstance(truth, (int, float)) and not isinstance(truth, bool):
        return isinstance(value, (int, float)) and abs(value - truth) <= 0.011 + abs(truth) * 0.001
    return value == truth


def measure(household, truth, items, losers, members):
    known = {row["item"]: row for row in household["items"]}
    members["right" if household["member_count"] == truth["member_count"] else "wrong"] += 1
    for name, want in truth.items():
        row = known.get(name)
        if row is None or name == "members":
            continue
        if want is None:
            if row["values"]:
                items[name]["invented"] += 1
            continue
        if not row["values"]:
            items[name]["missing"] += 1
            continue
        first, *others = row["values"]
        right = same(plain(first["value"]), want)
        items[name]["right" if right else "wrong"] += 1
        items[name]["flagged" if not right and row["state"] == "conflicting" else "silent" if not right else "fine"] += 1
        for other in others:
            fits = same(plain(other["value"]), want)
            losers[(name, other["resource"])][("with it" if fits else "rightly") if right else ("wrongly" if fits else "both wrong")] += 1


def accuracy(run, rollup, out):
    truths = {}
    for worker in range(WORKERS):
        with open(out / f"truth.{worker}.jsonl", encoding="utf-8") as file:
            truths.update((t["household_no"], t) for t in map(json.loads, file))
    items, losers, members = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter), collections.Counter()
    villages = sorted({t["region_code"] for t in truths.values()})
    for village in villages:
        with open(out / "dump.jsonl", "wb") as file:
            run("rural", "dump", rollup, "--village", village, out=file)
        with open(out / "dump.jsonl", encoding="utf-8") as file:
            for household in map(json.loads, file):
                if household["household_no"] in truths:
                    measure(household, truths[household["household_no"]], items, losers, members)
    return len(truths), items, losers, members


def report(measured):
    count, items, losers, members = measured
    print(f"\nmerged against the truth, {count} households: number of members right {members['right']}, wrong {members['wrong']}\n")
    print("| item | right | wrong | of these told as conflicting | missing | value where there is none | right % |\n|---|---|---|---|---|---|---|")
    for name, c in sorted(items.items()):
        all_of = c["right"] + c["wrong"] + c["missing"]
        print(f"| {name} | {c['right']} | {c['wrong']} | {c['flagged']} | {c['missing']} | {c['invented']} | {100 * c['right'] / max(1, all_of):.2f} |")
    print("\n| item, source that lost | agreed | lost rightly | lost wrongly | both wrong |\n|---|---|---|---|---|")
    for (name, resource), c in sorted(losers.items()):
        print(f"| {name}, {resource} | {c['with it']} | {c['rightly']} | {c['wrongly']} | {c['both wrong']} |")


def main():
    program, packs, out = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 60000
    every = int(sys.argv[5]) if len(sys.argv) > 5 else 20
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    start = time.monotonic()
    with multiprocessing.Pool(WORKERS) as pool:
        made = pool.map(generate, [(n, count, packs, out, every) for n in range(WORKERS)])
    rows = sum(sum(m.values()) for m in made)
    print(f"{count} households, {rows} records made in {time.monotonic() - start:.0f} s", flush=True)
    run = Run(program, out / "data")
    run("pack", "load", *[f"{packs}/{name}" for name in ("core", "jian", "rural")])
    start, most, busy = time.monotonic(), 0, 0
    for resource in made[0]:
        for worker in range(WORKERS):
            path = out / f"{resource}.{worker}.csv"
            if made[worker][resource]:
                _, used, memory = run("intake", path, "--resource", resource)
                most, busy = max(most, memory), busy + used
            path.unlink()
    print(f"taken in: {time.monotonic() - start:.0f} s, {busy:.0f} s of the processor, at most {most:.0f} MiB", flush=True)
    seconds, used, memory = run("rural", "rollup", "--as-of", DAY)
    rollup = run.json("rural", "rollups")[0]
    size = (out / "data/rural" / (rollup["id"] + ".db")).stat().st_size / 2**20
    print(f"rolled up: {rollup['households']} households, {rollup['members']} members in {seconds:.1f} s ({used:.1f} s of the processor), {memory:.0f} MiB, a file of {size:.0f} MiB",
          flush=True)
    rated, rate_used, rate_memory = run("rural", "rate")
    rating = run.json("rural", "ratings")[0]
    print(f"rated: {rating['households']} households in {rated:.1f} s ({rate_used:.1f} s of the processor), {rate_memory:.0f} MiB; roll-up and rating {seconds + rated:.1f} s "
          f"({used + rate_used:.1f} s of the processor)", flush=True)
    if count <= 100000:
        seconds, used, memory = run("rural", "verify", rollup["id"])
        print(f"each read singly and compared: {seconds:.1f} s ({used:.1f} s of the processor, {1000 * used / count:.2f} ms a household)", flush=True)
    report(accuracy(run, rollup["id"], out))


if __name__ == "__main__":
    main()
