// What is told of a household's rating: the grade, what the committee made of it, every indicator with its points and why, and what banks offer.
import type { RuralOffer, RuralRated } from "#api";
import ruralcredit from "../text/ruralcredit";
import { useText } from "../text";
import { Badge } from "./badges";
import { DetailList } from "./facts";
import { Note } from "./status";
import { Table, type Column } from "./table";

type Indicator = RuralRated["indicators"][number];

const MARKS: Record<string, string> = { white: "good", grey: "fair", black: "poor", none: "quietly" };
export const markTone = (mark: string): string => MARKS[mark] ?? "";

export function OffersTable({ offers, act }: { offers: RuralOffer[]; act?(o: RuralOffer): React.ReactNode }) {
  const { t, num, day } = useText(ruralcredit);
  const columns: Array<Column<RuralOffer>> = [
    { id: "bank", head: t("offer.bank"), cell: (o) => o.organisation_name },
    { id: "grade", head: t("rate.grade"), cell: (o) => <Badge>{o.grade}</Badge> },
    { id: "product", head: t("offer.product"), cell: (o) => <span>{o.product}{o.note && <span className="quiet">{o.note}</span>}</span> },
    { id: "rate", head: t("offer.rate"), number: true, cell: (o) => `${o.rate_percent.toFixed(2)} %` },
    { id: "limit", head: t("offer.limit"), number: true, cell: (o) => num(o.limit_yuan) },
    { id: "term", head: t("offer.term"), number: true, cell: (o) => num(o.term_months) },
    { id: "until", head: t("offer.until"), cell: (o) => <span>{day(o.until)}{act?.(o)}</span> },
  ];
  return (
    <>
      <p className="quiet">{t("offer.no_promise")}</p>
      <Table label={t("offer.title")} columns={columns} rows={offers} rowKey={(o) => o.id} />
    </>
  );
}

export function Rated({ rating: r, own = false }: { rating: RuralRated; own?: boolean }) {
  const { t, pick, num, day } = useText(ruralcredit);
  const columns: Array<Column<Indicator>> = [
    { id: "title", head: t("rate.indicator"), cell: (x) => pick(x.title, x.title_en) },
    { id: "value", head: t("rate.value"), cell: (x) => (x.value === null ? "–" : x.value === "true" ? t("yes") : x.value === "false" ? t("no") : `${x.value} ${x.unit}`) },
    { id: "what", head: t("rate.why"), cell: (x) => <span>{x.what === null ? t("rate.untold") : pick(x.what, x.what_en)}{x.cap !== null && <Badge tone="poor">{t("rate.cap", { n: x.cap })}</Badge>}</span> },
    { id: "points", head: t("rate.points"), number: true, cell: (x) => (x.points === null ? "–" : `${x.points.toFixed(1)} / ${x.of}`) },
  ];
  return (
    <>
      <p className="badges"><Badge tone="key">{r.grade} {pick(r.grade_title, r.grade_title_en)}</Badge><Badge tone={markTone(r.mark)}>{pick(r.mark_title, r.mark_title_en)}</Badge></p>
      <DetailList rows={[
        [t("rate.score"), r.score.toFixed(1)], [t("rate.limit"), r.limit_yuan ? t("yuan", { n: num(r.limit_yuan) }) : t("rate.no_limit")],
        [t("rate.rule"), t("rate.rule_is", { mark: pick(r.mark_title, r.mark_title_en), from: r.from, grade: r.grade })],
        [t("rate.reasons"), pick(r.reasons, r.reasons_en)], [t("rate.reviewed"), r.reviewed_on && day(r.reviewed_on)], [t("rate.at"), day(r.rated_at)],
      ]} />
      {r.basis === "own" && <Note tone="ask"><p>{t("rate.example")}</p></Note>}
      <Table label={t("rate.why")} columns={columns} rows={r.indicators} rowKey={(x) => x.indicator} />
      {own && <Note><p>{t("rate.object")}</p></Note>}
      {r.offers.length > 0 && <section><h3>{t("offer.title")}</h3><OffersTable offers={r.offers} /></section>}
    </>
  );
}
