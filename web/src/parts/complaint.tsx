// One's own complaint: how it stands, what was answered, and what one may do: rate, ask the platform to mediate, withdraw.
import { useState } from "react";
import type { ComplaintOwn, MeComplaintAct } from "#api";
import complaint from "../text/complaint";
import { useText } from "../text";
import { Badge, StatusTag } from "./badges";
import { DetailList } from "./facts";
import { Steps } from "./flow";
import { Area } from "./form";
import { Options } from "./options";

const STARS = ["1", "2", "3", "4", "5"] as const;
const WORDS_MAX = 300;

/** Which of five, in words; the step takes it with the form. */
function Rating() {
  const { t, tCode } = useText(complaint);
  const [stars, setStars] = useState("5");
  return (
    <>
      <Options name="rating" legend={t("cpl.rating")} options={STARS.map((s) => ({ value: s, text: tCode("cplstar", s) }))} chosen={[stars]} choose={([v]) => setStars(v ?? stars)} />
      <Area id="words" label={t("cpl.words")} required={false} rows={2} maxLength={WORDS_MAX} />
    </>
  );
}

export function useWhom(): (c: Pick<ComplaintOwn, "organisation" | "organisation_title" | "organisation_title_en">) => string {
  const { t, pick } = useText(complaint);
  return (c) => (c.organisation ? pick(c.organisation_title, c.organisation_title_en) : t("cpl.the_platform"));
}

export function Said({ title, text }: { title: string; text: string | null }) {
  return text ? <section><h3>{title}</h3><p className="panel prewrap">{text}</p></section> : null;
}

export function OwnComplaint({ of: c, take }: { of: ComplaintOwn; take(body: MeComplaintAct): Promise<unknown> }) {
  const { t, tCode, pick, when, day } = useText(complaint);
  const whom = useWhom();
  return (
    <article className="panel">
      <p className="badges"><StatusTag of={c} />{c.late && <Badge tone="poor">{t("cpl.late")}</Badge>}</p>
      <h2>{whom(c)} · {pick(c.kind_title, c.kind_title_en)}</h2>
      <p className="prewrap">{c.text}</p>
      <DetailList rows={[
        [t("cpl.number"), <code key="id">{c.id}</code>], [t("cpl.product"), pick(c.product_title, c.product_title_en)], [t("cpl.wish_short"), c.wish],
        [t("cpl.due"), c.open && c.due_at && day(c.due_at)], [t("cpl.rating"), c.rating && `${tCode("cplstar", String(c.rating))}${c.rating_words ? ` · ${c.rating_words}` : ""}`],
      ]} />
      <Said title={t("cpl.answer")} text={c.answer} />
      <Said title={t("cpl.mediation")} text={c.mediation} />
      <Said title={t("cpl.refusal")} text={c.refusal} />
      {c.actions.length > 0 && <Steps actions={c.actions} extras={{ rate: <Rating /> }} take={({ action, reason, rating, words }) => take({ action: action as MeComplaintAct["action"], ...(reason && { reason }), ...(rating && { rating: Number(rating) }), ...(words && { words }) })} />}
      <details open={c.open}>
        <summary>{t("cpl.progress")}</summary>
        <ol className="timeline">
          {c.progress.map((e) => (
            <li key={`${e.at} ${e.action}`}>
              <p><strong>{pick(e.title, e.title_en)}</strong><span className="quiet">{when(e.at)}</span></p>
              <p className="quiet">{pick(e.part_title, e.part_title_en)}</p>
              {e.reason && <p>{e.reason}</p>}
              {e.legal_basis && <p className="quiet">{e.legal_basis}</p>}
            </li>
          ))}
        </ol>
      </details>
    </article>
  );
}
