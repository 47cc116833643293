// Finds a subject: an identifier leads straight to its page (or says what is wrong with it), a name lists those it may mean.
import { identify, subjectsSearch, type Identity, type SubjectHit } from "#api";
import { ApiFailure } from "#send";
import { h, icon, link } from "../dom";
import { badge, kindText } from "../parts/badges";
import { empty } from "../parts/status";
import { pick, t } from "../text";
import type { Shell, View } from "../view";

const looksLikeIdentifier = (q: string): boolean => /[0-9０-９]{6}/.test(q) && /^[0-9A-Za-z０-９Ａ-Ｚａ-ｚ\s-]+$/.test(q);

export function subjectsView(url: URL, shell: Shell): View {
  const q = (url.searchParams.get("q") ?? "").trim();
  let hits: SubjectHit[] = [];
  let identity: Identity | null = null;

  function form(): HTMLElement {
    const input = h("input", { type: "search", id: "q", name: "q", value: q, required: true, maxlength: 100, autocomplete: "off", placeholder: t("subjects.placeholder") });
    return h("form.search", { role: "search", onsubmit: (e: Event) => {
      e.preventDefault();
      if (input.value.trim()) shell.go(`/subjects?q=${encodeURIComponent(input.value.trim())}`);
    } }, h("label.unseen", { for: "q" }, t("subjects.search")), icon("search"), input, h("button.primary", { type: "submit" }, t("subjects.go")));
  }

  return {
    title: () => t("subjects.title"),
    async load() {
      if (!q) return;
      if (looksLikeIdentifier(q)) {
        try {
          identity = await identify({ value: q });
        } catch (error) {
          if (!(error instanceof ApiFailure && error.failure.status === 422)) throw error;
        }
        if (identity?.valid) {
          shell.go(`/subjects/${encodeURIComponent(identity.canonical)}`, { replace: true });
          return;
        }
      }
      hits = (await subjectsSearch({ name: q, limit: 50 })).items;
    },
    draw: () => h("div",
      h("div.hero", h("div.wrap", h("h1", t("subjects.title")), h("p.lead", t("subjects.lead")), form())),
      h("div.wrap", identity ? parts(identity) : null, q ? hitList(hits) : null)),
  };
}

function hitList(hits: SubjectHit[]): HTMLElement {
  if (!hits.length) return empty(t("subjects.none"));
  return h("section", h("h2.unseen", t("subjects.results")), h("ul.cards.hits", hits.map((x) => {
    // A masked identifier of a person leads nowhere: who may see it is for accounts to settle.
    const masked = x.identifier.value.includes("*");
    return h("li", h("article.card",
      h("h3", masked ? x.name : link(`/subjects/${encodeURIComponent(x.identifier.value)}`, x.name)),
      h("p.quiet", `${pick(x.identifier.title, x.identifier.title_en)} `, h("code", x.identifier.value))));
  })));
}

/** What an identifier says, part by part. */
export function parts(id: Identity): HTMLElement {
  return h("section.panel.identity",
    h("h2", pick(id.title, id.title_en), " ", h("code", id.canonical)),
    h("p.badges", badge(id.valid ? t("identity.valid") : t("identity.invalid"), id.valid ? "good" : "poor"), id.kind ? badge(kindText(id.kind)) : null),
    id.valid ? null : h("p.bad", pick(id.fault_zh, id.fault_en)),
    h("ol.parts", id.parts.map((p) => h("li", h("code", p.value), h("span", pick(p.zh, p.en)), h("span.quiet", pick(p.meaning_zh, p.meaning_en))))));
}
