// Applications that one's organisation made or decides.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { applicationsList, applicationsListQuery, type Application } from "#api";
import { StatusTag } from "../parts/badges";
import { FlowFilter } from "../parts/flowfilter";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["created", "title", "organisation", "provider", "state", "due"] as const;

export default function Applications() {
  const { t, pick, day, listed } = useText(share);
  const { can } = useSession();
  const list = useList();
  const scene = list.filter("scene") || undefined;
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(applicationsListQuery({ scene, state, sort, limit: list.limit, offset: list.offset }));
  const { orgName, resourceTitle } = useNames(page.items.flatMap((a) => a.resources.map((r) => r.resource)));
  const asked = (a: Application): string => listed(a.resources.map((r) => resourceTitle(r.resource)));
  const columns: Array<Column<Application>> = [
    { id: "title", sort: "title", head: t("apply.title"), text: (a) => a.title, cell: (a) => <><Link to={`/applications/${encodeURIComponent(a.id)}`}>{a.title}</Link><span className="quiet">{a.id}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (a) => pick(a.state_title, a.state_title_en), cell: (a) => <StatusTag of={a} /> },
    { id: "resource", head: t("flow.resource"), text: asked, cell: asked },
    { id: "applicant", sort: "organisation", head: t("apply.applicant"), text: (a) => orgName(a.organisation), cell: (a) => orgName(a.organisation) },
    { id: "provider", sort: "provider", head: t("apply.provider"), text: (a) => orgName(a.provider), cell: (a) => orgName(a.provider) },
    { id: "due", sort: "due", head: t("flow.due"), text: (a) => a.due_at, cell: (a) => day(a.due_at) },
  ];
  return (
    <Page title={t("apply.heading")} lead={t("apply.lead")} help={t("apply.help")}
      actions={can("application.write") && <Link className="button" to="/applications/new">{t("apply.new")}</Link>}>
      {scene && <p className="note"><span>{t("apply.scene", { id: scene, n: page.total })} <Link to="/applications">{t("apply.all")}</Link></span></p>}
      <ServerTable id="applications" label={t("apply.heading")} columns={columns} page={page} rowKey={(a) => a.id} list={list}
        ask={(offset, limit) => applicationsList({ scene, state, sort, limit, offset })} empty={<Empty text={t("apply.none")} />}
        filters={<FlowFilter list={list} flow="application" />} />
    </Page>
  );
}
