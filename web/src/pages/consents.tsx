// Consents that one's organisation holds: asking a subject for one, recording one on paper, binding a passkey, withdrawing.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { consentAsk, consentRecord, consentsList, consentsListQuery, consentWithdraw, grantsListQuery, type Consent, type Grant } from "#api";
import { Badge } from "../parts/badges";
import { Enrol, HandOver, sha256, SubjectFields } from "../parts/consenting";
import { Area, Choice, Field, Form, type Values } from "../parts/form";
import { orderOf, useList } from "../parts/list";
import { useNames, type Names } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, Told } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import consent from "../text/consent";
import share from "../text/share";
import { useText } from "../text";

const GRANTS = 200;
const MOST = 1_000_000_000;

/** What asking and recording have in common: a consent is for the purpose and the items of a grant. */
function GrantFields({ prefix, grants, names }: { prefix: string; grants: Grant[]; names: Names }) {
  const { t } = useText(consent);
  return (
    <>
      <SubjectFields prefix={prefix} />
      <Choice id={`${prefix}-grant`} label={t("consent.grant")} hint={t("consent.grant_hint")} options={grants.map((g) => [g.id, `${names.resourceTitle(g.resource)} · ${g.purpose}`])} />
      <div className="pair">
        <Field id={`${prefix}-until`} label={t("consent.until")} type="date" />
        <Field id={`${prefix}-uses`} label={t("consent.uses")} hint={t("consent.uses_hint")} type="number" min={0} max={MOST} defaultValue={0} inputMode="numeric" />
      </div>
    </>
  );
}

function asked(prefix: string, grants: Grant[], value: Values, none: string) {
  const g = grants.find((x) => x.id === value(`${prefix}-grant`));
  if (!g) throw new Told(none);
  const items = g.items.map((i) => i.item).join(",");
  return {
    subject: value(`${prefix}-subject`), subject_title: value(`${prefix}-title`), resources: [items ? `${g.resource}:${items}` : g.resource], purpose: g.purpose,
    until: value(`${prefix}-until`), uses: Number(value(`${prefix}-uses`)),
  };
}

function Ask({ grants, names }: { grants: Grant[]; names: Names }) {
  const { t, when } = useText(consent);
  const [made, setMade] = useState<Awaited<ReturnType<typeof consentAsk>> | null>(null);
  return (
    <details>
      <summary>{t("consent.ask")}</summary>
      <div role="status">{made && <HandOver text={t("consent.ask_done", { until: when(made.expires_at) })} url={made.url} />}</div>
      <Form submit={t("consent.ask_go")} act={async (value) => setMade(await consentAsk(asked("ask", grants, value, t("consent.no_grant"))))}>
        <GrantFields prefix="ask" grants={grants} names={names} />
      </Form>
    </details>
  );
}

function Record({ grants, names }: { grants: Grant[]; names: Names }) {
  const { t } = useText(consent);
  const refresh = useRefresh();
  return (
    <details>
      <summary>{t("consent.record")}</summary>
      <p className="quiet">{t("consent.record_lead")}</p>
      <Form submit={t("consent.record_go")} act={async (value, form) => {
        const file = new FormData(form).get("paper-scan");
        if (!(file instanceof File) || !file.size) throw new Told(t("consent.scan"));
        await consentRecord({ ...asked("paper", grants, value, t("consent.no_grant")), document: await sha256(file) });
        await refresh();
      }}>
        <GrantFields prefix="paper" grants={grants} names={names} />
        <Field id="paper-scan" label={t("consent.scan")} hint={t("consent.scan_hint")} type="file" accept="application/pdf,image/png,image/jpeg" />
      </Form>
    </details>
  );
}

function Withdraw({ consent: c }: { consent: Consent }) {
  const { t } = useText(consent);
  const { can } = useSession();
  const refresh = useRefresh();
  if (!can("consent.write") || c.state === "withdrawn") return null;
  return (
    <details>
      <summary>{t("consent.withdraw")}</summary>
      <Form submit={t("consent.withdraw")} act={(value) => consentWithdraw({ id: c.id }, { reason: value(`why-${c.id}`) }).then(refresh)}>
        <Area id={`why-${c.id}`} label={t("consent.why")} maxLength={300} rows={2} />
      </Form>
    </details>
  );
}

function Tasks() {
  const { t } = useText(consent);
  const { data } = useQuery(grantsListQuery({ state: "active", limit: GRANTS }));
  const grants = data?.items ?? [];
  const names = useNames(grants.map((g) => g.resource));
  return (
    <div className="tasks">
      <Enrol />
      {grants.length ? <><Ask grants={grants} names={names} /><Record grants={grants} names={names} /></> : data && <p className="quiet">{t("consent.no_grant")}</p>}
    </div>
  );
}

const STATES = ["active", "withdrawn"] as const;
const ORDERS = ["made", "organisation", "purpose", "state", "until", "used"] as const;

export default function Consents() {
  const { t, tCode, pick, num, day, listed } = useText(consent, share);
  const { can } = useSession();
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(consentsListQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const { orgName, resourceTitle, itemTitle } = useNames(page.items.flatMap((c) => c.items.map((i) => i.resource)));
  const used = (c: Consent): string => (c.uses ? `${num(c.used)} / ${num(c.uses)}` : num(c.used));
  const columns: Array<Column<Consent>> = [
    { id: "subject", head: t("consent.subject_title"), text: (c) => c.subject_title, cell: (c) => <>{c.subject_title}<code className="quiet">{c.subject}</code><span className="quiet">{c.id}</span></> },
    { id: "kind", sort: "state", head: t("consent.kind"), text: (c) => tCode("consent", c.state), cell: (c) => (
      <span className="badges"><Badge tone={c.kind === "passkey" ? "good" : "fair"}>{pick(c.kind_title, c.kind_title_en)}</Badge><Badge tone={c.state === "active" ? "" : "quietly"}>{tCode("consent", c.state)}</Badge></span>
    ) },
    { id: "holder", sort: "organisation", head: t("consent.holder"), text: (c) => orgName(c.organisation), cell: (c) => orgName(c.organisation) },
    { id: "purpose", sort: "purpose", head: t("flow.purpose"), text: (c) => c.purpose, cell: (c) => (
      <span>{c.purpose}<ul className="scope">{c.items.map((s) => <li key={s.resource}>{resourceTitle(s.resource)}<span className="quiet">{listed(s.items.map((i) => itemTitle(s.resource, i)))}</span></li>)}</ul></span>
    ) },
    { id: "used", sort: "used", head: t("consent.used"), text: used, cell: used },
    { id: "until", sort: "until", head: t("consent.until"), text: (c) => c.until, cell: (c) => (
      <><span>{day(c.until)}<details><summary>{t("consent.text")}</summary><pre className="letter">{c.text}</pre></details></span><Withdraw consent={c} /></>
    ) },
  ];
  return (
    <Page title={t("consent.heading")} lead={t("consent.lead")} help={t("consent.help")}>
      {can("consent.write") && <Tasks />}
      <ServerTable id="consents" label={t("consent.heading")} columns={columns} page={page} rowKey={(c) => c.id} list={list}
        ask={(offset, limit) => consentsList({ state, sort, limit, offset })} empty={<Empty text={t("consent.none")} />}
        filters={<Filter list={list} name="state" label={t("flow.state")} all={t("flow.any")} options={STATES.map((s) => [s, tCode("consent", s)])} />} />
    </Page>
  );
}
