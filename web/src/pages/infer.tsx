// A file becomes the proposal of a resource: what each column is, and why; corrected here, it is saved as a pack for the operator to load.
import { useState } from "react";
import { resourceInferUrl, type Inference, type InferredColumn } from "#api";
import { sendFile } from "#send";
import { Badge } from "../parts/badges";
import { csvOf } from "../parts/csv";
import { Figures } from "../parts/facts";
import { Icon } from "../parts/icon";
import { Page } from "../parts/page";
import { FailureNote, Note } from "../parts/status";
import { useSession } from "../session";
import { zipOf } from "../parts/zip";
import infer from "../text/infer";
import { useText } from "../text";

const ROLES = ["", "subject", "subject_name", "related"] as const;
const NAME = "[a-z][a-z0-9_]{0,47}";

type Column = InferredColumn & { required: boolean; used: boolean };

/** The files of the pack, as docs/packs.md has them; what only a person can decide stays empty, so that the check asks for it. */
function packOf(p: Inference, provider: string, columns: Column[]): Array<[string, string]> {
  const used = columns.filter((c) => c.used);
  const fresh = used.filter((c) => c.new);
  return [
    ["pack.json", `${JSON.stringify({ name: p.name, version: "0.1.0", title: { zh: p.title }, needs: p.needs }, null, 2)}\n`],
    ["resources.csv", csvOf([["name", "code", "title", "provider", "summary", "share_type", "open", "update_cycle", "version", "mode", "subject_kind"], [p.name, "", p.title, provider, "", "", "", "", "1", p.mode, p.subject_kind ?? ""]])],
    ["items.csv", csvOf([["resource", "item", "element", "title", "required", "key", "role", "relation"], ...used.map((c) => [p.name, c.item, c.element, c.title ?? "", c.required || c.key ? "Y" : "", c.key ? String(c.key) : "", c.role, c.relation ?? ""])])],
    [`mappings/${p.name}.csv`, csvOf([["source", "item", "transform", "arguments"], ...used.map((c) => [c.source, c.item, c.transform ?? "", c.arguments ?? ""])])],
    ...(fresh.length ? [["elements.csv", csvOf([["code", "name", "title", "type", "length", "check", "grade", "basis"], ...fresh.map((c) => [c.element_code ?? "", c.element, c.element_title || c.header, c.type, c.length ? String(c.length) : "", c.check ?? "", String(c.grade), c.basis ?? ""])])] as [string, string]] : []),
  ];
}

function save(name: string, blob: Blob): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 0);
}

function Row({ column: c, change }: { column: Column; change(part: Partial<Column>): void }) {
  const { t, tCode, pick, listed } = useText(infer);
  const label = (what: string): string => `${c.header || c.position}: ${what}`;
  return (
    <tr>
      <th scope="row">{c.header || `#${c.position}`}<span className="quiet">{listed(c.examples)}</span></th>
      <td data-label={t("infer.used")}><input type="checkbox" aria-label={label(t("infer.used"))} checked={c.used} onChange={(e) => change({ used: e.target.checked })} /></td>
      <td data-label={t("infer.item")}><input aria-label={label(t("infer.item"))} value={c.item} pattern={NAME} maxLength={48} onChange={(e) => change({ item: e.target.value })} /></td>
      <td data-label={t("infer.element")}><input aria-label={label(t("infer.element"))} value={c.element} pattern={NAME} maxLength={48} onChange={(e) => change({ element: e.target.value })} />{c.new && <Badge tone="fair">{t("infer.fresh")}</Badge>}</td>
      <td data-label={t("infer.key")}><input type="number" min={0} max={16} aria-label={label(t("infer.key"))} value={c.key} onChange={(e) => change({ key: Number(e.target.value) })} /></td>
      <td data-label={t("infer.required")}><input type="checkbox" aria-label={label(t("infer.required"))} checked={c.required || c.key > 0} disabled={c.key > 0} onChange={(e) => change({ required: e.target.checked })} /></td>
      <td data-label={t("infer.role")}><select aria-label={label(t("infer.role"))} value={c.role} onChange={(e) => change({ role: e.target.value })}>{ROLES.map((r) => <option key={r} value={r}>{tCode("inferrole", r || "none")}</option>)}</select></td>
      <td data-label={t("infer.why")}><span><strong>{c.confidence}%</strong> {pick(c.reason, c.reason_en)}</span></td>
    </tr>
  );
}

function Grid({ proposal }: { proposal: Inference }) {
  const { t, tCode, pick, num } = useText(infer);
  const { session } = useSession();
  const [about, setAbout] = useState(proposal);
  const [columns, setColumns] = useState<Column[]>(() => proposal.columns.map((c) => ({ ...c, used: true, required: c.key > 0 })));
  const change = (at: number, part: Partial<Column>): void => setColumns((all) => all.map((c, i) => (i === at ? { ...c, ...part } : c)));
  return (
    <form className="infer" onSubmit={(e) => { e.preventDefault(); save(`${about.name}.zip`, zipOf(packOf(about, session?.organisation ?? "", columns))); }}>
      <Figures big rows={[[t("infer.rows"), num(about.rows)], [t("infer.faulty"), num(about.faulty)], [t("infer.kind"), tCode("kind", about.subject_kind ?? "none")], [t("infer.key"), pick(about.key_reason, about.key_reason_en)]]} />
      <p className="field"><label htmlFor="name">{t("infer.name")}</label><input id="name" value={about.name} required pattern={NAME} maxLength={48} onChange={(e) => setAbout({ ...about, name: e.target.value })} /></p>
      <p className="field"><label htmlFor="title">{t("infer.title_label")}</label><input id="title" value={about.title} required maxLength={200} onChange={(e) => setAbout({ ...about, title: e.target.value })} /></p>
      <div className="scroll" tabIndex={0} role="region" aria-label={t("infer.columns")}>
        <table className="stack">
          <thead><tr>{[t("infer.header"), t("infer.used"), t("infer.item"), t("infer.element"), t("infer.key"), t("infer.required"), t("infer.role"), t("infer.why")].map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
          <tbody>{columns.map((c, at) => <Row key={c.position} column={c} change={(part) => change(at, part)} />)}</tbody>
        </table>
      </div>
      <p className="buttons spaced"><button type="submit" className="primary"><Icon name="download" />{t("infer.save")}</button></p>
      <Note><p>{t("infer.then")}</p></Note>
    </form>
  );
}

export default function InferPage() {
  const { t } = useText(infer);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [proposal, setProposal] = useState<Inference | null>(null);
  const take = (file: File | undefined): void => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    sendFile<Inference>(resourceInferUrl({ file_name: file.name }), file).then(setProposal, setProblem).finally(() => setBusy(false));
  };
  return (
    <Page title={t("infer.title")} lead={t("infer.lead")} back={["/desk", t("nav.desk")]} help={t("infer.help")}>
      <div className="drop">
        <label htmlFor="file"><Icon name="upload" /><strong>{t("infer.choose")}</strong><span className="quiet">{t("infer.hint")}</span></label>
        <input type="file" id="file" disabled={busy} onChange={(e) => { take(e.target.files?.[0]); e.target.value = ""; }} />
        <div className="status" role="status">{busy && t("infer.busy")}</div>
      </div>
      {problem ? <FailureNote error={problem} /> : null}
      {proposal && <Grid key={JSON.stringify(proposal.columns.map((c) => c.header)) + proposal.rows} proposal={proposal} />}
    </Page>
  );
}
