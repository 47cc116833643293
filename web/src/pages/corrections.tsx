// What was later corrected, withdrawn or doubted of the records that one's organisation was given.  Reading it is a call in the journal, so it
// is asked for when somebody asks.
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { correctionsList, correctionsListQuery, journalProofUrl, type Corrections } from "#api";
import { Badge } from "../parts/badges";
import { Icon } from "../parts/icon";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useSaving } from "../parts/saving";
import { Empty, FailureNote, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import share from "../text/share";
import webhook from "../text/webhook";
import { useText } from "../text";

type Told = Corrections["items"][number];

const AT_ONCE = 20; // pages of a call

const TONES: Record<Told["act"], string> = { corrected: "fair", withdrawn: "poor", disputed: "poor", settled: "good", withheld: "poor", restored: "good" };

function One({ of: c }: { of: Told }) {
  const { t, tCode, num, when } = useText(webhook, share);
  const { resourceTitle } = useNames([c.resource]);
  const columns: Array<Column<Told["records"][number]>> = [
    { id: "entry", head: t("correction.entry"), cell: (r) => <a href={journalProofUrl({ index: r.entry })} download={`${r.entry}.proof`} title={t("correction.proof")}>{num(r.entry)}</a> },
    { id: "change", head: t("correction.change"), cell: (r) => tCode("change", r.change) },
    { id: "key", head: t("correction.key"), cell: (r) => r.key?.join(" · ") ?? "–" },
  ];
  return (
    <section className="panel">
      <h2>{resourceTitle(c.resource)} <Badge tone={TONES[c.act]}>{tCode("correctionact", c.act)}</Badge></h2>
      <p className="quiet">{when(c.at)}{c.batch !== null && ` · ${t("correction.batch", { n: c.batch })}`}</p>
      {c.whole ? <Note tone="ask"><p>{t("correction.whole")}</p></Note> : <Table label={`${resourceTitle(c.resource)} ${num(c.page)}`} columns={columns} rows={c.records} rowKey={(r) => `${r.entry} ${r.key?.join(" ") ?? ""}`} />}
    </section>
  );
}

/** All of them, from the first on: each page is a call that the journal has, as reading it here is. */
async function* everything(): AsyncGenerator<Told[]> {
  for (let cursor: string | undefined, more = true; more; ) {
    const part = await correctionsList({ cursor, limit: AT_ONCE });
    yield part.items;
    more = part.more;
    cursor = part.cursor;
  }
}

function Save() {
  const { t, tCode } = useText(webhook, share);
  const { said, save } = useSaving();
  const heads = [t("flow.resource"), t("correction.act"), t("correction.at"), t("correction.batch_id"), t("correction.entry"), t("correction.change"), t("correction.key")];
  async function* lines(): AsyncGenerator<string[][]> {
    for await (const part of everything())
      yield part.flatMap((c) => {
        const about = [c.resource, tCode("correctionact", c.act), c.at, c.batch ?? ""];
        return c.whole ? [[...about, "", t("correction.whole"), ""]] : c.records.map((r) => [...about, String(r.entry), tCode("change", r.change), r.key?.join(" ") ?? ""]);
      });
  }
  return (
    <>
      <button type="button" className="plain small" onClick={() => void save("corrections", heads, lines(), (line) => line)}><Icon name="download" />CSV</button>
      <p className="quiet" role="status">{said}</p>
    </>
  );
}

export default function CorrectionsPage() {
  const { t, num } = useText(webhook, share);
  const [params, setParams] = useSearchParams();
  const cursor = params.get("cursor") ?? undefined;
  const { data, error, isFetching, refetch } = useQuery({ ...correctionsListQuery({ cursor }), staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false });
  return (
    <Page title={t("correction.heading")} lead={t("correction.lead")} back={["/webhooks", t("nav.webhooks")]} help={t("correction.help")}>
      {error ? <FailureNote error={error} /> : null}
      {data && data.items.length === 0 && <Empty text={t(cursor ? "correction.no_more" : "correction.none")} />}
      {data && data.items.length > 0 && <div className="tool-buttons"><Save /></div>}
      {data?.items.map((c) => <One key={c.page} of={c} />)}
      {data && (
        <>
          <nav className="pager" aria-label={t("pager.label")}>
            <button type="button" className="plain" disabled={!cursor} onClick={() => setParams({})}>{t("correction.first")}</button>
            <button type="button" className="plain" disabled={isFetching} onClick={() => (data.more || data.items.length ? setParams({ cursor: data.cursor }) : void refetch())}>{t(data.more ? "correction.next" : "correction.newer")}</button>
          </nav>
          <p className="quiet">{t("correction.receipt", { n: num(data.receipt.index) })}</p>
        </>
      )}
    </Page>
  );
}
