// Policies for the enterprise that is signed in, in the declared order, each with what it meets, misses and by how much. Asked for at a press: each is a look that
// the journal has.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { mePoliciesQuery, type PolicyMatch } from "#api";
import policies from "../text/policies";
import { useText } from "../text";
import { Badge } from "./badges";
import { MetGroups } from "./met";
import { Pager } from "./pager";
import { usePolicyWords } from "./policy";
import { Empty, FailureNote } from "./status";

const LIMIT = 10, MOST = 200;

function MetBadges({ match: m }: { match: PolicyMatch }) {
  const { t, num } = useText(policies);
  return (
    <p className="badges">
      {m.result === "pass" && <Badge tone="good">{t("mine.fits")}</Badge>}
      {m.misses > 0 && <Badge tone="poor">{m.misses === 1 && m.unknown === 0 ? t("mine.near") : t("mine.misses", { n: num(m.misses) })}</Badge>}
      {m.unknown > 0 && <Badge tone="fair">{t("mine.unknown", { n: num(m.unknown) })}</Badge>}
      {m.policy.sample && <Badge tone="fair">{t("policy.sample")}</Badge>}
    </p>
  );
}

function Match({ match: m }: { match: PolicyMatch }) {
  const { pick } = useText(policies);
  const words = usePolicyWords();
  return (
    <li>
      <div className="card">
        <h3><Link to={`/policies/${m.policy.code}`}>{pick(m.policy.title, m.policy.title_en)}</Link></h3>
        <p className="provider">{words.department(m.policy)} · {words.benefit(m.policy)} · {words.period(m.policy)}</p>
        <MetBadges match={m} />
        <ul className="met"><MetGroups groups={m.groups} /></ul>
      </div>
    </li>
  );
}

function Matches() {
  const { t, day } = useText(policies);
  const [offset, turn] = useState(0);
  const { data, error } = useQuery({ ...mePoliciesQuery({ limit: LIMIT, offset }), retry: false, placeholderData: keepPreviousData });
  if (error) return <FailureNote error={error} />;
  if (!data) return <p role="status">{t("mine.computing")}</p>;
  return (
    <>
      <p className="quiet">{t("mine.as_of", { day: day(data.day) })}</p>
      {data.items.length ? <ul className="cards">{data.items.map((m) => <Match key={m.policy.code} match={m} />)}</ul> : <Empty text={t("policy.none")} />}
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={turn} />
    </>
  );
}

export function MyPolicies() {
  const { t } = useText(policies);
  const [asked, ask] = useState(false);
  return (
    <section aria-live="polite">
      <h2>{t("mine.title")}</h2>
      <p className="quiet">{t("mine.order")}</p>
      {asked ? <Matches /> : <p className="buttons"><button type="button" onClick={() => ask(true)}>{t("mine.show")}</button></p>}
    </section>
  );
}

function One({ code }: { code: string }) {
  const { t, day } = useText(policies);
  const { data, error } = useQuery({ ...mePoliciesQuery({ limit: MOST }), retry: false });
  const m = data?.items.find((x) => x.policy.code === code);
  if (error) return <FailureNote error={error} />;
  if (!data) return <p role="status">{t("mine.computing")}</p>;
  return m ? <><MetBadges match={m} /><ul className="met"><MetGroups groups={m.groups} /></ul><p className="quiet">{t("mine.as_of", { day: day(data.day) })}</p></> : null;
}

/** Of one policy alone. */
export function MyPolicy({ code }: { code: string }) {
  const { t } = useText(policies);
  const [asked, ask] = useState(false);
  return (
    <section aria-live="polite">
      <h2>{t("mine.this")}</h2>
      {asked ? <One code={code} /> : <p className="buttons"><button type="button" onClick={() => ask(true)}>{t("mine.show")}</button></p>}
    </section>
  );
}
