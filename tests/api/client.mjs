// A system of an organisation: registered, enabled, and signed in with its key as RFC 7523 asks, by the library jose.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { addAccount, signIn } from "./lib.mjs";

/** What to pass to s.call so that it comes from the system: { anonymous, headers }. */
export async function bearer(s, id, organisation) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  await addAccount(s.data, "clients.sys", "JA001", "system_administrator");
  await addAccount(s.data, "clients.sec", "JA001", "security_administrator");
  const sys = await signIn(s, "clients.sys");
  const sec = await signIn(s, "clients.sec");
  await s.call("client.make", {}, { cookie: sys, json: { id, organisation, title: id } });
  const keyed = await s.call("client.key", { id }, { cookie: sys, json: { jwk: await exportJWK(publicKey) } });
  assert.equal(keyed.status, 200, keyed.text);
  await s.call("client.enabled", { id }, { cookie: sec, json: { enabled: true } });
  const proof = await new SignJWT({ jti: randomUUID() }).setProtectedHeader({ alg: "ES256", kid: keyed.body.keys[0].kid }).setIssuer(id).setSubject(id)
    .setAudience(`${s.url}/oauth/token`).setIssuedAt().setExpirationTime("2m").sign(privateKey);
  const form = { grant_type: "client_credentials", client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion: proof };
  const reply = await s.call("oauth.token", {}, { anonymous: true, headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(form).toString() });
  assert.equal(reply.status, 200, reply.text);
  return { anonymous: true, headers: { Authorization: `Bearer ${reply.body.access_token}` } };
}
