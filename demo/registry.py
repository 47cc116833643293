"""Deliveries of the market regulation bureau: registrations, their changes, annual reports, patents."""
import datetime

import firms
import formats
import spelling
from delivery import Delivery

SAMPLE = "样例数据"
DAY = datetime.date
KINDS = {"1130": "有限责任公司(自然人投资或控股)", "1151": "有限责任公司(自然人独资)", "1190": "其他有限责任公司", "1210": "股份有限公司(上市)",
         "1220": "股份有限公司(非上市)", "4531": "普通合伙企业", "4540": "个人独资企业"}

# The header of the spreadsheet, in two rows: group, its columns.
REGISTRATION_HEAD = [
    ("统一社会信用代码", []), ("企业名称", []), ("企业类型", []), ("行业", []), ("成立日期", []), ("核准日期", []),
    ("注册资本", ["金额（万元）", "币种"]), ("法定代表人", ["姓名", "身份证号"]), ("住所", []), ("所在区县", []), ("登记状态", []),
    ("经营期限", ["营业期限自", "营业期限至"]), ("登记机关", []), ("样例标识", [])]


def registration_row(dice, firm):
    """One firm as the bureau's staff typed it; every spelling means the same."""
    active = dice.pick(["存续", "在业", "开业", "1", "正常"]) if firm.active else dice.pick(["注销", "已注销", "吊销"])
    region = firm.region if firm.listed else dice.pick([firm.region, firm.county, f"吉安市{firm.county}", firm.region + "000000"])
    approved = min(firm.founded + datetime.timedelta(days=dice.below(2000)), DAY(2024, 5, 31))
    return [spelling.credit_code(dice, firm.code), firm.name, dice.pick([firm.kind, KINDS[firm.kind]]),
            dice.pick([firm.industry, firm.industry_title]), dice.pick([firm.founded, spelling.date(dice, firm.founded)]), approved,
            spelling.ten_thousands(dice, firm.capital), "人民币", firm.person, firm.person_id, firm.address, region, active, firm.founded,
            dice.pick(["长期", "永久", None, DAY(2053, 12, 31)]), "样例登记机关" if firm.listed else f"{firm.county}市场监督管理局", SAMPLE]


def break_registration(row, firm, number):
    """The faults put into the rows numbered 40, 80 ... in turn; returns (row, faults)."""
    def with_(column, value):
        return [*row[:column], value, *row[column + 1:]]

    return [
        lambda: (with_(0, firms.wrong_check(firm.code)), ["item.identifier:uscc"]),
        lambda: (with_(0, firm.code[:-1]), ["item.identifier:uscc"]),
        lambda: (with_(0, "00000000000000000X"), ["item.identifier:uscc", "row.rule:authority_is_market_regulation"]),
        lambda: (with_(0, None), ["item.required:uscc"]),
        lambda: (with_(1, ""), ["item.required:enterprise_name"]),
        lambda: (with_(2, "样例未知类型"), ["item.code:enterprise_type"]),
        lambda: (with_(4, "2019-13-45"), ["item.type:established_date"]),
        lambda: (with_(4, DAY(2098, 1, 1)), ["item.range:established_date", "row.rule:approved_after_established"]),
        lambda: (with_(6, "壹佰万左右"), ["item.type:registered_capital"]),
        lambda: (with_(9, firms.wrong_check(firm.person_id)), ["item.identifier:legal_rep_id"]),
        lambda: (with_(11, "样例区"), ["item.code:region"]),
        lambda: (with_(14, DAY(1990, 1, 1)), ["row.rule:term_in_order"]),
        lambda: (with_(0, firms.uscc("52", firm.region, f"YM{number:06d}")), ["row.rule:authority_is_market_regulation"]),
        lambda: (with_(2, "样例未知类型")[:12] + ["样例未知状态"] + row[13:],
                 ["item.code:enterprise_type", "item.code:registration_status"]),
    ][number // 40 % 14]()


def add_registration(d, dice, firm, number):
    row = registration_row(dice, firm)
    if number % 40 == 39 and not firm.listed:
        row, faults = break_registration(row, firm, number)
        no_capital = firm.active and "item.type:registered_capital" in faults
        return d.add(row, firm.code, *faults, warn=["row.rule:capital_stated"] if no_capital else ())
    warn = []
    if number % 60 == 5 and not firm.listed:
        row[11] = firm.old_region
        warn.append("item.code_historical:region")
    if number % 70 == 8 and firm.active:
        row[6] = None
        warn.append("row.rule:capital_stated")
    return d.add(row, firm.code, warn=warn)


def registrations(dice, all_firms):
    columns = [c for heading, below in REGISTRATION_HEAD for c in below or [heading]]
    d = Delivery("enterprise_registration", "01_市场监管局_企业登记_样例.xlsx", columns,
                 "电子表格：标题行、两行合并表头、多种日期与金额写法", "spreadsheet with a title row, a merged header of two rows, dates and amounts "
                 "in many spellings")
    for number, firm in enumerate(all_firms):
        add_registration(d, dice, firm, number)
        if number % 150 == 75:  # the clerk pasted the same row again
            d.add(d.rows[-1], firm.code)
    data = formats.grouped_xlsx("吉安市企业登记信息（样例：除上市公司名称与代码外均由程序生成）", REGISTRATION_HEAD, d.rows, "企业登记")
    return d, data


def registration_changes(dice, all_firms, published):
    """Next month's increment: from another system, with other headers, in another charset, with deletes and corrections."""
    columns = ["操作", "UNISCID", "ENTNAME", "ENTTYPE", "INDUSTRYCO", "ESTDATE", "APPRDATE", "REGCAP", "REGCAPCUR", "LEREP", "CERNO", "DOM",
               "DOMDISTRICT", "ENTSTATUS", "OPFROM", "OPTO", "REGORG", "SAMPLE"]
    d = Delivery("enterprise_registration", "20_市场监管局_企业登记变更_样例.csv", columns,
                 "次月增量：另一系统的列名，GB18030，含删除标记与上月隔离行的更正", "next month's increment: another system's headers, GB18030, delete "
                 "marks, and corrections of last month's quarantined rows")
    for number, firm in enumerate(all_firms):
        if firm.listed or (number % 9 and firm.code in published):
            continue
        gone = number % 90 == 0 and firm.code in published
        row = ["删除" if gone else dice.pick(["新增", "修改", ""]), firm.code, firm.name, firm.kind, firm.industry, firm.founded, DAY(2024, 6, 18),
               firm.capital * (1 if number % 27 else 2), "CNY", firm.person, firm.person_id, firm.address, firm.region,
               1 if firm.active else 4, firm.founded, "", f"{firm.county}市场监督管理局", SAMPLE]
        if number % 180 == 99:
            d.add([*row[:9], "", *row[10:]], firm.code, "item.required:legal_rep_name")
        else:
            d.add(row, firm.code, deletes=gone)
    return d, formats.delimited(columns, d.rows, "gb18030")


def report_row(dice, firm, year):
    assets = firm.capital * dice.between(1, 9) + dice.below(50)
    debts = assets * dice.between(10, 80) // 100
    income = assets * dice.between(20, 200) // 100
    profit = income * dice.between(-10, 15) // 100
    return [firm.code, year, firm.name, dice.pick(["开业", "1", "正常经营"]) if firm.active else "歇业", firm.employees, assets, debts,
            assets - debts, income, profit, income * 3 // 100, spelling.yes(dice, dice.chance(10)),
            DAY(year + 1, dice.between(1, 6), dice.between(1, 28)), "0796-8200000", SAMPLE]


def break_report(row, number):
    def with_(column, value):
        return [*row[:column], value, *row[column + 1:]]

    return [
        (with_(5, row[5] + 100), ["row.rule:balance"]),
        (with_(12, DAY(row[1], 12, 1)), ["row.rule:submitted_after_year"]),
        (with_(4, "约二十人"), ["item.type:employees"]),
        (with_(4, -3), ["item.range:employees"]),
        (with_(13, "12345"), ["item.type:contact_phone"]),
    ][number // 97 % 5]


def annual_reports(dice, all_firms, published):
    columns = ["统一社会信用代码", "年报年度", "企业名称", "经营状态", "从业人数", "资产总额（万元）", "负债总额（万元）", "所有者权益合计（万元）",
               "营业总收入（万元）", "净利润（万元）", "纳税总额（万元）", "是否对外提供担保", "报送日期", "联系电话", "样例标识"]
    d = Delivery("annual_report", "02_市场监管局_企业年报_样例.csv", columns,
                 "GB18030；含未登记企业的年报与未闭合的引号", "GB18030; reports of firms that are not registered, and a quote never closed")
    number = 0
    for year in (2022, 2023):
        for firm in all_firms:
            number += 1
            if firm.listed or firm.founded.year > year:
                continue
            row = report_row(dice, firm, year)
            faults = []
            if number % 97 == 0:
                row, faults = break_report(row, number)
            if not faults and firm.code not in published:
                faults = ["item.reference:uscc"]
            d.add(row, (firm.code, year), *faults)
    stray = '91360800YL0000000,2023,"样例引号未闭合企业,开业,5,10,5,5,10,1,0,否,2024-03-01,,样例数据\r\n'.encode("gb18030")
    d.add_raw(formats.Raw(stray), "decode.quote")
    return d, formats.delimited(columns, d.rows, "gb18030")


def patents(dice, all_firms):
    columns = ["专利号", "专利权人统一社会信用代码", "专利权人", "专利名称", "专利类型", "申请日", "授权公告日", "法律状态", "发明人", "样例标识"]
    d = Delivery("ip_patent", "13_市场监管局_专利_样例.csv", columns, "UTF-8；单元格内有换行、逗号与引号",
                 "UTF-8; line breaks, commas and quotes inside cells")
    kinds = [("1", "发明专利"), ("2", "实用新型"), ("3", "外观设计")]
    makers = [f for f in all_firms if f.maker]
    for number in range(1500):
        firm = dice.pick(makers)
        code, kind = dice.pick(kinds)
        applied = dice.day(DAY(2012, 1, 1), DAY(2022, 12, 31))
        granted = applied + datetime.timedelta(days=dice.between(200, 500))
        row = [f"ZL{applied.year}{code}00{number:05d}.{number % 10}", firm.code, firm.name,
               dice.pick(["一种样例装置", '一种"样例"方法,及其系统', "样例设备\n及控制方法"]), kind, applied, granted,
               dice.pick(["有效", "专利权维持", "1"]), f"{firm.person}、{firms.person(dice)}", SAMPLE]
        faults = []
        if number % 75 == 20:
            row[6], faults = applied - datetime.timedelta(days=30), ["row.rule:granted_after_applied"]
        elif number % 75 == 40:
            row[0], faults = "专利申请中", ["item.format:patent_no"]
        elif number % 75 == 60:
            row[4], faults = "样例专利", ["item.code:patent_type"]
        d.add(row, f"{number}", *faults)
    return d, formats.delimited(columns, d.rows, newline="\n")


def shareholders(dice, all_firms):
    """Chains and circles: each firm's legal representative owns most of it, the rest a neighbour or a person of its own."""
    columns = ["统一社会信用代码", "企业名称", "股东名称", "股东标识", "认缴出资额（万元）", "实缴出资额（万元）", "持股比例", "样例标识"]
    d = Delivery("enterprise_shareholder", "27_市场监管局_股东出资_样例.csv", columns, "UTF-8；股东有自然人，也有单位",
                 "UTF-8; shareholders are persons and bodies")
    made = [f for f in all_firms if not f.listed][:900]
    for number, firm in enumerate(made):
        other = made[(number * 7 + 3) % len(made)]
        held = dice.pick([60, 70, 100]) if other is not firm else 100
        owners = [(firm.person, firm.person_id, held)]
        if held < 100:
            owners.append((other.name, other.code, 100 - held))
        for name, code, percent in owners:
            amount = firm.capital * percent / 100
            row = [firm.code, firm.name, name, code, f"{amount:.2f}", f"{amount / 2:.2f}", f"{percent / 100:.2f}", SAMPLE]
            faults = []
            if number % 120 == 60 and code == firm.person_id:
                row, faults = [*row[:6], "1.70", SAMPLE], ["item.range:shareholding_ratio"]
            d.add(row, (firm.code, code), *faults)
    return d, formats.delimited(columns, d.rows, newline="\n")


def branches(dice, all_firms):
    columns = ["分支机构统一社会信用代码", "分支机构名称", "隶属企业统一社会信用代码", "隶属企业名称", "成立日期", "住所", "样例标识"]
    d = Delivery("enterprise_branch", "28_市场监管局_分支机构_样例.csv", columns, "GB18030", "GB18030")
    made = [f for f in all_firms if not f.listed and f.kind in ("1130", "1220")][:600]
    for number, firm in enumerate(made[::3]):
        county, region, _ = dice.pick(firms.COUNTIES)
        code = firms.uscc("91", region, f"YB{number:06d}")
        d.add([code, f"{firm.name}{county}分公司", firm.code, firm.name, dice.day(DAY(2015, 1, 1), DAY(2024, 3, 31)),
               f"江西省吉安市{county}{dice.pick(firms.ROADS)}{dice.between(1, 400)}号", SAMPLE], code)
    return d, formats.delimited(columns, d.rows, "gb18030")


def changes(dice, all_firms):
    columns = ["统一社会信用代码", "企业名称", "变更日期", "变更事项", "变更前内容", "变更后内容", "样例标识"]
    d = Delivery("enterprise_change", "29_市场监管局_变更事项_样例.csv", columns, "UTF-8；事项写名称或代码", "UTF-8; kinds by name or code")
    for firm in [f for f in all_firms if not f.listed][:800:2]:
        day = dice.day(max(firm.founded, DAY(2016, 1, 1)), DAY(2024, 5, 31))
        kind, before, after = dice.pick([("名称变更", f"{firm.name}（筹）", firm.name), ("4", f"{firm.capital // 2}万元", f"{firm.capital}万元"),
                                         ("法定代表人变更", firms.person(dice), firm.person), ("2", f"江西省吉安市{firm.county}样例旧址", firm.address)])
        d.add([firm.code, firm.name, day, kind, before, after, SAMPLE], (firm.code, day, kind))
    return d, formats.delimited(columns, d.rows, newline="\n")


def abnormal(dice, all_firms):
    columns = ["统一社会信用代码", "企业名称", "列入日期", "列入经营异常名录原因", "移出日期", "作出决定机关", "样例标识"]
    d = Delivery("abnormal_operation_list", "30_市场监管局_经营异常_样例.csv", columns, "UTF-8；有的已移出", "UTF-8; some were taken off again")
    for number, firm in enumerate([f for f in all_firms if not f.listed][:1000:9]):
        start = dice.day(DAY(2021, 7, 1), DAY(2024, 3, 31))
        end = start + datetime.timedelta(days=dice.between(20, 60)) if dice.chance(60) else ""
        row = [firm.code, firm.name, start, dice.pick(["未按期公示年度报告", "通过登记的住所无法联系"]), end, f"{firm.county}市场监督管理局", SAMPLE]
        if number % 50 == 25:
            d.add([*row[:4], start - datetime.timedelta(days=1), *row[5:]], (firm.code, start), "row.rule:end_after_start")
        else:
            d.add(row, (firm.code, start))
    return d, formats.delimited(columns, d.rows, newline="\n")
