// Consents over the API: a subject without an account signs with its passkey what it was shown; others verify it with tools that are not ours.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { createLocalJWKSet, importJWK, jwtVerify } from "jose";
import { bearer } from "./client.mjs";
import { serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn, until } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";
import { need } from "../trust/lib.mjs";

// These take Node 20; where they do not load, what they check is left out and said so.
const webauthn = await need("@simplewebauthn/server");
const [core, lists] = [await need("@sd-jwt/core"), await need("@sd-jwt/jwt-status-list")];

const COMPANY = "91360802YL0000397L";
const PERSON = "11010519491231002X";
const PROOF = "柜面核验营业执照与身份证原件";
const ask = { subject: COMPANY, subject_title: "吉安示例有限公司", resources: ["tax_rating", "annual_report:uscc,enterprise_name"], purpose: "小微企业贷前调查", until: "2028-06-30", uses: 3 };
const open = { anonymous: true }; // the subject's phone

async function counter(t, options) {
  const s = await serveDemo(t, { signedIn: false, ...options });
  for (const [id, organisation, duties] of [["icbc", "JB001", "consumer_steward"], ["abc", "JB002", "consumer_steward"], ["audit", "JA001", "auditor"]]) await addAccount(s.data, id, organisation, duties);
  const [bank, other, audit] = [await signIn(s, "icbc"), await signIn(s, "abc"), await signIn(s, "audit")];
  const origin = `http://localhost:${s.port}`;
  return { s, origin, bank: { cookie: bank }, other: { cookie: other }, audit: { cookie: audit } };
}

const tokenOf = (url) => url.split("#")[1];

/** The officer identifies the subject, whose own device makes the passkey. */
async function enrol({ s, origin, bank }, subject = COMPANY, subject_title = ask.subject_title) {
  const made = await s.call("enrolment.make", {}, { ...bank, json: { subject, subject_title, capacity: subject === COMPANY ? "legal_representative" : "self", proof: PROOF } });
  assert.equal(made.status, 201, made.text);
  assert.ok(made.body.url.startsWith(`${origin}/enrol#`));
  const token = tokenOf(made.body.url);
  const shown = (await s.call("enrolment.show", { token }, open)).body;
  const passkey = new Passkey(origin);
  const done = await s.call("enrolment.finish", { token }, { ...open, json: passkey.create(shown.publicKey) });
  assert.equal(done.status, 201, done.text);
  return { passkey, key: done.body.key, token };
}

async function consented(desk, passkey, more = {}) {
  const { s, bank } = desk;
  const { body } = await s.call("consent.ask", {}, { ...bank, json: { ...ask, ...more } });
  const signed = await s.call("consent.sign", { id: body.id }, { ...open, json: passkey.get(body.publicKey) });
  assert.deepEqual([signed.status, signed.body?.state], [200, "active"], signed.text);
  return body.id;
}

test("a passkey is made on the subject's device with a one-time address that an officer gave; nothing else makes one", async (t) => {
  const desk = await counter(t);
  const { s, origin, bank, other } = desk;
  const request = { subject: PERSON, subject_title: "张三丰", capacity: "self", proof: PROOF };
  const made = (await s.call("enrolment.make", {}, { ...bank, json: request })).body;
  assert.ok(!JSON.stringify(made).includes(PERSON) && !made.subject_title.includes("三丰"), "identifier and name of a person are masked");
  const token = tokenOf(made.url);
  const shown = (await s.call("enrolment.show", { token }, open)).body;
  assert.deepEqual([shown.organisation, shown.publicKey.rp.id, shown.publicKey.authenticatorSelection.userVerification], ["JB001", "localhost", "required"]);
  const passkey = new Passkey(origin);
  const finish = (body, at = token) => s.call("enrolment.finish", { token: at }, { ...open, json: body });
  assert.equal((await finish(passkey.create(shown.publicKey, { origin: "https://evil.example" }))).status, 422);
  assert.equal((await finish(passkey.create(shown.publicKey, { flags: 0x01 }))).status, 422, "the person was not recognised");
  assert.equal((await finish(passkey.create({ challenge: Buffer.alloc(32).toString("base64url") }))).status, 422);
  assert.equal((await finish(passkey.create(shown.publicKey), "guessed")).status, 404);
  assert.equal((await finish({ ...passkey.create(shown.publicKey), type: "password" })).status, 400);
  assert.equal((await finish({ id: "x", type: "public-key", response: { clientDataJSON: "!", attestationObject: "" } })).status, 400);
  const done = await finish(passkey.create(shown.publicKey));
  assert.equal(done.status, 201);
  assert.equal((await finish(new Passkey(origin).create(shown.publicKey))).status, 404, "the address is used up");
  assert.equal((await s.call("enrolment.make", {}, { ...bank, json: { ...request, subject: "110105194912310021" } })).status, 422);
  assert.equal((await s.call("enrolment.make", {}, { ...bank, json: { ...request, subject: COMPANY } })).status, 422, "a company signs by somebody");
  assert.equal((await s.call("subject_key.end", { id: done.body.key }, other)).status, 404, "another bank's");
  assert.equal((await s.call("subject_key.end", { id: done.body.key }, bank)).status, 204);
  assert.equal((await s.call("subject_key.end", { id: done.body.key }, bank)).status, 404);
  assert.ok(![PERSON, token].some((secret) => s.log.includes(secret)), "the log holds no identifier and no token");
});

test("what the subject signs is what was shown; it is held by the bank alone, journalled, and withdrawn by another signature", async (t) => {
  const desk = await counter(t);
  const { s, origin, bank, other, audit } = desk;
  const { passkey } = await enrol(desk);
  const offer = await s.call("consent.ask", {}, { ...bank, json: ask });
  assert.equal(offer.status, 201, offer.text);
  const { id, url } = offer.body;
  assert.equal(url, `${origin}/consent#${id}`);
  const shown = (await s.call("consent.offer", { id }, open)).body;
  assert.equal(shown.text, offer.body.text);
  for (const word of ["小微企业贷前调查", "吉安示例有限公司", "最多 3 次", "JB001"]) assert.ok(shown.text.includes(word), word);
  assert.deepEqual(shown.publicKey.allowCredentials, [{ type: "public-key", id: passkey.id.toString("base64url") }]);

  const send = (body) => s.call("consent.sign", { id }, { ...open, json: body });
  assert.equal((await send(new Passkey(origin).get(shown.publicKey))).status, 404, "a passkey nobody registered");
  const { passkey: stranger } = await enrol(desk, PERSON, "张三丰");
  assert.equal((await send(stranger.get(shown.publicKey))).status, 403, "another subject's");
  assert.equal((await send(passkey.get(shown.publicKey, { challenge: createHash("sha256").update("another text").digest("base64url") }))).status, 422);
  assert.equal((await send(passkey.get(shown.publicKey, { flags: 0x01 }))).status, 422);
  assert.equal((await s.call("consent.show", { id }, bank)).status, 404, "not signed yet");
  assert.deepEqual((await send(passkey.get(shown.publicKey))).body, { consent: id, state: "active" });
  assert.equal((await send(passkey.get(shown.publicKey))).status, 404, "signed already");

  const held = (await s.call("consent.show", { id }, bank)).body;
  assert.deepEqual([held.kind, held.state, held.uses, held.used, held.organisation, held.text], ["passkey", "active", 3, 0, "JB001", shown.text]);
  assert.deepEqual(held.items.find((x) => x.resource === "annual_report").items, ["enterprise_name", "uscc"]);
  assert.equal((await s.call("consent.show", { id }, other)).status, 404);
  assert.equal((await s.call("consents.list", {}, other)).body.total, 0);
  assert.equal((await s.call("consents.list", {}, audit)).body.total, 1);
  assert.equal((await s.call("consents.list", { subject: COMPANY }, bank)).body.items[0].id, id);
  assert.equal((await s.call("consents.list", { subject: PERSON }, bank)).body.total, 0);
  assert.equal((await s.call("consents.list", { subject: "nobody" }, bank)).status, 422);
  const verified = await luling(["consent", "verify", id, "-d", s.data, "--site", origin]);
  assert.equal(verified.code, 0, verified.err);

  // Anybody can verify it from its evidence, with a library that is not ours.
  const evidence = (await s.call("consent.evidence", { id }, audit)).body;
  assert.deepEqual([evidence.text, evidence.bound], [shown.text, { by: "icbc", organisation: "JB001", proof: PROOF }]);
  const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest();
  const challenge = sha256("luling-approve/v1\n", Buffer.from(evidence.nonce, "base64url"), sha256(evidence.text));
  const judge = (expectedChallenge) => webauthn.verifyAuthenticationResponse({
    response: { id: evidence.key, rawId: evidence.key, type: "public-key", clientExtensionResults: {},
                response: { clientDataJSON: evidence.client_data, authenticatorData: evidence.auth_data, signature: evidence.signature } },
    expectedChallenge, expectedOrigin: origin, expectedRPID: "localhost", requireUserVerification: true,
    credential: { id: evidence.key, publicKey: new Uint8Array(Buffer.from(evidence.cose, "base64url")), counter: 0 },
  });
  if (webauthn.missing) t.diagnostic(webauthn.missing);
  else {
    assert.ok((await judge(challenge.toString("base64url"))).verified);
    await assert.rejects(judge(sha256("another text").toString("base64url")));
  }
  assert.equal((await s.call("consent.evidence", { id }, other)).status, 404);
  assert.equal((await s.call("consent.evidence", { id, act: "withdrawn" }, bank)).status, 404, "not withdrawn");

  const withdrawal = await s.call("consent.ask_withdrawal", { id }, open);
  assert.deepEqual([withdrawal.status, withdrawal.body.act, withdrawal.body.consent], [201, "withdraw", id]);
  const gone = await s.call("consent.sign", { id: withdrawal.body.id }, { ...open, json: passkey.get(withdrawal.body.publicKey) });
  assert.deepEqual(gone.body, { consent: id, state: "withdrawn" });
  assert.equal((await s.call("consent.show", { id }, bank)).body.state, "withdrawn");
  assert.match((await s.call("consent.evidence", { id, act: "withdrawn" }, bank)).body.text, /^撤回数据查询授权/);
  assert.equal((await s.call("consent.ask_withdrawal", { id }, open)).status, 409);

  const journal = await until("the journal has both", async () => JSON.parse((await luling(["journal", "show", "-d", s.data, "--json"])).out), (list) => list.filter((e) => e.type === "consent").length === 2);
  const told = journal.filter((e) => e.type === "consent").map((e) => JSON.stringify(e));
  assert.ok(told.every((text) => text.includes(id)) && told[0].includes("given") && told[1].includes("withdrawn"), told.join("\n"));
  assert.ok(![...told, s.log].some((text) => text.includes(COMPANY) || text.includes(PERSON)), "no identifier in journal or log");
});

test("two devices at once: one signature counts, one passkey is made", async (t) => {
  const desk = await counter(t);
  const { s, origin, bank } = desk;
  const { passkey } = await enrol(desk);
  const offer = (await s.call("consent.ask", {}, { ...bank, json: ask })).body;
  const signed = await Promise.all(Array.from({ length: 4 }, () => s.call("consent.sign", { id: offer.id }, { ...open, json: passkey.get(offer.publicKey) })));
  assert.deepEqual(signed.map((r) => r.status).filter((x) => x === 200), [200]);
  assert.equal((await s.call("consents.list", {}, bank)).body.total, 1);
  const made = (await s.call("enrolment.make", {}, { ...bank, json: { subject: PERSON, subject_title: "张三丰", capacity: "self", proof: PROOF } })).body;
  const finish = () => s.call("enrolment.finish", { token: tokenOf(made.url) }, { ...open, json: new Passkey(origin).create(made.publicKey) });
  assert.deepEqual((await Promise.all([finish(), finish(), finish()])).map((r) => r.status).filter((x) => x === 201), [201]);
});

test("a consent on paper is the weaker kind, recorded by a person and withdrawn by its holder with a reason", async (t) => {
  const { s, bank, other } = await counter(t);
  const document = createHash("sha256").update("the scan").digest("hex");
  const made = await s.call("consent.record", {}, { ...bank, json: { ...ask, document } });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.kind, made.body.strength], ["in_person", 1]);
  const { id } = made.body;
  assert.equal((await s.call("consent.record", {}, { ...bank, json: { ...ask, document: "0".repeat(63) } })).status, 400);
  assert.equal((await s.call("consent.record", {}, { ...bank, json: { ...ask, document, resources: ["nothing"] } })).status, 422);
  assert.equal((await s.call("consent.record", {}, { ...bank, json: { ...ask, document, until: "2001-01-01" } })).status, 422);
  assert.equal((await s.call("consent.record", {}, { ...bank, json: { ...ask, document, misspelt: 1 } })).status, 400);
  assert.equal((await s.call("consent.withdraw", { id }, { ...other, json: { reason: "不是我们的" } })).status, 403);
  assert.equal((await s.call("consent.withdraw", { id }, { ...bank, json: { reason: "授权人来电要求" } })).body.state, "withdrawn");
  assert.equal((await s.call("consent.withdraw", { id }, { ...bank, json: { reason: "再次" } })).status, 409);
  const system = await bearer(s, "icbc-loans", "JB001");
  assert.equal((await s.call("consents.list", {}, system)).body.total, 1, "the bank's system sees what the bank holds");
  assert.equal((await s.call("consent.record", {}, { ...system, headers: system.headers, json: { ...ask, document } })).status, 403, "a system has seen no paper");
  assert.equal((await s.call("consent.ask", {}, { ...system, json: ask })).status, 201, "but may ask the subject");
  assert.equal((await s.call("grants.list", {}, system)).body.total, 0);
});

test("others verify a consent: @sd-jwt/core the credential, jose the keys and the list of those that still hold", async (t) => {
  const desk = await counter(t);
  const { s, origin, bank, other } = desk;
  const { passkey } = await enrol(desk);
  const [kept, ended] = [await consented(desk, passkey), await consented(desk, passkey)];
  const jwks = (await s.call("jwks", {}, open)).body;
  assert.ok(jwks.keys.length >= 3 && jwks.keys.every((k) => !k.d), "public halves only");
  assert.deepEqual((await s.call("vc.issuer", {}, open)).body, { issuer: origin, jwks_uri: `${origin}/.well-known/jwks.json` });

  const holder = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credential = await s.call("consent.credential", { id: kept }, { ...bank, json: { holder: holder.publicKey.export({ format: "jwk" }) } });
  assert.equal(credential.status, 200, credential.text);
  assert.equal((await s.call("consent.credential", { id: kept }, { ...other, json: {} })).status, 404);
  assert.equal((await s.call("consent.credential", { id: kept }, { ...bank, json: { holder: { kty: "oct", k: "AA" } } })).status, 422);

  const type = await s.call("vct.consent", {}, open);
  const at = JSON.parse(Buffer.from(credential.text.split(".")[1], "base64url")).status.status_list.idx;
  const status = async () => {
    const reply = await s.call("status.list", { n: 0 }, open);
    const read = await jwtVerify(reply.text, createLocalJWKSet(jwks), { typ: "statuslist+jwt", subject: `${origin}/status/0` });
    assert.ok(read.payload.exp - read.payload.iat === 300 && read.payload.ttl === 300);
    const list = inflateSync(Buffer.from(read.payload.status_list.lst, "base64url"));
    const of = (i) => (list[i >> 2] >> ((i & 3) * 2)) & 3;
    if (!lists.missing) for (const i of [at, at + 1, at + 2]) assert.equal(lists.getListFromStatusListJWT(reply.text).getStatus(i), of(i));
    return [of(at), of(at + 1)];
  };
  assert.deepEqual(await status(), [0, 0]);
  assert.equal((await s.call("consent.withdraw", { id: ended }, { ...bank, json: { reason: "授权人来电要求" } })).status, 200);
  assert.deepEqual(await status(), [0, 1], "withdrawn shows at once");
  assert.equal((await s.call("consent.credential", { id: ended }, { ...bank, json: {} })).status, 409);
  assert.equal((await s.call("status.list", { n: 7 }, open)).status, 404);
  if (core.missing) return void t.diagnostic(core.missing);

  const { kid } = JSON.parse(Buffer.from(credential.text.split(".")[0], "base64url"));
  const key = await importJWK(jwks.keys.find((k) => k.kid === kid), "ES256");
  const ieee = { dsaEncoding: "ieee-p1363" };
  class Credential extends core.SDJwtInstance {
    type = "dc+sd-jwt";
  }
  const lib = new Credential({
    hashAlg: "sha-256", hasher: async (data, alg) => createHash(alg.replace("-", "")).update(data).digest(), kbSignAlg: "ES256",
    verifier: async (data, sig) => verify("sha256", Buffer.from(data), { key, ...ieee }, Buffer.from(sig, "base64url")),
    kbSigner: async (data) => sign("sha256", Buffer.from(data), { key: holder.privateKey, ...ieee }).toString("base64url"),
    kbVerifier: async (data, sig) => verify("sha256", Buffer.from(data), { key: holder.publicKey, ...ieee }, Buffer.from(sig, "base64url")),
  });
  const { payload } = await lib.verify(credential.text);
  assert.deepEqual([payload.iss, payload.subject, payload.grantee, payload.purpose, payload.max_uses, payload.jti], [origin, COMPANY, "JB001", ask.purpose, 3, kept]);
  const bound = await lib.present(credential.text, {}, { kb: { payload: { iat: Math.floor(Date.now() / 1000), aud: "https://court.example", nonce: "n-1" } } });
  const shown = await lib.verify(bound, ["purpose"], true);
  assert.deepEqual([shown.payload.subject, shown.kb.payload.aud], [undefined, "https://court.example"], "the subject is disclosed by choice only");
  assert.equal(type.body.vct, payload.vct);
  assert.ok(type.body.claims.every((c) => c.path[0] in payload), "it describes what is there");
  assert.deepEqual(payload.status.status_list, { idx: at, uri: `${origin}/status/0` });
});

test("what needs no sign-in is limited by address; the address others know is a setting that is checked", async (t) => {
  const { s } = await counter(t, { settings: { public_rate: 4, public_origin: "https://hub.example.gov.cn" } });
  const seen = [];
  for (let i = 0; i < 6; i++) seen.push((await s.call("consent.offer", { id: `C-guess-${i}` }, open)).status);
  assert.deepEqual(seen, [404, 404, 404, 404, 429, 429]);
  assert.equal((await s.call("vc.issuer", {}, open)).body.issuer, "https://hub.example.gov.cn");
  for (const bad of ["http://hub.example", "https://10.0.0.1", "https://hub.example/", "https://", "ftp://localhost", "http://localhost:"]) {
    const run = await luling(["serve", "-d", s.data, "--set", "listen_port=0", "--set", `public_origin=${bad}`]);
    assert.notEqual(run.code, 0, bad);
  }
});
