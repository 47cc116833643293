// A subject that is signed in by its passkey, without an account: in the memory of its own pages, for ten minutes, and no longer than it is on one of them.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { meChallenge, meSession, meShowQuery, type Me } from "#api";
import { actAs } from "#send";
import consent from "../text/consent";
import meText from "../text/me";
import { useText } from "../text";
import { endActing } from "./acting";
import { Form } from "./form";
import { Page } from "./page";
import { passkeysWork, signWithPasskey } from "./passkey";
import { FailureNote, Note } from "./status";

const MINUTE_MS = 60_000;
const TICK_MS = 5_000;
const OWN = /^\/(me|financing|policies)(\/|$)/; // between these one goes without signing in again

/** Who is in: by which passkey, and until when. */
export interface Stay {
  passkey: string;
  token: string;
  until: number;
}

let kept: Stay | null = null;

function resume(): Stay | null {
  const stay = kept && kept.until > Date.now() ? kept : null;
  if (stay) actAs(stay.token); // before anything of the page asks
  return stay;
}

function useStay() {
  const client = useQueryClient();
  const [stay, setStay] = useState(resume);
  const [ended, setEnded] = useState(false);
  /** Nothing of it is left for whoever comes next. */
  const forget = (): void => {
    kept = null;
    actAs(null);
    endActing();
    client.removeQueries({ predicate: (q) => String(q.queryKey[0]).startsWith("me.") });
  };
  useEffect(() => () => {
    if (!OWN.test(location.pathname)) forget();
  }, []);

  return {
    stay,
    ended,
    enter: async (): Promise<void> => {
      const { publicKey } = await meChallenge();
      const signed = await signWithPasskey(publicKey);
      const token = await meSession(signed);
      kept = { passkey: signed.id, token: token.access_token, until: Date.now() + token.expires_in * 1000 };
      actAs(kept.token);
      setStay(kept);
    },
    leave: (over: boolean): void => {
      setStay(null);
      setEnded(over);
      forget();
    },
  };
}

/** Ends the stay when its time is over; what is left of it, in words, and the way out. */
function useRest(stay: Stay, leave: (over: boolean) => void): ReactNode {
  const { t, num } = useText(meText);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const over = now >= stay.until;
  useEffect(() => {
    if (over) leave(true);
  }, [over]);
  return <><button type="button" className="plain small" onClick={() => leave(false)}>{t("nav.signout")}</button><span className="quiet">{t("me.minutes", { n: num(Math.max(1, Math.ceil((stay.until - now) / MINUTE_MS))) })}</span></>;
}

interface Props {
  title: string;
  lead: string;
  help: string;
  /** What stands under the button that signs in. */
  before?: ReactNode;
  /** rest: to be shown at the head of the page. */
  children(me: Me | undefined, stay: Stay, rest: ReactNode): ReactNode;
}

function Within({ title, stay, leave, children }: Pick<Props, "title" | "children"> & { stay: Stay; leave(over: boolean): void }) {
  const { t } = useText(meText);
  const rest = useRest(stay, leave);
  const { data: me, error } = useQuery({ ...meShowQuery(), staleTime: Infinity });
  if (error) return <Page slim title={title}><FailureNote error={error} /><p className="buttons"><button type="button" className="plain" onClick={() => leave(false)}>{t("me.again")}</button></p></Page>;
  return children(me, stay, rest);
}

/** A page of a subject's own: asks it in first. */
export function Staying({ title, lead, help, before, children }: Props) {
  const { t } = useText(meText, consent);
  const { stay, ended, enter, leave } = useStay();
  if (stay) return <Within title={title} stay={stay} leave={leave}>{children}</Within>;
  return (
    <Page slim title={title} lead={lead} help={help}>
      {ended && <Note role="status"><p>{t("me.ended")}</p></Note>}
      {passkeysWork() ? <Form submit={t("me.go")} act={enter}><p className="quiet">{t("me.how")}</p></Form> : <Note tone="ask"><p>{t("passkey.unable")}</p></Note>}
      {before}
    </Page>
  );
}

function Still({ stay, leave, children }: { stay: Stay; leave(over: boolean): void; children(me: Me, rest: ReactNode): ReactNode }) {
  const rest = useRest(stay, leave);
  const { data: me } = useQuery({ ...meShowQuery(), staleTime: Infinity, retry: false });
  return me ? children(me, rest) : null;
}

/** What a page for everybody has for a subject that is still in; otherwise what it has for all others. */
export function WhileStaying({ otherwise, children }: { otherwise: ReactNode; children(me: Me, rest: ReactNode): ReactNode }) {
  const { stay, leave } = useStay();
  return stay ? <Still stay={stay} leave={leave}>{children}</Still> : otherwise;
}
