// The catalogue: search, narrow down by facets, see what each resource is.  The address holds the whole question, so that it can be
// sent to somebody.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { catalogueSearchQuery, resourceShowQuery, type Facet, type ResourceCard } from "#api";
import { Badge, Bar, GradeBadge, ShareBadge } from "../parts/badges";
import { useBasket } from "../parts/basket";
import { Figures } from "../parts/facts";
import { Page } from "../parts/page";
import { Pager } from "../parts/pager";
import { SearchBox } from "../parts/search";
import { Empty, FailureNote } from "../parts/status";
import { useSession } from "../session";
import catalogue from "../text/catalogue";
import { useText } from "../text";

const FIELDS = ["provider", "region", "share_type", "open", "update_cycle", "grade", "scenario"] as const;
const LIMIT = 20;
const SHOWN = 6; // values of a facet before "more"

const WIDE = "(min-width: 60rem)";
const NOT_SHARED = "3";
const GOOD = 0.99; // quality from which a bar is green, and from which it is yellow
const FAIR = 0.9;

const LongCatalogue = lazy(() => import("../parts/longcatalogue"));

function FacetBox({ facet: f, choose }: { facet: Facet; choose(field: string, value: string, on: boolean): void }) {
  const { t, pick, num } = useText(catalogue);
  if (f.values.length < 2 && !f.values.some((v) => v.chosen)) return null;
  const choices = f.values.map((v) => (
    <label key={v.value} className="choice">
      <input type="checkbox" checked={v.chosen} onChange={(e) => choose(f.field, v.value, e.target.checked)} />
      <span>{f.field === "grade" ? t("grade", { n: v.value }) : pick(v.title, v.title_en)}</span><span className="count">{num(v.count)}</span>
    </label>
  ));
  const rest = choices.slice(SHOWN);
  return (
    <fieldset>
      <legend>{pick(f.title, f.title_en)}</legend>
      {choices.slice(0, SHOWN)}
      {rest.length > 0 && (
        <details className="rest" open={f.values.slice(SHOWN).some((v) => v.chosen)}><summary>{t("facet.more", { n: rest.length })}</summary>{rest}</details>
      )}
    </fieldset>
  );
}

/** What one would get, before applying: every item with its grade. */
function Peek({ name }: { name: string }) {
  const { t, pick, num } = useText(catalogue);
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...resourceShowQuery({ name }), enabled: open });
  return (
    <details className="peek" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("card.items")}</summary>
      {data && <p className="quiet">{t("card.items_n", { n: num(data.items.length) })}</p>}
      {data && <ul tabIndex={0} aria-label={t("card.items")}>{data.items.map((i) => <li key={i.name}><span>{pick(i.title, i.title_en)}</span><GradeBadge grade={i.grade} /></li>)}</ul>}
    </details>
  );
}

function Choose({ resource: r }: { resource: ResourceCard }) {
  const { t } = useText(catalogue);
  const { can } = useSession();
  const { names, full, put } = useBasket();
  if (!can("application.write") || r.share_type?.code === NOT_SHARED) return null;
  const chosen = names.includes(r.name);
  return <label className="choice take"><input type="checkbox" checked={chosen} disabled={full && !chosen} onChange={(e) => put(r.name, e.target.checked)} /><span>{t("card.choose")}</span></label>;
}

function Quality({ share }: { share: number | null }) {
  const { percent } = useText();
  if (share === null) return "–";
  return <span className="with-bar">{percent(share)}<Bar share={share} tone={share >= GOOD ? "good" : share >= FAIR ? "fair" : "poor"} /></span>;
}

function Card({ resource: r }: { resource: ResourceCard }) {
  const { t, tCode, pick, num, day } = useText(catalogue);
  return (
    <article className="card">
      <h2><Link to={`/resources/${encodeURIComponent(r.name)}`}>{pick(r.title, r.title_en)}</Link></h2>
      <p className="provider">{pick(r.provider.name, r.provider.name_en)}</p>
      <p className="summary">{pick(r.summary, r.summary_en)}</p>
      <p className="badges">
        <ShareBadge share={r.share_type} />
        <GradeBadge grade={r.grade} />
        {r.update_cycle && <Badge>{pick(r.update_cycle.title, r.update_cycle.title_en)}</Badge>}
        {r.subject_kind !== "none" && <Badge>{tCode("kind", r.subject_kind)}</Badge>}
        {r.sample && <Badge tone="sample">{t("sample")}</Badge>}
      </p>
      <Figures rows={[
        [t("card.records"), r.records === null ? "…" : num(r.records)],
        [t("card.quality"), <Quality key="q" share={r.quality} />],
        [t("card.updated"), day(r.updated_at)],
      ]} />
      <Peek name={r.name} />
      <Choose resource={r} />
    </article>
  );
}

/** What was chosen so far, and on to the application. */
function Basket() {
  const { t, num } = useText(catalogue);
  const { can } = useSession();
  const { names } = useBasket();
  if (!can("application.write") || !names.length) return null;
  return (
    <p className="basket" role="status">
      <span>{t("basket.chosen", { n: num(names.length) })}</span>
      <Link className="button" to={`/applications/new?${names.map((n) => `resource=${encodeURIComponent(n)}`).join("&")}`}>{t("basket.apply")}</Link>
    </p>
  );
}

export default function Catalogue() {
  const { t, num } = useText(catalogue);
  const [params, setParams] = useSearchParams();
  const chosen = FIELDS.flatMap((f): Array<[string, string]> => (params.get(f) ? [[f, params.get(f)!]] : []));
  const q = params.get("q") ?? "";
  const offset = Math.max(0, Number(params.get("offset")) || 0);
  const { data: page, error } = useQuery({ ...catalogueSearchQuery({ ...Object.fromEntries(chosen), q, limit: LIMIT, offset }), placeholderData: keepPreviousData });

  /** Asks again for what changed, and keeps the address in step. */
  const change = (values: Record<string, string>): void => setParams((before) => {
    const next = new URLSearchParams(before);
    for (const [name, value] of Object.entries({ offset: "", ...values })) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    return next;
  }, { replace: true });

  const any = chosen.length > 0;
  const asTable = params.get("view") === "table";
  return (
    <Page title={t("catalogue.title")} lead={t("catalogue.lead")} help={t("catalogue.help")} band={<SearchBox q={q} label={t("catalogue.search")} hint={t("catalogue.placeholder")} ask={(text) => change({ q: text })} />}>
      {error && <FailureNote error={error} />}
      {page && (
        <div className="split">
          <aside className="facets" aria-label={t("facet.title")}>
            <details open={matchMedia(WIDE).matches || any}>
              <summary>{t("facet.title")}</summary>
              {page.facets.map((f) => <FacetBox key={f.field} facet={f} choose={(field, value, on) => change({ [field]: on ? value : "" })} />)}
              {any && <button type="button" className="plain" onClick={() => change(Object.fromEntries(chosen.map(([f]) => [f, ""])))}>{t("facet.clear")}</button>}
            </details>
          </aside>
          <section className="results" aria-live="polite">
            <p className="found-line">
              <span className="quiet">{t(page.relaxed ? "catalogue.relaxed" : "catalogue.found", { n: num(page.total) })}</span>
              <button type="button" className="plain small" aria-pressed={asTable} onClick={() => change({ view: asTable ? "" : "table" })}>{t("catalogue.as_table")}</button>
            </p>
            {asTable && page.total > 0 ? <Suspense><LongCatalogue total={page.total} query={{ ...Object.fromEntries(chosen), q }} /></Suspense>
              : page.items.length ? <ul className="cards">{page.items.map((r) => <li key={r.name}><Card resource={r} /></li>)}</ul> : <Empty text={q || any ? t("catalogue.none") : t("catalogue.empty")} />}
            {!asTable && <Pager total={page.total} offset={page.offset} limit={page.limit} onTurn={(to) => { change({ offset: to ? String(to) : "" }); window.scrollTo({ top: 0 }); }} />}
          </section>
        </div>
      )}
      <Basket />
    </Page>
  );
}
