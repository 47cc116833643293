// Complaints in figures: tiles, bars and a table, by institution, kind, month or state; nothing of it is personal.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { complaintFiguresQuery, type ComplaintFigures } from "#api";
import complaint from "../text/complaint";
import { lang, useText } from "../text";
import { Chart } from "./chart";
import { Figures } from "./facts";
import { Empty, FailureNote } from "./status";
import { Table, type Column } from "./table";

type Row = ComplaintFigures["rows"][number];

const BY = ["institution", "kind", "month", "state"] as const;
const NUMBERS = ["received", "open", "answered", "in_time", "reopened", "rated"] as const;
const ROW_REM = 2.2, HEAD_REM = 4;

const dash = (n: number | null, say: (n: number) => string): string => (n === null ? "–" : say(n));

/** What all come to, as tiles. */
export function ComplaintSums({ total }: { total: ComplaintFigures["total"] }) {
  const { t, tCode, num } = useText(complaint);
  return <Figures rows={[...NUMBERS.map((k): [string, string] => [tCode("cplfig", k), dash(total[k], num)]), [t("cpl.days_median"), dash(total.days_median, num)], [t("cpl.mean"), dash(total.rating, (r) => num(Math.round(r * 100) / 100))]]} />;
}

const useName = (): ((r: Row) => string) => {
  const { pick } = useText(complaint);
  return (r) => (r.title ? pick(r.title, r.title_en) : r.key);
};

const BARS = ["received", "answered", "reopened"] as const;

function Bars({ rows, title }: { rows: Row[]; title: string }) {
  const { tCode, pick } = useText(complaint);
  const drawn = useMemo(() => {
    const shown = rows.filter((r) => !r.held_back);
    const names = shown.map((r) => (r.title ? pick(r.title, r.title_en) : r.key));
    return {
      option: {
        grid: { left: 8, right: 32, top: 8, bottom: 40, containLabel: true },
        legend: { bottom: 0 },
        xAxis: { type: "value" as const, minInterval: 1 },
        yAxis: { type: "category" as const, inverse: true, data: names, axisLabel: { width: 120, overflow: "truncate" as const } },
        series: BARS.map((k) => ({ type: "bar" as const, name: tCode("cplfig", k), data: shown.map((r) => r[k] ?? 0) })),
      },
      heads: [title, ...BARS.map((k) => tCode("cplfig", k))],
      rows: shown.map((r, at): Array<string | number> => [names[at] ?? r.key, ...BARS.map((k) => r[k] ?? "–")]),
    };
  }, [rows, title, tCode, pick]);
  return drawn.rows.length ? <div className="panel spaced"><Chart title={title} rem={drawn.rows.length * ROW_REM + HEAD_REM} {...drawn} /></div> : null;
}

function Groups({ data, by }: { data: ComplaintFigures; by: string }) {
  const { t, tCode, num } = useText(complaint);
  const name = useName();
  const title = tCode("cplby", by);
  const columns: Array<Column<Row>> = [
    { id: "name", head: title, cell: (r) => (r.held_back ? <span>{name(r)}<br /><small className="quiet">{t("cpl.held", { least: num(data.least) })}</small></span> : name(r)) },
    ...NUMBERS.map((k): Column<Row> => ({ id: k, head: tCode("cplfig", k), number: true, cell: (r) => dash(r[k], num) })),
    { id: "days", head: t("cpl.days_median"), number: true, cell: (r) => dash(r.days_median, num) },
    { id: "rating", head: t("cpl.mean"), number: true, cell: (r) => dash(r.rating, (x) => num(Math.round(x * 100) / 100)) },
  ];
  if (!data.rows.length) return <Empty text={t("cpl.no_figures")} />;
  return <><Bars rows={data.rows} title={title} /><Table label={title} columns={columns} rows={data.rows} rowKey={(r) => r.key} /></>;
}

export function ComplaintFiguresBox() {
  const { t, tCode } = useText(complaint);
  const [by, setBy] = useState<(typeof BY)[number]>("institution");
  const [from, setFrom] = useState(""), [to, setTo] = useState("");
  const [own, setOwn] = useState(false);
  const asked = { by, ...(from && { from }), ...(to && { to }), ...(own && { own: "Y" as const }) };
  const { data, error } = useQuery({ ...complaintFiguresQuery(asked), retry: false, placeholderData: (before) => before });
  const file = (format: "csv" | "xlsx"): string => `/v1/finance/complaints/figures/file?${new URLSearchParams({ ...asked, format, lang: lang() })}`;
  return (
    <section>
      <h2>{t("cpl.figures")}</h2>
      <div className="tools">
        <div className="filters">
          <p className="filter"><label htmlFor="cpl-by">{t("cpl.fig_by")}</label><select id="cpl-by" value={by} onChange={(e) => setBy(BY.find((b) => b === e.target.value) ?? by)}>{BY.map((b) => <option key={b} value={b}>{tCode("cplby", b)}</option>)}</select></p>
          <p className="filter"><label htmlFor="cpl-from">{t("cpl.from")}</label><input id="cpl-from" type="month" value={from} onChange={(e) => setFrom(e.target.value)} /></p>
          <p className="filter"><label htmlFor="cpl-to">{t("cpl.to")}</label><input id="cpl-to" type="month" value={to} onChange={(e) => setTo(e.target.value)} /></p>
          {data?.organisation && <p className="filter"><label htmlFor="cpl-own">{t("cpl.scope")}</label><select id="cpl-own" value={own ? "Y" : ""} onChange={(e) => setOwn(e.target.value === "Y")}><option value="">{t("cpl.all")}</option><option value="Y">{t("cpl.own")}</option></select></p>}
        </div>
        <div className="tool-buttons"><a className="button small plain" href={file("csv")} download>{t("cpl.csv")}</a><a className="button small plain" href={file("xlsx")} download>{t("cpl.xlsx")}</a></div>
      </div>
      {error && <FailureNote error={error} />}
      {data && !error && <><ComplaintSums total={data.total} /><Groups data={data} by={data.by} /></>}
    </section>
  );
}
