// Events of watched subjects as a timeline, the newest first.  Reading them is a call in the journal, so they are asked for when somebody looks, and not again by themselves.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { journalProofUrl, watchEventsQuery, type WatchEvent } from "#api";
import share from "../text/share";
import watch from "../text/watch";
import { useText } from "../text";
import { LEVELS, LevelBadge, type Level } from "./level";
import { useNames } from "./names";
import { FailureNote, Empty } from "./status";
import { written, type Value } from "./value";

interface Told {
  status: string;
  value?: Value;
}

function Changed({ event: e }: { event: WatchEvent }) {
  const words = useText(watch, share);
  const { itemTitle } = useNames(e.resource ? [e.resource] : []);
  const values = Object.entries((e.values ?? {}) as Record<string, Told>);
  if (e.told !== "values") return <p className="quiet">{words.tCode("told", e.told)}</p>;
  return (
    <dl className="about">
      {values.map(([item, told]) => (
        <div key={item}><dt>{itemTitle(e.resource!, item)}</dt>
          <dd>{told.value === undefined ? words.t(told.status === "masked" ? "event.masked" : "event.absent") : written(told.value, null, words)}</dd></div>
      ))}
    </dl>
  );
}

function One({ event: e, open }: { event: WatchEvent; open(watch: number): void }) {
  const { t, tCode, pick, when, num } = useText(watch);
  const { resourceTitle } = useNames(e.resource ? [e.resource] : []);
  const about = e.resource ? resourceTitle(e.resource) : e.list;
  return (
    <li className={`level ${e.level}`}>
      <p><LevelBadge level={e.level} /> <strong>{pick(e.title ?? tCode("act", e.act), e.title_en)}</strong><span className="quiet">{when(e.at)}</span></p>
      <p>{e.subject ? <button type="button" className="linkish" onClick={() => open(e.watch!)}>{e.reference ?? e.subject}</button> : t("event.everybody")} · {about} · {tCode("act", e.act)}</p>
      <Changed event={e} />
      <p className="quiet"><a href={journalProofUrl({ index: e.entry })} target="_blank" rel="noreferrer">{t("event.proof", { n: num(e.entry) })}</a></p>
    </li>
  );
}

export function WatchEvents({ of, open }: { of: number | undefined; open(watch: number | undefined): void }) {
  const { t, tCode, num } = useText(watch);
  const [level, setLevel] = useState<Level | "">("");
  const [cursor, setCursor] = useState<string | undefined>();
  const asked = { order: "newest" as const, limit: 30, watch: of, level: level || undefined, cursor };
  const { data, error } = useQuery({ ...watchEventsQuery(asked), staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false, gcTime: 0 });
  return (
    <section>
      <div className="filters">
        <p className="filter"><label htmlFor="event-level">{t("watch.level")}</label>
          <select id="event-level" value={level} onChange={(e) => { setLevel(e.target.value as Level | ""); setCursor(undefined); }}>
            <option value="">{t("watch.all")}</option>{LEVELS.map((l) => <option key={l} value={l}>{tCode("level", l)}</option>)}
          </select></p>
        {of !== undefined && <p>{t("event.of", { n: of })} <button type="button" className="plain small" onClick={() => { setCursor(undefined); open(undefined); }}>{t("event.of_all")}</button></p>}
      </div>
      {error ? <FailureNote error={error} /> : null}
      {data && data.items.length === 0 && <Empty text={t("event.none")} />}
      {data && data.items.length > 0 && <ol className="timeline spaced">{data.items.map((e) => <One key={e.event} event={e} open={open} />)}</ol>}
      {data && (
        <>
          <p className="buttons">
            {cursor && <button type="button" className="plain" onClick={() => setCursor(undefined)}>{t("event.newest")}</button>}
            {data.more && <button type="button" className="plain" onClick={() => setCursor(data.cursor)}>{t("event.older")}</button>}
          </p>
          <p className="quiet">{t("event.receipt", { n: num(data.receipt.index) })}</p>
        </>
      )}
    </section>
  );
}
