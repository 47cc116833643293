"""Writes tables the way departments' systems and offices send them: delimited text in several charsets, JSON, spreadsheets.

Python's standard library has no spreadsheets, so the few parts of an .xlsx that matter are written here by hand.
"""
import csv
import datetime
import gzip
import io
import json
import zipfile
from xml.sax.saxutils import escape

EXCEL_EPOCH = datetime.date(1899, 12, 30)
ZIP_TIME = (2024, 6, 30, 0, 0, 0)
STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts>
<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"""
CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
</Types>"""
ROOT_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
BOOK_RELS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship
 Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"""
BOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/>
</sheets></workbook>"""


class Raw(bytes):
    """A record that no writer would make: put into the file as it is."""


def text_of(value):
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def delimited(columns, rows, charset="utf-8", delimiter=",", newline="\r\n", bom=b""):
    """Raw rows end with their own line break; a file's last one need not."""
    out = [bom]
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter, lineterminator=newline)
    for row in [columns, *rows]:
        if isinstance(row, Raw):
            out.append(row)
            continue
        writer.writerow([text_of(v) for v in row])
        out.append(line.getvalue().encode(charset))
        line.seek(0)
        line.truncate()
    return b"".join(out)


def json_value(value):
    return value.isoformat() if isinstance(value, datetime.date) else value


def json_lines(columns, rows):
    lines = [row if isinstance(row, Raw) else json.dumps(dict(zip(columns, map(json_value, row))), ensure_ascii=False).encode() + b"\n"
             for row in rows]
    return b"".join(lines)


def json_array(columns, rows):
    return json.dumps([dict(zip(columns, map(json_value, row))) for row in rows], ensure_ascii=False, indent=1).encode()


def packed(data):
    return gzip.compress(data, compresslevel=6, mtime=0)


# ---- spreadsheets ----

def letters(column):
    return letters(column // 26 - 1) + chr(65 + column % 26) if column >= 26 else chr(65 + column)


def cell(row, column, value):
    at = f"{letters(column)}{row}"
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.date):
        return f'<c r="{at}" s="1"><v>{(value - EXCEL_EPOCH).days}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet(rows, merges):
    body = "".join(f'<row r="{n}">' + "".join(cell(n, c, v) for c, v in enumerate(row)) + "</row>" for n, row in enumerate(rows, 1))
    merged = f'<mergeCells count="{len(merges)}">' + "".join(f'<mergeCell ref="{m}"/>' for m in merges) + "</mergeCells>"
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/'
            f'spreadsheetml/2006/main"><sheetData>{body}</sheetData>{merged if merges else ""}</worksheet>')


def xlsx(rows, merges=(), name="Sheet1"):
    parts = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": ROOT_RELS, "xl/workbook.xml": BOOK.format(escape(name)),
             "xl/_rels/workbook.xml.rels": BOOK_RELS, "xl/styles.xml": STYLES, "xl/worksheets/sheet1.xml": sheet(rows, merges)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, text in parts.items():
            info = zipfile.ZipInfo(part, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return out.getvalue()


def grouped_xlsx(title, groups, rows, name="Sheet1"):
    """A title over the whole width, then a header of two rows: a group over its columns, a column alone over both.

    groups: (heading, columns); columns empty: the heading is the column."""
    top, below, merges = [], [], []
    for heading, columns in groups:
        start = len(top)
        if not columns:
            merges.append(f"{letters(start)}2:{letters(start)}3")
        elif len(columns) > 1:
            merges.append(f"{letters(start)}2:{letters(start + len(columns) - 1)}2")
        top += [heading, *[""] * (len(columns) - 1)]
        below += columns or [""]
    merges.insert(0, f"A1:{letters(len(top) - 1)}1")
    return xlsx([[title], top, below, *rows], merges, name)
