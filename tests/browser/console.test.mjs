// The console as a person uses it: find a resource, deliver a file to it, see what became of it, look an enterprise up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { addAccount, PASSWORD, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L"; // the firm that most departments of the demo know
const LOOKS = [
  ["desktop", { viewport: DESKTOP, scheme: "light", lang: "zh" }],
  ["desktop-dark", { viewport: DESKTOP, scheme: "dark", lang: "zh" }],
  ["phone", { viewport: PHONE, scheme: "light", lang: "zh" }],
  ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }],
];

// One server for the file: the cleaning up that each test would ask for is done after the last.
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server;
let demo;
let last;

before(async () => {
  if (skip) return;
  demo = demoFiles(shared);
  server = await serveDemo(shared);
  for (const resource of ["enterprise_registration", "annual_report", "tax_rating", "environment_rating", "administrative_penalty"])
    last = await deliver(server, demo.deliveries.find((d) => d.resource === resource));
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [name, look] of LOOKS)
  test(`every page is whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, server, look);
    const batch = (await server.call("resource.batches", { name: "enterprise_registration" })).body.items[0];
    for (const [what, path] of [
      ["catalogue", "/"],
      ["resource", "/resources/enterprise_registration"],
      ["subjects", "/subjects"],
      ["subjects-wrong", "/subjects?q=91360802YL0000397X"],
      ["subject", `/subjects/${SAMPLE}`],
      ["deliveries", "/deliveries"],
      ["delivery", `/deliveries/${batch.id}`],
      ["missing", "/resources/nothing_here"],
    ]) {
      await page.goto(server.url + path);
      await page.waitForSelector(what === "missing" ? "main .note.bad" : "main h1");
      await inspect(page, `${what}-${name}`);
    }
  });

test("searching narrows the list, the address keeps the question, a facet narrows further", { skip }, async (t) => {
  const page = await openPage(t, server);
  await page.visit("/");
  const cards = () => page.locator(".card").count();
  const all = await cards();
  await page.fill("#q", "处罚");
  await page.waitForFunction((n) => document.querySelectorAll(".card").length < n, all);
  assert.match(decodeURIComponent(page.url()), /q=处罚/);
  assert.match(await page.locator(".card h2").first().textContent(), /处罚/);
  await page.reload();
  await page.waitForSelector(".card");
  assert.equal(await page.inputValue("#q"), "处罚");
  await page.fill("#q", "");
  await page.waitForFunction((n) => document.querySelectorAll(".card").length === n, all);
  const box = page.locator(".facets input[type=checkbox]").first();
  const count = Number(await page.locator(".choice .count").first().textContent());
  await box.focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector(".facets input")?.checked);
  assert.equal(await cards(), Math.min(20, count));
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "checkbox", "the focus stays where the hand is");
});

test("English is switched on without loading anything again, and is remembered", { skip }, async (t) => {
  const page = await openPage(t, server);
  await page.visit("/resources/enterprise_registration");
  const loaded = [];
  page.on("request", (r) => loaded.push(r.url()));
  await page.click("button.lang");
  await page.waitForSelector("nav >> text=Catalogue");
  assert.match(await page.locator("h1").textContent(), /^Enterprise registration/);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.deepEqual(loaded, []);
  await page.visit("/");
  assert.match(await page.locator("h1").textContent(), /Data catalogue/);
});

test("a file that is dropped is delivered; the page follows it to the end and offers what to correct", { skip }, async (t) => {
  const page = await openPage(t, server);
  const want = demo.deliveries.find((d) => d.resource === "ip_patent");
  await page.visit("/resources/ip_patent");
  await page.setInputFiles("#file", want.path);
  await page.waitForURL(/\/deliveries\//);
  await page.waitForSelector(".sum");
  const numbers = (await page.locator(".sum dd").allTextContents()).map((x) => Number(x.replaceAll(",", "")));
  assert.deepEqual(numbers, [want.received, want.published, want.quarantined]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[download] >> text=CSV")]);
  assert.match(download.suggestedFilename(), /\.csv$/);
  await inspect(page, "delivery-finished");
  // The same file again leads to the same delivery.
  const first = page.url();
  await page.visit("/resources/ip_patent");
  await page.setInputFiles("#file", want.path);
  await page.waitForURL(first);
});

test("a delivery over its change limit is confirmed by its organisation's steward", { skip }, async (t) => {
  await addAccount(server.data, "fund.steward", "JA033", "source_steward");
  const page = await openPage(t, { ...server, cookie: await signIn(server, "fund.steward") });
  const [whole, partial] = demo.deliveries.filter((d) => d.resource === "housing_fund");
  await deliver(server, whole);
  const waiting = await deliver(server, partial);
  await page.visit(`/deliveries/${waiting.id}`);
  await inspect(page, "delivery-waiting");
  await page.click("text=确认发布");
  await page.waitForSelector(".badge.good >> text=已发布");
});

test("an enterprise is found by its name or its code, and its departments' records stand together", { skip }, async (t) => {
  const page = await openPage(t, server);
  const { names } = (await server.call("subject.show", { id: SAMPLE })).body.subject;
  await page.visit("/subjects");
  await page.fill("#q", names[0].slice(0, 5));
  await page.keyboard.press("Enter");
  await page.waitForSelector(".hits a");
  await page.fill("#q", SAMPLE.toLowerCase());
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/subjects/${SAMPLE}$`));
  await page.waitForSelector(".department");
  assert.equal(await page.locator("h1").textContent(), names[0]);
  assert.ok((await page.locator(".department").count()) >= 2);
  await page.goBack();
  await page.waitForSelector("#q");
});

test("a person signs in, is led back to where they were, sees their own tabs, and signs out", { skip }, async (t) => {
  await addAccount(server.data, "sec.admin", "JA001", "security_administrator");
  for (const viewport of [DESKTOP, PHONE]) {
    const page = await openPage(t, { ...server, cookie: undefined }, { viewport });
    await page.visit("/admin");
    await page.waitForURL(/\/signin\?next=/);
    await inspect(page, "signin");
    await page.fill("#account", "sec.admin");
    await page.fill("#password", "not the password");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".note.bad");
    await page.fill("#password", PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/admin$/);
    await page.waitForSelector("table");
    await inspect(page, "admin");
    const places = page.locator(viewport === PHONE ? "nav.bottom a" : "nav.side a");
    assert.equal(await places.count(), viewport === PHONE ? 4 : 13, "the catalogue, open data, publicity, products, policies, institutions, financings, loan costs, complaining, grants, anomalies, the journal and the administration; a phone has four at hand");
    if (viewport === DESKTOP) {
      await page.click("nav.side button[aria-expanded] >> nth=-1");
      await page.reload();
      await page.waitForSelector("nav.side button[aria-expanded=false]");
      assert.equal(await page.locator("nav.side [role=group]").last().locator("a").getAttribute("href"), "/admin", "folded for good, a group still shows where one is");
      await inspect(page, "folded");
      await page.click("nav.side button[aria-expanded=false]");
    }
    await page.click("button.out");
    await page.waitForSelector("a.account");
  }
});

test("everything can be reached with the keyboard alone", { skip }, async (t) => {
  const page = await openPage(t, server);
  await page.visit("/");
  await page.waitForSelector(".card a"); // the list has arrived: nothing is drawn anew while keys are pressed
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "本页说明");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await inspect(page, "help");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => document.activeElement?.id === "q");
  await page.locator(".card a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/resources\//);
  await page.waitForSelector(".drop");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main", "a new page begins at its content");
  assert.ok(last);
});
