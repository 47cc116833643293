// Places as rectangles, each as large as the areas it has, each coloured by how much of it is done: where there are no boundaries to draw, nothing is drawn
// as if there were.  The table beside it says the same; a click goes down as there.
import { useEffect, useRef, useState } from "react";

export interface Tile {
  code: string;
  title: string;
  weight: number;
  share: number;
  text: string; // the share, as it is read
}
interface Placed extends Tile { x: number; y: number; w: number; h: number }

const WIDTH = 640; // until the page has measured it
const LETTER = 13;
const LINE = 17;
const TALL = 0.62; // height to width on a desk
const NARROW = 480;
const EACH = 70; // height that a place is worth, while there are few

/** The worst side ratio of a row of areas that is laid along a side. */
function worst(row: number[], side: number): number {
  const sum = row.reduce((a, b) => a + b, 0);
  return Math.max(...row.map((v) => Math.max((side * side * v) / (sum * sum), (sum * sum) / (side * side * v))));
}

/** Squarified: rows along the shorter side, each as long as its rectangles become squarer by it. */
export function layOut(tiles: Tile[], width: number, height: number): Placed[] {
  const total = tiles.reduce((n, t) => n + t.weight, 0) || 1;
  const scale = (width * height) / total;
  const rest = tiles.map((t) => ({ ...t, area: Math.max(t.weight, 1e-6) * scale }));
  const out: Placed[] = [];
  let box = { x: 0, y: 0, w: width, h: height };
  while (rest.length) {
    const side = Math.min(box.w, box.h);
    let n = 1;
    while (n < rest.length && worst(rest.slice(0, n + 1).map((r) => r.area), side) <= worst(rest.slice(0, n).map((r) => r.area), side)) n++;
    const row = rest.splice(0, n);
    const thick = row.reduce((a, r) => a + r.area, 0) / (side || 1);
    let at = 0;
    for (const { area, ...t } of row) {
      const long = area / (thick || 1);
      out.push(box.w >= box.h ? { ...t, x: box.x, y: box.y + at, w: thick, h: long } : { ...t, x: box.x + at, y: box.y, w: long, h: thick });
      at += long;
    }
    box = box.w >= box.h ? { ...box, x: box.x + thick, w: box.w - thick } : { ...box, y: box.y + thick, h: box.h - thick };
  }
  return out;
}

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(WIDTH);
  useEffect(() => {
    const watch = new ResizeObserver((seen) => setWidth(Math.max(200, Math.floor(seen[0]?.contentRect.width ?? WIDTH))));
    if (ref.current) watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

/** As much of a name as fits. */
function fitting(text: string, room: number): string {
  const most = Math.floor(room / LETTER);
  return text.length <= most ? text : most > 2 ? `${text.slice(0, most - 1)}…` : "";
}

export function PlaceTiles({ label, tiles, onOpen }: { label: string; tiles: Tile[]; onOpen?: ((code: string) => void) | undefined }) {
  const [ref, width] = useWidth();
  const height = Math.min(width < NARROW ? width : Math.round(width * TALL), tiles.length * EACH);
  const placed = layOut([...tiles].sort((a, b) => b.weight - a.weight || a.code.localeCompare(b.code)), width, height);
  return (
    <div ref={ref} className="place-tiles">
      <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
        {placed.map((p) => {
          const name = fitting(p.title, p.w - 12);
          const two = name && p.h > 2 * LINE + 8 && p.w > 44;
          return (
            <g key={p.code} className={onOpen ? "opens" : undefined} onClick={onOpen && (() => onOpen(p.code))}>
              <title>{`${p.title} ${p.text}`}</title>
              <rect className="place" x={p.x + 1} y={p.y + 1} width={Math.max(0, p.w - 2)} height={Math.max(0, p.h - 2)} rx={3} />
              <rect className="done" x={p.x + 1} y={p.y + 1 + (1 - p.share) * Math.max(0, p.h - 2)} width={Math.max(0, p.w - 2)} height={p.share * Math.max(0, p.h - 2)} rx={3} />
              {name && p.h > LINE + 6 && <text x={p.x + p.w / 2} y={p.y + p.h / 2 + (two ? -3 : 5)}>{name}</text>}
              {two && <text className="share" x={p.x + p.w / 2} y={p.y + p.h / 2 + LINE - 2}>{p.text}</text>}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
