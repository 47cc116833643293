// One rural household: who belongs to it, and what is known of it, category by category; each item with its source and day, and what lost on demand.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useParams } from "react-router";
import { ruralHouseholdQuery, type RuralHousehold, type RuralItem } from "#api";
import { Badge } from "../parts/badges";
import { Chart } from "../parts/chart";
import { DetailList } from "../parts/facts";
import { Page } from "../parts/page";
import { Rated } from "../parts/rural-rating";
import { Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { written, type Value } from "../parts/value";
import rural from "../text/rural";
import ruralcredit from "../text/ruralcredit";
import { useText, type Words } from "../text";

type Member = RuralHousehold["members"][number];
type Category = RuralHousehold["categories"][number];

const ROW_REM = 2.2;
const HEAD_REM = 4;
const TONES: Record<string, string> = { present: "good", conflicting: "fair", out_of_date: "fair", disputed: "poor" };

function shown(value: unknown, unit: string, words: Words<never>): string {
  return Array.isArray(value) ? value.map((v) => written(v as Value, unit, words)).join("；") : written(value as Value, unit, words);
}

function Others({ item }: { item: RuralItem }) {
  const words = useText(rural);
  const { t, pick } = words;
  if (!item.others.length) return null;
  return (
    <details>
      <summary>{t("household.others", { n: item.others.length })}</summary>
      <ul className="plain-list">
        {item.others.map((o, at) => (
          <li key={at}>
            {shown(o.value, item.unit, words)} <span className="quiet">{pick(o.resource_title, o.resource_title_en)} {o.as_of}</span>{" "}
            <Badge tone={o.differs ? "poor" : "good"}>{t(o.differs ? "household.differs" : "household.agrees")}</Badge>
            {!o.fresh && <Badge>{t("household.stale")}</Badge>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Items({ category }: { category: Category }) {
  const words = useText(rural);
  const { t, pick, when } = words;
  const title = pick(category.title, category.title_en);
  const columns: Array<Column<RuralItem>> = [
    { id: "item", head: t("household.item"), cell: (x) => <>{pick(x.title, x.title_en)} <span className="quiet">{x.code}</span></> },
    { id: "value", head: t("household.value"), cell: (x) => <div>{x.resource ? shown(x.value, x.unit, words) : "–"}<Others item={x} /></div> },
    { id: "state", head: t("household.state"), cell: (x) => <Badge tone={TONES[x.state] ?? ""}>{t(`state.${x.state}`)}</Badge> },
    {
      id: "source", head: t("household.source"),
      cell: (x) => (x.resource ? <div>{x.provider_name} <span className="quiet">{pick(x.resource_title ?? "", x.resource_title_en ?? null)}</span></div> : "–"),
    },
    { id: "as_of", head: t("household.as_of"), cell: (x) => (x.resource ? <div>{x.as_of || "–"} {x.published_at && <span className="quiet">{t("household.published", { when: when(x.published_at) })}</span>}</div> : "–") },
  ];
  return (
    <section>
      <h2>{t("household.category", { title, known: category.known, of: category.of })}</h2>
      <Table label={title} columns={columns} rows={category.items} rowKey={(x) => x.code} />
    </section>
  );
}

function Known({ household }: { household: RuralHousehold }) {
  const { t, pick } = useText(rural);
  const drawn = useMemo(() => {
    const names = household.categories.map((c) => pick(c.title, c.title_en));
    return {
      option: {
        grid: { left: 8, right: 16, top: 8, bottom: 40, containLabel: true },
        legend: { bottom: 0 },
        tooltip: { trigger: "axis" as const, renderMode: "richText" as const, confine: true },
        xAxis: { type: "value" as const },
        yAxis: { type: "category" as const, inverse: true, data: names },
        series: [
          { type: "bar" as const, stack: "n", name: t("household.with"), data: household.categories.map((c) => c.known) },
          { type: "bar" as const, stack: "n", name: t("household.without"), data: household.categories.map((c) => c.of - c.known), itemStyle: { opacity: 0.35 } },
        ],
      },
      heads: [t("household.complete"), t("household.with"), t("household.without")],
      rows: names.map((name, at) => [name, household.categories[at]!.known, household.categories[at]!.of - household.categories[at]!.known]),
    };
  }, [household, t, pick]);
  return <Chart title={t("household.complete")} rem={household.categories.length * ROW_REM + HEAD_REM} {...drawn} />;
}

export default function HouseholdPage() {
  const no = useParams()["no"]!;
  const { t, day } = useText(rural);
  const { t: r } = useText(ruralcredit);
  const { data } = useSuspenseQuery(ruralHouseholdQuery({ no }));
  const { present, conflicting, out_of_date, disputed } = data.counts;
  const members: Array<Column<Member>> = [
    { id: "name", head: t("household.name"), cell: (m) => <>{m.name} {m.head && <Badge>{t("household.is_head")}</Badge>}</> },
    { id: "id", head: t("household.id"), cell: (m) => <code>{m.resident_id}</code>, whole: true },
    { id: "since", head: t("household.since"), cell: (m) => (m.since ? day(m.since) : "–") },
  ];
  return (
    <Page title={t("household.title", { no: data.household_no })} back={["/rural", t("nav.rural")]} help={t("rural.help")}
      lead={t("household.counts", { known: present + conflicting + out_of_date + disputed, conflicting, out_of_date })}>
      {data.basis === "reconstruction" && <Note tone="ask"><p>{t("rural.reconstruction")}</p></Note>}
      <DetailList rows={[[t("rural.head"), data.head_name], [t("household.village"), data.village_name], [t("household.address"), data.address]]} />
      <section>
        <h2>{t("household.members")}</h2>
        <p className="quiet">{t("household.day", { day: day(data.day) })}</p>
        <Table label={t("household.members")} columns={members} rows={data.members} rowKey={(m) => m.resident_id ?? ""} />
      </section>
      <section><h2>{r("rate.household")}</h2>{data.rating ? <Rated rating={data.rating} /> : <p className="quiet">{r("rate.household_none")}</p>}</section>
      <div className="panel spaced"><Known household={data} /></div>
      {data.categories.map((c) => <Items key={c.code} category={c} />)}
    </Page>
  );
}
