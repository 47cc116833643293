// Policies as they are written: a department its own, the platform what waits.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { marketPolicies, marketPoliciesQuery, type PolicyVersionCard } from "#api";
import { StatusTag } from "../parts/badges";
import { FlowFilter } from "../parts/flowfilter";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import market from "../text/market";
import policies from "../text/policies";
import { useText } from "../text";

const ORDERS = ["title", "state", "department", "changed"] as const;

export default function MyPolicies() {
  const { t, pick, when } = useText(policies, market);
  const { can } = useSession();
  const list = useList();
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(marketPoliciesQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const title = (v: PolicyVersionCard): string => pick(v.title, v.title_en) || v.code;
  const columns: Array<Column<PolicyVersionCard>> = [
    { id: "title", sort: "title", head: t("policy.name"), text: title, cell: (v) => <><Link to={`/my-policies/${encodeURIComponent(v.id)}`}>{title(v)}</Link> <span className="quiet">{t("mp.version", { n: String(v.version) })}</span></> },
    { id: "state", sort: "state", head: t("mp.state"), text: (v) => pick(v.state_title, v.state_title_en), cell: (v) => <StatusTag of={v} /> },
    { id: "department", sort: "department", head: t("policy.department"), text: (v) => pick(v.department, v.department_en), cell: (v) => pick(v.department, v.department_en) },
    { id: "note", head: t("mp.note"), text: (v) => v.note, cell: (v) => v.note ?? "–" },
    { id: "changed", sort: "changed", head: t("mp.changed"), text: (v) => v.changed_at, cell: (v) => when(v.changed_at) },
  ];
  return (
    <Page title={t("mypolicies.heading")} lead={t("mypolicies.lead")} help={t("mypolicies.help")} actions={can("policy.write") && <Link className="button" to="/my-policies/new">{t("mypolicies.new")}</Link>}>
      <ServerTable id="policyversions" label={t("mypolicies.list")} columns={columns} page={page} rowKey={(v) => v.id} list={list} ask={(offset, limit) => marketPolicies({ state, sort, limit, offset })} empty={<Empty text={t("mypolicies.none")} />}
        filters={<FlowFilter list={list} flow="policy" />} />
    </Page>
  );
}
