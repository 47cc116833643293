// Demands and the supply-demand list: what organisations need, what waits, what is collected and never called.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { demandAdd, demandsList, demandsListQuery, demandsPublish, idleList, idleListQuery, type DemandCard, type DemandList, type IdleResource } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { FlowFilter } from "../parts/flowfilter";
import { Area, Choice, Field, Form } from "../parts/form";
import { orderOf, useHashList, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, Note } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["created", "title", "organisation", "state", "due"] as const;
const IDLE_ORDERS = ["resource", "since", "grants"] as const;

function NewDemand() {
  const { t, pick } = useText(share);
  const { organisations } = useNames();
  const navigate = useNavigate();
  const sources = organisations.filter((o) => o.role === "source").map((o): [string, string] => [o.code, pick(o.name, o.name_en)]);
  return (
    <details>
      <summary>{t("demand.new")}</summary>
      <Form submit={t("demand.send")} act={async (value) => {
        const provider = value("provider");
        const made = await demandAdd({
          title: value("title"), what: value("what"), purpose: value("purpose"), legal_basis: value("legal_basis"),
          urgency: value("urgency") === "urgent" ? "urgent" : "normal", ...(provider && { provider }),
        });
        await navigate(`/demands/${encodeURIComponent(made.id)}`);
      }}>
        <Field id="title" label={t("demand.title_label")} hint={t("demand.title_hint")} minLength={2} maxLength={200} autoComplete="off" />
        <Area id="what" label={t("demand.what_label")} minLength={2} maxLength={2000} />
        <Area id="purpose" label={t("flow.purpose")} maxLength={2000} rows={2} />
        <Field id="legal_basis" label={t("flow.basis")} hint={t("flow.basis_hint")} maxLength={2000} autoComplete="off" />
        <div className="pair">
          <Choice id="urgency" label={t("demand.urgency")} options={[["normal", t("demand.normal")], ["urgent", t("demand.urgent")]]} />
          <Choice id="provider" label={t("demand.provider")} options={[["", t("demand.unknown")], ...sources]} />
        </div>
      </Form>
    </details>
  );
}

function Publish() {
  const { t, num } = useText(share);
  const refresh = useRefresh();
  const [made, setMade] = useState<DemandList | null>(null);
  return (
    <details>
      <summary>{t("demand.publish")}</summary>
      <div role="status">{made && <Note tone="fine"><p>{t("demand.published", { list: made.list, n: num(made.demands) })}</p></Note>}</div>
      <Form submit={t("demand.publish")} act={async (value) => {
        setMade(await demandsPublish({ title: value("list-title") }));
        await refresh();
      }}>
        <Field id="list-title" label={t("demand.list_title")} minLength={2} maxLength={200} autoComplete="off" />
      </Form>
    </details>
  );
}

function Idle() {
  const { t, num } = useText(share);
  const list = useHashList("idle", 10);
  const sort = orderOf(list, IDLE_ORDERS);
  const { data: page } = useSuspenseQuery(idleListQuery({ sort, limit: list.limit, offset: list.offset }));
  const { resourceTitle } = useNames(page.items.map((r) => r.resource));
  const columns: Array<Column<IdleResource>> = [
    { id: "resource", sort: "resource", head: t("flow.resource"), text: (r) => r.resource, cell: (r) => <Link to={`/resources/${encodeURIComponent(r.resource)}`}>{resourceTitle(r.resource)}</Link> },
    { id: "age", sort: "since", head: t("demand.age"), text: (r) => r.age_days, cell: (r) => t("demand.days", { n: num(r.age_days) }) },
    { id: "grants", sort: "grants", head: t("nav.grants"), text: (r) => r.grants, cell: (r) => num(r.grants) },
  ];
  return (
    <section>
      <h2>{t("demand.idle")}</h2>
      <p className="quiet">{t("demand.idle_lead")}</p>
      <ServerTable id="idle" label={t("demand.idle")} columns={columns} page={page} rowKey={(r) => r.resource} list={list}
        ask={(offset, limit) => idleList({ sort, limit, offset })} empty={<Empty text={t("demand.no_idle")} />} />
    </section>
  );
}

export default function Demands() {
  const { t, pick, num, day } = useText(share);
  const { can } = useSession();
  const list = useList();
  const { orgName } = useNames();
  const waiting = list.filter("waiting") === "true" || undefined;
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(demandsListQuery({ waiting, state, sort, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<DemandCard>> = [
    { id: "what", sort: "title", head: t("demand.what"), text: (d) => d.title, cell: (d) => <><Link to={`/demands/${encodeURIComponent(d.id)}`}>{d.title}</Link><span className="quiet">{d.id}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (d) => pick(d.state_title, d.state_title_en), cell: (d) => <span className="badges"><StatusTag of={d} />{d.urgency === "urgent" && <Badge tone="fair">{t("demand.urgent")}</Badge>}</span> },
    { id: "by", sort: "organisation", head: t("demand.by"), text: (d) => orgName(d.organisation), cell: (d) => orgName(d.organisation) },
    { id: "responsible", head: t("demand.responsible"), text: (d) => orgName(d.provider), cell: (d) => orgName(d.provider) || "–" },
    { id: "age", sort: "created", head: t("demand.age"), text: (d) => d.age_days, cell: (d) => t("demand.days", { n: num(d.age_days) }) },
    { id: "due", sort: "due", head: t("flow.due"), text: (d) => d.due_at, cell: (d) => day(d.due_at) },
  ];
  return (
    <Page title={t("demand.heading")} lead={t("demand.lead")} help={t("demand.help")}>
      <div className="tasks">{can("demand.write") && <NewDemand />}{can("demand.publish") && <Publish />}</div>
      <ServerTable id="demands" label={t("demand.heading")} columns={columns} page={page} rowKey={(d) => d.id} list={list}
        ask={(offset, limit) => demandsList({ waiting, state, sort, limit, offset })} empty={<Empty text={t("demand.none")} />}
        filters={<>
          <Filter list={list} name="waiting" label={t("demand.show")} all={t("demand.all")} options={[["true", t("demand.waiting")]]} />
          <FlowFilter list={list} flow="demand" />
        </>} />
      <Idle />
    </Page>
  );
}
