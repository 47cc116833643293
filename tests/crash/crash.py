#!/usr/bin/env python3
"""Kills luling at random instants and looks whether anything was lost, halved or changed.

usage: crash.py LULING PACKS [KILLS [SEED]]        KILLS 20, or CRASH_KILLS; SEED is printed, so that a run can be repeated

Each round delivers a file whose rows are known, to a resource that is replaced or upserted, and kills the whole process group with
SIGKILL after a random time; some rounds kill `luling rebuild` instead.  What must hold, whatever the instant:

(1) right after the kill a reader sees the batch wholly or not at all;
(2) when the command had ended with 0 before the kill, the batch is there;
(3) the same command again ends with 0, and then the batch is there: every good row published, every bad one in quarantine, and the
    two add up to the rows received;
(4) `luling verify` finds nothing, `luling rebuild` changes no byte of `luling dump`, and no scratch is left.

Prints TAP: one case a promise.
"""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROWS = 6000
BAD_EVERY = 97  # one row in so many has an impossible date
KEYS = 9000  # increments upsert ROWS of so many keys
RESOURCES = ("crash_increment", "crash_snapshot")


class Broken(Exception):
    pass


class Luling:
    def __init__(self, program, data):
        self.program, self.data = program, data

    def command(self, *arguments):
        return [self.program, *arguments, "--data", str(self.data), "--set", "threads=2"]

    def run(self, *arguments):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True)
        if done.returncode != 0:
            raise Broken(f"luling {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}\n{done.stdout.strip()}")
        return done.stdout

    def killed(self, delay, *arguments):
        """Starts the command, kills its process group after `delay` seconds.  True when it had ended with 0 before."""
        process = subprocess.Popen(self.command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            code = process.wait(delay)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False
        if code != 0:
            raise Broken(f"luling {' '.join(arguments)} ended with {code} by itself")
        return True

    def records(self, resource):
        """key -> round of what a reader sees."""
        lines = self.run("dump", resource).splitlines()
        return {record["id"]: record["round"] for record in map(json.loads, lines)}

    def dumps(self):
        return {name: hashlib.sha256(self.run("dump", name).encode()).hexdigest() for name in RESOURCES}


class Trial:
    """One resource, and what it must show."""

    def __init__(self, resource, dice):
        self.resource, self.dice, self.shown = resource, dice, {}

    def deliver(self, path, round_number):
        """Writes a delivery; returns what the resource must show when it is published, and how many rows are bad."""
        keys = self.dice.sample(range(KEYS), ROWS)
        good, bad = {}, 0
        with open(path, "w", encoding="gb18030", newline="") as out:
            out.write("编号,轮次,日期,内容\r\n")
            for number, key in enumerate(keys):
                wrong = number % BAD_EVERY == 13
                day = "2023年2月30日" if wrong else "2023年5月1日"
                out.write(f"k{key:05d},{round_number},{day},第 {round_number} 轮 {self.dice.random()}\r\n")
                bad += wrong
                if not wrong:
                    good[f"k{key:05d}"] = round_number
        return (good if self.resource == "crash_snapshot" else {**self.shown, **good}), bad


def intake_round(luling, trial, folder, round_number, longest):
    path = folder / f"{trial.resource}-{round_number}.csv"
    after, bad = trial.deliver(path, round_number)
    delay = trial.dice.random() * longest
    arguments = ("intake", str(path), "--resource", trial.resource)

    acknowledged = luling.killed(delay, *arguments)
    seen = luling.records(trial.resource)
    if seen not in (trial.shown, after):
        raise Broken(f"(1) killed after {delay:.3f} s: {sum(seen.get(k) == v for k, v in after.items())} of {len(after)} records are "
                     "of the batch: half of it is visible")
    if acknowledged and seen != after:
        raise Broken(f"(2) the command had ended with 0, but its batch is not there")
    if trial.dice.random() < 0.3:  # a restarted server carries on by itself
        luling.run("recover")
        seen = luling.records(trial.resource)
        if seen not in (trial.shown, after):
            raise Broken("(1) recovering shows half a batch")
    luling.run(*arguments)
    if luling.records(trial.resource) != after:
        raise Broken(f"(3) delivered again after a kill at {delay:.3f} s, the batch is not there whole")
    check_counts(luling, path, bad)
    trial.shown = after
    path.unlink()
    return acknowledged, seen == after


def check_counts(luling, path, bad):
    deliveries = json.loads(luling.run("delivery", "list", "--json"))
    mine = [d for d in (deliveries["items"] if isinstance(deliveries, dict) else deliveries) if d["file_name"] == path.name]
    if len(mine) != 1 or mine[0]["state"] != "published":
        raise Broken(f"(3) {path.name} is not one published delivery: {mine}")
    counts = [mine[0][name] for name in ("received", "published", "quarantined")]
    if counts != [ROWS, ROWS - bad, bad]:
        raise Broken(f"(3) received, published, quarantined are {counts}, not {[ROWS, ROWS - bad, bad]}")


def rebuild_round(luling, trials, dice, longest):
    before = luling.dumps()
    luling.killed(dice.random() * longest, "rebuild")
    for trial in trials:
        if luling.records(trial.resource) != trial.shown:
            raise Broken(f"(1) a killed rebuild shows another {trial.resource}")
    luling.run("rebuild")
    if luling.dumps() != before:
        raise Broken("(4) a rebuild after a killed one changed the dump")


def check_end(luling):
    luling.run("verify")
    before = luling.dumps()
    luling.run("rebuild")
    if luling.dumps() != before:
        raise Broken("(4) rebuild changed the dump")
    luling.run("verify")
    luling.run("recover")
    left = [str(p) for p in (luling.data / "work").glob("*")] if (luling.data / "work").exists() else []
    left += [str(p) for p in (luling.data / "inbox").glob("*.tmp")]
    if left:
        raise Broken(f"(4) scratch is left: {left}")


def timed(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def trials_of(luling, folder, kills, dice):
    trials = [Trial(name, dice) for name in RESOURCES]
    longest = 0.0
    for trial in trials:  # a first round that nobody kills tells how long one takes
        path = folder / "first.csv"
        after, _ = trial.deliver(path, 0)
        longest = max(longest, timed(lambda: luling.run("intake", str(path), "--resource", trial.resource)))
        trial.shown = after
        if luling.records(trial.resource) != after:
            raise Broken(f"{trial.resource} does not show what was delivered even when nobody kills")
    rebuild_time = timed(lambda: luling.run("rebuild"))
    ended = seen = 0
    for number in range(1, kills + 1):
        if number % 10 == 0:
            rebuild_round(luling, trials, dice, rebuild_time)
            continue
        acknowledged, visible = intake_round(luling, dice.choice(trials), folder, number, longest * 1.1)
        ended += acknowledged
        seen += visible and not acknowledged
    check_end(luling)
    print(f"# {kills} kills within {longest * 1.1:.2f} s; {ended} came after the end, {seen} after the batch became visible")


def main():
    program, packs = sys.argv[1], pathlib.Path(sys.argv[2])
    kills = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("CRASH_KILLS", "20"))
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(10**6)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="luling-crash-"))
    luling = Luling(program, folder / "data")
    print(f"1..1\n# seed {seed}", flush=True)
    try:
        luling.run("pack", "load", str(packs / "core"), str(pathlib.Path(__file__).parent / "pack/crash"))
        trials_of(luling, folder, kills, random.Random(seed))
    except Broken as broken:
        for line in str(broken).splitlines():
            print(f"# {line}")
        print(f"not ok 1 - killed {kills} times, nothing is lost, halved or changed (seed {seed}; see {folder})")
        sys.exit(1)
    shutil.rmtree(folder)
    print(f"ok 1 - killed {kills} times, nothing is lost, halved or changed")


main()
