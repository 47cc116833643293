// What a loan costs, for anybody: four ways to repay side by side, each with its payments. What was entered stands in the address, so that
// it can be sent on; nothing of it is kept.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { loansScheduleQuery, type LoanPayment, type LoanSchedule, type LoanSchedules } from "#api";
import { Chart } from "../parts/chart";
import { csvOf, saveFile } from "../parts/csv";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { Empty, FailureNote } from "../parts/status";
import { Table, type Column } from "../parts/table";
import finance from "../text/finance";
import { useText } from "../text";

const FIELDS = ["amount", "months", "rate", "fee", "month_fee"] as const;
const MOST_MONTHS = 480;
const SHORT = 12; // so many payments are shown without being asked for

function Compared({ data, chosen, choose }: { data: LoanSchedules; chosen: string; choose: (method: string) => void }) {
  const { t, pick, money } = useText(finance);
  const columns: Array<Column<LoanSchedule>> = [
    {
      id: "method", head: t("calc.method"),
      cell: (s) => <label className="choice"><input type="radio" name="method" checked={s.method === chosen} onChange={() => choose(s.method)} /> {pick(s.title, s.title_en)}</label>,
    },
    { id: "first", head: t("calc.first"), number: true, cell: (s) => money(s.payments[0]!.total) },
    { id: "most", head: t("calc.most"), number: true, cell: (s) => money(s.most) },
    { id: "interest", head: t("calc.interest"), number: true, cell: (s) => money(s.interest) },
    { id: "fees", head: t("calc.fees"), number: true, cell: (s) => money(s.fees) },
    { id: "total", head: t("calc.total"), number: true, cell: (s) => money(s.total) },
    { id: "simple", head: t("calc.annual"), number: true, cell: (s) => <b>{s.simple.toFixed(2)}%</b> },
    { id: "compound", head: t("calc.annual_compound"), number: true, cell: (s) => `${s.compound.toFixed(2)}%` },
  ];
  return (
    <section>
      <h2>{t("calc.compare")}</h2>
      <Table label={t("calc.compare")} columns={columns} rows={data.items} rowKey={(s) => s.method} />
      <p className="quiet">{t("calc.annual_note", { source: data.source, trust: t("calc.trust_recalled") })}</p>
    </section>
  );
}

function Plan({ schedule: s }: { schedule: LoanSchedule }) {
  const { t, pick, num, money } = useText(finance);
  const method = pick(s.title, s.title_en);
  const drawn = useMemo(() => {
    const part = (name: string, of: (p: LoanPayment) => number) => ({ type: "bar" as const, stack: "all", name, data: s.payments.map(of), barCategoryGap: s.payments.length > 60 ? 0 : "20%" });
    return {
      option: {
        grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
        legend: { top: 0 },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "category" as const, data: s.payments.map((p) => String(p.month)) },
        yAxis: { type: "value" as const },
        series: [part(t("calc.principal"), (p) => p.principal), part(t("calc.interest_part"), (p) => p.interest), part(t("calc.fee_part"), (p) => p.fee)],
      },
      heads: [t("calc.month"), t("calc.principal"), t("calc.interest_part"), t("calc.fee_part"), t("calc.sum"), t("calc.left")],
      rows: s.payments.map((p) => [p.month, p.principal, p.interest, p.fee, p.total, p.left]),
    };
  }, [s, t]);
  const save = (): void => saveFile(`${method}.csv`, csvOf([drawn.heads, ...drawn.rows.map((row) => row.map(String))]), "text/csv");
  const columns: Array<Column<LoanPayment>> = [
    { id: "month", head: t("calc.month"), cell: (p) => num(p.month) },
    { id: "principal", head: t("calc.principal"), number: true, cell: (p) => money(p.principal) },
    { id: "interest", head: t("calc.interest_part"), number: true, cell: (p) => money(p.interest) },
    { id: "fee", head: t("calc.fee_part"), number: true, cell: (p) => money(p.fee) },
    { id: "total", head: t("calc.sum"), number: true, cell: (p) => money(p.total) },
    { id: "left", head: t("calc.left"), number: true, cell: (p) => money(p.left) },
  ];
  return (
    <section>
      <h2>{t("calc.plan", { method })}</h2>
      <div className="panel spaced"><Chart bare title={t("calc.chart", { method })} {...drawn} /></div>
      <p className="buttons"><button type="button" onClick={save}>{t("calc.save")}</button></p>
      <details open={s.payments.length <= SHORT}>
        <summary>{t("calc.each")}</summary>
        <Table label={t("calc.plan", { method })} columns={columns} rows={s.payments} rowKey={(p) => String(p.month)} />
      </details>
    </section>
  );
}

function Answer({ asked }: { asked: Record<string, string> }) {
  const [chosen, choose] = useState("instalment");
  const query = { amount: asked["amount"]!, months: Number(asked["months"]), rate: asked["rate"]!, fee: asked["fee"] || undefined, month_fee: asked["month_fee"] || undefined };
  const { data, error } = useQuery({ ...loansScheduleQuery(query), retry: false });
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  return (
    <div aria-live="polite">
      <Compared data={data} chosen={chosen} choose={choose} />
      <Plan schedule={data.items.find((s) => s.method === chosen)!} />
    </div>
  );
}

export default function CalculatorPage() {
  const { t } = useText(finance);
  const [params, setParams] = useSearchParams();
  const asked = Object.fromEntries(FIELDS.map((name) => [name, params.get(name) ?? ""]));
  const whole = asked["amount"] && asked["months"] && asked["rate"];
  return (
    <Page title={t("calc.title")} lead={t("calc.lead")} help={t("calc.help")}>
      <div className="spaced" key={params.toString()}>
        <Form submit={t("calc.ask")} act={(value) => Promise.resolve(setParams(Object.fromEntries(FIELDS.map((name) => [name, value(name)]).filter(([, v]) => v))))}>
          <div className="triple">
            <Field id="amount" label={t("calc.amount")} hint={t("calc.amount_hint")} defaultValue={asked["amount"]} maxLength={40} />
            <Field id="months" label={t("calc.months")} type="number" min={1} max={MOST_MONTHS} defaultValue={asked["months"]} />
            <Field id="rate" label={t("calc.rate")} inputMode="decimal" defaultValue={asked["rate"]} maxLength={20} />
            <Field id="fee" label={t("calc.fee")} required={false} defaultValue={asked["fee"]} maxLength={40} />
            <Field id="month_fee" label={t("calc.month_fee")} required={false} defaultValue={asked["month_fee"]} maxLength={40} />
          </div>
        </Form>
      </div>
      {whole ? <Answer asked={asked} /> : <Empty text={t("calc.start")} />}
    </Page>
  );
}
