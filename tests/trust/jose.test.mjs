// Tokens and keys: what we sign others verify, what others sign we verify.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, b64, need, publicOf, refusal } from "./lib.mjs";

const jose = await need("jose");
const sm = await need("sm-crypto");
const CLAIMS = { iss: "client-1", aud: "https://hub.example", exp: 1900000000, jti: "吉安-1" };

for (const [alg, header] of [["Ed25519", "EdDSA"], ["ES256", "ES256"]]) {
  test(`jose verifies our ${header} and we verify its`, { skip: jose.missing }, async () => {
    const { jwk } = ask({ op: "key_new", alg });
    const { token } = ask({ op: "jws_sign", jwk, claims: JSON.stringify(CLAIMS), typ: "JWT", kid: "k1" });
    const seen = await jose.jwtVerify(token, await jose.importJWK(publicOf(jwk), header), { audience: CLAIMS.aud });
    assert.deepEqual(seen.payload, CLAIMS);
    assert.equal(seen.protectedHeader.kid, "k1");

    const theirs = await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg: header }).sign(await jose.importJWK(jwk, header));
    assert.deepEqual(ask({ op: "jws_verify", jwk: publicOf(jwk), token: theirs }).claims, CLAIMS);
    const [head, , sig] = theirs.split(".");
    const forged = [head, b64(JSON.stringify({ ...CLAIMS, iss: "client-2" })), sig].join(".");
    assert.equal(refusal({ op: "jws_verify", jwk: publicOf(jwk), token: forged }), "INVALID");
  });

  test(`keys of jose are keys of ours (${header})`, { skip: jose.missing }, async () => {
    const pair = await jose.generateKeyPair(header, { extractable: true });
    const jwk = await jose.exportJWK(pair.privateKey);
    assert.equal(ask({ op: "thumbprint", jwk: publicOf(jwk) }).thumbprint, await jose.calculateJwkThumbprint(publicOf(jwk)));
    const { token } = ask({ op: "jws_sign", jwk, claims: "{}" });
    await jose.compactVerify(token, pair.publicKey);
    assert.equal(refusal({ op: "jws_verify", jwk, token }), "INVALID", "a registered key must not hold its private half");
  });
}

test("a token without a signature, or signed with the public key as a secret, is refused", { skip: jose.missing }, async () => {
  const { jwk } = ask({ op: "key_new", alg: "ES256" });
  const verify = (token) => refusal({ op: "jws_verify", jwk: publicOf(jwk), token });
  assert.equal(verify(new jose.UnsecuredJWT(CLAIMS).encode()), "INVALID");
  const secret = new TextEncoder().encode(JSON.stringify(publicOf(jwk)));
  assert.equal(verify(await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg: "HS256" }).sign(secret)), "INVALID");
  for (const alg of ["ES384", "RS256", "PS256"]) {
    const { privateKey } = await jose.generateKeyPair(alg);
    assert.equal(verify(await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg }).sign(privateKey)), "INVALID", alg);
  }
});

test("sm-crypto verifies our SM2-SM3 and we verify its", { skip: sm.missing }, () => {
  const sm2 = sm.default.sm2;
  const { jwk } = ask({ op: "key_new", alg: "SM2" });
  const hex = (text) => Buffer.from(text, "base64url").toString("hex");
  const point = "04" + hex(jwk.x) + hex(jwk.y);
  const { token } = ask({ op: "jws_sign", jwk, claims: JSON.stringify(CLAIMS) });
  const at = token.lastIndexOf(".");
  const options = { hash: true, userId: "1234567812345678" };
  assert.ok(sm2.doVerifySignature(token.slice(0, at), hex(token.slice(at + 1)), point, options));

  const text = `${b64(JSON.stringify({ alg: "SM2-SM3" }))}.${b64(JSON.stringify(CLAIMS))}`;
  const sign = (userId) => `${text}.${b64(Buffer.from(sm2.doSignature(text, hex(jwk.d), { hash: true, publicKey: point, userId }), "hex"))}`;
  assert.deepEqual(ask({ op: "jws_verify", jwk: publicOf(jwk), token: sign("1234567812345678") }).claims, CLAIMS);
  assert.equal(refusal({ op: "jws_verify", jwk: publicOf(jwk), token: sign("someone else") }), "INVALID");
});
