// A bank whose system calls: registered, enabled, with a grant that a department gave it, and a token it asked for with its key.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { addAccount, signIn } from "./lib.mjs";

const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const PEOPLE = {
  steward: ["icbc-1", "JB001", "consumer_steward"],
  head: ["icbc-2", "JB001", "approver"],
  operator: ["hub-1", "JA001", "operator"],
  market: ["msr-1", "JA023", "approver"],
  tax: ["tax-1", "JA030", "approver"],
  sys: ["sys-1", "JA001", "system_administrator"],
  sec: ["sec-1", "JA001", "security_administrator"],
  auditor: ["audit-1", "JA001", "auditor"],
};

/** Everybody who takes part, each as a function (route, parameters, body). */
export async function people(s) {
  const as = {};
  for (const [who, [account, organisation, duties]] of Object.entries(PEOPLE)) {
    await addAccount(s.data, account, organisation, duties);
    const cookie = await signIn(s, account);
    as[who] = (id, params, json) => s.call(id, params, { cookie, json });
  }
  return as;
}

/** A token for a client, which proves its key. */
export async function tokenOf(s, id, privateKey) {
  const assertion = await new SignJWT({ jti: randomUUID() }).setProtectedHeader({ alg: "EdDSA" }).setIssuer(id).setSubject(id)
    .setAudience(`${s.url}/oauth/token`).setIssuedAt().setExpirationTime("2m").sign(privateKey);
  const reply = await s.call("oauth.token", {}, {
    anonymous: true,
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: "client_credentials", client_assertion_type: ASSERTION, client_assertion: assertion }).toString(),
  });
  assert.equal(reply.status, 200, reply.text);
  return reply.body.access_token;
}

/** A registered, enabled client; call(route, parameters, body) asks as it. */
export async function client(s, as, id = "icbc-credit", organisation = "JB001") {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  assert.equal((await as.sys("client.make", {}, { id, organisation, title: "信贷系统" })).status, 201);
  assert.equal((await as.sys("client.key", { id }, { jwk: await exportJWK(publicKey) })).status, 200);
  assert.equal((await as.sec("client.enabled", { id }, { enabled: true })).status, 200);
  const token = await tokenOf(s, id, privateKey);
  return { id, privateKey, token, call: (route, params, json) => s.call(route, params, { anonymous: true, headers: { Authorization: `Bearer ${token}` }, json }) };
}

/** Takes an application from the bank's steward to a grant; returns the grant's id. */
export async function grant(as, resources, more = {}, source = "market") {
  const made = await as.steward("application.make", {}, {
    resources, purpose: "小微企业贷前调查", legal_basis: "《政务数据共享条例》第十条", modes: "query batch verify changes export subscribe", per_day: 100000, until: new Date(Date.now() + 700 * 864e5).toISOString().slice(0, 10), ...more });
  assert.equal(made.status, 201, made.text);
  const scene = made.body.items[0].scene;
  assert.equal((await as.head("application.act", { id: scene }, { action: "endorse" })).status, 200);
  const passed = (await as.operator("application.act", { id: scene }, { action: "pass" })).body.items;
  for (const a of passed.filter((one) => one.state === "provider_review")) {
    const approved = await as[source]("application.act", { id: a.id }, { action: "approve" });
    assert.equal(approved.status, 200, approved.text);
    if (approved.body.items[0].state !== "granted") assert.equal((await as[source]("application.act", { id: a.id }, { action: "open" })).status, 200);
  }
  return (await as.steward("grants.list", { resource: resources[0].split(":")[0] })).body.items[0].id;
}
