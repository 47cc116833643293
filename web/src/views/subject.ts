// One subject: who it is, by which identifiers it is known, and what the departments have on record of it.
import { identify, subjectShow, type Identity, type Item, type Profile, type SubjectGroup, type SubjectRecord } from "#api";
import { ApiFailure } from "#send";
import { h, icon, link } from "../dom";
import { badge } from "../parts/badges";
import { empty } from "../parts/status";
import { num, pick, t, tCode, when } from "../text";
import type { Shell, View } from "../view";
import { parts } from "./subjects";

const OPEN = 2; // records of a resource that are shown unfolded

type Value = SubjectRecord["record"][string];

export function subjectView(id: string, _shell: Shell): View {
  let profile: Profile;
  let identity: Identity | null = null;

  return {
    title: () => profile?.subject.names[0] ?? t("subject.title"),
    async load() {
      const [shown, what] = await Promise.all([
        subjectShow({ id }),
        identify({ value: id }).catch((error: unknown) => {
          if (error instanceof ApiFailure && error.failure.status === 422) return null; // a name or an identifier of no known form
          throw error;
        }),
      ]);
      profile = shown;
      identity = what;
    },
    draw() {
      const s = profile.subject;
      const own = s.groups.filter((g) => g.records.some((r) => !r.relation));
      const related = s.groups.filter((g) => g.records.some((r) => r.relation));
      return h("div.wrap",
        head(profile, id),
        s.candidates.length ? candidates(profile) : null,
        h("div.columns",
          h("div.wide",
            s.groups.length ? departments(own, profile, false) : s.candidates.length ? null : empty(t("subject.none")),
            related.length ? h("section", h("h2", t("subject.related")), departments(related, profile, true)) : null),
          h("div.narrow", identifiers(profile), identity ? parts(identity) : null)));
    },
  };
}

function head(p: Profile, id: string): HTMLElement {
  const s = p.subject;
  const records = s.groups.reduce((n, g) => n + g.total, 0);
  const providers = new Set(s.groups.map((g) => g.provider)).size;
  return h("header.page",
    h("p.crumb", link("/subjects", icon("back"), t("nav.subjects"))),
    h("h1", s.names[0] ?? id),
    h("p.badges", s.kind ? badge(pick(s.kind.title, s.kind.title_en)) : null, s.names.slice(1).map((n) => badge(t("subject.also", { name: n })))),
    s.groups.length ? h("p.lead", t("subject.summary", { records: num(records), resources: num(s.groups.length), providers: num(providers) })) : null);
}

function candidates(p: Profile): HTMLElement {
  return h("section", h("h2", t("subject.candidates")), h("ul.cards.hits", p.subject.candidates.map((c) =>
    h("li", h("article.card", h("h3", c.identifier.value.includes("*") ? c.name : link(`/subjects/${encodeURIComponent(c.identifier.value)}`, c.name)), h("code", c.identifier.value))))));
}

function identifiers(p: Profile): HTMLElement | null {
  if (!p.subject.identifiers.length) return null;
  return h("section", h("h2", t("subject.identifiers")),
    h("dl.about", p.subject.identifiers.map((i) => h("div", h("dt", pick(i.title, i.title_en)),
      h("dd", h("code", i.value), i.from ? h("span.quiet", t("subject.from", { resource: i.from })) : null)))));
}

/** Groups of one department stand together, in the order the server gives. */
function departments(groups: SubjectGroup[], profile: Profile, related: boolean): HTMLElement {
  const by = new Map<string, SubjectGroup[]>();
  for (const g of groups) by.set(g.provider, [...(by.get(g.provider) ?? []), g]);
  return h("div", [...by.values()].map((list) => h("section.department",
    h("h2", pick(list[0]!.provider_name, null)),
    list.map((g) => group(g, profile, related)))));
}

function group(g: SubjectGroup, profile: Profile, related: boolean): HTMLElement {
  const records = g.records.filter((r) => !!r.relation === related);
  const known = new Set([...profile.subject.names, ...profile.subject.identifiers.map((i) => i.value)]);
  const items = profile.items[g.resource] ?? [];
  return h("article.panel.group",
    h("header", h("h3", link(`/resources/${encodeURIComponent(g.resource)}`, pick(g.title, g.title_en))),
      h("p.quiet", t("subject.source", { n: (g.more ? "≥ " : "") + num(g.total), time: when(g.published_at) }))),
    records.map((r, at) => record(r, items, known, at >= OPEN)),
    g.total > g.records.length ? h("p.quiet", t("subject.shown", { shown: num(g.records.length), total: num(g.total) })) : null);
}

/** What the page already says at its top (who it is) is not said again in each record. */
function record(r: SubjectRecord, items: Item[], known: Set<string>, folded: boolean): HTMLElement {
  const filled = items.filter((i) => {
    const v = r.record[i.name];
    return v !== null && v !== undefined && !((i.role === "subject" || i.role === "subject_name") && known.has(String(v)));
  });
  const rows = h("dl.record", filled.map((i) => {
    const text = value(r.record[i.name] ?? null, i);
    return h(text.length > 40 ? "div.long" : text.length > 14 ? "div.mid" : "div", h("dt", pick(i.title, i.title_en)), h("dd", text));
  }));
  const relation = r.relation ? badge(tCode("relation", r.relation), "role") : null;
  if (!folded) return h("div.one", relation, rows);
  return h("details.one", h("summary", relation, r.key.filter((k) => !known.has(k)).join(" · ") || r.key.join(" · ")), rows);
}

function value(v: Value, item: Item): string {
  if (v === null) return "–";
  if (typeof v === "object") return pick(v.title, v.title_en) || v.code;
  if (typeof v === "boolean") return v ? t("yes") : t("no");
  // A number without a unit may be a year: up to four digits stand as they are.
  if (typeof v === "number") return item.unit ? `${num(v)} ${item.unit}` : Math.abs(v) < 10000 ? String(v) : num(v);
  return v;
}
