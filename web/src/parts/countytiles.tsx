// Counties as a schematic map: a tile each, about where the county lies (a table of the pack says where), all of one size so that none looks more than it is,
// and coloured by one figure.  It shows no boundary and no area.  Where it can be chosen from, arrow keys go to the neighbour; a table beside says the same.
import { useRef, useState } from "react";
import type { FinanceCounty } from "#api";
import { neighbour, placed } from "./countyplaces";

export interface CountyFigure {
  value: number | null; // null: held back
  text: string;
}
const SHADES = 4;

/** 0: nothing; then by how much of the greatest it is. */
const shade = (value: number, most: number): number => (value <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((value / most) * SHADES)));

interface Props {
  label: string;
  counties: FinanceCounty[];
  figureOf: (code: string) => CountyFigure;
  pick: (zh: string, en: string) => string;
  /** Told of the county that is chosen; without it the tiles are looked at and nothing else. */
  chosen?: string | undefined;
  onChoose?: ((code: string) => void) | undefined;
}

export function CountyTiles({ label, counties, figureOf, pick, chosen, onChoose }: Props) {
  const tiles = placed(counties);
  const [at, setAt] = useState(0); // where the Tab key comes in
  const list = useRef<HTMLUListElement>(null);
  const most = Math.max(0, ...counties.map((c) => figureOf(c.code).value ?? 0));
  const onKey = (e: React.KeyboardEvent, from: number): void => {
    if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(e.key)) return;
    e.preventDefault();
    const to = neighbour(tiles, from, e.key);
    setAt(to);
    list.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    <ul ref={list} className="county-tiles" aria-label={label}>
      {tiles.map(({ county, row, x }, i) => {
        const { value, text } = figureOf(county.code);
        const name = pick(county.title, county.title_en);
        const look = value === null ? "held" : `shade-${shade(value, most)}`;
        const inside = <><span className="named">{name}</span><span className="value">{text}</span></>;
        return (
          <li key={county.code} style={{ gridColumn: `${x + 1} / span 2`, gridRow: row + 1 }}>
            {onChoose ? (
              <button type="button" className={`county ${look}`} tabIndex={i === Math.min(at, tiles.length - 1) ? 0 : -1} aria-pressed={chosen === county.code} onKeyDown={(e) => onKey(e, i)} onFocus={() => setAt(i)} onClick={() => onChoose(county.code)}>{inside}</button>
            ) : <div className={`county ${look}`}>{inside}</div>}
          </li>
        );
      })}
    </ul>
  );
}
