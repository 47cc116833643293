// Where a subject signs in for another portal, which sent it here (OpenID Connect): who asks, what it would learn, yes by passkey or no.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "react-router";
import { meChallenge, mePortal, meSession, portalAskQuery, type PortalAsk, type PortalEnter } from "#api";
import { actAs } from "#send";
import { Form } from "../parts/form";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { passkeysWork, signWithPasskey } from "../parts/passkey";
import { FailureNote, Note } from "../parts/status";
import consent from "../text/consent";
import portal from "../text/portal";
import { useText } from "../text";

const ASKED = ["client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method"] as const;

/** What of the address is the portal's request; other parameters are passed over (OpenID Connect Core 1.0, 3.1.2.1). */
function askedOf(search: string): PortalEnter {
  const given = new URLSearchParams(search);
  return Object.fromEntries(ASKED.flatMap((name) => (given.get(name) ? [[name, given.get(name)]] : []))) as unknown as PortalEnter;
}

/** The sign-in lasts for this one answer: nothing of it is left in the page. */
async function enter(asked: PortalEnter): Promise<string> {
  const { publicKey } = await meChallenge();
  actAs((await meSession(await signWithPasskey(publicKey))).access_token);
  try {
    return (await mePortal(asked)).redirect;
  } finally {
    actAs(null);
  }
}

function Agree({ asked, portal: p }: { asked: PortalEnter; portal: PortalAsk }) {
  const { t, lang } = useText(portal, consent);
  const { orgName } = useNames();
  const [leaving, setLeaving] = useState(false);
  if (leaving) return <p role="status">{t("authorize.leaving")}</p>;
  if (p.error) return <Note tone="bad" role="alert"><p>{t("authorize.wrong", { error: p.error })}</p><p><a href={p.back}>{t("authorize.back")}</a></p></Note>;
  return (
    <>
      <p className="lead">{t("authorize.lead", { organisation: orgName(p.organisation), title: p.title })}</p>
      <section className="panel">
        <h2>{t("authorize.tells")}</h2>
        <ul>{p.scopes.map((s) => <li key={s.scope}>{lang === "zh" ? s.title : s.title_en}</li>)}</ul>
        <p className="quiet">{t("authorize.never")}</p>
      </section>
      {passkeysWork() ? (
        <Form submit={t("authorize.go")} more={<a className="button plain" href={p.back}>{t("authorize.refuse")}</a>} act={async () => {
          const back = await enter(asked);
          setLeaving(true);
          location.assign(back);
        }} />
      ) : <Note tone="ask"><p>{t("passkey.unable")}</p></Note>}
    </>
  );
}

export default function AuthorizePage() {
  const { t } = useText(portal);
  const asked = askedOf(useLocation().search);
  const whole = !!asked.client_id && !!asked.redirect_uri;
  const { data, error } = useQuery({ ...portalAskQuery(asked), enabled: whole, staleTime: Infinity, retry: false });
  return (
    <Page slim title={t("authorize.title")} help={t("authorize.help")}>
      {data ? <Agree asked={asked} portal={data} /> : error ? <FailureNote error={error} /> : !whole && <p>{t("authorize.none")}</p>}
    </Page>
  );
}
