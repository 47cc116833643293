// An approver on the phone: registers a passkey, signs in with it, sees what waits, reads one screen, refuses and approves with the passkey.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { people } from "../api/bank.mjs";
import { serveDemo } from "../api/demo.mjs";
import { PASSWORD, signIn } from "../api/lib.mjs";
import { closeBrowser, inspect, openPage, PHONE, skip, withPasskeys } from "./lib.mjs";

const BASIS = "《政务数据共享条例》第十条";
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared, { signedIn: false });
  as = await people(server);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

/** What the bank asks for, as far as the provider's review. */
async function submitted(purpose) {
  const json = { resources: ["enterprise_registration:uscc,enterprise_name,legal_rep_name"], purpose, legal_basis: BASIS, per_day: 500, modes: "query verify", consent: true };
  const made = await as.steward("application.make", {}, json);
  assert.equal(made.status, 201, made.text);
  const { id } = made.body.items[0];
  assert.equal((await as.head("application.act", { id }, { action: "endorse" })).status, 200);
  const passed = (await as.operator("application.act", { id }, { action: "pass" })).body.items[0];
  assert.equal(passed.state, "provider_review");
  return id;
}

/** A phone with an authenticator of its own; the cookie signs it in where one is given. */
async function phoneOf(t, cookie) {
  const phone = await openPage(t, { url: `http://localhost:${server.port}`, cookie }, { viewport: PHONE });
  return { phone, ...(await withPasskeys(phone)) };
}

async function register(phone, name) {
  await phone.visit("/account");
  await phone.click("summary >> text=在这台设备上登记");
  await phone.fill("#key-name", name);
  await phone.fill("#key-password", PASSWORD);
  await phone.click("details[open] .primary");
  await phone.waitForSelector(".note.fine >> text=已登记");
}

test("what waits, one screen, and a decision that the passkey confirms", { skip }, async (t) => {
  const refused = await submitted("营销获客");
  const approved = await submitted("小微企业贷前调查");
  const { phone, verified, credentials } = await phoneOf(t, await signIn(server, "msr-1"));
  await phone.visit("/account");
  await inspect(phone, "account-none");
  await register(phone, "我的手机");
  assert.equal((await credentials()).length, 1);
  assert.ok((await credentials())[0].isResidentCredential, "found without a name");
  await inspect(phone, "account");

  await phone.click('.buttons >> text="退出"');
  await phone.waitForSelector("a.account");
  await phone.visit("/signin");
  await inspect(phone, "signin-passkey");
  await phone.click("text=用通行密钥登录");
  await phone.waitForURL(/\/desk$/);
  await phone.waitForSelector("tbody a >> text=营销获客");
  assert.match(await phone.locator("tbody tr:has-text('营销获客')").textContent(), /工作日/);
  await inspect(phone, "desk-approver");

  await phone.click("tbody a >> text=营销获客");
  await phone.waitForSelector(".decide button");
  await phone.waitForSelector(".asked .grade");
  const seen = await phone.locator("main").textContent();
  for (const part of ["营销获客", BASIS, "每次使用都须有主体的授权书", "统一社会信用代码", "每日 500"]) assert.ok(seen.includes(part), part);
  await inspect(phone, "decide");
  await phone.click(".decide >> text=不同意");
  await phone.fill("#reason", "用途超出贷款业务");
  await phone.fill("#legal_basis", BASIS);
  await inspect(phone, "decide-refuse");
  await phone.click(".decide form .primary");
  await phone.waitForSelector("dialog.approval");
  const text = await phone.locator("dialog.approval pre").textContent();
  assert.ok(text.includes("用途超出贷款业务") && text.includes(refused) && text.includes("msr-1"), text);
  await inspect(phone, "decide-approval");
  await phone.click("dialog.approval >> text=不办了");
  await phone.waitForSelector(".note.bad >> text=事项没有办理");
  assert.equal((await as.market("application.show", { id: refused })).body.state, "provider_review");
  await phone.click(".decide form .primary");
  await verified(false);
  await phone.click("dialog.approval .primary");
  await phone.waitForSelector("dialog.approval .note.bad >> text=没有完成");
  await verified(true);
  await phone.click("dialog.approval .primary");
  await phone.waitForSelector(".note.fine >> text=已办理");
  await inspect(phone, "decide-done");
  const refusal = (await as.market("application.show", { id: refused })).body;
  assert.equal(refusal.state, "rejected");
  assert.match(refusal.history.at(-1).approval, /^[\w+/=-]{40,}$/, "the evidence is named in what happened");

  await phone.click(".note.fine a");
  await phone.waitForSelector("tbody a >> text=小微企业贷前调查");
  assert.equal(await phone.locator("tbody a >> text=营销获客").count(), 0, "it waits for somebody else now");
  await phone.click("tbody a >> text=小微企业贷前调查");
  await phone.click(".decide >> text=同意");
  await phone.click(".decide form .primary");
  await phone.click("dialog.approval .primary");
  await phone.waitForSelector(".note.fine >> text=已办理");
  assert.equal((await as.market("application.show", { id: approved })).body.history.some((e) => e.action === "approve" && e.approval), true);
  await phone.click("button.lang");
  await phone.waitForSelector(".note.fine >> text=Done");
  await inspect(phone, "decide-en");
});

test("an account names, removes its passkeys and changes its password", { skip }, async (t) => {
  const { phone } = await phoneOf(t, await signIn(server, "tax-1"));
  await register(phone, "旧手机");
  const elsewhere = { cookie: await server.call("session.open", {}, { anonymous: true, headers: { "User-Agent": "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Safari/604.1" }, json: { account: "tax-1", password: PASSWORD } }).then((r) => r.headers.get("set-cookie").split(";")[0]) };
  await phone.reload();
  await phone.click(".sessions li:has-text('Safari · iPad') >> text=在那里退出");
  await inspect(phone, "account-sessions");
  await phone.click(".confirm-yes");
  await phone.waitForSelector(".sessions li:has-text('Safari · iPad')", { state: "detached" });
  assert.equal((await server.call("session.show", {}, elsewhere)).status, 401, "signed out there");
  await phone.click("summary >> text=改名");
  await phone.fill(".candidates input", "办公手机");
  await phone.click(".candidates details[open] .primary");
  await phone.waitForSelector(".candidates h3 >> text=办公手机");
  await phone.click("button >> text=停用");
  await phone.click(".confirm-yes");
  await phone.click("dialog.approval .primary");
  await phone.waitForSelector(".empty >> text=还没有登记通行密钥");
  for (const [id, value] of [["old-password", PASSWORD], ["new-password", "another long one 7"], ["again-password", "not the same one 7"]]) await phone.fill(`#${id}`, value);
  await phone.click("section:has(#old-password) .primary");
  await phone.waitForSelector(".note.bad >> text=不一致");
  await phone.fill("#again-password", "another long one 7");
  await phone.click("section:has(#old-password) .primary");
  await phone.waitForSelector(".note.fine >> text=密码已修改");
  await inspect(phone, "account-password");
  const reply = await server.call("session.open", {}, { anonymous: true, json: { account: "tax-1", password: "another long one 7" } });
  assert.equal(reply.status, 200, reply.text);
});
