// The journal: what stands in it, newest first, and who signed it.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { journalList, journalListQuery, type JournalCard } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { checkpointsQuery, type SignatureShown } from "../parts/journal";
import { useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { Empty, Note } from "../parts/status";
import { CursorTable, Filter, FilterField, Table, type Column } from "../parts/table";
import { useSession } from "../session";
import journal from "../text/journal";
import share from "../text/share";
import { useText } from "../text";
import { toBase64 } from "../verify/tlog";

const TYPES: Array<JournalCard["type"]> = [
  "call", "refusal", "export", "look-up", "consent", "grant", "report", "batch-sealed", "batch-withdrawn", "pack-loaded", "administration", "key-change", "looks", "ledger-step", "erasure",
];
const PSEUDONYM = 43; // letters

function Entries() {
  const { t, tCode, pick, num, when, listed } = useText(journal, share);
  const { can } = useSession();
  const list = useList();
  const contents = can("journal.contents");
  const type = TYPES.find((x) => x === list.filter("type"));
  const ask = {
    type, from: list.filter("from") || undefined, to: list.filter("to") || undefined,
    organisation: (contents && list.filter("organisation")) || undefined, subject: (contents && list.filter("subject")) || undefined,
  };
  const { data: page } = useSuspenseQuery(journalListQuery({ ...ask, before: list.before, limit: list.limit }));
  const { organisations, orgName, resourceTitle } = useNames(page.items.flatMap((e) => e.about.resource ?? []));
  const what = ({ about: a }: JournalCard): string =>
    listed([a.resource && resourceTitle(a.resource), a.mode && tCode("use", a.mode), a.flow, a.act, a.condition, a.kind, a.pack, a.batch, a.number, a.key].filter((x): x is string => Boolean(x)));
  const who = ({ about: a }: JournalCard): string => listed([a.client ?? a.account, a.officer].filter((x): x is string => Boolean(x)));
  const columns: Array<Column<JournalCard>> = [
    { id: "index", head: t("entry.index"), text: (e) => e.index, cell: (e) => <Link to={`/journal-explorer/${e.index}`}>{num(e.index)}</Link> },
    { id: "at", head: t("entry.at"), text: (e) => e.at, cell: (e) => when(e.at) },
    { id: "type", head: t("entry.type"), text: (e) => pick(e.type_title, e.type_title_en), cell: (e) => <><Badge tone={e.type === "refusal" ? "poor" : ""}>{pick(e.type_title, e.type_title_en)}</Badge>{e.contents === "erased" && <> <Badge tone="quietly">{t("entry.erased")}</Badge></>}</> },
    { id: "organisation", head: t("entry.organisation"), text: (e) => orgName(e.about.organisation ?? null), cell: (e) => orgName(e.about.organisation ?? null) || "–" },
    { id: "what", head: t("entry.what"), text: what, cell: (e) => what(e) || (e.contents === "sealed" ? <span className="quiet">{t("entry.sealed")}</span> : "–") },
    { id: "who", head: t("entry.who"), text: who, cell: (e) => who(e) || "–" },
  ];
  const reached = page.next !== null && page.items.length < list.limit;
  return (
    <section>
      <h2>{t("explorer.entries")}</h2>
      <CursorTable id="journal" label={t("explorer.entries")} columns={columns} page={page} rowKey={(e) => String(e.index)} list={list}
        ask={(before, limit) => journalList({ ...ask, before, limit })} empty={<Empty text={t(reached ? "explorer.not_here" : "explorer.none")} />}
        filters={
          <>
            <Filter list={list} name="type" label={t("entry.type")} all={t("explorer.all")} options={TYPES.map((x) => [x, tCode("entrytype", x)])} />
            {contents && <Filter list={list} name="organisation" label={t("entry.organisation")} all={t("explorer.all")} options={organisations.map((o) => [o.code, pick(o.name, o.name_en)])} />}
            <FilterField list={list} name="from" label={t("explorer.from")} type="date" />
            <FilterField list={list} name="to" label={t("explorer.to")} type="date" />
            {contents && <FilterField list={list} name="subject" label={t("explorer.subject")} minLength={PSEUDONYM} maxLength={PSEUDONYM} pattern="[A-Za-z0-9_\-]{43}" title={t("explorer.subject_hint")} spellCheck={false} />}
          </>
        } />
      {reached && <p className="quiet">{t("explorer.searched", { n: num(page.next!) })}</p>}
    </section>
  );
}

const TONES: Record<SignatureShown["state"], string> = { valid: "good", invalid: "poor", unchecked: "quietly", unknown: "fair" };

function Checkpoints() {
  const { t, tCode, num, when } = useText(journal);
  const { data } = useSuspenseQuery(checkpointsQuery);
  const columns: Array<Column<SignatureShown>> = [
    { id: "name", head: t("signed.name"), cell: (s) => <>{s.name}<span className="quiet">{s.id}</span></> },
    { id: "algorithm", head: t("signed.algorithm"), cell: (s) => s.algorithm || "–" },
    { id: "state", head: t("signed.state"), cell: (s) => <Badge tone={TONES[s.state]}>{tCode("signature", s.state)}</Badge> },
    { id: "at", head: t("signed.at"), cell: (s) => (s.at ? when(s.at.toISOString()) : "–") },
  ];
  return (
    <section id="checkpoints">
      <h2>{t("explorer.checkpoints")}</h2>
      <p className="quiet">{t("explorer.checkpoints_lead")}</p>
      {data.length === 0 && <Note tone="ask"><p>{t("explorer.unpublished")}</p></Note>}
      {data.map(({ checkpoint: c, signatures }) => (
        <div className="panel spaced" key={c.origin}>
          <h3>{c.origin}</h3>
          <DetailList rows={[[t("signed.size"), num(c.size)], [t("signed.root"), <code key="r">{toBase64(c.root)}</code>]]} />
          <div><Table label={t("signed.of", { origin: c.origin })} columns={columns} rows={signatures} rowKey={(s) => `${s.name} ${s.id}`} /></div>
        </div>
      ))}
    </section>
  );
}

export default function Journal() {
  const { t } = useText(journal);
  return (
    <Page title={t("nav.journal")} lead={t("explorer.lead")} help={t("explorer.help")}>
      <Entries />
      <Checkpoints />
    </Page>
  );
}
