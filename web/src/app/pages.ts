// Every page: its address, its code (loaded when it is opened), where it stands in the navigation and who sees it there.  The server
// answers these addresses with the one document (api/routes.json, tag "page"); tests/web compares the two lists.
import type { ComponentType } from "react";

/** The places of the navigation, in its order; perm: who sees it there, null for everybody. */
export const sections = [
  { id: "desk", path: "/desk", icon: "home", group: "data", perm: "task.read" },
  { id: "catalogue", path: "/", icon: "book", group: "data", perm: null },
  { id: "open", path: "/open", icon: "unlock", group: "data", perm: null },
  { id: "packs", path: "/packs", icon: "columns", group: "data", perm: "record.read" },
  { id: "deliveries", path: "/deliveries", icon: "inbox", group: "data", perm: "delivery.read" },
  { id: "campaigns", path: "/campaigns", icon: "form", group: "data", perm: "collect.read" },
  { id: "collect", path: "/collect", icon: "form", group: "data", perm: "collect.act" },
  { id: "timeliness", path: "/timeliness", icon: "chart", group: "data", perm: "timeliness.read" },
  { id: "upward", path: "/upward", icon: "upload", group: "data", perm: "upward.read" },
  { id: "demands", path: "/demands", icon: "bulb", group: "share", perm: "demand.read" },
  { id: "applications", path: "/applications", icon: "form", group: "share", perm: "application.read" },
  { id: "services", path: "/services", icon: "chart", group: "share", perm: "service.call" },
  { id: "exports", path: "/exports", icon: "download", group: "share", perm: "export.read" },
  { id: "watch", path: "/watch", icon: "warn", group: "share", perm: "watch.read" },
  { id: "reports", path: "/reports", icon: "form", group: "share", perm: "report.read" },
  { id: "webhooks", path: "/webhooks", icon: "inbox", group: "share", perm: "webhook.read" },
  { id: "grants", path: "/grants", icon: "key", group: "share", perm: "grant.read" },
  { id: "consents", path: "/consents", icon: "sign", group: "share", perm: "consent.read" },
  { id: "usage", path: "/usage", icon: "chart", group: "share", perm: "usage.read" },
  { id: "objections", path: "/objections", icon: "flag", group: "share", perm: "objection.read" },
  { id: "lists", path: "/lists", icon: "flag", group: "share", perm: "list.entry" },
  { id: "repairs", path: "/repairs", icon: "check", group: "share", perm: "repair.read" },
  { id: "operations", path: "/operations", icon: "columns", group: "govern", perm: "overview.read" },
  { id: "evaluations", path: "/evaluations", icon: "chart", group: "govern", perm: "score.cards" },
  { id: "rural", path: "/rural", icon: "home", group: "govern", perm: "rural.read" },
  { id: "finance", path: "/finance", icon: "columns", group: "govern", perm: "finance.read" },
  { id: "subjects", path: "/subjects", icon: "search", group: "govern", perm: "subject.read" },
  { id: "linkage", path: "/linkage", icon: "people", group: "govern", perm: "link.read" },
  { id: "security", path: "/security", icon: "warn", group: "govern", perm: "anomaly.read" },
  { id: "journal", path: "/journal-explorer", icon: "chain", group: "govern", perm: "journal.read" },
  { id: "admin", path: "/admin", icon: "people", group: "govern", perm: "account.read" },
  // the last: what is at hand on a phone is for those who work here
  { id: "publicity", path: "/publicity", icon: "search", group: "data", perm: null },
  { id: "calculator", path: "/calculator", icon: "chart", group: "data", perm: null },
] as const;

export const groups = ["data", "share", "govern"] as const;
export type Section = (typeof sections)[number]["id"];

export interface PageRow {
  path: string;
  /** Which place of the navigation is marked; null: none. */
  section: Section | null;
  load: () => Promise<{ default: ComponentType }>;
  /** Stands alone, without the shell around it. */
  bare?: boolean;
}

export const pages: PageRow[] = [
  { path: "/", section: "catalogue", load: () => import("../pages/catalogue") },
  { path: "/open", section: "open", load: () => import("../pages/open") },
  { path: "/publicity", section: "publicity", load: () => import("../pages/publicity") },
  { path: "/calculator", section: "calculator", load: () => import("../pages/calculator") },
  { path: "/timeliness", section: "timeliness", load: () => import("../pages/timeliness") },
  { path: "/upward", section: "upward", load: () => import("../pages/upward") },
  { path: "/resources/:name", section: "catalogue", load: () => import("../pages/resource") },
  { path: "/signin", section: null, load: () => import("../pages/signin") },
  { path: "/account", section: null, load: () => import("../pages/account") },
  { path: "/decide/:id", section: "desk", load: () => import("../pages/decide") },
  { path: "/invitation", section: null, load: () => import("../pages/invitation") },
  { path: "/admin", section: "admin", load: () => import("../pages/admin") },
  { path: "/deliveries", section: "deliveries", load: () => import("../pages/deliveries") },
  { path: "/deliveries/:id", section: "deliveries", load: () => import("../pages/delivery") },
  { path: "/demands", section: "demands", load: () => import("../pages/demands") },
  { path: "/demands/:id", section: "demands", load: () => import("../pages/demand") },
  { path: "/applications", section: "applications", load: () => import("../pages/applications") },
  { path: "/applications/new", section: "applications", load: () => import("../pages/apply") },
  { path: "/applications/:id", section: "applications", load: () => import("../pages/application") },
  { path: "/services", section: "services", load: () => import("../pages/services") },
  { path: "/services/:id", section: "services", load: () => import("../pages/service") },
  { path: "/exports", section: "exports", load: () => import("../pages/exports") },
  { path: "/reports", section: "reports", load: () => import("../pages/reports") },
  { path: "/grants", section: "grants", load: () => import("../pages/grants") },
  { path: "/grants/:id", section: "grants", load: () => import("../pages/grant") },
  { path: "/consents", section: "consents", load: () => import("../pages/consents") },
  { path: "/objections", section: "objections", load: () => import("../pages/objections") },
  { path: "/objections/:id", section: "objections", load: () => import("../pages/objection") },
  { path: "/lists", section: "lists", load: () => import("../pages/lists") },
  { path: "/lists/:id", section: "lists", load: () => import("../pages/listentry") },
  { path: "/repairs", section: "repairs", load: () => import("../pages/repairs") },
  { path: "/repairs/:id", section: "repairs", load: () => import("../pages/repair") },
  { path: "/subjects", section: "subjects", load: () => import("../pages/subjects") },
  { path: "/subjects/:id", section: "subjects", load: () => import("../pages/subject") },
  { path: "/desk", section: "desk", load: () => import("../pages/desk") },
  { path: "/quality/:name", section: "desk", load: () => import("../pages/quality") },
  { path: "/infer", section: "desk", load: () => import("../pages/infer") },
  { path: "/usage", section: "usage", load: () => import("../pages/usage") },
  { path: "/evaluations", section: "evaluations", load: () => import("../pages/evaluations") },
  { path: "/rural", section: "rural", load: () => import("../pages/rural") },
  { path: "/rural/:no", section: "rural", load: () => import("../pages/household") },
  { path: "/finance", section: "finance", load: () => import("../pages/finance") },
  { path: "/operations", section: "operations", load: () => import("../pages/operations") },
  { path: "/packs", section: "packs", load: () => import("../pages/packpages") },
  { path: "/packs/:pack/:page", section: "packs", load: () => import("../pages/packpage") },
  { path: "/watch", section: "watch", load: () => import("../pages/watch") },
  { path: "/webhooks", section: "webhooks", load: () => import("../pages/webhooks") },
  { path: "/webhooks/:id", section: "webhooks", load: () => import("../pages/webhook") },
  { path: "/corrections", section: "webhooks", load: () => import("../pages/corrections") },
  { path: "/security", section: "security", load: () => import("../pages/security") },
  { path: "/security/anomalies/:id", section: "security", load: () => import("../pages/anomaly") },
  { path: "/security/delays/:id", section: "security", load: () => import("../pages/delay") },
  { path: "/linkage", section: "linkage", load: () => import("../pages/linkage") },
  { path: "/linkage/:id", section: "linkage", load: () => import("../pages/linkpair") },
  { path: "/journal-explorer", section: "journal", load: () => import("../pages/journal") },
  { path: "/journal-explorer/:id", section: "journal", load: () => import("../pages/journalentry") },
  { path: "/wall", section: null, load: () => import("../pages/wall"), bare: true },
  { path: "/collect", section: "collect", load: () => import("../pages/collect"), bare: true },
  { path: "/campaigns", section: "campaigns", load: () => import("../pages/campaigns") },
  { path: "/consent", section: null, load: () => import("../pages/consent") },
  { path: "/enrol", section: null, load: () => import("../pages/enrol") },
  { path: "/me", section: null, load: () => import("../pages/me") },
];
