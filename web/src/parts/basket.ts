// What a consumer steward has chosen in the catalogue and will apply for; kept until the tab closes.
import { useSyncExternalStore } from "react";

const KEPT = "luling.basket";
const MOST = 20; // an application names no more

let chosen: string[] = remembered();
const listeners = new Set<() => void>();

function remembered(): string[] {
  try {
    const raw: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(raw) ? raw.filter((x): x is string => typeof x === "string") : [];
  } catch {
    return [];
  }
}

function become(next: string[]): void {
  chosen = next;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    // kept for this page only
  }
  for (const told of listeners) told();
}

const subscribe = (told: () => void): (() => void) => {
  listeners.add(told);
  return () => listeners.delete(told);
};

export const emptyBasket = (): void => become([]);

export function useBasket() {
  const names = useSyncExternalStore(subscribe, () => chosen);
  return {
    names,
    full: names.length >= MOST,
    put: (name: string, on: boolean): void => become(on ? [...names.filter((x) => x !== name), name].slice(0, MOST) : names.filter((x) => x !== name)),
  };
}
