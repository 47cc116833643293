// Supply and demand as people use it: a steward states a demand and applies, others decide, a subject signs on its phone with a passkey
// that Chromium's virtual authenticator keeps.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serveDemo } from "../api/demo.mjs";
import { addAccount, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const COMPANY = "91360802YL0000397L";
const BASIS = "《政务数据共享条例》第十条";
const PURPOSE = "小微企业贷前调查";
const PEOPLE = { steward: ["icbc-1", "JB001", "consumer_steward"], head: ["icbc-2", "JB001", "approver"], operator: ["hub-1", "JA001", "operator"], market: ["msr-1", "JA023", "approver"] };

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server;
const cookies = {};

before(async () => {
  if (skip) return;
  server = await serveDemo(shared, { signedIn: false });
  for (const [who, [id, organisation, duties]] of Object.entries(PEOPLE)) {
    await addAccount(server.data, id, organisation, duties);
    cookies[who] = await signIn(server, id);
  }
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const pageOf = (t, who, look) => openPage(t, { ...server, cookie: cookies[who] }, look);

/** Presses a step's button, fills in what it asks, confirms; `then` is what shows that it was taken. */
async function step(page, name, then, fields = {}) {
  await page.click(`.steps .buttons >> text="${name}"`);
  for (const [id, value] of Object.entries(fields)) await page.fill(`.steps #${id}`, value);
  await page.click(".steps form .primary");
  await page.waitForSelector(then);
}

/** What the bank needs before it asks a subject: an unconditional grant. */
async function granted() {
  const json = { resources: ["annual_report:uscc,report_year,enterprise_name"], purpose: PURPOSE, legal_basis: BASIS, per_day: 100, consent: true };
  const made = await server.call("application.make", {}, { cookie: cookies.steward, json });
  const { id } = made.body.items[0];
  await server.call("application.act", { id }, { cookie: cookies.head, json: { action: "endorse" } });
  assert.equal((await server.call("application.act", { id }, { cookie: cookies.operator, json: { action: "pass" } })).body.items[0].state, "granted");
}

/** The same page in the other sizes, languages and colours. */
async function everyLook(t, who, path, name) {
  for (const [what, look] of [["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }], ["desktop", { viewport: DESKTOP }]]) {
    const page = await pageOf(t, who, look);
    await page.visit(path);
    await inspect(page, `${name}-${what}`);
  }
}

test("a demand is stated, matched with reasons, accepted; another is put on the list", { skip }, async (t) => {
  const page = await pageOf(t, "steward");
  await page.visit("/demands");
  await page.click("summary >> text=提出需求");
  await page.fill("#title", "企业纳税信用等级");
  await page.fill("#what", "近三年的评价结果");
  await page.fill("#purpose", PURPOSE);
  await page.fill("#legal_basis", "有关规定");
  await page.click("details[open] .primary");
  await page.waitForSelector(".note.bad >> text=必须写明");
  await inspect(page, "demand-new");
  await page.fill("#legal_basis", BASIS);
  await page.click("details[open] .primary");
  await page.waitForSelector(".candidates li");
  assert.match(await page.locator(".candidates h3").first().textContent(), /纳税信用/);
  await inspect(page, "demand");
  await step(page, "采纳", ".badge >> text=已解决");
  await page.visit("/demands");
  await page.click("summary >> text=提出需求");
  for (const [id, value] of Object.entries({ title: "企业燃气缴费记录", what: "按季度", purpose: PURPOSE, legal_basis: BASIS })) await page.fill(`#${id}`, value);
  await page.click("details[open] .primary");
  await page.waitForSelector(".badge >> text=未满足");

  const hub = await pageOf(t, "operator");
  await hub.visit("/demands");
  await hub.click("summary >> text=发布供需对接清单");
  await hub.fill("#list-title", "第一批供需对接清单");
  await hub.click("details[open] .primary");
  await hub.waitForSelector(".note.fine >> text=含 1 项");
  await everyLook(t, "operator", "/demands", "demands");
});

test("an application is put together, endorsed, checked, approved and becomes a grant that is suspended, resumed and revoked", { skip }, async (t) => {
  const page = await pageOf(t, "steward");
  await page.visit("/resources/enterprise_registration");
  await page.click("text=申请使用");
  await page.waitForSelector(".chosen .panel");
  await page.click(".primary");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "purpose", "the browser leads to what is missing");
  await page.fill("#find", "年度报告");
  await page.keyboard.press("Enter");
  await page.click(".found button");
  await page.waitForSelector(".chosen .panel >> nth=1");
  await page.click(".chosen .panel >> nth=1 >> text=选中全部信息项");
  for (const [id, value] of Object.entries({ purpose: PURPOSE, legal_basis: BASIS, per_day: "2000", networks: "10.1.0.0/16" })) await page.fill(`#${id}`, value);
  await page.check("#mode-verify");
  await page.check("#consent");
  await inspect(page, "apply");
  await page.click("button.lang");
  await page.waitForSelector("h1 >> text=New application");
  assert.equal(await page.inputValue("#purpose"), PURPOSE, "what was entered outlives a change of language");
  await page.click("button.lang");
  await page.click("form > .buttons .primary");
  await page.waitForURL(/\/applications\?scene=/);
  await page.waitForSelector("table");
  assert.equal(await page.locator("tbody tr").count(), 2, "one for each kind of sharing");
  await inspect(page, "applications");
  await page.click("tbody tr:has-text('企业登记') a");
  await page.waitForSelector(".drop");
  const path = new URL(page.url()).pathname;
  const scan = join(server.data, "letter.pdf");
  writeFileSync(scan, "%PDF-1.7 a letter");
  await page.setInputFiles("#scan", scan);
  await page.waitForSelector(".files >> text=letter.pdf");
  writeFileSync(scan, "a text");
  await page.setInputFiles("#scan", scan);
  await page.waitForSelector(".drop .bad >> text=PDF");

  for (const [who, name, then] of [["head", "部门内审核通过", "合规审查"], ["operator", "通过", "提供方审核"], ["market", "同意", "已同意"], ["market", "开通", "已授权"]]) {
    const other = await pageOf(t, who);
    await other.visit(path);
    if (name === "同意") await inspect(other, "application-review");
    await step(other, name, `.badges .badge >> text=${then}`);
    await other.context().close();
  }
  await everyLook(t, "steward", path, "application");

  await page.visit("/grants");
  await page.click("tbody a >> text=企业登记");
  await page.waitForSelector(".steps");
  const grant = new URL(page.url()).pathname;
  const market = await pageOf(t, "market");
  await market.visit(grant);
  await step(market, "暂停", ".badge.fair >> text=暂停", { reason: "核实用途" });
  await step(market, "恢复", ".badge.good >> text=生效", { reason: "已核实" });
  await inspect(market, "grant");
  await step(market, "收回", ".badge.poor >> text=已收回", { reason: "业务终止" });
  assert.ok((await market.locator(".timeline li").count()) >= 4);
  await everyLook(t, "market", "/grants", "grants");
  await everyLook(t, "market", grant, "grant-revoked");
});

test("a subject makes a passkey on its phone, signs the exact text with it, and withdraws", { skip }, async (t) => {
  await granted();
  const steward = await pageOf(t, "steward");
  const phone = await openPage(t, { url: `http://localhost:${server.port}` }, { viewport: PHONE });
  const cdp = await phone.context().newCDPSession(phone);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  const onPhone = async (url) => {
    await phone.goto("about:blank"); // a link from a message opens anew
    await phone.goto(url);
    await phone.waitForSelector("main h1");
  };

  await steward.visit("/consents");
  await steward.click("summary >> text=为主体登记通行密钥");
  for (const [id, value] of Object.entries({ "enrol-subject": COMPANY, "enrol-title": "吉安示例有限公司", proof: "柜面核验营业执照与身份证原件" })) await steward.fill(`#${id}`, value);
  await steward.click("details[open] .primary");
  await steward.waitForSelector(".address");
  assert.ok(await steward.locator("svg.qr").isVisible(), "to be scanned off the screen");
  await inspect(steward, "consents-enrol");
  await onPhone(await steward.locator(".address").textContent());
  await inspect(phone, "enrol");
  await phone.click("text=在这台设备上登记");
  await phone.waitForSelector(".note.fine");
  assert.equal(new URL(phone.url()).hash, "", "the used address is out of the history");
  assert.equal((await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length, 1);

  await steward.visit("/consents");
  await steward.click("summary >> text=请主体授权");
  const until = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  for (const [id, value] of Object.entries({ "ask-subject": COMPANY, "ask-title": "吉安示例有限公司", "ask-until": until, "ask-uses": "3" })) await steward.fill(`#${id}`, value);
  await steward.click("details[open] .primary");
  await steward.waitForSelector(".address");
  const address = await steward.locator(".address").textContent();
  await onPhone(address);
  assert.match(await phone.locator(".letter").textContent(), /用途：小微企业贷前调查[\s\S]*最多 3 次/);
  await inspect(phone, "sign");
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await phone.click("text=用通行密钥签署");
  await phone.waitForSelector(".note.bad >> text=没有完成");
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await phone.click("form .primary");
  await phone.waitForSelector(".note.fine >> text=已签署");
  await inspect(phone, "signed");
  await steward.visit("/consents");
  await steward.waitForSelector(".badge.good >> text=通行密钥");
  await everyLook(t, "steward", "/consents", "consents");

  await phone.click("text=撤回授权");
  await phone.waitForSelector("h1 >> text=撤回授权");
  await phone.click("text=我要撤回");
  await phone.waitForSelector(".letter >> text=撤回数据查询授权");
  await inspect(phone, "withdraw");
  await phone.click("form .primary");
  await phone.waitForSelector(".note.fine >> text=已撤回");
  await onPhone(address);
  await phone.waitForSelector(".note.bad", { state: "attached" });
  await steward.visit("/consents");
  await steward.waitForSelector(".badge.quietly >> text=已撤回");

  await steward.click("summary >> text=登记书面授权");
  const scan = join(server.data, "paper.pdf");
  writeFileSync(scan, "%PDF-1.7 a consent on paper");
  for (const [id, value] of Object.entries({ "paper-subject": COMPANY, "paper-title": "吉安示例有限公司", "paper-until": until })) await steward.fill(`#${id}`, value);
  await steward.setInputFiles("#paper-scan", scan);
  await steward.click("details[open] .primary");
  await steward.waitForSelector(".badge.fair >> text=书面");
});

test("a doubt is raised, answered, and taken to the platform", { skip }, async (t) => {
  await granted();
  const page = await pageOf(t, "steward");
  await page.visit("/objections");
  await page.click("summary >> text=提出疑义");
  await page.selectOption("#resource", "annual_report");
  await page.fill("#record", COMPANY);
  await page.fill("#doubt", "从业人数与社保人数不符");
  await page.click("details[open] .primary");
  await page.waitForSelector(".steps");
  const path = new URL(page.url()).pathname;
  const market = await pageOf(t, "market");
  await market.visit(path);
  await step(market, "维持", ".badge >> text=提供方维持原值", { reason: "与原件一致" });
  await page.visit(path);
  await step(page, "申请协调", ".badge >> text=争议协调", { reason: "原件有误" });
  await inspect(page, "objection");
  await everyLook(t, "market", "/objections", "objections");
});

test("addresses that are cut short, and browsers without passkeys, are told so", { skip }, async (t) => {
  const page = await openPage(t, { url: `http://localhost:${server.port}` }, { viewport: PHONE });
  for (const path of ["/consent", "/enrol"]) {
    await page.visit(path);
    await page.waitForSelector("text=网址不完整");
  }
  await page.goto(`${server.url.replace("127.0.0.1", "localhost")}/enrol#nobody-gave-this`);
  await page.waitForSelector(".note.bad");
});
