// Institutions and their products, for those who write them and those who decide: an institution its own, the platform what waits.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { marketInstitutions, marketInstitutionsQuery, marketProducts, marketProductsQuery, type MarketInstitutionCard, type ProductVersionCard } from "#api";
import { StatusTag } from "../parts/badges";
import { FlowFilter } from "../parts/flowfilter";
import { InstitutionForm } from "../parts/institution-form";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { ServerTable, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { useSession } from "../session";
import market from "../text/market";
import products from "../text/products";
import { useText } from "../text";

const TABS = ["products", "institutions"];
const VERSION_ORDERS = ["title", "state", "institution", "changed"] as const;
const ORDERS = ["title", "kind", "licence", "state", "changed"] as const;

function Versions({ writes }: { writes: boolean }) {
  const { t, tCode, pick, when } = useText(market, products);
  const list = useList();
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, VERSION_ORDERS);
  const { data: page } = useSuspenseQuery(marketProductsQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const title = (v: ProductVersionCard): string => pick(v.title, v.title_en) || v.code;
  const columns: Array<Column<ProductVersionCard>> = [
    { id: "title", sort: "title", head: t("mp.name"), text: title, cell: (v) => <><Link to={`/my-products/${encodeURIComponent(v.id)}`}>{title(v)}</Link> <span className="quiet">{t("mp.version", { n: String(v.version) })}</span></> },
    { id: "state", sort: "state", head: t("mp.state"), text: (v) => pick(v.state_title, v.state_title_en), cell: (v) => <StatusTag of={v} /> },
    ...(writes ? [] : [{ id: "institution", sort: "institution", head: t("inst.name"), text: (v: ProductVersionCard) => pick(v.institution, v.institution_en), cell: (v: ProductVersionCard) => pick(v.institution, v.institution_en) }]),
    { id: "kind", head: t("mp.kind"), text: (v) => v.kind, cell: (v) => tCode("productkind", v.kind) },
    { id: "note", head: t("mp.note"), text: (v) => v.note, cell: (v) => v.note ?? "–" },
    { id: "changed", sort: "changed", head: t("mp.changed"), text: (v) => v.changed_at, cell: (v) => when(v.changed_at) },
  ];
  return (
    <ServerTable id="versions" label={t("mp.products")} columns={columns} page={page} rowKey={(v) => v.id} list={list} ask={(offset, limit) => marketProducts({ state, sort, limit, offset })} empty={<Empty text={t("mp.none")} />}
      filters={<FlowFilter list={list} flow="product" />} />
  );
}

function All() {
  const { t, pick } = useText(market);
  const list = useList();
  const state = list.filter("state") || undefined;
  const sort = orderOf(list, ORDERS);
  const { data: page } = useSuspenseQuery(marketInstitutionsQuery({ state, sort, limit: list.limit, offset: list.offset }));
  const title = (i: MarketInstitutionCard): string => pick(i.title, i.title_en);
  const columns: Array<Column<MarketInstitutionCard>> = [
    { id: "title", sort: "title", head: t("inst.name"), text: title, cell: (i) => <Link to={`/institutions/${encodeURIComponent(i.code)}`}>{title(i)}</Link> },
    { id: "state", sort: "state", head: t("inst.state"), text: (i) => pick(i.state_title, i.state_title_en), cell: (i) => <StatusTag of={i} /> },
    { id: "kind", sort: "kind", head: t("inst.kind"), text: (i) => pick(i.kind_title, i.kind_title_en), cell: (i) => pick(i.kind_title, i.kind_title_en) },
    { id: "licence", sort: "licence", head: t("inst.licence"), text: (i) => i.licence, cell: (i) => i.licence },
    { id: "contact", head: t("inst.contact"), text: (i) => i.contact, cell: (i) => <>{i.contact}<span className="quiet">{i.phone}</span></> },
  ];
  return (
    <ServerTable id="market-institutions" label={t("mp.institutions")} columns={columns} page={page} rowKey={(i) => i.code} list={list} ask={(offset, limit) => marketInstitutions({ state, sort, limit, offset })} empty={<Empty text={t("inst.none")} />}
      filters={<FlowFilter list={list} flow="institution" />} />
  );
}

function Own() {
  const { t, pick } = useText(market);
  const { data: { items: [own] } } = useSuspenseQuery(marketInstitutionsQuery({ limit: 1 }));
  return (
    <section className="panel">
      <h2>{own ? <><Link to={`/institutions/${encodeURIComponent(own.code)}`}>{pick(own.title, own.title_en)}</Link> <StatusTag of={own} /></> : t("inst.register")}</h2>
      {!own && <p>{t("inst.not_yet")}</p>}
      <details><summary>{t(own ? "inst.change" : "inst.register")}</summary><InstitutionForm key={own?.changed_at} now={own ?? null} /></details>
      {own && <p className="buttons"><Link className="button" to="/my-products/new">{t("mp.new")}</Link></p>}
    </section>
  );
}

export default function Market() {
  const { t } = useText(market);
  const { can } = useSession();
  const writes = can("market.write");
  const [tab, choose] = useTab(TABS);
  return (
    <Page title={t("mp.heading")} lead={t("mp.lead")} help={t("mp.help")}>
      {writes ? <><Own /><Versions writes /></> : (
        <Tabs label={t("mp.heading")} current={tab} choose={choose} tabs={[{ id: "products", text: t("mp.products") }, { id: "institutions", text: t("mp.institutions") }]}>
          {tab === "institutions" ? <All /> : <Versions writes={false} />}
        </Tabs>
      )}
    </Page>
  );
}
