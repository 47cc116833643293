// Consents of the subject that is signed in: those that wait for its signature, those that hold, and their withdrawal, each signed here.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { consentAskWithdrawal, meConsentsQuery, meOffersQuery, type Consent, type ConsentOffer, type ConsentSigned } from "#api";
import consentText from "../text/consent";
import meText from "../text/me";
import share from "../text/share";
import { useText } from "../text";
import { Badge } from "./badges";
import { DetailList } from "./facts";
import { useNames } from "./names";
import { SignOffer } from "./sign";
import { Empty, FailureNote, Note } from "./status";

const CONSENTS = 100;
const LOOK_AGAIN_MS = 15_000; // an officer across the counter has just asked

export const useOffers = () => useQuery({ ...meOffersQuery(), refetchInterval: LOOK_AGAIN_MS });

const holds = (c: Consent): boolean => c.state === "active" && new Date(c.until).getTime() > Date.now() && !(c.uses && c.used >= c.uses);

/** The withdrawal is made when it is asked for, and signed under its own text. */
function Withdraw({ consent: c, done }: { consent: Consent; done(s: ConsentSigned): void }) {
  const { t } = useText(meText);
  const [offer, setOffer] = useState<ConsentOffer | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  if (!offer)
    return (
      <>
        {problem ? <FailureNote error={problem} /> : null}
        <p className="buttons"><button type="button" className="plain withdraw" onClick={() => void consentAskWithdrawal({ id: c.id }).then(setOffer, setProblem)}>{t("mine.withdraw")}</button></p>
      </>
    );
  return (
    <div className="withdrawing">
      <p>{t("mine.withdraw_what")}</p>
      <SignOffer offer={offer} done={done} more={<button type="button" className="plain" onClick={() => setOffer(null)}>{t("mine.keep")}</button>} />
    </div>
  );
}

function ConsentCard({ consent: c, done }: { consent: Consent; done(s: ConsentSigned): void }) {
  const { t, tCode, pick, num, day, listed } = useText(meText, consentText, share);
  const { orgName, resourceTitle, itemTitle } = useNames(c.items.map((i) => i.resource));
  const state = c.state === "active" ? (holds(c) ? <Badge tone="good">{tCode("consent", "active")}</Badge> : <Badge tone="quietly">{t("mine.ended")}</Badge>) : <Badge tone="quietly">{tCode("consent", c.state)}</Badge>;
  return (
    <li className="panel">
      <p className="badges">{state}<Badge tone={c.kind === "passkey" ? "" : "fair"}>{pick(c.kind_title, c.kind_title_en)}</Badge></p>
      <h3>{orgName(c.organisation)}</h3>
      <DetailList rows={[
        [t("flow.purpose"), c.purpose],
        [t("mine.items"), <>{c.items.map((i) => <span key={i.resource} className="line">{t("me.saw", { resource: resourceTitle(i.resource), items: listed(i.items.map((x) => itemTitle(i.resource, x))) })}</span>)}</>],
        [t("consent.until"), day(c.until)], [t("mine.used"), c.uses ? t("mine.used_of", { used: num(c.used), uses: num(c.uses) }) : num(c.used)], [t("mine.made"), day(c.made_at)],
        [t("mine.proves"), pick(c.proves, c.proves_en)],
      ]} />
      <details><summary>{t("consent.text")}</summary><pre className="letter" tabIndex={0}>{c.text}</pre></details>
      {holds(c) && <Withdraw consent={c} done={done} />}
    </li>
  );
}

export function MyConsents() {
  const { t, num } = useText(meText, consentText);
  const client = useQueryClient();
  const offers = useOffers();
  const consents = useQuery(meConsentsQuery({ limit: CONSENTS }));
  const [signed, setSigned] = useState<ConsentSigned | null>(null);

  function done(s: ConsentSigned): void {
    setSigned(s);
    void client.invalidateQueries({ predicate: (q) => q.queryKey[0] === "me.offers" || q.queryKey[0] === "me.consents" });
    window.scrollTo(0, 0);
  }

  const problem = offers.error ?? consents.error;
  if (problem && !consents.data) return <FailureNote error={problem} />;
  if (!offers.data || !consents.data) return <p className="quiet loading" role="status">{t("status.loading")}</p>;
  const now = consents.data.items.filter(holds), past = consents.data.items.filter((c) => !holds(c));
  return (
    <>
      {signed && <Note tone="fine" role="status"><p>{t(signed.state === "active" ? "mine.given" : "sign.withdrawn", { id: signed.consent })}</p></Note>}
      <section>
        <h2>{t("mine.waiting")}</h2>
        {offers.data.items.length ? <ul className="candidates waiting">{offers.data.items.map((o) => <li key={o.id} className="panel"><details open={offers.data.items.length === 1}><summary>{t("mine.read")}</summary><SignOffer offer={o} done={done} /></details></li>)}</ul> : <Empty text={t("mine.waiting_none")} />}
      </section>
      <section>
        <h2>{t("mine.active")}</h2>
        {now.length ? <ul className="candidates active">{now.map((c) => <ConsentCard key={c.id} consent={c} done={done} />)}</ul> : <Empty text={t("mine.active_none")} />}
      </section>
      {past.length > 0 && <section><details><summary>{t("mine.past", { n: num(past.length) })}</summary><ul className="candidates past">{past.map((c) => <ConsentCard key={c.id} consent={c} done={done} />)}</ul></details></section>}
    </>
  );
}
