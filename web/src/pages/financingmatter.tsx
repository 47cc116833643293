// What the desk opens: a financing (F-…), to be taken up, invited or assigned; or a case (L-…), to be handled.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { financeFinancingAct, financeFinancingQuery, type Financing, type FinancingDeskAct, type FinancingProduct } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { Outcome, useFinancingWords, WantedFacts } from "../parts/financing";
import { Timeline } from "../parts/flow";
import { Area, Choice, Form } from "../parts/form";
import { LoanCasePage } from "../parts/loancase";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty } from "../parts/status";
import { Table, type Column } from "../parts/table";
import financing from "../text/financing";
import { useText } from "../text";

function Products({ products }: { products: FinancingProduct[] }) {
  const { t, pick, num } = useText(financing);
  const { orgName } = useNames();
  const columns: Array<Column<FinancingProduct>> = [
    { id: "title", head: t("fin.product"), cell: (p) => <Link to={`/products/${p.code}`}>{pick(p.title, p.title_en)}</Link> },
    { id: "result", head: t("lend.match"), cell: (p) => <Outcome of={p} /> },
    { id: "place", head: t("lend.place"), number: true, cell: (p) => num(p.place) },
    { id: "organisation", head: t("lend.organisation"), cell: (p) => orgName(p.organisation) },
  ];
  return (
    <section>
      <h2>{t("lend.products")}</h2>
      <p className="quiet">{t("lend.products_lead")}</p>
      {products.length ? <Table label={t("lend.products")} columns={columns} rows={products} rowKey={(p) => p.code} /> : <Empty text={t("lend.no_products")} />}
    </section>
  );
}

/** What may be done is said by the server: an institution takes it up or invites, the platform assigns. */
function Act({ of: f, action }: { of: Financing; action: FinancingDeskAct["action"] }) {
  const { t, pick } = useText(financing);
  const { orgName } = useNames();
  const refresh = useRefresh();
  const assigns = action === "assign";
  const options = f.products.map((p): [string, string] => [p.code, assigns ? `${pick(p.title, p.title_en)} · ${orgName(p.organisation)}` : pick(p.title, p.title_en)]);
  return (
    <section className="panel next-act">
      <h2>{t(`lend.may_${action}`)}</h2>
      <Form submit={t(`lend.may_${action}`)} act={async (value) => {
        await financeFinancingAct({ id: f.id }, { action, product: value("desk-product"), ...(assigns && { reason: value("desk-reason") }) });
        await refresh();
      }}>
        <p className="quiet">{t(`lend.what_${action}`)}</p>
        <Choice id="desk-product" label={t("fin.product")} options={options} />
        {assigns && <Area id="desk-reason" label={t("lend.reason")} maxLength={500} />}
      </Form>
    </section>
  );
}

function FinancingOf({ id }: { id: string }) {
  const { t, pick, num, day } = useText(financing);
  const words = useFinancingWords();
  const { data: f } = useSuspenseQuery(financeFinancingQuery({ id }));
  return (
    <Page title={t("fin.one", { n: num(f.wanted.amount_fen / 1_000_000), months: num(f.wanted.term_months) })} lead={f.subject_title ?? t("lend.unnamed_lead")} back={["/financing-desk", t("lend.title")]} help={t("lend.help")}
      badges={<><StatusTag of={f} /><Badge>{pick(f.mode_title, f.mode_title_en)}</Badge>{f.wanted.first_loan && <Badge tone="good">{t("fin.first_loan")}</Badge>}</>}>
      <div className="columns">
        <div className="wide">
          {f.case && <p className="buttons"><Link className="button" to={`/financing-desk/${f.case}`}>{t("lend.own_case")}</Link></p>}
          {!f.case && f.products.length > 0 && f.may.map((action) => <Act key={action} of={f} action={action} />)}
          <Products products={f.products} />
          {f.cases.length > 0 && <section><h2>{t("fin.cases")}</h2><ul className="plainlist">{f.cases.map((c) => <li key={c.id}><Link to={`/financing-desk/${c.id}`}>{c.organisation_name ?? c.organisation}</Link> <StatusTag of={c} /></li>)}</ul></section>}
          <Timeline events={f.history} />
        </div>
        <div className="narrow">
          <section><h2>{t("fin.wanted")}</h2><WantedFacts wanted={f.wanted} rest={[[t("lend.id"), f.id], [t("lend.taken_by"), f.mode === "open" && t("lend.taken", { n: num(f.taken), most: num(f.open_most) })], [t("lend.until"), f.open_until && day(f.open_until)], [t("fin.product"), f.product && words.named({ title: f.product_title ?? f.product, title_en: f.product_title_en })]]} /></section>
        </div>
      </div>
    </Page>
  );
}

export default function FinancingMatterPage() {
  const id = useParams()["id"]!;
  const { t } = useText(financing);
  return id.startsWith("F-") ? <FinancingOf id={id} /> : <LoanCasePage id={id} help={t("lend.help")} />;
}
