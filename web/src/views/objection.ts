// One doubt: what is doubted, what its source says, what happened and what may be done.
import { objectionAct, objectionShow, type Objection } from "#api";
import { h, icon, link } from "../dom";
import { flowBadge, steps, timeline } from "../parts/flow";
import { itemTitle, needNames, orgName, resourceTitle } from "../parts/names";
import { facts } from "../parts/table";
import { day, t } from "../text";
import type { Shell, View } from "../view";

export function objectionView(id: string, shell: Shell): View {
  let o: Objection;

  const take = async (body: Parameters<typeof objectionAct>[1]): Promise<void> => {
    o = await objectionAct({ id }, body);
    shell.redraw();
  };

  return {
    title: () => (o ? resourceTitle(o.resource) : t("doubt.heading")),
    async load() {
      o = await objectionShow({ id });
      await needNames([o.resource]);
    },
    draw: () => h("div.wrap",
      h("header.page", h("p.crumb", link("/objections", icon("back"), t("nav.objections"))), h("h1", resourceTitle(o.resource)),
        h("p.lead", o.doubt), h("p.badges", flowBadge(o))),
      h("div.columns",
        h("div.wide", steps(o.actions, take),
          o.answer ? h("section", h("h2", t("doubt.answer")), h("p.panel", o.answer)) : null, timeline(o.history)),
        h("div.narrow", h("section", h("h2", t("flow.about")), facts([
          [t("flow.id"), o.id], [t("doubt.by"), orgName(o.organisation)], [t("apply.provider"), orgName(o.provider)],
          [t("flow.resource"), link(`/resources/${encodeURIComponent(o.resource)}`, resourceTitle(o.resource))],
          [t("doubt.record"), o.record], [t("doubt.item"), o.item && itemTitle(o.resource, o.item)], [t("flow.due"), o.due_at && day(o.due_at)],
        ]))))),
  };
}
