// Every resource that was found as one table.
import { Link } from "react-router";
import { catalogueSearch, catalogueSearchQuery, type ResourceCard } from "#api";
import catalogue from "../text/catalogue";
import { useText } from "../text";
import { GradeBadge, ShareBadge } from "./badges";
import { LongTable } from "./longtable";
import type { Column } from "./table";

export default function LongCatalogue({ total, query }: { total: number; query: Parameters<typeof catalogueSearchQuery>[0] }) {
  const { t, pick, num, percent, day } = useText(catalogue);
  const columns: Array<Column<ResourceCard>> = [
    { id: "title", head: t("resource.title"), cell: (r) => <Link to={`/resources/${encodeURIComponent(r.name)}`}>{pick(r.title, r.title_en)}</Link> },
    { id: "provider", head: t("resource.provider"), cell: (r) => pick(r.provider.name, r.provider.name_en) },
    { id: "share", head: t("about.share"), cell: (r) => <ShareBadge share={r.share_type} /> },
    { id: "grade", head: t("item.grade"), cell: (r) => <GradeBadge grade={r.grade} /> },
    { id: "records", head: t("card.records"), number: true, cell: (r) => (r.records === null ? "…" : num(r.records)) },
    { id: "quality", head: t("card.quality"), number: true, cell: (r) => (r.quality === null ? "–" : percent(r.quality)) },
    { id: "updated", head: t("card.updated"), cell: (r) => day(r.updated_at) },
  ];
  return <LongTable label={t("catalogue.title")} columns={columns} total={total} rowKey={(r) => r.name} page={(offset, limit) => {
    const p = { ...query, offset, limit };
    return { queryKey: catalogueSearchQuery(p).queryKey, ask: () => catalogueSearch(p) };
  }} />;
}
