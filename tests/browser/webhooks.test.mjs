// A bank's steward subscribes, sees what arrives and what does not, sends dead letters again, and reads what was corrected.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { grant } from "../api/bank.mjs";
import { deliver } from "../api/demo.mjs";
import { hub, receiver, SERVICE } from "../api/hooks.mjs";
import { luling, signIn, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const SLOW = 120_000;
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let h, server, cookie, target, id;
let broken = false;

before(async () => {
  if (skip) return;
  h = await hub(shared);
  server = h.s;
  await grant(h.as, [`${SERVICE}:uscc enterprise_name`]);
  target = await receiver(shared, h.pair, h.jwks, { behave: (event, reply) => (broken ? reply.writeHead(500).end("x") : undefined) });
  cookie = await signIn(server, "icbc-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a steward subscribes; the endpoint proves itself; what it refuses becomes a dead letter that is sent again", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie });
  await page.visit("/");
  await page.click("nav.side >> text=推送与更正");
  await page.waitForSelector(".empty");
  await page.click("summary >> text=新的订阅");
  await page.fill("#url", target.url.replace("https:", "http:"));
  await page.click(".tasks .form .primary");
  await page.waitForSelector(".tasks .note.bad");
  await page.fill("#url", target.url);
  await page.click(".tasks .form .primary");
  await page.waitForURL(/\/webhooks\/W/);
  id = new URL(page.url()).pathname.split("/").pop();
  await page.waitForSelector(".badge.good >> text=推送中", { timeout: SLOW });

  broken = true;
  const second = await deliver(server, h.parts[1]);
  await page.waitForSelector(".stack tbody tr >> text=500", { timeout: SLOW });
  assert.equal(second.state, "published");
  broken = false;
  await page.click(".stack tbody button >> text=重发");
  await page.waitForSelector(".empty >> text=没有死信", { timeout: SLOW });
  await until("the message", async () => target.seen.events, (e) => e.length >= 1, SLOW);
  assert.equal(target.seen.bad.length, 0, String(target.seen.bad[0]));

  await page.click("button >> text=暂停");
  await page.waitForSelector(".note.bad >> text=已暂停");
  await page.click("button >> text=恢复");
  await page.waitForSelector(".badge >> text=推送中", { timeout: SLOW });
});

for (const [name, look] of LOOKS)
  test(`the pages of subscriptions are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie }, look);
    await page.visit("/webhooks");
    await page.waitForSelector(".listing tbody tr");
    await inspect(page, `webhooks-${name}`);
    await page.visit(`/webhooks/${id}`);
    await inspect(page, `webhook-${name}`);
  });

test("what was corrected of the records that were given is read, page by page, and each reading is journalled", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie }, { viewport: PHONE });
  await page.visit("/corrections");
  await page.waitForSelector(".empty");
  const changes = (await h.bank.call("service.changes", { name: SERVICE, limit: 500 })).body;
  assert.ok(changes.changes.length > 0);
  const { batch } = (await h.as.auditor("deliveries.list", { resource: SERVICE })).body.items[0];
  assert.equal((await luling(["withdraw", String(batch), "-d", server.data])).code, 0);
  await until("the corrections", () => h.bank.call("corrections.list", {}), (r) => r.body.items.length > 0, SLOW);
  await page.click(".pager button >> text=查看新的");
  await page.waitForSelector("section.panel", { timeout: SLOW });
  assert.match(await page.locator("section.panel").first().textContent(), /已撤回|已更正/);
  await quiet(page);
  await inspect(page, "corrections");
  assert.match(await page.locator("main").textContent(), /记入存证日志第 \d+ 条/);
});

test("a subscription is ended after it was asked for", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie });
  await page.visit(`/webhooks/${id}`);
  await page.click("button >> text=终止");
  await page.click(".confirm-yes");
  await page.waitForSelector(".badge >> text=已终止");
  assert.equal(await page.locator("header.page .buttons button").count(), 0);
});
