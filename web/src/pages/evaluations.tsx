// Public credit evaluation: scorecards with every band in sight, how subjects spread, whether that is stable, and one subject's score.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { scorecardsListQuery, type Scorecard, type ScoreRun } from "#api";
import { Chart } from "../parts/chart";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { SubjectScore } from "../parts/scored";
import { Empty, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import score from "../text/score";
import { useText } from "../text";

type Indicator = Scorecard["indicators"][number];

const WIDEST = 64;
const PSI_DIGITS = 3;

function Indicators({ card }: { card: Scorecard }) {
  const { t, pick } = useText(score);
  const evidence = useMemo(() => [...new Set(card.indicators.flatMap((i) => i.evidence.split("|")))], [card]);
  const { resourceTitle } = useNames(evidence);
  const columns: Array<Column<Indicator>> = [
    { id: "title", head: t("card.indicator"), cell: (i) => pick(i.title.zh, i.title.en) },
    { id: "weight", head: t("card.weight"), number: true, cell: (i) => i.weight },
    {
      id: "bands", head: t("card.bands"),
      cell: (i) => (
        <ul className="plain-list">
          {i.bands.map((b, at) => {
            const what = pick(b.what.zh, b.what.en);
            return <li key={at}>{b.kind === "missing" ? t("card.missing", { what }) : what} <b>{b.points}</b>{b.cap && <span className="quiet"> {t("card.cap", { grade: b.cap })}</span>}</li>;
          })}
        </ul>
      ),
    },
    { id: "evidence", head: t("card.evidence"), cell: (i) => i.evidence.split("|").map(resourceTitle).join("、") },
  ];
  return <details><summary>{t("card.indicators")}</summary><Table label={t("card.indicators")} columns={columns} rows={card.indicators} rowKey={(i) => i.name} /></details>;
}

function Spread({ card, run }: { card: Scorecard; run: ScoreRun }) {
  const { t, pick } = useText(score);
  const drawn = useMemo(() => {
    const names = card.grades.map((g) => `${g.grade} ${pick(g.title.zh, g.title.en)}`);
    return {
      option: {
        grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "category" as const, data: names },
        yAxis: { type: "value" as const, minInterval: 1 },
        series: [{ type: "bar" as const, barMaxWidth: WIDEST, name: t("card.subjects"), data: run.counts.grades }],
      },
      heads: [t("card.grade"), t("card.subjects")],
      rows: names.map((name, at) => [name, run.counts.grades[at] ?? 0]),
    };
  }, [card, run, t, pick]);
  return <div className="panel spaced"><Chart title={t("card.spread")} {...drawn} /></div>;
}

function Runs({ runs }: { runs: ScoreRun[] }) {
  const { t, num, day, when } = useText(score);
  const columns: Array<Column<ScoreRun>> = [
    { id: "as_of", head: t("run.as_of"), cell: (r) => day(r.as_of) },
    { id: "made", head: t("run.made"), cell: (r) => when(r.made_at) },
    { id: "subjects", head: t("card.subjects"), number: true, cell: (r) => num(r.subjects) },
    { id: "left_out", head: t("run.left_out"), number: true, cell: (r) => num(r.left_out) },
    { id: "psi", head: t("run.psi"), number: true, cell: (r) => r.shift?.toFixed(PSI_DIGITS) ?? "–" },
  ];
  return <section><h3>{t("card.runs")}</h3><Table label={t("card.runs")} columns={columns} rows={runs} rowKey={(r) => r.id} /></section>;
}

function Find({ card }: { card: Scorecard }) {
  const { t } = useText(score);
  const [params, setParams] = useSearchParams();
  const subject = params.get("subject") ?? "";
  const [typed, setTyped] = useState(subject);
  return (
    <section>
      <h3>{t("score.find")}</h3>
      <form className="search" role="search" onSubmit={(e) => { e.preventDefault(); setParams(typed.trim() ? { subject: typed.trim() } : {}); }}>
        <input aria-label={t("score.subject")} placeholder={t("score.subject")} value={typed} maxLength={64} onChange={(e) => setTyped(e.target.value)} />
        <button type="submit">{t("score.show")}</button>
      </form>
      <p className="quiet">{t("score.looked")}</p>
      {subject && <Suspense fallback={null}><SubjectScore card={card} subject={subject} /></Suspense>}
    </section>
  );
}

function Card({ card }: { card: Scorecard }) {
  const { t, pick } = useText(score);
  const { can } = useSession();
  const [last] = card.runs;
  return (
    <section>
      <h2>{pick(card.title.zh, card.title.en)} <span className="quiet">{t("card.version", { n: card.version })}</span></h2>
      {card.basis === "own" ? <Note tone="ask"><p>{t("card.own")}</p></Note> : <p className="quiet">{t("card.basis", { basis: card.basis, source: card.source })}</p>}
      {card.legal_basis && <p className="quiet">{t("card.legal", { basis: card.legal_basis })}</p>}
      {last ? <Spread card={card} run={last} /> : <Empty text={t("card.no_runs")} />}
      <Indicators card={card} />
      {last && <Runs runs={card.runs} />}
      {last && can("score.read") && <Find card={card} />}
    </section>
  );
}

export default function EvaluationsPage() {
  const { t } = useText(score);
  const { data } = useSuspenseQuery(scorecardsListQuery());
  return (
    <Page title={t("nav.evaluations")} lead={t("evaluations.lead")} help={t("evaluations.help")}>
      {data.items.length ? data.items.map((c) => <Card key={`${c.scorecard}-${c.version}`} card={c} />) : <Empty text={t("evaluations.none")} />}
    </Page>
  );
}
