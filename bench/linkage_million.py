#!/usr/bin/env python3
"""Linkage of a million firms with a million, made up so that the truth is known.

usage: linkage_million.py LULING [--rows N] [--memory 3GiB] [--keep DIR]

The left side are N firms; the right side N records of which nine in ten are one of them as another department wrote it: forms of organisation
left out or exchanged, characters wrong, telephone or date missing, the address shortened.  One in twenty has its credit code on both sides.
Prints time by stage, the greatest memory of the process, and precision, recall and F1.  The time of the plain joins (count(*) over the same
blocking, no comparison) is what the engine alone needs: the limit.
"""
import argparse
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CHARS = "安邦博昌诚春达德东方丰福富港高光广国海瀚豪和恒宏华辉汇惠慧吉佳嘉建江金锦景久聚凯康科朗乐力利联隆茂美民明铭南能宁鹏平普启乾强庆泉荣瑞润三山尚升盛世顺泰天通同万旺维文祥鑫信兴旭扬业益永优裕源远悦云泽长正志中众卓"
TRADES = ("商贸", "科技", "建材", "农业", "物流", "电子", "餐饮管理", "建筑工程", "文化传媒", "信息技术", "医药", "服饰")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "经营部", "商行")
PLACES = ("吉州区", "青原区", "井冈山市", "吉安县", "吉水县", "峡江县", "新干县", "永丰县", "泰和县", "遂川县", "万安县", "安福县", "永新县")
ROADS = ("井冈山大道", "吉安大道", "庐陵大道", "阳明路", "文山路", "韶山路", "人民路", "城南路", "工业大道", "滨江路")
FAMILIES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武欧阳"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG = [3, 7, 9, 10, 5, 8, 4, 2]


def org_code(rnd):
    body = "".join(rnd.choice("0123456789") for _ in range(8))
    check = 11 - sum(int(c) * w for c, w in zip(body, ORG)) % 11
    return body + ("X" if check == 10 else "0" if check == 11 else str(check))


def uscc(rnd):
    body = "91360802" + org_code(rnd)
    weight, total = 1, 0
    for c in body:
        total += ALPHABET.index(c) * weight
        weight = weight * 3 % 31
    return body + ALPHABET[(31 - total % 31) % 31]


def firm(rnd):
    core = "".join(rnd.choice(CHARS) for _ in range(rnd.choice((2, 2, 3, 4))))
    place = rnd.choice(PLACES)
    address = f"{place}{rnd.choice(ROADS)}{rnd.randint(1, 900)}号{rnd.randint(1, 30)}栋{rnd.randint(101, 2899)}室"
    person = rnd.choice(FAMILIES) + "".join(rnd.choice(CHARS) for _ in range(rnd.choice((1, 2, 2))))
    founded = f"{rnd.randint(1990, 2025)}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}"
    return [f"吉安市{place}", core, rnd.choice(TRADES), rnd.choice(FORMS), person, address,
            rnd.choice(("138", "139", "150", "187")) + f"{rnd.randint(0, 99999999):08}", founded]


def wrong(rnd, text):
    at = rnd.randrange(len(text))
    return text[:at] + rnd.choice(CHARS) + text[at + 1:]


def as_written_elsewhere(rnd, f):
    place, core, trade, form, person, address, phone, founded = f
    if rnd.random() < 0.12:
        core = wrong(rnd, core)
    if rnd.random() < 0.25:
        form = rnd.choice(FORMS + ("",))
    if rnd.random() < 0.3:
        place = rnd.choice(("", "江西省" + place, "吉安市"))
    if rnd.random() < 0.08:
        person = wrong(rnd, person) if rnd.random() < 0.5 else "".join(rnd.choice(CHARS) for _ in range(3))
    if rnd.random() < 0.35:
        address = address.split("栋")[0] + "栋" if rnd.random() < 0.6 else "江西省吉安市" + address
    roll = rnd.random()
    phone = "" if roll < 0.2 else phone[:-1] + str(rnd.randint(0, 9)) if roll < 0.25 else phone if roll < 0.85 else \
        f"0796-{rnd.randint(2000000, 8999999)}"
    if rnd.random() < 0.15:
        founded = "" if rnd.random() < 0.5 else founded[:8] + f"{rnd.randint(1, 28):02}"
    return [place, core, trade, form, person, address, phone, founded]


def write(folder, rows):
    rnd = random.Random(20260401)
    head = ["id", "name", "person", "address", "phone", "founded", "uscc", "reg_no"]
    with (folder / "left.csv").open("w", encoding="utf-8", newline="") as a, (folder / "right.csv").open("w", encoding="utf-8", newline="") as b:
        left, right = csv.writer(a), csv.writer(b)
        left.writerow(head)
        right.writerow(head)
        for i in range(rows):
            f = firm(rnd)
            code = uscc(rnd)
            left.writerow([i, "".join(f[:4]), *f[4:], code, ""])
            same = rnd.random() < 0.9
            g = as_written_elsewhere(rnd, f) if same else firm(rnd)
            right.writerow([i if same else f"x{i}", "".join(g[:4]), *g[4:], code if same and rnd.random() < 0.05 else "", ""])


def run(program, folder, *args):
    started = time.monotonic()
    env = dict(os.environ, LULING_LANG="en")
    with subprocess.Popen([program, *map(str, args), "--data", str(folder / "data"), "--json"], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as p:
        out, err = p.stdout.read(), p.stderr.read()
        _, status, use = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit(err)
    return json.loads(out), time.monotonic() - started, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def measure(program, folder, memory):
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data/luling.conf").write_text(f"duckdb_memory = {memory}\n")
    files = (folder / "left.csv", folder / "right.csv")
    model, wall, cpu, mib = run(program, folder, "link", "train", HERE / "linkage/firms.json", *files)
    print(f"train: {wall:.1f} s ({cpu:.1f} s of processor), {mib:.0f} MiB", flush=True)
    result, wall, cpu, mib = run(program, folder, "link", "run", model["model"], *files, "--out", folder / "pairs.csv")
    r = result["report"]
    print(f"run: {wall:.1f} s ({cpu:.1f} s of processor), {mib:.0f} MiB; " + ", ".join(f"{k} {r[k]}" for k in r if k.endswith("_s")))
    print(f"candidates {r['candidates']:.0f}, reduction {r['reduction']:.8f}, completeness {r['completeness']}, exact {r['exact']}, "
          f"matched {r['matched']}, in review {r['in_review']}", flush=True)


def judge(folder):
    right = found = true = 0
    with (folder / "right.csv").open(encoding="utf-8") as f:
        next(f)
        true = sum(not line.startswith("x") for line in f)
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            if row["state"] == "matched":
                found += 1
                right += row["a"].split(":")[1] == row["b"].split(":")[1]
    p, r = right / max(found, 1), right / true
    print(f"precision {p:.4f}, recall {r:.4f}, F1 {2 * p * r / max(p + r, 1e-9):.4f} of {true} true pairs")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("luling")
    ap.add_argument("--rows", type=int, default=1_000_000)
    ap.add_argument("--memory", default="3GiB")
    ap.add_argument("--keep")
    a = ap.parse_args()
    with tempfile.TemporaryDirectory(prefix="luling-million-") as tmp:
        folder = pathlib.Path(a.keep or tmp)
        folder.mkdir(exist_ok=True)
        if not (folder / "right.csv").exists():
            write(folder, a.rows)
        measure(str(pathlib.Path(a.luling).resolve()), folder, a.memory)
        judge(folder)


if __name__ == "__main__":
    main()
