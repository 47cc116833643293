// The collaboration ledger in the console: a bank sees its deeds, what waits for its signature, and a deed's chain with its proofs; the file that
// it downloads holds without the platform.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ABC, firms, ICBC, ledger, newId } from "../api/ledger.mjs";
import { luling, serve, signIn, tempDir } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, quiet, skip } from "./lib.mjs";

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let s, deed;

before(async () => {
  if (skip) return;
  const data = join(tempDir(shared), "data");
  await firms(data);
  s = await serve(shared, { data, signedIn: false });
  const l = await ledger(s);
  await l.offer(l.next(await l.confirmed("24442000000012345678"), "finance", { financed_fen: 80_000_00, financier: ICBC }), l.supplier);
  const moved = await l.enter(l.next(await l.confirmed("24442000000087654321", 250_000_00), "transfer", { to: ICBC }), l.supplier, l.icbc);
  const parts = [{ amount_fen: 150_000_00, document: newId() }, { amount_fen: 100_000_00, document: newId() }];
  const split = await l.enter(l.next(moved, "split", { parts }), l.icbc);
  deed = parts[0].document;
  await l.enter(l.next({ ...split, document: deed }, "pledge", { financed_fen: 120_000_00, financier: ABC }), l.icbc, l.abc);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a bank finds a deed, follows its chain, and has the file that proves it", { skip }, async (t) => {
  const page = await openPage(t, { ...s, cookie: await signIn(s, "icbc-1") });
  await page.visit("/ledger");
  await page.waitForSelector(".listing tbody tr >> text=已质押");
  await page.selectOption(".filter select >> nth=1", "pledged");
  await page.waitForFunction(() => document.querySelectorAll(".listing tbody tr").length === 1);
  await page.click(".listing tbody a");
  await page.waitForURL(new RegExp(`/ledger/${deed}`));
  await page.waitForSelector(".deedchain > li >> nth=4");
  assert.equal(await page.locator(".deedchain > li").count(), 5, "issued, confirmed, transferred, split, pledged");
  assert.equal(await page.locator(".deedchain > li >> nth=4 >> .seals li").count(), 2, "two signed the pledge");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a.button[download]")]);
  const path = await download.path();
  assert.equal(JSON.parse(readFileSync(path, "utf8")).document, deed);
  const checked = await luling(["ledger", "verify", path, "--policy", join(s.data, "journal/policy"), "-d", "/nonexistent"]);
  assert.equal(checked.code, 0, checked.err);
});

for (const [name, look] of [["desktop", { viewport: DESKTOP }], ["phone-en", { viewport: PHONE, lang: "en" }]])
  test(`the pages of the ledger are whole and accessible: ${name}`, { skip }, async (t) => {
    const page = await openPage(t, { ...s, cookie: await signIn(s, "icbc-1") }, look);
    for (const [path, ready] of [["/ledger", ".listing tbody tr"], ["/ledger#waiting", ".listing tbody tr"], [`/ledger/${deed}`, ".deedchain > li >> nth=4"]]) {
      await page.visit(path);
      await page.waitForSelector(ready);
      await quiet(page);
      await inspect(page, `ledger${path.replaceAll(/[/#]/g, "-").replace(deed, "deed")}-${name}`);
    }
  });
