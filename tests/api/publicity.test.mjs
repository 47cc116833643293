// Double publicity: every check of the tables of 28 and 30 fields refuses (or counts) the row that breaks it, and no other.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deliver, demoData, serveDemo } from "./demo.mjs";
import { addAccount, binary, signIn, tempDir } from "./lib.mjs";
import { A_PERSON, fieldsOf, FIRM, OFFICE, OTHER, PERSON, TABLES, writeDelivery } from "./publicity.mjs";

const NUMBERS = ["NR_FK", "NR_WFFF"], DATES = ["JDRQ", "YXQZ", "YXQZI", "YXQ", "GSJZQ"], CODES = ["XDR_LB", "FR_ZJLX", "XDR_ZJLX", "XKLB", "ZT", "CFLB"];
const USCC = ["XDR_SHXYM", "XKJGDM", "CFJGDM", "LYDWDM", "SJLYDM"];

// What breaks each check of checks.csv, and only that one; `only` where it is of one of the two tables.
const RULES = {
  organisation_has_uscc: { XDR_SHXYM: "" },
  legal_person_has_representative: { FRDB: "" },
  trader_has_operator: { XDR_LB: "个体工商户", FRDB: "" },
  person_has_cert_kind: { ...A_PERSON, XDR_ZJLX: "" },
  person_has_cert_no: { ...A_PERSON, XDR_ZJHM: "" },
  person_cert_is_valid: { ...A_PERSON, XDR_ZJHM: "360802199001010005" },
  representative_cert_is_valid: { FR_ZJLX: "身份证", FR_ZJHM: "360802199001010005" },
  representative_cert_is_whole: { FR_ZJLX: "护照" },
  person_cert_is_a_persons: { XDR_ZJLX: "护照" },
  validity_in_order: { YXQZ: "2032/01/01", YXQZI: "2031/12/31" },
  valid_after_decision: { YXQZ: "2026/05/01", YXQZI: "2026/05/05", YXQ: "2026/05/05" },
  not_valid_before_decision: { YXQZ: "2026/05/05" },
  long_term_is_2099: { YXQZI: "2100/01/01", YXQ: "2100/01/01" },
  fine_has_amount: { NR_FK: "" },
  amount_has_fine: { CFLB: "警告" },
  confiscation_has_amount: { CFLB: "罚款;没收违法所得" },
  amount_has_confiscation: { NR_WFFF: "1" },
  certificate_is_named: { CFLB: "罚款；吊销许可证件" },
  certificate_has_measure: { NR_ZKDX: "样例证 1 号" },
  public_after_decision: { GSJZQ: "2026/05/05" },
  public_within_longest: { GSJZQ: "2029/05/07", SXCD: "严重" },
  public_for_shortest: { GSJZQ: "2026/08/05", SXCD: "一般" },
  basis_cites_a_law: { YJ: "有关规定" },
  large_fine: { NR_FK: "10000" },
};

function packTable(name) {
  const [head, ...rows] = readFileSync(join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../packs/credit", name), "utf8").trim().split("\n")
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, "").replaceAll('""', '"')));
  return rows.map((row) => Object.fromEntries(head.map((h, i) => [h, row[i]])));
}

/** One row a field that lacks it, holds too much, or holds what it cannot. */
function fieldCases(table, item) {
  const cases = [];
  for (const { name, length, need } of fieldsOf(table)) {
    if (need === "Y") cases.push({ change: { [name]: "" }, want: [`${item(name)}:item.required`] });
    if (USCC.includes(name)) cases.push({ change: { [name]: `${OFFICE.slice(0, 17)}${OFFICE[17] === "3" ? "4" : "3"}` }, want: [`${item(name)}:item.identifier`] });
    else if (name === "XDR_ZZJG") cases.push({ change: { [name]: "YL0000011" }, want: [`${item(name)}:item.identifier`] });
    else if (DATES.includes(name)) cases.push({ change: { [name]: "2026/02/30" }, want: [`${item(name)}:item.type`] });
    else if (NUMBERS.includes(name)) cases.push({ change: { [name]: "五万左右" }, want: [`${item(name)}:item.type`], also: true });
    else if (CODES.includes(name)) cases.push({ change: { [name]: "样例没有的代码" }, want: [`${item(name)}:item.code`], also: true });
    else cases.push({ change: { [name]: "1".repeat(length + 1) }, want: [`${item(name)}:item.length`], also: true });
  }
  return cases;
}

async function reasonsOf(s, batch) {
  const rows = new Map();
  for (let offset = 0; ; offset += 200) {
    const page = (await s.call("batch.quarantine", { id: batch, offset, limit: 200 })).body;
    for (const one of page.items) rows.set(one.row, one);
    if (offset + 200 >= page.total) return rows;
  }
}

for (const [resource, table] of Object.entries(TABLES))
  test(`${resource}: every field and every check has a row that trips it`, async (t) => {
    const s = await serveDemo(t);
    const items = packTable("items.csv").filter((i) => i.resource === resource);
    const checks = packTable("checks.csv").filter((c) => c.resource === resource);
    const fields = fieldsOf(table);
    const item = (name) => items.find((i) => i["#field"] === (name === "BZ" ? name : table.prefix + name)).item;
    assert.equal(fields.length, table.count);
    assert.deepEqual(items.filter((i) => i["#field"] !== "SXCD").map((i) => i["#field"]), fields.map((f) => f.code), "the fields in the order of the table");
    for (const f of fields) assert.equal(items.find((i) => i["#field"] === f.code).required === "Y", f.need === "Y", f.code);

    let number = 0;
    const send = async (cases, name) => {
      const path = writeDelivery(tempDir(t), name, resource, cases.map((c) => ({ WSH: `样例〔2026〕${++number}号`, ...c.change })));
      const done = await deliver(s, { resource, path });
      assert.equal(done.state, "published", JSON.stringify(done));
      return { done, rows: await reasonsOf(s, done.id) };
    };

    const rules = checks.filter((c) => c.severity === "error").map((c) => ({ change: RULES[c.name], want: ["row.rule"], says: c.message_en }));
    for (const c of checks) assert.ok(RULES[c.name], `no row trips ${c.name}`);
    const cases = [{ change: {}, want: [] }, { change: A_PERSON, want: [] }, ...fieldCases(table, item), ...rules];
    const { done, rows } = await send(cases, "cases.csv");
    cases.forEach((c, i) => {
      const { codes: got = [], en = "" } = rows.get(i + 1) ?? {}, where = `row ${i + 1}: ${JSON.stringify(c.change).slice(0, 200)}: ${got}: ${en}`;
      if (c.also) assert.ok(c.want.every((w) => got.includes(w)), where);
      else assert.deepEqual([...new Set(got)], c.want, where); // several rules have one code
      if (c.says) assert.ok(en.includes(c.says), where);
    });
    assert.equal(done.published, 2);

    const warnings = checks.filter((c) => c.severity === "warning");
    for (const w of warnings) {
      const sent = await send([{ change: RULES[w.name] }], `${w.name}.csv`);
      assert.equal(sent.done.published, 1, w.name);
      const quality = (await s.call("batch.quality", { id: sent.done.id })).body;
      assert.deepEqual(quality.rules.filter((r) => r.count > 0).map((r) => r.name), [w.name]);
    }
  });

test("several categories of a penalty are one list of codes, amounts keep six places of ten thousand yuan", async (t) => {
  const s = await serveDemo(t);
  const path = writeDelivery(tempDir(t), "one.csv", "administrative_penalty", [
    { WSH: "样例〔2026〕1号", CFLB: "罚款；警告;没收违法所得；罚款", NR_FK: "1.234567", NR_WFFF: "0.000001" },
  ]);
  assert.equal((await deliver(s, { resource: "administrative_penalty", path })).published, 1);
  const got = await s.call("record.show", { name: "administrative_penalty", key: ["样例〔2026〕1号", OFFICE, "样例公司"] });
  assert.equal(got.status, 200, got.text);
  const found = got.body.record;
  assert.equal(found.penalty_category, "01;03;04");
  assert.equal(found.fine_amount, 12345.67);
  assert.equal(found.confiscated_amount, 0.01);
});

// --- timeliness ---

/** Takes a delivery in as if it came on that day, without a server. */
function takeIn(data, resource, path, day) {
  const env = { ...process.env, LULING_NOW: String(Date.parse(`${day}T03:00:00Z`)) };
  const done = spawnSync(binary, ["intake", path, "--resource", resource, "-d", data], { env, encoding: "utf8" });
  assert.ok(done.status === 0 || done.status === 65, done.stderr);
}

/** Working days after `from` up to and with `to`, by the package's own calendar. */
async function workdays(from, to) {
  const { isWorkday } = (await import("chinese-days")).default;
  let n = 0;
  for (let day = Date.parse(from) + 864e5; day <= Date.parse(to); day += 864e5) n += isWorkday(new Date(day).toISOString().slice(0, 10));
  return n;
}

test("per department and month: in time, late, told again, told by two, taken back, refused, and gaps", async (t) => {
  const data = await demoData(t), dir = tempDir(t), resource = "administrative_penalty";
  const a = (n, change) => ({ WSH: `样例罚〔2026〕${n}号`, JDRQ: "2026/05/07", ...change });
  const b = (n, change) => a(n, { CFJG: "吉安市应急管理局", CFJGDM: OTHER, SJLY: "吉安市应急管理局", SJLYDM: OTHER, ...change });
  takeIn(data, resource, writeDelivery(dir, "1.csv", resource, [
    a(1), a(2, { JDRQ: "2026/04/01" }), a(3, { JDRQ: "2026/04/20" }), a(5, { YJ: "有关规定" }), a(6), a(9), a(100, { JDRQ: "2026/03/02" }),
  ]), "2026-05-13");
  takeIn(data, resource, writeDelivery(dir, "2.csv", resource, [
    a(1), a(2, { JDRQ: "2026/04/01", NR_FK: "0.6" }), b(1), b(8, { SY: "" }), b(9, { XDR_MC: "样例公司二" }), { ...a(6), op: "删除" },
  ]), "2026-05-21");

  const s = await serveDemo(t, { data });
  const range = { kind: "penalty", from: "2026-04", to: "2026-05" };
  const got = (await s.call("timeliness.show", range)).body;
  const late = async (from) => (await workdays(from, "2026-05-13")) - 7;
  const line = (department, month) => got.lines.find((l) => l.department === department && l.month === month);
  assert.equal(got.report_days, 7);
  assert.equal(got.basis, "recalled");
  assert.deepEqual(got.lines.map((l) => [l.department, l.month]), [[OFFICE, "2026-04"], [OFFICE, "2026-05"], [OTHER, "2026-05"]]);
  const april = line(OFFICE, "2026-04");
  assert.deepEqual([april.decided, april.in_time, april.late, april.late_days, april.worst], [2, 0, 2, (await late("2026-04-01")) + (await late("2026-04-20")), await late("2026-04-01")]);
  assert.equal(april.repeated, 0, "a correction is no repetition");
  const may = line(OFFICE, "2026-05");
  assert.deepEqual([may.decided, may.in_time, may.late, may.ungrounded, may.repeated, may.shared], [3, 3, 0, 1, 1, 2], "what was taken back does not count");
  const other = line(OTHER, "2026-05");
  assert.deepEqual([other.decided, other.late, other.shared, other.refused], [2, 2, 2, 1]);
  assert.equal(got.sums.decided, 7);
  assert.deepEqual(got.gaps.map((g) => [g.department, g.series, g.lowest, g.highest, g.reported, g.missing, g.first]), []);

  const records = (await s.call("timeliness.records", { ...range, what: "late" })).body;
  assert.equal(records.total, 4);
  assert.deepEqual([records.items[0].number, records.items[0].beyond, records.items[0].told], ["样例罚〔2026〕2号", april.worst, 2]);
  const shared = (await s.call("timeliness.records", { ...range, what: "shared", department: OTHER })).body;
  assert.deepEqual(shared.items.map((r) => [r.number, r.others]), [["样例罚〔2026〕1号", "样例机关"], ["样例罚〔2026〕9号", "样例机关"]]);
  assert.equal((await s.call("timeliness.records", { ...range, what: "repeated" })).body.total, 1);
  assert.equal((await s.call("timeliness.records", { ...range, what: "ungrounded" })).body.items[0].number, "样例罚〔2026〕5号");

  const file = await s.call("timeliness.file", { ...range, lang: "en" });
  assert.equal(file.text.trim().split("\r\n").length, 1 + 3 + 1);
  assert.match(file.text, /sum,,,7,3,4,/);
  assert.equal((await s.call("timeliness.show", { ...range, from: "2026-06" })).status, 400);
  assert.equal((await s.call("timeliness.show", { ...range, from: "2026-13" })).status, 400);
  assert.equal((await s.call("timeliness.show", { ...range, kind: "nothing" })).status, 404);
  assert.equal((await s.call("timeliness.show", { kind: "permit" })).body.sums.decided, 0, "nothing was ever delivered");

  await addAccount(data, "emergency", "JA021", "source_steward");
  const cookie = await signIn(s, "emergency");
  const own = (await s.call("timeliness.show", range, { cookie })).body;
  assert.deepEqual(own.lines.map((l) => l.department), [OTHER], "a steward sees its own department");
  assert.equal((await s.call("timeliness.records", { ...range, what: "all" }, { cookie })).body.total, 2);
  await addAccount(data, "credit.office", "JA002", "source_steward");
  assert.equal((await s.call("timeliness.show", range, { cookie: await signIn(s, "credit.office") })).body.lines.length, 3, "the office that provides the resource sees all");
});

test("numbers that are missing in a series are told as a hint", async (t) => {
  const data = await demoData(t), dir = tempDir(t), resource = "administrative_permit";
  const numbers = [1, 2, 3, 5, 6, 9];
  takeIn(data, resource, writeDelivery(dir, "1.csv", resource, numbers.map((n) => ({ WSH: `样例许〔2026〕${String(n).padStart(4, "0")}号` }))), "2026-05-08");
  const s = await serveDemo(t, { data });
  const reply = await s.call("timeliness.show", { kind: "permit", from: "2026-05", to: "2026-05" });
  assert.equal(reply.status, 200, reply.text);
  const got = reply.body;
  assert.deepEqual(got.gaps, [{ department: OFFICE, name: "样例机关", series: "样例许〔2026〕", lowest: 1, highest: 9, reported: 6, missing: 3, first: "4, 7, 8" }]);
  assert.equal(got.sums.ungrounded, null, "a permit has no such field");
});

// --- what the public sees ---

const daysFromNow = (n) => new Date(Date.now() + 8 * 36e5 + n * 864e5).toISOString().slice(0, 10).replaceAll("-", "/");

test("the public finds what is in its period, and natural persons by the document number alone", async (t) => {
  const s = await serveDemo(t), dir = tempDir(t), ask = { anonymous: true };
  const penalty = (n, ago, change) => ({ WSH: `样例罚〔2026〕${n}号`, JDRQ: daysFromNow(-ago), GSJZQ: daysFromNow(365 - ago), SXCD: "一般", ...change });
  await deliver(s, { resource: "administrative_penalty", path: writeDelivery(dir, "p.csv", "administrative_penalty", [
    penalty(1, 10), penalty(2, 20, { SXCD: "轻微", CFLB: "警告", NR_FK: "", GSJZQ: daysFromNow(-20) }), penalty(3, 400, { GSJZQ: daysFromNow(900) }), penalty(4, 30),
    penalty(5, 15, { ...A_PERSON, SY: `样例张三（${PERSON}，电话 13800000000）的样例事实` }), penalty(6, 12, { SY: `经办人身份证 ${PERSON}` }),
  ]) });
  await deliver(s, { resource: "administrative_permit", path: writeDelivery(dir, "x.csv", "administrative_permit", [
    { WSH: "样例许〔2026〕1号", JDRQ: daysFromNow(-5), YXQZ: daysFromNow(-5), YXQZI: daysFromNow(100) },
    { WSH: "样例许〔2026〕2号", JDRQ: daysFromNow(-50), YXQZ: daysFromNow(-50), YXQZI: daysFromNow(-1) },
  ]) });
  const find = async (q, more = {}) => (await s.call("publicity.find", { q, ...more }, ask)).body;
  const numbers = (found) => found.items.map((i) => i.fields.find((f) => f.name.endsWith("doc_no")).value);
  const value = (item, name) => item.fields.find((f) => f.name === name)?.value;

  const all = await find(FIRM);
  assert.deepEqual(numbers(all), ["样例许〔2026〕1号", "样例罚〔2026〕1号", "样例罚〔2026〕6号", "样例罚〔2026〕4号"], "the latest first; ended, minor and expired ones are not there");
  assert.deepEqual(numbers(await find("样例公")), numbers(all), "by the beginning of the name");
  assert.deepEqual(numbers(await find(FIRM, { kind: "penalty" })).length, 3);
  assert.deepEqual(numbers(await find("样例罚〔2026〕4号")), ["样例罚〔2026〕4号"]);
  const [one] = (await find("样例罚〔2026〕1号")).items;
  assert.deepEqual([one.level, one.basis, one.until], ["2", "quoted", daysFromNow(355).replaceAll("/", "-")]);
  assert.deepEqual(value(one, "penalty_category"), [{ code: "03", title: "罚款", title_en: "Fine" }]);
  assert.ok(!one.fields.some((f) => /cert_no$|legal_rep/.test(f.name) && f.name !== "permit_cert_no"), "no certificate of a person");
  assert.equal((await find("样例罚〔2026〕3号")).items.length, 0, "twelve months are over, whatever the department says");

  const reply = await s.call("publicity.find", { q: "样例罚〔2026〕5号" }, ask);
  const [person] = reply.body.items;
  assert.equal(person.person, true);
  assert.equal(value(person, "subject_name"), "样***");
  assert.match(value(person, "violation_facts"), /^样\*\*\*（360802\*+0008，电话 138\*+000）的样例事实$/);
  assert.equal(reply.headers.get("x-robots-tag"), "noindex, noarchive");
  for (const secret of [PERSON, "张三", "13800000000"]) assert.ok(!reply.text.includes(secret), secret);
  assert.equal((await find("样例张")).items.length, 0, "in no list");
  assert.equal((await s.call("publicity.find", { q: PERSON }, ask)).status, 400, "not by an identity number");
  assert.ok(!(await s.call("publicity.find", { q: "样例罚〔2026〕6号" }, ask)).text.includes(PERSON), "nor does a text give one away");
  assert.equal((await s.call("publicity.find", { q: "样" }, ask)).status, 400);
  assert.equal((await s.call("publicity.find", { q: "样例公司", by: "code" }, ask)).status, 400);
  assert.equal((await s.call("publicity.find", { q: "样例公司", kind: "nothing" }, ask)).status, 404);

  const rules = (await s.call("publicity.rules", {}, ask)).body;
  assert.deepEqual(rules.periods.map((p) => [p.kind, p.level, p.least_months, p.most_months, p.basis]), [
    ["permit", null, null, null, "reconstruction"], ["penalty", "1", 0, 3, "quoted"], ["penalty", "2", 3, 12, "quoted"], ["penalty", "3", 12, 36, "quoted"],
  ]);

  // An early end, as credit repair makes it: gone from the next question on.
  const key = JSON.stringify(["样例罚〔2026〕1号", OFFICE, "样例公司"]);
  const stop = "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO publicity_stop (resource, record, since, reason, document, made_at) "
    + "VALUES (?, ?, ?, ?, ?, ?)', ('administrative_penalty', sys.argv[2], int(time.time() // 86400), '信用修复', '样例修复决定 1 号', 0)); c.commit()";
  assert.equal(spawnSync("python3", ["-c", stop, join(s.data, "luling.db"), key], { encoding: "utf8" }).stderr, "");
  assert.equal((await find("样例罚〔2026〕1号")).items.length, 0);
  assert.equal((await find(FIRM, { kind: "penalty" })).items.length, 2);
  assert.equal((await s.call("open.preview", { name: "administrative_penalty" }, ask)).status, 404, "nor is there a download of all of it");
});

test("whoever asks too often waits", async (t) => {
  const s = await serveDemo(t, { settings: { public_rate: 1 } });
  const replies = [];
  for (let i = 0; i < 4; i++) replies.push((await s.call("publicity.find", { q: "样例公司" }, { anonymous: true })).status);
  assert.ok(replies.includes(429), replies.join());
});
