// The queue of pairs: two records side by side with what differs, the weights as a waterfall that ends at the score, a decision with its
// reason, and back again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { linked } from "../api/firms.mjs";
import { signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, cookie, queue;

before(async () => {
  if (skip) return;
  ({ s: server, as } = await linked(shared));
  cookie = await signIn(server, "hub-1");
  queue = (await as("link_pairs.list", { limit: 200 })).body;
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [name, look] of LOOKS)
  test(`the linkage pages are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie }, look);
    await page.visit("/linkage");
    await page.waitForSelector(".listing tbody tr");
    await inspect(page, `linkage-${name}`);
    await page.visit(`/linkage/${queue.items[1].id}`);
    await page.waitForSelector(".chart canvas");
    await inspect(page, `linkage-pair-${name}`);
  });

test("a pair is looked at, decided with a reason, and the decision undone", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie });
  await page.visit("/");
  await page.click("nav.side >> text=记录关联");
  await page.waitForSelector(".listing tbody tr");
  assert.match(await page.locator(".listing .pager").textContent(), new RegExp(`共 ${queue.total} 条`));
  await page.locator(".listing tbody th a").first().click();
  const [pair] = queue.items;
  await page.waitForURL(`**/linkage/${pair.id}`);
  await page.waitForSelector(".versus tbody tr");
  const why = (await as("link_pair.show", { id: pair.id })).body;
  assert.equal(await page.locator(".versus tbody tr").count(), why.steps.length);

  // what differs is marked, and nothing else
  for (const [i, s] of why.steps.entries()) {
    if (s.left === null || s.right === null) continue;
    const cell = page.locator(".versus tbody tr").nth(i).locator("td");
    assert.deepEqual([await cell.nth(0).textContent(), await cell.nth(1).textContent()], [s.left, s.right]);
    assert.equal((await cell.nth(0).locator("mark").count()) + (await cell.nth(1).locator("mark").count()) > 0, s.left !== s.right, s.name);
  }
  // the waterfall's table ends at the score
  await page.click(".chart summary");
  const sums = await page.locator(".chart tbody tr td:last-child").allTextContents();
  assert.equal(Number(sums.at(-1)), Math.round(why.weight * 10) / 10);
  assert.ok(Math.abs(Number(sums.at(-2)) - Number(sums.at(-1))) < 0.11, "the steps add up");

  await page.selectOption("#decision", "same");
  await page.fill("#reason", "地址与法定代表人相同");
  await page.click(".steps .primary");
  await page.waitForSelector(".badges >> text=人已认定同一");
  await page.waitForSelector(".timeline >> text=地址与法定代表人相同");
  assert.equal((await as("link_pair.show", { id: pair.id })).body.linked, true);
  await page.click(".timeline button >> text=撤销");
  await page.fill(".timeline input", "看错了一行");
  await page.click(".timeline .form .primary");
  await page.waitForSelector(".badges >> text=待复核");
  await quiet(page);
  assert.equal((await as("link_pair.show", { id: pair.id })).body.linked, false);
  await page.visit("/linkage#acts.offset=0");
  assert.match(await page.locator("#acts tbody").textContent(), /认定同一[\s\S]*已撤销/);
});

test("a decision without a reason is refused where it was made, and one to keep apart is taken", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie }, { viewport: PHONE });
  const pair = queue.items[2];
  await page.visit(`/linkage/${pair.id}`);
  await page.selectOption("#decision", "apart");
  await page.fill("#reason", "   ");
  await page.click(".steps .primary");
  await page.waitForSelector(".steps .note.bad");
  await page.fill("#reason", "两家不同的企业");
  await page.click(".steps .primary");
  await page.waitForSelector(".badges >> text=人已认定不同");
});
