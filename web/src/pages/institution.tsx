// One institution: for anybody with its products; for the platform and the institution itself also its state, what happened, and what may be done.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { institutionShowQuery, marketInstitutionAct, marketInstitutionShowQuery, type Institution, type InstitutionCard, type MarketInstitution } from "#api";
import { StatusTag } from "../parts/badges";
import { DetailList } from "../parts/facts";
import { Steps, Timeline } from "../parts/flow";
import { Page } from "../parts/page";
import { useProductWords } from "../parts/product";
import { Empty, FailureNote, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import market from "../text/market";
import products from "../text/products";
import { useText } from "../text";

function Facts({ of: i, contact }: { of: InstitutionCard; contact?: string }) {
  const { t, pick, listed } = useText(market);
  return (
    <DetailList rows={[
      [t("inst.kind"), pick(i.kind_title, i.kind_title_en)], [t("inst.licence"), i.licence], [t("inst.regions"), listed(i.regions.map((r) => pick(r.title, r.title_en)))],
      [t("inst.parent"), i.parent_title], [t("inst.contact"), contact], [t("inst.phone"), i.phone],
    ]} />
  );
}

function Products({ items }: { items: Institution["items"] }) {
  const { t, pick } = useText(market, products);
  const words = useProductWords();
  const columns: Array<Column<Institution["items"][number]>> = [
    { id: "title", head: t("product.name"), cell: (p) => <Link to={`/products/${p.code}`}>{pick(p.title, p.title_en)}</Link> },
    ...(["kind", "amount", "rate", "term", "guarantee"] as const).map((id): Column<Institution["items"][number]> => ({ id, head: t(`product.${id}`), cell: words[id] })),
  ];
  return (
    <section>
      <h2>{t("inst.products")}</h2>
      {items.length ? <Table label={t("inst.products")} columns={columns} rows={items} rowKey={(p) => p.code} /> : <Empty text={t("inst.no_products")} />}
    </section>
  );
}

/** What it asks to change of what the platform has looked at: what holds, and what would. */
function Asked({ of: i }: { of: MarketInstitution }) {
  const { t, pick, when } = useText(market);
  const a = i.asked;
  if (!a) return null;
  const rows: Array<[string, string, string]> = [
    [t("inst.kind"), pick(i.kind_title, i.kind_title_en), pick(a.kind_title, a.kind_title_en)], [t("inst.licence"), i.licence, a.licence],
    [t("inst.parent"), i.parent_title ?? i.parent ?? t("inst.nobody"), a.parent_title ?? a.parent ?? t("inst.nobody")],
  ];
  return (
    <Note tone="ask">
      <p>{t("inst.asked", { at: when(a.asked_at) })}</p>
      <DetailList rows={rows.filter(([, now, then]) => now !== then).map(([name, now, then]) => [name, t("inst.from_to", { now, then })])} />
    </Note>
  );
}

const BY_FORM = ["change", "propose", "ask"];

function Managed({ of: i }: { of: MarketInstitution }) {
  const client = useQueryClient();
  const ask = marketInstitutionShowQuery({ code: i.code });
  return (
    <>
      <Asked of={i} />
      <Steps actions={i.actions.filter((a) => !BY_FORM.includes(a.action))} take={async (body) => {
        client.setQueryData(ask.queryKey, await marketInstitutionAct({ code: i.code }, body));
        await client.invalidateQueries({ queryKey: institutionShowQuery({ code: i.code }).queryKey });
      }} />
      <Timeline events={i.history} />
    </>
  );
}

export default function InstitutionPage() {
  const code = useParams()["code"]!;
  const { t, pick } = useText(market);
  const { can } = useSession();
  const { data: seen, error } = useQuery({ ...institutionShowQuery({ code }), retry: false });
  const { data: own, isPending } = useQuery({ ...marketInstitutionShowQuery({ code }), retry: false, enabled: can("market.read") });
  const shown: InstitutionCard | undefined = seen ?? own;
  const waits = can("market.read") && isPending;
  return (
    <Page title={shown ? pick(shown.title, shown.title_en) : t("inst.heading")} back={["/institutions", t("inst.heading")]} badges={own && <StatusTag of={own} />} help={t("inst.help")}>
      {error && !own && !waits && <FailureNote error={error} />}
      {shown && (
        <div className={own ? "columns" : undefined}>
          <div className="wide">
            {shown.about && <p>{pick(shown.about, shown.about_en)}</p>}
            {!own && <section><Facts of={shown} /></section>}
            {own && <Managed of={own} />}
            {seen && <Products items={seen.items} />}
            {seen && <p><Link to={`/complain?${new URLSearchParams({ institution: code })}`}>{t("inst.complain")}</Link></p>}
          </div>
          {own && <div className="narrow"><section><Facts of={own} contact={own.contact} /></section></div>}
        </div>
      )}
    </Page>
  );
}
