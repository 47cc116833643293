// Every dated fact of a subject in one stream, newest first, of one kind or of all.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { subjectTimelineQuery, type Item, type TimelineFact } from "#api";
import catalogue from "../text/catalogue";
import subject from "../text/subject";
import { useText } from "../text";
import { Badge } from "./badges";
import { Pager } from "./pager";
import { Empty, FailureNote } from "./status";
import { written } from "./value";

const PAGE = 50;
const tones: Record<string, string> = { good: "good", warn: "fair", bad: "poor" };

/** A year or a month stands as it is; a day is written as days are. */
function useDate(): (f: TimelineFact) => string {
  const { day } = useText();
  return (f) => (f.precision === "day" ? day(f.date) : f.date);
}

function Fact({ fact: f, items }: { fact: TimelineFact; items: Item[] }) {
  const { t, pick } = useText(subject);
  const text = useText(catalogue);
  const date = useDate();
  const rows = items.filter((i) => f.record && f.record[i.name] !== undefined && f.record[i.name] !== null);
  return (
    <li className={`fact is-${f.tone}`}>
      <time dateTime={f.date}>{date(f)}</time>
      <div>
        <h3>{pick(f.what, f.what_en)}{f.note && <>{" "}<span>{pick(f.note, f.note_en)}</span></>}</h3>
        <p className="badges">
          {f.tone !== "plain" && <Badge tone={tones[f.tone]}>{t(`timeline.${f.tone}`)}</Badge>}
          {f.relation && <Badge tone="role">{text.tCode("relation", f.relation)}</Badge>}
          {f.disputed && <Badge tone="fair">{t("timeline.disputed")}</Badge>}
          {f.withheld && <Badge>{t("timeline.withheld")}</Badge>}
        </p>
        {rows.length > 0 && <dl className="record">{rows.map((i) => <div key={i.name}><dt>{text.pick(i.title, i.title_en)}</dt><dd>{written(f.record![i.name]!, i.unit, text)}</dd></div>)}</dl>}
        <p className="quiet">{f.resource ? <Link to={`/resources/${encodeURIComponent(f.resource)}`}>{pick(f.title, f.title_en)}</Link> : t("timeline.platform")}{f.provider_name && ` · ${f.provider_name}`}</p>
      </div>
    </li>
  );
}

export function Timeline({ id }: { id: string }) {
  const { t, pick, num } = useText(subject);
  const [kind, setKind] = useState("");
  const [offset, setOffset] = useState(0);
  const { data, error } = useQuery({ ...subjectTimelineQuery({ id, offset, limit: PAGE, ...(kind && { kind }) }), placeholderData: keepPreviousData });
  if (error) return <FailureNote error={error} />;
  if (!data) return <p className="quiet" role="status">{t("timeline.loading")}</p>;
  const all = data.kinds.reduce((n, k) => n + k.count, 0);
  return (
    <section className="stream">
      <h2 className="unseen">{t("subject.timeline")}</h2>
      {all > 0 && (
        <div className="filters">
          <span className="filter">
            <label htmlFor="timeline-kind">{t("timeline.kind")}</label>
            <select id="timeline-kind" value={kind} onChange={(e) => { setKind(e.target.value); setOffset(0); }}>
              <option value="">{t("timeline.all", { n: num(all) })}</option>
              {data.kinds.map((k) => <option key={k.kind} value={k.kind}>{t("timeline.of", { kind: pick(k.title, k.title_en), n: num(k.count) })}</option>)}
            </select>
          </span>
        </div>
      )}
      {!data.facts.length && <Empty text={t("timeline.none")} />}
      <ol className="facts">{data.facts.map((f, at) => <Fact key={`${f.date}${f.what}${at}`} fact={f} items={f.resource ? data.items[f.resource] ?? [] : []} />)}</ol>
      {data.more && <p className="quiet">{t("timeline.more")}</p>}
      {data.unread > 0 && <p className="quiet">{t("timeline.unread", { n: num(data.unread) })}</p>}
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={setOffset} />
    </section>
  );
}
