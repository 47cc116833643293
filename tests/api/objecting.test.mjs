// A subject objects to a record of its own: marked in every answer, decided by its source in time, corrected there, and who had it is told.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn, until } from "./lib.mjs";
import { subjectOf } from "./subject.mjs";

const SERVICE = "administrative_penalty";
const COLUMNS = { penalty_doc_no: "CF_WSH", penalty_content: "CF_NR", violation_facts: "CF_SY" };

/** The platform with penalties delivered, a bank that may see them, and the department that decided them. */
async function platform(t) {
  const s = await serveDemo(t);
  const { dir, deliveries } = demoFiles(t);
  const parts = deliveries.filter((d) => d.resource === SERVICE);
  await deliver(s, parts[0]);
  const as = await people(s);
  for (const [who, duties] of [["source", "source_steward"], ["head_of_source", "approver"]]) {
    await addAccount(s.data, who, "JA002", duties);
    const cookie = await signIn(s, who);
    as[who] = (id, params, json) => s.call(id, params, { cookie, json });
  }
  const bank = await client(s, as);
  await grant(as, [SERVICE], {}, "head_of_source");
  return { s, as, bank, dir, parts };
}

/** Rows of the first delivery by their document numbers, and a way to deliver some of them anew. */
function source(p) {
  const [head, ...rows] = readFileSync(p.parts[0].path, "utf8").replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((l) => l.split("\t"));
  let n = 0;
  return async (doc, changes, act = "更正") => {
    const row = [...rows.find((r) => r[head.indexOf(COLUMNS.penalty_doc_no)] === doc[0])];
    for (const [item, value] of Object.entries(changes)) row[head.indexOf(COLUMNS[item])] = value;
    const path = join(p.dir, `correction-${++n}.tsv`);
    writeFileSync(path, `${["操作", ...head].join("\t")}\n${[act, ...row].join("\t")}\n`);
    const done = await deliver(p.s, { resource: SERVICE, path });
    assert.equal(done.state, "published", JSON.stringify(done));
    return done;
  };
}

const some = async (bank, n = 20) => (await bank.call("service.changes", { name: SERVICE, limit: n })).body.changes.filter((c) => c.record).map((c) => ({ doc: c.record.key, uscc: c.record.values.uscc.value }));
const value = async (bank, doc, item) => (await bank.call("service.query", { name: SERVICE }, { key: doc })).body.result.records[0].values[item];
const corrections = (bank, cursor, done) => until("corrections", () => bank.call("corrections.list", cursor ? { cursor } : {}), (x) => done(x.body.items)).then((x) => x.body);

test("an objection is accepted, marked in every answer, decided, corrected at the source, and the bank is told", async (t) => {
  const p = await platform(t);
  const { s, as, bank } = p;
  const [{ doc, uscc }, other] = await some(bank);
  const me = await subjectOf(s, as, uscc);
  const redeliver = source(p);
  assert.equal((await value(bank, doc, "penalty_content")).status, "present");
  const ask = { resource: SERVICE, key: doc, items: ["penalty_content"], reason: "处罚已被行政复议撤销，内容有误" };
  for (const [body, status] of [[{ ...ask, key: other.doc }, 404], [{ ...ask, key: ["no such", ...doc.slice(1)] }, 404], [{ ...ask, resource: "nothing" }, 404], [{ ...ask, items: ["colour"] }, 422],
    [{ ...ask, reason: "错" }, 422], [{ ...ask, key: [] }, 400], [{ ...ask, key: [...doc, ...doc] }, 400], [{ resource: SERVICE, key: doc }, 400]])
    assert.equal((await me("me.objection.add", {}, body)).status, status, JSON.stringify(body));
  assert.equal((await bank.call("me.objection.add", {}, ask)).status, 403, "a system is no subject");
  const before = (await bank.call("corrections.list", {})).body.cursor;

  const made = await me("me.objection.add", {}, ask);
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.deepEqual([made.body.key, made.body.items.map((i) => i.name), made.body.state, made.body.decision, made.body.open], [doc, ["penalty_content"], "quality_feedback", null, true]);
  const journalled = (act) => until(`the journal has the step ${act}`, () => luling(["journal", "show", "-d", s.data, "--json"]),
    (r) => JSON.parse(r.out).map((e) => JSON.stringify(e)).some((e) => e.includes(id) && e.includes(`"${act}"`)));
  await journalled("create");
  const days = (Date.parse(made.body.due) - Date.now()) / 864e5;
  assert.ok(days > 9 && days < 25, `ten working days: ${made.body.due}`);
  assert.deepEqual(made.body.actions.map((a) => a.action), ["withdraw"]);
  assert.equal((await me("me.objection.add", {}, ask)).status, 409, "one at a time about the same");
  const theirs = await subjectOf(s, as, other.uscc, "乙公司");
  if (other.uscc !== uscc) {
    assert.equal((await theirs("me.objection.show", { id })).status, 404);
    assert.equal((await theirs("me.objection.act", { id }, { action: "withdraw" })).status, 404);
    assert.equal((await theirs("me.objections.list")).body.total, 0);
  }

  // Every way to ask says so, of that item alone.
  assert.equal((await value(bank, doc, "penalty_content")).status, "disputed");
  assert.equal((await value(bank, doc, "penalty_date")).status, "present");
  const batch = await bank.call("service.batch", { name: SERVICE }, { keys: [doc, other.doc] });
  assert.deepEqual(batch.body.results.map((r) => r.records[0].values.penalty_content.status), ["disputed", "present"]);
  const changes = (await bank.call("service.changes", { name: SERVICE, limit: 20 })).body.changes.filter((c) => c.record);
  assert.deepEqual(changes.filter((c) => c.record.values.penalty_content.status === "disputed").map((c) => c.record.key), [doc]);
  const verdict = await bank.call("service.verify", { name: SERVICE }, { key: doc, values: { penalty_content: "无", penalty_doc_no: doc[0] } });
  assert.deepEqual([verdict.body.result.items.penalty_doc_no, verdict.body.result.disputed], ["match", ["penalty_content"]]);
  assert.equal((await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "credit"), "-d", s.data])).code, 0);
  const report = await as.operator("report.issue", {}, { subject: uscc, purpose: "贷前调查", format: "html" });
  assert.match(report.text, /存在异议/);
  const told = await corrections(bank, before, (items) => items.length > 0);
  assert.deepEqual(told.items.map((i) => [i.act, i.records.length]), [["disputed", 1]]);

  // The source's desk.
  const listed = (await as.source("objections.list", {})).body.items[0];
  assert.deepEqual([listed.id, listed.organisation, listed.subject.includes("*"), listed.record], [id, null, true, JSON.stringify(doc)]);
  assert.ok((await as.source("tasks.list", {})).body.items.some((x) => x.id === id), "it waits for the source");
  assert.equal((await as.tax("objection.show", { id })).status, 404, "not another department's");
  assert.equal((await as.source("objection.act", { id }, { action: "correct" })).status, 422, "a reason is needed");
  const decided = await as.source("objection.act", { id }, { action: "correct", reason: "复议决定已收到" });
  assert.equal(decided.body.state, "to_be_corrected", decided.text);
  await journalled("correct");
  const seen = (await me("me.objection.show", { id })).body;
  assert.deepEqual([seen.decision, seen.answer, seen.progress.map((e) => [e.action, e.part])], ["correct", "复议决定已收到", [["create", "subject"], ["correct", "provider"]]]);
  assert.ok(seen.decided_at && seen.due && !JSON.stringify(seen.progress).includes("source"), "who of the source it was is not told");

  // Another item changes: that is no correction of this one.
  await redeliver(doc, { violation_facts: "事实更正" });
  await corrections(bank, told.cursor, (items) => items.some((i) => i.act === "corrected"));
  await new Promise((done) => setTimeout(done, 2500));
  assert.equal((await me("me.objection.show", { id })).body.state, "to_be_corrected");
  assert.equal((await value(bank, doc, "penalty_content")).status, "disputed");

  await redeliver(doc, { penalty_content: "处罚决定已撤销" });
  const ended = (await until("the end", () => me("me.objection.show", { id }), (r) => !r.body.open)).body;
  assert.deepEqual([ended.state, ended.due, ended.progress.at(-1).action, ended.progress.at(-1).part], ["settled", null, "corrected", "system"]);
  assert.deepEqual(await value(bank, doc, "penalty_content"), { status: "present", value: "处罚决定已撤销" });
  const all = await corrections(bank, told.cursor, (items) => items.some((i) => i.act === "settled"));
  assert.deepEqual(all.items.map((i) => i.act), ["corrected", "corrected", "settled"]);
  assert.equal((await me("me.objection.act", { id }, { action: "withdraw" })).status, 409);
  assert.equal((await me("me.objections.list")).body.total, 1);
  await journalled("corrected");
  assert.ok(!s.log.includes(uscc), "the log names nobody");
});

test("what the source upholds is appealed against, and what the platform orders may have been corrected already; a withdrawal corrects too", async (t) => {
  const p = await platform(t);
  const { s, as, bank } = p;
  const list = await some(bank, 200);
  const { uscc, doc } = list.find((x) => list.filter((y) => y.uscc === x.uscc).length > 1) ?? list[0];
  const me = await subjectOf(s, as, uscc);
  const redeliver = source(p);
  const add = async (items) => (await me("me.objection.add", {}, { resource: SERVICE, key: doc, items, reason: "与决定书原文不一致" })).body.id;
  const act = async (who, id, action, reason) => {
    const done = who === me ? await me("me.objection.act", { id }, { action, ...(reason && { reason }) }) : await as[who]("objection.act", { id }, { action, ...(reason && { reason }) });
    assert.equal(done.status, 200, done.text);
    return done.body;
  };
  const dropped = await add(["violation_facts"]);
  assert.equal((await act(me, dropped, "withdraw")).state, "withdrawn");
  assert.equal((await value(bank, doc, "violation_facts")).status, "present");

  const id = await add(["penalty_content"]);
  assert.equal((await act("source", id, "uphold", "与原文一致")).state, "upheld");
  const upheld = (await me("me.objection.show", { id })).body;
  assert.deepEqual([upheld.decision, upheld.actions.map((a) => a.action).sort()], ["uphold", ["accept", "appeal"]]);
  assert.equal((await value(bank, doc, "penalty_content")).status, "disputed", "as long as it is not over");
  await act(me, id, "appeal", "附上决定书原件");
  const correction = await redeliver(doc, { penalty_content: "罚款一千元" });
  assert.equal((await act("operator", id, "correct", "责成更正")).state, "to_be_corrected");
  const ended = await until("corrected before it was ordered", () => me("me.objection.show", { id }), (r) => r.body.state === "settled");
  assert.equal(ended.body.decision, "correct");

  // The corrected text is wrong, too: its batch is withdrawn, which brings back what was before.
  const again = await add([]);
  await act("head_of_source", again, "correct", "更正有误，撤回该批次");
  assert.equal((await luling(["withdraw", correction.batch, "-d", s.data])).code, 0);
  await until("withdrawn", () => me("me.objection.show", { id: again }), (r) => r.body.state === "settled");
  assert.equal((await me("me.objections.list", { limit: 2 })).body.total, 3);
});
