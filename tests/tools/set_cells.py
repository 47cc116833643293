#!/usr/bin/env python3
"""Fills cells of a workbook's first sheet in without a spreadsheet program (fill_workbook.py is the real thing).

usage: set_cells.py IN OUT CELL=TEXT ...
       set_cells.py --look IN       (what fill_workbook.py --look prints, as far as the tests ask for it)
"""
import json
import posixpath
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Q = "{" + MAIN + "}"


def place(name):
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", name).groups()
    n = 0
    for c in letters:
        n = n * 26 + ord(c) - 64
    return int(digits), n


def sheets(z):
    rels = {r.get("Id"): r.get("Target") for r in ET.fromstring(z.read("xl/_rels/workbook.xml.rels"))}
    for s in ET.fromstring(z.read("xl/workbook.xml")).find(Q + "sheets"):
        target = rels[s.get(REL)]
        yield s.get("name"), s.get("state") != "hidden", target[1:] if target.startswith("/") else posixpath.join("xl", target)


def text_of(cell, strings):
    inline, v = cell.find(Q + "is"), cell.find(Q + "v")
    if inline is not None:
        return "".join(t.text or "" for t in inline.iter(Q + "t"))
    if v is None:
        return ""
    return strings[int(v.text)] if cell.get("t") == "s" else v.text


def set_cells(source, target, cells):
    with zipfile.ZipFile(source) as z:
        part = next(sheets(z))[2]
        ET.register_namespace("", MAIN)
        ET.register_namespace("r", REL[1:].split("}")[0])
        root = ET.fromstring(z.read(part))
        data = root.find(Q + "sheetData")
        rows = {int(r.get("r")): r for r in data}
        for one in cells:
            name, text = one.split("=", 1)
            row = rows[place(name)[0]]
            have = [c for c in row if c.get("r") == name]
            for c in have:
                row.remove(c)
            cell = ET.Element(Q + "c", {"r": name, "t": "inlineStr", **({"s": have[0].get("s")} if have and have[0].get("s") else {})})
            ET.SubElement(ET.SubElement(cell, Q + "is"), Q + "t").text = text
            at = sum(1 for c in row if place(c.get("r"))[1] < place(name)[1])
            row.insert(at, cell)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for info in z.infolist():
                out.writestr(info, ET.tostring(root, xml_declaration=True, encoding="UTF-8") if info.filename == part else z.read(info))


def look(source):
    seen = {}
    with zipfile.ZipFile(source) as z:
        names = set(z.namelist())
        strings = []
        if "xl/sharedStrings.xml" in names:
            strings = ["".join(t.text or "" for t in si.iter(Q + "t")) for si in ET.fromstring(z.read("xl/sharedStrings.xml"))]
        for name, visible, part in sheets(z):
            root = ET.fromstring(z.read(part))
            cells = {c.get("r"): text_of(c, strings) for c in root.iter(Q + "c")}
            notes = {}
            rels = posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")
            for r in ET.fromstring(z.read(rels)) if rels in names else []:
                if r.get("Type").endswith("/comments"):
                    at = r.get("Target")
                    at = at[1:] if at.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), at))
                    for c in ET.fromstring(z.read(at)).iter(Q + "comment"):
                        notes[c.get("ref")] = "".join(t.text or "" for t in c.iter(Q + "t"))
            seen[name] = {"cells": {k: v for k, v in cells.items() if v}, "notes": notes, "visible": visible,
                          "protected": root.find(Q + "sheetProtection") is not None,
                          "coloured": [f.get("sqref") for f in root.iter(Q + "conditionalFormatting")],
                          "rules": {d.get("sqref"): d.get("type") for d in root.iter(Q + "dataValidation")}}
    json.dump(seen, sys.stdout, ensure_ascii=False)


if sys.argv[1] == "--look":
    look(sys.argv[2])
else:
    set_cells(sys.argv[1], sys.argv[2], sys.argv[3:])
