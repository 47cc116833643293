// Complaints at the desk: those that wait first in mind, with their limits; and in figures.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { complaintsList, complaintsListQuery, type ComplaintCard } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { CodeFilter } from "../parts/codefield";
import { useWhom } from "../parts/complaint";
import { ComplaintFiguresBox } from "../parts/complaint-figures";
import { FlowFilter } from "../parts/flowfilter";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty, FailureNote } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import complaint from "../text/complaint";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["created", "changed", "due", "kind", "state", "organisation"] as const;
const STATES = ["received", "with_institution", "extended", "with_platform", "answered", "mediation", "mediated", "closed", "rejected", "withdrawn"] as const;

export default function Complaints() {
  const { t, pick, day } = useText(complaint, share);
  const { can } = useSession();
  const whom = useWhom();
  const list = useList();
  const asked = { state: STATES.find((s) => s === list.filter("state")), kind: list.filter("kind") || undefined, late: list.filter("late") === "Y" ? ("Y" as const) : undefined, sort: orderOf(list, ORDERS) };
  const { data: page, error } = useQuery({ ...complaintsListQuery({ ...asked, limit: list.limit, offset: list.offset }), retry: false, placeholderData: keepPreviousData });
  const kind = (c: ComplaintCard): string => pick(c.kind_title, c.kind_title_en);
  const columns: Array<Column<ComplaintCard>> = [
    { id: "what", sort: "kind", head: t("cpl.what"), text: (c) => c.id, cell: (c) => <><Link to={`/complaints/${encodeURIComponent(c.id)}`}>{kind(c)}</Link><span className="quiet">{c.id}</span></> },
    { id: "whom", sort: "organisation", head: t("cpl.whom"), text: whom, cell: (c) => <>{whom(c)}{c.product && <span className="quiet">{pick(c.product_title, c.product_title_en)}</span>}</> },
    { id: "state", sort: "state", head: t("flow.state"), text: (c) => pick(c.state_title, c.state_title_en), cell: (c) => <><StatusTag of={c} />{c.late && <Badge tone="poor">{t("cpl.late")}</Badge>}</> },
    { id: "due", sort: "due", head: t("cpl.due"), text: (c) => c.due_at, cell: (c) => day(c.due_at) },
    { id: "received", sort: "created", head: t("cpl.received"), text: (c) => c.created_at, cell: (c) => day(c.created_at) },
    { id: "rating", head: t("cpl.mean"), number: true, text: (c) => c.rating, cell: (c) => c.rating ?? "–", extra: true },
  ];
  return (
    <Page title={t("cpl.desk")} lead={t("cpl.desk_lead")} help={t("cpl.desk_help")}>
      {error && <FailureNote error={error} />}
      {page && (
        <ServerTable id="complaints" label={t("cpl.desk")} columns={columns} page={page} rowKey={(c) => c.id} list={list}
          ask={(offset, limit) => complaintsList({ ...asked, limit, offset })} empty={<Empty text={t("cpl.none_desk")} />}
          filters={<><FlowFilter list={list} flow="complaint" /><CodeFilter list={list} name="kind" label={t("cpl.kind")} table="FIN_COMPLAINT_KIND" /><Filter list={list} name="late" label={t("cpl.late")} all={t("cpl.late_all")} options={[["Y", t("cpl.late_only")]]} /></>} />
      )}
      {can("complaint.figures") && <ComplaintFiguresBox />}
    </Page>
  );
}
