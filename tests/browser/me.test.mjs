// A subject on its phone: who looked at its data, compared with the journal in the browser itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { client, grant, people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { closeBrowser, inspect, openPage, PHONE, skip } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, bank;

before(async () => {
  if (skip) return;
  const { deliveries } = demoFiles(shared);
  server = await serveDemo(shared);
  await deliver(server, deliveries.find((d) => d.resource === SERVICE));
  as = await people(server);
  bank = await client(server, as);
  await grant(as, [`${SERVICE}:uscc enterprise_name`], { consent: true });
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a subject comes in with its passkey, sees the look and the refusal, and the journal agrees", { skip }, async (t) => {
  const phone = await openPage(t, { url: `http://localhost:${server.port}` }, { viewport: PHONE });
  const cdp = await phone.context().newCDPSession(phone);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await cdp.send("WebAuthn.addVirtualAuthenticator", { options });

  const made = (await as.steward("enrolment.make", {}, { subject: SAMPLE, subject_title: "吉安示例有限公司", capacity: "legal_representative", proof: "柜面核验营业执照" })).body;
  await phone.goto(made.url);
  await phone.click("form .primary");
  await phone.waitForSelector(".note.fine");
  assert.equal((await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE })).status, 403, "no consent yet");
  const until = new Date(Date.now() + 9e9).toISOString().slice(0, 10);
  const offer = (await as.steward("consent.ask", {}, { subject: SAMPLE, subject_title: "吉安示例有限公司", resources: [`${SERVICE}:uscc,enterprise_name`], purpose: "小微企业贷前调查", until, uses: 5 })).body;
  await phone.goto("about:blank");
  await phone.goto(offer.url);
  await phone.click("form .primary");
  await phone.waitForSelector(".note.fine");
  const answer = await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE, officer: "0796-118" });
  assert.equal(answer.status, 200, answer.text);

  await phone.click(".note.fine >> text=谁看过我的数据");
  await phone.waitForSelector("h1 >> text=谁看过我的数据");
  await inspect(phone, "me-begin");
  await phone.click("form .primary");
  await phone.waitForSelector(".candidates li >> nth=2");
  const cards = await phone.locator("ol.candidates > li").allTextContents();
  assert.match(cards[0], /查询[\s\S]*小微企业贷前调查[\s\S]*0796-118/);
  assert.match(cards[1], /被拒绝[\s\S]*没有您的授权书/);
  await phone.waitForFunction(() => [...document.querySelectorAll("ol.candidates > li")].every((li) => li.textContent.includes("与日志一致") && !li.textContent.includes("不一致")));
  await inspect(phone, "me");
  await phone.click("button.lang");
  await phone.waitForSelector("h1 >> text=Who looked at my data");
  await inspect(phone, "me-en");
  await phone.click("text=Withdraw");
  await phone.waitForSelector("h1 >> text=Withdraw a consent");
});
