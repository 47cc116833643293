#!/usr/bin/env python3
"""Everything that can be judged without running the program: format, size of functions, words that must not appear, the lock file,
generated pages, clang-tidy.  Prints every finding, exits 1 when there is one.

usage: lint.py BUILD [--quick|--light]    --quick leaves clang-tidy out, --light its path-sensitive analyzer, which takes nine tenths of the time
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_FUNCTION = 80
FORBIDDEN = [
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "unfinished work does not belong in the source"),
    (re.compile(r"(?<![\w.])/(?:home|root|work|Users)/\w"), "a path of one machine"),
    (re.compile(r"https?://(?:localhost|registry|[\w.-]*artifact)[^\s\"']*\d{4,}"), "an address of one machine"),
]
MACHINE_PATH_MAY = {"tools/lint.py"}


def tracked(*patterns):
    listing = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns], cwd=ROOT, check=True,
                             capture_output=True, text=True)
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def name_of(path):
    return str(path.relative_to(ROOT))


def c_files():
    """Tables are aligned by hand."""
    return [p for p in tracked("src/*.c", "src/*.h", "tests/*.c", "tests/*.h", "bench/*.c", "bench/*.h") if p.parent.name != "tbl"]


def check_format():
    files = [str(p) for p in c_files()]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], capture_output=True, text=True)
    for line in done.stderr.splitlines():
        if "error:" in line:
            yield line.replace(f"{ROOT}/", "")


def check_function_size():
    """In our style a function's braces, and nothing else, stand alone in the first column."""
    for path in c_files():
        opened = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line == "{":
                opened = number
            elif line == "}" and opened is not None:
                if number - opened > MAX_FUNCTION:
                    yield f"{name_of(path)}:{opened}: a function of {number - opened} lines; {MAX_FUNCTION} at most"
                opened = None


def check_words():
    for path in tracked():
        name = name_of(path)
        if name in MACHINE_PATH_MAY or name == "package-lock.json":
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # test material in other encodings
        for number, line in enumerate(lines, 1):
            for pattern, why in FORBIDDEN:
                if pattern.search(line) and not ("unfinished" in why and path.suffix == ".md"):
                    yield f"{name}:{number}: {why}: {pattern.search(line)[0]}"


def check_lock():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        if "resolved" in package:
            yield f"package-lock.json: {name} records a download address; .npmrc says omit-lockfile-registry-resolved"
        if name and "integrity" not in package:
            yield f"package-lock.json: {name} has no integrity hash"
    if "dependencies" in lock["packages"]["node_modules/duckdb"]:
        yield "package-lock.json: duckdb is there for its header alone; take its dependencies out (docs/dependencies.md)"
    for kind in ("dependencies", "devDependencies"):
        for name, version in wanted.get(kind, {}).items():
            if not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version):
                yield f"package.json: {name} is not pinned to one version: {version}"


def check_packages():
    """One row a package; a second one would be shown twice in docs/dependencies.md."""
    rows = [line.split("|")[1].strip() for line in (ROOT / "tools/debian-packages.txt").read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")]
    for package in sorted({p for p in rows if rows.count(p) > 1}):
        yield f"tools/debian-packages.txt: {package} stands there twice"


def check_scripts():
    for path in tracked("*.sh", ".ci/run"):
        done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True)
        yield from done.stderr.splitlines()
    for path in tracked("*.py"):
        try:
            compile(path.read_text(encoding="utf-8"), str(path), "exec")
        except SyntaxError as error:
            yield f"{name_of(path)}:{error.lineno}: {error.msg}"


def check_pages(build):
    done = subprocess.run([sys.executable, ROOT / "tools/gen_docs.py", "--check", build / "src/cli/luling"], capture_output=True,
                          text=True)
    yield from (done.stdout + done.stderr).splitlines()


def tidy_one(build, path):
    checks = ["--checks=-clang-analyzer-*"] if "--light" in sys.argv else []
    done = subprocess.run(["clang-tidy", "--quiet", *checks, "-p", str(build), str(path)], capture_output=True, text=True)
    return [line.replace(f"{ROOT}/", "") for line in done.stdout.splitlines() if re.search(r": (warning|error):", line)]


def check_tidy(build):
    if not shutil.which("clang-tidy"):
        yield "clang-tidy is not installed"
        return
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    sources = {(build / c["file"]).resolve() for c in commands}
    ours = sorted(p for p in sources if p.is_relative_to(ROOT / "src"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda p: tidy_one(build, p), ours):
            yield from found


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    checks = [("format", check_format), ("function size", check_function_size), ("words", check_words), ("lock file", check_lock),
              ("packages", check_packages), ("scripts", check_scripts), ("generated pages", lambda: check_pages(build))]
    if "--quick" not in sys.argv:
        checks.append(("clang-tidy", lambda: check_tidy(build)))
    failed = 0
    for name, check in checks:
        found = sorted(set(check()))
        failed += len(found)
        print(f"{'FAIL' if found else 'ok  '} {name}", flush=True)
        for line in found:
            print(f"     {line}", flush=True)
    sys.exit(1 if failed else 0)


main()
