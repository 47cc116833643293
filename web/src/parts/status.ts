// Loading, nothing there, and failures, all told in words.
import { ApiFailure } from "#send";
import { h, icon, link } from "../dom";
import { lang, t } from "../text";

export const loading = (): HTMLElement => h("div.wrap", h("p.quiet.loading", { role: "status" }, t("status.loading")));

export const empty = (text: string, ...more: Node[]): HTMLElement => h("div.empty", h("p", text), ...more);

/** A failure whose message is already what a person should read. */
export class Told extends Error {}

export function failureText(error: unknown): string {
  if (error instanceof Told) return error.message;
  if (!(error instanceof ApiFailure)) return t("status.broken");
  return error.failure[lang()];
}

export function failure(error: unknown): HTMLElement {
  const request = error instanceof ApiFailure && error.failure.request;
  return h("div.wrap",
    h("header.page", h("h1", t("status.failed"))),
    h("div.note.bad", { role: "alert" }, icon("warn"),
      h("div", h("p", failureText(error)), request ? h("p.quiet", t("status.request", { id: request })) : null)),
    h("p", link("/", t("missing.home"))));
}
