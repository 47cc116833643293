// What waits for whoever is signed in, and what their organisation has in the catalogue.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { catalogueSearch, catalogueSearchQuery, tasksList, tasksListQuery, type ResourceCard } from "#api";
import { useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { KINDS, taskColumns } from "../parts/tasks";
import { useSession } from "../session";
import ops from "../text/ops";
import { useText } from "../text";

function Waiting() {
  const text = useText(ops);
  const { t, tCode, num } = text;
  const list = useList(10);
  const names = useNames();
  const kind = KINDS.find((k) => k === list.filter("kind"));
  const { data: page } = useSuspenseQuery({ ...tasksListQuery({ kind, limit: list.limit, offset: list.offset }), refetchInterval: 30_000 });
  return (
    <section>
      <h2>{t("desk.waiting")}</h2>
      <ul className="tiles">
        {KINDS.map((k) => (
          <li key={k} className={page.counts[k] ? "tile" : "tile none"}><button type="button" aria-pressed={kind === k} onClick={() => list.setFilter("kind", kind === k ? "" : k)}><strong>{num(page.counts[k])}</strong><span>{tCode("taskkind", k)}</span></button></li>
        ))}
        <li className={page.counts.overdue ? "tile late" : "tile none"}><p><strong>{num(page.counts.overdue)}</strong><span>{t("desk.overdue")}</span></p></li>
      </ul>
      <ServerTable id="desk-tasks" label={t("desk.waiting")} columns={taskColumns(text, names)} page={page} rowKey={(x) => `${x.kind} ${x.id}`} list={list}
        ask={(offset, limit) => tasksList({ kind, limit, offset })} empty={<Empty text={t("desk.nothing")} />}
        filters={<Filter list={list} name="kind" label={t("task.kind")} all={t("task.all")} options={KINDS.map((k) => [k, tCode("taskkind", k)])} />} />
    </section>
  );
}

function Own({ organisation }: { organisation: string }) {
  const { t, pick, num, percent, when } = useText(ops);
  const { can } = useSession();
  const { orgName } = useNames();
  const { data: page } = useSuspenseQuery(catalogueSearchQuery({ provider: organisation, limit: 200, offset: 0 }));
  const path = (name: string): string => encodeURIComponent(name);
  const columns: Array<Column<ResourceCard>> = [
    { id: "title", head: t("desk.resource"), text: (r) => pick(r.title, r.title_en), cell: (r) => <><Link to={`/resources/${path(r.name)}`}>{pick(r.title, r.title_en)}</Link><span className="quiet">{r.name}</span></> },
    { id: "records", head: t("desk.records"), number: true, text: (r) => r.records, cell: (r) => (r.records === null ? "–" : num(r.records)) },
    { id: "quality", head: t("desk.quality"), number: true, text: (r) => r.quality, cell: (r) => (r.quality === null ? "–" : <Link to={`/quality/${path(r.name)}`}>{percent(r.quality)}</Link>) },
    { id: "updated", head: t("desk.updated"), text: (r) => r.updated_at, cell: (r) => when(r.updated_at) },
    { id: "cycle", head: t("desk.cycle"), text: (r) => r.update_cycle && pick(r.update_cycle.title, r.update_cycle.title_en), cell: (r) => (r.update_cycle ? pick(r.update_cycle.title, r.update_cycle.title_en) : "–") },
    { id: "do", head: t("desk.do"), cell: (r) => <span className="links">{can("delivery.write") && <Link to={`/resources/${path(r.name)}`}>{t("desk.deliver")}</Link>}<Link to={`/quality/${path(r.name)}`}>{t("desk.trend")}</Link><Link to={`/usage?resource=${path(r.name)}`}>{t("desk.users")}</Link></span> },
  ];
  const whole = { ...page, offset: 0, limit: page.items.length || 1, total: page.items.length };
  return (
    <section>
      <h2>{t("desk.own", { organisation: orgName(organisation) })}</h2>
      <ServerTable id="desk-own" label={t("desk.own", { organisation: orgName(organisation) })} columns={columns} page={whole} rowKey={(r) => r.name} list={useList()}
        ask={(offset, limit) => catalogueSearch({ provider: organisation, limit, offset })} empty={<Empty text={t("desk.none")} />} />
      {page.total > page.items.length && <p className="quiet">{t("desk.more", { n: num(page.total) })} <Link to={`/?provider=${organisation}`}>{t("nav.catalogue")}</Link></p>}
      {can("resource.propose") && <p className="desk-note"><Link to="/infer">{t("desk.infer")}</Link></p>}
      <p className="quiet desk-note">{t("desk.freeze")}</p>
    </section>
  );
}

export default function Desk() {
  const { t } = useText(ops);
  const { session, can } = useSession();
  return (
    <Page title={t("desk.title")} lead={t("desk.lead")} help={t("desk.help")}>
      <Waiting />
      {session && (can("delivery.write") || can("application.act")) && <Own organisation={session.organisation} />}
    </Page>
  );
}
