// One grant: what it allows, and suspending, resuming, revoking, renewing it.
import { grantAct, grantShow, type GrantWhole } from "#api";
import { h, icon, link } from "../dom";
import { badge } from "../parts/badges";
import { flowBadge, steps, timeline, type Extra } from "../parts/flow";
import { field } from "../parts/form";
import { itemTitle, needNames, orgName, resourceTitle } from "../parts/names";
import { facts } from "../parts/table";
import { day, listed, num, t, tCode } from "../text";
import type { Shell, View } from "../view";

const until = (): Extra => {
  const box = field("until", t("apply.until"), { type: "date" });
  return { node: box.node, value: () => ({ until: box.input.value }) };
};

export function grantView(id: string, shell: Shell): View {
  let g: GrantWhole;

  const take = async (body: Parameters<typeof grantAct>[1]): Promise<void> => {
    g = await grantAct({ id }, body);
    shell.redraw();
  };

  const items = (): HTMLElement => h("section", h("h2", t("apply.items")),
    h("p.badges", g.items.map((i) => h("span.badge", { class: i.plain ? "badge fair" : "badge" }, itemTitle(g.resource, i.item), i.plain ? `（${t("apply.plain_mark")}）` : ""))));

  return {
    title: () => (g ? resourceTitle(g.resource) : t("grant.heading")),
    async load() {
      g = await grantShow({ id });
      await needNames([g.resource]);
    },
    draw: () => h("div.wrap",
      h("header.page", h("p.crumb", link("/grants", icon("back"), t("nav.grants"))), h("h1", resourceTitle(g.resource)),
        h("p.lead", g.purpose), h("p.badges", flowBadge(g), g.consent ? badge(t("apply.consent")) : null)),
      h("div.columns",
        h("div.wide", steps(g.actions, take, { renew: until }), items(), timeline(g.history)),
        h("div.narrow", h("section", h("h2", t("flow.about")), facts([
          [t("flow.id"), g.id], [t("grant.holder"), orgName(g.organisation)], [t("apply.provider"), orgName(g.provider)],
          [t("flow.resource"), link(`/resources/${encodeURIComponent(g.resource)}`, resourceTitle(g.resource))],
          [t("grant.application"), g.application && link(`/applications/${encodeURIComponent(g.application)}`, g.application)],
          [t("flow.scenario"), g.scenario], [t("flow.basis"), g.legal_basis], [t("apply.modes"), listed(g.modes.map((m) => tCode("use", m)))],
          [t("apply.per_day"), g.per_day && num(g.per_day)], [t("apply.per_second"), g.per_second && num(g.per_second)], [t("apply.total"), g.total && num(g.total)],
          [t("apply.networks"), listed(g.networks)], [t("apply.period"), `${day(g.from)} – ${day(g.until)}`],
        ]))))),
  };
}
