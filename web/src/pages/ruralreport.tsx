// A bank's officer and a farmer who applies: whose household it is, whether the farmer consents, whether what he says is so, and the special report.
// Nothing of it stands in the address or stays behind: the page begins anew when it is left.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { grantsListQuery, ruralProspect, type RuralProspect } from "#api";
import { Badge } from "../parts/badges";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { RuralCheck } from "../parts/rural-check";
import { RuralChecklists } from "../parts/rural-checklist";
import { RuralConsenting } from "../parts/rural-consent";
import { RuralMake } from "../parts/rural-make";
import { useRefresh } from "../parts/refresh";
import { Empty, Note } from "../parts/status";
import ruralreport from "../text/ruralreport";
import { useText } from "../text";

/** An identity number; any other is a household's. */
const PERSON = /^\d{17}[\dXx]$/;
const GRANTS = 200;
const ASK_AGAIN_MS = 5_000;

export interface Who {
  household?: string;
  subject?: string;
  officer?: string;
}

function Find({ found }: { found(who: Who, prospect: RuralProspect): void }) {
  const { t } = useText(ruralreport);
  return (
    <Form submit={t("rr.find")} act={async (value) => {
      const text = value("rr-who"), officer = value("rr-officer");
      const who: Who = { ...(PERSON.test(text) ? { subject: text.toUpperCase() } : { household: text }), ...(officer && { officer }) };
      found(who, await ruralProspect(who));
    }}>
      <div className="pair">
        <Field id="rr-who" label={t("rr.who")} hint={t("rr.who_hint")} maxLength={40} autoComplete="off" autoCapitalize="characters" />
        <Field id="rr-officer" label={t("rr.officer")} required={false} maxLength={64} autoComplete="off" />
      </div>
    </Form>
  );
}

function Consented({ prospect: p }: { prospect: RuralProspect }) {
  const { t, pick } = useText(ruralreport);
  if (!p.consent) return <Note tone={p.condition ? "ask" : "fine"} role="status"><p>{t(p.condition ? "rr.no_consent" : "rr.none_needed")}</p></Note>;
  const strong = p.consent.strength > 1;
  return (
    <Note tone={strong ? "fine" : "ask"} role="status">
      <p><Badge tone={strong ? "good" : "fair"}>{pick(p.consent.title, p.consent.title_en)}</Badge> <code>{p.consent.id}</code></p>
      <p>{t(strong ? "rr.strong" : "rr.weak")}</p>
    </Note>
  );
}

function Household({ who, prospect, again }: { who: Who; prospect: RuralProspect; again(): Promise<void> }) {
  const { t } = useText(ruralreport);
  const { data } = useQuery(grantsListQuery({ state: "active", limit: GRANTS }));
  const grants = (data?.items ?? []).filter((g) => prospect.reads.some((r) => r.resource === g.resource));
  const [waiting, setWaiting] = useState(false);
  const refused = prospect.condition !== null;
  useEffect(() => {
    if (!waiting || !refused) return;
    const timer = setInterval(() => void again(), ASK_AGAIN_MS); // until the farmer has signed on his own phone
    return () => clearInterval(timer);
  }, [waiting, refused]);
  return (
    <>
      <section>
        <h2>{t("rr.consent")}</h2>
        <Consented prospect={prospect} />
        {(refused || (prospect.consent?.strength ?? 2) < 2) && grants.length > 0 && <RuralConsenting key={prospect.consent?.id} who={who} grants={grants} reads={prospect.reads} asked={() => setWaiting(true)} recorded={again} />}
      </section>
      {!refused && (
        <>
          <section><h2>{t("rr.check")}</h2><RuralCheck who={who} prospect={prospect} grants={grants} /></section>
          <section><h2>{t("rr.make")}</h2><RuralMake who={who} prospect={prospect} /></section>
        </>
      )}
    </>
  );
}

export default function RuralReportPage() {
  const { t } = useText(ruralreport);
  const refresh = useRefresh();
  const [at, setAt] = useState<{ who: Who; prospect: RuralProspect } | null>(null);
  async function again(): Promise<void> {
    if (at) setAt({ who: at.who, prospect: await ruralProspect(at.who) });
    await refresh();
  }
  return (
    <Page title={t("rr.title")} lead={t("rr.lead")} help={t("rr.help")}>
      <Find found={(who, prospect) => setAt({ who, prospect })} />
      {at?.prospect.basis === "reconstruction" && <Note tone="ask"><p>{t("rr.reconstruction")}</p></Note>}
      {at ? <Household key={at.who.household ?? at.who.subject} who={at.who} prospect={at.prospect} again={again} /> : <Empty text={t("rr.begin")} />}
      <RuralChecklists />
    </Page>
  );
}
