"""Rural households and what departments, banks and villages hold about them: the truth, and the records with the errors that offices make.

Everything is made up.  Names begin with 样例; the first six digits of every resident identity number (364000 to 369999) are a region that does
not exist, so that no number is anybody's; villages have numbers (…901 and up) that no village has.  The same seed gives the same on every machine:
only random.random() is used, whose numbers do not change between versions of Python.
"""
import csv
import datetime
import pathlib
import random

PACKS = pathlib.Path(__file__).resolve().parent.parent / "packs"
ID_WEIGHTS = [2**(17 - i) % 11 for i in range(17)]
SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许曾彭肖"
GIVEN = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬山川江河"
CROPS = ["水稻", "油菜", "花生", "井冈蜜柚", "油茶", "蔬菜"]
STOCK = ["生猪", "肉牛", "麻鸡", "草鱼"]
MACHINES = ["拖拉机", "联合收割机", "插秧机", "植保无人机"]
SUBSIDIES = ["耕地地力保护补贴", "稻谷补贴", "农机购置补贴", "退耕还林补助"]
BANKS = ["JB011", "JB002", "JB005", "JB010"]
TODAY = datetime.date(2026, 11, 1)
# Errors a hundred records: what the offices named in parentheses get wrong.
ERRORS = {"swapped": 1.0, "old_id": 3.0, "name": 4.0, "unit": 2.0, "stale": 6.0, "late_death": 25.0, "twice": 0.6, "missing": 5.0, "wrong_value": 2.0}


def element_titles():
    found = {}
    for pack in ("core", "rural"):
        with open(PACKS / pack / "elements.csv", encoding="utf-8") as file:
            found.update((row["name"], row["title"]) for row in csv.DictReader(file))
    return found


def headers():
    """resource -> {item: header}, in the order of the pack."""
    titles, found = element_titles(), {}
    with open(PACKS / "rural" / "items.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["resource"], {})[row["item"]] = row["title"] or titles[row["element"]]
    return found


def with_check(digits):
    return digits + "10X98765432"[sum(int(c) * w for c, w in zip(digits, ID_WEIGHTS)) % 11]


def old_number(number):
    """As it was before 1999: 15 digits."""
    return number[:6] + number[8:17]


def swap(number, at):
    """Two neighbours exchanged, as a clerk does; such that the check digit tells."""
    for place in (*range(at, 16), *range(at)):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2:]
        if with_check(swapped[:17]) != swapped:
            break
    return swapped



class Maker:
    """Households one after the other; records go to put(resource, {item: value})."""

    def __init__(self, put, seed=360828, errors=True, sample="样例", first=0):
        self.roll, self.put, self.errors, self.sample = random.Random(seed).random, put, errors, sample
        self.issued = set()
        self.serial = self.change = first  # of persons and changes: makers side by side begin far apart

    def below(self, n):
        return int(self.roll() * n)

    def pick(self, values):
        return values[int(self.roll() * len(values))]

    def chance(self, percent):
        return self.roll() * 100 < percent

    def errs(self, kind):
        return self.errors and self.roll() * 100 < ERRORS[kind]

    def person_number(self, birth, male):
        """Unique: born on a day, in one of 6000 regions that do not exist, with an order whose last digit says the sex."""
        while True:
            self.serial += 1
            region, order = 364000 + self.serial % 6000, self.serial // 6000 % 499
            number = with_check(f"{region}{birth:%Y%m%d}{order * 2 + (1 if male else 0):03d}")
            if number not in self.issued:
                self.issued.add(number)
                return number

    def person(self, kinship, male, born, surname):
        birth = datetime.date(born, 1, 1) + datetime.timedelta(days=self.below(364))
        return {"id": self.person_number(birth, male), "name": "样例" + surname + self.pick(GIVEN) + self.pick(GIVEN), "kinship": kinship,
                "sex": "1" if male else "2", "birth": birth, "since": max(birth, datetime.date(1998, 1, 1)), "dead": None, "age": TODAY.year - born}

    def family(self):
        surname, born = self.pick(SURNAMES), 1950 + self.below(45)
        people = [self.person("0", self.chance(88), born, surname)]
        if self.chance(82):
            people.append(self.person("1", people[0]["sex"] == "2", born + self.below(5), self.pick(SURNAMES)))
        for _ in range(self.below(4)):
            male = self.chance(52)
            people.append(self.person("2" if male else "3", male, min(born + 22 + self.below(14), 2025), surname))
        if born > 1968 and self.chance(45):
            people.append(self.person("5", self.chance(45), born - 26, surname))
        return people

    # ---- records of a person, with the errors that offices make ----

    def of(self, person):
        """Identity number and name as an office has them."""
        number, name = person["id"], person["name"]
        if self.errs("swapped"):
            number = swap(number, self.below(16))
        elif person["birth"].year < 1999 and self.errs("old_id"):
            number = old_number(number)
        if self.errs("name"):
            name = name[:3] + " " + name[3:]
        return {"resident_id": number, "person_name": name}

    def record(self, resource, person, lossy=True, **values):
        if not (lossy and self.errs("missing")):
            self.put(resource, {**self.of(person), **values, "sample_note": self.sample})

    def register(self, home, people):
        head = people[0]
        reported = "2026-09-30"
        address = f"江西省吉安市{home['county']}{home['village_name']}{self.below(90) + 1}号"
        self.put("rural_household", {"household_no": home["no"], "head_id": head["id"], "head_name": head["name"], "village_code": home["village"],
                                     "village_name": home["village_name"], "home_address": address, "register_date": "1998-01-01",
                                     "reported_on": reported, "sample_note": self.sample})
        for p in people:
            late = p["dead"] and self.errs("late_death")
            gone = p["dead"] and not late
            self.put("rural_member", {"household_no": home["no"], "resident_id": p["id"], "member_since": p["since"], "person_name": p["name"],
                                      "kinship": p["kinship"], "sex": p["sex"], "birth_date": p["birth"], "nation": "01",
                                      "member_state": "2" if gone else "1", "member_until": p["dead"] if gone else "", "reported_on": reported,
                                      "sample_note": self.sample})
            if self.errs("twice"):  # still registered in another town, where he lived before
                self.put("rural_member", {"household_no": "YLX" + home["no"][3:], "resident_id": p["id"],
                                          "member_since": p["since"] - datetime.timedelta(days=400), "person_name": p["name"], "kinship": "8",
                                          "sex": p["sex"], "birth_date": p["birth"], "nation": "01", "member_state": "1", "member_until": "",
                                          "reported_on": "2019-12-31", "sample_note": self.sample})

    def changed(self, day, kind, before="", after="", person=None, village=""):
        self.change += 1
        self.put("rural_household_change", {"serial_no": f"BD{self.change:09d}", "household_change_date": day, "household_change": kind,
                                            "from_household": before, "to_household": after, "resident_id": person["id"] if person else "",
                                            "village_code": village, "sample_note": self.sample})

    # ---- what a household has ----

    def land(self, home, people, truth):
        head = people[0]
        area = round(1 + self.roll() * 14, 2)
        truth["contract_area"] = area
        code = f"{home['village']}{self.serial % 10000000:07d}J"
        told = round(area / 15, 2) if self.errs("unit") else area  # 公顷 in a column of 亩
        if not self.errs("missing"):
            self.put("rural_land_contract", {"contract_land_no": code, "household_no": home["no"], "contract_area": told,
                                             "transfer_area": round(area * 0.3, 2) if self.chance(25) else 0, "reported_on": "2026-06-30",
                                             "sample_note": self.sample})
        measured = area / 15 if not self.errs("unit") else area  # 亩 in a column of 公顷
        self.record("rural_land_certificate", head, land_cert_no="赣样例农地" + code, contract_land_no=code,
                    land_measured_area=f"{measured:.4f}", property_reg_date=f"201{5 + self.below(4)}-12-20")
        if self.chance(30):
            truth["forest_area"] = forest = round(2 + self.roll() * 40, 2)
            self.record("rural_forest", head, forest_cert_no=f"赣样例林{self.serial:08d}", forest_area=forest, forest_kind=self.pick(["杉木", "油茶", "毛竹"]),
                        property_reg_date="2018-05-10")
        if self.chance(85):
            truth["house_area"] = house = round(80 + self.roll() * 160, 2)
            self.record("rural_house", head, property_cert_no=f"赣样例宅{self.serial:08d}", house_area=house,
                        encumbrance="0" if self.chance(96) else "1", property_reg_date="2021-03-15")
        return area

    def production(self, home, people, area, truth):
        head = people[0]
        if self.chance(70):
            crop = self.pick(CROPS)
            truth["crop_type"], truth["crop_area"] = crop, round(area * 0.9, 2)
            for year in (2024, 2025):
                self.record("rural_planting", head, stat_year=year, crop_kind=crop, crop_area=round(area * (0.9 if year == 2025 else 0.7), 2),
                            crop_yield=round(area * 430, 2))
        if self.chance(22):
            sold = 5 + self.below(200)
            truth["slaughter_num"] = sold
            self.record("rural_breeding", head, stat_year=2025, livestock_kind=self.pick(STOCK), livestock_stock=self.below(120), livestock_sold=sold)
        machines = self.below(3) if self.chance(20) else 0
        for n in range(machines):
            self.record("rural_machine", head, machine_no=f"赣D样例{self.serial:07d}{n}", machine_kind=self.pick(MACHINES), reported_on="2026-06-30")
        if self.chance(4):
            self.record("rural_facility", head, facility_no=f"SS{self.serial:08d}", facility_area=round(1 + self.roll() * 6, 2), reported_on="2026-03-31")
        if self.chance(3):
            self.record("rural_brand", head, certificate_no=f"RZ样例{self.serial:08d}", demo_level=self.pick("234"), quality_cert="绿色食品",
                        trace_flag="是", issued_date="2024-08-01")
        if self.chance(5):
            self.record("rural_entity", head, uscc=firm_code(self.serial), enterprise_name=f"{home['county']}样例{head['name'][2:]}家庭农场", entity_kind="1",
                        registration_status="1", established_date="2021-04-12", business_scope="谷物种植；家禽饲养")

    def money(self, people, area, truth):
        head = people[0]
        total = 0
        for year in (2024, 2025, 2026):
            if self.chance(75):
                amount = round(area * 118.5 + 60, 2)
                self.record("rural_subsidy", head, lossy=False, subsidy_name=SUBSIDIES[0], subsidy_year=year, subsidy_paid_date=f"{year}-05-20",
                            subsidy_amount=amount)
                total += amount
        truth["subsidy_amt"] = round(total, 2) if total else None
        if self.chance(28):
            self.loans(people, truth)
        if self.chance(18):
            insured = 400 * (1 + self.below(10)) * max(1, int(area))
            truth["ins_amt"] = insured / 10000
            self.record("rural_insurance", head, policy_no=f"PD样例{self.serial:09d}", farm_insurance_kind="水稻种植保险", insured_amount=insured,
                        claim_amount=0, policy_date="2026-04-10")
        if self.chance(5):
            self.record("rural_tax", head, tax_year=2025, tax_credit_level=self.pick("ABM"), tax_paid=1200 + self.below(9000),
                        invoice_amount=40000 + self.below(300000))

    def loans(self, people, truth):
        total, worst, overdue, count = 0, "FQ01", 0, 1 + self.below(2)
        for n in range(count):
            late = self.below(120) if self.chance(6) else 0
            balance = 10000 * (1 + self.below(20))
            quality = "FQ01" if late == 0 else "FQ02" if late < 90 else "FQ03"
            total, worst, overdue = total + balance, max(worst, quality), max(overdue, late)
            self.record("rural_loan", people[0 if n == 0 else -1], lossy=False, lender_code=self.pick(BANKS), contract_no=f"HT样例{self.serial:09d}{n}",
                        loan_balance=balance, loan_quality=quality, loan_guarantee=self.pick(["D", "C99", "B01"]), overdue_days=late,
                        reported_on="2026-10-31")
        truth.update(loan_num=count, loan_balance=total / 10000, loan_quality=worst, overdue_days=overdue)

    def welfare(self, home, people, truth):
        head = people[0]
        poor = self.chance(7)
        truth["dibao_flag"] = poor or None
        if poor:
            self.record("rural_assistance", head, dibao="是", tekun="否", reported_on="2026-09-30")
            self.record("rural_monitoring", head, poverty_type="1", reported_on="2026-06-30")
        for p in people:
            if p["dead"]:
                continue
            if p["age"] >= 16:
                pays = p["age"] < 60
                if p is head:
                    truth["pension_status"] = "1" if pays else "4"
                self.record("rural_pension", p, pension_kind="2", pension_status="1" if pays else "4", pension_months=max(0, (p["age"] - 30) * 12),
                            pension_amount="" if pays else "183.50", reported_on="2026-09-30")
            if p is head:
                truth["medical_status"] = "1"
            self.record("rural_medical", p, stat_year=2026, medical_status="1")
            if self.chance(2):
                self.record("rural_disability", p, disability_level=self.pick(["肢体三级", "视力四级", "听力二级"]), reported_on="2026-06-30")
        married = any(p["kinship"] == "1" for p in people)
        truth["marital_status"] = "20" if married else None
        if married:
            self.record("rural_marriage", head, marital_status="20", marriage_date=f"{head['birth'].year + 23}-10-01", reported_on="2026-09-30")
        kwh = round(600 + self.roll() * 2600, 2)
        truth["power_kwh"] = kwh
        self.record("rural_power", head, meter_account=f"36{self.serial:08d}", stat_year=2025, electricity_kwh=kwh, is_overdue="是" if self.chance(2) else "否")
        if self.chance(60):
            self.record("rural_water", head, meter_account=f"SW{self.serial:08d}", stat_year=2025, is_overdue="否")
        vehicles = self.below(3) if self.chance(40) else 0
        truth["vehicle_num"] = vehicles or None
        for n in range(vehicles):
            self.record("rural_vehicle", self.pick([p for p in people if not p["dead"]]), lossy=False, vehicle_plate=f"赣D样例{self.serial:07d}{n}",
                        vehicle_type=self.pick(["小型轿车", "轻型货车", "普通二轮摩托车"]), vehicle_pledged="否", reported_on="2026-09-30")

    def justice(self, people, truth):
        person = people[-1]
        dishonest = self.chance(0.8)
        truth["dishonest_flag"] = dishonest or None
        if dishonest:
            self.record("rural_enforcement", person, lossy=False, case_no=f"（2025）样例执{self.serial:08d}号", dishonest_flag="是",
                        unperformed_amount=5000 + self.below(90000), filed_date="2025-03-11")
        if self.chance(2):
            self.record("rural_lawsuit", person, lossy=False, case_no=f"（2024）样例民初{self.serial:08d}号", filed_date="2024-06-18")
        if self.chance(3):
            self.record("rural_honour", people[0], certificate_no=f"RY样例{self.serial:08d}", honour_name="最美家庭", honour_level="5", honour_date="2025-05-15")

    def survey(self, home, people, area, truth):
        """What the village collected; some of it years ago, some of it guessed."""
        stale, wrong = self.errs("stale"), self.errs("wrong_value")
        income = 20000 + self.below(180000)
        truth.update(total_income=income / 10000, labor_count=sum(16 <= p["age"] < 65 and not p["dead"] for p in people))
        told = {"contract_area": round(area / 15, 2) if self.errs("unit") else area, "crop_area": round(area * (0.5 if wrong else 0.9), 2)}
        self.put("rural_village_survey", {
            "household_no": home["no"], "village_code": home["village"], "collected_on": "2023-05-20" if stale else "2026-05-20", "education": self.pick(["70", "60", "80"]),
            "mobile_phone": f"1990000{self.serial % 10000:04d}", "labour_count": truth["labor_count"],
            "marital_status": "20" if truth["marital_status"] else "10", "crop_kind": truth.get("crop_type", ""),
            "crop_area": told["crop_area"] if "crop_area" in truth else "", "crop_income": round(area * 1400, 2), "livestock_income": "",
            "house_structure": self.pick("123"), "contract_area": told["contract_area"], "household_income": income,
            "household_expense": round(income * 0.6, 2), "wage_income": round(income * 0.5, 2), "business_income": round(income * 0.3, 2),
            "counter_guarantee": "4", "credit_grade": self.pick(["AAA", "AA", "A", "B"]), "credit_score": 60 + self.below(40),
            "sample_note": self.sample})

    def events(self, home, people):
        """Deaths, members who left for a household of their own; returns who is there today."""
        here = []
        for n, p in enumerate(people):
            if n and p["age"] > 75 and self.chance(12):
                p["dead"] = datetime.date(2026, 1 + self.below(9), 1 + self.below(27))
                self.changed(p["dead"], "death", before=home["no"], person=p)
            elif n > 1 and p["kinship"] in "23" and p["age"] > 28 and self.chance(6):
                self.changed("2025-11-03", "leave", before=home["no"], person=p)
                p["left"] = True
                continue
            if not p["dead"]:
                here.append(p)
        return here

    def household(self, number, village, village_name, county):
        """Makes one; returns its truth: item -> value, and its members of today."""
        home = {"no": f"YLH{number:09d}", "village": village, "village_name": village_name, "county": county}
        people = self.family()
        here = self.events(home, people)
        truth = {"household_no": home["no"], "holder_name": people[0]["name"], "holder_id_no": people[0]["id"], "sex": people[0]["sex"],
                 "birth_date": f"{people[0]['birth']}", "member_count": len(here), "members": sorted(p["id"] for p in here), "region_code": village}
        self.register(home, people)
        area = self.land(home, here, truth)
        self.production(home, here, area, truth)
        self.money(here, area, truth)
        self.welfare(home, here, truth)
        self.justice(here, truth)
        self.survey(home, here, area, truth)
        return truth


USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORG_CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def firm_code(number):
    """A credit code whose organisation code begins with YL, which is given to nobody."""
    body = "YL"
    for place in range(5, -1, -1):
        body += USCC_CHARS[number // 31**place % 31]
    check = 11 - sum(ORG_CHARS.index(c) * w for c, w in zip(body, [3, 7, 9, 10, 5, 8, 4, 2])) % 11
    code = "92" + "360828" + body + {10: "X", 11: "0"}.get(check, str(check))
    return code + USCC_CHARS[-sum(USCC_CHARS.index(c) * 3**i for i, c in enumerate(code)) % 31]
