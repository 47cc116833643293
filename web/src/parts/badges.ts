// Small marks that say one thing each.
import { h } from "../dom";
import { pick, t, tCode } from "../text";

export interface CodeRef {
  code: string;
  title: string;
  title_en: string | null;
}

export const badge = (text: string, tone = ""): HTMLElement => h(tone ? `span.badge.${tone}` : "span.badge", text);

const shareTones: Record<string, string> = { "1": "good", "2": "fair", "3": "poor" };
export const shareBadge = (share: CodeRef | null): HTMLElement | null =>
  share && badge(pick(share.title, share.title_en), shareTones[share.code] ?? "");

export const gradeBadge = (grade: number): HTMLElement => badge(t("grade", { n: grade }), `grade${grade}`);

const stateTones: Record<string, string> = {
  published: "good", received: "busy", sealed: "busy", waiting: "fair", failed: "poor", withdrawn: "quietly", refused: "poor",
};
export const stateBadge = (state: string): HTMLElement => badge(tCode("state", state), stateTones[state] ?? "");

export const kindText = (kind: string): string => tCode("kind", kind);
