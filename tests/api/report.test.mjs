// Reports over HTTP: who may have one, what anybody is told of one, and when it is no longer true.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, until } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";

const SUBJECT = "91360802YL0000397L";
const open = { anonymous: true };

async function platform(t, settings = {}) {
  const s = await serveDemo(t, { settings });
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "credit"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const { deliveries } = demoFiles(t);
  const take = (resource) => deliver(s, deliveries.find((d) => d.resource === resource));
  await take("enterprise_registration");
  return { s, take, as: await people(s) };
}
const numberOf = (reply) => /CR\d{8}-[0-9A-Z]{8}/.exec(reply.headers.get("content-disposition"))[0];
const codeOf = (text) => /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec(text)[0];

test("a report is issued, verified by anybody, stale once a source says something new, and withdrawn", async (t) => {
  const { s, take, as } = await platform(t);
  const ask = { subject: SUBJECT, purpose: "贷前调查", format: "html" };
  const page = await as.operator("report.issue", {}, ask);
  assert.equal(page.status, 200, page.text);
  assert.match(page.headers.get("content-security-policy"), /style-src 'sha256-/);
  const number = numberOf(page), code = codeOf(page.text);
  const verify = (more = {}) => s.call("report.verify", { number, ...more }, open);
  const first = (await verify()).body;
  assert.deepEqual([first.state, first.code, first.sha256, first.subject, first.purpose], ["valid", "not_given", "not_given", null, null]);
  const sha256 = createHash("sha256").update(page.bytes.subarray(0, first.bytes)).digest("hex");
  const known = (await verify({ code, sha256 })).body;
  assert.deepEqual([known.code, known.sha256, known.purpose], ["match", "match", "贷前调查"]);
  assert.ok(page.text.includes(known.subject));
  const wrong = (await verify({ code: "0000-0000-0000-0000", sha256: "0".repeat(64) })).body;
  assert.deepEqual([wrong.code, wrong.sha256, wrong.subject, wrong.stale], ["mismatch", "mismatch", null, []]);

  await take("court_dishonesty"); // which has a record of the subject
  // what is published shows within a tenth of a second: readers may hold the list of segments that long
  const stale = (await until("the report is stale", () => verify({ code }), (r) => r.body.state !== "valid")).body;
  assert.deepEqual([stale.state, stale.stale], ["stale", ["court_dishonesty"]]);
  assert.equal((await as.operator("report.withdraw", { number }, { reason: "所据记录有误" })).body.state, "withdrawn");
  assert.equal((await as.operator("report.withdraw", { number }, { reason: "所据记录有误" })).status, 409);
  assert.equal((await verify()).body.state, "withdrawn");
  assert.equal((await s.call("report.verify", { number: "CR20260101-00000000" }, open)).status, 404);
});

test("the page behind the QR code tells names only to who has the code", async (t) => {
  const { s, as } = await platform(t);
  const pdf = await as.operator("report.issue", {}, { subject: SUBJECT, purpose: "贷前调查" });
  assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");
  const html = await as.operator("report.issue", {}, { subject: SUBJECT, purpose: "贷前调查", format: "html", lang: "en" });
  const number = numberOf(html), code = codeOf(html.text), name = (await s.call("report.verify", { number, code }, open)).body.subject;
  const without = await s.call("report.page", { number, lang: "en" }, open), withCode = await s.call("report.page", { number, code }, open);
  assert.ok(!without.text.includes(name) && withCode.text.includes(name));
  assert.ok(!without.text.includes("<script") && /The platform issued this report/.test(without.text));
  assert.match((await s.call("report.page", { number, code: "1111-1111-1111-1111" }, open)).text, /校验码不符/);
  assert.equal((await s.call("report.page", { number: "x" }, open)).status, 404);
});

test("a subject has its own report, and sees among its looks who else had one", async (t) => {
  const { s, as } = await platform(t);
  const made = await as.steward("enrolment.make", {}, { subject: SUBJECT, subject_title: "甲公司", capacity: "legal_representative", proof: "柜面核验" });
  const passkey = new Passkey(`http://localhost:${s.port}`), token = made.body.url.split("#")[1];
  const shown = (await s.call("enrolment.show", { token }, open)).body;
  assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create(shown.publicKey) })).status, 201);
  const asked = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  const session = await s.call("me.session", {}, { ...open, json: passkey.get(asked) });
  const headers = { Authorization: `Bearer ${session.body.access_token}` };
  assert.equal((await as.operator("report.issue", {}, { subject: SUBJECT, purpose: "贷前调查", format: "html" })).status, 200);
  const own = await s.call("me.report", { format: "html" }, { ...open, headers });
  assert.equal(own.status, 200, own.text);
  assert.ok(own.text.includes("本人查询") && own.text.includes(SUBJECT));
  const looks = (await s.call("me.looks", {}, { ...open, headers })).body.items;
  assert.deepEqual(looks.map((l) => l.kind), ["report", "report"]);
  assert.ok(looks.some((l) => l.organisation === "JA001"));
});

test("a bank has a report of what it is granted and consented to, is refused by name otherwise, and sees it marked when a record is corrected", async (t) => {
  const { s, take, as } = await platform(t);
  await take("administrative_permit");
  const bank = await client(s, as);
  const ask = (json = {}, who = bank) => who.call("report.ask", {}, { subject: SUBJECT, format: "html", ...json });
  const without = await ask();
  assert.deepEqual([without.status, without.body.error.condition, Boolean(without.body.receipt)], [403, "grant", true]);

  const id = await grant(as, ["enterprise_registration:uscc enterprise_name registration_status legal_rep_id"], { consent: true });
  const nobody = await ask();
  assert.deepEqual([nobody.status, nobody.body.error.condition, Boolean(nobody.body.receipt)], [403, "consent", true]);
  const consent = { subject: SUBJECT, subject_title: "某企业", resources: ["enterprise_registration"], purpose: "小微企业贷前调查", until: new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10), document: "0".repeat(64), uses: 5 };
  assert.equal((await as.steward("consent.record", {}, consent)).status, 201);
  const page = await ask({ officer: "0796-118" });
  assert.equal(page.status, 200, page.text);
  assert.ok(page.headers.get("luling-receipt"));
  const number = numberOf(page), code = codeOf(page.text);
  assert.ok(page.text.includes(SUBJECT) && page.text.includes("中国工商银行"), "who asked stands on it");
  assert.ok(page.text.includes("查询机构未获授权"), "what is not granted is said, not left out");
  assert.ok(!page.text.includes("法定代表人身份") && !page.text.includes("住所</"), "of a section only the items that are granted");
  const pdf = await ask({ format: "pdf", lang: "en" });
  assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");

  const listed = (await bank.call("reports.list", {})).body;
  assert.deepEqual([listed.total, listed.items.map((r) => r.state)], [2, ["valid", "valid"]]);
  const entry = JSON.parse((await s.call("journal.entry", { index: listed.items.find((r) => r.number === number).entry })).text);
  assert.equal(entry.type, "report");
  const held = (await as.steward("consents.list", {})).body.items[0];
  assert.equal(held.used, 2, "each report is a use of the consent");
  const usage = (await as.steward("usage.show", { by: "resource" })).body.items.find((r) => r.what === "enterprise_registration");
  assert.equal(usage.records, 2, "and counts as a look-up of each resource behind it");
  assert.equal((await ask({ subject: "91350100M000100Y43" })).body.error.condition, "consent");
  assert.equal((await ask({ subject: "江西某公司" })).status, 422, "by an identifier only");

  const other = await client(s, as, "other-bank", "JB002");
  assert.equal((await ask({}, other)).body.error.condition, "grant");
  assert.equal((await other.call("reports.list", {})).body.total, 0, "of others' reports it is told nothing");
  assert.equal((await as.auditor("reports.list", {})).body.total, 2);

  const batch = (await s.call("resource.batches", { name: "enterprise_registration" })).body.items[0].id;
  assert.equal((await luling(["withdraw", batch, "-d", s.data])).code, 0);
  const marked = await until("the mark", async () => (await bank.call("reports.list", {})).body.items, (items) => items.every((r) => r.state === "stale"), 60_000);
  assert.ok(marked.every((r) => r.stale_at));
  assert.equal((await s.call("report.verify", { number, code }, open)).body.state, "stale");
  const notices = await until("and the notice", async () => (await bank.call("corrections.list", {})).body.items, (items) => items.length > 0, 60_000);
  assert.equal(notices[0].act, "withdrawn");
  assert.equal((await as.operator("grant.act", { id }, { action: "suspend", reason: "核查" })).status, 200);
  assert.equal((await ask()).body.error.condition, "suspended");
});

test("what cannot be issued says why, and asking too often is stopped", async (t) => {
  const { s, as } = await platform(t, { public_rate: 5 });
  const issue = (json) => as.operator("report.issue", {}, json);
  assert.equal((await issue({ subject: "91360800000000000X", purpose: "贷前调查" })).status, 404);
  assert.equal((await issue({ subject: SUBJECT, purpose: "贷前调查", format: "docx" })).status, 400);
  assert.equal((await issue({ subject: SUBJECT })).status, 400);
  assert.equal((await as.steward("report.issue", {}, { subject: SUBJECT, purpose: "贷前调查" })).status, 403);
  const seen = [];
  for (let i = 0; i < 8; i++) seen.push((await s.call("report.verify", { number: "CR20260101-00000000" }, open)).status);
  assert.ok(seen.includes(429), seen.join(" "));
});
