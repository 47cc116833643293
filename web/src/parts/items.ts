// The items of a resource as a table that becomes a list of cards on a phone.
import type { Item } from "#api";
import { h } from "../dom";
import { pick, t, tCode } from "../text";
import { badge, gradeBadge } from "./badges";

function marks(i: Item): HTMLElement[] {
  const out: HTMLElement[] = [];
  if (i.key !== null) out.push(badge(t("item.key"), "key"));
  if (i.required) out.push(badge(t("item.required")));
  if (i.unique) out.push(badge(t("item.unique")));
  if (i.role) out.push(badge(i.role === "related" && i.relation ? tCode("relation", i.relation) : tCode("role", i.role), "role"));
  return out;
}

function format(i: Item): string {
  const parts = [tCode("type", i.type.replace(/\(.*/, ""))];
  if (i.type.includes("(")) parts.push(i.type.replace(/.*(\(.*)/, "$1"));
  if (i.length) parts.push(t("item.length", { n: i.length }));
  if (i.unit) parts.push(i.unit);
  return parts.join(" ");
}

export function itemsTable(items: Item[]): HTMLElement {
  const heads = [t("item.name"), t("item.element"), t("item.format"), t("item.marks"), t("item.grade")];
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": t("resource.items") },
    h("table.stack",
      h("thead", h("tr", heads.map((x) => h("th", { scope: "col" }, x)))),
      h("tbody", items.map((i) => h("tr",
        h("th", { scope: "row" }, pick(i.title, i.title_en), h("code.quiet", i.name)),
        h("td", { "data-label": heads[1] }, h("span", i.element_code), i.code_table ? h("span.quiet", i.code_table) : null),
        h("td", { "data-label": heads[2] }, format(i)),
        h("td", { "data-label": heads[3] }, h("span.badges", marks(i))),
        h("td", { "data-label": heads[4] }, gradeBadge(i.grade)))))));
}
