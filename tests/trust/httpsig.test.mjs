// Signed HTTP messages: http-message-signatures as the other side, in both directions; sm-crypto gives it SM2.
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { test } from "node:test";
import { ask, need, publicOf, refusal } from "./lib.mjs";

const hms = await need("http-message-signatures");
const sm = await need("sm-crypto");
const NOW = Math.floor(Date.now() / 1000);
const BODY = '{"uscc":"91360800MA35XXXX1A"}';
const FIELDS = ["@method", "@target-uri", "content-digest", "authorization"];
const PARAMS = ["created", "expires", "nonce", "keyid", "tag"];

function nodeKeys(jwk) {
  return { key: createPrivateKey({ key: jwk, format: "jwk" }), pub: createPublicKey({ key: publicOf(jwk), format: "jwk" }) };
}

const hex = (text) => Buffer.from(text, "base64url").toString("hex");
const smOptions = (jwk) => ({ hash: true, userId: "1234567812345678", publicKey: "04" + hex(jwk.x) + hex(jwk.y) });

// name in the library, our name, how it signs and verifies
const SUITES = [
  { alg: "Ed25519", name: "ed25519", skip: hms.missing },
  { alg: "ES256", name: "ecdsa-p256-sha256", skip: hms.missing },
  { alg: "SM2", name: undefined, skip: hms.missing ?? sm.missing },
];

function signer({ alg, name }, jwk) {
  if (alg !== "SM2") return hms.createSigner(nodeKeys(jwk).key, name, "key-1");
  return { id: "key-1", sign: async (data) => Buffer.from(sm.default.sm2.doSignature([...data], hex(jwk.d), smOptions(jwk)), "hex") };
}

function verifier({ alg, name }, jwk) {
  if (alg !== "SM2") return hms.createVerifier(nodeKeys(jwk).pub, name);
  return async (data, signature) => sm.default.sm2.doVerifySignature([...data], signature.toString("hex"), smOptions(jwk).publicKey, smOptions(jwk));
}

const digest = (body) => ask({ op: "content_digest", body }).field;

function request(overrides = {}) {
  return {
    method: "POST", url: "https://hub.example/gateway/v1/tax?x=1&y=%E5%90%89",
    headers: { Authorization: "Bearer t", "Content-Digest": digest(BODY), "Content-Type": "application/json" }, ...overrides,
  };
}

// The library's message as ours.
function ours({ method, url, headers, status }, of) {
  const fields = Object.entries(headers).flatMap(([n, v]) => [v].flat().map((one) => [n, one]));
  if (status) return { status, fields, request: ours(of) };
  const u = new URL(url);
  return { method, scheme: u.protocol.slice(0, -1), authority: u.host, path: u.pathname, query: u.search.slice(1) || undefined, fields };
}

const paramValues = { created: new Date(NOW * 1000), expires: new Date((NOW + 60) * 1000), nonce: "n-1", tag: "fapi-2-request" };

for (const suite of SUITES) {
  test(`a request that the library signs (${suite.alg})`, { skip: suite.skip }, async () => {
    const { jwk } = ask({ op: "key_new", alg: suite.alg });
    const key = signer(suite, jwk);
    const signed = await hms.httpbis.signMessage({ key, name: "sig", fields: FIELDS, params: PARAMS, paramValues }, request());
    const verify = (message, more = {}) =>
      refusal({ op: "httpsig_verify", jwk: publicOf(jwk), profile: "request", now: NOW, message: ours(message), body: BODY, ...more });
    assert.equal(verify(signed), "OK");
    assert.equal(verify({ ...signed, method: "PUT" }), "INVALID", "method");
    assert.equal(verify({ ...signed, url: signed.url.replace("x=1", "x=2") }), "INVALID", "query");
    assert.equal(verify({ ...signed, headers: { ...signed.headers, Authorization: "Bearer u" } }), "INVALID", "token");
    assert.equal(verify(signed, { body: BODY + " " }), "INVALID", "body");
    assert.equal(verify(signed, { now: NOW + 71 }), "INVALID", "late");
    assert.equal(verify(signed, { now: NOW - 11 }), "INVALID", "early");
    const other = ask({ op: "key_new", alg: suite.alg }).jwk;
    assert.equal(verify(signed, { jwk: publicOf(other) }), "INVALID", "key");
    const uncovered = await hms.httpbis.signMessage({ key, name: "sig", fields: FIELDS.slice(1), params: PARAMS, paramValues }, request());
    assert.equal(verify(uncovered), "INVALID", "coverage");
  });

  test(`an answer that we sign (${suite.alg})`, { skip: suite.skip }, async () => {
    const { jwk } = ask({ op: "key_new", alg: suite.alg });
    const asked = request();
    const answer = { status: 200, headers: { "Content-Digest": digest('{"ok":1}') } };
    const { input, signature } = ask({ op: "httpsig_sign", jwk, profile: "response", keyid: "hub-1", nonce: "n-2", now: NOW, message: ours(answer, asked) });
    const full = { status: 200, headers: { ...answer.headers, "Signature-Input": input, Signature: signature } };
    const verify = (message, of) =>
      hms.httpbis.verifyMessage({ keyLookup: async ({ keyid }) => (keyid === "hub-1" ? { id: keyid, verify: verifier(suite, jwk) } : null) }, message, of);
    assert.equal(await verify(full, asked), true);
    assert.equal(await verify({ ...full, status: 201 }, asked), false);
    assert.equal(await verify(full, { ...asked, method: "GET" }), false);
    assert.equal(refusal({ op: "httpsig_verify", jwk: publicOf(jwk), profile: "response", now: NOW, message: ours(full, asked), body: '{"ok":1}' }), "OK");
  });
}

test("a name of another algorithm is refused even when the signature is right", { skip: hms.missing }, async () => {
  const { jwk } = ask({ op: "key_new", alg: "ES256" });
  const key = { ...signer(SUITES[1], jwk), alg: "ed25519" };
  const signed = await hms.httpbis.signMessage({ key, name: "sig", fields: FIELDS, params: [...PARAMS, "alg"], paramValues }, request());
  assert.equal(refusal({ op: "httpsig_verify", jwk: publicOf(jwk), profile: "request", now: NOW, message: ours(signed), body: BODY }), "INVALID");
});
