// A subject's own page: signed in by its passkey, without an account, it sees who looked at its data and what it consented to.  The
// sign-in lives in this page's memory for ten minutes and ends with it.
import { journalProofUrl, meChallenge, meConsents, meLooks, meSession, meShow, type Consent, type Look, type Looks, type Me } from "#api";
import { actAs } from "#send";
import { fill, h, icon } from "../dom";
import { badge } from "../parts/badges";
import { form } from "../parts/form";
import { commits } from "../parts/journal";
import { itemTitle, needNames, orgName, resourceTitle } from "../parts/names";
import { passkeysWork, signWithPasskey } from "../parts/passkey";
import { empty, failureText } from "../parts/status";
import { facts } from "../parts/table";
import { day, listed, num, pick, t, tCode, when } from "../text";
import type { Shell, View } from "../view";

const LIMIT = 20;
const tones: { [kind: string]: string } = { call: "", export: "fair", refusal: "quietly", "look-up": "fair" };

export function meView(shell: Shell): View {
  let me: Me | null = null;
  let looks: Looks = { items: [], total: 0, entries: 0 };
  let consents: Consent[] = [];

  async function more(): Promise<void> {
    const last = looks.items.at(-1);
    const page = await meLooks({ limit: LIMIT, ...(last && { before: last.entry }) });
    looks = { ...page, items: [...looks.items, ...page.items] };
    await needNames(page.items.flatMap((l) => (l.resource ? [l.resource] : [])));
  }

  async function signIn(): Promise<void> {
    const { publicKey } = await meChallenge();
    actAs((await meSession(await signWithPasskey(publicKey))).access_token);
    me = await meShow();
    await more();
    consents = (await meConsents({ limit: 100 })).items;
    shell.redraw();
  }

  const intro = (): Node[] => [
    h("p.lead", t("me.lead")),
    passkeysWork() ? form(t("me.go"), signIn, h("p.quiet", t("me.how"))) : h("div.note.ask", icon("warn"), h("p", t("passkey.unable"))),
  ];

  /** Compared with the journal by this browser, not by the server's word. */
  function checked(l: Look): HTMLElement {
    const told = h("span.quiet", t("me.checking"));
    commits(l.entry, l.sealed).then((same) => fill(told, same ? t("me.same") : t("me.differs"))).catch((error: unknown) => fill(told, failureText(error)));
    return told;
  }

  function look(l: Look): HTMLElement {
    const items = l.resource ? l.items.map((i) => itemTitle(l.resource!, i)) : l.items;
    return h("li.panel",
      h("p.badges", badge(tCode("look", l.kind.replace("-", "_")), tones[l.kind] ?? ""), h("span.quiet", when(l.at))),
      h("h3", orgName(l.organisation) || l.organisation_name),
      facts([
        [t("flow.resource"), l.resource && resourceTitle(l.resource)], [t("flow.purpose"), l.purpose], [t("apply.modes"), l.mode && tCode("use", l.mode)],
        [t("me.why_refused"), l.condition && tCode("refused", l.condition)], [t("apply.items"), listed(items)], [t("me.by"), l.officer ?? l.account ?? l.client],
        [t("me.entry"), [`${num(l.entry)} `, h("a", { href: journalProofUrl({ index: l.entry }), "data-plain": true }, t("me.proof")), " ", checked(l)]],
      ]));
  }

  const consent = (c: Consent): HTMLElement => h("li.panel",
    h("p.badges", badge(pick(c.kind_title, c.kind_title_en), c.kind === "passkey" ? "good" : "fair"), badge(tCode("consent", c.state), c.state === "active" ? "" : "quietly")),
    h("h3", orgName(c.organisation)),
    facts([
      [t("flow.purpose"), c.purpose], [t("flow.resource"), listed(c.items.map((i) => resourceTitle(i.resource)))], [t("consent.until"), day(c.until)],
      [t("consent.used"), c.uses ? `${num(c.used)} / ${num(c.uses)}` : num(c.used)],
    ]),
    c.state === "active" ? h("p", h("a", { href: `/consent#withdraw=${c.id}`, "data-plain": true }, t("sign.withdraw_link"))) : null);

  const own = (m: Me): Node[] => [
    h("p.lead", m.title, " ", h("code", m.subject)),
    h("section", h("h2", t("me.looks", { n: num(looks.total) })), h("p.quiet", t("me.complete", { n: num(looks.entries) })),
      looks.items.length ? h("ol.candidates", looks.items.map(look)) : empty(t("me.nobody")),
      looks.items.length < looks.total ? h("p.buttons", h("button.plain", { type: "button", onclick: () => void more().then(() => shell.redraw()) }, t("pager.next"))) : null),
    h("section", h("h2", t("me.consents")), consents.length ? h("ul.candidates", consents.map(consent)) : empty(t("consent.none"))),
  ];

  return {
    title: () => t("me.title"),
    load: async () => undefined,
    draw: () => h("div.wrap.slim", h("header.page", h("h1", t("me.title"))), me ? own(me) : intro()),
    close: () => actAs(null),
  };
}
