// Reports over HTTP: who may have one, what anybody is told of one, and when it is no longer true.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling } from "./lib.mjs";
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
  const stale = (await verify({ code })).body;
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
