// Demands, applications and grants over the API: each person signed in, each seeing and doing what their part allows.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { bearer } from "./client.mjs";
import { serveDemo } from "./demo.mjs";
import { addAccount, luling, serve, signIn, until, urlOf } from "./lib.mjs";

const PEOPLE = {
  steward: ["icbc-1", "JB001", "consumer_steward"],
  head: ["icbc-2", "JB001", "approver"],
  operator: ["hub-1", "JA001", "operator"],
  market: ["msr-1", "JA023", "approver"],
  tax: ["tax-1", "JA030", "approver"],
  other: ["abc-1", "JB002", "consumer_steward"],
};
const basis = "《政务数据共享条例》第十条";

async function desk(t) {
  const s = await serveDemo(t, { signedIn: false });
  const as = {};
  for (const [who, [account, organisation, duties]] of Object.entries(PEOPLE)) {
    await addAccount(s.data, account, organisation, duties);
    const cookie = await signIn(s, account);
    as[who] = (id, params, json, options) => s.call(id, params, { cookie, json, ...options });
    as[who].cookie = cookie;
  }
  return { s, as };
}

test("a demand is stated, matched or listed, and answered", async (t) => {
  const { s, as } = await desk(t);
  assert.equal((await s.call("demands.list", {})).status, 401);
  const wanted = { what: "按季度", purpose: "小微企业贷前调查", legal_basis: basis };
  const matched = (await as.steward("demand.add", {}, { title: "企业纳税信用等级", ...wanted })).body;
  assert.equal(matched.state, "matched");
  assert.equal(matched.candidates[0].resource, "tax_rating");
  assert.ok(matched.actions.some((a) => a.action === "accept"));
  assert.equal((await as.steward("demand.match", { id: matched.id })).body.state, "matched");
  const unmet = (await as.steward("demand.add", {}, { title: "企业燃气缴费记录", ...wanted })).body;
  assert.equal(unmet.state, "unmet");
  assert.equal((await as.tax("demand.add", {}, { title: "企业燃气缴费记录", ...wanted })).status, 403);
  assert.equal((await as.steward("demand.add", {}, { title: "企业登记", ...wanted, legal_basis: "有关规定" })).status, 422);
  assert.equal((await as.steward("demands.publish", {}, { title: "第一批" })).status, 403);
  const list = (await as.operator("demands.publish", {}, { title: "第一批供需对接清单" })).body;
  assert.equal(list.demands, 1);
  assert.equal((await as.operator("demand.act", { id: unmet.id }, { action: "assign", provider: "JA037" })).body.provider, "JA037");
  assert.equal((await as.tax("demand.act", { id: unmet.id }, { action: "promise" })).status, 403);
  assert.equal((await as.tax("demands.list", { list: list.list })).body.items[0].id, unmet.id);
  assert.equal((await as.steward("demands.list", { waiting: "true" })).body.total, 2);
  assert.equal((await as.steward("demand.show", { id: "D-0" })).status, 404);
  assert.deepEqual((await as.operator("idle.list", {})).body.items, []);
  for (const page of ["demands", "demand", "applications", "application", "grants", "grant", "consents", "consent", "enrol", "objections", "objection", "me"])
    assert.equal((await s.call(`page.${page}`, ["demand", "application", "grant", "objection"].includes(page) ? { id: "x" } : {}, { anonymous: true })).status, 200);
});

test("an application becomes a grant, seen by its two sides alone, and is revoked", async (t) => {
  const { as } = await desk(t);
  const ask = { resources: ["enterprise_registration:uscc", "annual_report"], purpose: "小微企业贷前调查", legal_basis: basis,
    modes: "query verify", per_day: 2000, networks: "10.1.0.0/16", until: "2028-12-31" };
  assert.equal((await as.steward("application.make", {}, { ...ask, per_day: 0 })).status, 422);
  assert.equal((await as.steward("application.make", {}, { ...ask, misspelt: 1 })).status, 400);
  assert.equal((await as.tax("application.make", {}, ask)).status, 403);
  const made = await as.steward("application.make", {}, { ...ask, until: undefined });
  assert.equal(made.status, 201);
  const { scene } = made.body.items[0];
  assert.equal(made.body.total, 2);

  const step = (who, id, action, more = {}) => as[who]("application.act", { id }, { action, ...more });
  assert.equal((await step("steward", scene, "endorse")).status, 403);
  assert.equal((await step("operator", scene, "pass")).status, 409);
  assert.equal((await step("head", scene, "endorse")).status, 200);
  const passed = (await step("operator", scene, "pass")).body.items;
  assert.ok(passed.some((a) => a.unconditional && a.state === "granted"));
  const review = passed.find((a) => a.state === "provider_review");

  assert.equal((await as.other("applications.list", {})).body.total, 0, "another bank sees nothing of it");
  assert.equal((await as.other("application.show", { id: review.id })).status, 404);
  const shown = (await as.market("application.show", { id: review.id })).body;
  assert.deepEqual(shown.actions.map((a) => a.action).sort(), ["approve", "extend", "refuse"]);
  assert.ok(shown.compliance.every((f) => f.severity === "warning"));
  assert.equal((await step("market", review.id, "refuse", { reason: "不便" })).status, 422);
  assert.equal((await step("tax", review.id, "approve")).status, 403);
  await step("market", review.id, "approve");
  await step("market", review.id, "open");

  const grants = (await as.steward("grants.list", { resource: "enterprise_registration" })).body;
  assert.equal(grants.total, 1);
  const [{ id }] = grants.items;
  assert.equal((await as.other("grant.show", { id })).status, 404);
  assert.equal((await as.steward("grant.act", { id }, { action: "suspend", reason: "x" })).status, 403);
  const revoked = (await as.market("grant.act", { id }, { action: "revoke", reason: "业务终止" })).body;
  assert.equal(revoked.state, "revoked");
  assert.equal((await as.market("grant.act", { id }, { action: "resume", reason: "x" })).status, 409);
  assert.equal((await as.steward("grant.show", { id })).body.actions.length, 0);
});

/** An unconditional grant of annual_report for the bank. */
async function granted(as) {
  const made = await as.steward("application.make", {}, { resources: ["annual_report"], purpose: "小微企业贷前调查", legal_basis: basis, per_day: 2000, networks: "10.1.0.0/16" });
  assert.equal(made.status, 201, made.text);
  const [{ scene, id }] = made.body.items;
  await as.head("application.act", { id: scene }, { action: "endorse" });
  assert.equal((await as.operator("application.act", { id: scene }, { action: "pass" })).body.items[0].state, "granted");
  return { scene, id };
}

/** The answer to a request that asks before it sends so many bytes. */
function refusedBeforeSending(s, cookie, params, bytes) {
  return new Promise((resolve, reject) => {
    const headers = { Cookie: cookie, "X-Luling-Request": "test", "Content-Type": "application/octet-stream", "Content-Length": String(bytes), Expect: "100-continue" };
    const req = request(s.url + urlOf("attachment.add", params), { method: "POST", headers }, (reply) => {
      resolve(reply.statusCode);
      req.destroy();
    });
    req.on("error", reject);
    req.on("continue", () => reject(new Error("the server wants the body")));
    req.flushHeaders();
  });
}

test("scans are added by who applied, told by their bytes, kept once, and fetched by the two sides alone", async (t) => {
  const { s, as } = await desk(t);
  const made = await as.steward("application.make", {}, { resources: ["enterprise_registration:uscc"], purpose: "小微企业贷前调查", legal_basis: basis, per_day: 2000, networks: "10.1.0.0/16" });
  const [{ scene, id }] = made.body.items;
  const send = (who, params, body) => as[who]("attachment.add", params, undefined, { body, headers: { "Content-Type": "application/octet-stream" } });
  const pdf = Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(3 << 20)]);
  const added = await send("steward", { id: scene, name: "授权书 1.pdf" }, pdf);
  assert.equal(added.status, 201, added.text);
  assert.deepEqual([added.body.sha256, added.body.bytes], [createHash("sha256").update(pdf).digest("hex"), pdf.length]);
  assert.equal((await send("steward", { id, name: "同一份.pdf" }, pdf)).body.name, "同一份.pdf");
  assert.equal((await send("steward", { id, name: "照片.png" }, Buffer.from("\x89PNG\r\n\x1a\n....", "latin1"))).status, 201);
  assert.equal((await send("steward", { id, name: "page.pdf" }, "<html><script>alert(1)</script>")).status, 422);
  assert.equal((await send("steward", { id, name: "../../etc/passwd" }, "%PDF-")).status, 422);
  assert.equal((await send("steward", { id, name: "empty.pdf" }, "")).status, 422);
  assert.equal((await send("other", { id, name: "a.pdf" }, "%PDF-")).status, 404, "another bank's");
  assert.equal((await send("tax", { id, name: "a.pdf" }, "%PDF-")).status, 403);
  assert.equal(await refusedBeforeSending(s, as.steward.cookie, { id, name: "big.pdf" }, (32 << 20) + 1), 413);

  assert.equal((await as.head("application.show", { id })).body.attachments.length, 2);
  const fetched = await as.market("attachment.fetch", { id, hash: added.body.sha256 });
  assert.deepEqual([fetched.status, fetched.headers.get("content-type"), fetched.headers.get("x-content-type-options")], [200, "application/pdf", "nosniff"]);
  assert.match(fetched.headers.get("content-disposition"), /^attachment/);
  assert.deepEqual(fetched.bytes, pdf);
  const stored = join(s.data, "attachments", added.body.sha256);
  assert.ok(readFileSync(stored).indexOf(pdf.subarray(100, 132)) < 0, "sealed where it lies");
  assert.equal((await as.other("attachment.fetch", { id, hash: added.body.sha256 })).status, 404);
  assert.equal((await as.market("attachment.fetch", { id, hash: "0".repeat(64) })).status, 404);
  const bytes = readFileSync(stored);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(stored, bytes);
  assert.equal((await as.market("attachment.fetch", { id, hash: added.body.sha256 })).status, 422, "changed behind our back");
  await as.steward("application.act", { id: scene }, { action: "cancel" });
  assert.equal((await send("steward", { id, name: "late.pdf" }, "%PDF-")).status, 409);
  assert.ok(!s.log.includes("授权书"));
});

test("a bank's system sees the bank's grants and nobody else's", async (t) => {
  const { s, as } = await desk(t);
  await granted(as);
  const own = await bearer(s, "icbc-loans", "JB001");
  const [grant] = (await s.call("grants.list", {}, own)).body.items;
  const shown = (await s.call("grant.show", { id: grant.id }, own)).body;
  assert.deepEqual([shown.state, shown.purpose, shown.actions], ["active", "小微企业贷前调查", []], "it may use it and not change it");
  assert.equal((await s.call("grant.act", { id: grant.id }, { ...own, json: { action: "give_up" } })).status, 403);
  const other = await bearer(s, "abc-loans", "JB002");
  assert.equal((await s.call("grants.list", {}, other)).body.total, 0);
  assert.equal((await s.call("grant.show", { id: grant.id }, other)).status, 404);
});

test("a doubt is raised by who may use the data, answered by its source, appealed and mediated", async (t) => {
  const { as } = await desk(t);
  const doubt = { resource: "annual_report", doubt: "从业人数与社保人数不符", record: "91360802YL0000397L" };
  assert.equal((await as.steward("objection.add", {}, doubt)).status, 403, "never granted");
  await granted(as);
  assert.equal((await as.market("objection.add", {}, doubt)).status, 403);
  assert.equal((await as.steward("objection.add", {}, { ...doubt, item: "colour" })).status, 422);
  const made = await as.steward("objection.add", {}, doubt);
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  const step = async (who, action, reason) => (await as[who]("objection.act", { id }, { action, ...(reason && { reason }) })).status;
  assert.equal((await as.other("objection.show", { id })).status, 404);
  assert.equal((await as.other("objections.list", {})).body.total, 0);
  assert.deepEqual((await as.market("objection.show", { id })).body.actions.map((a) => a.action).sort(), ["correct", "uphold"]);
  assert.equal(await step("market", "uphold"), 422, "a reason is needed");
  assert.equal(await step("tax", "uphold", "与原件一致"), 403);
  assert.equal(await step("market", "uphold", "与原件一致"), 200);
  assert.equal(await step("steward", "appeal", "原件有误"), 200);
  assert.equal(await step("operator", "correct", "责成更正"), 200);
  assert.equal(await step("market", "correct", "已更正"), 200);
  assert.equal(await step("steward", "accept"), 200);
  const list = (await as.operator("objections.list", { resource: "annual_report", state: "settled" })).body;
  assert.deepEqual([list.total, list.items[0].answer], [1, "已更正"]);
});

test("time does its work while the server runs: a grant past its period is expired, and the journal has it", async (t) => {
  const { s, as } = await desk(t);
  await granted(as);
  const [{ id, state }] = (await as.steward("grants.list", {})).body.items;
  assert.equal(state, "active");
  await s.stop();
  process.env.LULING_NOW = String(Date.now() + 3 * 366 * 86_400_000);
  t.after(() => delete process.env.LULING_NOW);
  const later = await serve(t, { data: s.data, signedIn: false });
  const cookie = await signIn(later, "icbc-1");
  const seen = await until("the grant's expiry", () => later.call("grant.show", { id }, { cookie }), (r) => r.body.state === "expired");
  assert.ok(!seen.body.actions.some((a) => a.action === "suspend"));
  const journal = () => luling(["journal", "show", "-d", s.data, "--json"]);
  await until("its entry", async () => JSON.parse((await journal()).out), (list) => list.some((e) => e.type === "grant" && JSON.stringify(e).includes("expire")));
});
