"""Deliveries about what authorities decided: permits, penalties, tax ratings and arrears, court records, environment."""
import datetime
import json

import firms
import formats
import spelling
from delivery import Delivery
from registry import SAMPLE

DAY = datetime.date
LONG_TERM = DAY(2099, 12, 31)


def replaced(row, column, value):
    return [*row[:column], value, *row[column + 1:]]


def permits(dice, all_firms):
    columns = ["XK_WSH", "XK_XDR_MC", "XK_XDR_LB", "XK_XDR_SHXYM", "XK_XKWS", "XK_XKLB", "XK_XKZS", "XK_XKBH", "XK_NR", "XK_JDRQ", "XK_YXQZ",
               "XK_YXQZI", "XK_XKJG", "XK_ZT", "XK_LYDW", "BZ"]
    d = Delivery("administrative_permit", "03_行政审批局_行政许可_样例.csv", columns,
                 "双公示字段名，UTF-8 带 BOM；一行是 GBK 编码", "double-publicity field names, UTF-8 with a BOM; one line is in GBK")
    for number in range(3000):
        firm = dice.pick(all_firms)
        day = dice.day(DAY(2020, 1, 1), DAY(2024, 5, 31))
        row = [f"样例许〔{day.year}〕{number:05d}号", firm.name, dice.pick(["法人及非法人组织", "法人"]), firm.code, "样例准予许可决定书",
               dice.pick(["普通", "普通许可", "核准", "登记", "认可"]), "样例许可证", f"YLXK{number:06d}", "样例许可内容，仅供演示",
               f"{day:%Y/%m/%d}", f"{day:%Y/%m/%d}", dice.pick(["2099/12/31", f"{day.year + 5}/12/31"]), f"{firm.county}样例许可机关", 1,
               "样例来源单位", SAMPLE]
        faults = []
        if number % 200 == 50:
            row, faults = replaced(row, 5, "样例类别"), ["item.code:permit_category"]
        elif number % 200 == 100:
            row, faults = replaced(row, 11, "2019/01/01"), ["row.rule:validity_in_order"]
        elif number % 200 == 150:
            row, faults = replaced(row, 8, "内容" * 2001), ["item.length:permit_content"]
        if number == 1500:
            line = ",".join(formats.text_of(v) for v in row) + "\r\n"
            d.add_raw(formats.Raw(line.encode("gbk")), "decode.charset")
        else:
            d.add(row, number, *faults)
    return d, formats.delimited(columns, d.rows, bom=b"\xef\xbb\xbf")


PENALTIES = [("警告", "样例：未按规定公示信息"), ("罚款", "样例：销售过期食品"), ("罚款", "样例：未取得许可从事经营"), ("没收违法所得", "样例：虚假宣传"),
             ("03", "样例：违反安全生产规定"), ("通报批评", "样例：未按期报送")]


def penalty_row(dice, firm, number):
    day = dice.day(DAY(2021, 1, 1), DAY(2024, 5, 31))
    kind, what = dice.pick(PENALTIES)
    fine = dice.between(1, 400) / 10 if kind in ("罚款", "03") else ""
    return [f"样例罚〔{day.year}〕{number:05d}号", firm.name, "法人及非法人组织", firm.code, what, "样例违法事实，仅供演示", "样例处罚依据", kind,
            f"样例处罚内容：{kind}", fine, "", day, day + datetime.timedelta(days=365), f"{firm.county}样例处罚机关",
            dice.pick(["轻微", "一般", "2"]), SAMPLE]


PENALTY_COLUMNS = ["CF_WSH", "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_NR_WFFF",
                   "CF_JDRQ", "CF_GSJZQ", "CF_CFJG", "SXCD", "BZ"]


def penalties(dice, all_firms):
    """Returns the first delivery, and the second with what the first had wrong, corrected."""
    first = Delivery("administrative_penalty", "04_发改委_行政处罚_样例.tsv", PENALTY_COLUMNS,
                     "制表符分隔；有的行多一格或少几格，罚款缺金额", "tab-separated; lines with a cell too many or some too few, fines without amount")
    second = Delivery("administrative_penalty", "21_发改委_行政处罚_更正_样例.tsv", PENALTY_COLUMNS,
                      "对前一批隔离行的更正，以及两条撤销", "corrections of the rows quarantined before, and two withdrawals")
    second.columns = ["操作", *PENALTY_COLUMNS]
    local = [f for f in all_firms if not f.listed]
    for number in range(600):
        row = penalty_row(dice, dice.pick(local), number)
        if number % 50 == 7:
            row[7], row[9] = "罚款", 2
            first.add(replaced(row, 9, ""), number, "row.rule:fine_has_amount")
        elif number % 50 == 17:
            first.add([*row, "多出的一格"], number, "decode.columns")
        elif number % 50 == 27:
            first.add(row[:10], number, "decode.columns")
        elif number % 50 == 37:
            first.add(replaced(row, 3, firms.wrong_check(row[3])), number, "item.identifier:uscc")
        elif number % 50 == 47:
            first.add(replaced(row, 11, "2023年2月30日"), number, "item.type:penalty_date")
        else:
            first.add(row, number)
            if number in (100, 200):
                second.add(["删除", *row], number, deletes=True)
            continue
        second.add(["更正", *row], number)
    return [(first, formats.delimited(first.columns, first.rows, delimiter="\t")),
            (second, formats.delimited(second.columns, second.rows, delimiter="\t"))]


def grade_of(score):
    return "A" if score >= 90 else "B" if score >= 70 else "C" if score >= 40 else "D"


def tax_ratings(dice, all_firms):
    columns = ["纳税人识别号", "纳税人名称", "年度", "级别", "得分", "税务机关", "样例标识"]
    d = Delivery("tax_rating", "05_税务局_纳税信用_样例.csv", columns, "UTF-8，无 BOM；有的行各列右移一格",
                 "UTF-8 without BOM; some rows are shifted one column to the right")
    number = 0
    for year in (2021, 2022, 2023):
        for firm in all_firms:
            if firm.founded.year >= year:
                continue
            number += 1
            score = dice.between(900 if firm.listed else 300, 1000) / 10
            grade = grade_of(score)
            row = [firm.code, firm.name, year, dice.pick([grade, f"{grade}级", f"{grade}类"]), score, "样例税务局", SAMPLE]
            faults = []
            if firm.listed:
                pass
            elif number % 400 == 100:
                row = ["", *row[:-1]]
                faults = ["item.required:uscc", "item.type:tax_year", "item.code:tax_credit_level", "item.type:tax_credit_score"]
            elif number % 400 == 200:
                row, faults = replaced(row, 4, 123.4), ["item.range:tax_credit_score"]
                row[3] = "D"
            elif number % 400 == 300:
                row, faults = replaced(replaced(row, 3, "A"), 4, 55), ["row.rule:level_fits_score"]
            d.add(row, (firm.code, year), *faults)
    return d, formats.delimited(columns, d.rows, newline="\n")


def tax_arrears(dice, all_firms):
    columns = ["uscc", "纳税人名称", "欠税税种", "欠税金额", "新欠税额", "公告日期", "样例标识"]
    d = Delivery("tax_arrears", "06_税务局_欠税公告_样例.json", columns, "JSON 数组，数字与文本混用", "a JSON array, numbers and texts mixed")
    for number, firm in enumerate(f for f in all_firms if not f.listed):
        if number % 11:
            continue
        total = dice.between(10000, 9000000) / 100
        row = [firm.code, firm.name, dice.pick(["增值税", "企业所得税", "10110", "土地使用税"]), dice.pick([total, spelling.yuan(dice, total)]),
               round(total / 4, 2), "2024-04-15", SAMPLE]
        faults = []
        if number % 330 == 110:
            row, faults = replaced(row, 4, total * 2), ["row.rule:new_within_total"]
        elif number % 330 == 220:
            row, faults = replaced(row, 2, "样例税"), ["item.code:tax_type"]
        d.add(row, firm.code, *faults)
    return d, formats.json_array(columns, d.rows)


def dishonesty(dice, all_firms):
    columns = ["案号", "证件号码", "被执行人姓名/名称", "法定代表人或负责人姓名", "执行法院", "执行依据文号", "立案日期", "被执行人的履行情况",
               "失信被执行人行为具体情形", "未履行金额", "发布日期", "样例标识"]
    d = Delivery("court_dishonesty", "09_中级法院_失信被执行人_样例.jsonl", columns, "JSON 行；法人与自然人都有，15 位旧身份证号，一行残缺",
                 "JSON lines; legal persons and natural persons, old 15-digit identity numbers, one line broken off")
    local = [f for f in all_firms if not f.listed][:700]
    for number in range(250):
        firm = dice.pick(local)
        filed = dice.day(DAY(2019, 1, 1), DAY(2023, 12, 31))
        natural = number % 3 == 0
        old = firm.person_id[:6] + firm.person_id[8:17]
        subject = dice.pick([firm.person_id, old]) if natural else firm.code
        row = [f"（{filed.year}）赣08执{number:04d}号样例", subject, firm.person if natural else firm.name, None if natural else firm.person,
               "吉安市中级人民法院", f"（{filed.year - 1}）赣08民初{number:04d}号样例", str(filed), dice.pick(["全部未履行", "部分未履行", "未履行"]),
               "样例：有履行能力而拒不履行", spelling.yuan(dice, dice.between(1000000, 900000000) / 100),
               str(filed + datetime.timedelta(days=dice.between(20, 150))), SAMPLE]
        faults = []
        if number % 50 == 10:
            row, faults = replaced(row, 1, firms.wrong_check(firm.person_id)), ["item.identifier:subject_id"]
        elif number % 50 == 25:
            row, faults = replaced(row, 10, "2018-01-01"), ["row.rule:published_after_filed"]
        elif number % 50 == 40:
            row, faults = replaced(row, 2, None), ["item.required:subject_name"]
        d.add(row, number, *faults)
        if number == 120:
            broken = json.dumps(dict(zip(columns, row)), ensure_ascii=False)[:60]
            d.add_raw(formats.Raw(broken.encode() + b"\n"), "decode.json")
    return d, formats.json_lines(columns, d.rows)


def environment(dice, all_firms):
    columns = ["统一社会信用代码", "企业名称", "评价年度", "环境信用等级", "环境信用得分", "排污许可证编号", "样例标识"]
    d = Delivery("environment_rating", "17_生态环境局_环境信用_样例.csv", columns, "分号分隔；等级写成颜色", "semicolons; grades written as colours")
    for number, firm in enumerate(f for f in all_firms if f.maker and not f.listed):
        score = dice.between(400, 1000) / 10
        colour = "绿牌" if score >= 90 else "蓝牌" if score >= 80 else "黄色" if score >= 60 else "R"
        row = [firm.code, firm.name, 2023, colour, score, f"{firm.code}001{dice.pick('PQRU')}", SAMPLE]
        faults = []
        if number % 120 == 30:
            row, faults = replaced(row, 5, "样例证号"), ["item.format:pollutant_permit_no"]
        elif number % 120 == 60:
            row, faults = replaced(row, 3, "紫牌"), ["item.code:env_level"]
        elif number % 120 == 90:
            row, faults = replaced(row, 0, firms.wrong_check(firm.code)), ["item.identifier:uscc"]
        d.add(row, (firm.code, 2023), *faults)
    return d, formats.delimited(columns, d.rows, delimiter=";")
