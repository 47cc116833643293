// Due diligence: the firm's consent, asked for when it is needed and signed on its own phone; then its data from the departments and its credit report, each a look
// that the firm sees.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sendForFile } from "#send";
import { consentAsk, grantsListQuery, reportAskUrl, serviceQuery, type Grant, type LoanCase, type ServiceAnswer } from "#api";
import consentText from "../text/consent";
import financing from "../text/financing";
import { lang, useText } from "../text";
import { useSession } from "../session";
import { HandOver } from "./consenting";
import { saveFile } from "./csv";
import { Field, Form } from "./form";
import { useNames } from "./names";
import { FailureNote, Note } from "./status";
import { Result } from "./tryout";

const GRANTS = 200;
const DAY_MS = 86_400_000;
const CONSENT_DAYS = 180;
const USES = 20;
const NOW = ["accepted", "due_diligence", "granted", "drawn", "repaying", "overdue", "bad"];

/** What one's own grants allow of it, for one purpose. */
const resourcesOf = (grants: Grant[]): string[] => grants.map((g) => (g.items.length ? `${g.resource}:${g.items.map((i) => i.item).join(",")}` : g.resource));

function AskConsent({ of: c, grants }: { of: LoanCase; grants: Grant[] }) {
  const { t, when } = useText(financing, consentText);
  const { resourceTitle } = useNames(grants.map((g) => g.resource));
  const [made, setMade] = useState<Awaited<ReturnType<typeof consentAsk>> | null>(null);
  const purposes = [...new Set(grants.map((g) => g.purpose))];
  const purpose = purposes[0];
  const within = grants.filter((g) => g.purpose === purpose);
  if (!purpose) return <Note tone="ask"><p>{t("consent.no_grant")}</p></Note>;
  return (
    <>
      <div role="status">{made && <HandOver text={t("case.asked", { until: when(made.expires_at) })} url={made.url} />}</div>
      {!made && (
        <Form submit={t("case.ask")} act={async (value) => setMade(await consentAsk({ subject: c.uscc!, subject_title: c.subject_title ?? c.uscc!, resources: resourcesOf(within), purpose, until: value("case-until"), uses: Number(value("case-uses")) }))}>
          <p className="quiet">{t("case.ask_lead", { purpose })}</p>
          <ul className="plainlist">{within.map((g) => <li key={g.id}>{resourceTitle(g.resource)}</li>)}</ul>
          <div className="pair">
            <Field id="case-until" label={t("consent.until")} type="date" defaultValue={new Date(Date.now() + CONSENT_DAYS * DAY_MS).toISOString().slice(0, 10)} />
            <Field id="case-uses" label={t("consent.uses")} hint={t("consent.uses_hint")} type="number" min={0} max={1000} defaultValue={USES} />
          </div>
        </Form>
      )}
    </>
  );
}

/** The departments' data under one's own grants, and the report: nothing of it is kept here. */
function Known({ of: c, grants }: { of: LoanCase; grants: Grant[] }) {
  const { t } = useText(financing);
  const names = useNames(grants.map((g) => g.resource));
  const [answer, setAnswer] = useState<{ resource: string; query: ServiceAnswer } | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const asked = (work: Promise<void>): void => {
    setProblem(null);
    work.catch(setProblem);
  };
  const look = (g: Grant) => asked(serviceQuery({ name: g.resource }, { grant: g.id, subject: c.uscc! }).then((query) => setAnswer({ resource: g.resource, query })));
  const report = () => asked(sendForFile(reportAskUrl(), { subject: c.uscc!, format: "html", lang: lang() }).then(({ name, file }) => {
    saveFile(name ?? "report.html", file, file.type);
    setSaved(name ?? "report.html");
  }));
  return (
    <>
      <p className="quiet">{t("case.look_lead")}</p>
      <p className="buttons">
        {grants.filter((g) => g.modes.includes("query")).map((g) => <button key={g.id} type="button" className="plain small" aria-pressed={answer?.resource === g.resource} onClick={() => look(g)}>{names.resourceTitle(g.resource)}</button>)}
        <button type="button" className="plain small" onClick={report}>{t("case.report")}</button>
      </p>
      {problem ? <FailureNote error={problem} /> : null}
      {saved && <Note tone="fine" role="status"><p>{t("case.report_saved", { name: saved })}</p></Note>}
      {answer && <Result answer={{ query: answer.query }} title={(item) => names.itemTitle(answer.resource, item)} />}
    </>
  );
}

export function Diligence({ of: c }: { of: LoanCase }) {
  const { t } = useText(financing);
  const { can, session } = useSession();
  const own = c.uscc !== null && session?.organisation === c.organisation && NOW.includes(c.state);
  const { data } = useQuery({ ...grantsListQuery({ state: "active", limit: GRANTS }), enabled: own && can("grant.read") });
  if (!own || !data) return null;
  const ready = c.consent ?? c.consent_ready;
  return (
    <section>
      <h2>{t("case.diligence")}</h2>
      {ready ? <Note tone="fine" role="status"><p>{t("case.consent_in_force", { id: ready })}</p></Note> : can("consent.write") && <AskConsent of={c} grants={data.items.filter((g) => g.consent)} />}
      {(ready || data.items.some((g) => !g.consent)) && can("service.call") && <Known of={c} grants={data.items} />}
    </section>
  );
}
