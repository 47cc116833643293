// Where a subject signs a consent or withdraws it, on its own device and without an account.  The address names the offer after '#', so
// that no server on the way and no log learns it: #C-... an offer, #W-... an offer to withdraw, #withdraw=C-... a consent to be withdrawn.
import { consentAskWithdrawal, consentOffer, consentSign, type ConsentOffer, type ConsentSigned } from "#api";
import { h, icon, link } from "../dom";
import { form } from "../parts/form";
import { passkeysWork, signWithPasskey } from "../parts/passkey";
import { t, when } from "../text";
import type { Shell, View } from "../view";

const WITHDRAW = "withdraw=";

export function consentView(url: URL, shell: Shell): View {
  const named = decodeURIComponent(url.hash.slice(1));
  const held = named.startsWith(WITHDRAW) ? named.slice(WITHDRAW.length) : "";
  let offer: ConsentOffer | null = null;
  let signed: ConsentSigned | null = null;

  const withdraws = (): boolean => !!held || offer?.act === "withdraw";
  const heading = (): string => t(withdraws() ? "sign.withdraw_title" : "sign.title");
  const note = (tone: string, mark: "check" | "warn", text: string, ...more: Node[]): HTMLElement =>
    h(`div.note.${tone}`, { role: "status" }, icon(mark), h("div", h("p", text), ...more));

  function done(s: ConsentSigned): HTMLElement {
    const again = h("a", { href: `/consent#${WITHDRAW}${s.consent}`, "data-plain": true }, t("sign.withdraw_link"));
    return s.state === "active"
      ? note("fine", "check", t("sign.given", { id: s.consent }), h("p", t("sign.keep"), " ", again), h("p", link("/me", t("me.title"))))
      : note("fine", "check", t("sign.withdrawn", { id: s.consent }));
  }

  function sign(o: ConsentOffer): Node[] {
    const able = passkeysWork() ? (o.publicKey.allowCredentials.length ? null : t("sign.no_key")) : t("passkey.unable");
    return [
      h("p.lead", t(withdraws() ? "sign.withdraw_lead" : "sign.lead")),
      h("pre.letter", { tabindex: 0 }, o.text),
      h("p.quiet", t("sign.until", { until: when(o.expires_at) })),
      able ? note("ask", "warn", able) : form(t(withdraws() ? "sign.withdraw_go" : "sign.go"), async () => {
        signed = await consentSign({ id: o.id }, await signWithPasskey(o.publicKey));
        shell.redraw();
        window.scrollTo(0, 0);
      }, h("p.quiet", t("sign.how"))),
    ];
  }

  const begin = (): HTMLElement => form(t("sign.withdraw_begin"), async () => {
    offer = await consentAskWithdrawal({ id: held });
    shell.redraw();
  }, h("p", t("sign.withdraw_ask", { id: held })));

  return {
    title: heading,
    async load() {
      if (named && !held) offer = await consentOffer({ id: named });
    },
    draw: () => h("div.wrap.slim", h("header.page", h("h1", heading())),
      signed ? done(signed) : offer ? sign(offer) : held ? begin() : h("p", t("sign.none"))),
  };
}
