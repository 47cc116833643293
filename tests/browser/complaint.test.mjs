// A complaint on a phone, without an account: told, kept by number and code, answered at the desks, rated; and the desk with its list, steps, contact and figures.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { market } from "../api/deals.mjs";
import { signIn } from "../api/lib.mjs";
import { closeBrowser, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let m, operator, officer;

before(async () => {
  if (skip) return;
  m = await market(shared);
  [operator, officer] = await Promise.all([signIn(m.s, "hub-1"), signIn(m.s, "a-1")]);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const step = async (page, name, reason) => {
  await page.click(`.steps button >> text="${name}"`);
  if (reason) await page.fill("#reason", reason);
  await page.click(".steps form button[type=submit]");
  await page.waitForSelector(".steps form", { state: "detached" });
};

test("on a phone: about a product, told, number and code kept; answered, reopened, mediated and rated", { skip }, async (t) => {
  const phone = await openPage(t, { ...m.s, cookie: undefined }, { viewport: PHONE });
  await phone.visit("/products/sample_tax");
  await phone.click("main a[href^='/complain?']");
  await phone.waitForSelector("#product option:checked >> nth=0", { state: "attached" });
  assert.deepEqual([await phone.inputValue("#organisation"), await phone.inputValue("#product")], ["FI001", "sample_tax"]);
  await phone.selectOption("#kind", "03");
  await phone.fill("#text", "宣传年利率3%，实际收了5%，合同里没有说明。");
  await phone.fill("#name", "郑某某");
  await phone.fill("#phone", "13912345678");
  await inspect(phone, "complain");
  await phone.click("button[type=submit]");
  await phone.waitForSelector("#made-code");
  const id = await phone.textContent("#made-number"), code = await phone.textContent("#made-code");
  assert.match(code, /^\w{4}-\w{4}-\w{4}$/);
  await inspect(phone, "complain-made");
  await phone.click("button >> text=查看这件投诉");
  await phone.waitForSelector("article.panel >> text=已收到");

  const desk = await openPage(t, { ...m.s, cookie: operator });
  await desk.visit("/complaints");
  await desk.click(`tr:has-text("${id}") a`);
  await desk.waitForSelector(".steps");
  assert.ok(!(await desk.textContent("main")).includes("13912345678"));
  await inspect(desk, "complaint-desk");
  await step(desk, "受理并转金融机构");
  const bank = await openPage(t, { ...m.s, cookie: officer });
  await bank.visit(`/complaints/${id}`);
  await bank.click("button >> text=查看联系方式");
  await bank.waitForSelector("a[href='tel:13912345678']");
  await step(bank, "答复投诉人", "已按宣传的利率重算。");

  // another day, on another phone: by number and code
  const again = await openPage(t, { ...m.s, cookie: undefined }, { viewport: PHONE });
  await again.visit("/complain");
  await again.click("[role=tab] >> nth=1");
  await again.fill("#number", id);
  await again.fill("#code", "AAAA-AAAA-AAAA");
  await again.click("button[type=submit]");
  await again.waitForSelector(".note.bad");
  await again.fill("#code", code.toLowerCase());
  await again.click("button[type=submit]");
  await again.waitForSelector("text=已按宣传的利率重算。");
  assert.ok(!again.url().includes(id) && !again.url().includes(code));
  await step(again, "不满意，请平台调解", "只退了一半");
  await desk.reload();
  await step(desk, "作出调解意见", "余款三日内退回。");
  await again.click("button >> text=查另一件");
  await again.fill("#number", id);
  await again.fill("#code", code);
  await again.click("button[type=submit]");
  await again.click(`.steps button >> text="评价并办结"`);
  await again.click("text=4 满意");
  await again.fill("#words", "最后解决了");
  await inspect(again, "complain-rate");
  await again.click(".steps form button[type=submit]");
  await again.waitForSelector("article.panel >> text=已办结");
  const { body } = await m.as.operator("complaint.show", { id });
  assert.deepEqual([body.rating, body.rating_words], [4, "最后解决了"]);
});

test("the desk: figures as tiles, bars and a table, by what one chooses; on a phone too", { skip }, async (t) => {
  for (const kind of ["01", "01", "02", "09"]) {
    const more = kind === "09" ? {} : { organisation: "FI001" };
    assert.equal((await m.s.call("complaint.add", {}, { anonymous: true, json: { kind, text: "说明不清，收费不明。", name: "某人", phone: "0796-8200000", ...more } })).status, 201);
  }
  for (const viewport of [undefined, PHONE]) {
    const page = await openPage(t, { ...m.s, cookie: operator }, viewport && { viewport });
    await page.visit("/complaints");
    await page.selectOption("#cpl-by", "kind");
    await page.waitForSelector("tbody >> text=催收行为 >> visible=true");
    await quiet(page);
    await page.waitForSelector(".panel canvas, .panel svg");
    await inspect(page, "complaints");
  }
  const bank = await openPage(t, { ...m.s, cookie: officer }, { lang: "en" });
  await bank.visit("/complaints");
  await bank.waitForSelector("text=fewer than 3");
  await bank.selectOption("#cpl-own", "Y");
  await quiet(bank);
  await inspect(bank, "complaints-bank");
});
