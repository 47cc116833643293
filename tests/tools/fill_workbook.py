#!/usr/bin/env python3
"""Fills cells of a workbook in with LibreOffice, as a person would, and saves it as XLSX.

usage: fill_workbook.py IN OUT CELL=TEXT ...      (cells of the first sheet; an empty TEXT clears the cell)
       fill_workbook.py --look IN                 (prints the sheets: cells that show something, comments, protection as JSON)
exit 77: LibreOffice or its Python bridge is not installed.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

if not shutil.which("soffice"):
    sys.exit(77)
try:
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.connection import NoConnectException
except ImportError:
    sys.exit(77)


def value(name, what):
    p = PropertyValue()
    p.Name, p.Value = name, what
    return p


def url(path):
    return pathlib.Path(path).resolve().as_uri()


class Office:
    """One LibreOffice with a profile of its own, talked to over a pipe."""

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="luling-office-")
        name = f"luling{os.getpid()}"
        self.child = subprocess.Popen(
            ["soffice", f"-env:UserInstallation={url(self.home)}", "--headless", "--invisible", "--norestore", "--nologo",
             f"--accept=pipe,name={name};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + 120
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
                break
            except NoConnectException:
                if time.monotonic() > end or self.child.poll() is not None:
                    raise
                time.sleep(0.2)
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        return self.desktop

    def __exit__(self, *what):
        try:
            self.desktop.terminate()
        except Exception:  # it closes the pipe while it answers
            pass
        try:
            self.child.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def fill(desktop, source, target, cells):
    book = desktop.loadComponentFromURL(url(source), "_blank", 0, (value("Hidden", True),))
    sheet = book.Sheets.getByIndex(0)
    for one in cells:
        name, text = one.split("=", 1)
        sheet.getCellRangeByName(name).setString(text)
    book.storeToURL(url(target), (value("FilterName", "Calc MS Excel 2007 XML"),))
    book.close(True)


def look(desktop, source):
    book = desktop.loadComponentFromURL(url(source), "_blank", 0, (value("Hidden", True),))
    sheets = {}
    for sheet in book.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        shown = {}
        for r in range(cursor.RangeAddress.EndRow + 1):
            for c in range(min(cursor.RangeAddress.EndColumn + 1, 40)):
                cell = sheet.getCellByPosition(c, r)
                if cell.String:
                    shown[cell.AbsoluteName.split(".")[-1].replace("$", "")] = cell.String
        notes = {}
        for note in sheet.Annotations:
            at = note.Position
            notes[sheet.getCellByPosition(at.Column, at.Row).AbsoluteName.split(".")[-1].replace("$", "")] = note.String
        formats = [r for i in range(sheet.ConditionalFormats.getLength()) for r in [sheet.ConditionalFormats.getConditionalFormats()[i]]]
        sheets[sheet.Name] = {"cells": shown, "notes": notes, "protected": sheet.isProtected(), "visible": sheet.IsVisible,
                              "coloured": sorted(f.Range.RangeAddressesAsString for f in formats)}
    book.close(True)
    json.dump(sheets, sys.stdout, ensure_ascii=False)


with Office() as desk:
    if sys.argv[1] == "--look":
        look(desk, sys.argv[2])
    else:
        fill(desk, sys.argv[1], sys.argv[2], sys.argv[3:])
