// Financing in figures, in a browser: the wall refreshes by itself and says when the server is away; the counties are walked by keyboard; anybody reads the public
// page on a phone.  The events are made up.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deliver, serveDemo, settled } from "../api/demo.mjs";
import { eventsFile } from "../api/financeevents.mjs";
import { addAccount, luling, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const WALL = { width: 1920, height: 1080 }, LAPTOP = { width: 1366, height: 768 };
const NEXT = 16_000; // ms: a wall has asked again
const WAN = 1_000_000;
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let s, operator, bank;

before(async () => {
  if (skip) return;
  s = await serveDemo(shared);
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  assert.equal((await deliver(s, eventsFile(shared))).state, "published");
  await addAccount(s.data, "hub-1", "JA001", "operator");
  await addAccount(s.data, "fi1-officer", "FI001", "consumer_steward");
  [operator, bank] = [await signIn(s, "hub-1"), await signIn(s, "fi1-officer")];
  const { delivery } = (await s.call("finance.deliver", {}, { cookie: operator })).body; // now, lest it come within a test
  assert.equal((await settled(s, delivery)).state, "published");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const told = async (by, cookie = operator) => (await s.call("finance.statistics", by ? { by } : {}, { cookie })).body;
const wan = (fen) => Math.round(fen / WAN).toLocaleString("en");

test("the counties of the figures are walked with arrow keys, and what is chosen is told, at a desk and on a phone", { skip }, async (t) => {
  const page = await openPage(t, { ...s, cookie: operator });
  await page.visit("/finance-stats?by=region");
  const tiles = page.locator(".county-tiles button");
  await tiles.nth(12).waitFor();
  assert.equal(await tiles.count(), 13);
  assert.equal(await page.locator(".county-tiles button[tabindex='0']").count(), 1, "one stop of the Tab key");
  await tiles.first().focus();
  const at = () => page.evaluate(() => document.activeElement.querySelector(".named")?.textContent);
  const first = await at();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await at(), first);
  for (let n = 0; n < 13 && (await at()) !== "吉州区"; n++) await page.keyboard.press(n ? "ArrowRight" : "Home");
  assert.equal(await at(), "吉州区");
  await page.keyboard.press("Enter");
  await page.locator(".map-and-one h4", { hasText: "吉州区" }).waitFor();
  const row = (await told("region")).rows.find((r) => r.key === "360802");
  assert.match(await page.locator(".map-and-one .figures").textContent(), new RegExp(`放款金额（万元）${wan(row.lent_fen)}`));
  assert.match(await page.locator(".county[aria-pressed=true]").textContent(), new RegExp(`吉州区${wan(row.lent_fen)}`));
  assert.match(await page.getByRole("row", { name: /吉州区/ }).textContent(), new RegExp(wan(row.lent_fen)), "the table says the same");
  await inspect(page, "finfigures-counties");
  await page.getByLabel("数字").selectOption("registered");
  await page.locator(".county", { hasText: /吉州区5$/ }).waitFor();
  await page.setViewportSize(PHONE);
  await inspect(page, "finfigures-counties");
  await page.setViewportSize(DESKTOP);
  for (const [by, what] of [["month", ".chart canvas"], ["product", ".foremost .value"], ["institution", ".foremost .named"]]) {
    await page.getByLabel("分组").selectOption(by);
    await page.locator(what).first().waitFor();
    await quiet(page);
  }
  await inspect(page, "finfigures-league");
});

test("anybody reads on a phone what was financed, from the portal and from the products, and cells of few firms are not told", { skip }, async (t) => {
  const page = await openPage(t, { ...s, cookie: undefined }, { viewport: PHONE });
  await page.visit("/open");
  await page.locator("a[href='/finance-figures']").click();
  await page.locator(".said").waitFor();
  const { total } = await told();
  const said = await page.locator(".said").textContent();
  for (const part of [`${total.registered} 家企业`, `授信 ${total.granted} 笔`, `共 ${wan(total.lent_fen)} 万元`, "4.35%", "九成在 8 天内"]) assert.ok(said.includes(part), `${part}: ${said}`);
  assert.deepEqual(await page.locator(".county.held .named").allTextContents(), ["吉安县", "井冈山市"], "two firms are held back, and the smallest other with them");
  assert.ok(!(await page.locator("main").textContent()).includes("示例"), "no institution is named");
  await page.locator("details summary").first().click();
  await inspect(page, "finfigures-public");
  await page.setViewportSize(DESKTOP);
  await inspect(page, "finfigures-public");
  await page.visit("/products");
  await page.locator("a[href='/finance-figures']").click();
  await page.waitForURL(/\/finance-figures$/);

  const english = await openPage(t, { ...s, cookie: undefined }, { viewport: PHONE, lang: "en", scheme: "dark" });
  await english.visit("/finance-figures");
  await english.locator(".said").waitFor();
  await inspect(english, "finfigures-public-en");
});

test("the wall shows the figures, follows a delivery by itself, and says since when it is stale while the server is away", { skip }, async (t) => {
  const page = await openPage(t, { ...s, cookie: operator }, { viewport: WALL });
  await page.clock.install();
  const lent = (code) => page.locator(".county", { hasText: code }).locator(".value").textContent();
  await page.goto(`${s.url}/finance-wall`);
  await page.locator(".kpis dd").first().waitFor();
  const before = await told("region");
  assert.match(await page.locator(".kpis").textContent(), new RegExp(`${wan(before.total.lent_fen)} 万元`));
  assert.match(await page.locator(".wall footer").textContent(), new RegExp(before.sources[0].sha256.slice(0, 16)));
  assert.equal(await lent("泰和县"), "0");
  assert.match(await page.locator(".feed").textContent(), /吉州区 · 放款 · 100 万至 500 万元/);
  assert.match(await page.locator(".foremost").nth(1).textContent(), /示例银行甲/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), "the whole wall is on one screen");
  await inspect(page, "finance-wall");
  for (const size of [LAPTOP, PHONE]) {
    await page.setViewportSize(size);
    await inspect(page, "finance-wall");
  }
  await page.setViewportSize(WALL);

  const held = await openPage(t, { ...s, cookie: bank }, { viewport: WALL });
  await held.goto(`${s.url}/finance-wall`);
  await held.locator(".county.held").first().waitFor();
  assert.match(await held.locator(".wall-box", { hasText: "机构排名" }).textContent(), /只有平台看得到/);
  await held.close();

  await page.evaluate(() => (window.kept = document.querySelector(".county-tiles li:last-child")));
  assert.equal((await deliver(s, eventsFile(shared, { from: 1000, counties: [["360826", 4]] }))).state, "published");
  await page.clock.runFor(NEXT);
  await page.waitForFunction(() => [...document.querySelectorAll(".county")].find((c) => c.textContent.includes("泰和县")).textContent !== "泰和县0");
  const now = await told("region");
  assert.equal(await lent("泰和县"), wan(now.rows.find((r) => r.key === "360826").lent_fen));
  await page.locator(".wall footer", { hasText: now.sources[0].sha256.slice(0, 16) }).waitFor({ timeout: 5000 }).catch(async () => assert.fail(await page.locator(".wall footer").textContent()));
  assert.ok(await page.evaluate(() => window.kept.isConnected), "what is there is not drawn anew");

  await s.stop();
  await page.clock.runFor(NEXT);
  await page.locator(".wall footer.stale", { hasText: "数字停在" }).waitFor();
  assert.equal(await lent("泰和县"), wan(now.rows.find((r) => r.key === "360826").lent_fen), "the last figures stay");
});
