// A farmer, who is a natural person with a phone: what each department holds of them, who looked, a consent given and withdrawn, an objection to a
// wrong record and what becomes of it; and the same at a desk.  Identifiers stay masked on every page of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { county, granted, PURPOSE } from "../api/rural.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip, withPasskeys } from "./lib.mjs";
import { enrol, enter, tab, whole } from "./subject.mjs";

const SERVICE = "rural_planting";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let s, as, bank, farmer, kept;

before(async () => {
  if (skip) return;
  ({ s, as, bank, truth: [farmer] } = await county(shared, { looks_commit_s: 1 }));
  await granted(as, [SERVICE]);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const site = () => ({ url: `http://localhost:${s.port}` });
const query = () => bank.call("service.query", { name: SERVICE }, { subject: farmer.holder_id_no, officer: "0796-118" });
const day = (ms) => new Date(Date.now() + ms).toISOString().slice(0, 10);

async function unseen(page) {
  assert.doesNotMatch(await page.locator("main").textContent(), new RegExp(farmer.holder_id_no), "the whole number is nowhere");
}

test("a farmer on a phone: a consent given, who looked, what is held by whom, an objection, its decision, the consent withdrawn", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  const { credentials } = await withPasskeys(phone);
  await enrol(phone, as.steward, farmer.holder_id_no, farmer.holder_name, "self", "柜面核验居民身份证");
  assert.equal((await query()).body.error.condition, "consent", "nothing is told before");
  await enter(phone);
  await tab(phone, 2);
  const offer = (await as.steward("consent.ask", {}, { subject: farmer.holder_id_no, subject_title: farmer.holder_name, resources: [SERVICE], purpose: PURPOSE, until: day(9e9), uses: 5 })).body;
  await phone.waitForSelector(".waiting .letter");
  assert.equal(await phone.locator(".waiting .letter").textContent(), offer.text);
  await inspect(phone, "farmer-offer");
  await phone.click(".waiting form .primary");
  await phone.waitForSelector(`.active li >> text=${PURPOSE}`);
  await inspect(phone, "farmer-consents");
  const answer = await query();
  assert.equal(answer.status, 200, answer.text);

  await enter(phone);
  await phone.waitForSelector("ol.candidates > li >> nth=1");
  assert.match(await phone.locator("ol.candidates > li").first().textContent(), /0796-118/);
  assert.match(await whole(phone), /次查看一次也没有漏掉/);
  await inspect(phone, "farmer-looks");
  await tab(phone, 1);
  await phone.waitForSelector(".department >> nth=1");
  await unseen(phone);
  await inspect(phone, "farmer-records");

  const planted = phone.locator(".group", { hasText: "种植信息" }).locator("details.object").first();
  await planted.locator("summary").click();
  await planted.locator("label:has-text('播种面积'), label:has-text('面积')").first().click();
  await planted.locator("textarea").fill("今年只种了八亩，多报了");
  await inspect(phone, "farmer-object");
  await planted.locator(".primary").click();
  await phone.waitForSelector(".group .note.fine >> text=已提出");
  await phone.click(".group .note.fine button");
  await phone.waitForSelector(".objections li >> text=今年只种了八亩");
  await unseen(phone);
  await inspect(phone, "farmer-objections");
  assert.match((await query()).text, /disputed/, "the bank is told that it is in doubt");
  const [{ id, record }] = (await as.operator("objections.list")).body.items;
  assert.doesNotMatch(record, new RegExp(farmer.holder_id_no), "the platform sees no identity number");
  assert.match((await as.JA016("objection.show", { id })).body.record, new RegExp(farmer.holder_id_no), "its source must find the record");
  assert.equal((await as.JA016("objection.act", { id }, { action: "correct", reason: "经实地测量确有误，责成更正" })).status, 200);
  await enter(phone);
  await tab(phone, 3);
  await phone.waitForSelector(".objections li >> text=经实地测量确有误");
  await inspect(phone, "farmer-found-wrong");

  await tab(phone, 2);
  await phone.click(".active .withdraw");
  await phone.waitForSelector(".withdrawing .letter");
  await phone.click(".withdrawing form .primary");
  await phone.waitForSelector(".note.fine >> text=已撤回");
  assert.equal((await query()).body.error.condition, "consent");
  await inspect(phone, "farmer-withdrawn");
  kept = await credentials();
});

test("the same farmer at a desk", { skip }, async (t) => {
  const page = await openPage(t, site(), { viewport: DESKTOP });
  await withPasskeys(page, kept);
  await enter(page);
  await page.waitForSelector("ol.candidates > li >> nth=1");
  await inspect(page, "farmer-looks-desk");
  for (const [n, name, shows] of [[1, "records", ".department >> nth=1"], [2, "consents", ".empty"], [3, "objections", ".objections li"]]) {
    await tab(page, n);
    await page.waitForSelector(shows);
    await unseen(page);
    await inspect(page, `farmer-${name}-desk`);
  }
});
