// Asking a firm for its consent to a pre-check: the items that the model reads, nothing else, signed by the firm on its own device.
import { useState } from "react";
import { consentAsk, type Model } from "#api";
import consent from "../text/consent";
import models from "../text/models";
import { useText } from "../text";
import { HandOver, SubjectFields } from "./consenting";
import { DetailList } from "./facts";
import { Field, Form } from "./form";
import { useNames } from "./names";

const DAYS = 90, USES = 3, MOST = 1_000_000_000;
const inDays = (n: number): string => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);

/** What the model reads of which resource, in words. */
export function ModelNeeds({ model: m }: { model: Model }) {
  const { t, pick, listed } = useText(models);
  const needs = m.needs ?? [];
  const { itemTitle } = useNames(needs.map((n) => n.resource));
  if (!needs.length) return null;
  return (
    <>
      <h3>{t("precheck.needs", { purpose: m.purpose ?? "" })}</h3>
      <DetailList rows={needs.map((n) => [pick(n.title, n.title_en), listed(n.items.map((i) => itemTitle(n.resource, i)))])} />
    </>
  );
}

/** asked: which firm was asked, to be run on once it has signed. */
export function AskForPrecheck({ model: m, asked }: { model: Model; asked(subject: string): void }) {
  const { t, when } = useText(consent, models);
  const [made, setMade] = useState<Awaited<ReturnType<typeof consentAsk>> | null>(null);
  if (!m.purpose || !m.needs?.length) return null;
  const { purpose, needs } = m;
  return (
    <details>
      <summary>{t("precheck.ask")}</summary>
      <p className="quiet">{t("precheck.ask_lead")}</p>
      <div role="status">{made && <HandOver text={t("consent.ask_done", { until: when(made.expires_at) })} url={made.url} />}</div>
      <Form submit={t("consent.ask_go")} act={async (value) => {
        const subject = value("precheck-subject");
        setMade(await consentAsk({
          subject, subject_title: value("precheck-title"), purpose, resources: needs.map((n) => `${n.resource}:${n.items.join(",")}`),
          until: value("precheck-until"), uses: Number(value("precheck-uses")),
        }));
        asked(subject);
      }}>
        <SubjectFields prefix="precheck" />
        <div className="pair">
          <Field id="precheck-until" label={t("consent.until")} type="date" defaultValue={inDays(DAYS)} />
          <Field id="precheck-uses" label={t("consent.uses")} hint={t("consent.uses_hint")} type="number" min={0} max={MOST} defaultValue={USES} inputMode="numeric" />
        </div>
      </Form>
    </details>
  );
}
