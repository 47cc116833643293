// Accounts, systems and freezes: each administrator sees all three and may change what is theirs.
import {
  accountDuties, accountEnabled, accountInvite, accountMake, accountsList, accountUnlock, clientEnabled, clientsList, freezeEnd, freezeMake, freezesList,
  organisationsList, type Account, type Client, type Freeze, type Organisation,
} from "#api";
import { h, icon, type Child } from "../dom";
import { badge } from "../parts/badges";
import { field, form } from "../parts/form";
import { empty, failureText } from "../parts/status";
import { pick, t, tCode, when } from "../text";
import type { Shell, View } from "../view";
import { can } from "../who";

const DUTIES: Array<Account["duties"][number]> = [
  "source_steward", "consumer_steward", "operator", "approver", "system_administrator", "security_administrator", "auditor",
];

export function adminView(shell: Shell): View {
  let accounts: Account[] = [];
  let clients: Client[] = [];
  let freezes: Freeze[] = [];
  let organisations: Organisation[] = [];
  let told: Child = null;

  async function load(): Promise<void> {
    [accounts, clients, organisations] = await Promise.all([
      accountsList().then((x) => x.items), clientsList().then((x) => x.items), organisationsList().then((x) => x.items)]);
    freezes = can("freeze") ? (await freezesList()).items : [];
  }

  async function act(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      told = null;
      await load();
    } catch (error) {
      told = h("div.note.bad", { role: "alert" }, icon("warn"), h("p", failureText(error)));
    }
    shell.redraw();
  }

  async function invite(a: Account): Promise<void> {
    try {
      const { link: path } = await accountInvite({ id: a.id });
      told = h("div.note.good", { role: "status" }, icon("check"), h("div", h("p", t("admin.invited", { id: a.id })), h("p", h("code", location.origin + path))));
    } catch (error) {
      told = h("div.note.bad", { role: "alert" }, icon("warn"), h("p", failureText(error)));
    }
    shell.redraw();
  }

  const nameOf = (code: string): string => {
    const o = organisations.find((x) => x.code === code);
    return o ? pick(o.name, o.name_en) : code;
  };

  function dutiesCell(a: Account): HTMLElement {
    if (!can("account.empower")) return h("td", { "data-label": t("admin.duties") }, a.duties.map((d) => badge(tCode("duty", d))));
    return h("td", { "data-label": t("admin.duties") }, h("details", h("summary", a.duties.length ? a.duties.map((d) => badge(tCode("duty", d))) : t("admin.none")),
      form(t("admin.save"), async () => {
        const chosen = DUTIES.filter((d) => document.querySelector<HTMLInputElement>(`#duty-${CSS.escape(a.id)}-${d}`)?.checked);
        await accountDuties({ id: a.id }, { duties: chosen });
        await load();
        shell.redraw();
      }, DUTIES.map((d) => h("label.choice", h("input", { type: "checkbox", id: `duty-${a.id}-${d}`, checked: a.duties.includes(d) }), tCode("duty", d))))));
  }

  function accountRow(a: Account): HTMLElement {
    return h("tr",
      h("th", { scope: "row" }, a.name, h("span.quiet", a.id)),
      h("td", { "data-label": t("admin.organisation") }, nameOf(a.organisation)),
      h("td", { "data-label": t("admin.state") }, badge(tCode("account", a.locked_until ? "locked" : a.state), a.state === "active" && !a.locked_until ? "good" : "fair")),
      dutiesCell(a),
      h("td", { "data-label": t("admin.seen") }, when(a.seen_at)),
      h("td.buttons",
        can("account.make") ? h("button.plain", { type: "button", onclick: () => void invite(a) }, t("admin.invite")) : null,
        can("account.make") ? h("button.plain", { type: "button", onclick: () => void act(() => accountEnabled({ id: a.id }, { enabled: a.state === "disabled" })) },
          a.state === "disabled" ? t("admin.enable") : t("admin.disable")) : null,
        can("account.empower") && a.locked_until ? h("button.plain", { type: "button", onclick: () => void act(() => accountUnlock({ id: a.id })) }, t("admin.unlock")) : null));
  }

  function newAccount(): HTMLElement | null {
    if (!can("account.make")) return null;
    const id = field("new-id", t("signin.account"), { maxlength: 64, autocomplete: "off", autocapitalize: "none" });
    const name = field("new-name", t("admin.name"), { maxlength: 64, autocomplete: "off" });
    const organisation = h("select", { id: "new-organisation" }, organisations.map((o) => h("option", { value: o.code }, pick(o.name, o.name_en))));
    return h("details", h("summary", t("admin.new")), form(t("admin.make"), async () => {
      await accountMake({ id: id.input.value.trim(), name: name.input.value.trim(), organisation: organisation.value });
      await load();
      shell.redraw();
    }, id.node, name.node, h("p.field", h("label", { for: "new-organisation" }, t("admin.organisation")), organisation)));
  }

  function clientRow(c: Client): HTMLElement {
    return h("tr",
      h("th", { scope: "row" }, c.title, h("span.quiet", c.id)),
      h("td", { "data-label": t("admin.organisation") }, nameOf(c.organisation)),
      h("td", { "data-label": t("admin.state") }, badge(tCode("client", c.state), c.state === "active" ? "good" : "fair")),
      h("td", { "data-label": t("admin.keys") }, c.keys.map((k) => h("code", k.kid.slice(0, 12)))),
      h("td.buttons", can("client.empower")
        ? h("button.plain", { type: "button", onclick: () => void act(() => clientEnabled({ id: c.id }, { enabled: c.state !== "active" })) }, c.state === "active" ? t("admin.disable") : t("admin.enable"))
        : null));
  }

  function freezeForm(): HTMLElement {
    const kind = h("select", { id: "freeze-kind" }, (["organisation", "client", "resource", "gateway"] as const).map((k) => h("option", { value: k }, tCode("freeze", k))));
    const id = field("freeze-id", t("admin.freeze_id"), { maxlength: 128, autocomplete: "off" }, t("admin.freeze_hint"));
    const reason = field("freeze-reason", t("admin.reason"), { minlength: 2, maxlength: 400, autocomplete: "off" });
    return h("details", h("summary", t("admin.freeze")), form(t("admin.freeze"), async () => {
      await freezeMake({ kind: kind.value as Freeze["kind"], id: id.input.value.trim(), reason: reason.input.value });
      await load();
      shell.redraw();
    }, h("p.field", h("label", { for: "freeze-kind" }, t("admin.freeze_kind")), kind), id.node, reason.node));
  }

  function freezeRow(f: Freeze): HTMLElement {
    return h("tr", h("th", { scope: "row" }, tCode("freeze", f.kind), h("span.quiet", f.id)), h("td", { "data-label": t("admin.reason") }, f.reason),
      h("td", { "data-label": t("admin.since") }, when(f.made_at)),
      h("td.buttons", h("button.plain", { type: "button", onclick: () => void act(() => freezeEnd({ kind: f.kind, id: f.id })) }, t("admin.thaw"))));
  }

  const table = (label: string, heads: string[], rows: HTMLElement[]): HTMLElement =>
    h("div.scroll", { tabindex: 0, role: "region", "aria-label": label },
      h("table.stack", h("thead", h("tr", heads.map((x) => h("th", { scope: "col" }, x)))), h("tbody", rows)));

  return {
    title: () => t("admin.title"),
    load,
    draw: () => h("div.wrap",
      h("header.page", h("h1", t("admin.title")), h("p.lead", t("admin.lead"))),
      told,
      h("section", h("h2", t("admin.accounts")), newAccount(),
        table(t("admin.accounts"), [t("admin.name"), t("admin.organisation"), t("admin.state"), t("admin.duties"), t("admin.seen"), ""], accounts.map(accountRow))),
      h("section", h("h2", t("admin.clients")), clients.length
        ? table(t("admin.clients"), [t("admin.name"), t("admin.organisation"), t("admin.state"), t("admin.keys"), ""], clients.map(clientRow)) : empty(t("admin.no_clients"))),
      can("freeze") ? h("section", h("h2", t("admin.freezes")), freezeForm(),
        freezes.length ? table(t("admin.freezes"), [t("admin.freeze_kind"), t("admin.reason"), t("admin.since"), ""], freezes.map(freezeRow)) : empty(t("admin.no_freezes"))) : null),
  };
}
