// One version of a product: written while it is a draft, compared with what is on sale, decided about; or the first draft of a new one.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { marketProductAct, marketProductAdd, marketProductChange, marketProductShowQuery, type Product, type ProductVersion } from "#api";
import { StatusTag } from "../parts/badges";
import { Steps, Timeline } from "../parts/flow";
import { Page } from "../parts/page";
import { Asks, useProductWords } from "../parts/product";
import { BLANK, ProductEditor, type Form } from "../parts/product-form";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import market from "../text/market";
import products from "../text/products";
import { useText } from "../text";

const FACTS = ["kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const;

interface Line {
  name: string;
  of: (p: Product) => string;
  cell: (p: Product) => React.ReactNode;
}

function useLines(): Line[] {
  const { t, pick } = useText(market, products);
  const words = useProductWords();
  return [
    { name: t("mp.name"), of: (p) => `${p.title} ${p.title_en}`, cell: (p) => pick(p.title, p.title_en) },
    ...FACTS.map((id): Line => ({ name: t(`product.${id}`), of: words[id], cell: words[id] })),
    { name: t("mp.materials_of"), of: (p) => `${p.materials} ${p.materials_en}`, cell: (p) => (p.materials ? pick(p.materials, p.materials_en) : "–") },
    { name: t("mp.asks"), of: (p) => JSON.stringify(p.groups), cell: (p) => <Asks groups={p.groups} /> },
  ];
}

function Whole({ of: p }: { of: Product }) {
  const { t } = useText(market);
  const columns: Array<Column<Line>> = [{ id: "item", head: t("mp.item"), cell: (l) => l.name }, { id: "after", head: t("mp.after"), cell: (l) => l.cell(p) }];
  return <section><h2>{t("mp.as_is")}</h2><Table label={t("mp.as_is")} columns={columns} rows={useLines()} rowKey={(l) => l.name} /></section>;
}

function Differences({ before, after }: { before: Product; after: Product }) {
  const { t } = useText(market);
  const lines = useLines().filter((l) => l.of(before) !== l.of(after));
  const columns: Array<Column<Line>> = [
    { id: "item", head: t("mp.item"), cell: (l) => l.name }, { id: "before", head: t("mp.before"), cell: (l) => l.cell(before) }, { id: "after", head: t("mp.after"), cell: (l) => l.cell(after) },
  ];
  return (
    <section>
      <h2>{t("mp.differences")}</h2>
      {lines.length ? <Table label={t("mp.differences")} columns={columns} rows={lines} rowKey={(l) => l.name} /> : <p>{t("mp.no_differences")}</p>}
    </section>
  );
}

function History({ of: v }: { of: ProductVersion }) {
  const { t } = useText(market);
  return (
    <section>
      <h2>{t("mp.versions")}</h2>
      <ul>{v.versions.map((x) => (
        <li key={x.id}>{x.id === v.id ? t("mp.version", { n: String(x.version) }) : <Link to={`/my-products/${encodeURIComponent(x.id)}`}>{t("mp.version", { n: String(x.version) })}</Link>} <StatusTag of={x} /> {x.note && <span className="quiet">{x.note}</span>}</li>
      ))}</ul>
    </section>
  );
}

const body = (form: Form, note: string) => ({ form, ...(note && { note }) });

function Shown({ of: v }: { of: ProductVersion }) {
  const { t } = useText(market);
  const { can } = useSession();
  const client = useQueryClient();
  const key = marketProductShowQuery({ id: v.id }).queryKey;
  const keep = async (next: ProductVersion): Promise<void> => {
    client.setQueryData(key, next);
    await client.invalidateQueries({ queryKey: ["market.products"] });
  };
  const writes = v.actions.some((a) => a.action === "change");
  const open = v.versions.some((x) => x.state === "draft" || x.state === "submitted");
  return (
    <>
      <Steps actions={v.actions.filter((a) => a.action !== "change")} take={async (step) => keep(await marketProductAct({ id: v.id }, step))} />
      {can("market.write") && !open && <p className="buttons"><Link className="button" to={`/my-products/new?from=${encodeURIComponent(v.id)}`}>{t("mp.next")}</Link></p>}
      {v.before && v.product && v.state !== "published" && <Differences before={v.before} after={v.product} />}
      {writes ? <ProductEditor key={v.changed_at} from={{ ...BLANK, ...v.form }} note={v.note ?? ""} save={async (form, note) => keep(await marketProductChange({ id: v.id }, body(form, note)))} />
        : v.product ? <Whole of={v.product} /> : <p>{t("mp.unfinished")}</p>}
      <div className="columns"><div className="wide"><Timeline events={v.history} /></div><div className="narrow"><History of={v} /></div></div>
    </>
  );
}

function Version({ id }: { id: string }) {
  const { t, pick } = useText(market);
  const { data: v } = useSuspenseQuery(marketProductShowQuery({ id }));
  return (
    <Page title={pick(v.title, v.title_en) || t("mp.edit")} lead={`${pick(v.institution, v.institution_en)} · ${t("mp.version", { n: String(v.version) })}`} back={["/my-products", t("mp.heading")]} badges={<StatusTag of={v} />} help={t("mp.help")}>
      <Shown of={v} />
    </Page>
  );
}

function New({ from, code }: { from: Form; code?: string }) {
  const { t } = useText(market);
  const navigate = useNavigate();
  return (
    <Page title={t(code ? "mp.next" : "mp.edit")} back={["/my-products", t("mp.heading")]} help={t("mp.help")}>
      <ProductEditor from={from} note="" save={async (form, note) => {
        const made = await marketProductAdd({ ...body(form, note), ...(code && { code }) });
        await navigate(`/my-products/${encodeURIComponent(made.id)}`, { replace: true });
      }} />
    </Page>
  );
}

function Next({ id }: { id: string }) {
  const { data: v } = useSuspenseQuery(marketProductShowQuery({ id }));
  return <New from={{ ...BLANK, ...v.form }} code={v.code} />;
}

export default function VersionPage() {
  const id = useParams()["id"]!;
  const [params] = useSearchParams();
  const from = params.get("from");
  if (id !== "new") return <Version id={id} />;
  return from ? <Next id={from} /> : <New from={BLANK} />;
}
