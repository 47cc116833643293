// The policy library in the console: a department writes a policy that is checked as it is typed, the platform publishes it, everybody reads it, and a firm sees what fits it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { addAccount, luling, signIn } from "../api/lib.mjs";
import { closeBrowser, inspect, openPage, PHONE, skip, withPasskeys } from "./lib.mjs";
import { enrol, enter } from "./subject.mjs";

const SAMPLE = "91360802YL0000397L";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared);
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", server.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const { deliveries } = demoFiles(shared);
  await deliver(server, deliveries.find((d) => d.resource === "enterprise_registration"));
  as = await people(server);
  await addAccount(server.data, "kj-1", "JA004", "source_steward");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a policy is written, checked at its fields, published by another, and read by anybody", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie: await signIn(server, "kj-1") });
  await page.visit("/my-policies");
  await page.click("text=编写新政策");
  await page.fill("#title", "科技企业贷款贴息");
  await page.fill("#link", "http://example.org");
  await page.locator("#link-wrong").waitFor();
  await page.fill("#link", "https://example.org/apply");
  for (const [field, value] of [["summary", "对科技企业贷款给予贴息。"], ["benefit", "按实付利息三成补贴"], ["amount", "20"], ["from", "2026-01-01"], ["until", "2025-01-01"], ["steps", "在线提交\n部门核对"], ["materials", "营业执照"], ["contact", "<b>科技金融科</b>"]]) await page.fill(`#${field}`, value);
  await page.locator("#until-wrong:text-is('不能早于开始日期')").waitFor();
  await page.fill("#until", "2035-12-31");
  await page.selectOption("#kind", "01");
  await page.selectOption("#unit", "wan");
  await page.selectOption("#products", "sample_technology");
  await page.click("text=加一条规则");
  await page.selectOption("#r0-0-i", "years_in_business");
  await page.fill("#r0-0-v", "2");
  await page.locator("#r0-0-says:text-is('读作：经营年限不少于 2 年')").waitFor();
  await page.locator(".narrow h3:text-is('科技企业贷款贴息')").waitFor();
  await inspect(page, "policy-editor");
  await page.setViewportSize(PHONE);
  await inspect(page, "policy-editor-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click("button:text-is('保存草稿')");
  await page.locator("header .badge:text-is('草稿')").waitFor();
  await page.click("button:text-is('提交审核')");
  await page.click(".steps button.primary");
  await page.locator("header .badge:text-is('待审')").waitFor();

  const operator = await openPage(t, { ...server, cookie: await signIn(server, "hub-1") });
  await operator.visit("/my-policies");
  await inspect(operator, "policy-queue");
  await operator.click("main tbody a");
  await operator.click("button:text-is('审核通过，发布')");
  await operator.click(".steps button.primary");
  await operator.locator("header .badge:text-is('已发布')").waitFor();
  await inspect(operator, "policy-version");

  const open = await openPage(t, { ...server, cookie: undefined });
  await open.visit("/policies");
  await inspect(open, "policies");
  await open.setViewportSize(PHONE);
  await inspect(open, "policies-phone");
  await open.click("a:text-is('科技企业贷款贴息')");
  await open.locator("main li:text-is('部门核对')").waitFor();
  assert.ok((await open.textContent("main")).includes("<b>科技金融科</b>"), "a text is a text");
  await inspect(open, "policy-phone");
  await open.setViewportSize({ width: 1440, height: 900 });
  await inspect(open, "policy");
  await open.click("main a:text-is('科创贷（示例）')");
  await open.locator("h2:text-is('相关政策')").waitFor();
});

test("a firm that is signed in sees first what fits it, with the reasons, on a phone", { skip }, async (t) => {
  const page = await openPage(t, { url: `http://localhost:${server.port}` }, { viewport: PHONE });
  await withPasskeys(page);
  await enrol(page, as.steward, SAMPLE, "甲公司");
  await enter(page);
  await page.evaluate(() => { history.pushState({}, "", "/policies"); dispatchEvent(new PopStateEvent("popstate")); });
  await page.click("button:text-is('看适合本企业的政策')");
  await page.locator("main .cards li .met li").first().waitFor();
  await page.locator(".met li:has-text('经营年限不少于 1 年')").first().waitFor();
  await inspect(page, "policies-mine-phone");
  await page.locator("main .cards h3 a").first().click();
  await page.click("button:text-is('看适合本企业的政策')");
  await page.locator("main .met li").first().waitFor();
  await inspect(page, "policy-mine-phone");
});
