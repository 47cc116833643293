#!/usr/bin/env python3
"""Kills a program that appends to a journal, at random instants, again and again.

usage: kill.py WRITE_LOG LULING [KILLS [SEED]]      KILLS 20, or CRASH_KILLS

(1) Every entry that was acknowledged is in the journal, at its index, after the restart.
(2) Every checkpoint that anybody saw has the root of the first so many entries as they are now: it is consistent with every later one.
(3) `luling verify --journal` finds nothing, right after a kill and at the end.

Prints TAP.  The tree is computed here, from the bundles, by RFC 6962.
"""
import base64
import hashlib
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time


class Broken(Exception):
    pass


def sha(data):
    return hashlib.sha256(data).digest()


def leaves_of(folder, size):
    out = []
    for n in range((size + 255) // 256):
        width = min(256, size - n * 256)
        name = f"{n % 1000:03d}"
        rest = n // 1000
        while rest:
            name = f"x{rest % 1000:03d}/{name}"
            rest //= 1000
        path = folder / "tile/entries" / (name if width == 256 else f"{name}.p/{width}")
        bundle, at = path.read_bytes(), 0
        while at < len(bundle):
            length, = struct.unpack_from(">H", bundle, at)
            out.append(sha(b"\0" + bundle[at + 2:at + 2 + length]))
            at += 2 + length
    return out


def roots_at(leaves, sizes):
    """size -> root, in one pass over the leaves."""
    sizes, found, stack = set(sizes), {}, []
    if 0 in sizes:
        found[0] = sha(b"")
    for n, leaf in enumerate(leaves, 1):
        stack.append(leaf)
        rest = n - 1
        while rest & 1:
            right = stack.pop()
            stack.append(sha(b"\1" + stack.pop() + right))
            rest >>= 1
        if n in sizes:
            root = stack[-1]
            for left in reversed(stack[:-1]):
                root = sha(b"\1" + left + root)
            found[n] = root
    return found


def checkpoint_of(folder, name):
    try:
        lines = (folder / name).read_text().split("\n")
        return int(lines[1]), base64.b64decode(lines[2])
    except (FileNotFoundError, IndexError):
        return None


class Trial:
    def __init__(self, program, luling, folder, dice):
        self.program, self.luling, self.folder, self.dice = program, luling, folder, dice
        self.journal = folder / "journal"
        self.acknowledged = {}  # index -> leaf
        self.seen = {}  # size -> root

    def look(self):
        for name in ("checkpoint", "latest"):
            seen = checkpoint_of(self.journal, name)
            if seen:
                size, root = seen
                if self.seen.setdefault(size, root) != root:
                    raise Broken(f"(2) two checkpoints of size {size} with different roots")

    def run(self, seconds):
        """Lets it write for a while, looks at checkpoints meanwhile, kills it."""
        out = self.folder / "acknowledged"
        with open(out, "wb") as sink:
            child = subprocess.Popen([self.program, self.journal, self.folder / "key", "8"], stdout=sink, stderr=subprocess.PIPE)
            end = time.monotonic() + seconds
            while time.monotonic() < end and child.poll() is None:
                self.look()
                time.sleep(0.005)
            child.send_signal(signal.SIGKILL)
            _, errors = child.communicate()
        if child.returncode != -signal.SIGKILL:
            raise Broken(f"it ended by itself with {child.returncode}: {errors.decode(errors='replace')[-2000:]}")
        self.look()
        before = len(self.acknowledged)
        for line in out.read_bytes().split(b"\n")[:-1]:
            index, size, leaf = line.split()
            if int(index) in self.acknowledged or int(size) <= int(index):
                raise Broken(f"(1) index {int(index)} was given twice, or in a tree without it")
            self.acknowledged[int(index)] = bytes.fromhex(leaf.decode())
        return len(self.acknowledged) - before

    def settle(self):
        """A start takes in what the last kill left, and publishes it before it takes anything new."""
        child = subprocess.Popen([self.program, self.journal, self.folder / "key", "1"], stdout=subprocess.PIPE)
        child.stdout.readline()
        child.kill()
        child.communicate()
        self.verify()

    def verify(self):
        done = subprocess.run([self.luling, "verify", "--journal", self.journal, "--lang", "en"], capture_output=True, text=True)
        if done.returncode != 0:
            raise Broken(f"(3) {done.stdout}{done.stderr}")

    def compare(self):
        size, _ = checkpoint_of(self.journal, "latest")
        leaves = leaves_of(self.journal, size)
        for index, leaf in self.acknowledged.items():
            if index >= size or leaves[index] != leaf:
                raise Broken(f"(1) entry {index} was acknowledged and is not there ({size} entries are)")
        roots = roots_at(leaves, self.seen)
        for at, root in self.seen.items():
            if roots.get(at) != root:
                raise Broken(f"(2) the checkpoint of size {at} that was seen is not one of the log of size {size}")


def main():
    program, luling = sys.argv[1:3]
    kills = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("CRASH_KILLS", "20"))
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(10**6)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="luling-kill-"))
    trial = Trial(program, luling, folder, random.Random(seed))
    print(f"1..1\n# seed {seed}", flush=True)
    try:
        empty = 0
        for _ in range(kills):
            empty += trial.run(0.02 + trial.dice.random() * 0.3) == 0
            if (trial.journal / "latest").exists():
                trial.verify()
        trial.settle()
        trial.compare()
        print(f"# {kills} kills ({empty} before the first entry), {len(trial.acknowledged)} entries acknowledged, {len(trial.seen)} checkpoints seen")
    except Broken as broken:
        for line in str(broken).splitlines():
            print(f"# {line}")
        print(f"not ok 1 - killed {kills} times (seed {seed}; see {folder})")
        sys.exit(1)
    shutil.rmtree(folder)
    print(f"ok 1 - killed {kills} times, every receipt and every checkpoint still holds")


main()
