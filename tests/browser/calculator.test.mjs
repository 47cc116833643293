// What a loan costs: anybody enters it on a desk or a phone and compares four ways to repay; a wrong entry is told; the plan is saved.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serve } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const cleaners = [];
let server;

before(async () => {
  if (!skip) server = await serve({ after: (fn) => cleaners.push(fn) }, { signedIn: false });
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [size, viewport] of [["desktop", DESKTOP], ["phone", PHONE]])
  test(`four ways to repay are compared, and the plan is saved: ${size}`, { skip }, async (t) => {
    const page = await openPage(t, server, { viewport });
    await page.visit("/calculator");
    await inspect(page, "calculator-empty");
    await page.fill("#amount", "很多");
    await page.fill("#months", "12");
    await page.fill("#rate", "4.35");
    await page.click("form .primary");
    await page.waitForSelector(".note.bad >> text=借款金额");
    await page.fill("#amount", "12万元");
    await page.fill("#fee", "600");
    await page.click("form .primary");
    await page.waitForSelector("h2 >> text=四种还款方式比较");
    const first = await page.locator("tbody").first().textContent();
    assert.match(first, /10,237\.19/, "the instalment, as npm financial has it (tests/api/loan.test.mjs)");
    await page.check("label:has-text('等额本金') input");
    await page.waitForSelector("h2 >> text=还款计划：等额本金");
    await inspect(page, "calculator");
    const [file] = await Promise.all([page.waitForEvent("download"), page.click("text=下载 CSV")]);
    assert.equal(readFileSync(await file.path(), "utf8").trim().split("\r\n").length, 13);
    await page.click("button.lang");
    await page.waitForSelector("h2 >> text=Four ways to repay");
    assert.equal(await page.inputValue("#amount"), "12万元", "the address keeps what was entered");
  });
