// What is unusual about calls is flagged, slows its client down at once, and waits for the security administrator; an ordinary day is not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, serve, until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const OTHER = "91350100M000100Y43";
const SERVICE = "enterprise_registration";
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** A credit code of whom nobody has heard: with the check digits of GB 11714 and GB 32100. */
function code(n) {
  const number = `MX${String(n).padStart(6, "0")}`;
  const rest = [...number].reduce((s, c, i) => s + parseInt(c, 36) * [3, 7, 9, 10, 5, 8, 4, 2][i], 0) % 11;
  const body = `91360802${number}${rest === 0 ? "0" : rest === 1 ? "X" : 11 - rest}`;
  const sum = [...body].reduce((s, c, i) => s + ALPHABET.indexOf(c) * WEIGHTS[i], 0);
  return body + ALPHABET[(31 - (sum % 31)) % 31];
}

async function bankOf(t, settings, resources = [SERVICE]) {
  const s = await serveDemo(t, { settings });
  const { deliveries } = demoFiles(t);
  for (const name of resources) await deliver(s, deliveries.find((d) => d.resource === name));
  const as = await people(s);
  const bank = await client(s, as);
  const id = await grant(as, [SERVICE]);
  const flags = async (state) => (await as.sec("anomalies.list", state ? { state } : {})).body.items;
  const query = (key, more = {}) => bank.call("service.query", { name: SERVICE }, { key: [key], ...more });
  return { s, as, bank, id, flags, query };
}

const rulesOf = (list) => list.map((a) => a.rule).sort();

test("each rule is met by what it is meant for; the client is slowed down until it is decided", async (t) => {
  const { s, as, bank, flags, query } = await bankOf(t, { anomaly_run: 30, anomaly_miss_min: 30, anomaly_officer: 5, anomaly_rate: 60 });

  // an officer and a subject
  for (let i = 0; i < 6; i++) assert.equal((await query(SAMPLE, { officer: "0796-118" })).status, 200);
  const [officer] = await until("a flag", flags, (list) => list.length > 0);
  assert.deepEqual([officer.rule, officer.officer, officer.client, officer.measured, officer.threshold, officer.state], ["officer", "0796-118", "icbc-credit", 5, 5, "raised"]);
  assert.ok(officer.subject && officer.entry >= 0);

  // slowed down from then on, and told when to come again
  const slow = await until("a refusal", () => bank.call("service.batch", { name: SERVICE }, { subjects: [SAMPLE, OTHER, SAMPLE, OTHER] }), (r) => r.status === 429);
  assert.equal(slow.body.error.condition, "throttled");
  assert.ok(Number(slow.headers.get("retry-after")) >= 1, "in seconds");
  assert.ok(slow.body.receipt || slow.headers.get("luling-receipt"), "a refusal is journalled, too");
  // one large batch may go ahead when nothing is owed any more, but is owed for then: the next one waits
  const large = () => bank.call("service.batch", { name: SERVICE }, { subjects: Array(500).fill(SAMPLE) });
  await until("a batch is no way around it", large, (r) => r.status === 429);

  // who decides, and how
  const act = (who, id, action, reason) => as[who]("anomaly.act", { id }, { action, ...(reason ? { reason } : {}) });
  assert.equal((await act("auditor", officer.id, "dismiss", "已核实")).status, 403);
  assert.equal((await act("sec", officer.id, "dismiss")).status, 422, "a reason is asked for");
  assert.equal((await act("sec", officer.id, "pardon", "已核实")).status, 400);
  assert.equal((await act("sec", "Y-0", "dismiss", "已核实")).status, 404);
  const kept = await act("sec", officer.id, "keep", "等待该行说明");
  assert.deepEqual([kept.status, kept.body.state, kept.body.actions.map((a) => a.action)], [200, "kept", ["dismiss", "freeze"]]);
  await until("still", large, (r) => r.body.error?.condition === "throttled");
  assert.equal((await act("sec", officer.id, "dismiss", "客户经理回访，已核实")).body.state, "dismissed");
  assert.equal((await act("sec", officer.id, "dismiss", "再次")).status, 409);
  assert.equal((await query(SAMPLE)).status, 200, "from the next call");
  assert.equal((await as.auditor("anomaly.show", { id: officer.id })).body.history.length, 3);

  // keys one after the other, which do not exist either
  assert.equal((await bank.call("service.batch", { name: SERVICE }, { subjects: Array.from({ length: 60 }, (_, i) => code(1000 + i)) })).status, 200);
  const found = await until("two flags", () => flags("raised"), (list) => list.length === 2);
  assert.deepEqual(rulesOf(found), ["enumeration", "misses"]);
  const frozen = await act("sec", found.find((a) => a.rule === "enumeration").id, "freeze", "逐个尝试主键");
  assert.equal(frozen.body.state, "frozen");
  assert.equal((await query(SAMPLE)).body.error.condition, "frozen");
  assert.ok((await as.sec("freezes.list", {})).body.items.some((f) => f.kind === "client" && f.id === "icbc-credit"));

  // and by the command
  const list = await luling(["anomaly", "list", "--state", "raised", "-d", s.data, "--json"]);
  assert.deepEqual(JSON.parse(list.out).map((a) => a.rule), ["misses"], list.out + list.err);
  const id = found.find((a) => a.rule === "misses").id;
  const decide = await luling(["anomaly", "decide", "dismiss", id, "-d", s.data, "--as", "sec-1", "-o", "JA001", "--duties", "security_administrator", "--reason", "随主键尝试一并处置", "--lang", "en"]);
  assert.equal(decide.code, 0, decide.err);
  assert.equal((await as.sec("anomaly.show", { id })).body.state, "dismissed");
});

test("hours and volume are held against the client's own days", async (t) => {
  const { s, flags, bank, query } = await bankOf(t, { anomaly_night_from: 0, anomaly_night_to: 24, anomaly_night_calls: 12, anomaly_volume_times: 3, anomaly_volume_min: 50 });
  for (let i = 0; i < 13; i++) assert.equal((await query(SAMPLE)).status, 200);
  await until("hours", flags, (list) => list.length === 1 && list[0].rule === "hours");
  await s.stop();

  // three days of twenty look-ups, and then a day of eighty
  const day = Math.floor((Date.now() - new Date().getTimezoneOffset() * 60000) / 864e5);
  const past = spawnSync("python3", ["-c", `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for d in range(1, 4):
    db.execute("INSERT INTO usage (day, access_grant, organisation, client, resource, mode, outcome, calls, keys, records, last_at) VALUES (?, 'G', 'JB001', 'icbc-credit', 'x', 'query', 'answered', 20, 20, 20, 0)", (int(sys.argv[2]) - d,))
db.execute("UPDATE anomaly SET state = 'dismissed'")
db.commit()`, join(s.data, "luling.db"), String(day)], { encoding: "utf8" });
  assert.equal(past.status, 0, past.stderr);
  const again = await serve(t, { data: s.data, settings: { anomaly_volume_times: 3, anomaly_volume_min: 50, anomaly_night_calls: 100000 } });
  const token = await tokenOf(again, bank.id, bank.privateKey);
  const call = () => again.call("service.query", { name: SERVICE }, { anonymous: true, headers: { Authorization: `Bearer ${token}` }, json: { key: [SAMPLE] } });
  for (let i = 0; i < 50; i++) assert.equal((await call()).status, 200); // with the 13 before
  const open = async () => JSON.parse((await luling(["anomaly", "list", "--state", "raised", "-d", again.data, "--json"])).out);
  const [flag] = await until("volume", open, (list) => list.length === 1);
  assert.deepEqual([flag.rule, flag.threshold], ["volume", 60]);
});

test("an ordinary day raises nothing, nor does the batch of the month", async (t) => {
  const { as, flags, bank, query } = await bankOf(t, { anomaly_run: 30, anomaly_miss_min: 50, anomaly_night_from: 3, anomaly_night_to: 3 }, [SERVICE, "tax_arrears"]);
  const changes = (await bank.call("service.changes", { name: SERVICE, limit: 500 })).body;
  const keys = changes.changes.map((c) => c.record.key[0]).sort();
  assert.ok(keys.length > 20, "known keys");
  const batch = async (name, subjects) => (await bank.call("service.batch", { name }, { subjects })).body.results.map((r) => r.status);

  // officers at their desks, who mistype one key in twenty and come back to some customers
  for (let i = 0; i < 80; i++) {
    const key = i % 20 === 7 ? code(i * 7919) : keys[(i * i) % keys.length];
    assert.equal((await query(key, { officer: `0796-${i % 9}` })).status, 200);
  }
  // customers in the order of their codes; some of them have left
  const some = (await batch(SERVICE, keys.flatMap((key, i) => (i % 8 ? [key] : [key, code(i)])))).filter((status) => status === "found");
  assert.equal(some.length, keys.length);
  // next to none of them owes taxes, which is what one hopes to hear
  await grant(as, ["tax_arrears"], {}, "tax");
  const owing = (await batch("tax_arrears", keys)).filter((status) => status === "found");
  assert.ok(owing.length * 3 < keys.length, `${owing.length} of ${keys.length}`);
  await query(SAMPLE);
  await new Promise((done) => setTimeout(done, 1500));
  assert.deepEqual(await flags(), []);
});
