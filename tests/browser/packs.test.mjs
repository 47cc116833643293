// Pages that packs declare: in the menu of those whom they are for, with lists that are filtered, sorted, paged and exported, a row's own
// block, forms, charts and links from page to page; what is shown is what the API tells.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { signIn, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, operator, auditor;

before(async () => {
  if (skip) return;
  const { deliveries } = demoFiles(shared);
  server = await serveDemo(shared);
  for (const d of deliveries.filter((x) => ["enterprise_registration", "administrative_permit", "construction_qualification"].includes(x.resource))) await deliver(server, d);
  as = await people(server);
  operator = await signIn(server, "hub-1");
  auditor = await signIn(server, "audit-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const pageOf = (t, cookie, look) => openPage(t, { ...server, cookie }, look);
const data = async (params) => (await as.operator("page.data", { pack: "demo", page: "enterprises", block: "list", ...params })).body;

for (const [name, look] of LOOKS)
  test(`pages of packs are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, operator, look);
    await page.visit("/packs");
    await page.waitForSelector(".card");
    await inspect(page, `packs-${name}`);
    await page.visit("/packs/demo/enterprises");
    await page.waitForSelector("#block-list tbody tr");
    await inspect(page, `pack-list-${name}`);
    await page.visit("/packs/demo/county_industry");
    await page.waitForFunction(() => document.querySelectorAll(".chart canvas").length === 2);
    await page.waitForSelector("#block-breakdown tbody tr");
    await inspect(page, `pack-charts-${name}`);
  });

test("an operator finds a page in the menu, filters by a form, sorts, turns pages, exports and opens a row", { skip }, async (t) => {
  const page = await pageOf(t, operator);
  await page.visit("/");
  await page.click("nav.side >> text=企业名录");
  await page.waitForSelector("#block-list tbody tr");
  assert.equal(await page.locator("nav.side a[aria-current]").textContent(), "企业名录（样例）");
  const rows = () => page.locator("#block-list tbody tr");
  const all = await data({ limit: 50 });
  assert.equal(await rows().count(), 50);
  assert.match(await page.locator("#block-list .pager").textContent(), new RegExp(`共 ${all.total.toLocaleString("zh-CN")} 条`));

  // sort, and the next page
  await page.click("#block-list thead button >> text=企业名称");
  const sorted = await data({ limit: 50, sort: "enterprise_name" });
  await page.waitForFunction((x) => document.querySelector("#block-list tbody tr").textContent.includes(x), sorted.rows[0].enterprise_name.value);
  await page.click("#block-list .pager button >> text=下一页");
  const second = await data({ limit: 50, offset: 50, sort: "enterprise_name" });
  await page.waitForFunction((x) => document.querySelector("#block-list tbody tr").textContent.includes(x), second.rows[0].enterprise_name.value);

  // the form sets the list's parameters; what is asked for stands behind "#" alone
  await page.fill("#find-name_part", "吉州");
  await page.click("#block-find .primary");
  const part = await data({ limit: 50, parameters: JSON.stringify({ name_part: "吉州" }), sort: "enterprise_name" });
  assert.ok(part.total > 0 && part.total < all.total);
  await page.waitForFunction((n) => document.querySelectorAll("#block-list tbody tr").length === n, Math.min(50, part.total));
  const address = new URL(page.url());
  assert.equal(address.search, "");
  assert.match(decodeURIComponent(address.hash), /list\.name_part=吉州/);

  // a filter of a range
  await page.fill("#list-established_date\\.from", "2015-01-01");
  await page.keyboard.press("Enter");
  const dated = await data({ limit: 50, parameters: JSON.stringify({ name_part: "吉州" }), filters: JSON.stringify({ established_date: { from: "2015-01-01" } }) });
  await page.waitForFunction((n) => document.querySelectorAll("#block-list tbody tr").length === n, Math.min(50, dated.total));
  assert.ok(dated.total < part.total);

  const [csv] = await Promise.all([page.waitForEvent("download"), page.click("#block-list .tool-buttons button >> text=CSV")]);
  assert.equal(readFileSync(await csv.path(), "utf8").trimEnd().split("\r\n").length, dated.total + 1);
  const [xlsx] = await Promise.all([page.waitForEvent("download"), page.click("#block-list a[download]")]);
  assert.match(xlsx.suggestedFilename(), /\.xlsx$/);

  // a row's own block on this page, and a link to another page
  await quiet(page);
  const first = rows().first();
  const code = await first.locator("a").first().textContent();
  const name = await first.locator("td a").first().textContent();
  await first.locator("td a").first().click();
  await page.waitForSelector("#block-one .about");
  assert.match(await page.locator("#block-one .about").textContent(), new RegExp(name));
  await page.locator("#block-list tbody tr").first().locator("th a").click();
  await page.waitForURL(new RegExp(`/packs/demo/licences#uscc=${code}`));
  await page.waitForSelector("#block-list tbody tr, #block-list .empty");
  const licences = (await as.operator("page.data", { pack: "demo", page: "licences", block: "list", filters: JSON.stringify({ uscc: code }) })).body;
  assert.equal(await page.locator("#block-list tbody tr").count(), Math.min(50, licences.total));
});

test("charts draw the sums that the API tells, and each look is journalled once", { skip }, async (t) => {
  const page = await pageOf(t, operator);
  await page.visit("/packs/demo/county_industry");
  await page.waitForFunction(() => document.querySelectorAll(".chart canvas").length === 2);
  const told = (await as.operator("page.data", { pack: "demo", page: "county_industry", block: "by_county" })).body;
  await page.click("#block-by_county summary");
  const shown = await page.locator("#block-by_county tbody td").allTextContents();
  assert.deepEqual(shown.map((x) => Number(x.replaceAll(",", ""))), told.rows.map((r) => r.y));
  const total = (await as.operator("page.data", { pack: "demo", page: "county_industry", block: "total" })).body.rows[0].y;
  assert.equal(Number((await page.locator("#block-total dd").first().textContent()).replaceAll(",", "")), total);
  const looks = () => as.auditor("journal.list", { type: "look-up", limit: 200 });
  const before = (await looks()).body.items.filter((e) => e.about.mode === "page.data").length;
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await quiet(page);
  assert.equal((await until("nothing more", looks, () => true)).body.items.filter((e) => e.about.mode === "page.data").length, before, "coming back to the window is no look");
});

test("who may not look at records has no such pages, and what is not there says so", { skip }, async (t) => {
  const page = await pageOf(t, auditor);
  await page.visit("/");
  assert.equal(await page.locator("nav.side >> text=企业名录").count(), 0);
  const other = await pageOf(t, operator, { viewport: PHONE });
  await other.visit("/packs/demo/nothing");
  assert.match(await other.locator("main").textContent(), /没有这个场景页面/);
});
