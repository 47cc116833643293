// The state of a list lies in the address, so that it can be sent to somebody and "back" leads to it: which page, which order, which
// filters.
import { useSearchParams } from "react-router";

export interface ListState {
  offset: number;
  limit: number;
  /** Name of a column's order, "-" before it for the reverse; "" for the list's own. */
  sort: string;
  filter(name: string): string;
  /** Filters begin at the first page again. */
  setFilter(name: string, value: string): void;
  turn(offset: number): void;
  setSort(sort: string): void;
}

export function useList(limit = 20): ListState {
  const [params, setParams] = useSearchParams();
  const change = (values: Record<string, string>): void =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(values)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
  return {
    limit,
    offset: Math.max(0, Number(params.get("offset")) || 0),
    sort: params.get("sort") ?? "",
    filter: (name) => params.get(name) ?? "",
    setFilter: (name, value) => change({ [name]: value, offset: "" }),
    turn: (offset) => change({ offset: offset ? String(offset) : "" }),
    setSort: (sort) => change({ sort, offset: "" }),
  };
}
