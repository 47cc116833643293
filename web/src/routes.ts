// Which page an address names.
import { adminView } from "./views/admin";
import { applicationView } from "./views/application";
import { applicationsView } from "./views/applications";
import { applyView } from "./views/apply";
import { catalogueView } from "./views/catalogue";
import { consentView } from "./views/consent";
import { consentsView } from "./views/consents";
import { deliveriesView } from "./views/deliveries";
import { deliveryView } from "./views/delivery";
import { demandView } from "./views/demand";
import { demandsView } from "./views/demands";
import { enrolView } from "./views/enrol";
import { grantView } from "./views/grant";
import { grantsView } from "./views/grants";
import { meView } from "./views/me";
import { missingView } from "./views/missing";
import { objectionView } from "./views/objection";
import { objectionsView } from "./views/objections";
import { resourceView } from "./views/resource";
import { invitationView, signinView } from "./views/signin";
import { subjectView } from "./views/subject";
import { subjectsView } from "./views/subjects";
import type { Shell, View } from "./view";

export type Section = "catalogue" | "demands" | "applications" | "grants" | "consents" | "objections" | "subjects" | "deliveries" | "admin" | "signin" | "signing";

const table: Array<[RegExp, Section, (url: URL, shell: Shell, name: string) => View]> = [
  [/^\/$/, "catalogue", (url) => catalogueView(url)],
  [/^\/resources\/([^/]+)$/, "catalogue", (_, shell, name) => resourceView(name, shell)],
  [/^\/signin$/, "signin", (url, shell) => signinView(url, shell)],
  [/^\/invitation$/, "signin", (url) => invitationView(url)],
  [/^\/admin$/, "admin", (_, shell) => adminView(shell)],
  [/^\/demands$/, "demands", (url, shell) => demandsView(url, shell)],
  [/^\/demands\/([^/]+)$/, "demands", (_, shell, id) => demandView(id, shell)],
  [/^\/applications$/, "applications", (url, shell) => applicationsView(url, shell)],
  [/^\/applications\/new$/, "applications", (url, shell) => applyView(url, shell)],
  [/^\/applications\/([^/]+)$/, "applications", (_, shell, id) => applicationView(id, shell)],
  [/^\/grants$/, "grants", (url, shell) => grantsView(url, shell)],
  [/^\/grants\/([^/]+)$/, "grants", (_, shell, id) => grantView(id, shell)],
  [/^\/consents$/, "consents", (url, shell) => consentsView(url, shell)],
  [/^\/consent$/, "signing", (url, shell) => consentView(url, shell)],
  [/^\/me$/, "signing", (_, shell) => meView(shell)],
  [/^\/enrol$/, "signing", (url, shell) => enrolView(url, shell)],
  [/^\/objections$/, "objections", (url, shell) => objectionsView(url, shell)],
  [/^\/objections\/([^/]+)$/, "objections", (_, shell, id) => objectionView(id, shell)],
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
