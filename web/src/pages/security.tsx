// What the security administrator decides and the auditor oversees: what was unusual about calls, and looks that are kept back by law.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { anomaliesList, anomaliesListQuery, delayMake, delaysListQuery, freezesListQuery, type AnomalyCard, type DelayCard } from "#api";
import { StatusTag } from "../parts/badges";
import { Area, Choice, Field, Form } from "../parts/form";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty, Note } from "../parts/status";
import { Filter, ServerTable, Table, type Column } from "../parts/table";
import { useSession } from "../session";
import security from "../text/security";
import share from "../text/share";
import { useText } from "../text";

const ORDERS = ["raised", "rule", "organisation", "state"] as const;

const STATES = ["raised", "kept", "dismissed", "frozen"] as const;

function Anomalies() {
  const { t, tCode, pick, num, when } = useText(security, share);
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(anomaliesListQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const { orgName } = useNames();
  const rule = (a: AnomalyCard): string => pick(a.rule_title, a.rule_title_en);
  const columns: Array<Column<AnomalyCard>> = [
    { id: "rule", sort: "rule", head: t("anomaly.rule"), text: rule, cell: (a) => <><Link to={`/security/anomalies/${encodeURIComponent(a.id)}`}>{rule(a)}</Link><span className="quiet">{a.id}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (a) => pick(a.state_title, a.state_title_en), cell: (a) => <StatusTag of={a} /> },
    { id: "client", sort: "organisation", head: t("anomaly.client"), text: (a) => a.client, cell: (a) => <span>{a.client ?? "–"}<span className="quiet">{orgName(a.organisation)}</span></span> },
    { id: "measured", head: t("anomaly.measured"), number: true, text: (a) => a.measured, cell: (a) => t("anomaly.of", { n: num(a.measured), most: num(a.threshold) }) },
    { id: "officer", head: t("anomaly.officer"), text: (a) => a.officer, cell: (a) => a.officer ?? "–", extra: true },
    { id: "at", sort: "raised", head: t("anomaly.raised"), text: (a) => a.raised_at, cell: (a) => when(a.raised_at) },
  ];
  return (
    <section id="anomalies">
      <h2>{t("anomaly.heading")}</h2>
      <p className="quiet">{t("anomaly.lead")}</p>
      <ServerTable id="anomalies" label={t("anomaly.heading")} columns={columns} page={page} rowKey={(a) => a.id} list={list}
        ask={(offset, limit) => anomaliesList({ state, sort, limit, offset })} empty={<Empty text={t("anomaly.none")} />}
        filters={<Filter list={list} name="state" label={t("flow.state")} all={t("anomaly.all")} options={STATES.map((s) => [s, tCode("anomalystate", s)])} />} />
    </section>
  );
}

function Propose() {
  const { t, pick } = useText(security, share);
  const navigate = useNavigate();
  const { organisations } = useNames();
  return (
    <details>
      <summary>{t("delay.new")}</summary>
      <Note tone="ask"><p>{t("delay.what")}</p></Note>
      <Form submit={t("delay.send")} act={async (value) => {
        const made = await delayMake({ organisation: value("organisation"), subject: value("subject"), matter: value("matter"), legal_basis: value("legal_basis"), reason: value("reason"), until: value("until") });
        await navigate(`/security/delays/${encodeURIComponent(made.id)}`);
      }}>
        <div className="pair">
          <Choice id="organisation" label={t("delay.organisation")} options={organisations.map((o) => [o.code, pick(o.name, o.name_en)])} />
          <Field id="subject" label={t("delay.subject")} hint={t("delay.subject_hint")} maxLength={64} autoComplete="off" />
          <Field id="matter" label={t("delay.matter")} hint={t("delay.matter_hint")} maxLength={200} autoComplete="off" />
          <Field id="until" label={t("delay.until")} type="date" />
        </div>
        <Area id="legal_basis" label={t("flow.basis")} hint={t("flow.basis_hint")} maxLength={2000} />
        <Area id="reason" label={t("flow.reason")} minLength={2} maxLength={2000} />
      </Form>
    </details>
  );
}

function Delays() {
  const { t, day, when } = useText(security, share);
  const { can } = useSession();
  const { data } = useSuspenseQuery(delaysListQuery());
  const { orgName } = useNames();
  const columns: Array<Column<DelayCard>> = [
    { id: "matter", head: t("delay.matter"), cell: (d) => <><Link to={`/security/delays/${encodeURIComponent(d.id)}`}>{d.matter}</Link><span className="quiet">{d.id}</span></> },
    { id: "state", head: t("flow.state"), cell: (d) => <StatusTag of={d} /> },
    { id: "organisation", head: t("delay.organisation"), cell: (d) => orgName(d.organisation) },
    { id: "until", head: t("delay.until"), cell: (d) => day(d.until_at) },
    { id: "made", head: t("delay.made"), cell: (d) => when(d.made_at) },
  ];
  return (
    <section id="delays">
      <h2>{t("delay.heading")}</h2>
      <p className="quiet">{t("delay.lead")}</p>
      <div className="tasks">{can("delay.propose") && <Propose />}</div>
      {data.items.length ? <Table label={t("delay.heading")} columns={columns} rows={data.items} rowKey={(d) => d.id} /> : <Empty text={t("delay.none")} />}
    </section>
  );
}

/** Ended and made where accounts and systems are. */
function Freezes() {
  const { t, num } = useText(security);
  const { data } = useQuery(freezesListQuery({ limit: 1 }));
  return <section><h2>{t("frozen.heading")}</h2><p>{t("frozen.now", { n: num(data?.total ?? 0) })} <Link to="/admin">{t("frozen.where")}</Link></p></section>;
}

export default function Security() {
  const { t } = useText(security);
  const { can } = useSession();
  return (
    <Page title={t("nav.security")} lead={t("security.lead")} help={t("security.help")}>
      <Anomalies />
      <Delays />
      {can("freeze") && <Freezes />}
    </Page>
  );
}
