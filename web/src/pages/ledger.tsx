// The collaboration ledger: the deeds that one's organisation is a party of, and the statements that wait for signatures.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { deedProposals, deedProposalsQuery, deedsList, deedsListQuery, type DeedCard, type DeedProposal } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { yuanOf } from "../parts/deedchain";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import ledger from "../text/ledger";
import { useText } from "../text";

const TABS = ["deeds", "waiting"];
const KINDS = ["receivable", "order", "warehouse_receipt", "guarantee", "pledge"] as const;
const STATES = ["issued", "confirmed", "financed", "pledged", "split", "settled", "void"] as const;
const ROLES = ["holder", "obligor", "financier"] as const;
const ORDERS = ["created", "changed", "amount", "due", "kind", "state"] as const;

const FATES = ["entered", "overtaken", "withdrawn"] as const; // what became of statements that wait no more
const PROPOSAL_ORDERS = ["made", "act", "state"] as const;

function Deeds() {
  const { t, tCode, pick, money, day, when } = useText(ledger);
  const { orgName } = useNames();
  const list = useList();
  const sort = orderOf(list, ORDERS);
  const asked = { kind: KINDS.find((x) => x === list.filter("kind")), state: STATES.find((x) => x === list.filter("state")), role: ROLES.find((x) => x === list.filter("role")), sort };
  const { data: page } = useSuspenseQuery(deedsListQuery({ ...asked, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<DeedCard>> = [
    { id: "document", head: t("ledger.document"), text: (d) => d.document, cell: (d) => <><Link to={`/ledger/${d.document}`}>{pick(d.kind_title, d.kind_title_en)}</Link><span className="quiet">{d.document}</span></> },
    { id: "state", sort: "state", head: t("ledger.state"), text: (d) => pick(d.state_title, d.state_title_en), cell: (d) => <StatusTag of={d} /> },
    { id: "amount", sort: "amount", head: t("ledger.amount"), number: true, text: (d) => yuanOf(d.amount_fen), cell: (d) => money(yuanOf(d.amount_fen)) },
    { id: "financed", head: t("ledger.financed"), number: true, text: (d) => yuanOf(d.financed_fen), cell: (d) => (d.financed_fen ? money(yuanOf(d.financed_fen)) : "–") },
    { id: "holder", head: t("ledger.holder"), text: (d) => orgName(d.holder), cell: (d) => orgName(d.holder) },
    { id: "obligor", head: t("ledger.obligor"), text: (d) => orgName(d.obligor), cell: (d) => orgName(d.obligor) },
    { id: "financier", head: t("ledger.financier"), text: (d) => d.financier && orgName(d.financier), cell: (d) => (d.financier ? orgName(d.financier) : "–") },
    { id: "due", sort: "due", head: t("ledger.due"), text: (d) => d.due, cell: (d) => day(d.due) },
    { id: "changed", sort: "changed", head: t("ledger.changed"), text: (d) => d.changed_at, cell: (d) => when(d.changed_at) },
  ];
  return (
    <ServerTable id="deeds" label={t("ledger.tab_deeds")} columns={columns} page={page} rowKey={(d) => d.document} list={list}
      ask={(offset, limit) => deedsList({ ...asked, limit, offset })} empty={<Empty text={t("ledger.none")} />}
      filters={<>
        <Filter list={list} name="kind" label={t("ledger.kind")} all={t("ledger.all")} options={KINDS.map((x) => [x, tCode("kind", x)])} />
        <Filter list={list} name="state" label={t("ledger.state")} all={t("ledger.all")} options={STATES.map((x) => [x, tCode("deedstate", x)])} />
        <Filter list={list} name="role" label={t("ledger.role")} all={t("ledger.all")} options={ROLES.map((x) => [x, tCode("role", x)])} />
      </>} />
  );
}

function Waiting() {
  const { t, tCode, pick, when } = useText(ledger);
  const { orgName } = useNames();
  const list = useList();
  const state = FATES.find((x) => x === list.filter("state")) ?? ("waiting" as const);
  const asked = { state, sort: orderOf(list, PROPOSAL_ORDERS) };
  const { data: page } = useSuspenseQuery(deedProposalsQuery({ ...asked, limit: list.limit, offset: list.offset }));
  const who = (p: DeedProposal, signed: boolean) => p.signers.filter((x) => x.signed === signed).map((x) => orgName(x.organisation));
  const columns: Array<Column<DeedProposal>> = [
    { id: "act", sort: "act", head: t("ledger.act"), text: (p) => pick(p.act_title, p.act_title_en), cell: (p) => <><Link to={`/ledger/${p.document}`}>{pick(p.act_title, p.act_title_en)}</Link><span className="quiet">{p.document}</span></> },
    { id: "signed", head: t("ledger.signed"), text: (p) => who(p, true).join("; "), cell: (p) => who(p, true).map((x) => <Badge key={x} tone="good">{x}</Badge>) },
    { id: "missing", head: t("ledger.missing"), text: (p) => who(p, false).join("; "), cell: (p) => who(p, false).map((x) => <Badge key={x} tone="fair">{x}</Badge>) },
    { id: "made", sort: "made", head: t("ledger.made"), text: (p) => p.made_at, cell: (p) => when(p.made_at) },
  ];
  return (
    <ServerTable id="statements" label={t("ledger.tab_waiting")} columns={columns} page={page} rowKey={(p) => p.statement} list={list}
      ask={(offset, limit) => deedProposals({ ...asked, limit, offset })} empty={<Empty text={t("ledger.none_waiting")} />}
      filters={<Filter list={list} name="state" label={t("ledger.state")} all={t("ledger.tab_waiting")} options={FATES.map((x) => [x, tCode("fate", x)])} />} />
  );
}

export default function Ledger() {
  const { t } = useText(ledger);
  const [tab, choose] = useTab(TABS);
  return (
    <Page title={t("ledger.heading")} lead={t("ledger.lead")} help={t("ledger.help")}>
      <Tabs label={t("ledger.tabs")} current={tab} choose={choose} tabs={[{ id: "deeds", text: t("ledger.tab_deeds") }, { id: "waiting", text: t("ledger.tab_waiting") }]}>
        {tab === "waiting" ? <Waiting /> : <Deeds />}
      </Tabs>
    </Page>
  );
}
