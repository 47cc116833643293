// Demands, applications and grants over the API: each person signed in, each seeing and doing what their part allows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serveDemo } from "./demo.mjs";
import { addAccount, signIn } from "./lib.mjs";

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
    as[who] = (id, params, json) => s.call(id, params, { cookie, json });
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
