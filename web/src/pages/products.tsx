// Products of the finance platform, for anybody: filtered and ordered by the server, up to four of them side by side. What is compared stands in the address.
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { loansScheduleQuery, productShowQuery, productsList, productsListQuery, type Product, type ProductCard } from "#api";
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
const AMOUNT = 50, MONTHS = 12, MOST_AMOUNT = 10_000_000, MOST_MONTHS = 480; // 万元; what a comparison begins with

const WAN = 10_000; // yuan
const METHODS = ["instalment", "principal", "interest", "end"] as const;

/** What so much for so long would cost at the product's lowest rate, paid back in the first of its ways; of what is no loan there is nothing to say. */
function Cost({ product: p, amount, months }: { product: Product; amount: number; months: number }) {
  const { t, pick, money } = useText(products);
  const method = METHODS.find((m) => m === p.repayment[0]?.code);
  const fits = amount >= p.amount_min && amount <= p.amount_max && months >= p.term_min && months <= p.term_max;
  const { data } = useQuery({ ...loansScheduleQuery({ amount: String(amount * WAN), months, rate: String(p.rate_min), method: method ?? "instalment" }), enabled: method !== undefined && fits, placeholderData: keepPreviousData });
  const s = data?.items[0];
  if (!method) return "–";
  if (!fits) return t("product.cost_outside");
  if (!s) return null;
  return <>{t("product.cost_of", { way: pick(s.title, s.title_en), interest: money(s.interest), rate: s.simple.toFixed(2) })} <Link to={`/calculator?${new URLSearchParams({ amount: String(amount * WAN), months: String(months), rate: String(p.rate_min) })}`}>{t("product.calculate")}</Link></>;
}

interface Line {
  name: string;
  of: (p: Product) => React.ReactNode;
}

function Compared({ codes, clear }: { codes: string[]; clear: () => void }) {
  const { t, pick } = useText(products);
  const words = useProductWords();
  const found = useQueries({ queries: codes.map((code) => ({ ...productShowQuery({ code }), retry: false })) }).flatMap((q) => q.data ?? []);
  const [amount, setAmount] = useState(AMOUNT);
  const [months, setMonths] = useState(MONTHS);
  const number = (value: string, most: number): number => Math.min(most, Math.max(1, Math.floor(Number(value)) || 1));
  const lines: Line[] = [
    ...(["institution", "kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const).map((id): Line => ({ name: t(`product.${id}`), of: words[id] })),
    { name: t("product.cost", { amount: String(amount), months: String(months) }), of: (p) => <Cost product={p} amount={amount} months={months} /> },
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
      <p className="quiet">{t("product.cost_lead")}</p>
      <div className="pair">
        <p className="field"><label htmlFor="cost-amount">{t("product.cost_amount")}</label><input id="cost-amount" type="number" min={1} max={MOST_AMOUNT} value={amount} onChange={(e) => setAmount(number(e.target.value, MOST_AMOUNT))} /></p>
        <p className="field"><label htmlFor="cost-months">{t("product.cost_months")}</label><input id="cost-months" type="number" min={1} max={MOST_MONTHS} value={months} onChange={(e) => setMonths(number(e.target.value, MOST_MONTHS))} /></p>
      </div>
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
    <Page title={t("product.heading")} lead={<>{t("product.lead")} <Link to="/finance-figures">{t("product.figures")}</Link></>} help={t("product.help")}>
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
