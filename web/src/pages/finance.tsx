// The finance data service centre: what the national list asks for, item by item, and what there is of it here.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { financeInfoQuery, type FinanceInfo } from "#api";
import { Badge } from "../parts/badges";
import { Figures } from "../parts/facts";
import { Page } from "../parts/page";
import { Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
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

export default function FinancePage() {
  const { t, num } = useText(finance);
  const { data } = useSuspenseQuery(financeInfoQuery());
  return (
    <Page title={t("info.title")} lead={t("info.lead")} help={t("info.help")}>
      {data.basis === "reconstruction" && <Note tone="ask"><p>{t("info.reconstruction", { source: data.source })}</p></Note>}
      <Figures rows={[[t("info.connected"), num(data.counts.connected)], [t("info.partial"), num(data.counts.partial)], [t("info.missing"), num(data.counts.missing)]]} />
      <SharingList data={data} />
    </Page>
  );
}
