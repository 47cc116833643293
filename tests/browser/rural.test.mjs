// Rural households in a browser: from the county down to a household, what is known with its source, and what lost, on a desk and on a phone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { addAccount, luling, serve, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip } from "./lib.mjs";

const LOOKS = [["desktop", { viewport: DESKTOP }], ["phone-dark-en", { viewport: PHONE, scheme: "dark", lang: "en" }]];
const RESOURCES = ["rural_household", "rural_member", "rural_household_change", "rural_land_contract", "rural_land_certificate", "rural_village_survey"];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server;
let cookie;

before(async () => {
  if (skip) return;
  const folder = mkdtempSync(join(tmpdir(), "luling-rural-"));
  shared.after(() => rmSync(folder, { recursive: true }));
  execFileSync("python3", [join(process.env.LULING_SOURCE, "demo/rural.py"), folder, "24"], { stdio: "ignore" });
  server = await serve(shared);
  const run = async (...words) => {
    const done = await luling([...words, "-d", server.data]);
    assert.equal(done.code, 0, done.err);
  };
  await run("pack", "load", ...["core", "jian", "rural"].map((name) => join(process.env.LULING_PACKS ?? "build/packs", name)));
  for (const d of JSON.parse(readFileSync(join(folder, "deliveries.json"), "utf8")).filter((x) => RESOURCES.includes(x.resource)))
    await run("intake", join(folder, d.file), "--resource", d.resource);
  await run("rural", "rollup");
  await addAccount(server.data, "op", "JA001", "operator");
  cookie = await signIn(server, "op");
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

for (const [name, look] of LOOKS)
  test(`from the county down to a household, whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...server, cookie }, look);
    await page.visit("/rural");
    await page.waitForSelector(".chart canvas");
    await inspect(page, `rural-${name}`);
    await page.click("table button"); // the county
    await page.waitForURL(/within=360828$/);
    await page.click("table button"); // a town
    await page.waitForURL(/within=360828\d{3}$/);
    await page.waitForSelector("table button");
    await page.click("table button"); // a village
    await page.waitForURL(/within=\d{12}$/);
    await page.waitForSelector("table a");
    await inspect(page, `rural-village-${name}`);
    await page.click("table a");
    await page.waitForURL(/\/rural\/YLH/);
    await page.waitForSelector("details summary");
    await inspect(page, `rural-household-${name}`);
    const text = await page.textContent("main");
    assert.match(text, /重构|reconstructed/);
    assert.match(text, /364\d{3}\*+/, "identity numbers are masked");
  });
