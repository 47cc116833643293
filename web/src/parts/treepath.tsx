// The way from an entry to the root of the tree, as a picture: what was worked out stands in the middle, what the proof gave beside it.
// And the same as a table, for who does not see it.
import journal from "../text/journal";
import { useText } from "../text";
import { hex } from "../verify/tlog";
import type { Step } from "../verify/entry";

const ROW = 86;
const WIDTH = 360;
const BOX = { width: 108, height: 46 };
const MIDDLE = WIDTH / 2;
const LETTERS = 8; // of a hash: enough to compare by eye

interface Props {
  leaf: Uint8Array;
  index: number;
  size: number;
  steps: Step[];
  /** What the log signed. */
  root: Uint8Array;
}

interface BoxProps {
  x: number;
  y: number;
  kind: "leaf" | "way" | "sibling" | "root";
  hash: Uint8Array;
  line: string;
}

const Box = ({ x, y, kind, hash, line }: BoxProps) => (
  <g className={`node ${kind}`}>
    <title>{`${line} ${hex(hash)}`}</title>
    <rect x={x - BOX.width / 2} y={y} width={BOX.width} height={BOX.height} rx="8" />
    <text x={x} y={y + 19} className="hash">{hex(hash).slice(0, LETTERS)}…</text>
    <text x={x} y={y + 37}>{line}</text>
  </g>
);

export function TreePath({ leaf, index, size, steps, root }: Props) {
  const { t, num } = useText(journal);
  const span = (from: number, to: number): string => (to - from === 1 ? t("tree.one", { n: num(from) }) : t("tree.span", { from: num(from), to: num(to - 1) }));
  const height = (steps.length + 1) * ROW;
  const top = (level: number): number => height - ROW * (level + 1) + 8; // level 0 is the leaf's
  const title = t("tree.label", { n: num(index), steps: num(steps.length), size: num(size) });
  return (
    <figure className="tree-path">
      <div className="tree-scroll" tabIndex={0} role="region" aria-label={t("tree.heading")}>
        <svg viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role="img" aria-label={title}>
          {steps.map((s, level) => {
            const x = s.left ? BOX.width / 2 + 4 : WIDTH - BOX.width / 2 - 4;
            const up = top(level + 1) + BOX.height, down = top(level);
            return (
              <g key={level} className="edges">
                <path className="way" d={`M${MIDDLE} ${up}V${down}`} />
                <path d={`M${MIDDLE} ${up}C${MIDDLE} ${up + 26} ${x} ${down - 26} ${x} ${down}`} />
              </g>
            );
          })}
          {steps.map((s, level) => (
            <g key={level}>
              <Box kind={level ? "way" : "leaf"} x={MIDDLE} y={top(level)} hash={s.node} line={span(s.from, s.to)} />
              <Box kind="sibling" x={s.left ? BOX.width / 2 + 4 : WIDTH - BOX.width / 2 - 4} y={top(level)} hash={s.sibling} line={span(s.siblingFrom, s.siblingTo)} />
            </g>
          ))}
          <Box kind="root" x={MIDDLE} y={top(steps.length)} hash={root} line={t("tree.root", { size: num(size) })} />
        </svg>
      </div>
      <figcaption>
        <ul className="tree-legend">
          <li className="leaf">{t("tree.leaf")}</li><li className="way">{t("tree.way")}</li><li className="sibling">{t("tree.sibling")}</li><li className="root">{t("tree.signed")}</li>
        </ul>
      </figcaption>
      <details>
        <summary>{t("tree.table")}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={t("tree.table")}>
          <table>
            <thead><tr><th scope="col">{t("tree.level")}</th><th scope="col">{t("tree.covers")}</th><th scope="col">{t("tree.hash")}</th></tr></thead>
            <tbody>
              <tr><th scope="row">{t("tree.leaf")}</th><td>{span(index, index + 1)}</td><td><code>{hex(leaf)}</code></td></tr>
              {steps.map((s, level) => <tr key={level}><th scope="row">{t(s.left ? "tree.left" : "tree.right", { n: num(level) })}</th><td>{span(s.siblingFrom, s.siblingTo)}</td><td><code>{hex(s.sibling)}</code></td></tr>)}
              <tr><th scope="row">{t("tree.signed")}</th><td>{t("tree.root", { size: num(size) })}</td><td><code>{hex(root)}</code></td></tr>
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
