// Signing in, and choosing a password with an invitation.
import { invitationAccept } from "#api";
import { fill, h, icon, link } from "../dom";
import { field, form } from "../parts/form";
import { t } from "../text";
import type { Shell, View } from "../view";
import { signIn, who } from "../who";

/** Only a path of our own: an address in the link must not lead elsewhere. */
function wayBack(url: URL): string {
  const next = url.searchParams.get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}

export function signinView(url: URL, shell: Shell): View {
  return {
    title: () => t("signin.title"),
    async load() {
      if (who()) shell.go(wayBack(url), { replace: true });
    },
    draw() {
      const account = field("account", t("signin.account"), { autocomplete: "username", maxlength: 64, autocapitalize: "none" });
      const password = field("password", t("signin.password"), { type: "password", autocomplete: "current-password", maxlength: 128 });
      return h("div.wrap.slim",
        h("header.page", h("h1", t("signin.title")), h("p.lead", t("signin.lead"))),
        form(t("signin.go"), async () => {
          await signIn(account.input.value.trim(), password.input.value);
          shell.go(wayBack(url), { replace: true });
        }, account.node, password.node),
        h("p.quiet", t("me.instead"), " ", link("/me", t("me.title"))));
    },
  };
}

export function invitationView(url: URL): View {
  const token = url.hash.slice(1);
  const done = h("div");

  return {
    title: () => t("invitation.title"),
    load: async () => undefined,
    draw() {
      if (!token) return h("div.wrap.slim", h("header.page", h("h1", t("invitation.title"))), h("p", t("invitation.none")));
      const password = field("new", t("invitation.password"), { type: "password", autocomplete: "new-password", minlength: 10, maxlength: 128 }, t("invitation.hint"));
      const again = field("again", t("invitation.again"), { type: "password", autocomplete: "new-password", minlength: 10, maxlength: 128 });
      again.input.addEventListener("input", () => again.input.setCustomValidity(again.input.value === password.input.value ? "" : t("invitation.differ")));
      fill(done, form(t("invitation.go"), async () => {
        await invitationAccept({ token, password: password.input.value });
        history.replaceState(null, "", "/invitation"); // the link is used up; it need not stay in the history
        fill(done, h("div.note.good", { role: "status" }, icon("check"), h("p", t("invitation.done"), " ", link("/signin", t("signin.title")))));
      }, password.node, again.node));
      return h("div.wrap.slim", h("header.page", h("h1", t("invitation.title")), h("p.lead", t("invitation.lead"))), done);
    },
  };
}
