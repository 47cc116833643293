// The platform operator's view: what runs out of time, who delivers how well, what is asked for and not there, what is there and not used.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import {
  demandsListQuery, idleList, idleListQuery, organisationsListQuery, overviewShowQuery, packsListQuery, tasksList, tasksListQuery, type DemandCard, type IdleResource, type Organisation, type OverviewSource, type Pack,
} from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { Icon } from "../parts/icon";
import { orderOf, useHashList, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, Table, type Column } from "../parts/table";
import { KINDS, taskColumns } from "../parts/tasks";
import ops from "../text/ops";
import { useText } from "../text";

const REFRESH_MS = 10_000;
const UNMET = 50;

function Now() {
  const { t, num, percent, when } = useText(ops);
  const { data: o } = useSuspenseQuery({ ...overviewShowQuery(), refetchInterval: REFRESH_MS });
  const tile = (id: string, value: string, label: string, to: string, tone = ""): React.ReactNode => <li key={id} className={`tile ${tone}`.trim()}><Link to={to}><strong>{value}</strong><span>{label}</span></Link></li>;
  return (
    <section>
      <h2>{t("now.title")}</h2>
      <ul className="tiles">
        {tile("connected", `${num(o.departments.connected)} / ${num(o.departments.registered)}`, t("now.connected"), "#sources")}
        {tile("records", num(o.records.total), t("now.records"), "/")}
        {tile("quality", o.quality === null ? "–" : percent(o.quality), t("now.quality"), "#sources")}
        {tile("today", num(o.calls.today), t("now.calls"), "/usage")}
        {tile("running", num(o.deliveries.running), t("now.running"), "/deliveries?state=received")}
        {tile("waiting", num(o.deliveries.waiting), t("now.waiting"), "/deliveries?state=waiting", o.deliveries.waiting ? "late" : "none")}
        {tile("failed", num(o.deliveries.failed), t("now.failed"), "/deliveries?state=failed", o.deliveries.failed ? "late" : "none")}
        {tile("open", num(o.records.quarantined), t("now.open"), "#sources", o.records.quarantined ? "late" : "none")}
      </ul>
      <p className="quiet">{t("now.source", { time: when(o.at) })}</p>
    </section>
  );
}

function Deadlines() {
  const text = useText(ops);
  const { t, tCode } = text;
  const list = useList(10);
  const names = useNames();
  const kind = KINDS.find((k) => k === list.filter("kind"));
  const { data: page } = useSuspenseQuery(tasksListQuery({ of: "all", kind, limit: list.limit, offset: list.offset }));
  return (
    <section>
      <h2>{t("deadline.title")}</h2>
      <ServerTable id="deadlines" label={t("deadline.title")} columns={taskColumns(text, names)} page={page} rowKey={(x) => `${x.kind} ${x.id}`} list={list}
        ask={(offset, limit) => tasksList({ of: "all", kind, limit, offset })} empty={<Empty text={t("deadline.none")} />}
        filters={<Filter list={list} name="kind" label={t("task.kind")} all={t("task.all")} options={KINDS.map((k) => [k, tCode("taskkind", k)])} />} />
    </section>
  );
}

const IDLE_ORDERS = ["resource", "since", "grants"] as const;

function Ranking() {
  const { t, pick, num, percent, when } = useText(ops);
  const { data: o } = useSuspenseQuery(overviewShowQuery());
  const columns: Array<Column<OverviewSource>> = [
    { id: "source", head: t("rank.source"), cell: (s) => <><span>{pick(s.title, s.title_en)}</span><span className="quiet">{s.name}</span></> },
    { id: "quality", head: t("desk.quality"), number: true, cell: (s) => (s.quality === null ? "–" : percent(s.quality)) },
    { id: "open", head: t("rank.open"), number: true, cell: (s) => num(s.open) },
    { id: "resources", head: t("rank.resources"), number: true, cell: (s) => num(s.resources) },
    { id: "records", head: t("desk.records"), number: true, cell: (s) => num(s.records) },
    { id: "updated", head: t("desk.updated"), cell: (s) => when(s.updated_at) },
  ];
  return (
    <section id="sources">
      <h2>{t("rank.title")}</h2>
      <p className="quiet">{t("rank.lead")}</p>
      {o.sources.length ? <Table label={t("rank.title")} columns={columns} rows={o.sources} rowKey={(s) => s.name} /> : <Empty text={t("rank.none")} />}
    </section>
  );
}

function Unmet() {
  const { t, num, day } = useText(ops);
  const { orgName } = useNames();
  const { data } = useSuspenseQuery(demandsListQuery({ waiting: true, limit: UNMET, offset: 0 }));
  const columns: Array<Column<DemandCard>> = [
    { id: "what", head: t("unmet.what"), cell: (d) => <Link to={`/demands/${encodeURIComponent(d.id)}`}>{d.title}</Link> },
    { id: "state", head: t("task.state"), cell: (d) => <StatusTag of={d} /> },
    { id: "age", head: t("unmet.age"), number: true, cell: (d) => t("unmet.days", { n: num(d.age_days) }) },
    { id: "by", head: t("unmet.by"), cell: (d) => orgName(d.organisation) },
    { id: "provider", head: t("unmet.provider"), cell: (d) => orgName(d.provider) || t("unmet.nobody") },
    { id: "due", head: t("task.due"), cell: (d) => day(d.due_at) },
  ];
  return (
    <section>
      <h2>{t("unmet.title")}</h2>
      {data.items.length ? <Table label={t("unmet.title")} columns={columns} rows={data.items} rowKey={(d) => d.id} /> : <Empty text={t("unmet.none")} />}
      <p className="quiet desk-note"><Link to="/demands">{t("unmet.lists", { n: num(data.total) })}</Link></p>
    </section>
  );
}

function Idle() {
  const { t, num } = useText(ops);
  const list = useHashList("idle", 10);
  const sort = orderOf(list, IDLE_ORDERS);
  const { data: page } = useSuspenseQuery(idleListQuery({ sort, limit: list.limit, offset: list.offset }));
  const { resourceTitle } = useNames(page.items.map((r) => r.resource));
  const columns: Array<Column<IdleResource>> = [
    { id: "resource", sort: "resource", head: t("desk.resource"), text: (r) => r.resource, cell: (r) => <Link to={`/resources/${encodeURIComponent(r.resource)}`}>{resourceTitle(r.resource)}</Link> },
    { id: "age", sort: "since", head: t("idle.age"), number: true, text: (r) => r.age_days, cell: (r) => t("unmet.days", { n: num(r.age_days) }) },
    { id: "grants", sort: "grants", head: t("nav.grants"), number: true, text: (r) => r.grants, cell: (r) => num(r.grants) },
  ];
  return (
    <section>
      <h2>{t("idle.title")}</h2>
      <ServerTable id="idle" label={t("idle.title")} columns={columns} page={page} rowKey={(r) => r.resource} list={list}
        ask={(offset, limit) => idleList({ sort, limit, offset })} empty={<Empty text={t("idle.none")} />} />
    </section>
  );
}

function Packs() {
  const { t, pick, num, when } = useText(ops);
  const { data } = useSuspenseQuery(packsListQuery());
  const columns: Array<Column<Pack>> = [
    { id: "title", head: t("packs.title"), cell: (p) => <><span>{pick(p.title, p.title_en)}{p.sample && <> <Badge tone="sample">{t("sample")}</Badge></>}</span><span className="quiet">{p.name}</span></> },
    { id: "version", head: t("packs.version"), cell: (p) => p.version },
    { id: "resources", head: t("rank.resources"), number: true, cell: (p) => num(p.resources) },
    { id: "loaded", head: t("packs.loaded"), cell: (p) => when(p.loaded_at) },
  ];
  return <section><h2>{t("packs.title")}</h2><Table label={t("packs.title")} columns={columns} rows={data.items} rowKey={(p) => p.name} /></section>;
}

function Branch({ of, children }: { of: Organisation; children: Map<string, Organisation[]> }) {
  const { t, tCode, pick, num } = useText(ops);
  const [open, setOpen] = useState(false);
  const below = children.get(of.code) ?? [];
  const label = <>{pick(of.name, of.name_en)} <span className="quiet">{of.code} · {tCode("orgrole", of.role)}{of.resources > 0 && ` · ${t("tree.resources", { n: num(of.resources) })}`}</span></>;
  if (!below.length) return <li>{label}</li>;
  return (
    <li>
      <details onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{label} <span className="quiet">({num(below.length)})</span></summary>
        {open && <ul>{below.map((o) => <Branch key={o.code} of={o} children={children} />)}</ul>}
      </details>
    </li>
  );
}

function Tree() {
  const { t } = useText(ops);
  const { data } = useSuspenseQuery(organisationsListQuery());
  const codes = new Set(data.items.map((o) => o.code));
  const children = new Map<string, Organisation[]>();
  for (const o of data.items) {
    const above = o.parent && codes.has(o.parent) ? o.parent : "";
    children.set(above, [...(children.get(above) ?? []), o]);
  }
  return <section><h2>{t("tree.title")}</h2><ul className="tree">{(children.get("") ?? []).map((o) => <Branch key={o.code} of={o} children={children} />)}</ul></section>;
}

export default function Operations() {
  const { t } = useText(ops);
  return (
    <Page title={t("operations.title")} lead={t("operations.lead")} help={t("operations.help")} actions={<><Link className="button" to="/wall"><Icon name="chart" />{t("wall.open")}</Link> <Link className="button" to="/deliveries"><Icon name="inbox" />{t("nav.deliveries")}</Link></>}>
      <Now />
      <Deadlines />
      <Ranking />
      <Unmet />
      <Idle />
      <Packs />
      <Tree />
    </Page>
  );
}
