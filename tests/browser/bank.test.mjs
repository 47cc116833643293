// A bank's steward: what may be called, a call tried in the page with its states and its receipt, the same call as programs that run, and an
// export that is fetched.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { exportPKCS8 } from "jose";
import { client, grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, bank, cookie;

before(async () => {
  if (skip) return;
  const { deliveries } = demoFiles(shared);
  server = await serveDemo(shared);
  await deliver(server, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(server);
  bank = await client(server, as);
  await grant(as, [`${SERVICE}:uscc enterprise_name registered_capital`]);
  cookie = await signIn(server, "icbc-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a service is found, tried with its states and receipt, and counted", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie }, { viewport: PHONE });
  await page.visit("/services");
  await page.click(".card a");
  await page.waitForSelector("#try-subject");
  await page.fill("#try-subject", SAMPLE);
  await page.fill("#try-officer", "0796-118");
  await page.click("form:has(#try-subject) .primary");
  await page.waitForSelector(".answer table");
  const answer = await page.locator(".answer").textContent();
  assert.match(answer, /统一社会信用代码/);
  assert.match(answer, /有值/);
  assert.match(answer, /存证回执[\s\S]*证明/);
  await inspect(page, "service-tried");
  await page.selectOption("#try-mode", "verify");
  await page.fill("#try-subject", SAMPLE);
  await page.fill("#try-value-uscc", SAMPLE);
  await page.fill("#try-value-enterprise_name", "不是这个名字");
  await page.click("form:has(#try-subject) .primary");
  await page.waitForSelector(".answer .checks");
  const verdict = await page.locator(".answer .checks li").allTextContents();
  assert.ok(verdict.some((x) => x.startsWith("一致")) && verdict.some((x) => x.startsWith("不一致")), verdict.join());
  await page.visit("/services");
  await page.waitForSelector(".quota >> text=/^2 \\/|2 \\/ 100,000/");
  await inspect(page, "services");
});

for (const [viewport, scheme] of [[DESKTOP, "light"], [PHONE, "dark"]])
  test(`a service is made from a grant in a click, found, tried and ended (${scheme}, ${viewport.width} px)`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie }, { viewport, scheme });
    const name = `firm_${scheme}`;
    await page.visit("/grants");
    await page.click(`main a[href^="/grants/"]`);
    await page.waitForSelector("#made-name");
    await page.fill("#made-name", name);
    await page.fill("#made-title", "企业名称核对");
    await page.click("#made summary");
    await page.uncheck("#made-item-registered_capital");
    await inspect(page, `grant-make-${scheme}`);
    await page.click("#made form .primary");
    await page.waitForSelector(`#made a:has-text("${name}")`);
    await inspect(page, `grant-made-${scheme}`);
    await page.click(`#made a:has-text("${name}")`);
    await page.waitForSelector("#try-subject");
    assert.match(await page.locator("main h1").textContent(), /企业名称核对/);
    await page.fill("#try-subject", SAMPLE);
    await page.click("form:has(#try-subject) .primary");
    await page.waitForSelector(".answer table");
    assert.equal(await page.locator(".answer tbody tr").count(), 2, "the two items that were left");
    await inspect(page, `made-tried-${scheme}`);
    await page.visit("/services");
    await page.waitForSelector('.badges >> text="自建服务"');
    await page.goBack();
    await page.visit("/grants");
    await page.click(`main a[href^="/grants/"]`);
    await page.click("#made table button");
    await page.click(".confirm-yes");
    await page.waitForFunction((n) => !document.querySelector("#made table")?.textContent.includes(n), name);
  });

test("the programs of the page run as they are, and an export is fetched", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie }, { viewport: DESKTOP });
  await page.visit("/services");
  await page.click(".card a");
  await page.waitForSelector("#sample-client");
  await page.fill("#sample-client", bank.id);
  writeFileSync(join(server.data, "client.pem"), await exportPKCS8(bank.privateKey));
  const program = async (name) => {
    await page.click(`#samples button >> text="${name}"`);
    return (await page.locator("pre.code").textContent()).replaceAll("USCC", SAMPLE);
  };
  writeFileSync(join(server.data, "query.sh"), await program("curl"));
  assert.equal(JSON.parse(execFileSync("sh", ["query.sh"], { cwd: server.data, encoding: "utf8" })).result.status, "found");
  writeFileSync(join(server.data, "query.c"), await program("C"));
  const made = spawnSync("cc", ["query.c", "-o", "query", "-lcurl", "-lcrypto"], { cwd: server.data, encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  assert.equal(JSON.parse(execFileSync("./query", { cwd: server.data, encoding: "utf8" })).result.status, "found");
  assert.match(await program("Java"), /Signature\.getInstance\("Ed25519"\)/);
  await inspect(page, "service");
  await page.click("form:has(#export-format) .primary");
  await page.waitForURL(/\/exports$/);
  await page.waitForSelector("a.button >> text=下载", { timeout: 60_000 });
  await inspect(page, "exports");
  const fetched = page.waitForEvent("download");
  await page.click("a.button >> text=下载");
  assert.ok((await fetched).suggestedFilename());
});
