// Subscriptions: where an organisation's systems are told of changes and corrections, and whether it arrives.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { grantsListQuery, webhookAdd, webhooksList, webhooksListQuery, type Webhook } from "#api";
import { Choice, Field, Form, Tick } from "../parts/form";
import { Icon } from "../parts/icon";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty, Told } from "../parts/status";
import { SubscriptionState } from "../parts/subscription";
import { Filter, ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import share from "../text/share";
import webhook from "../text/webhook";
import { useText } from "../text";

const ORDERS = ["created", "url", "state", "resource", "delivered"] as const;

const STATES = ["pending", "active", "paused", "ended"] as const;
const EVENTS: Webhook["events"] = ["changes", "corrections", "watch", "cases"];
const GRANTS = 200;

function Subscribe() {
  const { t, tCode } = useText(webhook, share);
  const navigate = useNavigate();
  const { data } = useQuery(grantsListQuery({ state: "active", limit: GRANTS }));
  const granted = [...new Set(data?.items.filter((g) => g.modes.includes("subscribe")).map((g) => g.resource) ?? [])];
  const { resourceTitle } = useNames(granted);
  return (
    <details>
      <summary>{t("hook.new")}</summary>
      <Form submit={t("hook.add")} act={async (value) => {
        const events = EVENTS.filter((e) => value(`event-${e}`));
        if (!events.length) throw new Told(t("hook.no_event"));
        const resource = value("resource");
        const made = await webhookAdd({ url: value("url"), events, ...(resource && { resource }) });
        await navigate(`/webhooks/${encodeURIComponent(made.id)}`);
      }}>
        <Field id="url" label={t("hook.url")} hint={t("hook.url_hint")} type="url" maxLength={2000} autoComplete="off" />
        <fieldset className="ways"><legend>{t("hook.events")}</legend>{EVENTS.map((e) => <Tick key={e} id={`event-${e}`} defaultChecked>{tCode("event", e)}</Tick>)}</fieldset>
        <Choice id="resource" label={t("flow.resource")} options={[["", t("hook.every")], ...granted.map((r): [string, string] => [r, resourceTitle(r)])]} />
      </Form>
    </details>
  );
}

export default function Webhooks() {
  const { t, tCode, when, listed } = useText(webhook, share);
  const { can } = useSession();
  const list = useList();
  const state = STATES.find((s) => s === list.filter("state"));
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(webhooksListQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const { orgName, resourceTitle } = useNames(page.items.flatMap((w) => w.resource ?? []));
  const events = (w: Webhook): string => listed(w.events.map((e) => tCode("event", e)));
  const columns: Array<Column<Webhook>> = [
    { id: "url", sort: "url", head: t("hook.url"), text: (w) => w.url, cell: (w) => <><Link className="address" to={`/webhooks/${encodeURIComponent(w.id)}`}>{w.url}</Link><span className="quiet">{w.id}</span></> },
    { id: "state", sort: "state", head: t("flow.state"), text: (w) => tCode("hookstate", w.state), cell: (w) => <SubscriptionState state={w.state} /> },
    { id: "events", head: t("hook.events"), text: events, cell: events },
    { id: "resource", sort: "resource", head: t("flow.resource"), text: (w) => w.resource, cell: (w) => (w.resource ? resourceTitle(w.resource) : t("hook.every")) },
    { id: "organisation", head: t("hook.organisation"), text: (w) => orgName(w.organisation), cell: (w) => orgName(w.organisation), extra: true },
    { id: "delivered", sort: "delivered", head: t("hook.delivered"), text: (w) => w.delivered_at, cell: (w) => when(w.delivered_at) },
  ];
  return (
    <Page title={t("nav.webhooks")} lead={t("hook.lead")} help={t("hook.help")} actions={can("service.call") && <Link className="button" to="/corrections"><Icon name="flag" />{t("correction.heading")}</Link>}>
      <div className="tasks">{can("webhook.write") && <Subscribe />}</div>
      <ServerTable id="webhooks" label={t("nav.webhooks")} columns={columns} page={page} rowKey={(w) => w.id} list={list}
        ask={(offset, limit) => webhooksList({ state, sort, limit, offset })} empty={<Empty text={t("hook.none")} />}
        filters={<Filter list={list} name="state" label={t("flow.state")} all={t("hook.all")} options={STATES.map((s) => [s, tCode("hookstate", s)])} />} />
    </Page>
  );
}
