// A policy as a department writes it (draft.tsx).
import { useQuery } from "@tanstack/react-query";
import { codesSearchQuery, marketPolicyCheck, productsListQuery, type Policy, type PolicyForm } from "#api";
import market from "../text/market";
import policies from "../text/policies";
import { useText } from "../text";
import { DraftForm, useDraft, type DraftProps } from "./draft";
import { DetailList } from "./facts";
import { Icon } from "./icon";
import { usePolicyWords } from "./policy";
import { Asks } from "./product";
import { Rules } from "./product-rules";

const LEVELS = ["national", "province", "city", "county"] as const;
const UNITS = ["wan", "yuan", "percent", "points"] as const;
const KINDS = 60, PRODUCTS = 200; // as many as may be chosen from
const FACTS = ["kind", "level", "benefit", "amount", "regions", "industries", "period"] as const;

export type Form = Required<PolicyForm>;
export const BLANK: Form = {
  title: "", title_en: "", kind: "", document: "", level: "city", summary: "", summary_en: "", benefit: "", benefit_en: "", amount: "", unit: "", region: [], target_industry: [], steps: [], steps_en: [], materials: [], materials_en: [],
  link: "", from: "", until: "", contact: "", phone: "", products: [], groups: [],
};

function Preview({ of: p }: { of: Policy }) {
  const { t } = useText(policies);
  const words = usePolicyWords();
  return (
    <>
      <h3>{p.title}</h3>
      <p>{p.summary}</p>
      <DetailList rows={FACTS.map((id) => [t(`policy.${id}`), words[id](p)])} />
      <Asks groups={p.groups} empty={<p>{t("policy.no_rules")}</p>} />
    </>
  );
}

function Products({ value, change }: { value: string[]; change(codes: string[]): void }) {
  const { t, pick } = useText(policies, market);
  const { data } = useQuery({ ...productsListQuery({ limit: PRODUCTS }), retry: false, staleTime: Infinity });
  const title = (code: string): string => { const p = data?.items.find((x) => x.code === code); return p ? pick(p.title, p.title_en) : code; };
  return (
    <div className="field">
      <label htmlFor="products">{t("pf.products")}</label>
      {value.length > 0 && <ul className="chips">{value.map((c) => <li key={c} className="badge">{title(c)} <button type="button" className="plain small" aria-label={t("mp.remove", { what: title(c) })} onClick={() => change(value.filter((x) => x !== c))}><Icon name="close" /></button></li>)}</ul>}
      <select id="products" value="" onChange={(e) => e.target.value && change([...value, e.target.value])}>
        <option value="">{t("pf.product_add")}</option>
        {(data?.items ?? []).filter((p) => !value.includes(p.code)).map((p) => <option key={p.code} value={p.code}>{pick(p.title, p.title_en)} · {pick(p.institution, p.institution_en)}</option>)}
      </select>
    </div>
  );
}

export function PolicyEditor(props: DraftProps<Form>) {
  const { t, tCode, pick } = useText(policies, market);
  const { data: kinds } = useQuery({ ...codesSearchQuery({ table: "FIN_POLICY_KIND", limit: KINDS }), staleTime: Infinity });
  const { form, check, put, told, text, choice, codes, lines, frame } = useDraft(props, (f) => marketPolicyCheck({ form: f }));
  const field = (key: Parameters<typeof text>[0], more?: Parameters<typeof text>[2]) => text(key, t(`pf.${key}`), more);
  return (
    <DraftForm frame={frame} preview={check?.policy && <Preview of={check.policy} />}>
      <section>
        <h2>{t("mp.basics")}</h2>
        {field("title")}{field("title_en")}
        <div className="pair">
          {choice("kind", t("pf.kind"), [["", t("pf.choose")], ...(kinds?.items ?? []).map((k): [string, string] => [k.code, pick(k.title, k.title_en)])])}
          {choice("level", t("pf.level"), LEVELS.map((l) => [l, tCode("level", l)]))}
        </div>
        {field("document")}
      </section>
      <section>
        <h2>{t("mypolicies.what")}</h2>
        {field("summary", { area: true })}{field("summary_en", { area: true })}{field("benefit", { area: true })}{field("benefit_en", { area: true })}
        <div className="pair">{field("amount", { decimal: true })}{choice("unit", t("pf.unit"), [["", "–"], ...UNITS.map((u): [string, string] => [u, tCode("unit", u)])])}</div>
        <Products value={form.products} change={(v) => put("products", v)} />{told("products")}
      </section>
      <section>
        <h2>{t("mp.whom")}</h2>
        {codes("region", t("pf.region"), "REGION")}
        {codes("target_industry", t("pf.target_industry"), "INDUSTRY")}
      </section>
      <section>
        <h2>{t("pf.rules")}</h2>
        <p className="quiet">{t("pf.rules_lead")}</p>
        <Rules groups={form.groups} change={(g) => put("groups", g)} check={check} />
      </section>
      <section>
        <h2>{t("mypolicies.apply")}</h2>
        <div className="pair">{field("from", { type: "date" })}{field("until", { type: "date" })}</div>
        {lines("steps", t("pf.steps"))}{lines("steps_en", t("pf.steps_en"))}{lines("materials", t("pf.materials"))}{lines("materials_en", t("pf.materials_en"))}
        {field("link")}
        <div className="pair">{field("contact")}{field("phone")}</div>
      </section>
    </DraftForm>
  );
}
