// What the main journey of financing.test.mjs passes by: an institution invites, a loan is late, is cured and goes bad, nothing is left to be drawn, a firm changes its
// draft; and data that were bought, with their terms on the page of the resource and what they cost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { client, grant } from "../api/bank.mjs";
import { FIRM, firmOf, market } from "../api/deals.mjs";
import { signIn, until } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip, withPasskeys } from "./lib.mjs";
import { enrol } from "./subject.mjs";

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
const day = (n) => new Date(Date.now() + n * 864e5 + 8 * 36e5).toISOString().slice(0, 10);
const WISH = { mode: "matched", amount_fen: 30_000_000, term_months: 12, purpose: "01", rate_most: "5.5", first_loan: true };
let m, s, as, firm;

before(async () => {
  if (skip) return;
  m = await market(shared);
  ({ s, as } = m);
  firm = await firmOf(m);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const ok = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.body);
const desk = async (t, account, viewport = DESKTOP) => openPage(t, { ...s, cookie: await signIn(s, account) }, { viewport });
async function both(page, name) {
  for (const viewport of [PHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    await inspect(page, name);
  }
}
/** Takes a step: its button, what it asks, its confirmation. */
async function step(page, name, values = {}) {
  await page.locator(".steps").getByRole("button", { name, exact: true }).click();
  for (const [id, value] of Object.entries(values)) await page.fill(`#${id}`, value);
  await page.locator(".steps .form .primary").click();
  await page.locator(".steps .form").waitFor({ state: "detached" });
  await quiet(page);
}
const steps = (page) => page.locator(".steps .buttons button").allTextContents();

test("an institution invites whom its product fits, without a name; the firm agrees", { skip }, async (t) => {
  const { id } = ok(await firm("me.financing.add", {}, WISH), 201);
  ok(await firm("me.financing.act", { id }, { action: "publish" }));
  const page = await desk(t, "b-1");
  await page.visit(`/financing-desk/${id}`);
  await page.selectOption("#desk-product", "sample_first");
  assert.ok(!(await page.locator("main").textContent()).includes("甲公司"), "nobody knows who it is");
  await both(page, "desk-invite");
  await page.getByRole("button", { name: "邀请", exact: true }).click();
  await page.getByRole("link", { name: "本机构的办理" }).first().click();
  await page.getByText("待企业申请").first().waitFor();
  const mine = ok(await firm("me.financing", { id }));
  assert.deepEqual([mine.waits, mine.cases[0].way], [1, "invited"]);
  ok(await firm("me.financing.act", { id }, { action: "withdraw" }));
});

test("a loan is drawn in parts until nothing is left, is late, is cured, and goes bad by another person's word", { skip }, async (t) => {
  const { id: financing } = ok(await firm("me.financing.add", {}, { ...WISH, mode: "direct", product: "sample_first" }), 201);
  const { id } = ok(await firm("me.financing.act", { id: financing }, { action: "publish" })).cases[0];
  const act = async (who, action, more = {}) => ok(await as[who]("finance.case.act", { id }, { action, ...more }));
  await act("b-1", "accept");
  await firm.consents(as["b-1"]);
  await act("b-1", "investigate");
  await act("b-2", "grant", { amount_fen: 20_000_000, rate: "4.35", term_months: 12, valid_until: day(30) });

  const page = await desk(t, "b-1");
  await page.visit(`/financing-desk/${id}`);
  await step(page, "放款", { loan_no: "J-1", amount: "150000" });
  assert.ok((await steps(page)).includes("再次放款"), "a part is left");
  await step(page, "再次放款", { loan_no: "J-2", amount: "50000" });
  assert.ok(!(await steps(page)).includes("再次放款"), "nothing is left to be drawn");
  assert.equal((await as["b-1"]("finance.case.act", { id }, { action: "draw", amount_fen: 1, loan_no: "J-3", due_day: day(60) })).status, 422);

  await page.locator(".steps").getByRole("button", { name: "逾期", exact: true }).click();
  await both(page, "desk-overdue");
  await step(page, "逾期", { overdue_days: "15" });
  await page.getByText("逾期").first().waitFor();
  await step(page, "更新逾期天数", { overdue_days: "31" });
  await step(page, "恢复正常");
  assert.ok((await steps(page)).includes("结清"));
  await step(page, "逾期", { overdue_days: "95" });
  assert.ok(!(await steps(page)).includes("转为不良"), "not by who handles it");
  const head = await desk(t, "b-2", PHONE);
  await head.visit(`/financing-desk/${id}`);
  await step(head, "转为不良", { amount: "180000", reason: "企业停产，抵押物处置中" });
  await head.getByText("企业停产，抵押物处置中").waitFor();
  await both(head, "desk-bad");
  const now = ok(await as["b-1"]("finance.case", { id }));
  assert.deepEqual([now.code, now.drawn_fen, now.history.map((h) => h.to).slice(-4)], ["81", 20_000_000, ["overdue", "repaying", "overdue", "bad"]]);
  await page.visit(`/financing-desk/${id}`);
  await step(page, "追回", { amount: "20000", interest: "0" });
  await page.getByText("20,000.00").first().waitFor();
});

test("a firm changes its draft on its phone before anybody sees it", { skip }, async (t) => {
  const { id } = ok(await firm("me.financing.add", {}, WISH), 201);
  const phone = await openPage(t, { url: `http://localhost:${s.port}` }, { viewport: PHONE });
  await withPasskeys(phone);
  await enrol(phone, as.steward, FIRM, "甲公司");
  await phone.visit(`/financing/${id}`);
  await phone.click("form .primary");
  await phone.getByRole("link", { name: "修改" }).click();
  await phone.getByText("第 1 步").waitFor();
  assert.equal(await phone.getByLabel("金额（万元）").inputValue(), "30", "what was said is there");
  await phone.getByLabel("金额（万元）").fill("45");
  for (let n = 0; n < 2; n++) await phone.getByRole("button", { name: "下一步" }).click();
  await inspect(phone, "financing-change");
  await phone.locator("form .primary").last().click();
  await phone.waitForURL(new RegExp(`/financing/${id}$`));
  await phone.getByText("45 万元").first().waitFor();
  const changed = ok(await firm("me.financing", { id }));
  assert.deepEqual([changed.state, changed.wanted.amount_fen], ["draft", 45_000_000]);
  assert.equal(ok(await firm("me.financings", {})).items.filter((f) => f.state === "draft").length, 1, "the same one");
});

test("bought data: terms are stated on the resource's page, hold at once, and what they cost is a table", { skip }, async (t) => {
  const BOUGHT = "enterprise_registration";
  await grant(as, [`${BOUGHT}:uscc enterprise_name`]);
  const bank = await client(s, as);
  const page = await desk(t, "hub-1");
  await page.visit(`/resources/${BOUGHT}`);
  await page.getByRole("button", { name: "登记新的许可" }).click();
  for (const [id, value] of Object.entries({ supplier: "示例数据公司", contract: "HT-2026-1", from: day(-1), until: day(60), call_fen: "0.5", month_fen: "100", budget_fen: "100.20", note: "样例" })) await page.fill(`#${id}`, value);
  await both(page, "licence-form");
  await page.locator("form.form", { has: page.locator("#supplier") }).locator(".primary").click();
  await page.getByText("限于").or(page.getByText("不限场景")).first().waitFor();
  assert.equal((await bank.call("service.query", { name: BOUGHT }, { subject: FIRM })).status, 200);
  assert.equal((await bank.call("service.batch", { name: BOUGHT }, { keys: [FIRM] })).status, 403, "only what was ticked");
  await until("the call is read back from the journal", () => as.operator("licence.show", { name: BOUGHT }), (r) => r.body.spent_fen === 10_050);
  await page.reload();
  await page.getByText("已超出本月预算").waitFor();
  await both(page, "licence-terms");
  await page.visit("/finance#commercial");
  await page.getByRole("tab", { name: "商业来源" }).click();
  await page.locator("section", { has: page.locator("#cost-month") }).getByRole("row", { name: /100\.50/ }).waitFor();
  await both(page, "licence-costs");
});
