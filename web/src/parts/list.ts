// The state of a list lies in the address, so that it can be sent to somebody and "back" leads to it: which page, which order, which
// filters.
import { useLocation, useNavigate, useSearchParams } from "react-router";

export interface ListState {
  offset: number;
  limit: number;
  /** Name of a column's order, "-" before it for the reverse; "" for the list's own. */
  sort: string;
  /** Of a list read from its newest end on: where this page begins; undefined: at the newest. */
  before: number | undefined;
  /** What a field is called in the document. */
  id(name: string): string;
  filter(name: string): string;
  /** Filters begin at the first page again. */
  setFilter(name: string, value: string): void;
  turn(offset: number): void;
  older(before: number | undefined): void;
  setSort(sort: string): void;
}

/** The order that the address asks for, where the server has it. */
export function orderOf<T extends string>(list: ListState, orders: readonly T[]): T | `-${T}` | undefined {
  return orders.some((o) => list.sort === o || list.sort === `-${o}`) ? (list.sort as T | `-${T}`) : undefined;
}

type Change = (values: Record<string, string>) => void;

const listOf = (limit: number, get: (name: string) => string | null, change: Change, id: (name: string) => string): ListState => ({
  limit,
  id,
  offset: Math.max(0, Number(get("offset")) || 0),
  sort: get("sort") ?? "",
  before: get("before") === null ? undefined : Math.max(0, Number(get("before")) || 0),
  filter: (name) => get(name) ?? "",
  setFilter: (name, value) => change({ [name]: value, offset: "", before: "" }),
  turn: (offset) => change({ offset: offset ? String(offset) : "" }),
  older: (before) => change({ before: before === undefined ? "" : String(before) }),
  setSort: (sort) => change({ sort, offset: "" }),
});

export function useList(limit = 20): ListState {
  const [params, setParams] = useSearchParams();
  const change: Change = (values) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(values)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  return listOf(limit, (name) => params.get(name), change, (name) => name);
}

const OWN = ["offset", "sort", "before"]; // never another block's

/** The same for one of several lists of a page, behind "#": what is asked there may be about a subject, which no server and no log sees.
 *  `block.name` is this block's; `name` alone is whichever block's that knows it, as links from other pages give it. */
export function useHashList(block: string, limit = 20): ListState & { setAll: Change } {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const params = new URLSearchParams(hash.slice(1));
  const get = (name: string): string | null => params.get(`${block}.${name}`) ?? (OWN.includes(name) ? null : params.get(name));
  const change: Change = (values) => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(values)) {
      next.delete(name);
      if (value) next.set(`${block}.${name}`, value);
      else next.delete(`${block}.${name}`);
    }
    void navigate(`${pathname}#${next}`, { preventScrollReset: true });
  };
  return { ...listOf(limit, get, change, (name) => `${block}-${name}`), setAll: (values) => change({ ...values, offset: "" }) };
}
