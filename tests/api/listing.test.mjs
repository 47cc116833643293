// Reward and punishment: lists by rule and by document, checked before an act with the measures in force and their basis, and what was done of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client } from "./bank.mjs";
import { deliver, demoFiles } from "./demo.mjs";
import { addAccount, luling, signIn, until } from "./lib.mjs";
import { platform, SERVICE, some } from "./penalties.mjs";
import { subjectOf } from "./subject.mjs";

const basis = "《严重失信主体名单管理办法》第八条";
const day = (offset = 0) => new Date(Date.now() + offset * 864e5).toISOString().slice(0, 10);
const monthsAgo = (n) => { const d = new Date(); d.setUTCDate(15); d.setUTCMonth(d.getUTCMonth() - n); return d.toISOString().slice(0, 10); };

test("a subject is put on a list by a document that somebody else decides; a check names list, measures and basis; reports are counted; removed, it is off", async (t) => {
  const { s, as, bank } = await platform(t);
  const [{ uscc }] = await some(bank);
  const catalogue = (await bank.call("credit_lists", {})).body;
  const market = catalogue.lists.find((l) => l.list === "market");
  assert.deepEqual([market.kind, market.rule, market.basis], ["dishonesty", null, "recalled"]);
  assert.ok(catalogue.lists.every((l) => l.legal_basis && l.basis && l.measures.length > 0), "every list has measures and a basis");

  const check = async (who, more = {}) => who("credit.check", {}, { subject: uscc, matter: "贷款审批", ...more });
  const free = await check(bank.call);
  assert.equal(free.status, 200, free.text);
  assert.deepEqual([free.body.listed, free.body.measures], [[], []]);
  assert.ok(free.body.unanswered.some((l) => l.list === "judgment_debtor" && l.why === "no_data"), "what cannot be told is named");
  assert.equal((await check(bank.call, { subject: "nobody" })).status, 422);
  assert.equal((await check(as.operator)).status, 403);

  const draft = { subject: uscc, subject_title: "甲公司", list: "market", document: "吉市监列严〔2026〕1号", reason: "提交虚假材料取得登记", legal_basis: basis, decided_on: day(-1) };
  for (const [body, status] of [[{ ...draft, list: "nothing" }, 422], [{ ...draft, list: "judgment_debtor" }, 422], [{ ...draft, legal_basis: "依法" }, 422], [{ ...draft, decided_on: "昨天" }, 400], [{ ...draft, until: day(-9) }, 422], [{ ...draft, subject: "x" }, 422]])
    assert.equal((await as.source("credit_entry.add", {}, body)).status, status, JSON.stringify(body));
  assert.equal((await as.steward("credit_entry.add", {}, draft)).status, 403);
  const made = await as.source("credit_entry.add", {}, draft);
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.ok(made.body.subject.includes("*"));
  assert.equal((await as.source("credit_entry.add", {}, draft)).status, 409);
  assert.deepEqual((await check(bank.call)).body.listed, [], "a proposal is no entry");
  await addAccount(s.data, "both", "JA002", "source_steward,approver");
  const both = await signIn(s, "both");
  const own = (await s.call("credit_entry.add", {}, { cookie: both, json: { ...draft, list: "drugs" } })).body.id;
  assert.equal((await s.call("credit_entry.act", { id: own }, { cookie: both, json: { action: "enter" } })).status, 403, "nobody decides their own");
  assert.equal((await as.tax("credit_entry.show", { id })).status, 404);
  assert.equal((await as.tax("credit_entry.act", { id }, { action: "enter" })).status, 403);
  assert.equal((await as.head_of_source("credit_entry.act", { id }, { action: "enter" })).body.state, "in_force");

  const hit = (await check(bank.call, { officer: "0796-118" })).body;
  assert.deepEqual(hit.listed.map((l) => [l.list, l.by, l.document, l.legal_basis, l.since]), [["market", "document", draft.document, basis, day(-1)]]);
  const names = hit.measures.map((m) => m.measure);
  assert.deepEqual([...names].sort(), [...market.measures].sort());
  assert.ok(hit.measures.every((m) => m.legal_basis && m.lists.includes("market")));
  assert.ok(hit.receipt.index > 0);
  const me = await subjectOf(s, as, uscc);
  const looks = (await me("me.looks")).body.items.filter((l) => l.mode === "credit.check");
  assert.ok(looks.length >= 3);
  assert.deepEqual([looks[0].client, looks[0].purpose, looks[0].officer], ["icbc-credit", "贷款审批", "0796-118"], "the subject sees who checked, and why");

  const report = (measure, taken, who = bank.call) => who("credit.report", { id: hit.check }, { measure, taken, note: "已执行" });
  assert.equal((await report(names[0], true)).status, 201);
  assert.equal((await report(names[0], false)).status, 409, "once");
  assert.equal((await report(names[1], false)).status, 201);
  assert.equal((await report("green_channel", true)).status, 422, "it was not in force");
  assert.equal((await report(names[2], true, as.source)).status, 404, "another organisation's check");
  assert.equal((await bank.call("credit.report", { id: hit.check }, { measure: names[2], taken: "yes" })).status, 400);
  const row = (items, m) => items.find((x) => x.measure === m && x.organisation === "JB001");
  const mine = (await bank.call("credit.statistics", {})).body.items;
  assert.deepEqual([row(mine, names[0]), row(mine, names[1]), row(mine, names[2])].map((x) => [x.in_force, x.taken, x.not_taken, x.not_reported]), [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]]);
  assert.equal(row((await as.operator("credit.statistics", {})).body.items, names[0]).taken, 1);
  assert.deepEqual((await as.source("credit.statistics", {})).body.items, [], "each its own");

  const listed = JSON.parse((await luling(["listing", "list", "--list", draft.list, "--state", "in_force", "--json", "-d", s.data])).out);
  assert.deepEqual(listed.map((l) => [l.id, l.state]), [[id, "in_force"]]);
  const shown = JSON.parse((await luling(["listing", "show", id, "--json", "-d", s.data])).out);
  assert.deepEqual([shown.document, shown.history.length > 1], [draft.document, true]);
  assert.equal((await luling(["listing", "show", "L-0", "-d", s.data])).code !== 0, true);
  assert.equal((await as.head_of_source("credit_entry.act", { id }, { action: "remove", reason: "已完成整改" })).status, 422, "a removal names its basis");
  assert.equal((await as.head_of_source("credit_entry.act", { id }, { action: "remove", reason: "已完成整改", legal_basis: basis })).body.state, "removed");
  assert.deepEqual((await check(bank.call)).body.listed, []);
  assert.equal((await as.source("credit_entries.list", { list: "market" })).body.total, 1, "kept for audit");
  assert.ok(!s.log.includes(uscc));
});

test("rules put on and take off by themselves: by a value, by the latest year, for a time; a repair and the audience count", async (t) => {
  const { s, as, bank, redeliver } = await platform(t);
  const { deliveries } = demoFiles(t);
  for (const resource of ["tax_rating", "court_dishonesty"]) await deliver(s, deliveries.find((d) => d.resource === resource));
  const [one] = await some(bank);
  const check = async (who, subject = one.uscc) => (await who("credit.check", {}, { subject, matter: "项目审批" })).body;
  await redeliver(one.doc, { penalty_date: monthsAgo(14), public_until: monthsAgo(-20), dishonesty_level: "严重" });
  const seen = (body) => body.listed.map((l) => l.list);
  const agency = await until("what was delivered anew", () => check(as.source), (body) => seen(body).includes("serious_penalty"));
  const other = await client(s, as, "other-bank", "JB002");
  assert.ok(!seen(await check(other.call)).includes("serious_penalty"), "a list for agencies is not told to a consumer without a grant for what it follows from");
  assert.ok(seen(await check(bank.call)).includes("serious_penalty"), "it is told to one that may look at the penalties themselves");
  const [grant] = (await as.steward("grants.list", { resource: SERVICE })).body.items;
  await as.head_of_source("grant.act", { id: grant.id }, { action: "suspend", reason: "核查" });
  assert.ok(!seen(await check(bank.call)).includes("serious_penalty"), "while its grant is in force");
  await as.head_of_source("grant.act", { id: grant.id }, { action: "resume", reason: "核查完毕" });
  assert.ok(agency.measures.some((m) => m.measure === "key_supervision"));

  // Repaired, it holds nobody any more.
  const me = await subjectOf(s, as, one.uscc);
  const { id } = (await me("me.repair.add", {}, { resource: SERVICE, key: one.key, statement: "罚款已缴清，违法行为已改正", commitment: "承诺守法经营，诚实守信" })).body;
  await me("me.repair.attach", { id, name: "a.pdf" }, undefined, { headers: { "Content-Type": "application/octet-stream" }, body: Buffer.from("%PDF-1.4\n") });
  await me("me.repair.act", { id }, { action: "submit" });
  await as.operator("repair.act", { id }, { action: "accept" });
  assert.equal((await as.source("repair.act", { id }, { action: "repair", reason: "义务已履行完毕" })).body.state, "repaired");
  assert.ok(!seen(await check(as.source)).includes("serious_penalty"), "the measures fall away with the repair");

  // Court: who has performed everything is off; tax: only the latest year counts.
  const subjects = [...new Set((await some(bank, 300)).map((x) => x.uscc))].slice(0, 40);
  const found = { tax_a: 0, judgment_debtor: 0 };
  for (const subject of subjects) {
    const groups = (await as.operator("subject.show", { id: subject })).body.subject.groups;
    const own = (resource) => (groups.find((g) => g.resource === resource)?.records ?? []).filter((r) => !r.relation).map((r) => r.record);
    const latest = own("tax_rating").sort((x, y) => y.tax_year - x.tax_year)[0];
    const listed = seen(await check(bank.call, subject));
    assert.equal(listed.includes("tax_a"), latest?.tax_credit_level.code === "A", JSON.stringify([subject, latest]));
    assert.equal(listed.includes("judgment_debtor"), own("court_dishonesty").some((r) => ["1", "2"].includes(r.performance_status.code)), subject);
    for (const list of Object.keys(found)) found[list] += listed.includes(list);
  }
  assert.ok(found.tax_a > 0, JSON.stringify(found));
});
