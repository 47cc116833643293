// Lists of reward and punishment: entries that documents decided, the lists with their measures, and what was done of them.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useNavigate } from "react-router";
import { creditEntriesList, creditEntriesListQuery, creditEntryAdd, creditListsQuery, creditStatisticsQuery, type CreditEntryCard, type CreditLists, type CreditStatistics } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { Chart } from "../parts/chart";
import { Area, Choice, Field, Form } from "../parts/form";
import { useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, Table, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { useSession } from "../session";
import lists from "../text/lists";
import credit from "../text/credit";
import { useText } from "../text";

const TABS = ["entries", "lists", "done"];
const STATES = ["proposed", "in_force", "dropped", "removed"] as const;
const TONES = { red: "good", dishonesty: "poor", focus: "fair" };
const DRAWN = 15; // measures in the chart

type List = CreditLists["lists"][number];
type Line = CreditStatistics["items"][number];

function Propose({ all }: { all: List[] }) {
  const { t, pick } = useText(lists);
  const navigate = useNavigate();
  return (
    <details>
      <summary>{t("lists.new")}</summary>
      <Form submit={t("lists.propose")} act={async (value) => {
        const until = value("until");
        const made = await creditEntryAdd({ subject: value("subject"), subject_title: value("subject_title"), list: value("list"), document: value("document"), reason: value("reason"), legal_basis: value("legal_basis"), decided_on: value("decided_on"), ...(until && { until }) });
        await navigate(`/lists/${encodeURIComponent(made.id)}`);
      }}>
        <Choice id="list" label={t("lists.list")} options={all.filter((l) => !l.rule).map((l): [string, string] => [l.list, pick(l.title, l.title_en)])} />
        <Field id="subject" label={t("lists.subject_id")} maxLength={18} autoComplete="off" />
        <Field id="subject_title" label={t("lists.subject_title")} maxLength={100} autoComplete="off" />
        <Field id="document" label={t("lists.document")} maxLength={1000} autoComplete="off" />
        <Area id="reason" label={t("lists.reason")} maxLength={1000} />
        <Field id="legal_basis" label={t("lists.basis")} hint={t("lists.basis_hint")} maxLength={500} />
        <Field id="decided_on" label={t("lists.decided")} type="date" />
        <Field id="until" label={t("lists.until")} hint={t("lists.until_hint")} type="date" required={false} />
      </Form>
    </details>
  );
}

function Entries({ all }: { all: List[] }) {
  const { t, tCode, pick, day } = useText(lists);
  const { can } = useSession();
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const of = all.find((l) => l.list === list.filter("list"))?.list;
  const { data: page } = useSuspenseQuery(creditEntriesListQuery({ list: of, state, limit: list.limit, offset: list.offset }));
  const { orgName } = useNames();
  const who = (e: CreditEntryCard) => `${e.subject_title} (${e.subject})`;
  const columns: Array<Column<CreditEntryCard>> = [
    { id: "subject", head: t("lists.subject"), text: who, cell: (e) => <Link to={`/lists/${encodeURIComponent(e.id)}`}>{who(e)}</Link> },
    { id: "list", head: t("lists.list"), text: (e) => pick(e.list_title, e.list_title_en), cell: (e) => pick(e.list_title, e.list_title_en) },
    { id: "state", head: t("lists.state"), text: (e) => pick(e.state_title, e.state_title_en), cell: (e) => <StatusTag of={e} /> },
    { id: "document", head: t("lists.document"), text: (e) => e.document, cell: (e) => e.document },
    { id: "provider", head: t("lists.provider"), text: (e) => orgName(e.provider), cell: (e) => orgName(e.provider) },
    { id: "decided", head: t("lists.decided"), text: (e) => e.decided_on, cell: (e) => day(e.decided_on) },
    { id: "until", head: t("lists.until"), text: (e) => e.until, cell: (e) => (e.until ? day(e.until) : "–") },
  ];
  return (
    <>
      {can("list.propose") && <div className="tasks"><Propose all={all} /></div>}
      <ServerTable id="lists" label={t("lists.tab_entries")} columns={columns} page={page} rowKey={(e) => e.id} list={list}
        ask={(offset, limit) => creditEntriesList({ list: of, state, limit, offset })} empty={<Empty text={t("lists.none")} />}
        filters={<>
          <Filter list={list} name="list" label={t("lists.list")} all={t("lists.all")} options={all.filter((l) => !l.rule).map((l) => [l.list, pick(l.title, l.title_en)])} />
          <Filter list={list} name="state" label={t("lists.state")} all={t("lists.all")} options={STATES.map((s) => [s, tCode("liststate", s)])} />
        </>} />
    </>
  );
}

function Catalogue({ data }: { data: CreditLists }) {
  const { t, tCode, pick, listed } = useText(lists, credit);
  const { resourceTitle } = useNames([...new Set(data.lists.flatMap((l) => l.rule?.resource ?? []))]);
  const measure = (name: string): string => {
    const m = data.measures.find((x) => x.measure === name);
    return m ? pick(m.title, m.title_en) : name;
  };
  const columns: Array<Column<List>> = [
    { id: "list", head: t("lists.list"), cell: (l) => pick(l.title, l.title_en) },
    { id: "kind", head: t("lists.kind"), cell: (l) => <Badge tone={TONES[l.kind]}>{tCode("listkind2", l.kind)}</Badge> },
    { id: "provider", head: t("lists.provider"), cell: (l) => l.authority },
    { id: "visibility", head: t("lists.visibility"), cell: (l) => tCode("listseen", l.visibility) },
    { id: "how", head: t("lists.how"), cell: (l) => (l.rule ? t("lists.by_rule", { resource: resourceTitle(l.rule.resource) }) : t("lists.by_document")) },
    { id: "measures", head: t("lists.measures"), cell: (l) => <details><summary>{t("lists.count", { n: l.measures.length })}</summary>{listed(l.measures.map(measure))}</details> },
    { id: "basis", head: t("lists.basis"), cell: (l) => <>{l.legal_basis} <span className="quiet">{tCode("trust", l.basis)}</span></> },
  ];
  return <Table label={t("lists.tab_lists")} columns={columns} rows={data.lists} rowKey={(l) => l.list} />;
}

function Done({ data }: { data: CreditLists }) {
  const { t, num, pick } = useText(lists);
  const { data: { items } } = useSuspenseQuery(creditStatisticsQuery());
  const { orgName } = useNames();
  const title = (name: string): string => {
    const m = data.measures.find((x) => x.measure === name);
    return m ? pick(m.title, m.title_en) : name;
  };
  const drawn = useMemo(() => {
    const sums = new Map<string, number[]>();
    for (const i of items) {
      const before = sums.get(i.measure) ?? [0, 0, 0];
      sums.set(i.measure, [before[0]! + i.taken, before[1]! + i.not_taken, before[2]! + i.not_reported]);
    }
    const rows = [...sums].map(([m, n]): [string, number, number, number] => [title(m), n[0]!, n[1]!, n[2]!]).sort((a, b) => b[1] + b[2] + b[3] - a[1] - a[2] - a[3]).slice(0, DRAWN);
    const names = [t("done.taken"), t("done.not_taken"), t("done.not_reported")];
    return {
      option: {
        grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true }, legend: { top: 0 },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "value" as const, minInterval: 1 },
        yAxis: { type: "category" as const, inverse: true, data: rows.map((r) => r[0]), axisLabel: { width: 140, overflow: "truncate" as const } },
        series: names.map((name, at) => ({ type: "bar" as const, stack: "n", barMaxWidth: 28, name, data: rows.map((r) => r[at + 1]!) })),
      },
      heads: [t("done.measure"), ...names],
      rows,
    };
  }, [items, data, t]);
  if (!items.length) return <Empty text={t("done.none")} />;
  const columns: Array<Column<Line>> = [
    { id: "measure", head: t("done.measure"), cell: (i) => title(i.measure) },
    { id: "organisation", head: t("done.organisation"), cell: (i) => orgName(i.organisation) },
    { id: "in_force", head: t("done.in_force"), number: true, cell: (i) => num(i.in_force) },
    { id: "taken", head: t("done.taken"), number: true, cell: (i) => num(i.taken) },
    { id: "not_taken", head: t("done.not_taken"), number: true, cell: (i) => num(i.not_taken) },
    { id: "not_reported", head: t("done.not_reported"), number: true, cell: (i) => num(i.not_reported) },
  ];
  return (
    <>
      <div className="panel spaced"><Chart title={t("done.title")} {...drawn} /></div>
      <Table label={t("done.title")} columns={columns} rows={items} rowKey={(i) => `${i.measure} ${i.organisation}`} />
    </>
  );
}

export default function Lists() {
  const { t } = useText(lists);
  const [tab, choose] = useTab(TABS);
  const { data } = useSuspenseQuery(creditListsQuery());
  return (
    <Page title={t("nav.lists")} lead={t("lists.lead")} help={t("lists.help")}>
      <Tabs label={t("lists.tabs")} current={tab} choose={choose} tabs={[{ id: "entries", text: t("lists.tab_entries") }, { id: "lists", text: t("lists.tab_lists") }, { id: "done", text: t("lists.tab_done") }]}>
        {tab === "lists" ? <Catalogue data={data} /> : tab === "done" ? <Done data={data} /> : <Entries all={data.lists} />}
      </Tabs>
    </Page>
  );
}
