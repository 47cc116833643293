// Monitoring after the loan: whom the bank watches, what happened to them and how grave it is, and the rules that say so.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { watchAct, watchesList, watchesListQuery, watchRulesQuery, type Watch, type WatchRules } from "#api";
import { Badge } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { LEVELS, LevelBadge } from "../parts/level";
import { useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty } from "../parts/status";
import { Filter, FilterField, ServerTable, Table, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { WatchEvents } from "../parts/watch-events";
import { WatchNew } from "../parts/watch-new";
import { useSession } from "../session";
import watch from "../text/watch";
import { useText } from "../text";

const STATES = ["active", "ended"] as const;
const KINDS = ["dishonesty", "focus", "red", "every"];
const TABS = ["list", "events", "rules"];

type Rule = WatchRules["rules"][number];

function List({ open }: { open(watch: number): void }) {
  const { t, tCode, when, day, listed } = useText(watch);
  const { can } = useSession();
  const refresh = useRefresh();
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const level = LEVELS.find((l) => l === list.filter("level"));
  const reference = list.filter("reference") || undefined;
  const { data: page } = useSuspenseQuery(watchesListQuery({ state, level, reference, limit: list.limit, offset: list.offset }));
  const { resourceTitle, orgName } = useNames(page.items.flatMap((w) => w.covers.map((c) => c.resource)));
  const covers = (w: Watch): string => listed(w.covers.map((c) => resourceTitle(c.resource)));
  const columns: Array<Column<Watch>> = [
    { id: "subject", head: t("watch.subject"), text: (w) => w.reference ?? w.subject, cell: (w) => <span>{w.reference && <strong>{w.reference} </strong>}<code>{w.subject}</code></span> },
    { id: "level", head: t("watch.level"), text: (w) => w.level, cell: (w) => <LevelBadge level={w.level} /> },
    { id: "state", head: t("watch.state"), text: (w) => tCode("state", w.state), cell: (w) => <span><Badge tone={w.state === "ended" ? "quietly" : w.holds ? "good" : "fair"}>{tCode("state", w.state)}</Badge>
      {w.why ? <span className="quiet"> {tCode("why", w.why)}</span> : !w.holds && <span className="quiet"> {t("watch.asleep")}</span>}</span> },
    { id: "covers", head: t("watch.covers"), text: covers, cell: covers },
    { id: "purpose", head: t("watch.purpose"), text: (w) => w.purpose, cell: (w) => w.purpose, extra: true },
    { id: "organisation", head: t("watch.organisation"), text: (w) => orgName(w.organisation), cell: (w) => orgName(w.organisation), extra: true },
    { id: "until", head: t("watch.until"), text: (w) => w.until, cell: (w) => w.until && day(w.until) },
    { id: "event", head: t("watch.event_at"), text: (w) => w.event_at, cell: (w) => when(w.event_at) },
    { id: "do", head: t("watch.do"), cell: (w) => (
      <span className="buttons">
        {can("service.call") && w.event_at && <button type="button" className="plain small" onClick={() => open(w.id)}>{t("watch.events_of")}</button>}
        {can("watch.write") && w.state === "active" && <ConfirmDanger className="plain small" text={t("watch.end")} title={t("watch.end_ask", { subject: w.reference ?? w.subject })} what={<p>{t("watch.end_what")}</p>} act={() => watchAct({ id: w.id }, { action: "end" }).then(refresh)} />}
      </span>) },
  ];
  return (
    <>
      {can("watch.write") && <WatchNew done={() => void refresh()} />}
      <ServerTable id="watch" label={t("watch.tab_list")} columns={columns} page={page} rowKey={(w) => String(w.id)} list={list}
        ask={(offset, limit) => watchesList({ state, level, reference, limit, offset })} empty={<Empty text={t("watch.none")} />}
        filters={<>
          <Filter list={list} name="state" label={t("watch.state")} all={t("watch.all")} options={STATES.map((s) => [s, tCode("state", s)])} />
          <Filter list={list} name="level" label={t("watch.level")} all={t("watch.all")} options={LEVELS.map((l) => [l, tCode("level", l)])} />
          <FilterField list={list} name="reference" label={t("watch.reference")} maxLength={64} />
        </>} />
    </>
  );
}

function Rules() {
  const { t, tCode, pick, listed } = useText(watch);
  const { data } = useSuspenseQuery(watchRulesQuery());
  const { resourceTitle, itemTitle } = useNames([...new Set(data.rules.flatMap((r) => r.resource ?? []))]);
  const columns: Array<Column<Rule>> = [
    { id: "title", head: t("rule.title"), cell: (r) => pick(r.title, r.title_en) },
    { id: "level", head: t("watch.level"), cell: (r) => <LevelBadge level={r.level} /> },
    { id: "about", head: t("rule.about"), cell: (r) => (r.resource ? resourceTitle(r.resource) : r.list ? (KINDS.some((k) => k === r.list) ? tCode("listkind", r.list) : r.list) : t("rule.any")) },
    { id: "when", head: t("rule.when"), cell: (r) => <span>{listed(r.acts.map((a) => tCode("act", a)))}{r.item && r.resource && <span className="quiet"> · {itemTitle(r.resource, r.item)}{r.values && ` = ${r.values.split("|").join(" / ")}`}</span>}</span> },
    { id: "basis", head: t("rule.basis"), cell: (r) => <span><code>{r.basis}</code> <span className="quiet">{r.source}</span></span> },
  ];
  return <Table label={t("watch.tab_rules")} columns={columns} rows={data.rules} rowKey={(r) => r.rule} />;
}

export default function WatchPage() {
  const { t } = useText(watch);
  const { can } = useSession();
  const [tab, choose] = useTab(TABS);
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const of = Number(params.get("of")) || undefined;
  const open = (n: number | undefined): void => void navigate({ search: n === undefined ? "" : `?of=${n}`, hash: "events" });
  return (
    <Page title={t("nav.watch")} lead={t("watch.lead")} help={t("watch.help")}>
      <Tabs label={t("watch.tabs")} current={tab} choose={choose} tabs={[
        { id: "list", text: t("watch.tab_list") }, ...(can("service.call") ? [{ id: "events", text: t("watch.tab_events") }] : []), { id: "rules", text: t("watch.tab_rules") },
      ]}>
        {tab === "events" && can("service.call") ? <WatchEvents key={of ?? 0} of={of} open={open} /> : tab === "rules" ? <Rules /> : <List open={open} />}
      </Tabs>
    </Page>
  );
}
