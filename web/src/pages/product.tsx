// One product, for anybody: what it is, what it asks of a firm in plain words, and what a loan of it would cost.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { policiesListQuery, prechecksOpenQuery, productShowQuery, type Product } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Fit } from "../parts/fit";
import { Page } from "../parts/page";
import { Asks, useProductWords } from "../parts/product";
import { FailureNote, Note } from "../parts/status";
import models from "../text/models";
import { useSession } from "../session";
import policies from "../text/policies";
import products from "../text/products";
import { useText } from "../text";

const FACTS = ["institution", "kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const;

const WAN = 10_000; // yuan
const LINKED = 20; // policies that are shown beside it

const calculation = (p: Product): string => `/calculator?${new URLSearchParams({ amount: String(p.amount_max * WAN), months: String(p.term_max), rate: String(p.rate_min) })}`;

function Policies({ code }: { code: string }) {
  const { t, pick } = useText(policies);
  const { data } = useQuery({ ...policiesListQuery({ product: code, open: "Y", limit: LINKED }), retry: false });
  if (!data?.items.length) return null;
  return (
    <section>
      <h2>{t("policy.linked")}</h2>
      <ul>{data.items.map((p) => <li key={p.code}><Link to={`/policies/${p.code}`}>{pick(p.title, p.title_en)}</Link> <span className="quiet">{pick(p.benefit, p.benefit_en)}</span></li>)}</ul>
    </section>
  );
}

function Whole({ product: p }: { product: Product }) {
  const { t, pick } = useText(products, models);
  const words = useProductWords();
  const open = useQuery({ ...prechecksOpenQuery(), retry: false }).data?.open.some((o) => o.product === p.code);
  const { can } = useSession();
  return (
    <>
      {p.sample && <Note><p>{t("product.sample_note")}</p></Note>}
      <section><DetailList rows={[...FACTS.map((id): [string, string] => [t(`product.${id}`), words[id](p)]), [t("product.materials"), p.materials && pick(p.materials, p.materials_en)]]} /></section>
      <section>
        <h2>{t("product.asks")}</h2>
        <p className="quiet">{t("product.asks_lead")}</p>
        <Asks groups={p.groups} />
      </section>
      <Policies code={p.code} />
      {open && (
        <section>
          <h2>{t("precheck.link")}</h2>
          <p className="quiet">{t("precheck.link_how")}</p>
          <p className="buttons"><Link className="button" to="/me#enterprise">{t("precheck.link_go")}</Link></p>
        </section>
      )}
      {p.repayment.length > 0 && <p className="buttons"><Link className="button" to={calculation(p)}>{t("product.calculate")}</Link></p>}
      {can("finance.read") && <section><h2>{t("fit.title")}</h2><Fit code={p.code} /></section>}
      <p className="quiet">{t("product.source", { source: p.source })}</p>
      {p.organisation && <p><Link to={`/complain?${new URLSearchParams({ institution: p.organisation, product: p.code })}`}>{t("product.complain")}</Link></p>}
    </>
  );
}

export default function ProductPage() {
  const code = useParams()["code"]!;
  const { t, pick } = useText(products);
  const { data: p, error } = useQuery({ ...productShowQuery({ code }), retry: false });
  return (
    <Page title={p ? pick(p.title, p.title_en) : t("product.heading")} back={["/products", t("product.heading")]} badges={p?.sample && <Badge tone="fair">{t("product.sample")}</Badge>} help={t("product.help")}>
      {error && <FailureNote error={error} />}
      {p && <Whole product={p} />}
    </Page>
  );
}
