// A list as the server pages, orders and filters it.  It is a table, and on a phone a list of cards in which each cell names its column.
// Which columns are shown is remembered; what is shown can be saved as CSV, every page of it.
import { useEffect, useRef, useState, type InputHTMLAttributes, type ReactNode } from "react";
import { useText } from "../text";
import { Icon } from "./icon";
import type { ListState } from "./list";
import { CursorPager, Pager } from "./pager";
import { useSaving } from "./saving";

export interface Column<T> {
  id: string;
  head: string;
  cell(row: T): ReactNode;
  /** What stands in the CSV; without it the column is left out there. */
  text?(row: T): string | number | null;
  number?: boolean;
  /** Its values are not broken into lines. */
  whole?: boolean;
  /** The server's name of the order by this column. */
  sort?: string;
  /** Shown only when it is chosen. */
  extra?: boolean;
  /** In the CSV even where it is not shown. */
  saved?: boolean;
}

export interface Rows<T> {
  items: T[];
  total: number;
  offset: number;
  limit: number;
}

const kept = (id: string): string => `luling.columns.${id}`;

function remembered(id: string): string[] | null {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(kept(id)) ?? "null");
    return Array.isArray(raw) ? raw.filter((x): x is string => typeof x === "string") : null;
  } catch {
    return null;
  }
}

function useColumns<T>(id: string, columns: Array<Column<T>>) {
  const [chosen, setChosen] = useState(() => remembered(id));
  const shown = (c: Column<T>, at: number): boolean => at === 0 || (chosen ? chosen.includes(c.id) : !c.extra);
  return {
    visible: columns.filter(shown),
    choose(column: string, on: boolean): void {
      const now = columns.filter(shown).map((c) => c.id).filter((x) => x !== column);
      const next = on ? [...now, column] : now;
      setChosen(next);
      try {
        localStorage.setItem(kept(id), JSON.stringify(next));
      } catch {
        // kept for this page only
      }
    },
  };
}

function Head<T>({ column, list }: { column: Column<T>; list?: ListState }) {
  const { t } = useText();
  const cls = column.number ? "number" : undefined;
  if (!column.sort || !list) return <th scope="col" className={cls}>{column.head}</th>;
  const up = list.sort === column.sort, down = list.sort === `-${column.sort}`;
  return (
    <th scope="col" className={cls} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      <button type="button" className="sort" title={t("table.sort")} onClick={() => list.setSort(up ? `-${column.sort}` : down ? "" : column.sort!)}>
        {column.head}<span aria-hidden="true">{up ? " ↑" : down ? " ↓" : ""}</span>
      </button>
    </th>
  );
}

/** The table alone: for lists that are whole.  The first column names the row. */
export function Table<T>({ label, columns, rows, rowKey, list }: { label: string; columns: Array<Column<T>>; rows: T[]; rowKey(row: T): string; list?: ListState }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="stack">
        <thead><tr>{columns.map((c) => <Head key={c.id} column={c} list={list} />)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((c, at) => at
                ? <td key={c.id} data-label={c.head} className={c.number ? "number" : c.whole ? "whole" : undefined}><div>{c.cell(row)}</div></td>
                : <th key={c.id} scope="row" className={c.whole ? "whole" : undefined}>{c.cell(row)}</th>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const AT_ONCE = 200; // rows that an export asks for at a time

interface Common<T> {
  /** Names the table where its columns are remembered, and its CSV file. */
  id: string;
  label: string;
  columns: Array<Column<T>>;
  rowKey(row: T): string;
  list: ListState;
  empty: ReactNode;
  /** Filters, at the head of the table. */
  filters?: ReactNode;
}

interface ListingProps<T> extends Common<T> {
  items: T[];
  /** All that is shown, part by part, for the CSV. */
  parts(): AsyncIterable<T[]>;
  pager: ReactNode;
}

function Listing<T>({ id, label, columns, items, rowKey, list, empty, filters, parts, pager }: ListingProps<T>) {
  const { t } = useText();
  const { visible, choose } = useColumns(id, columns);
  const { said, save } = useSaving();
  const written = columns.filter((c) => c.text && (c.saved || visible.includes(c)));

  return (
    <div className="listing">
      <div className="tools">
        <div className="filters">{filters}</div>
        {items.length > 0 && (
          <div className="tool-buttons">
            <details className="pick-columns">
              <summary className="plain small"><Icon name="columns" />{t("table.columns")}</summary>
              <fieldset><legend className="unseen">{t("table.columns")}</legend>
                {columns.slice(1).map((c) => (
                  <label key={c.id} className="choice">
                    <input type="checkbox" checked={visible.includes(c)} onChange={(e) => choose(c.id, e.target.checked)} /><span>{c.head}</span>
                  </label>
                ))}
              </fieldset>
            </details>
            <button type="button" className="plain small" onClick={() => void save(id, written.map((c) => c.head), parts(), (row) => written.map((c) => String(c.text!(row) ?? "")))}><Icon name="download" />CSV</button>
          </div>
        )}
      </div>
      <p className="quiet" role="status">{said}</p>
      {items.length ? <Table label={label} columns={visible} rows={items} rowKey={rowKey} list={list} /> : empty}
      {pager}
    </div>
  );
}

interface Props<T> extends Common<T> {
  page: Rows<T>;
  /** Asks for other pages of the same list, for the export. */
  ask(offset: number, limit: number): Promise<{ items: T[]; total: number }>;
}

/** A list whose length is known. */
export function ServerTable<T>({ page, ask, ...rest }: Props<T>) {
  async function* parts(): AsyncGenerator<T[]> {
    for (let offset = 0, total = 1; offset < total; offset += AT_ONCE) {
      const part = await ask(offset, AT_ONCE);
      total = part.total;
      yield part.items;
    }
  }
  return <Listing {...rest} items={page.items} parts={parts} pager={<Pager total={page.total} offset={page.offset} limit={page.limit} onTurn={rest.list.turn} />} />;
}

interface CursorProps<T> extends Common<T> {
  page: { items: T[]; next: number | null };
  ask(before: number | undefined, limit: number): Promise<{ items: T[]; next: number | null }>;
}

/** A list that is read from its newest end on: how long it is nobody has counted. */
export function CursorTable<T>({ page, ask, ...rest }: CursorProps<T>) {
  const { list } = rest;
  async function* parts(): AsyncGenerator<T[]> {
    for (let before: number | undefined, more = true; more; ) {
      const part = await ask(before, AT_ONCE);
      yield part.items;
      more = part.next !== null;
      before = part.next ?? undefined;
    }
  }
  return <Listing {...rest} items={page.items} parts={parts} pager={<CursorPager newest={list.before === undefined} next={page.next} onNewest={() => list.older(undefined)} onOlder={list.older} />} />;
}

/** One of several values of a filter; "" is all. */
export function Filter({ list, name, label, all, options }: { list: ListState; name: string; label: string; all: string; options: Array<[string, string]> }) {
  return (
    <p className="filter">
      <label htmlFor={list.id(name)}>{label}</label>
      <select id={list.id(name)} value={list.filter(name)} onChange={(e) => list.setFilter(name, e.target.value)}>
        <option value="">{all}</option>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </p>
  );
}

interface FilterFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "list"> {
  list: ListState;
  name: string;
  label: string;
  /** The list of what may be entered, by its id. */
  codes?: string;
}

/** A text, a number or a day to filter by; taken when the field is left, or at Enter. */
export function FilterField({ list, name, label, codes, ...rest }: FilterFieldProps) {
  const box = useRef<HTMLInputElement>(null);
  const value = list.filter(name);
  useEffect(() => {
    if (box.current) box.current.value = value; // the address may have changed under it
  }, [value]);
  const take = (): void => {
    if (box.current && box.current.value.trim() !== value && box.current.reportValidity()) list.setFilter(name, box.current.value.trim());
  };
  return (
    <p className="filter">
      <label htmlFor={list.id(name)}>{label}</label>
      <input ref={box} id={list.id(name)} list={codes} defaultValue={value} autoComplete="off" onBlur={take} onKeyDown={(e) => e.key === "Enter" && take()} {...rest} />
    </p>
  );
}
