// Ratings of rural households by county, town and village with the rules behind them, what banks offer by grade, and the effect: what the recorded
// events of loans show, each figure with how many it rests on.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { ruralEffectQuery, ruralLoanRecord, ruralOfferAdd, ruralOfferEnd, ruralOffersQuery, ruralRatingsQuery, type RuralEffect, type RuralLoanEvent, type RuralRatings } from "#api";
import { Badge } from "../parts/badges";
import { Figures } from "../parts/facts";
import { Choice, Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { OffersTable } from "../parts/rural-rating";
import { Empty, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { useSession } from "../session";
import ruralcredit from "../text/ruralcredit";
import { useText } from "../text";

type Area = RuralRatings["items"][number];
type Grade = RuralEffect["grades"][number];

const VILLAGE = 12;
const ABOVE: Record<number, number> = { 6: 0, 9: 6, 12: 9 };
const FEN = 100;
const PERSON = /^\d{17}[\dXx]$/;
const EVENTS: Array<RuralLoanEvent["event"]> = ["applied", "refused", "granted", "lent", "repaid", "overdue", "settled"];

function Ratings() {
  const { t, tCode, pick, num, day } = useText(ruralcredit);
  const [params, setParams] = useSearchParams();
  const within = params.get("within") ?? "";
  const { data } = useSuspenseQuery(ruralRatingsQuery({ within }));
  const columns: Array<Column<Area>> = [
    { id: "title", head: t("rate.area"), cell: (a) => <span>{a.code.length < VILLAGE ? <button type="button" className="plain small" onClick={() => setParams({ within: a.code })}>{a.title}</button> : a.title}{a.good && <Badge tone="good">{pick(data.good_title ?? "", data.good_title_en)}</Badge>}</span> },
    { id: "households", head: t("review.households"), number: true, cell: (a) => num(a.households) },
    { id: "reviewed", head: t("rate.n_reviewed"), number: true, cell: (a) => num(a.households - (a.marks[0] ?? 0)) },
    ...data.grades.map((g, at): Column<Area> => ({ id: g.grade, head: g.grade, number: true, cell: (a) => num(a.grades[at] ?? 0) })),
  ];
  const rows: Array<Column<RuralRatings["rows"][number] & { at: number }>> = [
    { id: "mark", head: t("review.mark"), cell: (r) => tCode("mark", r.mark) }, { id: "from", head: t("rate.from"), number: true, cell: (r) => num(r.from) },
    { id: "grade", head: t("rate.grade"), cell: (r) => r.grade }, { id: "limit", head: t("rate.limit"), number: true, cell: (r) => num(r.limit_yuan) },
  ];
  const weights: Array<Column<RuralRatings["indicators"][number]>> = [
    { id: "title", head: t("rate.indicator"), cell: (x) => pick(x.title, x.title_en) }, { id: "weight", head: t("rate.weight"), number: true, cell: (x) => num(x.weight) },
  ];
  return (
    <>
      {data.basis === "own" && <Note tone="ask"><p>{t("rate.example")}</p></Note>}
      {data.rated_at === null ? <Empty text={t("rate.none")} /> : (
        <>
          <Figures rows={[[t("review.households"), num(data.households)], [t("rate.n_reviewed"), num(data.reviewed)], [t("rate.day"), day(data.day)], ...(data.good_title ? [[pick(data.good_title, data.good_title_en), `${num(data.good_areas)} / ${num(data.items.length)}`] as [string, string]] : [])]} />
          {within && <nav className="spaced" aria-label={t("rate.area")}><button type="button" className="plain small" onClick={() => { const up = within.slice(0, ABOVE[within.length] ?? 0); setParams(up ? { within: up } : {}); }}>← {t("rate.up")}</button></nav>}
          <Table label={t("rate.area")} columns={columns} rows={data.items} rowKey={(a) => a.code} />
        </>
      )}
      <details><summary>{t("rate.rules", { title: pick(data.card_title, data.card_title_en) })}</summary>
        <p className="quiet">{t("rate.rules_lead", { quorum: data.quorum_percent, black: data.black_needs })}</p>
        <Table label={t("rate.weight")} columns={weights} rows={data.indicators} rowKey={(x) => x.indicator} />
        <Table label={t("rate.rule")} columns={rows} rows={data.rows.map((r, at) => ({ ...r, at }))} rowKey={(r) => String(r.at)} />
      </details>
    </>
  );
}

function Offers() {
  const { t } = useText(ruralcredit);
  const { can, session } = useSession();
  const refresh = useRefresh();
  const { data } = useSuspenseQuery(ruralOffersQuery());
  const end = (id: string) => <button type="button" className="plain small" onClick={() => void ruralOfferEnd({ id }).then(refresh)}>{t("offer.end")}</button>;
  return (
    <>
      {data.offers.length ? <OffersTable offers={data.offers} act={(o) => can("rural.offer") && o.organisation === session?.organisation && end(o.id)} /> : <Empty text={t("offer.none")} />}
      {can("rural.offer") && (
        <details>
          <summary>{t("offer.new")}</summary>
          <Form submit={t("offer.new")} act={async (value) => {
            await ruralOfferAdd({ grade: value("of-grade"), product: value("of-product"), rate_bp: Math.round(Number(value("of-rate")) * FEN), limit_yuan: Number(value("of-limit")), term_months: Number(value("of-term")), from: value("of-from"), until: value("of-until"), ...(value("of-note") && { note: value("of-note") }) });
            await refresh();
          }}>
            <div className="triple">
              <Field id="of-grade" label={t("rate.grade")} maxLength={8} autoComplete="off" />
              <Field id="of-product" label={t("offer.product")} maxLength={60} autoComplete="off" />
              <Field id="of-rate" label={t("offer.rate")} type="number" min={0} max={36} step={0.01} inputMode="decimal" />
              <Field id="of-limit" label={t("offer.limit")} type="number" min={1} inputMode="numeric" />
              <Field id="of-term" label={t("offer.term")} type="number" min={1} max={360} inputMode="numeric" />
              <Field id="of-from" label={t("offer.from")} type="date" />
              <Field id="of-until" label={t("offer.until")} type="date" />
              <Field id="of-note" label={t("offer.note")} required={false} maxLength={200} autoComplete="off" />
            </div>
          </Form>
        </details>
      )}
    </>
  );
}

function Loan() {
  const { t, tCode } = useText(ruralcredit);
  const refresh = useRefresh();
  const [saved, setSaved] = useState<string | null>(null);
  return (
    <details>
      <summary>{t("loan.record")}</summary>
      <p className="quiet">{t("loan.lead")}</p>
      <Form submit={t("loan.record")} act={async (value) => {
        const who = value("ln-who"), amount = value("ln-amount"), days = value("ln-days"), event = value("ln-event") as RuralLoanEvent["event"];
        await ruralLoanRecord({
          reference: value("ln-ref"), event, day: value("ln-day"), ...(amount && { amount_fen: Math.round(Number(amount) * FEN) }), ...(days && { overdue_days: Number(days) }),
          ...(event === "applied" && who && (PERSON.test(who) ? { subject: who.toUpperCase() } : { household: who })),
        });
        setSaved(`${value("ln-ref")} · ${tCode("event", event)}`);
        await refresh();
      }}>
        <div className="triple">
          <Field id="ln-ref" label={t("loan.reference")} maxLength={64} autoComplete="off" />
          <Choice id="ln-event" label={t("loan.event")} options={EVENTS.map((e) => [e, tCode("event", e)])} />
          <Field id="ln-day" label={t("loan.day")} type="date" />
          <Field id="ln-who" label={t("loan.who")} hint={t("loan.who_hint")} required={false} maxLength={40} autoComplete="off" />
          <Field id="ln-amount" label={t("loan.amount")} required={false} type="number" min={0} step={0.01} inputMode="decimal" />
          <Field id="ln-days" label={t("loan.days")} required={false} type="number" min={1} inputMode="numeric" />
        </div>
      </Form>
      {saved && <Note tone="fine" role="status"><p>{t("loan.saved", { what: saved })}</p></Note>}
    </details>
  );
}

function Effect() {
  const { t, num, money } = useText(ruralcredit);
  const { can } = useSession();
  const { data } = useSuspenseQuery(ruralEffectQuery());
  const columns: Array<Column<Grade>> = [
    { id: "grade", head: t("effect.grade"), cell: (g) => g.grade ?? t("effect.unrated") },
    { id: "applied", head: t("event.applied"), number: true, cell: (g) => num(g.applied) },
    { id: "granted", head: t("event.granted"), number: true, cell: (g) => num(g.granted) },
    { id: "refused", head: t("event.refused"), number: true, cell: (g) => num(g.refused) },
    { id: "lent", head: t("event.lent"), number: true, cell: (g) => num(g.lent) },
    { id: "yuan", head: t("effect.yuan"), number: true, cell: (g) => money(g.lent_fen / FEN) },
    { id: "overdue", head: t("effect.overdue"), number: true, cell: (g) => t("effect.of", { n: num(g.overdue), of: num(g.lent) }) },
    { id: "overdue90", head: t("effect.overdue_90"), number: true, cell: (g) => t("effect.of", { n: num(g.overdue_90), of: num(g.lent) }) },
  ];
  const days = (d: RuralEffect["days"]["assisted"]): string => (d.median === null ? t("effect.few", { n: num(d.n), least: num(data.least) }) : t("effect.days_of", { median: d.median, mean: d.mean!.toFixed(1), n: num(d.n) }));
  return (
    <>
      <p className="quiet">{t(data.organisation ? "effect.own" : "effect.all")}</p>
      <Figures big rows={[[t("effect.loans"), num(data.loans)], [t("effect.events"), num(data.events)], [t("effect.assisted"), days(data.days.assisted)], [t("effect.other"), days(data.days.other)]]} />
      <p className="quiet">{t("effect.how", { days: num(data.assisted_days) })}</p>
      {data.grades.length ? <Table label={t("effect.title")} columns={columns} rows={data.grades} rowKey={(g) => g.grade ?? "-"} /> : <Empty text={t("effect.none")} />}
      {can("rural.loan") && <Loan />}
    </>
  );
}

export default function RuralEffectPage() {
  const { t } = useText(ruralcredit);
  const { can } = useSession();
  const tabs = [...(can("rural.read") ? [{ id: "ratings", text: t("rate.tab") }] : []), { id: "effect", text: t("effect.tab") }, { id: "offers", text: t("offer.tab") }];
  const [tab, choose] = useTab(tabs.map((x) => x.id));
  return (
    <Page title={t("nav.ruraleffect")} lead={t("effect.lead")} help={t("effect.help")}>
      <Tabs label={t("nav.ruraleffect")} current={tab} choose={choose} tabs={tabs}>{tab === "ratings" ? <Ratings /> : tab === "offers" ? <Offers /> : <Effect />}</Tabs>
    </Page>
  );
}
