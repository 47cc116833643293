// The farmer's consent to what a report reads: signed by his passkey, or on paper, recorded by the officer, which proves less.
import { useRef, useState } from "react";
import { consentAsk, consentRecord, type Grant, type RuralProspect } from "#api";
import type { Who } from "../pages/ruralreport";
import consent from "../text/consent";
import ruralreport from "../text/ruralreport";
import { useText } from "../text";
import { Enrol, HandOver, sha256, SubjectFields } from "./consenting";
import { Choice, Field, Form, type Values } from "./form";
import { Told } from "./status";

const WIDE = 320;

interface Props {
  who: Who;
  grants: Grant[];
  reads: RuralProspect["reads"];
  /** The farmer has the address now. */
  asked(): void;
  recorded(): Promise<void>;
}

/** For one purpose: of each resource what is read of it and granted. */
function covers(purpose: string, grants: Grant[], reads: Props["reads"]): string[] {
  return grants.filter((g) => g.consent && g.purpose === purpose).flatMap((g) => {
    const read = reads.find((r) => r.resource === g.resource)?.items ?? [];
    const items = g.items.length ? g.items.map((i) => i.item).filter((i) => read.includes(i)) : read;
    return items.length ? [`${g.resource}:${items.join(",")}`] : [];
  });
}

function Fields({ prefix, who, purposes }: { prefix: string; who: Who; purposes: string[] }) {
  const { t } = useText(consent, ruralreport);
  return (
    <>
      <SubjectFields prefix={prefix} subject={who.subject} />
      {purposes.length > 1 && <Choice id={`${prefix}-purpose`} label={t("rr.purpose")} options={purposes.map((p) => [p, p])} />}
      <div className="pair">
        <Field id={`${prefix}-until`} label={t("consent.until")} type="date" />
        <Field id={`${prefix}-uses`} label={t("consent.uses")} hint={t("rr.uses_hint")} type="number" min={0} max={1000} defaultValue={10} inputMode="numeric" />
      </div>
    </>
  );
}

/** As it was taken, drawn: the policy of the pages takes no picture from anywhere else. */
async function draw(canvas: HTMLCanvasElement, file: File | undefined): Promise<void> {
  const picture = file?.type.startsWith("image/") ? await createImageBitmap(file) : null;
  canvas.hidden = !picture;
  if (!picture) return;
  [canvas.width, canvas.height] = [WIDE, Math.max(1, Math.round((WIDE * picture.height) / picture.width))];
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
}

function Photo({ id }: { id: string }) {
  const { t } = useText(consent, ruralreport);
  const canvas = useRef<HTMLCanvasElement>(null);
  return (
    <>
      <Field id={id} label={t("rr.photo")} hint={t("consent.scan_hint")} type="file" accept="image/png,image/jpeg,application/pdf" capture="environment"
        onChange={(e) => void draw(canvas.current!, e.target.files?.[0]).catch(() => undefined)} />
      <canvas className="photo" hidden ref={canvas} role="img" aria-label={t("rr.photo_taken")} />
    </>
  );
}

export function RuralConsenting({ who, grants, reads, asked, recorded }: Props) {
  const { t, when } = useText(consent, ruralreport);
  const [made, setMade] = useState<Awaited<ReturnType<typeof consentAsk>> | null>(null);
  const purposes = [...new Set(grants.filter((g) => g.consent).map((g) => g.purpose))];
  const given = (prefix: string, value: Values) => {
    const purpose = value(`${prefix}-purpose`) || purposes[0];
    if (!purpose) throw new Told(t("consent.no_grant"));
    return { subject: value(`${prefix}-subject`), subject_title: value(`${prefix}-title`), resources: covers(purpose, grants, reads), purpose, until: value(`${prefix}-until`), uses: Number(value(`${prefix}-uses`)) };
  };
  return (
    <div className="tasks">
      {!who.subject && <p className="quiet">{t("rr.by_number")}</p>}
      <details>
        <summary>{t("rr.by_passkey")}</summary>
        <p className="quiet">{t("rr.by_passkey_lead")}</p>
        <div role="status">{made && <HandOver text={t("consent.ask_done", { until: when(made.expires_at) })} url={made.url} />}</div>
        <Form submit={t("consent.ask_go")} act={async (value) => {
          setMade(await consentAsk(given("rrask", value)));
          asked();
        }}><Fields prefix="rrask" who={who} purposes={purposes} /></Form>
      </details>
      <Enrol subject={who.subject} />
      <details>
        <summary>{t("rr.by_paper")}</summary>
        <p className="quiet">{t("consent.record_lead")}</p>
        <Form submit={t("consent.record_go")} act={async (value, form) => {
          const file = new FormData(form).get("rrpaper-scan");
          if (!(file instanceof File) || !file.size) throw new Told(t("rr.photo"));
          await consentRecord({ ...given("rrpaper", value), document: await sha256(file) });
          await recorded();
        }}><Fields prefix="rrpaper" who={who} purposes={purposes} /><Photo id="rrpaper-scan" /></Form>
      </details>
    </div>
  );
}
