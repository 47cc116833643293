// How much in time departments report their decisions: figures, a chart, the departments, what is behind them one by one, and gaps.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { timelinessFileUrl, timelinessRecords, timelinessRecordsQuery, timelinessShowQuery, type Timeliness, type TimelyCounts, type TimelyGap, type TimelyLine, type TimelyRecord } from "#api";
import { Badge } from "../parts/badges";
import { Chart } from "../parts/chart";
import { Figures } from "../parts/facts";
import { Icon } from "../parts/icon";
import { useList, type ListState } from "../parts/list";
import { Page } from "../parts/page";
import { Empty, Note } from "../parts/status";
import { Filter, ServerTable, Table, type Column } from "../parts/table";
import credit from "../text/credit";
import { lang, useText } from "../text";

const KINDS = ["penalty", "permit"] as const;
const SPANS = ["3", "6", "12", "36"] as const;
const WHATS = ["late", "all", "ungrounded", "repeated", "shared"] as const;
const DRAWN = 15; // departments in the chart
const WIDEST = 48; // px of a bar, where there are few

type What = (typeof WHATS)[number];

/** The month that many months before the present one, "2026-05". */
function monthsAgo(n: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() - n, 1)).toISOString().slice(0, 7);
}

interface Sum extends TimelyCounts {
  department: string;
  name: string;
}

function added(to: Sum, line: TimelyLine): Sum {
  return {
    ...to, name: line.name || to.name, decided: to.decided + line.decided, in_time: to.in_time + line.in_time, late: to.late + line.late, late_days: to.late_days + line.late_days,
    worst: Math.max(to.worst, line.worst), ungrounded: line.ungrounded === null ? null : (to.ungrounded ?? 0) + line.ungrounded, repeated: to.repeated + line.repeated,
    shared: to.shared + line.shared, refused: to.refused + line.refused,
  };
}

/** Lines of all months, a department each; the most late first. */
function byDepartment(lines: TimelyLine[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const line of lines) {
    const none: Sum = { department: line.department, name: line.name, decided: 0, in_time: 0, late: 0, late_days: 0, worst: 0, ungrounded: null, repeated: 0, shared: 0, refused: 0 };
    sums.set(line.department, added(sums.get(line.department) ?? none, line));
  }
  return [...sums.values()].sort((a, b) => b.late - a.late || b.decided - a.decided);
}

function Bars({ data, department }: { data: Timeliness; department: string }) {
  const { t } = useText(credit);
  const rows = useMemo(() => (department ? data.lines.filter((l) => l.decided).map((l) => ({ label: l.month, ...l })) : byDepartment(data.lines).filter((s) => s.decided).map((s) => ({ label: s.name, ...s }))), [data, department]);
  const drawn = useMemo(() => {
    const some = rows.slice(0, department ? undefined : DRAWN);
    const bar = (name: string, values: number[]) => ({ type: "bar" as const, barMaxWidth: WIDEST, stack: "n", name, data: values });
    const names = { type: "category" as const, data: some.map((r) => r.label), axisLabel: { width: 140, overflow: "truncate" as const } };
    const count = { type: "value" as const, minInterval: 1 };
    return {
      option: {
        grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
        legend: { top: 0 },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        ...(department ? { xAxis: names, yAxis: count } : { xAxis: count, yAxis: { ...names, inverse: true } }),
        series: [bar(t("timely.in_time"), some.map((r) => r.in_time)), bar(t("timely.late"), some.map((r) => r.late))],
      },
      heads: [t(department ? "timely.month" : "timely.department"), t("timely.in_time"), t("timely.late")],
      rows: some.map((r) => [r.label, r.in_time, r.late]),
    };
  }, [rows, department, t]);
  if (!rows.length) return null;
  const name = rows[0] && "name" in rows[0] ? rows[0].name : "";
  return (
    <div className="panel spaced">
      <Chart title={department ? t("timely.chart_of", { name }) : t("timely.chart")} {...drawn} />
      {!department && rows.length > DRAWN && <p className="quiet">{t("timely.chart_more", { n: rows.length - DRAWN })}</p>}
    </div>
  );
}

function Departments({ data, list }: { data: Timeliness; list: ListState }) {
  const { t, num, percent } = useText(credit);
  const columns: Array<Column<Sum>> = [
    { id: "name", head: t("timely.department"), cell: (s) => (s.department ? <button type="button" className="plain small" onClick={() => list.setFilter("department", s.department)}>{s.name || s.department}</button> : t("timely.unknown")) },
    { id: "decided", head: t("timely.decided"), number: true, cell: (s) => num(s.decided) },
    { id: "share", head: t("timely.share"), number: true, cell: (s) => (s.decided ? percent(s.in_time / s.decided) : "–") },
    { id: "late", head: t("timely.late"), number: true, cell: (s) => num(s.late) },
    { id: "worst", head: t("timely.worst"), number: true, cell: (s) => num(s.worst) },
    ...(data.sums.ungrounded === null ? [] : [{ id: "ungrounded", head: t("timely.ungrounded"), number: true, cell: (s: Sum) => num(s.ungrounded ?? 0) }]),
    { id: "repeated", head: t("timely.repeated"), number: true, cell: (s) => num(s.repeated) },
    { id: "shared", head: t("timely.shared"), number: true, cell: (s) => num(s.shared) },
    { id: "refused", head: t("timely.refused"), number: true, cell: (s) => num(s.refused) },
  ];
  return <Table label={t("timely.department")} columns={columns} rows={byDepartment(data.lines)} rowKey={(s) => s.department} />;
}

interface Asked {
  kind: string;
  from: string;
  department?: string;
}

function Records({ asked, list }: { asked: Asked; list: ListState }) {
  const { t, tCode, num, day } = useText(credit);
  const what: What = WHATS.find((w) => w === list.filter("what")) ?? "late";
  const { data: page } = useSuspenseQuery(timelinessRecordsQuery({ ...asked, what, offset: list.offset, limit: list.limit }));
  const columns: Array<Column<TimelyRecord>> = [
    { id: "number", head: t("timely.number"), cell: (r) => r.number, text: (r) => r.number },
    { id: "party", head: t("timely.party"), cell: (r) => r.party, text: (r) => r.party },
    { id: "department", head: t("timely.department"), cell: (r) => r.name, text: (r) => r.name },
    { id: "decided", head: t("public.decided"), cell: (r) => day(r.decided), text: (r) => r.decided },
    { id: "reported", head: t("timely.reported"), cell: (r) => day(r.reported), text: (r) => r.reported },
    { id: "days", head: t("timely.days"), number: true, cell: (r) => num(r.days), text: (r) => r.days },
    { id: "beyond", head: t("timely.beyond"), cell: (r) => (r.beyond ? <Badge tone={r.beyond > 5 ? "poor" : "fair"}>{t("timely.beyond_n", { n: r.beyond })}</Badge> : "–"), text: (r) => r.beyond },
    { id: "told", head: t("timely.told"), number: true, cell: (r) => num(r.told), text: (r) => r.told, extra: true },
    { id: "others", head: t("timely.others"), cell: (r) => r.others || "–", text: (r) => r.others },
  ];
  return (
    <section>
      <h2>{t("timely.records")}</h2>
      <ServerTable id="timeliness" label={t("timely.records")} columns={columns} page={page} rowKey={(r) => `${r.department} ${r.number} ${r.party}`} list={list} empty={<Empty text={t("timely.no_records")} />}
        filters={<Filter list={list} name="what" label={t("timely.what")} all={tCode("what", "late")} options={WHATS.slice(1).map((w) => [w, tCode("what", w)])} />}
        ask={(offset, limit) => timelinessRecords({ ...asked, what, offset, limit })} />
    </section>
  );
}

function Gaps({ gaps }: { gaps: TimelyGap[] }) {
  const { t, num } = useText(credit);
  if (!gaps.length) return null;
  const columns: Array<Column<TimelyGap>> = [
    { id: "name", head: t("timely.department"), cell: (g) => g.name },
    { id: "series", head: t("timely.series"), cell: (g) => g.series },
    { id: "range", head: t("timely.range"), cell: (g) => `${g.lowest}–${g.highest}` },
    { id: "missing", head: t("timely.missing"), number: true, cell: (g) => num(g.missing) },
    { id: "first", head: t("timely.first"), cell: (g) => (g.first.split(", ").length < g.missing ? `${g.first} …` : g.first) },
  ];
  return <section><h2>{t("timely.gaps")}</h2><p>{t("timely.gaps_lead")}</p><Table label={t("timely.gaps")} columns={columns} rows={gaps} rowKey={(g) => `${g.department} ${g.series}`} /></section>;
}

export default function TimelinessPage() {
  const { t, tCode, num, percent } = useText(credit);
  const list = useList();
  const kind = KINDS.find((k) => k === list.filter("kind")) ?? "penalty";
  const span = SPANS.find((s) => s === list.filter("months")) ?? "12";
  const department = list.filter("department");
  const asked: Asked = { kind, from: monthsAgo(Number(span) - 1), department: department || undefined };
  const { data } = useSuspenseQuery(timelinessShowQuery(asked));
  const { sums } = data;
  const name = data.lines.find((l) => l.department === department)?.name ?? department;
  return (
    <Page title={t("timely.title")} lead={t("timely.lead", { n: data.report_days })} help={t("timely.help")}
      actions={<a className="button" href={timelinessFileUrl({ ...asked, lang: lang() })} download><Icon name="download" />{t("timely.csv")}</a>}>
      <div className="tools"><div className="filters">
        <Filter list={list} name="kind" label={t("timely.kind")} all={t("timely.penalty")} options={[["permit", t("timely.permit")]]} />
        <Filter list={list} name="months" label={t("timely.span")} all={t("timely.span_12")} options={SPANS.filter((s) => s !== "12").map((s) => [s, t(`timely.span_${s}`)])} />
        {department && <Filter list={list} name="department" label={t("timely.department")} all={t("timely.all")} options={[[department, name]]} />}
      </div></div>
      <Figures big rows={[
        [t("timely.decided"), num(sums.decided)], [t("timely.share"), sums.decided ? percent(sums.in_time / sums.decided) : "–"], [t("timely.late"), num(sums.late)], [t("timely.worst"), num(sums.worst)],
        ...(sums.ungrounded === null ? [] : [[t("timely.ungrounded"), num(sums.ungrounded)] as [string, string]]), [t("timely.repeated"), num(sums.repeated)], [t("timely.shared"), num(sums.shared)], [t("timely.refused"), num(sums.refused)],
      ]} />
      {!data.calendar_known && <Note><p>{t("timely.calendar")}</p></Note>}
      {data.lines.length ? <><Bars data={data} department={department} /><Departments data={data} list={list} /><Records asked={asked} list={list} /></> : <Empty text={t("timely.none")} />}
      <Gaps gaps={data.gaps} />
      <p className="quiet">{t("timely.rule", { source: data.source, basis: tCode("trust", data.basis) })}</p>
    </Page>
  );
}
