// web/verify.html: a receipt is checked in the browser, from the file alone; what was changed is refused.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import { closeBrowser, openBrowser, skip } from "./lib.mjs";

const page_file = join(dirname(fileURLToPath(import.meta.url)), "../../web/verify.html");
after(closeBrowser);

/** A journal of 300 entries, made by tests/tlog/make_log. */
function journal(t) {
  const dir = mkdtempSync(join(tmpdir(), "luling-verify-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const folder = join(dir, "journal");
  const vkey = execFileSync(process.env.LULING_MAKE_LOG, [folder, "300"], { encoding: "utf8" }).trim();
  const items = (file, width) => {
    const bundle = readFileSync(join(folder, file)), out = [];
    for (let at = 0; at < bundle.length; ) {
      const n = bundle.readUIntBE(at, width);
      out.push(bundle.subarray(at + width, at + width + n));
      at += width + n;
    }
    return out;
  };
  return { vkey, proof: (i) => readFileSync(join(folder, `${i}.proof`), "utf8"), entry: items("tile/entries/000", 2), payload: items("tile/payload/000", 4) };
}

test("a receipt is checked offline in the browser", { skip }, async (t) => {
  const j = journal(t);
  const context = await (await openBrowser()).newContext({ offline: true });
  t.after(() => context.close());
  const page = await context.newPage(), wrong = [];
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("console", (m) => m.type() === "error" && wrong.push(m.text()));
  page.on("request", (r) => !r.url().startsWith("file:") && wrong.push(r.url()));
  await page.goto(pathToFileURL(page_file).href);
  const check = async (fields) => {
    for (const id of ["proof", "entry", "payload", "policy"]) await page.fill(`#${id}`, fields[id] ?? "");
    await page.click("#check");
    await page.waitForSelector("#result[data-good]");
    return [await page.getAttribute("#result", "data-good"), await page.textContent("#result")];
  };

  for (const index of [0, 150]) {
    const good = { proof: j.proof(index), entry: j.entry[index].toString("utf8"), policy: `log ${j.vkey}\n` };
    const [verdict, text] = await check(good);
    assert.equal(verdict, "true", text);
    assert.match(text, new RegExp(`entry ${index} of 300 in hub\\.example/journal`));
    const sealed = await check({ ...good, payload: j.payload[index].toString("base64") });
    assert.deepEqual([sealed[0], sealed[1].includes(`{"n":${index}}`)], ["true", true]);

    const changed = [
      { ...good, entry: good.entry.replace("call", "Call") },
      { ...good, entry: `${good.entry} ` },
      { ...good, proof: good.proof.replace(/^index \d+/m, "index 7") },
      { ...good, proof: good.proof.replace("\n300\n", "\n301\n") },
      { ...good, proof: good.proof.replace(/\n[^\n]{44}\n/, "\n") },
      { ...good, policy: "" },
      { ...good, policy: `log ${j.vkey}\nwitness w ${j.vkey}\nquorum w2\n` },
      { ...good, payload: Buffer.concat([j.payload[index], Buffer.from("x")]).toString("base64") },
    ];
    for (const [i, fields] of changed.entries()) assert.equal((await check(fields))[0], "false", `change ${i} was taken`);
  }
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run().then((r) => r.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => v.id)));
  assert.deepEqual(found, []);
  assert.deepEqual(wrong, []);
});
