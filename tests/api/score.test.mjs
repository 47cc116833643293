// Public credit evaluation over HTTP: an operator sees why, and it is in the journal; a subject has its own; both try what would be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";

const SAMPLE = "91360802YL0000397L";
const CARD = "enterprise_sample";
const open = { anonymous: true };

test("scores are explained to an operator, who is seen looking, and to the subject itself", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  for (const resource of ["enterprise_registration", "court_dishonesty"]) await deliver(s, deliveries.find((d) => d.resource === resource));
  const as = await people(s);
  await addAccount(s.data, "op", "JA001", "operator");
  const cookie = await signIn(s, "op");
  const operator = (id, params, json) => s.call(id, params, { cookie, json });

  const before = await operator("score.show", { id: SAMPLE, scorecard: CARD });
  assert.equal(before.status, 404);
  assert.match(before.text, /luling score run/);
  const ran = await luling(["score", "run", CARD, "-d", s.data, "--json"]);
  assert.equal(ran.code, 0, ran.err);

  const cards = (await operator("scorecards.list", {})).body.items;
  const card = cards.find((c) => c.scorecard === CARD);
  assert.equal(card.indicators.reduce((sum, i) => sum + i.weight, 0), 100);
  assert.equal(card.runs.length, 1);
  assert.equal(card.runs[0].counts.grades.reduce((a, b) => a + b), card.runs[0].subjects);

  const shown = await operator("score.show", { id: SAMPLE, scorecard: CARD });
  assert.equal(shown.status, 200, shown.text);
  assert.equal(shown.body.capped_by, "court_open");
  assert.ok(Math.abs(shown.body.indicators.reduce((sum, i) => sum + i.gained, 0) - shown.body.score) < 1e-9);
  assert.equal((await operator("score.show", { id: "91350100M000100Y43", scorecard: CARD })).status, 404);
  assert.equal((await operator("score.show", { id: "7", scorecard: CARD })).status, 400);

  const better = await operator("score.what_if", { id: SAMPLE }, { scorecard: CARD, changes: { court_open: "0" } });
  assert.equal(better.status, 200, better.text);
  assert.ok(better.body.score > shown.body.score && better.body.capped_by === null);
  assert.equal((await operator("score.what_if", { id: SAMPLE }, { scorecard: CARD, changes: { court_open: [1] } })).status, 400);
  assert.equal((await operator("score.what_if", { id: SAMPLE }, { scorecard: CARD, changes: { luck: "1" } })).status, 400);

  const made = await as.steward("enrolment.make", {}, { subject: SAMPLE, subject_title: "甲公司", capacity: "legal_representative", proof: "柜面核验" });
  const token = made.body.url.split("#")[1];
  const passkey = new Passkey(`http://localhost:${s.port}`);
  const asked = (await s.call("enrolment.show", { token }, open)).body.publicKey;
  assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create(asked) })).status, 201);
  const challenge = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  const me = (await s.call("me.session", {}, { ...open, json: passkey.get(challenge) })).body.access_token;
  const mine = (id) => s.call(id, {}, { ...open, headers: { Authorization: `Bearer ${me}` } });
  const own = await mine("me.scores");
  assert.equal(own.status, 200, own.text);
  assert.deepEqual(own.body.items.map((i) => [i.scorecard, i.score]), [[CARD, shown.body.score]]);
  const looks = (await mine("me.looks")).body.items;
  assert.ok(looks.length >= 2, "the operator's looks stand in the subject's list");
});
