// One subject: who it is, by which identifiers it is known, and what the departments have on record of it.
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { subjectShowQuery, type Item, type Profile, type SubjectGroup, type SubjectRecord } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { IdentityParts } from "../parts/identity";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import { written } from "../parts/value";
import catalogue from "../text/catalogue";
import subject from "../text/subject";
import { useText } from "../text";
import { identityQuery } from "./subjects";

const OPEN = 2; // records of a resource that are shown unfolded
const LONG = 40; // letters of a value that takes a line of its own
const MIDDLE = 14;

/** What the page already says at its top (who it is) is not said again in each record. */
function OneRecord({ record: r, items, known, folded }: { record: SubjectRecord; items: Item[]; known: Set<string>; folded: boolean }) {
  const text = useText(catalogue);
  const filled = items.filter((i) => {
    const v = r.record[i.name];
    return v !== null && v !== undefined && !((i.role === "subject" || i.role === "subject_name") && known.has(String(v)));
  });
  const relation = r.relation && <Badge tone="role">{text.tCode("relation", r.relation)}</Badge>;
  const rows = (
    <dl className="record">
      {filled.map((i) => {
        const value = written(r.record[i.name] ?? null, i.unit, text);
        return <div key={i.name} className={value.length > LONG ? "long" : value.length > MIDDLE ? "mid" : undefined}><dt>{text.pick(i.title, i.title_en)}</dt><dd>{value}</dd></div>;
      })}
    </dl>
  );
  if (!folded) return <div className="one">{relation}{rows}</div>;
  return <details className="one"><summary>{relation} {r.key.filter((k) => !known.has(k)).join(" · ") || r.key.join(" · ")}</summary>{rows}</details>;
}

function Group({ group: g, profile, related }: { group: SubjectGroup; profile: Profile; related: boolean }) {
  const { t, pick, num, when } = useText(subject);
  const known = new Set([...profile.subject.names, ...profile.subject.identifiers.map((i) => i.value)]);
  const records = g.records.filter((r) => !!r.relation === related);
  return (
    <article className="panel group">
      <header>
        <h3><Link to={`/resources/${encodeURIComponent(g.resource)}`}>{pick(g.title, g.title_en)}</Link></h3>
        <p className="quiet">{t("subject.source", { n: (g.more ? "≥ " : "") + num(g.total), time: when(g.published_at) })}</p>
      </header>
      {records.map((r, at) => <OneRecord key={r.key.join("\n")} record={r} items={profile.items[g.resource] ?? []} known={known} folded={at >= OPEN} />)}
      {g.total > g.records.length && <p className="quiet">{t("subject.shown", { shown: num(g.records.length), total: num(g.total) })}</p>}
    </article>
  );
}

/** Groups of one department stand together, in the order the server gives. */
function Departments({ profile, related }: { profile: Profile; related: boolean }) {
  const { pick } = useText();
  const by = new Map<string, SubjectGroup[]>();
  for (const g of profile.subject.groups)
    if (g.records.some((r) => !!r.relation === related)) by.set(g.provider, [...(by.get(g.provider) ?? []), g]);
  return [...by.values()].map((list) => (
    <section key={list[0]!.provider} className="department">
      <h2>{pick(list[0]!.provider_name, null)}</h2>
      {list.map((g) => <Group key={g.resource} group={g} profile={profile} related={related} />)}
    </section>
  ));
}

export default function SubjectPage() {
  const id = useParams()["id"]!;
  const { t, pick, num } = useText(subject);
  const [{ data: profile }, { data: identity }] = useSuspenseQueries({ queries: [subjectShowQuery({ id }), identityQuery(id)] });
  const s = profile.subject;
  const records = s.groups.reduce((n, g) => n + g.total, 0);
  const providers = new Set(s.groups.map((g) => g.provider)).size;
  return (
    <Page title={s.names[0] ?? id} back={["/subjects", t("nav.subjects")]} help={t("subjects.help")}
      badges={<>{s.kind && <Badge>{pick(s.kind.title, s.kind.title_en)}</Badge>}{s.names.slice(1).map((n) => <Badge key={n}>{t("subject.also", { name: n })}</Badge>)}</>}
      lead={s.groups.length > 0 && t("subject.summary", { records: num(records), resources: num(s.groups.length), providers: num(providers) })}>
      {s.candidates.length > 0 && (
        <section>
          <h2>{t("subject.candidates")}</h2>
          <ul className="cards hits">
            {s.candidates.map((c, at) => (
              <li key={at}><article className="card">
                <h3>{c.identifier.value.includes("*") ? c.name : <Link to={`/subjects/${encodeURIComponent(c.identifier.value)}`}>{c.name}</Link>}</h3>
                <code>{c.identifier.value}</code>
              </article></li>
            ))}
          </ul>
        </section>
      )}
      <div className="columns">
        <div className="wide">
          <Departments profile={profile} related={false} />
          {!s.groups.length && !s.candidates.length && <Empty text={t("subject.none")} />}
          {s.groups.some((g) => g.records.some((r) => r.relation)) && <section><h2>{t("subject.related")}</h2><Departments profile={profile} related /></section>}
        </div>
        <div className="narrow">
          {s.identifiers.length > 0 && (
            <section>
              <h2>{t("subject.identifiers")}</h2>
              <DetailList rows={s.identifiers.map((i) => [pick(i.title, i.title_en), <span key={i.value}><code>{i.value}</code>{i.from && <span className="quiet">{t("subject.from", { resource: i.from })}</span>}</span>])} />
            </section>
          )}
          {identity && <IdentityParts identity={identity} />}
        </div>
      </div>
    </Page>
  );
}
