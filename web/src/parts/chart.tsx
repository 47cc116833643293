// A chart and the same figures as a table, for whoever does not see it.  ECharts comes when the first chart is drawn.
import type { EChartsCoreOption } from "echarts/core";
import { useEffect, useRef } from "react";
import { useDark } from "../app/theme";
import { useText } from "../text";
import type { Shapes } from "./tiles";

interface Props {
  title: string;
  option: EChartsCoreOption;
  heads: string[];
  rows: Array<Array<string | number>>;
  /** A picture for far-away eyes: no table under it. */
  bare?: boolean;
  /** How high it is, in rem; app.css says it otherwise. */
  rem?: number;
  /** A map that the option draws on, by its name there. */
  map?: { name: string; shapes: Shapes };
}

export function Chart({ title, option, heads, rows, bare = false, rem, map }: Props) {
  const { t, num } = useText();
  const dark = useDark();
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let gone = false;
    let end = (): void => undefined;
    void import("./echarts").then(({ draw, registerMap }) => {
      if (map) registerMap(map.name, map.shapes);
      if (!gone && box.current) end = draw(box.current, option, dark);
    });
    return () => {
      gone = true;
      end();
    };
  }, [option, dark, map]);

  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <div className="chart-box" style={rem ? { height: `${rem}rem` } : undefined} ref={box} role="img" aria-label={title} />
      {!bare && (
        <details>
          <summary>{t("chart.table")}</summary>
          <div className="scroll" tabIndex={0} role="region" aria-label={title}>
            <table>
              <thead><tr>{heads.map((x) => <th key={x} scope="col">{x}</th>)}</tr></thead>
              <tbody>{rows.map((row) => <tr key={String(row[0])}>{row.map((x, at) => (at ? <td key={at} className="number">{typeof x === "number" ? num(x) : x}</td> : <th key={at} scope="row">{x}</th>))}</tr>)}</tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}
