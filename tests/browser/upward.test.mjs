// Reporting upward in the console: the operator sees what went up, answers and both sides by day; a department finds and downloads what came back.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { addAccount, signIn, tempDir } from "../api/lib.mjs";
import { give, hubs, idle, PENALTY, reconciled } from "../api/upward.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone", { viewport: PHONE }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let h, operator, department;

before(async () => {
  if (skip) return;
  h = await hubs(shared);
  await h.city();
  operator = h.lower.cookie;
  const file = h.of(PENALTY.resource)[0];
  await give(h, file);
  await idle(h, PENALTY);
  const [head, ...rows] = readFileSync(file.path, "utf8").replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((l) => l.split("\t"));
  const path = join(tempDir(shared), "left-open.tsv");
  const some = rows.filter((r) => r.length === head.length).slice(5, 17).map((r) => r.map((v, c) => (c === head.indexOf("CF_NR") ? "待定" : v)));
  writeFileSync(path, `${head.join("\t")}\n${some.map((r) => r.join("\t")).join("\n")}\n`);
  await give(h, { resource: PENALTY.resource, path });
  await idle(h, PENALTY, 2);
  await reconciled(h, PENALTY);
  const back = (await h.as("upward.returned", { stream: PENALTY.stream })).body.items;
  assert.ok(back.length > 3);
  await addAccount(h.cityData, "dept", back[0].department, "source_steward");
  department = await signIn(h.lower, "dept");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [name, look] of LOOKS)
  test(`the operator's page is whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...h.lower, cookie: operator }, look);
    await page.visit(`/upward?stream=${PENALTY.stream}`);
    await page.waitForSelector("canvas");
    await inspect(page, `upward-${name}`);
    const text = await page.textContent("main");
    assert.match(text, name.endsWith("en") ? /The same/ : /一致/);
    assert.match(text, name.endsWith("en") ? /may not be left open/ : /不得写“待定”/);
    assert.doesNotMatch(text, /NaN|\{[a-z]+\}/);
  });

test("the operator reconciles by a button; the department sees and downloads its own", { skip }, async (t) => {
  const page = await openPage(t, { ...h.lower, cookie: operator }, { viewport: DESKTOP });
  await page.visit(`/upward?stream=${PENALTY.stream}`);
  await page.click("button:has-text('立即对账')");
  await page.waitForSelector("[role=status]:has-text('已开始')");
  const theirs = await openPage(t, { ...h.lower, cookie: department }, { viewport: PHONE });
  await theirs.visit(`/upward?stream=${PENALTY.stream}`);
  await theirs.waitForSelector("a:has-text('下载（CSV')");
  assert.equal(await theirs.locator("button:has-text('立即上报')").count(), 0, "acts are the operator's");
  await inspect(theirs, "upward-department");
  const reply = await h.lower.call("upward.returned_file", { stream: PENALTY.stream, lang: "zh" }, { cookie: department });
  assert.match(reply.text, /待定/);
});
