#!/usr/bin/env python3
"""Runs every test of a build folder: what meson knows, then the node:test files that drive the real binary.

usage: run_tests.py BUILD [PATTERN]       PATTERN: only tests whose name contains it

Cases are counted, not programs: cmocka and node print TAP.  A program that dies before it has told of all its cases, or exits
non-zero without telling of a failure, counts as one failure more.  The last line is "N passed, N failed, N skipped".
"""
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED_PROGRAM = 77  # exit code by which a test says that it cannot run here
CASE = re.compile(r"^(not ok|ok)\b(?: \d+)?(?: - )?(.*)$")
NODE_COUNT = re.compile(r"^# (pass|fail|skipped|todo|cancelled) (\d+)$", re.M)
PLAN = re.compile(r"^1\.\.(\d+)", re.M)


@dataclasses.dataclass
class Test:
    name: str
    command: list
    env: dict
    timeout: float
    workdir: str
    parallel: bool
    node: bool = False


@dataclasses.dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def meson_tests(build):
    listing = subprocess.run(["meson", "introspect", "--tests", str(build)], check=True, capture_output=True, text=True)
    for t in json.loads(listing.stdout):
        yield Test(t["name"], t["cmd"], t["env"], t["timeout"], t["workdir"] or str(build), t["is_parallel"])


def node_tests(build):
    """A folder with a meson.build of its own runs its files itself."""
    env = {"LULING_BIN": str(build / "src/cli/luling"), "LULING_SOURCE": str(ROOT)}
    for path in sorted((ROOT / "tests").glob("*/**/*.test.mjs")):
        if (path.parent / "meson.build").exists():
            continue
        name = str(path.relative_to(ROOT / "tests")).removesuffix(".test.mjs")
        yield Test(name, ["node", "--test", "--test-reporter=tap", str(path)], env, 600, str(ROOT), False, True)


def count_tap(output):
    count = Count()
    for line in output.splitlines():
        case = CASE.match(line)
        if not case:
            continue
        if re.search(r"# skip", case[2], re.I):
            count.skipped += 1
        elif case[1] == "ok":
            count.passed += 1
        else:
            count.failed += 1
    return count


def count_node(output):
    told = {name: int(n) for name, n in NODE_COUNT.findall(output)}
    return Count(told.get("pass", 0), told.get("fail", 0) + told.get("cancelled", 0), told.get("skipped", 0) + told.get("todo", 0))


def count_cases(test, output, code):
    if code == SKIPPED_PROGRAM:
        return Count(skipped=1)
    count = count_node(output) if test.node else count_tap(output)
    planned = sum(int(n) for n in PLAN.findall(output)) if not test.node else 0
    told = count.passed + count.failed + count.skipped
    if told == 0 and planned == 0:
        return Count(passed=int(code == 0), failed=int(code != 0))
    count.failed += max(0, planned - told)
    if code != 0 and count.failed == 0:
        count.failed = 1
    return count


def node_options():
    """Node.js 18, which is Debian 12's, has the Web Crypto that tests' libraries ask for behind an option that later ones do without."""
    version = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout
    old = version.startswith("v18.")
    return {"NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --experimental-global-webcrypto".strip()} if old else {}


NODE = node_options()


def run(test):
    env = {**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP", **NODE, **test.env}
    began = time.monotonic()
    try:
        done = subprocess.run(test.command, env=env, cwd=test.workdir, timeout=test.timeout * 4, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        output, code = done.stdout.decode("utf-8", "replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace") + f"\nstopped after {late.timeout:.0f} s\n"
        code = -1
    return test, count_cases(test, output, code), output, time.monotonic() - began


def failures(output):
    """Each failed case with what TAP tells of it, without the many that passed."""
    lines = output.splitlines()
    for i, line in enumerate(lines):
        if not re.match(r" *not ok\b", line):
            continue
        indent = len(line) - len(line.lstrip())
        end = next((j for j in range(i + 1, len(lines)) if lines[j].strip() == "..." or re.match(r" *(not )?ok\b", lines[j])), len(lines))
        yield "\n".join(part[indent:] for part in lines[i:min(end, i + 40)])


def report(result, total, failed):
    test, count, output, seconds = result
    total.add(count)
    word = "FAIL" if count.failed else "ok  " if count.passed else "skip"
    print(f"{word} {test.name}: {count} ({seconds:.1f} s)", flush=True)
    for line in re.findall(r"^# unsteady: .*", output, re.M):
        print(f"     {line[2:]}", flush=True)
    if count.failed:
        print(output, flush=True)
        failed += [f"{test.name}: {text}" for text in failures(output)] or [f"{test.name}: {output[-2000:]}"]
    elif count.skipped:
        for line in output.splitlines():
            if re.search(r"skip", line, re.I):
                print(f"     {line}", flush=True)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    pattern = sys.argv[2] if len(sys.argv) > 2 else ""
    tests = [t for t in [*meson_tests(build), *node_tests(build)] if pattern in t.name]
    total, failed = Count(), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for result in pool.map(run, [t for t in tests if t.parallel]):
            report(result, total, failed)
    for test in (t for t in tests if not t.parallel):
        report(run(test), total, failed)
    print(*failed, sep="\n", end="\n" if failed else "")  # once more, where the end of a long log is read first
    print(total, flush=True)
    sys.exit(1 if total.failed or not tests else 0)


main()
