// The quality report of a batch: six dimensions as bars, then what was wrong, worst first.
import { Fragment } from "react";
import type { FaultCount, Quality } from "#api";
import intake from "../text/intake";
import { useText, type Words } from "../text";
import { Bar } from "./badges";
import { Note } from "./status";

const DIMENSIONS = ["conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"] as const;
const WORST = 12;
const GOOD = 0.99;
const FAIR = 0.9;
const EXAMPLES = 3;

const tone = (share: number): string => (share >= GOOD ? "good" : share >= FAIR ? "fair" : "poor");

export function Dimensions({ quality: q }: { quality: Quality }) {
  const { t, percent } = useText(intake);
  return (
    <ul className="dimensions">
      {DIMENSIONS.map((d) => {
        const share = q.dimensions[d];
        const known = typeof share === "number";
        return (
          <li key={d}>
            <span>{t(`dimension.${d}`)}</span>
            {known ? <Bar share={share} tone={tone(share)} /> : <span className="quiet bar">{t("quality.unchecked")}</span>}
            <span className="value">{known ? percent(share) : "–"}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** Received = published + quarantined: the promise that no row is lost, shown as a sum. */
export function Sum({ received, published, quarantined }: { received: number; published: number; quarantined: number }) {
  const { t, num } = useText(intake);
  const part = (name: string, n: number, cls: string) => <div className={cls}><dt>{name}</dt><dd>{num(n)}</dd></div>;
  return (
    <dl className="sum">
      {part(t("sum.received"), received, "all")}
      {part(t("sum.published"), published, "kept")}
      {part(t("sum.quarantined"), quarantined, "refused")}
    </dl>
  );
}

interface Finding {
  what: string;
  where: string;
  count: number;
  examples: FaultCount["examples"];
}

function findings(q: Quality, { t, tCode, pick }: Words<"quality.row" | "quality.warning" | "quality.rule">): Finding[] {
  const fault = (where: string) => (f: FaultCount): Finding => ({ what: tCode("fault", f.code), where, count: f.count, examples: f.examples });
  return [
    ...q.items.flatMap((i) => i.faults.map(fault(pick(i.title, i.title_en)))),
    ...q.rows.faults.map(fault(t("quality.row"))),
    ...q.rules.map((r) => ({ what: pick(r.zh, r.en), where: r.severity === "warning" ? t("quality.warning") : t("quality.rule"), count: r.count, examples: r.examples })),
  ].sort((a, b) => b.count - a.count);
}

export function Worst({ quality }: { quality: Quality }) {
  const text = useText(intake);
  const { t, num } = text;
  const all = findings(quality, text);
  if (!all.length) return <Note tone="fine"><span>{t("quality.clean")}</span></Note>;
  return (
    <div>
      <ol className="findings">
        {all.slice(0, WORST).map((f, at) => (
          <li key={at}>
            <span className="count">{num(f.count)}</span>
            <div>
              <strong>{f.what}</strong><span className="quiet">{f.where}</span>
              {f.examples.length > 0 && (
                <p className="examples">
                  {f.examples.slice(0, EXAMPLES).map((e) => (
                    <Fragment key={e.row}><span>{e.value ? t("quality.example", { row: num(e.row), value: e.value }) : t("quality.example_row", { row: num(e.row) })}</span></Fragment>
                  ))}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
      {all.length > WORST && <p className="quiet">{t("quality.more", { n: num(all.length - WORST) })}</p>}
    </div>
  );
}

export function QualityReport({ quality: q }: { quality: Quality }) {
  const { t } = useText(intake);
  return (
    <div className="panel">
      <Sum received={q.received} published={q.published} quarantined={q.quarantined} />
      <Dimensions quality={q} />
      <h3>{t("quality.worst")}</h3>
      <Worst quality={q} />
    </div>
  );
}
