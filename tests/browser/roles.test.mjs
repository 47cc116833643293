// Each role's main journey, at a desk and on a phone, one after the other against one server: a bank applies, the platform checks, a department
// approves with a passkey and delivers what is asked for, the security administrator stops it, the auditor sees it all and changes nothing.
// The subject's is me.test.mjs, the first sign-in tour.test.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { client, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { addAccount, PASSWORD, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip, withPasskeys } from "./lib.mjs";

const SERVICE = "enterprise_registration";
const SAMPLE = "91360802YL0000397L";
const BASIS = "《政务数据共享条例》第十条";
const SIZES = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }]];
const DELIVERED = { desktop: "annual_report", phone: "ip_patent" };
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, demo, as, bank;
const applied = {};

before(async () => {
  if (skip) return;
  demo = demoFiles(shared);
  server = await serveDemo(shared);
  as = await people(server);
  bank = await client(server, as);
  await addAccount(server.data, "msr-3", "JA023", "source_steward");
  await deliver(server, demo.deliveries.find((d) => d.resource === SERVICE));
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const pageOf = async (t, account, look) => openPage(t, { ...server, cookie: await signIn(server, account) }, look);
const go = (page, place) => (page.viewportSize().width < 600 ? openMenu(page, place) : page.click(`nav.side a[href="${place}"]`));

/** On a phone the places that are not at hand are behind "more". */
async function openMenu(page, place) {
  const near = page.locator(`nav.bottom a[href="${place}"]`);
  if (await near.count()) return near.click();
  await page.click("nav.bottom button");
  await page.click(`dialog[open] a[href="${place}"]`);
}

for (const [size, look] of SIZES) {
  test(`a source steward delivers a file from its desk and sees every row accounted for: ${size}`, { skip }, async (t) => {
    const page = await pageOf(t, "msr-3", look);
    const want = demo.deliveries.find((d) => d.resource === DELIVERED[size]);
    await page.visit("/desk");
    const { title } = (await server.call("resource.show", { name: want.resource })).body;
    await page.click(`section:last-of-type tr:has-text('${title}') >> text=交付`);
    await page.waitForSelector(".drop");
    await page.setInputFiles("#file", want.path);
    await page.waitForURL(/\/deliveries\//);
    await page.waitForSelector(".sum");
    const numbers = (await page.locator(".sum dd").allTextContents()).map((x) => Number(x.replaceAll(",", "")));
    assert.deepEqual(numbers, [want.received, want.published, want.quarantined]);
    await inspect(page, `role-source-${size}`);
    await go(page, "/desk");
    await page.waitForSelector(".tiles");
  });

  test(`a bank finds a resource, applies and states what it did not find: ${size}`, { skip }, async (t) => {
    const page = await pageOf(t, "icbc-1", look);
    await page.visit("/");
    await page.fill("#q", "企业登记");
    await page.waitForFunction(() => document.querySelector(".card h2")?.textContent.includes("企业登记"));
    await page.locator(`.card:has(a[href="/resources/${SERVICE}"]) .take input`).check();
    await page.click(".basket a");
    await page.waitForSelector(".chosen .panel");
    const purpose = `小微企业贷前调查（${size}）`;
    for (const [id, value] of Object.entries({ purpose, legal_basis: BASIS, per_day: "500" })) await page.fill(`#${id}`, value);
    await inspect(page, `role-apply-${size}`);
    await page.click("form > .buttons .primary");
    await page.waitForURL(/\/applications\/A-[^/?]+$/);
    applied[size] = new URL(page.url()).pathname.split("/").at(-1);
    await go(page, "/demands");
    await page.click("summary >> text=提出需求");
    for (const [id, value] of Object.entries({ title: `企业燃气缴费记录${size}`, what: "按季度", purpose, legal_basis: BASIS })) await page.fill(`#${id}`, value);
    await page.click("details[open] .primary");
    await page.waitForSelector(".badge >> text=未满足");
    await inspect(page, `role-demand-${size}`);
    assert.equal((await as.head("application.act", { id: applied[size] }, { action: "endorse" })).status, 200);
  });

  test(`the operator checks what was applied for, from what waits: ${size}`, { skip }, async (t) => {
    const page = await pageOf(t, "hub-1", look);
    await page.visit("/desk");
    await page.click(`tbody a >> text=小微企业贷前调查（${size}）`);
    await page.waitForSelector(".decide button");
    await page.click(".decide >> text=/^通过/");
    await page.click(".decide form .primary");
    await page.waitForSelector(".note.fine >> text=已办理");
    assert.equal((await as.operator("application.show", { id: applied[size] })).body.state, "provider_review");
    await go(page, "/operations");
    await page.waitForSelector("#sources table");
    await inspect(page, `role-operator-${size}`);
  });

  test(`an approver signs in with a passkey and approves with it: ${size}`, { skip }, async (t) => {
    const account = `approver-${size}`;
    await addAccount(server.data, account, "JA023", "approver");
    const page = await openPage(t, { url: `http://localhost:${server.port}`, cookie: await signIn(server, account) }, look);
    await withPasskeys(page);
    await page.visit("/account");
    await page.click("summary >> text=在这台设备上登记");
    await page.fill("#key-name", "审批用");
    await page.fill("#key-password", PASSWORD);
    await page.click("details[open] .primary");
    await page.waitForSelector(".note.fine >> text=已登记");
    await page.click("button.out");
    await page.waitForSelector("a.account");
    await page.visit("/signin");
    await page.click("text=用通行密钥登录");
    await page.waitForURL(/\/desk$/);
    await page.click(`tbody a >> text=小微企业贷前调查（${size}）`);
    await page.click(".decide >> text=同意");
    await page.click(".decide form .primary");
    await page.waitForSelector("dialog.approval pre");
    await inspect(page, `role-approver-${size}`);
    await page.click("dialog.approval .primary");
    await page.waitForSelector(".note.fine >> text=已办理");
    const done = (await as.market("application.show", { id: applied[size] })).body;
    assert.ok(done.history.some((e) => e.action === "approve" && e.account === account && e.approval), "with the evidence of the passkey");
    if (done.state !== "granted") assert.equal((await as.market("application.act", { id: applied[size] }, { action: "open" })).status, 200);
    assert.equal((await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE })).status, 200, "and the bank may call");
  });

  test(`the security administrator freezes a resource and thaws it; it holds from the next call: ${size}`, { skip }, async (t) => {
    const page = await pageOf(t, "sec-1", look);
    await page.visit("/admin");
    const query = async () => (await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE })).body.error?.condition;
    await page.click("summary >> text=冻结");
    await page.selectOption("#freeze-kind", "resource");
    await page.fill("#freeze-id", SERVICE);
    await page.fill("#freeze-reason", "核实一次异常调用");
    await page.click("form:has(#freeze-kind) .primary");
    assert.match(await page.locator("dialog.ask").textContent(), /任何机构对该资源的调用.*解冻/, "what it will do, and that it can be undone");
    await inspect(page, `freeze-ask-${size}`);
    await page.click(".confirm-yes");
    await page.waitForSelector("td >> text=核实一次异常调用");
    assert.equal(await query(), "frozen");
    await inspect(page, `role-security-${size}`);
    await page.click("tr:has-text('核实一次异常调用') button >> text=解冻");
    await page.waitForSelector("td >> text=核实一次异常调用", { state: "detached" });
    assert.equal(await query(), undefined);
  });

  test(`the system administrator makes an account, invites its owner and disables it, having said what will happen: ${size}`, { skip }, async (t) => {
    const page = await pageOf(t, "sys-1", look);
    await page.visit("/admin");
    await page.click("summary >> text=建立账号");
    await page.fill("#new-id", `clerk-${size}`);
    await page.fill("#new-name", `新来的专员${size}`);
    await page.selectOption("#new-organisation", "JA023");
    await page.click("details[open] .primary");
    const row = page.locator(`tr:has-text('clerk-${size}')`);
    await row.waitFor();
    await row.locator("button >> text=发出邀请").click();
    await page.waitForSelector(".note.fine code");
    assert.match(await page.locator(".note.fine code").textContent(), /\/invitation#/);
    const state = async () => (await as.sys("accounts.list")).body.items.find((a) => a.id === `clerk-${size}`).state;
    await row.locator("button >> text=停用").click();
    await page.waitForSelector("dialog.ask");
    await inspect(page, `role-system-${size}`);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog.ask", { state: "detached" });
    assert.notEqual(await state(), "disabled", "nothing has happened");
    await row.locator("button >> text=停用").click();
    await page.waitForSelector("dialog.ask");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "取消", "the harmless answer is at hand");
    await page.click("dialog.ask .confirm-yes");
    await page.waitForSelector("dialog.ask", { state: "detached" });
    assert.equal(await state(), "disabled");
  });

  test(`the auditor sees deliveries, consents, figures and accounts, and nothing offers to change them: ${size}`, { skip }, async (t) => {
    const page = await pageOf(t, "audit-1", look);
    for (const path of ["/deliveries", "/consents", "/operations", "/admin", `/applications/${applied[size]}`]) {
      await page.visit(path);
      assert.equal(await page.locator("main form .primary, main .danger, main .steps .plain, main .row-buttons button").count(), 0, path);
    }
    await inspect(page, `role-auditor-${size}`);
  });

  test(`a visitor looks at open data and takes the file: ${size}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie: undefined }, look);
    await page.visit("/open");
    await page.fill("#q", "年报");
    await page.waitForFunction(() => document.querySelectorAll(".card").length === 1);
    await page.click(".card h2 a");
    await page.waitForURL(/\/resources\/annual_report$/);
    const [file] = await Promise.all([page.waitForEvent("download"), page.click("a[download] >> text=下载 CSV")]);
    assert.equal(file.suggestedFilename(), "annual_report.csv");
    await inspect(page, `role-visitor-${size}`);
  });
}

test("a list's CSV has every page of what is shown, in its order, and only the columns that are shown", { skip }, async (t) => {
  for (let i = 0; i < 25; i++) assert.equal((await as.steward("demand.add", {}, { title: `=需求 ${i}`, what: "按季度", purpose: "小微企业贷前调查", legal_basis: BASIS })).status, 201);
  const page = await pageOf(t, "icbc-1");
  await page.visit("/demands");
  await page.click(".pick-columns summary");
  await page.click(".pick-columns label:has-text('提出')");
  await page.keyboard.press("Escape");
  const { readFileSync } = await import("node:fs");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(".tool-buttons > button:has-text('CSV')")]);
  const lines = readFileSync(await file.path(), "utf8").trim().split("\r\n");
  const total = (await as.steward("demands.list", { limit: 1 })).body.total;
  assert.equal(lines.length, total + 1, "every page of it");
  const heads = await page.locator("table.stack").first().locator("thead th").allTextContents();
  assert.equal(lines[0].replace("\ufeff", "").split(",").length, heads.length);
  assert.ok(!lines[0].includes("提出"), lines[0]);
});
