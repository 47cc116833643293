// Applications that one's organisation made or decides.
import { applicationsList, type Application, type ApplicationPage } from "#api";
import { h, link } from "../dom";
import { flowBadge } from "../parts/flow";
import { needNames, orgName, resourceTitle } from "../parts/names";
import { pager } from "../parts/pager";
import { empty } from "../parts/status";
import { table } from "../parts/table";
import { day, listed, t } from "../text";
import type { Shell, View } from "../view";
import { can } from "../who";

const LIMIT = 20;

export function applicationsView(url: URL, shell: Shell): View {
  const scene = url.searchParams.get("scene") ?? undefined;
  const offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  let page: ApplicationPage;

  const columns = () => [
    { head: t("apply.title"), cell: (a: Application) => [link(`/applications/${encodeURIComponent(a.id)}`, a.title), h("span.quiet", a.id)] },
    { head: t("flow.state"), cell: (a: Application) => flowBadge(a) },
    { head: t("flow.resource"), cell: (a: Application) => listed(a.resources.map((r) => resourceTitle(r.resource))) },
    { head: t("apply.applicant"), cell: (a: Application) => orgName(a.organisation) },
    { head: t("apply.provider"), cell: (a: Application) => orgName(a.provider) },
    { head: t("flow.due"), cell: (a: Application) => day(a.due_at) },
  ];

  return {
    title: () => t("apply.heading"),
    async load() {
      page = await applicationsList({ ...(scene && { scene }), limit: LIMIT, offset });
      await needNames(page.items.flatMap((a) => a.resources.map((r) => r.resource)));
    },
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("apply.heading")), h("p.lead", t("apply.lead")),
        can("application.write") ? h("p.buttons", h("a.button", { href: "/applications/new" }, t("apply.new"))) : null),
      scene ? h("p.note", h("span", t("apply.scene", { id: scene, n: page.total }), " ", link("/applications", t("apply.all")))) : null,
      page.items.length ? table(t("apply.heading"), columns(), page.items) : empty(t("apply.none")),
      pager(page.total, page.offset, page.limit, (to) => shell.go(`/applications?${scene ? `scene=${encodeURIComponent(scene)}&` : ""}offset=${to}`))),
  };
}
