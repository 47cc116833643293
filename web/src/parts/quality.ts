// The quality report of a batch: six dimensions as bars, then what was wrong, worst first.
import type { FaultCount, Quality } from "#api";
import { bar, h, icon } from "../dom";
import { num, percent, pick, t, tCode } from "../text";

const DIMENSIONS = ["conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"] as const;
const WORST = 12;

const tone = (share: number): string => (share >= 0.99 ? "good" : share >= 0.9 ? "fair" : "poor");

export function dimensions(q: Quality): HTMLElement {
  return h("ul.dimensions", DIMENSIONS.map((d) => {
    const share = q.dimensions[d];
    return h("li", h("span", t(`dimension.${d}`)), typeof share === "number" ? bar(share, tone(share)) : h("span.quiet.bar", t("quality.unchecked")),
      h("span.value", typeof share === "number" ? percent(share) : "–"));
  }));
}

/** Received = published + quarantined: the promise that no row is lost, shown as a sum. */
export function sum(received: number, published: number, quarantined: number): HTMLElement {
  const part = (name: string, n: number, cls: string): HTMLElement => h(`div.${cls}`, h("dt", name), h("dd", num(n)));
  return h("dl.sum", part(t("sum.received"), received, "all"), h("span", { "aria-hidden": "true" }, "="), part(t("sum.published"), published, "kept"),
    h("span", { "aria-hidden": "true" }, "+"), part(t("sum.quarantined"), quarantined, "refused"));
}

interface Finding {
  what: string;
  where: string;
  count: number;
  examples: FaultCount["examples"];
}

function findings(q: Quality): Finding[] {
  const out: Finding[] = [];
  const add = (where: string, f: FaultCount): number => out.push({ what: tCode("fault", f.code), where, count: f.count, examples: f.examples });
  for (const i of q.items) for (const f of i.faults) add(pick(i.title, i.title_en), f);
  for (const f of q.rows.faults) add(t("quality.row"), f);
  for (const r of q.rules) out.push({ what: pick(r.zh, r.en), where: r.severity === "warning" ? t("quality.warning") : t("quality.rule"), count: r.count, examples: r.examples });
  return out.sort((a, b) => b.count - a.count);
}

export function worst(q: Quality): HTMLElement {
  const all = findings(q);
  if (!all.length) return h("p.note.fine", icon("check"), h("span", t("quality.clean")));
  const top = all.slice(0, WORST);
  return h("div",
    h("ol.findings", top.map((f) => h("li",
      h("span.count", num(f.count)), h("div", h("strong", f.what), h("span.quiet", f.where),
        f.examples.length ? h("p.examples", f.examples.slice(0, 3).map((e) =>
          h("span", e.value ? t("quality.example", { row: num(e.row), value: e.value }) : t("quality.example_row", { row: num(e.row) })))) : null)))),
    all.length > WORST ? h("p.quiet", t("quality.more", { n: num(all.length - WORST) })) : null);
}
