// Public credit reports: asked for under one's grants, what became of the records behind them, and whether a file is the one that was issued.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sendForFile } from "#send";
import { journalProofUrl, reportAskUrl, reportPageUrl, reportsList, reportsListQuery, reportVerify, type ReportRow, type ReportVerified } from "#api";
import { Badge } from "../parts/badges";
import { AskBundle, Bundles } from "../parts/bundles";
import { saveFile } from "../parts/csv";
import { Choice, Field, Form } from "../parts/form";
import { orderOf, useList } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, Note, Told } from "../parts/status";
import { Filter, ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import bank from "../text/bank";
import { lang, useText } from "../text";

const STATES = ["valid", "stale", "withdrawn"] as const;
const ORDERS = ["issued", "purpose", "format", "number"] as const;
const TONES: Record<ReportRow["state"], string> = { valid: "good", stale: "fair", withdrawn: "poor" };

function Ask() {
  const { t } = useText(bank);
  const refresh = useRefresh();
  const [saved, setSaved] = useState<string | null>(null);
  return (
    <details>
      <summary>{t("report.ask")}</summary>
      <Form submit={t("report.take")} act={async (value) => {
        setSaved(null);
        const [format, officer, purpose] = [value("report-format"), value("report-officer"), value("report-purpose")];
        const { name, file } = await sendForFile(reportAskUrl(), { subject: value("report-subject"), format, lang: lang(), ...(officer && { officer }), ...(purpose && { purpose }) });
        saveFile(name ?? `report.${format}`, file, file.type);
        setSaved(name ?? `report.${format}`);
        await refresh();
      }}>
        <Field id="report-subject" label={t("report.subject")} hint={t("report.subject_hint")} minLength={8} maxLength={64} autoComplete="off" />
        <Field id="report-officer" label={t("report.officer")} required={false} maxLength={64} autoComplete="off" />
        <Field id="report-purpose" label={t("report.purpose")} hint={t("report.purpose_hint")} required={false} maxLength={200} autoComplete="off" />
        <Choice id="report-format" label={t("report.format")} options={[["pdf", t("report.pdf")], ["html", t("report.html")]]} />
      </Form>
      {saved && <Note tone="fine"><p>{t("report.saved", { name: saved })}</p></Note>}
    </details>
  );
}

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

function Verdict({ of: v }: { of: ReportVerified }) {
  const { t, tCode, listed } = useText(bank);
  const { resourceTitle } = useNames(v.stale);
  const same = v.sha256 === "match";
  return (
    <Note tone={same ? "fine" : "bad"}>
      <p>{t(same ? "report.match" : "report.mismatch")} {same && <Badge tone={TONES[v.state]}>{tCode("reportstate", v.state)}</Badge>}</p>
      {v.stale.length > 0 && <p>{t("report.stale_of", { list: listed(v.stale.map(resourceTitle)) })}</p>}
    </Note>
  );
}

/** The file stays here: the server is asked how long what was issued is, and told the hash of so much of it. */
function Check() {
  const { t } = useText(bank);
  const [verdict, setVerdict] = useState<ReportVerified | null>(null);
  return (
    <details>
      <summary>{t("report.check")}</summary>
      <Form submit={t("report.check_do")} act={async (value, form) => {
        setVerdict(null);
        const number = value("check-number");
        const file = form.querySelector<HTMLInputElement>("#check-file")?.files?.[0];
        if (!file) throw new Told(t("report.file"));
        const { bytes } = await reportVerify({ number });
        const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.slice(0, bytes).arrayBuffer()));
        setVerdict(await reportVerify({ number, sha256 }));
      }}>
        <Field id="check-number" label={t("report.number")} minLength={4} maxLength={64} autoComplete="off" />
        <Field id="check-file" label={t("report.file")} type="file" accept=".pdf,.html,.json" />
      </Form>
      {verdict && <Verdict of={verdict} />}
    </details>
  );
}

export default function Reports() {
  const { t, tCode, when, num } = useText(bank);
  const { can } = useSession();
  const list = useList();
  const ask = { state: STATES.find((s) => s === list.filter("state")), sort: orderOf(list, ORDERS) };
  const { data: page } = useSuspenseQuery(reportsListQuery({ ...ask, limit: list.limit, offset: list.offset }));
  const { orgName } = useNames();
  const columns: Array<Column<ReportRow>> = [
    { id: "number", head: t("report.number"), text: (r) => r.number, sort: "number", whole: true, cell: (r) => <a href={reportPageUrl({ number: r.number })} title={t("report.page")}>{r.number}</a> },
    { id: "state", head: t("report.state"), text: (r) => tCode("reportstate", r.state), cell: (r) => <span><Badge tone={TONES[r.state]}>{tCode("reportstate", r.state)}</Badge>{(r.withdrawn_at ?? r.stale_at) && <span className="quiet">{t("report.since", { when: when(r.withdrawn_at ?? r.stale_at) })}</span>}</span> },
    { id: "purpose", head: t("report.purpose"), text: (r) => r.purpose, sort: "purpose", cell: (r) => r.purpose },
    { id: "issued", head: t("report.issued"), text: (r) => r.issued_at, sort: "issued", cell: (r) => when(r.issued_at) },
    { id: "by", head: t("report.by"), text: (r) => r.by, cell: (r) => r.by ?? "–" },
    { id: "organisation", head: t("report.organisation"), text: (r) => r.organisation && orgName(r.organisation), cell: (r) => (r.organisation ? orgName(r.organisation) : "–"), extra: can("service.call") },
    { id: "format", head: t("report.format"), text: (r) => r.format, sort: "format", cell: (r) => t(`report.${r.format}`), extra: true },
    { id: "entry", head: t("report.entry"), text: (r) => r.entry, cell: (r) => <a href={journalProofUrl({ index: r.entry })} download={`${r.entry}.proof`}>{num(r.entry)}</a> },
  ];
  return (
    <Page title={t("nav.reports")} lead={t("report.lead")} help={t("report.help")}>
      <div className="tasks">{can("service.call") && <Ask />}{can("service.call") && <AskBundle />}<Check /></div>
      <Bundles />
      <ServerTable id="reports" label={t("nav.reports")} columns={columns} page={page} rowKey={(r) => r.number} list={list}
        ask={(offset, limit) => reportsList({ ...ask, limit, offset })} empty={<Empty text={t("report.none")} />}
        filters={<Filter list={list} name="state" label={t("report.state")} all={t("report.all")} options={STATES.map((s) => [s, tCode("reportstate", s)])} />} />
    </Page>
  );
}
