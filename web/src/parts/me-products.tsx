// Products for the enterprise that is signed in, in the declared order, each with what it meets, misses and by how much. Asked for at a press: each is a look that
// the journal has.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { meProductsQuery, type ProductMatch } from "#api";
import products from "../text/products";
import { useText } from "../text";
import { Badge } from "./badges";
import { MetGroups } from "./met";
import { Pager } from "./pager";
import { useProductWords } from "./product";
import { FailureNote } from "./status";

const LIMIT = 10;

function Match({ match: m }: { match: ProductMatch }) {
  const { t, pick, num } = useText(products);
  const words = useProductWords();
  return (
    <li>
      <div className="card">
        <h3><Link to={`/products/${m.product.code}`}>{pick(m.product.title, m.product.title_en)}</Link></h3>
        <p className="provider">{words.institution(m.product)} · {words.amount(m.product)} · {words.rate(m.product)} · {words.term(m.product)}</p>
        <p className="badges">
          {m.result === "pass" && <Badge tone="good">{t("match.pass")}</Badge>}
          {m.misses > 0 && <Badge tone="poor">{t("match.miss", { n: num(m.misses) })}</Badge>}
          {m.unknown > 0 && <Badge tone="fair">{t("match.unknown", { n: num(m.unknown) })}</Badge>}
          {m.product.sample && <Badge tone="fair">{t("product.sample")}</Badge>}
        </p>
        <ul className="met">
          <MetGroups groups={m.groups} />
        </ul>
      </div>
    </li>
  );
}

function Matches() {
  const { t, day } = useText(products);
  const [offset, turn] = useState(0);
  const { data, error } = useQuery({ ...meProductsQuery({ limit: LIMIT, offset }), retry: false, placeholderData: keepPreviousData });
  if (error) return <FailureNote error={error} />;
  if (!data) return <p role="status">{t("match.computing")}</p>;
  return (
    <>
      <p className="quiet">{t("match.as_of", { day: day(data.day) })}</p>
      <ul className="cards">{data.items.map((m) => <Match key={m.product.code} match={m} />)}</ul>
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={turn} />
    </>
  );
}

export function MyProducts() {
  const { t } = useText(products);
  const [asked, ask] = useState(false);
  return (
    <section aria-live="polite">
      <h2>{t("match.title")}</h2>
      <p className="quiet">{t("match.order")}</p>
      {asked ? <Matches /> : <p className="buttons"><button type="button" onClick={() => ask(true)}>{t("match.show")}</button></p>}
    </section>
  );
}
