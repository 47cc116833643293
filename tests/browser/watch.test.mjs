// A bank's steward watches one subject and a file of them, sees what happened and how grave it is, and ends a registration; the subject sees who watches it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signIn, until } from "../api/lib.mjs";
import { platform, some } from "../api/penalties.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let h, cookie, records;

before(async () => {
  if (skip) return;
  h = await platform(shared);
  records = [...new Map((await some(h.bank, 200)).map((r) => [r.uscc, r])).values()];
  cookie = await signIn(h.s, "icbc-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a steward watches one subject by a form and more by a file, whose wrong rows are told", { skip }, async (t) => {
  const page = await openPage(t, { ...h.s, cookie });
  await page.visit("/");
  await page.click("nav.side >> text=贷后监测");
  await page.waitForSelector(".empty >> text=没有监测");
  await page.click("summary >> text=登记一个主体");
  await page.fill("#subject", "91360802YL000039XX");
  await page.click("details[open] .form .primary");
  await page.waitForSelector(".tasks .note.bad");
  await page.fill("#subject", records[0].uscc);
  await page.fill("#reference", "客户-0001");
  await page.click("details[open] .form .primary");
  await page.waitForSelector(".note.fine >> text=已登记");
  await page.waitForSelector(".listing tbody tr >> text=客户-0001");
  await page.click("summary >> text=以 CSV 登记");
  const rows = records.slice(1, 6).map((r, i) => `${r.uscc},客户-${1000 + i}`);
  const gb18030 = Buffer.concat([Buffer.from("d6f7cce5b1eacab62c", "hex"), Buffer.from("bfcdbba7b1e0bac5", "hex"), Buffer.from(`\n${rows.join("\n").replaceAll("客户", "C")}\nnobody,C-9\n`)]); // 主体标识,客户编号
  await page.setInputFiles("#file", { name: "客户.csv", mimeType: "text/csv", buffer: gb18030 });
  await page.click("details[open] >> nth=1 >> .form .primary");
  await page.waitForSelector(".note.ask >> text=新登记 5");
  await page.waitForSelector("table >> text=不是有效的统一社会信用代码");
  await inspect(page, "watch-new");
  await page.visit("/watch?reference=C-1000");
  await page.waitForFunction(() => document.querySelectorAll(".listing tbody tr").length === 1);
});

test("what happens to a watched subject stands on a timeline with its level and what changed", { skip }, async (t) => {
  await h.redeliver(records[0].doc, { penalty_content: "罚款五万元", dishonesty_level: "严重" });
  await h.redeliver(records[1].doc, { penalty_content: "警告" });
  await until("events", () => h.bank.call("watch.events", {}), (r) => r.body.items.length >= 2);
  const page = await openPage(t, { ...h.s, cookie });
  await page.visit("/watch");
  await page.waitForSelector(".listing .badge.level.red");
  await page.click(".listing tr:has(.badge.level.red) button >> text=看事件");
  await page.waitForSelector(".timeline li");
  assert.match(await page.locator(".timeline li").first().textContent(), /严重失信行政处罚.*罚款五万元/s);
  await page.click("button >> text=看全部");
  await page.waitForFunction(() => document.querySelectorAll(".timeline li").length >= 2);
  await page.selectOption("#event-level", "yellow");
  await page.waitForFunction(() => document.querySelectorAll(".timeline li").length === 1);
});

for (const [name, look] of LOOKS)
  test(`the pages of monitoring are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...h.s, cookie }, look);
    for (const [tab, ready] of [["list", ".listing tbody tr"], ["events", ".timeline li"], ["rules", "table tbody tr"]]) {
      await page.visit(`/watch#${tab}`);
      await page.waitForSelector(ready);
      await quiet(page);
      await inspect(page, `watch-${tab}-${name}`);
    }
  });

test("a registration is ended after it was asked for; an auditor sees the list and no event", { skip }, async (t) => {
  const page = await openPage(t, { ...h.s, cookie });
  await page.visit("/watch?reference=C-1001");
  await page.click(".listing tbody tr button >> text=结束");
  await page.click(".confirm-yes");
  await page.waitForSelector(".listing .badge >> text=已结束");
  const auditor = await openPage(t, { ...h.s, cookie: await signIn(h.s, "audit-1") }, { viewport: PHONE });
  await auditor.visit("/watch");
  await auditor.waitForSelector(".listing tbody tr");
  assert.equal(await auditor.locator("[role=tab] >> text=事件").count(), 0);
});
