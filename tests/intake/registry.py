#!/usr/bin/env python3
"""The public registrations of Ji'an and Jiangxi through the real program, against an oracle that shares no code with it.

usage: registry.py LULING PACKS DATA ORACLE

Prints TAP; skips where the data are not there.
"""
import collections
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

LULING, PACKS, DATA, ORACLE = sys.argv[1:5]
RESOURCE = "enterprise_registry_public"


def luling(folder, *args):
    done = subprocess.run([LULING, "--data", folder, "--json", *map(str, args)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"luling {' '.join(map(str, args))}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def reasons_of(quality):
    found = collections.Counter()
    for item in quality["items"]:
        for fault in item["faults"]:
            found[f"{fault['code']}:{item['item']}"] += fault["count"]
    for fault in quality["rows"]["faults"]:
        found[fault["code"]] += fault["count"]
    return {k: v for k, v in found.items() if not k.startswith("item.code_historical")}


def main():
    oracle = subprocess.run([sys.executable, ORACLE, PACKS, DATA], capture_output=True, text=True)
    if oracle.returncode == 77:
        print("1..0 # SKIP the public registrations are not at hand (LULING_DATA)")
        return
    expected, n, failed = json.loads(oracle.stdout), 0, 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="luling-registry-"))
    try:
        luling(folder, "pack", "load", *(f"{PACKS}/{name}" for name in ("core", "jian", "jiangxi_registration")))
        for name, want in expected["files"].items():
            got = luling(folder, "intake", f"{DATA}/enterprise_registration/{name}", "--resource", RESOURCE)[0]
            quality = luling(folder, "quality", got["id"])
            counts = {k: got[k] for k in ("received", "published", "quarantined")}
            for good, what in ((counts == {k: want[k] for k in counts}, f"{name}: {counts}"),
                               (reasons_of(quality) == want["reasons"], f"{name}: the same reasons, {sum(want['reasons'].values())} in all")):
                n, failed = n + 1, failed + (not good)
                print(f"{'ok' if good else 'not ok'} {n} - {what}")
                if not good:
                    print(f"# want {want}\n# got {counts} {reasons_of(quality)}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"1..{n}")
    sys.exit(failed > 0)


main()
