// Shared services as a bank's system calls them: what it gets, what it is refused, and the entry that each leaves in the journal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const NONE = "91350100M000100Y43";
const SERVICE = "enterprise_registration";

/** A server with the registrations taken in, the people, and the bank's client. */
async function hub(t, options) {
  const s = await serveDemo(t, options);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  return { s, as, bank: await client(s, as) };
}

/** The payload of an entry, as the auditor's command shows it. */
async function entryOf(s, index) {
  const reply = await s.call("journal.entry", { index }, { raw: false });
  assert.equal(reply.status, 200);
  return JSON.parse(reply.text);
}

test("a granted query is answered with the state of every value and the receipt of its entry", async (t) => {
  const { s, as, bank } = await hub(t);
  const refused = await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.error.condition, "grant");
  assert.equal((await entryOf(s, refused.body.receipt.index)).type, "refusal", "a refusal leaves an entry, too");
  assert.equal((await bank.call("service.query", { name: "no_such_thing" }, { subject: SAMPLE })).body.error.condition, "grant", "nor is it told whether there is such a resource");

  const id = await grant(as, [`${SERVICE}:uscc enterprise_name registered_capital established_date legal_rep_id`]);
  const reply = await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE.toLowerCase(), officer: "0796-118" });
  assert.equal(reply.status, 200, reply.text);
  const { result, receipt, source } = reply.body;
  assert.equal(reply.body.grant, id);
  assert.equal(source.late, false);
  assert.equal(result.status, "found");
  const [{ values, key }] = result.records;
  assert.deepEqual(key, [SAMPLE]);
  assert.deepEqual(values.uscc, { status: "present", value: SAMPLE });
  assert.equal(values.enterprise_name.status, "present");
  assert.ok(!("registered_address" in values), "what is not granted is not there");
  assert.ok(["masked", "absent"].includes(values.legal_rep_id.status), "an identity number is masked unless the grant says plain");
  if (values.legal_rep_id.value) assert.match(values.legal_rep_id.value, /\*{4}/);
  assert.equal(reply.headers.get("luling-receipt"), String(receipt.index));
  const entry = await entryOf(s, receipt.index);
  assert.equal(entry.type, "call");
  assert.ok(!JSON.stringify(entry).includes(SAMPLE));

  const byKey = (await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE], items: ["enterprise_name"] })).body.result;
  assert.deepEqual(Object.keys(byKey.records[0].values), ["enterprise_name"]);
  assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [NONE] })).body.result.status, "absent");

  const beyond = await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE], items: ["enterprise_name", "registered_address"] });
  assert.equal(beyond.status, 403);
  assert.equal(beyond.body.error.condition, "item");
  const partial = (await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE], items: ["enterprise_name", "registered_address"], partial: true })).body.result;
  assert.deepEqual(partial.records[0].values.registered_address, { status: "not_granted" });

  const wrong = [
    [{}, 400], [{ key: [SAMPLE], subject: SAMPLE }, 400], [{ key: [SAMPLE, "b"] }, 400], [{ key: [SAMPLE], items: ["misspelt"] }, 400],
    [{ key: [SAMPLE], misspelt: 1 }, 400], [{ subject: "not an identifier" }, 422], [{ key: ["' OR 1=1 --"] }, 200],
  ];
  for (const [body, status] of wrong) assert.equal((await bank.call("service.query", { name: SERVICE }, body)).status, status, JSON.stringify(body));
  assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE], purpose: "营销" })).body.error.condition, "purpose");
});

test("a thousand keys at once; more is refused, and quotas count keys", async (t) => {
  // a thousand made-up keys are what anomalies are raised for, half a second later: not what this is about
  const { as, bank } = await hub(t, { settings: { anomaly_run: 1000000, anomaly_miss_min: 1000000 } });
  await grant(as, [SERVICE], { per_day: 1500 });
  const keys = Array.from({ length: 1000 }, (_, i) => (i === 500 ? [SAMPLE] : `K${i}`));
  const reply = await bank.call("service.batch", { name: SERVICE }, { keys, items: ["enterprise_name"] });
  assert.equal(reply.status, 200, reply.text?.slice(0, 300));
  assert.equal(reply.body.results.length, 1000);
  assert.equal(reply.body.results[500].status, "found");
  assert.equal(reply.body.results.filter((r) => r.status === "absent").length, 999);
  assert.equal((await bank.call("service.batch", { name: SERVICE }, { keys: [...keys, "x"] })).status, 400);
  assert.equal((await bank.call("service.batch", { name: SERVICE }, { keys: [] })).status, 400);
  const over = await bank.call("service.batch", { name: SERVICE }, { keys });
  assert.equal(over.status, 403);
  assert.equal(over.body.error.condition, "quota_day");
  const some = await bank.call("service.batch", { name: SERVICE }, { subjects: [SAMPLE, NONE, "not an identifier"] });
  assert.deepEqual(some.body.results.map((r) => r.status), ["found", "absent", "invalid"], "what is left may be used");
});

test("verification says whether values agree and never what they are; attempts are few", async (t) => {
  const { as, bank } = await hub(t);
  await grant(as, [`${SERVICE}:uscc enterprise_name established_date registered_capital`], { modes: "query verify" });
  const [{ values }] = (await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).body.result.records;
  const [y, m, d] = values.established_date.value.split("-").map(Number);
  const reply = await bank.call("service.verify", { name: SERVICE }, { key: [SAMPLE], values: {
    enterprise_name: ` ${values.enterprise_name.value}`, established_date: `${y}年${m}月${d}日`, registered_capital: "1.23", registered_address: "x" } });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(reply.body.result.items, { enterprise_name: "match", established_date: "match", registered_capital: "mismatch", registered_address: "not_granted" });
  assert.ok(!reply.text.includes(values.established_date.value));
  assert.equal((await bank.call("service.verify", { name: SERVICE }, { key: [SAMPLE], values: { misspelt: "x" } })).status, 400);
  let last;
  for (let i = 0; i < 12; i++) last = await bank.call("service.verify", { name: SERVICE }, { key: [SAMPLE], values: { enterprise_name: `甲${i}` } });
  assert.equal(last.status, 429);
  assert.equal(last.body.error.condition, "attempts");
  assert.equal((await bank.call("service.batch", { name: SERVICE }, { keys: [SAMPLE] })).body.error.condition, "mode");
});

test("what is revoked, suspended, frozen or disabled holds from the next call", async (t) => {
  const { s, as, bank } = await hub(t);
  const id = await grant(as, [SERVICE]);
  const query = () => bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] });
  assert.equal((await query()).status, 200);
  await as.market("grant.act", { id }, { action: "suspend", reason: "核查" });
  assert.equal((await query()).body.error.condition, "suspended");
  await as.market("grant.act", { id }, { action: "resume", reason: "核查完毕" });
  assert.equal((await query()).status, 200);
  for (const [kind, what] of [["gateway", "*"], ["organisation", "JB001"], ["client", bank.id], ["resource", SERVICE]]) {
    assert.equal((await as.sec("freeze.make", {}, { kind, id: what, reason: "演练" })).status, 201);
    assert.equal((await query()).body.error.condition, "frozen", kind);
    assert.equal((await as.sec("freeze.end", { kind, id: what })).status, 200);
    assert.equal((await query()).status, 200, kind);
  }
  const frozen = await luling(["freeze", "resource", SERVICE, "--reason", "命令行", "-d", s.data]);
  assert.equal(frozen.code, 0, frozen.err);
  assert.equal((await query()).body.error.condition, "frozen", "another process's freeze holds, too");
  await luling(["thaw", "resource", SERVICE, "-d", s.data]);
  await as.sec("client.enabled", { id: bank.id }, { enabled: false });
  assert.equal((await query()).status, 401);
});

test("usage is counted from the journal, across a restart and by day, grant and resource", async (t) => {
  const { s, as, bank } = await hub(t);
  const id = await grant(as, [SERVICE], { per_day: 4 });
  for (let i = 0; i < 3; i++) assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [i ? SAMPLE : NONE] })).status, 200);
  const told = await as.steward("usage.show", { by: "grant" });
  assert.equal(told.status, 200, told.text);
  const used = told.body;
  assert.deepEqual(used.items.map((i) => [i.what, i.calls, i.keys, i.records]), [[id, 3, 3, 2]]);
  assert.equal((await as.market("usage.show", { by: "organisation" })).body.items[0].what, "JB001", "the source sees who uses its data");
  const [service, ...others] = (await bank.call("services.list", {})).body.items;
  assert.deepEqual([service.name, service.grant, service.per_day, service.used_today, service.used, others.length], [SERVICE, id, 4, 3, 3, 0]);
  assert.deepEqual(service.items.filter((i) => i.key || i.masked).map((i) => i.name).slice(0, 2), ["uscc", "legal_rep_id"]);
  assert.equal((await as.steward("services.list", {})).body.items.length, 1);
  assert.equal((await as.tax("usage.show", {})).body.total.calls, 0, "another department does not");
  s.child.kill("SIGKILL");
  await s.ended;

  const again = await serveDemo(t, { data: s.data, signedIn: false });
  const as2 = await people(again);
  assert.equal((await as2.operator("usage.show", { by: "resource" })).body.total.calls, 3, "nothing is lost by kill -9");
  const bank2 = await client(again, as2, "icbc-second");
  assert.equal((await bank2.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).status, 200);
  assert.equal((await bank2.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).body.error.condition, "quota_day");
  await until("the refusal", () => as2.operator("usage.show", { by: "day" }), (r) => r.body.total.refused === 1);
});

test("a copy that follows the changes is the source's own: deletes, withdrawals, pages; the same cursor gets the same answer", async (t) => {
  const { s, as, bank } = await hub(t);
  const { deliveries } = demoFiles(t);
  await grant(as, [`${SERVICE}:uscc enterprise_name registration_status legal_rep_id`]);
  const copy = new Map();
  let cursor;
  const follow = async (limit) => {
    let pages = 0;
    for (let more = true; more; pages++) {
      const page = await bank.call("service.changes", { name: SERVICE, limit, ...(cursor ? { cursor } : {}) });
      assert.equal(page.status, 200, page.text);
      if (pages === 0) assert.deepEqual((await bank.call("service.changes", { name: SERVICE, limit, ...(cursor ? { cursor } : {}) })).body.changes, page.body.changes);
      for (const c of page.body.changes) {
        if (c.change === "put") copy.set(c.record.key[0], c.record.values);
        else if (c.change === "delete") copy.delete(c.key[0]);
        else assert.fail(c.change);
      }
      ({ cursor, more } = page.body);
    }
    return pages;
  };
  assert.equal(await follow(1000), 3);
  assert.equal(copy.size, 2948);
  assert.ok([...copy.values()].every((v) => v.uscc.status === "present" && ["masked", "absent"].includes(v.legal_rep_id.status)));
  assert.equal(await follow(1000), 1, "nothing more");

  const second = await deliver(s, deliveries.filter((d) => d.resource === SERVICE)[1]);
  assert.equal(second.state, "published");
  const before = new Map(copy);
  assert.ok((await follow(100)) >= 4);
  assert.ok(copy.size < 2948 + 383 && copy.size !== 2948);
  const keys = [...new Set([...before.keys(), ...copy.keys()])];
  const now = (await bank.call("service.batch", { name: SERVICE }, { keys: keys.slice(0, 1000), items: ["registration_status"] })).body.results;
  now.forEach((r, i) => assert.deepEqual(r.records?.[0].values.registration_status, copy.get(keys[i])?.registration_status, keys[i]));

  const withdrawn = await luling(["withdraw", second.batch, "-d", s.data]);
  assert.equal(withdrawn.code, 0, withdrawn.err);
  await follow(1000);
  assert.deepEqual([...copy.keys()].sort(), [...before.keys()].sort(), "as if it had never come");
  assert.equal((await bank.call("service.changes", { name: SERVICE, cursor: "guess" })).status, 400);
});
