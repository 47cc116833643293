// A penalty from end to end, each at its own screen: a department delivers it late, its timeliness says so, anybody finds it; the subject makes it good and asks for
// repair with a proof, the platform takes it up, the department decides; it is gone from the public page and from the bank's answers, and the bank's system is told.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { client, grant, people } from "../api/bank.mjs";
import { deliver, serveDemo } from "../api/demo.mjs";
import { certificate, receiver } from "../api/hooks.mjs";
import { addAccount, signIn, tempDir, until } from "../api/lib.mjs";
import { FIRM, writeDelivery } from "../api/publicity.mjs";
import { closeBrowser, DESKTOP, inspect, openPage, PHONE, skip, withPasskeys } from "./lib.mjs";
import { enrol, enter, tab } from "./subject.mjs";

const SERVICE = "administrative_penalty";
const DOC = "样例罚〔2026〕77号";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
const dayIn = (n) => new Date(Date.now() + 8 * 36e5 + n * 864e5).toISOString().slice(0, 10).replaceAll("-", "/");
let server, as, dir, pair;

before(async () => {
  if (skip) return;
  dir = tempDir(shared);
  pair = certificate(dir);
  server = await serveDemo(shared, { settings: { webhook_ca: pair.ca, webhook_retry_ms: 50, webhook_networks: "127.0.0.0/8" } });
  as = await people(server);
  for (const [who, duties] of [["source", "source_steward"], ["head_of_source", "approver"]]) {
    await addAccount(server.data, who, "JA002", duties);
    const cookie = await signIn(server, who);
    as[who] = (id, params, json) => server.call(id, params, { cookie, json });
  }
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const site = () => ({ url: `http://localhost:${server.port}` });
const inside = async (t, account) => openPage(t, { ...server, cookie: await signIn(server, account) }, { viewport: DESKTOP });

/** Opens the repair from the list of the desk, takes the step and confirms it. */
async function take(page, step, reason) {
  await page.visit("/repairs");
  await page.click(`a >> text=${DOC}`);
  await page.click(`.steps .buttons button >> text="${step}"`);
  if (reason) await page.fill("#reason", reason);
  await page.click(".steps form .primary");
  await page.waitForSelector(`.steps .buttons button >> text="${step}"`, { state: "detached" });
}

test("a late penalty is public until it is repaired, and the bank is told", { skip, timeout: 300_000 }, async (t) => {
  const penalty = { WSH: DOC, JDRQ: dayIn(-150), GSJZQ: dayIn(200), SXCD: "一般" };
  await deliver(server, { resource: SERVICE, path: writeDelivery(dir, "p.csv", SERVICE, [penalty, { ...penalty, WSH: "样例罚〔2026〕78号", JDRQ: dayIn(-2) }]) });
  const bank = await client(server, as);
  await grant(as, [SERVICE], {}, "head_of_source");
  const hook = await receiver(shared, pair, async () => (await server.call("jwks", {}, { anonymous: true })).body);
  const { id: subscription } = (await bank.call("webhook.add", {}, { url: hook.url, events: ["corrections"] })).body;
  await until("the subscription", () => bank.call("webhook.show", { id: subscription }), (r) => r.body.subscription.state === "active");
  const held = async () => (await bank.call("service.query", { name: SERVICE }, { subject: FIRM, limit: 50 })).body.result.records?.map((r) => r.key[0]) ?? [];
  assert.ok((await held()).includes(DOC));

  const operator = await inside(t, "hub-1");
  await operator.visit("/timeliness");
  await operator.waitForSelector("dl.figures");
  assert.match(await operator.locator("dl.figures").first().textContent(), /作出并上报2.*迟报1/s);
  const visitor = await openPage(t, { ...server, cookie: undefined }, { viewport: PHONE });
  const find = async () => {
    await visitor.goto("about:blank"); // the same address again would be the page that is there
    await visitor.visit(`/publicity#q=${encodeURIComponent(DOC)}`);
    await visitor.waitForSelector(".card, .empty");
    return visitor.locator(".card").count();
  };
  assert.equal(await find(), 1);

  const subject = await openPage(t, site(), { viewport: PHONE });
  await withPasskeys(subject);
  await enrol(subject, as.steward, FIRM, "样例公司");
  await enter(subject);
  await tab(subject, 1);
  const record = subject.locator("details.object:has(summary:text-is('已经纠正？申请信用修复'))").filter({ has: subject.locator(`[id*="${DOC}"]`) });
  await record.locator("summary").click();
  await record.locator("textarea >> nth=0").fill("罚款已缴清，违法行为已改正");
  await record.locator("textarea >> nth=1").fill("承诺守法经营，如有违反愿受惩戒");
  await record.locator("form .primary").click();
  await subject.click("button >> text=去上传和提交");
  await subject.waitForSelector("h2 >> text=信用修复");
  const scan = join(dir, "缴款凭证.pdf");
  writeFileSync(scan, "%PDF-1.4\n%sample\n");
  await subject.setInputFiles("input[type=file]", scan);
  await subject.click("form:has(input[type=file]) .primary");
  await subject.waitForSelector("text=缴款凭证.pdf");
  await inspect(subject, "mend-subject");
  await subject.click('.steps .buttons button >> text="提交"');
  await subject.click(".steps form .primary");
  await subject.waitForSelector("form:has(input[type=file])", { state: "detached" });

  await take(operator, "受理并推送认定部门");
  const source = await inside(t, "source");
  await take(source, "同意修复", "义务已履行完毕");
  await inspect(source, "mend-decided");

  assert.equal(await find(), 0, "gone from the public page");
  assert.ok(!(await held()).includes(DOC), "and from the bank's answers");
  await until("the bank's system is told", async () => hook.seen.events, (events) => events.some((e) => e.type === "corrections" && e.act === "withheld"));
  assert.equal(hook.seen.bad.length, 0, String(hook.seen.bad[0]));
  await enter(subject);
  await tab(subject, 3);
  await subject.waitForSelector(".badge >> text=予以修复");
});
