// A text as a QR code (ISO/IEC 18004): bytes, error correction level M, versions 1 to 15 (412 bytes).  What a phone reads off the screen
// is never typed and never sent through anybody else.
const MOST = 15;
const PER_BLOCK = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24]; // error correction codewords a block, by version
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];

/** Codewords of a version, data and correction together. */
function codewords(v: number): number {
  let bits = (16 * v + 128) * v + 64;
  if (v >= 2) {
    const align = Math.floor(v / 7) + 2;
    bits -= (25 * align - 10) * align - 55 + (v >= 7 ? 36 : 0);
  }
  return bits >> 3;
}

const dataWords = (v: number): number => codewords(v) - PER_BLOCK[v]! * BLOCKS[v]!;

/** The text with its header, padded to fill the version. */
function dataOf(text: Uint8Array, v: number): number[] {
  const bits: number[] = [];
  const put = (value: number, n: number): void => { for (let i = n - 1; i >= 0; i--) bits.push((value >> i) & 1); };
  put(4, 4); // byte mode
  put(text.length, v < 10 ? 8 : 16);
  for (const b of text) put(b, 8);
  const room = dataWords(v) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xfd) put(pad, 8);
  return Array.from({ length: bits.length / 8 }, (_, i) => bits.slice(i * 8, i * 8 + 8).reduce((a, b) => (a << 1) | b, 0));
}

// --- Reed and Solomon over GF(256), polynomial 0x11d ------------------------------------------------------------------------

function times(x: number, y: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) z = (z << 1) ^ ((z >> 7) * 0x11d) ^ (((y >> i) & 1) * x);
  return z;
}

function divisor(degree: number): number[] {
  const out: number[] = Array(degree - 1).fill(0).concat(1);
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2))
    for (let j = 0; j < degree; j++) out[j] = times(out[j]!, root) ^ (out[j + 1] ?? 0);
  return out;
}

function remainder(data: number[], by: number[]): number[] {
  const out: number[] = by.map(() => 0);
  for (const b of data) {
    const factor = b ^ out.shift()!;
    out.push(0);
    by.forEach((d, i) => (out[i]! ^= times(d, factor)));
  }
  return out;
}

/** Blocks with their correction, interleaved. */
function withCorrection(data: number[], v: number): number[] {
  const n = BLOCKS[v]!, ecc = PER_BLOCK[v]!, total = codewords(v), long = total % n, short = Math.floor(total / n) - ecc;
  const by = divisor(ecc);
  const blocks: number[][] = [];
  for (let i = 0, at = 0; i < n; i++) {
    const part = data.slice(at, (at += short + (i < n - long ? 0 : 1)));
    blocks.push([...part, ...(part.length === short && long ? [-1] : []), ...remainder(part, by)]);
  }
  return blocks[0]!.flatMap((_, i) => blocks.map((b) => b[i]!)).filter((w) => w >= 0);
}

// --- the picture --------------------------------------------------------------------------------------------------------------

type Grid = Array<Array<boolean | null>>; // [y][x]; null: not yet set

function alignment(v: number): number[] {
  if (v === 1) return [];
  const n = Math.floor(v / 7) + 2, size = v * 4 + 17, step = Math.ceil((size - 13) / (n * 2 - 2)) * 2;
  return [6, ...Array.from({ length: n - 1 }, (_, i) => size - 7 - (n - 2 - i) * step)];
}

function square(grid: Grid, cx: number, cy: number, radius: number, dark: (distance: number) => boolean): void {
  for (let y = -radius; y <= radius; y++)
    for (let x = -radius; x <= radius; x++)
      if (grid[cy + y]?.[cx + x] !== undefined) grid[cy + y]![cx + x] = dark(Math.max(Math.abs(x), Math.abs(y)));
}

/** 15 bits of format: level M (00), the mask, BCH. */
function putFormat(grid: Grid, mask: number): void {
  const size = grid.length;
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (i: number): boolean => ((bits >> i) & 1) === 1;
  for (let i = 0; i < 15; i++) {
    const a = i < 6 ? i : i < 8 ? i + 1 : 14 - i + (i === 8 ? 1 : 0);
    if (i < 8) { grid[a]![8] = bit(i); grid[8]![size - 1 - i] = bit(i); }
    else { grid[8]![a] = bit(i); grid[size - 15 + i]![8] = bit(i); }
  }
  grid[size - 8]![8] = true;
}

function putVersion(grid: Grid, v: number): void {
  if (v < 7) return;
  let rest = v;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (v << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const on = ((bits >> i) & 1) === 1, a = grid.length - 11 + (i % 3), b = Math.floor(i / 3);
    grid[b]![a] = on;
    grid[a]![b] = on;
  }
}

/** Everything that is not data. */
function frame(v: number): Grid {
  const size = v * 4 + 17;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | null>(size).fill(null));
  for (let i = 0; i < size; i++) grid[6]![i] = grid[i]![6] = i % 2 === 0;
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) square(grid, x, y, 4, (d) => d !== 2 && d !== 4);
  const at = alignment(v), last = at.length - 1;
  at.forEach((x, i) => at.forEach((y, j) => {
    if (!((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0))) square(grid, x, y, 2, (d) => d !== 1);
  }));
  putFormat(grid, 0);
  putVersion(grid, v);
  return grid;
}

const MASKS: Array<(x: number, y: number) => boolean> = [
  (x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The data in its two-column zigzag, masked. */
function drawn(empty: Grid, words: number[], mask: number): Grid {
  const grid = empty.map((row) => [...row]);
  const size = grid.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let i = 0; i < size; i++)
      for (const x of [right, right - 1]) {
        const y = up ? size - 1 - i : i;
        if (grid[y]![x] !== null) continue;
        const bit = at < words.length * 8 && ((words[at >> 3]! >> (7 - (at & 7))) & 1) === 1;
        at++;
        grid[y]![x] = bit !== MASKS[mask]!(x, y);
      }
  }
  putFormat(grid, mask);
  return grid;
}

/** How hard it is to read: runs, squares, what looks like a finder, and an unequal share of dark (the four rules of the standard). */
function penalty(grid: Grid): number {
  const size = grid.length;
  const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x]!))].map((l) => l.map((on) => (on ? "1" : "0")).join(""));
  let sum = 0;
  for (const l of lines) {
    for (const run of l.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    for (let i = 0; i + 11 <= size; i++) if (["10111010000", "00001011101"].includes(l.slice(i, i + 11))) sum += 40;
  }
  for (let y = 0; y + 1 < size; y++)
    for (let x = 0; x + 1 < size; x++)
      if (new Set([grid[y]![x], grid[y]![x + 1], grid[y + 1]![x], grid[y + 1]![x + 1]]).size === 1) sum += 3;
  const dark = grid.flat().filter(Boolean).length;
  return sum + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10;
}

/** Rows of dark modules; null when the text is too long. */
export function qrModules(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  let v = 1;
  while (v <= MOST && bytes.length > dataWords(v) - (v < 10 ? 2 : 3)) v++;
  if (v > MOST) return null;
  const words = withCorrection(dataOf(bytes, v), v);
  const empty = frame(v);
  const all = MASKS.map((_, mask) => drawn(empty, words, mask));
  const best = all.map(penalty).reduce((a, p, i, list) => (p < list[a]! ? i : a), 0);
  return all[best]!.map((row) => row.map((on) => on === true));
}
