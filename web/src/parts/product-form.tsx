// A product as an institution writes it (draft.tsx).
import { marketProductCheck, type Product, type ProductForm } from "#api";
import market from "../text/market";
import products from "../text/products";
import { useText } from "../text";
import { Ticks } from "./codelist";
import { DraftForm, useDraft, type DraftProps } from "./draft";
import { DetailList } from "./facts";
import { Asks, useProductWords } from "./product";
import { Rules } from "./product-rules";

export const KINDS = ["credit", "mortgage", "pledge", "tax", "technology", "farm", "chain", "fund", "first", "green", "guarantee", "insurance", "leasing", "policy"] as const;
const REPAYMENTS = ["instalment", "principal", "interest", "end"] as const;
const SIZES = ["micro", "small", "medium", "large"] as const;

export type Form = Required<ProductForm>;
export const BLANK: Form = {
  title: "", title_en: "", kind: "credit", amount_min: "", amount_max: "", rate_min: "", rate_max: "", term_min: "", term_max: "", guarantee: [], repayment: [], region: [], target_size: [], target_industry: [],
  first_loan: false, online: false, days: "", materials: "", materials_en: "", groups: [],
};

function Preview({ of: p }: { of: Product }) {
  const { t } = useText(products);
  const words = useProductWords();
  return (
    <>
      <h3>{p.title}</h3>
      <DetailList rows={(["kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const).map((id) => [t(`product.${id}`), words[id](p)])} />
      <Asks groups={p.groups} />
    </>
  );
}

export function ProductEditor(props: DraftProps<Form>) {
  const { t, tCode } = useText(market, products);
  const { form, check, put, text, choice, codes, flag, frame } = useDraft(props, (f) => marketProductCheck({ form: f }));
  const field = (key: Parameters<typeof text>[0], more?: Parameters<typeof text>[2]) => text(key, t(`mp.${key}`), more);
  const number = (key: Parameters<typeof text>[0]) => field(key, { decimal: true });
  return (
    <DraftForm frame={frame} preview={check?.product && <Preview of={check.product} />}>
      <section>
        <h2>{t("mp.basics")}</h2>
        {field("title")}{field("title_en")}
        {choice("kind", t("mp.kind"), KINDS.map((k) => [k, tCode("productkind", k)]))}
      </section>
      <section>
        <h2>{t("mp.terms")}</h2>
        <div className="pair">{number("amount_min")}{number("amount_max")}</div>
        <div className="pair">{number("rate_min")}{number("rate_max")}</div>
        <p className="quiet">{t("mp.rate_hint")}</p>
        <div className="pair">{number("term_min")}{number("term_max")}</div>
        {codes("guarantee", t("mp.guarantee"), "LOAN_GUARANTEE_STAT")}
        <Ticks id="repayment" label={t("mp.repayment")} value={form.repayment} change={(v) => put("repayment", v)} options={REPAYMENTS.map((r) => [r, tCode("repayment", r)])} />
        {number("days")}
      </section>
      <section>
        <h2>{t("mp.whom")}</h2>
        {codes("region", t("mp.region"), "REGION")}
        <Ticks id="target_size" label={t("mp.target_size")} value={form.target_size} change={(v) => put("target_size", v)} options={SIZES.map((s) => [s, tCode("productsize", s)])} />
        {codes("target_industry", t("mp.target_industry"), "INDUSTRY")}
        {flag("first_loan", t("mp.first_loan"))}{flag("online", t("mp.online"))}
        {field("materials", { area: true })}{field("materials_en", { area: true })}
      </section>
      <section>
        <h2>{t("mp.rules")}</h2>
        <p className="quiet">{t("mp.rules_lead")}</p>
        <Rules groups={form.groups} change={(g) => put("groups", g)} check={check} />
      </section>
    </DraftForm>
  );
}
