// A bank's steward asks for a credit report, keeps the file, finds it marked when a record behind it changes, and has the file verified.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { luling, signIn, tempDir, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const SUBJECT = "91360802YL0000397L";
const RESOURCE = "enterprise_registration";
const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const SLOW = 60_000;
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, cookie, dir;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared);
  const { deliveries } = demoFiles(shared);
  const run = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "credit"), "-d", server.data]);
  assert.equal(run.code, 0, run.err);
  await deliver(server, deliveries.find((d) => d.resource === RESOURCE));
  as = await people(server);
  cookie = await signIn(server, "icbc-1");
  dir = tempDir(shared);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a report is asked for, kept, and verified; another file is not taken for it", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie }, { viewport: PHONE });
  await page.visit("/reports");
  await page.waitForSelector(".empty");
  await page.click("summary >> text=取得一份报告");
  await page.fill("#report-subject", SUBJECT);
  await page.click("form:has(#report-subject) .primary");
  await page.waitForSelector("form .note.bad");
  await grant(as, [`${RESOURCE}:uscc enterprise_name registration_status`]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("form:has(#report-subject) .primary")]);
  const path = join(dir, "report.pdf");
  await download.saveAs(path);
  assert.equal(readFileSync(path).subarray(0, 5).toString(), "%PDF-");
  await page.waitForSelector(".listing tbody tr");
  const number = (await page.locator(".listing tbody th a").first().textContent()).trim();

  await page.click("summary >> text=核验一份文件");
  const verify = async (file) => {
    await page.fill("#check-number", number);
    await page.setInputFiles("#check-file", file);
    await page.click("form:has(#check-file) .primary");
  };
  await verify(path);
  await page.waitForSelector(".note.fine >> text=与出具时的文件一致");
  const other = join(dir, "other.pdf");
  writeFileSync(other, readFileSync(path).map((b, i) => (i === 100 ? b ^ 1 : b)));
  await verify(other);
  await page.waitForSelector(".note.bad >> text=不要采信");
  await inspect(page, "reports-verified");
});

test("the reports of a list are made while one is elsewhere, and fetched as one file", { skip }, async (t) => {
  const page = await openPage(t, { ...server, cookie }, { viewport: PHONE });
  const list = join(dir, "list.csv");
  writeFileSync(list, `主体标识,客户编号\n${SUBJECT},K-1\n91350100M000100Y43,K-2\n`);
  await page.visit("/reports");
  await page.click("summary >> text=批量取得报告");
  await page.setInputFiles("#bundle-file", list);
  await page.click("form:has(#bundle-file) .primary");
  await page.waitForSelector(".note.fine >> text=已收下 2 个主体");
  await page.visit("/exports");
  await page.visit("/reports");
  await page.waitForSelector('section[aria-labelledby="bundles-heading"] .badge >> text=可下载', { timeout: SLOW });
  await page.locator('section[aria-labelledby="bundles-heading"] summary').first().click();
  await page.waitForSelector("li >> text=第 2 行");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click('section[aria-labelledby="bundles-heading"] a.button')]);
  assert.match(download.suggestedFilename(), /^reports-B[0-9a-f]{16}\.zip$/);
  assert.equal(readFileSync(await download.path()).subarray(0, 4).toString("latin1"), "PK\x03\x04");
  await inspect(page, "reports-bundle");
});

test("a report whose record was withdrawn is marked, and found by its state", { skip }, async (t) => {
  const batch = (await server.call("resource.batches", { name: RESOURCE })).body.items[0].id;
  assert.equal((await luling(["withdraw", batch, "-d", server.data])).code, 0);
  await until("the mark", () => as.steward("reports.list", {}), (r) => r.body.items.every((x) => x.state === "stale"), SLOW);
  const page = await openPage(t, { ...server, cookie }, { viewport: DESKTOP });
  await page.visit("/reports?state=valid");
  await page.waitForSelector(".empty");
  await page.visit("/reports?sort=-number");
  await page.waitForSelector(".listing tbody .badge >> text=已变化");
  assert.equal(await page.locator('th[aria-sort="descending"]').count(), 1);
});

for (const [name, look] of LOOKS)
  test(`the page of reports is whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie }, look);
    await page.visit("/reports");
    await page.waitForSelector(".listing tbody tr");
    await page.locator("summary").first().click();
    await inspect(page, `reports-${name}`);
  });
