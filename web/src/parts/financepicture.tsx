// One figure of financing as a picture, by whatever the figures are grouped: counties as a map to choose from, months as bars, anything else as lines, the greatest
// first.  The table under it says all of it.
import { useMemo, useState } from "react";
import type { FinanceStatistics } from "#api";
import figures from "../text/figures";
import { useText } from "../text";
import { Bar } from "./badges";
import { Chart } from "./chart";
import { CountyTiles, type CountyFigure } from "./countytiles";
import { Figures } from "./facts";
import { FEN_PER_WAN } from "./yuan";

type Row = FinanceStatistics["rows"][number];
const HUNDRED = 100;
const LINES = 12;

/** Member of a row, and the text that says it. */
export const FIGURES = [["lent_fen", "fig.lent_yuan"], ["granted_fen", "fig.granted_yuan"], ["repaid_fen", "fig.repaid_yuan"], ["lent", "fig.lent"], ["granted", "fig.granted"], ["demands", "fig.demands"], ["applied", "fig.applied"], ["refused", "fig.refused"], ["registered", "fig.registered"], ["firms", "fig.firms"], ["first_loans", "fig.first_loans"], ["rate", "fig.rate"], ["days_median", "fig.days_mid"]] as const;
export type Figure = (typeof FIGURES)[number][0];

/** As it is read: money in 10,000 yuan. */
function valueOf(row: Row | undefined, figure: Figure): number | null {
  const n = row ? row[figure] : 0;
  return n !== null && figure.endsWith("_fen") ? Math.round((n / FEN_PER_WAN) * HUNDRED) / HUNDRED : n;
}

function useFigure(figure: Figure) {
  const { t, num } = useText(figures);
  const name = t(FIGURES.find(([f]) => f === figure)?.[1] ?? "fig.lent_yuan");
  return { name, say: (n: number): string => (figure === "rate" ? `${num(n)}%` : num(n)) };
}

function Map({ data, figure }: { data: FinanceStatistics; figure: Figure }) {
  const { t, pick, num } = useText(figures);
  const { name, say } = useFigure(figure);
  const [chosen, setChosen] = useState("");
  const known = useMemo(() => Object.fromEntries(data.rows.map((r) => [r.key, r])), [data.rows]);
  const county = data.counties.find((c) => c.code === chosen), row = known[chosen];
  const figureOf = (code: string): CountyFigure => {
    const r = known[code], n = valueOf(r, figure);
    return { value: r?.held_back ? null : (n ?? 0), text: n === null ? (r?.held_back ? t("fig.held_short") : "–") : say(n) };
  };
  if (!data.counties.length) return null;
  return (
    <div className="panel spaced">
      <h3>{t("fig.map", { figure: name })}</h3>
      <div className="map-and-one">
        <CountyTiles label={t("fig.map", { figure: name })} counties={data.counties} figureOf={figureOf} pick={pick} chosen={chosen} onChoose={setChosen} />
        <div role="status">
          {county ? <h4>{pick(county.title, county.title_en)}</h4> : <p className="quiet">{t("fig.map_how")}</p>}
          {county && (row?.held_back ? <p className="quiet">{t("fig.held", { least: num(data.least) })}</p> : (
            <Figures rows={FIGURES.map(([f, key]) => { const n = valueOf(row, f); return [t(key), n === null || (f === "rate" && !row) ? "–" : f === "rate" ? `${num(n)}%` : num(n)]; })} />
          ))}
        </div>
      </div>
      <p className="quiet">{t("fig.schematic")}</p>
    </div>
  );
}

function Months({ rows, figure }: { rows: Row[]; figure: Figure }) {
  const { t } = useText(figures);
  const { name } = useFigure(figure);
  const drawn = useMemo(() => {
    const series: Array<[string, Figure]> = figure === "lent_fen" || figure === "granted_fen" ? [[t("fig.granted_yuan"), "granted_fen"], [t("fig.lent_yuan"), "lent_fen"]] : [[name, figure]];
    return {
      option: {
        grid: { left: 8, right: 16, top: 16, bottom: 40, containLabel: true },
        legend: { bottom: 0 },
        xAxis: { type: "category" as const, data: rows.map((r) => r.key) },
        yAxis: { type: "value" as const },
        series: series.map(([title, f]) => ({ type: "bar" as const, name: title, barMaxWidth: 40, data: rows.map((r) => valueOf(r, f)) })),
      },
      heads: [t("figby.month"), ...series.map(([title]) => title)],
      rows: rows.map((r): Array<string | number> => [r.key, ...series.map(([, f]) => valueOf(r, f) ?? (r.held_back ? t("fig.held_short") : "–"))]),
    };
  }, [rows, figure, name, t]);
  return <div className="panel spaced"><Chart title={t("fig.by_month", { figure: name })} {...drawn} /></div>;
}

function Lines({ data, figure, nameOf }: { data: FinanceStatistics; figure: Figure; nameOf: (r: Row) => string }) {
  const { t } = useText(figures);
  const { name, say } = useFigure(figure);
  const rows = data.rows.map((r) => ({ r, n: valueOf(r, figure) })).filter((x): x is { r: Row; n: number } => x.n !== null && x.n > 0).sort((a, b) => b.n - a.n).slice(0, LINES);
  const most = Math.max(1e-9, ...rows.map((x) => x.n));
  if (!rows.length) return null;
  return (
    <div className="panel spaced">
      <h3>{t("fig.greatest", { figure: name, n: LINES })}</h3>
      <ol className="foremost plain">{rows.map(({ r, n }) => <li key={r.key}><span className="named">{nameOf(r)}</span><span className="value">{say(n)}</span><Bar share={n / most} tone="" /></li>)}</ol>
    </div>
  );
}

export function FinancePicture({ data, by, figure, nameOf }: { data: FinanceStatistics; by: string; figure: Figure; nameOf: (r: Row) => string }) {
  if (by === "region") return <Map data={data} figure={figure} />;
  return by === "month" ? <Months rows={data.rows} figure={figure} /> : <Lines data={data} figure={figure} nameOf={nameOf} />;
}
