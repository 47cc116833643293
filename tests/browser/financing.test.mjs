// From a firm's need to a loan paid back, in a browser: a real firm of the public registrations registers on its phone, asks for money and sees which products
// fit and why not; a bank takes it, gets the firm's consent, looks, grants, lends and is repaid; another refuses, says why, and the next bank has it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { addAccount, luling, signIn } from "../api/lib.mjs";
import { absent, realFirms } from "../api/realfirms.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip as unable, withPasskeys } from "./lib.mjs";
import { enrol, enter } from "./subject.mjs";

const skip = unable || absent;
/** What the city's departments know besides registrations: nothing of the firm is made up, "nothing on record" is what they say of it. */
const KNOWN = ["annual_report", "tax_arrears", "court_dishonesty", "administrative_penalty"];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let s, as, firm, kept; // kept: the passkey of the firm's phone
const banks = {}; // [account, organisation, duty] of whoever handles it
const STAFF = { officer: ["fi1-officer", "FI001", "consumer_steward"], head: ["fi1-head", "FI001", "approver"], next: ["fi2-officer", "FI002", "consumer_steward"] };

before(async () => {
  if (skip) return;
  s = await serveDemo(shared);
  const packs = ["jiangxi_registration", "finance"].map((pack) => join(process.env.LULING_PACKS ?? "build/packs", pack));
  const loaded = await luling(["pack", "load", ...packs, "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const { delivery, firms } = realFirms(shared);
  const taken = await deliver(s, delivery);
  assert.equal(taken.state, "published", JSON.stringify(taken));
  const { deliveries } = demoFiles(shared);
  for (const resource of KNOWN) await deliver(s, deliveries.find((d) => d.resource === resource));
  firm = firms[0];
  as = await people(s);
  for (const [who, [account, organisation, duties]] of Object.entries(STAFF)) {
    await addAccount(s.data, account, organisation, duties);
    const cookie = await signIn(s, account);
    banks[who] = { cookie, call: (id, params, json) => s.call(id, params, { cookie, json }) };
  }
  await grant({ ...as, steward: banks.officer.call, head: banks.head.call }, [delivery.resource], { consent: true });
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const site = () => ({ url: `http://localhost:${s.port}` });

test("a real firm registers on its phone: what the registrations say is filled in, it types five fields", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  const { credentials } = await withPasskeys(phone);
  await enrol(phone, as.steward, firm.uscc, firm.name);
  await enter(phone);
  await phone.getByRole("tab", { name: "企业档案" }).click();
  await phone.getByText("还没有在金融服务平台注册").waitFor();
  await phone.getByRole("row", { name: new RegExp(`企业名称.*${firm.name}`) }).waitFor();
  await phone.getByRole("row", { name: new RegExp(`注册资本.*${(firm.capital_wan * 1e4).toLocaleString("en")}`) }).waitFor();
  assert.equal(await phone.locator("form.form").first().locator("input").count(), 6, "contact, mobile, and what no department knows of it");
  await inspect(phone, "financing-register");
  await phone.getByLabel("行业").fill("C13");
  for (const [name, value] of Object.entries({ "从业人员": "18", "上年营业收入": "6000000", "联系人": "王经办", "联系手机": "13807960000" })) await phone.getByLabel(name).fill(value);
  await phone.getByRole("button", { name: "注册", exact: true }).click();
  await phone.getByText("已在金融服务平台注册").waitFor();
  await phone.getByRole("heading", { name: "企业规模：微型" }).or(phone.getByRole("heading", { name: "企业规模：小型" })).waitFor();
  await quiet(phone);
  await inspect(phone, "financing-registered");
  kept = await credentials();
});

/** The firm's phone or desk, signed in on one of its pages. */
async function asFirm(t, viewport = PHONE, lang = "zh") {
  const page = await openPage(t, site(), { viewport, lang });
  const { credentials } = await withPasskeys(page, kept);
  page.own = async (path) => {
    await page.visit("/publicity"); // leaving its own pages ends the stay
    await page.visit(path);
    await page.click("form .primary");
    await page.getByRole("button", { name: lang === "zh" ? "退出" : "Sign out" }).waitFor();
    await quiet(page);
    kept = await credentials(); // its counter has gone on
  };
  return page;
}

const asBank = (t, who, viewport = DESKTOP) => openPage(t, { ...s, cookie: banks[who].cookie }, { viewport });

/** Looked at as it is, and on the other screen. */
async function both(page, name) {
  const before = page.viewportSize();
  await inspect(page, name);
  await page.setViewportSize(before.width === PHONE.width ? DESKTOP : PHONE);
  await inspect(page, name);
  await page.setViewportSize(before);
}

const idOf = (page) => new URL(page.url()).pathname.split("/").at(-1);

/** Three steps; the draft with the products that fit. */
async function drafts(phone, wan) {
  await phone.own("/financing");
  await phone.getByRole("link", { name: "新的融资需求" }).click();
  await phone.getByText("第 1 步").waitFor();
  await phone.getByLabel("金额（万元）").fill(wan);
  await both(phone, "financing-how-much");
  await phone.getByRole("button", { name: "下一步" }).click();
  await phone.getByText("采购原材料").click();
  await both(phone, "financing-what-for");
  await phone.getByRole("button", { name: "下一步" }).click();
  await phone.getByText("这是第一次向银行贷款").waitFor();
  await both(phone, "financing-who");
  await phone.getByRole("button", { name: "看哪些产品合适" }).click();
  await phone.waitForURL(/\/financing\/F-/);
  await phone.locator(".cards .met").first().waitFor({ state: "attached" });
  return idOf(phone);
}

/** Takes a step of a case: its button, what it asks, its confirmation. */
async function step(page, name, values = {}) {
  await page.locator(".steps").getByRole("button", { name, exact: true }).click();
  for (const [id, value] of Object.entries(values)) {
    if (id === "refusal") await page.selectOption(`#${id}`, value);
    else await page.fill(`#${id}`, value);
  }
  await page.locator(".steps .form .primary").click();
  await page.locator(".steps .form").waitFor({ state: "detached" });
  await quiet(page);
}

test("the firm says on its phone what it needs, sees which products fit and what is missing, and publishes", { skip }, async (t) => {
  const phone = await asFirm(t);
  await phone.own("/financing");
  await inspect(phone, "financing-none");
  await drafts(phone, "80");
  const cards = phone.locator(".cards > li");
  assert.ok((await cards.count()) >= 3);
  await phone.getByText("全部满足").first().waitFor();
  await cards.filter({ hasText: "批量担保" }).or(cards.filter({ hasText: "不明" })).first().locator("summary").click();
  await phone.locator(".met >> text=没有数据").first().waitFor();
  await phone.locator(".figures.cost >> text=年化利率").first().waitFor();
  await both(phone, "financing-matches");
  await phone.getByRole("button", { name: "发布", exact: true }).click();
  await phone.getByText("等机构接单").waitFor();
  await both(phone, "financing-published");
});

test("a bank takes it up without knowing who it is; the firm agrees, consents by passkey; looked into, granted, drawn, repaid", { skip }, async (t) => {
  const desk = await asBank(t, "officer");
  await desk.visit("/financing-desk");
  await desk.getByRole("link", { name: /80 万元/ }).waitFor();
  await both(desk, "desk-open");
  await desk.getByRole("link", { name: /80 万元/ }).click();
  await desk.getByRole("button", { name: "接单" }).waitFor();
  assert.ok(!(await desk.locator("main").textContent()).includes(firm.name), "nobody knows who it is");
  await both(desk, "desk-financing");
  const financing = idOf(desk);
  await desk.getByRole("button", { name: "接单" }).click();
  await desk.getByRole("link", { name: "本机构的办理" }).first().click();
  await desk.getByText("待企业申请").first().waitFor();
  const loan = idOf(desk);

  const phone = await asFirm(t);
  await phone.own(`/financing/${financing}`);
  await phone.getByText("1 家机构愿意办理").waitFor();
  await both(phone, "financing-agree");
  await phone.getByRole("button", { name: "同意由其办理" }).click();
  await phone.getByText("等机构受理").waitFor();

  await desk.visit(`/financing-desk/${loan}`);
  await desk.getByRole("heading", { name: firm.name }).waitFor();
  await step(desk, "受理");
  await desk.getByRole("button", { name: "请企业授权" }).waitFor();
  await both(desk, "desk-accepted");
  await desk.getByRole("button", { name: "请企业授权" }).click();
  await desk.getByText("授权书已发到").waitFor();

  await phone.own(`/financing/${financing}`);
  await phone.getByRole("heading", { name: "请您授权" }).waitFor();
  await both(phone, "financing-consent");
  await phone.getByRole("button", { name: "用通行密钥签署" }).click();
  await phone.getByText("已签署").waitFor();

  await desk.visit(`/financing-desk/${loan}`);
  await step(desk, "开始尽调");
  await desk.getByText("企业已授权").waitFor();
  await desk.getByRole("button", { name: "企业注册登记公示信息" }).click();
  await desk.locator(".answer >> text=" + firm.name).waitFor();
  await both(desk, "desk-diligence");

  const head = await asBank(t, "head", PHONE);
  await head.visit(`/financing-desk/${loan}`);
  await head.locator(".steps").getByRole("button", { name: "授信", exact: true }).click();
  await both(head, "desk-grant");
  await step(head, "授信", { rate: "4.35" });
  await head.getByText("已授信").first().waitFor();

  await phone.own(`/financing/${financing}`);
  await phone.getByRole("heading", { name: "授信比较" }).waitFor();
  await phone.getByText("4.35%/年").first().waitFor();
  await both(phone, "financing-offers");

  await desk.visit(`/financing-desk/${loan}`);
  await step(desk, "放款", { loan_no: "JJ-2026-0001" });
  await step(desk, "还款", { amount: "300000", interest: "2900" });
  await desk.getByText("300,000.00").first().waitFor();
  await both(desk, "desk-lent");
  await phone.own("/financing");
  await phone.getByText("已放款，请按期还款").waitFor();
  await both(phone, "financing-mine");
  await step(desk, "还款", { amount: "500000", interest: "4800" });
  await step(desk, "结清");
  await desk.getByText("已结清").first().waitFor();
  await phone.own(`/financing/${financing}`);
  await phone.getByText("已结清").first().waitFor();
  await both(phone, "financing-settled");

  // The platform's events are delivered, and the figures of financing have moved.
  const hub = await openPage(t, { ...s, cookie: await signIn(s, "hub-1") }, { viewport: DESKTOP });
  await hub.visit("/finance-stats");
  await hub.getByRole("button", { name: "现在交付" }).click();
  await hub.getByText(/交付了 \d+ 个事件/).waitFor();
  const lent = hub.locator(".figures dt", { hasText: /^放款$/ }).locator("xpath=following-sibling::dd");
  for (let n = 0; n < 60 && !Number(await lent.first().textContent({ timeout: 1000 }).catch(() => "0")); n++) await hub.reload().then(() => hub.waitForSelector(".figures, .note.bad"));
  assert.ok(Number(await lent.first().textContent()) >= 1, "a draw moves them");
  await hub.getByRole("row", { name: /示例银行甲/ }).first().waitFor();
  await both(hub, "finance-stats");
  await desk.visit("/financing-desk#cases");
  await desk.getByRole("link", { name: firm.name }).waitFor();
  await both(desk, "desk-cases");
});

test("refused with a reason that the firm reads with what would help, and the next bank has it without anything being typed again", { skip }, async (t) => {
  const page = await asFirm(t, DESKTOP);
  const financing = await drafts(page, "20");
  const card = page.locator(".cards > li", { hasText: "示例银行甲" }).first();
  await card.getByRole("button", { name: "只向它申请" }).click();
  await page.locator("dialog.ask .confirm-yes").click();
  await page.getByText("等机构受理").waitFor();

  const phone = await asBank(t, "officer", PHONE);
  await phone.visit("/financing-desk#board");
  await phone.getByRole("link", { name: firm.name }).first().waitFor();
  await both(phone, "desk-board");
  await phone.getByRole("link", { name: firm.name }).first().click();
  await phone.waitForSelector(".steps");
  await step(phone, "拒绝", { refusal: "03", reason: "近一年开票金额下降较多" });
  await phone.getByText("没有通过").waitFor();
  await both(phone, "desk-refused");

  await page.own(`/financing/${financing}`);
  await page.getByText("没有通过").first().waitFor();
  await page.getByText("近一年开票金额下降较多").first().waitFor();
  await page.getByText("怎样能办成").waitFor();
  await page.locator(".candidates > li").nth(1).waitFor(); // handed on
  await both(page, "financing-refused");
  const handed = (await banks.next.call("finance.cases", {})).body.items;
  assert.equal(handed.length, 1, "the next bank has it");
  const next = await asBank(t, "next", PHONE);
  await next.visit(`/financing-desk/${handed[0].id}`);
  await step(next, "受理");
  await next.getByText("已受理").first().waitFor();
});

test("the platform sees who asks and assigns with a reason, which the firm reads; in English and in the dark", { skip }, async (t) => {
  const firmPage = await asFirm(t, PHONE, "en");
  await firmPage.own("/financing/new");
  await firmPage.getByText("Step 1 of 3").waitFor();
  await firmPage.getByLabel("Amount (10,000 yuan)").fill("35");
  for (const name of ["Next", "Next", "See what fits"]) await firmPage.getByRole("button", { name, exact: true }).click(); // what was told the last time is there
  await firmPage.waitForURL(/\/financing\/F-/);
  await firmPage.locator(".cards .met").first().waitFor({ state: "attached" });
  await inspect(firmPage, "financing-matches-en");
  await firmPage.getByRole("button", { name: "Publish", exact: true }).click();
  await firmPage.getByText("Waits for an institution").waitFor();
  const financing = idOf(firmPage);

  const page = await openPage(t, { ...s, cookie: await signIn(s, "hub-1") }, { viewport: DESKTOP, lang: "en", scheme: "dark" });
  await page.visit("/financing-desk");
  await page.getByRole("cell", { name: firm.name }).first().waitFor();
  await both(page, "desk-open-all-en");
  await page.visit(`/financing-desk/${financing}`);
  await page.selectOption("#desk-product", "sample_tax");
  await page.fill("#desk-reason", "该行承接园区企业的名单内客户");
  await inspect(page, "desk-assign-en");
  await page.getByRole("button", { name: "Assign" }).click();
  await page.locator(".plainlist >> text=Sample Bank A").or(page.locator(".plainlist >> text=示例银行甲")).first().waitFor();
  await firmPage.own(`/financing/${financing}`);
  await firmPage.getByText("该行承接园区企业的名单内客户").first().waitFor();
  await inspect(firmPage, "financing-assigned-en");
  await page.visit("/financing-desk#board");
  await page.getByText("Waits for the firm").waitFor();
  await inspect(page, "desk-board-en");
});
