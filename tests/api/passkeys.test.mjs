// Passkeys of accounts: registered, signed in with, named, removed; acts of consequence that one confirms; what of it stands in the journal.
// @simplewebauthn/server verifies the evidence as anybody else could.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { people, client } from "./bank.mjs";
import { serveDemo } from "./demo.mjs";
import { addAccount, luling, PASSWORD, signIn, until } from "./lib.mjs";
import { Passkey } from "./passkey.mjs";

const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest();
const open = { anonymous: true };

/** Registers a passkey for whoever the cookie signs in. */
async function register(s, cookie, name, passkey = new Passkey(`http://localhost:${s.port}`), password = PASSWORD) {
  const { publicKey } = (await s.call("passkey.options", {}, { cookie, json: { password } })).body;
  const made = await s.call("passkey.add", {}, { cookie, json: { ...passkey.create(publicKey), name } });
  assert.equal(made.status, 201, made.text);
  passkey.handle = publicKey.user.id;
  return { passkey, publicKey, made: made.body };
}

const challenge = async (s) => (await s.call("session.challenge", {}, open)).body.publicKey;
const enter = (s, credential) => s.call("session.passkey", {}, { ...open, json: credential });

/** Sends an act, confirms it with the passkey where it is asked for, and sends it again. */
async function confirmed(s, passkey, id, params, options) {
  const asked = await s.call(id, params, options);
  assert.equal(asked.status, 428, asked.text);
  const signed = await s.call("approval.sign", { id: asked.body.approval.id }, { cookie: options.cookie, json: passkey.get(asked.body.approval.publicKey) });
  assert.equal(signed.status, 204, signed.text);
  return { asked: asked.body.approval, reply: await s.call(id, params, { ...options, headers: { "Luling-Approval": asked.body.approval.id } }) };
}

/** Payloads that the journal of a data folder commits to, as they lie beside it. */
function payloads(data) {
  const found = [];
  const walk = (dir) => {
    for (const e of readdirSync(dir, { withFileTypes: true })) {
      if (e.isDirectory()) walk(join(dir, e.name));
      else found.push(readFileSync(join(dir, e.name), "utf8"));
    }
  };
  walk(join(data, "journal"));
  return found.join("\n");
}

test("an account registers a passkey after its password, signs in with it without a name, and keeps a way in", async (t) => {
  const s = await serveDemo(t);
  await addAccount(s.data, "chen", "JA023", "approver");
  const cookie = await signIn(s, "chen");
  assert.equal((await s.call("passkey.options", {}, { cookie, json: { password: "not the password" } })).status, 401);
  const { passkey, publicKey, made } = await register(s, cookie, "办公电脑");
  assert.deepEqual([publicKey.authenticatorSelection.residentKey, publicKey.authenticatorSelection.userVerification], ["required", "required"]);
  assert.ok(!Buffer.from(publicKey.user.id, "base64url").includes("chen"), "the handle names nobody");
  assert.deepEqual([made.name, made.synced, made.used_at], ["办公电脑", false, null]);
  const again = (await s.call("passkey.options", {}, { cookie, json: { password: PASSWORD } })).body.publicKey;
  assert.deepEqual(again.excludeCredentials.map((c) => c.id), [made.id]);
  const stale = passkey.create(publicKey);
  assert.equal((await s.call("passkey.add", {}, { cookie, json: stale })).status, 422, "a challenge is used once");
  assert.equal((await s.call("passkey.add", {}, { cookie, json: passkey.create(again) })).status, 409, "registered already");

  const asked = await challenge(s);
  assert.deepEqual(asked.allowCredentials, [], "no account is named");
  const good = passkey.get(asked);
  const inside = await enter(s, good);
  assert.equal(inside.status, 200, inside.text);
  assert.deepEqual([inside.body.account, inside.body.duties], ["chen", ["approver"]]);
  const session = inside.headers.get("set-cookie").split(";")[0];
  assert.match(inside.headers.get("set-cookie"), /HttpOnly; SameSite=Strict/);
  assert.equal((await s.call("session.show", {}, { cookie: session })).body.account, "chen");
  assert.equal((await enter(s, good)).status, 422, "replayed");
  assert.equal((await enter(s, passkey.get(await challenge(s), { flags: 0x01 }))).status, 401, "without the person being recognised");
  assert.equal((await enter(s, passkey.get(await challenge(s), { origin: "https://evil.example" }))).status, 401, "of another site");
  assert.equal((await enter(s, new Passkey(`http://localhost:${s.port}`).get(await challenge(s)))).status, 401, "unknown");
  const wrong = passkey.get(await challenge(s));
  wrong.response.userHandle = Buffer.alloc(32, 1).toString("base64url");
  assert.equal((await enter(s, wrong)).status, 401, "of another user");
  const right = passkey.get(await challenge(s));
  right.response.userHandle = passkey.handle;
  assert.equal((await enter(s, right)).status, 200);
  const subject = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
  assert.equal((await enter(s, passkey.get(subject))).status, 422, "a challenge for subjects signs no account in");

  passkey.count -= 2;
  assert.equal((await enter(s, passkey.get(await challenge(s)))).status, 409, "a counter that goes back");
  const listed = (await s.call("passkeys.list", {}, { cookie })).body.items;
  assert.ok(listed[0].warned_at && listed[0].used_at, "its owner sees the warning");
  passkey.count += 5;
  assert.equal((await s.call("passkey.rename", { key: made.id }, { cookie, json: { name: "旧电脑" } })).body.items[0].name, "旧电脑");
  const gone = await confirmed(s, passkey, "passkey.remove", { key: made.id }, { cookie });
  assert.deepEqual([gone.reply.status, gone.reply.body?.items], [200, []], gone.reply.text);
  assert.equal((await enter(s, passkey.get(await challenge(s)))).status, 401, "removed");
  await until("the journal has it", () => payloads(s.data), (text) => ["passkey-added", "passkey-warned", "passkey-removed"].every((act) => text.includes(act)));
  assert.ok(!s.log.includes(PASSWORD));
});

test("an invitation is taken up with a passkey alone; that passkey is never removed, another may be added by it", async (t) => {
  const s = await serveDemo(t);
  await addAccount(s.data, "sys", "JA001", "system_administrator");
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const sys = await signIn(s, "sys");
  const sec = await signIn(s, "sec");
  await s.call("account.make", {}, { cookie: sys, json: { id: "lin", organisation: "JA023", name: "林" } });
  const token = (await s.call("account.invite", { id: "lin" }, { cookie: sys })).body.link.split("#")[1];
  assert.equal((await s.call("invitation.passkey_options", {}, { ...open, json: { token: "x" } })).status, 404);
  const { publicKey } = (await s.call("invitation.passkey_options", {}, { ...open, json: { token } })).body;
  const passkey = new Passkey(`http://localhost:${s.port}`);
  assert.equal((await s.call("invitation.passkey", {}, { ...open, json: { ...passkey.create(publicKey), token } })).status, 204);
  assert.equal((await s.call("invitation.passkey_options", {}, { ...open, json: { token } })).status, 404, "used up");
  const inside = await enter(s, passkey.get(await challenge(s)));
  assert.equal(inside.status, 200, inside.text);
  const cookie = inside.headers.get("set-cookie").split(";")[0];
  const key = (await s.call("account.passkeys", { id: "lin" }, { cookie: sec })).body.items[0].id;
  const own = await confirmed(s, passkey, "passkey.remove", { key }, { cookie });
  assert.equal(own.reply.status, 409, "the only way in");
  assert.equal((await s.call("account.passkey_remove", { id: "lin", key }, { cookie: sec })).status, 409, "nor does an administrator shut somebody out so");
  const options = await confirmed(s, passkey, "passkey.options", {}, { cookie, json: {} });
  assert.equal(options.reply.status, 200, "no password is there to give again: the passkey confirms");
  const second = new Passkey(`http://localhost:${s.port}`);
  assert.equal((await s.call("passkey.add", {}, { cookie, json: { ...second.create(options.reply.body.publicKey), name: "手机" } })).status, 201);
  assert.equal((await s.call("account.passkey_remove", { id: "lin", key }, { cookie: sec })).body.items.length, 1);
  assert.equal((await s.call("account.enabled", { id: "lin" }, { cookie: sys, json: { enabled: false } })).status, 200);
  assert.equal((await enter(s, second.get(await challenge(s)))).status, 401, "disabled");
  assert.equal((await s.call("account.enabled", { id: "lin" }, { cookie: sys, json: { enabled: true } })).body.state, "active", "it has a way in without a password");
  const shown = await luling(["account", "passkeys", "lin", "--json", "-d", s.data]);
  assert.deepEqual(JSON.parse(shown.out).map((k) => k.name), ["手机"], shown.err);
});

test("an act of consequence is confirmed by passkey: exactly that act, once, and others can verify it", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  const bank = await client(s, as);
  const sec = await signIn(s, "sec-1");
  const before = await s.call("freeze.make", {}, { cookie: sec, json: { kind: "client", id: bank.id, reason: "没有通行密钥时不须确认" } });
  assert.equal(before.status, 201);
  const { passkey } = await register(s, sec, "令牌");
  const freeze = { cookie: sec, json: { reason: "接口异常，先行冻结", kind: "client", id: bank.id } };
  const { asked, reply } = await confirmed(s, passkey, "freeze.make", {}, freeze);
  assert.equal(reply.status, 201, reply.text);
  assert.match(asked.text, /sec-1/);
  assert.ok(asked.text.includes("接口异常，先行冻结") && asked.text.includes("POST /v1/freezes"), asked.text);
  const header = (id) => ({ "Luling-Approval": id });
  assert.equal((await s.call("freeze.make", {}, { ...freeze, headers: header(asked.id) })).status, 404, "good once");

  const question = (await s.call("freeze.make", {}, freeze)).body.approval;
  assert.equal((await s.call("freeze.make", {}, { ...freeze, headers: header(question.id) })).status, 403, "not signed");
  assert.equal((await s.call("approval.sign", { id: question.id }, { cookie: sec, json: new Passkey(passkey.origin).get(question.publicKey) })).status, 404, "an unknown passkey");
  assert.equal((await s.call("approval.sign", { id: question.id }, { cookie: sec, json: passkey.get({ challenge: Buffer.alloc(32).toString("base64url") }) })).status, 422, "another challenge");
  assert.equal((await s.call("approval.sign", { id: question.id }, { cookie: await signIn(s, "sys-1"), json: passkey.get(question.publicKey) })).status, 404, "somebody else's question");
  assert.equal((await s.call("approval.sign", { id: question.id }, { cookie: sec, json: passkey.get(question.publicKey) })).status, 204);
  assert.equal((await s.call("freeze.make", {}, { ...freeze, json: { ...freeze.json, reason: "换一个理由" }, headers: header(question.id) })).status, 409, "another content");
  assert.equal((await s.call("freeze.end", { kind: "client", id: bank.id }, { cookie: sec, headers: header(question.id) })).status, 409, "another act");

  const enable = { cookie: sec, json: { enabled: true } };
  const matter = (await s.call("client.enabled", { id: bank.id }, enable)).body.approval;
  await s.call("approval.sign", { id: matter.id }, { cookie: sec, json: passkey.get(matter.publicKey) });
  assert.equal((await as.sys("client.key_retire", { id: bank.id, kid: (await as.sys("clients.list", {})).body.items[0].keys[0].kid })).status, 200);
  assert.equal((await s.call("client.enabled", { id: bank.id }, { ...enable, headers: header(matter.id) })).status, 409, "the matter changed since it was shown");

  const entry = await until("its entry", () => payloads(s.data), (text) => text.includes("接口异常，先行冻结"));
  const digest = /"approval":"([0-9a-f]{64})"/.exec(entry)[1];
  assert.equal((await s.call("approval.evidence", { digest: "0".repeat(64) }, { cookie: await signIn(s, "audit-1") })).status, 404);
  const evidence = await s.call("approval.evidence", { digest }, { cookie: await signIn(s, "audit-1") });
  assert.equal(sha256(evidence.text).toString("hex"), digest, "the entry commits to the evidence");
  const e = evidence.body;
  assert.equal(e.text, asked.text);
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const bytes = (text) => Buffer.from(text, "base64url");
  const verdict = await verifyAuthenticationResponse({
    response: { id: e.key, rawId: e.key, type: "public-key", clientExtensionResults: {}, response: { clientDataJSON: e.client_data, authenticatorData: e.auth_data, signature: e.signature } },
    expectedChallenge: sha256("luling-approve/v1\n", bytes(e.nonce), sha256(e.text)).toString("base64url"),
    expectedOrigin: passkey.origin, expectedRPID: passkey.rp, requireUserVerification: true,
    credential: { id: e.key, publicKey: bytes(e.cose), counter: 0 },
  });
  assert.equal(verdict.verified, true);
});

test("an application is approved with a passkey; the setting may ask it of everybody, or of nobody", async (t) => {
  const s = await serveDemo(t, { settings: { passkey_approval: "always" } });
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const sec = await signIn(s, "sec");
  const refused = await s.call("freeze.make", {}, { cookie: sec, json: { kind: "gateway", id: "*", reason: "演练" } });
  assert.deepEqual([refused.status, /通行密钥/.test(refused.body.error.zh)], [403, true]);
  await addAccount(s.data, "bank1", "JB001", "consumer_steward");
  await addAccount(s.data, "bank2", "JB001", "approver");
  await addAccount(s.data, "hub", "JA001", "operator");
  const steward = await signIn(s, "bank1");
  const made = await s.call("application.make", {}, { cookie: steward, json: { resources: ["enterprise_registration:uscc"], purpose: "小微企业贷前调查", legal_basis: "《政务数据共享条例》第十条", per_day: 1000 } });
  assert.equal(made.status, 201, made.text);
  const { scene } = made.body.items[0];
  assert.equal((await s.call("application.act", { id: scene }, { cookie: await signIn(s, "bank2"), json: { action: "endorse" } })).status, 200, "of no consequence beyond the bank");
  const hub = await signIn(s, "hub");
  assert.equal((await s.call("application.act", { id: scene }, { cookie: hub, json: { action: "pass" } })).status, 403);
  const { passkey } = await register(s, hub, "令牌");
  const { asked, reply } = await confirmed(s, passkey, "application.act", { id: scene }, { cookie: hub, json: { action: "pass" } });
  assert.equal(reply.status, 200, reply.text);
  assert.ok(asked.text.includes("precheck"), `the state it was in is part of the text: ${asked.text}`);
  const { history } = (await s.call("application.show", { id: reply.body.items[0].id }, { cookie: hub })).body;
  assert.match(history.find((h) => h.action === "pass").approval, /^[0-9a-f]{64}$/);
});
