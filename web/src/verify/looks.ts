// Is a subject's list of looks whole?  The same check as `luling verify --looks` (src/journal/looklist.h), for browsers and Node: nothing
// but WebCrypto, no framework, no network.  The form of the file is in docs/internals/journal.md.
import { base64 as bytesOf, checkOrigin, commitmentOf, HASH, leafHash, need, parseCheckpoint, parsePolicy, parseProof, same, sha256, treeRoot, utf8 } from "./tlog";

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
const SALT = 16;

const malformed = (what: string): [string, string] => [`不是查看清单：${what} 缺少或有误`, `this is no list of looks: ${what} is missing or wrong`];

const base64 = (text: unknown, what: string): Uint8Array<ArrayBuffer> => bytesOf(text, ...malformed(what));

/** 32 bytes in base64url without padding. */
function hash(text: unknown, what: string): Uint8Array {
  need(typeof text === "string" && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text), ...malformed(what));
  return base64(`${text.replaceAll("-", "+").replaceAll("_", "/")}=`, what);
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
  need(sealed.length > SALT && said.commit === (await commitmentOf(sealed)), `${where[0]}内容与条目的承诺不符`, `${where[1]}its contents are not those that the entry commits to`);
  const leaf = await leafHash(utf8.encode(one.text));
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

// --- the journal ----------------------------------------------------------------------------------------------------------

interface Commitment {
  index: number;
  at: string;
  entries: number;
  root: Uint8Array;
  origin: string;
}

async function checkCommitment(c: Page["commitment"], policy: string): Promise<Commitment> {
  const { index, path, note } = parseProof(c.proof);
  const checkpoint = parseCheckpoint(note);
  await checkOrigin(checkpoint, (await parsePolicy(policy)).logs);
  need(index < checkpoint.size, ...malformed("commitment.proof"));
  const root = await treeRoot(await leafHash(utf8.encode(c.entry)), index, checkpoint.size, path);
  need(same(root, checkpoint.root), "承诺不在日志中", "the commitment is not in the journal");
  const said = JSON.parse(c.entry) as { data?: { entries?: unknown; root?: unknown }; time: string; type: string };
  need(said.type === "looks", ...malformed("commitment.entry"));
  return { index, at: said.time, entries: count(said.data?.entries, "commitment.entry"), root: hash(said.data?.root, "commitment.entry"), origin: checkpoint.origin };
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
 * subject: the pseudonym that it must be.  Throws a CheckError (tlog.ts) that says what does not fit.
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
