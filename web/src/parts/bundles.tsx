// Credit reports of a list of subjects: handed in, made behind the server, fetched as one ZIP file.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { bundleAsk, bundleCancel, bundleFileUrl, bundleShowQuery, bundlesListQuery, type ReportBundle } from "#api";
import bank from "../text/bank";
import { lang, useText } from "../text";
import { useSession } from "../session";
import { Badge, Bar } from "./badges";
import { ConfirmDanger } from "./confirm";
import { Choice, Field, Form } from "./form";
import { Note, Told } from "./status";
import { Table, type Column } from "./table";
import { textOf } from "./textfile";

const LOOK_AGAIN = 2000; // ms, while one is being made
const SHOWN = 20;
const TONES: { [state: string]: string } = { ready: "good", failed: "poor", cancelled: "quietly", expired: "quietly" };
const busy = (b: ReportBundle): boolean => b.state === "queued" || b.state === "running";

export function AskBundle() {
  const { t, num } = useText(bank);
  const client = useQueryClient();
  const [asked, setAsked] = useState<number | null>(null);
  return (
    <details>
      <summary>{t("bundle.ask")}</summary>
      <Form submit={t("bundle.go")} act={async (value, form) => {
        setAsked(null);
        const file = form.querySelector<HTMLInputElement>("#bundle-file")?.files?.[0];
        if (!file) throw new Told(t("bundle.file"));
        const [officer, purpose, format] = [value("bundle-officer"), value("bundle-purpose"), value("bundle-format") as "pdf" | "html"];
        const made = await bundleAsk({ csv: await textOf(file), format, lang: lang(), ...(officer && { officer }), ...(purpose && { purpose }) });
        setAsked(made.subjects);
        form.reset();
        await client.invalidateQueries({ queryKey: bundlesListQuery({ limit: SHOWN }).queryKey });
      }}>
        <Field id="bundle-file" label={t("bundle.file")} hint={t("bundle.file_hint")} type="file" accept=".csv,.txt,text/csv,text/plain" />
        <Field id="bundle-officer" label={t("report.officer")} required={false} maxLength={64} autoComplete="off" />
        <Field id="bundle-purpose" label={t("report.purpose")} hint={t("report.purpose_hint")} required={false} maxLength={200} autoComplete="off" />
        <Choice id="bundle-format" label={t("report.format")} options={[["pdf", t("report.pdf")], ["html", t("report.html")]]} />
      </Form>
      {asked !== null && <Note tone="fine" role="status"><p>{t("bundle.asked", { n: num(asked) })}</p></Note>}
    </details>
  );
}

/** The rows without a report, asked for when somebody wants to see them. */
function Problems({ of: b }: { of: ReportBundle }) {
  const { t, num, pick } = useText(bank);
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...bundleShowQuery({ id: b.id }), enabled: open });
  if (!b.refused) return <>{num(0)}</>;
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{num(b.refused)}</summary>
      <ul>{data?.problems.map((p) => <li key={p.row}>{t("bundle.problem", { row: num(p.row), why: pick(p.zh, p.en) })}</li>)}</ul>
      {data && data.problems.length < b.refused && <p className="quiet">{t("bundle.rest")}</p>}
    </details>
  );
}

function Progress({ of: b }: { of: ReportBundle }) {
  const { tCode, t, num, pick } = useText(bank);
  const done = b.issued + b.refused;
  return (
    <>
      <Badge tone={TONES[b.state] ?? "busy"}>{tCode("bundlestate", b.state)}</Badge>
      {busy(b) && <Bar share={done / b.subjects} tone="good" />}
      <span className="quiet">{t("bundle.of", { n: num(done), all: num(b.subjects) })}</span>
      {b.error && <span className="bad">{pick(b.error.zh, b.error.en)}</span>}
    </>
  );
}

/** The newest, as long as there are any; those under way are asked about again and again, so that one may leave the page and come back. */
export function Bundles() {
  const { t, tCode, num, when, bytes } = useText(bank);
  const { can } = useSession();
  const client = useQueryClient();
  const ask = bundlesListQuery({ limit: SHOWN });
  const { data: page } = useQuery({ ...ask, refetchInterval: (q) => (q.state.data?.items.some(busy) ? LOOK_AGAIN : false) });
  if (!page?.items.length) return null;
  const columns: Array<Column<ReportBundle>> = [
    { id: "created", head: t("bundle.created"), text: (b) => b.created_at, cell: (b) => <>{when(b.created_at)}<span className="quiet">{b.id}</span></> },
    { id: "state", head: t("report.state"), text: (b) => tCode("bundlestate", b.state), cell: (b) => <Progress of={b} /> },
    { id: "issued", head: t("bundle.issued"), text: (b) => b.issued, cell: (b) => num(b.issued) },
    { id: "refused", head: t("bundle.refused"), text: (b) => b.refused, cell: (b) => <Problems of={b} /> },
    { id: "bytes", head: t("export.bytes"), text: (b) => b.bytes, cell: (b) => b.bytes !== null && bytes(b.bytes), extra: true },
    { id: "expires", head: t("export.expires"), text: (b) => b.expires_at, cell: (b) => when(b.expires_at) },
    { id: "do", head: t("export.do"), cell: (b) => can("service.call") && (
      <span className="row-buttons">
        {b.state === "ready" && <a className="button small" href={bundleFileUrl({ id: b.id })} download>{t("export.fetch")}</a>}
        {(busy(b) || b.state === "ready") && <ConfirmDanger className="plain small" text={t("export.cancel")} title={t("bundle.cancel_ask")} what={t("bundle.cancel_what")}
          act={async () => { await bundleCancel({ id: b.id }); await client.invalidateQueries({ queryKey: ask.queryKey }); }} />}
      </span>
    ) },
  ];
  return (
    <section aria-labelledby="bundles-heading">
      <h2 id="bundles-heading">{t("bundle.heading")}</h2>
      <Table label={t("bundle.heading")} columns={columns} rows={page.items} rowKey={(b) => b.id} />
      {page.total > page.items.length && <p className="quiet">{t("bundle.older", { n: num(page.items.length), all: num(page.total) })}</p>}
      <h2>{t("bundle.single")}</h2>
    </section>
  );
}
