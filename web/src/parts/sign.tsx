// What a subject signs: the exact text, and the passkey under it.
import { consentSign, type ConsentOffer, type ConsentSigned } from "#api";
import consent from "../text/consent";
import { useText } from "../text";
import { Form } from "./form";
import { passkeysWork, signWithPasskey } from "./passkey";
import { Note } from "./status";
import type { ReactNode } from "react";

export function SignOffer({ offer: o, done, more }: { offer: ConsentOffer; done(s: ConsentSigned): void; more?: ReactNode }) {
  const { t, when } = useText(consent);
  const withdraws = o.act === "withdraw";
  const unable = passkeysWork() ? (o.publicKey.allowCredentials.length ? null : t("sign.no_key")) : t("passkey.unable");
  return (
    <>
      <pre className="letter" tabIndex={0}>{o.text}</pre>
      <p className="quiet">{t("sign.until", { until: when(o.expires_at) })}</p>
      {unable ? <Note tone="ask" role="status"><p>{unable}</p></Note> : (
        <Form submit={t(withdraws ? "sign.withdraw_go" : "sign.go")} more={more} act={async () => done(await consentSign({ id: o.id }, await signWithPasskey(o.publicKey)))}>
          <p className="quiet">{t("sign.how")}</p>
        </Form>
      )}
    </>
  );
}
