// The wall of the finance service centre: financing in figures for a whole room, asked for again every few seconds.  Every figure is of
// GET /v1/finance/statistics/wall.  It is drawn with plain HTML, so that what has not changed is not drawn again.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { financeStatisticsWallQuery, type FinanceWall } from "#api";
import { ApiFailure } from "#send";
import { CountyTiles, type CountyFigure } from "../parts/countytiles";
import { MonthBars } from "../parts/monthbars";
import { PageHelp } from "../parts/page";
import { FailureNote } from "../parts/status";
import { Clock, Foremost, useDarkWall } from "../parts/wallparts";
import { FEN_PER_WAN, useYuan } from "../parts/yuan";
import finwall from "../text/finwall";
import { useText } from "../text";

const REFRESH_MS = 15_000;
const FIRST_RETRY_MS = 5000, RETRY_MOST_MS = 120_000;
const HASH_SHOWN = 16;
const SHOWN = { league: 8, last: 20 };

function FullScreen() {
  const { t } = useText(finwall);
  const [full, setFull] = useState(false);
  useEffect(() => {
    const look = (): void => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const turn = (): void => void (full ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => undefined);
  return <button type="button" className="small plain" onClick={turn}>{t(full ? "fw.full_end" : "fw.full")}</button>;
}

function useSums() {
  const { num } = useText();
  const yuan = useYuan();
  const dash = (n: number | null, say: (n: number) => string = num): string => (n === null ? "–" : say(n));
  return { dash, yuan };
}

function Sums({ of: { total } }: { of: FinanceWall }) {
  const { t, num, percent } = useText(finwall);
  const { dash, yuan } = useSums();
  const figures: Array<[label: string, value: string, more: string]> = [
    [t("fw.registered"), dash(total.registered), t("fw.firms_n", { n: dash(total.firms) })],
    [t("fw.products"), dash(total.products), ""],
    [t("fw.demands"), dash(total.demands), t("fw.applied_n", { n: dash(total.applied) })],
    [t("fw.granted"), dash(total.granted_fen, yuan), t("fw.grants_n", { n: dash(total.granted) })],
    [t("fw.lent"), dash(total.lent_fen, yuan), t("fw.grants_n", { n: dash(total.lent) })],
    [t("fw.rate"), dash(total.rate, (r) => `${r.toFixed(2)}%`), t("fw.rate_more")],
    [t("fw.days"), dash(total.days_median, (n) => t("fw.days_n", { n: num(n) })), total.days_p90 === null ? "" : t("fw.days_p90", { n: num(total.days_p90) })],
    [t("fw.first"), dash(total.first_loans), total.first_loans !== null && total.lent ? t("fw.first_of", { share: percent(total.first_loans / total.lent) }) : ""],
  ];
  return <dl className="kpis">{figures.map(([label, value, more]) => <div key={label}><dt>{label}</dt><dd>{value}<small>{more}</small></dd></div>)}</dl>;
}

function Funnel({ of: { total } }: { of: FinanceWall }) {
  const { t, pick } = useText(finwall);
  const { dash } = useSums();
  const most = Math.max(1, ...total.funnel.map((f) => f.financings ?? 0));
  return <Foremost whole title={t("fw.funnel")} none="" rows={total.funnel.map((f) => ({ name: f.stage, title: pick(f.title, f.title_en), value: dash(f.financings), share: (f.financings ?? 0) / most }))} />;
}

function League({ of: { league, batches } }: { of: FinanceWall }) {
  const { t, pick } = useText(finwall);
  const { dash, yuan } = useSums();
  const rows = league.filter((r) => r.key && r.lent).slice(0, SHOWN.league);
  const most = Math.max(1, ...rows.map((r) => r.lent_fen ?? 0));
  return <Foremost title={t("fw.league")} none={t(!batches ? "fw.no_events" : league.length ? "fw.no_loans" : "fw.no_league")} rows={rows.map((r) => ({ name: r.key, title: r.title ? pick(r.title, r.title_en ?? r.title) : r.key, value: dash(r.lent_fen, yuan), share: (r.lent_fen ?? 0) / most }))} />;
}

function Counties({ of: o }: { of: FinanceWall }) {
  const { t, pick, num } = useText(finwall);
  const known = new Map(o.regions.map((r) => [r.key, r]));
  const figureOf = (code: string): CountyFigure => {
    const row = known.get(code), fen = row ? row.lent_fen : 0;
    return { value: fen, text: fen === null ? t("fw.held_short") : num(Math.round(fen / FEN_PER_WAN)) };
  };
  return (
    <section className="wall-box map">
      <h2>{t("fw.map")}</h2>
      <CountyTiles label={t("fw.map")} counties={o.counties} figureOf={figureOf} pick={pick} />
      <p className="quiet">{t("fw.schematic")} {o.regions.some((r) => r.held_back) && t("fw.held", { least: num(o.least) })}</p>
    </section>
  );
}

function Last({ of: { last } }: { of: FinanceWall }) {
  const { t, pick, lang } = useText(finwall);
  const clock = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return (
    <section className="wall-box feed">
      <h2>{t("fw.last")}</h2>
      {last.length ? (
        <ol>{last.slice(0, SHOWN.last).map((e, at) => (
          <li key={`${e.at} ${at}`}>
            <time dateTime={e.at}>{clock.format(new Date(e.at))}</time>
            <span>{[e.county ? pick(e.county_title ?? e.county, e.county_title_en ?? e.county) : t("fw.city"), e.kind_title ? pick(e.kind_title, e.kind_title_en ?? e.kind_title) : e.kind, e.band_title && pick(e.band_title, e.band_title_en ?? e.band_title)].filter(Boolean).join(" · ")}</span>
          </li>
        ))}</ol>
      ) : <p className="quiet">{t("fw.no_events")}</p>}
    </section>
  );
}

/** Silence and failures of the server are asked again, ever more seldom; a refusal is not. */
const refused = (error: unknown): boolean => error instanceof ApiFailure && error.failure.status >= 400 && error.failure.status < 500;
const asked = {
  ...financeStatisticsWallQuery(), refetchInterval: REFRESH_MS, refetchIntervalInBackground: true, networkMode: "always" as const,
  retry: (_: number, error: unknown) => !refused(error), retryDelay: (n: number) => Math.min(FIRST_RETRY_MS * 2 ** n, RETRY_MOST_MS),
};

export default function FinanceWallPage() {
  const { t, num, when } = useText(finwall);
  useDarkWall();
  const { data: o, error, failureCount, dataUpdatedAt } = useQuery(asked);
  useEffect(() => {
    document.title = `${t("fw.title")} · ${t("brand")}`;
  }, [t]);
  const stale = failureCount > 0 || error !== null;
  const foot = !o ? t("fw.waiting") : stale ? t("fw.stale", { time: when(new Date(dataUpdatedAt).toISOString()) }) : o.sha256 === null ? t("fw.source_none", { time: when(o.as_of) }) : t("fw.source", { time: when(o.as_of), n: num(o.batches), hash: o.sha256.slice(0, HASH_SHOWN) });
  return (
    <main id="main" className="wall finance-wall" tabIndex={-1}>
      <header><h1>{t("fw.title")}</h1><PageHelp title={t("fw.title")} text={t("fw.help")} /><Clock /><FullScreen /><Link to="/finance-stats">{t("fw.leave")}</Link></header>
      {error && <FailureNote error={error} />}
      {o && (
        <>
          <Sums of={o} />
          <div className="wall-grid">
            <div><Funnel of={o} /><League of={o} /></div>
            <div><Counties of={o} /><section className="wall-box"><h2>{t("fw.months")}</h2><MonthBars day={o.day} rows={o.months} bare /></section></div>
            <div><Last of={o} /></div>
          </div>
        </>
      )}
      <footer role="status" className={stale ? "stale" : undefined}>{foot}</footer>
    </main>
  );
}
