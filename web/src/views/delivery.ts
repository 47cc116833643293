// One delivery: how far it is, live; then what became of its rows, and what to do about those refused.
import {
  batchQuality, batchQuarantine, batchQuarantineFileUrl, deliveryConfirm, deliveryEventsUrl, deliveryRefuse, deliveryShow,
  resourceShow, type Delivery, type Progress, type Quality, type QuarantinePage, type Resource,
} from "#api";
import { bar, fill, h, icon, link } from "../dom";
import { stateBadge } from "../parts/badges";
import { pager } from "../parts/pager";
import { dimensions, sum, worst } from "../parts/quality";
import { failureText } from "../parts/status";
import { bytes, lang, num, pick, t, tCode, when } from "../text";
import type { Shell, View } from "../view";

const STAGES = ["receive", "decode", "check", "sort", "seal", "publish", "done"] as const;
const LIMIT = 20;
const unfinished = (d: Delivery): boolean => d.state === "received" || d.state === "sealed";

export function deliveryView(id: string, shell: Shell): View {
  let delivery: Delivery;
  let resource: Resource | null = null; // gone from the catalogue, perhaps: then its name must do
  let progress: Progress | null = null;
  let quality: Quality | null = null;
  let refused: QuarantinePage | null = null;
  let events: EventSource | null = null;
  let problem = "";
  const live = h("div.live", { role: "status" });

  async function loadResults(offset = 0): Promise<void> {
    quality = null;
    refused = null;
    if (!delivery.batch) return;
    quality = await batchQuality({ id: delivery.batch });
    if (delivery.quarantined) refused = await batchQuarantine({ id: delivery.batch, limit: LIMIT, offset });
  }

  function follow(): void {
    events?.close();
    events = new EventSource(deliveryEventsUrl({ id }));
    events.addEventListener("progress", (e) => {
      progress = JSON.parse((e as MessageEvent<string>).data) as Progress;
      delivery = progress.delivery;
      drawLive();
    });
    events.addEventListener("end", () => {
      events?.close();
      void finished();
    });
  }

  async function finished(): Promise<void> {
    progress = null;
    delivery = await deliveryShow({ id });
    await loadResults();
    shell.redraw();
  }

  function drawLive(): void {
    fill(live, unfinished(delivery) || progress?.running ? stages(delivery, progress) : null);
  }

  async function decide(act: () => Promise<unknown>): Promise<void> {
    problem = "";
    try {
      await act();
      delivery = await deliveryShow({ id });
      if (unfinished(delivery) || delivery.state === "waiting") follow();
      else await finished();
    } catch (error) {
      problem = failureText(error);
    }
    shell.redraw();
  }

  return {
    title: () => delivery?.file_name ?? t("delivery.title"),
    async load() {
      delivery = await deliveryShow({ id });
      resource = await resourceShow({ name: delivery.resource }).catch(() => null);
      if (unfinished(delivery)) follow();
      else await loadResults();
    },
    draw() {
      drawLive();
      return h("div.wrap",
        head(delivery, resource ? pick(resource.title, resource.title_en) : delivery.resource),
        live,
        delivery.state === "waiting" ? waiting(delivery, () => void decide(() => deliveryConfirm({ id })), () => void decide(() => deliveryRefuse({ id }))) : null,
        problem ? h("div.note.bad", { role: "alert" }, icon("warn"), h("p", problem)) : null,
        delivery.error && delivery.state !== "waiting" ? h("div.note.bad", icon("warn"), h("p", pick(delivery.error.zh, delivery.error.en))) : null,
        quality ? h("section", h("h2", t("quality.title")), h("div.panel", sum(quality.received, quality.published, quality.quarantined), dimensions(quality),
          h("h3", t("quality.worst")), worst(quality))) : null,
        refused ? quarantine(refused, (offset) => void loadResults(offset).then(shell.redraw)) : null);
    },
    close: () => events?.close(),
  };
}

function head(d: Delivery, resource: string): HTMLElement {
  return h("header.page",
    h("p.crumb", link("/deliveries", icon("back"), t("nav.deliveries"))),
    h("h1", d.file_name),
    h("p.badges", stateBadge(d.state)),
    h("dl.figures.big",
      h("div", h("dt", t("delivery.resource")), h("dd", link(`/resources/${encodeURIComponent(d.resource)}`, resource))),
      h("div", h("dt", t("delivery.received_at")), h("dd", when(d.received_at))),
      h("div", h("dt", t("delivery.size")), h("dd", bytes(d.bytes))),
      h("div", h("dt", t("about.mode")), h("dd", tCode("mode", d.mode)))),
    h("p.quiet.hash", "SHA-256 ", h("code", d.sha256)));
}

function stages(d: Delivery, p: Progress | null): HTMLElement {
  const stage = p?.stage ?? d.stage;
  const at = Math.max(0, STAGES.findIndex((s) => s === stage));
  const share = p && p.total ? p.done / p.total : 0;
  return h("section.panel",
    h("ol.stages", STAGES.map((s, i) => h(i < at ? "li.past" : i === at ? "li.now" : "li", { "aria-current": i === at ? "step" : undefined }, t(`stage.${s}`)))),
    bar(share, "busy"),
    h("p.quiet", p && p.done ? t("delivery.progress", { done: num(p.done), rate: num(Math.round(p.rows_per_second)) }) : t("delivery.working")));
}

function waiting(d: Delivery, confirm: () => void, refuse: () => void): HTMLElement {
  return h("div.note.ask", { role: "alert" }, icon("warn"), h("div",
    h("p", t("delivery.waiting")),
    d.detail ? h("p", t("delivery.change", { deletes: num(d.detail.deletes), changes: num(d.detail.changes), current: num(d.detail.current), limit: d.detail.limit_percent })) : null,
    h("p.buttons", h("button.primary", { type: "button", onclick: confirm }, t("delivery.confirm")),
      h("button.plain", { type: "button", onclick: refuse }, t("delivery.refuse")))));
}

function quarantine(q: QuarantinePage, turn: (offset: number) => void): HTMLElement {
  return h("section",
    h("h2", t("quarantine.title")),
    h("p", t("quarantine.counts", { total: num(q.total), open: num(q.open) }), " ",
      h("span.buttons", (["xlsx", "csv"] as const).map((format) => h("a.button", { href: batchQuarantineFileUrl({ id: q.batch, format, lang: lang() }), download: true },
        icon("download"), t(`quarantine.${format}`))))),
    h("p.quiet", t("quarantine.hint")),
    h("div.scroll", { tabindex: 0, role: "region", "aria-label": t("quarantine.title") },
      h("table.grid",
        h("thead", h("tr", h("th.number", { scope: "col" }, t("quarantine.row")), h("th", { scope: "col" }, t("quarantine.reasons")), q.columns.map((c) => h("th", { scope: "col" }, c)))),
        h("tbody", q.items.map((r) => h(r.closed ? "tr.closed" : "tr",
          h("th.number", { scope: "row" }, num(r.row)),
          h("td.reasons", r.closed ? h("span.badge.good", t("quarantine.closed")) : null, pick(r.zh, r.en)),
          r.cells.map((c) => h("td", c ?? "")))))),
    ),
    pager(q.total, q.offset, q.limit, turn));
}
