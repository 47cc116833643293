// Where counties stand on a schematic map, and which one an arrow key leads to.
import type { FinanceCounty } from "#api";

export interface Placed { county: FinanceCounty; row: number; x: number } // x: in half places

const UNPLACED = 4; // a row of those that nobody placed

/** Rows and half places; what has no place stands in rows under the rest, in its order. */
export function placed(counties: FinanceCounty[]): Placed[] {
  const below = Math.max(-1, ...counties.map((c) => c.row ?? -1)) + 1;
  let rest = 0;
  return counties.map((county) => {
    if (county.row !== null && county.place !== null) return { county, row: county.row, x: 2 * county.place + (county.row % 2) };
    const at = rest++;
    return { county, row: below + Math.floor(at / UNPLACED), x: 2 * (at % UNPLACED) };
  });
}

/** Which one a key leads to; the same when there is none. */
export function neighbour(tiles: Placed[], at: number, key: string): number {
  const here = tiles[at]!;
  if (key === "Home") return 0;
  if (key === "End") return tiles.length - 1;
  if (key === "ArrowLeft" || key === "ArrowRight") return Math.min(tiles.length - 1, Math.max(0, at + (key === "ArrowLeft" ? -1 : 1)));
  const rows = [...new Set(tiles.map((t) => t.row))].sort((a, b) => a - b);
  const row = rows[rows.indexOf(here.row) + (key === "ArrowUp" ? -1 : 1)];
  const there = tiles.map((t, i) => ({ i, row: t.row, far: Math.abs(t.x - here.x) })).filter((t) => t.row === row).sort((a, b) => a.far - b.far);
  return there[0]?.i ?? at;
}
