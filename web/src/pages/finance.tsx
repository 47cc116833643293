// The finance data service centre: what the national list asks for and what there is of it here; what indicators of firms are and what they rest
// on; and those of one firm as of a day, for the operator alone.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { Link } from "react-router";
import { financeFirmQuery, financeIndicatorsQuery, financeInfoQuery, type FinanceIndicators, type FinanceInfo } from "#api";
import { Badge } from "../parts/badges";
import { Commercial } from "../parts/commercial";
import { Figures } from "../parts/facts";
import { Field, Form } from "../parts/form";
import { Page } from "../parts/page";
import { FailureNote, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { useSession } from "../session";
import commercial from "../text/commercial";
import finance from "../text/finance";
import { useText } from "../text";

type Item = FinanceInfo["categories"][number]["items"][number];
type Source = Item["sources"][number];

const TONES: Record<string, string> = { connected: "good", partial: "fair", missing: "poor" };

function SourceLine({ source: s }: { source: Source }) {
  const { t, pick, day } = useText(finance);
  const title = s.title === null ? s.resource : pick(s.title, s.title_en);
  return (
    <li>
      {s.title === null ? title : <Link to={`/resources/${s.resource}`}>{title}</Link>}
      <span className="quiet"> {[s.provider_name, pick(s.state_title, s.state_title_en), s.lacks && t("info.lacks", { item: s.lacks }), s.covers === "part" && t("info.part"),
        s.published_at && t("info.published", { day: day(s.published_at) })].filter(Boolean).join(" · ")}</span>
    </li>
  );
}

function SharingList({ data }: { data: FinanceInfo }) {
  const { t, pick } = useText(finance);
  const columns: Array<Column<Item>> = [
    { id: "code", head: t("info.code"), cell: (i) => i.code, whole: true },
    { id: "title", head: t("info.item"), cell: (i) => pick(i.title, i.title_en) },
    { id: "state", head: t("info.state"), cell: (i) => <Badge tone={TONES[i.state] ?? ""}>{pick(i.state_title, i.state_title_en)}</Badge> },
    { id: "sources", head: t("info.sources"), cell: (i) => (i.sources.length ? <ul className="source-lines">{i.sources.map((s) => <SourceLine key={s.resource} source={s} />)}</ul> : <span className="quiet">{t("info.none")}</span>) },
  ];
  return (
    <>
      {data.categories.map((c) => (
        <section key={c.code}>
          <h2>{c.code} {pick(c.title, c.title_en)}</h2>
          <Table label={pick(c.title, c.title_en)} columns={columns} rows={c.items} rowKey={(i) => i.code} />
        </section>
      ))}
    </>
  );
}

type Indicator = FinanceIndicators["items"][number];
type Known = FinanceIndicators["resources"][number];

/** How an indicator is computed, in words around its SQL. */
function Computed({ of: f }: { of: Indicator }) {
  const { t, tCode } = useText(finance);
  if (f.combine === "of") return <><code>{f.value}</code> <span className="quiet">{t("ind.of")}</span></>;
  return (
    <>
      {tCode("combine", f.combine)} {f.value && <code>{f.value}</code>}
      <span className="quiet"> {[f.where && t("ind.where", { where: f.where }), f.date && t("ind.date", { date: f.date }), f.months && t("ind.months", { n: f.months }), f.missing !== null && t("ind.missing", { value: f.missing })].filter(Boolean).join(" · ")}</span>
    </>
  );
}

function Rests({ of: f, known }: { of: Indicator; known: Map<string, Known> }) {
  const { t, pick, num, day } = useText(finance);
  if (f.resource === null) return null;
  const k = known.get(f.resource);
  if (!k) return <span className="quiet">{t("ind.not_catalogued", { name: f.resource })}</span>;
  const newest = k.batches[0];
  return (
    <>
      <Link to={`/resources/${k.resource}`}>{pick(k.title, k.title_en)}</Link>
      <span className="quiet"> {newest ? t("ind.batches", { n: num(k.total), day: day(newest.published_at), id: newest.id }) : t("ind.none_known")}</span>
    </>
  );
}

function Firm({ uscc, asOf, data }: { uscc: string; asOf: string; data: FinanceIndicators }) {
  const { t, pick, num } = useText(finance);
  const { data: firm, error } = useQuery({ ...financeFirmQuery({ uscc, ...(asOf ? { as_of: asOf } : {}) }), retry: false });
  if (error) return <FailureNote error={error} />;
  if (!firm) return <p className="quiet" role="status">{t("ind.computing")}</p>;
  const about = new Map(data.items.map((f) => [f.indicator, f]));
  const shown = firm.values.filter((v) => v.number !== null || v.code !== null);
  const columns: Array<Column<(typeof shown)[number]>> = [
    { id: "title", head: t("ind.indicator"), cell: (v) => pick(about.get(v.indicator)?.title ?? v.indicator, about.get(v.indicator)?.title_en ?? null) },
    { id: "value", head: t("ind.value"), number: true, cell: (v) => (v.number === null ? pick(v.code_title ?? v.code ?? "", v.code_title_en) : num(Math.round(v.number * 100) / 100)) },
    { id: "unit", head: t("ind.unit"), cell: (v) => about.get(v.indicator)?.unit ?? "" },
  ];
  return (
    <section>
      <h2>{t("ind.firm_as_of", { uscc, day: firm.day })}</h2>
      <p className="quiet">{t("ind.looked", { known: shown.length, of: firm.values.length })}</p>
      <Table label={t("ind.firm")} columns={columns} rows={shown} rowKey={(v) => v.indicator} />
    </section>
  );
}

function Ask({ data }: { data: FinanceIndicators }) {
  const { t } = useText(finance);
  const [asked, setAsked] = useState<{ uscc: string; asOf: string } | null>(null);
  return (
    <>
      <Form submit={t("ind.show")} act={(value) => Promise.resolve(setAsked({ uscc: value("uscc"), asOf: value("as_of") }))}>
        <div className="triple">
          <Field id="uscc" label={t("ind.uscc")} maxLength={18} autoComplete="off" />
          <Field id="as_of" label={t("ind.as_of")} hint={t("ind.as_of_hint")} type="date" required={false} />
        </div>
      </Form>
      {asked && <Firm key={`${asked.uscc} ${asked.asOf}`} uscc={asked.uscc} asOf={asked.asOf} data={data} />}
    </>
  );
}

function Indicators() {
  const { t, pick } = useText(finance);
  const { can } = useSession();
  const { data } = useSuspenseQuery(financeIndicatorsQuery({}));
  const known = new Map(data.resources.map((r) => [r.resource, r]));
  const columns: Array<Column<Indicator>> = [
    { id: "title", head: t("ind.indicator"), cell: (f) => <>{pick(f.title, f.title_en)}{f.unit && <span className="quiet"> ({f.unit})</span>}</> },
    { id: "computed", head: t("ind.computed"), cell: (f) => <Computed of={f} /> },
    { id: "rests", head: t("ind.rests"), cell: (f) => <Rests of={f} known={known} /> },
  ];
  return (
    <>
      {can("finance.look") && <Ask data={data} />}
      <h2>{t("ind.all", { n: data.items.length })}</h2>
      <p className="quiet">{t("ind.lead")}</p>
      <Table label={t("ind.all", { n: data.items.length })} columns={columns} rows={data.items} rowKey={(f) => f.indicator} />
    </>
  );
}

function Centre() {
  const { t, num } = useText(finance);
  const { data } = useSuspenseQuery(financeInfoQuery());
  return (
    <>
      {data.basis === "reconstruction" && <Note tone="ask"><p>{t("info.reconstruction", { source: data.source })}</p></Note>}
      <Figures rows={[[t("info.connected"), num(data.counts.connected)], [t("info.partial"), num(data.counts.partial)], [t("info.missing"), num(data.counts.missing)]]} />
      <SharingList data={data} />
    </>
  );
}

export default function FinancePage() {
  const { t } = useText(finance, commercial);
  const [tab, setTab] = useTab(["list", "indicators", "commercial"]);
  return (
    <Page title={t("info.title")} lead={t("info.lead")} help={t("info.help")}>
      <Tabs label={t("info.title")} tabs={[{ id: "list", text: t("info.tab") }, { id: "indicators", text: t("ind.tab") }, { id: "commercial", text: t("com.tab") }]} current={tab} choose={setTab}>
        <Suspense fallback={null}>{tab === "list" ? <Centre /> : tab === "indicators" ? <Indicators /> : <Commercial />}</Suspense>
      </Tabs>
    </Page>
  );
}
