// What happened to a matter, and the steps that whoever is signed in may take now: the server names both.
import type { FlowAction, FlowEvent } from "#api";
import { fill, h } from "../dom";
import { pick, t, when } from "../text";
import { badge } from "./badges";
import { area, form } from "./form";
import { orgName } from "./names";

const tones: Record<string, string> = {
  granted: "good", active: "good", approved: "good", settled: "good", supplied: "good", matched: "good",
  rejected: "poor", revoked: "poor", declined: "poor", cancelled: "quietly", closed: "quietly", withdrawn: "quietly", expired: "quietly",
  suspended: "fair", returned: "fair", extended: "fair", dispute: "fair", unmet: "fair",
};

export const flowBadge = (x: { state: string; state_title: string; state_title_en: string }): HTMLElement =>
  badge(pick(x.state_title, x.state_title_en), tones[x.state] ?? "");

export function timeline(events: FlowEvent[]): HTMLElement {
  return h("section", h("h2", t("flow.history")), h("ol.timeline", events.map((e) => h("li",
    h("p", h("strong", pick(e.title, e.title_en)), h("span.quiet", when(e.at))),
    h("p.quiet", e.account || e.client ? `${e.account ?? e.client} · ${orgName(e.organisation)}` : t("flow.platform")),
    e.reason ? h("p", e.reason) : null,
    e.legal_basis ? h("p.quiet", e.legal_basis) : null))));
}

/** What a step asks for beside a reason and its legal basis. */
export interface Extra {
  node: HTMLElement;
  value(): Record<string, string>;
}

type Taken = { action: string; reason?: string; legal_basis?: string } & Record<string, string>;

/** A button a step; pressing it asks what the step needs, and only then it is taken. */
export function steps(list: FlowAction[], take: (body: Taken) => Promise<void>, extras: Record<string, () => Extra> = {}): HTMLElement {
  const asked = h("div");

  function ask(a: FlowAction, button: HTMLElement): void {
    const reason = a.needs.includes("reason") ? area("reason", t("flow.reason"), { maxlength: 2000 }) : null;
    const basis = a.needs.includes("legal_basis") ? area("basis", t("flow.basis"), { maxlength: 2000 }, t("flow.basis_hint")) : null;
    const extra = extras[a.action]?.() ?? null;
    const box = form(t("flow.confirm", { step: pick(a.title, a.title_en) }), async () => {
      await take({ action: a.action, ...(reason && { reason: reason.input.value }), ...(basis && { legal_basis: basis.input.value }), ...extra?.value() } as Taken);
      document.getElementById("main")?.focus(); // the form is gone: whoever uses the keyboard goes on from the top
    }, extra?.node, reason?.node, basis?.node);
    for (const b of button.parentElement?.querySelectorAll("button") ?? []) b.setAttribute("aria-pressed", String(b === button));
    fill(asked, box);
    box.querySelector<HTMLElement>("input, textarea, select, button")?.focus();
  }

  return h("section.panel.steps", h("h2", t("flow.next")),
    list.length
      ? h("p.buttons", list.map((a) => h("button.plain", { type: "button", "aria-pressed": "false", onclick: (e: Event) => ask(a, e.currentTarget as HTMLElement) }, pick(a.title, a.title_en))))
      : h("p.quiet", t("flow.nothing")),
    asked);
}
