// Collection by area: who may, what is sent once and answered one by one, conflicts that a person decides, campaigns and how far they are.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { addAccount, luling, signIn, until } from "./lib.mjs";
import { LOWER, OTHER, residentId, RESOURCE, serveVillages, UPPER } from "./villages.mjs";

const person = (n, more = {}) => ({ 户编号: `H-${n}`, 户主: `张${n}`, 户主身份证号: residentId(n), 人口: "4", 入户日期: "2026-01-31", ...more });

/** A server with an officer of the upper village: { s, officer: cookie, send, states }. */
async function withOfficer(t) {
  const s = await serveVillages(t);
  await addAccount(s.data, "officer", "JA023", "collector");
  const officer = await signIn(s, "officer");
  const given = await s.call("collect.give", {}, { cookie: s.steward, json: { account: "officer", resource: RESOURCE, area: UPPER } });
  assert.equal(given.status, 204, given.text);
  const at = { name: RESOURCE, area: UPPER };
  const send = async (...entries) => {
    const r = await s.call("collect.send", at, { cookie: officer, json: { entries } });
    assert.equal(r.status, 200, r.text);
    return r.body;
  };
  const settled = (ids) => until("the entries", () => s.call("collect.entries", at, { cookie: officer }),
    (r) => ids.every((id) => r.body.entries.some((e) => e.id === id && e.state !== "waiting"))).then((r) => new Map(r.body.entries.map((e) => [e.id, e])));
  const area = async () => (await s.call("collect.area", at, { cookie: officer })).body;
  return { s, officer, at, send, settled, area };
}

test("entries become a delivery, each is answered, and sent twice they are one record", async (t) => {
  const { s, officer, send, settled, area } = await withOfficer(t);
  const empty = await area();
  assert.equal(empty.area_title, "吉州区 樟山镇 上塘村");
  assert.deepEqual(empty.records, []);
  assert.ok(empty.fields.find((f) => f.name === "主要作物").choices.includes("油茶"));
  const good = { id: randomUUID(), base: null, values: person(990) }, bad = { id: randomUUID(), base: null, values: person(991, { 人口: "40", 户主: "" }) };
  const first = await send(good, bad);
  assert.deepEqual(first.entries.map((e) => e.state), ["waiting", "waiting"]);
  assert.equal((await send(good, bad)).delivery, null, "the same again is nothing new");
  const states = await settled([good.id, bad.id]);
  assert.equal(states.get(good.id).state, "accepted");
  assert.equal(states.get(bad.id).state, "refused");
  assert.deepEqual(states.get(bad.id).reasons.flatMap((r) => r.fields).sort(), ["人口", "户主"]);
  const after = await area();
  assert.deepEqual(after.records.map((r) => [r.values["户编号"], r.values["村"]]), [["H-990", "上塘村"]]);

  // corrected under another id it is taken, and the refused row counts as corrected
  const mended = { id: randomUUID(), base: null, values: person(991) };
  await send(mended);
  const later = await settled([mended.id]);
  assert.equal(later.get(mended.id).state, "accepted");
  assert.equal(later.get(bad.id).state, "corrected");
  assert.equal((await s.call("collect.area", { name: RESOURCE, area: LOWER }, { cookie: officer })).status, 403);
  assert.equal((await s.call("collect.area", { name: "nothing", area: LOWER }, { cookie: officer })).status, 404);
});

test("a record that changed meanwhile is given back with both versions, and nothing is delivered until a person chose", async (t) => {
  const { send, settled, area } = await withOfficer(t);
  const made = { id: randomUUID(), base: null, values: person(980) };
  await send(made);
  await settled([made.id]);
  const [record] = (await area()).records;
  const theirs = { id: randomUUID(), base: record.version, values: { ...record.values, 人口: "5" } };
  assert.equal((await send(theirs)).entries[0].state, "waiting");
  await settled([theirs.id]);
  // made offline from the first version
  const mine = { id: randomUUID(), base: record.version, values: { ...record.values, 人口: "6" } };
  const told = await send(mine);
  assert.equal(told.entries[0].state, "conflict");
  assert.equal(told.entries[0].current.values["人口"], "5");
  assert.equal(told.delivery, null);
  // one that does not know of the record at all conflicts as well
  assert.equal((await send({ id: randomUUID(), base: null, values: person(980) })).entries[0].state, "conflict");
  const chosen = { ...mine, base: told.entries[0].current.version };
  assert.equal((await send(chosen)).entries[0].state, "waiting");
  await settled([mine.id]);
  assert.equal((await area()).records[0].values["人口"], "6");
});

test("what is sent is bounded, and an entry's id is nobody else's", async (t) => {
  const { s, officer, at, send } = await withOfficer(t);
  const post = (entries) => s.call("collect.send", at, { cookie: officer, json: { entries } });
  const entry = { id: randomUUID(), base: null, values: person(970) };
  for (const [entries, why] of [
    [[], "none"], [Array.from({ length: 51 }, () => ({ ...entry, id: randomUUID() })), "too many"], [[{ ...entry, id: "x" }], "no id"],
    [[{ ...entry, values: { 别的列: "1" } }], "no field"], [[{ ...entry, values: { 户主: 1 } }], "no text"], [[{ ...entry, values: { 户主: "长".repeat(2000) } }], "too long"], [[{ ...entry, more: 1 }], "more"],
  ]) assert.equal((await post(entries)).status, 400, why);
  await send(entry);
  await addAccount(s.data, "second", "JA023", "collector");
  const second = await signIn(s, "second");
  assert.equal((await s.call("collect.send", at, { cookie: second, json: { entries: [entry] } })).status, 403);
  await s.call("collect.give", {}, { cookie: s.steward, json: { account: "second", resource: RESOURCE, area: UPPER } });
  assert.equal((await s.call("collect.send", at, { cookie: second, json: { entries: [entry] } })).status, 409);
});

test("areas are given by who leads there, to own collectors, and in the journal; taken away they are closed", async (t) => {
  const { s, officer } = await withOfficer(t);
  const give = (cookie, json, id = "collect.give") => s.call(id, {}, { cookie, json });
  const to = { account: "officer", resource: RESOURCE, area: LOWER };
  assert.equal((await give(s.steward, to)).status, 204);
  assert.equal((await give(s.steward, to)).status, 409);
  assert.equal((await give(s.steward, { ...to, area: "360802101" })).status, 422);
  assert.equal((await give(s.steward, { ...to, account: "county" })).status, 422);
  assert.equal((await give(s.steward, { ...to, account: "nobody" })).status, 404);
  assert.equal((await give(s.steward, { ...to, resource: "enterprise" })).status, 404);
  const mine = await s.call("collect.mine", {}, { cookie: officer });
  assert.deepEqual(mine.body.items.map((d) => d.area), [UPPER, LOWER]);
  const all = await s.call("collect.duties", {}, { cookie: s.steward });
  assert.equal(all.body.total, 2);
  assert.equal((await give(s.steward, to, "collect.end")).status, 204);
  assert.equal((await give(s.steward, to, "collect.end")).status, 404);
  assert.equal((await s.call("collect.mine", {}, { cookie: officer })).body.total, 1);
  await addAccount(s.data, "audit", "JA001", "auditor");
  const audit = await signIn(s, "audit");
  await until("the journal", () => s.call("journal.list", { limit: 50 }, { cookie: audit }), (r) => r.status === 200 && r.body.items.filter((e) => e.type === "administration").length >= 3);
});

test("a campaign counts what came in its days by county, town and village, and says what is missing", async (t) => {
  const { s, send, settled } = await withOfficer(t);
  const days = { from: "2026-01-01", until: "2099-12-31" };
  const add = (json, cookie = s.steward) => s.call("campaign.add", {}, { cookie, json: { resource: RESOURCE, title: "春季入户", region: "360800", ...days, ...json } });
  const made = await add({ expected: 10, targets: [`${UPPER}=2`] });
  assert.equal(made.status, 201, made.text);
  assert.equal(`${made.body.areas} ${made.body.expected}`, "4 32");
  assert.equal((await add({ until: "2025-01-01" })).status, 422);
  assert.equal((await add({ region: "110000" })).status, 422);
  assert.equal((await add({ targets: ["nothing"] })).status, 422);
  assert.equal((await add({ resource: "nothing" })).status, 404);
  const entries = [990, 991, 992].map((n) => ({ id: randomUUID(), base: null, values: person(n, n === 992 ? { 人口: "99" } : {}) }));
  await send(...entries);
  await settled(entries.map((e) => e.id));
  const at = async (within) => (await s.call("campaign.progress", { id: made.body.id, ...(within ? { within } : {}) }, { cookie: s.steward })).body.places;
  const counties = await at();
  assert.deepEqual(counties.map((p) => [p.code, p.title, p.areas, p.expected, p.collected, p.refused, p.done]), [["360802", "吉州区", 3, 22, 2, 1, 1], ["360803", "青原区", 1, 10, 0, 0, 0]]);
  assert.deepEqual((await at("360802")).map((p) => [p.code, p.collected]), [["360802101", 2], ["360802102", 0]]);
  assert.deepEqual((await at("360802101")).map((p) => [p.code, p.title, p.leaf, p.collected, p.late]), [[UPPER, "上塘村", true, 2, 0], [LOWER, "下塘村", true, 0, 0]]);
  assert.equal((await at(OTHER.slice(0, 9)))[0].collected, 0);
  assert.deepEqual((await s.call("collect.resources", {}, { cookie: s.steward })).body.map((r) => r.resource), [RESOURCE]);
  assert.equal((await s.call("campaigns.list", { open: true }, { cookie: s.steward })).body.total, 1);
  const overdue = await add({ title: "去年入户", from: "2025-01-01", until: "2025-02-01" });
  assert.equal(overdue.body.overdue, true);
  const waits = await s.call("tasks.list", {}, { cookie: s.steward });
  assert.deepEqual(waits.body.items.filter((x) => x.kind === "campaign").map((x) => [x.id, x.title, x.overdue]), [[overdue.body.id, "去年入户", true]]);
  assert.equal((await s.call("campaign.end", { id: overdue.body.id }, { cookie: s.steward })).status, 200);
  assert.equal((await s.call("campaign.end", { id: made.body.id }, { cookie: s.steward })).status, 200);
  assert.equal((await s.call("campaign.end", { id: made.body.id }, { cookie: s.steward })).status, 409);
  assert.equal((await s.call("campaigns.list", { open: true }, { cookie: s.steward })).body.total, 0);
  assert.equal((await s.call("campaign.progress", { id: "nothing" }, { cookie: s.steward })).status, 404);
});

test("the page and its worker are served", async (t) => {
  const { s } = await withOfficer(t);
  for (const id of ["page.collect", "page.campaigns", "page.collect_worker"]) assert.equal((await s.call(id, {}, { anonymous: true })).status, 200, id);
  assert.equal((await luling(["help", "resource", "template"])).code, 0);
});
