// One application: what is asked for, what the check of form found, its scans, what happened and what may be done.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { applicationAct, applicationShowQuery, attachmentAddUrl, attachmentFetchUrl, type ApplicationWhole, type Attachment } from "#api";
import { sendFile } from "#send";
import { Badge, StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Icon } from "../parts/icon";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { failureText } from "../parts/status";
import { useSession } from "../session";
import share from "../text/share";
import { useText } from "../text";

const OVER = ["granted", "closed", "cancelled"];

function Items({ application: a }: { application: ApplicationWhole }) {
  const { t } = useText(share);
  const { resourceTitle, itemTitle } = useNames(a.resources.map((r) => r.resource));
  return (
    <section>
      <h2>{t("apply.items")}</h2>
      {a.resources.map((r) => (
        <div key={r.resource} className="panel">
          <h3><Link to={`/resources/${encodeURIComponent(r.resource)}`}>{resourceTitle(r.resource)}</Link></h3>
          {r.items.length
            ? <p className="badges">{r.items.map((i) => <Badge key={i.item} tone={i.plain ? "fair" : ""}>{itemTitle(r.resource, i.item)}{i.plain && t("apply.plain_after")}</Badge>)}</p>
            : <p className="quiet">{t("apply.all_items")}</p>}
        </div>
      ))}
    </section>
  );
}

function Findings({ application: a }: { application: ApplicationWhole }) {
  const { t, pick } = useText(share);
  return (
    <section>
      <h2>{t("apply.check")}</h2>
      {a.compliance.length ? (
        <ul className="checks">
          {a.compliance.map((f) => (
            <li key={f.message}><Badge tone={f.severity === "error" ? "poor" : "fair"}>{t(f.severity === "error" ? "apply.error" : "apply.warning")}</Badge><span>{pick(f.message, f.message_en)}</span></li>
          ))}
        </ul>
      ) : <p className="quiet">{t("apply.clean")}</p>}
    </section>
  );
}

function Attachments({ application: a }: { application: ApplicationWhole }) {
  const { t, bytes } = useText(share);
  const { session, can } = useSession();
  const refresh = useRefresh();
  const [problem, setProblem] = useState<unknown>(null);
  const adds = can("application.write") && session?.organisation === a.organisation && !OVER.includes(a.state);
  const add = (file: File | undefined): void => {
    if (!file) return;
    setProblem(null);
    sendFile<Attachment>(attachmentAddUrl({ id: a.id, name: file.name }), file).then(refresh).catch(setProblem);
  };
  return (
    <section>
      <h2>{t("apply.attachments")}</h2>
      {a.attachments.length ? (
        <ul className="files">
          {a.attachments.map((f) => (
            <li key={f.sha256}><a className="file" href={attachmentFetchUrl({ id: a.id, hash: f.sha256 })} download><Icon name="download" />{f.name}</a><span className="quiet">{bytes(f.bytes)}</span></li>
          ))}
        </ul>
      ) : <p className="quiet">{t("apply.no_attachments")}</p>}
      {adds && (
        <div className="drop">
          <label htmlFor="scan"><Icon name="upload" /><strong>{t("apply.attach")}</strong><span className="quiet">{t("apply.attach_hint")}</span></label>
          <input type="file" id="scan" accept="application/pdf,image/png,image/jpeg" onChange={(e) => { add(e.target.files?.[0]); e.target.value = ""; }} />
          <div role="alert">{problem ? <p className="bad">{failureText(problem)}</p> : null}</div>
        </div>
      )}
    </section>
  );
}

export default function ApplicationPage() {
  const id = useParams()["id"]!;
  const { t, tCode, num, day, listed } = useText(share);
  const { data: a } = useSuspenseQuery(applicationShowQuery({ id }));
  const { orgName } = useNames();
  const refresh = useRefresh();
  return (
    <Page title={a.title} back={["/applications", t("nav.applications")]} help={t("apply.help")}
      badges={<><StatusTag of={a} /><Badge>{t(a.unconditional ? "apply.unconditional" : "apply.conditional")}</Badge>{a.consent && <Badge>{t("apply.consent")}</Badge>}</>}>
      <div className="columns">
        <div className="wide">
          <Steps actions={a.actions} take={(body) => applicationAct({ id }, body as Parameters<typeof applicationAct>[1]).then(refresh)} />
          <Items application={a} />
          <Findings application={a} />
          <Attachments application={a} />
          <Timeline events={a.history} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("flow.about")}</h2>
            <DetailList rows={[
              [t("flow.id"), a.id], [t("apply.scene_id"), <Link key="s" to={`/applications?scene=${encodeURIComponent(a.scene)}`}>{a.scene}</Link>],
              [t("apply.applicant"), orgName(a.organisation)], [t("apply.provider"), orgName(a.provider)],
              [t("flow.purpose"), a.purpose], [t("flow.scenario"), a.scenario], [t("flow.basis"), a.legal_basis],
              [t("apply.modes"), listed(a.modes.map((m) => tCode("use", m)))], [t("apply.per_day"), a.per_day && num(a.per_day)],
              [t("apply.per_second"), a.per_second && num(a.per_second)], [t("apply.total"), a.total && num(a.total)],
              [t("apply.networks"), listed(a.networks)], [t("apply.period"), `${day(a.from)} – ${day(a.until)}`], [t("flow.due"), a.due_at && day(a.due_at)],
              [t("nav.demands"), a.demand && <Link to={`/demands/${encodeURIComponent(a.demand)}`}>{a.demand}</Link>],
            ]} />
          </section>
        </div>
      </div>
    </Page>
  );
}
