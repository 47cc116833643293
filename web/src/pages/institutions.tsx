// Financial institutions that the platform has listed, for anybody.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { institutionsList, institutionsListQuery, type InstitutionCard } from "#api";
import { CodeFilter } from "../parts/codefield";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty, FailureNote } from "../parts/status";
import { FilterField, ServerTable, type Column } from "../parts/table";
import market from "../text/market";
import { useText } from "../text";

const ORDERS = ["title", "kind", "licence", "products"] as const;

export default function Institutions() {
  const { t, pick, num, listed } = useText(market);
  const list = useList();
  const asked = { q: list.filter("q") || undefined, kind: list.filter("kind") || undefined, sort: orderOf(list, ORDERS) };
  const { data: page, error } = useQuery({ ...institutionsListQuery({ ...asked, limit: list.limit, offset: list.offset }), retry: false, placeholderData: keepPreviousData });
  const title = (i: InstitutionCard): string => pick(i.title, i.title_en);
  const kind = (i: InstitutionCard): string => pick(i.kind_title, i.kind_title_en);
  const regions = (i: InstitutionCard): string => listed(i.regions.map((r) => pick(r.title, r.title_en)));
  const columns: Array<Column<InstitutionCard>> = [
    { id: "title", sort: "title", head: t("inst.name"), text: title, cell: (i) => <Link to={`/institutions/${encodeURIComponent(i.code)}`}>{title(i)}</Link> },
    { id: "kind", sort: "kind", head: t("inst.kind"), text: kind, cell: kind },
    { id: "regions", head: t("inst.regions"), text: regions, cell: regions },
    { id: "licence", sort: "licence", head: t("inst.licence"), text: (i) => i.licence, cell: (i) => i.licence },
    { id: "phone", head: t("inst.phone"), text: (i) => i.phone, cell: (i) => i.phone },
    { id: "products", sort: "products", head: t("inst.products"), number: true, text: (i) => i.products, cell: (i) => num(i.products) },
  ];
  return (
    <Page title={t("inst.heading")} lead={t("inst.lead")} help={t("inst.help")}>
      {error && <FailureNote error={error} />}
      {page && (
        <ServerTable id="institutions" label={t("inst.heading")} columns={columns} page={page} rowKey={(i) => i.code} list={list}
          ask={(offset, limit) => institutionsList({ ...asked, limit, offset })} empty={<Empty text={t("inst.none")} />}
          filters={<><FilterField list={list} name="q" label={t("inst.search")} maxLength={100} /><CodeFilter list={list} name="kind" label={t("inst.kind")} table="FIN_INSTITUTION_KIND" /></>} />
      )}
    </Page>
  );
}
