// Where a subject signs a consent or withdraws it, on its own device and without an account.  The address names the offer after '#', so
// that no server on the way and no log learns it: #C-... an offer, #W-... an offer to withdraw, #withdraw=C-... a consent to be withdrawn.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { consentAskWithdrawal, consentOfferQuery, type ConsentOffer, type ConsentSigned } from "#api";
import { Form } from "../parts/form";
import { Page } from "../parts/page";
import { SignOffer } from "../parts/sign";
import { FailureNote, Note } from "../parts/status";
import consent from "../text/consent";
import me from "../text/me";
import { useText } from "../text";

const WITHDRAW = "withdraw=";

function Done({ signed: s }: { signed: ConsentSigned }) {
  const { t } = useText(consent, me);
  if (s.state !== "active") return <Note tone="fine" role="status"><p>{t("sign.withdrawn", { id: s.consent })}</p></Note>;
  return (
    <Note tone="fine" role="status">
      <p>{t("sign.given", { id: s.consent })}</p>
      <p>{t("sign.keep")} <Link to={`/consent#${WITHDRAW}${s.consent}`}>{t("sign.withdraw_link")}</Link></p>
      <p><Link to="/me">{t("me.title")}</Link></p>
    </Note>
  );
}

function Sign({ offer: o, done }: { offer: ConsentOffer; done(s: ConsentSigned): void }) {
  const { t } = useText(consent);
  return (
    <>
      <p className="lead">{t(o.act === "withdraw" ? "sign.withdraw_lead" : "sign.lead")}</p>
      <SignOffer offer={o} done={(s) => { done(s); window.scrollTo(0, 0); }} />
    </>
  );
}

/** One address of it: another one after '#' begins anew. */
function ConsentOf({ named }: { named: string }) {
  const { t } = useText(consent);
  const held = named.startsWith(WITHDRAW) ? named.slice(WITHDRAW.length) : "";
  const [asked, setAsked] = useState<ConsentOffer | null>(null);
  const [signed, setSigned] = useState<ConsentSigned | null>(null);
  const { data, error } = useQuery({ ...consentOfferQuery({ id: named }), enabled: named !== "" && !held, staleTime: Infinity });
  const offer = asked ?? data;
  return (
    <Page slim title={t(held || offer?.act === "withdraw" ? "sign.withdraw_title" : "sign.title")} help={t("sign.help")}>
      {signed ? <Done signed={signed} />
        : offer ? <Sign offer={offer} done={setSigned} />
        : error ? <FailureNote error={error} />
        : held ? <Form submit={t("sign.withdraw_begin")} act={async () => setAsked(await consentAskWithdrawal({ id: held }))}><p>{t("sign.withdraw_ask", { id: held })}</p></Form>
        : !named && <p>{t("sign.none")}</p>}
    </Page>
  );
}

export default function ConsentPage() {
  const named = decodeURIComponent(useLocation().hash.slice(1));
  return <ConsentOf key={named} named={named} />;
}
