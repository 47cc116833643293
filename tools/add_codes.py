#!/usr/bin/env python3
"""Makes a pack that adds codes to a code table of packs/core from any CSV, for instance the full GB/T 4754 to INDUSTRY.

usage: add_codes.py --table TABLE [--code COLUMN] [--title COLUMN] [--parent COLUMN] [--basis WORD] [--source TEXT] FILE PACK

FILE    UTF-8 with a header row.  Codes that the table has already are left out.
PACK    the folder to make; its last part is the pack's name.  Load it with `luling pack load PACK`.

A parent may be given by the code or by the code without the letters in front (011 for A011), as tables of GB/T 4754 do.  Where
two codes have one title (a group and its only class), the title finds the one that stands first; the others carry their code
in brackets, since a title that several codes share would find none.
"""
import argparse
import csv
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = ["code", "title", "title_en", "parent", "status", "synonyms", "basis", "source"]


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def digits(code):
    return code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def additions(args, known):
    codes = {name: row["code"] for row in known for name in (row["code"], digits(row["code"])) if name}
    rows = read(args.file)
    codes.update((name, row[args.code]) for row in rows for name in (row[args.code], digits(row[args.code])) if name)
    have, titles = {row["code"] for row in known}, {row["title"] for row in known}
    for row in rows:
        code, parent = row[args.code].strip(), row[args.parent].strip() if args.parent else ""
        if not code or code in have:
            continue
        if parent and parent not in codes:
            sys.exit(f"{args.file}: {code}: no parent {parent}")
        title = row[args.title].strip()
        title = f"{title}（{code}）" if title in titles else title
        have.add(code)
        titles.add(title)
        yield {"code": code, "title": title, "parent": codes.get(parent, ""),
               "synonyms": digits(code) if digits(code) != code else "", "basis": args.basis, "source": args.source}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--table", required=True)
    for name in ("code", "title"):
        parser.add_argument(f"--{name}", default=name)
    parser.add_argument("--parent", default="")
    parser.add_argument("--basis", default="data-repository")
    parser.add_argument("--source", default="")
    parser.add_argument("file")
    parser.add_argument("pack", type=pathlib.Path)
    return parser.parse_args()


def main():
    args = arguments()
    rows = list(additions(args, read(ROOT / f"packs/core/codes/{args.table}.csv")))
    (args.pack / "codes").mkdir(parents=True, exist_ok=True)
    title = {"zh": f"补充代码：{args.table}", "en": f"Additional codes: {args.table}"}
    head = {"name": args.pack.name, "version": "1.0.0", "title": title, "needs": ["core"]}
    (args.pack / "pack.json").write_text(json.dumps(head, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    with open(args.pack / f"codes/{args.table}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{args.pack}: {len(rows)} codes")


main()
