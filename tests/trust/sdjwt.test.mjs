// Credentials with selective disclosure and status lists: @sd-jwt reads ours, we read theirs.
import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { test } from "node:test";
import { ask, need, publicOf, refusal } from "./lib.mjs";

const core = await need("@sd-jwt/core");
const lists = await need("@sd-jwt/jwt-status-list");
const NOW = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: "https://hub.example", iat: NOW, exp: NOW + 3600, vct: "https://hub.example/vct/data-consent/1", purpose: "贷前审查" };
const HIDDEN = { subject: "91360800MA35XXXX1A", holder: { name: "张三", role: "法定代表人" }, amounts: [1, 2.5, null] };

const es256 = { hash: "sha256", encode: "ieee-p1363" };
const signer = (jwk) => async (data) => sign(es256.hash, Buffer.from(data), { key: createPrivateKey({ key: jwk, format: "jwk" }), dsaEncoding: es256.encode }).toString("base64url");
const verifier = (jwk) => async (data, sig) =>
  verify(es256.hash, Buffer.from(data), { key: createPublicKey({ key: publicOf(jwk), format: "jwk" }), dsaEncoding: es256.encode }, Buffer.from(sig, "base64url"));

function instance(issuer, holder) {
  class Credential extends core.SDJwtInstance {
    type = "dc+sd-jwt";
  }
  return new Credential({
    signer: signer(issuer), verifier: verifier(issuer), signAlg: "ES256", hashAlg: "sha-256", saltGenerator: async (n) => randomBytes(n).toString("base64url"),
    hasher: async (data, alg) => createHash(alg.replace("-", "")).update(data).digest(),
    kbSigner: holder && signer(holder), kbVerifier: holder && verifier(holder), kbSignAlg: "ES256",
  });
}

const newKey = () => ask({ op: "key_new", alg: "ES256" }).jwk;

test("@sd-jwt/core reads what we issue, whole and in part", { skip: core.missing }, async () => {
  const jwk = newKey();
  const { sdjwt } = ask({ op: "sdjwt_issue", jwk, claims: CLAIMS, disclosable: HIDDEN });
  const lib = instance(jwk);
  const whole = await lib.verify(sdjwt);
  assert.deepEqual(whole.payload, { ...CLAIMS, ...HIDDEN });
  assert.equal(whole.header.typ, "dc+sd-jwt");
  const part = await lib.present(sdjwt, { holder: true });
  assert.deepEqual((await lib.verify(part)).payload, { ...CLAIMS, holder: HIDDEN.holder });
  assert.deepEqual(ask({ op: "sdjwt_verify", jwk: publicOf(jwk), typ: "dc+sd-jwt", now: NOW, sdjwt: part }).claims, { ...CLAIMS, holder: HIDDEN.holder });
  assert.ok(!part.includes(sdjwt.split("~")[1]) || !part.includes(sdjwt.split("~")[3]), "what is kept back is not there");
});

test("we read what @sd-jwt/core issues: nested, in arrays, with key binding", { skip: core.missing }, async () => {
  const issuer = newKey();
  const holder = newKey();
  const lib = instance(issuer, holder);
  const claims = { ...CLAIMS, cnf: { jwk: publicOf(holder) }, org: { name: "吉安", list: ["a", "b", "c"] }, subject: "x" };
  const issued = await lib.issue(claims, { _sd: ["subject", "org"], org: { _sd: ["name"], list: { _sd: [0, 2] } } });
  const judge = (sdjwt, more = {}) => ({ op: "sdjwt_verify", jwk: publicOf(issuer), typ: "dc+sd-jwt", now: NOW, sdjwt, ...more });
  assert.deepEqual(ask(judge(issued)).claims, claims);

  const part = await lib.present(issued, { org: { list: { 2: true } } });
  assert.deepEqual(ask(judge(part)).claims, { ...CLAIMS, cnf: claims.cnf, org: { list: ["b", "c"] } });

  const bound = await lib.present(issued, { subject: true }, { kb: { payload: { iat: NOW, aud: "https://bank.example", nonce: "n-1" } } });
  const want = { aud: "https://bank.example", nonce: "n-1" };
  assert.equal(ask(judge(bound, want)).claims.subject, "x");
  assert.equal(refusal(judge(bound, { ...want, nonce: "n-2" })), "INVALID");
  assert.equal(refusal(judge(bound, { ...want, aud: "https://evil.example" })), "INVALID");
  assert.equal(refusal(judge(issued, want)), "INVALID", "no key binding");
  const parts = bound.split("~");
  const more = [...parts.slice(0, -1), issued.split("~")[2], parts.at(-1)].join("~");
  assert.equal(refusal(judge(more, want)), "INVALID", "a disclosure was added after the holder signed");
  assert.equal(refusal(judge(issued + "WyJhIiwiYiIsMV0~")), "INVALID", "a disclosure of nothing");
});

test("status lists in both directions", { skip: lists.missing }, async () => {
  const jwk = newKey();
  const uri = "https://hub.example/status/7";
  const set = [[0, 1], [1, 2], [4711, 1], [65535, 3]];
  const { token } = ask({ op: "status_issue", jwk, uri, now: NOW, set });
  const list = lists.getListFromStatusListJWT(token);
  const expected = new Map(set);
  for (const at of [0, 1, 2, 3, 4710, 4711, 4712, 65534, 65535]) assert.equal(list.getStatus(at), expected.get(at) ?? 0, String(at));

  const theirs = new lists.StatusList(Array.from({ length: 1000 }, (_, i) => i % 4), 2);
  const { header, payload } = lists.createHeaderAndPayload(theirs, { sub: uri, iat: NOW, exp: NOW + 60 }, { alg: "ES256", typ: "statuslist+jwt" });
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signed = `${text}.${await signer(jwk)(text)}`;
  const read = (at) => ({ op: "status_read", jwk: publicOf(jwk), uri, now: NOW, token: signed, at });
  for (const at of [0, 1, 2, 3, 500, 999]) assert.equal(ask(read(at)).status, at % 4);
  assert.equal(refusal(read(1000)), "NOTFOUND");
});
