// Products for one financing: what each asks of the firm and whether it is met, whether amount, term, rate and guarantee fit, and what it would cost.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { loansScheduleQuery, meFinancingMatchesQuery, type FinancingMatch, type FinancingWanted, type LoanSchedule, type ProductCard } from "#api";
import financing from "../text/financing";
import products from "../text/products";
import { useText } from "../text";
import { Badge } from "./badges";
import { Outcome, yuanText } from "./financing";
import { MetGroups } from "./met";
import { Pager } from "./pager";
import { useProductWords } from "./product";
import { FailureNote } from "./status";

const LIMIT = 6;

/** What repaying costs at a rate, by the method that was chosen or the product's first. */
export function useCost(fen: number, months: number, rate: string, method: string | undefined): LoanSchedule | undefined {
  const { data } = useQuery({ ...loansScheduleQuery({ amount: yuanText(fen), months, rate }), enabled: method !== undefined && Number(rate) >= 0, staleTime: Infinity, retry: false });
  return data?.items.find((s) => s.method === method);
}

function Cost({ product: p, wanted: w }: { product: ProductCard; wanted: FinancingWanted }) {
  const { t, pick, money } = useText(financing);
  const method = p.repayment.find((r) => r.code === w.repayment?.code)?.code ?? p.repayment[0]?.code;
  const low = useCost(w.amount_fen, w.term_months, String(p.rate_min), method), high = useCost(w.amount_fen, w.term_months, String(p.rate_max), method);
  if (!low || !high) return null;
  const between = (of: (s: LoanSchedule) => string): string => (of(low) === of(high) ? of(low) : `${of(low)}–${of(high)}`);
  return (
    <dl className="figures cost">
      <div><dt>{t("fin.monthly", { method: pick(low.title, low.title_en) })}</dt><dd>{between((s) => money(s.payments[0]!.total))}</dd></div>
      <div><dt>{t("fin.interest")}</dt><dd>{between((s) => money(s.interest))}</dd></div>
      <div><dt>{t("fin.annual")}</dt><dd>{between((s) => `${s.simple.toFixed(2)}%`)}</dd></div>
    </dl>
  );
}

function Terms({ match: m }: { match: FinancingMatch }) {
  const { t, pick } = useText(financing, products);
  const missed = m.terms.filter((x) => !x.fits);
  if (!missed.length) return <li><Badge tone="good">{t("fin.fits")}</Badge> {t("fin.terms_fit")}</li>;
  return missed.map((x) => <li key={x.term}><Badge tone="poor">{t("fin.fits_not")}</Badge> {pick(x.text, x.text_en)}</li>);
}

function Match({ match: m, wanted, act }: { match: FinancingMatch; wanted: FinancingWanted; act(m: FinancingMatch): ReactNode }) {
  const { t, pick, num } = useText(financing, products);
  const words = useProductWords();
  const p = m.match.product;
  return (
    <li>
      <div className="card still">
        <h3><span className="quiet">{num(m.place)}.</span> <Link to={`/products/${p.code}`}>{pick(p.title, p.title_en)}</Link></h3>
        <p className="provider">{m.organisation_name ?? words.institution(p)} · {words.rate(p)}</p>
        <p className="badges"><Outcome of={{ result: m.result, misses: m.match.misses, unknown: m.match.unknown }} />{p.sample && <Badge tone="fair">{t("product.sample")}</Badge>}{p.first_loan && <Badge>{t("product.first")}</Badge>}</p>
        <Cost product={p} wanted={wanted} />
        <details>
          <summary>{t(m.result === "pass" ? "fin.why_fits" : "fin.how_there")}</summary>
          <ul className="met"><Terms match={m} /><MetGroups groups={m.match.groups} /></ul>
        </details>
        {act(m)}
      </div>
    </li>
  );
}

export function Matches({ id, wanted, act }: { id: string; wanted: FinancingWanted; act(m: FinancingMatch): ReactNode }) {
  const { t, day } = useText(financing, products);
  const [offset, turn] = useState(0);
  const { data, error } = useQuery({ ...meFinancingMatchesQuery({ id, limit: LIMIT, offset }), retry: false, staleTime: Infinity, placeholderData: keepPreviousData });
  if (error) return <FailureNote error={error} />;
  if (!data) return <p role="status">{t("match.computing")}</p>;
  return (
    <>
      <p className="quiet">{t("match.order")} {t("match.as_of", { day: day(data.day) })}</p>
      <ul className="cards loose">{data.items.map((m) => <Match key={m.match.product.code} match={m} wanted={wanted} act={act} />)}</ul>
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={turn} />
    </>
  );
}
