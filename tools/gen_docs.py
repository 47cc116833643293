#!/usr/bin/env python3
"""Writes the pages that are made from tables: docs/commands*.md and docs/errors*.md by the program itself, the package list in
docs/dependencies.md from tools/debian-packages.txt, docs/standard.md from packs/core.

usage: gen_docs.py [--check] LULING       --check writes nothing and names the pages that are out of date
"""
import pathlib
import subprocess
import sys

import standard_page

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- packages: made by tools/gen_docs.py -->\n", "<!-- end of packages -->\n"
PAGES = {
    "docs/commands.md": ["help", "--markdown", "--lang", "en"],
    "docs/commands.zh-CN.md": ["help", "--markdown", "--lang", "zh"],
    "docs/errors.md": ["errors", "--markdown", "--lang", "en"],
    "docs/errors.zh-CN.md": ["errors", "--markdown", "--lang", "zh"],
}


def package_table():
    rows = ["| package | needed for | why |", "|---|---|---|"]
    for line in (ROOT / "tools/debian-packages.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            group, package, command, why = (cell.strip() for cell in line.split("|"))
            unless = "" if command == "-" else f" (unless `{command}` is on the path)"
            rows.append(f"| {package} | {group} | {why}{unless} |")
    return "\n".join(rows) + "\n"


def pages(luling):
    for name, arguments in PAGES.items():
        yield name, subprocess.run([luling, *arguments], check=True, capture_output=True, text=True).stdout
    name = "docs/dependencies.md"
    text = (ROOT / name).read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    yield name, before + BEGIN + package_table() + END + rest.split(END)[1]
    yield "docs/standard.md", standard_page.page(ROOT)


def main():
    check = "--check" in sys.argv
    for name, text in pages(sys.argv[-1]):
        path = ROOT / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"{name}: out of date; run make docs")
        else:
            path.write_text(text, encoding="utf-8")


main()
