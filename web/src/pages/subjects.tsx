// Finds a subject: an identifier leads straight to its page (or says what is wrong with it), a name lists those it may mean.
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { identify, subjectsSearch, type Identity, type SubjectHit } from "#api";
import { ApiFailure } from "#send";
import { Icon } from "../parts/icon";
import { IdentityParts } from "../parts/identity";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import subject from "../text/subject";
import { useText } from "../text";

const HITS = 50;
const INVALID = 422;
const looksLikeIdentifier = (q: string): boolean => /[0-9０-９]{6}/.test(q) && /^[0-9A-Za-z０-９Ａ-Ｚａ-ｚ\s-]+$/.test(q);

/** Null for what has the form of no known identifier. */
export const identityQuery = (value: string) => queryOptions({
  queryKey: ["identify", value],
  queryFn: async (): Promise<Identity | null> => {
    try {
      return await identify({ value });
    } catch (error) {
      if (error instanceof ApiFailure && error.failure.status === INVALID) return null;
      throw error;
    }
  },
});

function Hits({ hits }: { hits: SubjectHit[] }) {
  const { t, pick } = useText(subject);
  if (!hits.length) return <Empty text={t("subjects.none")} />;
  return (
    <section>
      <h2 className="unseen">{t("subjects.results")}</h2>
      <ul className="cards hits">
        {hits.map((x, at) => (
          <li key={at}>
            <article className="card">
              {/* A masked identifier of a person leads nowhere: who may see it is for accounts to settle. */}
              <h3>{x.identifier.value.includes("*") ? x.name : <Link to={`/subjects/${encodeURIComponent(x.identifier.value)}`}>{x.name}</Link>}</h3>
              <p className="quiet">{pick(x.identifier.title, x.identifier.title_en)} <code>{x.identifier.value}</code></p>
            </article>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Results({ q }: { q: string }) {
  const { data } = useSuspenseQuery({
    queryKey: ["subjects", q],
    queryFn: async ({ client }) => {
      const identity = looksLikeIdentifier(q) ? await client.fetchQuery(identityQuery(q)) : null;
      return { identity, hits: identity?.valid ? [] : (await subjectsSearch({ name: q, limit: HITS })).items };
    },
  });
  if (data.identity?.valid) return <Navigate to={`/subjects/${encodeURIComponent(data.identity.canonical)}`} replace />;
  return <>{data.identity && <IdentityParts identity={data.identity} />}<Hits hits={data.hits} /></>;
}

export default function Subjects() {
  const { t } = useText(subject);
  const navigate = useNavigate();
  const q = (useSearchParams()[0].get("q") ?? "").trim();
  return (
    <Page title={t("subjects.title")} lead={t("subjects.lead")} help={t("subjects.help")} band={
      <form className="search" role="search" onSubmit={(e) => {
        e.preventDefault();
        const wanted = String(new FormData(e.currentTarget).get("q") ?? "").trim();
        if (wanted) void navigate(`/subjects?q=${encodeURIComponent(wanted)}`);
      }}>
        <label className="unseen" htmlFor="q">{t("subjects.search")}</label>
        <Icon name="search" />
        <input key={q} type="search" id="q" name="q" defaultValue={q} required maxLength={100} autoComplete="off" placeholder={t("subjects.placeholder")} />
        <button type="submit" className="primary">{t("subjects.go")}</button>
      </form>
    }>
      {q && <Results q={q} />}
    </Page>
  );
}
