// One version of a product: written while it is a draft, compared with what is on sale, decided about; or the first draft of a new one.
import { marketProductAct, marketProductAdd, marketProductChange, marketProductShowQuery, type Product, type ProductVersion } from "#api";
import { Asks, useProductWords } from "../parts/product";
import { BLANK, ProductEditor, type Form } from "../parts/product-form";
import { VersionPage, type Line, type VersionKind } from "../parts/versions";
import market from "../text/market";
import products from "../text/products";
import { useText } from "../text";

const FACTS = ["kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const;

export default function ProductVersionPage() {
  const { t, pick } = useText(market, products);
  const words = useProductWords();
  const kind: VersionKind<Form, Product, ProductVersion> = {
    place: "/my-products", key: "market.products", perm: "market.write", blank: BLANK, words: { heading: t("mp.heading"), edit: t("mp.edit") },
    owner: (v) => pick(v.institution, v.institution_en), made: (v) => v.product, before: (v) => v.before, show: (id) => marketProductShowQuery({ id }),
    add: marketProductAdd, change: (id, written) => marketProductChange({ id }, written), act: (id, step) => marketProductAct({ id }, step), Editor: ProductEditor,
    lines: [
      { name: t("mp.name"), of: (p) => `${p.title} ${p.title_en}`, cell: (p) => pick(p.title, p.title_en) },
      ...FACTS.map((id): Line<Product> => ({ name: t(`product.${id}`), of: words[id], cell: words[id] })),
      { name: t("mp.materials_of"), of: (p) => `${p.materials} ${p.materials_en}`, cell: (p) => (p.materials ? pick(p.materials, p.materials_en) : "–") },
      { name: t("mp.asks"), of: (p) => JSON.stringify(p.groups), cell: (p) => <Asks groups={p.groups} /> },
    ],
  };
  return <VersionPage kind={kind} help={t("mp.help")} />;
}
