// Deliveries as rows.
import type { Delivery } from "#api";
import { h, link } from "../dom";
import { bytes, num, t, when } from "../text";
import { stateBadge } from "./badges";

const count = (n: number | null): string => (n === null ? "–" : num(n));

export function deliveriesTable(items: Delivery[]): HTMLElement {
  const heads = [t("delivery.file"), t("delivery.resource"), t("batch.state"), t("sum.received"), t("sum.published"), t("sum.quarantined"), t("delivery.received_at")];
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": t("deliveries.title") },
    h("table.stack",
      h("thead", h("tr", heads.map((x, i) => h(i >= 3 && i <= 5 ? "th.number" : "th", { scope: "col" }, x)))),
      h("tbody", items.map((d) => h("tr",
        h("th", { scope: "row" }, link(`/deliveries/${encodeURIComponent(d.id)}`, d.file_name), h("span.quiet", `${d.id} · ${bytes(d.bytes)}`)),
        h("td", { "data-label": heads[1] }, link(`/resources/${encodeURIComponent(d.resource)}`, d.resource)),
        h("td", { "data-label": heads[2] }, stateBadge(d.state)),
        h("td.number", { "data-label": heads[3] }, count(d.received)),
        h("td.number", { "data-label": heads[4] }, count(d.published)),
        h("td.number", { "data-label": heads[5] }, count(d.quarantined)),
        h("td", { "data-label": heads[6] }, when(d.received_at)))))));
}
