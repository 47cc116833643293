// What departments have delivered, newest first.
import { deliveriesList, type DeliveryPage } from "#api";
import { h } from "../dom";
import { deliveriesTable } from "../parts/deliveries";
import { pager } from "../parts/pager";
import { empty } from "../parts/status";
import { t, tCode } from "../text";
import type { Shell, View } from "../view";

const STATES = ["received", "sealed", "waiting", "published", "failed", "withdrawn"] as const;
const LIMIT = 20;

export function deliveriesView(url: URL, shell: Shell): View {
  const state = STATES.find((s) => s === url.searchParams.get("state"));
  const offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  let page: DeliveryPage;
  const go = (to: { state?: string | undefined; offset?: number }): void => {
    const params = new URLSearchParams();
    if (to.state) params.set("state", to.state);
    if (to.offset) params.set("offset", String(to.offset));
    shell.go(`/deliveries${String(params) ? `?${params}` : ""}`);
  };

  return {
    title: () => t("deliveries.title"),
    async load() {
      page = await deliveriesList({ ...(state ? { state } : {}), limit: LIMIT, offset });
    },
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("deliveries.title")), h("p.lead", t("deliveries.lead"))),
      h("p.filter", h("label", { for: "state" }, t("batch.state")),
        h("select", { id: "state", onchange: (e: Event) => go({ state: (e.target as HTMLSelectElement).value }) },
          h("option", { value: "", selected: !state }, t("deliveries.all")),
          STATES.map((s) => h("option", { value: s, selected: s === state }, tCode("state", s))))),
      page.items.length ? deliveriesTable(page.items) : empty(t("deliveries.none")),
      pager(page.total, page.offset, page.limit, (to) => go({ state, offset: to }))),
  };
}
