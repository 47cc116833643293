// One pair of records, side by side: where they differ, what each comparison weighs, and the decision.
import { useSuspenseQuery } from "@tanstack/react-query";
import type { EChartsCoreOption } from "echarts/core";
import { useMemo } from "react";
import { useParams } from "react-router";
import { linkActsListQuery, linkPairDecide, linkPairShowQuery, type LinkExplained, type LinkStep } from "#api";
import { Badge } from "../parts/badges";
import { Chart } from "../parts/chart";
import { DetailList } from "../parts/facts";
import { Area, Choice, Form } from "../parts/form";
import { useNarrow } from "../parts/narrow";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, Note } from "../parts/status";
import { Undo } from "../parts/undo";
import { useSession } from "../session";
import linkage from "../text/linkage";
import { useText } from "../text";

const tenth = (n: number): number => Math.round(n * 10) / 10;
const signed = (n: number): string => `${n > 0 ? "+" : ""}${tenth(n)}`;

/** The letters of `text` that are not in `other` in the same order (longest common subsequence) are marked. */
function marks(text: string, other: string): Array<[string, boolean]> {
  const a = [...text], b = [...other];
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
  const out: Array<[string, boolean]> = [];
  for (let i = 0, j = 0; i < a.length; i++) {
    while (j < b.length && a[i] !== b[j] && best[i]![j + 1]! >= best[i + 1]![j]!) j++;
    const same = j < b.length && a[i] === b[j];
    if (same) j++;
    const last = out.at(-1);
    if (last && last[1] === !same) last[0] += a[i]!;
    else out.push([a[i]!, !same]);
  }
  return out;
}

function Side({ value, other }: { value: string | null; other: string | null }) {
  const { t } = useText(linkage);
  if (value === null) return <span className="quiet">{t("pair.empty")}</span>;
  if (other === null) return <>{value}</>;
  return <>{marks(value, other).map(([part, differs], i) => (differs ? <mark key={i}>{part}</mark> : <span key={i}>{part}</span>))}</>;
}

function SideBySide({ pair: p }: { pair: LinkExplained }) {
  const { t, pick } = useText(linkage);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t("pair.compared")}>
      <table className="stack versus">
        <thead><tr><th scope="col">{t("pair.comparison")}</th><th scope="col">{p.a}</th><th scope="col">{p.b}</th><th scope="col">{t("pair.level")}</th><th scope="col" className="number">{t("pair.weight")}</th></tr></thead>
        <tbody>
          {p.steps.map((s) => {
            const weight = s.weight + s.frequency;
            return (
              <tr key={s.name}>
                <th scope="row">{pick(s.title, s.title_en)}</th>
                <td data-label={p.a}><span><Side value={s.left} other={s.right} /></span></td>
                <td data-label={p.b}><span><Side value={s.right} other={s.left} /></span></td>
                <td data-label={t("pair.level")}>{pick(s.level_title, s.level_title_en)}</td>
                <td data-label={t("pair.weight")} className="number"><Badge tone={weight > 0 ? "good" : weight < 0 ? "poor" : "quietly"}>{signed(weight)}</Badge></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** From the prior over each comparison to the sum: bars that hang where the one before ended. */
function Waterfall({ pair: p }: { pair: LinkExplained }) {
  const { t, pick } = useText(linkage);
  const narrow = useNarrow();
  const drawn = useMemo(() => {
    const step = (s: LinkStep): [string, number] => [pick(s.title, s.title_en), s.weight + s.frequency];
    const parts: Array<[string, number]> = [[t("pair.prior"), p.prior], ...p.steps.map(step)];
    const names = [...parts.map(([name]) => name), t("pair.sum")];
    let sum = 0;
    const bars = parts.map(([, weight]) => {
      const from = sum;
      sum += weight;
      return [from, sum] as const;
    });
    bars.push([0, p.weight]);
    // Bars may cross zero: each is drawn as what lies above it and what lies below.
    const spans = bars.map(([from, to]) => [Math.min(from, to), Math.max(from, to)] as const);
    const up = spans.map(([low, high]) => [Math.max(0, low), Math.max(0, high) - Math.max(0, low)] as const);
    const down = spans.map(([low, high]) => [Math.min(0, high), Math.min(0, low) - Math.min(0, high)] as const);
    const tone = (i: number): number => (i === bars.length - 1 ? 2 : bars[i]![1] >= bars[i]![0] ? 0 : 1);
    const COLOURS = ["#3d8f63", "#c65b52", "#3f6ea5"];
    const hidden = { type: "bar", silent: true, itemStyle: { color: "transparent" }, tooltip: { show: false } };
    const shown = (data: number[]) => ({ type: "bar", stack: "w", barMaxWidth: 26, data: data.map((value, i) => ({ value: tenth(value), itemStyle: { color: COLOURS[tone(i)] } })) });
    const option: EChartsCoreOption = {
      aria: { enabled: true, decal: { show: false } }, // which way a bar goes says it, and the table
      grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "value", splitNumber: 4 },
      yAxis: { type: "category", inverse: true, data: names, axisLabel: { interval: 0, overflow: "truncate", width: narrow ? 84 : 150 } },
      series: [{ ...hidden, stack: "w", data: up.map(([from]) => tenth(from)) }, shown(up.map(([, n]) => n)), { ...hidden, stack: "w", data: down.map(([from]) => tenth(from)) }, shown(down.map(([, n]) => n))],
    };
    return { option, rem: 4 + names.length * 1.9, heads: [t("pair.comparison"), t("pair.weight"), t("pair.after")], rows: names.map((name, i) => [name, signed(i < parts.length ? parts[i]![1] : p.weight), tenth(bars[i]![1])]) };
  }, [p, t, pick, narrow]);
  return <div className="panel spaced"><Chart title={t("pair.waterfall")} {...drawn} /><p className="quiet">{t("pair.waterfall_what")}</p></div>;
}

function Decide({ pair: p }: { pair: LinkExplained }) {
  const { t } = useText(linkage);
  const refresh = useRefresh();
  return (
    <section className="panel steps">
      <h2>{t("judge.heading")}</h2>
      <p className="quiet">{t("judge.lead")}</p>
      <Form submit={t("judge.go")} act={async (value, form) => {
        await linkPairDecide({ id: p.id }, { accept: value("decision") === "same", reason: value("reason") });
        form.reset();
        await refresh();
      }}>
        <Choice id="decision" label={t("judge.what")} options={[["same", t("judge.same")], ["apart", t("judge.apart")]]} />
        <Area id="reason" label={t("act.reason")} maxLength={400} rows={2} />
      </Form>
    </section>
  );
}

function Decisions({ id }: { id: number }) {
  const { t, tCode, when } = useText(linkage);
  const { can } = useSession();
  const { data } = useSuspenseQuery(linkActsListQuery({ pair: id, limit: 50 }));
  if (!data.items.length) return <Empty text={t("act.none")} />;
  return (
    <ol className="timeline">
      {data.items.map((a) => (
        <li key={a.id}>
          <p><strong>{tCode("actkind", a.kind)}</strong><span className="quiet">{when(a.at)}</span>{a.undone_by !== null && <Badge tone="quietly">{t("act.undone")}</Badge>}</p>
          <p className="quiet">{a.account ?? t("act.program")}</p>
          {a.reason && <p>{a.reason}</p>}
          {a.undone_by === null && a.account && can("link.decide") && <div><Undo act={a.id} /></div>}
        </li>
      ))}
    </ol>
  );
}

export default function LinkPairPage() {
  const id = Number(useParams()["id"]);
  const { t, tCode, percent, num } = useText(linkage);
  const { can } = useSession();
  const { data: p } = useSuspenseQuery(linkPairShowQuery({ id }));
  return (
    <Page title={t("pair.title", { n: num(p.id) })} lead={<span className="address">{p.a} – {p.b}</span>} back={["/linkage", t("nav.linkage")]} help={t("pair.help")}
      badges={<><Badge tone={p.state === "review" ? "fair" : p.linked ? "good" : "quietly"}>{tCode("pairstate", p.state)}</Badge><Badge tone={p.linked ? "good" : "quietly"}>{t(p.linked ? "pair.linked" : "pair.unlinked")}</Badge></>}>
      {p.exact && <Note tone="fine"><p>{t("pair.exact")}</p></Note>}
      {p.steps.length > 0 && <section><h2>{t("pair.compared")}</h2><SideBySide pair={p} /></section>}
      <div className="columns">
        <div className="wide">{p.steps.length > 0 && <Waterfall pair={p} />}</div>
        <div className="narrow">
          {can("link.decide") && <Decide pair={p} />}
          <section>
            <h2>{t("pair.about")}</h2>
            <DetailList rows={[[t("pair.probability"), percent(p.probability)], [t("pair.weight"), num(tenth(p.weight))], [t("pair.why"), tCode("pairwhy", p.why.split(":")[0]!)], [t("pair.model"), `${p.model} · ${t("run.version", { n: num(p.version) })}`]]} />
          </section>
          {can("link.acts") && <section><h2>{t("act.heading")}</h2><Decisions id={p.id} /></section>}
        </div>
      </div>
    </Page>
  );
}
