// The blocks of a page that a pack declares (docs/packs.md, "pages.json"): lists, one row, forms, charts.  Each asks for itself, and whoever
// is shown was looked at; so nothing is asked for again unless somebody asks.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { EChartsCoreOption } from "echarts/core";
import { useMemo, type ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { pageData, pageDataQuery, pageFileUrl, type Page, type PageBlock, type PageData, type PageItem, type PageRow, type ServiceValue } from "#api";
import { ApiFailure } from "#send";
import packs from "../text/packs";
import { lang, useText, type Words } from "../text";
import { Badge } from "./badges";
import { Chart } from "./chart";
import { CodeField, CodeFilter } from "./codefield";
import { DetailList, Figures } from "./facts";
import { Field, Form } from "./form";
import { useHashList, type ListState } from "./list";
import { useNarrow } from "./narrow";
import { Empty, FailureNote } from "./status";
import { Filter, FilterField, ServerTable, type Column } from "./table";
import { written, type Value } from "./value";

const TURNS = 20;
const TURN_MS = 500;
const BUSY = 503;

/** What a block says of itself; the server checked it when the pack was loaded. */
interface Definition {
  filters?: string[];
  sort?: string;
  page_size?: number;
  links?: Array<{ column: string; page: string; with?: Record<string, string> }>;
  by?: string[];
  fields?: string[];
  opens?: string;
  chart?: "bar" | "line" | "pie" | "number";
}

const definitionOf = (block: PageBlock): Definition => block.definition as Definition;

type Way = "equal" | "range" | "part";
const WAYS: Record<string, Way> = { code: "equal", identifier: "equal", boolean: "equal", integer: "range", decimal: "range", date: "range", datetime: "range" };
const wayOf = (item: PageItem): Way => WAYS[item.type ?? ""] ?? "part";

/** What may be asked of a block, and how: its filters, what names its row, and its parameters, which links may give. */
function askable(block: PageBlock): string[] {
  const d = definitionOf(block);
  return [...new Set([...(d.filters ?? []), ...(d.by ?? []), ...block.parameters.map((p) => p.name)])];
}

interface Asked {
  parameters?: string;
  filters?: string;
}

function askedOf(block: PageBlock, list: ListState): Asked {
  const parameters: Record<string, string> = {};
  const filters: Record<string, string | Record<string, string>> = {};
  for (const name of askable(block)) {
    const value = list.filter(name), from = list.filter(`${name}.from`), to = list.filter(`${name}.to`);
    const column = block.columns.find((c) => c.name === name);
    if (block.parameters.some((p) => p.name === name)) {
      if (value) parameters[name] = value;
    } else if (column && value) filters[name] = wayOf(column) === "part" && !definitionOf(block).by ? { has: value } : value;
    else if (column && (from || to)) filters[name] = { ...(from && { from }), ...(to && { to }) };
  }
  const json = (o: object): string | undefined => (Object.keys(o).length ? JSON.stringify(o) : undefined);
  return { parameters: json(parameters), filters: json(filters) };
}

/** A parameter that must be given and is not. */
const missing = (block: PageBlock, list: ListState): PageItem | undefined => block.parameters.find((p) => p.required && !p.default && !list.filter(p.name));

interface BlockProps {
  page: Page;
  block: PageBlock;
}

function useData({ page, block }: BlockProps, list: ListState, enabled: boolean) {
  const ask = { pack: page.pack, page: page.name, block: block.name, ...askedOf(block, list) };
  const query = useQuery({
    ...pageDataQuery({ ...ask, sort: list.sort || undefined, limit: list.limit, offset: list.offset }),
    enabled, placeholderData: keepPreviousData, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false,
    // The server runs a few views at a time; the other blocks of a page wait for their turn.
    retry: (times, error) => times < TURNS && error instanceof ApiFailure && error.failure.status === BUSY, retryDelay: TURN_MS,
  });
  return { ask, ...query };
}

/** With its unit, unless the title names that already. */
function titleOf(item: PageItem, { pick }: Words<never>): string {
  const title = pick(item.title, item.title_en) || item.name;
  return item.unit && !title.includes(item.unit) ? `${title} (${item.unit})` : title;
}

const valueOf = (row: PageRow, name: string): ServiceValue | undefined => row[name] as ServiceValue | undefined;

const cellText = (row: PageRow, name: string, text: Words<never>): string => written((valueOf(row, name)?.value ?? null) as unknown as Value, null, text);

/** What stands for a value in an address. */
function plain(v: ServiceValue | undefined): string | null {
  const value = v?.value as unknown as Value | undefined;
  if ((v?.status !== "present" && v?.status !== "disputed") || value === null || value === undefined) return null;
  return typeof value === "object" ? value.code : String(value);
}

function Waiting() {
  const { t } = useText();
  return <p className="quiet loading" role="status">{t("status.loading")}</p>;
}

function Receipt({ data }: { data: PageData }) {
  const { t, num } = useText(packs);
  return <p className="quiet">{t("block.receipt", { n: num(data.receipt.index) })}</p>;
}

// --- filters -----------------------------------------------------------------------------------------------------------------

const INPUTS: Record<string, { type: string; step?: string }> = { integer: { type: "number", step: "1" }, decimal: { type: "number", step: "any" }, date: { type: "date" }, datetime: { type: "date" } };

function OneFilter({ item, list, parameter }: { item: PageItem; list: ListState; parameter: boolean }) {
  const text = useText(packs);
  const { t } = text;
  const label = titleOf(item, text);
  const input = INPUTS[item.type ?? ""] ?? { type: "search", maxLength: 200 };
  if (item.code_table) return <CodeFilter list={list} name={item.name} label={label} table={item.code_table} />;
  if (item.type === "boolean") return <Filter list={list} name={item.name} label={label} all={t("block.any")} options={[["true", t("yes")], ["false", t("no")]]} />;
  if (parameter || wayOf(item) !== "range")
    return <FilterField list={list} name={item.name} label={label} {...input} min={item.min ?? undefined} max={item.max ?? undefined} placeholder={item.default ?? undefined} />;
  return <><FilterField list={list} name={`${item.name}.from`} label={t("block.from", { title: label })} {...input} /><FilterField list={list} name={`${item.name}.to`} label={t("block.to")} {...input} /></>;
}

function Filters({ block, list }: { block: PageBlock; list: ListState }) {
  const parameter = (name: string): PageItem | undefined => block.parameters.find((p) => p.name === name);
  return (definitionOf(block).filters ?? []).map((name) => {
    const item = parameter(name) ?? block.columns.find((c) => c.name === name);
    return item && <OneFilter key={name} item={item} list={list} parameter={item === parameter(name)} />;
  });
}

// --- lists -------------------------------------------------------------------------------------------------------------------

/** A link where the page declares one; otherwise the row's own block on this page, where there is one; hash: what is asked on it now. */
function linkOf({ page, block }: BlockProps, row: PageRow, column: string, hash: string): string | null {
  const given = (pairs: Array<[string, string]>, to = new URLSearchParams()): string | null => {
    const values = pairs.map(([name, from]): [string, string | null] => [name, plain(valueOf(row, from))]);
    for (const [name, value] of values) if (value !== null) to.set(name, value);
    return values.every(([, value]) => value !== null) ? to.toString() : null;
  };
  const link = definitionOf(block).links?.find((l) => l.column === column);
  if (link) {
    const values = given(Object.entries(link.with ?? {}));
    return values === null ? null : `/packs/${page.pack}/${link.page}#${values}`;
  }
  const one = page.blocks.find((b) => b.kind === "detail" && definitionOf(b).by?.every((name) => block.columns.some((c) => c.name === name)));
  const linked = definitionOf(block).links?.map((l) => l.column) ?? [];
  const first = block.columns.find((c) => !linked.includes(c.name))?.name;
  if (!one || column !== first) return null;
  const values = given(definitionOf(one).by!.map((name) => [`${one.name}.${name}`, name]), new URLSearchParams(hash.slice(1)));
  return values === null ? null : `#${values}`;
}

function Cell({ row, name, href }: { row: PageRow; name: string; href: string | null }) {
  const text = useText(packs);
  const v = valueOf(row, name);
  const shown = cellText(row, name, text);
  if (v?.status === "masked") return <>{v.value === undefined ? null : shown} <Badge tone="fair">{text.t("block.masked")}</Badge></>;
  const value = href ? <Link to={href}>{shown}</Link> : shown;
  return v?.status === "disputed" ? <>{value} <Badge tone="poor">{text.t("block.disputed")}</Badge></> : value;
}

function ListBlock(props: BlockProps) {
  const { page, block } = props;
  const text = useText(packs);
  const { t } = text;
  const d = definitionOf(block);
  const list = useHashList(block.name, d.page_size ?? 20);
  const { hash } = useLocation();
  const wanted = missing(block, list);
  const { ask, data, error } = useData(props, list, !wanted);
  const filters = <Filters block={block} list={list} />;
  if (wanted) return <><div className="filters">{filters}</div><Empty text={t("block.needs", { title: titleOf(wanted, text) })} /></>;
  if (error) return <><div className="filters">{filters}</div><FailureNote error={error} /></>;
  if (!data) return <Waiting />;
  const columns = data.columns.map((c): Column<PageRow> => ({
    id: c.name, head: titleOf(c, text), sort: c.name, number: c.type === "integer" || c.type === "decimal", whole: c.type === "date" || c.type === "identifier",
    text: (row) => cellText(row, c.name, text), cell: (row) => <Cell row={row} name={c.name} href={linkOf(props, row, c.name, hash)} />,
  }));
  const doubted = (row: PageRow): string => text.listed(data.columns.filter((c) => valueOf(row, c.name)?.status === "disputed").map((c) => titleOf(c, text)));
  columns.push({ id: "ll-disputed", head: t("block.disputed"), extra: true, saved: true, text: doubted, cell: (row) => doubted(row) || "–" });
  const keyed = data.rows.map((row, at) => ({ row, at: data.offset + at }));
  const by = <T,>(of: (row: PageRow) => T) => ({ row }: { row: PageRow; at: number }): T => of(row);
  return (
    <>
      <ServerTable id={`${page.pack}-${page.name}-${block.name}`} label={text.pick(block.title, block.title_en)} list={list} filters={filters}
        columns={columns.map((c) => ({ ...c, cell: by(c.cell), text: by(c.text!) }))} page={{ items: keyed, total: data.total, offset: data.offset, limit: data.limit }} rowKey={(x) => String(x.at)}
        ask={async (offset, limit) => {
          const part = await pageData({ ...ask, sort: list.sort || undefined, offset, limit });
          return { total: part.total, items: part.rows.map((row, at) => ({ row, at: offset + at })) };
        }}
        empty={<Empty text={t("block.none")} />} />
      <p className="quiet">{t("block.receipt", { n: text.num(data.receipt.index) })} <a href={pageFileUrl({ ...ask, sort: list.sort || undefined, format: "xlsx", lang: lang() })} download>{t("block.xlsx")}</a></p>
    </>
  );
}

// --- one row, forms ------------------------------------------------------------------------------------------------------------

function DetailBlock(props: BlockProps) {
  const text = useText(packs);
  const { t } = text;
  const { block } = props;
  const list = useHashList(block.name, 1);
  const by = definitionOf(block).by ?? [];
  const named = by.every((name) => list.filter(name));
  const { data, error } = useData(props, list, named);
  if (!named) return <Empty text={t("block.choose", { titles: text.listed(by.map((name) => titleOf([...block.parameters, ...block.columns].find((c) => c.name === name)!, text))) })} />;
  if (error) return <FailureNote error={error} />;
  if (!data) return <Waiting />;
  const row = data.rows[0];
  if (!row) return <Empty text={t("block.none")} />;
  return <div className="panel"><DetailList rows={data.columns.map((c): [string, ReactNode] => [titleOf(c, text), <Cell key={c.name} row={row} name={c.name} href={null} />])} /><Receipt data={data} /></div>;
}

function FormBlock({ page, block }: BlockProps) {
  const text = useText(packs);
  const d = definitionOf(block);
  const opens = page.blocks.find((b) => b.name === d.opens) ?? block;
  const list = useHashList(opens.name);
  const fields = (d.fields ?? []).flatMap((name) => block.parameters.find((p) => p.name === name) ?? []);
  return (
    <Form key={fields.map((f) => list.filter(f.name)).join("\n")} submit={text.t("block.show")} act={async (value) => {
      list.setAll(Object.fromEntries(fields.map((f) => [f.name, value(`${block.name}-${f.name}`)])));
      document.getElementById(`block-${opens.name}`)?.scrollIntoView();
      return Promise.resolve();
    }}>
      <div className="pair">
        {fields.map((f) => {
          const id = `${block.name}-${f.name}`, label = titleOf(f, text), value = list.filter(f.name), required = f.required === true && !f.default;
          return f.code_table
            ? <CodeField key={id} id={id} label={label} table={f.code_table} value={value} required={required} />
            : <Field key={id} id={id} label={label} defaultValue={value} required={required} min={f.min ?? undefined} max={f.max ?? undefined} placeholder={f.default ?? undefined} maxLength={200} autoComplete="off" {...(INPUTS[f.type ?? ""] ?? {})} />;
        })}
      </div>
    </Form>
  );
}

// --- charts --------------------------------------------------------------------------------------------------------------------

const WIDEST = 28; // px of a bar
const BARS = 20; // that are drawn; the table has all
const LINE_REM = 1.6; // of a bar with its name
const LEGEND_REM = 1.6;

/** What ECharts draws: x and, where there is one, the series it belongs to; and how high, in rem. */
function pictureOf(kind: "bar" | "line" | "pie", xs: string[], series: Map<string, Array<number | null>>, narrow: boolean): { option: EChartsCoreOption; rem: number } {
  const rows = [...series];
  if (kind === "pie") {
    const data = xs.map((name, i) => ({ name, value: rows[0]?.[1][i] ?? 0 }));
    const shape = narrow ? { radius: [55, 95], center: ["50%", 110], label: { show: false } } : { radius: ["35%", "62%"], label: { overflow: "truncate", width: 150 } };
    return { option: { series: [{ type: "pie", data, ...shape }], ...(narrow && { legend: { bottom: 0, orient: "vertical", left: 0, textStyle: { overflow: "truncate", width: 220 } } }) }, rem: narrow ? 15 + xs.length * LEGEND_REM : 20 };
  }
  const bar = kind === "bar";
  const category = { type: "category" as const, data: xs, inverse: bar, axisLabel: bar ? { interval: 0, overflow: "truncate" as const, width: narrow ? 84 : 150 } : { hideOverlap: true } };
  const value = { type: "value" as const, splitNumber: 3, axisLabel: { hideOverlap: true } };
  const option = {
    grid: { left: 8, right: 24, top: 8, bottom: rows.length > 1 ? 64 : 8, containLabel: true },
    ...(rows.length > 1 && { legend: { bottom: 0, type: "scroll" } }),
    xAxis: bar ? value : category, yAxis: bar ? category : value,
    series: rows.map(([name, data]) => ({ type: kind, name, data, barMaxWidth: WIDEST, ...(bar && { stack: "all" }) })),
  };
  return { option, rem: bar ? Math.max(8, 3 + xs.length * LINE_REM) : 20 };
}

/** How much of what a chart adds up is in doubt. */
function Doubted({ data }: { data: PageData }) {
  const { t, num } = useText(packs);
  return data.doubted ? <p><Badge tone="poor">{t("block.disputed")}</Badge> {t("block.doubted", { n: num(data.doubted), all: num(data.summed ?? 0) })}</p> : null;
}

function ChartBlock(props: BlockProps) {
  const text = useText(packs);
  const { t, num, pick } = text;
  const { block } = props;
  const kind = definitionOf(block).chart ?? "bar";
  const list = useHashList(block.name);
  const wanted = missing(block, list);
  const { data, error } = useData(props, list, !wanted);
  const title = pick(block.title, block.title_en);
  const narrow = useNarrow();
  const drawn = useMemo(() => {
    const rows = data?.rows ?? [];
    const [x, by] = data?.columns ?? [];
    const xs = [...new Set(rows.map((row) => (x ? cellText(row, x.name, text) : "")))];
    const series = new Map<string, Array<number | null>>();
    for (const row of rows) {
      const name = by ? cellText(row, by.name, text) : title;
      if (!series.has(name)) series.set(name, xs.map(() => null));
      series.get(name)![xs.indexOf(x ? cellText(row, x.name, text) : "")] = typeof row["y"] === "number" ? row["y"] : null;
    }
    const shown = kind === "bar" ? xs.slice(0, BARS) : xs;
    return {
      ...pictureOf(kind === "number" ? "bar" : kind, shown, series, narrow),
      left: xs.length - shown.length,
      heads: [x ? titleOf(x, text) : "", ...series.keys()],
      rows: xs.map((name, i) => [name, ...[...series.values()].map((v) => v[i] ?? "–")]),
    };
  }, [data, kind, text, title, narrow]);
  if (wanted) return <Empty text={t("block.needs", { title: titleOf(wanted, text) })} />;
  if (error) return <FailureNote error={error} />;
  if (!data) return <Waiting />;
  if (!data.rows.length) return <Empty text={t("block.none")} />;
  if (kind === "number") return <div className="panel"><Figures big rows={[[title, typeof data.rows[0]!["y"] === "number" ? num(data.rows[0]!["y"]) : "–"]]} /><Doubted data={data} /><Receipt data={data} /></div>;
  const { left, ...picture } = drawn;
  return <div className="panel spaced"><Chart title={title} {...picture} />{left > 0 && <p className="quiet">{t("block.first", { n: num(BARS), left: num(left) })}</p>}<Doubted data={data} /><Receipt data={data} /></div>;
}

const KINDS: Record<PageBlock["kind"], (props: BlockProps) => ReactNode> = {
  list: (props) => <ListBlock {...props} />,
  detail: (props) => <DetailBlock {...props} />,
  form: (props) => <FormBlock {...props} />,
  chart: (props) => <ChartBlock {...props} />,
};

export function Block(props: BlockProps) {
  const { pick } = useText();
  const { block } = props;
  const draw = KINDS[block.kind];
  return <section id={`block-${block.name}`} className="block">{block.kind !== "chart" && <h2>{pick(block.title, block.title_en)}</h2>}{draw(props)}</section>;
}
