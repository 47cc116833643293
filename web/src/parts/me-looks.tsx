// Who looked at a subject's data, and whether that list is whole: both worked out by this browser.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { journalProofUrl, meLooks, type Look } from "#api";
import { ApiFailure } from "#send";
import meText from "../text/me";
import share from "../text/share";
import { useText } from "../text";
import { Badge } from "./badges";
import { saveFile } from "./csv";
import { DetailList } from "./facts";
import { Icon } from "./icon";
import { commits } from "./journal";
import { useNames } from "./names";
import { Empty, FailureNote, failureText, Note } from "./status";
import { checkWhole, ListError, MemoryError, type Whole } from "./whole";

const LIMIT = 20;
const NOT_YET = 503;
const tones: { [kind: string]: string } = { call: "", export: "fair", refusal: "quietly", "look-up": "fair", report: "fair", own: "quietly" };

/** The whole list is checked once a visit, and again when asked. */
export const useWhole = (passkey: string) => useQuery({ queryKey: ["me.whole", passkey], queryFn: () => checkWhole(passkey), staleTime: Infinity, retry: false });

export const useLooks = () =>
  useInfiniteQuery({
    queryKey: ["me.looks"],
    queryFn: ({ pageParam }) => meLooks({ limit: LIMIT, before: pageParam }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last, all) => {
      const seen = all.reduce((n, p) => n + p.items.length + (p.withheld ?? 0), 0);
      return seen < last.total && last.items.length ? last.items.at(-1)!.entry : undefined;
    },
  });

function Good({ whole: w, total }: { whole: Whole; total: number }) {
  const { t, num, when } = useText(meText);
  const { checked: c, before: b } = w;
  const later = Math.max(0, total - c.total);
  return (
    <Note tone="fine" role="status">
      <p><strong>{c.total ? t("whole.yes", { n: num(c.total) }) : t("whole.zero")}</strong></p>
      {later > 0 && <p>{t("whole.later", { n: num(later) })}</p>}
      <details>
        <summary>{t("whole.title")}</summary>
        <p>{t("whole.how", { at: when(c.at), entries: num(c.entries) })} <a href={journalProofUrl({ index: c.index })} target="_blank" rel="noreferrer">{t("me.proof")}</a></p>
        <p>{b ? t("whole.known", { key: w.keys, n: num(b.looks) }) : t("whole.first", { key: w.keys })}</p>
        <p>{t("whole.offline")}</p>
      </details>
    </Note>
  );
}

function Wrong({ error }: { error: unknown }) {
  const { t, num, pick } = useText(meText);
  if (error instanceof ApiFailure && error.failure.status === NOT_YET) return <Note role="status"><p>{t("whole.not_yet")}</p></Note>;
  if (!(error instanceof ListError || error instanceof MemoryError)) return <FailureNote error={error} />;
  const said = error instanceof ListError ? pick(error.why.zh, error.why.en) : t(`whole.${error.fault}`, { n: num(error.n) });
  return <Note tone="bad" role="alert"><p><strong>{t("whole.no")}</strong></p><p>{said}</p><p>{t("whole.what")}</p></Note>;
}

function Completeness({ passkey, total }: { passkey: string; total: number }) {
  const { t } = useText(meText);
  const { data, error, isFetching, refetch } = useWhole(passkey);
  const file = data?.file ?? (error instanceof ListError || error instanceof MemoryError ? error.file : null);
  return (
    <section aria-label={t("whole.title")} className="completeness" data-tour="whole" aria-busy={isFetching}>
      {isFetching ? <Note role="status"><p>{t("whole.checking")}</p></Note> : data && !error ? <Good whole={data} total={total} /> : <Wrong error={error} />}
      <p className="buttons">
        <button type="button" className="plain small" disabled={isFetching} onClick={() => void refetch()}>{t("whole.again")}</button>
        {file && <button type="button" className="plain small" onClick={() => saveFile("looks.json", file, "application/json")}><Icon name="download" />{t("whole.save")}</button>}
      </p>
    </section>
  );
}

/** A look that is newer than the commitment: compared with the journal's own entry. */
function Compared({ look: l }: { look: Look }) {
  const { t } = useText(meText);
  const [verdict, setVerdict] = useState<"same" | "differs" | { error: unknown } | null>(null);
  useEffect(() => {
    commits(l.entry, l.sealed).then((same) => setVerdict(same ? "same" : "differs")).catch((error: unknown) => setVerdict({ error }));
  }, [l.entry, l.sealed]);
  if (verdict && typeof verdict === "object") return <span className="bad">{failureText(verdict.error)}</span>;
  return <span className={verdict === "differs" ? "bad" : "quiet"}>{t(verdict ? `me.${verdict}` : "me.checking")}</span>;
}

function Verdict({ look: l, whole }: { look: Look; whole: Whole | undefined }) {
  const { t } = useText(meText);
  const listed = whole?.sealed.get(l.entry);
  if (listed === undefined) return <Compared look={l} />;
  return listed === l.sealed ? <span className="quiet">{t("me.covered")}</span> : <span className="bad">{t("me.differs")}</span>;
}

function LookCard({ look: l, whole }: { look: Look; whole: Whole | undefined }) {
  const { t, tCode, num, when, day, listed } = useText(meText, share);
  const { orgName, resourceTitle, itemTitle } = useNames(l.resource ? [l.resource] : []);
  const items = l.resource ? l.items.map((i) => itemTitle(l.resource!, i)) : l.items;
  const kind = l.organisation ? l.kind : "own";
  const who = l.organisation ? orgName(l.organisation) || l.organisation_name : t("me.self");
  const by = l.officer ? t("me.officer", { id: l.officer }) : l.account ? t("me.staff", { id: l.account }) : l.client ? t("me.client", { id: l.client }) : null;
  const watching = l.mode?.startsWith("watch.");
  const what = watching ? tCode("seen", l.mode!.replaceAll(".", "_")) + (l.resource ? ` · ${resourceTitle(l.resource)}` : "") : l.resource ? t("me.saw", { resource: resourceTitle(l.resource), items: items.length ? listed(items) : t("me.all_items") }) : l.mode && tCode("seen", l.mode.replaceAll(".", "_"));
  return (
    <li className="panel">
      <p className="badges"><Badge tone={tones[kind] ?? ""}>{tCode("look", kind.replace("-", "_"))}</Badge><time className="quiet" dateTime={l.at}>{when(l.at)}</time></p>
      <h3>{who}</h3>
      {what && <p>{what}</p>}
      {l.purpose && <p className="quiet">{t("me.said", { purpose: l.purpose })}</p>}
      {l.condition && <p className="quiet">{t("me.why_refused", { why: tCode("refused", l.condition) })}</p>}
      {l.delayed && <p className="quiet">{t("me.delayed", { until: day(l.delayed.until), matter: l.delayed.matter, basis: l.delayed.legal_basis })}</p>}
      <details>
        <summary>{t("me.more")}</summary>
        <DetailList rows={[
          [t("me.by"), by], [t("me.way"), l.resource && l.mode && !watching && tCode("use", l.mode)], [t("me.grant"), l.grant && <code>{l.grant}</code>],
          [t("me.receipt"), <span key="e">{t("me.receipt_n", { n: num(l.entry) })} · <a href={journalProofUrl({ index: l.entry })} target="_blank" rel="noreferrer">{t("me.proof")}</a><br /><Verdict look={l} whole={whole} /></span>],
        ]} />
      </details>
    </li>
  );
}

export function MyLooks({ passkey }: { passkey: string }) {
  const { t, num } = useText(meText);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useLooks();
  const whole = useWhole(passkey).data;
  if (!data) return error ? <FailureNote error={error} /> : <p className="quiet loading" role="status">{t("status.loading")}</p>;
  const looks = data.pages.flatMap((p) => p.items);
  const withheld = data.pages.reduce((n, p) => n + (p.withheld ?? 0), 0);
  return (
    <>
      <Completeness passkey={passkey} total={data.pages[0]!.total} />
      {withheld > 0 && <Note tone="ask"><p>{t("me.withheld", { n: num(withheld) })}</p></Note>}
      {looks.length ? <ol className="candidates">{looks.map((l) => <LookCard key={l.entry} look={l} whole={whole} />)}</ol> : <Empty text={t("me.nobody")} />}
      {hasNextPage && <p className="buttons"><button type="button" className="plain" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("me.older")}</button></p>}
      {error ? <FailureNote error={error} /> : null}
    </>
  );
}
