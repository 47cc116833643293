// What stands around every page: who is here, where one may go, language, colours, and what is still being sent.
import { useIsFetching, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation, useMatches, useNavigate } from "react-router";
import { pagesListQuery } from "#api";
import { Approvals } from "../parts/approvals";
import { Drawer } from "../parts/drawer";
import { Icon } from "../parts/icon";
import { LangButton } from "../parts/langbutton";
import { isTour, offerTour, useTours } from "../parts/tours";
import { useUploads } from "../parts/uploads";
import { useSession } from "../session";
import { lang, listed, useText } from "../text";
import { toggleFolded, useFolded } from "./folded";
import { groups, sections, type Section } from "./pages";
import { setTheme, useDark } from "./theme";

const Tour = lazy(() => import("../parts/tour"));

const AT_HAND = 4; // places in the bar at the foot of a phone's screen
const VISITORS: readonly string[] = ["catalogue", "products", "policies"]; // of who is not signed in

function useSections() {
  const { can } = useSession();
  return sections.filter((s) => s.perm === null || can(s.perm));
}

const useCurrent = (): Section | null => (useMatches().at(-1)?.handle as Section | null | undefined) ?? null;

const MENU_PAGES = 12; // of packs; the rest stand on their own page

/** The pages that packs bring, of those that one may see. */
function usePackPages(): Array<{ path: string; title: string }> {
  const { pick } = useText();
  const { can } = useSession();
  const { data } = useQuery({ ...pagesListQuery(), enabled: can("record.read"), staleTime: Infinity, retry: false });
  return (data?.items ?? []).slice(0, MENU_PAGES).map((p) => ({ path: `/packs/${p.pack}/${p.name}`, title: pick(p.title, p.title_en) }));
}

function PackLinks({ onGo }: { onGo?: () => void }) {
  const { pathname } = useLocation();
  return usePackPages().map((p) => <Link key={p.path} className="sub" to={p.path} aria-current={p.path === pathname ? "page" : undefined} onClick={onGo}>{p.title}</Link>);
}

/** One place.  Where one is comes into view: the list may be longer than the window. */
function NavLink({ section, onGo }: { section: (typeof sections)[number]; onGo?: () => void }) {
  const { tCode } = useText();
  const { pathname } = useLocation();
  const current = useCurrent() === section.id;
  const own = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (current) own.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <>
      <Link ref={own} to={section.path} data-tour={section.id} aria-current={current && !(section.id === "packs" && pathname !== section.path) ? "page" : undefined} onClick={onGo}><Icon name={section.icon} />{tCode("nav", section.id)}</Link>
      {section.id === "packs" && <PackLinks onGo={onGo} />}
    </>
  );
}

/** A group that is folded still shows where one is; a tour, which points at places, sees all. */
function NavList({ onGo }: { onGo?: () => void }) {
  const { t, tCode } = useText();
  const shown = useSections();
  const current = useCurrent();
  const folded = useFolded();
  const { on } = useTours();
  return groups.map((g) => {
    const rows = shown.filter((s) => s.group === g);
    const open = on !== null || !folded.includes(g);
    return rows.length > 0 && (
      <div key={g} className="nav-group" role="group" aria-label={tCode("nav", `group_${g}`)}>
        <button type="button" aria-expanded={open} onClick={() => toggleFolded(g)}>{tCode("nav", `group_${g}`)}<Icon name={open ? "up" : "down"} /></button>
        {rows.filter((s) => open || s.id === current).map((s) => <NavLink key={s.id} section={s} onGo={onGo} />)}
        {!open && <span className="unseen">{t("nav.folded", { n: rows.length })}</span>}
      </div>
    );
  });
}

/** Who is not signed in has the places of citizens and firms at hand, and the one for subjects among them. */
function BottomBar({ visitor, onMore }: { visitor: boolean; onMore(): void }) {
  const { t, tCode } = useText();
  const all = useSections();
  const shown = visitor ? all.filter((s) => VISITORS.includes(s.id)) : all.slice(0, AT_HAND);
  const current = useCurrent();
  const { pathname } = useLocation();
  return (
    <nav className="bottom" aria-label={t("nav.quick")}>
      {shown.map((s) => (
        <Link key={s.id} to={s.path} data-tour={s.id} aria-current={s.id === current ? "page" : undefined}><Icon name={s.icon} /><span>{tCode("nav", s.id)}</span></Link>
      ))}
      {visitor && <Link to="/me" aria-current={pathname === "/me" ? "page" : undefined}><Icon name="user" /><span>{t("nav.me")}</span></Link>}
      <button type="button" data-tour="more" onClick={onMore}><Icon name="menu" /><span>{t("nav.more")}</span></button>
    </nav>
  );
}

function ThemeButton() {
  const { t } = useText();
  const dark = useDark();
  const label = t(dark ? "nav.light" : "nav.dark");
  return <button type="button" className="round" aria-label={label} title={label} onClick={() => setTheme(dark ? "light" : "dark")}><Icon name={dark ? "sun" : "moon"} /></button>;
}

function Account() {
  const { t, tCode } = useText();
  const { session, signOut } = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  if (!session) return <Link className="account" to="/signin" aria-current={pathname === "/signin" ? "page" : undefined}><Icon name="user" />{t("nav.signin")}</Link>;
  return (
    <span className="account">
      <Link className="who" to="/account" data-tour="account" title={t("nav.own_of", { name: session.name })} aria-current={pathname === "/account" ? "page" : undefined}>
        <Icon name="user" /><span>{session.name}<small>{listed(session.duties.map((d) => tCode("duty", d)))}</small></span>
      </Link>
      <button type="button" className="out" onClick={() => void Promise.resolve(navigate("/")).then(signOut)}>{t("nav.signout")}</button>
    </span>
  );
}

/** Files that are being sent while another page is looked at. */
function Sending() {
  const { t, percent } = useText();
  const uploads = useUploads().filter((u) => u.state === "sending");
  return uploads.map((u) => (
    <Link key={u.id} className="sending" to={`/resources/${encodeURIComponent(u.resource)}`}><Icon name="upload" />{t("nav.sending", { name: u.name, share: percent(u.size ? u.sent / u.size : 1) })}</Link>
  ));
}

/** A new page begins at its top, for the eye, the keyboard and whoever listens; the first one begins where the browser does. */
function useArrival() {
  const { pathname } = useLocation();
  const said = useRef<HTMLParagraphElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    document.getElementById("main")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    if (said.current) said.current.textContent = document.title;
  }, [pathname]);
  return said;
}

/** Whoever signs in for the first time is shown around; the page of a subject offers its own (pages/me). */
function Tours() {
  const { session } = useSession();
  const { on } = useTours();
  const { pathname } = useLocation();
  const duty = session?.duties[0];
  const own = pathname === "/me";
  useEffect(() => {
    if (!own) offerTour(isTour(duty) ? duty : null);
  }, [duty, own]);
  return on && <Suspense><Tour key={on} name={on} /></Suspense>;
}

export function Shell() {
  const { t, tCode } = useText();
  const { session } = useSession();
  const busy = useIsFetching() > 0;
  const [menu, setMenu] = useState(false);
  const said = useArrival();
  return (
    <div className={session ? "frame within" : "frame"}>
      <a className="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>{t("nav.skip")}</a>
      <header className="top">
        <Link className="brand" to="/"><span className="mark" aria-hidden="true" /><strong>{t("brand")}</strong><span className="tagline">{t("tagline")}</span></Link>
        <Sending />
        <span className="spring" />
        {!session && <nav className="public" aria-label={t("nav.label")}><Link to="/">{t("nav.catalogue")}</Link><Link to="/open">{t("nav.open")}</Link><Link to="/publicity">{t("nav.publicity")}</Link><Link to="/products">{t("nav.products")}</Link><Link to="/policies">{t("nav.policies")}</Link><Link to="/financing">{t("nav.financing")}</Link><Link to="/institutions">{t("nav.institutions")}</Link><Link to="/calculator">{t("nav.calculator")}</Link><Link to="/me">{t("nav.me")}</Link></nav>}
        <Account />
        <ThemeButton />
        <LangButton />
        {busy && <span className="busy-line" aria-hidden="true" />}
      </header>
      {session && <nav className="side" aria-label={t("nav.label")}><NavList /></nav>}
      <div className="middle">
        <main id="main" tabIndex={-1}><Suspense fallback={<div className="wrap"><p className="quiet loading" role="status">{t("status.loading")}</p></div>}><Outlet /></Suspense></main>
        <footer className="foot"><div className="wrap"><p>{t("foot.note")}</p><p><Link to="/complain">{tCode("nav", "complain")}</Link> · <a href={`/openapi.json?lang=${lang()}`}>{t("foot.api")}</a></p></div></footer>
      </div>
      <BottomBar visitor={!session} onMore={() => setMenu(true)} />
      <Drawer open={menu} side="start" title={t("nav.label")} onClose={() => setMenu(false)}><nav className="side-list" aria-label={t("nav.label")}><NavList onGo={() => setMenu(false)} /></nav></Drawer>
      {session && <Approvals />}
      <Tours />
      <p className="unseen" role="status" ref={said} />
    </div>
  );
}
