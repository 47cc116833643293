// One demand: what may meet it and why, what happened, what may be done.
import { demandAct, demandMatch, demandShow, type Demand } from "#api";
import { fill, h, icon, link } from "../dom";
import { badge } from "../parts/badges";
import { flowBadge, steps, timeline, type Extra } from "../parts/flow";
import { choice, field } from "../parts/form";
import { everyOrganisation, needNames, orgName, resourceTitle } from "../parts/names";
import { empty, failureText } from "../parts/status";
import { facts } from "../parts/table";
import { day, num, pick, t } from "../text";
import type { Shell, View } from "../view";
import { can } from "../who";

const provider = (): Extra => {
  const box = choice("provider", t("demand.responsible"), everyOrganisation().filter((o) => o.role === "source").map((o): [string, string] => [o.code, pick(o.name, o.name_en)]));
  return { node: box.node, value: () => ({ provider: box.input.value }) };
};
const resource = (): Extra => {
  const box = field("resource", t("demand.supplied_by"), { required: false, maxlength: 48, autocomplete: "off" });
  return { node: box.node, value: (): { [name: string]: string } => (box.input.value ? { resource: box.input.value } : {}) };
};

export function demandView(id: string, shell: Shell): View {
  let d: Demand;
  const problem = h("div", { role: "alert" });

  const take = async (body: Parameters<typeof demandAct>[1]): Promise<void> => {
    d = await demandAct({ id }, body);
    shell.redraw();
  };

  const candidates = (): HTMLElement => h("section", h("h2", t("demand.candidates")),
    d.candidates.length
      ? h("ol.candidates", d.candidates.map((c) => h("li.panel",
          h("h3", link(`/resources/${encodeURIComponent(c.resource)}`, resourceTitle(c.resource)), badge(t("demand.score", { n: num(c.score) }))),
          h("p.quiet", pick(c.reasons.zh, c.reasons.en)),
          can("application.write") ? h("p", link(`/applications/new?resource=${encodeURIComponent(c.resource)}&demand=${encodeURIComponent(d.id)}`, t("apply.use"))) : null)))
      : empty(t("demand.no_candidates")),
    can("demand.write") && ["open", "matched", "unmet"].includes(d.state)
      ? h("div", h("p.buttons", h("button.plain", { type: "button", onclick: () => void again() }, t("demand.match"))), problem)
      : null);

  async function again(): Promise<void> {
    try {
      d = await demandMatch({ id });
      await names();
      shell.redraw();
    } catch (error) {
      fill(problem, h("p.bad", failureText(error)));
    }
  }

  const names = (): Promise<void> => needNames(d.candidates.map((c) => c.resource));

  return {
    title: () => (d ? d.title : t("demand.heading")),
    async load() {
      d = await demandShow({ id });
      await names();
    },
    draw: () => h("div.wrap",
      h("header.page", h("p.crumb", link("/demands", icon("back"), t("nav.demands"))), h("h1", d.title),
        h("p.badges", flowBadge(d), d.urgency === "urgent" ? badge(t("demand.urgent"), "fair") : null)),
      h("div.columns",
        h("div.wide", steps(d.actions, take, { assign: provider, supply: resource }), candidates(), timeline(d.history)),
        h("div.narrow", h("section", h("h2", t("flow.about")), facts([
          [t("flow.id"), d.id], [t("demand.by"), orgName(d.organisation)], [t("demand.what_label"), d.what], [t("flow.purpose"), d.purpose],
          [t("flow.scenario"), d.scenario], [t("flow.basis"), d.legal_basis], [t("demand.responsible"), orgName(d.provider)],
          [t("flow.resource"), d.resource && link(`/resources/${encodeURIComponent(d.resource)}`, resourceTitle(d.resource))],
          [t("demand.list"), d.list], [t("demand.progress"), d.progress], [t("flow.due"), d.due_at && day(d.due_at)],
          [t("demand.age"), t("demand.days", { n: num(d.age_days) })],
        ]))))),
  };
}
