// The desk of institutions: financings that are open to them, without the firm's name, and their own cases as a list and by state.  The platform's operator
// sees all of them.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { financeCases, financeCasesQuery, financeFinancings, financeFinancingsQuery, type FinancingCard, type LoanCaseCard } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { Deadline } from "../parts/deadline";
import { Outcome, useFinancingWords, type CaseState } from "../parts/financing";
import { orderOf, useList } from "../parts/list";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { Filter, FilterField, ServerTable, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { useSession } from "../session";
import financing from "../text/financing";
import { useText } from "../text";

const TABS = ["open", "cases", "board"];
const STATES = ["published", "met", "closed", "withdrawn"] as const;
const MODES = ["open", "matched", "direct"] as const;
const ORDERS = ["published", "amount", "term", "region", "industry"] as const;
const CASE_STATES = ["draft", "applied", "accepted", "due_diligence", "granted", "drawn", "repaying", "overdue", "bad", "settled", "refused", "lapsed", "withdrawn"] as const;
const CASE_ORDERS = ["created", "changed", "due", "amount"] as const;
const COLUMNS: Array<{ id: string; states: CaseState[] }> = [
  { id: "draft", states: ["draft"] }, { id: "applied", states: ["applied"] }, { id: "accepted", states: ["accepted"] }, { id: "due_diligence", states: ["due_diligence"] },
  { id: "granted", states: ["granted"] }, { id: "lent", states: ["drawn", "repaying"] }, { id: "overdue", states: ["overdue", "bad"] },
];
const BOARD = 200;

const best = (f: FinancingCard) => f.products[0];

function Open() {
  const { t, pick, num, day } = useText(financing);
  const words = useFinancingWords();
  const { session } = useSession();
  const all = session?.duties.includes("operator");
  const list = useList();
  const asked = {
    state: STATES.find((x) => x === list.filter("state")) ?? ("published" as const), mode: MODES.find((x) => x === list.filter("mode")), region: list.filter("region") || undefined,
    industry: list.filter("industry") || undefined, sort: orderOf(list, ORDERS),
  };
  const { data: page } = useSuspenseQuery(financeFinancingsQuery({ ...asked, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<FinancingCard>> = [
    { id: "wanted", head: t("lend.wanted"), sort: "amount", whole: true, text: (f) => words.amount(f.wanted.amount_fen), cell: (f) => <><Link to={`/financing-desk/${f.id}`}>{words.amount(f.wanted.amount_fen)} · {words.months(f.wanted.term_months)}</Link><span className="quiet">{words.named(f.wanted.purpose)}</span></> },
    ...(all ? [{ id: "firm", head: t("lend.firm"), text: (f: FinancingCard) => f.subject_title, cell: (f: FinancingCard) => f.subject_title ?? "–" }] : []),
    { id: "match", head: t("lend.match"), text: (f) => best(f)?.title ?? null, cell: (f) => { const b = best(f); return b ? <><Outcome of={b} /><span className="quiet">{pick(b.title, b.title_en)}</span></> : "–"; } },
    { id: "size", head: t("fin.size"), text: (f) => words.named(f.wanted.size), cell: (f) => words.named(f.wanted.size) || "–" },
    { id: "industry", head: t("fin.industry"), sort: "industry", text: (f) => words.named(f.wanted.industry), cell: (f) => words.named(f.wanted.industry) || "–" },
    { id: "region", head: t("fin.region"), sort: "region", whole: true, text: (f) => words.named(f.wanted.region), cell: (f) => words.named(f.wanted.region) || "–" },
    { id: "guarantee", head: t("fin.guarantee"), text: (f) => words.named(f.wanted.guarantee), cell: (f) => words.named(f.wanted.guarantee) || "–" },
    { id: "mode", head: t("lend.mode"), text: (f) => pick(f.mode_title, f.mode_title_en), cell: (f) => <>{pick(f.mode_title, f.mode_title_en)}{f.mode === "open" && <span className="quiet">{t("lend.taken", { n: num(f.taken), most: num(f.open_most) })}</span>}</> },
    { id: "until", head: t("lend.until"), whole: true, text: (f) => f.open_until, cell: (f) => (f.state === "published" ? day(f.open_until) : <StatusTag of={f} />) },
    { id: "act", head: t("lend.do"), whole: true, cell: (f) => f.case ? <Link to={`/financing-desk/${f.case}`}>{t("lend.own_case")}</Link> : f.may.length ? <Link to={`/financing-desk/${f.id}`}>{t(`lend.may_${f.may[0]!}`)}</Link> : "–" },
  ];
  return (
    <ServerTable id="financings" label={t("lend.tab_open")} columns={columns} page={page} rowKey={(f) => f.id} list={list}
      ask={(offset, limit) => financeFinancings({ ...asked, limit, offset })} empty={<Empty text={t("lend.none_open")} />}
      filters={<>
        <Filter list={list} name="mode" label={t("lend.mode")} all={t("lend.any")} options={MODES.map((x) => [x, t(`lend.mode_${x}`)])} />
        <FilterField list={list} name="industry" label={t("fin.industry")} maxLength={6} />
        <FilterField list={list} name="region" label={t("fin.region")} maxLength={12} />
        {all && <Filter list={list} name="state" label={t("lend.state")} all={t("lend.state_published")} options={STATES.slice(1).map((x) => [x, t(`lend.state_${x}`)])} />}
      </>} />
  );
}

const Due = ({ of: c }: { of: LoanCaseCard }) => (c.due ? <Deadline due={c.due} /> : <>–</>);

/** Before the firm agrees nobody knows who it is. */
function useFirm() {
  const { t } = useText(financing);
  return (c: LoanCaseCard): string => c.subject_title ?? t("lend.unnamed");
}

function Cases() {
  const { t, pick, when } = useText(financing);
  const words = useFinancingWords();
  const firm = useFirm();
  const { session } = useSession();
  const list = useList();
  const asked = { state: CASE_STATES.find((x) => x === list.filter("case")), sort: orderOf(list, CASE_ORDERS) };
  const { data: page } = useSuspenseQuery(financeCasesQuery({ ...asked, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<LoanCaseCard>> = [
    { id: "firm", head: t("lend.firm"), text: (c) => firm(c), cell: (c) => <><Link to={`/financing-desk/${c.id}`}>{firm(c)}</Link><span className="quiet">{c.id}</span></> },
    { id: "state", head: t("lend.state"), text: (c) => pick(c.state_title, c.state_title_en), cell: (c) => <StatusTag of={c} /> },
    { id: "due", sort: "due", head: t("fin.due"), text: (c) => c.due, cell: (c) => <Due of={c} /> },
    { id: "amount", sort: "amount", head: t("fin.amount"), number: true, text: (c) => words.amount(c.wanted.amount_fen), cell: (c) => words.amount(c.wanted.amount_fen) },
    { id: "product", head: t("fin.product"), text: (c) => pick(c.product_title, c.product_title_en), cell: (c) => pick(c.product_title, c.product_title_en) || "–" },
    { id: "organisation", head: t("lend.organisation"), extra: !session?.duties.includes("operator"), text: (c) => c.organisation_name, cell: (c) => c.organisation_name ?? c.organisation },
    { id: "way", head: t("lend.way"), text: (c) => pick(c.way_title, c.way_title_en), cell: (c) => pick(c.way_title, c.way_title_en) },
    { id: "changed", sort: "changed", head: t("lend.changed"), text: (c) => c.changed_at, cell: (c) => when(c.changed_at) },
  ];
  return (
    <ServerTable id="loan-cases" label={t("lend.tab_cases")} columns={columns} page={page} rowKey={(c) => c.id} list={list}
      ask={(offset, limit) => financeCases({ ...asked, limit, offset })} empty={<Empty text={t("lend.none_cases")} />}
      filters={<Filter list={list} name="case" label={t("lend.state")} all={t("lend.any")} options={CASE_STATES.map((x) => [x, t(`casestate.${x}`)])} />} />
  );
}

function Board() {
  const { t, pick, num } = useText(financing);
  const words = useFinancingWords();
  const firm = useFirm();
  const { data } = useQuery(financeCasesQuery({ sort: "due", limit: BOARD, offset: 0 }));
  if (!data) return null;
  const columns = COLUMNS.map((c) => ({ ...c, cases: data.items.filter((x) => c.states.includes(x.state)) }));
  return (
    <>
      {data.total > BOARD && <p className="quiet">{t("lend.board_part", { n: num(BOARD), of: num(data.total) })}</p>}
      <div className="board" tabIndex={0} role="region" aria-label={t("lend.tab_board")}>
        {columns.map((c) => (
          <section key={c.id} aria-labelledby={`board-${c.id}`}>
            <h3 id={`board-${c.id}`}>{t(`lend.column_${c.id}` as "lend.column_draft")} <span className="quiet">{num(c.cases.length)}</span></h3>
            <ul>
              {c.cases.map((x) => (
                <li key={x.id}><div className="card"><h3><Link to={`/financing-desk/${x.id}`}>{firm(x)}</Link></h3><p>{words.amount(x.wanted.amount_fen)} · {words.months(x.wanted.term_months)}</p><p className="quiet">{pick(x.product_title, x.product_title_en)}</p>
                  <p className="badges">{x.due && <Deadline due={x.due} />}{x.overdue_days ? <Badge tone="poor">{t("fin.overdue_days", { n: num(x.overdue_days) })}</Badge> : null}</p></div></li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

export default function FinancingDesk() {
  const { t } = useText(financing);
  const [tab, choose] = useTab(TABS);
  return (
    <Page title={t("lend.title")} lead={t("lend.lead")} help={t("lend.help")}>
      <Tabs label={t("lend.tabs")} current={tab} choose={choose} tabs={[{ id: "open", text: t("lend.tab_open") }, { id: "cases", text: t("lend.tab_cases") }, { id: "board", text: t("lend.tab_board") }]}>
        {tab === "cases" ? <Cases /> : tab === "board" ? <Board /> : <Open />}
      </Tabs>
    </Page>
  );
}
