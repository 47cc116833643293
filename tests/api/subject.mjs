// A subject of data with a passkey in software: enrolled by the bank's steward, signed in, asking for itself.
import assert from "node:assert/strict";
import { Passkey } from "./passkey.mjs";

const open = { anonymous: true };

/** Enrols the subject and signs it in; returns call(route, parameters, body). */
export async function subjectOf(s, as, subject, title = "甲公司", capacity = "legal_representative") {
  const made = await as.steward("enrolment.make", {}, { subject, subject_title: title, capacity, proof: "柜面核验" });
  assert.equal(made.status, 201, made.text);
  const token = made.body.url.split("#")[1];
  const passkey = new Passkey(`http://localhost:${s.port}`);
  const shown = (await s.call("enrolment.show", { token }, open)).body;
  assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create(shown.publicKey) })).status, 201);
  const challenge = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  const session = await s.call("me.session", {}, { ...open, json: passkey.get(challenge) });
  assert.equal(session.status, 200, session.text);
  return (id, params = {}, json = undefined, { headers = {}, ...more } = {}) => s.call(id, params, { ...open, headers: { Authorization: `Bearer ${session.body.access_token}`, ...headers }, ...(json !== undefined && { json }), ...more });
}
