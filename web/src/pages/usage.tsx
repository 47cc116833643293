// Who uses the data: how often, for what, until when; of one's own organisation, or, for the platform, of all.
import { useQueries, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { Link } from "react-router";
import { grantShowQuery, usageShowQuery, type Grant, type UsageRow } from "#api";
import { Chart } from "../parts/chart";
import { Figures } from "../parts/facts";
import { useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty, Note } from "../parts/status";
import { Filter, Table, type Column } from "../parts/table";
import { useSession } from "../session";
import ops from "../text/ops";
import share from "../text/share";
import { useText } from "../text";

const WAYS = ["grant", "resource", "organisation"] as const;
const SPANS = ["7", "30", "90", "365"] as const;
const DAY_MS = 86_400_000;
const SHOWN = 50;
const WIDEST = 48; // px of a bar, where there are few

const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function Days({ from, resource }: { from: string; resource?: string }) {
  const { t, day } = useText(ops);
  const { data } = useSuspenseQuery(usageShowQuery({ by: "day", from, resource }));
  const drawn = useMemo(() => ({
    option: {
      grid: { left: 8, right: 16, top: 16, bottom: 40, containLabel: true },
      legend: { bottom: 0 },
      tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
      xAxis: { type: "category" as const, data: data.items.map((r) => day(r.what)) },
      yAxis: { type: "value" as const, minInterval: 1 },
      series: [{ type: "bar" as const, barMaxWidth: WIDEST, name: t("usage.calls"), stack: "n", data: data.items.map((r) => r.calls) }, { type: "bar" as const, barMaxWidth: WIDEST, name: t("usage.refused"), stack: "n", data: data.items.map((r) => r.refused) }],
    },
    heads: [t("usage.day"), t("usage.calls"), t("usage.refused")],
    rows: data.items.map((r) => [day(r.what), r.calls, r.refused]),
  }), [data, t, day]);
  return data.items.length ? <div className="panel spaced"><Chart title={t("usage.chart")} {...drawn} /></div> : null;
}

/** The grants behind the rows, with what each was given for. */
function useGrants(ids: string[]): Map<string, Grant> {
  const found = useQueries({ queries: ids.map((id) => ({ ...grantShowQuery({ id }), retry: false })) });
  return new Map(found.flatMap((x) => (x.data ? [[x.data.id, x.data]] : [])));
}

function Rows({ by, rows }: { by: (typeof WAYS)[number]; rows: UsageRow[] }) {
  const { t, num, when, day } = useText(ops, share);
  const grants = useGrants(by === "grant" ? rows.map((r) => r.what ?? "").filter(Boolean) : []);
  const { orgName, resourceTitle } = useNames(by === "resource" ? rows.map((r) => r.what ?? "") : [...grants.values()].map((g) => g.resource));
  const grant = (r: UsageRow): Grant | undefined => grants.get(r.what ?? "");
  const named: Record<(typeof WAYS)[number], (r: UsageRow) => ReactNode> = {
    grant: (r) => (r.what ? <><Link to={`/grants/${encodeURIComponent(r.what)}`}>{grant(r) ? resourceTitle(grant(r)!.resource) : r.what}</Link><span className="quiet">{r.what}</span></> : t("usage.no_grant")),
    resource: (r) => <Link to={`/resources/${encodeURIComponent(r.what ?? "")}`}>{resourceTitle(r.what ?? "")}</Link>,
    organisation: (r) => orgName(r.what ?? ""),
  };
  const columns: Array<Column<UsageRow>> = [
    { id: "what", head: t(`usage.by_${by}`), cell: named[by] },
    ...(by === "grant" ? [
      { id: "who", head: t("grant.holder"), cell: (r: UsageRow) => orgName(grant(r)?.organisation ?? null) || "–" },
      { id: "purpose", head: t("flow.purpose"), cell: (r: UsageRow) => grant(r)?.purpose ?? "–" },
      { id: "basis", head: t("flow.basis"), cell: (r: UsageRow) => grant(r)?.legal_basis ?? "–" },
      { id: "until", head: t("grant.until"), cell: (r: UsageRow) => day(grant(r)?.until) },
    ] : []),
    { id: "calls", head: t("usage.calls"), number: true, cell: (r) => num(r.calls) },
    { id: "records", head: t("usage.records"), number: true, cell: (r) => num(r.records) },
    { id: "refused", head: t("usage.refused"), number: true, cell: (r) => num(r.refused) },
    { id: "last", head: t("usage.last"), cell: (r) => when(r.last_at) },
  ];
  return <Table label={t("usage.title")} columns={columns} rows={rows} rowKey={(r) => r.what ?? ""} />;
}

export default function UsagePage() {
  const { t, tCode, num, when } = useText(ops);
  const { can } = useSession();
  const list = useList();
  const by = WAYS.find((w) => w === list.filter("by")) ?? "grant";
  const span = SPANS.find((s) => s === list.filter("days")) ?? "30";
  const resource = list.filter("resource") || undefined;
  const from = dayText(Date.now() - (Number(span) - 1) * DAY_MS);
  const { resourceTitle } = useNames(resource ? [resource] : []);
  const { data } = useSuspenseQuery(usageShowQuery({ by, from, resource }));
  const { total } = data;
  return (
    <Page title={resource ? t("usage.of", { title: resourceTitle(resource) }) : t("usage.title")} lead={t("usage.lead")} help={t("usage.help")}>
      <div className="tools"><div className="filters">
        <Filter list={list} name="by" label={t("usage.by")} all={t("usage.by_grant")} options={WAYS.slice(1).map((w) => [w, t(`usage.by_${w}`)])} />
        <Filter list={list} name="days" label={t("usage.span")} all={tCode("span", "30")} options={SPANS.filter((s) => s !== "30").map((s) => [s, tCode("span", s)])} />
      </div></div>
      <Figures big rows={[[t("usage.calls"), num(total.calls)], [t("usage.keys"), num(total.keys)], [t("usage.records"), num(total.records)], [t("usage.refused"), num(total.refused)], [t("usage.last"), when(total.last_at)]]} />
      <Days from={from} resource={resource} />
      {data.items.length ? <Rows by={by} rows={data.items.slice(0, SHOWN)} /> : <Empty text={t("usage.none")} />}
      {data.items.length > SHOWN && <p className="quiet">{t("usage.more", { n: num(data.items.length) })}</p>}
      <Note><p>{can("freeze") ? <>{t("usage.freeze_may")} <Link to="/admin">{t("nav.admin")}</Link></> : t("usage.freeze")}</p></Note>
    </Page>
  );
}
