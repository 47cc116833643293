// A subject's own page: signed in by its passkey, without an account.  Who looked at its data and whether that list is whole, what the
// departments have on record and objections to it, consents to give and withdraw.  The sign-in lives in this page's memory for ten minutes and ends with it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { meChallenge, meSession, meRatingQuery, meShowQuery } from "#api";
import { actAs } from "#send";
import { Form } from "../parts/form";
import { MyConsents, useOffers } from "../parts/me-consents";
import { MyEnterprise } from "../parts/me-enterprise";
import { MyLooks, useLooks } from "../parts/me-looks";
import { MyObjections, useObjections } from "../parts/me-objections";
import { MyPortals } from "../parts/me-portals";
import { MyRating } from "../parts/me-rating";
import { MyRecords } from "../parts/me-records";
import { MyRepairs } from "../parts/me-repairs";
import { MyWatches } from "../parts/me-watches";
import { Page } from "../parts/page";
import { passkeysWork, signWithPasskey } from "../parts/passkey";
import { FailureNote, Note } from "../parts/status";
import { Tabs, useTab } from "../parts/tabs";
import { offerTour } from "../parts/tours";
import consent from "../text/consent";
import meText from "../text/me";
import { useText } from "../text";

const MINUTE_MS = 60_000;
const TICK_MS = 5_000;
const TABS = ["looks", "records", "consents", "objections", "enterprise", "rating"];

/** Who is in: by which passkey, and until when. */
interface Stay {
  passkey: string;
  until: number;
}

function Enter({ ended, enter }: { ended: boolean; enter(): Promise<void> }) {
  const { t } = useText(meText, consent);
  return (
    <Page slim title={t("me.title")} lead={t("me.lead")} help={t("me.help")}>
      {ended && <Note role="status"><p>{t("me.ended")}</p></Note>}
      {passkeysWork() ? <Form submit={t("me.go")} act={enter}><p className="quiet">{t("me.how")}</p></Form> : <Note tone="ask"><p>{t("passkey.unable")}</p></Note>}
      <section><h2>{t("me.none_yet")}</h2><p>{t("me.none_how")}</p><p className="quiet">{t("me.signing")}</p></section>
    </Page>
  );
}

function Inside({ stay, leave }: { stay: Stay; leave(ended: boolean): void }) {
  const { t, num } = useText(meText);
  const [now, setNow] = useState(Date.now());
  const [tab, choose] = useTab(TABS);
  const { data: me, error } = useQuery({ ...meShowQuery(), staleTime: Infinity });
  const looks = useLooks().data?.pages[0]?.total;
  const offers = useOffers().data?.items.length;
  const rated = !!useQuery(meRatingQuery()).data?.rating;
  const open = useObjections().data?.items.filter((o) => o.open).length;

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    offerTour("subject");
    return () => offerTour(null);
  }, []);
  const over = now >= stay.until;
  useEffect(() => {
    if (over) leave(true);
  }, [over]);

  if (error) return <Page slim title={t("me.title")}><FailureNote error={error} /><p className="buttons"><button type="button" className="plain" onClick={() => leave(false)}>{t("me.again")}</button></p></Page>;
  return (
    <Page title={t("me.title")} help={t("me.help")} lead={me && <><strong>{me.title}</strong> <code>{me.subject}</code></>}
      actions={<><button type="button" className="plain small" onClick={() => leave(false)}>{t("nav.signout")}</button><span className="quiet">{t("me.minutes", { n: num(Math.max(1, Math.ceil((stay.until - now) / MINUTE_MS))) })}</span></>}>
      <Tabs label={t("me.tabs")} current={tab} choose={choose} tabs={[
        { id: "looks", text: t("me.tab_looks"), count: !!looks && num(looks) }, { id: "records", text: t("me.tab_records") }, { id: "consents", text: t("me.tab_consents"), count: !!offers && num(offers) },
        { id: "objections", text: t("me.tab_objections"), count: !!open && num(open) },
        ...(me?.scheme === "uscc" ? [{ id: "enterprise", text: t("me.tab_enterprise") }] : []),
        ...(rated ? [{ id: "rating", text: t("me.tab_rating") }] : []),
      ]}>
        {tab === "looks" ? <><MyWatches /><MyLooks passkey={stay.passkey} /><MyPortals /></> : tab === "records" ? <MyRecords followed={() => choose("objections")} /> : tab === "consents" ? <MyConsents /> : tab === "rating" && rated ? <MyRating records={() => choose("records")} /> : tab === "enterprise" ? <MyEnterprise /> : <><MyObjections /><MyRepairs /></>}
      </Tabs>
    </Page>
  );
}

export default function MePage() {
  const client = useQueryClient();
  const [stay, setStay] = useState<Stay | null>(null);
  const [ended, setEnded] = useState(false);
  /** Nothing of it is left for whoever comes next. */
  const forget = (): void => {
    actAs(null);
    client.removeQueries({ predicate: (q) => String(q.queryKey[0]).startsWith("me.") });
  };
  useEffect(() => forget, []);

  async function enter(): Promise<void> {
    const { publicKey } = await meChallenge();
    const signed = await signWithPasskey(publicKey);
    const token = await meSession(signed);
    actAs(token.access_token);
    setStay({ passkey: signed.id, until: Date.now() + token.expires_in * 1000 });
  }

  function leave(over: boolean): void {
    setStay(null);
    setEnded(over);
    forget();
  }

  return stay ? <Inside stay={stay} leave={leave} /> : <Enter ended={ended} enter={enter} />;
}
