"""The many ways in which people write the same date, amount, code or number.  Every form here means exactly one value."""

NUMERALS = "〇一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789ABCDEFGHJKLMNPQRTUWXY.", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹ．")


def wide(text):
    return text.translate(FULL_WIDTH)


def numeral_year(year):
    return "".join(NUMERALS[int(d)] for d in str(year))


def small_numeral(n):
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else NUMERALS[tens] + "十") + (NUMERALS[ones] if ones else "")


def date(dice, day):
    form = dice.below(8)
    if form == 0:
        return f"{day.year}年{day.month}月{day.day}日"
    if form == 1:
        return f"{day.year}/{day.month}/{day.day}"
    if form == 2:
        return f"{day:%Y%m%d}"
    if form == 3:
        return f"{day.year}.{day.month}.{day.day}"
    if form == 4:
        return f"{day} 00:00:00"
    if form == 5:
        return f"{numeral_year(day.year)}年{small_numeral(day.month)}月{small_numeral(day.day)}日"
    return str(day)


def ten_thousands(dice, amount):
    """amount in 万元, for a column that is in 万元 when a number stands alone."""
    form = dice.below(9)
    if form == 0:
        return f"{amount}万元"
    if form == 1:
        return f"{amount:,}.0000(万元人民币)"
    if form == 2:
        return f"{amount * 10000}元"
    if form == 3:
        return wide(str(amount))
    if form == 4:
        return f"{amount}万人民币"
    if form == 5:
        return f"人民币{amount}万元整"
    if form == 6 and amount >= 1000:
        return f"{amount / 10000:g}亿元"
    return amount


def yuan(dice, amount):
    """amount in 元, with its decimals, for a column in 元."""
    form = dice.below(6)
    if form == 0:
        return f"{amount:,.2f}"
    if form == 1:
        return f"￥{amount:,.2f}"
    if form == 2:
        return wide(f"{amount:.2f}")
    if form == 3:
        return f"{amount:.2f}元"
    return f"{amount:.2f}"


def yes(dice, value):
    return dice.pick(["是", "Y", "1", "true"] if value else ["否", "N", "0", "false"])


def credit_code(dice, code):
    """Sometimes in small letters, full width or with blanks: all are the same code."""
    form = dice.below(40)
    if form == 0:
        return code.lower()
    if form == 1:
        return wide(code)
    if form == 2:
        return f" {code[:8]} {code[8:]} "
    return code
