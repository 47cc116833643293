// What was granted and lent in each of the last twelve months, as bars of plain HTML: drawn at once, redrawn without a flicker.  The table says the same.
import type { FinanceStatistics } from "#api";
import finwall from "../text/finwall";
import { useText } from "../text";
import { FEN_PER_WAN, useYuan } from "./yuan";

type Row = FinanceStatistics["rows"][number];
const MONTHS = 12;
const WHOLE = 100; // percent

/** The twelve months up to that of a day such as 2026-05-31, the oldest first. */
export function monthsTo(day: string): string[] {
  const last = Number(day.slice(0, 4)) * MONTHS + Number(day.slice(5, 7)) - 1;
  return Array.from({ length: MONTHS }, (_, k) => last - (MONTHS - 1) + k).map((n) => `${Math.floor(n / MONTHS)}-${String((n % MONTHS) + 1).padStart(2, "0")}`);
}

const SERIES = ["granted", "lent"] as const;

export function MonthBars({ day, rows, bare = false }: { day: string; rows: Row[]; bare?: boolean }) {
  const { t, num } = useText(finwall);
  const yuan = useYuan();
  const known = new Map(rows.map((r) => [r.key, r]));
  const months = monthsTo(day).map((key) => ({ key, row: known.get(key) }));
  const fen = (row: Row | undefined, of: (typeof SERIES)[number]): number | null => (row ? row[`${of}_fen`] : 0);
  const most = Math.max(1, ...months.flatMap(({ row }) => SERIES.map((s) => fen(row, s) ?? 0)));
  const said = (n: number | null): string => (n === null ? t("fw.held_short") : num(Math.round(n / FEN_PER_WAN)));
  return (
    <figure className="month-bars">
      <figcaption>{SERIES.map((s) => <span key={s} className={`key ${s}`}>{t(`fw.${s}_wan`)}</span>)}{most > 1 && <span className="quiet">{t("fw.most", { sum: yuan(most) })}</span>}</figcaption>
      <div className="bars" role="img" aria-label={months.map(({ key, row }) => t("fw.month_said", { month: key, granted: said(fen(row, "granted")), lent: said(fen(row, "lent")) })).join(t("fw.and"))}>
        {months.map(({ key, row }) => (
          <div key={key} className="month">
            <span className="pair-bars">{SERIES.map((s) => { const n = fen(row, s); return n === null ? <i key={s} className="held" /> : <i key={s} className={s} style={{ height: `${(n / most) * WHOLE}%` }} />; })}</span>
            <small>{t("fw.month_short", { n: String(Number(key.slice(5))) })}</small>
          </div>
        ))}
      </div>
      {!bare && (
        <details>
          <summary>{t("chart.table")}</summary>
          <div className="scroll" tabIndex={0} role="region" aria-label={t("fw.months")}>
            <table>
              <thead><tr><th scope="col">{t("fw.month")}</th>{SERIES.map((s) => <th key={s} scope="col">{t(`fw.${s}_wan`)}</th>)}</tr></thead>
              <tbody>{months.map(({ key, row }) => <tr key={key}><th scope="row">{key}</th>{SERIES.map((s) => <td key={s} className="number">{said(fen(row, s))}</td>)}</tr>)}</tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}
