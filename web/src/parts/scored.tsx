// A subject's score: the figure, what each indicator gave and took, how to better it, and what it would be with other values.
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { scoreShowQuery, scoreWhatIf, type ScoreBand, type Scorecard, type Scored } from "#api";
import score from "../text/score";
import { useText } from "../text";
import { Chart } from "./chart";
import { Figures } from "./facts";
import { FailureNote, Note } from "./status";
import { Table, type Column } from "./table";

type Item = Scored["indicators"][number];

const ROW_REM = 2.2;
const HEAD_REM = 4;

function Points({ scored }: { scored: Scored }) {
  const { t, pick } = useText(score);
  const drawn = useMemo(() => {
    const items = [...scored.indicators].reverse();
    return {
      option: {
        grid: { left: 8, right: 16, top: 8, bottom: 40, containLabel: true },
        legend: { bottom: 0 },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "value" as const },
        yAxis: { type: "category" as const, data: items.map((i) => pick(i.title.zh, i.title.en)) },
        series: [
          { type: "bar" as const, stack: "n", name: t("score.gained"), data: items.map((i) => i.gained) },
          { type: "bar" as const, stack: "n", name: t("score.lost"), data: items.map((i) => i.lost), itemStyle: { opacity: 0.35 } },
        ],
      },
      heads: [t("card.indicator"), t("score.gained"), t("score.lost")],
      rows: scored.indicators.map((i) => [pick(i.title.zh, i.title.en), i.gained, i.lost]),
    };
  }, [scored, t, pick]);
  return <Chart title={t("score.chart")} rem={scored.indicators.length * ROW_REM + HEAD_REM} {...drawn} />;
}

/** A value that lies in the band; null for nothing recorded. */
function valueIn(band: ScoreBand): string | null {
  if (band.kind === "missing") return null;
  if (band.kind === "code") return band.code ?? "";
  return String(band.from ?? (band.to ?? 1) - 1);
}

function WhatIf({ card, scored, subject }: { card: Scorecard; scored: Scored; subject: string }) {
  const { t, pick, num } = useText(score);
  const [changes, setChanges] = useState<Record<string, number>>({});
  const ask = useMutation({
    mutationFn: (chosen: Record<string, number>) => scoreWhatIf({ id: subject }, {
      scorecard: card.scorecard,
      changes: Object.fromEntries(Object.entries(chosen).map(([name, at]) => [name, valueIn(card.indicators.find((i) => i.name === name)!.bands[at]!)])),
    }),
  });
  const choose = (name: string, at: number): void => {
    const { [name]: _, ...rest } = changes;
    const chosen = at < 0 ? rest : { ...rest, [name]: at };
    setChanges(chosen);
    if (Object.keys(chosen).length) ask.mutate(chosen);
    else ask.reset();
  };
  return (
    <section className="panel spaced">
      <h3>{t("score.try")}</h3>
      <p className="quiet">{t("score.try_lead")}</p>
      <div className="tries">
        {card.indicators.map((i) => (
          <div key={i.name} className="field">
            <label htmlFor={`try-${i.name}`}>{t("score.try_of", { title: pick(i.title.zh, i.title.en) })}</label>
            <select id={`try-${i.name}`} value={changes[i.name] ?? -1} onChange={(e) => choose(i.name, Number(e.target.value))}>
              <option value={-1}>–</option>
              {i.bands.map((b, at) => <option key={at} value={at}>{pick(b.what.zh, b.what.en)}</option>)}
            </select>
          </div>
        ))}
      </div>
      {ask.data && <Note tone="fine" role="status"><p>{t("score.would", { score: num(ask.data.score), grade: ask.data.grade, now: num(scored.score), was: scored.grade })}</p></Note>}
      {ask.error && <FailureNote error={ask.error} />}
      {Object.keys(changes).length > 0 && <button type="button" className="plain" onClick={() => { setChanges({}); ask.reset(); }}>{t("score.reset")}</button>}
    </section>
  );
}

/** What was scored, without asking for it. */
export function ScoredView({ scored }: { scored: Scored }) {
  const { t, pick, num, day } = useText(score);
  const held = scored.indicators.find((i) => i.name === scored.capped_by);
  const columns: Array<Column<Item>> = [
    { id: "indicator", head: t("card.indicator"), cell: (i) => pick(i.title.zh, i.title.en) },
    { id: "value", head: t("score.value"), number: true, cell: (i) => i.value ?? t("score.absent") },
    { id: "what", head: t("score.what"), cell: (i) => pick(i.band.what.zh, i.band.what.en) },
    { id: "gained", head: t("score.gained"), number: true, cell: (i) => `${num(i.gained)} / ${num(i.gained + i.lost)}` },
    { id: "how", head: t("score.how"), cell: (i) => (i.band.how ? pick(i.band.how.zh, i.band.how.en) : "–") },
  ];
  return (
    <>
      <Figures big rows={[[t("score.score"), num(scored.score)], [t("score.grade"), `${scored.grade} ${pick(scored.grade_title.zh, scored.grade_title.en)}`], [t("score.as_of"), day(scored.as_of)]]} />
      {held && <Note tone="ask"><p>{t("score.capped", { what: pick(held.band.what.zh, held.band.what.en) })}</p></Note>}
      <div className="panel spaced"><Points scored={scored} /></div>
      <Table label={t("score.items")} columns={columns} rows={scored.indicators} rowKey={(i) => i.name} />
    </>
  );
}

export function SubjectScore({ card, subject }: { card: Scorecard; subject: string }) {
  const { data } = useSuspenseQuery(scoreShowQuery({ id: subject, scorecard: card.scorecard }));
  return <><ScoredView scored={data} /><WhatIf key={subject} card={card} scored={data} subject={subject} /></>;
}
