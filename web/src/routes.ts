// Which page an address names.
import { catalogueView } from "./views/catalogue";
import { deliveriesView } from "./views/deliveries";
import { deliveryView } from "./views/delivery";
import { missingView } from "./views/missing";
import { resourceView } from "./views/resource";
import { subjectView } from "./views/subject";
import { subjectsView } from "./views/subjects";
import type { Shell, View } from "./view";

export type Section = "catalogue" | "subjects" | "deliveries";

const table: Array<[RegExp, Section, (url: URL, shell: Shell, name: string) => View]> = [
  [/^\/$/, "catalogue", (url) => catalogueView(url)],
  [/^\/resources\/([^/]+)$/, "catalogue", (_, shell, name) => resourceView(name, shell)],
  [/^\/subjects$/, "subjects", (url, shell) => subjectsView(url, shell)],
  [/^\/subjects\/([^/]+)$/, "subjects", (_, shell, id) => subjectView(id, shell)],
  [/^\/deliveries$/, "deliveries", (url, shell) => deliveriesView(url, shell)],
  [/^\/deliveries\/([^/]+)$/, "deliveries", (_, shell, id) => deliveryView(id, shell)],
];

export function routes(url: URL, shell: Shell): { view: View; section: Section } {
  for (const [pattern, section, make] of table) {
    const match = pattern.exec(url.pathname);
    if (match) return { section, view: make(url, shell, decodeURIComponent(match[1] ?? "")) };
  }
  return { section: "catalogue", view: missingView() };
}
