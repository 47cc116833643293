"""Deliveries of double publicity (双公示): permits and penalties of all departments, whole fields of 2018, some wrong, late or told twice.

Departments are made up (样例) but for the one whose steward signs in to the demo, and of that one nothing is said but that it is in time.
"""
import datetime

import firms
import formats
from delivery import Delivery
from registry import SAMPLE

DAY = datetime.date


def department(name, number):
    return name, firms.uscc("11", "360800", f"YL{900000 + number}")


DEPARTMENTS = [department("吉安市市场监督管理局", 1), department("样例应急管理局", 2), department("样例生态环境局", 3), department("样例住房和城乡建设局", 4),
               department("样例交通运输局", 5)]
MARKET, EMERGENCY, ENVIRONMENT, HOUSING, TRANSPORT = DEPARTMENTS
COUNTY = department("样例行政机关", 9)

PERMIT_COLUMNS = ["XK_XDR_MC", "XK_XDR_LB", "XK_XDR_SHXYM", "XK_XDR_GSZC", "XK_XDR_ZZJG", "XK_XDR_SWDJ", "XK_XDR_SYDW", "XK_XDR_SHZZ", "XK_FRDB",
                  "XK_FR_ZJLX", "XK_FR_ZJHM", "XK_XDR_ZJLX", "XK_XDR_ZJHM", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_XKZS", "XK_XKBH", "XK_NR", "XK_JDRQ",
                  "XK_YXQZ", "XK_YXQZI", "XK_XKJG", "XK_XKJGDM", "XK_ZT", "XK_LYDW", "XK_LYDWDM", "BZ"]
PENALTY_COLUMNS = ["CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ", "CF_XDR_SYDW", "CF_XDR_SHZZ", "CF_FRDB",
                   "CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK",
                   "CF_NR_WFFF", "CF_NR_ZKDX", "CF_JDRQ", "CF_YXQ", "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ", "SXCD"]


def with_(columns, row, **values):
    """The row with other values in these columns."""
    changed = list(row)
    for name, value in values.items():
        changed[columns.index(name)] = value
    return changed


def party(firm, kind="法人及非法人组织"):
    """The thirteen fields of who the decision is about."""
    return [firm.name, kind, firm.code, "", firm.code[8:17], "", "", "", firm.person, "", "", "", ""]


def natural_person(dice):
    """A person with a name that nobody has, and a number that is given to nobody."""
    return [firms.person(dice), "自然人", "", "", "", "", "", "", "", "", "", "身份证",
            firms.resident_id("360802", dice.day(DAY(1960, 1, 1), DAY(1999, 12, 31)))]


def permit_row(dice, who, number, day, by, until=None):
    return [*who, "样例准予许可决定书", f"样例许〔{day.year}〕{number:05d}号", dice.pick(["普通", "普通许可", "核准", "登记", "认可"]), "样例许可证",
            f"YLXK{number:06d}", "样例许可内容，仅供演示", f"{day:%Y/%m/%d}", f"{day:%Y/%m/%d}",
            until or dice.pick(["2099/12/31", f"{day.year + 5}/12/31"]), by[0], by[1], 1, by[0], by[1], SAMPLE]


def permits(dice, all_firms):
    d = Delivery("administrative_permit", "03_行政审批局_行政许可_样例.csv", PERMIT_COLUMNS,
                 "双公示字段名，UTF-8 带 BOM；一行是 GBK 编码", "double-publicity field names, UTF-8 with a BOM; one line is in GBK")
    for number in range(3000):
        firm = dice.pick(all_firms)
        day = dice.day(DAY(2020, 1, 1), DAY(2024, 5, 31))
        row = permit_row(dice, party(firm, dice.pick(["法人及非法人组织", "法人"])), number, day, COUNTY)
        faults = []
        if number % 200 == 50:
            row, faults = with_(PERMIT_COLUMNS, row, XK_XKLB="样例类别"), ["item.code:permit_category"]
        elif number % 200 == 100:
            row = with_(PERMIT_COLUMNS, row, XK_YXQZI="2019/01/01")
            faults = ["row.rule:valid_after_decision", "row.rule:validity_in_order"]
        elif number % 200 == 150:
            row, faults = with_(PERMIT_COLUMNS, row, XK_NR="内容" * 2001), ["item.length:permit_content"]
        if number == 1500:
            line = ",".join(formats.text_of(v) for v in row) + "\r\n"
            d.add_raw(formats.Raw(line.encode("gbk")), "decode.charset")
        else:
            d.add(row, number, *faults)
    return d, formats.delimited(PERMIT_COLUMNS, d.rows, bom=b"\xef\xbb\xbf")


PENALTIES = [("警告", "样例：未按规定公示信息"), ("罚款", "样例：销售过期食品"), ("警告；罚款", "样例：未取得许可从事经营"), ("没收违法所得", "样例：虚假宣传"),
             ("03", "样例：违反安全生产规定"), ("通报批评", "样例：未按期报送")]
BASIS = "《样例管理条例》第八条"


def penalty_row(dice, who, number, day, by, kind, what, levels=("轻微", "一般", "2"), prefix="样例罚"):
    fine = dice.between(1, 400) / 10 if "罚款" in kind or kind == "03" else ""
    taken = (number % 90 + 1) / 10 if "没收" in kind else ""
    level = dice.pick(levels)
    return [*who, f"{prefix}〔{day.year}〕{number:05d}号", what, "样例违法事实，仅供演示", BASIS, kind, f"样例处罚内容：{kind}", fine, taken, "", day,
            DAY(2099, 12, 31), day + datetime.timedelta(days=85 if level == "轻微" else 365), by[0], by[1], by[0], by[1], SAMPLE, level]


def penalties(dice, all_firms):
    """Returns the first delivery, and the second with what the first had wrong, corrected."""
    first = Delivery("administrative_penalty", "04_发改委_行政处罚_样例.tsv", PENALTY_COLUMNS,
                     "制表符分隔；有的行多一格或少几格，罚款缺金额", "tab-separated; lines with a cell too many or some too few, fines without amount")
    second = Delivery("administrative_penalty", "21_发改委_行政处罚_更正_样例.tsv", PENALTY_COLUMNS,
                      "对前一批隔离行的更正，以及两条撤销", "corrections of the rows quarantined before, and two withdrawals")
    second.columns = ["操作", *PENALTY_COLUMNS]
    local = [f for f in all_firms if not f.listed]
    for number in range(600):
        firm = dice.pick(local)
        day = dice.day(DAY(2021, 1, 1), DAY(2024, 5, 31))
        kind, what = dice.pick(PENALTIES)
        row = penalty_row(dice, party(firm), number, day, COUNTY, kind, what)
        if number % 50 == 7:
            row = with_(PENALTY_COLUMNS, row, CF_CFLB="罚款", CF_NR_FK=2, CF_NR_WFFF="")
            first.add(with_(PENALTY_COLUMNS, row, CF_NR_FK=""), number, "row.rule:fine_has_amount")
        elif number % 50 == 17:
            first.add([*row, "多出的一格"], number, "decode.columns")
        elif number % 50 == 27:
            first.add(row[:10], number, "decode.columns")
        elif number % 50 == 37:
            code = row[PENALTY_COLUMNS.index("CF_XDR_SHXYM")]
            first.add(with_(PENALTY_COLUMNS, row, CF_XDR_SHXYM=firms.wrong_check(code)), number, "item.identifier:uscc")
        elif number % 50 == 47:
            first.add(with_(PENALTY_COLUMNS, row, CF_JDRQ="2023年2月30日"), number, "item.type:penalty_date")
        else:
            first.add(row, number)
            if number in (100, 200):
                second.add(["删除", *row], number, deletes=True)
            continue
        second.add(["更正", *row], number)
    return [(first, formats.delimited(first.columns, first.rows, delimiter="\t")),
            (second, formats.delimited(second.columns, second.rows, delimiter="\t"))]


SERIES = [(MARKET, "样例市监罚"), (EMERGENCY, "样例应急罚"), (ENVIRONMENT, "样例环罚"), (HOUSING, "样例建罚"), (TRANSPORT, "样例交罚")]
GRAVE = ("吊销许可证件", "样例：弄虚作假取得许可")


class Reports:
    """What the departments report of 2026: numbers run on from one delivery to the next, and some are left out."""

    def __init__(self, seed, all_firms):
        self.dice = firms.Dice(seed)
        self.local = [f for f in all_firms if not f.listed and f.active]
        self.number = {code: 0 for (name, code), prefix in SERIES}

    def row(self, by, prefix, day, who=None, kind=None):
        self.number[by[1]] += 1
        what = kind or self.dice.pick(PENALTIES)
        level = "严重" if kind == GRAVE else self.dice.pick(["轻微", "一般", "一般"])
        row = penalty_row(self.dice, who or party(self.dice.pick(self.local)), self.number[by[1]], day, by, *what, (level,), prefix)
        if kind == GRAVE:
            row = with_(PENALTY_COLUMNS, row, CF_NR_ZKDX="样例许可证 YL0001", CF_GSJZQ=day + datetime.timedelta(days=1095))
        return row

    def add(self, d, row, *faults, warn=()):
        return d.add(row, tuple(row[PENALTY_COLUMNS.index(c)] for c in ("CF_WSH", "CF_SJLYDM", "CF_XDR_MC")), *faults, warn=warn)


def month_of(reports, d, received, late):
    """Decisions of the days before `received`, and of the emergency bureau some that waited much longer."""
    dice, before = reports.dice, lambda n: received - datetime.timedelta(days=n)
    for by, prefix in SERIES:
        for _ in range(12):
            reports.add(d, reports.row(by, prefix, before(dice.between(1, 7))))
        if by != MARKET:
            reports.number[by[1]] += 1  # one that nobody reports
    for _ in range(late):
        reports.add(d, reports.row(EMERGENCY, "样例应急罚", before(dice.between(20, 60))))
        reports.add(d, reports.row(HOUSING, "样例建罚", before(dice.between(12, 25))))
    reports.add(d, reports.row(TRANSPORT, "样例交罚", before(3), natural_person(dice), ("罚款", "样例：无证营运")))
    reports.add(d, reports.row(ENVIRONMENT, "样例环罚", before(4), kind=GRAVE))
    reports.add(d, with_(PENALTY_COLUMNS, reports.row(HOUSING, "样例建罚", before(5)), CF_YJ="按有关规定"), warn=["row.rule:basis_cites_a_law"])
    reports.add(d, with_(PENALTY_COLUMNS, reports.row(TRANSPORT, "样例交罚", before(2)), CF_SY=""), "item.required:violation_facts")


def timely(all_firms):
    """Three deliveries of 2026, with the day on which each was received: in time, late, told twice, told by two, refused, left out."""
    reports, made, last = Reports(20260506, all_firms), [], []
    for at, (received, late) in enumerate([(DAY(2026, 5, 13), 2), (DAY(2026, 6, 12), 5), (DAY(2026, 7, 14), 9)]):
        d = Delivery("administrative_penalty", f"{24 + at}_信用办_行政处罚_{received:%Y%m}_样例.csv", PENALTY_COLUMNS,
                     f"{received:%Y-%m-%d} 收到的双公示：有的迟报、重报、同号、漏报", f"double publicity received on {received}: some late, told twice, told by two, left out")
        d.received = str(received)
        month_of(reports, d, received, late)
        for row in last:  # sent once more, unchanged
            reports.add(d, row)
        number = f"样例建罚〔2026〕{at + 1:05d}号"
        reports.add(d, with_(PENALTY_COLUMNS, penalty_row(reports.dice, party(reports.dice.pick(reports.local)), 0, received - datetime.timedelta(days=6), ENVIRONMENT,
                                                         "罚款", "样例：噪声扰民", ("一般",)), CF_WSH=number))
        last = list(d.keys.values())[12:16]  # of the emergency bureau
        made.append((d, formats.delimited(PENALTY_COLUMNS, d.rows, bom=b"\xef\xbb\xbf")))
    return made
