// Monitoring: a bank watches the subjects that it has a right to follow, and is told what happens to them - once, as grave as it is, and no more than its grant gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, grant, tokenOf } from "./bank.mjs";
import { deliver } from "./demo.mjs";
import { hub, receiver, SERVICE as FIRMS } from "./hooks.mjs";
import { addAccount, luling, serve, signIn, until } from "./lib.mjs";
import { platform, SERVICE, some } from "./penalties.mjs";
import { subjectOf } from "./subject.mjs";

const day = (offset = 0) => new Date(Date.now() + offset * 864e5).toISOString().slice(0, 10);
const purpose = "贷后监测";
const basis = "《严重失信主体名单管理办法》第八条";

/** Every event from the cursor on, once there are as many as wanted. */
async function eventsOf(bank, done, params = {}) {
  const seen = await until("events", () => bank.call("watch.events", { limit: 200, ...params }), (r) => done(r.body.items));
  return seen.body;
}
const csv = (s, token, text, more = {}) => s.call("watch.load", { purpose, ...more }, { anonymous: true, headers: { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" }, body: text });

test("a subject is watched under a grant with mode subscribe; seen by itself, by its bank and by the auditor alone; ended by hand", async (t) => {
  const { s, as, bank } = await platform(t);
  const [one, two] = [...new Set((await some(bank)).map((x) => x.uscc))];
  const add = (who, body) => who("watch.add", {}, { subject: one, purpose, ...body });
  for (const [body, status] of [[{ subject: "nobody" }, 422], [{ purpose: undefined }, 400], [{ until: "明天" }, 400], [{ until: day(-3) }, 422], [{ level: "red" }, 400]])
    assert.equal((await add(bank.call, body)).status, status, JSON.stringify(body));
  const other = await client(s, as, "other-bank", "JB002");
  assert.equal((await add(other.call)).status, 403, "it has no grant");
  assert.equal((await add(as.operator)).status, 403, "the platform watches nobody");

  const made = await add(bank.call, { reference: "C-1", until: day(90) });
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  assert.ok(made.body.subject.includes("*") && !made.text.includes(one), "it stands there masked");
  assert.deepEqual(made.body.covers.map((c) => [c.resource, c.consent, c.tells, c.holds]), [[SERVICE, null, "values", true]]);
  const again = await add(bank.call, { subject: one.toLowerCase(), reference: "C-2" });
  assert.deepEqual([again.status, again.body.id, again.body.reference], [200, id, "C-2"], "again: made anew");
  assert.equal((await bank.call("watches.list", { reference: "C-2" })).body.total, 1);
  assert.equal((await bank.call("watches.list", { subject: one, state: "active" })).body.items[0].id, id);
  assert.equal((await bank.call("watches.list", { subject: two })).body.total, 0);
  assert.equal((await bank.call("watches.list", { level: "red" })).body.total, 0);
  assert.equal((await other.call("watches.list", {})).body.total, 0);
  assert.equal((await other.call("watch.show", { id })).status, 404);
  assert.equal((await other.call("watch.act", { id }, { action: "end" })).status, 404);
  assert.equal((await as.auditor("watch.show", { id })).body.id, id);
  assert.equal((await as.auditor("watch.events", {})).status, 403, "what events say is the bank's");

  const me = await subjectOf(s, as, one);
  const mine = (await me("me.watches")).body;
  assert.deepEqual(mine.items.map((w) => [w.organisation, w.purpose, w.state, w.reference]), [["JB001", purpose, "active", undefined]]);
  const looks = await until("the look", () => me("me.looks", { limit: 50 }), (r) => r.body.items.filter((l) => l.mode === "watch.added").length === 2);
  assert.equal(looks.body.items.find((l) => l.mode === "watch.added").purpose, purpose);

  assert.equal((await bank.call("watch.act", { id }, { action: "explode" })).status, 400);
  assert.equal((await bank.call("watch.act", { id }, { action: "end" })).body.why, "hand");
  assert.equal((await bank.call("watch.act", { id }, { action: "end" })).status, 409);
  assert.equal((await me("me.watches")).body.items[0].state, "ended");
  await until("the end is in the journal", () => me("me.looks", { limit: 50 }), (r) => r.body.items.some((l) => l.mode === "watch.ended"));
  assert.ok(!s.log.includes(one));
});

test("a file registers row by row and tells what is wrong with the others; sent again it makes anew", async (t) => {
  const { s, bank } = await platform(t);
  const subjects = [...new Set((await some(bank, 200)).map((x) => x.uscc))].slice(0, 12);
  const lines = subjects.map((u, i) => `${u},客户-${i},${i === 3 ? "昨天" : i === 4 ? day(-2) : ""}`);
  const text = `\ufeff主体标识,客户编号,到期日\n${lines.join("\n")}\n91360802YL000039XX,bad,\n,,\n"${subjects[0]}`;
  const loaded = await csv(s, bank.token, text, { until: day(30) });
  assert.equal(loaded.status, 200, loaded.text);
  assert.deepEqual([loaded.body.received, loaded.body.added, loaded.body.renewed, loaded.body.refused], [15, 10, 0, 5]);
  assert.deepEqual(loaded.body.errors.map((e) => e.row), [5, 6, 14, 15, 16]);
  assert.ok(loaded.body.errors.every((e) => e.zh && e.en));
  const again = await csv(s, bank.token, `subject\n${subjects.join("\n")}\n`);
  assert.deepEqual([again.body.added, again.body.renewed], [2, 10]);
  assert.equal((await bank.call("watches.list", {})).body.total, 12);
  assert.equal((await csv(s, bank.token, "name\nx\n")).status, 400);
  assert.equal((await csv(s, bank.token, "")).status, 400);
  assert.equal((await bank.call("watches.list", { offset: 10, limit: 5 })).body.items.length, 2);
  const listed = JSON.parse((await luling(["watch", "list", "--organisation", "JB001", "--json", "-d", s.data])).out);
  assert.equal(listed.length, 12);
});

test("a change of a watched subject raises one event, as grave as the rules say, with what the grant gives; a repair, a dispute and a list are told, too", async (t) => {
  const { s, as, bank, redeliver } = await platform(t);
  const records = await some(bank, 60);
  const [one, two] = [records[0], records.find((r) => r.uscc !== records[0].uscc)];
  const id = (await bank.call("watch.add", {}, { subject: one.uscc, purpose, reference: "C-1" })).body.id;
  assert.deepEqual((await bank.call("watch.events", {})).body.items, [], "nothing has happened yet");
  const changed = await redeliver(one.doc, { penalty_content: "罚款五万元", dishonesty_level: "严重" });
  await redeliver(two.doc, { penalty_content: "没有人关注" });
  const first = await eventsOf(bank, (l) => l.length > 0);
  assert.equal(first.items.length, 1, JSON.stringify(first.items));
  const [event] = first.items;
  assert.deepEqual([event.watch, event.reference, event.act, event.level, event.rule, event.resource, event.batch, event.told], [id, "C-1", "changed", "red", "serious_penalty", SERVICE, changed.batch, "values"]);
  assert.ok(event.items.includes("penalty_content") && !event.items.includes("penalty_date"), "only what changed");
  assert.equal(event.values.penalty_content.value, "罚款五万元");
  assert.deepEqual(event.key?.[0], one.doc);
  assert.ok(event.title && event.title_en && first.receipt.index > 0);
  assert.equal((await bank.call("watches.list", { level: "red" })).body.items[0].id, id);
  assert.deepEqual((await bank.call("watch.events", { cursor: first.cursor })).body.items, []);
  assert.equal((await bank.call("watch.events", { cursor: "x" })).status, 400);
  assert.equal((await bank.call("watch.events", { level: "blue" })).body.items.length, 0);
  const rules = (await bank.call("watch.rules", {})).body;
  assert.deepEqual(rules.levels.map((l) => l.level), ["red", "orange", "yellow", "blue"]);
  assert.ok(rules.rules.every((r) => r.basis && r.source && r.acts.length > 0));

  // The same rows again change nothing, so that nobody is told.
  await redeliver(one.doc, { penalty_content: "罚款五万元", dishonesty_level: "严重" }, "新增");
  await redeliver(one.doc, { penalty_content: "罚款六万元", dishonesty_level: "严重" });
  const second = await eventsOf(bank, (l) => l.length > 0, { cursor: first.cursor });
  assert.deepEqual(second.items.map((e) => [e.act, e.values.penalty_content?.value]), [["changed", "罚款六万元"]]);

  // A list that a document decided.
  const entry = (await as.source("credit_entry.add", {}, { subject: one.uscc, subject_title: "甲公司", list: "market", document: "吉市监列严〔2026〕1号", reason: "提交虚假材料", legal_basis: basis, decided_on: day(-1) })).body.id;
  await as.head_of_source("credit_entry.act", { id: entry }, { action: "enter" });
  const listed = await eventsOf(bank, (l) => l.length > 0, { cursor: second.cursor });
  assert.deepEqual(listed.items.map((e) => [e.act, e.list, e.level, e.resource, e.told]), [["listed", "market", "red", null, "call"]]);

  // A doubt of the subject, and then its repair: what was told before is not shown any more.
  const me = await subjectOf(s, as, one.uscc);
  const doubt = await me("me.objection.add", {}, { resource: SERVICE, key: one.key, reason: "金额有误，应为一万元" });
  assert.equal(doubt.status, 201, doubt.text);
  const disputed = await eventsOf(bank, (l) => l.length > 0, { cursor: listed.cursor });
  assert.deepEqual(disputed.items.map((e) => [e.act, e.level]), [["disputed", "blue"]]);
  await me("me.objection.act", { id: doubt.body.id }, { action: "withdraw" });
  const settled = await eventsOf(bank, (l) => l.length > 0, { cursor: disputed.cursor });
  assert.equal(settled.items[0].act, "settled");
  const looks = await me("me.looks", { limit: 100 });
  assert.ok(looks.body.items.filter((l) => l.mode === "watch.raised").length >= 5, "the subject sees that its bank was told");

  const grants = (await as.steward("grants.list", { resource: SERVICE })).body.items;
  assert.equal((await as.head_of_source("grant.act", { id: grants[0].id }, { action: "suspend", reason: "核查" })).status, 200);
  const hidden = (await bank.call("watch.events", { watch: id, order: "newest" })).body.items;
  assert.ok(hidden.filter((e) => e.act === "changed").every((e) => e.told === "no_longer" && !e.values && !e.key), "under a grant that is not in force no values are shown");
  assert.equal((await bank.call("watch.show", { id })).body.holds, false);
  await redeliver(one.doc, { penalty_content: "罚款七万元", dishonesty_level: "严重" });
  await until("the monitor has passed it", () => luling(["watch", "status", "--json", "-d", s.data]), (r) => JSON.parse(r.out).waiting === 0);
  await as.head_of_source("grant.act", { id: grants[0].id }, { action: "resume", reason: "核查完毕" });
  assert.deepEqual((await bank.call("watch.events", { cursor: settled.cursor })).body.items, [], "nothing is told of that time");
  assert.ok(!s.log.includes(one.uscc));
});

test("a grant without mode changes is told that a call will tell; a rule over an item that it does not give is not applied; nor is an item's change", async (t) => {
  const { as, bank, redeliver, s } = await platform(t);
  const [one] = await some(bank);
  const other = await client(s, as, "other-bank", "JB002");
  // The second bank's own people apply; its grant has no values and not the degree of dishonesty.
  for (const [account, duties] of [["jb2-1", "consumer_steward"], ["jb2-2", "approver"]]) await addAccount(s.data, account, "JB002", duties);
  const cookies = { steward: await signIn(s, "jb2-1"), head: await signIn(s, "jb2-2") };
  const second = { ...as, steward: (id, p, json) => s.call(id, p, { cookie: cookies.steward, json }), head: (id, p, json) => s.call(id, p, { cookie: cookies.head, json }) };
  await grant(second, [`${SERVICE}:uscc subject_name violation_facts`], { modes: "query subscribe" }, "head_of_source");
  for (const who of [bank, other]) assert.equal((await who.call("watch.add", {}, { subject: one.uscc, purpose })).status, 201);

  await redeliver(one.doc, { penalty_content: "罚款五万元", dishonesty_level: "严重" });
  const seen = await eventsOf(bank, (l) => l.length > 0);
  assert.equal(seen.items[0].level, "red");
  await redeliver(one.doc, { penalty_content: "罚款五万元", dishonesty_level: "严重", violation_facts: "经查属实" });
  const told = await eventsOf(other, (l) => l.length > 0);
  assert.equal(told.items.length, 1, "the first change was of items that it does not have");
  assert.deepEqual([told.items[0].act, told.items[0].level, told.items[0].rule, told.items[0].told, told.items[0].values, told.items[0].key], ["changed", "yellow", "penalty_changed", "call", undefined, undefined]);
});

test("a consent is needed where the grant asks for one, and withdrawn it ends the watching at once; a day that is over ends it, too", async (t) => {
  const { s, as, bank, parts } = await hub(t);
  await grant(as, [`${FIRMS}:uscc enterprise_name registration_status`], { consent: true });
  const firms = parts[0];
  assert.ok(firms);
  const keys = JSON.parse((await luling(["dump", FIRMS, "-d", s.data])).out.split("\n")[0]);
  const subject = (keys.record ?? keys).uscc;
  const add = () => bank.call("watch.add", {}, { subject, purpose, reference: "C-9" });
  const refused = await add();
  assert.equal(refused.status, 403);
  assert.match(refused.body.error.en, /consent/);
  const consent = (more) => as.steward("consent.record", {}, { subject, subject_title: "某企业", resources: [FIRMS], purpose: "小微企业贷前调查", until: day(30), document: "0".repeat(64), ...more });
  const given = await consent();
  assert.equal(given.status, 201, given.text);
  const made = await add();
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.covers[0].consent, made.body.covers[0].tells], [given.body.id, "call"], "under a consent a call tells, and uses it");
  assert.ok(Date.parse(made.body.until) <= Date.parse(day(31)) + 864e5, "no longer than the consent");
  const second = await deliver(s, parts[1]);
  assert.equal((await luling(["withdraw", second.batch, "-d", s.data])).code, 0);
  assert.equal((await as.steward("consent.withdraw", { id: given.body.id }, { reason: "授权人要求" })).status, 200);
  const ended = (await bank.call("watch.show", { id: made.body.id })).body;
  assert.deepEqual([ended.state, ended.why, ended.covers, ended.holds], ["ended", "consent", [], false]);
  assert.deepEqual((await bank.call("watch.events", { watch: made.body.id })).body.items, [], "nothing of it is told any more");
  assert.equal((await add()).status, 403);
});

test("events are told once by the feed and by a signed webhook, whatever is killed in between", { timeout: 300_000 }, async (t) => {
  const { s, as, bank, pair, parts, jwks } = await hub(t);
  await grant(as, [FIRMS]);
  const r = await receiver(t, pair, jwks);
  const hook = (await bank.call("webhook.add", {}, { url: r.url, events: ["watch"] })).body.id;
  await until("active", () => bank.call("webhook.show", { id: hook }), (x) => x.body.subscription.state === "active");
  const firms = (await bank.call("service.changes", { name: FIRMS, limit: 1000 })).body.changes.filter((c) => c.record).map((c) => c.record.values.uscc.value);
  const loaded = await csv(s, bank.token, `subject\n${firms.join("\n")}\n`);
  assert.equal(loaded.body.added, firms.length, loaded.text);
  let server = s;
  let batch;
  for (const round of [0, 1, 2, 3]) {
    if (round % 2 === 0) batch = (await deliver(server, parts[1])).batch;
    else assert.equal((await luling(["withdraw", batch, "-d", s.data])).code, 0);
    await new Promise((done) => setTimeout(done, 40 + Math.random() * 500));
    server.child.kill("SIGKILL");
    await server.ended;
    server = await serve(t, { data: s.data, settings: { webhook_ca: pair.ca, webhook_retry_ms: 50, webhook_networks: "127.0.0.0/8" } });
    s.url = server.url;
    if (round % 2 === 1) break;
  }
  const token = await tokenOf(s, bank.id, bank.privateKey);
  const call = (id, params, json) => s.call(id, params, { anonymous: true, headers: { Authorization: `Bearer ${token}` }, json });
  await until("the monitor has passed everything", () => luling(["watch", "status", "--json", "-d", s.data]), (x) => { const v = JSON.parse(x.out); return v.waiting === 0 && v.journal === 0; });
  const all = [];
  for (let cursor; ;) {
    const page = (await call("watch.events", { limit: 200, ...(cursor && { cursor }) })).body;
    all.push(...page.items);
    cursor = page.cursor;
    if (!page.more) break;
  }
  assert.ok(all.length > 0);
  const each = all.map((e) => `${e.batch} ${e.act === "withdrawn"} ${e.key?.[0] ?? e.watch}`);
  assert.equal(new Set(each).size, each.length, "none comes twice");
  const expected = await until("webhooks", async () => r.seen.events.reduce((n, e) => n + e.records, 0), (n) => n >= all.length);
  assert.equal(expected, all.length);
  assert.equal(r.seen.bad.length, 0, String(r.seen.bad[0]));
  assert.ok(r.seen.events.every((e) => e.type === "watch" && ["red", "orange", "yellow", "blue"].includes(e.level) && e.records > 0));
  const from = (await call("watch.events", { cursor: r.seen.events[0].cursor, limit: 1 })).body.items[0];
  assert.equal(from.event, Number(r.seen.events[0].cursor) + 1, "the cursor of the message leads to what it is about");

  // at the machine, in the name of the bank's steward; beside a running server its routes are used
  const at = (...args) => luling(["watch", ...args, "--as", "icbc-1", "--organisation", "JB001", "--duties", "consumer_steward", "-d", s.data, "--json"]);
  assert.notEqual((await at("add", firms[0], "--purpose", "贷后管理")).code, 0);
  server.child.kill("SIGTERM");
  await server.ended;
  const again = await at("add", firms[0], "--purpose", "贷后管理", "--reference", "K-7", "--until", "2099-12-31");
  assert.equal(again.code, 0, again.err);
  const [one] = [JSON.parse(again.out)].flat();
  assert.equal(one.state, "active");
  const ended = await at("end", String(one.id));
  assert.deepEqual([ended.code, [JSON.parse(ended.out)].flat()[0].state], [0, "ended"], ended.err);
  assert.notEqual((await at("end", String(one.id))).code, 0, "it has ended");
  assert.notEqual((await at("add", "91350100M000100Y4", "--purpose", "贷后管理")).code, 0);

  // more changes than are told one by one are told as one
  server = await serve(t, { data: s.data, settings: { watch_changes: 1 } });
  s.url = server.url;
  const many = (await deliver(server, parts[1])).batch;
  const later = await tokenOf(s, bank.id, bank.privateKey);
  const newest = () => s.call("watch.events", { order: "newest", limit: 1 }, { anonymous: true, headers: { Authorization: `Bearer ${later}` } });
  const whole = (await until("the event", newest, (x) => x.body.items?.[0]?.act === "whole")).body.items[0];
  assert.deepEqual([whole.batch, whole.watch, whole.told, whole.resource], [many, null, "call", FIRMS.split(":")[0]]);
});
