// One entry of the journal: what it says, its receipt, its proof as a picture, and the proof checked here in the browser.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { journalEntryUrl, journalProofUrl } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Icon } from "../parts/icon";
import { entryQuery, fetchTile, payloadOf, type EntryShown } from "../parts/journal";
import { Page } from "../parts/page";
import { Empty, failureText, Note } from "../parts/status";
import { TreePath } from "../parts/treepath";
import { useSession } from "../session";
import journal from "../text/journal";
import { listed, pick, useText } from "../text";
import { checkEntry, checkTiles, type EntryChecked, type TilesChecked } from "../verify/entry";
import { algorithmOf, CheckError, hex, toBase64 } from "../verify/tlog";

const plain = (value: unknown): string => (value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** The members of the outermost object, as people read them; below them stands the text itself. */
const membersOf = (json: string): Array<[string, string]> =>
  Object.entries(JSON.parse(json) as Record<string, unknown>).map(([name, value]) => [name, Array.isArray(value) ? listed(value.map(plain)) || "–" : plain(value)]);

function Contents({ entry: e }: { entry: EntryShown }) {
  const { t, tCode } = useText(journal);
  const payload = e.contents?.sealed ? payloadOf(e.contents.sealed) : e.said.data ? JSON.stringify(e.said.data) : null;
  const why = e.said.data ? null : !e.contents ? "sealed" : e.contents.contents === "erased" ? "erased" : null;
  return (
    <section>
      <h2>{t("entry.contents")}</h2>
      {payload && <DetailList rows={membersOf(payload).map(([name, value]) => [tCode("member", name), <span key={name} className="member">{value}</span>])} />}
      {why && <Note tone="ask"><p>{t(`entry.why_${why}`)}</p></Note>}
      <h3>{t("entry.canonical")}</h3>
      <pre className="code canonical" tabIndex={0} role="region" aria-label={t("entry.canonical")}>{e.text}</pre>
      {e.contents?.sealed && <><h3>{t("entry.payload")}</h3><pre className="code canonical" tabIndex={0} role="region" aria-label={t("entry.payload")}>{payload}</pre></>}
    </section>
  );
}

function Receipt({ entry: e }: { entry: EntryShown }) {
  const { t, num } = useText(journal);
  const { index } = e;
  return (
    <section>
      <h2>{t("entry.receipt")}</h2>
      <DetailList rows={[
        [t("entry.index"), num(index)], [t("signed.size"), num(e.checkpoint.size)], [t("entry.leaf"), <code key="l">{toBase64(e.leaf)}</code>],
        [t("signed.root"), <code key="r">{toBase64(e.checkpoint.root)}</code>], [t("entry.origin"), e.checkpoint.origin],
      ]} />
      <p className="buttons">
        <a className="button-like" href={journalProofUrl({ index })} download={`${index}.proof`}><Icon name="download" />{t("entry.proof")}</a>
        <a className="button-like" href={journalEntryUrl({ index })} download={`${index}.json`}><Icon name="download" />{t("entry.bytes")}</a>
      </p>
    </section>
  );
}

type Verdict = { checked: EntryChecked; tiles: TilesChecked; problem?: undefined } | { problem: string };

function Said({ verdict: { checked: c, tiles } }: { verdict: Extract<Verdict, { checked: EntryChecked }> }) {
  const { t, num, when } = useText(journal);
  const { size, origin, root } = c.checkpoint;
  const cosigned = c.witnesses.filter((w) => w.at);
  const lines: string[] = [
    t("check.leaf", { hash: hex(c.leaf).slice(0, 16) }),
    t("check.path", { steps: num(c.steps.length), index: num(c.index), size: num(size), root: hex(root).slice(0, 16) }),
    t("check.signed", { origin, algorithm: algorithmOf(c.log), id: c.log.id }),
    ...cosigned.map((w) => t("check.witness", { name: w.key.name, at: when(w.at!.toISOString()) })),
    t("check.tiles", { files: num(tiles.files.length), hashes: num(tiles.hashes) }),
    ...(c.commits ? [t("check.commits")] : []),
  ];
  return (
    <Note tone="fine">
      <p><strong>{t("check.holds", { index: num(c.index), size: num(size) })}</strong></p>
      <ul className="verdict">{lines.map((line) => <li key={line}>{line}</li>)}</ul>
      {!c.quorum && <p className="quiet">{t("check.no_witness")}</p>}
      <p className="quiet">{t("check.not")}</p>
    </Note>
  );
}

function Verify({ entry: e }: { entry: EntryShown }) {
  const { t } = useText(journal);
  const [policy, setPolicy] = useState(e.policy);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [busy, setBusy] = useState(false);

  async function check(): Promise<void> {
    setBusy(true);
    try {
      const checked = await checkEntry(e.bytes, e.proof, policy, e.contents?.sealed ?? null);
      setVerdict({ checked, tiles: await checkTiles(e.bytes, checked, fetchTile) });
    } catch (error) {
      setVerdict({ problem: error instanceof CheckError ? pick(error.zh, error.en) : failureText(error) });
    }
    setBusy(false);
  }

  return (
    <section id="verify">
      <h2>{t("check.heading")}</h2>
      <p className="quiet">{t("check.lead")}</p>
      <details>
        <summary>{t("check.keys")}</summary>
        <p className="field"><label htmlFor="policy">{t("check.keys_label")}</label>
          <textarea id="policy" className="keys" rows={6} spellCheck={false} value={policy} onChange={(x) => { setPolicy(x.target.value); setVerdict(null); }} />
          <span className="quiet">{t("check.keys_hint")}</span></p>
      </details>
      <p className="buttons"><button type="button" className="primary" disabled={busy} aria-busy={busy} onClick={() => void check()}>{t("check.go")}</button></p>
      <div role="status">
        {verdict && (verdict.problem !== undefined ? <Note tone="bad"><p><strong>{t("check.fails")}</strong></p><p>{verdict.problem}</p></Note> : <Said verdict={verdict} />)}
      </div>
    </section>
  );
}

function Whole({ index }: { index: number }) {
  const { t, tCode, num, when } = useText(journal);
  const { can } = useSession();
  const { data: e } = useSuspenseQuery(entryQuery(index, can("journal.contents")));
  const last = e.checkpoint.size - 1;
  return (
    <Page title={t("entry.title", { n: num(index) })} lead={when(e.said.time)} back={["/journal-explorer", t("nav.journal")]} help={t("entry.help")}
      badges={<Badge>{tCode("entrytype", e.said.type)}</Badge>}
      actions={<>
        {index > 0 && <Link className="button-like" to={`/journal-explorer/${index - 1}`}>{t("entry.before")}</Link>}
        {index < last && <Link className="button-like" to={`/journal-explorer/${index + 1}`}>{t("entry.after")}</Link>}
      </>}>
      <div className="columns even">
        <div><Verify key={index} entry={e} /><Contents entry={e} /></div>
        <div>
          <Receipt entry={e} />
          <section><h2>{t("tree.heading")}</h2><TreePath leaf={e.leaf} index={index} size={e.checkpoint.size} steps={e.steps} root={e.checkpoint.root} /></section>
        </div>
      </div>
    </Page>
  );
}

export default function JournalEntry() {
  const id = useParams()["id"] ?? "";
  const { t } = useText(journal);
  if (/^(0|[1-9]\d{0,14})$/.test(id)) return <Whole index={Number(id)} />;
  return <Page title={t("nav.journal")} back={["/journal-explorer", t("nav.journal")]}><Empty text={t("entry.gone")} /></Page>;
}
