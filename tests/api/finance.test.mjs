// The finance data service centre over HTTP: the sharing list with the state of each item, worked out from what is catalogued and published;
// indicators of firms with what they rest on, for the operator alone, who is seen looking.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, luling, serve, signIn } from "./lib.mjs";
import { people } from "./bank.mjs";
import { Passkey } from "./passkey.mjs";

const SAMPLE = "91360802YL0000397L";
const packs = process.env.LULING_PACKS ?? "build/packs";

test("finance: the sharing list says what is connected, and nothing that it does not know", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await addAccount(s.data, "op", "JA001", "operator");
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const cookie = await signIn(s, "op");
  const operator = (id, params) => s.call(id, params, { cookie });
  await addAccount(s.data, "lender", "JB001", "consumer_steward");
  const lender = await signIn(s, "lender"), bank = (id, params) => s.call(id, params, { cookie: lender });
  let mine; // the enterprise's own calls
  let as; // people of a bank and of the platform

  await t.test("without the pack there is no list", async () => {
    const none = await operator("finance.info", {});
    assert.equal(none.status, 404);
    assert.match(none.text, /finance/);
  });

  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);

  await t.test("the list has 14 categories and 37 items, and says that it is reconstructed", async () => {
    const { body } = await operator("finance.info", {});
    assert.equal(body.basis, "reconstruction");
    assert.equal(body.categories.length, 14);
    const items = body.categories.flatMap((c) => c.items);
    assert.equal(items.length, 37);
    assert.equal(body.counts.connected, 0, "nothing was published");
    assert.equal(body.counts.partial + body.counts.missing, 37);
    const [gas] = items.filter((i) => i.code === "1003");
    assert.deepEqual([gas.state, gas.sources.length], ["missing", 0]);
    const farms = items.find((i) => i.code === "1401");
    assert.deepEqual([farms.state, farms.sources[0].state], ["missing", "not_catalogued"], "pack rural is not loaded");
  });

  await t.test("what is published connects its item", async () => {
    for (const resource of ["enterprise_registration", "tax_arrears"]) await deliver(s, deliveries.find((d) => d.resource === resource));
    const { body } = await operator("finance.info", {});
    const state = (code) => body.categories.flatMap((c) => c.items).find((i) => i.code === code);
    assert.equal(state("0101").state, "connected");
    assert.equal(state("0702").state, "connected");
    assert.equal(state("0703").state, "partial");
    assert.equal(state("0703").sources[0].state, "never_published");
    assert.equal(state("0102").state, "partial", "the legal representative is a part of the principal persons");
    assert.deepEqual(body.counts.connected, 2);
  });

  await t.test("indicators say how they are computed and which batches were known", async () => {
    const { body } = await operator("finance.indicators", {});
    assert.ok(body.items.length >= 100);
    const arrears = body.items.find((i) => i.indicator === "tax_arrears");
    assert.deepEqual([arrears.resource, arrears.combine, arrears.date, arrears.unit], ["tax_arrears", "sum", "tax_published_date", "万元"]);
    const known = body.resources.find((r) => r.resource === "tax_arrears");
    assert.equal(known.total, 1);
    assert.match(known.batches[0].manifest_sha256, /^[0-9a-f]{64}$/);
    const before = (await operator("finance.indicators", { as_of: "2026-01-31" })).body;
    assert.ok(before.resources.every((r) => r.total === 0), "nothing was known before it came");
    assert.equal((await operator("finance.indicators", { as_of: "2999-01-01" })).status, 400);
    assert.equal((await operator("finance.indicators", { as_of: "some time ago" })).status, 400);
  });

  await t.test("a firm's indicators are for the operator, whose look is journalled; the table of all has the same", async () => {
    const shown = await operator("finance.firm", { uscc: SAMPLE });
    assert.equal(shown.status, 200, shown.text);
    assert.ok(shown.body.receipt, "the look is in the journal");
    const value = (name) => shown.body.values.find((v) => v.indicator === name);
    assert.equal(value("registered_capital").number, 200);
    assert.equal(value("industry").code_title, "农副食品加工业");
    assert.equal(value("tax_arrears").number, 0, "nothing on record where there are records");
    assert.equal(value("patents").number, null, "a resource that never delivered tells nothing, not nought");
    assert.equal(shown.body.from, "lake", "there is no table yet");
    const early = await operator("finance.firm", { uscc: SAMPLE, as_of: "2026-01-31" });
    assert.equal(early.status, 404, "nobody knew of it then");
    assert.equal((await operator("finance.firm", { uscc: "91360802YL0000397K" })).status, 400);

    const ran = await luling(["indicator", "run", "-d", s.data, "--json"]);
    assert.equal(ran.code, 0, ran.err);
    const { id } = JSON.parse(ran.out);
    const tabled = (await operator("finance.firm", { uscc: SAMPLE })).body;
    assert.deepEqual([tabled.from, tabled.values], ["table", shown.body.values], "a table that was made since has the same");
    await deliver(s, deliveries.find((d) => d.resource === "tax_rating"));
    for (const look of ["the first", "the second"]) {
      const after = (await operator("finance.firm", { uscc: SAMPLE })).body;
      assert.equal(after.from, "lake", look);
      assert.equal(after.values.find((v) => v.indicator === "tax_credit_level").code, "C", "what was delivered since is seen at once");
    }
    assert.equal((await operator("finance.firm", { uscc: SAMPLE, as_of: tabled.as_of })).body.values.find((v) => v.indicator === "tax_credit_level").code, null, "then it was not known");
    const again = await luling(["indicator", "verify", id, "-d", s.data, "--json"]);
    assert.equal(again.code, 0, again.err);
    assert.equal(JSON.parse(again.out).different, 0, "what came since changes nothing");
    const lines = (await luling(["indicator", "dump", id, "-d", s.data])).out.split("\r\n");
    const heads = lines[0].split(",");
    const row = lines.find((l) => l.startsWith(SAMPLE)).split(",");
    assert.equal(Number(row[heads.indexOf("registered_capital")]), 200);
    assert.equal(row[heads.indexOf("tax_credit_level")], "");
  });

  await t.test("an enterprise registers: what departments know is filled in, the rest it tells, all of it is journalled", async () => {
    as = await people(s);
    const { steward } = as;
    const made = await steward("enrolment.make", {}, { subject: SAMPLE, subject_title: "甲公司", capacity: "legal_representative", proof: "柜面核验" });
    const token = made.body.url.split("#")[1];
    const passkey = new Passkey(`http://localhost:${s.port}`);
    const open = { anonymous: true };
    assert.equal((await s.call("enrolment.finish", { token }, { ...open, json: passkey.create((await s.call("enrolment.show", { token }, open)).body.publicKey) })).status, 201);
    const challenge = (await s.call("me.challenge", {}, { ...open, json: {} })).body.publicKey;
    const me = (await s.call("me.session", {}, { ...open, json: passkey.get(challenge) })).body.access_token;
    mine = (id, json) => s.call(id, {}, { ...open, headers: { Authorization: `Bearer ${me}` }, json });
    const field = (body, name) => body.fields.find((f) => f.field === name);

    const before = await mine("me.enterprise");
    assert.equal(before.status, 200, before.text);
    assert.equal(before.body.state, null);
    assert.deepEqual([field(before.body, "registered_capital").value, field(before.body, "registered_capital").from], ["2000000.00", "base"]);
    assert.equal(field(before.body, "industry_code").code_title, "农副食品加工业");
    assert.deepEqual([field(before.body, "employees").value, before.body.size.class, before.body.size.reason], [null, "none", "missing"]);
    assert.equal(before.body.size.basis, "recalled");
    assert.deepEqual(before.body.fields.filter((f) => f.value === null).map((f) => f.field), ["business_scope", "employees", "revenue", "total_assets", "contact_name", "contact_mobile"]);
    assert.equal(before.body.known, before.body.of - 6);

    const refused = async (told, words) => {
      const reply = await mine("me.enterprise.register", told);
      assert.equal(reply.status, 422, reply.text);
      assert.match(reply.text, words);
    };
    await refused({ contact_name: "甲某" }, /联系手机/);
    await refused({ contact_name: "甲某", contact_mobile: "12345" }, /11/);
    await refused({ contact_name: "甲某", contact_mobile: "13800000000", employees: "many" }, /从业人员/);
    await refused({ contact_name: "甲某", contact_mobile: "13800000000", industry_code: "Z99" }, /行业/);
    assert.equal((await mine("me.enterprise.register", { contact_name: "甲某", contact_mobile: "13800000000", registered_capital: "1" })).status, 400);
    assert.equal((await mine("me.enterprise.close")).status, 404, "nothing to close yet");

    const told = { contact_name: "甲某", contact_mobile: "13800000000", employees: "300", revenue: "20000000" };
    const registered = await mine("me.enterprise.register", told);
    assert.equal(registered.status, 200, registered.text);
    assert.match(registered.body.id, /^E-/);
    assert.deepEqual([registered.body.state, registered.body.size.class, registered.body.size.code], ["registered", "medium", "CS02"]);
    assert.deepEqual([field(registered.body, "contact_mobile").value, field(registered.body, "contact_mobile").from], ["13800000000", "firm"]);
    assert.deepEqual(registered.body.progress.map((p) => p.part), ["subject"]);
    const files = readdirSync(s.data).filter((f) => f.startsWith("luling.db"));
    assert.ok(!files.some((f) => readFileSync(join(s.data, f)).includes("13800000000")), "what the firm tells is sealed at rest");

    await deliver(s, deliveries.find((d) => d.resource === "annual_report"));
    const later = (await mine("me.enterprise")).body;
    assert.deepEqual([field(later, "employees").value, field(later, "employees").from, later.size.class], ["3", "base", "micro"], "what a department tells counts before what the firm told");
    const changed = await mine("me.enterprise.register", { ...told, contact_name: "乙某" });
    assert.equal(field(changed.body, "contact_name").value, "乙某");
    assert.equal(changed.body.id, registered.body.id);
    assert.equal((await mine("me.enterprise.close")).body.state, "closed");
    assert.equal((await mine("me.enterprise.close")).status, 409);
    const again = (await mine("me.enterprise.register", told)).body;
    assert.deepEqual(again.progress.map((p) => p.action), ["create", "change", "close", "register"]);
    assert.ok((await mine("me.looks")).body.items.length > 0);
  });

  await t.test("products are public: filtered, ordered, told in plain words", async () => {
    const open = { anonymous: true };
    const list = async (q) => (await s.call("products.list", { limit: 200, ...q }, open)).body;
    const all = await list({});
    assert.ok(all.total >= 12 && all.items.length === all.total);
    assert.ok(all.items.every((p) => p.sample && p.title.includes("示例")), "samples say that they are");
    const rates = all.items.map((p) => p.rate_min);
    assert.deepEqual(rates, [...rates].sort((a, b) => a - b), "the lowest rate first");
    for (const sort of ["rate", "amount", "term", "kind", "title"])
      for (const order of [sort, `-${sort}`]) {
        const whole = (await list({ sort: order })).items.map((p) => p.code);
        assert.deepEqual([...(await list({ sort: order, limit: 5 })).items, ...(await list({ sort: order, offset: 5 })).items].map((p) => p.code), whole, `${order}: page by page`);
      }
    assert.deepEqual((await list({ sort: "-amount" })).items[0].amount_max, Math.max(...all.items.map((p) => p.amount_max)));
    assert.ok((await list({ kind: "tax" })).items.every((p) => p.kind === "tax"));
    assert.ok((await list({ amount: 2500 })).items.every((p) => p.amount_max >= 2500));
    assert.ok((await list({ first_loan: "Y" })).items.every((p) => p.first_loan));
    const codes = async (q) => (await list(q)).items.map((p) => p.code);
    assert.ok((await codes({ industry: "C13" })).includes("sample_farm") && !(await codes({ industry: "F51" })).includes("sample_farm"));
    assert.ok((await codes({ region: "360802001" })).includes("sample_power") && !(await codes({ region: "360821" })).includes("sample_power"));
    assert.ok((await codes({ size: "large" })).includes("sample_mortgage") && !(await codes({ size: "large" })).includes("sample_first"));
    assert.ok((await list({ guarantee: "B01" })).items.every((p) => p.guarantee.some((g) => g.code === "B01" && g.title)));
    assert.deepEqual(await codes({ q: "银税" }), ["sample_tax"]);
    assert.equal((await s.call("products.list", { sort: "paid" }, open)).status, 400, "there is no order that can be paid for");
    const one = (await s.call("product.show", { code: "sample_tax" }, open)).body;
    assert.deepEqual(one.groups.map((g) => g.map((r) => r.text).join("；或者 ")).slice(0, 3), ["经营年限不少于 2 年", "纳税信用级别为 A级（90分以上）、B级（70-90） 之一", "欠税余额：没有"]);
    assert.equal(one.groups[0][0].text_en, "Years in business: at least 2 years");
    const farm = (await s.call("product.show", { code: "sample_farm" }, open)).body;
    assert.ok(farm.groups.some((g) => g[0].operator === "starts" && g[0].indicator === "industry"), "whom it is for is asked like anything else");
    assert.equal((await s.call("product.show", { code: "sample_nothing" }, open)).status, 404);
  });

  await t.test("a firm's products come in the declared order, each rule with what it came to", async () => {
    const seen = await operator("finance.firm.products", { uscc: SAMPLE, limit: 200 });
    assert.equal(seen.status, 200, seen.text);
    assert.ok(seen.body.receipt, "the look is in the journal");
    const items = seen.body.items;
    assert.equal(items.length, seen.body.total);
    assert.equal(seen.body.from, "lake");
    assert.equal((await luling(["indicator", "run", "-d", s.data])).code, 0);
    const tabled = (await operator("finance.firm.products", { uscc: SAMPLE, limit: 200 })).body;
    assert.deepEqual([tabled.from, tabled.items], ["table", items], "the same, from the table");
    const key = (m) => [m.misses, m.unknown, m.product.rate_min];
    for (let i = 1; i < items.length; i++) {
      const [a, b] = [key(items[i - 1]), key(items[i])], at = a.findIndex((x, k) => x !== b[k]);
      assert.ok(at < 0 || a[at] < b[at], `${items[i - 1].product.code} before ${items[i].product.code}`);
    }
    const of = (code) => items.find((m) => m.product.code === code);
    const rule = (code, name) => of(code).groups.flatMap((g) => g.rules).find((r) => r.indicator === name);
    assert.deepEqual([rule("sample_tax", "tax_credit_level").result, rule("sample_tax", "tax_credit_level").code], ["miss", "C"]);
    const growth = rule("sample_policy", "revenue_growth");
    assert.deepEqual([growth.result, growth.operator, growth.value, growth.unit], ["miss", "gt", "0", "%"]);
    assert.equal(growth.gap, -growth.number, "it says by how much");
    assert.equal(of("sample_policy").groups.find((g) => g.rules.length === 2).result, "pass", "years without a loss are as good as growth");
    assert.equal(rule("sample_power", "power_months_12m").result, "unknown", "of what nothing was published nothing is known");
    assert.equal(of("sample_farm").groups.find((g) => g.rules[0].indicator === "industry").result, "pass");
    for (const m of items) {
      const groups = m.groups.map((g) => (g.rules.some((r) => r.result === "pass") ? "pass" : g.rules.some((r) => r.result === "unknown") ? "unknown" : "miss"));
      assert.deepEqual(m.groups.map((g) => g.result), groups, "one rule of a group is enough");
      assert.deepEqual([m.misses, m.unknown], ["miss", "unknown"].map((x) => groups.filter((g) => g === x).length));
    }
    assert.deepEqual((await operator("finance.firm.products", { uscc: SAMPLE, limit: 3, offset: 2 })).body.items, items.slice(2, 5));
    assert.equal((await operator("finance.firm.products", { uscc: "91360802YL0000397K" })).status, 400);
    const fit = await bank("finance.product_fit", { code: "sample_tax" });
    assert.equal(fit.status, 200, fit.text);
    const { firms, fit: fits, near, open, far, counties, least } = fit.body;
    assert.ok(firms > 1000 && [fits, near, open, far].some((n) => n > least), JSON.stringify(fit.body).slice(0, 400));
    for (const n of [fits, near, open, far, ...counties.map((c) => c.fit)]) assert.ok(n === null || n === 0 || n >= least, "a number that would tell who is not told");
    if (fits !== null) assert.ok(counties.reduce((sum, c) => sum + (c.fit ?? 0), 0) <= fits);
    const listed = JSON.parse((await luling(["match", "list", "-d", s.data, "--json"])).out);
    assert.deepEqual([fits, near, open, far], ["fit", "near", "open", "far"].map((k) => listed.find((p) => p.product === "sample_tax")[k]));
    const shown = JSON.parse((await luling(["match", "show", "sample_tax", "-d", s.data, "--json"])).out);
    assert.deepEqual(shown.map((c) => [c.county, c.fit]), counties.map((c) => [c.code, c.fit]));
    assert.equal((await bank("finance.product_fit", { code: "nothing" })).status, 404);
    const own = await mine("me.products");
    assert.equal(own.status, 200, own.text);
    assert.deepEqual(own.body.items, items.slice(0, 20), "the firm sees the same");
    assert.equal((await s.call("me.products", {}, { anonymous: true })).status, 401);
  });

  await t.test("an institution is listed by the platform, writes a product, and what is published stands beside all others", async () => {
    const open = { anonymous: true };
    const { steward, head } = as;
    const listed = async () => (await s.call("institutions.list", {}, open)).body.items.map((i) => i.code);
    const said = { kind: "1", licence: "B0001S236080001", regions: ["360802", "360821"], contact: "张专员", phone: "0796-8230000", about: "服务全市小微企业" };
    assert.equal((await steward("market.institution.say", {}, { ...said, regions: ["999999"] })).status, 422);
    assert.equal((await operator("market.institution.say", {})).status, 403, "an institution speaks for itself");
    const proposed = await steward("market.institution.say", {}, said);
    assert.deepEqual([proposed.status, proposed.body.state, proposed.body.actions.map((a) => a.action)], [200, "proposed", ["change"]]);
    assert.deepEqual(await listed(), []);
    assert.equal((await s.call("institution.show", { code: "JB001" }, open)).status, 404);
    assert.equal((await steward("market.institution.act", { code: "JB001" }, { action: "list" })).status, 403);
    assert.deepEqual((await operator("tasks.list", { kind: "institution" })).body.items.map((x) => x.id), ["JB001"]);
    const decide = (action, reason) => s.call("market.institution.act", { code: "JB001" }, { cookie, json: { action, reason } });

    const form = { title: "庐陵成长贷", kind: "technology", amount_min: "20", amount_max: "500", rate_min: "3.2", rate_max: "4.6", term_min: "6", term_max: "36", guarantee: ["D"], repayment: ["instalment", "interest"],
      region: ["360802"], target_size: ["micro", "small"], target_industry: ["C13"], first_loan: true, online: true, days: "2", materials: "营业执照",
      groups: [[{ indicator: "years_in_business", operator: "ge", value: "2" }], [{ indicator: "tax_credit_level", operator: "in", value: "A|B" }, { indicator: "revenue", operator: "gt", value: "100" }]] };
    const check = async (f) => (await steward("market.product.check", {}, { form: f })).body;
    const wrong = await check({ ...form, title: "", amount_max: "10", rate_max: "40", term_min: "六", guarantee: ["Z9"], groups: [[{ indicator: "years_in_business", operator: "in", value: "2" }], [{ indicator: "revenue", operator: "ge", value: "12" }]] });
    assert.deepEqual(wrong.faults.map((f) => f.field).sort(), ["amount_max", "groups.0.0", "guarantee", "rate_max", "term_min", "title"], "each fault is told at its field");
    assert.ok(wrong.faults.every((f) => f.text && f.text_en) && wrong.product === null);
    assert.deepEqual(wrong.groups.map((g) => g.map((r) => r?.text ?? null)), [[null], ["营业收入不少于 12 万元"]], "what a rule says already is told");
    const fine = await check(form);
    assert.deepEqual(fine.faults, []);
    assert.deepEqual([fine.product.title, fine.product.institution.slice(0, 6), fine.product.groups.length], ["庐陵成长贷", "中国工商银行", 4], "with the region and the industry it is for");
    assert.equal((await steward("market.product.check", {}, { form: { ...form, price: "1" } })).status, 400);

    const made = await steward("market.product.add", {}, { form: { ...form, rate_max: "" }, note: "首版" });
    assert.deepEqual([made.status, made.body.state, made.body.version, made.body.product], [201, "draft", 1, null], "a draft may be unfinished");
    const { id, code } = made.body;
    const act = (who, action, reason, at = id) => who("market.product.act", { id: at }, { action, reason });
    assert.equal((await act(steward, "submit")).status, 422);
    assert.equal((await steward("market.product.change", { id }, { form })).body.product.rate_max, 4.6);
    assert.equal((await act(steward, "submit")).status, 422, "the institution is not listed yet");
    assert.equal((await decide("list")).body.state, "listed");
    assert.deepEqual(await listed(), ["JB001"]);
    assert.equal((await act(steward, "submit")).body.state, "submitted");
    assert.equal((await steward("market.product.change", { id }, { form })).status, 409, "what was submitted stays");
    assert.deepEqual((await operator("market.products", { state: "submitted" })).body.items.map((v) => v.id), [id]);
    assert.deepEqual((await operator("tasks.list", { kind: "product" })).body.items.map((x) => [x.id, x.title]), [[id, "庐陵成长贷"]], "it waits for the platform");
    assert.equal((await steward("tasks.list", { kind: "product" })).body.total, 0);
    assert.equal((await act(head, "publish")).status, 403);
    assert.equal((await act(as.operator, "return")).status, 422, "with a reason");
    assert.equal((await act(as.operator, "return", "利率与公示不符")).body.state, "draft");
    assert.equal((await act(steward, "submit")).status, 200);
    const show = () => s.call("product.show", { code }, open);
    assert.equal((await show()).status, 404);
    const up = await act(as.operator, "publish");
    assert.deepEqual([up.status, up.body.state], [200, "published"]);
    assert.deepEqual((await show()).body, up.body.product);
    assert.ok((await s.call("products.list", { q: "成长贷" }, open)).body.items.every((p) => p.code === code && !p.sample));
    assert.deepEqual((await s.call("institution.show", { code: "JB001" }, open)).body.items.map((p) => p.code), [code]);
    const match = (await mine("me.products")).body.items.find((m) => m.product.code === code);
    assert.ok(match.groups.some((g) => g.rules[0].indicator === "tax_credit_level" && g.rules[0].result === "miss"), "it is matched like any other");

    const next = (await steward("market.product.add", {}, { code, form: { ...form, rate_min: "3.0" }, note: "下调利率" })).body;
    assert.deepEqual([next.version, next.before.rate_min, next.product.rate_min], [2, 3.2, 3], "what is published stands beside it");
    assert.equal((await steward("market.product.add", {}, { code, form })).status, 409, "one version at a time");
    assert.equal((await act(steward, "submit", undefined, next.id)).status, 200);
    assert.equal((await act(steward, "withdraw", undefined, next.id)).body.state, "draft");
    assert.equal((await act(steward, "submit", undefined, next.id)).status, 200);
    const decided = await luling(["product", "decide", "publish", next.id, "--as", "op", "-o", "JA001", "--duties", "operator", "-d", s.data]);
    assert.equal(decided.code, 0, decided.err);
    assert.match(decided.out, /经营年限不少于 2 年/);
    assert.equal((await show()).body.rate_min, 3);
    const versions = (await steward("market.product.show", { id })).body;
    assert.deepEqual(versions.versions.map((v) => [v.version, v.state]).sort(), [[1, "superseded"], [2, "published"]]);
    assert.deepEqual(versions.history.map((h) => h.action), ["create", "change", "submit", "return", "submit", "publish", "supersede"]);
    assert.deepEqual(JSON.parse((await luling(["product", "list", "--json", "-d", s.data])).out).map((v) => v.id), [next.id]);

    const say = async (more) => (await steward("market.institution.say", {}, { ...said, phone: "0796-8239999", ...more })).body;
    const names = (i) => i.actions.map((a) => a.action);
    const asking = await say({ licence: "B0001S236080002", parent: "JB002" });
    assert.deepEqual([asking.licence, asking.parent, asking.phone, asking.asked.licence, asking.asked.parent], [said.licence, null, "0796-8239999", "B0001S236080002", "JB002"], "what the platform looked at holds until it decides, the rest changes at once");
    assert.deepEqual([names(asking).includes("retract"), names(asking).includes("approve")], [true, false]);
    assert.deepEqual((await operator("tasks.list", { kind: "institution" })).body.items.map((x) => x.id), ["JB001"], "it waits for the platform");
    assert.equal((await steward("market.institution.act", { code: "JB001" }, { action: "approve" })).status, 403, "nobody decides their own");
    assert.equal((await s.call("institution.show", { code: "JB001" }, open)).body.licence, said.licence);
    assert.equal((await decide("reject")).status, 422, "with a reason");
    const rejected = (await decide("reject", "许可证未查到")).body;
    assert.deepEqual([rejected.asked, rejected.licence, rejected.history.at(-1).reason], [null, said.licence, "许可证未查到"]);
    assert.equal((await decide("approve")).status, 409, "there is nothing to approve");
    await say({ kind: "9" });
    const again = await say({ licence: "B0001S236080003" });
    assert.deepEqual([again.asked.kind, again.asked.licence], ["1", "B0001S236080003"], "what is asked last takes the place of what was asked before");
    assert.equal((await say({})).asked.licence, "B0001S236080003", "to change the rest is no taking back");
    assert.equal((await steward("market.institution.act", { code: "JB001" }, { action: "retract" })).body.asked, null);
    await say({ licence: "B0001S236080004" });
    const approved = (await decide("approve")).body;
    assert.deepEqual([approved.asked, approved.licence, approved.state], [null, "B0001S236080004", "listed"]);
    assert.match(approved.history.filter((h) => h.action === "ask").at(-1).reason, /B0001S236080001 → B0001S236080004/, "the history says from what to what");
    assert.equal((await operator("tasks.list", { kind: "institution" })).body.total, 0);
    said.licence = approved.licence;
    assert.equal((await decide("suspend")).status, 422);
    assert.equal((await decide("suspend", "许可证到期")).body.state, "suspended");
    assert.equal((await show()).status, 404, "its products are not shown meanwhile");
    assert.equal((await decide("resume", "已换发")).body.state, "listed");
    assert.equal((await act(steward, "take_down", undefined, next.id)).body.state, "taken_down");
    assert.equal((await show()).status, 404);
    for (const by of ["title", "kind", "licence", "products"])
      for (const sort of [by, `-${by}`]) assert.deepEqual((await s.call("institutions.list", { sort }, open)).body.items.map((i) => i.code), ["JB001"], sort);
    const third = (await steward("market.product.add", {}, { code, form })).body;
    const two = async (sort) => (await operator("market.products", { sort, limit: 50 })).body.items.map((v) => v.id);
    for (const [sort, ids] of Object.entries({ changed: [next.id, third.id], "-changed": [third.id, next.id], state: [third.id, next.id], "-state": [next.id, third.id] })) assert.deepEqual(await two(sort), ids, sort);
    assert.equal((await act(steward, "discard", undefined, third.id)).body.state, "discarded");
    assert.deepEqual((await steward("market.institutions", {})).body.items.map((i) => i.state), ["listed"]);
    assert.equal((await operator("market.institution.show", { code: "JB001" })).body.history.map((h) => h.action).slice(-3).join(), "approve,suspend,resume");
    assert.match((await luling(["institution", "list", "-d", s.data])).out, /JB001/);
  });

  await t.test("who keeps the keys has no business here", async () => {
    const secadmin = await signIn(s, "sec");
    assert.equal((await s.call("finance.info", {}, { cookie: secadmin })).status, 403);
    assert.equal((await s.call("finance.firm", { uscc: SAMPLE }, { cookie: secadmin })).status, 403);
  });

  await t.test("a server makes the table by itself when data came", async () => {
    await deliver(s, deliveries.find((d) => d.resource === "court_dishonesty"));
    await s.stop();
    const again = await serve(t, { data: s.data, signedIn: false, settings: { indicators_run_s: 1 } });
    const session = await signIn(again, "op"), look = async () => (await again.call("finance.firm", { uscc: SAMPLE }, { cookie: session })).body;
    const before = await look();
    const until = Date.now() + 30_000;
    let after;
    while ((after = await look()).from !== "table" && Date.now() < until) await sleep(200);
    assert.deepEqual([after.from, after.values], ["table", before.values]);
    const tables = JSON.parse((await luling(["indicator", "runs", "--json", "-d", s.data])).out);
    assert.ok(tables[0].automatic, "the newest is the server's own");
    assert.equal(tables.filter((r) => !r.automatic).length, 2, "and those that were made by hand are there");
    const verified = await luling(["indicator", "verify", tables[0].id, "--json", "-d", s.data]);
    assert.equal(JSON.parse(verified.out).different, 0, verified.err);
  });
});
