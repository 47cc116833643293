// Which page an address names.
import { adminView } from "./views/admin";
import { catalogueView } from "./views/catalogue";
import { deliveriesView } from "./views/deliveries";
import { deliveryView } from "./views/delivery";
import { missingView } from "./views/missing";
import { resourceView } from "./views/resource";
import { invitationView, signinView } from "./views/signin";
import { subjectView } from "./views/subject";
import { subjectsView } from "./views/subjects";
import type { Shell, View } from "./view";

export type Section = "catalogue" | "subjects" | "deliveries" | "admin" | "signin";

const table: Array<[RegExp, Section, (url: URL, shell: Shell, name: string) => View]> = [
  [/^\/$/, "catalogue", (url) => catalogueView(url)],
  [/^\/resources\/([^/]+)$/, "catalogue", (_, shell, name) => resourceView(name, shell)],
  [/^\/signin$/, "signin", (url, shell) => signinView(url, shell)],
  [/^\/invitation$/, "signin", (url) => invitationView(url)],
  [/^\/admin$/, "admin", (_, shell) => adminView(shell)],
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
