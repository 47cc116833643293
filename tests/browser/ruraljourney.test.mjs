// The whole way of a rural household's loan, on phones: the village officer collects offline and sends, the county checks, the bank's officer verifies
// with the farmer's own consent, makes the special report, records the loan, and the effect is counted.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { consented, county, granted, offices } from "../api/rural.mjs";
import { addAccount, luling, signIn, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip, withPasskeys } from "./lib.mjs";

const GRANTED = ["rural_household", "rural_member", "rural_village_survey", "rural_planting"];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let c, bank;

before(async () => {
  if (skip) return;
  c = await county(shared);
  await granted(c.as, GRANTED);
  bank = await signIn(c.s, "icbc-1");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const nextYear = () => new Date(Date.now() + 300 * 864e5).toISOString().slice(0, 10);
const fill = async (page, values) => {
  for (const [id, value] of Object.entries(values)) await page.fill(`#${id}`, value);
};

/** The farmer's phone: the passkey is made with the address that the officer shows, then the consent is signed. */
async function signs(t, page, farm) {
  const phone = await openPage(t, { url: `http://localhost:${c.s.port}` }, { viewport: PHONE });
  const onPhone = async (url) => {
    await phone.goto("about:blank"); // a link from a message opens anew
    await phone.goto(url);
    await phone.waitForSelector("main h1");
  };
  await withPasskeys(phone);
  await page.getByText("为主体登记通行密钥").click();
  await fill(page, { "enrol-title": farm.holder_name, proof: "村委会当面核验身份证原件" });
  await page.getByRole("button", { name: "生成网址" }).click();
  await onPhone(await page.locator("code.address").textContent());
  await phone.getByRole("button", { name: "在这台设备上登记" }).click();
  await phone.getByText("已登记").waitFor();
  await page.getByText("请农户用手机签署").click();
  await fill(page, { "rrask-title": farm.holder_name, "rrask-until": nextYear() });
  await page.getByRole("button", { name: "生成授权书" }).click();
  await page.getByText("请把网址交给授权人").waitFor();
  await inspect(page, "journey-consent-asked");
  await onPhone(await page.locator("code.address", { hasText: "/consent" }).textContent());
  await inspect(phone, "journey-farmer-consent");
  await phone.getByRole("button", { name: "用通行密钥签署" }).click();
  await phone.getByText("已签署").waitFor();
  return phone;
}

async function saves(page, format, button = "生成并保存") {
  await page.selectOption("#rr-format", format);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
  const path = join(mkdtempSync(join(tmpdir(), "luling-report-")), download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** The village officer's phone without a connection: what was entered waits, and goes out once there is one. */
async function collects(t, farm) {
  const village = "360828103201";
  const sign = async (account, organisation, duties) => {
    await addAccount(c.data, account, organisation, duties);
    return signIn(c.s, account);
  };
  const steward = await sign("farm-steward", "JA016", "source_steward"), cookie = await sign("officer", "JA016", "collector");
  const given = await c.s.call("collect.give", {}, { cookie: steward, json: { account: "officer", resource: "rural_village_survey", area: village } });
  assert.equal(given.status, 204, given.text);
  const page = await openPage(t, { ...c.s, cookie }, { viewport: PHONE });
  await page.visit("/collect");
  await page.locator(".kept").waitFor();
  await page.context().setOffline(true);
  await page.locator(".collect-state.offline").waitFor();
  await page.getByRole("button", { name: "新增一户" }).click();
  for (const [name, value] of Object.entries({ 户号: farm.household_no, 采集日期: new Date().toISOString().slice(0, 10), 劳动力人数: "4", "种植面积（亩）": "12.28" })) await page.locator(`[id="f-${name}"]`).fill(value);
  await inspect(page, "journey-collect-offline");
  await page.getByRole("button", { name: "放入待发" }).click();
  await page.getByText("待上传").first().waitFor();
  await page.context().setOffline(false);
  await until("the survey is published", () => c.as.operator("resource.batches", { name: "rural_village_survey" }), (r) => r.body.items.filter((b) => b.state === "published").length === 2);
  await page.getByText("待上传").waitFor({ state: "detached" });
  await inspect(page, "journey-collect-sent");
}

/** The county's office sees the household, what was collected today with its source. */
async function checks(t, farm) {
  const loaded = await luling(["pack", "load", offices(), "-d", c.data]);
  assert.equal(loaded.code, 0, loaded.err);
  await addAccount(c.data, "office", "JC828", "rural_officer");
  const page = await openPage(t, { ...c.s, cookie: await signIn(c.s, "office") }, { viewport: PHONE });
  await page.visit(`/rural/${farm.household_no}`);
  await page.getByText("劳动力人数").first().waitFor();
  await inspect(page, "journey-county");
}

/** The bank records what became of the loan; the effect counts it. */
async function lends(page, farm) {
  const today = new Date().toISOString().slice(0, 10);
  await page.visit("/rural-effect");
  await page.getByRole("tab", { name: "成效" }).click();
  await page.getByText("记录贷款事件").first().click();
  for (const [event, more] of [["applied", { "ln-who": farm.household_no, "ln-amount": "50000" }], ["granted", { "ln-who": "", "ln-amount": "50000" }], ["lent", { "ln-amount": "50000" }]]) {
    await page.selectOption("#ln-event", event);
    await fill(page, { "ln-ref": "JYNH-2026-1", "ln-day": today, ...more });
    await page.locator("details[open] form button[type=submit]").click();
    await page.locator(".note.fine", { hasText: "JYNH-2026-1" }).waitFor();
    await quiet(page);
  }
  await page.getByRole("cell", { name: "50,000" }).or(page.getByText("50,000")).first().waitFor();
  await inspect(page, "journey-effect");
}

test("collected offline and sent, seen by the county, verified with the farmer's consent, reported, lent, counted: all on phones", { skip }, async (t) => {
  const farm = c.truth[0];
  await collects(t, farm);
  await checks(t, farm);
  const page = await openPage(t, { ...c.s, cookie: bank }, { viewport: PHONE });
  await page.visit("/rural-report");
  await inspect(page, "journey-report-empty");
  await fill(page, { "rr-who": farm.holder_id_no, "rr-officer": "0796-118" });
  await page.getByRole("button", { name: "查找" }).click();
  await page.getByText("没有可用的授权书").waitFor();
  await inspect(page, "journey-no-consent");
  await signs(t, page, farm);
  await page.getByText("农户本人以通行密钥签署").first().waitFor(); // the page goes on by itself
  await page.getByText("主体基本信息").first().click();
  await page.fill("#claim-010201", String(farm.member_count));
  await page.getByText("生产经营").first().click();
  await page.fill("#claim-020502", "0.01");
  await page.getByRole("button", { name: "核查", exact: true }).click();
  await page.getByText("不一致 1").waitFor();
  await page.getByText("一致 1", { exact: true }).waitFor();
  await inspect(page, "journey-checked");
  const pdf = readFileSync(await saves(page, "pdf"));
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  if (process.env.LULING_SHOTS) writeFileSync(join(process.env.LULING_SHOTS, "journey-report.pdf"), pdf);
  const json = await saves(page, "json");
  const policy = join(json, "../policy");
  writeFileSync(policy, await (await fetch(`${c.s.url}/journal/policy`)).text());
  const offline = await luling(["report", "verify", json, "--policy", policy]);
  assert.equal(offline.code, 0, offline.err);
  assert.deepEqual(JSON.parse(readFileSync(json, "utf8")).consent.strength, 2);
  await inspect(page, "journey-report-saved");
  await lends(page, farm);
});

test("a list of households is handed in, left and come back to: each under its own consent, and fetched as a table", { skip }, async (t) => {
  const farm = c.truth.at(-1);
  await consented(c.as, farm.holder_id_no, GRANTED);
  const page = await openPage(t, { ...c.s, cookie: bank }, { viewport: PHONE });
  await page.visit("/rural-report");
  await page.getByText("交一份名单").click();
  await page.setInputFiles("#rl-file", { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(`户号,户籍人口数,holder_name\n${farm.household_no},${farm.member_count},不是他\nNO-SUCH,1,甲\n`) });
  await page.fill("#rl-officer", "0796-118");
  await page.getByRole("button", { name: "交去核查" }).click();
  await page.getByText("已收下 2 户、4 个值").waitFor();
  await page.visit("/"); // and back: it goes on without the page
  await page.visit("/rural-report");
  const row = page.locator("#rl-heading ~ * tr", { hasText: "可下载" });
  await row.waitFor();
  for (const said of ["2 / 2 户", "一致 1", "不一致 1", "未答 1 户"]) await row.getByText(said, { exact: true }).waitFor();
  await inspect(page, "journey-list");
  const [download] = await Promise.all([page.waitForEvent("download"), row.getByRole("link", { name: "下载 CSV" }).click()]);
  const lines = readFileSync(await download.path(), "utf8").trim().split(/\r?\n/);
  assert.equal(lines.length, 5, lines.join("\n"));
  assert.match(lines[4], /未获同意/);
  assert.ok(!lines.some((line) => line.includes(farm.holder_name)), "no value is in it");
});

test("a consent on paper is recorded with its photo and told as the weaker kind, on a desk and in English", { skip }, async (t) => {
  const farm = c.truth[1];
  const page = await openPage(t, { ...c.s, cookie: bank }, { viewport: DESKTOP, lang: "en" });
  await page.visit("/rural-report");
  await fill(page, { "rr-who": farm.household_no });
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByText("Record a consent on paper").click();
  await fill(page, { "rrpaper-subject": farm.holder_id_no, "rrpaper-title": farm.holder_name, "rrpaper-until": nextYear() });
  const photo = await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 200 } });
  await page.setInputFiles("#rrpaper-scan", { name: "consent.png", mimeType: "image/png", buffer: photo });
  await page.locator("canvas.photo").waitFor();
  await inspect(page, "journey-paper-photo");
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByText("The weaker kind").first().waitFor();
  await quiet(page);
  await inspect(page, "journey-paper");
});
