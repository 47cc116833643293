// Made-up firms for the tests of pre-checks and of the model kit: registered, rated by the tax office, some with loans.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const sum = (text, weights, chars) => [...text].reduce((s, c, i) => s + chars.indexOf(c) * weights[i], 0);
const ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY";

function uscc(n) {
  const body = `YM${String(n).padStart(6, "0")}`;
  const check = 11 - (sum(body, [3, 7, 9, 10, 5, 8, 4, 2], ORG) % 11);
  const code = `91360802${body}${{ 10: "X", 11: "0" }[check] ?? check}`;
  return code + USCC[(31 - (sum(code, Array.from({ length: 17 }, (_, i) => 3 ** i % 31), USCC) % 31)) % 31];
}

export function residentId(birth, n) {
  const digits = `360802${birth}${String(n).padStart(3, "0")}`;
  return digits + "10X98765432"[sum(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], "0123456789") % 11];
}

/** The legal representative of the first firm, and somebody else. */
export const REPRESENTATIVE = residentId("19750302", 1), OTHER = residentId("19880916", 2);

const yuan = (wan) => String(wan);

/** { firms, files }: n firms with what is on record of each, and the deliveries that say so; loans: lateness grows as the grade gets worse. */
export function firms(dir, n) {
  const list = Array.from({ length: n }, (_, i) => ({
    uscc: uscc(i + 1), name: `${"东南西北中"[i % 5]}${"安邦昌诚达丰"[i % 6]}${i + 1}商贸有限公司`, capital: 10 + ((i * 37) % 991),
    established: `${2002 + (i % 20)}-0${1 + (i % 9)}-11`, grade: "ABMCD"[(i * 7) % 5], rated: i % 10 !== 9, loan: i % 3 !== 0, late: i % 3 !== 0 && (Math.imul(i + 1, 2654435761) >>> 16) % 10 < 2 + ((i * 7) % 5),
  }));
  const csv = (name, rows) => {
    const path = join(dir, `${name}.csv`);
    writeFileSync(path, rows.map((r) => r.join(",")).join("\n") + "\n");
    return path;
  };
  const registrations = [["统一社会信用代码", "企业名称", "企业类型", "行业", "成立日期", "注册资本（万元）", "法定代表人", "法定代表人身份证号", "住所", "所在区县", "登记状态"],
    ...list.map((f, i) => [f.uscc, f.name, "有限责任公司", "C13", f.established, yuan(f.capital), "示例人", i ? "" : REPRESENTATIVE, `江西省吉安市示例路${i + 1}号`, "360802", "1"])];
  const ratings = [["纳税人识别号", "纳税人名称", "评价年度", "级别", "主管税务机关"], ...list.filter((f) => f.rated).map((f) => [f.uscc, f.name, "2024", f.grade, "吉州区税务局"])];
  const loans = [["uscc", "enterprise_name", "finance_loan_no", "institution_code", "loan_amount", "loan_rate", "loan_from", "loan_to", "loan_quality", "loan_balance", "loan_overdue_days", "loan_status"],
    ...list.filter((f) => f.loan).map((f, i) => [f.uscc, f.name, `L${i}`, "JB01", "500000", "0.045", "2025-03-01", "2026-03-01", f.late ? "FQ03" : "FQ01", "500000", f.late ? "120" : "0", "LS02"])];
  return { list, files: [["enterprise_registration", csv("registrations", registrations)], ["tax_rating", csv("ratings", ratings)]], loans: () => csv("loans", loans) };
}
