// The model kit: statistics of indicators over all firms, as charts and tables; never of few firms. An operator opens the study that they are of.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { financeIndicatorsQuery, kitFileUrl, kitQuery, kitStudyOpen, kitStudyQuery, type KitAnswer, type KitBin } from "#api";
import { useSession } from "../session";
import models from "../text/models";
import { useText } from "../text";
import { Chart } from "./chart";
import { Figures } from "./facts";
import { Choice, Field, Form } from "./form";
import { useRefresh } from "./refresh";
import { Note } from "./status";
import { Table, type Column } from "./table";

const WHATS: Array<KitAnswer["what"]> = ["distribution", "binning", "cross", "correlation"];
const BINS = ["3", "4", "5", "8", "10", "15", "20"];
const DIGITS = 1000;

const short = (n: number): number => Math.round(n * DIGITS) / DIGITS;

/** What a bin is called. */
function useBinName() {
  const { t, num, pick, listed } = useText(models);
  return (b: KitBin): string => {
    const range = b.from !== null && b.to !== null ? t("kit.between", { from: num(b.from), to: num(b.to) }) : b.to !== null ? t("kit.below", { to: num(b.to) }) : b.from !== null ? t("kit.above", { from: num(b.from) }) : "";
    const codes = b.other ? t("kit.other") : listed(b.codes.map((c) => pick(c.title ?? c.code, c.title_en)));
    return [range || codes, b.missing && t("kit.missing")].filter(Boolean).join(" · ") || t("kit.all");
  };
}

function Bins({ answer: a }: { answer: KitAnswer }) {
  const { t, num } = useText(models);
  const name = useBinName();
  const told = a.what === "binning";
  const drawn = useMemo(() => ({
    option: {
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
      xAxis: { type: "category" as const, data: a.bins.map(name) },
      yAxis: { type: "value" as const, minInterval: 1 },
      series: told
        ? [{ type: "bar" as const, stack: "n", name: t("kit.good"), data: a.bins.map((b) => b.good) }, { type: "bar" as const, stack: "n", name: t("kit.bad"), data: a.bins.map((b) => b.bad) }]
        : [{ type: "bar" as const, name: t("kit.firms"), data: a.bins.map((b) => b.firms) }],
    },
    heads: told ? [t("kit.bin"), t("kit.good"), t("kit.bad")] : [t("kit.bin"), t("kit.firms")],
    rows: a.bins.map((b) => (told ? [name(b), b.good ?? 0, b.bad ?? 0] : [name(b), b.firms])),
  }), [a, t]);
  const columns: Array<Column<KitBin>> = [
    { id: "bin", head: t("kit.bin"), cell: name },
    { id: "firms", head: t("kit.firms"), number: true, cell: (b) => num(b.firms) },
    ...(told ? [
      { id: "good", head: t("kit.good"), number: true, cell: (b: KitBin) => num(b.good ?? 0) },
      { id: "bad", head: t("kit.bad"), number: true, cell: (b: KitBin) => num(b.bad ?? 0) },
      { id: "woe", head: t("kit.woe"), number: true, cell: (b: KitBin) => num(short(b.woe ?? 0)) },
    ] : []),
  ];
  return (
    <>
      {a.iv !== null && <Figures rows={[[t("kit.iv"), num(short(a.iv))]]} />}
      <div className="panel spaced"><Chart title={t("kit.chart")} {...drawn} bare={told} /></div>
      {told && <Table label={t("kit.chart")} columns={columns} rows={a.bins} rowKey={name} />}
    </>
  );
}

function Cross({ answer: a }: { answer: KitAnswer }) {
  const { t, num } = useText(models);
  const name = useBinName();
  const rows = a.bins.map((b, at) => ({ bin: name(b), cells: a.cells[at] ?? [] }));
  const columns: Array<Column<(typeof rows)[number]>> = [
    { id: "bin", head: t("kit.bin"), cell: (r) => r.bin },
    ...a.other_bins.map((b, at) => ({ id: `c${at}`, head: name(b), number: true, cell: (r: (typeof rows)[number]) => num(r.cells[at] ?? 0) })),
  ];
  return <Table label={t("kit.cross")} columns={columns} rows={rows} rowKey={(r) => r.bin} />;
}

function Answer({ answer: a, params }: { answer: KitAnswer; params: Parameters<typeof kitFileUrl>[0] }) {
  const { t, num } = useText(models);
  return (
    <>
      {a.what === "correlation" ? <Figures big rows={[[t("kit.pearson"), a.pearson === null ? "–" : num(a.pearson)], [t("kit.spearman"), a.spearman === null ? "–" : num(a.spearman)], [t("kit.about"), num(a.firms ?? 0)]]} /> : a.what === "cross" ? <Cross answer={a} /> : <Bins answer={a} />}
      <p className="quiet">{t("kit.budget", { used: num(a.used), budget: num(a.budget), least: num(a.least) })}</p>
      <p className="buttons"><a className="button plain" href={kitFileUrl(params)} download>{t("kit.csv")}</a></p>
    </>
  );
}

function Ask() {
  const { t, tCode, pick } = useText(models);
  const { data } = useQuery(financeIndicatorsQuery({}));
  const [asked, setAsked] = useState<{ answer: KitAnswer; params: Parameters<typeof kitFileUrl>[0] } | null>(null);
  const [what, setWhat] = useState<KitAnswer["what"]>("binning");
  const pair = what === "cross" || what === "correlation";
  const options = (data?.items ?? []).map((f): [string, string] => [f.indicator, pick(f.title, f.title_en)]);
  return (
    <>
      <p className="buttons" role="group" aria-label={t("kit.what")}>{WHATS.map((w) => <button key={w} type="button" className="plain" aria-pressed={w === what} onClick={() => setWhat(w)}>{tCode("kitwhat", w)}</button>)}</p>
      <Form submit={t("kit.go")} act={async (value) => {
        const params = { what, indicator: value("kit-indicator"), ...(pair ? { other: value("kit-other") } : { method: value("kit-method") as "quantile" | "width", bins: Number(value("kit-bins")) }) };
        setAsked({ answer: await kitQuery(params), params });
      }}>
        <div className="pair">
          <Choice id="kit-indicator" label={t("kit.indicator")} options={options} />
          {pair && <Choice id="kit-other" label={t("kit.other_indicator")} options={options} />}
        </div>
        {!pair && (
          <div className="pair">
            <Choice id="kit-method" label={t("kit.method")} options={[["quantile", t("kit.quantile")], ["width", t("kit.width")]]} />
            <Choice id="kit-bins" label={t("kit.bins")} options={BINS.map((n) => [n, n])} chosen="5" />
          </div>
        )}
      </Form>
      <div role="status">{asked && <Answer answer={asked.answer} params={asked.params} />}</div>
    </>
  );
}

function OpenStudy() {
  const { t } = useText(models);
  const refresh = useRefresh();
  return (
    <details>
      <summary>{t("kit.open")}</summary>
      <p className="quiet">{t("kit.open_lead")}</p>
      <Form submit={t("kit.open")} act={async (value) => {
        await kitStudyOpen({ features: value("study-features"), outcome: value("study-outcome"), overdue_days: Number(value("study-overdue")) });
        await refresh();
      }}>
        <div className="pair">
          <Field id="study-features" label={t("kit.features")} maxLength={64} autoComplete="off" spellCheck={false} />
          <Field id="study-outcome" label={t("kit.outcome")} maxLength={64} autoComplete="off" spellCheck={false} />
        </div>
        <Field id="study-overdue" label={t("kit.overdue")} type="number" min={1} max={3650} defaultValue={30} inputMode="numeric" />
      </Form>
    </details>
  );
}

export function ModelKit() {
  const { t, num } = useText(models);
  const { can } = useSession();
  const { data: s } = useQuery({ ...kitStudyQuery(), retry: false });
  return (
    <section>
      <p className="quiet">{t("kit.lead")}</p>
      {s ? <Figures rows={[[t("kit.features_day"), s.features_day], [t("kit.outcome_day"), s.outcome_day], [t("kit.overdue"), num(s.overdue_days)], [t("kit.firms"), num(s.firms)], [t("kit.good"), num(s.good)], [t("kit.bad"), num(s.bad)]]} /> : <Note><p>{t("kit.no_study")}</p></Note>}
      {s && can("kit.query") && <Ask />}
      {can("kit.study") && <OpenStudy />}
    </section>
  );
}
