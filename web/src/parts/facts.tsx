// Names and what they are; what is empty is left out.
import type { ReactNode } from "react";

export const DetailList = ({ rows }: { rows: Array<[string, ReactNode]> }) => (
  <dl className="about">
    {rows.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false && value !== 0)
      .map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
  </dl>
);

/** A figure with what it counts. */
export const Figures = ({ rows, big = false }: { rows: Array<[string, ReactNode]>; big?: boolean }) => (
  <dl className={big ? "figures big" : "figures"}>{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
);
