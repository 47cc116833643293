// Passkeys: @simplewebauthn/server judges the same inputs as we do: the W3C's vectors, a passkey in software, and its mutations.
import assert from "node:assert/strict";
import { createHash, createSign, generateKeyPairSync, sign as signRaw } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ask, askAll, b64, need } from "./lib.mjs";

const oracle = await need("@simplewebauthn/server");
const VECTORS = join(process.env.LULING_VECTORS ?? "", "webauthn.json");
const RP = "hub.example";
const ORIGIN = "https://hub.example";
const ALGS = [-7, -8, -257];
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const bytes = (text) => Buffer.from(text, "base64url");

// --- CBOR and a passkey -------------------------------------------------------------------------------------------------

function head(major, n) {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  if (n < 256) return Buffer.from([(major << 5) | 24, n]);
  return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
}

function cbor(v) {
  if (typeof v === "number") return v < 0 ? head(1, -1 - v) : head(0, v);
  if (typeof v === "string") return Buffer.concat([head(3, Buffer.byteLength(v)), Buffer.from(v)]);
  if (v instanceof Uint8Array) return Buffer.concat([head(2, v.length), v]);
  return Buffer.concat([head(5, v.size), ...[...v].flatMap(([k, x]) => [cbor(k), cbor(x)])]);
}

const KINDS = {
  ES256: { pair: () => generateKeyPairSync("ec", { namedCurve: "P-256" }), alg: -7, cose: (j) => [[1, 2], [3, -7], [-1, 1], [-2, bytes(j.x)], [-3, bytes(j.y)]] },
  EdDSA: { pair: () => generateKeyPairSync("ed25519"), alg: -8, cose: (j) => [[1, 1], [3, -8], [-1, 6], [-2, bytes(j.x)]] },
  RS256: { pair: () => generateKeyPairSync("rsa", { modulusLength: 2048 }), alg: -257, cose: (j) => [[1, 3], [3, -257], [-1, bytes(j.n)], [-2, bytes(j.e)]] },
};

class Passkey {
  constructor(kind) {
    this.kind = KINDS[kind];
    Object.assign(this, this.kind.pair());
    this.id = Buffer.from("a passkey's id " + kind);
    this.cose = cbor(new Map(this.kind.cose(this.publicKey.export({ format: "jwk" }))));
  }

  sign(authData, clientData) {
    const text = Buffer.concat([authData, sha256(clientData)]);
    return this.kind.alg === -8 ? signRaw(null, text, this.privateKey) : createSign("sha256").update(text).sign(this.privateKey);
  }

  clientData(type, { challenge, origin = ORIGIN, extra = {} }) {
    return Buffer.from(JSON.stringify({ type, challenge: b64(challenge), origin, ...extra }));
  }

  authData({ rp = RP, flags = 0x05, count = 1 }, attested) {
    const tail = Buffer.alloc(5);
    tail[0] = flags | (attested ? 0x40 : 0);
    tail.writeUInt32BE(count, 1);
    const parts = [sha256(rp), tail];
    if (attested) parts.push(Buffer.alloc(16, 7), Buffer.from([0, this.id.length]), this.id, this.cose);
    return Buffer.concat(parts);
  }

  register(o) {
    const clientData = this.clientData(o.type ?? "webauthn.create", o);
    const authData = this.authData(o, true);
    const statement = o.self ? new Map([["alg", this.kind.alg], ["sig", this.sign(authData, clientData)]]) : new Map();
    const attestation = cbor(new Map([["fmt", o.self ? "packed" : "none"], ["attStmt", statement], ["authData", authData]]));
    return { clientData, attestation };
  }

  use(o) {
    const clientData = this.clientData(o.type ?? "webauthn.get", o);
    const authData = this.authData(o, false);
    return { clientData, authData, signature: this.sign(authData, clientData) };
  }
}

// --- both judges --------------------------------------------------------------------------------------------------------

const ourRegister = (want, r) => ({ op: "webauthn_register", ...want, challenge: b64(want.challenge), client_data: b64(r.clientData), attestation: b64(r.attestation) });
const ourUse = (want, known, u) => ({
  op: "webauthn_verify", ...want, challenge: b64(want.challenge), cose: b64(known.cose), sign_count: known.count, backup: known.backup ?? false,
  client_data: b64(u.clientData), auth_data: b64(u.authData), signature: b64(u.signature),
});

async function judged(promise) {
  try {
    return (await promise()).verified === true;
  } catch {
    return false;
  }
}

const theirRegister = (want, r, id) =>
  judged(() => oracle.verifyRegistrationResponse({
    response: { id: b64(id), rawId: b64(id), type: "public-key", clientExtensionResults: {}, response: { clientDataJSON: b64(r.clientData), attestationObject: b64(r.attestation) } },
    expectedChallenge: b64(want.challenge), expectedOrigin: want.origins, expectedRPID: want.rp_id, requireUserVerification: want.uv, supportedAlgorithmIDs: ALGS,
  }));

const theirUse = (want, known, u, id) =>
  judged(() => oracle.verifyAuthenticationResponse({
    response: { id: b64(id), rawId: b64(id), type: "public-key", clientExtensionResults: {},
                response: { clientDataJSON: b64(u.clientData), authenticatorData: b64(u.authData), signature: b64(u.signature) } },
    expectedChallenge: b64(want.challenge), expectedOrigin: want.origins, expectedRPID: want.rp_id, requireUserVerification: want.uv,
    credential: { id: b64(id), publicKey: new Uint8Array(known.cose), counter: known.count },
  }));

const CHALLENGE = Buffer.alloc(32, 0x5a);
const WANT = { rp_id: RP, origins: [ORIGIN], challenge: CHALLENGE, uv: true };

// --- the tests ----------------------------------------------------------------------------------------------------------

const TWISTS = [
  ["right", {}, true],
  ["another challenge", { challenge: Buffer.alloc(32, 0x5b) }, false],
  ["another origin", { origin: "https://hub.example.evil.example" }, false],
  ["another site", { rp: "evil.example" }, false],
  ["the type of the other ceremony", { type: "webauthn.other" }, false],
  ["nobody there", { flags: 0x04 }, false],
  ["not recognised", { flags: 0x01 }, false],
  ["backed up, but may not be", { flags: 0x15 }, false],
  ["more members", { extra: { crossOrigin: false, future: [1] } }, true],
];

for (const kind of Object.keys(KINDS)) {
  test(`both judge a passkey alike (${kind})`, { skip: oracle.missing }, async () => {
    const key = new Passkey(kind);
    for (const [name, twist, good] of TWISTS) {
      for (const self of [false, true]) {
        const r = key.register({ challenge: CHALLENGE, self, ...twist });
        const [ours] = askAll([ourRegister(WANT, r)]);
        assert.equal(ours.ok, good, `registration, ${name}: ${ours.en}`);
        assert.equal(await theirRegister(WANT, r, key.id), good, `their registration, ${name}`);
        if (good) assert.deepEqual([ours.id, ours.cose, ours.alg, ours.self_attested], [b64(key.id), b64(key.cose), key.kind.alg, self]);
      }
      const u = key.use({ challenge: CHALLENGE, count: 2, ...twist });
      const [ours] = askAll([ourUse(WANT, { cose: key.cose, count: 1 }, u)]);
      assert.equal(ours.ok, good, `use, ${name}: ${ours.en}`);
      assert.equal(await theirUse(WANT, { cose: key.cose, count: 1 }, u, key.id), good, `their use, ${name}`);
    }
    for (const [count, known, good] of [[0, 0, true], [1, 0, true], [1, 1, false], [0, 1, false], [4294967295, 1, true]]) {
      const u = key.use({ challenge: CHALLENGE, count });
      assert.equal(askAll([ourUse(WANT, { cose: key.cose, count: known }, u)])[0].ok, good, `counter ${count} after ${known}`);
      assert.equal(await theirUse(WANT, { cose: key.cose, count: known }, u, key.id), good);
    }
  });
}

test("what we take of a changed message, the oracle takes, too", { skip: oracle.missing }, async () => {
  let state = 12345;
  const random = (n) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
  const change = (b) => {
    const copy = Buffer.from(b);
    copy[random(copy.length)] ^= 1 << random(8);
    return copy;
  };
  const key = new Passkey("ES256");
  const r = key.register({ challenge: CHALLENGE });
  const u = key.use({ challenge: CHALLENGE, count: 2 });
  const known = { cose: key.cose, count: 1 };
  const cases = Array.from({ length: 600 }, (_, i) => {
    if (i % 2) {
      const changed = i % 4 === 1 ? { ...r, attestation: change(r.attestation) } : { ...r, clientData: change(r.clientData) };
      return { want: ourRegister(WANT, changed), r: changed };
    }
    const part = ["clientData", "authData", "signature"][random(3)];
    const changed = { ...u, [part]: change(u[part]) };
    return { want: ourUse(WANT, known, changed), u: changed };
  });
  const answers = askAll(cases.map((c) => c.want));
  let taken = 0;
  for (const [i, answer] of answers.entries()) {
    if (!answer.ok) continue;
    taken++;
    const c = cases[i];
    const id = answer.id ? bytes(answer.id) : key.id;
    assert.ok(c.r ? await theirRegister(WANT, c.r, id) : await theirUse(WANT, known, c.u, key.id), `case ${i}`);
    assert.ok(c.r, "a changed use is never taken");
  }
  assert.ok(taken < 150, `${taken} taken: an id or a counter that nobody signed`);
});

test("the W3C's vectors", { skip: oracle.missing ?? (!existsSync(VECTORS) && "no webauthn.json beside the project") }, async () => {
  const { cases } = JSON.parse(readFileSync(VECTORS, "utf8"));
  let same = 0;
  for (const { id, fields } of cases.filter((c) => !c.id.includes("root-cert"))) {
    if (/crossOrigin|topOrigin/.test(id)) continue; // we refuse pages inside others; the oracle leaves it to its caller
    const field = (name, nth = 0) => Buffer.from(fields.filter((f) => f.name === name)[nth].hex, "hex");
    const want = { rp_id: "example.org", origins: ["https://example.org"], challenge: field("challenge"), uv: false };
    const r = { clientData: field("clientDataJSON"), attestation: field("attestationObject") };
    const [registered] = askAll([ourRegister(want, r)]);
    assert.equal(registered.ok, !/es384|es512|ed448/.test(id), `${id}: ${registered.en}`);
    if (!registered.ok) continue;
    const u = { clientData: field("clientDataJSON", 1), authData: field("authenticatorData"), signature: field("signature") };
    const known = { cose: bytes(registered.cose), count: registered.sign_count, backup: (registered.flags & 8) !== 0 };
    const again = { ...want, challenge: field("challenge", 1) };
    ask(ourUse(again, known, u));
    assert.equal(await theirUse(again, known, u, bytes(registered.id)), true, id);
    same++;
  }
  assert.equal(same, 10);
});
