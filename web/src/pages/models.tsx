// Pre-check models of one's institution: uploaded, decided by another person, run on firms that consented. Operators and auditors see names, versions and counts.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelAct, modelAdd, modelCheck, modelShowQuery, modelsListQuery, modelTable, precheckRun, precheckRunsQuery, type Model, type ModelCard, type ModelFaults, type Prechecked, type PrecheckRuns } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Area, Choice, Field, Form, Tick } from "../parts/form";
import { ModelKit } from "../parts/kit";
import { Outcome } from "../parts/me-prechecks";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { AskForPrecheck, ModelNeeds } from "../parts/precheck-ask";
import { useRefresh } from "../parts/refresh";
import { Empty, Note, Told } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { Tabs, useTab } from "../parts/tabs";
import { useSession } from "../session";
import models from "../text/models";
import { useText } from "../text";

const MOST = 200;
const TONES: Record<ModelCard["state"], string> = { proposed: "fair", active: "good", retired: "" };

function Faults({ faults: f }: { faults: ModelFaults }) {
  const { t, num, pick } = useText(models);
  const columns: Array<Column<ModelFaults["items"][number]>> = [
    { id: "line", head: t("precheck.line"), cell: (x) => num(x.line) },
    { id: "column", head: t("precheck.column"), cell: (x) => x.column !== null && <code>{x.column}</code> },
    { id: "fault", head: t("precheck.fault"), cell: (x) => pick(x.text, x.text_en) },
  ];
  return (
    <>
      <Note tone="bad" role="alert"><p>{t("precheck.faults", { n: num(f.faults) })}</p></Note>
      <Table label={t("precheck.fault")} columns={columns} rows={f.items} rowKey={(x) => `${x.line} ${x.column} ${x.text}`} />
    </>
  );
}

function Upload() {
  const { t } = useText(models);
  const refresh = useRefresh();
  const [faults, setFaults] = useState<ModelFaults | null>(null);
  const [sent, setSent] = useState(false);
  return (
    <details>
      <summary>{t("precheck.upload")}</summary>
      <Form submit={t("precheck.send")} act={async (value, form) => {
        const file = new FormData(form).get("model-file");
        if (!(file instanceof File) || !file.size) throw new Told(t("precheck.file"));
        const table = await file.text();
        const found = await modelCheck({ table });
        setSent(false);
        setFaults(found.faults ? found : null);
        if (found.faults) return;
        const product = value("model-product");
        await modelAdd({ name: value("model-name"), title: value("model-title"), ...(product && { product }), open: value("model-open") === "on", table });
        setSent(true);
        await refresh();
      }}>
        <div className="pair">
          <Field id="model-name" label={t("precheck.name")} maxLength={48} autoComplete="off" spellCheck={false} />
          <Field id="model-title" label={t("precheck.model_title")} maxLength={100} autoComplete="off" />
        </div>
        <Field id="model-product" label={t("precheck.product")} required={false} maxLength={64} autoComplete="off" />
        <Tick id="model-open">{t("precheck.open")}</Tick>
        <Field id="model-file" label={t("precheck.file")} hint={t("precheck.file_hint")} type="file" accept=".csv,text/csv" />
      </Form>
      {faults && <Faults faults={faults} />}
      {sent && <Note tone="fine" role="status"><p>{t("precheck.sent")}</p></Note>}
    </details>
  );
}

function Content({ model: m }: { model: Model }) {
  const { t } = useText(models);
  const [table, setTable] = useState<string | null>(null);
  if (table !== null) return <pre className="code" tabIndex={0} role="region" aria-label={t("precheck.show_table")}>{table}</pre>;
  return <p className="buttons"><button type="button" className="plain" onClick={() => void modelTable({ id: m.id }).then((x) => setTable(x.table))}>{t("precheck.show_table")}</button></p>;
}

function Whole({ id, asked }: { id: string; asked(subject: string): void }) {
  const { t, tCode, when, num } = useText(models);
  const { session, can } = useSession();
  const refresh = useRefresh();
  const { data: m } = useQuery(modelShowQuery({ id }));
  if (!m) return null;
  return (
    <section className="panel">
      <h2>{m.title} {num(m.version)}</h2>
      <DetailList rows={[[t("precheck.name"), <code key="n">{m.name}</code>], [t("precheck.kind"), tCode("precheckkind", m.kind)], [t("precheck.sha"), <code key="s" className="address">{m.sha256}</code>], [t("precheck.at"), when(m.made_at)]]} />
      <ModelNeeds model={m} />
      {m.state === "active" && can("consent.write") && <AskForPrecheck model={m} asked={asked} />}
      {session?.organisation === m.organisation && <Content model={m} />}
      {m.actions.length > 0 && <Steps actions={m.actions} take={async (body) => {
        await modelAct({ id }, body);
        await refresh();
      }} />}
      <Timeline events={m.history} />
    </section>
  );
}

type ResultRow = Prechecked["items"][number];

function Run({ active, firm }: { active: ModelCard[]; firm: string }) {
  const { t, pick, when, num } = useText(models);
  const refresh = useRefresh();
  const [done, setDone] = useState<Prechecked | null>(null);
  const columns: Array<Column<ResultRow>> = [
    { id: "subject", head: t("precheck.subject"), cell: (x) => <code>{x.subject}</code>, whole: true },
    { id: "result", head: t("precheck.result"), cell: (x) => (x.outcome ? <Outcome outcome={x.outcome} /> : <span className="quiet">{pick(x.why, x.why_en)}</span>) },
  ];
  return (
    <section>
      <h2>{t("precheck.run")}</h2>
      <Form submit={t("precheck.go")} act={async (value) => {
        const officer = value("run-officer");
        setDone(await precheckRun({ model: value("run-model"), subjects: value("run-subjects").split(/[\s,]+/).filter(Boolean), ...(officer && { officer }) }));
        await refresh();
      }}>
        <div className="pair">
          <Choice id="run-model" label={t("precheck.which")} options={active.map((m) => [m.name, `${m.title} ${num(m.version)}`])} />
          <Field id="run-officer" label={t("precheck.officer")} required={false} maxLength={64} autoComplete="off" />
        </div>
        <Area id="run-subjects" label={t("precheck.subjects")} hint={t("precheck.subjects_hint")} rows={3} spellCheck={false} defaultValue={firm} />
      </Form>
      <div role="status">
        {done && <><h3>{t("precheck.results")}</h3>{done.as_of !== null && <p className="quiet">{t("precheck.as_of", { at: when(done.as_of) })}</p>}<Table label={t("precheck.results")} columns={columns} rows={done.items} rowKey={(x) => x.subject} /></>}
      </div>
    </section>
  );
}

type RunRow = PrecheckRuns["items"][number];

function Lately() {
  const { t, when, num } = useText(models);
  const { data } = useQuery(precheckRunsQuery({ limit: MOST }));
  const columns: Array<Column<RunRow>> = [
    { id: "at", head: t("precheck.at"), cell: (r) => when(r.at) },
    { id: "subject", head: t("precheck.subject"), cell: (r) => <>{r.subject_title} <span className="quiet">{r.subject}</span></> },
    { id: "model", head: t("precheck.which"), cell: (r) => `${r.title} ${num(r.version)}` },
    { id: "who", head: t("precheck.officer"), cell: (r) => r.officer ?? r.account ?? r.client },
    { id: "result", head: t("precheck.result"), cell: (r) => <Outcome outcome={r.outcome} /> },
  ];
  if (!data?.items.length) return null;
  return <section><h2>{t("precheck.recent")}</h2><Table label={t("precheck.recent")} columns={columns} rows={data.items} rowKey={(r) => String(r.run)} /></section>;
}

function List({ items, open, choose }: { items: ModelCard[]; open: string | null; choose(id: string): void }) {
  const { t, pick, num } = useText(models);
  const { orgName } = useNames();
  const columns: Array<Column<ModelCard>> = [
    { id: "title", head: t("precheck.model_title"), cell: (m) => <button type="button" className="plain small" aria-expanded={m.id === open} onClick={() => choose(m.id)}>{m.title}</button> },
    { id: "version", head: t("precheck.version"), number: true, cell: (m) => num(m.version) },
    { id: "organisation", head: t("precheck.organisation"), cell: (m) => orgName(m.organisation) },
    { id: "state", head: t("precheck.state"), cell: (m) => <Badge tone={TONES[m.state]}>{pick(m.state_title, m.state_title_en)}</Badge> },
    { id: "runs", head: t("precheck.runs"), number: true, cell: (m) => num(m.runs) },
    { id: "sha", head: t("precheck.sha"), cell: (m) => <code>{m.sha256.slice(0, 12)}</code> },
  ];
  return <Table label={t("precheck.models")} columns={columns} rows={items} rowKey={(m) => m.id} />;
}

function Models() {
  const { t } = useText(models);
  const { can } = useSession();
  const [open, choose] = useState<string | null>(null);
  const [firm, setFirm] = useState("");
  const { data } = useSuspenseQuery(modelsListQuery({ limit: MOST }));
  const active = data.items.filter((m) => m.state === "active");
  return (
    <>
      <section>
        <h2>{t("precheck.models")}</h2>
        {data.items.length ? <List items={data.items} open={open} choose={(id) => choose(id === open ? null : id)} /> : <Empty text={t("precheck.none_yet")} />}
        {open && <Whole id={open} asked={setFirm} />}
        {can("model.write") && <Upload />}
      </section>
      {can("precheck.run") && active.length > 0 && <Run key={firm} active={active} firm={firm} />}
      {can("precheck.run") && <Lately />}
    </>
  );
}

export default function ModelsPage() {
  const { t } = useText(models);
  const { can } = useSession();
  const [tab, choose] = useTab(["models", "kit"]);
  return (
    <Page title={t("precheck.heading")} help={t("precheck.help")}>
      {can("kit.read") ? (
        <Tabs label={t("precheck.tabs")} current={tab} choose={choose} tabs={[{ id: "models", text: t("precheck.models") }, { id: "kit", text: t("kit.tab") }]}>
          {tab === "kit" ? <ModelKit /> : <Models />}
        </Tabs>
      ) : <Models />}
    </Page>
  );
}
