#!/usr/bin/env python3
"""Evaluation of a million firms by a scorecard of four indicators over three resources, all made up.

usage: score_million.py LULING PACKS [--rows N]

PACKS has the built packs (core is needed).  Prints the seconds and the greatest memory of `luling score run`, of a back-test, and of one subject's explanation.
The reference is one statement of DuckDB over tables that it has read from the same files: values, points, score and grade into a Parquet file, without evidence,
states of values, explanations or a journal.
"""
import argparse
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from linkage_million import uscc  # noqa: E402

BANDS = (
    ("years", "range", "", 3, 40), ("years", "range", 3, 10, 70), ("years", "range", 10, "", 100), ("years", "missing", "", "", 50),
    ("penalties", "range", "", 1, 100), ("penalties", "range", 1, 3, 50), ("penalties", "range", 3, "", 0), ("penalties", "missing", "", "", 100),
    ("fines", "range", "", 1, 100), ("fines", "range", 1, 10000, 60), ("fines", "range", 10000, "", 0), ("fines", "missing", "", "", 100),
    ("arrears", "range", "", 1, 100), ("arrears", "range", 1, "", 20), ("arrears", "missing", "", "", 100))
WEIGHTS = (("years", 20, "up"), ("penalties", 40, "down"), ("fines", 20, "down"), ("arrears", 20, "down"))
GRADES = tuple(zip("ABCDE", (85, 70, 55, 40, 0)))
PACK = {
    "pack.json": json.dumps({"name": "bench_score", "version": "1.0.0", "title": {"zh": "评价性能测试", "en": "evaluation benchmark"}, "needs": ["core"], "sample": True}),
    "organisations.csv": "code,name,role,basis\nBENCH,性能测试,source,own\n",
    "elements.csv": """code,name,title,title_en,type,length,check,grade,basis
BS001,bs_uscc,信用代码,credit code,identifier,18,uscc,1,own
BS002,bs_no,编号,number,text,20,,1,own
BS003,bs_day,日期,day,date,,,1,own
BS004,bs_amount,金额,amount,"decimal(18,2)",,,1,own
BS005,bs_count,件数,count,integer,,,1,own
""",
    "resources.csv": """name,code,title,provider,summary,share_type,open,update_cycle,version,mode,subject_kind,change_limit,basis
bs_firm,3081999/00002,企业,BENCH,编造,1,0,4,1,snapshot,enterprise,100,own
bs_penalty,3081999/00003,处罚,BENCH,编造,1,0,4,1,snapshot,enterprise,100,own
bs_arrears,3081999/00004,欠税,BENCH,编造,1,0,4,1,snapshot,enterprise,100,own
""",
    "items.csv": """resource,item,element,required,key,role
bs_firm,uscc,bs_uscc,Y,1,subject
bs_firm,founded,bs_day,Y,,
bs_penalty,no,bs_no,Y,1,
bs_penalty,uscc,bs_uscc,Y,,subject
bs_penalty,day,bs_day,Y,,
bs_penalty,fine,bs_amount,,,
bs_arrears,uscc,bs_uscc,Y,1,subject
bs_arrears,amount,bs_amount,Y,,
""",
    "services.csv": "name,version,title,view,callable\nbs_values,1,指标,bs_values,N\nbs_bad,1,结果,bs_bad,N\n",
    "service_items.csv": """service,name,use,from,element,required,rests_on
bs_values,uscc,output,bs_firm.uscc,,,
bs_values,years,output,,bs_count,,bs_firm.founded
bs_values,penalties,output,,bs_count,,bs_penalty.day
bs_values,fines,output,,bs_amount,,bs_penalty.fine
bs_values,arrears,output,,bs_amount,,bs_arrears.amount
bs_values,,input,bs_firm.founded,,,
bs_values,,input,bs_penalty.uscc,,,
bs_values,,input,bs_penalty.day,,,
bs_values,,input,bs_penalty.fine,,,
bs_values,,input,bs_arrears.uscc,,,
bs_values,,input,bs_arrears.amount,,,
bs_values,day,parameter,,bs_day,Y,
bs_bad,uscc,output,bs_penalty.uscc,,,
bs_bad,,input,bs_penalty.day,,,
bs_bad,after,parameter,,bs_day,Y,
bs_bad,until,parameter,,bs_day,Y,
""",
    "views/bs_values.sql": """WITH p AS (SELECT uscc, count(*) AS n, sum(fine) AS fines FROM bs_penalty WHERE day <= $day GROUP BY uscc)
SELECT f.uscc, date_part('year', $day) - date_part('year', f.founded) AS years, coalesce(p.n, 0) AS penalties, coalesce(p.fines, 0) AS fines, a.amount AS arrears
FROM bs_firm f LEFT JOIN p ON p.uscc = f.uscc LEFT JOIN bs_arrears a ON a.uscc = f.uscc
""",
    "views/bs_bad.sql": "SELECT DISTINCT uscc FROM bs_penalty WHERE day > $after AND day <= $until\n",
    "scorecards.csv": "scorecard,version,title,title_en,service,subject,subject_kind,as_of,outcome,basis\nbs,1,测试,test,bs_values,uscc,enterprise,day,bs_bad,own\n",
    "score_indicators.csv": "scorecard,version,indicator,title,title_en,weight,direction,evidence,basis\n" + "".join(
        f"bs,1,{name},{name},{name},{weight},{way},bs_firm,own\n" for name, weight, way in WEIGHTS),
    "score_bands.csv": "scorecard,version,indicator,kind,from,to,points,what,what_en\n" + "".join(
        f"bs,1,{name},{kind},{low},{high},{points},x,x\n" for name, kind, low, high, points in BANDS),
    "score_grades.csv": "scorecard,version,grade,from,title,title_en\n" + "".join(f"bs,1,{g},{f},{g},{g}\n" for g, f in GRADES),
}


def write(folder, rows):
    for name, text in PACK.items():
        path = folder / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rnd = random.Random(7)
    day = lambda first: f"{rnd.randint(first, 2025)}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}"
    firms = list({uscc(rnd) for _ in range(rows)})
    with open(folder / "bs_firm.csv", "w", encoding="utf-8") as f:
        f.write("uscc,founded\n" + "".join(f"{x},{day(1990)}\n" for x in firms))
    with open(folder / "bs_penalty.csv", "w", encoding="utf-8") as f:
        f.write("no,uscc,day,fine\n" + "".join(f"P{i},{rnd.choice(firms)},{day(2021)},{rnd.randint(1, 50000)}\n" for i in range(rows * 2 // 5)))
    with open(folder / "bs_arrears.csv", "w", encoding="utf-8") as f:
        f.write("uscc,amount\n" + "".join(f"{x},{rnd.randint(1, 900000)}\n" for x in rnd.sample(firms, len(firms) // 5)))
    return firms


def points_of(name):
    """Points of an indicator, as its bands have them."""
    cases = []
    for which, kind, low, high, points in BANDS:
        if which != name:
            continue
        if kind == "missing":
            cases.insert(0, f"WHEN {name} IS NULL THEN {points}")
        else:
            cases.append(f"WHEN {name} >= {low if low != '' else -1e18} AND {name} < {high if high != '' else 1e18} THEN {points}")
    return f"CASE {' '.join(cases)} END"


def duckdb_alone(build, folder):
    values = PACK["views/bs_values.sql"].replace("$day", "DATE '2025-01-01'").replace("\n", " ")
    score = " + ".join(f"{weight} * ({points_of(name)})" for name, weight, _ in WEIGHTS)
    grade = "CASE " + " ".join(f"WHEN score >= {low} THEN '{g}'" for g, low in GRADES) + " END"
    sql = folder / "score.sql"
    sql.write_text("\n".join([f"CREATE TABLE {t} AS SELECT * FROM read_csv('{folder}/{t}.csv')" for t in ("bs_firm", "bs_penalty", "bs_arrears")] + [
        f"COPY (SELECT *, {grade} AS grade FROM (SELECT *, ({score}) / 100.0 AS score FROM ({values}))) TO '{folder}/scores.parquet' (FORMAT parquet)"]) + "\n", encoding="utf-8")
    done = subprocess.run([build / "bench/bench_bare_sql", sql, "2", "2048"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout.split()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("luling", type=pathlib.Path)
    parser.add_argument("packs", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    args = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="ll-score-") as name:
        folder = pathlib.Path(name)
        firms = write(folder, args.rows)
        run = lambda *a: subprocess.run([args.luling, *a, "--data", folder / "data", "--json"], check=True, capture_output=True, text=True).stdout
        run("pack", "load", args.packs / "core", folder / "pack")
        for table in ("bs_firm", "bs_penalty", "bs_arrears"):
            run("intake", folder / f"{table}.csv", "--resource", table)
        for what, command in (("evaluation", ("score", "run", "bs", "--as-of", "2025-01-01")), ("back-test", ("score", "test", "bs", "2024-01-01", "2025-01-01"))):
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            out = run(*command)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{what} of {len(firms):,} subjects: {time.monotonic() - began:.1f} s ({cpu:.1f} s of processor), {after.ru_maxrss // 1024} MiB at most of any step so far", flush=True)
            made = json.loads(out)
            if what == "evaluation":
                seconds, reference = time.monotonic() - began, duckdb_alone(args.packs.absolute().parent, folder)
                print(f"DuckDB alone: {reference:.2f} s, ratio {reference / seconds:.2f}", flush=True)
        id_ = json.loads(run("score", "runs"))[0]["id"]
        began = time.monotonic()
        run("score", "show", id_, firms[0])
        print(f"one subject explained, as a process of its own: {(time.monotonic() - began) * 1000:.0f} ms; back-test by grade: {made}")


if __name__ == "__main__":
    main()
