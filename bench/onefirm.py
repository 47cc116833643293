#!/usr/bin/env python3
"""One firm's matches with explanations over HTTP: 472 made-up products, 100,000 made-up firms, from the table of indicators and from the lake.

usage: bench/onefirm.py BUILD [FIRMS] [PRODUCTS]

Prints p50 and p99 in milliseconds of a page of 20 and of all products: from the table, each look at another firm; from the lake, where a delivery came after
the table (the named reference: the engine computes the firm's indicators at that moment); and of the second look at the same firm.  Each look is an entry
that the journal makes durable before the answer leaves: what a durable append of that size costs in the same folder, without anything else, stands beside.
One connection, one look after the other.
"""
import http.client
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time
import urllib.parse

import features
import match

FIRMS, PRODUCTS, LULING, run = match.FIRMS, match.PRODUCTS, match.LULING, features.run
LOOKS, COMPUTED, ENTRY = 1000, 40, 400


class Looker:
    """A person of the platform, signed in, on one connection."""

    def __init__(self, url, server):
        self.server = server
        self.http = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
        self.headers = {}
        reply, _ = self.ask("POST", "/v1/session", json.dumps({"account": "looker", "password": match.PASSWORD}))
        self.headers = {"Cookie": reply.getheader("Set-Cookie").split(";")[0]}

    def ask(self, method, path, body=None):
        self.http.request(method, path, body, {**self.headers, "Content-Type": "application/json"} if body else self.headers)
        reply = self.http.getresponse()
        return reply, reply.read()

    def processor(self):
        """Milliseconds of processor time that the server has used."""
        fields = pathlib.Path(f"/proc/{self.server}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def look(self, code, limit):
        start = time.monotonic()
        reply, body = self.ask("GET", f"/v1/finance/firms/{code}/products?limit={limit}")
        ms = (time.monotonic() - start) * 1000
        assert reply.status == 200, body[:300]
        return ms, json.loads(body)["from"], len(body)


def told(what, spent, size=None, processor=None):
    spent = sorted(spent)
    more = f", {size / 1024:.0f} KiB, {processor / len(spent):.2f} ms of the server's processor each" if size else ""
    print(f"{what}: p50 {spent[len(spent) // 2]:.2f} ms, p99 {spent[len(spent) * 99 // 100]:.2f} ms ({len(spent)} times{more})", flush=True)


def series(looker, codes, limit, want, what):
    spent, before = [], looker.processor()
    for code in codes:
        ms, source, size = looker.look(code, limit)
        assert source == want, (source, want)
        spent.append(ms)
    told(what, spent, size, looker.processor() - before)


def durable(folder):
    """Milliseconds of appending and syncing an entry's bytes, nothing else."""
    spent, entry = [], b"x" * ENTRY
    with open(folder / "append", "wb", buffering=0) as out:
        for _ in range(LOOKS):
            start = time.monotonic()
            out.write(entry)
            os.fdatasync(out.fileno())
            spent.append((time.monotonic() - start) * 1000)
    told("an append made durable alone", spent)


def measure(data, folder, codes, titles):
    words = [LULING, "serve", "--json", "--data", data, "--set", "listen_port=0", "--set", "log_level=error", "--set", "indicators_run_s=0", "--set", "anomaly_officer=60000"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        looker = Looker(json.loads(server.stdout.readline())["url"], server.pid)
        rnd = random.Random(1)
        looker.look(codes[0], 20)
        for limit, what in ((20, "a page of 20"), (500, f"all {PRODUCTS}")):
            series(looker, rnd.sample(codes, min(LOOKS, len(codes))), limit, "table", f"from the table, {what}")
        durable(folder)
        path = folder / "one.csv"  # one firm's rating: the table no longer has everything
        path.write_text(titles + "\n" + ",".join(map(str, next(features.rows_of("tax_rating", codes[0], 0, rnd)))) + "\n", encoding="utf-8")
        run(data, "intake", path, "--resource", "tax_rating", "--mode", "increment", "--confirm")
        for limit, what in ((20, "a page of 20"), (500, f"all {PRODUCTS}")):
            seen = rnd.sample(codes, min(COMPUTED, len(codes)))
            series(looker, seen, limit, "lake", f"from the lake, {what}")
            series(looker, seen, limit, "lake", f"the same again, from memory, {what}")
    finally:
        server.terminate()
        server.wait(30)


def main():
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        data = folder / "data"
        pack, products, rules = match.pack_of(folder)
        run(data, "pack", "load", *[match.BUILD / "packs" / name for name in ("core", "jian", "credit", "demo")], pack)
        codes = sorted(features.uscc(i) for i in range(FIRMS))
        features.deliver(data, folder, codes)
        start = time.monotonic()
        run(data, "indicator", "run")
        print(f"{FIRMS:,} firms, {len(products)} products, {len(rules)} rules; table made in {time.monotonic() - start:.1f} s", flush=True)
        words = [LULING, "--data", data, "account", "add", "looker", "--organisation", "JA001", "--duties", "operator", "--password-file", "-"]
        subprocess.run(words, input=match.PASSWORD + "\n", text=True, check=True, capture_output=True)
        titles = open(folder / "tax_rating.csv", encoding="utf-8").readline().strip()
        measure(data, folder, codes, titles)


if __name__ == "__main__":
    main()
