// Doubts about data: raised by who may use them, answered by their source within a time limit.
import { grantsList, objectionAdd, objectionsList, type Grant, type ObjectionCard, type ObjectionPage } from "#api";
import { h, link } from "../dom";
import { flowBadge } from "../parts/flow";
import { area, choice, field, form } from "../parts/form";
import { needNames, orgName, resourceTitle } from "../parts/names";
import { pager } from "../parts/pager";
import { empty } from "../parts/status";
import { table } from "../parts/table";
import { day, t } from "../text";
import type { Shell, View } from "../view";
import { can } from "../who";

const LIMIT = 20;

export function objectionsView(url: URL, shell: Shell): View {
  const offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  let page: ObjectionPage;
  let granted: string[] = [];

  const columns = () => [
    { head: t("doubt.what"), cell: (o: ObjectionCard) => [link(`/objections/${encodeURIComponent(o.id)}`, o.doubt), h("span.quiet", o.id)] },
    { head: t("flow.state"), cell: (o: ObjectionCard) => flowBadge(o) },
    { head: t("flow.resource"), cell: (o: ObjectionCard) => resourceTitle(o.resource) },
    { head: t("doubt.by"), cell: (o: ObjectionCard) => orgName(o.organisation) },
    { head: t("apply.provider"), cell: (o: ObjectionCard) => orgName(o.provider) },
    { head: t("flow.due"), cell: (o: ObjectionCard) => day(o.due_at) },
  ];

  function raise(): HTMLElement | null {
    if (!can("objection.write")) return null;
    if (!granted.length) return h("p.quiet", t("doubt.no_grant"));
    const resource = choice("resource", t("flow.resource"), granted.map((r): [string, string] => [r, resourceTitle(r)]));
    const record = field("record", t("doubt.record"), { required: false, maxlength: 200, autocomplete: "off" }, t("doubt.record_hint"));
    const item = field("item", t("doubt.item"), { required: false, maxlength: 48, autocomplete: "off" });
    const doubt = area("doubt", t("doubt.what_label"), { minlength: 4, maxlength: 2000 });
    return h("details", h("summary", t("doubt.new")), form(t("doubt.send"), async () => {
      const made = await objectionAdd({
        resource: resource.input.value, doubt: doubt.input.value, ...(record.input.value && { record: record.input.value }), ...(item.input.value && { item: item.input.value }),
      });
      shell.go(`/objections/${encodeURIComponent(made.id)}`);
    }, resource.node, h("div.pair", record.node, item.node), doubt.node));
  }

  return {
    title: () => t("doubt.heading"),
    async load() {
      page = await objectionsList({ limit: LIMIT, offset });
      granted = can("objection.write") ? [...new Set((await grantsList({ limit: 200 })).items.map((g: Grant) => g.resource))] : [];
      await needNames([...granted, ...page.items.map((o) => o.resource)]);
    },
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("doubt.heading")), h("p.lead", t("doubt.lead"))),
      h("div.tasks", raise()),
      page.items.length ? table(t("doubt.heading"), columns(), page.items) : empty(t("doubt.none")),
      pager(page.total, page.offset, page.limit, (to) => shell.go(`/objections?offset=${to}`))),
  };
}
