// Credit repairs: asked for by subjects, taken up by the platform, decided by who recognised the fault.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { repairsList, repairsListQuery, type Repair } from "#api";
import { StatusTag } from "../parts/badges";
import { FlowFilter } from "../parts/flowfilter";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { ServerTable, type Column } from "../parts/table";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["created", "resource", "state", "due"] as const;

export default function Repairs() {
  const { t, pick, day } = useText(share);
  const list = useList();
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(repairsListQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const { orgName } = useNames();
  const key = (r: Repair) => r.key[0]!;
  const who = (r: Repair) => `${r.subject_title} (${r.subject})`;
  const columns: Array<Column<Repair>> = [
    { id: "what", head: t("repair.what"), text: key, cell: (r) => <><Link to={`/repairs/${encodeURIComponent(r.id)}`}>{key(r)}</Link><span className="quiet">{pick(r.resource_title, r.resource_title_en)}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (r) => pick(r.state_title, r.state_title_en), cell: (r) => <StatusTag of={r} /> },
    { id: "subject", head: t("repair.subject"), text: who, cell: who },
    { id: "level", head: t("repair.level"), text: (r) => pick(r.level_title, r.level_title_en), cell: (r) => pick(r.level_title, r.level_title_en) },
    { id: "provider", head: t("apply.provider"), text: (r) => orgName(r.provider), cell: (r) => orgName(r.provider) },
    { id: "due", sort: "due", head: t("flow.due"), text: (r) => r.due, cell: (r) => day(r.due) },
  ];
  return (
    <Page title={t("repair.heading")} lead={t("repair.lead")} help={t("repair.help")}>
      <ServerTable id="repairs" label={t("repair.heading")} columns={columns} page={page} rowKey={(r) => r.id} list={list}
        ask={(offset, limit) => repairsList({ state, sort, limit, offset })} empty={<Empty text={t("repair.none")} />}
        filters={<FlowFilter list={list} flow="repair" />} />
    </Page>
  );
}
