// From a demand to a grant and its end, as the command line shows it: a bank asks, the platform checks, departments decide.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { LULING, luling } from "./run.mjs";

const packs = join(dirname(LULING), "../../packs");
let data;

const as = (account, organisation, duties) => ["--as", account, "--organisation", organisation, "--duties", duties];
const steward = as("icbc-1", "JB001", "consumer_steward");
const head = as("icbc-2", "JB001", "approver");
const operator = as("hub-1", "JA001", "operator");
const tax = as("tax-1", "JA030", "approver");
const market = as("msr-1", "JA023", "approver");
const gas = as("gas-1", "JA037", "source_steward");

const run = (...args) => luling([...args, "--data", data, "--lang", "en"]);
const json = (...args) => {
  const done = run(...args, "--json");
  assert.equal(done.code, 0, `${args.join(" ")}: ${done.err}`);
  return JSON.parse(done.out);
};
const refused = (code, pattern, ...args) => {
  const done = run(...args);
  assert.equal(done.code, code, `${args.join(" ")}: ${done.err}`);
  assert.match(done.err, pattern);
};
const basis = "《政务数据共享条例》第十条";
const submit = (...args) =>
  json("application", "submit", ...args, "--purpose", "小微企业贷前调查", "--basis", basis, "--per-day", "2000", ...steward);

before(() => {
  data = mkdtempSync(join(tmpdir(), "luling-"));
  json("pack", "load", ...["core", "jian", "credit", "demo"].map((name) => join(packs, name)));
});
after(() => rmSync(data, { recursive: true, force: true }));

test("a demand is matched with reasons, or goes on the supply-demand list and is answered", () => {
  const found = json("demand", "add", "企业纳税信用等级", "--items", "统一社会信用代码,纳税信用级别", "--purpose", "贷前调查用", "--basis", basis, ...steward);
  assert.equal(found.state, "matched");
  assert.equal(found.candidates[0].resource, "tax_rating");
  assert.match(found.candidates[0].reasons.en, /2 of the 2 items/);
  const unmet = json("demand", "add", "企业燃气缴费记录", "--purpose", "贷前调查用", "--basis", basis, ...steward);
  assert.equal(unmet.state, "unmet");
  refused(77, /operator/, "demand", "publish", "第一批", ...steward);
  const list = json("demand", "publish", "2026年第一批供需对接清单", ...operator);
  assert.equal(list.demands, 1);
  assert.equal(json("demand", "act", "assign", unmet.id, "--provider", "JA037", ...operator).provider, "JA037");
  refused(77, /provider/, "demand", "act", "promise", unmet.id, ...tax);
  assert.equal(json("demand", "act", "promise", unmet.id, "--reason", "年底前接入", ...gas).progress, "年底前接入");
  refused(65, /title in 《》/, "demand", "act", "decline", unmet.id, "--reason", "不便", "--basis", "有关规定", ...as("gas-2", "JA037", "approver"));
  assert.deepEqual(json("demand", "list", "--waiting").map((d) => d.id).sort(), [found.id, unmet.id].sort());
  assert.equal(json("demand", "list", "--list", list.list)[0].id, unmet.id);
  assert.match(run("demand", "show", unmet.id).out, /promise/);
  assert.equal(run("demand", "show", "D-0").code, 66);
});

test("an application is checked, decided by each source, and becomes grants that are suspended and revoked", () => {
  refused(65, /purpose/, "application", "submit", "tax_rating", "--purpose", "用", "--basis", basis, "--per-day", "9", ...steward);
  refused(65, /no resource nothing/, "application", "submit", "nothing", "--purpose", "贷前调查", "--basis", basis, "--per-day", "9", ...steward);
  refused(64, /--as/, "application", "submit", "tax_rating", "--purpose", "贷前调查", "--basis", basis);
  refused(77, /consumer steward/, "application", "submit", "tax_rating", "--purpose", "贷前调查", "--basis", basis, "--per-day", "9", ...tax);

  const attachment = join(data, "letter.pdf");
  writeFileSync(attachment, "%PDF-1.7 a letter");
  const parts = submit("enterprise_registration:uscc", "annual_report", "--networks", "10.1.0.0/16", "--attach", attachment);
  const scene = parts[0].scene;
  assert.equal(parts.length, 2);
  assert.ok(parts.every((p) => p.state === "submitted" && p.scene === scene));
  refused(77, /approver/, "application", "act", "endorse", scene, ...steward);
  json("application", "act", "endorse", scene, ...head);
  const passed = json("application", "act", "pass", scene, ...operator);
  const review = passed.find((p) => p.state === "provider_review");
  assert.ok(passed.some((p) => p.state === "granted" && p.resources === "annual_report"), "unconditional: granted at once");
  assert.ok(Date.parse(review.due_at) > Date.now());

  refused(65, /reason/, "application", "refuse", review.id, ...market);
  refused(65, /legal basis/, "application", "refuse", review.id, "--reason", "不便", ...market);
  refused(77, /provider's approver/, "application", "approve", review.id, ...tax);
  const approved = json("application", "approve", review.id, ...market);
  assert.equal(approved.state, "approved");
  assert.equal(approved.attachments[0].name, "letter.pdf");
  assert.deepEqual(approved.history.map((e) => e.action), ["create", "submit", "endorse", "pass", "approve"]);
  assert.equal(json("application", "act", "open", review.id, ...market).state, "granted");

  const grants = json("grant", "list", "--organisation", "JB001");
  assert.deepEqual(grants.map((g) => g.resource).sort(), ["annual_report", "enterprise_registration"]);
  const { id } = grants.find((g) => g.resource === "enterprise_registration");
  const grant = json("grant", "show", id);
  assert.deepEqual(grant.items, [{ item: "uscc", plain: false }]);
  assert.deepEqual(grant.networks, ["10.1.0.0/16"]);
  assert.equal(grant.per_day, 2000);
  refused(65, /reason/, "grant", "suspend", id, ...market);
  refused(77, /provider's approver/, "grant", "suspend", id, "--reason", "x", ...steward);
  assert.equal(json("grant", "suspend", id, "--reason", "超范围使用", ...market).state, "suspended");
  assert.equal(json("grant", "resume", id, "--reason", "已整改", ...market).state, "active");
  assert.match(json("grant", "renew", id, "2028-12-31", ...market).until, /^2028-12-31T16:00/);
  assert.equal(json("grant", "revoke", id, "--reason", "业务终止", ...operator).state, "revoked");
  refused(75, /revoked/, "grant", "resume", id, "--reason", "x", ...market);
  assert.match(run("grant", "show", id).out, /业务终止/);
});

test("a refusal can be appealed, and mediation overturns it", () => {
  const [part] = submit("enterprise_registration");
  json("application", "act", "endorse", part.id, ...head);
  json("application", "act", "pass", part.id, ...operator);
  assert.equal(json("application", "refuse", part.id, "--reason", "超出职责", "--basis", "《数据安全法》第三十八条", ...market).state, "rejected");
  assert.equal(json("application", "act", "appeal", part.id, "--reason", "属于授信必需", ...steward).state, "dispute");
  refused(77, /operator/, "application", "act", "uphold", part.id, "--reason", "x", "--basis", basis, ...market);
  const won = json("application", "act", "overturn", part.id, "--reason", "符合共享条件", "--basis", basis, ...operator);
  assert.equal(won.state, "approved");
  assert.match(run("application", "show", part.id).out, /《数据安全法》第三十八条/);
});

test("a doubt is answered by the source, and mediated when it upholds", () => {
  const source = as("msr-2", "JA023", "source_steward");
  refused(77, /never granted/, "objection", "add", "water_payment", "欠费金额不对", ...steward);
  refused(65, /no item colour/, "objection", "add", "annual_report", "从业人数不对", "--item", "colour", ...steward);
  const doubt = json("objection", "add", "annual_report", "从业人数与社保人数不符", "--record", "91360802YL0000397L", ...steward);
  assert.ok(Date.parse(doubt.due_at) > Date.now());
  refused(65, /reason/, "objection", "act", "uphold", doubt.id, ...source);
  refused(77, /provider's/, "objection", "act", "uphold", doubt.id, "--reason", "x", ...operator);
  assert.equal(json("objection", "act", "uphold", doubt.id, "--reason", "与原件一致", ...source).answer, "与原件一致");
  json("objection", "act", "appeal", doubt.id, "--reason", "原件有误", ...steward);
  assert.equal(json("objection", "act", "correct", doubt.id, "--reason", "责成更正", ...operator).state, "quality_feedback");
  json("objection", "act", "correct", doubt.id, "--reason", "已更正", ...source);
  assert.equal(json("objection", "act", "accept", doubt.id, ...steward).state, "settled");
  assert.equal(json("objection", "list", "--state", "settled").length, 1);
});

test("reminders are told once, and nothing is idle where nothing was delivered", () => {
  const [part] = submit("enterprise_registration");
  json("application", "act", "endorse", part.id, ...head);
  const late = { LULING_NOW: String(Date.now() + 40 * 86400000) };
  const swept = JSON.parse(luling(["remind", "--json", "--data", data], { env: late }).out);
  assert.ok(swept.escalated >= 1);
  assert.equal(JSON.parse(luling(["remind", "--json", "--data", data], { env: late }).out).escalated, 0);
  assert.deepEqual(json("demand", "idle"), []);
});
