// The records that departments have of one subject, those of a department together: on the subject's page of the console and on its own.
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Item, Profile, SubjectGroup, SubjectRecord } from "#api";
import catalogue from "../text/catalogue";
import subject from "../text/subject";
import { useText } from "../text";
import { Badge } from "./badges";
import { written } from "./value";

const OPEN = 2; // records of a resource that are shown unfolded
const LONG = 40; // letters of a value that takes a line of its own
const MIDDLE = 14;

/** What the page already says at its top (who it is) is not said again in each record. */
function OneRecord({ record: r, items, known, folded, act }: { record: SubjectRecord; items: Item[]; known: Set<string>; folded: boolean; act: ReactNode }) {
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
  if (!folded) return <div className="one">{relation}{rows}{act}</div>;
  return <details className="one"><summary>{relation} {r.key.filter((k) => !known.has(k)).join(" · ") || r.key.join(" · ")}</summary>{rows}{act}</details>;
}

interface Shown {
  profile: Profile;
  /** Records of others in which the subject stands, or its own. */
  related: boolean;
  /** Titles lead to the catalogue; not where leaving the page would end the sign-in. */
  linked?: boolean;
  /** What may be done with a record, under it. */
  act?(group: SubjectGroup, record: SubjectRecord): ReactNode;
}

function Group({ group: g, profile, related, linked = true, act }: Shown & { group: SubjectGroup }) {
  const { t, pick, num, when } = useText(subject);
  const known = new Set([...profile.subject.names, ...profile.subject.identifiers.map((i) => i.value)]);
  const records = g.records.filter((r) => !!r.relation === related);
  return (
    <article className="panel group">
      <header>
        <h3>{linked ? <Link to={`/resources/${encodeURIComponent(g.resource)}`}>{pick(g.title, g.title_en)}</Link> : pick(g.title, g.title_en)}</h3>
        <p className="quiet">{t("subject.source", { n: (g.more ? "≥ " : "") + num(g.total), time: when(g.published_at) })}</p>
      </header>
      {records.map((r, at) => <OneRecord key={r.key.join("\n")} record={r} items={profile.items[g.resource] ?? []} known={known} folded={at >= OPEN} act={act?.(g, r)} />)}
      {g.total > g.records.length && <p className="quiet">{t("subject.shown", { shown: num(g.records.length), total: num(g.total) })}</p>}
    </article>
  );
}

/** Groups of one department stand together, in the order the server gives. */
export function Departments(shown: Shown) {
  const { profile, related } = shown;
  const { pick } = useText();
  const by = new Map<string, SubjectGroup[]>();
  for (const g of profile.subject.groups)
    if (g.records.some((r) => !!r.relation === related)) by.set(g.provider, [...(by.get(g.provider) ?? []), g]);
  return [...by.values()].map((list) => (
    <section key={list[0]!.provider} className="department">
      <h2>{pick(list[0]!.provider_name, null)}</h2>
      {list.map((g) => <Group key={g.resource} group={g} {...shown} />)}
    </section>
  ));
}
