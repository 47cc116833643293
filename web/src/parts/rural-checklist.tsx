// A long list of households to verify: handed in as CSV, carried out behind the server, come back to, and fetched.  Who has not consented is not told of.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ruralListAskUrl, ruralListCancel, ruralListFileUrl, ruralListsQuery, type RuralCheckList } from "#api";
import { sendFile } from "#send";
import bank from "../text/bank";
import ruralreport from "../text/ruralreport";
import { lang, useText } from "../text";
import { Badge, Bar } from "./badges";
import { ConfirmDanger } from "./confirm";
import { Field, Form } from "./form";
import { Note, Told } from "./status";
import { Table, type Column } from "./table";
import { textOf } from "./textfile";

const LOOK_AGAIN_MS = 2_000; // while one is carried out
const SHOWN = 20;
const TONES: { [state: string]: string } = { ready: "good", failed: "poor", cancelled: "quietly", expired: "quietly" };
const FORMATS = ["csv", "xlsx"] as const;

const busy = (l: RuralCheckList): boolean => l.state === "queued" || l.state === "running";
/** What was answered before a list ended is kept, whatever ended it. */
const fetchable = (l: RuralCheckList): boolean => !busy(l) && l.state !== "expired" && l.done > 0;

function Ask({ asked }: { asked(list: RuralCheckList): Promise<void> }) {
  const { t } = useText(ruralreport);
  return (
    <details>
      <summary>{t("rl.ask")}</summary>
      <Form submit={t("rl.go")} act={async (value, form) => {
        const file = form.querySelector<HTMLInputElement>("#rl-file")?.files?.[0];
        if (!file) throw new Told(t("rl.file"));
        const [officer, purpose] = [value("rl-officer"), value("rl-purpose")];
        const url = ruralListAskUrl({ ...(officer && { officer }), ...(purpose && { purpose }) });
        await asked(await sendFile<RuralCheckList>(url, new Blob([await textOf(file)]), "text/csv"));
        form.reset();
      }}>
        <Field id="rl-file" label={t("rl.file")} hint={t("rl.file_hint")} type="file" accept=".csv,.txt,text/csv,text/plain" />
        <div className="pair">
          <Field id="rl-officer" label={t("rr.officer")} required={false} maxLength={64} autoComplete="off" />
          <Field id="rl-purpose" label={t("rr.purpose")} hint={t("rl.purpose_hint")} required={false} maxLength={200} autoComplete="off" />
        </div>
      </Form>
    </details>
  );
}

function Progress({ of: l }: { of: RuralCheckList }) {
  const { t, tCode, num, pick } = useText(ruralreport);
  return (
    <>
      <Badge tone={TONES[l.state] ?? "busy"}>{tCode("liststate", l.state)}</Badge>
      {busy(l) && <Bar share={l.done / l.households} tone="good" />}
      <span className="quiet">{t("rl.of", { n: num(l.done), all: num(l.households) })}</span>
      {l.error && <span className="bad">{pick(l.error.zh, l.error.en)}</span>}
    </>
  );
}

/** Values that agree and that do not, and households of which nothing is told. */
function Counts({ of: l }: { of: RuralCheckList }) {
  const { t, num } = useText(ruralreport);
  const c = l.counts;
  if (!c) return <>–</>;
  const other = c.out_of_date + c.absent + c.source_late + c.not_connected + c.not_granted, untold = c.refused + c.limited + c.not_found;
  return (
    <span className="badges">
      <Badge tone="good">{t("rr.n_match", { n: num(c.match) })}</Badge><Badge tone="poor">{t("rr.n_differ", { n: num(c.differ) })}</Badge>
      <Badge tone="fair">{t("rr.n_other", { n: num(other) })}</Badge>{untold > 0 && <Badge tone="quietly">{t("rl.untold", { n: num(untold) })}</Badge>}
    </span>
  );
}

/** The newest; those under way are asked about again and again, so that one may leave the page and come back. */
export function RuralChecklists() {
  const { t, tCode, num, when } = useText(ruralreport, bank);
  const client = useQueryClient();
  const [handed, setHanded] = useState<RuralCheckList | null>(null);
  const ask = ruralListsQuery({ limit: SHOWN });
  const { data: page } = useQuery({ ...ask, refetchInterval: (q) => (q.state.data?.items.some(busy) ? LOOK_AGAIN_MS : false) });
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ask.queryKey });
  const columns: Array<Column<RuralCheckList>> = [
    { id: "created", head: t("bundle.created"), text: (l) => l.created_at, cell: (l) => <>{when(l.created_at)} <span className="quiet">{l.id}</span></> },
    { id: "state", head: t("report.state"), text: (l) => tCode("liststate", l.state), cell: (l) => <Progress of={l} /> },
    { id: "counts", head: t("rr.result"), cell: (l) => <Counts of={l} /> },
    { id: "expires", head: t("export.expires"), text: (l) => l.expires_at, cell: (l) => when(l.expires_at), extra: true },
    { id: "do", head: t("export.do"), cell: (l) => (
      <span className="row-buttons">
        {fetchable(l) && FORMATS.map((format) => <a key={format} className="button small" href={ruralListFileUrl({ id: l.id, format, lang: lang() })} download>{t("rl.fetch", { format: format.toUpperCase() })}</a>)}
        {busy(l) && <ConfirmDanger className="plain small" text={t("export.cancel")} title={t("rl.cancel_ask")} what={t("rl.cancel_what")} act={async () => { await ruralListCancel({ id: l.id }); await again(); }} />}
      </span>
    ) },
  ];
  return (
    <section aria-labelledby="rl-heading">
      <h2 id="rl-heading">{t("rl.heading")}</h2>
      <Ask asked={async (list) => { setHanded(list); await again(); }} />
      {handed && <Note tone="fine" role="status"><p>{t("rl.handed", { n: num(handed.households), values: num(handed.claims) })}</p></Note>}
      {page && page.items.length > 0 && <Table label={t("rl.heading")} columns={columns} rows={page.items} rowKey={(l) => l.id} />}
      {page && page.total > page.items.length && <p className="quiet">{t("rl.older", { n: num(page.items.length), all: num(page.total) })}</p>}
    </section>
  );
}
