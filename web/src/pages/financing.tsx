// The financings of the firm that is signed in by its passkey: how far each has come, and what it should do next.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { meEnterpriseQuery, meFinancingQuery, meFinancingsQuery, type MeFinancing, type MeFinancingCard } from "#api";
import { StatusTag } from "../parts/badges";
import { CaseWay, foremost, useFinancingWords } from "../parts/financing";
import { useNext, WaitingOffers } from "../parts/financing-firm";
import { ForFirm, isActing } from "../parts/acting";
import { Page } from "../parts/page";
import { Pager } from "../parts/pager";
import { Staying } from "../parts/stay";
import { Empty, FailureNote, Note } from "../parts/status";
import financing from "../text/financing";
import { useText } from "../text";

const LIMIT = 10;
const LOOK_AGAIN_MS = 15_000; // an institution may have answered

function Card({ card: c, whole }: { card: MeFinancingCard; whole: MeFinancing | undefined }) {
  const { t, day } = useText(financing);
  const words = useFinancingWords();
  const next = useNext();
  const best = whole && foremost(whole.cases);
  return (
    <li>
      <div className="card">
        <h2><Link to={`/financing/${c.id}`}>{words.amount(c.wanted.amount_fen)} · {words.months(c.wanted.term_months)}</Link></h2>
        <p className="provider">{words.named(c.wanted.purpose)} · {t("fin.made", { day: day(c.created_at) })}</p>
        <p className="badges"><StatusTag of={best ?? c} /></p>
        {whole && <><CaseWay state={best?.state ?? null} progress={best?.progress} /><p><strong>{next(whole)}</strong></p></>}
      </div>
    </li>
  );
}

function Mine() {
  const { t } = useText(financing);
  const [offset, turn] = useState(0);
  const { data, error } = useQuery({ ...meFinancingsQuery({ limit: LIMIT, offset }), retry: false, refetchInterval: LOOK_AGAIN_MS });
  const wholes = useQueries({ queries: (data?.items ?? []).map((c) => ({ ...meFinancingQuery({ id: c.id }), retry: false, refetchInterval: LOOK_AGAIN_MS })) });
  const firm = useQuery({ ...meEnterpriseQuery(), retry: false, staleTime: Infinity }).data;
  if (error) return <FailureNote error={error} />;
  if (!data) return <p className="quiet loading" role="status">{t("status.loading")}</p>;
  return (
    <>
      {firm && firm.state !== "registered" && <Note tone="ask"><p>{t("fin.register_first")}</p><p className="buttons"><Link className="button" to={isActing() ? "/me#firms" : "/me#enterprise"}>{t("fin.register")}</Link></p></Note>}
      <WaitingOffers />
      {data.items.length ? <ul className="cards loose">{data.items.map((c, at) => <Card key={c.id} card={c} whole={wholes[at]?.data} />)}</ul> : <Empty text={t("fin.none")} />}
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={turn} />
    </>
  );
}

export default function FinancingPage() {
  const { t } = useText(financing);
  return (
    <Staying title={t("fin.title")} lead={t("fin.lead")} help={t("fin.help")}>
      {(me, _, rest) => {
        const page = (inner: ReactNode, more?: ReactNode) => <Page title={t("fin.title")} help={t("fin.help")} lead={me && <><strong>{me.title}</strong> <code>{me.subject}</code></>} actions={<>{more}{rest}</>}>{inner}</Page>;
        return <ForFirm me={me} frame={(inner) => page(inner)}>{(note) => page(<>{note}<Mine /></>, <Link className="button" to="/financing/new">{t("fin.new")}</Link>)}</ForFirm>;
      }}
    </Staying>
  );
}
