// Records that may be of one subject: what waits for a person, the likeliest first; what persons decided, and back again.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { linkActsList, linkActsListQuery, linkPairsList, linkPairsListQuery, linkRunsListQuery, type LinkAct, type LinkPair, type LinkRun } from "#api";
import { Badge } from "../parts/badges";
import { useHashList, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, Table, type Column } from "../parts/table";
import { Undo } from "../parts/undo";
import { useSession } from "../session";
import linkage from "../text/linkage";
import { useText } from "../text";

const STATES = ["matched", "outdone", "apart", "accepted", "rejected"] as const; // "review" is what one sees without choosing
const RUNS = 10;

function Pairs() {
  const { t, tCode, percent, num } = useText(linkage);
  const list = useList();
  const { data: runs } = useSuspenseQuery(linkRunsListQuery({ limit: RUNS }));
  const state = STATES.find((s) => s === list.filter("state"));
  const model = list.filter("model") || undefined;
  const { data: page } = useSuspenseQuery(linkPairsListQuery({ state, model, limit: list.limit, offset: list.offset }));
  const models = [...new Set(runs.items.map((r) => r.model))];
  const columns: Array<Column<LinkPair>> = [
    { id: "pair", head: t("pair.records"), text: (p) => `${p.a} – ${p.b}`, cell: (p) => <Link to={`/linkage/${p.id}`}>{p.a} – {p.b}</Link> },
    { id: "probability", head: t("pair.probability"), number: true, text: (p) => p.probability, cell: (p) => percent(p.probability) },
    { id: "weight", head: t("pair.weight"), number: true, text: (p) => p.weight, cell: (p) => num(Math.round(p.weight * 10) / 10) },
    { id: "why", head: t("pair.why"), text: (p) => tCode("pairwhy", p.why.split(":")[0]!), cell: (p) => tCode("pairwhy", p.why.split(":")[0]!) },
    { id: "model", head: t("pair.model"), text: (p) => p.model, cell: (p) => p.model, extra: models.length < 2 },
  ];
  return (
    <section>
      <h2>{t(state ? "pair.list" : "pair.queue")}</h2>
      <ServerTable id="linkage" label={t("pair.queue")} columns={columns} page={page} rowKey={(p) => String(p.id)} list={list}
        ask={(offset, limit) => linkPairsList({ state, model, limit, offset })} empty={<Empty text={t("pair.none")} />}
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
  const { data: page } = useSuspenseQuery(linkActsListQuery({ limit: list.limit, offset: list.offset }));
  const columns: Array<Column<LinkAct>> = [
    { id: "act", head: t("act.what"), text: (a) => tCode("actkind", a.kind), cell: (a) => <>{a.pair === null ? tCode("actkind", a.kind) : <Link to={`/linkage/${a.pair}`}>{tCode("actkind", a.kind)}</Link>}<span className="quiet">{a.id}</span></> },
    { id: "reason", head: t("act.reason"), text: (a) => a.reason, cell: (a) => a.reason ?? "–" },
    { id: "who", head: t("act.who"), text: (a) => a.account, cell: (a) => a.account ?? t("act.program") },
    { id: "at", head: t("act.at"), text: (a) => a.at, cell: (a) => when(a.at) },
    { id: "do", head: t("act.undo"), cell: (a) => (a.undone_by !== null ? <Badge tone="quietly">{t("act.undone")}</Badge> : can("link.decide") && a.account ? <Undo act={a.id} /> : "–") },
  ];
  return (
    <section id="acts">
      <h2>{t("act.heading")}</h2>
      <ServerTable id="linkage-acts" label={t("act.heading")} columns={columns} page={page} rowKey={(a) => String(a.id)} list={list}
        ask={(offset, limit) => linkActsList({ limit, offset })} empty={<Empty text={t("act.none")} />} />
    </section>
  );
}

function Runs() {
  const { t, tCode, num, when } = useText(linkage);
  const { data } = useSuspenseQuery(linkRunsListQuery({ limit: RUNS }));
  const figure = (r: LinkRun, name: string): string => {
    const n = (r.report as Record<string, unknown> | null)?.[name];
    return typeof n === "number" ? num(n) : "–";
  };
  const columns: Array<Column<LinkRun>> = [
    { id: "model", head: t("pair.model"), cell: (r) => <>{r.model}<span className="quiet">{t("run.version", { n: num(r.version) })}</span></> },
    { id: "state", head: t("pair.state"), cell: (r) => tCode("runstate", r.state) },
    { id: "matched", head: t("run.matched"), number: true, cell: (r) => figure(r, "matched") },
    { id: "review", head: t("run.review"), number: true, cell: (r) => figure(r, "in_review") },
    { id: "at", head: t("act.at"), cell: (r) => when(r.ended_at ?? r.started_at) },
  ];
  return <section><h2>{t("run.heading")}</h2>{data.items.length ? <Table label={t("run.heading")} columns={columns} rows={data.items} rowKey={(r) => r.id} /> : <Empty text={t("run.none")} />}</section>;
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
