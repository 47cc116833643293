// Is a subject's list of looks whole?  The same check as `luling verify --looks` (src/journal/looklist.h), for browsers and Node: nothing
// but WebCrypto, no framework, no network.  The form of the file is in docs/internals/journal.md.

/** What does not fit, in both languages. */
export class LooksError extends Error {
  constructor(readonly zh: string, readonly en: string) {
    super(`${zh} / ${en}`);
  }
}

export interface Look {
  nth: number;
  /** Absent: withheld or erased, as `why` says; it counts all the same. */
  entry?: number;
  at?: string;
  kind?: string;
  payload?: Record<string, unknown>;
  why?: string;
}

export interface LooksChecked {
  subject: string;
  /** The list has looks `first` to `total`; it is whole when first is 1. */
  first: number;
  total: number;
  whole: boolean;
  looks: Look[];
  /** The journal's entry that commits to the list, when it was made, and how many entries it covers. */
  index: number;
  at: string;
  entries: number;
  origin: string;
}

interface Page {
  format: string;
  subject: string;
  total: number;
  from: { head: string; looks: number };
  looks: { entry?: number; link: string; sealed?: string; text?: string; why?: string }[];
  tree: { siblings: { at: number; hash: string }[]; others: { subject: string; looks: number; head: string }[] };
  commitment: { entry: string; proof: string };
}

const HEIGHT = 64;
const HASH = 32;
const SALT = 16;
const utf8 = new TextEncoder();

function need(good: unknown, zh: string, en: string): asserts good {
  if (!good) throw new LooksError(zh, en);
}

const malformed = (what: string): [string, string] => [`不是查看清单：${what} 缺少或有误`, `this is no list of looks: ${what} is missing or wrong`];

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (all.set(p, at), at + p.length), 0);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

function base64(text: unknown, what: string): Uint8Array<ArrayBuffer> {
  need(typeof text === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(text), ...malformed(what));
  try {
    if (text.length % 4 === 0) return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    // told below
  }
  throw new LooksError(...malformed(what));
}

/** 32 bytes in base64url without padding. */
function hash(text: unknown, what: string): Uint8Array {
  need(typeof text === "string" && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text), ...malformed(what));
  return base64(`${text.replaceAll("-", "+").replaceAll("_", "/")}=`, what);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function count(n: unknown, what: string): number {
  need(Number.isSafeInteger(n) && (n as number) >= 0, ...malformed(what));
  return n as number;
}

function u64(n: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(n));
  return out;
}

// --- the chain ------------------------------------------------------------------------------------------------------------

const start = (subject: Uint8Array): Promise<Uint8Array> => sha256(utf8.encode("luling-looks/v1\n"), subject);

const add = (head: Uint8Array, link: Uint8Array): Promise<Uint8Array> => sha256(utf8.encode("luling-look-chain/v1\n"), head, link);

async function checkLook(one: Page["looks"][number], subject: string, nth: number, last: number, entries: number): Promise<Look> {
  if (one.text === undefined) {
    need(typeof one.why === "string", ...malformed("looks"));
    return { nth, why: one.why };
  }
  const where: [string, string] = [`第 ${nth} 次查看：`, `look ${nth}: `];
  const entry = count(one.entry, "looks");
  const sealed = base64(one.sealed, "looks");
  const said = JSON.parse(one.text) as { commit?: string; time: string; type: string };
  const commit = await sha256(utf8.encode("luling-payload/v1\n"), sealed);
  need(sealed.length > SALT && said.commit === base64url(commit), `${where[0]}内容与条目的承诺不符`, `${where[1]}its contents are not those that the entry commits to`);
  const leaf = await sha256(Uint8Array.of(0), utf8.encode(one.text));
  const link = await sha256(utf8.encode("luling-look/v1\n"), sealed.subarray(0, SALT), u64(entry), leaf);
  need(same(link, hash(one.link, "looks")), `${where[0]}内容或编号与清单中的环节不符`, `${where[1]}its contents or number do not fit its link of the chain`);
  const payload = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(sealed.subarray(SALT))) as Record<string, unknown>;
  need(Array.isArray(payload.subjects) && payload.subjects.includes(subject), `${where[0]}内容不涉及这一主体`, `${where[1]}its contents do not name this subject`);
  need(entry > last && entry < entries, `${where[0]}顺序不对，或晚于承诺`, `${where[1]}it is out of order, or later than the commitment`);
  return { nth, entry, at: said.time, kind: said.type, payload };
}

// --- the tree -------------------------------------------------------------------------------------------------------------

const EMPTY: Uint8Array = new Uint8Array(HASH);

async function join(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return same(left, EMPTY) && same(right, EMPTY) ? EMPTY : sha256(Uint8Array.of(1), left, right);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((x, i) => x !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

async function rootOf(page: Page, subject: Uint8Array, looks: number, head: Uint8Array): Promise<Uint8Array> {
  const place = page.tree.others.map((o) => ({ subject: hash(o.subject, "tree.others"), looks: count(o.looks, "tree.others"), head: hash(o.head, "tree.others") }));
  for (const o of place)
    need(o.looks > 0 && compare(o.subject, subject) !== 0 && same(o.subject.subarray(0, HEIGHT / 8), subject.subarray(0, HEIGHT / 8)), ...malformed("tree.others"));
  if (looks > 0) place.push({ subject, looks, head });
  place.sort((a, b) => compare(a.subject, b.subject));
  let node = EMPTY;
  for (const [i, o] of place.entries()) {
    need(i === 0 || compare(place[i - 1]!.subject, o.subject) < 0, ...malformed("tree.others"));
    node = await sha256(utf8.encode("luling-look-slot/v1\n"), i ? node : new Uint8Array(0), o.subject, u64(o.looks), o.head);
  }
  const siblings = Array.from({ length: HEIGHT }, () => EMPTY);
  let next = 0;
  for (const s of page.tree.siblings) {
    need(count(s.at, "tree.siblings") >= next && s.at < HEIGHT, ...malformed("tree.siblings"));
    siblings[s.at] = hash(s.hash, "tree.siblings");
    next = s.at + 1;
  }
  for (let i = 0; i < HEIGHT; i++) {
    const depth = HEIGHT - 1 - i;
    const right = (subject[depth >> 3]! >> (7 - (depth & 7))) & 1;
    node = right ? await join(siblings[i]!, node) : await join(node, siblings[i]!);
  }
  return node;
}

// --- the journal (C2SP tlog-proof, signed-note, tlog-checkpoint) ---------------------------------------------------------------

interface Key {
  name: string;
  id: string;
  type: number;
  raw: Uint8Array<ArrayBuffer>;
}

const hex = (b: Uint8Array): string => [...b].map((x) => x.toString(16).padStart(2, "0")).join("");

/** The `log` lines of a policy; witnesses are for `luling verify`. */
async function readKeys(policy: string): Promise<Key[]> {
  const keys: Key[] = [];
  for (const line of policy.split("\n")) {
    const m = /^\s*log\s+([^+\s]+)\+([0-9a-f]{8})\+(\S+)/.exec(line);
    if (!m) continue;
    const blob = base64(m[3], "policy");
    const made = hex((await sha256(utf8.encode(`${m[1]}\n`), blob)).subarray(0, 4));
    need(made === m[2], `公钥 ${m[1]} 的编号与内容不符`, `the id of key ${m[1]} does not fit it`);
    keys.push({ name: m[1]!, id: m[2]!, type: blob[0]!, raw: blob.slice(1) });
  }
  return keys;
}

async function checkNote(note: string, policy: string): Promise<{ origin: string; size: number; root: Uint8Array }> {
  const cut = note.lastIndexOf("\n\n");
  need(cut > 0 && note.endsWith("\n"), "检查点没有签名", "the checkpoint has no signature");
  const text = note.slice(0, cut + 1);
  const [origin = "", size = "", root = ""] = text.split("\n");
  let signed = false;
  for (const key of await readKeys(policy)) {
    if (key.name !== origin || key.type !== 1) continue;
    for (const line of note.slice(cut + 2, -1).split("\n")) {
      const m = /^\u2014 (\S+) (\S+)$/.exec(line);
      need(m, "签名行写法不对", "a signature line is malformed");
      const blob = base64(m[2], "signature");
      if (m[1] !== key.name || hex(blob.subarray(0, 4)) !== key.id) continue;
      const imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
      need(await crypto.subtle.verify({ name: "Ed25519" }, imported, blob.slice(4), utf8.encode(text)), `${origin} 的签名无效`, `the signature of ${origin} is not valid`);
      signed = true;
    }
  }
  need(signed, `没有日志 ${origin} 的签名，或没有给出它的公钥`, `the log ${origin} has not signed it, or its key is not given`);
  need(/^(0|[1-9][0-9]{0,14})$/.test(size), "检查点的条数不对", "the checkpoint's size is malformed");
  return { origin, size: Number(size), root: base64(root, "root") };
}

/** RFC 9162, 2.1.3.2; numbers up to 2^53, so no bit operators. */
async function treeRoot(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Uint8Array> {
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  const half = (): void => void ((fn = Math.floor(fn / 2)), (sn = Math.floor(sn / 2)));
  for (const p of path) {
    need(sn > 0, "路径过长", "the path is too long");
    if (fn % 2 === 1 || fn === sn) {
      r = await sha256(Uint8Array.of(1), p, r);
      while (fn % 2 === 0 && fn !== 0) half();
    } else r = await sha256(Uint8Array.of(1), r, p);
    half();
  }
  need(sn === 0, "路径过短", "the path is too short");
  return r;
}

interface Commitment {
  index: number;
  at: string;
  entries: number;
  root: Uint8Array;
  origin: string;
}

async function checkCommitment(c: Page["commitment"], policy: string): Promise<Commitment> {
  const cut = c.proof.indexOf("\n\n");
  const lines = c.proof.slice(0, Math.max(cut, 0)).split("\n");
  need(lines.shift() === "c2sp.org/tlog-proof@v1", ...malformed("commitment.proof"));
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const m = /^index (0|[1-9][0-9]{0,14})$/.exec(lines.shift() ?? "");
  need(m, ...malformed("commitment.proof"));
  const path = lines.map((l) => base64(l, "commitment.proof"));
  const note = await checkNote(c.proof.slice(cut + 2), policy);
  const index = Number(m[1]);
  need(index < note.size && path.every((h) => h.length === HASH), ...malformed("commitment.proof"));
  const root = await treeRoot(await sha256(Uint8Array.of(0), utf8.encode(c.entry)), index, note.size, path);
  need(same(root, note.root), "承诺不在日志中", "the commitment is not in the journal");
  const said = JSON.parse(c.entry) as { data?: { entries?: unknown; root?: unknown }; time: string; type: string };
  need(said.type === "looks", ...malformed("commitment.entry"));
  return { index, at: said.time, entries: count(said.data?.entries, "commitment.entry"), root: hash(said.data?.root, "commitment.entry"), origin: note.origin };
}

// --- pages ------------------------------------------------------------------------------------------------------------------

interface State {
  subject: string;
  first: number;
  looks: number;
  head: Uint8Array;
  last: number;
  list: Look[];
}

async function checkStart(page: Page, before: State | null, want: string | undefined): Promise<State> {
  need(page.format === "luling-looks/v1", ...malformed("format"));
  const subject = hash(page.subject, "subject");
  const name = before?.subject ?? want;
  need(name === undefined || name === page.subject, `这是主体 ${page.subject} 的清单`, `this is the list of subject ${page.subject}`);
  const looks = count(page.from?.looks, "from");
  const head = hash(page.from.head, "from");
  if (before) {
    need(looks === before.looks && same(head, before.head), "清单的这一页没有接上前一页", "this page of the list does not follow the one before");
    return before;
  }
  need(looks > 0 || same(head, await start(subject)), ...malformed("from"));
  return { subject: page.subject, first: looks + 1, looks, head, last: -1, list: [] };
}

/**
 * pages: the answers of GET /v1/me/looks/proof in order, parsed.  policy: the journal's keys (its file `policy`, from a source one trusts).
 * subject: the pseudonym that it must be.  Throws a LooksError that says what does not fit.
 */
export async function checkLooks(pages: unknown[], policy: string, subject?: string): Promise<LooksChecked> {
  let state: State | null = null;
  let result: LooksChecked | null = null;
  for (const raw of pages) {
    const page = raw as Page;
    need(page && Array.isArray(page.looks) && Array.isArray(page.tree?.siblings) && Array.isArray(page.tree.others) && page.commitment, ...malformed("looks"));
    state = await checkStart(page, state, subject);
    const c = await checkCommitment(page.commitment, policy);
    for (const one of page.looks) {
      const look: Look = await checkLook(one, state.subject, state.looks + 1, state.last, c.entries);
      state.head = await add(state.head, hash(one.link, "looks"));
      state.looks++;
      state.last = look.entry ?? state.last;
      state.list.push(look);
    }
    const total = count(page.total, "total");
    need(state.looks <= total, ...malformed("total"));
    result = null;
    if (state.looks < total) continue;
    need(
      same(await rootOf(page, hash(page.subject, "subject"), state.looks, state.head), c.root),
      "清单与日志中的承诺不符：有查看被略去、调换或增添，或者这是别人的清单",
      "the list is not the one that the journal commits to: a look was left out, moved or added, or it is somebody else's list",
    );
    result = { subject: state.subject, first: state.first, total, whole: state.first === 1, looks: state.list, index: c.index, at: c.at, entries: c.entries, origin: c.origin };
  }
  need(result, "清单不完整：取余下各页（after=…）一起核对", "the list goes on: fetch the other pages (after=...) and check them together");
  return result;
}
