// Products of the finance platform, for anybody: filtered and ordered by the server, up to four of them side by side. What is compared stands in the address.
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { productShowQuery, productsList, productsListQuery, type Product, type ProductCard } from "#api";
import { Badge } from "../parts/badges";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Asks, useProductWords } from "../parts/product";
import { Empty, FailureNote } from "../parts/status";
import { Filter, FilterField, ServerTable, Table, type Column } from "../parts/table";
import products from "../text/products";
import { useText } from "../text";

const KINDS = ["credit", "mortgage", "pledge", "tax", "technology", "farm", "chain", "fund", "first", "green", "guarantee", "insurance", "leasing", "policy"] as const;
const SIZES = ["micro", "small", "medium", "large"] as const;
const ORDERS = ["rate", "amount", "term", "kind", "title"] as const;
const MOST = 4;
const WITH = "with";

interface Line {
  name: string;
  of: (p: Product) => React.ReactNode;
}

function Compared({ codes, clear }: { codes: string[]; clear: () => void }) {
  const { t, pick } = useText(products);
  const words = useProductWords();
  const found = useQueries({ queries: codes.map((code) => ({ ...productShowQuery({ code }), retry: false })) }).flatMap((q) => q.data ?? []);
  const lines: Line[] = [
    ...(["institution", "kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const).map((id): Line => ({ name: t(`product.${id}`), of: words[id] })),
    { name: t("product.asks"), of: (p) => <Asks groups={p.groups} /> },
  ];
  const columns: Array<Column<Line>> = [
    { id: "item", head: t("product.item"), cell: (l) => l.name },
    ...found.map((p): Column<Line> => ({ id: p.code, head: pick(p.title, p.title_en), cell: (l) => l.of(p) })),
  ];
  return (
    <section aria-live="polite">
      <h2>{t("product.compared")}</h2>
      <p className="buttons"><button type="button" className="plain small" onClick={clear}>{t("product.clear")}</button>{codes.length >= MOST && <span className="quiet">{t("product.compare_most")}</span>}</p>
      <Table label={t("product.compared")} columns={columns} rows={lines} rowKey={(l) => l.name} />
    </section>
  );
}

export default function Products() {
  const { t, tCode, pick } = useText(products);
  const words = useProductWords();
  const list = useList();
  const [params, setParams] = useSearchParams();
  const [codes, keep] = useState(() => (params.get(WITH) ?? "").split(",").filter(Boolean).slice(0, MOST));
  const choose = (next: string[]): void => {
    keep(next); // at once: the address follows
    setParams((before) => {
      const now = new URLSearchParams(before);
      if (next.length) now.set(WITH, next.join(","));
      else now.delete(WITH);
      return now;
    }, { preventScrollReset: true });
  };
  const amount = Math.floor(Number(list.filter("amount")));
  const asked = {
    q: list.filter("q") || undefined, kind: KINDS.find((k) => k === list.filter("kind")), size: SIZES.find((s) => s === list.filter("size")),
    industry: list.filter("industry") || undefined, amount: amount >= 1 ? amount : undefined, first_loan: list.filter("first_loan") === "Y" ? ("Y" as const) : undefined, sort: orderOf(list, ORDERS),
  };
  const { data: page, error } = useQuery({ ...productsListQuery({ ...asked, limit: list.limit, offset: list.offset }), retry: false, placeholderData: keepPreviousData });
  const columns: Array<Column<ProductCard>> = [
    { id: "title", head: t("product.name"), sort: "title", text: (p) => pick(p.title, p.title_en), cell: (p) => <Link to={`/products/${p.code}`}>{pick(p.title, p.title_en)}</Link> },
    { id: "institution", head: t("product.institution"), text: words.institution, cell: (p) => <>{words.institution(p)} {p.sample && <Badge tone="fair">{t("product.sample")}</Badge>}</> },
    { id: "kind", head: t("product.kind"), sort: "kind", text: words.kind, cell: words.kind },
    { id: "amount", head: t("product.amount"), sort: "amount", whole: true, text: words.amount, cell: words.amount },
    { id: "rate", head: t("product.rate"), sort: "rate", whole: true, text: words.rate, cell: words.rate },
    { id: "term", head: t("product.term"), sort: "term", whole: true, text: words.term, cell: words.term },
    { id: "guarantee", head: t("product.guarantee"), text: words.guarantee, cell: words.guarantee },
    ...(["repayment", "sizes", "regions", "industries", "first", "online", "days"] as const).map((id): Column<ProductCard> => ({ id, head: t(`product.${id}`), extra: true, text: words[id], cell: words[id] })),
    { id: "compare", head: t("product.compare"), cell: (p) => (
      <input type="checkbox" aria-label={t("product.compare_one", { title: pick(p.title, p.title_en) })} checked={codes.includes(p.code)} disabled={codes.length >= MOST && !codes.includes(p.code)}
        onChange={(e) => choose(e.target.checked ? [...codes, p.code] : codes.filter((c) => c !== p.code))} />
    ) },
  ];
  return (
    <Page title={t("product.heading")} lead={t("product.lead")} help={t("product.help")}>
      {error && <FailureNote error={error} />}
      {codes.length > 0 && <Compared codes={codes} clear={() => choose([])} />}
      {page && (
        <ServerTable id="products" label={t("product.heading")} columns={columns} page={page} rowKey={(p) => p.code} list={list}
          ask={(offset, limit) => productsList({ ...asked, limit, offset })} empty={<Empty text={t("product.none")} />}
          filters={<>
            <FilterField list={list} name="q" label={t("product.search")} maxLength={100} />
            <Filter list={list} name="kind" label={t("product.kind")} all={t("product.all")} options={KINDS.map((k) => [k, tCode("productkind", k)])} />
            <Filter list={list} name="size" label={t("product.sizes")} all={t("product.all")} options={SIZES.map((s) => [s, tCode("productsize", s)])} />
            <FilterField list={list} name="industry" label={t("product.industry")} maxLength={6} />
            <FilterField list={list} name="amount" label={t("product.needed")} type="number" min={1} max={10000000} />
            <Filter list={list} name="first_loan" label={t("product.first")} all={t("product.all")} options={[["Y", t("product.first_only")]]} />
          </>} />
      )}
    </Page>
  );
}
