// Demands and the supply-demand list: what organisations need, what waits, what is collected and never called.
import { demandAdd, demandsList, demandsPublish, idleList, type DemandCard, type DemandPage, type IdleResource } from "#api";
import { fill, h, icon, link } from "../dom";
import { badge } from "../parts/badges";
import { flowBadge } from "../parts/flow";
import { area, choice, field, form } from "../parts/form";
import { everyOrganisation, needNames, orgName, resourceTitle } from "../parts/names";
import { pager } from "../parts/pager";
import { empty } from "../parts/status";
import { table } from "../parts/table";
import { day, num, pick, t } from "../text";
import type { Shell, View } from "../view";
import { can } from "../who";

const LIMIT = 20;

export function demandsView(url: URL, shell: Shell): View {
  const waiting = url.searchParams.get("waiting") === "true";
  const offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  let page: DemandPage;
  let idle: IdleResource[] = [];

  const columns = () => [
    { head: t("demand.what"), cell: (d: DemandCard) => [link(`/demands/${encodeURIComponent(d.id)}`, d.title), h("span.quiet", d.id)] },
    { head: t("flow.state"), cell: (d: DemandCard) => h("span.badges", flowBadge(d), d.urgency === "urgent" ? badge(t("demand.urgent"), "fair") : null) },
    { head: t("demand.by"), cell: (d: DemandCard) => orgName(d.organisation) },
    { head: t("demand.responsible"), cell: (d: DemandCard) => orgName(d.provider) || "–" },
    { head: t("demand.age"), cell: (d: DemandCard) => t("demand.days", { n: num(d.age_days) }) },
    { head: t("flow.due"), cell: (d: DemandCard) => day(d.due_at) },
  ];

  function newDemand(): HTMLElement | null {
    if (!can("demand.write")) return null;
    const title = field("title", t("demand.title_label"), { minlength: 2, maxlength: 200, autocomplete: "off" }, t("demand.title_hint"));
    const what = area("what", t("demand.what_label"), { minlength: 2, maxlength: 2000 });
    const purpose = area("purpose", t("flow.purpose"), { maxlength: 2000, rows: 2 });
    const basis = field("legal_basis", t("flow.basis"), { maxlength: 2000, autocomplete: "off" }, t("flow.basis_hint"));
    const urgency = choice("urgency", t("demand.urgency"), [["normal", t("demand.normal")], ["urgent", t("demand.urgent")]]);
    const provider = choice("provider", t("demand.provider"), [["", t("demand.unknown")],
      ...everyOrganisation().filter((o) => o.role === "source").map((o): [string, string] => [o.code, pick(o.name, o.name_en)])]);
    return h("details", h("summary", t("demand.new")), form(t("demand.send"), async () => {
      const made = await demandAdd({
        title: title.input.value, what: what.input.value, purpose: purpose.input.value, legal_basis: basis.input.value,
        urgency: urgency.input.value === "urgent" ? "urgent" : "normal", ...(provider.input.value && { provider: provider.input.value }),
      });
      shell.go(`/demands/${encodeURIComponent(made.id)}`);
    }, title.node, what.node, purpose.node, basis.node, h("div.pair", urgency.node, provider.node)));
  }

  function publish(): HTMLElement | null {
    if (!can("demand.publish")) return null;
    const title = field("list-title", t("demand.list_title"), { minlength: 2, maxlength: 200, autocomplete: "off" });
    const done = h("div", { role: "status" });
    return h("details", h("summary", t("demand.publish")), done, form(t("demand.publish"), async () => {
      const made = await demandsPublish({ title: title.input.value });
      fill(done, h("div.note.fine", icon("check"), h("p", t("demand.published", { list: made.list, n: num(made.demands) }))));
    }, title.node));
  }

  const idleSection = (): HTMLElement => h("section", h("h2", t("demand.idle")), h("p.quiet", t("demand.idle_lead")),
    idle.length
      ? table(t("demand.idle"), [
          { head: t("flow.resource"), cell: (r: IdleResource) => link(`/resources/${encodeURIComponent(r.resource)}`, resourceTitle(r.resource)) },
          { head: t("demand.age"), cell: (r: IdleResource) => t("demand.days", { n: num(r.age_days) }) },
          { head: t("nav.grants"), cell: (r: IdleResource) => num(r.grants) },
        ], idle)
      : empty(t("demand.no_idle")));

  return {
    title: () => t("demand.heading"),
    async load() {
      [page, idle] = await Promise.all([demandsList({ ...(waiting && { waiting }), limit: LIMIT, offset }), idleList().then((x) => x.items)]);
      await needNames(idle.map((r) => r.resource));
    },
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("demand.heading")), h("p.lead", t("demand.lead"))),
      h("div.tasks", newDemand(), publish()),
      h("p.filter", h("label", { for: "waiting" }, t("demand.show")),
        h("select", { id: "waiting", onchange: (e: Event) => shell.go((e.target as HTMLSelectElement).value ? "/demands?waiting=true" : "/demands") },
          h("option", { value: "", selected: !waiting }, t("demand.all")), h("option", { value: "true", selected: waiting }, t("demand.waiting")))),
      page.items.length ? table(t("demand.heading"), columns(), page.items) : empty(t("demand.none")),
      pager(page.total, page.offset, page.limit, (to) => shell.go(`/demands?${waiting ? "waiting=true&" : ""}offset=${to}`)),
      idleSection()),
  };
}
