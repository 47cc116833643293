// Who a subject has to do with: a graph in rings, whose nodes lead on, and the same as a list, for who does not see it or holds a phone.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type MouseEvent } from "react";
import { Link, useNavigate } from "react-router";
import { subjectRelationsQuery, type RelationEdge, type RelationNode, type Relations as Graph } from "#api";
import catalogue from "../text/catalogue";
import subject from "../text/subject";
import { useText } from "../text";
import { Badge } from "./badges";
import { useNarrow } from "./narrow";
import { Empty, FailureNote } from "./status";
import { written } from "./value";

const DEPTHS = [1, 2, 3];
const BOX = { width: 184, height: 50 };
const GAP = { x: 48, y: 16 };
const EDGE = 8;
const LETTERS = { name: 13, role: 15 }; // as many as fit into a box, a Chinese one counting two of the others

const address = (n: RelationNode): string => `/subjects/${encodeURIComponent(n.identifier.value)}#relations`;
const named = (n: RelationNode): string => n.name ?? n.identifier.value;
const WIDE = /[\u2e80-\uffef]/;

/** The beginning of a text that takes no more than so many Chinese letters' room. */
function cut(text: string, letters: number): string {
  let room = letters * 2, end = 0;
  for (const c of text) {
    room -= WIDE.test(c) ? 2 : 1;
    if (room < 0) return `${text.slice(0, end)}…`;
    end += c.length;
  }
  return text;
}

/** What a node is to those of the ring before it: 法定代表人、股东. */
function useRoles(g: Graph): (n: RelationNode) => string {
  const { pick, listed } = useText();
  return (n) => {
    const words = new Set<string>();
    for (const e of g.edges) {
      const other = e.from === n.ref ? e.to : e.to === n.ref ? e.from : null;
      if (other === null || g.nodes[other]!.depth >= n.depth) continue;
      words.add(e.from === n.ref ? pick(e.from_is, e.from_is_en) : pick(e.to_is, e.to_is_en));
    }
    return listed([...words]);
  };
}

interface Placed {
  x: number;
  y: number;
}

/** Rings side by side, from the top: the subject itself is in sight however many there are around it. */
function places(nodes: RelationNode[]): { at: Placed[]; width: number; height: number } {
  const rings = new Map<number, RelationNode[]>();
  for (const n of nodes) rings.set(n.depth, [...(rings.get(n.depth) ?? []), n]);
  const most = Math.max(...[...rings.values()].map((r) => r.length));
  const height = most * (BOX.height + GAP.y) - GAP.y + EDGE * 2;
  const at: Placed[] = [];
  for (const [depth, ring] of rings)
    ring.forEach((n, row) => { at[n.ref] = { x: EDGE + depth * (BOX.width + GAP.x), y: EDGE + row * (BOX.height + GAP.y) }; });
  return { at, width: rings.size * (BOX.width + GAP.x) - GAP.x + EDGE * 2, height };
}

function line(from: Placed, to: Placed): string {
  if (from.x === to.x) { // of one ring: around its side
    const x = from.x + BOX.width, a = from.y + BOX.height / 2, b = to.y + BOX.height / 2;
    return `M${x} ${a}C${x + GAP.x / 2} ${a} ${x + GAP.x / 2} ${b} ${x} ${b}`;
  }
  const [l, r] = from.x < to.x ? [from, to] : [to, from];
  const x1 = l.x + BOX.width, y1 = l.y + BOX.height / 2, y2 = r.y + BOX.height / 2, bend = (r.x - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${r.x - bend} ${y2} ${r.x} ${y2}`;
}

function Box({ node: n, at, role }: { node: RelationNode; at: Placed; role: string }) {
  const { t } = useText(subject);
  const navigate = useNavigate();
  const leads = n.walk && n.depth > 0;
  const label = [named(n), role, n.person && t("relations.person"), n.more && t("relations.cut")].filter(Boolean).join("，");
  const inside = (
    <>
      <title>{label}</title>
      <rect x={at.x} y={at.y} width={BOX.width} height={BOX.height} rx="8" />
      <text x={at.x + BOX.width / 2} y={at.y + (role ? 21 : 30)}>{cut(named(n), LETTERS.name)}</text>
      {role && <text x={at.x + BOX.width / 2} y={at.y + 39} className="role">{cut(role, LETTERS.role)}</text>}
    </>
  );
  const kind = `relation-node ${n.depth === 0 ? "own" : n.person ? "person" : ""} ${n.more ? "cut" : ""}`.trim();
  if (!leads) return <g className={kind} role="img" aria-label={label}>{inside}</g>;
  const go = (e: MouseEvent): void => {
    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
    e.preventDefault();
    void navigate(address(n));
  };
  return <a className={kind} href={address(n)} onClick={go}>{inside}</a>;
}

function Picture({ graph: g }: { graph: Graph }) {
  const { t, pick, num } = useText(subject);
  const role = useRoles(g);
  const { at, width, height } = places(g.nodes);
  return (
    <figure className="relation-graph">
      <div className="relation-scroll" tabIndex={0} role="region" aria-label={t("relations.picture", { n: num(g.nodes.length - 1) })}>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="group" aria-label={t("relations.picture", { n: num(g.nodes.length - 1) })}>
          {g.edges.map((e, i) => (
            <path key={i} className="relation-line" d={line(at[e.from]!, at[e.to]!)}>
              <title>{`${named(g.nodes[e.from]!)} → ${pick(e.from_is, e.from_is_en)} → ${named(g.nodes[e.to]!)}`}</title>
            </path>
          ))}
          {g.nodes.map((n) => <Box key={n.ref} node={n} at={at[n.ref]!} role={role(n)} />)}
        </svg>
      </div>
      <figcaption className="quiet">{t("relations.how")}</figcaption>
    </figure>
  );
}

function Edge({ graph: g, edge: e, node: n }: { graph: Graph; edge: RelationEdge; node: RelationNode }) {
  const { t, pick, num } = useText(subject);
  const text = useText(catalogue);
  const other = g.nodes[e.from === n.ref ? e.to : e.from]!;
  const is = e.from === n.ref ? pick(e.from_is, e.from_is_en) : pick(e.to_is, e.to_is_en);
  const shown = e.shown.filter((i) => e.record && e.record[i.item] !== null && e.record[i.item] !== undefined);
  return (
    <li>
      <Badge tone="role">{is}</Badge> {t("relations.of", { name: named(other) })}
      <span className="quiet"> {[...shown.map((i) => `${pick(i.title, i.title_en)} ${written(e.record![i.item]!, null, text)}`), pick(e.title, e.title_en), e.records > 1 && t("relations.records", { n: num(e.records) })].filter(Boolean).join(" · ")}</span>
    </li>
  );
}

function Listed({ graph: g }: { graph: Graph }) {
  const { t, num } = useText(subject);
  const rings = [...new Set(g.nodes.map((n) => n.depth))].filter((d) => d > 0);
  return rings.map((depth) => (
    <section key={depth}>
      <h3>{t("relations.ring", { n: num(depth) })}</h3>
      <ul className="relation-list">
        {g.nodes.filter((n) => n.depth === depth).map((n) => (
          <li key={n.ref}>
            <strong>{n.walk ? <Link to={address(n)}>{named(n)}</Link> : named(n)}</strong> <code>{n.identifier.value}</code>
            {n.more && <span className="quiet"> {t("relations.cut")}</span>}
            <ul>{g.edges.filter((e) => (e.from === n.ref || e.to === n.ref) && g.nodes[e.from === n.ref ? e.to : e.from]!.depth <= depth).map((e, i) => <Edge key={i} graph={g} edge={e} node={n} />)}</ul>
          </li>
        ))}
      </ul>
    </section>
  ));
}

export function Relations({ id }: { id: string }) {
  const { t, num } = useText(subject);
  const narrow = useNarrow();
  const [depth, setDepth] = useState(1);
  const { data, error } = useQuery({ ...subjectRelationsQuery({ id, depth }), placeholderData: keepPreviousData });
  if (error) return <FailureNote error={error} />;
  if (!data) return <p className="quiet" role="status">{t("relations.loading")}</p>;
  const list = <section className="relation-text"><h2>{t("relations.list")}</h2><Listed graph={data} /></section>;
  const picture = <section><h2>{t("relations.graph")}</h2><Picture graph={data} /></section>;
  return (
    <section className="relations">
      <div className="filters">
        <span className="filter">
          <label htmlFor="relations-depth">{t("relations.depth")}</label>
          <select id="relations-depth" value={depth} onChange={(e) => setDepth(Number(e.target.value))}>
            {DEPTHS.map((d) => <option key={d} value={d}>{t("relations.rings", { n: num(d) })}</option>)}
          </select>
        </span>
      </div>
      {data.nodes.length < 2 ? <Empty text={t("relations.none")} /> : narrow ? <>{list}{picture}</> : <>{picture}{list}</>}
      {(data.more || data.nodes[0]?.more) && <p className="quiet">{t("relations.more")}</p>}
    </section>
  );
}
