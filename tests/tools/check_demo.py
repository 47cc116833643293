#!/usr/bin/env python3
"""The demo's generator: the same bytes every time, every delivery readable, every record marked as a sample, sums that add up.

usage: check_demo.py GENERATOR
"""
import csv
import gzip
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

FEWER = "600"  # firms, for the comparison of two runs


def run(generator, out, *arguments):
    subprocess.run([sys.executable, generator, out, *arguments], check=True, stdout=subprocess.DEVNULL)
    return {path.name: path.read_bytes() for path in pathlib.Path(out).iterdir()}


def text_rows(name, data):
    """Rows with the header, as far as an ordinary reader sees them."""
    if name.endswith(".gz"):
        name, data = name[:-3], gzip.decompress(data)
    if name.endswith(".json"):
        return len(json.loads(data))
    if name.endswith(".jsonl"):
        return sum(1 for line in data.split(b"\n") if line)
    if name.endswith(".xlsx"):
        return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").count(b"<row ")
    charset = "utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig"
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    delimiter = max("\t;,", key=text.split("\n", 1)[0].count)
    return sum(1 for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


HEADER_ROWS = {".csv": 1, ".tsv": 1, ".txt": 1, ".gz": 1, ".xlsx": 1, ".json": 0, ".jsonl": 0}


def check_delivery(entry, data):
    name = entry["file"]
    assert entry["received"] == entry["published"] + entry["quarantined"], name
    assert bool(entry["reasons"]) == bool(entry["quarantined"]), name
    assert sum(entry["reasons"].values()) >= entry["quarantined"], f"{name}: a quarantined row has a reason"
    header = 0 if ".jsonl" in name else 3 if name.startswith("01_") else HEADER_ROWS[pathlib.Path(name).suffix]
    rows = text_rows(name, data)
    assert rows - header == entry["received"], f"{name}: {rows} - {header} rows, {entry['received']} expected"
    assert "样例" in name, f"{name} does not say that it is a sample"


def main():
    generator = sys.argv[1]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two, tempfile.TemporaryDirectory() as whole:
        assert run(generator, one, FEWER) == run(generator, two, FEWER), "two runs differ"
        files = run(generator, whole)
    expected = json.loads(files.pop("expected.json"))
    order = json.loads(files.pop("deliveries.json"))
    assert [e["file"] for e in expected["deliveries"]] == [o["file"] for o in order] == sorted(files), "files and lists differ"
    for entry in expected["deliveries"]:
        check_delivery(entry, files[entry["file"]])
    received = sum(e["received"] for e in expected["deliveries"])
    assert 60000 <= received <= 100000, received
    print(f"{len(order)} deliveries, {received} rows")


main()
