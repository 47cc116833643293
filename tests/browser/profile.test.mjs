// A subject's page: its timeline by kind, and its relations, walked by keyboard from one body to the next; on a phone the list comes first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, cookie;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared);
  const { deliveries } = demoFiles(shared);
  for (const name of ["enterprise_registration", "enterprise_shareholder", "enterprise_branch", "enterprise_change", "tax_rating", "social_insurance"]) await deliver(server, deliveries.find((d) => d.resource === name));
  as = await people(server);
  cookie = await signIn(server, "hub-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [name, look] of LOOKS)
  test(`timeline and relations are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie }, look);
    await page.visit(`/subjects/${SAMPLE}#timeline`);
    await page.waitForSelector(".fact");
    await inspect(page, `subject-timeline-${name}`);
    await page.visit(`/subjects/${SAMPLE}#relations`);
    await page.waitForSelector(".relation-graph svg");
    const order = await page.evaluate(() => document.querySelector(".relation-list").compareDocumentPosition(document.querySelector(".relation-graph")) & Node.DOCUMENT_POSITION_FOLLOWING ? "list" : "graph");
    assert.equal(order, name === "desktop" ? "graph" : "list", "what comes first");
    await inspect(page, `subject-relations-${name}`);
  });

test("the timeline shows one kind or all; the graph is walked by keyboard, and the list says the same", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie });
  await page.visit(`/subjects/${SAMPLE}`);
  await page.getByRole("tab", { name: "时间线" }).click();
  await page.waitForSelector(".fact");
  const all = (await as.operator("subject.timeline", { id: SAMPLE, limit: 200 })).body;
  assert.equal(await page.locator(".fact").count(), all.total);
  const tax = all.kinds.find((k) => k.kind === "tax");
  await page.selectOption("#timeline-kind", "tax");
  await page.waitForFunction((n) => document.querySelectorAll(".fact").length === n, tax.count);
  assert.match(await page.locator(".fact h3").first().textContent(), /纳税信用评价/);

  await page.getByRole("tab", { name: "关联关系" }).click();
  await page.waitForSelector(".relation-graph svg");
  const near = (await as.operator("subject.relations", { id: SAMPLE })).body;
  assert.equal(await page.locator(".relation-node").count(), near.nodes.length);
  assert.equal(await page.locator(".relation-line").count(), near.edges.length);
  assert.equal(await page.locator(".relation-list > li").count(), near.nodes.length - 1);
  const person = near.nodes.find((n) => n.person), partner = near.nodes.find((n) => n.depth === 1 && n.walk);
  assert.equal(await page.locator("a.relation-node").count(), near.nodes.filter((n) => n.depth && n.walk).length, "a person leads nowhere");
  assert.ok(person && partner);

  // By keyboard alone: a body is a link among the others, and Enter goes on from it.
  await page.locator(".relation-scroll").focus();
  for (let i = 0; i < near.nodes.length; i++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement.getAttribute("href"))) === `/subjects/${partner.identifier.value}#relations`) break;
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/subjects/${partner.identifier.value}#relations`);
  await page.waitForFunction((name) => document.querySelector("h1")?.textContent.includes(name), partner.name);
  await page.waitForSelector(".relation-graph svg");
  await quiet(page);
  await page.selectOption("#relations-depth", "2");
  await page.waitForFunction(() => document.querySelectorAll(".relations h3").length === 2);
  await page.goBack();
  await page.waitForURL(`**/subjects/${SAMPLE}#relations`);
});
