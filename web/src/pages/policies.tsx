// The policy library, for anybody: filtered and ordered by the server; for a firm that is signed in by its passkey first what fits it.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { codesSearchQuery, policiesList, policiesListQuery, type PolicyCard } from "#api";
import { Badge } from "../parts/badges";
import { orderOf, useList } from "../parts/list";
import { MyPolicies } from "../parts/me-policies";
import { Page } from "../parts/page";
import { TimeBadge, usePolicyWords } from "../parts/policy";
import { Empty, FailureNote } from "../parts/status";
import { WhileStaying } from "../parts/stay";
import { Filter, FilterField, ServerTable, type Column } from "../parts/table";
import policies from "../text/policies";
import { useText } from "../text";

const LEVELS = ["national", "province", "city", "county"] as const;
const ORDERS = ["until", "title", "kind", "level"] as const;
const KINDS = 60; // as many as may be chosen from

export default function Policies() {
  const { t, tCode, pick } = useText(policies);
  const words = usePolicyWords();
  const list = useList();
  const { data: kinds } = useQuery({ ...codesSearchQuery({ table: "FIN_POLICY_KIND", limit: KINDS }), retry: false, staleTime: Infinity });
  const asked = {
    q: list.filter("q") || undefined, kind: list.filter("kind") || undefined, level: LEVELS.find((l) => l === list.filter("level")), department: list.filter("department") || undefined, industry: list.filter("industry") || undefined,
    open: list.filter("open") === "Y" ? ("Y" as const) : undefined, sort: orderOf(list, ORDERS),
  };
  const { data: page, error } = useQuery({ ...policiesListQuery({ ...asked, limit: list.limit, offset: list.offset }), retry: false, placeholderData: keepPreviousData });
  const columns: Array<Column<PolicyCard>> = [
    { id: "title", head: t("policy.name"), sort: "title", text: (p) => pick(p.title, p.title_en), cell: (p) => <><Link to={`/policies/${p.code}`}>{pick(p.title, p.title_en)}</Link> {p.sample && <Badge tone="fair">{t("policy.sample")}</Badge>}</> },
    { id: "benefit", head: t("policy.benefit"), text: words.benefit, cell: words.benefit },
    { id: "department", head: t("policy.department"), text: words.department, cell: words.department },
    { id: "kind", head: t("policy.kind"), sort: "kind", text: words.kind, cell: words.kind },
    { id: "level", head: t("policy.level"), sort: "level", whole: true, text: words.level, cell: words.level },
    { id: "until", head: t("policy.until"), sort: "until", whole: true, text: words.until, cell: words.until },
    { id: "time", head: t("policy.time"), whole: true, text: words.time, cell: (p) => <TimeBadge of={p} /> },
    ...(["amount", "document", "regions", "industries", "period"] as const).map((id): Column<PolicyCard> => ({ id, head: t(`policy.${id}`), extra: true, text: words[id], cell: words[id] })),
  ];
  return (
    <Page title={t("policy.heading")} lead={t("policy.lead")} help={t("policy.help")}>
      <WhileStaying otherwise={<p className="quiet">{t("mine.signin")} <Link to="/me#enterprise">{t("mine.signin_go")}</Link></p>}>
        {(me, rest) => <><p><strong>{me.title}</strong> <code>{me.subject}</code> {rest}</p>{me.scheme === "uscc" && <MyPolicies />}</>}
      </WhileStaying>
      {error && <FailureNote error={error} />}
      {page && (
        <ServerTable id="policies" label={t("policy.heading")} columns={columns} page={page} rowKey={(p) => p.code} list={list}
          ask={(offset, limit) => policiesList({ ...asked, limit, offset })} empty={<Empty text={t("policy.none")} />}
          filters={<>
            <FilterField list={list} name="q" label={t("policy.search")} maxLength={100} />
            <Filter list={list} name="kind" label={t("policy.kind")} all={t("policy.all")} options={(kinds?.items ?? []).map((k) => [k.code, pick(k.title, k.title_en)])} />
            <Filter list={list} name="level" label={t("policy.level")} all={t("policy.all")} options={LEVELS.map((l) => [l, tCode("level", l)])} />
            <FilterField list={list} name="industry" label={t("policy.industry")} maxLength={6} />
            <Filter list={list} name="open" label={t("policy.open")} all={t("policy.all")} options={[["Y", t("policy.open_only")]]} />
          </>} />
      )}
    </Page>
  );
}
