// What somebody sees who has no account: open data, looked at and downloaded; how soon the first page is there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { luling } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const OPEN = "annual_report";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared);
  await deliver(server, demoFiles(shared).deliveries.find((d) => d.resource === OPEN));
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const visitor = (t, look) => openPage(t, { ...server, cookie: undefined }, look);

test("a visitor finds open data, looks at the first records and takes the file", { skip }, async (t) => {
  const page = await visitor(t);
  await page.visit("/open");
  await page.waitForSelector(".card");
  const all = await page.locator(".card").count();
  assert.equal(Number(await page.locator(".hero .figures dd").nth(3).textContent()), all, "the figure is the number of what is listed");
  await inspect(page, "open");
  await page.fill("#q", "年报");
  await page.waitForFunction((n) => document.querySelectorAll(".card").length < n, all);
  await page.click(".card h2 a");
  await page.waitForURL(/\/resources\/annual_report$/);
  await page.click("summary >> text=预览");
  await page.waitForSelector(".panel details table");
  assert.equal(await page.locator(".panel details tbody tr").count(), 20);
  await inspect(page, "open-preview");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("a[download] >> text=下载 CSV")]);
  assert.equal(file.suggestedFilename(), "annual_report.csv");
  assert.match(readFileSync(await file.path(), "utf8"), /^\ufeffuscc,/);
});

for (const [name, look] of [["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }], ["desktop-dark", { viewport: DESKTOP, scheme: "dark" }]])
  test(`the portal is whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await visitor(t, look);
    await page.visit("/open");
    await page.waitForSelector(".card");
    await inspect(page, `open-${name}`);
  });

for (const [size, viewport] of [["phone", PHONE], ["desktop", DESKTOP]])
  test(`a visitor finds a financial product, compares it, reads what it asks in plain words and sees what it would cost: ${size}`, { skip }, async (t) => {
    const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", server.data]);
    assert.equal(loaded.code, 0, loaded.err);
    const page = await visitor(t, { viewport });
    await page.visit("/products");
    await page.waitForSelector("tbody tr >> text=银税贷");
    const all = await page.locator("tbody tr").count();
    await inspect(page, `products-${size}`);
    await page.selectOption("#kind", "tax");
    await page.waitForFunction((n) => document.querySelectorAll("tbody tr").length < n, all);
    await page.check("[aria-label='比较 银税贷（示例）']");
    await page.check("[aria-label='比较 纳税信用贷（示例）']");
    await page.waitForSelector("h2 >> text=产品比较");
    await page.waitForSelector("td >> text=经营年限不少于 1 年");
    await page.locator("td >> text=/利息共/").first().waitFor();
    await inspect(page, `products-compared-${size}`);
    await page.click("tbody a >> text=银税贷");
    await page.waitForSelector("li >> text=经营年限不少于 2 年");
    await inspect(page, `product-${size}`);
    await page.click("a >> text=算一算要还多少");
    await page.waitForSelector("h2 >> text=四种还款方式比较");
    assert.deepEqual([await page.inputValue("#amount"), await page.inputValue("#months"), await page.inputValue("#rate")], ["3000000", "36", "3.65"]);
  });
