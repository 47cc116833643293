// The figures of financing as of a day: computed from the batches that the lake had by then, so that they come out the same whenever they are asked for again.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { financeDeliver, financeStatisticsQuery, type FinanceStatistics } from "#api";
import { Chart } from "../parts/chart";
import { Figures } from "../parts/facts";
import { FIGURES, FinancePicture, type Figure } from "../parts/financepicture";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, FailureNote, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { FEN_PER_WAN } from "../parts/yuan";
import { useSession } from "../session";
import figures from "../text/figures";
import { lang, useText } from "../text";

type Row = FinanceStatistics["rows"][number];
type Counts = Pick<Row, "registered" | "products" | "demands" | "applied" | "refused" | "granted" | "granted_fen" | "lent" | "lent_fen" | "repaid_fen" | "first_loans" | "renewals" | "overdue" | "firms" | "rate" | "days_median" | "days_p90">;

const BY = ["institution", "region", "industry", "size", "product", "month"] as const;
const LEAGUES: string[] = ["institution", "product"];
const ROW_REM = 2.2, HEAD_REM = 3;
const NUMBERS = ["registered", "products", "demands", "applied", "refused", "granted", "lent", "firms", "overdue"] as const;

function useWords() {
  const { t, num, percent } = useText(figures);
  const wan = (fen: number): string => num(Math.round(fen / FEN_PER_WAN * 100) / 100);
  const dash = (n: number | null, say: (n: number) => string): string => (n === null ? "–" : say(n));
  const days = (c: Counts): string => (c.days_median === null ? "–" : t("fig.days_of", { median: num(c.days_median), p90: num(c.days_p90 ?? c.days_median) }));
  const share = (n: number | null, of: number | null): string => (n === null ? "–" : of ? `${num(n)} · ${t("fig.share", { share: percent(n / of) })}` : num(n));
  return { wan, dash, days, share };
}

function Sums({ total }: { total: FinanceStatistics["total"] }) {
  const { t, tCode, num } = useText(figures);
  const { wan, dash, days, share } = useWords();
  return (
    <>
      {total.held_back && <Note><p>{t("fig.held_sum")}</p></Note>}
      <Figures big rows={[[t("fig.demands"), dash(total.demands, num)], [t("fig.granted_yuan"), dash(total.granted_fen, wan)], [t("fig.lent_yuan"), dash(total.lent_fen, wan)], [t("fig.rate"), dash(total.rate, (r) => `${num(r)}%`)]]} />
      <Figures rows={[...NUMBERS.map((k): [string, string] => [tCode("fig", k), dash(total[k], num)]), [t("fig.first_loans"), share(total.first_loans, total.lent)], [t("fig.renewals"), share(total.renewals, total.lent)], [t("fig.repaid_yuan"), dash(total.repaid_fen, wan)], [t("fig.days"), days(total)]]} />
    </>
  );
}

function Funnel({ total }: { total: FinanceStatistics["total"] }) {
  const { t, pick } = useText(figures);
  const drawn = useMemo(() => {
    const names = total.funnel.map((f) => pick(f.title, f.title_en));
    return {
      option: {
        grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
        xAxis: { type: "value" as const, minInterval: 1 },
        yAxis: { type: "category" as const, inverse: true, data: names },
        series: [{ type: "bar" as const, label: { show: true, position: "right" as const }, data: total.funnel.map((f) => f.financings) }],
      },
      heads: [t("fig.stage"), t("fig.financings")],
      rows: total.funnel.map((f, at): Array<string | number> => [names[at] ?? f.stage, f.financings ?? "–"]),
    };
  }, [total, t, pick]);
  return <div className="panel spaced"><Chart title={t("fig.funnel")} rem={total.funnel.length * ROW_REM + HEAD_REM} {...drawn} /></div>;
}

function Groups({ data, by, figure }: { data: FinanceStatistics; by: (typeof BY)[number]; figure: Figure }) {
  const { t, tCode, pick, num } = useText(figures);
  const { wan, dash, days } = useWords();
  const name = (r: Row): string => (r.title ? pick(r.title, r.title_en ?? r.title) : r.key || t("fig.unknown"));
  const number = (id: "demands" | "applied" | "refused" | "granted" | "lent" | "first_loans"): Column<Row> => ({ id, head: tCode("fig", id), number: true, cell: (r) => dash(r[id], num) });
  const columns: Array<Column<Row>> = [
    { id: "name", head: tCode("figby", by), cell: (r) => (r.held_back ? <span>{name(r)}<br /><small className="quiet">{t("fig.held", { least: num(data.least) })}</small></span> : name(r)) },
    { id: "lent_yuan", head: t("fig.lent_yuan"), number: true, cell: (r) => dash(r.lent_fen, wan) }, number("lent"), { id: "granted_yuan", head: t("fig.granted_yuan"), number: true, cell: (r) => dash(r.granted_fen, wan) },
    number("granted"), number("demands"), number("applied"), number("refused"), number("first_loans"),
    { id: "rate", head: t("fig.rate"), number: true, cell: (r) => dash(r.rate, (x) => `${num(x)}%`) }, { id: "days", head: t("fig.days"), cell: days },
  ];
  if (!data.rows.length) return <Empty text={t("fig.none")} />;
  return (
    <>
      {LEAGUES.includes(by) && <p className="quiet">{t("fig.league_rule")}</p>}
      <FinancePicture data={data} by={by} figure={figure} nameOf={name} />
      <Table label={tCode("figby", by)} columns={columns} rows={data.rows} rowKey={(r) => r.key} />
    </>
  );
}

function Beside({ data }: { data: FinanceStatistics }) {
  const { t, pick, num, when } = useText(figures);
  const { wan, dash } = useWords();
  return (
    <>
      <section>
        <h2>{t("fig.reasons")}</h2>
        {data.reasons.length ? <Table label={t("fig.reasons")} rows={data.reasons} rowKey={(r) => r.code} columns={[{ id: "reason", head: t("fig.reason"), cell: (r) => (r.title ? pick(r.title, r.title_en ?? r.title) : r.code) }, { id: "n", head: t("fig.times"), number: true, cell: (r) => num(r.n) }]} /> : <p className="quiet">{t("fig.no_reasons")}</p>}
      </section>
      <section>
        <h2>{t("fig.reported")}</h2>
        <Figures rows={(["granted", "lent"] as const).map((k) => { const r = data.reported[k]; return [t(`fig.${k}`), t("fig.reported_row", { n: num(r.n), wan: wan(r.fen), n_more: dash(r.n_more, num), wan_more: dash(r.fen_more, wan) })]; })} />
      </section>
      <section>
        <h2>{t("fig.sources")}</h2>
        {data.sources.map((s) => {
          const title = s.title ? pick(s.title, s.title_en ?? s.title) : (s.resource ?? "");
          return s.sha256 === null ? <p key={title} className="quiet">{t("fig.no_batches", { title })}</p> : (
            <details key={title}>
              <summary>{t("fig.total_hash", { title, n: num(s.total), hash: s.sha256.slice(0, 16) })}</summary>
              <Table label={title} rows={s.batches} rowKey={(b) => b.id} columns={[{ id: "id", head: t("fig.batch"), cell: (b) => b.id }, { id: "rows", head: t("fig.rows"), number: true, cell: (b) => num(b.rows) }, { id: "published", head: t("fig.published"), cell: (b) => when(b.published_at) }, { id: "hash", head: t("fig.hash"), cell: (b) => <code className="breaks">{b.manifest_sha256}</code> }]} />
            </details>
          );
        })}
      </section>
    </>
  );
}

function Select({ id, label, value, choices, onChange }: { id: string; label: string; value: string; choices: Array<[string, string]>; onChange: (v: string) => void }) {
  return (
    <p className="filter">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(e) => onChange(e.target.value)}>{choices.map(([v, text]) => <option key={v} value={v}>{text}</option>)}</select>
    </p>
  );
}

function Deliver({ said }: { said: (what: string) => void }) {
  const { t, num } = useText(figures);
  const refresh = useRefresh();
  const act = async (): Promise<void> => {
    const { events } = await financeDeliver();
    said(events ? t("fig.delivered", { n: num(events) }) : t("fig.nothing"));
    await refresh();
  };
  return <button type="button" className="small" onClick={() => void act().catch((e: unknown) => said(e instanceof Error ? e.message : String(e)))}>{t("fig.deliver")}</button>;
}

export default function FinanceStatsPage() {
  const { t, tCode, day } = useText(figures);
  const { can } = useSession();
  const [said, setSaid] = useState<string | null>(null);
  const [params, setParams] = useSearchParams();
  const asOf = params.get("as_of") ?? "", own = params.get("own") === "Y";
  const by = BY.find((b) => b === params.get("by")) ?? "institution";
  const figure = FIGURES.find(([f]) => f === params.get("figure"))?.[0] ?? "lent_fen";
  const change = (key: string, value: string): void => setParams((was) => { const next = new URLSearchParams(was); if (value) next.set(key, value); else next.delete(key); return next; }, { replace: true });
  const asked = { by, ...(asOf && { as_of: asOf }), ...(own && { own: "Y" as const }) };
  const { data, error } = useQuery({ ...financeStatisticsQuery(asked), retry: false, placeholderData: (before) => before });
  const file = (format: "csv" | "xlsx"): string => `/v1/finance/statistics/file?${new URLSearchParams({ ...asked, format, lang: lang() })}`;
  return (
    <Page title={t("fig.title")} lead={t("fig.lead")} help={t("fig.help")} actions={<><Link className="button small plain" to="/finance-wall">{t("fig.wall")}</Link><Link className="button small plain" to="/finance-figures">{t("fig.public")}</Link></>}>
      <div className="tools">
        <div className="filters">
          <p className="filter"><label htmlFor="fig-as-of">{t("fig.as_of")}</label><input id="fig-as-of" type="date" value={asOf} onChange={(e) => change("as_of", e.target.value)} /></p>
          <Select id="fig-by" label={t("fig.by")} value={by} onChange={(v) => change("by", v)} choices={BY.map((b): [string, string] => [b, tCode("figby", b)])} />
          <Select id="fig-figure" label={t("fig.figure")} value={figure} onChange={(v) => change("figure", v)} choices={FIGURES.map(([f, key]): [string, string] => [f, t(key)])} />
          {data?.organisation && <Select id="fig-own" label={t("fig.events_of")} value={own ? "Y" : ""} onChange={(v) => change("own", v)} choices={[["", t("fig.all")], ["Y", t("fig.own")]]} />}
        </div>
        <div className="tool-buttons"><a className="button small plain" href={file("csv")} download>{t("fig.csv")}</a><a className="button small plain" href={file("xlsx")} download>{t("fig.xlsx")}</a>{can("finance.deliver") && <Deliver said={setSaid} />}</div>
      </div>
      {said && <Note><p role="status">{said}</p></Note>}
      {error && <FailureNote error={error} />}
      {data && !error && (
        <>
          <p className="quiet">{t("fig.as_of")}: {day(data.day)}</p>
          <Sums total={data.total} />
          <Funnel total={data.total} />
          <section><h2>{by === "institution" ? t("fig.league") : by === "product" ? t("fig.products_league") : tCode("figby", by)}</h2><Groups data={data} by={by} figure={figure} /></section>
          <Beside data={data} />
        </>
      )}
    </Page>
  );
}
