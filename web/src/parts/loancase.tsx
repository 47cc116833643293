// One loan case at the institution's desk: who the firm is, its consent and what is known of it, the steps that may be taken now, and what was lent and repaid.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { financeCaseAct, financeCaseQuery, type LoanCase, type LoanDraw, type LoanRepayment } from "#api";
import financing from "../text/financing";
import { useText } from "../text";
import { Badge, StatusTag } from "./badges";
import { Deadline } from "./deadline";
import { DetailList } from "./facts";
import { CaseWay, useFinancingWords, WantedFacts, Outcome } from "./financing";
import { Steps, Timeline } from "./flow";
import { Diligence } from "./loancase-diligence";
import { actOf, useExtras } from "./loancase-steps";
import { Page } from "./page";
import { useRefresh } from "./refresh";
import { Note } from "./status";
import { Table, type Column } from "./table";

function Lent({ of: c }: { of: LoanCase }) {
  const { t, day, money } = useText(financing);
  const words = useFinancingWords();
  const yuan = (fen: number): string => money(fen / 100);
  const draws: Array<Column<LoanDraw>> = [
    { id: "loan_no", head: t("case.loan_no"), cell: (d) => d.loan_no }, { id: "day", head: t("case.day"), cell: (d) => day(d.day) }, { id: "amount", head: t("case.amount"), number: true, cell: (d) => yuan(d.amount_fen) },
    { id: "rate", head: t("fin.rate"), number: true, cell: (d) => words.rate(d.rate) }, { id: "due", head: t("case.due_day"), cell: (d) => day(d.due_day) },
  ];
  const repayments: Array<Column<LoanRepayment & { at: number }>> = [
    { id: "day", head: t("case.day"), cell: (r) => day(r.day) }, { id: "principal", head: t("case.principal"), number: true, cell: (r) => yuan(r.principal_fen) }, { id: "interest", head: t("case.interest"), number: true, cell: (r) => yuan(r.interest_fen) },
  ];
  return (
    <>
      {c.draws.length > 0 && <section><h2>{t("case.draws")}</h2><Table label={t("case.draws")} columns={draws} rows={c.draws} rowKey={(d) => `${d.loan_no} ${d.day} ${d.amount_fen}`} /></section>}
      {c.repayments.length > 0 && <section><h2>{t("case.repayments")}</h2><Table label={t("case.repayments")} columns={repayments} rows={c.repayments.map((r, at) => ({ ...r, at }))} rowKey={(r) => String(r.at)} /></section>}
    </>
  );
}

function Facts({ of: c }: { of: LoanCase }) {
  const { t, pick, day, money } = useText(financing);
  const words = useFinancingWords();
  const g = c.granted;
  const yuan = (fen: number): string => t("fin.yuan", { n: money(fen / 100) });
  return (
    <>
      <section>
        <h2>{t("case.about")}</h2>
        <DetailList rows={[
          [t("lend.id"), c.id], [t("case.financing"), <Link key="f" to={`/financing-desk/${c.financing}`}>{c.financing}</Link>], [t("case.uscc"), c.uscc && <code>{c.uscc}</code>], [t("lend.organisation"), c.organisation_name ?? c.organisation],
          [t("fin.product"), c.product && <Link to={`/products/${c.product}`}>{pick(c.product_title, c.product_title_en)}</Link>], [t("lend.match"), c.match && <Outcome of={c.match} />], [t("lend.way"), pick(c.way_title, c.way_title_en)], [t("lend.reason"), c.why],
          [t("case.before"), c.before], [t("case.consent"), c.consent], [t("fin.granted"), g && <>{words.amount(g.amount_fen)} · {words.rate(g.rate)} · {words.months(g.term_months)}</>], [t("fin.valid"), g && day(g.valid_until)],
          [t("case.drawn"), c.drawn_fen > 0 && yuan(c.drawn_fen)], [t("case.repaid"), c.repaid_fen > 0 && yuan(c.repaid_fen)], [t("case.interest"), c.interest_fen > 0 && yuan(c.interest_fen)], [t("fin.outstanding"), c.outstanding_fen > 0 && yuan(c.outstanding_fen)],
          [t("case.lost"), c.lost_fen && yuan(c.lost_fen)],
        ]} />
      </section>
      <section><h2>{t("fin.wanted")}</h2><WantedFacts wanted={c.wanted} /></section>
    </>
  );
}

export function LoanCasePage({ id, help }: { id: string; help: string }) {
  const { t, pick, num } = useText(financing);
  const { data: c } = useSuspenseQuery(financeCaseQuery({ id }));
  const refresh = useRefresh();
  const extras = useExtras(c);
  return (
    <Page title={c.subject_title ?? t("lend.unnamed")} lead={c.uscc ? undefined : t("lend.unnamed_lead")} back={["/financing-desk#cases", t("lend.title")]} help={help}
      badges={<><StatusTag of={c} />{c.due && <Deadline due={c.due} />}{c.overdue_days ? <Badge tone="poor">{t("fin.overdue_days", { n: num(c.overdue_days) })}</Badge> : null}{c.wanted.first_loan && <Badge tone="good">{t("fin.first_loan")}</Badge>}</>}>
      <CaseWay state={c.state} />
      <div className="columns">
        <div className="wide">
          {c.refusal && <Note tone="ask"><p><strong>{t("fin.refused_for", { reason: pick(c.refusal.title, c.refusal.title_en) })}</strong></p>{c.refusal.note && <p>{c.refusal.note}</p>}</Note>}
          <Steps actions={c.actions} take={(body) => financeCaseAct({ id }, actOf(body)).then(refresh)} extras={extras} />
          <Diligence of={c} />
          <Lent of={c} />
          <Timeline events={c.history} />
        </div>
        <div className="narrow"><Facts of={c} /></div>
      </div>
    </Page>
  );
}
