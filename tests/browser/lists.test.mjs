// Lists of reward and punishment: a steward proposes an entry by a document, the head decides and takes it off again; what was done is shown as a picture.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signIn } from "../api/lib.mjs";
import { platform, some } from "../api/penalties.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let h, subject;

before(async () => {
  if (skip) return;
  h = await platform(shared);
  subject = (await some(h.bank))[0].uscc;
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("an entry is proposed by a document, decided by somebody else, and taken off with its basis", { skip }, async (t) => {
  const page = await openPage(t, { ...h.s, cookie: await signIn(h.s, "source") });
  await page.visit("/lists");
  await page.waitForSelector(".empty >> text=没有条目");
  await page.click("summary >> text=提出列入名单");
  await page.selectOption("#list", "market");
  for (const [id, text] of [["subject", subject], ["subject_title", "甲公司"], ["document", "吉市监列严〔2026〕1号"], ["reason", "提交虚假材料取得登记"], ["legal_basis", "《严重失信主体名单管理办法》第八条"], ["decided_on", "2026-06-30"]])
    await page.fill(`#${id}`, text);
  await page.click(".tasks .form .primary");
  await page.waitForURL(/\/lists\/L/);
  await page.waitForSelector("main .badge");
  const path = new URL(page.url()).pathname;
  const head = await openPage(t, { ...h.s, cookie: await signIn(h.s, "head_of_source") }, { viewport: PHONE });
  await head.visit(path);
  await head.click(".steps button >> nth=0");
  if (await head.locator(".steps form .primary").count()) await head.click(".steps form .primary");
  await head.waitForSelector(".badge.good");
  await inspect(head, "list-entry");
  const hit = (await h.bank.call("credit.check", {}, { subject, matter: "贷款审批" })).body;
  assert.deepEqual(hit.listed.map((l) => l.list), ["market"]);
  await h.bank.call("credit.report", { id: hit.check }, { measure: hit.measures[0].measure, taken: true, note: "已执行" });
});

for (const [name, look] of [["desktop", { viewport: DESKTOP }], ["phone-en", { viewport: PHONE, lang: "en" }]])
  test(`the pages of lists are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...h.s, cookie: await signIn(h.s, "hub-1") }, look);
    for (const [tab, ready] of [["entries", ".listing tbody tr"], ["lists", "table tbody tr"], ["done", ".chart canvas"]]) {
      await page.visit(`/lists#${tab}`);
      await page.waitForSelector(ready);
      await quiet(page);
      await inspect(page, `lists-${tab}-${name}`);
    }
  });
