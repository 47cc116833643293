// A subject signs in to another portal with its passkey of the platform: npm's openid-client is the portal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, people } from "./bank.mjs";
import { serveDemo } from "./demo.mjs";
import { until } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";

const SAMPLE = "91360802YL0000397L";
const TITLE = "吉安示例有限公司";
const BACK = "https://portal.example/signed-in";
const open = { anonymous: true };
const oidc = await import("openid-client").then((m) => m, (error) => ({ missing: `openid-client does not load here (it takes Node 20): ${error.message}` }));
const skip = oidc.missing ?? (globalThis.crypto?.subtle ? false : "openid-client takes Node 20: there is no global crypto");

async function enrol(s, as, subject, title) {
  const made = await as.steward("enrolment.make", {}, { subject, subject_title: title, capacity: "legal_representative", proof: "柜面核验" });
  const token = made.body.url.split("#")[1];
  const passkey = new Passkey(`http://localhost:${s.port}`);
  const shown = (await s.call("enrolment.show", { token }, open)).body;
  assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create(shown.publicKey) })).status, 201);
  return passkey;
}

async function signIn(s, passkey) {
  const { publicKey } = (await s.call("me.challenge", {}, { ...open, json: {} })).body;
  return (await s.call("me.session", {}, { ...open, json: passkey.get(publicKey) })).body.access_token;
}

const bearer = (token, more = {}) => ({ ...open, headers: { Authorization: `Bearer ${token}` }, ...more });

async function portalOf(s, as, id) {
  const portal = await client(s, as, id);
  assert.deepEqual((await as.sys("client.portal.set", { id }, { redirect_uris: [BACK] })).body, { redirect_uris: [BACK] });
  const config = await oidc.discovery(new URL(s.url), id, undefined, oidc.PrivateKeyJwt(portal.privateKey), { execute: [oidc.allowInsecureRequests] });
  return { id, config };
}

/** What the portal sends its visitor off with, and what it keeps. */
async function begin(portal, scope = "openid profile credit_code") {
  const verifier = oidc.randomPKCECodeVerifier();
  const kept = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
  const url = oidc.buildAuthorizationUrl(portal.config, { redirect_uri: BACK, scope, state: kept.state, nonce: kept.nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" });
  return { ...kept, url, asked: Object.fromEntries(url.searchParams) };
}

const finish = (portal, back, b) => oidc.authorizationCodeGrant(portal.config, new URL(back), { pkceCodeVerifier: b.verifier, expectedState: b.state, expectedNonce: b.nonce });

test("openid-client signs a subject in: told what was agreed to, by a name that no other organisation has for it", { skip }, async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const portal = await portalOf(s, as, "gan-portal");
  const passkey = await enrol(s, as, SAMPLE, TITLE);
  const b = await begin(portal);
  assert.equal(b.url.origin + b.url.pathname, `${s.url}/authorize`);

  const shown = (await s.call("portal.ask", b.asked, open)).body;
  assert.deepEqual([shown.client, shown.error, shown.scopes.map((x) => x.scope)], ["gan-portal", null, ["openid", "profile", "credit_code"]]);
  const no = new URL(shown.back);
  assert.deepEqual([no.origin + no.pathname, no.searchParams.get("error"), no.searchParams.get("state"), no.searchParams.get("iss")], [BACK, "access_denied", b.state, s.url]);
  await assert.rejects(finish(portal, shown.back, b), (error) => error.error === "access_denied", "the library understands a refusal");

  const me = await signIn(s, passkey);
  const agreed = await s.call("me.portal", {}, bearer(me, { json: b.asked }));
  assert.equal(agreed.status, 200, agreed.text);
  const tokens = await finish(portal, agreed.body.redirect, b);
  const claims = tokens.claims();
  assert.deepEqual([claims.aud, claims.name, claims.subject_kind, claims.credit_code], ["gan-portal", TITLE, "organisation", SAMPLE]);
  assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 300);
  const info = await oidc.fetchUserInfo(portal.config, tokens.access_token, claims.sub);
  assert.deepEqual(info, { sub: claims.sub, name: TITLE, subject_kind: "organisation", credit_code: SAMPLE });
  await assert.rejects(finish(portal, agreed.body.redirect, b), (error) => error.error === "invalid_grant", "a code is for one use");

  // The token opens that and nothing else; a subject's own is no portal's.
  for (const route of ["me.show", "me.looks", "services.list"]) assert.ok([401, 403].includes((await s.call(route, {}, bearer(tokens.access_token))).status), route);
  assert.equal((await s.call("oidc.userinfo", {}, bearer(me))).status, 403);
  assert.equal((await s.call("oidc.userinfo", {}, open)).status, 401);

  // Asked for less, told less; another organisation knows it by another name.
  const less = await begin(portal, "openid email");
  const quiet = (await finish(portal, (await s.call("me.portal", {}, bearer(me, { json: less.asked }))).body.redirect, less)).claims();
  assert.deepEqual([quiet.sub, quiet.name, quiet.credit_code], [claims.sub, undefined, undefined]);
  assert.ok(!claims.sub.includes(SAMPLE));

  const mine = (await s.call("me.portals", {}, bearer(me))).body;
  assert.deepEqual(mine.items.map((p) => [p.organisation, p.times, p.scopes]), [["JB001", 2, "openid"]]);
  await until("both are in the journal", async () => (await as.auditor("journal.list", { type: "administration", limit: 50 })).text, (text) => text.split("portal-entered").length === 3);
  assert.deepEqual((await s.call("oidc.metadata", {}, open)).body, (await s.call("oauth.metadata", {}, open)).body, "one text, at both addresses");
  assert.equal(JSON.parse((await s.call("oauth.metadata", {}, open)).text).authorization_endpoint, `${s.url}/authorize`);
});

test("no address but those registered is returned to; a request or an exchange that is not in order gets nothing", { skip }, async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const portal = await portalOf(s, as, "gan-portal");
  const me = await signIn(s, await enrol(s, as, SAMPLE, TITLE));
  const b = await begin(portal);
  const ask = (more) => s.call("portal.ask", { ...b.asked, ...more }, open);

  for (const uri of ["http://portal.example/", "https://u@portal.example/", "https://portal.example/#x", "javascript:alert(1)", "https://", `https://portal.example/${"x".repeat(600)}`, "http://localhost.evil.example/", "https://portal.example/\n"])
    assert.ok([400, 422].includes((await as.sys("client.portal.set", { id: "gan-portal" }, { redirect_uris: [uri] })).status), uri);
  assert.equal((await as.operator("client.portal.set", { id: "gan-portal" }, { redirect_uris: [] })).status, 403);
  assert.equal((await as.sys("client.portal.set", { id: "nobody" }, { redirect_uris: [] })).status, 404);
  assert.deepEqual((await as.sys("client.portal", { id: "gan-portal" })).body.redirect_uris, [BACK], "nothing of it was taken");

  for (const redirect_uri of ["https://evil.example/", `${BACK}/`, `${BACK}?x=1`, "https://PORTAL.example/signed-in"]) assert.equal((await ask({ redirect_uri })).status, 404, redirect_uri);
  assert.equal((await ask({ client_id: "nobody" })).status, 404);
  assert.equal((await ask({ response_type: "token" })).body.error, "unsupported_response_type");
  assert.equal((await ask({ scope: "profile" })).body.error, "invalid_scope");
  assert.equal((await ask({ code_challenge_method: "plain" })).body.error, "invalid_request");
  assert.equal((await ask({ code_challenge: "short" })).body.error, "invalid_request");
  const wrong = await s.call("me.portal", {}, bearer(me, { json: { ...b.asked, response_type: "token" } }));
  assert.equal(wrong.status, 422);
  assert.equal((await s.call("me.portal", {}, { ...open, json: b.asked })).status, 401);

  const code = async () => (await s.call("me.portal", {}, bearer(me, { json: b.asked }))).body.redirect;
  const refused = (back, more) => assert.rejects(finish(portal, back, { ...b, ...more }), (error) => error.error === "invalid_grant");
  await refused(await code(), { verifier: oidc.randomPKCECodeVerifier() });
  const other = await portalOf(s, as, "other-portal");
  await assert.rejects(finish(other, await code(), b), (error) => error.error === "invalid_grant", "another client's code");
  const spent = await code();
  await refused(spent, { verifier: "x".repeat(43) });
  await refused(spent, {}); // tried with a wrong verifier, it is spent

  assert.equal((await as.sec("client.enabled", { id: "gan-portal" }, { enabled: false })).status, 200);
  assert.equal((await ask({})).status, 404, "a portal that was disabled");
});
