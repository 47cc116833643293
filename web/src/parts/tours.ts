// The first-run tours: their steps as a table, which one goes on, and which were seen on this device.  Drawn by parts/tour.tsx, which is
// loaded when one begins.
import { useSyncExternalStore } from "react";

/** A step points at what has `data-tour` with this name; where the screen is too small for it, at `more`.  Its texts are tour.NAME and tour.NAME_what. */
const steps = {
  source_steward: ["source", "desk", "catalogue", "deliveries", "usage", "help"],
  consumer_steward: ["consumer", "shop", "demands", "applications", "services", "help"],
  approver: ["approver", "waiting", "passkey", "grants", "help"],
  operator: ["operator", "operations", "inbox", "unmet", "subjects", "help"],
  system_administrator: ["system", "people", "passkey", "help"],
  security_administrator: ["security", "empower", "journal", "passkey", "help"],
  auditor: ["auditor", "overview", "journal", "consents", "help"],
  subject: ["subject", "looks", "whole", "records", "mine", "help"],
} as const;

export type TourName = keyof typeof steps;
export type StepName = (typeof steps)[TourName][number];

/** What on the screen a step is about; a step that is not here is about the whole. */
export const anchors: Partial<Record<StepName, string>> = {
  desk: "desk", catalogue: "catalogue", deliveries: "deliveries", usage: "usage", help: "help",
  shop: "catalogue", demands: "demands", applications: "applications", services: "services",
  waiting: "desk", passkey: "account", grants: "grants",
  operations: "operations", inbox: "deliveries", unmet: "demands", subjects: "subjects",
  people: "admin", empower: "admin", overview: "operations", consents: "consents", journal: "journal",
  looks: "tab-looks", whole: "whole", records: "tab-records", mine: "tab-consents",
};

export const stepsOf = (tour: TourName): readonly StepName[] => steps[tour];
export const isTour = (name: string | undefined): name is TourName => name !== undefined && name in steps;

const KEPT = "luling.tours";

function seen(): string[] {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(raw) ? raw.filter((x): x is string => typeof x === "string") : [];
  } catch {
    return []; // storage is switched off: shown once a visit
  }
}

/** offered: the tour of whoever is here; on: the one that goes on. */
interface State {
  offered: TourName | null;
  on: TourName | null;
}

let state: State = { offered: null, on: null };
const shown = new Set<TourName>(); // in this visit
const listeners = new Set<() => void>();

function become(next: State): void {
  state = next;
  for (const told of listeners) told();
}

/** Whose tour it is from now on; null: nobody's.  The first time it begins by itself. */
export function offerTour(tour: TourName | null): void {
  if (state.offered === tour) return;
  const first = tour !== null && !shown.has(tour) && !seen().includes(tour);
  if (first) shown.add(tour);
  become({ offered: tour, on: first ? tour : null });
}

export const startTour = (): void => become({ ...state, on: state.offered });

/** For good: it comes again only when it is asked for. */
export function endTour(): void {
  try {
    if (state.on) localStorage.setItem(KEPT, JSON.stringify([...new Set([...seen(), state.on])]));
  } catch {
    // shown once a visit
  }
  become({ ...state, on: null });
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

export const useTours = (): State => useSyncExternalStore(subscribe, () => state);
