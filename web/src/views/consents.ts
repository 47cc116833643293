// Consents that one's organisation holds: asking a subject for one, recording one on paper, binding a passkey, withdrawing.
import {
  consentAsk, consentRecord, consentsList, consentWithdraw, enrolmentMake, grantsList, type Consent, type ConsentPage, type EnrolmentNew, type Grant,
} from "#api";
import { fill, h, icon, type Child } from "../dom";
import { badge } from "../parts/badges";
import { area, choice, field, form } from "../parts/form";
import { itemTitle, needNames, orgName, resourceTitle } from "../parts/names";
import { pager } from "../parts/pager";
import { qr } from "../parts/qr";
import { empty, Told } from "../parts/status";
import { table } from "../parts/table";
import { day, listed, num, pick, t, tCode, when } from "../text";
import type { Shell, View } from "../view";
import { can } from "../who";

const LIMIT = 20;
const CAPACITIES: Array<EnrolmentNew["capacity"]> = ["legal_representative", "agent", "self"];

const subjectFields = (prefix: string) => ({
  id: field(`${prefix}-subject`, t("consent.subject"), { maxlength: 23, autocomplete: "off", autocapitalize: "characters" }, t("consent.subject_hint")),
  title: field(`${prefix}-title`, t("consent.subject_title"), { maxlength: 100, autocomplete: "off" }),
});

/** An address to be handed to the subject: to be read off the screen, or copied. */
function handOver(text: string, url: string): HTMLElement {
  const copy = h("button.plain", { type: "button", onclick: () => void navigator.clipboard.writeText(url).then(() => fill(copy, t("consent.copied"))) }, t("consent.copy"));
  return h("div.note.fine", icon("check"), h("div", h("p", text), qr(url, t("consent.scan_me")), h("p.quiet", t("consent.scan_me")), h("p", h("code.address", url)), h("p.buttons", copy)));
}

async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export function consentsView(url: URL, shell: Shell): View {
  const offset = Math.max(0, Number(url.searchParams.get("offset")) || 0);
  let page: ConsentPage;
  let grants: Grant[] = [];

  async function load(): Promise<void> {
    page = await consentsList({ limit: LIMIT, offset });
    grants = can("consent.write") ? (await grantsList({ state: "active", limit: 200 })).items : [];
    await needNames([...grants.map((g) => g.resource), ...page.items.flatMap((c) => c.items.map((i) => i.resource))]);
  }

  function enrol(): HTMLElement {
    const who = subjectFields("enrol");
    const capacity = choice("capacity", t("consent.capacity"), CAPACITIES.map((c): [string, string] => [c, tCode("capacity", c)]));
    const proof = field("proof", t("consent.proof"), { minlength: 2, maxlength: 150, autocomplete: "off" }, t("consent.proof_hint"));
    const done = h("div", { role: "status" });
    return h("details", h("summary", t("consent.enrol")), h("p.quiet", t("consent.enrol_lead")), done, form(t("consent.enrol_go"), async () => {
      const made = await enrolmentMake({
        subject: who.id.input.value.trim(), subject_title: who.title.input.value.trim(), capacity: capacity.input.value as EnrolmentNew["capacity"], proof: proof.input.value,
      });
      fill(done, handOver(t("consent.enrol_done", { title: made.subject_title, until: when(made.expires_at) }), made.url ?? ""));
    }, h("div.pair", who.id.node, who.title.node), h("div.pair", capacity.node, proof.node)));
  }

  /** What asking and recording have in common: a consent is for the purpose and the items of a grant. */
  function asked(prefix: string) {
    const who = subjectFields(prefix);
    const grant = choice(`${prefix}-grant`, t("consent.grant"), grants.map((g): [string, string] => [g.id, `${resourceTitle(g.resource)} · ${g.purpose}`]), "", t("consent.grant_hint"));
    const until = field(`${prefix}-until`, t("consent.until"), { type: "date" });
    const uses = field(`${prefix}-uses`, t("consent.uses"), { type: "number", min: 0, max: 1000000000, value: 0, inputmode: "numeric" }, t("consent.uses_hint"));
    const nodes: Child[] = [h("div.pair", who.id.node, who.title.node), grant.node, h("div.pair", until.node, uses.node)];
    return { nodes, value: () => {
      const g = grants.find((x) => x.id === grant.input.value);
      if (!g) throw new Told(t("consent.no_grant"));
      const items = g.items.map((i) => i.item).join(",");
      return {
        subject: who.id.input.value.trim(), subject_title: who.title.input.value.trim(), resources: [items ? `${g.resource}:${items}` : g.resource], purpose: g.purpose,
        until: until.input.value, uses: Number(uses.input.value),
      };
    } };
  }

  function ask(): HTMLElement {
    const fields = asked("ask");
    const done = h("div", { role: "status" });
    return h("details", h("summary", t("consent.ask")), done, form(t("consent.ask_go"), async () => {
      const made = await consentAsk(fields.value());
      fill(done, handOver(t("consent.ask_done", { until: when(made.expires_at) }), made.url));
    }, fields.nodes));
  }

  function record(): HTMLElement {
    const fields = asked("paper");
    const scan = field("paper-scan", t("consent.scan"), { type: "file", accept: "application/pdf,image/png,image/jpeg" }, t("consent.scan_hint"));
    return h("details", h("summary", t("consent.record")), h("p.quiet", t("consent.record_lead")), form(t("consent.record_go"), async () => {
      const file = scan.input.files?.[0];
      if (!file) throw new Told(t("consent.scan"));
      await consentRecord({ ...fields.value(), document: await sha256(file) });
      await load();
      shell.redraw();
    }, fields.nodes, scan.node));
  }

  const scope = (c: Consent): HTMLElement => h("ul.scope", c.items.map((s) =>
    h("li", resourceTitle(s.resource), h("span.quiet", listed(s.items.map((i) => itemTitle(s.resource, i)))))));

  function withdraw(c: Consent): HTMLElement | null {
    if (!can("consent.write") || c.state === "withdrawn") return null;
    const reason = area(`why-${c.id}`, t("consent.why"), { maxlength: 300, rows: 2 });
    return h("details", h("summary", t("consent.withdraw")), form(t("consent.withdraw"), async () => {
      await consentWithdraw({ id: c.id }, { reason: reason.input.value });
      await load();
      shell.redraw();
    }, reason.node));
  }

  const columns = () => [
    { head: t("consent.subject_title"), cell: (c: Consent): Child => [c.subject_title, h("code.quiet", c.subject), h("span.quiet", c.id)] },
    { head: t("consent.kind"), cell: (c: Consent): Child => h("span.badges", badge(pick(c.kind_title, c.kind_title_en), c.kind === "passkey" ? "good" : "fair"), badge(tCode("consent", c.state), c.state === "active" ? "" : "quietly")) },
    { head: t("consent.holder"), cell: (c: Consent): Child => orgName(c.organisation) },
    { head: t("flow.purpose"), cell: (c: Consent): Child => [h("span", c.purpose, scope(c))] },
    { head: t("consent.used"), cell: (c: Consent): Child => (c.uses ? `${num(c.used)} / ${num(c.uses)}` : num(c.used)) },
    { head: t("consent.until"), cell: (c: Consent): Child => [h("span", day(c.until), h("details", h("summary", t("consent.text")), h("pre.letter", c.text)), withdraw(c))] },
  ];

  return {
    title: () => t("consent.heading"),
    load,
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("consent.heading")), h("p.lead", t("consent.lead"))),
      can("consent.write") ? h("div.tasks", enrol(), grants.length ? [ask(), record()] : h("p.quiet", t("consent.no_grant"))) : null,
      page.items.length ? table(t("consent.heading"), columns(), page.items) : empty(t("consent.none")),
      pager(page.total, page.offset, page.limit, (to) => shell.go(`/consents?offset=${to}`))),
  };
}
