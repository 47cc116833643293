// Turns pages of a list.
import { h } from "../dom";
import { num, t } from "../text";

export function pager(total: number, offset: number, limit: number, turn: (offset: number) => void): HTMLElement | null {
  if (total <= limit && offset === 0) return null;
  const go = (text: string, to: number, off: boolean): HTMLElement =>
    h("button.plain", { type: "button", disabled: off, onclick: () => turn(to) }, text);
  return h("nav.pager", { "aria-label": t("pager.label") },
    go(t("pager.previous"), Math.max(0, offset - limit), offset === 0),
    h("span", t("pager.range", { from: num(offset + 1), to: num(Math.min(offset + limit, total)), total: num(total) })),
    go(t("pager.next"), offset + limit, offset + limit >= total));
}
