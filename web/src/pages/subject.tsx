// One subject: who it is, by which identifiers it is known, and what the departments have on record of it.
import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { subjectShowQuery } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { IdentityParts } from "../parts/identity";
import { Page } from "../parts/page";
import { Departments } from "../parts/records";
import { Relations } from "../parts/relations";
import { Empty } from "../parts/status";
import { Tabs, useTab } from "../parts/tabs";
import { Timeline } from "../parts/timeline";
import subject from "../text/subject";
import { useText } from "../text";
import { identityQuery } from "./subjects";

const parts = ["records", "timeline", "relations"];

export default function SubjectPage() {
  const id = useParams()["id"]!;
  const { t, pick, num } = useText(subject);
  const [{ data: profile }, { data: identity }] = useSuspenseQueries({ queries: [subjectShowQuery({ id }), identityQuery(id)] });
  const s = profile.subject;
  const records = s.groups.reduce((n, g) => n + g.total, 0);
  const providers = new Set(s.groups.map((g) => g.provider)).size;
  const [part, choose] = useTab(parts);
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
          {!s.groups.length && !s.candidates.length && <Empty text={t("subject.none")} />}
          {s.groups.length > 0 && (
            <Tabs label={t("subject.parts")} tabs={parts.map((p) => ({ id: p, text: t(`subject.${p}` as "subject.records"), count: p === "records" && num(records) }))} current={part} choose={choose}>
              {part === "records" && <Departments profile={profile} related={false} />}
              {part === "records" && s.groups.some((g) => g.records.some((r) => r.relation)) && <section><h2>{t("subject.related")}</h2><Departments profile={profile} related /></section>}
              {part === "timeline" && <Timeline key={id} id={id} />}
              {part === "relations" && <Relations key={id} id={id} />}
            </Tabs>
          )}
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
