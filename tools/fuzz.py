#!/usr/bin/env python3
"""Runs every libFuzzer target of a build folder, two at a time on two cores, and fails when one finds something.

usage: fuzz.py BUILD SECONDS [TARGET...]

Starts from tests/fuzz/corpus/TARGET; new inputs stay in BUILD/corpus/TARGET, findings in BUILD/findings.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def fuzz(build, target, seconds):
    name = target.name.removeprefix("fuzz_")
    grown = build / "corpus" / name
    findings = build / "findings"
    for folder in (grown, findings):
        folder.mkdir(parents=True, exist_ok=True)
    command = [target, f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=3000", "-print_final_stats=1",
               f"-artifact_prefix={findings}/{name}-", grown, ROOT / "tests/fuzz/corpus" / name]
    env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1", "LULING_SOURCE": str(ROOT)}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = done.stdout.decode("utf-8", "replace")
    runs = [line.split()[-1] for line in output.splitlines() if "number_of_executed_units" in line]
    return name, done.returncode, runs[-1] if runs else "0", output


def main():
    build, seconds, wanted = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]), sys.argv[3:]
    targets = sorted(p for p in (build / "tests/fuzz").glob("fuzz_*") if p.is_file() and os.access(p, os.X_OK))
    targets = [t for t in targets if not wanted or t.name.removeprefix("fuzz_") in wanted]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for name, code, runs, output in pool.map(lambda t: fuzz(build, t, seconds), targets):
            failed += code != 0
            print(f"{'FAIL' if code else 'ok  '} {name}: {runs} inputs in {seconds} s", flush=True)
            if code:
                print(output[-8000:], flush=True)
    sys.exit(1 if failed or not targets else 0)


main()
