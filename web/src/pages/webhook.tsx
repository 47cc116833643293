// One subscription: how it stands, what could not be delivered, and what may be done about it.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { webhookAct, webhookRedeliver, webhookShowQuery, type DeadLetter, type Webhook } from "#api";
import { Badge } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { DetailList } from "../parts/facts";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, FailureNote, Note } from "../parts/status";
import { SubscriptionState } from "../parts/subscription";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import share from "../text/share";
import webhook from "../text/webhook";
import { useText } from "../text";

const REFRESH_MS = 5000;
/** What may be done in which state. */
const ACTS: Record<Webhook["state"], Array<"pause" | "resume">> = { pending: ["pause"], active: ["pause"], paused: ["resume"], ended: [] };

function DeadLetters({ letters, again }: { letters: DeadLetter[]; again: ((event?: number) => void) | null }) {
  const { t, pick, num, when } = useText(webhook);
  const columns: Array<Column<DeadLetter>> = [
    { id: "event", head: t("dead.event"), cell: (d) => num(d.event) },
    { id: "at", head: t("dead.at"), cell: (d) => when(d.at) },
    { id: "attempts", head: t("hook.attempts"), number: true, cell: (d) => num(d.attempts) },
    { id: "error", head: t("hook.error"), cell: (d) => <span>{d.status !== null && <code>{d.status}</code>} {d.error && pick(d.error.zh, d.error.en)}</span> },
    { id: "do", head: t("dead.do"), cell: (d) => (d.again ? <Badge tone="busy">{t("dead.waits")}</Badge> : again && <button type="button" className="plain" onClick={() => again(d.event)}>{t("dead.again")}</button>) },
  ];
  return <Table label={t("dead.heading")} columns={columns} rows={letters} rowKey={(d) => String(d.event)} />;
}

export default function WebhookPage() {
  const id = useParams()["id"]!;
  const { t, tCode, pick, num, when, listed } = useText(webhook, share);
  const { can } = useSession();
  const refresh = useRefresh();
  const [problem, setProblem] = useState<unknown>(null);
  const { data } = useSuspenseQuery({ ...webhookShowQuery({ id }), refetchInterval: REFRESH_MS });
  const { subscription: w, dead_letters: letters } = data;
  const { orgName, resourceTitle } = useNames(w.resource ? [w.resource] : []);
  const may = can("webhook.write") && w.state !== "ended";
  const act = (work: () => Promise<unknown>): void => {
    setProblem(null);
    work().then(refresh).catch(setProblem);
  };
  const resend = (event?: number): void => act(() => webhookRedeliver({ id }, event === undefined ? {} : { event }));
  return (
    <Page title={t("hook.title")} lead={<span className="address">{w.url}</span>} back={["/webhooks", t("nav.webhooks")]} badges={<SubscriptionState state={w.state} />} help={t("hook.help")}
      actions={may && <>
        {ACTS[w.state].map((action) => <button key={action} type="button" className="plain" onClick={() => act(() => webhookAct({ id }, { action }))}>{tCode("hookact", action)}</button>)}
        <ConfirmDanger text={t("hookact.end")} title={t("hook.end_ask")} what={<p>{t("hook.end_what")}</p>} act={() => webhookAct({ id }, { action: "end" }).then(refresh)} />
      </>}>
      {problem ? <FailureNote error={problem} /> : null}
      {w.state === "pending" && <Note tone="ask"><p>{t("hook.pending")}</p></Note>}
      {w.state === "paused" && <Note tone="bad"><p>{t("hook.paused")}</p></Note>}
      <div className="columns">
        <div className="wide">
          <section>
            <h2>{t("dead.heading")}</h2>
            <p className="quiet">{t("dead.lead")}</p>
            {letters.length ? <DeadLetters letters={letters} again={may ? resend : null} /> : <Empty text={t("dead.none")} />}
            {may && letters.some((d) => !d.again) && <p className="buttons"><button type="button" className="primary" onClick={() => resend()}>{t("dead.all")}</button></p>}
          </section>
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), w.id], [t("hook.events"), listed(w.events.map((e) => tCode("event", e)))], [t("flow.resource"), w.resource ? resourceTitle(w.resource) : t("hook.every")],
              [t("hook.organisation"), orgName(w.organisation)], [t("hook.by"), w.account ?? w.client], [t("hook.cursor"), num(w.cursor)], [t("hook.delivered"), when(w.delivered_at)],
              [t("hook.attempts"), w.attempts && num(w.attempts)], [t("hook.next"), w.next_at && when(w.next_at)],
              [t("hook.status"), w.status !== null && <code key="s">{w.status}</code>], [t("hook.error"), w.error && pick(w.error.zh, w.error.en)], [t("hook.made"), when(w.created_at)],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
