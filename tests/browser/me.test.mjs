// A subject on its phone, and later at a desk: consents given and withdrawn with its passkey, who looked, whether that list is whole (checked
// by the browser itself, and found out when it is not), and what the departments have on record.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { client, grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { luling, signIn, tempDir, until } from "../api/lib.mjs";
import { firms, OTHER } from "../api/modelfirms.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip, withPasskeys } from "./lib.mjs";
import { enrol, enter, tab, whole } from "./subject.mjs";

const SAMPLE = "91360802YL0000397L";
const NOBODY = "91350100M000100Y43"; // of whom no department has a record
const TITLE = "吉安示例有限公司";
const SERVICE = "enterprise_registration";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, bank, kept;

before(async () => {
  if (skip) return;
  const { deliveries } = demoFiles(shared);
  server = await serveDemo(shared, { settings: { looks_commit_s: 1 } });
  for (const resource of [SERVICE, "annual_report", "tax_rating"]) await deliver(server, deliveries.find((d) => d.resource === resource));
  as = await people(server);
  bank = await client(server, as);
  await grant(as, [`${SERVICE}:uscc enterprise_name`], { consent: true });
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const site = () => ({ url: `http://localhost:${server.port}` });
const query = (more = {}) => bank.call("service.query", { name: SERVICE }, { subject: SAMPLE, ...more });
const day = (ms) => new Date(Date.now() + ms).toISOString().slice(0, 10);
const ask = async () => (await as.steward("consent.ask", {}, { subject: SAMPLE, subject_title: TITLE, resources: [`${SERVICE}:uscc,enterprise_name`], purpose: "小微企业贷前调查", until: day(9e9), uses: 5 })).body;

test("a subject comes in with its passkey on a phone, signs what waits, sees who looked, and that none was left out", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  const { credentials } = await withPasskeys(phone);
  await phone.visit("/me");
  await inspect(phone, "me-begin");
  await enrol(phone, as.steward, SAMPLE, TITLE);
  assert.equal((await query()).status, 403, "no consent yet");
  await enter(phone);
  await until("a first check", async () => {
    await phone.waitForSelector(".completeness:not([aria-busy=true])");
    if (!(await phone.locator(".completeness .note.fine").count())) await phone.click(".completeness button >> nth=0");
    return phone.locator(".completeness .note.fine").count();
  }, (n) => n === 1, 60_000);
  await phone.click(".completeness summary");
  await phone.waitForSelector(".completeness >> text=第一次核对");
  await tab(phone, 2);
  await phone.waitForSelector(".empty >> text=现在没有等您签署的授权书");
  await inspect(phone, "me-consents-none");
  const offer = await ask();
  await phone.waitForSelector(".waiting .letter"); // it asks again by itself
  assert.equal(await phone.locator(".waiting .letter").textContent(), offer.text, "exactly the text that is signed");
  await inspect(phone, "me-offer");
  await phone.click(".waiting form .primary");
  await phone.waitForSelector(".note.fine >> text=已签署");
  await phone.waitForSelector(".active li >> text=小微企业贷前调查");
  await inspect(phone, "me-consents");
  assert.equal((await query({ officer: "0796-118" })).status, 200);

  await enter(phone);
  await phone.waitForSelector("ol.candidates > li >> nth=1");
  await phone.waitForSelector("ol.candidates > li >> text=统一社会信用代码");
  const cards = await phone.locator("ol.candidates > li").allTextContents();
  assert.match(cards[0], /查询[\s\S]*统一社会信用代码[\s\S]*小微企业贷前调查[\s\S]*0796-118/);
  assert.match(cards[1], /被拒绝[\s\S]*没有您的授权书/);
  assert.match(await whole(phone), /2 次查看一次也没有漏掉/); // it checks again by itself, so that a later look may find it at that
  await phone.click(".completeness summary");
  await phone.waitForSelector(".completeness >> text=上次核对时相同");
  await phone.click("ol.candidates > li:first-child summary");
  await phone.waitForSelector("ol.candidates > li:first-child >> text=已在核对过的清单内");
  await inspect(phone, "me-looks");
  const [file] = await Promise.all([phone.waitForEvent("download"), phone.click("text=保存核对文件")]);
  assert.equal(JSON.parse(readFileSync(await file.path(), "utf8")).format, "luling-looks/v1");
  await phone.click("button.lang");
  await phone.waitForSelector("[role=tab] >> text=Looks");
  await inspect(phone, "me-looks-en");
  kept = await credentials();
});

test("at a desk it sees what the departments have on record, which is a look like any other", { skip }, async (t) => {
  const page = await openPage(t, site(), { viewport: DESKTOP });
  const { credentials } = await withPasskeys(page, kept);
  await enter(page);
  await tab(page, 1);
  await page.waitForSelector(".department >> nth=1");
  const departments = await page.locator(".department > h2").allTextContents();
  const truth = (await as.operator("subject.show", { id: SAMPLE })).body.subject.groups;
  assert.deepEqual([...new Set(departments)].sort(), [...new Set(truth.map((g) => g.provider_name))].sort());
  assert.match(await page.locator(".group header").first().textContent(), /\d 条 · 最近发布/);
  await inspect(page, "me-records");
  await page.keyboard.press("Shift+Tab");
  await page.locator("[role=tab][aria-selected=true]").focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForSelector("ol.candidates > li");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-selected")), "true", "the arrows move between the parts");
  await page.reload();
  await page.waitForSelector("form .primary");
  assert.equal(await page.locator("ol.candidates").count(), 0, "the sign-in ends with the page");
  await page.click("form .primary");
  await page.waitForSelector("ol.candidates > li >> text=您本人");
  await whole(page);
  await page.click(".completeness summary");
  await page.waitForSelector(".completeness >> text=与这台设备上次核对时相同");
  await inspect(page, "me-looks-desk");
  await page.click(".buttons >> text=退出");
  await page.waitForSelector("form .primary");
  kept = await credentials(); // its counter has gone on
});

test("it objects to a record that is wrong, follows it to its decision, and whoever asks meanwhile is told", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  const { credentials } = await withPasskeys(phone, kept);
  await enter(phone);
  await tab(phone, 1);
  await phone.waitForSelector(".department");
  const record = phone.locator(".group", { hasText: "企业登记" }).locator(".object");
  await record.locator("summary").click();
  await inspect(phone, "me-object");
  await record.locator("label:has-text('企业名称')").click();
  await record.locator("textarea").fill("名称已于去年变更，住所迁至井冈山大道1号");
  await record.locator(".primary").click();
  await phone.waitForSelector(".group .note.fine >> text=已提出");
  await phone.click(".group .note.fine button");
  await phone.waitForSelector(".objections li >> text=井冈山大道");
  await phone.waitForSelector("[role=tab][aria-selected=true] small >> text=1");
  await inspect(phone, "me-objections");
  const answer = await query();
  assert.equal(answer.status, 200, answer.text);
  assert.match(JSON.stringify(answer.body), /disputed/, "the bank is told");
  const [{ id }] = (await as.operator("objections.list")).body.items;
  assert.equal((await as.market("objection.act", { id }, { action: "uphold", reason: "登记机关尚未收到变更申请" })).status, 200);
  await phone.reload();
  await phone.click("form .primary");
  await phone.waitForSelector(".objections li >> text=登记机关尚未收到变更申请");
  await inspect(phone, "me-objection-upheld");
  kept = await credentials();
});

test("a list from which a look was taken, or that is another's, is called wrong", { skip }, async (t) => {
  const page = await openPage(t, site(), { viewport: PHONE, scheme: "dark" });
  const { credentials } = await withPasskeys(page, kept);
  await enter(page);
  await whole(page);
  await page.route("**/v1/me/looks/proof?*", async (route) => {
    const reply = await route.fetch(), json = await reply.json();
    json.looks.splice(1, 1);
    json.total--;
    await route.fulfill({ response: reply, json });
  });
  await page.click(".completeness button >> nth=0");
  await page.waitForSelector(".completeness .note.bad >> text=清单与日志中的承诺不符");
  await inspect(page, "me-wrong");
  await page.unroute("**/v1/me/looks/proof?*");
  await page.evaluate(() => {
    const [name] = Object.keys(localStorage).filter((k) => k.startsWith("luling.looks."));
    localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), subject: "A".repeat(43) }));
  });
  await page.click(".completeness button >> nth=0");
  await page.waitForSelector(".completeness .note.bad >> text=这是主体");
  kept = await credentials();
});

test("another portal is signed in to with the passkey, after it is said what it would learn; a refusal goes back, too", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  const { credentials } = await withPasskeys(phone, kept);
  const back = `${site().url}/open`;
  const admin = await openPage(t, { ...server, cookie: await signIn(server, "sys-1") }, { viewport: DESKTOP });
  await admin.visit("/admin");
  await admin.click("summary >> text=门户的返回地址");
  await admin.fill("#portal-id", bank.id);
  await admin.fill("#portal-uris", back);
  await admin.click("details[open] form .primary");
  await admin.waitForSelector(`.note.fine >> text=${back}`);
  await inspect(admin, "admin-portal");
  const ask = (more = {}) => `/authorize?${new URLSearchParams({ client_id: bank.id, redirect_uri: back, response_type: "code", scope: "openid profile", state: "s1", nonce: "n1", code_challenge: "A".repeat(43), code_challenge_method: "S256", ...more })}`;
  await phone.visit(ask());
  await phone.waitForSelector("h1 >> text=登录其他门户");
  await phone.waitForSelector(".panel li >> text=名称（姓名）和主体类型");
  await inspect(phone, "authorize");
  await phone.click("text=不同意，返回该门户");
  await phone.waitForURL((url) => url.pathname === "/open" && url.searchParams.get("error") === "access_denied" && url.searchParams.get("state") === "s1");
  await phone.visit(ask({ scope: "profile" }));
  await phone.waitForSelector(".note.bad >> text=invalid_scope");
  await inspect(phone, "authorize-wrong");
  await phone.visit(ask());
  await phone.click("form .primary");
  await phone.waitForURL((url) => url.pathname === "/open" && url.searchParams.get("code")?.length === 43);
  await enter(phone);
  await phone.waitForSelector("section >> text=登录 1 次");
  await inspect(phone, "me-portals");
  kept = await credentials();

  const desk = await openPage(t, site(), { viewport: DESKTOP, lang: "en", scheme: "dark" });
  await desk.visit(ask());
  await desk.waitForSelector("h1 >> text=Sign in to another portal");
  await inspect(desk, "authorize-en");
});

test("a consent is withdrawn with the passkey, under the text of the withdrawal, and holds no more", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE, lang: "en" });
  const { credentials } = await withPasskeys(phone, kept);
  await enter(phone);
  await tab(phone, 2);
  await phone.click(".active .withdraw");
  await phone.waitForSelector(".withdrawing .letter");
  assert.match(await phone.locator(".withdrawing .letter").textContent(), /撤回/);
  await inspect(phone, "me-withdraw-en");
  await phone.click(".withdrawing >> text=Keep it");
  assert.equal((await query()).status, 200, "nothing has happened");
  await phone.click(".active .withdraw");
  await phone.click(".withdrawing form .primary");
  await phone.waitForSelector(".note.fine >> text=is withdrawn");
  await phone.waitForSelector(".empty >> text=No consent holds");
  assert.equal((await query()).body.error.condition, "consent");
  await inspect(phone, "me-withdrawn-en");
  kept = await credentials();
});

test("an enterprise registers with two fields, the rest is filled in from departments, and sees its size class", { skip }, async (t) => {
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", server.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const phone = await openPage(t, site(), { viewport: PHONE });
  await withPasskeys(phone, kept);
  await enter(phone);
  await phone.click("[role=tab] >> text=企业档案");
  await phone.waitForSelector("main h2 >> text=企业规模：微型");
  assert.equal(await phone.locator("form:has(#firm-contact_name) input").count(), 2, "nothing is asked that departments know");
  await inspect(phone, "me-enterprise");
  await phone.fill("#firm-contact_name", "甲某");
  await phone.fill("#firm-contact_mobile", "123");
  await phone.click("main form .primary");
  await phone.waitForSelector(".note.bad >> text=联系手机");
  await phone.fill("#firm-contact_mobile", "13800000000");
  await phone.click("main form .primary");
  await phone.waitForSelector(".note.fine >> text=已在金融服务平台注册");
  await inspect(phone, "me-enterprise-registered");
  await phone.click("button >> text=匹配产品");
  await phone.waitForSelector(".card h3");
  await phone.waitForSelector(".card li >> text=纳税信用级别不为 D");
  await phone.waitForSelector(".card .badge >> text=条不明");
  await inspect(phone, "me-products");
});

test("of whom nobody has a record and at whom nobody looked, the page says so, and that this is proved", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  await withPasskeys(phone);
  await enrol(phone, as.steward, NOBODY, "乙公司");
  await enter(phone);
  await phone.waitForSelector(".empty >> text=还没有人查询过");
  await whole(phone);
  await phone.waitForSelector(".completeness >> text=没有人查过您的数据");
  await inspect(phone, "me-nobody");
  await tab(phone, 1);
  await phone.waitForSelector(".empty >> text=各部门都没有您的记录");
});

const MODEL = `row,indicator,is,from,to,value,points,result,limit_min,limit_max,reason,words,words_en
base,,,,,,100,,,,,,
band,years_in_business,range,,60,,50,,,,SHORT,,
band,years_in_business,range,60,,,300,,,,,,
band,years_in_business,missing,,,,0,,,,SHORT,,
cut,,,300,,,,pass,10,50,,,
cut,,,,,,,refer,,,,,
reason,,,,,,,,,,SHORT,经营年限短,Short time in business
`;

test("a bank puts a model to use with two people; a firm tries it, delegates to a person, who acts for it on a phone until that ends", { skip }, async (t) => {
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", server.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const desk = await openPage(t, { url: server.url, cookie: await signIn(server, "icbc-1") });
  await desk.visit("/models");
  await desk.waitForSelector(".empty >> text=还没有模型");
  const upload = async (text) => {
    await desk.locator("details:has(#model-file)").evaluate((d) => (d.open = true));
    await desk.fill("#model-name", "card");
    await desk.fill("#model-title", "小微信用分");
    await desk.fill("#model-product", "sample_tax");
    await desk.check("#model-open");
    await desk.setInputFiles("#model-file", { name: "card.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await desk.click("form:has(#model-file) .primary");
  };
  await upload(MODEL.replace("cut,,,300", "cut,,,x"));
  await desk.waitForSelector("text=有 1 处错误");
  await inspect(desk, "models-faults");
  await upload(MODEL);
  await desk.waitForSelector(".note.fine >> text=待本机构另一人启用");
  const head = await openPage(t, { url: server.url, cookie: await signIn(server, "icbc-2") }, { viewport: PHONE });
  await head.visit("/models");
  await head.click("main button >> text=小微信用分");
  await head.click("button >> text=查看内容");
  await head.waitForSelector("pre >> text=经营年限短");
  await head.click(".steps button >> text=启用");
  await head.click(".steps form .primary");
  await head.waitForSelector("td .badge >> text=启用");
  await inspect(head, "models");
  await desk.visit("/models");
  await desk.fill("#run-subjects", SAMPLE);
  await desk.click("form:has(#run-subjects) .primary");
  await desk.waitForSelector("text=企业没有就“贷前预审”授权本机构");
  await inspect(desk, "models-run");

  const visitor = await openPage(t, site());
  await visitor.visit("/products/sample_tax");
  await visitor.waitForSelector("h2 >> text=预审：我能通过吗");
  const firm = await openPage(t, site());
  await withPasskeys(firm);
  await enrol(firm, as.steward, SAMPLE, TITLE);
  await enter(firm);
  await firm.click("[role=tab] >> text=企业档案");
  await firm.click("button >> text=试做“小微信用分”的预审");
  await firm.waitForSelector(".note.fine >> text=转人工");
  await firm.waitForSelector(".card >> text=经营年限短");
  await firm.locator("details:has(#staff-until)").evaluate((d) => (d.open = true));
  await firm.fill("#staff-until", day(9e9));
  await firm.fill("#staff-note", "财务王会计");
  await firm.check("#staff-precheck");
  await firm.check("#staff-financing");
  await firm.click("form:has(#staff-until) .primary");
  const url = await firm.locator("details:has(#staff-until) code.address").textContent();
  await inspect(firm, "me-staff");

  const staff = await openPage(t, site(), { viewport: PHONE });
  await withPasskeys(staff);
  await enrol(staff, as.steward, OTHER, "王示例", "self");
  await staff.goto(url);
  await staff.click("form .primary");
  await staff.waitForSelector("#firm-code");
  assert.equal(await staff.inputValue("#firm-code"), url.split("#firm=")[1]);
  await staff.click("form:has(#firm-code) .primary");
  await staff.waitForSelector(".note.fine >> text=已接受");
  await inspect(staff, "me-firms");
  await staff.click("button >> text=为其办理");
  await staff.waitForSelector(".note >> text=正在为");
  await staff.waitForSelector("#firm-contact_name");
  assert.equal(await staff.locator("#staff-until").count(), 0, "who acts does not delegate");
  await inspect(staff, "me-acting");
  await staff.click("a >> text=去办融资");
  await staff.click("main button >> text=为其办理");
  await staff.waitForSelector(".empty >> text=还没有融资需求");
  await inspect(staff, "financing-acting");
  await staff.goBack();
  await staff.click("[role=tab] >> text=受托企业");
  await staff.click("button >> text=为其办理");
  await staff.waitForSelector("#firm-contact_name");
  await firm.click("[role=tab] >> text=授权");
  await firm.click("[role=tab] >> text=企业档案");
  await firm.click("tr:has-text('财务王会计') button >> text=终止");
  await firm.click("dialog button >> text=终止");
  await firm.waitForSelector("tr:has-text('财务王会计') >> text=已终止");
  await staff.fill("#firm-contact_name", "王示例");
  await staff.fill("#firm-contact_mobile", "13800000001");
  await staff.click("form:has(#firm-contact_name) .primary");
  await staff.waitForSelector(".note.bad >> text=已终止");
});

test("the model kit draws what all firms come to, for a bank, from a study that an operator opened", { skip }, async (t) => {
  const made = firms(tempDir(t), 150);
  const run = async () => JSON.parse((await luling(["indicator", "run", "-d", server.data, "--json"])).out).id;
  await deliver(server, { resource: "enterprise_registration", path: made.files[0][1] });
  const features = await run();
  await deliver(server, { resource: "finance_loan", path: made.loans() });
  const outcome = await run();
  const hub = await openPage(t, { url: server.url, cookie: await signIn(server, "hub-1") });
  await hub.visit("/models#kit");
  await hub.waitForSelector("text=还没有开设建模数据期");
  await hub.locator("details:has(#study-features)").evaluate((d) => (d.open = true));
  await hub.fill("#study-features", features);
  await hub.fill("#study-outcome", outcome);
  await hub.click("form:has(#study-features) .primary");
  await hub.waitForSelector(".figures >> text=特征截至");
  await inspect(hub, "kit-study");
  for (const viewport of [DESKTOP, PHONE]) {
    const desk = await openPage(t, { url: server.url, cookie: await signIn(server, "icbc-1") }, { viewport });
    await desk.visit("/models#kit");
    await desk.waitForSelector("#kit-indicator option[value=registered_capital]", { state: "attached" });
    await desk.selectOption("#kit-indicator", "registered_capital");
    await desk.click("form:has(#kit-indicator) .primary");
    await desk.waitForSelector(".figures >> text=信息值");
    await desk.waitForSelector(".chart canvas");
    await inspect(desk, "kit-binning");
    await desk.click("button >> text=交叉表");
    await desk.selectOption("#kit-indicator", "registered_capital");
    await desk.selectOption("#kit-other", "years_in_business");
    await desk.click("form:has(#kit-indicator) .primary");
    await desk.waitForSelector("main table >> text=以上");
    await inspect(desk, "kit-cross");
  }
});
