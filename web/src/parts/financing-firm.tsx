// The firm's side of a financing: what it should do next, consents that it is asked for, each institution's handling, and offers side by side.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { meLoanCaseAct, type ConsentSigned, type LoanGranted, type LoanSchedule, type MeFinancing, type MeLoanCase, type MeLoanCaseAct } from "#api";
import consentText from "../text/consent";
import financing from "../text/financing";
import meText from "../text/me";
import { useText } from "../text";
import { isActing } from "./acting";
import { Badge, StatusTag } from "./badges";
import { ConfirmDanger } from "./confirm";
import { Deadline } from "./deadline";
import { DetailList } from "./facts";
import { CaseWay, isOver, useFinancingWords } from "./financing";
import { useCost } from "./financing-match";
import { Form } from "./form";
import { useOffers } from "./me-consents";
import { useNames } from "./names";
import { SignOffer } from "./sign";
import { Note } from "./status";
import { Table, type Column } from "./table";

const MATTERS = ["me.financing", "me.financings", "me.offers", "me.consents"];

/** What may have changed is asked for again; what products match is not, since each question is a look. */
export function useAgain(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (q) => MATTERS.includes(String(q.queryKey[0])) });
}

/** The firm's next act, in one sentence. */
export function useNext(): (f: MeFinancing) => string {
  const { t, num } = useText(financing);
  const asked = useOffers().data?.items.filter((o) => o.act === "give").length ?? 0;
  const offers = isActing() ? 0 : asked;
  return (f) => {
    const states = f.cases.map((c) => c.state);
    const has = (...of: Array<MeLoanCase["state"]>): boolean => of.some((s) => states.includes(s));
    if (f.state === "draft") return t("fin.next_publish");
    if (f.waits) return t("fin.next_agree", { n: num(f.waits) });
    if (offers && has("accepted", "due_diligence")) return t("fin.next_sign");
    if (has("overdue", "bad")) return t("fin.next_overdue");
    if (has("drawn", "repaying")) return t("fin.next_repay");
    if (states.filter((s) => s === "granted").length > 1) return t("fin.next_compare");
    if (has("granted")) return t("fin.next_granted");
    if (has("due_diligence", "accepted")) return t("fin.next_diligence");
    if (has("applied")) return t("fin.next_applied");
    if (f.state === "withdrawn" || f.state === "closed") return t("fin.next_over");
    if (has("settled")) return t("fin.next_settled");
    if (has("refused")) return t("fin.next_refused");
    return t("fin.next_wait");
  };
}

/** Consents that institutions ask for, at the moment that they need them. */
export function WaitingOffers() {
  const { t } = useText(financing, meText, consentText);
  const again = useAgain();
  const asked = useOffers().data?.items.filter((o) => o.act === "give") ?? [];
  const offers = isActing() ? [] : asked; // those of who acts are none of the firm's
  const [signed, setSigned] = useState<ConsentSigned | null>(null);
  return (
    <>
      {signed && <Note tone="fine" role="status"><p>{t("mine.given", { id: signed.consent })}</p></Note>}
      {offers.length > 0 && (
        <section className="panel next-act">
          <h2>{t("fin.consent_wanted")}</h2>
          <p className="quiet">{t("fin.consent_lead")}</p>
          {offers.map((o) => <details key={o.id} open={offers.length === 1}><summary>{t("mine.read")}</summary><SignOffer offer={o} done={(s) => { setSigned(s); void again(); }} /></details>)}
        </section>
      )}
    </>
  );
}

/** Why it was refused, how to get there, and to whom it went or goes next. */
function Refused({ of: c, within: f }: { of: MeLoanCase; within: MeFinancing }) {
  const { t, pick } = useText(financing);
  const { orgName } = useNames();
  if (!c.refusal) return null;
  const handed = f.cases.find((x) => x.before === c.id);
  return (
    <Note tone="ask">
      <p><strong>{t("fin.refused_for", { reason: pick(c.refusal.title, c.refusal.title_en) })}</strong></p>
      {c.refusal.note && <p>{c.refusal.note}</p>}
      {c.refusal.advice && <p>{t("fin.advice", { advice: pick(c.refusal.advice, c.refusal.advice_en) })}</p>}
      {handed ? <p>{t("fin.handed", { product: pick(handed.product_title, handed.product_title_en), organisation: handed.organisation_name ?? handed.organisation })}</p>
        : f.next && <p>{t("fin.next_bank", { product: pick(f.next.title, f.next.title_en), organisation: orgName(f.next.organisation) })}</p>}
    </Note>
  );
}

function CaseAct({ of: c }: { of: MeLoanCase }) {
  const { t, pick } = useText(financing);
  const again = useAgain();
  return c.actions.map((a) => {
    const text = pick(a.title, a.title_en);
    const act = (): Promise<unknown> => meLoanCaseAct({ id: c.id }, { action: a.action as MeLoanCaseAct["action"] }).then(again);
    return a.action === "apply"
      ? <Form key={a.action} submit={text} act={act}><p className="quiet">{t("fin.agree_what", { organisation: c.organisation_name ?? c.organisation })}</p></Form>
      : <p key={a.action} className="buttons"><ConfirmDanger className="plain small" text={text} title={t("fin.withdraw_case", { organisation: c.organisation_name ?? c.organisation })} what={<p>{t("fin.withdraw_case_what")}</p>} act={act} /></p>;
  });
}

export function CaseCard({ of: c, within }: { of: MeLoanCase; within: MeFinancing }) {
  const { orgName } = useNames();
  const { t, pick, num, day, money } = useText(financing);
  const words = useFinancingWords();
  const g = c.granted;
  const yuan = (fen: number): string => t("fin.yuan", { n: money(fen / 100) });
  return (
    <li className="panel">
      <h3>{orgName(c.organisation)} <StatusTag of={c} /></h3>
      <p className="quiet">{pick(c.product_title, c.product_title_en)} · {pick(c.way_title, c.way_title_en)}{c.why && ` · ${c.why}`}</p>
      <CaseWay state={c.state} progress={c.progress} />
      {c.due && !isOver(c.state) && <p className="badges"><span className="quiet">{t("fin.due")}</span><Deadline due={c.due} /></p>}
      <DetailList rows={[
        [t("fin.granted"), g && `${words.amount(g.amount_fen)} · ${words.rate(g.rate)} · ${words.months(g.term_months)}`], [t("fin.valid"), g && c.state === "granted" && day(g.valid_until)],
        [t("fin.drawn"), c.draws.length > 0 && c.draws.map((d) => <span key={d.loan_no} className="line">{day(d.day)} · {yuan(d.amount_fen)} · {t("fin.due_day", { day: day(d.due_day) })}</span>)],
        [t("fin.repaid"), c.repaid_fen > 0 && t("fin.repaid_of", { principal: yuan(c.repaid_fen), interest: yuan(c.interest_fen) })],
        [t("fin.outstanding"), c.drawn_fen > 0 && c.outstanding_fen > 0 && yuan(c.outstanding_fen)], [t("fin.overdue"), c.overdue_days && <Badge tone="poor">{t("fin.days", { n: num(c.overdue_days) })}</Badge>],
      ]} />
      <Refused of={c} within={within} />
      <CaseAct of={c} />
    </li>
  );
}

interface Offered {
  of: MeLoanCase;
  granted: LoanGranted;
}

function Cost({ offer: o, of }: { offer: Offered; of(s: LoanSchedule): string }) {
  const cost = useCost(o.granted.amount_fen, o.granted.term_months, o.granted.rate, o.of.wanted.repayment?.code ?? "instalment");
  return cost ? of(cost) : null;
}

/** What institutions grant, side by side. */
export function Offers({ cases }: { cases: MeLoanCase[] }) {
  const { orgName } = useNames();
  const { t, pick, day, money } = useText(financing);
  const words = useFinancingWords();
  const offers = cases.flatMap((c): Offered[] => (c.granted && c.state === "granted" ? [{ of: c, granted: c.granted }] : []));
  if (!offers.length) return null;
  const lines: Array<{ name: string; of(o: Offered): React.ReactNode }> = [
    { name: t("fin.product"), of: (o) => o.of.product ? <Link to={`/products/${o.of.product}`}>{pick(o.of.product_title, o.of.product_title_en)}</Link> : "–" },
    { name: t("fin.amount"), of: (o) => words.amount(o.granted.amount_fen) }, { name: t("fin.rate"), of: (o) => words.rate(o.granted.rate) }, { name: t("fin.term"), of: (o) => words.months(o.granted.term_months) },
    { name: t("fin.guarantee"), of: (o) => words.named(o.granted.guarantee) || "–" },
    { name: t("fin.first_payment"), of: (o) => <Cost offer={o} of={(s) => `${t("fin.yuan", { n: money(s.payments[0]!.total) })} · ${pick(s.title, s.title_en)}`} /> }, { name: t("fin.interest"), of: (o) => <Cost offer={o} of={(s) => money(s.interest)} /> },
    { name: t("fin.annual"), of: (o) => <Cost offer={o} of={(s) => `${s.simple.toFixed(2)}%`} /> }, { name: t("fin.valid"), of: (o) => day(o.granted.valid_until) },
  ];
  const columns: Array<Column<(typeof lines)[number]>> = [
    { id: "item", head: t("fin.item"), cell: (l) => l.name },
    ...offers.map((o): Column<(typeof lines)[number]> => ({ id: o.of.id, head: orgName(o.of.organisation), cell: (l) => l.of(o) })),
  ];
  return (
    <section>
      <h2>{t("fin.offers")}</h2>
      <Table label={t("fin.offers")} columns={columns} rows={lines} rowKey={(l) => l.name} />
    </section>
  );
}
