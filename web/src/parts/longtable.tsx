// A list of any length as one table that scrolls: only the rows in sight are drawn, and only their pages are asked for.  Rows have one
// height; whoever listens is told how many there are and which ones are read.
import { queryOptions, useQueries, type QueryKey } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { useText } from "../text";
import type { Column, Rows } from "./table";

const AT_ONCE = 100; // rows of a page
const ROW_PX = 44;
const FRESH_MS = 60_000;
const BESIDE = 12; // rows drawn above and below what is in sight

interface Props<T> {
  label: string;
  columns: Array<Column<T>>;
  total: number;
  rowKey(row: T): string;
  /** The question for one page of the list. */
  page(offset: number, limit: number): { queryKey: QueryKey; ask(): Promise<Rows<T>> };
}

export function LongTable<T>({ label, columns, total, rowKey, page }: Props<T>) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: total, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: BESIDE });
  const shown = rows.getVirtualItems();
  const pages = [...new Set(shown.map((r) => Math.floor(r.index / AT_ONCE)))];
  const found = useQueries({ queries: pages.map((p) => {
    const { queryKey, ask } = page(p * AT_ONCE, AT_ONCE);
    return queryOptions({ queryKey, queryFn: ask, staleTime: FRESH_MS });
  }) });
  const at = (index: number): T | undefined => found[pages.indexOf(Math.floor(index / AT_ONCE))]?.data?.items[index % AT_ONCE];
  const above = shown[0]?.start ?? 0;
  const below = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div className="scroll long" ref={box} tabIndex={0} role="region" aria-label={label}>
      <table aria-rowcount={total + 1}>
        <thead><tr aria-rowindex={1}>{columns.map((c) => <th key={c.id} scope="col" className={c.number ? "number" : undefined}>{c.head}</th>)}</tr></thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }}><td colSpan={columns.length} /></tr>}
          {shown.map(({ index }) => {
            const row = at(index);
            return (
              <tr key={row ? rowKey(row) : index} aria-rowindex={index + 2} style={{ height: ROW_PX }}>
                {row ? columns.map((c, i) => (i ? <td key={c.id} className={c.number ? "number" : undefined}>{c.cell(row)}</td> : <th key={c.id} scope="row">{c.cell(row)}</th>))
                  : <td colSpan={columns.length} className="quiet">{t("status.loading")}</td>}
              </tr>
            );
          })}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }}><td colSpan={columns.length} /></tr>}
        </tbody>
      </table>
    </div>
  );
}
