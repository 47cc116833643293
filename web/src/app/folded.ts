// Which groups of the navigation are folded; remembered.
import { useSyncExternalStore } from "react";

const KEPT = "luling.folded";
const listeners = new Set<() => void>();

function read(): readonly string[] {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(raw) ? raw.filter((x): x is string => typeof x === "string") : [];
  } catch {
    return []; // storage is switched off: all are open
  }
}

let folded = read();

export function toggleFolded(group: string): void {
  folded = folded.includes(group) ? folded.filter((g) => g !== group) : [...folded, group];
  try {
    localStorage.setItem(KEPT, JSON.stringify(folded));
  } catch {
    // kept for this page only
  }
  for (const told of listeners) told();
}

function subscribe(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

export const useFolded = (): readonly string[] => useSyncExternalStore(subscribe, () => folded);
