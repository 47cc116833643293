// A table that becomes a list of cards on a phone; every cell names its column there.
import { h, type Child } from "../dom";

export interface Column<T> {
  head: string;
  cell(row: T): Child;
}

/** The first column names the row. */
export function table<T>(label: string, columns: Array<Column<T>>, rows: T[]): HTMLElement {
  const cells = (row: T): HTMLElement[] => columns.map((c, i) => (i ? h("td", { "data-label": c.head }, c.cell(row)) : h("th", { scope: "row" }, c.cell(row))));
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": label },
    h("table.stack", h("thead", h("tr", columns.map((c) => h("th", { scope: "col" }, c.head)))), h("tbody", rows.map((row) => h("tr", cells(row))))));
}

/** Names and what they are; what is empty is left out. */
export const facts = (rows: Array<[string, Child]>): HTMLElement =>
  h("dl.about", rows.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false)
    .map(([name, value]) => h("div", h("dt", name), h("dd", value))));
