// What financing comes to, for anybody, in plain words and a few pictures; what few firms are in is held back by the server.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { financeStatisticsPublicQuery, type FinanceSums } from "#api";
import { Bar } from "../parts/badges";
import { CountyTiles, type CountyFigure } from "../parts/countytiles";
import { Figures } from "../parts/facts";
import { MonthBars } from "../parts/monthbars";
import { Page } from "../parts/page";
import { FailureNote, Note } from "../parts/status";
import { FEN_PER_WAN, useYuan } from "../parts/yuan";
import finwall from "../text/finwall";
import { useText } from "../text";

const FIGURES = ["lent_fen", "granted_fen", "demands", "registered"] as const;
const HASH_SHOWN = 16;
const HUNDRED = 100;

function Said({ of: { total, least } }: { of: FinanceSums }) {
  const { t, num } = useText(finwall);
  const yuan = useYuan();
  if (total.held_back) return <Note><p>{t("fw.held_sum", { least: num(least) })}</p></Note>;
  const n = (x: number | null): string => num(x ?? 0);
  return (
    <section className="said">
      <p>{t("fw.said_firms", { registered: n(total.registered), products: n(total.products) })}</p>
      <p>{t("fw.said_demands", { demands: n(total.demands), granted: n(total.granted), granted_sum: yuan(total.granted_fen ?? 0), lent: n(total.lent), lent_sum: yuan(total.lent_fen ?? 0) })}</p>
      <p>{total.lent ? [total.rate !== null && t("fw.said_rate", { rate: total.rate.toFixed(2) }), total.days_median !== null && t("fw.said_days", { median: n(total.days_median), p90: n(total.days_p90) }), t("fw.said_first", { n: n(Math.round(((total.first_loans ?? 0) / total.lent) * HUNDRED)) })].filter(Boolean).join(" ") : t("fw.said_nothing")}</p>
      <Figures big rows={[[t("fw.registered"), n(total.registered)], [t("fw.demands"), n(total.demands)], [t("fw.granted"), yuan(total.granted_fen ?? 0)], [t("fw.lent"), yuan(total.lent_fen ?? 0)]]} />
    </section>
  );
}

function Counties({ of: o }: { of: FinanceSums }) {
  const { t, tCode, pick, num } = useText(finwall);
  const [figure, setFigure] = useState<(typeof FIGURES)[number]>("lent_fen");
  const known = new Map(o.regions.map((r) => [r.key, r]));
  const figureOf = (code: string): CountyFigure => {
    const row = known.get(code), n = row ? row[figure] : 0;
    return { value: n, text: n === null ? t("fw.held_short") : num(figure.endsWith("_fen") ? Math.round(n / FEN_PER_WAN) : n) };
  };
  return (
    <section>
      <h2>{t("fw.public_map")}</h2>
      <p className="filter"><label htmlFor="figure">{t("fw.choose")}</label><select id="figure" value={figure} onChange={(e) => setFigure(FIGURES.find((f) => f === e.target.value) ?? "lent_fen")}>{FIGURES.map((f) => <option key={f} value={f}>{tCode("fwfig", f)}</option>)}</select></p>
      <CountyTiles label={`${t("fw.public_map")} ${tCode("fwfig", figure)}`} counties={o.counties} figureOf={figureOf} pick={pick} />
      <p className="quiet">{t("fw.schematic")} {[...o.regions, ...o.months].some((r) => r.held_back) && t("fw.held", { least: num(o.least) })}</p>
      <details>
        <summary>{t("chart.table")}</summary>
        <table>
          <thead><tr><th scope="col">{t("fw.county")}</th><th scope="col">{tCode("fwfig", figure)}</th></tr></thead>
          <tbody>{o.counties.map((c) => <tr key={c.code}><th scope="row">{pick(c.title, c.title_en)}</th><td className="number">{figureOf(c.code).text}</td></tr>)}</tbody>
        </table>
      </details>
    </section>
  );
}

function Funnel({ of: { total } }: { of: FinanceSums }) {
  const { t, pick, num } = useText(finwall);
  if (total.held_back) return null;
  const most = Math.max(1, ...total.funnel.map((f) => f.financings ?? 0));
  return (
    <section>
      <h2>{t("fw.public_funnel")}</h2>
      <ol className="foremost plain">{total.funnel.map((f) => <li key={f.stage}><span className="named">{pick(f.title, f.title_en)}</span><span className="value">{num(f.financings ?? 0)}</span><Bar share={(f.financings ?? 0) / most} tone="" /></li>)}</ol>
    </section>
  );
}

export default function FinanceFigures() {
  const { t, when } = useText(finwall);
  const { data: o, error } = useQuery({ ...financeStatisticsPublicQuery(), retry: false });
  return (
    <Page title={t("fw.public_title")} lead={t("fw.public_lead")} help={t("fw.public_help")}>
      {error && <FailureNote error={error} />}
      {o && (
        <>
          <p className="quiet">{t("fw.public_as_of", { time: when(o.as_of) })}</p>
          <Said of={o} />
          <div className="figure-pages">
            <Counties of={o} />
            <div><section><h2>{t("fw.months")}</h2><MonthBars day={o.day} rows={o.months} /></section><Funnel of={o} /></div>
          </div>
          <p className="buttons"><Link className="button" to="/products">{t("fw.go_products")}</Link><Link className="button plain" to="/financing">{t("fw.go_financing")}</Link><Link className="button plain" to="/institutions">{t("fw.go_institutions")}</Link></p>
          {o.sha256 && <p className="quiet">{t("fw.source_hash", { hash: o.sha256.slice(0, HASH_SHOWN) })}</p>}
        </>
      )}
    </Page>
  );
}
