// One policy, for anybody: what is given, what is asked in plain words, how to apply, until when, whom to ask, and the products linked to it.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { policyShowQuery, type Policy } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Fit } from "../parts/fit";
import { MyPolicy } from "../parts/me-policies";
import { Page } from "../parts/page";
import { hostOf, TimeBadge, useLines, usePolicyWords } from "../parts/policy";
import { Asks } from "../parts/product";
import { FailureNote, Note } from "../parts/status";
import { WhileStaying } from "../parts/stay";
import { useSession } from "../session";
import policies from "../text/policies";
import productTexts from "../text/products";
import { useText } from "../text";

const FACTS = ["benefit", "amount", "department", "document", "kind", "level", "regions", "industries", "period"] as const;

function HowTo({ of: p }: { of: Policy }) {
  const { t } = useText(policies);
  const lines = useLines();
  const host = hostOf(p);
  const materials = lines(p.materials, p.materials_en);
  return (
    <section>
      <h2>{t("policy.steps")}</h2>
      <ol>{lines(p.steps, p.steps_en).map((s) => <li key={s}>{s}</li>)}</ol>
      {materials.length > 0 && <><h3>{t("policy.materials")}</h3><ul>{materials.map((m) => <li key={m}>{m}</li>)}</ul></>}
      {host && p.time === "open" && <p className="buttons"><a className="button" href={p.link!} target="_blank" rel="noreferrer noopener">{t("policy.apply")}</a><span className="quiet">{t("policy.apply_note", { host })}</span></p>}
      <p>{t("policy.ask_at", { contact: p.contact })} {p.phone && <a href={`tel:${p.phone.replace(/[^0-9+]/g, "")}`}>{p.phone}</a>}</p>
    </section>
  );
}

function Whole({ of: p }: { of: Policy }) {
  const { t, pick, day } = useText(policies, productTexts);
  const words = usePolicyWords();
  const { can } = useSession();
  return (
    <>
      {p.sample && <Note><p>{t("policy.sample_note")}</p></Note>}
      {p.time === "ended" && <Note tone="ask"><p>{t("policy.ended_note", { day: day(p.until!) })}</p></Note>}
      {p.time === "coming" && <Note><p>{t("policy.coming_note", { day: day(p.from) })}</p></Note>}
      <section><p>{pick(p.summary, p.summary_en)}</p><DetailList rows={FACTS.map((id) => [t(`policy.${id}`), words[id](p)])} /></section>
      <section>
        <h2>{t("policy.asks")}</h2>
        <p className="quiet">{t("policy.asks_lead")}</p>
        <Asks groups={p.groups} empty={<p>{t("policy.no_rules")}</p>} />
      </section>
      <WhileStaying otherwise={p.time === "open" && <p className="quiet">{t("mine.signin")} <Link to="/me#enterprise">{t("mine.signin_go")}</Link></p>}>
        {(me) => p.time === "open" && me.scheme === "uscc" && <MyPolicy code={p.code} />}
      </WhileStaying>
      <HowTo of={p} />
      {p.products.length > 0 && (
        <section>
          <h2>{t("policy.products")}</h2>
          <ul>{p.products.map((x) => <li key={x.code}><Link to={`/products/${x.code}`}>{pick(x.title, x.title_en)}</Link> <span className="quiet">{pick(x.institution, x.institution_en)}</span></li>)}</ul>
        </section>
      )}
      {can("finance.read") && <section><h2>{t("fit.title")}</h2><Fit code={p.code} policy /></section>}
      <p className="quiet">{t("policy.source", { source: p.source })}</p>
    </>
  );
}

export default function PolicyPage() {
  const code = useParams()["code"]!;
  const { t, pick } = useText(policies);
  const { data: p, error } = useQuery({ ...policyShowQuery({ code }), retry: false });
  return (
    <Page title={p ? pick(p.title, p.title_en) : t("policy.heading")} back={["/policies", t("policy.heading")]} badges={p && <><TimeBadge of={p} />{p.sample && <Badge tone="fair">{t("policy.sample")}</Badge>}</>} help={t("policy.help")}>
      {error && <FailureNote error={error} />}
      {p && <Whole of={p} />}
    </Page>
  );
}
