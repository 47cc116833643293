// What anybody may look up of permits and penalties while they are public. What is asked for stands after "#": no server and no log of
// addresses sees whose decisions somebody looked for.
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useLocation, useNavigate } from "react-router";
import { publicityFindQuery, publicityRulesQuery, type PublicField, type PublicPeriod, type PublicRecord } from "#api";
import { Badge } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Icon } from "../parts/icon";
import { Page } from "../parts/page";
import { Empty, FailureNote, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import credit from "../text/credit";
import { useText } from "../text";

const tones: Record<string, string> = { "1": "", "2": "fair", "3": "poor" };
const MOST = 50; // the server gives no more
const DAY = /^\d{4}-\d\d-\d\d$/;

interface Titled {
  title: string;
  title_en?: string | null;
}
const isTitled = (v: unknown): v is Titled => typeof v === "object" && v !== null && "title" in v;

/** A field as text, whatever its type. */
function useFieldText(): (field: PublicField) => string {
  const { pick, listed, num, day } = useText(credit);
  const one = (v: unknown): string => (isTitled(v) ? pick(v.title, v.title_en) : typeof v === "number" ? num(v) : DAY.test(String(v)) ? day(String(v)) : String(v ?? ""));
  return ({ value, unit }) => (Array.isArray(value) ? listed(value.map(one)) : one(value)) + (unit && value !== null ? ` ${unit}` : "");
}

const named = (record: PublicRecord, ...names: string[]): PublicField | undefined => record.fields.find((f) => names.some((n) => f.name.endsWith(n)));

function Found({ record }: { record: PublicRecord }) {
  const { t, tCode, pick, day } = useText(credit);
  const text = useFieldText();
  const number = named(record, "doc_no"), party = named(record, "subject_name"), authority = named(record, "_authority"), content = named(record, "_content");
  return (
    <article className="card still">
      <h3>{party ? text(party) : "–"}</h3>
      <p className="provider">{number && text(number)}</p>
      <p className="badges">
        <Badge>{pick(record.kind_title, record.kind_title_en)}</Badge>
        {record.person && <Badge>{t("public.person")}</Badge>}
        {record.level && <Badge tone={tones[record.level]}>{t("public.level")}: {tCode("level", record.level)}</Badge>}
      </p>
      <p className="summary">{content && text(content)}</p>
      <DetailList rows={[
        [authority ? pick(authority.title, authority.title_en) : "", authority && text(authority)], [t("public.decided"), day(record.decided)], [t("public.until"), day(record.until)],
      ]} />
      <details className="spaced">
        <summary>{t("public.details")}</summary>
        <DetailList rows={[
          ...record.fields.map((f): [string, string] => [pick(f.title, f.title_en), text(f)]),
          [t("public.level"), record.level && record.level_derived && `${tCode("level", record.level)} (${t("public.derived")})`],
          [t("public.rule"), pick(record.note, record.note_en)],
          [t("public.source"), `${record.source} (${tCode("trust", record.basis)})`],
        ]} />
      </details>
    </article>
  );
}

function Answer({ q, kind }: { q: string; kind: string }) {
  const { t, num } = useText(credit);
  const { data, error } = useQuery({ ...publicityFindQuery({ q, kind: kind || undefined }), retry: false });
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  return (
    <section aria-live="polite">
      <h2>{t("public.found", { n: num(data.items.length) })}</h2>
      {data.more && <Note><p>{t("public.more", { n: MOST })}</p></Note>}
      {data.items.length ? <ul className="cards loose">{data.items.map((r, at) => <li key={`${r.kind} ${at}`}><Found record={r} /></li>)}</ul> : <Empty text={t("public.none")} />}
    </section>
  );
}

function Rules() {
  const { t, tCode, pick } = useText(credit);
  const { data } = useQuery({ ...publicityRulesQuery(), retry: false });
  if (!data) return null;
  const months = (n: number | null): string => (n === null ? "–" : n ? t("public.months", { n }) : t("public.not_shown"));
  const title = (p: PublicPeriod): string => {
    const kind = data.kinds.find((k) => k.kind === p.kind);
    return (kind ? pick(kind.title, kind.title_en) : p.kind) + (p.level ? ` · ${tCode("level", p.level)}` : "");
  };
  const columns: Array<Column<PublicPeriod>> = [
    { id: "what", head: t("public.kind"), cell: title },
    { id: "least", head: t("public.least"), cell: (p) => months(p.least_months) },
    { id: "most", head: t("public.most"), cell: (p) => months(p.most_months) },
    { id: "note", head: t("public.rule"), cell: (p) => pick(p.note, p.note_en) },
    { id: "source", head: t("public.source"), cell: (p) => `${p.source} (${tCode("trust", p.basis)})` },
  ];
  return <section><h2>{t("public.rules")}</h2><p>{t("public.rules_lead")}</p><Table label={t("public.rules")} columns={columns} rows={data.periods} rowKey={(p) => `${p.kind} ${p.level}`} /></section>;
}

export default function Publicity() {
  const { t } = useText(credit);
  const navigate = useNavigate();
  const asked = new URLSearchParams(useLocation().hash.slice(1));
  const q = asked.get("q") ?? "", kind = asked.get("kind") ?? "";
  const go = (next: { q: string; kind: string }): void => void navigate({ hash: next.q ? new URLSearchParams({ q: next.q, ...(next.kind && { kind: next.kind }) }).toString() : "" });

  function ask(e: FormEvent<HTMLFormElement>): void {
    e.preventDefault();
    const data = new FormData(e.currentTarget);
    go({ q: String(data.get("q") ?? "").trim(), kind: String(data.get("kind") ?? "") });
  }

  const form = (
    <form className="search wide" role="search" onSubmit={ask} key={q}>
      <label className="unseen" htmlFor="q">{t("public.search")}</label>
      <Icon name="search" />
      <input type="search" id="q" name="q" defaultValue={q} placeholder={t("public.hint")} autoComplete="off" maxLength={200} />
      <label className="unseen" htmlFor="kind">{t("public.kind")}</label>
      <select id="kind" name="kind" defaultValue={kind}>
        <option value="">{t("public.kind_all")}</option><option value="permit">{t("timely.permit")}</option><option value="penalty">{t("timely.penalty")}</option>
      </select>
      <button type="submit" className="primary">{t("public.ask")}</button>
    </form>
  );
  return (
    <Page title={t("public.title")} lead={t("public.lead")} help={t("public.help")} band={form}>
      {q && <Answer q={q} kind={kind} />}
      <Rules />
    </Page>
  );
}
