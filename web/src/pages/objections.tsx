// Doubts about data: raised by who may use them, answered by their source within a time limit.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { grantsListQuery, objectionAdd, objectionsList, objectionsListQuery, type ObjectionCard } from "#api";
import { StatusTag } from "../parts/badges";
import { FlowFilter } from "../parts/flowfilter";
import { Area, Choice, Field, Form } from "../parts/form";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["created", "resource", "state", "due"] as const;

const GRANTS = 200;

function Raise() {
  const { t } = useText(share);
  const navigate = useNavigate();
  const { data } = useQuery(grantsListQuery({ limit: GRANTS }));
  const granted = [...new Set(data?.items.map((g) => g.resource) ?? [])];
  const { resourceTitle } = useNames(granted);
  if (!data) return null;
  if (!granted.length) return <p className="quiet">{t("doubt.no_grant")}</p>;
  return (
    <details>
      <summary>{t("doubt.new")}</summary>
      <Form submit={t("doubt.send")} act={async (value) => {
        const record = value("record"), item = value("item");
        const made = await objectionAdd({ resource: value("resource"), doubt: value("doubt"), ...(record && { record }), ...(item && { item }) });
        await navigate(`/objections/${encodeURIComponent(made.id)}`);
      }}>
        <Choice id="resource" label={t("flow.resource")} options={granted.map((r) => [r, resourceTitle(r)])} />
        <div className="pair">
          <Field id="record" label={t("doubt.record")} hint={t("doubt.record_hint")} required={false} maxLength={200} autoComplete="off" />
          <Field id="item" label={t("doubt.item")} required={false} maxLength={48} autoComplete="off" />
        </div>
        <Area id="doubt" label={t("doubt.what_label")} minLength={4} maxLength={2000} />
      </Form>
    </details>
  );
}

export default function Objections() {
  const { t, pick, day } = useText(share);
  const { can } = useSession();
  const list = useList();
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(objectionsListQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const { orgName, resourceTitle } = useNames(page.items.map((o) => o.resource));
  const by = (o: ObjectionCard) => o.organisation ? orgName(o.organisation) : t("doubt.by_subject", { name: o.subject_title ?? "", id: o.subject ?? "" });
  const columns: Array<Column<ObjectionCard>> = [
    { id: "what", head: t("doubt.what"), text: (o) => o.doubt, cell: (o) => <><Link to={`/objections/${encodeURIComponent(o.id)}`}>{o.doubt}</Link><span className="quiet">{o.id}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (o) => pick(o.state_title, o.state_title_en), cell: (o) => <StatusTag of={o} /> },
    { id: "resource", sort: "resource", head: t("flow.resource"), text: (o) => resourceTitle(o.resource), cell: (o) => resourceTitle(o.resource) },
    { id: "by", head: t("doubt.by"), text: by, cell: by },
    { id: "provider", head: t("apply.provider"), text: (o) => orgName(o.provider), cell: (o) => orgName(o.provider) },
    { id: "due", sort: "due", head: t("flow.due"), text: (o) => o.due_at, cell: (o) => day(o.due_at) },
  ];
  return (
    <Page title={t("doubt.heading")} lead={t("doubt.lead")} help={t("doubt.help")}>
      <div className="tasks">{can("objection.write") && <Raise />}</div>
      <ServerTable id="objections" label={t("doubt.heading")} columns={columns} page={page} rowKey={(o) => o.id} list={list}
        ask={(offset, limit) => objectionsList({ state, sort, limit, offset })} empty={<Empty text={t("doubt.none")} />}
        filters={<FlowFilter list={list} flow="objection" />} />
    </Page>
  );
}
