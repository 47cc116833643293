#!/usr/bin/env python3
"""Checks packs against docs/packs.md, independently of the program.

usage: check_packs.py PACKS

PACKS is a folder of packs (packs/ of the build folder).  Prints every fault with file and line; exits 1 when there is one.
"""
import csv
import json
import pathlib
import re
import sys

NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
TOKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
RESOURCE_CODE = re.compile(r"[123][0-9]{2}[0-9]{3}[0-9A-Za-z]*/[0-9]+")
TYPE = re.compile(r"text|integer|decimal\(\d+,\d+\)|date|datetime|boolean|code|identifier")
SCHEMES = {"uscc", "resident_id", "org_code", "reg_no", "subject_id"}
BASES = {"quoted", "recalled", "recalled-unverified", "data-repository", "code-repository", "reconstruction", "own"}
KINDS = {"enterprise", "institution", "social", "person", "household", "trader", "any", "none"}
DIMENSIONS = {"conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility", ""}
SQL_WORDS = {"and", "or", "not", "null", "is", "in", "between", "like", "abs", "substr", "length", "extract", "year", "month", "from",
             "true", "false", "case", "when", "then", "else", "end", "coalesce", "cast", "as", "date", "upper", "lower",
             "interval", "day", "days", "months", "years", "list_contains", "string_split", "ll_id_ok"}

# file -> (required columns, other columns)
COLUMNS = {
    "elements.csv": ("code name title type grade basis", "title_en length format code_table check unit synonyms source"),
    "codes": ("code title", "title_en parent status synonyms basis source"),
    "organisations.csv": ("code name role", "name_en region parent uscc basis"),
    "resources.csv": ("name code title provider summary share_type open update_cycle version mode subject_kind",
                      "title_en summary_en format share_condition share_mode open_condition grade published related "
                      "change_limit keywords scenario legal_basis basis"),
    "items.csv": ("resource item element", "title title_en required key role relation unique references grade default"),
    "mappings": ("source item", "transform arguments"),
    "checks.csv": ("resource name predicate message message_en", "severity dimension"),
}
OPTIONAL_VALUE = {("mappings", "source")}
# transform -> (element types it fills, arguments)
TEXTS = {"text", "code", "identifier"}
TRANSFORMS = {
    "": (None, {"null", "unit"}), "text": (TEXTS, {"null"}), "integer": ({"integer"}, {"null"}), "decimal": ({"decimal"}, {"null"}),
    "amount": ({"decimal", "integer"}, {"null", "unit"}), "currency": ({"code", "text"}, {"null"}),
    "date": ({"date", "datetime"}, {"null"}), "datetime": ({"date", "datetime"}, {"null"}), "boolean": ({"boolean"}, {"null"}),
    "code": ({"code"}, {"null"}), "codes": ({"text"}, {"null"}), "phone": ({"text"}, {"null"}), "address": ({"text"}, {"null"}), "company": ({"text"}, {"null"}),
    "constant": (None, {"value"}), "region_from_address": ({"code"}, {"null", "within"}),
    "uscc_from_org_code": ({"identifier"}, {"null", "authority", "region"}),
    **{scheme: ({"identifier", "text"}, {"null"}) for scheme in SCHEMES},
}


class Checker:
    def __init__(self, root):
        self.root = root
        self.faults = []
        self.elements, self.tables, self.organisations, self.resources, self.items = {}, {}, {}, {}, {}

    def fault(self, path, line, text):
        self.faults.append(f"{path.relative_to(self.root)}:{line}: {text}")

    def rows(self, path, form):
        """Rows with their line, after the columns and required values are found right; a column left out is empty."""
        must, may = (set(words.split()) for words in COLUMNS[form])
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = {c for c in reader.fieldnames if not c.startswith("#")}
            if must - columns or columns - must - may:
                self.fault(path, 1, f"columns: missing {sorted(must - columns)}, unknown {sorted(columns - must - may)}")
                return
            for row in reader:
                if None in row or None in row.values():
                    self.fault(path, reader.line_num, "wrong number of cells")
                    continue
                empty = [c for c in must if not row[c] and (form, c) not in OPTIONAL_VALUE]
                if empty:
                    self.fault(path, reader.line_num, f"empty: {empty}")
                yield reader.line_num, dict.fromkeys(may, "") | row

    def want(self, path, line, condition, text):
        if not condition:
            self.fault(path, line, text)

    # ---- what each file holds ----

    def codes(self, path):
        table, parents = self.tables.setdefault(path.stem, {}), []
        self.want(path, 1, re.fullmatch(r"[A-Z][A-Z0-9_]{0,47}", path.stem), "the name of a code table is capital letters")
        for line, row in self.rows(path, "codes"):
            self.want(path, line, row["code"] not in table, f"code {row['code']} stands twice")
            self.want(path, line, row.get("status", "") in ("", "active", "historical"), "status")
            self.want(path, line, row.get("basis", "") in BASES | {""}, "basis")
            table[row["code"]] = row
            parents.append((line, row.get("parent", "")))
        for line, parent in parents:
            self.want(path, line, not parent or parent in table, f"parent {parent} is no code of the table")
        self.synonyms(path, table)

    def synonyms(self, path, table):
        """A synonym that is also another code, or stands twice, would find nothing."""
        if path.stem in ("REGION", "RURAL_VILLAGE"):  # villages share their names
            return
        owners = {}
        for row in table.values():
            for name in {row["code"], row["title"], *row.get("synonyms", "").split("|")} - {""}:
                owners.setdefault(name, set()).add(row["code"])
        for name, codes in owners.items():
            self.want(path, 0, len(codes) == 1, f"{name} means {sorted(codes)}")

    def element(self, path, line, row):
        kind = row["type"]
        self.want(path, line, NAME.fullmatch(row["name"]) and not row["name"].startswith("ll_"), "name")
        self.want(path, line, row["name"] not in self.elements, "name stands twice")
        self.want(path, line, row["code"] not in {e["code"] for e in self.elements.values()}, "code stands twice")
        self.want(path, line, TYPE.fullmatch(kind), f"type {kind}")
        self.want(path, line, row["grade"] in "1234", "grade")
        self.want(path, line, row["basis"] in BASES, "basis")
        self.want(path, line, (kind == "code") <= bool(row["code_table"]) <= (kind in ("code", "text")), "type code has a code table; a text may (a list of codes)")
        self.want(path, line, not row["code_table"] or row["code_table"] in self.tables, f"no table {row['code_table']}")
        self.want(path, line, kind != "identifier" or row["check"] in SCHEMES, "an identifier names its scheme")
        self.want(path, line, kind == "identifier" or not row["check"] or ".." in row["check"], "check is a range")
        if row["format"]:
            re.compile(row["format"].replace("[:space:]", r"\s"))
        self.elements[row["name"]] = row

    def organisation(self, path, line, row):
        self.want(path, line, TOKEN.fullmatch(row["code"]) and row["code"] not in self.organisations, "code")
        self.want(path, line, not row["region"] or row["region"] in self.tables["REGION"], f"no region {row['region']}")
        self.want(path, line, not row["parent"] or row["parent"] in self.organisations, f"no parent {row['parent']} above")
        self.want(path, line, row["role"] in ("source", "platform", "consumer", "regulator"), "role")
        self.organisations[row["code"]] = row

    def resource(self, path, line, row):
        self.want(path, line, NAME.fullmatch(row["name"]) and row["name"] not in self.resources, "name")
        self.want(path, line, RESOURCE_CODE.fullmatch(row["code"]), f"code {row['code']}")
        self.want(path, line, row["code"] not in {r["code"] for r in self.resources.values()}, "code stands twice")
        provider = self.organisations.get(row["provider"])
        self.want(path, line, provider and provider["role"] in ("source", "platform"), f"provider {row['provider']}")
        for column, table in (("format", "RES_FORMAT"), ("share_mode", "SHARE_MODE"), ("share_type", "SHARE_TYPE"),
                              ("open", "OPEN_ATTR"), ("update_cycle", "UPDATE_CYCLE")):
            self.want(path, line, row[column] in self.tables[table], f"{column} {row[column]}")
        self.want(path, line, row["share_type"] == "1" or row["share_condition"], "share_condition")
        self.want(path, line, row["open"] != "2" or row["open_condition"], "open_condition")
        self.want(path, line, row["mode"] in ("snapshot", "increment"), "mode")
        self.want(path, line, row["subject_kind"] in KINDS, "subject_kind")
        self.resources[row["name"]] = row
        self.items[row["name"]] = {}

    def item(self, path, line, row):
        known = self.items.get(row["resource"])
        self.want(path, line, known is not None and row["item"] not in known, "resource or item")
        self.want(path, line, NAME.fullmatch(row["item"]), "item")
        self.want(path, line, row["element"] in self.elements, f"no element {row['element']}")
        self.want(path, line, row["role"] in ("", "subject", "subject_name", "related"), "role")
        self.want(path, line, (row["role"] == "related") == bool(row["relation"]), "relation goes with role related")
        if known is not None:
            known[row["item"]] = row

    def references(self, path):
        for resource, items in self.items.items():
            keys = sorted(int(i["key"]) for i in items.values() if i["key"])
            self.want(path, 0, keys and keys == list(range(1, len(keys) + 1)), f"{resource}: key {keys}")
            subject = any(i["role"] == "subject" for i in items.values())
            self.want(path, 0, subject or self.resources[resource]["subject_kind"] == "none", f"{resource}: no subject")
            for item in items.values():
                if item["references"]:
                    other, _, name = item["references"].partition(".")
                    self.want(path, 0, name in self.items.get(other, {}), f"{resource}: references {item['references']}")

    def mapping(self, path):
        resource = path.stem.split(".")[0]
        items, filled, sources = self.items.get(resource, {}), set(), {}
        self.want(path, 1, items, f"no resource {resource}")
        for line, row in self.rows(path, "mappings"):
            item = items.get(row["item"])
            self.want(path, line, item, f"no item {row['item']}")
            self.want(path, line, row["item"] not in filled, f"{row['item']} is filled twice")
            filled.add(row["item"])
            self.transform(path, line, row, item)
            for source in row["source"].split("|"):
                sources.setdefault(source, []).append((line, row["transform"]))
        for source, uses in sources.items():
            taken = [u for u in uses if u[1] not in ("currency", "region_from_address")]
            self.want(path, uses[-1][0], len(taken) <= 1, f"{source} fills two items")
        lacking = [i for i, r in items.items() if (r["required"] == "Y" or r["key"]) and i not in filled and not r["default"]]
        self.want(path, 0, not lacking, f"not filled: {lacking}")

    def transform(self, path, line, row, item):
        if not item or item["element"] not in self.elements:
            return
        self.want(path, line, row["transform"] in TRANSFORMS, f"transform {row['transform']}")
        types, arguments = TRANSFORMS.get(row["transform"], (None, set()))
        kind = self.elements[item["element"]]["type"].partition("(")[0]
        self.want(path, line, not types or kind in types, f"{row['transform']} cannot fill {kind}")
        for argument in filter(None, row["arguments"].split(";")):
            self.want(path, line, argument.partition("=")[0] in arguments, f"argument {argument}")

    def check(self, path, line, row):
        items = self.items.get(row["resource"], {})
        self.want(path, line, items, f"no resource {row['resource']}")
        self.want(path, line, row["severity"] in ("", "error", "warning"), "severity")
        self.want(path, line, row["dimension"] in DIMENSIONS, "dimension")
        words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"'[^']*'", "", row["predicate"])))
        unknown = {w for w in words if w not in items and w.lower() not in SQL_WORDS}
        self.want(path, line, not unknown, f"neither items nor SQL: {sorted(unknown)}")

    # ---- order ----

    def each(self, pack, name, take):
        path = pack / name
        if path.exists():
            for line, row in self.rows(path, name):
                take(path, line, row)

    def pack(self, pack):
        for path in sorted((pack / "codes").glob("*.csv")):
            self.codes(path)
        self.each(pack, "elements.csv", self.element)
        self.each(pack, "organisations.csv", self.organisation)
        self.each(pack, "resources.csv", self.resource)
        self.each(pack, "items.csv", self.item)
        self.references(pack / "items.csv")
        for path in sorted((pack / "mappings").glob("*.csv")):
            self.mapping(path)
        self.each(pack, "checks.csv", self.check)

    def all(self):
        waiting = {}
        for path in sorted(self.root.glob("*/pack.json")):
            head = json.loads(path.read_text(encoding="utf-8"))
            self.want(path, 1, head["name"] == path.parent.name, "a pack's folder has its name")
            waiting[head["name"]] = head.get("needs", [])
        done = set()
        while waiting:
            ready = [n for n, needs in waiting.items() if done.issuperset(needs)]
            if not ready:
                sys.exit(f"packs need each other or what is not there: {waiting}")
            for name in ready:
                self.pack(self.root / name)
                done.add(name)
                del waiting[name]


def main():
    checker = Checker(pathlib.Path(sys.argv[1]))
    checker.all()
    if checker.faults:
        sys.exit("\n".join(checker.faults))
    print(f"{len(checker.tables)} code tables, {len(checker.elements)} elements, {len(checker.organisations)} organisations, "
          f"{len(checker.resources)} resources")


main()
