// A lawful investigation keeps a look from its subject for a time: the look counts in the list all the while, two people answer for
// it, and afterwards the subject sees it and why it was kept back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, until } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const open = { anonymous: true };
const day = (n) => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);

async function subject(s, as) {
  const made = await as.steward("enrolment.make", {}, { subject: SAMPLE, subject_title: "甲公司", capacity: "legal_representative", proof: "柜面核验" });
  const token = made.body.url.split("#")[1];
  const shown = (await s.call("enrolment.show", { token }, open)).body;
  const passkey = new Passkey(`http://localhost:${s.port}`);
  assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create(shown.publicKey) })).status, 201);
  const asked = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  const me = (await s.call("me.session", {}, { ...open, json: passkey.get(asked) })).body.access_token;
  return (id, params = {}) => s.call(id, params, { ...open, headers: { Authorization: `Bearer ${me}` } });
}

test("a delayed look counts, is not shown before its time, and then with the reason", async (t) => {
  const s = await serveDemo(t, { settings: { looks_commit_s: 1, looks_delay_max_days: 90 } });
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  const bank = await client(s, as);
  await grant(as, [SERVICE]);
  const me = await subject(s, as);
  const look = async () => assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).status, 200);
  await look();

  const draft = { organisation: "JB001", subject: SAMPLE, matter: "庐经侦〔2026〕17号", legal_basis: "《中华人民共和国刑事诉讼法》第五十四条", reason: "告知可能妨碍侦查", until: day(30) };
  const propose = (change = {}, who = "sec") => as[who]("delay.make", {}, { ...draft, ...change });
  for (const who of ["auditor", "operator", "steward"]) assert.equal((await propose({}, who)).status, 403, who);
  assert.equal((await propose({ legal_basis: "有关规定" })).status, 422, "a rule is named by its title");
  assert.equal((await propose({ until: day(120) })).status, 422, "longer than ever");
  assert.equal((await propose({ until: day(-2) })).status, 422);
  assert.equal((await propose({ organisation: "XX999" })).status, 422);
  assert.equal((await propose({ subject: "nobody" })).status, 422);
  const made = await propose();
  assert.equal(made.status, 201, made.text);
  assert.ok(!made.text.includes(SAMPLE), "the subject stands there by pseudonym");
  const act = (who, action, reason) => as[who]("delay.act", { id: made.body.id }, { action, ...(reason ? { reason } : {}) });
  assert.equal((await act("sec", "agree")).status, 403, "nobody agrees to their own");
  await look();
  assert.equal((await me("me.looks")).body.total - (await me("me.looks")).body.items.length, 0, "not before it is agreed to");
  const command = (...words) => luling(["look-delay", ...words, "-d", s.data, "--json", "--lang", "en"]);
  const byHand = (action, account, duties) => command("act", action, made.body.id, "--as", account, "-o", "JA001", "--duties", duties);
  assert.notEqual((await byHand("agree", "sec-1", "security_administrator")).code, 0, "nor by the command");
  assert.equal((await byHand("agree", "audit-1", "auditor")).code, 0);
  assert.deepEqual(JSON.parse((await command("list")).out).map((d) => [d.id, d.state]), [[made.body.id, "in_force"]]);
  await look();
  await look();

  const whole = (await me("me.looks")).body;
  assert.deepEqual([whole.total, whole.items.length, whole.withheld], [4, 2, 2]);
  assert.ok(!JSON.stringify(whole).includes(draft.matter));
  const proof = (await until("a commitment", () => me("me.looks.proof"), (r) => r.body.total === 4, 60_000)).body;
  assert.deepEqual(proof.looks.map((l) => l.why ?? "shown"), ["shown", "shown", "withheld", "withheld"], "they are links of the chain");
  assert.deepEqual(Object.keys(proof.looks[2]).sort(), ["link", "why"], "and say nothing else");
  assert.equal((await as.auditor("subject.looks", { id: SAMPLE })).body.items.length, 4, "the auditor sees them");
  assert.equal((await as.auditor("subject.looks.proof", { id: SAMPLE })).body.looks.every((l) => l.text), true);
  assert.equal((await as.auditor("delays.list", {})).body.items[0].state, "in_force");
  assert.equal((await as.operator("delays.list", {})).status, 403);
  const one = (await as.auditor("delay.show", { id: made.body.id })).body;
  assert.deepEqual([one.state, one.history.map((e) => e.account), one.actions.map((a) => a.action)], ["in_force", ["sec-1", "audit-1"], ["lift"]]);
  assert.equal((await as.auditor("delay.show", { id: "D-0" })).status, 404);
  assert.equal((await as.operator("delay.show", { id: made.body.id })).status, 403);

  assert.equal((await act("sec", "lift")).status, 422, "with a reason");
  assert.equal((await act("sec", "lift", "侦查终结")).body.state, "lifted");
  assert.equal((await act("auditor", "agree")).status, 409);
  const after = (await me("me.looks")).body;
  assert.deepEqual([after.items.length, after.withheld], [4, undefined]);
  assert.deepEqual(after.items.map((l) => l.delayed?.matter ?? null), [draft.matter, draft.matter, null, null]);
  assert.deepEqual([after.items[0].delayed.legal_basis, after.items[0].delayed.reason], [draft.legal_basis, draft.reason]);
  const shown = (await me("me.looks.proof")).body;
  assert.deepEqual(shown.looks.map((l) => l.link), proof.looks.map((l) => l.link), "the same links, now with what they stand for");
  assert.ok(shown.looks.every((l) => l.text));
});
