"""Deliveries of what runs month by month: social insurance, housing fund, electricity, water, property, trade, qualifications."""
import datetime

import firms
import formats
import spelling
from delivery import Delivery
from enforcement import replaced
from registry import SAMPLE

DAY = datetime.date
INSURANCES = [("养老保险", "110", 24), ("失业保险", "210", 1), ("基本医疗保险", "310", 8), ("工伤保险", "410", 1), ("生育保险", "510", 1)]


def social_insurance(dice, all_firms, period, file, note_zh, note_en, pack):
    columns = ["统一社会信用代码", "单位名称", "险种", "费款所属期", "参保人数", "缴费基数总额", "应缴金额", "实缴金额", "欠缴月数", "缴费状态", "样例标识"]
    d = Delivery("social_insurance", file, columns, note_zh, note_en)
    number = 0
    for firm in all_firms[:2400]:
        base = firm.employees * dice.between(3800, 9000)
        behind = dice.chance(4) and not firm.listed
        for title, code, percent in INSURANCES:
            number += 1
            due = base * percent / 100
            row = [firm.code, firm.name, dice.pick([title, code]), period, firm.employees, f"{base:.2f}", f"{due:.2f}",
                   f"{due / 2 if behind else due:.2f}", 2 if behind else 0, "欠费" if behind else dice.pick(["正常", "参保缴费", "1"]), SAMPLE]
            faults = []
            if number % 900 == 300:
                row, faults = replaced(row, 7, f"{due * 2 + 1:.2f}"), ["row.rule:paid_within_payable"]
            elif number % 900 == 500:
                row, faults = replaced(row, 3, "2024-5"), ["item.format:pay_period"]
            elif number % 900 == 700:
                row, faults = replaced(row, 4, ""), ["item.required:insured_count"]
            d.add(row, (firm.code, code, period), *faults)
            if number % 1500 == 750:
                d.add(list(row), (firm.code, code, period))
    data = formats.delimited(columns, d.rows, newline="\n")
    return d, formats.packed(data) if pack else data


def fund_row(dice, firm, number):
    people = firm.employees
    ratio, shown = dice.pick([(0.05, "5%"), (0.08, "8%"), (0.08, "0.08"), (0.1, "10%"), (0.12, "0.12")])
    return [f"YL{number:08d}", spelling.credit_code(dice, firm.code), firm.name, people, shown, spelling.yuan(dice, round(people * 6000 * ratio, 2)),
            "202405", 0, dice.pick(["正常", "正常缴存"]), SAMPLE]


FUND_COLUMNS = ["单位公积金账号", "统一社会信用代码", "单位名称", "缴存人数", "单位缴存比例", "月缴存额", "缴至年月", "欠缴公积金月数", "账户状态", "样例标识"]


def housing_fund(dice, all_firms):
    """The whole of the accounts, and next month a file that was cut off: it would delete most of them, so it has to wait."""
    d = Delivery("housing_fund", "08_公积金中心_缴存_样例.xlsx", FUND_COLUMNS, "电子表格：百分比与小数混写，数字存为文本",
                 "spreadsheet: percentages and fractions mixed, numbers stored as text")
    for number, firm in enumerate(all_firms[:1200]):
        row = fund_row(dice, firm, number)
        faults = []
        if number % 150 == 60:
            row, faults = replaced(row, 4, "25%"), ["item.range:hf_ratio"]
        elif number % 150 == 90:
            row, faults = replaced(row, 6, "2024-5"), ["item.format:hf_paid_to"]
        elif number % 150 == 120:
            row, faults = replaced(row, 8, "样例状态"), ["item.code:account_status"]
        d.add(row, row[0], *faults)
    cut = Delivery("housing_fund", "23_公积金中心_缴存_不完整_样例.csv", FUND_COLUMNS, "全量交付只有四十行：会删除绝大多数记录，应等待人工确认",
                   "a snapshot of forty rows only: it would delete most records, so it waits for confirmation", "waiting")
    for number, firm in enumerate(all_firms[:40]):
        row = fund_row(dice, firm, number)
        cut.add(row, row[0])
    return [(d, formats.xlsx([FUND_COLUMNS, *d.rows], name="缴存")), (cut, formats.delimited(FUND_COLUMNS, cut.rows))]


def mortgages(dice, all_firms):
    columns = ["不动产登记证明号", "抵押人统一社会信用代码", "抵押人名称", "抵押权人", "抵押权人统一社会信用代码", "不动产权证号", "坐落", "区县", "抵押方式",
               "被担保主债权数额（万元）", "债务履行起始日期", "债务履行结束日期", "登簿日期", "权利状态", "是否查封", "样例标识"]
    d = Delivery("real_estate_mortgage", "10_自然资源局_不动产抵押_样例.txt", columns, "UTF-16 制表符文本（电子表格软件的“Unicode 文本”）",
                 "UTF-16, tab-separated (what spreadsheets call Unicode text)")
    local = [f for f in all_firms if not f.listed]
    for number in range(800):
        firm = dice.pick(local)
        bank, bank_code = dice.pick(firms.BANKS)
        day = dice.day(DAY(2018, 1, 1), DAY(2024, 5, 31))
        row = [f"赣（{day.year}）样例不动产证明第{number:07d}号", firm.code, firm.name, bank, bank_code,
               f"赣（{day.year - 1}）样例不动产权第{number:07d}号", firm.address, firm.county, dice.pick(["一般抵押", "最高额抵押", "1"]),
               dice.between(20, 5000), spelling.date(dice, day), spelling.date(dice, day.replace(day=1, year=day.year + 3)), str(day),
               dice.pick(["现势", "有效"]), spelling.yes(dice, dice.chance(3)), SAMPLE]
        faults = []
        if number % 100 == 30:
            row, faults = replaced(row, 9, 0), ["row.rule:secured_positive"]
        elif number % 100 == 50:
            row, faults = replaced(row, 11, "2000-01-01"), ["row.rule:debt_in_order"]
        elif number % 100 == 70:
            row, faults = replaced(row, 4, firms.wrong_check(bank_code)), ["item.identifier:mortgagee_uscc"]
        elif number % 100 == 90:
            row, faults = replaced(row, 14, "也许"), ["item.type:is_sealed"]
        d.add(row, number, *faults)
    return d, formats.delimited(columns, d.rows, "utf-16-le", "\t", bom=b"\xff\xfe")


def bill_row(dice, firm, number, period, classes, price):
    use = dice.between(10, 4000) * (8 if firm.maker else 1)
    bill = round(use * price, 2)
    late = dice.chance(3) and not firm.listed
    return [f"YL{number:08d}", period, firm.code, firm.name, dice.pick(classes), use, f"{bill:.2f}", "0.00" if late else f"{bill:.2f}",
            None if late else f"{period[:4]}-{period[4:]}-25", "是" if late else "否", 45 if late else 0, SAMPLE]


def electricity(dice, all_firms):
    columns = ["户号", "计费月份", "统一社会信用代码", "户名", "用电类别", "用电量", "应收电费", "实收电费", "缴费日期", "是否欠费", "逾期天数", "样例标识"]
    d = Delivery("electricity_payment", "11_供电公司_电费_样例.jsonl.gz", columns, "gzip 压缩的 JSON 行，十二个月", "gzipped JSON lines, twelve months")
    count = 0
    for number, firm in enumerate(all_firms[:2000]):
        for month in range(12):
            period = f"2023{month + 1:02d}"
            row = bill_row(dice, firm, number, period, ["大工业"] if firm.maker else ["一般工商业", "2"], 0.65)
            count += 1
            faults = []
            if count % 3000 == 1000:
                row, faults = replaced(row, 7, "99999999.00"), ["row.rule:paid_within_bill"]
            elif count % 3000 == 2000:
                row, faults = replaced(row, 5, "读表失败"), ["item.type:electricity_kwh"]
            d.add(row, (row[0], period), *faults)
    return d, formats.packed(formats.json_lines(columns, d.rows))


def water(dice, all_firms):
    columns = ["户号", "月份", "信用代码", "户名", "用水类别", "用水量", "应收水费", "实收水费", "缴费日期", "是否欠费", "逾期天数", "样例标识"]
    d = Delivery("water_payment", "12_水务集团_水费_样例.csv", columns, "GB18030，数字为全角", "GB18030, figures in full width")
    count = 0
    for number, firm in enumerate(all_firms[:1500]):
        for month in range(6):
            period = f"2023{month + 7:02d}"
            row = bill_row(dice, firm, number, period, ["非居民用水", "工业用水", "2"], 3.2)
            row[5], row[6] = spelling.wide(str(row[5])), spelling.wide(row[6])
            count += 1
            faults = []
            if count % 1500 == 500:
                row, faults = replaced(row, 4, "样例用水"), ["item.code:water_class"]
            elif count % 1500 == 1000:
                row, faults = replaced(row, 5, "－１２"), ["item.range:water_volume"]
            d.add(row, (row[0], period), *faults)
    return d, formats.delimited(columns, d.rows, "gb18030")


def customs(dice, all_firms):
    columns = ["统一社会信用代码", "企业名称", "海关编码", "信用等级", "月份", "贸易方式", "出口额（元）", "进口额（元）", "报关单数量", "样例标识"]
    d = Delivery("export_customs", "14_海关_进出口_样例.tsv", columns, "制表符分隔，金额带千位分隔符", "tab-separated, amounts with thousands separators")
    count = 0
    for number, firm in enumerate([f for f in all_firms if f.maker][:150]):
        for month in range(12):
            period = f"2023{month + 1:02d}"
            out, into = dice.between(10000, 90000000), dice.between(0, 3000000)
            row = [firm.code, firm.name, f"3608YL{number:04d}", dice.pick(["一般信用企业", "高级认证企业", "AEO", "2"]), period,
                   dice.pick(["一般贸易", "0110"]), f"{out:,}.00", f"{into:,}.00", dice.between(1, 60), SAMPLE]
            count += 1
            faults = []
            if count % 400 == 200:
                row, faults = replaced(row, 2, "样例编码"), ["item.format:customs_no"]
            elif count % 400 == 300:
                row, faults = replaced(row, 6, f"-{out:,}"), ["item.range:export_amount"]
            d.add(row, (firm.code, period, "0110"), *faults)
    return d, formats.delimited(columns, d.rows, delimiter="\t")


def qualifications(dice, all_firms):
    columns = ["证书编号", "统一社会信用代码", "企业名称", "资质类别", "等级", "发证日期", "有效期至", "发证机关", "样例标识"]
    d = Delivery("construction_qualification", "15_住建局_建筑业资质_样例.xlsx", columns, "电子表格：日期为序列值", "spreadsheet: dates as serial numbers")
    for number, firm in enumerate(f for f in all_firms if f.industry in firms.BUILDERS):
        day = dice.day(DAY(2019, 1, 1), DAY(2023, 12, 31))
        row = [f"YLD{number:08d}", firm.code, firm.name, dice.pick(["建筑工程施工总承包", "市政公用工程施工总承包", "建筑装修装饰工程专业承包"]),
               dice.pick(["一级", "贰级", "三级", "T", "不分等级"]), day, (day - datetime.date(1899, 12, 30)).days + 1826, "样例住房城乡建设部门", SAMPLE]
        faults = []
        if number % 80 == 20:
            row, faults = replaced(row, 4, "九级"), ["item.code:qualification_level"]
        elif number % 80 == 50:
            row, faults = replaced(row, 6, DAY(2001, 1, 1)), ["row.rule:validity_in_order"]
        d.add(row, row[0], *faults)
    return d, formats.xlsx([columns, *d.rows], name="资质")


def technology(dice, all_firms):
    columns = ["证书编号", "统一社会信用代码", "企业名称", "类别", "认定日期", "有效期至", "上年度研发费用", "所在区县", "样例标识"]
    d = Delivery("technology_enterprise", "16_科技局_科技企业_样例.json", columns, "JSON 数组，金额带单位", "a JSON array, amounts with their unit")
    for number, firm in enumerate([f for f in all_firms if f.maker][:400]):
        day = dice.day(DAY(2021, 6, 1), DAY(2023, 12, 31))
        row = [f"GRYL{number:08d}", firm.code, firm.name, dice.pick(["高新技术企业", "高企", "科技型中小企业", "专精特新"]), str(day),
               str(day.replace(day=1, year=day.year + 3)), dice.pick([f"{dice.between(20, 900)}万元", dice.between(200000, 9000000)]), firm.county, SAMPLE]
        faults = []
        if number % 100 == 40:
            row, faults = replaced(row, 1, "００００００００００００００００００"), ["item.identifier:uscc"]
        elif number % 100 == 80:
            row, faults = replaced(row, 3, ""), ["item.required:tech_enterprise_kind"]
        d.add(row, row[0], *faults)
    return d, formats.json_array(columns, d.rows)
