// Delegated staff of an enterprise; an institution's own model that runs over data it may not see; statistics of all firms that show no single one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, people } from "./bank.mjs";
import { deliver, serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn, tempDir } from "./lib.mjs";
import { firms, OTHER, REPRESENTATIVE } from "./modelfirms.mjs";
import { Passkey } from "./passkey.mjs";
import { subjectOf } from "./subject.mjs";

const packs = process.env.LULING_PACKS ?? "build/packs";
const day = (ms) => new Date(Date.now() + ms).toISOString().slice(0, 10);
const DAY = 864e5;

const CARD = `row,indicator,is,from,to,value,points,result,limit_min,limit_max,reason,words,words_en
base,,,,,,417.125,,,,,,
band,years_in_business,range,,5,,50,,,,SHORT,,
band,years_in_business,range,5,,,300,,,,,,
band,years_in_business,missing,,,,0,,,,SHORT,,
band,registered_capital,range,,100,,0,,,,SMALL,,
band,registered_capital,range,100,,,100,,,,,,
band,registered_capital,missing,,,,0,,,,SMALL,,
band,tax_credit_level,code,,,A|B,200,,,,,,
band,tax_credit_level,other,,,,20,,,,GRADE,,
band,tax_credit_level,missing,,,,60,,,,GRADE,,
reason,,,,,,,,,,SHORT,经营年限短,Short time in business
reason,,,,,,,,,,SMALL,,
cut,,,900,,,,pass,100,300,,,
cut,,,600,,,,refer,,,,,
cut,,,,,,,decline,,,,,
reason,,,,,,,,,,GRADE,纳税信用,Tax credit
`;

/** What the table above says of a firm, in plain words of a program. */
function plain(f) {
  const years = (Date.now() - Date.parse(f.established)) / (365.25 * DAY);
  const costs = [[years < 5 ? 250 : 0, "SHORT"], [f.capital < 100 ? 100 : 0, "SMALL"], [f.rated ? ("AB".includes(f.grade) ? 0 : 180) : 140, "GRADE"]].filter(([cost]) => cost);
  const points = 1017.125 - costs.reduce((sum, [cost]) => sum + cost, 0);
  return [points >= 900 ? "pass" : points >= 600 ? "refer" : "decline", costs.sort((x, y) => y[0] - x[0]).map(([, code]) => code)];
}

test("delegates, pre-checks and the model kit", async (t) => {
  const s = await serveDemo(t);
  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const made = firms(tempDir(t), 300);
  for (const [resource, path] of made.files) {
    const done = await deliver(s, { resource, path });
    assert.deepEqual([done.state, done.quarantined], ["published", 0], JSON.stringify(done));
  }
  const as = await people(s);
  const [firm] = made.list;
  const mine = await subjectOf(s, as, firm.uscc, firm.name);
  const person = async (number, name) => subjectOf(s, as, number, name, "self");

  await t.test("a legal representative is verified by its own passkey and the registration, and by nothing else", async () => {
    assert.deepEqual([(await mine("me.enterprise")).body.auth_status, (await mine("me.enterprise")).body.auth_at], ["0", null]);
    const agent = await subjectOf(s, as, firm.uscc, firm.name, "agent");
    assert.equal((await agent("me.representative")).status, 403, "an agent's passkey is not the representative's");
    const other = await person(OTHER, "外人甲");
    const wrong = (await mine("me.representative")).body;
    const refused = await other("me.firm.take", {}, { code: wrong.code });
    assert.equal(refused.body.state, "mismatched", refused.text);
    assert.equal((await mine("me.enterprise")).body.auth_status, "2");
    assert.equal((await other("me.firm.take", {}, { code: wrong.code })).status, 404, "a code is used up");
    const representative = await person(REPRESENTATIVE, "示例人");
    const right = (await mine("me.representative")).body;
    assert.equal((await mine("me.firm.take", {}, { code: right.code })).status, 403, "a firm is no natural person");
    assert.equal((await representative("me.firm.take", {}, { code: right.code })).body.state, "acting");
    const shown = (await mine("me.enterprise")).body;
    assert.deepEqual([shown.auth_status, shown.auth_title_en], ["1", "legal representative verified"]);
    assert.deepEqual((await representative("me.firms")).body.items.map((d) => d.acts), [false], "verified is not delegated to");
    assert.equal((await representative("me.enterprise", {}, undefined, { headers: { "Luling-Acts-For": right.delegation.id } })).status, 403);
  });

  await t.test("who is delegated to acts for the firm within its scope, until that ends, and what it does says so", async () => {
    const staff = await person(OTHER, "王会计");
    const bad = async (json) => (await mine("me.delegate.invite", {}, json)).status;
    assert.equal(await bad({ scopes: ["consents"], until: day(30 * DAY) }), 400, "consents are never delegated");
    assert.equal(await bad({ scopes: [], until: day(30 * DAY) }), 400);
    assert.equal(await bad({ scopes: ["profile"], until: day(-2 * DAY) }), 422);
    assert.equal(await bad({ scopes: ["profile"], until: day(4000 * DAY) }), 422);
    assert.equal((await staff("me.delegate.invite", {}, { scopes: ["profile"], until: day(DAY) })).status, 404);
    const invited = await mine("me.delegate.invite", {}, { scopes: ["profile"], until: day(30 * DAY), note: "财务" });
    assert.equal(invited.status, 201, invited.text);
    const { code, delegation: { id } } = invited.body;
    const acting = (route, json) => staff(route, {}, json, { headers: { "Luling-Acts-For": id } });
    assert.equal((await acting("me.enterprise")).status, 403, "nobody has taken it yet");
    assert.equal((await staff("me.firm.take", {}, { code })).body.state, "acting");
    const [seen] = (await staff("me.firms")).body.items;
    assert.deepEqual([seen.id, seen.title, seen.acts, seen.scopes.map((x) => x.scope)], [id, firm.name, true, ["profile"]]);
    assert.equal((await staff("me.enterprise")).status, 404, "of its own it has none");
    assert.equal((await acting("me.enterprise")).body.fields.find((f) => f.field === "uscc").value, firm.uscc);
    const told = await acting("me.enterprise.register", { contact_name: "王会计", contact_mobile: "13800000001" });
    assert.equal(told.status, 200, told.text);
    assert.match(told.body.progress[0].delegate_title, /^王/);
    for (const [route, json] of [["me.enterprise.close"], ["me.looks"], ["me.consents"], ["me.delegates"], ["me.products"], ["me.show"]])
      assert.equal((await acting(route, json)).status, 403, `${route} is in no scope of it`);
    const [look] = (await mine("me.looks")).body.items.filter((l) => l.mode === "me.enterprise.register");
    assert.match(Buffer.from(look.sealed, "base64").toString("latin1"), /"delegate":/, "the journal says whose hand it was");
    const [kept] = (await mine("me.delegates")).body.items;
    assert.deepEqual([kept.note, kept.title.startsWith("王"), kept.subject.includes("*")], ["财务", true, true]);
    assert.equal((await (await person(REPRESENTATIVE, "示例人"))("me.delegation.end", { id })).status, 404, "another's business");
    assert.equal((await mine("me.delegation.end", { id })).status, 204);
    assert.equal((await acting("me.enterprise")).status, 403, "it holds from the next request");
    assert.equal((await staff("me.firms")).body.items.length, 0);
    assert.equal((await mine("me.delegation.end", { id })).status, 409);
  });

  await t.test("a model is its institution's secret: nobody else reads it, it is sealed, and two persons put it to use", async () => {
    await addAccount(s.data, "abc-1", "JB002", "consumer_steward");
    const cookie = await signIn(s, "abc-1");
    const rival = (id, params, json) => s.call(id, params, { cookie, json });
    const wrong = await as.steward("model.check", {}, { table: CARD.replace("years_in_business,range,5", "years,range,5").replace("cut,,,9", "cut,,,x") });
    assert.deepEqual(wrong.body.items.filter((x) => ["indicator", "from"].includes(x.column)).map((x) => [x.line, x.column]).slice(0, 2), [[4, "indicator"], [14, "from"]]);
    assert.equal((await as.steward("model.check", {}, { table: CARD })).body.faults, 0);
    const refused = await as.steward("model.add", {}, { name: "first", title: "甲", table: CARD.replace("pass,100", "maybe,100") });
    assert.deepEqual([refused.status, /第 14 行 result 列/.test(refused.body.error.zh)], [422, true], refused.text);
    const added = await as.steward("model.add", {}, { name: "card", title: "小微信用分", product: "micro_quick", open: true, table: CARD });
    assert.equal(added.status, 201, added.text);
    const { id, sha256 } = added.body;
    assert.deepEqual([added.body.state, added.body.version, added.body.indicators, added.body.purpose], ["proposed", 1, 3, "贷前预审"]);
    assert.deepEqual(added.body.needs.map((n) => n.resource).sort(), ["enterprise_registration", "enterprise_registry_public", "tax_rating"].filter((r) => added.body.needs.some((n) => n.resource === r)));
    assert.equal((await as.steward("model.act", { id }, { action: "activate" })).status, 403, "nobody activates their own");
    assert.equal((await rival("model.show", { id })).status, 404);
    assert.equal((await rival("model.table", { id })).status, 404);
    assert.equal((await rival("model.act", { id }, { action: "retire" })).status, 404);
    assert.deepEqual((await rival("models.list", {})).body.items, []);
    assert.equal((await as.operator("model.table", { id })).status, 403);
    assert.equal((await as.auditor("model.table", { id })).status, 403);
    for (const who of [as.operator, as.auditor]) {
      const seen = await who("model.show", { id });
      assert.deepEqual([seen.body.sha256, seen.body.needs, seen.body.table], [sha256, undefined, undefined], "name, version, commitment and counts");
    }
    const whole = (await as.head("model.table", { id })).body;
    assert.equal(whole.table, CARD, "who approves it sees what it is");
    const made = createHash("sha256").update("luling-model/v1\n").update(Buffer.from(whole.salt, "hex")).update(whole.table).digest("hex");
    assert.equal(made, sha256, "the commitment is to exactly this");
    const activated = await as.head("model.act", { id }, { action: "activate" });
    assert.equal(activated.body.state, "active", activated.text);
    assert.deepEqual(activated.body.history.map((e) => [e.action, e.reason]), [["create", sha256], ["activate", null]]);
    for (const file of readdirSync(s.data).filter((f) => f.startsWith("luling.db"))) {
      const bytes = readFileSync(join(s.data, file)).toString("latin1");
    for (const secret of ["417.125", "registered_capital,range", ",SHORT,", "cut,,,"]) assert.ok(!bytes.includes(secret), `${file} has ${secret}`);
    }
  });

  await t.test("a run takes a consent, gives result and reasons and nothing else, and comes to what the table says", async () => {
    const [a, b, c] = made.list.slice(0, 3);
    const run = (subjects, officer = "0796-7") => as.steward("precheck.run", {}, { model: "card", subjects, officer });
    const none = await run([a.uscc]);
    assert.deepEqual([none.status, none.body.items[0].condition, none.body.items[0].outcome], [200, "consent", null]);
    const consent = async (firm, signer, resources) => {
      const offer = (await as.steward("consent.ask", {}, { subject: firm.uscc, subject_title: firm.name, resources, purpose: "贷前预审", until: day(90 * DAY) })).body;
      assert.equal((await signer(offer)).status, 200);
    };
    const passkeyOf = async (firm) => {
      const enrolled = (await as.steward("enrolment.make", {}, { subject: firm.uscc, subject_title: firm.name, capacity: "legal_representative", proof: "柜面核验" })).body;
      const token = enrolled.url.split("#")[1];
      const passkey = new Passkey(`http://localhost:${s.port}`);
      await s.call("enrolment.finish", { token }, { anonymous: true, json: passkey.create((await s.call("enrolment.show", { token }, { anonymous: true })).body.publicKey) });
      return (offer) => s.call("consent.sign", { id: offer.id }, { anonymous: true, json: passkey.get(offer.publicKey) });
    };
    const signA = await passkeyOf(a);
    await consent(a, signA, ["enterprise_registration"]);
    assert.equal((await run([a.uscc])).body.items[0].condition, "consent", "the model reads the tax grade, too");
    await consent(a, signA, ["enterprise_registration", "tax_rating"]);
    const done = await run([a.uscc]);
    assert.equal(done.status, 200, done.text);
    assert.deepEqual(Object.keys(done.body.items[0].outcome).sort(), ["limit_max", "limit_min", "reasons", "result", "result_title", "result_title_en"]);
    assert.deepEqual([done.body.items[0].outcome.result, done.body.items[0].outcome.reasons.map((r) => r.code)], plain(a));
    for (const value of ["points", "417", a.established]) assert.ok(!done.text.includes(value), value);
    assert.ok(done.body.receipt, "it is a look that the journal has");

    assert.equal((await run([a.uscc, b.uscc])).status, 404, "several at once are read from the feature store, which has no run yet");
    const ran = await luling(["indicator", "run", "-d", s.data, "--json"]);
    assert.equal(ran.code, 0, ran.err);
    await consent(b, await passkeyOf(b), ["enterprise_registration", "tax_rating"]);
    const bank = await client(s, as);
    const batch = await bank.call("precheck.run", {}, { model: "card", subjects: [b.uscc, c.uscc] });
    assert.equal(batch.status, 200, batch.text);
    assert.deepEqual(batch.body.items.map((x) => x.condition), [null, "consent"]);
    assert.deepEqual([batch.body.items[0].outcome.result, batch.body.items[0].outcome.reasons.map((r) => r.code)], plain(b));
    assert.deepEqual((await as.steward("precheck.runs", {})).body.items.map((r) => [r.client, r.outcome?.result]).slice(0, 1), [["icbc-credit", plain(b)[0]]]);
    assert.equal((await as.steward("precheck.run", {}, { model: "card", subjects: [a.uscc, a.uscc] })).status, 400);
    assert.equal((await as.steward("precheck.run", {}, { model: "nothing", subjects: [a.uscc] })).status, 404);
    for (const [kind, id] of [["resource", "tax_rating"], ["organisation", "JB001"]]) {
      await as.sec("freeze.make", {}, { kind, id, reason: "演练" });
      assert.equal((await run([b.uscc])).status, 403, `${id} is frozen`);
      await as.sec("freeze.end", { kind, id });
    }

    const seen = (await mine("me.prechecks")).body;
    assert.deepEqual([seen.items[0].organisation, seen.items.at(-1).officer, seen.items.at(-1).outcome.result], ["JB001", "0796-7", null], "whose model, on whose behalf; not what came of it");
    const shown = seen.items.at(-1).outcome.reasons;
    if (plain(a)[1].includes("SHORT")) assert.equal(shown.find((r) => r.code === "SHORT").words, "经营年限短");
    assert.ok((await mine("me.looks")).body.items.some((l) => l.mode === "precheck.run" && l.officer === "0796-7"));

    assert.deepEqual((await s.call("prechecks.open", {}, { anonymous: true })).body.open.map((o) => o.product), ["micro_quick"]);
    const own = await mine("me.precheck", {}, { product: "micro_quick" });
    assert.equal(own.body.items[0].outcome?.result ?? own.body.items[0].condition, plain(a)[0], own.text);
    assert.equal((await mine("me.precheck", {}, { product: "other" })).status, 404);
    assert.deepEqual((await mine("me.prechecks")).body.items[0].outcome.result, plain(a)[0], "its own try it sees whole");
    assert.ok(!(await as.steward("precheck.runs", {})).body.items.some((r) => r.own), "and the bank is not told");
  });

  await t.test("a model cannot be used to find out data: runs a day, and versions that differ in numbers, are limited", async () => {
    const [a] = made.list;
    const run = async () => (await as.steward("precheck.run", {}, { model: "card", subjects: [a.uscc] })).body.items[0].condition;
    assert.equal(await run(), "often", "three a day: one single, one in a list that was given up, one of the firm itself");
    for (const [cut, want] of [["900.001", null], ["900.002", null], ["900.003", "probing"]]) {
      const { id } = (await as.steward("model.add", {}, { name: "card", title: "小微信用分", product: "micro_quick", open: true, table: CARD.replace("cut,,,900,", `cut,,,${cut},`) })).body;
      assert.equal((await as.head("model.act", { id }, { action: "activate" })).status, 200);
      assert.equal(await run(), want, `cut-off ${cut}`);
    }
    assert.deepEqual((await as.steward("models.list", {})).body.items.map((m) => m.state), ["active", "retired", "retired", "retired"]);
    const retired = (await as.steward("models.list", {})).body.items[1];
    assert.equal((await as.head("model.act", { id: retired.id }, { action: "activate" })).status, 409, "versions do not come back");
  });

  await t.test("the model kit tells of all firms and of no few of them, however its answers are taken apart", async () => {
    const runs = async () => JSON.parse((await luling(["indicator", "run", "-d", s.data, "--json"])).out).id;
    const kit = (params) => as.steward("kit.query", params);
    const features = await runs();
    assert.equal((await as.steward("kit.study")).status, 404);
    assert.equal((await kit({ what: "distribution", indicator: "registered_capital" })).status, 404);
    assert.equal((await as.operator("kit.study.open", {}, { features, outcome: features })).status, 422, "the outcome comes later");
    const loans = await deliver(s, { resource: "finance_loan", path: made.loans() });
    assert.deepEqual([loans.state, loans.quarantined], ["published", 0], JSON.stringify(loans));
    const outcome = await runs();
    assert.equal((await as.steward("kit.study.open", {}, { features, outcome })).status, 403);
    const study = await as.operator("kit.study.open", {}, { features, outcome, overdue_days: 90 });
    assert.equal(study.status, 201, study.text);
    const lent = made.list.filter((f) => f.loan), late = lent.filter((f) => f.late);
    assert.deepEqual([study.body.firms, study.body.good, study.body.bad], [300, lent.length - late.length, late.length]);
    assert.equal((await as.operator("kit.study.open", {}, { features, outcome })).status, 409, "the next one is 90 days away: neighbours would show single firms");
    assert.equal((await as.operator("kit.query", { what: "distribution", indicator: "registered_capital" })).status, 403);

    // The attack: every number of bins by both methods, with and without the outcome, to take the answers from each other.
    const cuts = [];
    for (let bins = 2; bins <= 20; bins++)
      for (const method of ["quantile", "width"])
        for (const what of ["distribution", "binning"]) {
          const { body } = await kit({ what, indicator: "registered_capital", method, bins });
          const told = what === "binning";
          let below = 0, good = 0, bad = 0;
          for (const b of body.bins) {
            assert.ok(b.firms >= 10 && (!told || (b.good >= 10 && b.bad >= 10)), JSON.stringify(b));
            below += b.firms;
            good += b.good ?? 0;
            bad += b.bad ?? 0;
            if (b.to !== null) {
              const within = made.list.filter((f) => f.capital < b.to);
              if (told) assert.deepEqual([good, bad], [within.filter((f) => f.loan && !f.late).length, within.filter((f) => f.late).length], "and what is told is so");
              else assert.equal(below, within.length);
              cuts.push({ to: b.to, told, below: told ? null : below, good, bad });
            }
          }
        }
    const apart = (a, b) => assert.ok(a === b || Math.abs(a - b) >= 10, `${a} and ${b} firms: the difference shows ${Math.abs(a - b)}`);
    for (const [i, a] of cuts.entries())
      for (const b of cuts.slice(0, i)) {
        if (!a.told && !b.told) apart(a.below, b.below);
        if (a.told && b.told) {
          apart(a.good, b.good);
          apart(a.bad, b.bad);
        }
        if (a.told !== b.told && a.to === b.to) apart(0, Math.abs((a.told ? b.below - a.good - a.bad : a.below - b.good - b.bad)));
      }
    assert.ok(new Set(cuts.map((c) => c.to)).size > 5, "and still it tells something");

    const grade = (await kit({ what: "binning", indicator: "tax_credit_level" })).body;
    assert.ok(grade.iv > 0.01 && grade.bins.length > 2);
    const worst = grade.bins.find((b) => b.codes.some((c) => c.code === "D")), best = grade.bins.find((b) => b.codes.some((c) => c.code === "A"));
    if (worst && best) assert.ok(worst.woe < best.woe, "a worse grade is later");
    const table = (await kit({ what: "cross", indicator: "registered_capital", other: "tax_credit_level" })).body;
    assert.ok(table.cells.flat().every((n) => n >= 10));
    assert.deepEqual(table.cells.map((row) => row.reduce((x, y) => x + y, 0)), table.bins.map((b) => b.firms));
    const related = (await kit({ what: "correlation", indicator: "registered_capital", other: "years_in_business" })).body;
    assert.ok(Math.abs(related.pearson) <= 1 && related.firms % 10 === 0);
    assert.equal((await kit({ what: "correlation", indicator: "registered_capital", other: "tax_credit_level" })).status, 422);
    assert.deepEqual((await kit({ what: "binning", indicator: "patents" })).body.bins.map((b) => b.missing), [true], "nobody has a value: one cell of all");
    const csv = await as.steward("kit.file", { what: "binning", indicator: "tax_credit_level" });
    assert.match(csv.text, /^bin,firms,good,bad,woe\r\n/);
    assert.equal(csv.text.trim().split("\r\n").length, grade.bins.length + 1);

    let used = table.used;
    for (let bins = 2; bins <= 20; bins++) ({ used } = (await kit({ what: "distribution", indicator: "years_in_business", bins })).body);
    assert.equal(used, 100);
    assert.equal((await kit({ what: "distribution", indicator: "years_in_business", method: "width", bins: 2 })).status, 429, "the budget is used up");
    assert.equal((await kit({ what: "binning", indicator: "tax_credit_level" })).status, 200, "what was asked may be asked again");
  });
});
