// What departments have delivered, newest first.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { deliveriesList, deliveriesListQuery, type Delivery } from "#api";
import { StateBadge } from "../parts/badges";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, FilterField, ServerTable, type Column } from "../parts/table";
import intake from "../text/intake";
import { useText } from "../text";

const STATES = ["received", "sealed", "waiting", "published", "failed", "withdrawn"] as const;

const ORDERS = ["received_at", "file", "resource", "state", "rows", "published", "quarantined"] as const;

export default function Deliveries() {
  const { t, tCode, num, when, bytes } = useText(intake);
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const resource = list.filter("resource") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(deliveriesListQuery({ state, resource, sort, limit: list.limit, offset: list.offset }));
  const count = (n: number | null): string => (n === null ? "–" : num(n));
  const columns: Array<Column<Delivery>> = [
    { id: "file", sort: "file", head: t("delivery.file"), text: (d) => d.file_name, cell: (d) => <><Link to={`/deliveries/${encodeURIComponent(d.id)}`}>{d.file_name}</Link><span className="quiet">{d.id} · {bytes(d.bytes)}</span></> },
    { id: "resource", sort: "resource", head: t("delivery.resource"), text: (d) => d.resource, cell: (d) => <Link to={`/resources/${encodeURIComponent(d.resource)}`}>{d.resource}</Link> },
    { id: "state", sort: "state", head: t("batch.state"), text: (d) => tCode("state", d.state), cell: (d) => <StateBadge state={d.state} /> },
    { id: "received", sort: "rows", head: t("sum.received"), number: true, text: (d) => d.received, cell: (d) => count(d.received) },
    { id: "published", sort: "published", head: t("sum.published"), number: true, text: (d) => d.published, cell: (d) => count(d.published) },
    { id: "quarantined", sort: "quarantined", head: t("sum.quarantined"), number: true, text: (d) => d.quarantined, cell: (d) => count(d.quarantined) },
    { id: "received_at", sort: "received_at", head: t("delivery.received_at"), text: (d) => d.received_at, cell: (d) => when(d.received_at) },
  ];
  return (
    <Page title={t("deliveries.title")} lead={t("deliveries.lead")} help={t("deliveries.help")}>
      <ServerTable id="deliveries" label={t("deliveries.title")} columns={columns} page={page} rowKey={(d) => d.id} list={list}
        ask={(offset, limit) => deliveriesList({ state, resource, sort, limit, offset })} empty={<Empty text={t("deliveries.none")} />}
        filters={<>
          <Filter list={list} name="state" label={t("batch.state")} all={t("deliveries.all")} options={STATES.map((s) => [s, tCode("state", s)])} />
          <FilterField list={list} name="resource" label={t("delivery.resource")} maxLength={64} autoCapitalize="none" pattern="[a-z][a-z0-9_]*" />
        </>} />
    </Page>
  );
}
