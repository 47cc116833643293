// Credit repair: asked for by the subject with proofs, taken up, decided by who recognised the fault in time; gone from the bank's answers, and
// the bank told; revoked, and back again.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deliver, demoFiles } from "./demo.mjs";
import { luling, routes, tempDir, until } from "./lib.mjs";
import { corrections, look, platform, SERVICE, some, value } from "./penalties.mjs";
import { subjectOf } from "./subject.mjs";

const SHOWN_LATE_MS = 1100;
const PDF = Buffer.from("%PDF-1.4\n%sample\n");
const day = (ms) => new Date(ms).toISOString().slice(0, 10);
const ago = (months) => { const d = new Date(); d.setUTCDate(15); d.setUTCMonth(d.getUTCMonth() - months); return day(d); };
const basis = "《信用修复管理办法》第九条";

/** A penalty of these days and degree, whose subject is signed in. */
async function fault(t, { decided, until: last, level }) {
  const p = await platform(t);
  const [one] = await some(p.bank);
  await p.redeliver(one.doc, { penalty_date: decided, public_until: last, dishonesty_level: level });
  const me = await subjectOf(p.s, p.as, one.uscc);
  const draft = { resource: SERVICE, key: one.key, statement: "罚款已缴清，违法行为已改正", commitment: "承诺守法经营，如有违反愿受惩戒" };
  return { ...p, ...one, me, draft };
}

/** A pack with a view over penalties, as any pack may have one. */
async function viewOf(t, s) {
  const pack = join(tempDir(t), "penalty_list");
  mkdirSync(join(pack, "views"), { recursive: true });
  writeFileSync(join(pack, "pack.json"), JSON.stringify({ name: "penalty_list", version: "1.0.0", title: { zh: "处罚", en: "Penalties" }, needs: ["core", "jian", "credit"], sample: true }));
  writeFileSync(join(pack, "services.csv"), "name,version,title,title_en,summary,summary_en,view,row_limit,time_limit,callable\npenalty_list,1,处罚清单,Penalties,处罚清单,Penalties,penalty_list,500,5000,Y\n");
  writeFileSync(join(pack, "service_items.csv"), "service,name,use,from,element,title,title_en,required,default,min,max\npenalty_list,number,output,administrative_penalty.penalty_doc_no,,,,,,,\n");
  writeFileSync(join(pack, "views", "penalty_list.sql"), "SELECT penalty_doc_no AS number FROM administrative_penalty ORDER BY number\n");
  const run = await luling(["pack", "load", pack, "-d", s.data, "--lang", "en"]);
  assert.equal(run.code, 0, run.err);
}

/** The document numbers in everything that leaves in one piece: an export, and a view. */
async function whole(bank) {
  const asked = await bank.call("export.ask", { name: SERVICE }, { format: "csv" });
  assert.equal(asked.status, 202, asked.text);
  await until("the export", () => bank.call("export.show", { id: asked.body.id }), (r) => r.body.state === "ready");
  const file = (await bank.call("export.file", { id: asked.body.id })).text;
  const rows = await bank.call("service.rows", { name: "penalty_list" }, { limit: 500 });
  assert.equal(rows.status, 200, rows.text);
  return { id: asked.body.id, file, view: rows.body.rows.map((r) => r.number.value) };
}

const attach = (me, id, name = "缴款凭证.pdf", body = PDF) => me("me.repair.attach", { id, name }, undefined, { headers: { "Content-Type": "application/octet-stream" }, body });

test("a repair is asked for, proved, taken up and decided: the record is gone for the bank, which is told; revoked, it is back", async (t) => {
  const { s, as, bank, me, key, doc, uscc, draft, redeliver } = await fault(t, { decided: ago(5), until: ago(-7), level: "一般" });
  const other = (await some(bank)).find((x) => x.doc !== doc);
  assert.equal((await value(bank, key, "penalty_content")).status, "present");
  const mine = async () => (await bank.call("service.query", { name: SERVICE }, { subject: uscc, limit: 200 })).body.result;
  const before = await mine();
  await viewOf(t, s);
  const ask = { subject: uscc, purpose: "贷前调查", format: "html" };
  const numberOf = (reply) => /CR\d{8}-[0-9A-Z]{8}/.exec(reply.headers.get("content-disposition"))[0];
  const state = async (number) => (await s.call("report.verify", { number }, { anonymous: true })).body.state;
  await deliver(s, demoFiles(t).deliveries.find((d) => d.resource === "enterprise_registration"));
  const issued = await as.operator("report.issue", {}, ask);
  assert.ok(issued.text.includes(doc));
  const first = numberOf(issued);
  assert.equal(await state(first), "valid");
  const all = await whole(bank);
  const published = async () => (await s.call("publicity.find", { q: doc }, { anonymous: true })).body.items.length;
  assert.equal(await published(), 1);
  assert.ok(all.file.includes(doc) && all.view.includes(doc));
  assert.ok(before.records.some((r) => r.key[0] === doc));
  const cursor = (await bank.call("corrections.list", {})).body.cursor;

  for (const [body, status] of [[{ ...draft, key: other.key }, other.uscc === uscc ? 201 : 404], [{ ...draft, statement: "好" }, 422], [{ ...draft, resource: "tax_rating" }, 422], [{ ...draft, commitment: undefined }, 400]])
    assert.equal((await me("me.repair.add", {}, body)).status, status, JSON.stringify(body));
  const made = await me("me.repair.add", {}, draft);
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.deepEqual([made.body.state, made.body.level, made.body.key, made.body.attachments, made.body.actions.map((a) => a.action).sort()], ["draft", "2", key, [], ["submit", "withdraw"]]);
  assert.ok(made.body.earliest <= day(Date.now()) && made.body.latest > day(Date.now()), JSON.stringify(made.body));
  assert.equal((await me("me.repair.add", {}, draft)).status, 409, "one at a time");
  assert.equal((await as.operator("repair.show", { id })).status, 404, "a draft is the subject's alone");
  const step = async (who, action, more = {}) => who === me ? me("me.repair.act", { id }, { action, ...more }) : as[who]("repair.act", { id }, { action, ...more });
  assert.equal((await step(me, "submit")).status, 422, "without a proof");
  const scan = await attach(me, id);
  assert.equal(scan.status, 201, scan.text);
  assert.equal((await attach(me, id, "a.txt", Buffer.from("no scan at all"))).status, 422);
  const handed = await step(me, "submit");
  assert.deepEqual([handed.status, handed.body.state], [200, "submitted"], handed.text);
  assert.equal((await attach(me, id)).status, 409, "handed in is handed in");

  // The platform's desk, then the source's.
  assert.equal((await as.source("repair.act", { id }, { action: "accept" })).status, 403);
  assert.ok((await as.operator("tasks.list", {})).body.items.some((x) => x.id === id && x.kind === "repair"));
  assert.equal((await step("operator", "return", { reason: "请补充结清证明" })).body.state, "returned");
  assert.equal((await attach(me, id, "结清证明.pdf", Buffer.concat([PDF, Buffer.from("2")]))).status, 201);
  assert.equal((await step(me, "submit")).status, 200);
  assert.equal((await step("operator", "accept")).body.state, "review");
  const seen = (await as.source("repair.show", { id })).body;
  assert.deepEqual([seen.attachments.length, seen.subject.includes("*"), seen.actions.map((a) => a.action).sort()], [2, true, ["extend", "refuse", "repair"]]);
  assert.ok((await as.source("tasks.list", {})).body.items.some((x) => x.id === id));
  const fetched = await as.source("repair.attachment", { id, hash: scan.body.sha256 });
  assert.ok(fetched.bytes.equals(PDF));
  assert.ok((await me("me.repair.attachment", { id, hash: scan.body.sha256 })).bytes.equals(PDF));
  assert.equal((await as.tax("repair.show", { id })).status, 404);
  assert.equal((await as.tax("repair.attachment", { id, hash: scan.body.sha256 })).status, 404);
  assert.equal((await as.tax("repairs.list", {})).body.total, 0);
  assert.equal((await step("source", "refuse", { reason: "不予" })).status, 422, "without its legal basis");
  assert.equal((await step("source", "extend", { reason: "案情复杂" })).body.state, "extended");
  const decided = await step("source", "repair", { reason: "义务已履行完毕" });
  assert.deepEqual([decided.status, decided.body.state, decided.body.decision], [200, "repaired", "repair"], decided.text);
  await until("the journal", () => luling(["journal", "show", "-d", s.data, "--json"]), (r) => JSON.parse(r.out).map((e) => JSON.stringify(e)).some((e) => e.includes(id) && e.includes('"repair"')));

  // Gone: by key, by subject, in batches, verification, changes and the report.
  assert.deepEqual(await look(bank, key), { status: "withheld" });
  const after = await mine();
  assert.ok(!(after.records ?? []).some((r) => r.key[0] === doc));
  assert.equal((after.records ?? []).length, before.records.length - 1);
  const batch = (await bank.call("service.batch", { name: SERVICE }, { keys: [key, other.key] })).body.results;
  assert.deepEqual(batch.map((r) => r.status), ["withheld", "found"]);
  assert.equal((await bank.call("service.verify", { name: SERVICE }, { key, values: { penalty_content: "无" } })).body.result.status, "withheld");
  const changes = (await bank.call("service.changes", { name: SERVICE, limit: 1000 })).body.changes.filter((c) => (c.key ?? c.record?.key)?.[0] === doc);
  assert.ok(changes.length > 0 && changes.every((c) => c.change === "delete"), JSON.stringify(changes).slice(0, 300));
  assert.equal(await published(), 0, "nor published any more");
  const old = await bank.call("export.file", { id: all.id });
  assert.deepEqual([old.status, old.body.error.condition], [403, "withheld"], "nor in a file that was made before");
  const rest = await whole(bank);
  assert.ok(!rest.file.includes(doc));
  assert.ok(!rest.view.includes(doc));
  assert.deepEqual(rest.view.filter((x) => all.view.includes(x)), all.view.filter((x) => x !== doc), "and nothing else is gone");
  await new Promise((r) => setTimeout(r, SHOWN_LATE_MS)); // a document of the second in which a record goes counts as made before
  const report = await as.operator("report.issue", {}, ask);
  assert.ok(report.status === 200 && !report.text.includes(doc), "not in the report either");
  const told = await corrections(bank, cursor, (items) => items.some((i) => i.act === "withheld"));
  assert.deepEqual(told.items.filter((i) => i.act === "withheld").map((i) => i.records.map((r) => r.change)), [["withheld"]]);
  assert.deepEqual([await state(first), await state(numberOf(report))], ["stale", "valid"], "what was issued before is out of date, what is issued now is not");
  assert.equal((await me("me.repair.add", {}, draft)).status, 409, "it is repaired");
  // Another delivery of the same record does not bring it back.
  await redeliver(doc, { penalty_date: ago(5), public_until: ago(-7), dishonesty_level: "一般", violation_facts: "事实更正" });
  assert.deepEqual(await look(bank, key), { status: "withheld" });

  const shown = (await me("me.repair.show", { id })).body;
  assert.deepEqual(shown.progress.map((e) => [e.action, e.part]), [["create", "subject"], ["submit", "subject"], ["return", "operator"], ["submit", "subject"], ["accept", "operator"], ["extend", "provider"], ["repair", "provider"]]);
  assert.equal((await step("head_of_source", "revoke", { reason: "缴款凭证系伪造" })).status, 422, "a basis is needed");
  assert.equal((await step("head_of_source", "revoke", { reason: "缴款凭证系伪造", legal_basis: basis })).body.state, "revoked");
  assert.equal((await look(bank, key)).status, "found");
  assert.equal(await published(), 1, "and published again");
  const again = await corrections(bank, told.cursor, (items) => items.some((i) => i.act === "restored"));
  assert.ok(again.items.some((i) => i.act === "restored"));
  assert.equal((await me("me.repairs.list")).body.total, 1);
  assert.ok(!s.log.includes(uscc), "the log names nobody");
});

test("nobody asks before the shortest time of publicity is over; refused, it may be asked for again; withdrawn, too", async (t) => {
  const { as, bank, me, key, draft, doc, redeliver } = await fault(t, { decided: ago(5), until: ago(-30), level: "严重" });
  const early = await me("me.repair.add", {}, draft);
  assert.equal(early.status, 422);
  assert.ok(early.body.error.zh.includes(ago(5 - 12).slice(0, 7)), `it says from when on: ${early.text}`);
  await redeliver(doc, { penalty_date: ago(1), public_until: ago(-2), dishonesty_level: "轻微" });
  const one = await me("me.repair.add", {}, draft);
  assert.equal(one.status, 201, `a minor fault needs no time: ${one.text}`);
  assert.equal((await me("me.repair.act", { id: one.body.id }, { action: "withdraw" })).body.state, "withdrawn");
  const { id } = (await me("me.repair.add", {}, draft)).body;
  assert.equal((await attach(me, id)).status, 201);
  assert.equal((await me("me.repair.act", { id }, { action: "submit" })).status, 200);
  assert.equal((await as.operator("repair.act", { id }, { action: "accept" })).status, 200);
  const refused = await as.source("repair.act", { id }, { action: "refuse", reason: "尚未整改到位", legal_basis: basis });
  assert.deepEqual([refused.body.state, refused.body.answer, refused.body.legal_basis], ["refused", "尚未整改到位", basis]);
  assert.equal((await look(bank, key)).status, "found");
  assert.equal((await me("me.repair.add", {}, draft)).status, 201, "a refusal is not for ever");
  assert.equal((await as.operator("repairs.list", { state: "refused" })).body.total, 1);
});

test("a reorganisation is repaired on the court's ruling before the shortest time is over, provisionally, and confirmed or revoked; the command line takes the same steps", async (t) => {
  const { s, as, bank, me, key, draft } = await fault(t, { decided: ago(1), until: ago(-30), level: "严重" });
  const ruling = { ground: "reorganised", court: "吉安市中级人民法院", ruling: "（2026）赣08破1号之二", ruled_on: day(Date.now()) };
  assert.equal((await me("me.repair.add", {}, draft)).status, 422, "otherwise it is too early");
  for (const [more, status] of [[{ ...ruling, ruling: undefined }, 422], [{ ...ruling, ruled_on: undefined }, 422], [{ ...ruling, ruled_on: "昨天" }, 400], [{ ...ruling, ruled_on: day(Date.now() + 3 * 864e5) }, 422], [{ ...ruling, ground: "other" }, 400], [{ court: ruling.court, ruling: ruling.ruling }, 422]])
    assert.equal((await me("me.repair.add", {}, { ...draft, ...more })).status, status, JSON.stringify(more));
  const made = await me("me.repair.add", {}, { ...draft, ...ruling });
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.deepEqual([made.body.ground, made.body.court, made.body.ruling, made.body.ruled_on], [ruling.ground, ruling.court, ruling.ruling, ruling.ruled_on]);
  const cli = (...args) => luling(["repair", ...args, "-d", s.data, "--lang", "en", "--json"]);
  assert.notEqual((await cli("show", id)).code, 0, "a draft is nobody's business");
  assert.equal((await attach(me, id)).status, 201);
  assert.equal((await me("me.repair.act", { id }, { action: "submit" })).status, 200);
  assert.equal((await as.operator("repair.act", { id }, { action: "accept" })).status, 200);

  const seen = (await as.source("repair.show", { id })).body;
  assert.deepEqual(seen.actions.map((a) => a.action).sort(), ["extend", "provide", "refuse"], "it cannot be more than provisional");
  assert.notEqual((await as.source("repair.act", { id }, { action: "repair", reason: "同意" })).status, 200);
  const given = await as.source("repair.act", { id }, { action: "provide", reason: "法院已裁定批准重整计划" });
  assert.deepEqual([given.status, given.body.state, given.body.decision], [200, "provided", "provide"], given.text);
  assert.deepEqual(await look(bank, key), { status: "withheld" });
  assert.equal((await me("me.repair.add", {}, { ...draft, ...ruling })).status, 409);

  // The command line: who acts is named, and what it shows is what there is.
  const listed = JSON.parse((await cli("list", "--state", "provided")).out);
  assert.deepEqual(listed.map((r) => [r.id, r.ground, r.state, r.subject.includes("*")]), [[id, "reorganised", "provided", true]]);
  assert.deepEqual(JSON.parse((await cli("list", "--provider", "JA030")).out), []);
  const source = ["--as", "msr", "--organisation", "JA002", "--duties", "approver"];
  const denied = await cli("act", "confirm", id, "--reason", "计划执行完毕", "--as", "x", "--organisation", "JA030", "--duties", "approver");
  assert.notEqual(denied.code, 0, "another department's");
  const confirmed = await cli("act", "confirm", id, "--reason", "重整计划执行完毕", ...source);
  assert.equal(confirmed.code, 0, confirmed.err);
  const shown = JSON.parse((await cli("show", id)).out);
  assert.deepEqual([shown.state, shown.history.at(-1).action, shown.ruling], ["repaired", "confirm", ruling.ruling]);
  assert.deepEqual(await look(bank, key), { status: "withheld" }, "and stays so");
  assert.equal((await as.head_of_source("repair.act", { id }, { action: "revoke", reason: "计划未执行", legal_basis: basis })).body.state, "revoked");
  assert.equal((await look(bank, key)).status, "found");
});

test("the pages of the desk are there", async (t) => {
  const { s } = await platform(t);
  for (const page of ["page.repairs", "page.repair"]) assert.equal((await s.call(page, page === "page.repair" ? { id: "x" } : {}, { anonymous: true })).status, 200, routes[page].path);
});
