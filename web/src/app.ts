// The shell: header, language, and which page the address names.
import { ApiFailure } from "#send";
import { fill, h, link } from "./dom";
import { failure, loading } from "./parts/status";
import { lang, listed, setLang, t, tCode } from "./text";
import type { Shell, View } from "./view";
import { routes, type Section } from "./routes";
import { can, forget, recall, signOut, who } from "./who";

const root = document.querySelector("#app")!;
const main = h("main", { id: "main", tabindex: "-1" });
const header = h("header.top");
const footer = h("footer.foot");
const announcer = h("p.unseen", { role: "status" });

let view: View | null = null;
let section: Section = "catalogue";
let state: { kind: "loading" } | { kind: "ready" } | { kind: "failed"; error: unknown } = { kind: "loading" };
let turn = 0; // counts navigations, so that a slow answer of an earlier one is dropped

function drawFrame(): void {
  const all: Array<[Section, string, string, boolean]> = [
    ["catalogue", "/", t("nav.catalogue"), true],
    ["demands", "/demands", t("nav.demands"), can("demand.read")],
    ["applications", "/applications", t("nav.applications"), can("application.read")],
    ["grants", "/grants", t("nav.grants"), can("grant.read")],
    ["consents", "/consents", t("nav.consents"), can("consent.read")],
    ["objections", "/objections", t("nav.objections"), can("objection.read")],
    ["subjects", "/subjects", t("nav.subjects"), can("subject.read")],
    ["deliveries", "/deliveries", t("nav.deliveries"), can("delivery.read")],
    ["admin", "/admin", t("nav.admin"), can("account.read")],
  ];
  const tabs = all.filter(([, , , shown]) => shown);
  const other = lang() === "zh" ? "en" : "zh";
  fill(
    header,
    h("a.skip", { href: "#main" }, t("nav.skip")),
    h("div.wrap", link("/", h("span.mark", { "aria-hidden": "true" }), h("strong", t("brand")), h("span.tagline", t("tagline"))),
      h("nav", { "aria-label": t("nav.label") },
        tabs.map(([id, href, text]) => h("a", { href, "aria-current": id === section ? "page" : undefined }, text))),
      account(),
      h("button.lang", { type: "button", lang: other === "zh" ? "zh-CN" : "en", onclick: () => switchLang(other) },
        other === "zh" ? "中文" : "English")),
  );
  header.querySelector("div.wrap > a")?.classList.add("brand");
  showTab(header.querySelector("nav")!);
  fill(footer, h("div.wrap", h("p", t("foot.note")), h("p", h("a", { href: `/openapi.json?lang=${lang()}`, "data-plain": true }, t("foot.api")))));
}

/** On a phone the tabs may be wider than the screen: the one that is open is in sight. */
function showTab(nav: HTMLElement): void {
  const open = nav.querySelector<HTMLElement>("[aria-current]");
  if (open) nav.scrollLeft = open.offsetLeft - (nav.clientWidth - open.offsetWidth) / 2;
}

function account(): HTMLElement {
  const person = who();
  if (!person) return h("a.account", { href: "/signin", "aria-current": section === "signin" ? "page" : undefined }, t("nav.signin"));
  return h("span.account", h("span", { title: listed(person.duties.map((d) => tCode("duty", d))) }, person.name),
    h("button.out", { type: "button", onclick: () => void signOut().then(() => shell.go("/")) }, t("nav.signout")));
}

function switchLang(next: "zh" | "en"): void {
  setLang(next);
  redraw();
  header.querySelector<HTMLElement>("button.lang")?.focus();
}

function redraw(): void {
  drawFrame();
  if (!view) return;
  document.title = `${view.title()} · ${t("brand")}`;
  if (state.kind === "ready") fill(main, view.draw());
  else if (state.kind === "failed") fill(main, failure(state.error));
  else fill(main, loading());
}

async function show(href: string, focus: boolean): Promise<void> {
  const mine = ++turn;
  view?.close?.();
  const match = routes(new URL(href, location.href), shell);
  view = match.view;
  section = match.section;
  state = { kind: "loading" };
  // What is there stays for a moment: most answers are quicker than a flash of "loading".
  const slow = setTimeout(() => mine === turn && state.kind === "loading" && redraw(), 150);
  drawFrame();
  try {
    await view.load();
    if (mine !== turn) return;
    state = { kind: "ready" };
  } catch (error) {
    if (mine !== turn) return;
    if (error instanceof ApiFailure && error.failure.status === 401 && section !== "signin") {
      forget();
      shell.go(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`, { replace: true });
      return;
    }
    state = { kind: "failed", error };
    if (!(error instanceof ApiFailure)) console.error(error);
  } finally {
    clearTimeout(slow);
  }
  redraw();
  announcer.textContent = view.title();
  if (focus) {
    main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

const shell: Shell = {
  redraw,
  go(href, { replace = false } = {}) {
    history[replace ? "replaceState" : "pushState"](null, "", href);
    void show(href, !replace);
  },
};

document.addEventListener("click", (event) => {
  const a = (event.target as Element).closest("a");
  if (!a || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const href = a.getAttribute("href") ?? "";
  if (!href.startsWith("/") || a.hasAttribute("download") || a.dataset.plain !== undefined) return;
  event.preventDefault();
  shell.go(href);
});
window.addEventListener("popstate", () => void show(location.href, true));

setLang(lang());
root.append(header, main, footer, announcer);
void recall().finally(() => void show(location.href, false));
