// What pages have in common that obtain consents: an address to hand over, a passkey to bind, a paper whose hash is taken.
import { useState } from "react";
import { enrolmentMake, type EnrolmentNew } from "#api";
import consent from "../text/consent";
import { useText } from "../text";
import { Choice, Field, Form } from "./form";
import { QrCode } from "./qrcode";
import { Note } from "./status";

const CAPACITIES: Array<EnrolmentNew["capacity"]> = ["legal_representative", "agent", "self"];

export async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** An address to be handed to the subject: to be read off the screen, or copied. */
export function HandOver({ text, url }: { text: string; url: string }) {
  const { t } = useText(consent);
  const [copied, setCopied] = useState(false);
  return (
    <Note tone="fine">
      <p>{text}</p>
      <QrCode text={url} label={t("consent.scan_me")} />
      <p className="quiet">{t("consent.scan_me")}</p>
      <p><code className="address">{url}</code></p>
      <p className="buttons"><button type="button" className="plain" onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}>{t(copied ? "consent.copied" : "consent.copy")}</button></p>
    </Note>
  );
}

export function SubjectFields({ prefix, subject }: { prefix: string; subject?: string }) {
  const { t } = useText(consent);
  return (
    <div className="pair">
      <Field id={`${prefix}-subject`} label={t("consent.subject")} hint={t("consent.subject_hint")} maxLength={23} autoComplete="off" autoCapitalize="characters" defaultValue={subject} />
      <Field id={`${prefix}-title`} label={t("consent.subject_title")} maxLength={100} autoComplete="off" />
    </div>
  );
}

export function Enrol({ subject }: { subject?: string }) {
  const { t, tCode, when } = useText(consent);
  const [made, setMade] = useState<Awaited<ReturnType<typeof enrolmentMake>> | null>(null);
  return (
    <details>
      <summary>{t("consent.enrol")}</summary>
      <p className="quiet">{t("consent.enrol_lead")}</p>
      <div role="status">{made && <HandOver text={t("consent.enrol_done", { title: made.subject_title, until: when(made.expires_at) })} url={made.url ?? ""} />}</div>
      <Form submit={t("consent.enrol_go")} act={async (value) => setMade(await enrolmentMake({
        subject: value("enrol-subject"), subject_title: value("enrol-title"), capacity: value("capacity") as EnrolmentNew["capacity"], proof: value("proof"),
      }))}>
        <SubjectFields prefix="enrol" subject={subject} />
        <div className="pair">
          <Choice id="capacity" label={t("consent.capacity")} chosen={subject && "self"} options={CAPACITIES.map((c) => [c, tCode("capacity", c)])} />
          <Field id="proof" label={t("consent.proof")} hint={t("consent.proof_hint")} minLength={2} maxLength={150} autoComplete="off" />
        </div>
      </Form>
    </details>
  );
}
