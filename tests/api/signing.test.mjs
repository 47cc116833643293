// Requests that a system signs (RFC 9421) and answers that the platform signs: http-message-signatures is the other side, sm-crypto gives it SM2;
// openid-client finds the token endpoint by the platform's metadata and proves its key there.
import assert from "node:assert/strict";
import { createHash, createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { httpbis, createSigner, createVerifier } from "http-message-signatures";
import smCrypto from "sm-crypto";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { serveDemo } from "./demo.mjs";
import { routes, serve, until, urlOf } from "./lib.mjs";

const { sm2 } = smCrypto;
const NAME = "enterprise_registration";
const FIELDS = ["@method", "@target-uri", "content-digest", "authorization"];
const PARAMS = ["created", "expires", "nonce", "keyid", "tag"];
const QUESTION = { key: ["91360802YL0000397L"] };
const digestOf = (body) => `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
const hex = (text) => Buffer.from(text, "base64url").toString("hex");

/** A key of each kind that a client may register: what signs with it, and its public JWK. */
const kinds = {
  Ed25519: () => nodeKey("ed25519", {}, "ed25519"),
  ES256: () => nodeKey("ec", { namedCurve: "P-256" }, "ecdsa-p256-sha256"),
  SM2: () => {
    const pair = sm2.generateKeyPairHex();
    const [x, y] = [pair.publicKey.slice(2, 66), pair.publicKey.slice(66)].map((v) => Buffer.from(v, "hex").toString("base64url"));
    const options = { hash: true, userId: "1234567812345678", publicKey: pair.publicKey };
    return { jwk: { kty: "EC", crv: "SM2", x, y }, signer: (kid) => ({ id: kid, sign: async (data) => Buffer.from(sm2.doSignature([...data], pair.privateKey, options), "hex") }) };
  },
};
function nodeKey(type, options, alg) {
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  return { jwk: publicKey.export({ format: "jwk" }), signer: (kid) => createSigner(privateKey, alg, kid) };
}

/** The request as it is sent: signed with the key, then changed by `tamper`. */
async function sign(s, bank, key, { body = JSON.stringify(QUESTION), fields = FIELDS, params = {}, route = "service.query", method = "POST", path = urlOf(route, { name: NAME }), tamper = (m) => m, accept = false, token = bank.token } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const headers = { Authorization: `Bearer ${token}`, ...(body === null ? {} : { "Content-Type": "application/json", "Content-Digest": digestOf(body) }), ...(accept ? { "Accept-Signature": 'luling=("@status");tag="fapi-2-response"' } : {}) };
  const { created = now, expires = now + 60, nonce = randomUUID(), tag = "fapi-2-request" } = params;
  const paramValues = { created: new Date(created * 1000), expires: new Date(expires * 1000), nonce, tag };
  const message = await httpbis.signMessage({ key: key.signer(key.kid), name: "sig", fields: body === null ? fields.filter((f) => f !== "content-digest") : fields, params: PARAMS, paramValues }, { method, url: s.url + path, headers });
  return tamper({ ...message, body: body ?? undefined });
}

const send = async (m) => {
  const reply = await fetch(m.url, { method: m.method, headers: m.headers, body: m.body });
  return { status: reply.status, headers: Object.fromEntries(reply.headers), text: await reply.text() };
};
const faultOf = (reply) => {
  const { error } = JSON.parse(reply.text);
  return [reply.status, error.condition, error.en];
};

async function bankWith(s, as, kind, id = `bank-${kind.toLowerCase()}`) {
  const bank = await client(s, as, id);
  const key = kinds[kind]();
  const keyed = await as.sys("client.key", { id }, { jwk: key.jwk });
  assert.equal(keyed.status, 200, keyed.text);
  key.kid = keyed.body.keys.find((k) => k.jwk.x === key.jwk.x).kid;
  return { bank, key };
}

/** What lies in the journal's folder, as text. */
function payloads(data) {
  const found = [];
  const walk = (dir) => {
    for (const e of readdirSync(dir, { withFileTypes: true })) {
      if (e.isDirectory()) walk(join(dir, e.name));
      else found.push(readFileSync(join(dir, e.name), "latin1"));
    }
  };
  walk(join(data, "journal"));
  return found.join("\n");
}

for (const kind of Object.keys(kinds))
  test(`a call signed with ${kind} counts, and its answer is signed over it; anything that differs is refused by name`, async (t) => {
    const s = await serveDemo(t);
    const as = await people(s);
    await grant(as, [`${NAME}:uscc enterprise_name`]);
    const { bank, key } = await bankWith(s, as, kind);
    const good = await sign(s, bank, key, { accept: true });
    const reply = await send(good);
    assert.equal(reply.status, 200, reply.text);
    const { receipt } = JSON.parse(reply.text);
    assert.ok(receipt, "journalled");
    assert.equal(reply.headers["content-digest"], digestOf(reply.text));
    const { keys } = (await s.call("jwks", {}, { anonymous: true })).body;
    const keyLookup = async ({ keyid }) => {
      const jwk = keys.find((k) => k.kid === keyid);
      if (jwk.crv === "SM2") {
        const publicKey = `04${hex(jwk.x)}${hex(jwk.y)}`;
        return { id: keyid, verify: async (data, signature) => sm2.doVerifySignature([...data], Buffer.from(signature).toString("hex"), publicKey, { hash: true, userId: "1234567812345678", publicKey }) };
      }
      return { id: keyid, algs: ["ed25519"], verify: createVerifier(createPublicKey({ key: jwk, format: "jwk" }), "ed25519") };
    };
    const asked = { method: good.method, url: good.url, headers: good.headers };
    assert.equal(await httpbis.verifyMessage({ keyLookup, all: true }, { status: reply.status, headers: reply.headers }, asked), true);
    const other = { ...asked, headers: { ...asked.headers, Signature: asked.headers.Signature.replace(/:.{8}/, ":AAAAAAAA") } };
    assert.notEqual(await httpbis.verifyMessage({ keyLookup, all: true }, { status: reply.status, headers: reply.headers }, other).catch(() => false), true, "the answer is bound to the question's signature");
    await until("the entry names the signature", () => payloads(s.data), (text) => text.includes(`"keyid":"${key.kid}"`) && text.includes(good.headers.Signature.slice(5, 40)));

    assert.deepEqual(faultOf(await send(good)).slice(0, 2), [403, "signature"], "replayed");
    assert.match(faultOf(await send(good))[2], /nonce/);
    const now = Math.floor(Date.now() / 1000);
    const stranger = kinds[kind]();
    stranger.kid = key.kid;
    const unknown = { ...key, kid: "x".repeat(43) };
    for (const [what, request, why] of [
      ["another body", sign(s, bank, key, { tamper: (m) => ({ ...m, body: m.body.replace("0397", "0398") }) }), /Content-Digest/],
      ["another address", sign(s, bank, key, { tamper: (m) => ({ ...m, url: m.url.replace(NAME, "tax_rating") }) }), /./],
      ["another method", sign(s, bank, key, { method: "PUT", tamper: (m) => ({ ...m, method: "POST" }) }), /./],
      ["expired", sign(s, bank, key, { params: { created: now - 200, expires: now - 140 } }), /expired|before the server/],
      ["of the future", sign(s, bank, key, { params: { created: now + 100, expires: now + 150 } }), /ahead/],
      ["living too long", sign(s, bank, key, { params: { expires: now + 3600 } }), /60 seconds/],
      ["without the token covered", sign(s, bank, key, { fields: FIELDS.slice(0, 3) }), /authorization/],
      ["without the body covered", sign(s, bank, key, { fields: ["@method", "@target-uri", "authorization"] }), /content-digest/],
      ["without the address covered", sign(s, bank, key, { fields: ["@method", "@path", "content-digest", "authorization"] }), /@query/],
      ["of another purpose", sign(s, bank, key, { params: { tag: "something-else" } }), /tag/],
      ["by another key", sign(s, bank, stranger), /./],
      ["by an unknown key", sign(s, bank, unknown), /keyid/],
      ["half a signature", sign(s, bank, key, { tamper: (m) => ({ ...m, headers: { ...m.headers, Signature: undefined } }) }).then((m) => (delete m.headers.Signature, m)), /malformed/],
    ]) {
      const [status, condition, en] = faultOf(await send(await request));
      assert.deepEqual([status, condition], [403, "signature"], `${what}: ${en}`);
      assert.match(en, why, what);
    }
    assert.equal((await send(await sign(s, bank, key, { fields: ["@method", "@path", "@query", "content-digest", "authorization"] }))).status, 200, "path and query instead of the whole address");
    assert.equal((await bank.call("service.query", { name: NAME }, QUESTION)).status, 200, "nobody asked for a signature");
  });

test("a client whose registration says so, and a grant that says so, take signed calls only", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  await grant(as, [`${NAME}:uscc enterprise_name`]);
  await grant(as, ["tax_rating"], { signed: true }, "tax");
  const { bank, key } = await bankWith(s, as, "Ed25519");
  const listed = (await as.steward("grants.list", { resource: "tax_rating" })).body.items[0];
  assert.equal(listed.signed, true);
  const plain = await bank.call("service.query", { name: "tax_rating" }, QUESTION);
  assert.deepEqual([plain.status, plain.body.error.condition, Boolean(plain.body.receipt)], [403, "signature", true], "refused with an entry");
  assert.equal((await bank.call("service.query", { name: NAME }, QUESTION)).status, 200, "another grant asks for none");
  assert.equal((await as.sys("client.signing", { id: bank.id }, { required: true })).status, 403, "for the security administrator");
  assert.equal((await as.sec("client.signing", { id: bank.id }, { required: true })).body.signed, true);
  assert.equal((await bank.call("service.query", { name: NAME }, QUESTION)).body.error.condition, "signature", "from its next call");
  assert.equal((await bank.call("services.list", {})).status, 403, "the token alone opens nothing");
  assert.equal((await send(await sign(s, bank, key))).status, 200);
  assert.equal((await send(await sign(s, bank, key, { body: null, method: "GET", path: urlOf("services.list") }))).status, 200);
  assert.equal((await as.sys("client.key_retire", { id: bank.id, kid: key.kid })).status, 200);
  assert.match(faultOf(await send(await sign(s, bank, key)))[2], /keyid/, "a retired key signs nothing");
});

/** Every route by which a system reaches what is granted, with what it takes; id: of an export, hook: of a subscription. */
const reaching = (id, hook) => [
  ["service.query", { name: "tax_rating" }, QUESTION],
  ["service.batch", { name: "tax_rating" }, { keys: [["x"]] }],
  ["service.verify", { name: "tax_rating" }, { key: ["x"], values: { tax_year: "2024" } }],
  ["service.changes", { name: "tax_rating" }],
  ["export.ask", { name: "tax_rating" }, { format: "csv" }],
  ["exports.list", {}],
  ["export.show", { id }],
  ["export.file", { id }],
  ["export.cancel", { id }],
  ["webhook.add", {}, { url: "https://bank.example.cn/hooks", events: ["changes"] }],
  ["webhooks.list", {}],
  ["webhook.show", { id: hook }],
  ["webhook.act", { id: hook }, { action: "pause" }],
  ["webhook.redeliver", { id: hook }, { event: 1 }],
  ["corrections.list", {}],
  ["consent.record", {}, { subject: QUESTION.key[0], subject_title: "某企业", resources: ["tax_rating"], purpose: "贷前", until: "2030-01-01", document: "0".repeat(64) }],
  ["consents.list", {}],
];

test("whatever reaches what is granted is asked for its signature, not only queries, and its refusals stand in the journal", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const { bank, key } = await bankWith(s, as, "Ed25519");
  await grant(as, [`${NAME}:uscc enterprise_name`]);
  const free = await bank.call("export.ask", { name: NAME }, { format: "csv" });
  assert.equal(free.status, 202, free.text);
  const hook = (await bank.call("webhook.add", {}, { url: "https://bank.example.cn/hooks", events: ["changes"] })).body.id;
  assert.equal((await bank.call("exports.list", {})).status, 200, "no grant asks for a signature yet");

  const g = await grant(as, ["tax_rating"], { signed: true }, "tax");
  const signed = async (route, params, json, more = {}) => send(await sign(s, bank, key, { body: json ? JSON.stringify(json) : null, method: routes[route].method, path: urlOf(route, params), ...more }));
  const asked = await signed("export.ask", { name: "tax_rating" }, { format: "csv" });
  assert.equal(asked.status, 202, asked.text);
  const { id } = JSON.parse(asked.text);
  const made = await until("the export", async () => JSON.parse((await signed("export.show", { id })).text), (e) => ["ready", "failed"].includes(e.state), 120_000);
  assert.equal(made.state, "ready", "what was asked for with a signature is made without another");
  for (const [route, params, json] of reaching(id, hook)) {
    const plain = await bank.call(route, params, json);
    assert.deepEqual([plain.status, plain.body.error.condition, Boolean(plain.body.receipt)], [403, "signature", true], `${route} without a signature`);
    const spoilt = await signed(route, params, json, { tamper: (m) => ({ ...m, headers: { ...m.headers, Signature: m.headers.Signature.replace(/:.{8}/, ":AAAAAAAA") } }) });
    assert.deepEqual([...faultOf(spoilt).slice(0, 2), Boolean(JSON.parse(spoilt.text).receipt)], [403, "signature", true], `${route} with another's signature`);
    const reply = await signed(route, params, json);
    const said = reply.headers["content-type"].startsWith("application/json") ? JSON.parse(reply.text) : {};
    assert.ok(reply.status < 500 && said.error?.condition !== "signature", `${route} signed: ${reply.status} ${reply.text.slice(0, 300)}`);
  }
  assert.equal((await bank.call("export.show", { id: free.body.id })).status, 200, "the grant behind this export asks for none");
  await until("refusals, and the signature of what was done, in the journal", () => payloads(s.data), (text) => text.includes('"condition":"signature","mode":"corrections.list"') && /"act":"webhook-pause".{0,200}"signature":\{"base"/.test(text));

  assert.equal((await as.operator("grant.act", { id: g }, { action: "suspend", reason: "核查" })).status, 200);
  assert.equal((await bank.call("corrections.list", {})).status, 200, "no grant in force asks any more");
  assert.equal((await as.sec("client.signing", { id: bank.id }, { required: true })).status, 200);
  for (const [route, params, json] of reaching(free.body.id, hook)) {
    const plain = await bank.call(route, params, json);
    assert.deepEqual([plain.status, plain.body.error.condition, Boolean(plain.body.receipt)], [403, "signature", true], `${route} by the registration`);
  }
});

test("what was signed before a restart is not taken after it", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  await grant(as, [`${NAME}:uscc enterprise_name`]);
  const { bank, key } = await bankWith(s, as, "Ed25519");
  const now = Math.floor(Date.now() / 1000);
  await s.stop();
  const again = await serve(t, { data: s.data, settings: { listen_port: s.port }, signedIn: false });
  const token = await tokenOf(again, bank.id, bank.privateKey);
  const [status, condition, en] = faultOf(await send(await sign(again, bank, key, { token, params: { created: now - 5, expires: now + 50 } })));
  assert.deepEqual([status, condition], [403, "signature"], en);
  assert.match(en, /before the server started/);
  assert.equal((await send(await sign(again, bank, key, { token }))).status, 200);
});

const oidc = await import("openid-client").then((m) => m, (error) => ({ missing: `openid-client does not load here (it takes Node 20): ${error.message}` }));
const skip = oidc.missing ?? (globalThis.crypto?.subtle ? false : "openid-client takes Node 20: there is no global crypto");
test("openid-client finds the token endpoint by the metadata and proves its key", { skip }, async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const bank = await client(s, as, "icbc-oidc");
  const options = { algorithm: "oauth2", execute: [oidc.allowInsecureRequests] };
  const config = await oidc.discovery(new URL(s.url), bank.id, undefined, oidc.PrivateKeyJwt(bank.privateKey), options);
  assert.equal(config.serverMetadata().token_endpoint, `${s.url}/oauth/token`);
  const got = await oidc.clientCredentialsGrant(config);
  assert.ok(got.access_token && got.expires_in > 60);
  const reply = await oidc.fetchProtectedResource(config, got.access_token, new URL(`${s.url}/v1/services`), "GET");
  assert.equal(reply.status, 200);
  const stranger = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const wrong = await oidc.discovery(new URL(s.url), bank.id, undefined, oidc.PrivateKeyJwt(await crypto.subtle.importKey("jwk", { ...stranger, alg: undefined }, "Ed25519", false, ["sign"])), options);
  await assert.rejects(oidc.clientCredentialsGrant(wrong), (error) => error.status === 401);
});

const part = (v) => Buffer.from(JSON.stringify(v)).toString("base64url");
const exchange = (s, assertion) => s.call("oauth.token", {}, {
  anonymous: true, headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ grant_type: "client_credentials", client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion: assertion }).toString(),
});

test("an SM2 key proves a client too; a token from the future, of another algorithm or with our own key as a secret proves nothing", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const bank = await client(s, as, "bank-sm2");
  const pair = sm2.generateKeyPairHex();
  const [x, y] = [pair.publicKey.slice(2, 66), pair.publicKey.slice(66)].map((v) => Buffer.from(v, "hex").toString("base64url"));
  assert.equal((await as.sys("client.key", { id: bank.id }, { jwk: { kty: "EC", crv: "SM2", x, y } })).status, 200);
  const now = Math.floor(Date.now() / 1000);
  const claims = (more = {}) => ({ iss: bank.id, sub: bank.id, aud: `${s.url}/oauth/token`, jti: randomUUID(), iat: now, exp: now + 120, ...more });
  const assertion = (more, header = { alg: "SM2-SM3" }) => {
    const text = `${part(header)}.${part(claims(more))}`;
    const signature = sm2.doSignature([...Buffer.from(text)], pair.privateKey, { hash: true, userId: "1234567812345678", publicKey: pair.publicKey });
    return `${text}.${Buffer.from(signature, "hex").toString("base64url")}`;
  };
  const good = assertion();
  assert.equal((await exchange(s, good)).status, 200);
  assert.equal((await exchange(s, good)).status, 401, "replayed");
  assert.equal((await exchange(s, assertion({ iat: now + 600, nbf: now + 600, exp: now + 700 }))).status, 401, "from the future");
  assert.equal((await exchange(s, assertion({ exp: now - 60 }))).status, 401, "expired");
  assert.equal((await exchange(s, assertion({}, { alg: "ES256" }))).status, 401, "the key decides the algorithm, not the header");
  const { createHmac } = await import("node:crypto");
  const registered = JSON.stringify((await as.sys("clients.list", {})).body.items[0].keys[0].jwk);
  for (const secret of [registered, x]) {
    const text = `${part({ alg: "HS256" })}.${part(claims())}`;
    assert.equal((await exchange(s, `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`)).status, 401, "a public key is no secret");
  }
  assert.equal((await exchange(s, `${part({ alg: "none" })}.${part(claims())}.`)).status, 401, "unsigned");
  assert.equal((await exchange(s, assertion({}, { alg: "SM2-SM3", jwk: { kty: "EC", crv: "SM2", x, y } }).replace(/^[^.]+/, part({ alg: "SM2-SM3", crit: ["b64"], b64: false })))).status, 401, "a header it does not know");
});
