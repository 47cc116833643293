// The parties of a financing: a registered firm with its passkey, officers and approvers of the sample institutions, and a bank's system that signs.
import assert from "node:assert/strict";
import { createHash, createPrivateKey, randomUUID } from "node:crypto";
import { join } from "node:path";
import { createSigner, httpbis } from "http-message-signatures";
import { calculateJwkThumbprint, exportJWK } from "jose";
import { client, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn, urlOf } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";

export const FIRM = "91360802YL0000397L";
const packs = process.env.LULING_PACKS ?? "build/packs";
const open = { anonymous: true };

export async function market(t, settings = {}) {
  const s = await serveDemo(t, { settings });
  const { deliveries } = demoFiles(t);
  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  for (const resource of ["enterprise_registration", "annual_report"]) await deliver(s, deliveries.find((d) => d.resource === resource));
  const as = await people(s);
  for (const [account, organisation, duties] of [["a-1", "FI001", "consumer_steward"], ["a-2", "FI001", "approver"], ["b-1", "FI002", "consumer_steward"], ["b-2", "FI002", "approver"], ["c-1", "FI003", "consumer_steward"], ["d-1", "FI004", "consumer_steward"]]) {
    await addAccount(s.data, account, organisation, duties);
    const cookie = await signIn(s, account);
    as[account] = (id, params, json) => s.call(id, params, { cookie, json });
  }
  return { s, as };
}

/** A firm that signed in with its passkey and registered; firm(route, parameters, body), firm.consents(officer) signs what the officer asks for. */
export async function firmOf({ s, as }, subject = FIRM, title = "甲公司") {
  const made = await as.steward("enrolment.make", {}, { subject, subject_title: title, capacity: "legal_representative", proof: "柜面核验" });
  const token = made.body.url.split("#")[1], passkey = new Passkey(`http://localhost:${s.port}`);
  assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create((await s.call("enrolment.show", { token }, open)).body.publicKey) })).status, 201);
  const challenge = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  const { access_token } = (await s.call("me.session", {}, { ...open, json: passkey.get(challenge) })).body;
  const firm = (id, params = {}, json = undefined) => s.call(id, params, { ...open, headers: { Authorization: `Bearer ${access_token}` }, json });
  firm.consents = async (officer, purpose = "小微企业贷前调查") => {
    const offer = await officer("consent.ask", {}, { subject, subject_title: title, resources: ["enterprise_registration"], purpose, until: "2028-06-30" });
    assert.equal(offer.status, 201, offer.text);
    assert.equal((await s.call("consent.sign", { id: offer.body.id }, { ...open, json: passkey.get(offer.body.publicKey) })).status, 200);
    return offer.body.id;
  };
  const registered = await firm("me.enterprise.register", {}, { contact_name: "甲某", contact_mobile: "13800000000" });
  assert.equal(registered.status, 200, registered.text);
  return firm;
}

/** A bank's system; report(event) posts it signed, report(event, {signed: false}) does not. */
export async function systemOf({ s, as }, id, organisation) {
  const bank = await client(s, as, id, organisation);
  const kid = await calculateJwkThumbprint(await exportJWK(bank.privateKey).then(({ kty, crv, x }) => ({ kty, crv, x })));
  const key = createPrivateKey({ key: await exportJWK(bank.privateKey), format: "jwk" });
  return async (event, { signed = true } = {}) => {
    const body = JSON.stringify(event), url = s.url + urlOf("finance.event", {});
    const headers = { Authorization: `Bearer ${bank.token}`, "Content-Type": "application/json", "Content-Digest": `sha-256=:${createHash("sha256").update(body).digest("base64")}:` };
    const now = Math.floor(Date.now() / 1000);
    const message = signed ? await httpbis.signMessage({ key: createSigner(key, "ed25519", kid), name: "sig", fields: ["@method", "@target-uri", "content-digest", "authorization"], params: ["created", "expires", "nonce", "keyid", "tag"],
      paramValues: { created: new Date(now * 1000), expires: new Date((now + 60) * 1000), nonce: randomUUID(), tag: "fapi-2-request" } }, { method: "POST", url, headers }) : { headers };
    return s.call("finance.event", {}, { ...open, headers: message.headers, body });
  };
}
