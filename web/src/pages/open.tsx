// The public portal: how much there is, what is open, how to get it, how to ask for the rest.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { catalogueSearchQuery, openDcatUrl, openOverviewQuery, type ResourceCard } from "#api";
import { Figures } from "../parts/facts";
import { useList } from "../parts/list";
import { Downloads, Licence } from "../parts/opendata";
import { Page } from "../parts/page";
import { Pager } from "../parts/pager";
import { SearchBox } from "../parts/search";
import { Empty, FailureNote } from "../parts/status";
import catalogue from "../text/catalogue";
import open from "../text/open";
import { useText } from "../text";

const UNCONDITIONAL = "1"; // code table OPEN_ATTR

function Overview() {
  const { t, num } = useText(open);
  const { data } = useQuery(openOverviewQuery());
  if (!data) return null;
  return (
    <Figures big rows={[
      [t("open.providers"), num(data.providers)], [t("open.resources"), num(data.resources)], [t("open.records"), num(data.records)],
      [t("open.open"), num(data.open)], [t("open.open_records"), num(data.open_records)], [t("open.licence"), <Licence key="l" address={data.licence} />],
    ]} />
  );
}

function Card({ resource: r }: { resource: ResourceCard }) {
  const { t, pick, num, day } = useText(open, catalogue);
  return (
    <article className="card still">
      <h2><Link to={`/resources/${encodeURIComponent(r.name)}`}>{pick(r.title, r.title_en)}</Link></h2>
      <p className="provider">{pick(r.provider.name, r.provider.name_en)}</p>
      <p className="summary">{pick(r.summary, r.summary_en)}</p>
      <Figures rows={[
        [t("card.records"), r.records === null ? "…" : num(r.records)], [t("card.updated"), day(r.updated_at)],
        [t("about.cycle"), r.update_cycle ? pick(r.update_cycle.title, r.update_cycle.title_en) : "–"],
      ]} />
      {r.records !== 0 && <Downloads name={r.name} />}
    </article>
  );
}

export default function Open() {
  const { t } = useText(open);
  const list = useList();
  const q = list.filter("q");
  const { data: page, error } = useQuery({ ...catalogueSearchQuery({ q, open: UNCONDITIONAL, limit: list.limit, offset: list.offset }), placeholderData: keepPreviousData });
  return (
    <Page title={t("open.title")} lead={t("open.lead")} help={t("open.help")}
      band={<><SearchBox q={q} label={t("open.search")} hint={t("open.search")} ask={(text) => list.setFilter("q", text)} /><Overview /><p className="links"><Link to="/finance-figures">{t("open.finance")}</Link></p></>}>
      {error && <FailureNote error={error} />}
      {page && (
        <section aria-live="polite">
          <h2 className="unseen">{t("open.data")}</h2>
          {page.items.length ? <ul className="cards">{page.items.map((r) => <li key={r.name}><Card resource={r} /></li>)}</ul> : <Empty text={t(q ? "open.none" : "open.empty")} />}
          <Pager total={page.total} offset={page.offset} limit={page.limit} onTurn={list.turn} />
        </section>
      )}
      <div className="columns">
        <section className="wide">
          <h2>{t("open.how")}</h2>
          <ol className="plain-list"><li>{t("open.how_1")}</li><li>{t("open.how_2")}</li><li>{t("open.how_3")}</li></ol>
          <p className="quiet">{t("open.how_account")}</p>
          <p><Link to="/">{t("nav.catalogue")}</Link></p>
        </section>
        <section className="narrow">
          <h2>{t("open.harvest")}</h2>
          <p>{t("open.harvest_text")}</p>
          <p><a href={openDcatUrl()}><code>{openDcatUrl()}</code></a></p>
        </section>
      </div>
    </Page>
  );
}
