// What a product asks, rule by rule: met, missed and by how much, or not known.
import type { ProductMatch, ProductRuleMet } from "#api";
import products from "../text/products";
import { useText } from "../text";
import { Badge } from "./badges";

const TONES = { pass: "good", miss: "poor", unknown: "fair" };

function Rule({ rule: r }: { rule: ProductRuleMet }) {
  const { t, pick, num } = useText(products);
  const unit = r.unit === null ? "" : pick(r.unit, r.unit_en);
  const much = (n: number): string => `${num(Math.round(n * 100) / 100)}${unit === "%" || !unit ? unit : ` ${unit}`}`;
  const value = r.number !== null ? much(r.number) : r.code !== null ? pick(r.code_title ?? r.code, r.code_title_en) : null;
  return <>{pick(r.text, r.text_en)} <span className="quiet">{r.result === "unknown" ? t("match.no_data") : value !== null && t("match.now", { value })}{r.gap !== null && r.gap > 0 && ` · ${t("match.gap", { gap: much(r.gap) })}`}</span></>;
}

/** Lines of a list: of what is joined by "or" one is enough. */
export function MetGroups({ groups }: { groups: ProductMatch["groups"] }) {
  const { t, tCode } = useText(products);
  return groups.map((g) => (
    <li key={g.rules.map((r) => r.text).join()}>
      <Badge tone={TONES[g.result]}>{tCode("matchresult", g.result)}</Badge> {g.rules.map((r, at) => <span key={r.text}>{at > 0 && t("product.or")}<Rule rule={r} /></span>)}
    </li>
  ));
}
