// A subject objects to a record of its own: marked in every answer, decided by its source in time, corrected there, and who had it is told.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { luling, tempDir, until } from "./lib.mjs";
import { corrections, platform, SERVICE, some, value } from "./penalties.mjs";
import { subjectOf } from "./subject.mjs";

test("an objection is accepted, marked in every answer, decided, corrected at the source, and the bank is told", async (t) => {
  const { s, as, bank, redeliver } = await platform(t);
  const [{ key, doc, uscc }, other] = await some(bank);
  const me = await subjectOf(s, as, uscc);
  assert.equal((await value(bank, key, "penalty_content")).status, "present");
  const ask = { resource: SERVICE, key, items: ["penalty_content"], reason: "处罚已被行政复议撤销，内容有误" };
  for (const [body, status] of [[{ ...ask, key: other.key }, 404], [{ ...ask, key: key.map(() => "no such") }, 404], [{ ...ask, resource: "nothing" }, 404], [{ ...ask, items: ["colour"] }, 422],
    [{ ...ask, reason: "错" }, 422], [{ ...ask, key: [] }, 400], [{ ...ask, key: [...key, doc] }, 400], [{ resource: SERVICE, key }, 400]])
    assert.equal((await me("me.objection.add", {}, body)).status, status, JSON.stringify(body));
  assert.equal((await bank.call("me.objection.add", {}, ask)).status, 403, "a system is no subject");
  const before = (await bank.call("corrections.list", {})).body.cursor;

  const made = await me("me.objection.add", {}, ask);
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.deepEqual([made.body.key, made.body.items.map((i) => i.name), made.body.state, made.body.decision, made.body.open], [key, ["penalty_content"], "quality_feedback", null, true]);
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
  assert.equal((await value(bank, key, "penalty_content")).status, "disputed");
  assert.equal((await value(bank, key, "penalty_date")).status, "present");
  const batch = await bank.call("service.batch", { name: SERVICE }, { keys: [key, other.key] });
  assert.deepEqual(batch.body.results.map((r) => r.records[0].values.penalty_content.status), ["disputed", "present"]);
  const changes = (await bank.call("service.changes", { name: SERVICE, limit: 20 })).body.changes.filter((c) => c.record);
  assert.deepEqual(changes.filter((c) => c.record.values.penalty_content.status === "disputed").map((c) => c.record.key), [key]);
  const verdict = await bank.call("service.verify", { name: SERVICE }, { key, values: { penalty_content: "无", penalty_doc_no: doc } });
  assert.deepEqual([verdict.body.result.items.penalty_doc_no, verdict.body.result.disputed], ["match", ["penalty_content"]]);
  assert.equal((await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "credit"), "-d", s.data])).code, 0);
  const report = await as.operator("report.issue", {}, { subject: uscc, purpose: "贷前调查", format: "html" });
  assert.match(report.text, /存在异议/);
  const told = await corrections(bank, before, (items) => items.length > 0);
  assert.deepEqual(told.items.map((i) => [i.act, i.records.length]), [["disputed", 1]]);

  // The source's desk.
  const listed = (await as.source("objections.list", {})).body.items[0];
  assert.deepEqual([listed.id, listed.organisation, listed.subject.includes("*"), listed.record], [id, null, true, JSON.stringify(key)]);
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
  assert.equal((await value(bank, key, "penalty_content")).status, "disputed");

  await redeliver(doc, { penalty_content: "处罚决定已撤销" });
  const ended = (await until("the end", () => me("me.objection.show", { id }), (r) => !r.body.open)).body;
  assert.deepEqual([ended.state, ended.due, ended.progress.at(-1).action, ended.progress.at(-1).part], ["settled", null, "corrected", "system"]);
  assert.deepEqual(await value(bank, key, "penalty_content"), { status: "present", value: "处罚决定已撤销" });
  const all = await corrections(bank, told.cursor, (items) => items.some((i) => i.act === "settled"));
  assert.deepEqual(all.items.map((i) => i.act), ["corrected", "corrected", "settled"]);
  assert.equal((await me("me.objection.act", { id }, { action: "withdraw" })).status, 409);
  assert.equal((await me("me.objections.list")).body.total, 1);
  await journalled("corrected");
  assert.ok(!s.log.includes(uscc), "the log names nobody");
});

test("what the source upholds is appealed against, and what the platform orders may have been corrected already; a withdrawal corrects too", async (t) => {
  const { s, as, bank, redeliver } = await platform(t);
  const list = await some(bank, 200);
  const { uscc, key, doc } = list.find((x) => list.filter((y) => y.uscc === x.uscc).length > 1) ?? list[0];
  const me = await subjectOf(s, as, uscc);
  const add = async (items) => (await me("me.objection.add", {}, { resource: SERVICE, key, items, reason: "与决定书原文不一致" })).body.id;
  const act = async (who, id, action, reason) => {
    const done = who === me ? await me("me.objection.act", { id }, { action, ...(reason && { reason }) }) : await as[who]("objection.act", { id }, { action, ...(reason && { reason }) });
    assert.equal(done.status, 200, done.text);
    return done.body;
  };
  const dropped = await add(["violation_facts"]);
  assert.equal((await act(me, dropped, "withdraw")).state, "withdrawn");
  assert.equal((await value(bank, key, "violation_facts")).status, "present");

  const id = await add(["penalty_content"]);
  assert.equal((await act("source", id, "uphold", "与原文一致")).state, "upheld");
  const upheld = (await me("me.objection.show", { id })).body;
  assert.deepEqual([upheld.decision, upheld.actions.map((a) => a.action).sort()], ["uphold", ["accept", "appeal"]]);
  assert.equal((await value(bank, key, "penalty_content")).status, "disputed", "as long as it is not over");
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

/** A pack with views over penalties: a list that names its records, the same without names, and a sum. */
async function views(t, s) {
  const pack = join(tempDir(t), "penalty_views");
  const put = (file, text) => writeFileSync(join(pack, file), text);
  mkdirSync(join(pack, "views"), { recursive: true });
  put("pack.json", JSON.stringify({ name: "penalty_views", version: "1.0.0", title: { zh: "处罚（样例）", en: "Penalties (sample)" }, needs: ["core", "jian", "credit", "demo"], sample: true }));
  put("services.csv", ["name,version,title,view,row_limit,time_limit", ...["named", "nameless", "summed"].map((v) => `penalty_${v},1,处罚,${v},1000,8000`), ""].join("\n"));
  const P = "administrative_penalty.";
  put("service_items.csv", ["service,name,use,from,rests_on,element",
    `penalty_named,number,output,${P}penalty_doc_no,,`, `penalty_named,who,output,${P}subject_name,,`, `penalty_named,source,output,${P}data_source_uscc,,`, `penalty_named,uscc,output,${P}uscc,,`, `penalty_named,person,output,${P}person_cert_no,,`,
    `penalty_named,content,output,${P}penalty_content,,`, `penalty_named,day,output,${P}penalty_date,,`,
    `penalty_named,about,output,,${P}penalty_content ${P}violation_facts,enterprise_name`, `penalty_named,,input,${P}violation_facts,,`,
    `penalty_nameless,content,output,${P}penalty_content,,`, `penalty_nameless,day,output,${P}penalty_date,,`,
    `penalty_summed,day,output,${P}penalty_date,,`, `penalty_summed,n,output,,${P}penalty_content,enterprise_count`, `penalty_summed,,input,${P}penalty_content,,`, ""].join("\n"));
  put("views/named.sql", "SELECT penalty_doc_no AS number, subject_name AS who, data_source_uscc AS source, uscc, person_cert_no AS person, penalty_content AS content, penalty_date AS day, substr(violation_facts || penalty_content, 1, 20) AS about FROM administrative_penalty\n");
  put("views/nameless.sql", "SELECT penalty_content AS content, penalty_date AS day FROM administrative_penalty\n");
  put("views/summed.sql", "SELECT penalty_date AS day, count(penalty_content) AS n FROM administrative_penalty GROUP BY penalty_date\n");
  const block = (name, kind, service, more = {}) => ({ name, kind, service, title: { zh: name, en: name }, ...more });
  put("pages.json", JSON.stringify({ pages: [{ name: "penalties", title: { zh: "处罚（样例）", en: "Penalties (sample)" }, description: { zh: "处罚", en: "penalties" }, duties: ["operator"], blocks: [
    block("named", "list", "penalty_named"),
    block("by_content", "chart", "penalty_named", { chart: "bar", x: "content", y: { function: "count" } }),
    block("by_day", "chart", "penalty_summed", { chart: "line", x: "day", y: { function: "sum", column: "n" } })] }] }));
  for (const dir of [join(process.env.LULING_PACKS ?? "build/packs", "credit"), pack]) {
    const run = await luling(["pack", "load", dir, "-d", s.data, "--lang", "en"]);
    assert.equal(run.code, 0, run.err);
  }
}

test("rows of a view say what is disputed in them: of the record where they name it, else wherever it may be behind the value", async (t) => {
  const { s, as, bank } = await platform(t);
  await views(t, s);
  const [{ key, doc, uscc }] = await some(bank);
  const me = await subjectOf(s, as, uscc);
  const rows = async (view) => {
    const reply = await bank.call("service.rows", { name: `penalty_${view}` }, {});
    assert.equal(reply.status, 200, reply.text);
    return reply.body.rows;
  };
  const disputed = (list) => list.map((row) => Object.keys(row).filter((c) => row[c].status === "disputed"));
  for (const view of ["named", "nameless", "summed"]) assert.ok(disputed(await rows(view)).every((c) => c.length === 0), `${view}: nothing is`);
  const page = (route, block, more = {}) => as.operator(route, { pack: "penalty_views", page: "penalties", block, ...more });
  const quiet = await page("page.data", "by_content");
  assert.equal(quiet.status, 200, quiet.text);
  assert.ok(!("doubted" in quiet.body), "nothing of a chart is");

  const made = await me("me.objection.add", {}, { resource: SERVICE, key, items: ["penalty_content"], reason: "处罚已被行政复议撤销，内容有误" });
  assert.equal(made.status, 201, made.text);
  const named = await rows("named");
  assert.deepEqual(disputed(named).filter((c) => c.length), [["content", "about"]], "one row, its item and what is computed from it");
  const row = named.find((r) => r.content.status === "disputed");
  assert.equal(row.number.value, doc);
  assert.ok(row.content.value && row.about.value, "the value is told, as a record's is");
  assert.ok(disputed(await rows("nameless")).every((c) => c.join() === "content"), "which row it is cannot be told, so it may be any");
  assert.ok(disputed(await rows("summed")).every((c) => c.join() === "n"), "and may be behind any sum");

  const lines = (await page("page.file", "named", { format: "csv", lang: "en" })).text.trim().split("\r\n");
  assert.match(lines[0], /disputed"?$/, "a saved page says it in a column of its own");
  assert.equal(lines.slice(1).filter((line) => !/(,|,"")$/.test(line)).length, 1);
  assert.equal((await page("page.file", "named", { format: "xlsx" })).status, 200);
  const picture = (await page("page.data", "by_content")).body;
  assert.deepEqual([picture.doubted, picture.summed], [1, named.length], "a chart says how many of the rows behind it are");
  const days = (await page("page.data", "by_day")).body;
  assert.ok(days.doubted > 0 && days.doubted === days.summed, "where no row names its record, each may be");

  assert.equal((await me("me.objection.act", { id: made.body.id }, { action: "withdraw" })).status, 200);
  for (const view of ["named", "nameless", "summed"]) assert.ok(disputed(await rows(view)).every((c) => c.length === 0), `${view}: nothing any more`);
});
