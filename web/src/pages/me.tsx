// A subject's own page: signed in by its passkey, without an account, it sees who looked at its data and what it consented to.  The
// sign-in lives in this page's memory for ten minutes and ends with it.
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { journalProofUrl, meChallenge, meConsents, meLooks, meSession, meShow, type Consent, type Look, type Looks, type Me } from "#api";
import { actAs } from "#send";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Form } from "../parts/form";
import { commits } from "../parts/journal";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { passkeysWork, signWithPasskey } from "../parts/passkey";
import { Empty, FailureNote, failureText, Note } from "../parts/status";
import consentText from "../text/consent";
import share from "../text/share";
import { useText } from "../text";

const LIMIT = 20;
const CONSENTS = 100;
const tones: { [kind: string]: string } = { call: "", export: "fair", refusal: "quietly", "look-up": "fair", report: "fair" };

/** Compared with the journal by this browser, not by the server's word. */
function Checked({ look: l }: { look: Look }) {
  const { t } = useText(consentText);
  const [verdict, setVerdict] = useState<"same" | "differs" | { error: unknown } | null>(null);
  useEffect(() => {
    commits(l.entry, l.sealed).then((same) => setVerdict(same ? "same" : "differs")).catch((error: unknown) => setVerdict({ error }));
  }, [l]);
  if (verdict && typeof verdict === "object") return <span className="bad">{failureText(verdict.error)}</span>;
  return <span className={verdict === "differs" ? "bad" : "quiet"}>{t(verdict ? `me.${verdict}` : "me.checking")}</span>;
}

function LookCard({ look: l }: { look: Look }) {
  const { t, tCode, num, when, listed } = useText(consentText, share);
  const { orgName, resourceTitle, itemTitle } = useNames(l.resource ? [l.resource] : []);
  const items = l.resource ? l.items.map((i) => itemTitle(l.resource!, i)) : l.items;
  return (
    <li className="panel">
      <p className="badges"><Badge tone={tones[l.kind] ?? ""}>{tCode("look", l.kind.replace("-", "_"))}</Badge><span className="quiet">{when(l.at)}</span></p>
      <h3>{orgName(l.organisation) || l.organisation_name}</h3>
      <DetailList rows={[
        [t("flow.resource"), l.resource && resourceTitle(l.resource)], [t("flow.purpose"), l.purpose], [t("apply.modes"), l.mode && tCode("use", l.mode)],
        [t("me.why_refused"), l.condition && tCode("refused", l.condition)], [t("apply.items"), listed(items)], [t("me.by"), l.officer ?? l.account ?? l.client],
        [t("me.entry"), <span key="e">{num(l.entry)} <a href={journalProofUrl({ index: l.entry })}>{t("me.proof")}</a> <Checked look={l} /></span>],
      ]} />
    </li>
  );
}

function ConsentCard({ consent: c }: { consent: Consent }) {
  const { t, tCode, pick, num, day, listed } = useText(consentText, share);
  const { orgName, resourceTitle } = useNames(c.items.map((i) => i.resource));
  return (
    <li className="panel">
      <p className="badges"><Badge tone={c.kind === "passkey" ? "good" : "fair"}>{pick(c.kind_title, c.kind_title_en)}</Badge><Badge tone={c.state === "active" ? "" : "quietly"}>{tCode("consent", c.state)}</Badge></p>
      <h3>{orgName(c.organisation)}</h3>
      <DetailList rows={[
        [t("flow.purpose"), c.purpose], [t("flow.resource"), listed(c.items.map((i) => resourceTitle(i.resource)))], [t("consent.until"), day(c.until)],
        [t("consent.used"), c.uses ? `${num(c.used)} / ${num(c.uses)}` : num(c.used)],
      ]} />
      {c.state === "active" && <p><Link to={`/consent#withdraw=${c.id}`}>{t("sign.withdraw_link")}</Link></p>}
    </li>
  );
}

interface Own {
  me: Me;
  looks: Looks;
  consents: Consent[];
}

export default function MePage() {
  const { t, num } = useText(consentText);
  const [own, setOwn] = useState<Own | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => () => actAs(null), []);

  async function signIn(): Promise<void> {
    const { publicKey } = await meChallenge();
    actAs((await meSession(await signWithPasskey(publicKey))).access_token);
    setOwn({ me: await meShow(), looks: await meLooks({ limit: LIMIT }), consents: (await meConsents({ limit: CONSENTS })).items });
  }

  async function more(): Promise<void> {
    const page = await meLooks({ limit: LIMIT, before: own!.looks.items.at(-1)!.entry });
    setOwn({ ...own!, looks: { ...page, items: [...own!.looks.items, ...page.items] } });
  }

  if (!own)
    return (
      <Page slim title={t("me.title")} lead={t("me.lead")}>
        {passkeysWork() ? <Form submit={t("me.go")} act={signIn}><p className="quiet">{t("me.how")}</p></Form> : <Note tone="ask"><p>{t("passkey.unable")}</p></Note>}
      </Page>
    );
  const { me, looks, consents } = own;
  return (
    <Page slim title={t("me.title")} lead={<>{me.title} <code>{me.subject}</code></>}>
      <section>
        <h2>{t("me.looks", { n: num(looks.total) })}</h2>
        <p className="quiet">{t("me.complete", { n: num(looks.entries) })}</p>
        {looks.items.length ? <ol className="candidates">{looks.items.map((l) => <LookCard key={l.entry} look={l} />)}</ol> : <Empty text={t("me.nobody")} />}
        {looks.items.length < looks.total && <p className="buttons"><button type="button" className="plain" onClick={() => void more().catch(setProblem)}>{t("me.older")}</button></p>}
        {problem ? <FailureNote error={problem} /> : null}
      </section>
      <section><h2>{t("me.consents")}</h2>{consents.length ? <ul className="candidates">{consents.map((c) => <ConsentCard key={c.id} consent={c} />)}</ul> : <Empty text={t("consent.none")} />}</section>
    </Page>
  );
}
