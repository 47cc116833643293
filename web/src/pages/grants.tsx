// Grants that one's organisation holds or gave.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { grantsList, grantsListQuery, type Grant } from "#api";
import { StatusTag } from "../parts/badges";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["created", "resource", "organisation", "state", "until"] as const;

const STATES = ["active", "suspended", "revoked", "expired"] as const;

export default function Grants() {
  const { t, tCode, pick, day, listed } = useText(share);
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(grantsListQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const { orgName, resourceTitle } = useNames(page.items.map((g) => g.resource));
  const modes = (g: Grant): string => listed(g.modes.map((m) => tCode("use", m)));
  const columns: Array<Column<Grant>> = [
    { id: "resource", sort: "resource", head: t("flow.resource"), text: (g) => resourceTitle(g.resource), cell: (g) => <><Link to={`/grants/${encodeURIComponent(g.id)}`}>{resourceTitle(g.resource)}</Link><span className="quiet">{g.id}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (g) => pick(g.state_title, g.state_title_en), cell: (g) => <StatusTag of={g} /> },
    { id: "holder", sort: "organisation", head: t("grant.holder"), text: (g) => orgName(g.organisation), cell: (g) => orgName(g.organisation) },
    { id: "purpose", head: t("flow.purpose"), text: (g) => g.purpose, cell: (g) => g.purpose },
    { id: "modes", head: t("apply.modes"), text: modes, cell: modes },
    { id: "until", sort: "until", head: t("grant.until"), text: (g) => g.until, cell: (g) => day(g.until) },
  ];
  return (
    <Page title={t("grant.heading")} lead={t("grant.lead")} help={t("grant.help")}>
      <ServerTable id="grants" label={t("grant.heading")} columns={columns} page={page} rowKey={(g) => g.id} list={list}
        ask={(offset, limit) => grantsList({ state, sort, limit, offset })} empty={<Empty text={t("grant.none")} />}
        filters={<Filter list={list} name="state" label={t("flow.state")} all={t("grant.all")} options={STATES.map((s) => [s, tCode("grant", s)])} />} />
    </Page>
  );
}
