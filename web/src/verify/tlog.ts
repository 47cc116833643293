// What a log's texts say and whether they hold (C2SP tlog-proof, signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy; RFC 6962), for
// browsers and Node: nothing but WebCrypto.  looks.ts and entry.ts check with it.

/** What does not fit, in both languages. */
export class CheckError extends Error {
  constructor(readonly zh: string, readonly en: string) {
    super(`${zh} / ${en}`);
  }
}

export const HASH = 32;
export const utf8 = new TextEncoder();

export function need(good: unknown, zh: string, en: string): asserts good {
  if (!good) throw new CheckError(zh, en);
}

export async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (all.set(p, at), at + p.length), 0);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

export const hex = (b: Uint8Array): string => [...b].map((x) => x.toString(16).padStart(2, "0")).join("");

export function base64(text: unknown, zh: string, en: string): Uint8Array<ArrayBuffer> {
  need(typeof text === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(text), zh, en);
  try {
    if (text.length % 4 === 0) return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    // told below
  }
  throw new CheckError(zh, en);
}

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

export const toBase64url = (bytes: Uint8Array): string => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** What a sealed entry commits to: its salt and payload, together. */
export const commitmentOf = async (sealed: Uint8Array): Promise<string> => toBase64url(await sha256(utf8.encode("luling-payload/v1\n"), sealed));

// --- the tree --------------------------------------------------------------------------------------------------------------

export const leafHash = (entry: Uint8Array): Promise<Uint8Array> => sha256(Uint8Array.of(0), entry);

export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array> => sha256(Uint8Array.of(1), left, right);

/** RFC 9162, 2.1.3.2; numbers up to 2^53, so no bit operators. */
export async function treeRoot(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Uint8Array> {
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  const half = (): void => void ((fn = Math.floor(fn / 2)), (sn = Math.floor(sn / 2)));
  for (const p of path) {
    need(sn > 0, "路径过长", "the path is too long");
    if (fn % 2 === 1 || fn === sn) {
      r = await nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) half();
    } else r = await nodeHash(r, p);
    half();
  }
  need(sn === 0, "路径过短", "the path is too short");
  return r;
}

export interface Proof {
  index: number;
  path: Uint8Array[];
  note: string;
}

/** c2sp.org/tlog-proof@v1, [extra], index, hashes, an empty line, the note. */
export function parseProof(text: string): Proof {
  const wrong = ["存证证明写法不对", "the proof is malformed"] as const;
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(cut, 0)).split("\n");
  need(lines.shift() === "c2sp.org/tlog-proof@v1", ...wrong);
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const m = /^index (0|[1-9][0-9]{0,14})$/.exec(lines.shift() ?? "");
  need(m, ...wrong);
  const path = lines.map((l) => base64(l, ...wrong));
  need(path.length < 64 && path.every((h) => h.length === HASH), ...wrong);
  return { index: Number(m[1]), path, note: text.slice(cut + 2) };
}

// --- notes -----------------------------------------------------------------------------------------------------------------

const ED25519 = 1;
const COSIGNATURE = 4;
const OTHER = 255; // followed by a label of its own and the key, as SM2 has
const ALGORITHMS: Record<number, string> = { [ED25519]: "Ed25519", [COSIGNATURE]: "Ed25519 cosignature/v1" };

export interface Key {
  name: string;
  id: string;
  type: number;
  raw: Uint8Array<ArrayBuffer>;
}

export interface Signature {
  name: string;
  id: string;
  blob: Uint8Array<ArrayBuffer>;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  /** What was signed. */
  text: string;
  signatures: Signature[];
}

export async function parseKey(vkey: string): Promise<Key> {
  const m = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey);
  need(m, `公钥写法不对：${vkey}`, `malformed key: ${vkey}`);
  const raw = base64(m[3], `公钥 ${m[1]} 写法不对`, `key ${m[1]} is malformed`);
  const made = hex((await sha256(utf8.encode(`${m[1]}\n`), raw)).subarray(0, 4));
  need(made === m[2], `公钥 ${m[1]} 的编号与内容不符`, `the id of key ${m[1]} does not fit it`);
  return { name: m[1]!, id: m[2]!, type: raw[0]!, raw: raw.slice(1) };
}

export function algorithmOf(key: Key): string {
  if (key.type !== OTHER) return ALGORITHMS[key.type] ?? String(key.type);
  const end = key.raw.findIndex((byte) => byte < 0x21 || byte > 0x7e);
  return new TextDecoder().decode(key.raw.subarray(0, Math.max(end, 0)));
}

export function parseCheckpoint(note: string): Checkpoint {
  const cut = note.lastIndexOf("\n\n");
  need(cut > 0 && note.endsWith("\n"), "检查点没有签名", "the checkpoint has no signature");
  const text = note.slice(0, cut + 1);
  const [origin = "", size = "", root = ""] = text.split("\n");
  need(/^(0|[1-9][0-9]{0,14})$/.test(size), "检查点的条数不对", "the checkpoint's size is malformed");
  const wrong = ["签名行写法不对", "a signature line is malformed"] as const;
  const signatures = note.slice(cut + 2, -1).split("\n").map((line) => {
    const m = /^\u2014 (\S+) (\S+)$/.exec(line);
    need(m, ...wrong);
    const blob = base64(m[2], ...wrong);
    need(blob.length > 4, ...wrong);
    return { name: m[1]!, id: hex(blob.subarray(0, 4)), blob: blob.slice(4) };
  });
  return { origin, size: Number(size), root: base64(root, "检查点的树根写法不对", "the checkpoint's root is malformed"), text, signatures };
}

export interface Signed {
  /** When a witness says that it saw it. */
  at?: Date;
}

/** Whether the key signed it; null: it did not.  A signature of the key that does not hold is an error. */
export async function signedBy(c: Checkpoint, key: Key): Promise<Signed | null> {
  const found = c.signatures.find((s) => s.name === key.name && s.id === key.id);
  if (!found || (key.type !== ED25519 && key.type !== COSIGNATURE)) return null;
  let blob = found.blob;
  let text = c.text;
  let at: Date | undefined;
  if (key.type === COSIGNATURE) {
    need(blob.length === 72, `${key.name} 的联署长度不对`, `the cosignature of ${key.name} has another length`);
    const seconds = new DataView(blob.buffer, blob.byteOffset, 8).getBigUint64(0);
    text = `cosignature/v1\ntime ${seconds}\n${text}`;
    blob = blob.slice(8);
    at = new Date(Number(seconds) * 1000);
  }
  const imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  need(await crypto.subtle.verify({ name: "Ed25519" }, imported, blob, utf8.encode(text)), `${key.name} 的签名无效`, `the signature of ${key.name} is not valid`);
  return { at };
}

/** The log's own signature, which must be there. */
export async function checkOrigin(c: Checkpoint, logs: Key[]): Promise<Key> {
  for (const key of logs) if (key.name === c.origin && key.type === ED25519 && (await signedBy(c, key))) return key;
  throw new CheckError(`没有日志 ${c.origin} 的签名，或没有给出它的公钥`, `the log ${c.origin} has not signed it, or its key is not given`);
}

// --- whose word one takes ------------------------------------------------------------------------------------------------------

interface Member {
  name: string;
  key?: Key;
  of: string[];
  need: number;
}

export interface Policy {
  logs: Key[];
  members: Member[];
  /** The witness or group that must have cosigned; null: nobody need. */
  quorum: string | null;
}

/** Lines log, witness, group and quorum; without a quorum nobody need cosign. */
export async function parsePolicy(text: string): Promise<Policy> {
  const policy: Policy = { logs: [], members: [], quorum: null };
  for (const line of text.split("\n").map((l) => l.trim()).filter((l) => l && !l.startsWith("#"))) {
    const [word, name = "", ...rest] = line.split(/\s+/);
    if (word === "log") policy.logs.push(await parseKey(name));
    else if (word === "witness") policy.members.push({ name, key: await parseKey(rest[0] ?? ""), of: [], need: 1 });
    else if (word === "group") {
      const of = rest.slice(1);
      const most = rest[0] === "all" ? of.length : rest[0] === "any" ? 1 : Number(rest[0]);
      need(of.length && of.every((n) => policy.members.some((m) => m.name === n)) && most >= 1, `组 ${name} 有误`, `group ${name} is malformed`);
      policy.members.push({ name, of, need: most });
    } else if (word === "quorum") policy.quorum = name === "none" ? null : name;
    else throw new CheckError(`公钥清单中有一行看不懂：${line}`, `a line of the keys is none of log, witness, group, quorum: ${line}`);
  }
  need(policy.quorum === null || policy.members.some((m) => m.name === policy.quorum), "quorum 所指未定义", "the quorum is not defined");
  return policy;
}

export interface Witnessed {
  name: string;
  key: Key;
  /** null: it has not cosigned. */
  at: Date | null;
}

/** Who of the policy's witnesses cosigned, and whether these are enough. */
export async function checkWitnesses(c: Checkpoint, policy: Policy): Promise<{ witnesses: Witnessed[]; met: boolean }> {
  const met = new Map<string, boolean>();
  const witnesses: Witnessed[] = [];
  for (const m of policy.members) {
    if (m.key) {
      const signed = await signedBy(c, m.key);
      witnesses.push({ name: m.name, key: m.key, at: signed ? (signed.at ?? new Date(0)) : null });
      met.set(m.name, signed !== null);
    } else met.set(m.name, m.of.filter((n) => met.get(n)).length >= m.need);
  }
  return { witnesses, met: policy.quorum === null || met.get(policy.quorum) === true };
}
