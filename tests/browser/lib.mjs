// What the browser tests share: Debian's Chromium, driven by playwright-core, over a server of the demo.
//
// Each page is watched: an error on its console, something that the Content-Security-Policy refused, a request to any other host, a
// serious finding of axe or a page wider than its window fails the test.  With LULING_SHOTS=DIR every stop is kept as a picture there.
import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.LULING_CHROMIUM ?? "/usr/bin/chromium";
const ABSENT = "the program was built without the console (npm packages are missing: tools/setup.sh)";
export const skip = process.env.LULING_CONSOLE === "absent" ? ABSENT : existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed (Debian package chromium)`;

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

const TOURS = ["source_steward", "consumer_steward", "approver", "operator", "system_administrator", "security_administrator", "auditor", "subject"];

let browser;
export async function openBrowser() {
  // The sandbox of Chromium needs rights that a container or root does not give; the pages are our own.
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"], timeout: 60_000 });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** A page that fails the test for whatever must not happen on any page. */
export async function openPage(t, server, { viewport = DESKTOP, scheme = "light", lang = "zh", tours = false } = {}) {
  const context = await (await openBrowser()).newContext({ viewport, colorScheme: scheme, acceptDownloads: true });
  if (lang === "en") await context.addInitScript(() => localStorage.setItem("luling.lang", "en"));
  // As on a device where they were seen before: a first run is what tour.test.mjs is about.
  if (!tours) await context.addInitScript((seen) => location.protocol.startsWith("http") && localStorage.setItem("luling.tours", JSON.stringify(seen)), TOURS);
  if (server.cookie) {
    const [name, value] = server.cookie.split("=");
    await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: "Strict" }]);
  }
  await context.addInitScript(() => addEventListener("securitypolicyviolation", (e) => console.error(`refused by ${e.violatedDirective}: ${e.blockedURI} ${e.sample}`)));
  const page = await context.newPage();
  const wrong = [];
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (e) => wrong.push(`error: ${e.message}`));
  // An answer that is refused on purpose (404, 422) shows as "Failed to load resource": the page tells it itself.
  page.on("console", (m) => m.type() === "error" && !m.text().startsWith("Failed to load resource") && wrong.push(`console: ${m.text()}`));
  page.on("request", (r) => !r.url().startsWith(server.url) && wrong.push(`request to ${r.url()}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  page.visit = async (path) => {
    await page.goto(server.url + path);
    await page.waitForSelector("main h1");
    await quiet(page);
  };
  return page;
}

/** A page with an authenticator of its own, as a phone has; credentials: those that it holds already. */
export async function withPasskeys(page, credentials = []) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  for (const credential of credentials) await cdp.send("WebAuthn.addCredential", { authenticatorId, credential });
  return {
    verified: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

/** Nothing is being asked any more. */
export const quiet = (page) => page.waitForFunction(() => !document.querySelector(".busy-line"));

/** Looks at the page as it is now: width, accessibility; keeps a picture where one is asked for. */
export async function inspect(page, name) {
  const { width, height } = page.viewportSize();
  await quiet(page);
  if (process.env.LULING_SHOTS) {
    mkdirSync(process.env.LULING_SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.LULING_SHOTS, `${name}-${width}x${height}.png`), fullPage: true });
  }
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${name}: the page is ${over} px wider than its window`);
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`), [], name);
}
