// The policy library over HTTP: a department writes, somebody else publishes, anybody reads, and a firm is told what it can have, what it misses and by how much.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn } from "./lib.mjs";
import { subjectOf } from "./subject.mjs";

const SAMPLE = "91360802YL0000397L";
const packs = process.env.LULING_PACKS ?? "build/packs";
const open = { anonymous: true };
const day = (ahead) => new Date(Date.now() + ahead * 864e5).toISOString().slice(0, 10);

const FORM = {
  title: "科技企业贷款贴息", title_en: "Interest discount for technology firms", kind: "01", document: "吉科字〔2026〕8 号", level: "city", summary: "对科技企业的贷款给予贴息。", benefit: "按实付利息的三成补贴，不超过 20 万元", amount: "20", unit: "wan",
  region: ["360802"], target_industry: [], steps: ["在线提交", "部门核对", "兑付"], materials: ["营业执照"], link: "https://example.org/apply", from: day(-30), until: day(300), contact: "科技金融科", phone: "0796-8200000", products: ["sample_technology"],
  groups: [[{ indicator: "years_in_business", operator: "ge", value: "99" }], [{ indicator: "tax_arrears", operator: "le", value: "0" }, { indicator: "high_tech", operator: "ge", value: "1" }]],
};

test("policies: written by a department, published by another person, open to anybody, matched to a firm", async (t) => {
  const s = await serveDemo(t);
  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const { deliveries } = demoFiles(t);
  for (const resource of ["enterprise_registration", "tax_arrears"]) await deliver(s, deliveries.find((d) => d.resource === resource));
  const as = await people(s);
  const account = async (id, organisation, duties) => {
    await addAccount(s.data, id, organisation, duties);
    const cookie = await signIn(s, id);
    return (route, params, json) => s.call(route, params, { cookie, json });
  };
  const steward = await account("kj-1", "JA004", "source_steward"), other = await account("gx-1", "JA005", "source_steward");
  const listed = async (q = {}) => (await s.call("policies.list", { limit: 200, ...q }, open)).body.items;
  const codes = async (q) => (await listed(q)).map((p) => p.code);

  await t.test("anybody browses: filtered, ordered, what has ended is said to have", async () => {
    const all = await listed();
    assert.ok(all.length >= 13 && all.every((p) => p.sample && p.title.endsWith("（示例）") && p.department.startsWith("示例")));
    assert.equal(all.at(-1).code, "sample_ended", "open ones stand first");
    assert.deepEqual([all.at(-1).time, all.at(-1).time_title], ["ended", "已结束"]);
    assert.ok((await listed({ open: "Y" })).every((p) => p.time === "open"));
    assert.deepEqual(await codes({ kind: "11" }), ["sample_risk"]);
    assert.deepEqual(new Set((await listed({ level: "province" })).map((p) => p.level)), new Set(["province"]));
    assert.deepEqual(new Set((await listed({ department: "FG002" })).map((p) => p.organisation)), new Set(["FG002"]));
    assert.ok(!(await codes({ region: "360821" })).includes("sample_county") && (await codes({ region: "360802" })).includes("sample_county"));
    assert.deepEqual(await codes({ product: "sample_green" }), ["sample_green"]);
    assert.deepEqual(await codes({ q: "研发费用" }), ["sample_rd"]);
    const titles = async (sort) => (await listed({ sort })).map((p) => p.title);
    assert.deepEqual(await titles("-title"), (await titles("title")).reverse());
    assert.equal((await s.call("policies.list", { sort: "paid" }, open)).status, 400);
    const one = (await s.call("policy.show", { code: "sample_discount" }, open)).body;
    assert.deepEqual([one.steps.length, one.products.map((p) => p.code), one.kind_title, one.amount, one.unit_title], [4, ["sample_tax", "sample_tax_b"], "贷款贴息", 20, "万元"]);
    assert.ok(one.groups.some((g) => g[0].text === "经营年限不少于 1 年"));
    assert.equal((await s.call("policy.show", { code: "nothing" }, open)).status, 404);
  });

  await t.test("a form is checked at its fields, and its rules are told back", async () => {
    const check = async (more) => (await steward("market.policy.check", {}, { form: { ...FORM, ...more } })).body;
    const wrong = await check({ title: "", kind: "77", link: "javascript:alert(1)", until: day(-31), amount: "-1", unit: "bitcoin", products: ["sample_nothing"], steps: ["长".repeat(199)], level: "", groups: [[{ indicator: "years_in_business", operator: "in", value: "2" }]] });
    assert.deepEqual(wrong.faults.map((f) => f.field).sort(), ["amount", "groups.0.0", "kind", "level", "link", "products", "title", "unit", "until"].sort());
    assert.ok(wrong.faults.every((f) => f.text && f.text_en) && wrong.policy === null);
    assert.deepEqual((await check({ from: "2026-02-30" })).faults.map((f) => f.field), ["from"]);
    const fine = await check({});
    assert.deepEqual([fine.faults, fine.policy.time, fine.policy.department.slice(0, 4), fine.groups[0][0].text], [[], "open", "吉安市科", "经营年限不少于 99 年"]);
    assert.equal(fine.policy.groups.length, 3, "with the region it is for");
    for (const form of [{ ...FORM, price: "1" }, { ...FORM, steps: "一步" }, { ...FORM, steps: ["一|二"] }]) assert.equal((await steward("market.policy.check", {}, { form })).status, 400);
  });

  await t.test("write, submit, publish by another, supersede, take down", async () => {
    const made = await steward("market.policy.add", {}, { form: { ...FORM, title: "" }, note: "首版" });
    assert.deepEqual([made.status, made.body.state, made.body.version, made.body.policy], [201, "draft", 1, null]);
    const { id, code } = made.body;
    const act = (who, action, reason, at = id) => who("market.policy.act", { id: at }, { action, reason });
    assert.equal((await act(steward, "submit")).status, 422, "it has faults");
    for (const who of [other, as.steward, as.tax]) assert.ok([403, 404].includes((await who("market.policy.change", { id }, { form: FORM })).status), "another's hands are off");
    assert.equal((await other("market.policy.show", { id })).status, 404);
    assert.equal((await other("market.policy.add", {}, { code, form: FORM })).status, 404);
    assert.equal((await as.operator("market.policy.add", {}, { form: FORM })).status, 403, "departments write");
    const bold = { ...FORM, summary: "<script>alert(1)</script><b>补贴</b>" };
    assert.equal((await steward("market.policy.change", { id }, { form: bold })).body.policy.summary, bold.summary, "a text is a text: pages escape it");
    assert.equal((await act(steward, "submit")).body.state, "submitted");
    assert.equal((await steward("market.policy.change", { id }, { form: FORM })).status, 409);
    assert.deepEqual((await as.operator("tasks.list", { kind: "policy" })).body.items.map((x) => [x.id, x.title]), [[id, FORM.title]]);
    assert.deepEqual((await as.operator("market.policies", { state: "submitted" })).body.items.map((v) => v.id), [id]);
    assert.equal((await act(steward, "publish")).status, 403, "not by the department");
    assert.equal((await act(as.operator, "return")).status, 422, "with a reason");
    assert.equal((await s.call("policy.show", { code }, open)).status, 404, "nothing is seen before");
    const up = await act(as.operator, "publish");
    assert.deepEqual([up.status, up.body.state], [200, "published"]);
    const shown = await s.call("policy.show", { code }, open);
    assert.deepEqual(shown.body, up.body.policy);
    assert.match(shown.headers.get("content-type"), /^application\/json/);
    assert.deepEqual(await codes({ product: "sample_technology", department: "JA004" }), [code]);

    const next = (await steward("market.policy.add", {}, { code, form: { ...FORM, until: day(-1) }, note: "提前结束" })).body;
    assert.deepEqual([next.version, next.before.until, next.policy.time], [2, FORM.until, "ended"]);
    assert.equal((await steward("market.policy.add", {}, { code, form: FORM })).status, 409, "one version at a time");
    assert.equal((await act(steward, "submit", undefined, next.id)).status, 200);
    assert.equal((await act(steward, "withdraw", undefined, next.id)).body.state, "draft");
    assert.equal((await act(steward, "discard", undefined, next.id)).body.state, "discarded");
    assert.deepEqual((await steward("market.policies", {})).body.items.map((v) => v.state), ["published"]);

    const both = await account("kj-2", "JA004", "source_steward,operator");
    const mine = (await both("market.policy.add", {}, { form: { ...FORM, title: "自己的" } })).body;
    await act(both, "submit", undefined, mine.id);
    assert.equal((await act(both, "publish", undefined, mine.id)).status, 403, "nobody publishes what they wrote");
    const decided = await luling(["policy", "decide", "publish", mine.id, "--as", "op", "-o", "JA001", "--duties", "operator", "-d", s.data]);
    assert.equal(decided.code, 0, decided.err);
    assert.match(decided.out, /经营年限不少于 99 年/);
    assert.equal((await act(steward, "take_down", undefined, mine.id)).body.state, "taken_down");
    assert.deepEqual(JSON.parse((await luling(["policy", "list", "--json", "-d", s.data])).out).map((v) => v.state).sort(), ["published", "taken_down"]);
    assert.match((await luling(["policy", "show", id, "--lang", "en", "-d", s.data])).out, /open from .* it asks:/);
  });

  await t.test("a firm is told what it can have, what it misses and by how much; an operator who looks is seen", async () => {
    const mine = await subjectOf(s, as, SAMPLE);
    const { body } = await mine("me.policies", { limit: 200 });
    assert.equal(body.total, body.items.length);
    assert.ok(body.items.every((m) => m.policy.time === "open") && !body.items.some((m) => m.policy.code === "sample_ended"), "what has ended fits nobody");
    const key = (m) => [m.misses, m.unknown];
    body.items.forEach((m, i) => { const a = i ? key(body.items[i - 1]) : [0, 0], b = key(m); assert.ok(a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]), m.policy.code); });
    for (const m of body.items) assert.equal(m.result, m.misses ? "miss" : m.unknown ? "unknown" : "pass");
    const own = body.items.find((m) => m.policy.organisation === "JA004");
    const years = own.groups.find((g) => g.rules[0].indicator === "years_in_business");
    assert.equal(years.result, "miss");
    assert.ok(Math.abs(years.rules[0].gap - (99 - years.rules[0].number)) < 1e-6, "by how much");
    assert.equal(own.groups.find((g) => g.rules[0].indicator === "region").result, "pass");
    assert.equal((await s.call("me.policies", {}, open)).status, 401);

    const looked = await as.operator("finance.firm.policies", { uscc: SAMPLE, limit: 200 });
    assert.deepEqual(looked.body.items, body.items);
    assert.deepEqual((await as.operator("finance.firm.policies", { uscc: SAMPLE, limit: 2, offset: 1 })).body.items, body.items.slice(1, 3));
    assert.equal((await as.operator("finance.firm.policies", { uscc: "91360802YL0000397K" })).status, 400);
    assert.equal((await steward("finance.firm.policies", { uscc: SAMPLE })).status, 403);
    const looks = (await mine("me.looks", {})).body.items;
    assert.ok(looks.length >= 1, "the look is told to the firm");

    assert.equal((await as.operator("finance.policy_fit", { code: "sample_county" })).status, 404, "no table of indicators was made yet");
    const run = await luling(["indicator", "run", "-d", s.data]);
    assert.equal(run.code, 0, run.err);
    const fit = (await as.operator("finance.policy_fit", { code: "sample_county" })).body;
    assert.equal(fit.policy, "sample_county");
    for (const n of [fit.fit, fit.near, fit.open, fit.far]) assert.ok(n === null || n === 0 || n >= fit.least);
    assert.equal((await as.operator("finance.policy_fit", { code: "nothing" })).status, 404);
  });
});
