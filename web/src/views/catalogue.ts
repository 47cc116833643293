// The catalogue: search, narrow down by facets, see what each resource is.  The address holds the whole question, so that it can be
// sent to somebody.
import { catalogueSearch, type CataloguePage, type Facet, type ResourceCard } from "#api";
import { fill, h, icon, link } from "../dom";
import { badge, kindText, shareBadge } from "../parts/badges";
import { pager } from "../parts/pager";
import { empty, failure } from "../parts/status";
import { day, num, percent, pick, t } from "../text";
import type { View } from "../view";

const FIELDS = ["provider", "region", "share_type", "open", "update_cycle", "grade", "scenario"] as const;
const LIMIT = 20;
const SHOWN = 6; // values of a facet before "more"
const WAIT_MS = 200; // after the last key, before asking

type Field = (typeof FIELDS)[number];

export function catalogueView(url: URL): View {
  let q = url.searchParams.get("q") ?? "";
  let offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  const chosen = new Map<Field, string>();
  for (const f of FIELDS) if (url.searchParams.get(f)) chosen.set(f, url.searchParams.get(f)!);
  let page: CataloguePage;
  let asked = 0;
  let timer = 0;

  const results = h("section.results", { "aria-live": "polite" });
  const facets = h("aside.facets");

  async function load(): Promise<void> {
    const mine = ++asked;
    const answer = await catalogueSearch({ ...Object.fromEntries(chosen), q, limit: LIMIT, offset });
    if (mine === asked) page = answer;
  }

  /** Asks again for what changed, and keeps the address in step. */
  async function ask(): Promise<void> {
    const params = new URLSearchParams();
    if (q) params.set("q", q);
    for (const [f, v] of chosen) params.set(f, v);
    if (offset) params.set("offset", String(offset));
    history.replaceState(null, "", String(params) ? `/?${params}` : "/");
    try {
      await load();
      drawResults();
    } catch (error) {
      fill(results, failure(error));
    }
  }

  /** One value of a facet at a time; taking it again lets it go. */
  function choose(field: Field, value: string, on: boolean): void {
    if (on) chosen.set(field, value);
    else chosen.delete(field);
    offset = 0;
    void ask();
  }

  function drawFacet(f: Facet): HTMLElement | null {
    if (f.values.length < 2 && !f.values.some((v) => v.chosen)) return null;
    const choices = f.values.map((v) => h("label.choice",
        h("input", { type: "checkbox", checked: v.chosen, onchange: (e: Event) => choose(f.field, v.value, (e.target as HTMLInputElement).checked) }),
        h("span", f.field === "grade" ? t("grade", { n: v.value }) : pick(v.title, v.title_en)), h("span.count", num(v.count))));
    const rest = choices.slice(SHOWN);
    const open = f.values.slice(SHOWN).some((v) => v.chosen);
    return h("fieldset", h("legend", pick(f.title, f.title_en)), choices.slice(0, SHOWN),
      rest.length ? h("details.rest", { open }, h("summary", t("facet.more", { n: rest.length })), rest) : null);
  }

  function drawResults(): void {
    const focused = document.activeElement?.closest(".choice")?.textContent;
    const any = chosen.size > 0;
    fill(results,
      h("p.quiet", t(page.relaxed ? "catalogue.relaxed" : "catalogue.found", { n: num(page.total) })),
      page.items.length ? h("ul.cards", page.items.map((r) => h("li", card(r)))) : empty(q || any ? t("catalogue.none") : t("catalogue.empty")),
      pager(page.total, page.offset, page.limit, (to) => {
        offset = to;
        void ask().then(() => window.scrollTo({ top: 0 }));
      }));
    const clear = any ? h("button.plain", { type: "button", onclick: () => {
      chosen.clear();
      offset = 0;
      void ask();
    } }, t("facet.clear")) : null;
    const wide = matchMedia("(min-width: 60rem)").matches;
    fill(facets, h("details", { open: wide || any }, h("summary", t("facet.title")), page.facets.map(drawFacet), clear));
    // The list was drawn anew under the hand of whoever ticks with the keyboard.
    if (focused) [...facets.querySelectorAll(".choice")].find((l) => sameLabel(l.textContent, focused))?.querySelector("input")?.focus();
  }

  function searchBox(): HTMLElement {
    const input = h("input", {
      type: "search", id: "q", value: q, placeholder: t("catalogue.placeholder"), autocomplete: "off", maxlength: 200,
      oninput: (e: Event) => {
        q = (e.target as HTMLInputElement).value.trim();
        offset = 0;
        clearTimeout(timer);
        timer = window.setTimeout(() => void ask(), WAIT_MS);
      },
    });
    return h("form.search", { role: "search", onsubmit: (e: Event) => { e.preventDefault(); clearTimeout(timer); void ask(); } },
      h("label.unseen", { for: "q" }, t("catalogue.search")), icon("search"), input);
  }

  return {
    title: () => t("catalogue.title"),
    load,
    draw() {
      drawResults();
      return h("div", h("div.hero", h("div.wrap", h("h1", t("catalogue.title")), h("p.lead", t("catalogue.lead")), searchBox())),
        h("div.wrap.split", facets, results));
    },
    close: () => clearTimeout(timer),
  };
}

/** Labels end in a count, which may have changed. */
const sameLabel = (a: string | null, b: string): boolean => a?.replace(/[\d,.]+$/, "") === b.replace(/[\d,.]+$/, "");

function card(r: ResourceCard): HTMLElement {
  return h("article.card",
    h("h2", link(`/resources/${encodeURIComponent(r.name)}`, pick(r.title, r.title_en))),
    h("p.provider", pick(r.provider.name, r.provider.name_en)),
    h("p.summary", pick(r.summary, r.summary_en)),
    h("p.badges", shareBadge(r.share_type), r.update_cycle && badge(pick(r.update_cycle.title, r.update_cycle.title_en)),
      r.subject_kind !== "none" && badge(kindText(r.subject_kind)), r.sample && badge(t("sample"), "sample")),
    h("dl.figures",
      figure(t("card.records"), r.records === null ? "…" : num(r.records)),
      figure(t("card.quality"), r.quality === null ? "–" : percent(r.quality)),
      figure(t("card.updated"), day(r.updated_at))));
}

const figure = (name: string, value: string): HTMLElement => h("div", h("dt", name), h("dd", value));
