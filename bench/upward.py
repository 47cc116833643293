#!/usr/bin/env python3
"""Reporting upward, measured between two real platforms on one machine: rows a second that are made into messages, sent, taken and acknowledged, as a
ratio to taking the very same rows in at the upper platform as one file.

usage: upward.py LULING PACKS [ROWS]     (ROWS: 200000 unless given)
Prints one line of JSON.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
PROVINCE = HERE.parent / "tests/api/province"
STREAM, RESOURCE, UPPER = "province_penalty", "administrative_penalty", "city_penalty"
HEAD = ("CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_GSZC,CF_XDR_ZZJG,CF_XDR_SWDJ,CF_XDR_SYDW,CF_XDR_SHZZ,CF_FRDB,CF_FR_ZJLX,CF_FR_ZJHM,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,"
        "CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_NR_WFFF,CF_NR_ZKDX,CF_JDRQ,CF_YXQ,CF_GSJZQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,BZ,SXCD").split(",")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]


def uscc(n):
    organisation = f"{n:08d}"
    check = 11 - sum(int(c) * w for c, w in zip(organisation, [3, 7, 9, 10, 5, 8, 4, 2])) % 11
    body = f"91360802{organisation}{'X' if check == 10 else check % 11}"
    return body + ALPHABET[(31 - sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS)) % 31) % 31]


def write_rows(path, rows):
    random.seed(7)
    authority = "11360800YL9000019L"
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(HEAD) + "\n")
        for n in range(rows):
            code = uscc(n)
            values = {"CF_XDR_MC": f"样例第{n}号商贸有限责任公司", "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": code, "CF_FRDB": "样例许丁卯", "CF_WSH": f"样例罚〔2026〕{n:07d}号",
                      "CF_WFXW": "样例：未取得许可从事经营", "CF_SY": "样例违法事实，仅供测量", "CF_YJ": "《样例管理条例》第八条", "CF_CFLB": "警告；罚款", "CF_NR": f"样例处罚内容：罚款{n % 977}元",
                      "CF_NR_FK": f"{random.randint(1, 99999) / 100:.2f}", "CF_JDRQ": "2026-05-11", "CF_YXQ": "2099-12-31", "CF_GSJZQ": "2027-05-10", "CF_CFJG": "吉安市市场监督管理局",
                      "CF_CFJGDM": authority, "CF_SJLY": "吉安市市场监督管理局", "CF_SJLYDM": authority, "SXCD": "一般"}
            file.write(",".join(values.get(c, "") for c in HEAD) + "\n")


class Luling:
    def __init__(self, program, packs, root):
        self.program, self.packs, self.root = program, packs, root

    def run(self, data, *args, settings=None):
        extra = [x for k, v in (settings or {}).items() for x in ("--set", f"{k}={v}")]
        done = subprocess.run([self.program, *args, "-d", data, *extra], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{args}: {done.stderr}{done.stdout}")
        return done.stdout

    def folder(self, name, *more):
        data = str(self.root / name)
        for pack in ["core", "jian", "credit", *more]:
            self.run(data, "pack", "load", str(pathlib.Path(self.packs) / pack) if "/" not in str(pack) else str(pack))
        return data


def serve(luling, data):
    child = subprocess.Popen([luling.program, "serve", "--json", "-d", data, "--set", "listen_port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return child, json.loads(child.stdout.readline())["url"].rstrip("/")


def register(luling, data, key):
    for account, duties in (("sys", "system_administrator"), ("sec", "security_administrator")):
        subprocess.run([luling.program, "account", "add", account, "-d", data, "--organisation", "JA001", "--duties", duties, "--password-file", "-"], input="correct horse battery\n",
                       text=True, check=True, capture_output=True)
    key_file = luling.root / "key.json"
    key_file.write_text(json.dumps(key))
    return key_file


def post(url, body, cookie=None, method="POST"):
    headers = {"Content-Type": "application/json", "X-Luling-Request": "bench", **({"Cookie": cookie} if cookie else {})}
    reply = urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers, method=method))
    return reply.headers.get("Set-Cookie", "").split(";")[0]


def enable(url, key):
    cookies = {who: post(f"{url}/v1/session", {"account": who, "password": "correct horse battery"}) for who in ("sys", "sec")}
    routes = json.loads((HERE.parent / "api/routes.json").read_text(encoding="utf-8"))["routes"]
    fill = lambda rid: (url + routes[rid]["path"].replace("{id}", "jian"), routes[rid]["method"])
    for rid, body, who in (("client.make", {"id": "jian", "organisation": "JA001", "title": "jian"}, "sys"), ("client.key", {"jwk": key}, "sys"), ("client.enabled", {"enabled": True}, "sec")):
        path, method = fill(rid)
        post(path, body, cookies[who], method)


def main():
    program, packs = str(pathlib.Path(sys.argv[1]).resolve()), str(pathlib.Path(sys.argv[2]).resolve())
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 200_000
    with tempfile.TemporaryDirectory() as tmp:
        luling = Luling(program, packs, pathlib.Path(tmp))
        city, province, direct = luling.folder("city"), luling.folder("province", PROVINCE), luling.folder("direct", PROVINCE)
        source = luling.root / "rows.csv"
        write_rows(source, rows)
        luling.run(city, "intake", str(source), "--resource", RESOURCE)
        key = json.loads(luling.run(city, "upward", "key", "--json"))["jwk"]
        register(luling, province, key)
        server, url = serve(luling, province)
        try:
            enable(url, key)
            settings = {"upward_url": url, "upward_client": "jian", "upward_networks": "127.0.0.0/8"}
            began = time.monotonic()
            sent = json.loads(luling.run(city, "upward", "send", STREAM, "--json", "--wait", "3600", settings=settings))[0]
            upward_s = time.monotonic() - began
            began = time.monotonic()
            check = json.loads(luling.run(city, "upward", "reconcile", STREAM, "--json", settings=settings))
            reconcile_s = time.monotonic() - began
        finally:
            server.terminate()
            server.wait()
        file = luling.root / "whole.jsonl"
        with open(file, "w", encoding="utf-8") as out:
            for line in luling.run(province, "dump", UPPER).splitlines():
                record = {k: (v["code"] if isinstance(v, dict) else v) for k, v in json.loads(line).items()}
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
        began = time.monotonic()
        luling.run(direct, "intake", str(file), "--resource", UPPER)
        direct_s = time.monotonic() - began
        print(json.dumps({"rows": rows, "accepted": sent["accepted"], "messages": sent["made"], "upward_rows_s": round(sent["accepted"] / upward_s),
                          "file_rows_s": round(sent["accepted"] / direct_s), "ratio": round(direct_s / upward_s, 3), "reconcile_s": round(reconcile_s, 2), "days_differing": check["wrong"]}))


main()
