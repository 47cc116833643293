// What a product is in words, for the list, the comparison, its own page and the matches.
import type { ReactNode } from "react";
import type { ProductCard, Product } from "#api";
import products from "../text/products";
import { useText } from "../text";

type Codes = ProductCard["sizes"];

/** The columns that a product is told in, by their names. */
export function useProductWords() {
  const { t, pick, num, listed } = useText(products);
  const names = (list: Codes): string => (list.length ? listed(list.map((c) => pick(c.title, c.title_en))) : t("product.any"));
  const yes = (on: boolean): string => t(on ? "product.yes" : "product.no");
  const words = {
    institution: (p: ProductCard) => pick(p.institution, p.institution_en),
    kind: (p: ProductCard) => pick(p.kind_title, p.kind_title_en),
    amount: (p: ProductCard) => t("product.amount_of", { min: num(p.amount_min), max: num(p.amount_max) }),
    rate: (p: ProductCard) => t("product.rate_of", { min: String(p.rate_min), max: String(p.rate_max) }),
    term: (p: ProductCard) => t("product.term_of", { min: num(p.term_min), max: num(p.term_max) }),
    guarantee: (p: ProductCard) => (p.guarantee.length ? names(p.guarantee) : "–"),
    repayment: (p: ProductCard) => (p.repayment.length ? names(p.repayment) : "–"),
    regions: (p: ProductCard) => names(p.regions),
    sizes: (p: ProductCard) => names(p.sizes),
    industries: (p: ProductCard) => names(p.industries),
    first: (p: ProductCard) => yes(p.first_loan),
    online: (p: ProductCard) => yes(p.online),
    days: (p: ProductCard) => (p.days === null ? "–" : t("product.days_of", { n: num(p.days) })),
  };
  return words;
}

/** Each line has to be met; of what is joined by "or" one is enough. */
export function Asks({ groups, empty }: { groups: Product["groups"]; empty?: ReactNode }) {
  const { t, pick } = useText(products);
  if (!groups.length) return <>{empty ?? <p>{t("product.no_rules")}</p>}</>;
  return <ul>{groups.map((g) => <li key={g.map((r) => r.text).join()}>{g.map((r) => pick(r.text, r.text_en)).join(t("product.or"))}</li>)}</ul>;
}
