// The catalogue as a shop: what one would get is seen before applying, several resources are chosen and applied for together, and a list
// of any length scrolls.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveDemo } from "../api/demo.mjs";
import { addAccount, signIn } from "../api/lib.mjs";
import { closeBrowser, inspect, openPage, PHONE, skip } from "./lib.mjs";

const MANY = 100_000;
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, steward;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared, { signedIn: false });
  await addAccount(server.data, "icbc-1", "JB001", "consumer_steward");
  steward = await signIn(server, "icbc-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("items and grades are seen in the list; what is chosen there is applied for together", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie: steward });
  await page.visit("/");
  const card = (name) => page.locator(`.card:has(a[href="/resources/${name}"])`);
  await card("annual_report").locator("summary").click();
  await card("annual_report").locator(".peek li").first().waitFor();
  const { items } = (await server.call("resource.show", { name: "annual_report" })).body;
  assert.equal(await card("annual_report").locator(".peek li").count(), items.length);
  for (const name of ["annual_report", "enterprise_registration"]) await card(name).locator(".take input").check();
  await inspect(page, "shop");
  await page.click(".basket a");
  await page.waitForSelector(".chosen .panel >> nth=1");
  assert.equal(await page.locator(".chosen .panel").count(), 2);

  const phone = await openPage(t, { ...server, cookie: steward }, { viewport: PHONE });
  await phone.visit("/?q=年报");
  await phone.locator(".take input").first().check();
  await phone.waitForSelector(".basket");
  await inspect(phone, "shop");
});

test("a hundred thousand resources scroll as one table, and only what is in sight is asked for", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie: undefined });
  const real = (await server.call("catalogue.search", { limit: 1 })).body;
  let asked = 0;
  // More resources than a demo has: the answers are made up, the table is not.
  await page.route("**/v1/resources?*", (route) => {
    const params = new URL(route.request().url()).searchParams;
    const [offset, limit] = [Number(params.get("offset") ?? 0), Number(params.get("limit") ?? 20)];
    asked++;
    const items = Array.from({ length: Math.min(limit, MANY - offset) }, (_, i) => ({ ...real.items[0], name: `r${offset + i}`, title: `第 ${offset + i} 项`, title_en: null }));
    return route.fulfill({ json: { ...real, total: MANY, offset, limit, items } });
  });
  await page.visit("/?view=table");
  await page.waitForSelector(".long tbody th >> text=第 0 项");
  assert.equal(await page.getAttribute(".long table", "aria-rowcount"), String(MANY + 1));
  await inspect(page, "long-table");
  await page.evaluate(() => { const box = document.querySelector(".long"); box.scrollTop = box.scrollHeight; });
  await page.waitForSelector(`.long tbody th >> text="第 ${MANY - 1} 项"`);
  await page.evaluate(() => { const box = document.querySelector(".long"); box.scrollTop = box.scrollHeight / 2; });
  await page.waitForSelector(`.long tr[aria-rowindex="${MANY / 2}"] th a`);
  assert.ok((await page.locator(".long tbody tr").count()) < 100, "few rows are in the document");
  assert.ok(asked < 20, `${asked} questions`);
});
