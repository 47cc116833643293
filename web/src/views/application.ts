// One application: what is asked for, what the check of form found, its scans, what happened and what may be done.
import { applicationAct, applicationShow, attachmentAddUrl, attachmentFetchUrl, type ApplicationWhole, type Attachment } from "#api";
import { sendFile } from "#send";
import { fill, h, icon, link } from "../dom";
import { badge } from "../parts/badges";
import { flowBadge, steps, timeline } from "../parts/flow";
import { itemTitle, needNames, orgName, resourceTitle } from "../parts/names";
import { failureText } from "../parts/status";
import { facts } from "../parts/table";
import { bytes, day, listed, num, pick, t, tCode } from "../text";
import type { Shell, View } from "../view";
import { can, who } from "../who";

const OVER = ["granted", "closed", "cancelled"];

export function applicationView(id: string, shell: Shell): View {
  let a: ApplicationWhole;

  async function load(): Promise<void> {
    a = await applicationShow({ id });
    await needNames(a.resources.map((r) => r.resource));
  }

  const take = async (body: Parameters<typeof applicationAct>[1]): Promise<void> => {
    await applicationAct({ id }, body);
    await load();
    shell.redraw();
  };

  const items = (): HTMLElement => h("section", h("h2", t("apply.items")), a.resources.map((r) => h("div.panel",
    h("h3", link(`/resources/${encodeURIComponent(r.resource)}`, resourceTitle(r.resource))),
    r.items.length
      ? h("p.badges", r.items.map((i) => h("span.badge", { class: i.plain ? "badge fair" : "badge" }, itemTitle(r.resource, i.item), i.plain ? `（${t("apply.plain_mark")}）` : "")))
      : h("p.quiet", t("apply.all_items")))));

  const findings = (): HTMLElement => h("section", h("h2", t("apply.check")),
    a.compliance.length
      ? h("ul.checks", a.compliance.map((f) => h("li", badge(t(f.severity === "error" ? "apply.error" : "apply.warning"), f.severity === "error" ? "poor" : "fair"), h("span", pick(f.message, f.message_en)))))
      : h("p.quiet", t("apply.clean")));

  function add(): HTMLElement | null {
    if (!can("application.write") || who()?.organisation !== a.organisation || OVER.includes(a.state)) return null;
    const problem = h("div", { role: "alert" });
    const input = h("input", { type: "file", id: "scan", accept: "application/pdf,image/png,image/jpeg", onchange: () => {
      const file = input.files?.[0];
      if (!file) return;
      fill(problem);
      sendFile<Attachment>(attachmentAddUrl({ id, name: file.name }), file).then(load).then(() => shell.redraw())
        .catch((error: unknown) => fill(problem, h("p.bad", failureText(error))));
    } });
    return h("div.drop", h("label", { for: "scan" }, icon("upload"), h("strong", t("apply.attach")), h("span.quiet", t("apply.attach_hint"))), input, problem);
  }

  const attachments = (): HTMLElement => h("section", h("h2", t("apply.attachments")),
    a.attachments.length
      ? h("ul.files", a.attachments.map((f) => h("li", h("a.file", { href: attachmentFetchUrl({ id, hash: f.sha256 }), download: true }, icon("download"), f.name), h("span.quiet", bytes(f.bytes)))))
      : h("p.quiet", t("apply.no_attachments")),
    add());

  return {
    title: () => (a ? a.title : t("apply.heading")),
    load,
    draw: () => h("div.wrap",
      h("header.page", h("p.crumb", link("/applications", icon("back"), t("nav.applications"))), h("h1", a.title),
        h("p.badges", flowBadge(a), badge(t(a.unconditional ? "apply.unconditional" : "apply.conditional")), a.consent ? badge(t("apply.consent")) : null)),
      h("div.columns",
        h("div.wide", steps(a.actions, take), items(), findings(), attachments(), timeline(a.history)),
        h("div.narrow", h("section", h("h2", t("flow.about")), facts([
          [t("flow.id"), a.id], [t("apply.scene_id"), link(`/applications?scene=${encodeURIComponent(a.scene)}`, a.scene)],
          [t("apply.applicant"), orgName(a.organisation)], [t("apply.provider"), orgName(a.provider)],
          [t("flow.purpose"), a.purpose], [t("flow.scenario"), a.scenario], [t("flow.basis"), a.legal_basis],
          [t("apply.modes"), listed(a.modes.map((m) => tCode("use", m)))], [t("apply.per_day"), a.per_day && num(a.per_day)],
          [t("apply.per_second"), a.per_second && num(a.per_second)], [t("apply.total"), a.total && num(a.total)],
          [t("apply.networks"), listed(a.networks)], [t("apply.period"), `${day(a.from)} – ${day(a.until)}`], [t("flow.due"), a.due_at && day(a.due_at)],
          [t("nav.demands"), a.demand && link(`/demands/${encodeURIComponent(a.demand)}`, a.demand)],
        ]))))),
  };
}
