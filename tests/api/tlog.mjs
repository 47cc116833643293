// A second reading of the journal's formats (RFC 6962, C2SP signed-note, tlog-checkpoint, tlog-proof), sharing no code with ours.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";

export const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest();
export const leafHash = (entry) => sha256(Buffer.from([0]), entry);
export const nodeHash = (l, r) => sha256(Buffer.from([1]), l, r);

/** MTH by its definition. */
export function treeHash(leaves) {
  if (leaves.length === 0) return sha256(Buffer.alloc(0));
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** The root that a path leads to: by the recursion of RFC 6962 read backwards. */
export function rootOf(leaf, index, size, path) {
  if (size === 1) {
    assert.equal(path.length, 0, "the path is too long");
    return leaf;
  }
  assert.ok(path.length > 0, "the path is too short");
  let k = 1;
  while (k * 2 < size) k *= 2;
  const top = path.at(-1);
  return index < k ? nodeHash(rootOf(leaf, index, k, path.slice(0, -1)), top) : nodeHash(top, rootOf(leaf, index - k, size - k, path.slice(0, -1)));
}

/** A vkey of type 01: { name, id, key }. */
export function parseKey(vkey) {
  const [, name, id, rest] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const raw = Buffer.from(rest, "base64");
  assert.equal(sha256(`${name}\n`, raw).subarray(0, 4).toString("hex"), id);
  return { name, id, type: raw[0], raw: raw.subarray(1) };
}

/** The checkpoint of a note that the key signed. */
export function openCheckpoint(note, vkey) {
  const { name, id, raw } = parseKey(vkey);
  const at = note.lastIndexOf("\n\n");
  const text = note.slice(0, at + 1);
  const lines = note.slice(at + 2).split("\n").filter(Boolean);
  const mine = lines.map((l) => /^— (\S+) (\S+)$/.exec(l)).map(([, n, b]) => [n, Buffer.from(b, "base64")])
    .filter(([n, b]) => n === name && b.subarray(0, 4).toString("hex") === id);
  assert.equal(mine.length, 1, `no signature of ${name}`);
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }, format: "jwk" });
  assert.ok(verify(null, Buffer.from(text), key, mine[0][1].subarray(4)), "the signature is wrong");
  const [origin, size, root] = text.split("\n");
  return { origin, size: Number(size), root: Buffer.from(root, "base64") };
}

/** Checks a tlog-proof of these bytes; returns the index and the checkpoint. */
export function checkProof(text, entry, vkey) {
  const at = text.indexOf("\n\n");
  const [head, ...lines] = text.slice(0, at).split("\n");
  assert.equal(head, "c2sp.org/tlog-proof@v1");
  if (lines[0].startsWith("extra ")) lines.shift();
  const index = Number(/^index (\d+)$/.exec(lines.shift())[1]);
  const checkpoint = openCheckpoint(text.slice(at + 2), vkey);
  const root = rootOf(leafHash(entry), index, checkpoint.size, lines.map((l) => Buffer.from(l, "base64")));
  assert.deepEqual(root, checkpoint.root);
  return { index, checkpoint };
}

/** The entries of a bundle. */
export function entriesOf(bundle) {
  const out = [];
  for (let at = 0; at < bundle.length; ) {
    const n = bundle.readUInt16BE(at);
    out.push(bundle.subarray(at + 2, at + 2 + n));
    at += 2 + n;
  }
  return out;
}

/** The root of every prefix whose size is asked for, in one pass: Map of size to root. */
export function rootsOf(leaves, sizes) {
  const wanted = new Set(sizes);
  const roots = new Map();
  const edge = []; // roots of the perfect subtrees, the largest first
  leaves.forEach((leaf, i) => {
    let node = leaf;
    for (let n = i; n & 1; n >>= 1) node = nodeHash(edge.pop(), node);
    edge.push(node);
    if (wanted.has(i + 1)) roots.set(i + 1, edge.reduceRight((right, left) => (right ? nodeHash(left, right) : left), null));
  });
  return roots;
}
