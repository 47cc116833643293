// Light, dark or as the device says; remembered, and set on the root element before anything is drawn.
import { useSyncExternalStore } from "react";

export type Theme = "auto" | "light" | "dark";
const KEPT = "luling.theme";
const THEMES: Theme[] = ["auto", "light", "dark"];
const device = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let current: Theme = "auto";

function show(): void {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  for (const told of listeners) told();
}

export function isDark(): boolean {
  return current === "auto" ? device.matches : current === "dark";
}

export function startTheme(): void {
  try {
    current = THEMES.find((x) => x === localStorage.getItem(KEPT)) ?? "auto";
  } catch {
    // storage is switched off
  }
  device.addEventListener("change", show);
  show();
}

export function setTheme(next: Theme): void {
  current = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // kept for this page only
  }
  show();
}

const subscribe = (told: () => void): (() => void) => {
  listeners.add(told);
  return () => listeners.delete(told);
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => current);
export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark);
