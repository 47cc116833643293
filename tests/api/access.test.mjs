// Who may do what: every route with every duty against the permission table, signing in, invitations, clients and their tokens, freezes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { serveDemo } from "./demo.mjs";
import { addAccount, luling, PASSWORD, routes, serve, signIn, urlOf } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const DUTIES = ["source_steward", "consumer_steward", "operator", "approver", "system_administrator", "security_administrator", "auditor", "collector", "rural_officer"];
const SHORT = { SRC: "source_steward", CON: "consumer_steward", OPR: "operator", APP: "approver", SYS: "system_administrator", SEC: "security_administrator", AUD: "auditor", COL: "collector", RUR: "rural_officer" };

/** The table as its file states it: permission -> who. */
function permissions() {
  const text = readFileSync(join(source, "src/share/tbl/permissions.h"), "utf8").replace(/\\\n/g, " ");
  const table = new Map();
  for (const [, name, may] of text.matchAll(/X\("([a-z._]+)",\s*([A-Z_| ]+),/g)) table.set(name, new Set(may.split("|").map((x) => x.trim().slice(3))));
  return table;
}

const allowed = (may, duty) => may.has("ANY") || may.has("ACC") || [...may].some((x) => SHORT[x] === duty);

test("every route with every duty, and with none, is open to those whom the permission table names", async (t) => {
  const s = await serveDemo(t);
  const table = permissions();
  const cookies = new Map([["nobody", null]]);
  for (const duty of DUTIES) {
    await addAccount(s.data, `of.${duty}`, "JA023", duty);
    cookies.set(duty, await signIn(s, `of.${duty}`));
  }
  let asked = 0;
  for (const [id, route] of Object.entries(routes)) {
    if (id === "session.close") continue; // would end the session that the next routes need
    const may = table.get(route.perm);
    assert.ok(may, `${id}: permission ${route.perm} is not in the table`);
    assert.ok(!may.has("CLI") || route.method === "GET" || route.signs, `${id}: a system may do it, so its row says which grants ask for a signature (signs)`);
    const params = Object.fromEntries([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, name === "name" ? "enterprise_registration" : "0"]));
    for (const [duty, cookie] of cookies) {
      const headers = cookie ? { Cookie: cookie, "X-Luling-Request": "test" } : {};
      const reply = await fetch(s.url + urlOf(id, params), { method: route.method, headers, signal: AbortSignal.timeout(20_000), redirect: "manual" });
      const error = reply.headers.get("content-type")?.startsWith("application/json") ? (await reply.json().catch(() => null))?.error : (await reply.body?.cancel(), undefined);
      const code = error?.condition ? undefined : error?.code; // refused by the gateway, which is past the permission
      const open = cookie ? allowed(may, duty) : may.has("ANY");
      if (reply.status === 400 && code === "USAGE") continue; // a parameter was missing: nothing was decided yet
      if (open) assert.ok(!["SIGNIN"].includes(code) && (code !== "DENIED" || route.scope), `${id} is for ${duty}, who got ${reply.status} ${code}`);
      else assert.equal(code, cookie ? "DENIED" : "SIGNIN", `${id} is not for ${duty}, who got ${reply.status}`);
      asked++;
    }
  }
  assert.ok(asked > 200, `${asked} decisions`);
  t.diagnostic(`${asked} decisions compared`);
});

test("a steward sees and touches what belongs to the own organisation only", async (t) => {
  const s = await serveDemo(t);
  await addAccount(s.data, "tax", "JA011", "source_steward");
  const cookie = await signIn(s, "tax");
  const tax = await s.call("record.show", { name: "enterprise_registration", key: ["91360802YL0000397L"] }, { cookie });
  assert.equal(tax.status, 403);
  assert.match(tax.body.error.zh, /JA023/);
  assert.equal((await s.call("record.show", { name: "enterprise_registration", key: ["91360802YL0000397L"] })).status, 404, "permitted, and not there yet");
});

test("a wrong password tells nothing, locks after five, and the lock is lifted by the security administrator", async (t) => {
  const s = await serveDemo(t);
  await addAccount(s.data, "wang", "JA023", "approver");
  const wrong = (account, password) => s.call("session.open", {}, { anonymous: true, json: { account, password } });
  const unknown = await wrong("nobody.here", "whatever it is");
  const bad = await wrong("wang", "not the password");
  assert.deepEqual([unknown.status, bad.status], [401, 401]);
  assert.equal(unknown.body.error.zh, bad.body.error.zh);
  for (let i = 0; i < 4; i++) await wrong("wang", "not the password");
  assert.equal((await wrong("wang", PASSWORD)).status, 429, "locked: the right one does not help either");
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const cookie = await signIn(s, "sec");
  assert.equal((await s.call("account.unlock", { id: "wang" }, { cookie })).status, 200);
  assert.equal((await wrong("wang", PASSWORD)).status, 200);
});

test("two administrators make an account together; its owner chooses the password; no one gives themselves duties", async (t) => {
  const s = await serveDemo(t, { signedIn: false });
  assert.deepEqual(Object.keys(s.invitations).sort(), ["auditor", "secadmin", "sysadmin"]);
  for (const [who, token] of Object.entries(s.invitations)) {
    assert.equal((await s.call("invitation.accept", {}, { json: { token, password: "short" } })).status, 422);
    assert.equal((await s.call("invitation.accept", {}, { json: { token, password: `${PASSWORD} ${who.slice(0, 2)}` } })).status, 204);
    assert.equal((await s.call("invitation.accept", {}, { json: { token, password: `${PASSWORD} ${who.slice(0, 2)}` } })).status, 404, "used up");
  }
  const sys = await signIn(s, "sysadmin", `${PASSWORD} sy`);
  const sec = await signIn(s, "secadmin", `${PASSWORD} se`);
  assert.equal((await s.call("account.make", {}, { cookie: sec, json: { id: "li", organisation: "JA023", name: "李" } })).status, 403);
  assert.equal((await s.call("account.make", {}, { cookie: sys, json: { id: "li", organisation: "JA023", name: "李" } })).status, 201);
  assert.equal((await s.call("account.duties", { id: "li" }, { cookie: sys, json: { duties: ["approver"] } })).status, 403);
  assert.equal((await s.call("account.duties", { id: "secadmin" }, { cookie: sec, json: { duties: ["operator"] } })).status, 403, "one's own");
  assert.equal((await s.call("account.duties", { id: "li" }, { cookie: sec, json: { duties: ["approver", "auditor"] } })).status, 422, "they exclude each other");
  const made = await s.call("account.duties", { id: "li" }, { cookie: sec, json: { duties: ["approver"] } });
  assert.deepEqual(made.body.duties, ["approver"]);
  const { link } = (await s.call("account.invite", { id: "li" }, { cookie: sys })).body;
  assert.equal((await s.call("invitation.accept", {}, { json: { token: link.split("#")[1], password: PASSWORD } })).status, 204);
  const li = await signIn(s, "li");
  assert.deepEqual((await s.call("session.show", {}, { cookie: li })).body.duties, ["approver"]);
  assert.equal((await s.call("accounts.list", {}, { cookie: sys })).body.items.length, 4);
  // Where one is signed in, and signing out there; of others there is nothing to see or to end.
  const there = await s.call("session.open", {}, { anonymous: true, headers: { "User-Agent": "Lost phone\u00e9" }, json: { account: "li", password: PASSWORD } }).then((r) => r.headers.get("set-cookie").split(";")[0]);
  const places = (await s.call("sessions.list", {}, { cookie: li })).body.items;
  const named = (p) => (["node", "undici"].includes(p.agent) ? "this one" : p.agent.slice(0, 10)); // Node.js 18 calls itself undici
  assert.deepEqual(places.map((p) => [named(p), p.current]).sort(), [["Lost phone", false], ["this one", true]]);
  assert.ok(places.every((p) => p.remote === "127.0.0.1" && !li.includes(p.id)));
  const lost = places.find((p) => !p.current);
  assert.equal((await s.call("session.end", { session: lost.id }, { cookie: sys })).status, 404, "another's");
  assert.deepEqual((await s.call("session.end", { session: lost.id }, { cookie: li })).body.items.map((p) => p.current), [true]);
  assert.equal((await s.call("session.show", {}, { cookie: there })).status, 401);
  assert.equal((await s.call("session.end", { session: lost.id }, { cookie: li })).status, 404, "it has ended");
  assert.equal((await s.call("session.password", {}, { cookie: li, json: { old: PASSWORD, new: "another long password" } })).status, 204);
  assert.equal((await s.call("session.show", {}, { cookie: li })).status, 401, "its sessions ended");
  const again = await signIn(s, "li", "another long password");
  assert.equal((await s.call("account.enabled", { id: "li" }, { cookie: sys, json: { enabled: false } })).body.state, "disabled");
  assert.equal((await s.call("session.show", {}, { cookie: again })).status, 401);
  assert.equal((await s.call("session.close", {}, { cookie: sys })).status, 204);
  assert.equal((await s.call("session.show", {}, { cookie: sys })).status, 401);
  assert.ok(![PASSWORD, link.split("#")[1]].some((secret) => s.log.includes(secret)), "no secret in the log");
});

test("a session's token is replaced with use, the one before is taken for a minute more, and unused it ends", async (t) => {
  const s = await serveDemo(t);
  const first = s.cookie;
  let last = s;
  const later = async (minutes) => {
    await last.stop();
    process.env.LULING_NOW = String(start + minutes * 60_000);
    last = await serve(t, { data: s.data, signedIn: false });
    delete process.env.LULING_NOW;
    return (cookie) => last.call("session.show", {}, { cookie });
  };
  const start = Date.now();
  const soon = await later(16);
  const renewed = await soon(first);
  const second = renewed.headers.get("set-cookie").split(";")[0];
  assert.equal(renewed.status, 200);
  assert.notEqual(second, first);
  const again = await soon(first);
  assert.deepEqual([again.status, again.headers.get("set-cookie")], [200, null], "a page asks for several things at once");
  assert.equal((await soon(second)).status, 200);
  const then = await later(18);
  assert.equal((await then(first)).status, 401);
  assert.equal((await then(second)).status, 200);
  const back = await later(17);
  assert.equal((await back(second)).status, 200, "a clock put back signs nobody out");
  const end = await later(60);
  assert.equal((await end(second)).status, 401, "half an hour without use");
});

test("a cookie alone changes nothing: the header that other origins cannot send is asked for", async (t) => {
  const s = await serveDemo(t);
  const reply = await fetch(s.url + urlOf("session.close"), { method: "DELETE", headers: { Cookie: s.cookie } });
  assert.equal(reply.status, 403);
  assert.equal((await s.call("session.show")).status, 200, "still signed in");
});

/** A registered, enabled client with its key. */
async function bank(s, { alg = "EdDSA" } = {}) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  await addAccount(s.data, "sys", "JA001", "system_administrator");
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const sys = await signIn(s, "sys");
  const sec = await signIn(s, "sec");
  const id = `bank-${alg.toLowerCase()}`;
  assert.equal((await s.call("client.make", {}, { cookie: sys, json: { id, organisation: "JA023", title: "信贷系统" } })).status, 201);
  const priv = await s.call("client.key", { id }, { cookie: sys, json: { jwk: await exportJWK(privateKey) } });
  assert.equal(priv.status, 422, "a private key is refused");
  const keyed = await s.call("client.key", { id }, { cookie: sys, json: { jwk: await exportJWK(publicKey) } });
  assert.equal(keyed.status, 200, keyed.text);
  return { id, privateKey, sys, sec, kid: keyed.body.keys[0].kid };
}

async function assertion(s, client, { aud = `${s.url}/oauth/token`, exp = "2m", jti = createHash("sha256").update(String(Math.random())).digest("hex"), sub = client.id, alg = "EdDSA", iat } = {}) {
  return new SignJWT({ jti }).setProtectedHeader({ alg, kid: client.kid }).setIssuer(sub).setSubject(sub).setAudience(aud).setIssuedAt(iat).setExpirationTime(exp).sign(client.privateKey);
}

const exchange = (s, token) => s.call("oauth.token", {}, {
  anonymous: true, headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ grant_type: "client_credentials", client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion: token }).toString(),
});

for (const alg of ["EdDSA", "ES256"])
  test(`a client proves its key with jose (${alg}) and gets a token; what is replayed, late, for others or unsigned is refused`, async (t) => {
    const s = await serveDemo(t);
    const client = await bank(s, { alg });
    const first = await assertion(s, client, { alg });
    assert.equal((await exchange(s, first)).status, 401, "not enabled yet");
    assert.equal((await s.call("client.enabled", { id: client.id }, { cookie: client.sec, json: { enabled: true } })).body.state, "active");
    const good = await assertion(s, client, { alg });
    const reply = await exchange(s, good);
    assert.equal(reply.status, 200, reply.text);
    assert.equal((await exchange(s, good)).status, 401, "replayed");
    for (const [what, options] of [["expired", { exp: Math.floor(Date.now() / 1000) - 600 }], ["of another audience", { aud: "https://elsewhere.example" }], ["valid too long", { exp: "2h" }], ["of another client", { sub: "somebody" }]])
      assert.equal((await exchange(s, await assertion(s, client, { alg, ...options }))).status, 401, what);
    const [, claims] = (await assertion(s, client, { alg })).split(".");
    assert.equal((await exchange(s, `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`)).status, 401, "alg none");

    const bearer = { anonymous: true, headers: { Authorization: `Bearer ${reply.body.access_token}` } };
    assert.equal((await s.call("resource.batches", { name: "tax_rating" }, bearer)).status, 200);
    assert.equal((await s.call("accounts.list", {}, bearer)).status, 403);
    assert.equal((await s.call("client.enabled", { id: client.id }, { cookie: client.sec, json: { enabled: false } })).status, 200);
    assert.equal((await s.call("resource.batches", { name: "tax_rating" }, bearer)).status, 401, "holds for the next call");
    assert.equal((await s.call("client.key_retire", { id: client.id, kid: client.kid }, { cookie: client.sys })).body.keys[0].state, "retired");
    assert.equal((await s.call("clients.list", {}, { cookie: client.sec })).body.items.length, 1);
  });

test("the metadata leads a library to the token endpoint", async (t) => {
  const s = await serveDemo(t);
  const { body } = await s.call("oauth.metadata", {}, { anonymous: true });
  assert.equal(body.issuer, s.url);
  assert.equal(body.token_endpoint, `${s.url}/oauth/token`);
});

test("what the security administrator freezes is listed with its reason, and thaws", async (t) => {
  const s = await serveDemo(t);
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const cookie = await signIn(s, "sec");
  const made = await s.call("freeze.make", {}, { cookie, json: { kind: "resource", id: "tax_rating", reason: "口径有误，暂停共享" } });
  assert.equal(made.status, 201);
  assert.deepEqual(made.body.items.map((f) => [f.kind, f.id, f.made_by]), [["resource", "tax_rating", "sec"]]);
  assert.equal((await s.call("freeze.make", {}, { cookie, json: { kind: "resource", id: "nothing", reason: "试试" } })).status, 404);
  assert.equal((await s.call("freezes.list", {}, { cookie })).body.items.length, 1);
  const listed = await luling(["freeze", "list", "--json", "-d", s.data]);
  assert.equal(JSON.parse(listed.out)[0].reason, "口径有误，暂停共享");
  assert.equal((await s.call("freeze.end", { kind: "resource", id: "tax_rating" }, { cookie })).body.items.length, 0);
  for (const page of ["page.signin", "page.invitation", "page.admin"]) assert.equal((await s.call(page, {}, { anonymous: true })).status, 200);
});
