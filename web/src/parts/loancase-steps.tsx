// What each step of a loan case asks beside its reason, and how the form's words become what is sent.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { codesSearchQuery, type LoanCase, type LoanCaseAct } from "#api";
import financing from "../text/financing";
import { useText } from "../text";
import { fenOfYuan, yuanText } from "./financing";
import { Area, Choice, Field } from "./form";

const CODES = 60;
const DAY_MS = 86_400_000;
const VALID_DAYS = 90;
const MONTH_DAYS = 30;
const MONEY = /^(amount|interest)$/;
const WHOLE = ["term_months", "overdue_days"];

const dayAfter = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Yuan become fen, numbers numbers; what is left is as it was typed. */
export function actOf(body: Record<string, string>): LoanCaseAct {
  const out: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(body)) {
    if (MONEY.test(name)) out[`${name}_fen`] = fenOfYuan(value);
    else out[name] = WHOLE.includes(name) ? Number(value) : value;
  }
  return out as unknown as LoanCaseAct;
}

function useCodes(table: string): Array<[string, string]> {
  const { pick } = useText();
  const { data } = useQuery({ ...codesSearchQuery({ table, limit: CODES, offset: 0 }), staleTime: Infinity });
  return (data?.items ?? []).map((c) => [c.code, pick(c.title, c.title_en)]);
}

const Money = ({ id, label, ...rest }: { id: string; label: string; defaultValue?: string; required?: boolean }) => <Field id={id} label={label} inputMode="decimal" pattern="\d{1,13}(\.\d{1,2})?" maxLength={16} autoComplete="off" {...rest} />;

/** The fields of each step, by its action. */
export function useExtras(c: LoanCase): Record<string, ReactNode> {
  const { t } = useText(financing);
  const reasons = useCodes("FIN_REFUSAL_REASON"), guarantees = useCodes("LOAN_GUARANTEE_STAT");
  const w = c.wanted, g = c.granted;
  const day = <Field id="day" label={t("case.day")} type="date" defaultValue={dayAfter(0)} />;
  const rate = (value: string | null) => <Field id="rate" label={t("case.rate")} inputMode="decimal" pattern="\d{1,2}(\.\d{1,4})?" maxLength={7} defaultValue={value ?? ""} />;
  const draw = (
    <div className="pair">
      <Field id="loan_no" label={t("case.loan_no")} maxLength={40} autoComplete="off" />
      <Money id="amount" label={t("case.amount_yuan")} defaultValue={g ? yuanText(g.amount_fen - c.drawn_fen) : ""} />
      {rate(g?.rate ?? null)}{day}
      <Field id="due_day" label={t("case.due_day")} type="date" defaultValue={g ? dayAfter(g.term_months * MONTH_DAYS) : ""} />
    </div>
  );
  return {
    investigate: <p className="quiet">{t(c.consent_ready ? "case.consent_ready" : "case.consent_first", { id: c.consent_ready ?? "" })}</p>,
    refuse: <><Choice id="refusal" label={t("case.refusal")} options={reasons} /><Area id="reason" label={t("case.note")} hint={t("case.note_hint")} required={false} maxLength={500} /></>,
    grant: (
      <div className="pair">
        <Money id="amount" label={t("case.amount_yuan")} defaultValue={yuanText(w.amount_fen)} />{rate(w.rate_most)}
        <Field id="term_months" label={t("case.term")} type="number" min={1} max={480} defaultValue={w.term_months} />
        <Choice id="guarantee" label={t("fin.guarantee")} options={guarantees} chosen={w.guarantee?.code ?? "D"} key={guarantees.length} />
        <Field id="valid_until" label={t("fin.valid")} type="date" defaultValue={dayAfter(VALID_DAYS)} />
      </div>
    ),
    draw,
    repay: <div className="pair"><Money id="amount" label={t("case.principal_yuan")} defaultValue={yuanText(c.outstanding_fen)} /><Money id="interest" label={t("case.interest_yuan")} defaultValue="0" />{day}</div>,
    overdue: <Field id="overdue_days" label={t("case.overdue_days")} type="number" min={1} max={9999} />,
    bad: <Money id="amount" label={t("case.lost_yuan")} defaultValue={yuanText(c.outstanding_fen)} />,
    cure: day,
    settle: day,
  };
}
