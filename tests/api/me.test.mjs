// A subject's own side: signed in by its passkey it sees every look at its data, each with what the journal's entry commits to.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { Passkey } from "./passkey.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const open = { anonymous: true };

test("a subject signs in by its passkey and sees who looked, refused calls among them, and nobody else's", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  const bank = await client(s, as);
  const passkeys = {};
  for (const [subject, title] of [[SAMPLE, "甲公司"], ["91350100M000100Y43", "乙公司"]]) {
    const made = await as.steward("enrolment.make", {}, { subject, subject_title: title, capacity: "legal_representative", proof: "柜面核验" });
    const token = made.body.url.split("#")[1];
    const shown = (await s.call("enrolment.show", { token }, open)).body;
    passkeys[subject] = new Passkey(`http://localhost:${s.port}`);
    assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkeys[subject].create(shown.publicKey) })).status, 201);
  }
  const challenge = async () => (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  const session = (body) => s.call("me.session", {}, { ...open, json: body });
  const asSubject = (token, id, params = {}) => s.call(id, params, { ...open, headers: { Authorization: `Bearer ${token}` } });

  const asked = await challenge();
  const signed = passkeys[SAMPLE].get(asked);
  const mine = await session(signed);
  assert.equal(mine.status, 200, mine.text);
  assert.equal((await session(signed)).status, 422, "a challenge is used once");
  assert.equal((await session(passkeys[SAMPLE].get({ challenge: Buffer.alloc(32, 7).toString("base64url") }))).status, 422, "a challenge is ours");
  assert.equal((await session(passkeys[SAMPLE].get(await challenge(), { origin: "https://evil.example" }))).status, 422);
  assert.equal((await session(new Passkey(`http://localhost:${s.port}`).get(await challenge()))).status, 404, "an unknown passkey");
  const me = mine.body.access_token;
  const who = (await asSubject(me, "me.show")).body;
  assert.deepEqual([who.scheme, who.subject.includes("*")], ["uscc", true]);
  assert.deepEqual((await asSubject(me, "me.looks")).body, { items: [], total: 0, entries: (await asSubject(me, "me.looks")).body.entries });
  assert.equal((await asSubject(me, "service.query", { name: SERVICE })).status, 403, "a subject is no system");
  assert.equal((await bank.call("me.looks", {})).status, 403, "nor a system a subject");
  assert.equal((await s.call("me.looks", {}, open)).status, 401);

  const id = await grant(as, [`${SERVICE}:uscc enterprise_name`], { consent: true });
  assert.equal((await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE })).body.error.condition, "consent");
  const offer = (await as.steward("consent.ask", {}, { subject: SAMPLE, subject_title: "甲公司", resources: [`${SERVICE}:uscc,enterprise_name`], purpose: "小微企业贷前调查", until: new Date(Date.now() + 9e9).toISOString().slice(0, 10), uses: 1 })).body;
  assert.equal((await s.call("consent.sign", { id: offer.id }, { ...open, json: passkeys[SAMPLE].get(offer.publicKey) })).status, 200);
  const answer = await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE, officer: "0796-118" });
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE })).body.error.condition, "consent", "its one use is used up");

  const looks = (await asSubject(me, "me.looks")).body;
  assert.deepEqual(looks.items.map((l) => [l.kind, l.condition ?? l.officer]), [["refusal", "consent"], ["call", "0796-118"], ["refusal", "consent"]]);
  const [, look] = looks.items;
  assert.deepEqual([look.entry, look.organisation, look.grant, look.items], [answer.body.receipt.index, "JB001", id, ["uscc", "enterprise_name"]]);
  const entry = JSON.parse((await s.call("journal.entry", { index: look.entry })).text);
  const commit = createHash("sha256").update("luling-payload/v1\n").update(Buffer.from(look.sealed, "base64")).digest("base64url");
  assert.equal(entry.commit, commit, "what is shown is what the entry commits to");
  assert.deepEqual((await asSubject(me, "me.looks", { limit: 1, before: looks.items[1].entry })).body.items.map((l) => l.entry), [looks.items[2].entry]);
  assert.equal((await asSubject(me, "me.consents")).body.items[0].used, 1);

  const other = (await session(passkeys["91350100M000100Y43"].get(await challenge()))).body.access_token;
  assert.equal((await asSubject(other, "me.looks")).body.total, 0);
  assert.equal((await as.auditor("subject.looks", { id: SAMPLE })).body.total, 3, "the auditor sees the same list");
  assert.equal((await as.operator("subject.looks", { id: SAMPLE })).status, 403);
  assert.equal((await as.auditor("subject.looks", { id: "nobody" })).status, 422);

  // People on the platform's side are seen, too: whatever they looked by.
  const shown = await as.operator("subject.show", { id: SAMPLE });
  assert.equal(shown.headers.get("luling-receipt"), String(shown.body.receipt.index));
  assert.equal((await as.operator("record.show", { name: SERVICE, key: SAMPLE })).status, 200);
  assert.equal((await as.operator("record.history", { name: SERVICE, key: SAMPLE })).status, 200);
  assert.equal((await as.operator("subjects.search", { name: shown.body.subject.names[0] })).status, 200);
  const staff = (await asSubject(me, "me.looks", { limit: 4 })).body;
  assert.equal(staff.total, 7);
  assert.deepEqual(staff.items.map((l) => [l.kind, l.account, l.organisation, l.mode]), ["subjects.search", "record.history", "record.show", "subject.show"].map((m) => ["look-up", "hub-1", "JA001", m]));
  const looked = staff.total;

  // What the departments have on record of it; its own look stands in the list, under nobody else's name.
  const own = (await asSubject(me, "me.records")).body;
  assert.deepEqual(own.subject.groups.map((g) => [g.resource, g.provider, g.total]), [[SERVICE, "JA023", 1]]);
  assert.ok(own.items[SERVICE].some((i) => i.name === "uscc"));
  const [last] = (await asSubject(me, "me.looks", { limit: 1 })).body.items;
  assert.deepEqual([last.kind, last.mode, last.organisation, last.account, last.entry], ["look-up", "me.records", null, undefined, own.receipt.index]);
  assert.equal((await asSubject(me, "me.looks")).body.total, looked + 1);
  assert.deepEqual((await asSubject(other, "me.records")).body.subject.groups, [], "of another there is nothing");
  assert.equal((await as.operator("me.records")).status, 403, "and staff have no such page");

  // What waits for its signature: its own, until it is signed; not what it may withdraw.
  const waits = async (token) => (await asSubject(token, "me.offers")).body.items;
  const again = (await as.steward("consent.ask", {}, { subject: SAMPLE, subject_title: "甲公司", resources: [`${SERVICE}:uscc`], purpose: "小微企业贷前调查", until: new Date(Date.now() + 9e9).toISOString().slice(0, 10), uses: 0 })).body;
  assert.deepEqual((await waits(me)).map((o) => [o.id, o.act, o.text]), [[again.id, "give", again.text]]);
  assert.deepEqual(await waits(other), []);
  const [shownAgain] = await waits(me);
  assert.equal((await s.call("consent.sign", { id: again.id }, { ...open, json: passkeys[SAMPLE].get(shownAgain.publicKey) })).status, 200);
  assert.equal((await s.call("consent.ask_withdrawal", { id: again.id }, { ...open, json: {} })).status, 201);
  assert.deepEqual(await waits(me), []);
  assert.ok(!s.log.includes(SAMPLE), "the log names nobody");
});

test("what cannot be written to the journal is not answered: neither a system nor a person gets anything out", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  const bank = await client(s, as);
  await grant(as, [SERVICE]);
  const query = () => bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] });
  assert.equal((await query()).status, 200);
  execFileSync("prlimit", ["--pid", String(s.child.pid), "--fsize=1"]); // as on a disk that is full
  for (const reply of [await query(), await as.operator("record.show", { name: SERVICE, key: SAMPLE })]) {
    assert.equal(reply.status, 503, reply.text);
    assert.equal(reply.body.receipt, undefined);
    assert.ok(!reply.text.includes(SAMPLE));
  }
  assert.equal((await s.call("healthz", {})).status, 200, "the server itself goes on");
});
