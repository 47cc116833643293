// What a desk begins with: the platform in figures, and what waits for whoever asks.  Each figure is held against what the test itself did.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, signIn, until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const BASIS = "《政务数据共享条例》第十条";

test("the overview counts what was delivered, granted and called, and nothing else", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const empty = (await as.operator("overview.show")).body;
  assert.deepEqual([empty.departments.connected, empty.records.total, empty.calls.total, empty.interfaces.grants, empty.quality], [0, 0, 0, 0, null]);
  assert.ok(empty.departments.registered > 400, "every department of the city and its counties");
  assert.equal(empty.regions.length, 14, "the city itself and its thirteen counties");
  assert.equal(empty.regions.reduce((n, r) => n + r.departments, 0), empty.departments.registered);

  const { deliveries } = demoFiles(t);
  const want = deliveries.filter((d) => [SERVICE, "tax_rating"].includes(d.resource));
  for (const d of want) assert.equal((await deliver(s, d)).state, "published");
  const id = await grant(as, [`${SERVICE}:uscc enterprise_name`]);
  assert.ok(id);
  const bank = await client(s, as);
  for (let i = 0; i < 3; i++) assert.equal((await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE })).status, 200);
  assert.equal((await bank.call("service.query", { name: "tax_rating" }, { subject: SAMPLE })).status, 403);

  const full = (await until("what was done to show", () => as.operator("overview.show"), (r) => r.body.calls.total === 3 && r.body.resources.filled === 2)).body;
  const sum = (key) => want.reduce((n, d) => n + d[key], 0);
  assert.deepEqual([full.deliveries.rows_received, full.deliveries.rows_published, full.deliveries.rows_quarantined], [sum("received"), sum("published"), sum("quarantined")]);
  assert.deepEqual([full.departments.connected, full.deliveries.total, full.deliveries.today, full.deliveries.failed], [2, want.length, want.length, 0]);
  const batches = await Promise.all([SERVICE, "tax_rating"].map((name) => s.call("resource.batches", { name })));
  assert.equal(full.records.quarantined, batches.flatMap((r) => r.body.items).reduce((n, b) => n + b.open, 0), "but for those that a later delivery corrected");
  assert.ok(full.records.quarantined > 0 && full.records.quarantined < sum("quarantined"));
  assert.equal(full.records.total, full.sources.reduce((n, x) => n + x.records, 0));
  assert.deepEqual(full.interfaces, { resources: 1, grants: 1, consumers: 1 });
  assert.deepEqual([full.calls.today, full.calls.refused_today, full.calls.records_total], [3, 1, 3]);
  assert.deepEqual(full.consumers.map((c) => [c.name, c.calls]), [["JB001", 3]]);
  assert.deepEqual(full.used.map((c) => [c.name, c.calls]), [[SERVICE, 3]]);
  assert.deepEqual(full.days.map((d) => [d.calls, d.refused]), [[3, 1]]);
  assert.equal(full.sources.length, 2);
  assert.ok(full.sources[0].quality >= full.sources[1].quality && full.quality > 0 && full.quality <= 1, "the best first");
  assert.ok(full.feed.some((e) => e.kind === "call" && e.n === 3) && full.feed.some((e) => e.kind === "delivery" && e.state === "published") && full.feed.some((e) => e.kind === "application" && e.state === "granted"));
  assert.ok(full.feed.every((e, i) => !i || e.at <= full.feed[i - 1].at), "the newest first");
  assert.ok(!JSON.stringify(full).includes(SAMPLE), "of no subject");
  assert.equal((await as.steward("overview.show")).status, 403, "what others call is not for a bank");
});

test("what waits: each sees what the next step of is theirs, the most urgent first", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  await addAccount(s.data, "msr-2", "JA023", "source_steward");
  const source = await signIn(s, "msr-2");
  const tasks = async (who, params = {}) => (await (typeof who === "string" ? s.call("tasks.list", params, { cookie: who }) : who("tasks.list", params))).body;
  const kinds = (page) => page.items.map((x) => [x.kind, x.state]);
  assert.equal((await tasks(source)).total, 0, "nothing waits in the beginning");

  const { deliveries } = demoFiles(t);
  const d = deliveries.find((x) => x.resource === SERVICE);
  await deliver(s, d);
  assert.ok(d.quarantined > 0);
  const [rows] = (await tasks(source)).items;
  assert.deepEqual([rows.kind, rows.id, rows.count], ["quarantine", SERVICE, d.quarantined]);
  assert.equal((await tasks(as.tax)).total, 0, "another department's is not shown");

  const made = await as.steward("application.make", {}, { resources: ["annual_report", SERVICE].map((x) => `${x}:uscc`), purpose: "贷前调查", legal_basis: BASIS, per_day: 100 });
  assert.equal(made.status, 201, made.text);
  const scene = made.body.items[0].scene;
  assert.deepEqual(kinds(await tasks(as.head))[0], ["application", "submitted"], "its own approver is first");
  assert.equal((await tasks(as.operator)).counts.application, 0);
  await as.head("application.act", { id: scene }, { action: "endorse" });
  const check = await tasks(as.operator, { kind: "application" });
  assert.equal(check.total, made.body.total);
  assert.ok(check.items.every((x) => x.state === "precheck" && x.due_at && x.working_days >= 1 && !x.overdue));
  assert.equal((await tasks(as.head)).counts.application, 0, "gone on");
  const passed = (await as.operator("application.act", { id: scene }, { action: "pass" })).body.items;
  const review = passed.find((a) => a.state === "provider_review");
  assert.ok(review);
  assert.deepEqual((await tasks(as.market, { kind: "application" })).items.map((x) => [x.id, x.state]), [[review.id, "provider_review"]]);
  assert.deepEqual((await tasks(as.steward)).items.filter((x) => x.kind === "application"), [], "what one may only take back does not wait");

  const unmet = (await as.steward("demand.add", {}, { title: "企业燃气缴费记录", what: "按季度", purpose: "贷前调查", legal_basis: BASIS })).body;
  assert.deepEqual((await tasks(as.operator, { kind: "demand" })).items.map((x) => [x.id, x.state]), [[unmet.id, "unmet"]]);

  const all = await tasks(as.operator, { of: "all" });
  assert.ok(all.items.some((x) => x.id === review.id) && all.counts.quarantine === 1, "the platform sees what runs, whoever it waits for");
  const due = all.items.map((x) => x.due_at ?? "9");
  assert.deepEqual(due, [...due].sort(), "the most urgent first");
  assert.deepEqual((await tasks(as.operator, { of: "all", limit: "1", offset: "1" })).items.map((x) => x.id), [all.items[1].id]);
  assert.equal((await as.sys("tasks.list")).status, 403);
});

test("a delivery that waits is on its steward's list until it is decided; its batch tells what is still open", async (t) => {
  const s = await serveDemo(t);
  await addAccount(s.data, "fund.steward", "JA033", "source_steward");
  const cookie = await signIn(s, "fund.steward");
  const { deliveries } = demoFiles(t);
  const [whole, partial] = deliveries.filter((d) => d.resource === "housing_fund");
  await deliver(s, whole);
  const waiting = await deliver(s, partial);
  const mine = async () => (await s.call("tasks.list", { kind: "delivery" }, { cookie })).body.items.map((x) => [x.id, x.state]);
  assert.deepEqual(await mine(), [[waiting.id, "waiting"]]);
  assert.equal((await s.call("delivery.refuse", { id: waiting.id }, { cookie })).status, 200);
  assert.deepEqual(await mine(), []);
  const [batch] = (await s.call("resource.batches", { name: "housing_fund" }, { cookie })).body.items.filter((b) => b.state === "published");
  assert.equal(batch.open, whole.quarantined);
  assert.ok(batch.dimensions.conformity > 0 && batch.dimensions.conformity <= 1);
});

test("the packs that are loaded, with what they bring; and the pages of the desk", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const { items } = (await as.operator("packs.list")).body;
  assert.deepEqual(items.map((p) => p.name), ["core", "credit", "demo", "jian"]);
  assert.ok(items.find((p) => p.name === "demo").resources > 5 && items.every((p) => p.loaded_at));
  assert.equal((await as.steward("packs.list")).status, 403);
  for (const page of ["desk", "infer", "quality", "usage", "operations", "wall"])
    assert.equal((await s.call(`page.${page}`, page === "quality" ? { name: SERVICE } : {}, { anonymous: true })).status, 200);
});
