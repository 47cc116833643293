// The catalogue as a shop: what one would get is seen before applying, several resources are chosen and applied for together, and a list
// of any length scrolls.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serveDemo } from "../api/demo.mjs";
import { addAccount, luling, signIn } from "../api/lib.mjs";
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

test("an institution writes a product that is checked as it is typed; the platform publishes it; everybody sees it", { skip }, async (t) => {
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", server.data]);
  assert.equal(loaded.code, 0, loaded.err);
  await addAccount(server.data, "hub-1", "JA001", "operator");
  const page = await openPage(t, { ...server, cookie: steward });
  await page.visit("/my-products");
  await page.click("main details summary");
  await page.selectOption("#inst-kind", "1");
  for (const [field, value] of [["licence", "B0001S236080001"], ["contact", "张专员"], ["phone", "0796-8230000"]]) await page.fill(`#${field}`, value);
  const add = async (field, code) => {
    await page.fill(`#${field}`, code);
    await page.locator(`.field:has(> .finder #${field}) .finder button:enabled`).click();
    await page.locator(`.field:has(> .finder #${field}) .chips li`).first().waitFor();
  };
  await add("inst-regions", "360802");
  await page.click("main details button.primary");
  await page.locator("main .badge:text-is('待审核')").waitFor();

  const operator = await openPage(t, { ...server, cookie: await signIn(server, "hub-1") });
  await operator.visit("/institutions/JB001");
  await operator.click("button:text-is('审核通过，上线')");
  await operator.click(".steps button.primary");
  await operator.locator(".badge:text-is('已上线')").first().waitFor();

  await page.visit("/my-products/new");
  for (const [field, value] of [["title", "庐陵成长贷"], ["amount_min", "20"], ["amount_max", "10"], ["rate_min", "3.2"], ["rate_max", "4.6"], ["term_min", "6"], ["term_max", "36"]]) await page.fill(`#${field}`, value);
  await page.locator("#amount_max-wrong:text-is('不能小于下限')").waitFor();
  await page.fill("#amount_max", "500");
  await page.check("#repayment-interest");
  await add("target_industry", "C13");
  await page.click("text=加一条规则");
  await page.selectOption("#r0-0-i", "years_in_business");
  await page.fill("#r0-0-v", "2");
  await page.locator("#r0-0-says:text-is('读作：经营年限不少于 2 年')").waitFor();
  await page.locator(".narrow h3:text-is('庐陵成长贷')").waitFor();
  await inspect(page, "product-editor");
  await page.setViewportSize(PHONE);
  await inspect(page, "product-editor-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click("button:text-is('保存草稿')");
  await page.locator("header .badge:text-is('草稿')").waitFor();
  await page.click("button:text-is('提交审核')");
  await page.click(".steps button.primary");
  await page.locator("header .badge:text-is('待审')").waitFor();

  await operator.visit("/my-products");
  await operator.locator("thead button.sort").first().click();
  await operator.locator("thead [aria-sort=ascending]").waitFor();
  await inspect(operator, "market-queue");
  await operator.click("main tbody a");
  await operator.click("button:text-is('审核通过，上架')");
  await operator.click(".steps button.primary");
  await operator.locator("header .badge:text-is('上架')").waitFor();
  await inspect(operator, "product-version");

  const open = await openPage(t, { ...server, cookie: undefined }, { viewport: PHONE });
  await open.visit("/institutions");
  await inspect(open, "institutions-phone");
  await open.click("main tbody a");
  await open.locator("main a:text-is('庐陵成长贷')").waitFor();
  await inspect(open, "institution-phone");
  await page.visit("/my-products");
  await page.click("main details summary");
  await page.fill("#licence", "B0001S236080009");
  await page.click("main details button.primary");
  await page.locator("main h2 a").first().click();
  await page.getByText("待平台决定").waitFor();
  await operator.visit("/institutions/JB001");
  await operator.getByText("B0001S236080001 → B0001S236080009").first().waitFor();
  await inspect(operator, "institution-asked");
  await operator.setViewportSize(PHONE);
  await inspect(operator, "institution-asked");
  await operator.click("button:text-is('同意变更')");
  await operator.click(".steps button.primary");
  await operator.locator("dd:text-is('B0001S236080009')").waitFor();
  await page.visit("/my-products");
  await page.click("main tbody a");
  await page.click("text=起草新版本");
  await page.fill("#rate_min", "3.0");
  await page.click("button:text-is('保存草稿')");
  await page.locator("h2:text-is('与现行版本的不同')").waitFor();
  await inspect(page, "product-next");
});
