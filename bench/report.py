"""Public credit reports of the demo's firms: `luling report batch` in either format, with one worker and with two.

usage: report.py BUILD FOLDER [COUNT]      COUNT reports a run, 400 unless given; FOLDER is made, and kept for the next run

A report is everything: the profile over all resources, layout, the entry in the journal and its proof, signature, row, file.  Beside it stands the
processor time a report, which is what one core takes whatever else the machine does."""
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

ACTOR = ["--as", "bench", "--organisation", "JA001", "--duties", "operator"]


def run(luling, data, *args, fine=(0,)):
    done = subprocess.run([luling, "--data", data, "--lang", "en", *map(str, args)], capture_output=True, text=True)
    if done.returncode not in fine:
        raise SystemExit(f"{' '.join(map(str, args))}: {done.stderr or done.stdout[-500:]}")
    return done.stdout


def prepare(build, folder):
    luling, data = build / "src/cli/luling", folder / "data"
    if data.is_dir():
        return luling, data
    folder.mkdir(parents=True, exist_ok=True)
    root = pathlib.Path(__file__).resolve().parent.parent
    subprocess.run([sys.executable, root / "demo/generate.py", folder / "files"], check=True, stdout=subprocess.DEVNULL)
    run(luling, data, "pack", "load", *[build / "packs" / name for name in ("core", "jian", "credit", "demo")])
    for delivery in json.loads((folder / "files/expected.json").read_text(encoding="utf-8"))["deliveries"]:
        run(luling, data, "intake", folder / "files" / delivery["file"], "--resource", delivery["resource"], fine=(0, 65, 75))
    return luling, data


def subjects(luling, data, count):
    codes = [json.loads(line)["uscc"] for line in run(luling, data, "dump", "enterprise_registration").splitlines()]
    return (codes * (count // len(codes) + 1))[:count]


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    luling, data = prepare(build, folder)
    names = folder / "subjects"
    names.write_text("\n".join(subjects(luling, data, count)) + "\n", encoding="utf-8")
    for kind in ("html", "pdf"):
        for threads in (1, 2):
            out = folder / "reports"
            shutil.rmtree(out, ignore_errors=True)
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            run(luling, data, "--set", f"threads={threads}", "report", "batch", names, out, "--purpose", "benchmark", "--format", kind, *ACTOR)
            seconds, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            size = sum(f.stat().st_size for f in out.iterdir()) / count
            print(f"{kind}, {threads} worker{'s' * (threads > 1)}: {count / seconds:.0f} reports/s, {cpu / count * 1000:.1f} ms of processor a report, "
                  f"{size / 1024:.0f} KiB each, peak {after.ru_maxrss // 1024} MiB, load {os.getloadavg()[0]:.0f}", flush=True)


if __name__ == "__main__":
    main()
