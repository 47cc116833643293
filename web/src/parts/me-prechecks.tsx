// Pre-checks of one's own enterprise: what may be tried oneself, and which institution ran its model, when and why it came out so.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { mePrecheck, mePrechecksQuery, type PrecheckItem, type PrecheckSeen } from "#api";
import models from "../text/models";
import { useText } from "../text";
import { Badge } from "./badges";
import { Form } from "./form";
import { useRefresh } from "./refresh";
import { FailureNote, Note } from "./status";

const RESULT_TONES: Record<string, string> = { pass: "good", refer: "fair", decline: "poor" };

/** What came of it as far as whoever reads it is told. */
export function Outcome({ outcome: o }: { outcome: PrecheckSeen | PrecheckItem["outcome"] }) {
  const { t, pick, num } = useText(models);
  if (!o) return null;
  return (
    <>
      {o.result !== null && <p><Badge tone={RESULT_TONES[o.result] ?? ""}>{pick(o.result_title, o.result_title_en)}</Badge>{o.limit_min !== null && o.limit_max !== null && <> {t("precheck.limit", { min: num(o.limit_min), max: num(o.limit_max) })}</>}</p>}
      {o.reasons.length > 0 && <ul className="source-lines">{o.reasons.map((r) => <li key={r.code}><code>{r.code}</code> {r.words !== null || r.words_en !== null ? pick(r.words, r.words_en) : <span className="quiet">{t("precheck.no_words")}</span>}</li>)}</ul>}
    </>
  );
}

export function MyPrechecks() {
  const { t, pick, when } = useText(models);
  const refresh = useRefresh();
  const { data, error } = useQuery({ ...mePrechecksQuery(), retry: false });
  const [tried, setTried] = useState<PrecheckItem | null>(null);
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  return (
    <section>
      <h2>{t("precheck.title")}</h2>
      <p className="quiet">{t("precheck.lead")}</p>
      {data.open.map((o) => (
        <Form key={o.product} submit={t("precheck.try", { title: o.title })} act={async () => {
          setTried((await mePrecheck({ product: o.product })).items[0] ?? null);
          await refresh();
        }} />
      ))}
      <div role="status">{tried && (tried.outcome ? <Note tone="fine"><Outcome outcome={tried.outcome} /></Note> : <Note tone="ask"><p>{pick(tried.why, tried.why_en)}</p></Note>)}</div>
      {data.items.length === 0 && <p className="quiet">{t("precheck.none")}</p>}
      <ul className="cards">
        {data.items.map((r) => (
          <li key={r.run}>
            <div className="card">
              <h3>{r.title}</h3>
              <p className="provider">{t("precheck.by", { organisation: r.own ? t("precheck.own") : (r.organisation_name ?? r.organisation), at: when(r.at) })}{r.officer !== null && ` · ${r.officer}`}</p>
              <Outcome outcome={r.outcome} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
