"""The firms that the demo's departments report about.

LISTED are facts that anyone can look up: names, credit codes and lines of business of well-known companies.  Everything else that is
said about them is made up, and never to their discredit: no penalties, arrears or bad ratings.  The generated firms of Ji'an are
made up altogether: names hold 样例, organisation codes begin with YL, and the order number of every resident identity number is 000,
which is given to nobody.
"""
import dataclasses
import datetime

USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = [3**i % 31 for i in range(17)]
ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
ID_WEIGHTS = [2 ** (17 - i) % 11 for i in range(17)]

LISTED = [line.split() for line in """\
中国工商银行股份有限公司 91100000100003962T J66
中国建设银行股份有限公司 911100001000044477 J66
中国银行股份有限公司 911000001000013428 J66
中国农业银行股份有限公司 911100001000054748 J66
贵州茅台酒股份有限公司 9152000071430580XT C15
深圳市腾讯计算机系统有限公司 9144030071526726XG I64
华为技术有限公司 914403001922038216 C39
阿里巴巴（中国）有限公司 91330100799655058B I64
中国石油天然气股份有限公司 91110000710925462X B07
中国石油化工股份有限公司 91110000710926094P C25
招商银行股份有限公司 9144030010001686XA J66
中国平安保险（集团）股份有限公司 91440300100012316L J68
江西铜业股份有限公司 91360000625912173B C32
江铃汽车股份有限公司 913600006124469438 C36
比亚迪股份有限公司 91440300192317458F C36
北京百度网讯科技有限公司 91110000802100433B I65
小米科技有限责任公司 91110108551385082Q C39
美的集团股份有限公司 91440606722473344C C38
珠海格力电器股份有限公司 91440400192548256N C38
万科企业股份有限公司 91440300192181490G K70
交通银行股份有限公司 9131000010000595XD J66
上海浦东发展银行股份有限公司 9131000013221158XC J66
中国移动通信集团有限公司 911100007109250324 I63""".splitlines()]

BANKS = [(name, code) for name, code, industry in LISTED if industry == "J66"]

# County, its code, the code it had before 2000 (GB/T 2260).
COUNTIES = [line.split() for line in """\
吉州区 360802 362401
青原区 360803 362401
吉安县 360821 362421
吉水县 360822 362422
峡江县 360823 362423
新干县 360824 362424
永丰县 360825 362425
泰和县 360826 362426
遂川县 360827 362427
万安县 360828 362428
安福县 360829 362429
永新县 360830 362430
井冈山市 360881 362402""".splitlines()]

# What a generated firm does: word in its name, division of GB/T 4754-2017, title of the division.
TRADES = [line.split() for line in """\
农业 A01 农业
林业 A02 林业
养殖 A03 畜牧业
食品 C14 食品制造业
粮油 C13 农副食品加工业
酒业 C15 酒、饮料和精制茶制造业
服饰 C18 纺织服装、服饰业
竹木 C20 木材加工和木、竹、藤、棕、草制品业
化工 C26 化学原料和化学制品制造业
药业 C27 医药制造业
建材 C30 非金属矿物制品业
电子 C39 计算机、通信和其他电子设备制造业
机械 C34 通用设备制造业
新能源 C38 电气机械和器材制造业
建设 E47 房屋建筑业
建筑装饰 E50 建筑装饰、装修和其他建筑业
商贸 F51 批发业
超市 F52 零售业
物流 G54 道路运输业
餐饮 H62 餐饮业
软件 I65 软件和信息技术服务业
咨询 L72 商务服务业
科技 M75 科技推广和应用服务业
环保 N77 生态保护和环境治理业""".splitlines()]
BUILDERS = {"E47", "E50"}
MAKERS = "C"

FIRST = "恒 瑞 鑫 华 宏 嘉 瑞 盛 泰 庆 安 佳 天 金 顺 新 东 文 青 赣".split()
SECOND = "达 源 丰 通 兴 宇 隆 和 诚 旺 腾 祥 润 业 林 川 海 阳 峰 云".split()
FORMS = [("有限公司", "1130"), ("有限公司", "1130"), ("有限责任公司", "1151"), ("股份有限公司", "1220"), ("厂（普通合伙）", "4531"),
         ("厂（个人独资）", "4540")]
SURNAMES = "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许".split()
GIVEN = "甲 乙 丙 丁 戊 己 庚 辛 壬 癸 子 丑 寅 卯 辰 巳 午 未 申 酉".split()
ROADS = "井冈山大道 吉州大道 君山大道 庐陵大道 文山路 阳明路 工业园一路 创业大道 滨江路 人民路".split()

EPOCH = datetime.date(1970, 1, 1)


class Dice:
    """A small generator of our own (xorshift64*): the same numbers from every version of Python."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 % 2**64 or 1

    def below(self, n):
        x = self.state
        x ^= x >> 12
        x ^= x << 25 & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D >> 33 & 0x7FFFFFFF) * n >> 31

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, values):
        return values[self.below(len(values))]

    def chance(self, percent):
        return self.below(100) < percent

    def day(self, first, last):
        return first + datetime.timedelta(days=self.below((last - first).days + 1))


def org_code(body):
    check = 11 - sum(ORG_CHARS.index(c) * w for c, w in zip(body, ORG_WEIGHTS)) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def uscc(category, region, body):
    code = category + region + org_code(body)
    return code + USCC_CHARS[-sum(USCC_CHARS.index(c) * w for c, w in zip(code, USCC_WEIGHTS)) % 31]


def resident_id(region, birth):
    digits = f"{region}{birth:%Y%m%d}000"
    return digits + "10X98765432"[sum(int(c) * w for c, w in zip(digits, ID_WEIGHTS)) % 11]


def wrong_check(code):
    """The same code with another last character: the error a clerk makes when copying."""
    return code[:-1] + ("3" if code[-1] != "3" else "4")


@dataclasses.dataclass
class Firm:
    name: str
    code: str
    county: str
    region: str
    old_region: str
    kind: str
    industry: str
    industry_title: str
    founded: datetime.date
    capital: int  # 万元
    person: str
    person_id: str
    address: str
    employees: int
    active: bool
    listed: bool

    @property
    def maker(self):
        return self.industry.startswith(MAKERS)


def person(dice):
    return "样例" + dice.pick(SURNAMES) + dice.pick(GIVEN) + dice.pick(GIVEN)


def sample_firm(dice, number, used):
    county, region, old = dice.pick(COUNTIES)
    trade, industry, title = dice.pick(TRADES)
    form, kind = dice.pick(FORMS)
    name = f"{county}样例{dice.pick(FIRST)}{dice.pick(SECOND)}{trade}{form}"
    while name in used:
        name = f"{county}样例{dice.pick(FIRST)}{dice.pick(SECOND)}{dice.pick(SECOND)}{trade}{form}"
    used.add(name)
    # People born before 2000 may have a number that begins with the county's old code.
    birth = dice.day(datetime.date(1955, 1, 1), datetime.date(1999, 12, 31))
    home = dice.pick([region, old])
    return Firm(name, uscc("91", region, f"YL{number:06d}"), county, region, old, kind, industry, title,
                dice.day(datetime.date(1996, 1, 1), datetime.date(2023, 6, 30)), dice.pick([10, 30, 50, 100, 200, 500, 1000, 3000]),
                person(dice), resident_id(home, birth), f"江西省吉安市{county}{dice.pick(ROADS)}{dice.between(1, 400)}号",
                dice.pick([3, 5, 8, 12, 20, 35, 60, 120, 300]), not dice.chance(6), False)


def listed_firm(dice, name, code, industry):
    region = code[2:8].replace("100000", "110000")
    return Firm(name, code, region, region, region, "1210" if "股份" in name else "1190", industry, industry,
                dice.day(datetime.date(1984, 1, 1), datetime.date(2005, 12, 31)), 100000, person(dice),
                resident_id("360802", dice.day(datetime.date(1955, 1, 1), datetime.date(1980, 1, 1))), f"样例地址{dice.between(1, 400)}号", 5000,
                True, True)


def make(dice, count):
    used = set()
    return [*(listed_firm(dice, *facts) for facts in LISTED), *(sample_firm(dice, n, used) for n in range(1, count + 1))]
