// Shown around at the first sign-in: each role has its own few stops, by mouse or keyboard alone; dismissed it stays away, asked for it comes
// again.  And how an account begins: with an invitation taken up by passkey.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveDemo } from "../api/demo.mjs";
import { addAccount, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip, withPasskeys } from "./lib.mjs";

const ROLES = [
  ["source_steward", "JA023"], ["consumer_steward", "JB001"], ["approver", "JA023"], ["operator", "JA001"],
  ["system_administrator", "JA001"], ["security_administrator", "JA001"], ["auditor", "JA001"],
];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared, { signedIn: false });
  for (const [duty, organisation] of ROLES) await addAccount(server.data, `a-${duty}`, organisation, duty);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const steps = async (page) => (await page.locator(".tour p.quiet").textContent()).match(/\d+/g).map(Number);

for (const [size, viewport] of [["desktop", DESKTOP], ["phone", PHONE]])
  for (const [duty] of ROLES)
    test(`a first sign-in is shown around: ${duty}, ${size}`, { skip }, async (t) => {
      const page = await openPage(t, { ...server, cookie: await signIn(server, `a-${duty}`) }, { viewport, tours: true, scheme: size === "phone" ? "dark" : "light" });
      await page.visit("/");
      await page.waitForSelector(".tour");
      assert.equal(await page.evaluate(() => document.activeElement?.className), "tour", "the keyboard begins there");
      const [, of] = await steps(page);
      assert.ok(of >= 4 && of <= 6, `${of} steps`);
      await inspect(page, `tour-${duty}-${size}`);
      for (let n = 2; n <= of; n++) {
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await page.waitForFunction((at) => document.querySelector(".tour p.quiet")?.textContent.includes(String(at)), n);
        const marked = page.locator(".tour-here");
        assert.equal(await marked.count(), 1, `step ${n} points at something`);
        assert.ok(await marked.isVisible());
        const [place, card] = [await marked.boundingBox(), await page.locator(".tour").boundingBox()];
        assert.ok(place.y >= card.y + card.height || place.y + place.height <= card.y || place.x >= card.x + card.width || place.x + place.width <= card.x, `step ${n}: the card covers what it speaks of`);
      }
      await inspect(page, `tour-${duty}-last-${size}`);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".tour", { state: "detached" });
      await page.reload();
      await page.waitForSelector("main h1");
      await quiet(page);
      assert.equal(await page.locator(".tour").count(), 0, "it stays away");
      await page.click(".help");
      await page.click("dialog[open] >> text=重新看导览");
      await page.waitForSelector(".tour");
      await page.keyboard.press("Escape");
      await page.waitForSelector(".tour", { state: "detached" });
      assert.equal(await page.evaluate(() => document.querySelectorAll(".tour-here").length), 0);
    });

test("who is not signed in is left alone", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie: undefined }, { tours: true });
  await page.visit("/");
  assert.equal(await page.locator(".tour").count(), 0);
  await page.click(".help");
  await page.waitForSelector("dialog[open]");
  assert.equal(await page.locator("dialog[open] >> text=重新看导览").count(), 0);
});

for (const [size, viewport] of [["desktop", DESKTOP], ["phone", PHONE]])
  test(`an account begins with a passkey instead of a password: ${size}`, { skip }, async (t) => {
    const sysadmin = { cookie: await signIn(server, "a-system_administrator") }, secadmin = { cookie: await signIn(server, "a-security_administrator") };
    const id = `new-${size}`;
    assert.equal((await server.call("account.make", {}, { ...sysadmin, json: { id, organisation: "JA023", name: "新来的专员" } })).status, 201);
    assert.equal((await server.call("account.duties", { id }, { ...secadmin, json: { duties: ["source_steward"] } })).status, 200);
    const { link } = (await server.call("account.invite", { id }, sysadmin)).body;
    const page = await openPage(t, { url: `http://localhost:${server.port}` }, { viewport });
    const { credentials } = await withPasskeys(page);
    await page.visit(link);
    await inspect(page, `invitation-${size}`);
    await page.fill("#key-name", "我的手机");
    await page.click("form:has(#key-name) .primary");
    await page.waitForSelector(".note.fine >> text=通行密钥已登记");
    assert.equal((await credentials()).length, 1);
    await page.click(".note.fine a");
    await page.click("text=用通行密钥登录");
    await page.waitForSelector("button.out");
    await page.visit("/account");
    await page.waitForSelector(".candidates h3 >> text=我的手机");
    await page.visit("/invitation");
    await page.waitForSelector("text=链接不完整");
    assert.equal((await server.call("invitation.passkey_options", {}, { anonymous: true, json: { token: link.split("#")[1] } })).status, 404, "used up");
  });
