// One resource: what it is, how good its newest batch was, its items, its batches, and a place to deliver a file.
import {
  batchQuality, batchQuarantineFileUrl, resourceBatches, resourceShow, type Batch, type BatchPage, type Quality, type Resource,
} from "#api";
import { h, icon, link } from "../dom";
import { badge, gradeBadge, kindText, shareBadge, stateBadge, type CodeRef } from "../parts/badges";
import { itemsTable } from "../parts/items";
import { pager } from "../parts/pager";
import { dimensions, sum, worst } from "../parts/quality";
import { empty } from "../parts/status";
import { uploadBox, type Upload } from "../parts/upload";
import { day, lang, listed, num, pick, t, tCode, when } from "../text";
import type { Shell, View } from "../view";
import { can, who } from "../who";

const LIMIT = 10;

export function resourceView(name: string, shell: Shell): View {
  let resource: Resource;
  let batches: BatchPage | null = null;
  let quality: Quality | null = null;
  let upload: Upload | null = null;

  async function turn(offset: number): Promise<void> {
    batches = await resourceBatches({ name, limit: LIMIT, offset });
    shell.redraw();
  }

  return {
    title: () => (resource ? pick(resource.title, resource.title_en) : t("resource.title")),
    async load() {
      resource = await resourceShow({ name });
      if (!who()) return; // batches and their quality are for those who work with them
      batches = await resourceBatches({ name, limit: LIMIT });
      const newest = batches.items.find((b) => b.state === "published");
      quality = newest ? await batchQuality({ id: newest.id }) : null;
    },
    draw() {
      upload?.close();
      upload = can("delivery.write") ? uploadBox(name, (id) => shell.go(`/deliveries/${encodeURIComponent(id)}`)) : null;
      return h("div.wrap",
        head(resource),
        h("div.columns",
          h("div.wide", batches ? qualitySection(quality) : null, h("section", h("h2", t("resource.items")), itemsTable(resource.items)), checksSection(resource),
            batches ? batchesSection(batches, (to) => void turn(to)) : null),
          h("div.narrow", upload ? h("section", h("h2", t("upload.title")), upload.node) : null, aboutSection(resource))));
    },
    close: () => upload?.close(),
  };
}

function head(r: Resource): HTMLElement {
  return h("header.page",
    h("p.crumb", link("/", icon("back"), t("nav.catalogue"))),
    h("h1", pick(r.title, r.title_en)),
    h("p.lead", pick(r.summary, r.summary_en)),
    h("p.badges", shareBadge(r.share_type), r.update_cycle && badge(pick(r.update_cycle.title, r.update_cycle.title_en)),
      r.subject_kind !== "none" && badge(kindText(r.subject_kind)), gradeBadge(r.grade), r.sample && badge(t("sample"), "sample")),
    can("application.write") && r.share_type?.code !== "3" ? h("p.buttons", h("a.button", { href: `/applications/new?resource=${encodeURIComponent(r.name)}` }, t("apply.use"))) : null,
    h("dl.figures.big",
      h("div", h("dt", t("card.records")), h("dd", r.records === null ? "…" : num(r.records))),
      h("div", h("dt", t("card.updated")), h("dd", when(r.updated_at))),
      h("div", h("dt", t("resource.provider")), h("dd", pick(r.provider.name, r.provider.name_en)))));
}

function qualitySection(q: Quality | null): HTMLElement {
  return h("section", h("h2", t("quality.title")),
    q ? h("div.panel", sum(q.received, q.published, q.quarantined), dimensions(q), h("h3", t("quality.worst")), worst(q)) : empty(t("quality.none")));
}

function checksSection(r: Resource): HTMLElement | null {
  if (!r.checks.length) return null;
  return h("section", h("h2", t("resource.checks")),
    h("ul.checks", r.checks.map((c) => h("li", badge(tCode("severity", c.severity), c.severity === "error" ? "poor" : "fair"),
      h("span", pick(c.message, c.message_en)), h("code", c.predicate)))));
}

function batchRow(b: Batch): HTMLElement {
  const refused = b.quarantined
    ? h("a.file", { href: batchQuarantineFileUrl({ id: b.id, format: "xlsx", lang: lang() }), download: true, title: t("batch.download") }, num(b.quarantined), icon("download"))
    : "0";
  return h("tr",
    h("th", { scope: "row" }, link(`/deliveries/${encodeURIComponent(b.id)}`, b.id), h("span.quiet", tCode("mode", b.mode))),
    h("td", { "data-label": t("batch.state") }, stateBadge(b.state)),
    h("td.number", { "data-label": t("batch.rows") }, num(b.rows)),
    h("td.number", { "data-label": t("batch.deletes") }, num(b.deletes)),
    h("td.number", { "data-label": t("batch.quarantined") }, refused),
    h("td", { "data-label": t("batch.published") }, when(b.published_at)));
}

function batchesSection(page: BatchPage, turn: (offset: number) => void): HTMLElement {
  const heads = [t("batch.id"), t("batch.state"), t("batch.rows"), t("batch.deletes"), t("batch.quarantined"), t("batch.published")];
  return h("section", h("h2", t("resource.batches")),
    page.items.length
      ? h("div.scroll", { tabindex: 0, role: "region", "aria-label": t("resource.batches") },
          h("table.stack", h("thead", h("tr", heads.map((x, i) => h(i >= 2 && i <= 4 ? "th.number" : "th", { scope: "col" }, x)))), h("tbody", page.items.map(batchRow))))
      : empty(t("batch.none")),
    pager(page.total, page.offset, page.limit, turn));
}

function aboutSection(r: Resource): HTMLElement {
  const code = (c: CodeRef | null): string => (c ? pick(c.title, c.title_en) : "");
  const rows: Array<[string, string]> = [
    [t("about.code"), r.code], [t("about.name"), r.name], [t("about.version"), String(r.version)], [t("about.mode"), tCode("mode", r.mode)],
    [t("about.limit"), `${r.change_limit} %`], [t("about.format"), code(r.format)], [t("about.share_condition"), r.share_condition ?? ""],
    [t("about.share_mode"), code(r.share_mode)], [t("about.open"), code(r.open)], [t("about.open_condition"), r.open_condition ?? ""],
    [t("about.published"), r.published ? day(r.published) : ""], [t("about.keywords"), listed(r.keywords)], [t("about.scenario"), listed(r.scenario)],
    [t("about.legal"), r.legal_basis ?? ""], [t("about.basis"), r.basis ? tCode("basis", r.basis) : ""], [t("about.pack"), r.pack],
  ];
  return h("section", h("h2", t("about.title")),
    h("dl.about", rows.filter(([, value]) => value).map(([name, value]) => h("div", h("dt", name), h("dd", value)))),
    r.related.length ? h("div", h("h3", t("about.related")), h("ul", r.related.map((x) => h("li", link(`/resources/${encodeURIComponent(x)}`, x))))) : null);
}
