// What a firm wants, asked in three steps on a phone: how much and for how long, what for and what it can offer, and who should see it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { codesSearchQuery, type FinancingNew, type MeFinancing } from "#api";
import financing from "../text/financing";
import { useText } from "../text";
import { fenOfWan, wanOf } from "./financing";
import { Field, Form, Tick } from "./form";
import { Options } from "./options";

const AMOUNTS = ["10", "20", "30", "50", "100", "200", "300", "500"];
const TERMS = ["6", "12", "24", "36"];
const MODES = ["open", "matched"] as const;
const REPAYMENTS = ["instalment", "principal", "interest", "end"] as const;
const PASS_ON = ["next", "guarantee", "no"] as const;
const STEPS = 3;
const CODES = 60;
const MOST_WAN = 10_000_000;
const MOST_MONTHS = 480;

interface Draft {
  wan: string;
  months: string;
  purpose: string;
  guarantee: string;
  mode: "open" | "matched";
  pass_on: string;
  repayment: string;
  rate: string;
  first: boolean;
  renews: string;
}

const EMPTY: Draft = { wan: "50", months: "12", purpose: "", guarantee: "D", mode: "open", pass_on: "next", repayment: "", rate: "", first: false, renews: "" };

/** A draft as it is sent again. */
export function draftOf(f: MeFinancing): FinancingNew {
  const w = f.wanted;
  return {
    mode: f.mode, amount_fen: w.amount_fen, term_months: w.term_months, purpose: w.purpose.code, first_loan: w.first_loan, pass_on: f.pass_on,
    ...(w.guarantee && { guarantee: w.guarantee.code }), ...(w.rate_most && { rate_most: w.rate_most }), ...(w.repayment && { repayment: w.repayment.code as FinancingNew["repayment"] }),
    ...(w.renews && { renews: w.renews }), ...(f.product && { product: f.product }),
  };
}

const entered = (f: MeFinancing): Draft => ({
  wan: wanOf(f.wanted.amount_fen), months: String(f.wanted.term_months), purpose: f.wanted.purpose.code, guarantee: f.wanted.guarantee?.code ?? "", mode: f.mode === "matched" ? "matched" : "open",
  pass_on: f.pass_on, repayment: f.wanted.repayment?.code ?? "", rate: f.wanted.rate_most ?? "", first: f.wanted.first_loan, renews: f.wanted.renews ?? "",
});

const sent = (d: Draft): FinancingNew => ({
  mode: d.mode, amount_fen: fenOfWan(d.wan), term_months: Number(d.months), purpose: d.purpose, first_loan: d.first, pass_on: d.pass_on as FinancingNew["pass_on"],
  ...(d.guarantee && { guarantee: d.guarantee }), ...(d.rate && { rate_most: d.rate }), ...(d.repayment && { repayment: d.repayment as FinancingNew["repayment"] }), ...(d.renews && { renews: d.renews }),
});

type StepProps = { draft: Draft; set(change: Partial<Draft>): void };

function HowMuch({ draft: d, set }: StepProps) {
  const { t, num } = useText(financing);
  return (
    <>
      <Options few name="wan" legend={t("new.amount")} chosen={[d.wan]} choose={([wan]) => set({ wan: wan! })} options={AMOUNTS.map((value) => ({ value, text: num(Number(value)) }))} />
      <Field id="new-wan" label={t("new.amount_other")} inputMode="decimal" pattern="\d+(\.\d{1,4})?" maxLength={12} value={d.wan} onChange={(e) => set({ wan: e.target.value.trim() })} />
      <Options few name="months" legend={t("new.term")} chosen={[d.months]} choose={([months]) => set({ months: months! })} options={TERMS.map((value) => ({ value, text: num(Number(value)) }))} />
      <Field id="new-months" label={t("new.term_other")} type="number" inputMode="numeric" min={1} max={MOST_MONTHS} value={d.months} onChange={(e) => set({ months: e.target.value })} />
    </>
  );
}

/** Codes of a table as answers. */
function useAnswers(table: string) {
  const { pick } = useText();
  const { data } = useQuery({ ...codesSearchQuery({ table, limit: CODES, offset: 0 }), staleTime: Infinity });
  return (data?.items ?? []).map((c) => ({ value: c.code, text: pick(c.title, c.title_en) }));
}

function WhatFor({ draft: d, set }: StepProps) {
  const { t } = useText(financing);
  return (
    <>
      <Options name="purpose" legend={t("new.purpose")} chosen={[d.purpose]} choose={([purpose]) => set({ purpose: purpose! })} options={useAnswers("FIN_PURPOSE")} />
      <Options name="guarantee" legend={t("new.guarantee")} chosen={[d.guarantee]} choose={([guarantee]) => set({ guarantee: guarantee! })} options={useAnswers("LOAN_GUARANTEE_STAT")} />
    </>
  );
}

function Who({ draft: d, set }: StepProps) {
  const { t } = useText(financing);
  return (
    <>
      <Options name="mode" legend={t("new.mode")} chosen={[d.mode]} choose={([mode]) => set({ mode: mode as Draft["mode"] })} options={MODES.map((value) => ({ value, text: t(`new.mode_${value}`), hint: t(`new.mode_${value}_hint`) }))} />
      <Options name="pass-on" legend={t("fin.pass_on")} chosen={[d.pass_on]} choose={([pass_on]) => set({ pass_on: pass_on! })} options={PASS_ON.map((value) => ({ value, text: t(`fin.pass_on_${value}`) }))} />
      <Tick id="new-first" checked={d.first} onChange={(e) => set({ first: e.target.checked })}>{t("new.first")}</Tick>
      <details open={!!(d.rate || d.repayment || d.renews)}>
        <summary>{t("new.more")}</summary>
        <Field id="new-rate" label={t("new.rate")} inputMode="decimal" pattern="\d{1,2}(\.\d{1,4})?" maxLength={7} required={false} value={d.rate} onChange={(e) => set({ rate: e.target.value.trim() })} />
        <Options name="repayment" legend={t("fin.repayment")} chosen={[d.repayment]} choose={([repayment]) => set({ repayment: repayment! })} options={[{ value: "", text: t("new.any") }, ...REPAYMENTS.map((value) => ({ value, text: t(`new.repay_${value}`) }))]} />
        <Field id="new-renews" label={t("new.renews")} hint={t("new.renews_hint")} maxLength={40} required={false} autoComplete="off" value={d.renews} onChange={(e) => set({ renews: e.target.value.trim() })} />
      </details>
    </>
  );
}

const parts = [HowMuch, WhatFor, Who];

/** before: a draft that is changed; like: one to begin from. */
export function NewFinancing({ before, like, send }: { before?: MeFinancing; like?: MeFinancing; send(body: FinancingNew): Promise<unknown> }) {
  const { t, num } = useText(financing);
  const [draft, setDraft] = useState(() => (before ? entered(before) : like ? { ...entered(like), first: false, renews: "" } : EMPTY));
  const [step, go] = useState(0);
  const Part = parts[step]!;
  const last = step === STEPS - 1;
  const ready = step === 0 ? fenOfWan(draft.wan) > 0 && Number(draft.wan) <= MOST_WAN : step === 1 ? draft.purpose !== "" : true;
  const turn = (to: number): void => {
    go(to);
    document.getElementById("main")?.focus(); // each step begins at its top
    window.scrollTo(0, 0);
  };
  return (
    <div className="wizard">
      <p className="quiet" role="status">{t("new.step", { n: num(step + 1), of: num(STEPS) })}</p>
      <Form key={step} submit={t(last ? "new.see" : "new.on")} more={step > 0 && <button type="button" className="plain" onClick={() => turn(step - 1)}>{t("new.back")}</button>}
        act={async () => {
          if (!ready) return;
          if (last) await send(sent(draft));
          else turn(step + 1);
        }}>
        <Part draft={draft} set={(change) => setDraft({ ...draft, ...change })} />
        {!ready && <p className="quiet">{t(step ? "new.choose_purpose" : "new.choose_amount")}</p>}
      </Form>
    </div>
  );
}
