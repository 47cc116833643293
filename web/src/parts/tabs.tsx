// Parts of a page of which one is shown.  Which one stands after '#', so that "back" and a link lead to it.
import { useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";

export interface Tab {
  id: string;
  text: string;
  /** How many are in it, or wait in it; nothing is said of none. */
  count?: string | false;
}

/** The one that the address names, and how to go to another. */
export function useTab(ids: string[]): [string, (id: string) => void] {
  const { hash, search } = useLocation();
  const navigate = useNavigate();
  const named = hash.slice(1);
  return [ids.includes(named) ? named : ids[0]!, (id) => void navigate({ search, hash: id }, { replace: true })];
}

const STEP: { [key: string]: number } = { ArrowLeft: -1, ArrowRight: 1 };

export function Tabs({ label, tabs, current, choose, children }: { label: string; tabs: Tab[]; current: string; choose(id: string): void; children: ReactNode }) {
  const own = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex((x) => x.id === current);

  function key(e: KeyboardEvent): void {
    const next = e.key === "Home" ? 0 : e.key === "End" ? tabs.length - 1 : STEP[e.key] ? (at + STEP[e.key]! + tabs.length) % tabs.length : null;
    if (next === null) return;
    e.preventDefault();
    choose(tabs[next]!.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  }

  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={key}>
        {tabs.map((x) => (
          <button key={x.id} type="button" role="tab" id={`${own}-${x.id}`} data-tour={`tab-${x.id}`} aria-selected={x.id === current} aria-controls={`${own}-panel`} tabIndex={x.id === current ? 0 : -1} onClick={() => choose(x.id)}>
            <span>{x.text}</span>{x.count && <small>{x.count}</small>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${own}-panel`} aria-labelledby={`${own}-${current}`}>{children}</div>
    </>
  );
}
