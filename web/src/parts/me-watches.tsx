// Who watches the subject that is signed in: since when, for what, and what they are told of.
import { useQuery } from "@tanstack/react-query";
import { meWatchesQuery, type MeWatch } from "#api";
import meText from "../text/me";
import { useText } from "../text";
import { useNames } from "./names";
import { FailureNote } from "./status";

const MOST = 100;

function One({ watch: w }: { watch: MeWatch }) {
  const { t, day, listed } = useText(meText);
  const { orgName, resourceTitle } = useNames(w.covers.map((c) => c.resource));
  const resources = listed(w.covers.map((c) => resourceTitle(c.resource)));
  return (
    <li>
      <p><strong>{orgName(w.organisation)}</strong> <span className="quiet">{t("me.said", { purpose: w.purpose })}</span></p>
      <p className="quiet">{t("watched.since", { at: day(w.made_at) })} · {w.state === "active" ? w.until && t("watched.until", { at: day(w.until) }) : w.ended_at && t("watched.ended", { at: day(w.ended_at) })}</p>
      {w.state === "active" && resources && <p>{t("watched.what", { resources })}</p>}
    </li>
  );
}

export function MyWatches() {
  const { t, num } = useText(meText);
  const { data, error } = useQuery(meWatchesQuery({ limit: MOST }));
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  const now = data.items.filter((w) => w.state === "active"), past = data.items.filter((w) => w.state === "ended");
  return (
    <section className="panel spaced" aria-label={t("watched.title")}>
      <h2>{t("watched.title")}</h2>
      {now.length ? <ul className="findings told">{now.map((w) => <One key={w.id} watch={w} />)}</ul> : <p>{t("watched.none")}</p>}
      {past.length > 0 && <details><summary>{t("watched.past", { n: num(past.length) })}</summary><ul className="findings told">{past.map((w) => <One key={w.id} watch={w} />)}</ul></details>}
    </section>
  );
}
