// What the tests of double publicity share: its two tables, rows that pass every check, and credit codes that are right and nobody's.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY", ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** category 2, region 6, body 8 characters: the organisation code's and the credit code's check characters are added (GB 11714, GB 32100). */
export function uscc(category, region, body) {
  const org = 11 - ([...body].reduce((sum, c, i) => sum + ORG.indexOf(c) * [3, 7, 9, 10, 5, 8, 4, 2][i], 0) % 11);
  const code = category + region + body + (org === 10 ? "X" : org === 11 ? "0" : String(org));
  const sum = [...code].reduce((total, c, i) => total + CHARS.indexOf(c) * 3 ** i % 31, 0);
  return code + CHARS[(31 - (sum % 31)) % 31];
}

// The two tables: field, length, required (C: by what another field says, see the cases).  A length of 0 is that of a code or a date.
const PARTY = "XDR_MC:200:Y XDR_LB:0:Y XDR_SHXYM:18:C XDR_GSZC:50:N XDR_ZZJG:9:N XDR_SWDJ:15:N XDR_SYDW:12:N XDR_SHZZ:50:N FRDB:50:C FR_ZJLX:0:N FR_ZJHM:64:N XDR_ZJLX:0:C XDR_ZJHM:64:C";
export const TABLES = {
  administrative_permit: {
    prefix: "XK_",
    fields: `${PARTY} XKWS:64:Y WSH:64:Y XKLB:0:Y XKZS:64:N XKBH:64:N NR:4000:Y JDRQ:0:Y YXQZ:0:Y YXQZI:0:Y XKJG:200:Y XKJGDM:18:Y ZT:0:Y LYDW:200:Y LYDWDM:18:Y BZ:4000:N`,
    count: 28,
  },
  administrative_penalty: {
    prefix: "CF_",
    fields: `${PARTY} WSH:128:Y WFXW:2000:Y SY:5000:Y YJ:2048:Y CFLB:0:Y NR:4000:Y NR_FK:0:C NR_WFFF:0:C NR_ZKDX:200:C JDRQ:0:Y YXQ:0:Y GSJZQ:0:Y CFJG:200:Y CFJGDM:18:Y SJLY:200:Y SJLYDM:18:Y BZ:4000:N`,
    count: 30,
  },
};
export const OFFICE = uscc("11", "360800", "YL900001"), OTHER = uscc("11", "360800", "YL900002");
export const FIRM = uscc("91", "360802", "YL000001");
export const PERSON = "360802199001010008"; // order number 000 is given to nobody

export const fieldsOf = (table) => table.fields.split(" ").map((f) => f.split(":")).map(([name, length, need]) => ({ name, code: name === "BZ" ? name : table.prefix + name, length: Number(length), need }));

export const GOOD = {
  XDR_MC: "样例公司", XDR_LB: "法人及非法人组织", XDR_SHXYM: FIRM, FRDB: "样例法人", BZ: "样例数据",
  XKWS: "样例决定书", XKLB: "普通", NR: "样例内容", JDRQ: "2026/05/06", YXQZ: "2026/05/06", YXQZI: "2031/05/05", XKJG: "样例机关", XKJGDM: OFFICE, ZT: "1", LYDW: "样例机关", LYDWDM: OFFICE,
  WFXW: "样例违法", SY: "样例事实", YJ: "《样例条例》第一条", CFLB: "罚款", NR_FK: "0.5", YXQ: "2099/12/31", GSJZQ: "2027/05/06", CFJG: "样例机关", CFJGDM: OFFICE, SJLY: "样例机关", SJLYDM: OFFICE,
};
export const A_PERSON = { XDR_MC: "样例张三", XDR_LB: "自然人", XDR_SHXYM: "", FRDB: "", XDR_ZJLX: "身份证", XDR_ZJHM: PERSON };

function csvOf(columns, rows) {
  const cell = (v) => (/[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  return [columns, ...rows].map((row) => row.map((v) => cell(String(v))).join(",")).join("\r\n") + "\r\n";
}


/** Columns of the table's own delivery, and a row of it: what is good, changed as asked; names stand without their prefix. */
export const columnsOf = (resource) => [...fieldsOf(TABLES[resource]).map((f) => f.code), "SXCD"];
export function rowOf(resource, change) {
  const { prefix } = TABLES[resource], values = { ...GOOD, ...change };
  return columnsOf(resource).map((c) => values[c.startsWith(prefix) ? c.slice(3) : c] ?? "");
}

/** Writes a delivery of these rows (each a change of what is good) into dir; returns its path. */
export function writeDelivery(dir, name, resource, changes) {
  const path = join(dir, name), marked = changes.some((c) => c.op);
  const rows = changes.map((c) => [...(marked ? [c.op ?? ""] : []), ...rowOf(resource, c)]);
  writeFileSync(path, csvOf([...(marked ? ["操作"] : []), ...columnsOf(resource)], rows));
  return path;
}
