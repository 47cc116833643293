// A new application: which items of which resources, what for and by which right, how and how long.  What was entered outlives a change of
// language.
import { applicationMake, catalogueSearch, resourceShow, type Item, type Resource, type ResourceCard } from "#api";
import { fill, h, icon, link } from "../dom";
import { gradeBadge, shareBadge } from "../parts/badges";
import { area, field, form, tick } from "../parts/form";
import { failureText, Told } from "../parts/status";
import { pick, t, tCode } from "../text";
import type { Shell, View } from "../view";

const MODES = ["query", "verify", "batch", "changes", "export", "subscribe"] as const;
const MASKED_FROM = 3; // items of this grade and above are masked unless asked for in the clear
const FOUND = 8;

interface Chosen {
  resource: Resource;
  items: Set<string>;
  plain: Set<string>;
}

const draft = () => ({
  title: "", purpose: "", scenario: "", legal_basis: "", per_day: "", per_second: "", total: "", networks: "", until: "",
});
type Draft = ReturnType<typeof draft>;

export function applyView(url: URL, shell: Shell): View {
  const values: Draft = draft();
  const modes = new Set<string>(["query"]);
  const chosen = new Map<string, Chosen>();
  const demand = url.searchParams.get("demand") ?? "";
  let consent = false;
  const list = h("div.chosen");
  const found = h("ul.found");

  async function add(name: string): Promise<void> {
    if (chosen.has(name)) return;
    const resource = await resourceShow({ name });
    chosen.set(name, { resource, items: new Set(resource.items.filter((i) => i.key !== null).map((i) => i.name)), plain: new Set() });
    drawChosen();
  }

  function itemRow(c: Chosen, i: Item): HTMLElement {
    const flip = (set: Set<string>, on: boolean): void => void (on ? set.add(i.name) : set.delete(i.name));
    const take = tick(`${c.resource.name}-${i.name}`, pick(i.title, i.title_en), { checked: c.items.has(i.name), onchange: (e: Event) => flip(c.items, (e.target as HTMLInputElement).checked) });
    const plain = i.grade >= MASKED_FROM
      ? tick(`${c.resource.name}-${i.name}-plain`, t("apply.plain"), { checked: c.plain.has(i.name), onchange: (e: Event) => flip(c.plain, (e.target as HTMLInputElement).checked) }) : null;
    return h("li", take.node, gradeBadge(i.grade), plain?.node ?? null);
  }

  function drawChosen(): void {
    fill(list, [...chosen.values()].map((c) => h("section.panel",
      h("h3", pick(c.resource.title, c.resource.title_en), shareBadge(c.resource.share_type)),
      h("p.quiet", pick(c.resource.provider.name, c.resource.provider.name_en)),
      h("ul.pick", c.resource.items.map((i) => itemRow(c, i))),
      h("p.buttons",
        h("button.plain", { type: "button", onclick: () => { for (const i of c.resource.items) c.items.add(i.name); drawChosen(); } }, t("apply.take_all")),
        h("button.plain", { type: "button", onclick: () => { chosen.delete(c.resource.name); drawChosen(); } }, t("apply.remove"))))));
  }

  const told = (error: unknown): void => fill(found, h("li.bad", failureText(error)));

  async function search(q: string): Promise<void> {
    try {
      const page = await catalogueSearch({ q, limit: FOUND });
      fill(found, page.items.length ? page.items.map((r: ResourceCard) => h("li",
        h("span", pick(r.title, r.title_en), h("span.quiet", pick(r.provider.name, r.provider.name_en))), shareBadge(r.share_type),
        h("button.plain", { type: "button", onclick: () => void add(r.name).catch(told) }, t("apply.add")))) : h("li.quiet", t("apply.not_found")));
    } catch (error) {
      told(error);
    }
  }

  function searchBox(): HTMLElement {
    const box = field("find", t("apply.find"), { type: "search", required: false, maxlength: 100, autocomplete: "off" }, t("apply.find_hint"));
    box.input.addEventListener("keydown", (e) => {
      if (e.key !== "Enter") return;
      e.preventDefault(); // it searches, it does not send the form
      void search(box.input.value);
    });
    return h("div.finder", box.node, h("button.plain", { type: "button", onclick: () => void search(box.input.value) }, t("apply.search")));
  }

  /** A field that keeps its value in the draft. */
  function kept(name: keyof Draft, label: string, props: { [name: string]: unknown } = {}, hint?: string, many = false): HTMLElement {
    const f = (many ? area : field)(name, label, { ...props, ...(many ? {} : { value: values[name] }), oninput: (e: Event) => (values[name] = (e.target as HTMLInputElement).value) }, hint);
    if (many) f.input.textContent = values[name];
    return f.node;
  }

  const number = (name: "per_day" | "per_second" | "total", label: string, required: boolean): HTMLElement =>
    kept(name, label, { type: "number", min: 1, max: 1000000000, required, inputmode: "numeric" });

  async function send(): Promise<void> {
    if (!chosen.size) throw new Told(t("apply.need_resource"));
    for (const c of chosen.values()) if (!c.items.size) throw new Told(t("apply.need_items", { title: pick(c.resource.title, c.resource.title_en) }));
    if (!modes.size) throw new Told(t("apply.need_mode"));
    const text = (c: Chosen): string => `${c.resource.name}:${[...c.items].map((i) => (c.plain.has(i) ? `=${i}` : i)).join(",")}`;
    const some = (name: "title" | "scenario" | "networks" | "until"): { [name: string]: string } => (values[name].trim() ? { [name]: values[name].trim() } : {});
    const amount = (name: "per_second" | "total"): { [name: string]: number } => (values[name] ? { [name]: Number(values[name]) } : {});
    const made = await applicationMake({
      resources: [...chosen.values()].map(text), purpose: values.purpose.trim(), legal_basis: values.legal_basis.trim(), modes: [...modes].join(" "),
      per_day: Number(values.per_day), consent, ...(demand && { demand }), ...some("title"), ...some("scenario"), ...some("networks"), ...some("until"), ...amount("per_second"), ...amount("total"),
    });
    const [first] = made.items;
    shell.go(made.items.length === 1 && first ? `/applications/${encodeURIComponent(first.id)}` : `/applications?scene=${encodeURIComponent(first?.scene ?? "")}`);
  }

  const modeBoxes = (): HTMLElement => h("fieldset.ways", h("legend", t("apply.modes")), MODES.map((m) =>
    tick(`mode-${m}`, tCode("use", m), { checked: modes.has(m), onchange: (e: Event) => void ((e.target as HTMLInputElement).checked ? modes.add(m) : modes.delete(m)) }).node));

  return {
    title: () => t("apply.new"),
    async load() {
      const first = url.searchParams.get("resource");
      if (first) await add(first);
    },
    draw() {
      drawChosen();
      return h("div.wrap",
        h("header.page", h("p.crumb", link("/applications", icon("back"), t("nav.applications"))), h("h1", t("apply.new")), h("p.lead", t("apply.new_lead"))),
        form(t("apply.send"), send,
          h("h2.step", t("apply.step_what")), searchBox(), found, list,
          h("h2.step", t("apply.step_why")),
          kept("purpose", t("flow.purpose"), { minlength: 2, maxlength: 500, rows: 2 }, t("apply.purpose_hint"), true),
          kept("title", t("apply.title"), { required: false, maxlength: 200, autocomplete: "off" }, t("apply.title_hint")),
          kept("scenario", t("flow.scenario"), { required: false, maxlength: 100, autocomplete: "off" }),
          kept("legal_basis", t("flow.basis"), { maxlength: 2000, rows: 2 }, t("flow.basis_hint"), true),
          h("h2.step", t("apply.step_how")), modeBoxes(),
          h("div.triple", number("per_day", t("apply.per_day"), true), number("per_second", t("apply.per_second"), false), number("total", t("apply.total"), false)),
          kept("networks", t("apply.networks"), { required: false, maxlength: 1000, autocomplete: "off" }, t("apply.networks_hint")),
          kept("until", t("apply.until"), { type: "date", required: false }, t("apply.until_hint")),
          tick("consent", t("apply.consent_ask"), { checked: consent, onchange: (e: Event) => (consent = (e.target as HTMLInputElement).checked) }).node));
    },
  };
}
