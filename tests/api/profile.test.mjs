// A subject's timeline and its relations: what packs declare of dates and of who has to do with whom, found from both sides, masked and
// journalled as the profile is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { platform, some } from "./penalties.mjs";
import { subjectOf } from "./subject.mjs";

const SAMPLE = "91360802YL0000397L";
const RESOURCES = ["enterprise_registration", "enterprise_shareholder", "enterprise_branch", "enterprise_change", "abnormal_operation_list", "tax_rating", "social_insurance", "real_estate_mortgage"];
const day = (offset = 0) => new Date(Date.now() + offset * 864e5).toISOString().slice(0, 10);

async function registry(t) {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  for (const name of RESOURCES) await deliver(s, deliveries.find((d) => d.resource === name));
  return { s, as: await people(s) };
}

const fine = (reply) => (assert.equal(reply.status, 200, reply.text), reply.body);
const descending = (facts) => facts.every((f, at) => at === 0 || f.date.slice(0, 4) <= facts[at - 1].date.slice(0, 4));

test("a timeline has every date that packs declare, newest first, paged, by kind, and says of each what it shows", async (t) => {
  const { s, as } = await registry(t);
  const of = (more = {}) => as.operator("subject.timeline", { id: SAMPLE, limit: 200, ...more });
  const all = fine(await of());
  assert.equal(all.names[0], "吉州区样例嘉宇粮油有限公司");
  assert.deepEqual([all.total, all.unread, all.more, all.candidates], [all.facts.length, 0, false, []]);
  assert.ok(descending(all.facts), all.facts.map((f) => f.date).join(" "));
  const whats = all.facts.map((f) => f.what);
  for (const what of ["成立", "核准登记", "登记事项变更", "纳税信用评价", "缴纳社会保险费"]) assert.ok(whats.includes(what), `${what}: ${whats}`);
  const born = all.facts.find((f) => f.what === "成立"), rated = all.facts.find((f) => f.kind === "tax"), paid = all.facts.find((f) => f.kind === "insurance");
  assert.match(born.date, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual([rated.precision, rated.date.length, paid.precision, paid.date], ["year", 4, "month", "2024-05"]);
  assert.deepEqual(Object.keys(born.record), ["enterprise_type", "registered_capital", "registration_authority"]);
  assert.ok(all.items.enterprise_registration.some((i) => i.name === "enterprise_type"), "the items that are shown are described");
  assert.deepEqual([born.resource, born.key, born.relation, born.disputed, born.withheld], ["enterprise_registration", [SAMPLE], null, false, false]);

  // Kinds add up; a page is a window of the whole.
  assert.equal(all.kinds.reduce((n, k) => n + k.count, 0), all.total);
  for (const { kind, count } of all.kinds) {
    const only = fine(await of({ kind }));
    assert.deepEqual([only.total, only.facts], [count, all.facts.filter((f) => f.kind === kind)]);
  }
  const pages = [];
  for (let offset = 0; offset < all.total; offset += 3) pages.push(...fine(await of({ offset, limit: 3 })).facts);
  assert.deepEqual(pages, all.facts);
  assert.deepEqual(fine(await of({ kind: "nothing" })).facts, []);

  // Only records of its own, unless asked: a bank is the mortgagee of others' mortgages.
  const bank = "91100000100003962T";
  const own = fine(await as.operator("subject.timeline", { id: bank, kind: "property" }));
  const wide = fine(await as.operator("subject.timeline", { id: bank, kind: "property", related: true }));
  assert.equal(own.total, 0);
  assert.ok(wide.total > 0 && wide.facts.every((f) => f.relation === "mortgagee"));

  // Nobody is unknown silently, and who has no business has none.
  assert.deepEqual(fine(await as.operator("subject.timeline", { id: "没有这个企业" })).facts, []);
  assert.equal((await as.operator("subject.timeline", { id: SAMPLE, limit: 0 })).status, 400);
  for (const who of [as.steward, as.auditor, as.sec]) assert.equal((await who("subject.timeline", { id: SAMPLE })).status, 403);
  assert.equal((await s.call("subject.timeline", { id: SAMPLE }, { anonymous: true })).status, 401);
  const me = await subjectOf(s, as, SAMPLE);
  const looks = fine(await me("me.looks")).items;
  assert.ok(looks.some((l) => l.mode === "subject.timeline"), "the subject sees the look");
  assert.ok(!s.log.includes(SAMPLE));
});

test("relations are found from both sides, ring by ring, bounded, with persons masked", async (t) => {
  const { s, as } = await registry(t);
  const of = async (id, more = {}) => fine(await as.operator("subject.relations", { id, ...more }));
  const near = await of(SAMPLE);
  const [root] = near.nodes;
  assert.deepEqual([root.identifier.value, root.name, root.depth, root.looked, near.more], [SAMPLE, near.names[0], 0, true, false]);
  assert.ok(near.nodes.slice(1).every((n) => n.depth === 1 && !n.looked));
  const edge = (g, relation, from, to) => g.edges.filter((e) => e.relation === relation && (from === undefined || e.from === from) && (to === undefined || e.to === to));
  const [legal] = edge(near, "legal_representative");
  const person = near.nodes[legal.from];
  assert.deepEqual([legal.to, legal.from_is, legal.to_is, person.person, person.walk], [0, "法定代表人", "任法定代表人的单位", true, false]);
  assert.match(person.identifier.value, /^\d{6}\*{8}\d{3}[\dX]$/);
  const holdings = edge(near, "shareholder", undefined, 0), invests = edge(near, "shareholder", 0);
  assert.ok(holdings.some((e) => e.from === person.ref), "one node a subject, whatever says so");
  assert.ok(holdings.length + invests.length > 1);
  assert.deepEqual(holdings[0].shown.map((i) => i.item), ["shareholding_ratio", "subscribed_amount", "contributed_amount"]);
  assert.ok(holdings[0].record.shareholding_ratio > 0);

  // The other side tells the same relation.
  const partner = near.nodes.find((n) => n.depth === 1 && !n.person);
  const back = await of(partner.identifier.value);
  const here = back.nodes.find((n) => n.identifier.value === SAMPLE).ref;
  const e = near.edges.find((x) => x.from === partner.ref || x.to === partner.ref);
  assert.ok(back.edges.some((x) => x.relation === e.relation && (e.from === partner.ref ? x.from === 0 && x.to === here : x.from === here && x.to === 0)));

  // Rings: each node once, each edge between nodes that are there; a deeper walk has all of the shallower.
  const far = await of(SAMPLE, { depth: 3 });
  const ids = far.nodes.map((n) => n.identifier.value);
  assert.ok(far.nodes.length > near.nodes.length);
  assert.equal(new Set(far.nodes.filter((n) => !n.person).map((n) => n.identifier.value)).size, far.nodes.filter((n) => !n.person).length);
  assert.ok(far.edges.every((x) => far.nodes[x.from] && far.nodes[x.to] && Math.abs(far.nodes[x.from].depth - far.nodes[x.to].depth) <= 1));
  assert.ok(near.nodes.every((n) => ids.includes(n.identifier.value)));
  assert.doesNotMatch(JSON.stringify(far), /"36\d{15}[\dX]"/, "no identity number");

  // A branch and its head office; a bank with more neighbours than are asked for.
  const deep = await of(SAMPLE, { depth: 4, fan: 100 });
  const [branch] = edge(deep, "branch");
  assert.ok(branch, "a branch is within reach");
  assert.deepEqual([branch.from_is, branch.to_is], ["总机构", "分支机构"]);
  const up = await of(deep.nodes[branch.to].identifier.value);
  assert.equal(edge(up, "branch", undefined, 0).length, 1);
  const bank = await of("91100000100003962T", { fan: 5 });
  assert.deepEqual([bank.nodes.length, bank.nodes[0].more], [6, true]);
  assert.ok(edge(bank, "mortgage").length >= 4);

  for (const bad of [{ depth: 0 }, { depth: 5 }, { fan: 101 }]) assert.equal((await as.operator("subject.relations", { id: SAMPLE, ...bad })).status, 400);
  assert.deepEqual((await of("没有这个企业")).nodes, []);
  for (const who of [as.steward, as.auditor, as.sec]) assert.equal((await who("subject.relations", { id: SAMPLE })).status, 403);
  assert.equal((await s.call("subject.relations", { id: SAMPLE }, { anonymous: true })).status, 401);

  // Whoever stands in the graph was looked at.
  const other = await subjectOf(s, as, partner.identifier.value);
  assert.ok(fine(await other("me.looks")).items.some((l) => l.mode === "subject.relations"));
});

test("lists and repairs stand in the timeline: put on, taken off, repaired", async (t) => {
  const { as, s, bank } = await platform(t);
  const [one] = await some(bank);
  const facts = async () => fine(await as.operator("subject.timeline", { id: one.uscc, limit: 200 })).facts;
  assert.ok((await facts()).some((f) => f.kind === "penalty" && f.tone === "bad"));
  const basis = "《严重失信主体名单管理办法》第八条";
  const { id } = (await as.source("credit_entry.add", {}, { subject: one.uscc, subject_title: "甲公司", list: "market", document: "吉市监列严〔2026〕1号", reason: "提交虚假材料取得登记", legal_basis: basis, decided_on: day(-3) })).body;
  assert.ok(!(await facts()).some((f) => f.what === "列入名单" && f.date === day(-3)), "a proposal is no fact");
  await as.head_of_source("credit_entry.act", { id }, { action: "enter" });
  const put = (await facts()).find((f) => f.what === "列入名单" && f.date === day(-3));
  assert.deepEqual([put.kind, put.tone, put.resource, put.record], ["list", "bad", null, null]);
  assert.ok(put.note && put.note_en);
  await as.head_of_source("credit_entry.act", { id }, { action: "remove", reason: "已完成整改", legal_basis: basis });
  assert.ok((await facts()).some((f) => f.what === "移出名单" && f.note === put.note));
  assert.ok(!s.log.includes(one.uscc));
});
