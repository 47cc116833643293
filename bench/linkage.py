#!/usr/bin/env python3
"""Linkage on labelled sets: precision, recall, F1, time, and the pairs it got wrong.

usage: linkage.py LULING [--data DIR] [--report]

Reads linkage/febrl and linkage/historical below DIR (or LULING_DATA).  Without --report only the parts that models may be tuned on are read:
febrl 1 to 3 and half of the historical clusters; with it the others, on which nothing was tuned: febrl 4 and the other half.  The halves
follow from the SHA-256 of a cluster's name.  Models are bench/linkage/*.json; training never sees a label.
"""
import argparse
import csv
import gzip
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
THRESHOLDS = (0.5, 0.9, 0.95, 0.99, 0.999)


def truth_of(rec_id):
    return re.match(r"rec-\d+", rec_id)[0]


def half_of(cluster):
    return hashlib.sha256(cluster.encode()).digest()[0] % 2


class Labelled:
    """A set: its files, its model, and the true subject of every record, by the name the linkage gives it."""

    def __init__(self, name, model, files, subjects):
        self.name, self.model, self.files, self.subjects = name, model, files, subjects

    def true_pairs(self):
        groups = {}
        for record, subject in self.subjects.items():
            groups.setdefault(subject, []).append(record)
        two = len(self.files) == 2
        for members in groups.values():
            for i, a in enumerate(members):
                for b in members[i + 1:]:
                    if not two or a.split(":")[0] != b.split(":")[0]:
                        yield frozenset((a, b))


def febrl(folder, name, model, stems):
    files = [folder / f"{stem}.csv" for stem in stems]
    subjects = {}
    for file in files:
        with file.open(encoding="utf-8") as f:
            for row in csv.reader(f):
                if row[0] != "rec_id":
                    subjects[f"{file.stem}:{row[0]}"] = truth_of(row[0])
    return Labelled(name, HERE / "linkage" / model, files, subjects)


def historical(folder, work, half):
    file = work / f"historical{half}.csv"
    subjects = {}
    with gzip.open(folder / "historical_figures_with_errors_50k.csv.gz", "rt", encoding="utf-8", newline="") as f, \
            file.open("w", encoding="utf-8", newline="") as out:
        rows, writer = csv.reader(f), csv.writer(out)
        head = next(rows)
        at = head.index("cluster")
        writer.writerow(c for i, c in enumerate(head) if i != at)
        for row in rows:
            if half_of(row[at]) == half:
                writer.writerow(c for i, c in enumerate(row) if i != at)
                subjects[f"{file.stem}:{row[0]}"] = row[at]
    title = "historical, report half" if half else "historical, tuning half"
    return Labelled(title, HERE / "linkage" / "historical.json", [file], subjects)


def luling(program, folder, *args):
    env = dict(os.environ, LULING_LANG="en")
    started = time.monotonic()
    done = subprocess.run([program, *map(str, args), "--data", str(folder), "--json"], env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"luling {' '.join(map(str, args))}: {done.stderr}")
    return json.loads(done.stdout), time.monotonic() - started


def closure(pairs):
    """All pairs that follow from the links: two records of one cluster are a pair, whether or not they were compared."""
    parent = {}

    def root(x):
        parent.setdefault(x, x)
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for a, b in pairs:
        parent[root(a)] = root(b)
    groups = {}
    for x in list(parent):
        groups.setdefault(root(x), []).append(x)
    return {frozenset((a, b)) for g in groups.values() for i, a in enumerate(g) for b in g[i + 1:]}


def scores(found, true):
    right = len(found & true)
    precision = right / len(found) if found else 1.0
    recall = right / len(true)
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def measure(program, labelled, work):
    folder = work / ("data-" + re.sub(r"\W+", "-", labelled.name))
    model, train_s = luling(program, folder, "link", "train", labelled.model, *labelled.files)
    out = work / "pairs.csv"
    run, run_s = luling(program, folder, "link", "run", model["model"], *labelled.files, "--out", out)
    with out.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    true = set(labelled.true_pairs())
    links = {frozenset((r["a"], r["b"])) for r in rows if r["state"] == "matched"}
    curve = []
    for t in THRESHOLDS:
        curve.append((t, *scores({frozenset((r["a"], r["b"])) for r in rows if float(r["probability"]) >= t}, true)))
    return {"set": labelled.name, "rows": len(labelled.subjects), "true": len(true), "train_s": train_s, "run_s": run_s,
            "links": scores(links, true), "clusters": scores(closure([tuple(p) for p in links]), true), "curve": curve,
            "report": run["report"], "wrong": confusion(rows, links, true)}


def confusion(rows, links, true, n=3):
    """The surest wrong links, and what was missed: pairs that were compared and fell short, and how many were never compared."""
    by_pair = {frozenset((r["a"], r["b"])): r for r in rows}
    wrong = sorted(links - true, key=lambda p: -float(by_pair[p]["weight"]))
    missed = sorted((p for p in true - links if p in by_pair), key=lambda p: float(by_pair[p]["weight"]))
    return {"wrong": [by_pair[p] for p in wrong[:n]], "missed": [by_pair[p] for p in missed[:n]], "wrong_n": len(wrong),
            "missed_n": len(true - links), "below_review": len([p for p in true - links if p not in by_pair])}


def show(m):
    r = m["report"]
    print(f"\n### {m['set']}: {m['rows']} records, {m['true']} true pairs")
    print("| | precision | recall | F1 |\n|---|---|---|---|")
    for title, s in (("links", m["links"]), ("clusters", m["clusters"])):
        print(f"| {title} | " + " | ".join(f"{x:.4f}" for x in s) + " |")
    for t, *s in m["curve"]:
        print(f"| pairs from {t} on | " + " | ".join(f"{x:.4f}" for x in s) + " |")
    print(f"\ncandidates {r['candidates']:.0f} of {r['all_pairs']:.0f} (reduction {r['reduction']:.5f}), completeness estimated "
          f"{r['completeness']}, in review {r['in_review']}, chains cut {r['chains_cut']}; train {m['train_s']:.1f} s, run {m['run_s']:.1f} s")
    w = m["wrong"]
    print(f"wrong links {w['wrong_n']}, missed {w['missed_n']}, of which {w['below_review']} were not compared or weighed less than review")
    for kind in ("wrong", "missed"):
        for row in w[kind]:
            print(f"  {kind}: {row['a']} {row['b']} p={row['probability']} {row['state']} levels {row['levels']}")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("luling")
    ap.add_argument("--data", default=os.environ.get("LULING_DATA"))
    ap.add_argument("--report", action="store_true")
    ap.add_argument("--only", default="")
    a = ap.parse_args()
    root = pathlib.Path(a.data or "/nonexistent") / "linkage"
    if not root.is_dir():
        print("skipped: no labelled sets; set LULING_DATA to a folder that has linkage/febrl and linkage/historical")
        return
    with tempfile.TemporaryDirectory(prefix="luling-linkage-") as tmp:
        work = pathlib.Path(tmp)
        if a.report:
            sets = [lambda: febrl(root / "febrl", "febrl 4", "febrl_link.json", ["dataset4a", "dataset4b"]),
                    lambda: historical(root / "historical", work, 1)]
        else:
            sets = [lambda n=n: febrl(root / "febrl", f"febrl {n}", "febrl_duplicates.json", [f"dataset{n}"]) for n in (1, 2, 3)]
            sets.append(lambda: historical(root / "historical", work, 0))
        for make in sets:
            labelled = make()
            if a.only in labelled.name:
                show(measure(str(pathlib.Path(a.luling).resolve()), labelled, work))
                sys.stdout.flush()


main()
