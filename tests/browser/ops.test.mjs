// The desks of those who supply and those who run: a source steward sees what waits, drills from the trend to the refused rows, corrects
// and delivers again; the operator sees the whole; the wall screen shows the figures that the API tells.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { client, grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { addAccount, luling, signIn, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const SERVICE = "enterprise_registration";
const SAMPLE = "91360802YL0000397L";
const TV = { width: 1920, height: 1080 };
const TV4K = { width: 3840, height: 2160 };
const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server;
let demo;
const cookies = {};

before(async () => {
  if (skip) return;
  demo = demoFiles(shared);
  server = await serveDemo(shared);
  for (const d of demo.deliveries.filter((x) => [SERVICE, "annual_report", "tax_rating", "environment_rating", "administrative_penalty"].includes(x.resource))) await deliver(server, d);
  const as = await people(server);
  const bank = await client(server, as);
  await grant(as, [`${SERVICE}:uscc enterprise_name`]);
  for (let i = 0; i < 7; i++) await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE });
  await as.steward("application.make", {}, { resources: ["annual_report:uscc"], purpose: "贷前调查", legal_basis: "《政务数据共享条例》第十条", per_day: 100 });
  await as.steward("demand.add", {}, { title: "企业燃气缴费记录", what: "按季度", purpose: "贷前调查", legal_basis: "《政务数据共享条例》第十条" });
  const scored = await luling(["score", "run", "enterprise_sample", "-d", server.data]);
  assert.equal(scored.code, 0, scored.err);
  const finance = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", server.data]);
  assert.equal(finance.code, 0, finance.err);
  await addAccount(server.data, "msr-3", "JA023", "source_steward");
  cookies.source = await signIn(server, "msr-3");
  cookies.operator = await signIn(server, "hub-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const pageOf = (t, who, look) => openPage(t, { ...server, cookie: cookies[who] }, look);

for (const [name, look] of LOOKS) {
  test(`a source steward's pages are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "source", look);
    for (const [what, path, then] of [["desk", "/desk", ".tiles"], ["quality", `/quality/${SERVICE}`, ".chart canvas"], ["quality-none", "/quality/ip_patent", ".empty"], ["usage", "/usage", "table.stack"], ["usage-resource", `/usage?by=organisation&resource=${SERVICE}`, "table.stack"]]) {
      await page.visit(path);
      await page.waitForSelector(then);
      await inspect(page, `${what}-${name}`);
    }
  });
  test(`the evaluation is whole and accessible, and says what would change a score: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "operator", look);
    await page.visit(`/evaluations?subject=${SAMPLE}`);
    await page.waitForSelector(".tries");
    await inspect(page, `evaluation-${name}`);
    const now = Number(await page.textContent(".figures.big dd"));
    assert.ok(now > 0 && now <= 100);
    await page.selectOption("#try-years_in_business", "0");
    const would = await page.waitForSelector(".tries ~ [role=status]");
    const [, other] = /([\d.]+)/.exec(await would.textContent());
    assert.ok(Number(other) < now, `${other} is less than ${now}`);
  });
  test(`the finance data service centre says how each item of the list stands: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "operator", look);
    await page.visit("/finance");
    await page.waitForSelector("main table");
    await inspect(page, `finance-${name}`);
    assert.equal(await page.locator("main tbody tr").count(), 37);
    assert.match(await page.locator("main tbody tr", { hasText: "0703" }).textContent(), /已接入|connected/i);
    await page.click("[role=tab] >> nth=1");
    await page.fill("#uscc", SAMPLE);
    await page.click("form .primary");
    await page.waitForSelector("main h2 >> text=91360802YL0000397L");
    await inspect(page, `indicators-${name}`);
    assert.match(await page.textContent("main"), /200/);
  });
  test(`the operator's page is whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "operator", look);
    await page.visit("/operations");
    await page.waitForSelector("#sources table");
    await inspect(page, `operations-${name}`);
  });
}

for (const [name, viewport] of [["1080p", TV], ["4k", TV4K], ["phone", PHONE]])
  test(`the wall screen shows what the overview tells: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "operator", { viewport });
    await page.goto(`${server.url}/wall`);
    await page.waitForSelector(".wall .map canvas");
    await page.waitForFunction(() => document.querySelectorAll(".wall canvas").length === 2);
    const told = (await server.call("overview.show", {}, { cookie: cookies.operator })).body;
    const shown = (await page.locator(".kpis dd").evaluateAll((all) => all.map((x) => x.firstChild.textContent))).map((x) => x.replaceAll(",", ""));
    assert.deepEqual(shown.slice(0, 6), [told.departments.connected, told.resources.filled, told.records.total, told.interfaces.resources, told.calls.today, told.calls.total].map(String));
    assert.equal(told.calls.today, 7);
    assert.match(await page.locator(".foremost .named").first().textContent(), /工商银行/);
    assert.match(await page.locator(".feed").textContent(), /当日 7 次/);
    if (name !== "phone") assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), "the whole wall is on one screen");
    await inspect(page, `wall-${name}`);
  });

test("a steward goes from what waits to the refused rows, corrects them, delivers again and sees them closed", { skip }, async (t) => {
  const page = await pageOf(t, "source");
  await page.visit("/desk");
  const tile = page.locator(".tile", { hasText: "隔离的行" });
  await tile.locator("button").click();
  await page.waitForURL(/kind=quarantine/);
  await page.click("tbody a >> text=企业登记");
  await page.waitForSelector(".grid tbody tr");
  const open = async () => (await server.call("resource.batches", { name: SERVICE }, { cookie: cookies.source })).body.items.reduce((n, b) => n + b.open, 0);
  const before = await open();
  assert.ok(before > 0);
  assert.ok(!(await page.locator(".grid").textContent()).match(/\b\d{17}[\dX]\b/), "identity numbers are masked");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[download] >> text=CSV")]);
  const lines = readFileSync(await download.path(), "utf8").split("\r\n");
  assert.ok(lines.length > 2);
  const corrected = join(server.data, "corrected.csv");
  writeFileSync(corrected, lines.join("\r\n"));
  await page.setInputFiles("#file", corrected);
  await page.waitForURL(/\/deliveries\//);
  await page.waitForSelector(".sum, .note.bad");
  await inspect(page, "delivered-again");
  await page.visit(`/quality/${SERVICE}`);
  await page.waitForSelector(".chart canvas");
  assert.ok((await page.locator("#drill, section table.stack").count()) > 0);
});

test("the operator sees deadlines, ranking, unmet demands, packs and the tree of organisations, and opens the wall", { skip }, async (t) => {
  const page = await pageOf(t, "operator");
  await page.visit("/operations");
  await page.waitForSelector("#sources table");
  for (const text of ["企业燃气缴费记录", "统一标准"]) assert.ok((await page.locator(`text=${text}`).count()) > 0, text);
  const quality = await page.locator("#sources td:nth-child(2)").allTextContents();
  const shares = quality.map((x) => Number.parseFloat(x));
  assert.deepEqual(shares, [...shares].sort((a, b) => b - a), "the best first");
  await page.locator(".tree > li > details > summary", { hasText: "吉安市人民政府" }).click();
  await page.waitForSelector(".tree ul >> text=吉安市市场监督管理局");
  await page.click("text=打开大屏");
  await page.waitForSelector(".wall h1");
  await page.click(".wall header a");
  await page.waitForURL(/\/operations$/);
  assert.ok(await until("the page", () => page.locator("h1").textContent(), (x) => x === "运营总览"));
});

for (const [name, look] of LOOKS.slice(0, 2))
  test(`a file becomes a pack that the program's own check reads: ${name}`, { skip }, async (t) => {
    const page = await pageOf(t, "source", look);
    await page.visit("/infer");
    await page.setInputFiles("#file", demo.deliveries.find((d) => d.resource === "annual_report").path);
    await page.waitForSelector(".infer table");
    await inspect(page, `infer-${name}`);
    await page.fill("#name", "yearly_report");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(".infer .primary")]);
    assert.equal(download.suggestedFilename(), "yearly_report.zip");
    const folder = join(server.data, `pack-${name}`);
    const unpacked = spawnSync("python3", ["-m", "zipfile", "-e", await download.path(), folder], { encoding: "utf8" });
    assert.equal(unpacked.status, 0, unpacked.stderr);
    assert.match(readFileSync(join(folder, "items.csv"), "utf8"), /"yearly_report","uscc","uscc"/);
    const checked = await luling(["pack", "check", folder, "-d", server.data, "--lang", "en"]);
    assert.match(checked.err + checked.out, /resources\.csv/, "what only a person can decide is asked for");
    assert.doesNotMatch(checked.err + checked.out, /items\.csv|mappings/, "and nothing else is wrong");
  });
