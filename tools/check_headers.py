#!/usr/bin/env python3
"""Compiles each header of src alone, twice included: a header states what it needs and guards itself.  Prints TAP.

usage: check_headers.py CC SRC [FLAG...]
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys


def compile_alone(compiler, src, header, flags):
    text = f'#include "{header}"\n#include "{header}"\n'
    command = [compiler, "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{src}", *flags,
               "-x", "c", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True)


def main():
    compiler, src, flags = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    headers = sorted(str(p.relative_to(src)) for p in src.rglob("*.h"))
    print(f"1..{len(headers)}")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = pool.map(lambda h: compile_alone(compiler, src, h, flags), headers)
        for number, (header, done) in enumerate(zip(headers, results), 1):
            failed += done.returncode != 0
            print(f"{'not ok' if done.returncode else 'ok'} {number} - {header}")
            for line in done.stderr.splitlines():
                print(f"# {line}")
    sys.exit(1 if failed else 0)


main()
