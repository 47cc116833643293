// Grants that one's organisation holds or gave.
import { grantsList, type Grant, type GrantPage } from "#api";
import { h, link } from "../dom";
import { flowBadge } from "../parts/flow";
import { needNames, orgName, resourceTitle } from "../parts/names";
import { pager } from "../parts/pager";
import { empty } from "../parts/status";
import { table } from "../parts/table";
import { day, listed, t, tCode } from "../text";
import type { Shell, View } from "../view";

const STATES = ["active", "suspended", "revoked", "expired"] as const;
const LIMIT = 20;

export function grantsView(url: URL, shell: Shell): View {
  const state = STATES.find((s) => s === url.searchParams.get("state"));
  const offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  let page: GrantPage;

  const columns = () => [
    { head: t("flow.resource"), cell: (g: Grant) => [link(`/grants/${encodeURIComponent(g.id)}`, resourceTitle(g.resource)), h("span.quiet", g.id)] },
    { head: t("flow.state"), cell: (g: Grant) => flowBadge(g) },
    { head: t("grant.holder"), cell: (g: Grant) => orgName(g.organisation) },
    { head: t("flow.purpose"), cell: (g: Grant) => g.purpose },
    { head: t("apply.modes"), cell: (g: Grant) => listed(g.modes.map((m) => tCode("use", m))) },
    { head: t("grant.until"), cell: (g: Grant) => day(g.until) },
  ];

  return {
    title: () => t("grant.heading"),
    async load() {
      page = await grantsList({ ...(state && { state }), limit: LIMIT, offset });
      await needNames(page.items.map((g) => g.resource));
    },
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("grant.heading")), h("p.lead", t("grant.lead"))),
      h("p.filter", h("label", { for: "state" }, t("flow.state")),
        h("select", { id: "state", onchange: (e: Event) => shell.go(`/grants${(e.target as HTMLSelectElement).value ? `?state=${(e.target as HTMLSelectElement).value}` : ""}`) },
          h("option", { value: "", selected: !state }, t("grant.all")), STATES.map((s) => h("option", { value: s, selected: s === state }, tCode("grant", s))))),
      page.items.length ? table(t("grant.heading"), columns(), page.items) : empty(t("grant.none")),
      pager(page.total, page.offset, page.limit, (to) => shell.go(`/grants?${state ? `state=${state}&` : ""}offset=${to}`))),
  };
}
