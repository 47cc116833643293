#!/usr/bin/env python3
"""Fails when a folder of src includes a folder below it (the order of ARCHITECTURE.md, "Layers").

usage: check_layers.py SRC STAMP
"""
import pathlib
import re
import sys

LAYERS = ["base", "standard", "crypto", "journal", "store", "lake", "catalog", "intake", "share", "report",
          "apps", "http", "cli"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([a-z]+)/')


def violations(src):
    for path in sorted([*src.rglob("*.c"), *src.rglob("*.h")]):
        own = path.relative_to(src).parts[0]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or match[1] not in LAYERS or own not in LAYERS:
                continue
            if LAYERS.index(match[1]) > LAYERS.index(own):
                yield f"{path}:{number}: {own}/ may not include {match[1]}/, which lies below it"


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    if found:
        sys.exit("\n".join(found))
    pathlib.Path(sys.argv[2]).touch()


main()
