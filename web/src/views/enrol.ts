// Where a subject makes its passkey, with the one-time address that an officer gave after seeing who it is.
import { enrolmentFinish, enrolmentShow, type Enrolment } from "#api";
import { h, icon } from "../dom";
import { form } from "../parts/form";
import { makePasskey, passkeysWork } from "../parts/passkey";
import { facts } from "../parts/table";
import { t, tCode, when } from "../text";
import type { Shell, View } from "../view";

export function enrolView(url: URL, shell: Shell): View {
  const token = decodeURIComponent(url.hash.slice(1));
  let e: Enrolment | null = null;
  let made = false;

  const make = (x: Enrolment): Node[] => [
    h("p.lead", t("enrol.lead")),
    h("section.panel", facts([
      [t("consent.subject_title"), x.subject_title], [t("consent.subject"), h("code", x.subject)], [t("consent.capacity"), tCode("capacity", x.capacity)],
      [t("enrol.by"), x.organisation_name], [t("enrol.until"), when(x.expires_at)],
    ])),
    passkeysWork() ? form(t("enrol.go"), async () => {
      await enrolmentFinish({ token }, await makePasskey(x.publicKey));
      made = true;
      history.replaceState(null, "", "/enrol"); // the address is used up; it need not stay in the history
      shell.redraw();
    }, h("p.quiet", t("enrol.how"))) : h("div.note.ask", icon("warn"), h("p", t("passkey.unable"))),
  ];

  return {
    title: () => t("enrol.title"),
    async load() {
      if (token) e = await enrolmentShow({ token });
    },
    draw: () => h("div.wrap.slim", h("header.page", h("h1", t("enrol.title"))),
      made ? h("div.note.fine", { role: "status" }, icon("check"), h("p", t("enrol.done"))) : e ? make(e) : h("p", t("enrol.none"))),
  };
}
