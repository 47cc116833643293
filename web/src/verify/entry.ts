// Is an entry in the journal, as its proof says?  And do the tiles, which everybody can fetch, lead to the same?  No framework; the tiles
// come from whatever `fetchTile` takes them.
import {
  base64, checkOrigin, checkWitnesses, commitmentOf, leafHash, need, nodeHash, parseCheckpoint, parsePolicy, parseProof, same, treeRoot, type Checkpoint, type Key, type Proof, type Witnessed,
} from "./tlog";

/** One step from the leaf to the root: the node reached so far, and its sibling.  Each covers entries `from` up to, not including, `to`. */
export interface Step {
  node: Uint8Array;
  from: number;
  to: number;
  sibling: Uint8Array;
  siblingFrom: number;
  siblingTo: number;
  /** The sibling stands at the left. */
  left: boolean;
}

export interface Opened {
  proof: Proof;
  checkpoint: Checkpoint;
}

export interface EntryChecked {
  index: number;
  checkpoint: Checkpoint;
  leaf: Uint8Array;
  steps: Step[];
  /** The key by which the log signed. */
  log: Key;
  witnesses: Witnessed[];
  /** Whether the policy asks for witnesses at all. */
  quorum: boolean;
  /** Salt and payload are what the entry commits to; null: none were given. */
  commits: boolean | null;
}

/** Which siblings a path has, from the leaf up, and what they cover (RFC 6962, 2.1.1). */
export function spans(index: number, size: number): Array<Pick<Step, "from" | "to" | "siblingFrom" | "siblingTo" | "left">> {
  const out: ReturnType<typeof spans> = [];
  let from = 0, to = size;
  while (to - from > 1) {
    let half = 1;
    while (half * 2 < to - from) half *= 2;
    const middle = from + half;
    const left = index >= middle;
    const inner = left ? [middle, to] as const : [from, middle] as const;
    const outer = left ? [from, middle] as const : [middle, to] as const;
    out.push({ from: inner[0], to: inner[1], siblingFrom: outer[0], siblingTo: outer[1], left });
    [from, to] = inner;
  }
  return out.reverse();
}

/** The nodes from the leaf to below the root; the root is their last one's parent. */
export async function stepsOf(leaf: Uint8Array, index: number, size: number, path: Uint8Array[]): Promise<Step[]> {
  const places = spans(index, size);
  need(places.length === path.length, "路径的长度与条数不符", "the path's length does not fit the tree's size");
  const steps: Step[] = [];
  let node = leaf;
  for (const [i, place] of places.entries()) {
    steps.push({ ...place, node, sibling: path[i]! });
    node = place.left ? await nodeHash(path[i]!, node) : await nodeHash(node, path[i]!);
  }
  return steps;
}

/** Throws a CheckError that says what does not fit.  entry: its bytes; policy: the keys that one trusts; sealed: base64 of salt and payload. */
export async function checkEntry(entry: Uint8Array, proofText: string, policyText: string, sealed: string | null): Promise<EntryChecked> {
  const proof = parseProof(proofText);
  const checkpoint = parseCheckpoint(proof.note);
  const policy = await parsePolicy(policyText);
  const log = await checkOrigin(checkpoint, policy.logs);
  const { witnesses, met } = await checkWitnesses(checkpoint, policy);
  need(met, "见证者的联署不够", "not witnessed as the policy asks");
  need(proof.index < checkpoint.size, "编号不在检查点之内", "the entry is not within the checkpoint");
  const leaf = await leafHash(entry);
  need(same(await treeRoot(leaf, proof.index, checkpoint.size, proof.path), checkpoint.root), "条目与检查点的树根不符", "the entry does not lead to the checkpoint's root");
  const steps = await stepsOf(leaf, proof.index, checkpoint.size, proof.path);
  const commits = sealed === null ? null : await commitsTo(entry, sealed);
  return { index: proof.index, checkpoint, leaf, steps, log, witnesses, quorum: policy.quorum !== null, commits };
}

async function commitsTo(entry: Uint8Array, sealed: string): Promise<boolean> {
  const { commit } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entry)) as { commit?: string };
  const bytes = base64(sealed, "封存的内容不是 base64", "the sealed part is not base64");
  need(commit === (await commitmentOf(bytes)), "内容与条目的承诺不符", "the contents are not those that the entry commits to");
  return true;
}

// --- tiles (C2SP tlog-tiles) -----------------------------------------------------------------------------------------------

const WIDTH = 256;
const LEVEL = 8; // heights of a tile
const HASH_BYTES = 32;

/** tile/<level>/<n>[.p/<width>]: n in groups of three digits, all but the last with an x before. */
export function tilePath(level: number | "entries", n: number, width: number): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0");
  const groups = digits.match(/.../g)!;
  return `tile/${level}/${groups.map((g, i) => (i < groups.length - 1 ? `x${g}` : g)).join("/")}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** Takes a file of the journal by its path; the same path may be asked for again. */
export type FetchTile = (path: string) => Promise<Uint8Array>;

/** The hash over entries `from` up to `to`, worked out from hash tiles. */
async function rangeHash(from: number, to: number, size: number, fetchTile: FetchTile): Promise<Uint8Array> {
  const width = to - from;
  const height = Math.log2(width);
  if (!Number.isInteger(height)) {
    let half = 1;
    while (half * 2 < width) half *= 2;
    return nodeHash(await rangeHash(from, from + half, size, fetchTile), await rangeHash(from + half, to, size, fetchTile));
  }
  const level = Math.floor(height / LEVEL);
  const one = 2 ** (level * LEVEL); // entries below one hash of the level
  const first = from / one;
  const n = Math.floor(first / WIDTH);
  const tile = await fetchTile(tilePath(level, n, Math.min(WIDTH, Math.floor(size / one) - n * WIDTH)));
  let hashes = Array.from({ length: width / one }, (_, i) => tile.subarray((first - n * WIDTH + i) * HASH_BYTES, (first - n * WIDTH + i + 1) * HASH_BYTES));
  need(hashes.every((h) => h.length === HASH_BYTES), "瓦片比日志短", "a tile has fewer hashes than the log says");
  while (hashes.length > 1) hashes = await Promise.all(Array.from({ length: hashes.length / 2 }, (_, i) => nodeHash(hashes[2 * i]!, hashes[2 * i + 1]!)));
  return hashes[0]!;
}

export interface TilesChecked {
  files: string[];
  hashes: number;
}

/** That the entry stands in its bundle as it was shown, and that every hash of its path follows from the tiles. */
export async function checkTiles(entry: Uint8Array, checked: EntryChecked, fetchTile: FetchTile): Promise<TilesChecked> {
  const { index, checkpoint: { size } } = checked;
  const files = new Map<string, Promise<Uint8Array>>();
  const once: FetchTile = (path) => {
    if (!files.has(path)) files.set(path, fetchTile(path));
    return files.get(path)!;
  };
  const n = Math.floor(index / WIDTH);
  const bundle = await once(tilePath("entries", n, Math.min(WIDTH, size - n * WIDTH)));
  let at = 0;
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  for (let i = n * WIDTH; i < index && at + 2 <= bundle.length; i++) at += 2 + view.getUint16(at);
  need(at + 2 <= bundle.length && same(bundle.subarray(at + 2, at + 2 + view.getUint16(at)), entry), "条目文件中是另一个条目", "the bundle has another entry at this place");
  need(same(await rangeHash(index, index + 1, size, once), checked.leaf), "瓦片中的条目哈希不同", "the tile has another hash of the entry");
  for (const step of checked.steps)
    need(
      same(await rangeHash(step.siblingFrom, step.siblingTo, size, once), step.sibling),
      `第 ${step.siblingFrom} 至 ${step.siblingTo - 1} 条的哈希与瓦片不符`,
      `the hash over entries ${step.siblingFrom} to ${step.siblingTo - 1} is not what the tiles come to`,
    );
  return { files: [...files.keys()], hashes: checked.steps.length + 1 };
}
