// One application on the screen of a phone: what a decision needs, and the decision, at the foot where the thumb is.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { applicationAct, applicationShowQuery, attachmentFetchUrl, passkeysListQuery, type ApplicationWhole, type FlowAction } from "#api";
import { Badge, GradeBadge, StatusTag } from "../parts/badges";
import { Deadline } from "../parts/deadline";
import { DetailList } from "../parts/facts";
import { Timeline } from "../parts/flow";
import { Area, Form } from "../parts/form";
import { Icon } from "../parts/icon";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Note } from "../parts/status";
import approval from "../text/approval";
import share from "../text/share";
import { useText } from "../text";

function Items({ application: a }: { application: ApplicationWhole }) {
  const { t } = useText(approval);
  const { resourceTitle, itemTitle, item } = useNames(a.resources.map((r) => r.resource));
  return a.resources.map((r) => (
    <div key={r.resource} className="asked">
      <h3>{resourceTitle(r.resource)}</h3>
      <ul className="scope">
        {r.items.map((i) => {
          const grade = item(r.resource, i.item)?.grade;
          return (
            <li key={i.item}>
              <span>{itemTitle(r.resource, i.item)}</span>
              {grade && <GradeBadge grade={grade} />}
              {grade && grade >= 3 && <Badge tone={i.plain ? "poor" : "good"}>{t(i.plain ? "decide.plain" : "decide.masked")}</Badge>}
            </li>
          );
        })}
        {!r.items.length && <li>{t("decide.all")}</li>}
      </ul>
    </div>
  ));
}

function Facts({ application: a }: { application: ApplicationWhole }) {
  const { t, tCode, num, day, listed } = useText(approval, share);
  const { orgName } = useNames();
  const quota = [a.per_second && t("decide.per_second", { n: num(a.per_second) }), a.per_day && t("decide.per_day", { n: num(a.per_day) }), a.total && t("decide.total", { n: num(a.total) })];
  return (
    <section className="panel">
      <DetailList rows={[
        [t("decide.who"), <strong key="w">{orgName(a.organisation)}</strong>], [t("decide.why"), <strong key="p">{a.purpose}</strong>], [t("decide.basis"), a.legal_basis],
        [t("decide.consent"), <Badge key="c" tone={a.consent ? "good" : "fair"}>{t(a.consent ? "decide.consent_yes" : "decide.consent_no")}</Badge>],
        [t("decide.period"), `${day(a.from)} – ${day(a.until)}`], [t("decide.modes"), listed(a.modes.map((m) => tCode("use", m)))],
        [t("decide.quota"), listed(quota.filter((x): x is string => Boolean(x))) || t("decide.unlimited")],
      ]} />
    </section>
  );
}

function Decide({ actions, take }: { actions: FlowAction[]; take(step: FlowAction, body: Record<string, string>): Promise<void> }) {
  const { t, pick } = useText(approval, share);
  const [asked, setAsked] = useState<FlowAction | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked) box.current?.querySelector<HTMLElement>("textarea, button")?.focus();
  }, [asked]);
  return (
    <section className="decide" aria-label={t("decide.actions")}>
      <div ref={box}>
        {asked && (
          <Form key={asked.action} submit={t("flow.confirm", { step: pick(asked.title, asked.title_en) })}
            act={async (value) => {
              const body: Record<string, string> = { action: asked.action };
              for (const name of asked.needs) body[name] = value(name);
              await take(asked, body);
            }}
            more={<button type="button" className="plain" onClick={() => setAsked(null)}>{t("confirm.no")}</button>}>
            {asked.needs.includes("reason") && <Area id="reason" label={t("flow.reason")} maxLength={2000} />}
            {asked.needs.includes("legal_basis") && <Area id="legal_basis" label={t("flow.basis")} hint={t("flow.basis_hint")} maxLength={2000} rows={2} />}
          </Form>
        )}
      </div>
      {!asked && (
        <p className="buttons">
          {actions.map((a, at) => <button key={a.action} type="button" className={at ? "plain" : "primary"} onClick={() => setAsked(a)}>{pick(a.title, a.title_en)}</button>)}
        </p>
      )}
    </section>
  );
}

export default function DecidePage() {
  const id = useParams()["id"]!;
  const { t, pick } = useText(approval, share);
  const { data: a } = useSuspenseQuery(applicationShowQuery({ id }));
  const { data: keys } = useQuery(passkeysListQuery());
  const refresh = useRefresh();
  const [done, setDone] = useState<FlowAction | null>(null);
  return (
    <Page slim title={a.title} back={["/desk", t("nav.desk")]} help={t("decide.help")} badges={<><StatusTag of={a} />{a.due_at && <Deadline due={a.due_at} />}</>}>
      {done && <Note tone="fine" role="status"><p>{t("decide.done", { step: pick(done.title, done.title_en) })} <Link to="/desk">{t("decide.next")}</Link></p></Note>}
      <Facts application={a} />
      <section className="panel"><h2>{t("decide.what")}</h2><Items application={a} /></section>
      {a.compliance.length > 0 && (
        <section>
          <h2>{t("decide.checks")}</h2>
          <ul className="checks">{a.compliance.map((f) => <li key={f.message}><Badge tone={f.severity === "error" ? "poor" : "fair"}>{t(f.severity === "error" ? "apply.error" : "apply.warning")}</Badge><span>{pick(f.message, f.message_en)}</span></li>)}</ul>
        </section>
      )}
      {a.attachments.length > 0 && (
        <section>
          <h2>{t("decide.files")}</h2>
          <ul className="files">{a.attachments.map((f) => <li key={f.sha256}><a className="file" href={attachmentFetchUrl({ id: a.id, hash: f.sha256 })} download><Icon name="download" />{f.name}</a></li>)}</ul>
        </section>
      )}
      <details><summary>{t("decide.past", { n: a.history.length })}</summary><Timeline events={a.history} /></details>
      <p><Link to={`/applications/${encodeURIComponent(a.id)}`}>{t("decide.whole")}</Link></p>
      {keys && !keys.items.length && a.actions.length > 0 && <Note tone="ask"><p>{t("decide.no_key")} <Link to="/account">{t("decide.no_key_link")}</Link></p></Note>}
      {a.actions.length
        ? <Decide key={a.changed_at} actions={a.actions} take={async (step, body) => {
          await applicationAct({ id }, body as Parameters<typeof applicationAct>[1]);
          setDone(step);
          await refresh();
          document.getElementById("main")?.focus();
        }} />
        : !done && <p className="quiet">{t("decide.nothing")}</p>}
    </Page>
  );
}
