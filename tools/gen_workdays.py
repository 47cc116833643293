#!/usr/bin/env python3
"""Writes the days on which working days differ from Monday to Friday, as rows of a C table.

usage: gen_workdays.py CHINESE_DAYS OUT

CHINESE_DAYS  folder of the npm package chinese-days: dist/chinese-days.json holds the yearly notices of the State Council's General
              Office on public holidays: "holidays", and "workdays", the weekends worked to make up for them
OUT           the header: LL_WORKDAY_FIRST and LL_WORKDAY_LAST, the years that are known, and rows {day since 1970-01-01, works}

A year of which no notice is known yet has no row: there only weekends are off, and ll_workday_known says that it is a guess.
"""
import datetime
import json
import pathlib
import sys

EPOCH = datetime.date(1970, 1, 1)


def exceptions(data):
    """day -> works, only where the weekday alone would say otherwise."""
    days = {}
    for works, listed in ((False, data["holidays"]), (True, data["workdays"])):
        for text in listed:
            day = datetime.date.fromisoformat(text)
            if day in days:
                sys.exit(f"{text} is both a holiday and a working day")
            days[day] = works
    return {day: works for day, works in sorted(days.items()) if works != (day.weekday() < 5)}


def main():
    package, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    data = json.loads((package / "dist/chinese-days.json").read_text(encoding="utf-8"))
    years = sorted({int(text[:4]) for text in data["holidays"]})
    if years != list(range(years[0], years[-1] + 1)):
        sys.exit(f"there is a gap between the years {years}")
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    rows = "".join(f"    {{{(day - EPOCH).days}, {str(works).lower()}}}, /* {day} */ \\\n" for day, works in exceptions(data).items())
    out.write_text(f"/* made by tools/gen_workdays.py from npm chinese-days {version}; change that */\n"
                   f"#define LL_WORKDAY_FIRST {years[0]}\n#define LL_WORKDAY_LAST {years[-1]}\n"
                   f"#define LL_WORKDAY_ROWS \\\n{rows.rstrip()[:-1].rstrip()}\n", encoding="utf-8")


main()
