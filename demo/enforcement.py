"""Deliveries about what authorities decided: tax ratings and arrears, court records, environment.  Permits and penalties: publicity.py."""
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
