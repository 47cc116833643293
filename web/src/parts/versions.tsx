// Versions of what organisations write and the platform publishes (products, policies): written while it is a draft, compared with what is published, decided about.
import { useQueryClient, useSuspenseQuery, type UseSuspenseQueryOptions } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import type { Act, FlowAction, FlowEvent, ProductVersionCard } from "#api";
import { useSession } from "../session";
import market from "../text/market";
import { useText } from "../text";
import { StatusTag } from "./badges";
import type { DraftProps } from "./draft";
import { Steps, Timeline } from "./flow";
import { Page } from "./page";
import { Table, type Column } from "./table";

type Card = Pick<ProductVersionCard, "id" | "version" | "note" | "state" | "state_title" | "state_title_en">;
interface Version<F> extends Card {
  code: string;
  title: string;
  title_en: string;
  changed_at: string;
  form: Partial<F>;
  versions: Card[];
  history: FlowEvent[];
  actions: FlowAction[];
}

/** A line of what a version says: to compare by, and to show. */
export interface Line<M> {
  name: string;
  of: (made: M) => string;
  cell: (made: M) => ReactNode;
}

export interface VersionKind<F, M, V extends Version<F>> {
  place: string;
  key: string; // of the list's question
  perm: string;
  blank: F;
  words: { heading: string; edit: string };
  owner: (v: V) => string;
  made: (v: V) => M | null;
  before: (v: V) => M | null;
  lines: Array<Line<M>>;
  show: (id: string) => UseSuspenseQueryOptions<V>;
  add: (written: { form: F; note?: string; code?: string }) => Promise<V>;
  change: (id: string, written: { form: F; note?: string }) => Promise<V>;
  act: (id: string, step: Act) => Promise<V>;
  Editor: (props: DraftProps<F>) => ReactNode;
}

function Whole<M>({ of: m, lines }: { of: M; lines: Array<Line<M>> }) {
  const { t } = useText(market);
  const columns: Array<Column<Line<M>>> = [{ id: "item", head: t("mp.item"), cell: (l) => l.name }, { id: "after", head: t("mp.after"), cell: (l) => l.cell(m) }];
  return <section><h2>{t("mp.as_is")}</h2><Table label={t("mp.as_is")} columns={columns} rows={lines} rowKey={(l) => l.name} /></section>;
}

function Differences<M>({ before, after, lines }: { before: M; after: M; lines: Array<Line<M>> }) {
  const { t } = useText(market);
  const differ = lines.filter((l) => l.of(before) !== l.of(after));
  const columns: Array<Column<Line<M>>> = [
    { id: "item", head: t("mp.item"), cell: (l) => l.name }, { id: "before", head: t("mp.before"), cell: (l) => l.cell(before) }, { id: "after", head: t("mp.after"), cell: (l) => l.cell(after) },
  ];
  return (
    <section>
      <h2>{t("mp.differences")}</h2>
      {differ.length ? <Table label={t("mp.differences")} columns={columns} rows={differ} rowKey={(l) => l.name} /> : <p>{t("mp.no_differences")}</p>}
    </section>
  );
}

function History({ of: v, place }: { of: { id: string; versions: Card[] }; place: string }) {
  const { t } = useText(market);
  return (
    <section>
      <h2>{t("mp.versions")}</h2>
      <ul>{v.versions.map((x) => (
        <li key={x.id}>{x.id === v.id ? t("mp.version", { n: String(x.version) }) : <Link to={`${place}/${encodeURIComponent(x.id)}`}>{t("mp.version", { n: String(x.version) })}</Link>} <StatusTag of={x} /> {x.note && <span className="quiet">{x.note}</span>}</li>
      ))}</ul>
    </section>
  );
}

const body = <F,>(form: F, note: string) => ({ form, ...(note && { note }) });

function Shown<F extends object, M, V extends Version<F>>({ of: v, kind }: { of: V; kind: VersionKind<F, M, V> }) {
  const { t } = useText(market);
  const { can } = useSession();
  const client = useQueryClient();
  const keep = async (next: V): Promise<void> => {
    client.setQueryData(kind.show(v.id).queryKey, next);
    await client.invalidateQueries({ queryKey: [kind.key] });
  };
  const writes = v.actions.some((a) => a.action === "change");
  const open = v.versions.some((x) => x.state === "draft" || x.state === "submitted");
  const made = kind.made(v), before = kind.before(v);
  return (
    <>
      <Steps actions={v.actions.filter((a) => a.action !== "change")} take={async (step) => keep(await kind.act(v.id, step))} />
      {can(kind.perm) && !open && <p className="buttons"><Link className="button" to={`${kind.place}/new?from=${encodeURIComponent(v.id)}`}>{t("mp.next")}</Link></p>}
      {before && made && v.state !== "published" && <Differences before={before} after={made} lines={kind.lines} />}
      {writes ? <kind.Editor key={v.changed_at} from={{ ...kind.blank, ...v.form }} note={v.note ?? ""} save={async (form, note) => keep(await kind.change(v.id, body(form, note)))} />
        : made ? <Whole of={made} lines={kind.lines} /> : <p>{t("mp.unfinished")}</p>}
      <div className="columns"><div className="wide"><Timeline events={v.history} /></div><div className="narrow"><History of={v} place={kind.place} /></div></div>
    </>
  );
}

function One<F extends object, M, V extends Version<F>>({ id, kind, help }: { id: string; kind: VersionKind<F, M, V>; help: string }) {
  const { t, pick } = useText(market);
  const { data: v } = useSuspenseQuery(kind.show(id));
  return (
    <Page title={pick(v.title, v.title_en) || kind.words.edit} lead={`${kind.owner(v)} · ${t("mp.version", { n: String(v.version) })}`} back={[kind.place, kind.words.heading]} badges={<StatusTag of={v} />} help={help}>
      <Shown of={v} kind={kind} />
    </Page>
  );
}

function New<F extends object, M, V extends Version<F>>({ from, code, kind, help }: { from: F; code?: string; kind: VersionKind<F, M, V>; help: string }) {
  const { t } = useText(market);
  const navigate = useNavigate();
  return (
    <Page title={code ? t("mp.next") : kind.words.edit} back={[kind.place, kind.words.heading]} help={help}>
      <kind.Editor from={from} note="" save={async (form, note) => {
        const made = await kind.add({ ...body(form, note), ...(code && { code }) });
        await navigate(`${kind.place}/${encodeURIComponent(made.id)}`, { replace: true });
      }} />
    </Page>
  );
}

function Next<F extends object, M, V extends Version<F>>({ id, kind, help }: { id: string; kind: VersionKind<F, M, V>; help: string }) {
  const { data: v } = useSuspenseQuery(kind.show(id));
  return <New from={{ ...kind.blank, ...v.form }} code={v.code} kind={kind} help={help} />;
}

/** The page of one version, or of the first draft of something new. */
export function VersionPage<F extends object, M, V extends Version<F>>({ kind, help }: { kind: VersionKind<F, M, V>; help: string }) {
  const id = useParams()["id"]!;
  const [params] = useSearchParams();
  const from = params.get("from");
  if (id !== "new") return <One id={id} kind={kind} help={help} />;
  return from ? <Next id={from} kind={kind} help={help} /> : <New from={kind.blank} kind={kind} help={help} />;
}
