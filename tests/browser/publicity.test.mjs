// Double publicity: what anybody finds and what stays with a natural person, on a desk and on a phone; and how a department's lateness is looked into.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deliver, serveDemo } from "../api/demo.mjs";
import { addAccount, signIn, tempDir } from "../api/lib.mjs";
import { A_PERSON, FIRM, OTHER, PERSON, writeDelivery } from "../api/publicity.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
const daysAgo = (n) => new Date(Date.now() + 8 * 36e5 - n * 864e5).toISOString().slice(0, 10).replaceAll("-", "/");
let server, operator;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared);
  const penalty = (n, ago, change) => ({ WSH: `样例罚〔2026〕${n}号`, JDRQ: daysAgo(ago), GSJZQ: daysAgo(ago - 360), SXCD: "一般", ...change });
  const other = { CFJG: "样例应急管理局", CFJGDM: OTHER, SJLY: "样例应急管理局", SJLYDM: OTHER };
  const path = writeDelivery(tempDir(shared), "p.csv", "administrative_penalty", [
    ...[1, 2, 3].map((n) => penalty(n, 2)), penalty(4, 70), penalty(5, 3, { YJ: "按有关规定" }), penalty(8, 2, { ...A_PERSON, SY: "样例张三的样例事实" }),
    penalty(1, 60, other), penalty(20, 2, { ...other, SY: "" }),
  ]);
  await deliver(server, { resource: "administrative_penalty", path });
  await addAccount(server.data, "publicity.op", "JA001", "operator");
  operator = await signIn(server, "publicity.op");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [name, look] of LOOKS)
  test(`both pages are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie: undefined }, look);
    await page.visit(`/publicity#q=${FIRM}`);
    await page.waitForSelector(".card");
    await page.click(".card details summary >> nth=0");
    await inspect(page, `publicity-${name}`);
    const inside = await openPage(t, { ...server, cookie: operator }, look);
    await inside.visit("/timeliness");
    await inside.waitForFunction(() => document.querySelectorAll(".chart canvas").length === 1);
    await inspect(inside, `timeliness-${name}`);
  });

test("a visitor looks a decision up; a natural person is found by the number alone, and not by name or identity number", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie: undefined });
  const ask = async (text) => {
    await page.fill("#q", text);
    await page.click(".search button");
  };
  await page.visit("/publicity");
  await ask(FIRM);
  await page.waitForFunction(() => document.querySelectorAll(".card").length === 6);
  assert.equal(new URL(page.url()).search, "", "what is asked for is behind #");
  assert.match(await page.locator(".card").first().textContent(), /样例公司.*行政处罚.*一般/s);
  await ask("样例罚〔2026〕8号");
  await page.waitForFunction(() => document.querySelectorAll(".card").length === 1);
  const card = await page.locator(".card").textContent();
  assert.match(card, /样\*\*\*.*自然人/s);
  assert.ok(!card.includes("张三") && !card.includes(PERSON));
  await ask("样例张三");
  await page.waitForSelector(".empty");
  await ask(PERSON);
  await page.waitForSelector(".note.bad >> text=不能按公民身份号码查询");
  assert.match(await page.locator("main").textContent(), /公示多久.*轻微.*3 个月.*条文/s);
});

test("an operator sees which department is late, opens it, and goes through its decisions", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie: operator });
  await page.visit("/");
  await page.click("nav.side >> text=及时率");
  await page.waitForSelector("button >> text=样例应急管理局");
  assert.match(await page.locator("dl.figures").first().textContent(), /作出并上报7.*按时率71.4%.*迟报2/s);
  await page.selectOption("#what", "shared");
  await page.waitForFunction(() => document.querySelectorAll("section:has(#what) tbody tr").length === 2);
  await page.click("button >> text=样例应急管理局");
  await page.waitForSelector("figcaption >> text=样例应急管理局");
  assert.match(await page.locator("dl.figures").first().textContent(), /作出并上报1.*迟报1.*退回行1/s);
  assert.match(await page.locator("section:has(#what) tbody tr").first().textContent(), /样例罚〔2026〕1号.*样例机关/s);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("a >> text=下载 CSV")]);
  assert.match(file.suggestedFilename(), /^timeliness-penalty-.*\.csv$/);
});
