// The collaboration ledger's parties: firms and banks whose systems sign statements with jose or sm-crypto, and a second reading of the files that
// prove a deed, which shares no code with ours.
import assert from "node:assert/strict";
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { calculateJwkThumbprint, CompactSign, compactVerify, importJWK } from "jose";
import smCrypto from "sm-crypto";
import { client, people } from "./bank.mjs";
import { luling } from "./lib.mjs";
import { checkProof } from "./tlog.mjs";

const { sm2 } = smCrypto;
const packs = process.env.LULING_PACKS ?? "build/packs";
const SM2 = { hash: true, userId: "1234567812345678" };
const TYP = "luling-step+jws";
const b64 = (x) => Buffer.from(x).toString("base64url");
const hash = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest("base64url");

export const SUPPLIER = "QY001", CORE = "QY002", ICBC = "JB001", ABC = "JB002";
export const newId = () => b64(randomBytes(16));
export const statementHash = (bytes) => hash("luling-statement/v1\n", bytes);

const kinds = {
  Ed25519: () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    return { jwk: publicKey.export({ format: "jwk" }), sign: (bytes, kid) => new CompactSign(bytes).setProtectedHeader({ alg: "EdDSA", typ: TYP, kid }).sign(createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }))) };
  },
  SM2: () => {
    const pair = sm2.generateKeyPairHex();
    const [x, y] = [pair.publicKey.slice(2, 66), pair.publicKey.slice(66)].map((v) => Buffer.from(v, "hex").toString("base64url"));
    return {
      jwk: { kty: "EC", crv: "SM2", x, y },
      sign: async (bytes, kid) => {
        const text = `${b64(JSON.stringify({ alg: "SM2-SM3", typ: TYP, kid }))}.${b64(bytes)}`;
        return `${text}.${Buffer.from(sm2.doSignature([...Buffer.from(text)], pair.privateKey, { ...SM2, publicKey: pair.publicKey }), "hex").toString("base64url")}`;
      },
    };
  },
};

/** Two made-up firms as organisations, beside the banks of pack jian. */
export async function firms(data) {
  const dir = join(data, "..", "firms-pack");
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "pack.json"), JSON.stringify({ name: "firms", version: "1.0.0", title: { zh: "样例企业", en: "Sample firms" }, needs: ["core", "jian"], sample: true }));
  writeFileSync(join(dir, "organisations.csv"), `code,name,name_en,region,parent,role,uscc,basis\n${SUPPLIER},样例电子有限公司,Sample Electronics,360802,,consumer,,own\n${CORE},样例核心制造有限公司,Sample Core Manufacturing,360802,,consumer,,own\n`);
  const loaded = await luling(["pack", "load", join(packs, "core"), join(packs, "jian"), dir, "-d", data]);
  assert.equal(loaded.code, 0, loaded.err);
}

/** A system of the organisation, with a key of that kind which signs statements. */
export async function party(s, as, organisation, kind = "Ed25519") {
  const id = `sys-${organisation.toLowerCase()}`;
  const system = await client(s, as, id, organisation);
  const key = kinds[kind]();
  const kid = await calculateJwkThumbprint(key.jwk, "sha256");
  assert.equal((await as.sys("client.key", { id }, { jwk: key.jwk })).status, 200);
  return { ...system, organisation, kid, sign: (statement) => key.sign(Buffer.from(canonicalize(statement)), kid) };
}

/** A server with a supplier, a core firm and two banks; the first bank's key is of SM2. */
export async function ledger(s) {
  const as = await people(s);
  const [supplier, core, icbc, abc] = [await party(s, as, SUPPLIER), await party(s, as, CORE), await party(s, as, ICBC, "SM2"), await party(s, as, ABC)];
  const name = (await icbc.call("ledger.rules")).body.ledger;
  const offer = async (statement, ...signers) => signers[0].call("deed.offer", {}, { signatures: await Promise.all(signers.map((p) => p.sign(statement))) });
  /** Signed by all of them at once; what follows has its hash as prev. */
  const enter = async (statement, ...signers) => {
    const reply = await offer(statement, ...signers);
    assert.equal(reply.status, 201, reply.text);
    return reply.body;
  };
  const next = (last, act, more = {}) => ({ act, document: last.document, ledger: name, prev: last.statement, seq: last.seq + 1, ...more });
  const issue = (number, amount = 100_000_00) => ({ act: "issue", amount_fen: amount, document: newId(), due: "2027-03-31", holder: SUPPLIER, kind: "receivable", ledger: name, obligor: CORE, references: [{ number, type: "invoice" }], seq: 1 });
  /** A receivable that the core firm has confirmed. */
  const confirmed = async (number, amount) => {
    const issued = await enter(issue(number, amount), supplier);
    return enter(next(issued, "confirm"), core);
  };
  return { as, supplier, core, icbc, abc, name, offer, enter, next, issue, confirmed };
}

/** Reads the file of a deed as an outsider does, who has the journal's key and nothing else; returns the statements in their order. */
export async function readFile(file, vkey) {
  const keys = new Map(await Promise.all(file.keys.map(async (k) => [await calculateJwkThumbprint(k, "sha256"), k])));
  let before = -1, prev, seq = 0;
  const said = [];
  for (const step of file.steps) {
    let payload;
    for (const { jws } of step.signatures) {
      const [head, body, signature] = jws.split(".");
      const header = JSON.parse(Buffer.from(head, "base64url"));
      const key = keys.get(header.kid);
      assert.ok(key, "the key is in the file");
      if (key.crv === "SM2") {
        const raw = `04${Buffer.from(key.x, "base64url").toString("hex")}${Buffer.from(key.y, "base64url").toString("hex")}`;
        assert.ok(sm2.doVerifySignature([...Buffer.from(`${head}.${body}`)], Buffer.from(signature, "base64url").toString("hex"), raw, SM2), "SM2");
      } else {
        await compactVerify(jws, await importJWK(key, "EdDSA"));
      }
      const bytes = Buffer.from(body, "base64url");
      assert.ok(!payload || payload.equals(bytes), "all sign the same");
      payload = bytes;
    }
    const statement = JSON.parse(payload);
    assert.equal(canonicalize(statement), payload.toString());
    assert.equal(statement.prev, prev);
    assert.equal(statement.seq, ++seq);
    prev = statementHash(payload);
    const entry = JSON.parse(step.entry);
    assert.equal(entry.type, "ledger-step");
    assert.equal(entry.data.step, hash("luling-step/v1\n", ...step.signatures.map((x) => `${x.organisation} ${x.jws}\n`)));
    const { index, checkpoint } = checkProof(step.proof, Buffer.from(step.entry), vkey);
    assert.equal(checkpoint.origin, file.ledger);
    assert.ok(index > before, "in their order");
    before = index;
    said.push(statement);
  }
  return said;
}

/** The same of the proof that something is encumbered. */
export function readEvidence(evidence, vkey) {
  const tag = hash("luling-asset/v1\n", Buffer.from(evidence.opening, "base64url"), canonicalize(evidence.identity));
  assert.equal(evidence.asset, tag);
  assert.ok(JSON.parse(evidence.entry).data.assets.includes(tag));
  return checkProof(evidence.proof, Buffer.from(evidence.entry), vkey);
}
