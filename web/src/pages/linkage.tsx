// Records that may be of one subject: what waits for a person, the likeliest first; what persons decided, and back again.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { linkActsList, linkActsListQuery, linkPairsList, linkPairsListQuery, linkRunsList, linkRunsListQuery, type LinkAct, type LinkPair, type LinkRun } from "#api";
import { Badge } from "../parts/badges";
import { orderOf, useHashList, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { Undo } from "../parts/undo";
import { useSession } from "../session";
import linkage from "../text/linkage";
import { useText } from "../text";

const STATES = ["matched", "outdone", "apart", "accepted", "rejected"] as const; // "review" is what one sees without choosing
const RUNS = 10; // that models are named by
const PAIR_ORDERS = ["weight", "a", "b", "state", "model"] as const;
const ACT_ORDERS = ["at", "kind", "model", "account"] as const;
const RUN_ORDERS = ["started", "model", "state", "ended"] as const;

function useModels(): string[] {
  const { data } = useSuspenseQuery(linkRunsListQuery({ limit: RUNS }));
  return [...new Set(data.items.map((r) => r.model))];
}

function Pairs() {
  const { t, tCode, percent, num } = useText(linkage);
  const list = useList();
  const models = useModels();
  const state = STATES.find((s) => s === list.filter("state"));
  const model = list.filter("model") || undefined;
  const sort = orderOf(list, PAIR_ORDERS);
  const { data: page } = useSuspenseQuery(linkPairsListQuery({ state, model, sort, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<LinkPair>> = [
    { id: "pair", sort: "a", head: t("pair.records"), text: (p) => `${p.a} – ${p.b}`, cell: (p) => <Link to={`/linkage/${p.id}`}>{p.a} – {p.b}</Link> },
    { id: "probability", head: t("pair.probability"), number: true, text: (p) => p.probability, cell: (p) => percent(p.probability) },
    { id: "weight", sort: "weight", head: t("pair.weight"), number: true, text: (p) => p.weight, cell: (p) => num(Math.round(p.weight * 10) / 10) },
    { id: "why", head: t("pair.why"), text: (p) => tCode("pairwhy", p.why.split(":")[0]!), cell: (p) => tCode("pairwhy", p.why.split(":")[0]!) },
    { id: "model", sort: "model", head: t("pair.model"), text: (p) => p.model, cell: (p) => p.model, extra: models.length < 2 },
  ];
  return (
    <section>
      <h2>{t(state ? "pair.list" : "pair.queue")}</h2>
      <ServerTable id="linkage" label={t("pair.queue")} columns={columns} page={page} rowKey={(p) => String(p.id)} list={list}
        ask={(offset, limit) => linkPairsList({ state, model, sort, limit, offset })} empty={<Empty text={t("pair.none")} />}
        filters={
          <>
            <Filter list={list} name="state" label={t("pair.state")} all={tCode("pairstate", "review")} options={STATES.map((s) => [s, tCode("pairstate", s)])} />
            {models.length > 1 && <Filter list={list} name="model" label={t("pair.model")} all={t("pair.all")} options={models.map((m) => [m, m])} />}
          </>
        } />
    </section>
  );
}

function Acts() {
  const { t, tCode, when } = useText(linkage);
  const { can } = useSession();
  const list = useHashList("acts", 10);
  const models = useModels();
  const sort = orderOf(list, ACT_ORDERS);
  const model = list.filter("model") || undefined;
  const { data: page } = useSuspenseQuery(linkActsListQuery({ model, sort, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<LinkAct>> = [
    { id: "act", sort: "kind", head: t("act.what"), text: (a) => tCode("actkind", a.kind), cell: (a) => <>{a.pair === null ? tCode("actkind", a.kind) : <Link to={`/linkage/${a.pair}`}>{tCode("actkind", a.kind)}</Link>}<span className="quiet">{a.id}</span></> },
    { id: "reason", head: t("act.reason"), text: (a) => a.reason, cell: (a) => a.reason ?? "–" },
    { id: "who", sort: "account", head: t("act.who"), text: (a) => a.account, cell: (a) => a.account ?? t("act.program") },
    { id: "at", sort: "at", head: t("act.at"), text: (a) => a.at, cell: (a) => when(a.at) },
    { id: "do", head: t("act.undo"), cell: (a) => (a.undone_by !== null ? <Badge tone="quietly">{t("act.undone")}</Badge> : can("link.decide") && a.account ? <Undo act={a.id} /> : "–") },
  ];
  return (
    <section id="acts">
      <h2>{t("act.heading")}</h2>
      <ServerTable id="linkage-acts" label={t("act.heading")} columns={columns} page={page} rowKey={(a) => String(a.id)} list={list}
        ask={(offset, limit) => linkActsList({ model, sort, limit, offset })} empty={<Empty text={t("act.none")} />}
        filters={models.length > 1 && <Filter list={list} name="model" label={t("pair.model")} all={t("pair.all")} options={models.map((m) => [m, m])} />} />
    </section>
  );
}

function Runs() {
  const { t, tCode, num, when } = useText(linkage);
  const list = useHashList("runs", 10);
  const sort = orderOf(list, RUN_ORDERS);
  const model = list.filter("model") || undefined;
  const { data: page } = useSuspenseQuery(linkRunsListQuery({ model, sort, limit: list.limit, offset: list.offset }));
  const models = useModels();
  const figure = (r: LinkRun, name: string): string => {
    const n = (r.report as Record<string, unknown> | null)?.[name];
    return typeof n === "number" ? num(n) : "–";
  };
  const columns: Array<Column<LinkRun>> = [
    { id: "model", sort: "model", head: t("pair.model"), text: (r) => `${r.model} ${r.version}`, cell: (r) => <>{r.model}<span className="quiet">{t("run.version", { n: num(r.version) })}</span></> },
    { id: "state", sort: "state", head: t("pair.state"), text: (r) => tCode("runstate", r.state), cell: (r) => tCode("runstate", r.state) },
    { id: "matched", head: t("run.matched"), number: true, text: (r) => figure(r, "matched"), cell: (r) => figure(r, "matched") },
    { id: "review", head: t("run.review"), number: true, text: (r) => figure(r, "in_review"), cell: (r) => figure(r, "in_review") },
    { id: "at", sort: "started", head: t("act.at"), text: (r) => r.ended_at ?? r.started_at, cell: (r) => when(r.ended_at ?? r.started_at) },
  ];
  return (
    <section>
      <h2>{t("run.heading")}</h2>
      <ServerTable id="linkage-runs" label={t("run.heading")} columns={columns} page={page} rowKey={(r) => r.id} list={list}
        ask={(offset, limit) => linkRunsList({ model, sort, limit, offset })} empty={<Empty text={t("run.none")} />}
        filters={models.length > 1 && <Filter list={list} name="model" label={t("pair.model")} all={t("pair.all")} options={models.map((m) => [m, m])} />} />
    </section>
  );
}

export default function Linkage() {
  const { t } = useText(linkage);
  return (
    <Page title={t("nav.linkage")} lead={t("linkage.lead")} help={t("linkage.help")}>
      <Pairs />
      <Acts />
      <Runs />
    </Page>
  );
}
