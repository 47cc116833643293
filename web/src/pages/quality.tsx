// The quality of one resource over its batches; a batch that is chosen shows what was wrong in it, worst first, and the rows themselves.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { batchQualityQuery, resourceBatchesQuery, resourceShowQuery, type Batch } from "#api";
import { StateBadge } from "../parts/badges";
import { Chart } from "../parts/chart";
import { Page } from "../parts/page";
import { QualityReport } from "../parts/quality";
import { Quarantine } from "../parts/quarantine";
import { Empty } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { UploadBox } from "../parts/upload";
import { useSession } from "../session";
import intake from "../text/intake";
import ops from "../text/ops";
import { useText } from "../text";

const SHOWN = 30;
const DIMENSIONS = ["conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"] as const;
const HUNDRED = 100;

const passed = (b: Batch): number => (b.rows + b.quarantined ? (HUNDRED * b.rows) / (b.rows + b.quarantined) : HUNDRED);
const rounded = (n: number): number => Math.floor(n * HUNDRED) / HUNDRED;

function Trend({ batches }: { batches: Batch[] }) {
  const { t, day } = useText(ops, intake);
  const drawn = useMemo(() => {
    const used = DIMENSIONS.filter((d) => batches.some((b) => typeof b.dimensions?.[d] === "number"));
    const share = (b: Batch, d: (typeof DIMENSIONS)[number]): number | null => (typeof b.dimensions?.[d] === "number" ? rounded(b.dimensions[d] * HUNDRED) : null);
    const lines = [
      { name: t("trend.passed"), values: batches.map((b) => rounded(passed(b))) },
      ...used.map((d) => ({ name: t(`dimension.${d}`), values: batches.map((b) => share(b, d)) })),
    ];
    const lowest = Math.min(...lines.flatMap((l) => l.values.filter((v) => v !== null)));
    const labels = batches.map((b) => `${day(b.sealed_at)} #${b.seq}`);
    return {
      option: {
        grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
        legend: { top: 0, type: "scroll" as const },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "category" as const, data: labels },
        yAxis: { type: "value" as const, min: Math.max(0, Math.floor(lowest - 2)), max: HUNDRED, axisLabel: { formatter: "{value}%" } },
        series: lines.map((l, at) => ({ type: "line" as const, name: l.name, data: l.values, symbolSize: 7, lineStyle: { width: at ? 1.5 : 3 } })),
      },
      heads: [t("batch.id"), ...lines.map((l) => l.name)],
      rows: batches.map((_, at) => [labels[at]!, ...lines.map((l) => (l.values[at] === null ? "–" : `${l.values[at]}%`))]),
    };
  }, [batches, t, day]);
  return <Chart title={t("trend.chart")} {...drawn} />;
}

function Drill({ batch }: { batch: Batch }) {
  const { t } = useText(ops);
  const { can } = useSession();
  const { data } = useQuery({ ...batchQualityQuery({ id: batch.id }), retry: false });
  return (
    <section id="drill">
      <h2>{t("trend.batch", { batch: batch.id })}</h2>
      {data ? <QualityReport quality={data} /> : null}
      {batch.quarantined > 0 && can("quarantine.read") && <Quarantine key={batch.id} batch={batch.id} />}
    </section>
  );
}

export default function QualityPage() {
  const name = useParams()["name"]!;
  const { t, pick, num, when } = useText(ops, intake);
  const [params, setParams] = useSearchParams();
  const { can } = useSession();
  const { data: r } = useSuspenseQuery(resourceShowQuery({ name }));
  const { data: page } = useSuspenseQuery(resourceBatchesQuery({ name, limit: SHOWN, offset: 0 }));
  const inOrder = useMemo(() => page.items.filter((b) => b.dimensions).reverse(), [page.items]);
  const chosen = page.items.find((b) => b.id === params.get("batch")) ?? page.items[0];
  const columns: Array<Column<Batch>> = [
    { id: "id", head: t("batch.id"), cell: (b) => <><button type="button" className="linkish" aria-pressed={b === chosen} onClick={() => setParams({ batch: b.id })}>{b.id}</button>{b === chosen && <span className="quiet">{t("trend.shown")}</span>}</> },
    { id: "state", head: t("batch.state"), cell: (b) => <StateBadge state={b.state} /> },
    { id: "rows", head: t("batch.rows"), number: true, cell: (b) => num(b.rows) },
    { id: "passed", head: t("trend.passed"), number: true, cell: (b) => `${rounded(passed(b))}%` },
    { id: "quarantined", head: t("batch.quarantined"), number: true, cell: (b) => num(b.quarantined) },
    { id: "open", head: t("trend.open"), number: true, cell: (b) => num(b.open) },
    { id: "at", head: t("batch.published"), cell: (b) => when(b.published_at) },
  ];
  return (
    <Page title={t("trend.title", { title: pick(r.title, r.title_en) })} lead={t("trend.lead")} back={["/desk", t("nav.desk")]} help={t("trend.help")}>
      {chosen ? (
        <>
          <div className="panel"><Trend batches={inOrder} /></div>
          <section><h2>{t("trend.batches")}</h2><Table label={t("trend.batches")} columns={columns} rows={page.items} rowKey={(b) => b.id} /></section>
          <Drill batch={chosen} />
        </>
      ) : <Empty text={t("trend.none")} />}
      {can("delivery.write") && <section><h2>{t("trend.again")}</h2><p className="quiet">{t("trend.again_lead")}</p><UploadBox resource={name} /></section>}
      <p><Link to={`/resources/${encodeURIComponent(name)}`}>{t("trend.resource")}</Link></p>
    </Page>
  );
}
