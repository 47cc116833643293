// Looking through the journal: the auditor filters, opens an entry, sees its path in the tree and has it checked in the browser; what the
// server changes is found; the security administrator sees what is theirs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { client, grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { signIn, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const CALLS = 30;
const LOOKS = [["desktop", { viewport: DESKTOP }], ["desktop-dark", { viewport: DESKTOP, scheme: "dark" }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
const cookies = {};
let server, as;

before(async () => {
  if (skip) return;
  const { deliveries } = demoFiles(shared);
  server = await serveDemo(shared);
  await deliver(server, deliveries.find((d) => d.resource === SERVICE));
  as = await people(server);
  const bank = await client(server, as);
  await grant(as, [SERVICE]);
  for (let i = 0; i < CALLS; i++) await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] });
  await until("the calls", () => as.auditor("journal.list", { type: "call", limit: 100 }), (r) => r.body.items.length === CALLS);
  cookies.auditor = await signIn(server, "audit-1");
  cookies.sec = await signIn(server, "sec-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const pageOf = (t, who, look) => openPage(t, { ...server, cookie: cookies[who] }, look);

for (const [name, look] of LOOKS)
  test(`the journal's pages are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "auditor", look);
    await page.visit("/journal-explorer");
    await page.waitForSelector("#checkpoints table");
    assert.ok((await page.locator("#checkpoints .badge.good").count()) >= 1, "the log's own signature is checked");
    await inspect(page, `journal-${name}`);
    const { index } = (await as.auditor("journal.list", { type: "call" })).body.items[0];
    await page.visit(`/journal-explorer/${index}`);
    await page.waitForSelector(".tree-path svg .root");
    await page.click("#verify .primary");
    await page.waitForSelector("#verify .note.fine");
    await inspect(page, `journal-entry-${name}`);
  });

test("the auditor finds a call by type and subject, turns pages, exports them, and has one checked", { skip }, async (t) => {
  const page = await pageOf(t, "auditor");
  await page.visit("/");
  await page.click("nav.side >> text=存证日志");
  await page.waitForSelector(".listing tbody tr");
  await page.selectOption("#type", "call");
  await page.waitForURL(/type=call/);
  await page.waitForFunction(() => [...document.querySelectorAll(".listing tbody tr")].every((x) => x.textContent.includes("调用")));
  const first = await page.locator(".listing tbody tr").first().textContent();
  await page.click(".pager button >> text=更早的");
  await page.waitForURL(/before=/);
  await page.waitForFunction((n) => document.querySelectorAll(".listing tbody tr").length === n, CALLS - 20);
  assert.notEqual(await page.locator(".listing tbody tr").first().textContent(), first);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".listing .tool-buttons button >> text=CSV")]);
  assert.equal((await (await import("node:fs/promises")).readFile(await download.path(), "utf8")).trimEnd().split("\r\n").length, CALLS + 1);

  await page.click(".pager button >> text=最新的");
  await page.locator(".listing tbody th a").first().click();
  await page.waitForSelector(".tree-path svg .root");
  const steps = await page.locator(".tree-path .sibling title").count();
  assert.ok(steps > 0, `${steps} siblings`);
  await page.click("#verify .primary");
  const said = await page.locator("#verify .note.fine").textContent();
  for (const text of [/有效/, /Ed25519/, /公开文件/, /封存的内容正是条目所承诺的/]) assert.match(said, text);
  assert.match(await page.locator("main").textContent(), /系统icbc-credit/);

  const pseudonym = (await page.locator(".about div", { hasText: "主体（假名）" }).locator("dd").textContent()).replace(/[^A-Za-z0-9_-]/g, "");
  await page.visit("/journal-explorer");
  await page.fill("#subject", pseudonym.slice(0, 10));
  await page.keyboard.press("Enter");
  assert.ok(!page.url().includes("subject="), "half a pseudonym is not asked for");
  await page.fill("#subject", pseudonym);
  await page.keyboard.press("Enter");
  await page.waitForURL(/subject=/);
  await page.waitForFunction(() => [...document.querySelectorAll(".listing tbody tr")].every((x) => x.textContent.includes("icbc-credit")));
});

test("an entry that the server changes, a tile that it changes and a key that is not the journal's are found", { skip }, async (t) => {
  const { index } = (await as.auditor("journal.list", { type: "call" })).body.items[3];
  const verdict = async (meddle) => {
    const page = await pageOf(t, "auditor");
    await meddle(page);
    await page.visit(`/journal-explorer/${index}`);
    await page.click("#verify .primary");
    await page.waitForSelector("#verify .note.bad, #verify .note.fine");
    return page.locator("#verify .note").textContent();
  };
  const change = (url, how) => (page) => page.route(url, async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ response: reply, body: how(await reply.body()) });
  });
  assert.match(await verdict(change(`**/v1/journal/${index}`, (b) => b.toString().replace('"call"', '"look"'))), /不能成立.*条目与检查点的树根不符/s);
  assert.match(await verdict(change("**/journal/tile/0/**", (b) => Buffer.from(b.map((x) => x ^ 1)))), /不能成立.*瓦片/s);
  assert.match(await verdict(change("**/v1/journal/*/contents", (b) => b.toString().replace(/"sealed":"./, '"sealed":"A'))), /不能成立.*承诺/s);
  assert.match(await verdict(async () => undefined), /有效/);
  const page = await pageOf(t, "auditor");
  await page.visit(`/journal-explorer/${index}`);
  await page.click("#verify summary");
  await page.fill("#policy", "quorum none");
  await page.click("#verify .primary");
  assert.match(await page.locator("#verify .note.bad").textContent(), /没有给出它的公钥/);
});

test("the security administrator sees types, times and proofs, and is told that contents are not theirs", { skip }, async (t) => {
  const page = await pageOf(t, "sec", { viewport: PHONE });
  await page.visit("/journal-explorer?type=call");
  await page.waitForSelector(".listing tbody tr");
  assert.equal(await page.locator("#organisation, #subject").count(), 0);
  assert.ok(!(await page.locator(".listing table").textContent()).includes("icbc"));
  await page.locator(".listing tbody th a").first().click();
  await page.waitForSelector(".tree-path svg .root");
  assert.match(await page.locator(".note.ask").textContent(), /审计员/);
  await page.click("#verify .primary");
  await page.waitForSelector("#verify .note.fine");
  await inspect(page, "journal-entry-sec");
});
