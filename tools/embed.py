#!/usr/bin/env python3
"""Compresses the console's files and writes them as one C table, so that the program serves them without a folder.

usage: embed.py OUT.c FILE...

Scripts, styles and pictures get a name that carries their hash (app-1a2b3c4d5e.js) and may be cached for ever; every mention of
the plain name (/assets/app.js) in index.html is replaced.  The other files keep their names and are checked by ETag.
"""
import gzip
import hashlib
import pathlib
import sys

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml", ".json": "application/json; charset=utf-8", ".webmanifest": "application/manifest+json"}
HASHED = {".js", ".css", ".svg", ".webmanifest"}


def c_bytes(data):
    rows = [", ".join(str(b) for b in data[at:at + 32]) for at in range(0, len(data), 32)]
    return ",\n".join(rows)


def main():
    out, *names = sys.argv[1:]
    files = {path.name: path.read_bytes() for path in map(pathlib.Path, names)}
    renamed = {}
    for name, data in files.items():
        path = pathlib.Path(name)
        if path.suffix in HASHED:
            renamed[name] = f"{path.stem}-{hashlib.sha256(data).hexdigest()[:10]}{path.suffix}"
    page = files["index.html"].decode()
    for old, new in renamed.items():
        page = page.replace(f"/assets/{old}", f"/assets/{new}")
    files["index.html"] = page.encode()

    parts, rows = [], []
    for at, (name, data) in enumerate(sorted(files.items(), key=lambda f: renamed.get(f[0], f[0]))):
        packed = gzip.compress(data, 9, mtime=0)
        tag = hashlib.sha256(data).hexdigest()[:20]
        parts.append(f"static const unsigned char a{at}[] = {{\n{c_bytes(packed)}}};")
        rows.append(f'    {{"{renamed.get(name, name)}", "{TYPES[pathlib.Path(name).suffix]}", "\\"{tag}\\"", a{at}, sizeof(a{at}), '
                    f'{str(name in renamed).lower()}}},')
    text = "\n".join(["/* made by tools/embed.py */", '#include "http/assets.h"', "", *parts, "",
                      "const struct ll_asset ll_assets[] = {", *rows, "};",
                      "const size_t ll_asset_count = sizeof(ll_assets) / sizeof(ll_assets[0]);", ""])
    pathlib.Path(out).write_text(text, encoding="utf-8")


main()
