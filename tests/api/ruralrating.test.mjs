// Rating of rural households: a village's committee reviews, scorecard and mark become a grade by the pack's rules, everybody is told why; what banks
// offer and what became of loans; and who sees which households.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addAccount, luling, signIn, until } from "./lib.mjs";
import { subjectOf } from "./subject.mjs";
import { consented, COUNTY, county, granted, offices, OTHER } from "./rural.mjs";

test("a committee reviews its village, the rating follows from marks and score by the pack's rules, and what banks record is counted", async (t) => {
  const { s, as, bank, truth, data } = await county(t);
  const run = async (...words) => {
    const done = await luling([...words, "-d", data]);
    assert.equal(done.code, 0, done.err);
  };
  await run("pack", "load", offices());
  await run("rural", "rollup");
  const farm = truth[0], village = farm.region_code ?? "360828103901", members = ["m-1", "m-2", "m-3"];
  const sign = async (account, organisation, duties) => {
    await addAccount(data, account, organisation, duties);
    const cookie = await signIn(s, account);
    return (id, params, json) => s.call(id, params, { cookie, json });
  };
  const office = await sign("office", COUNTY, "rural_officer"), stranger = await sign("stranger", OTHER, "rural_officer");
  const committee = [];
  for (const m of members) committee.push(await sign(m, "JA016", "collector"));

  // whom each may see
  assert.equal((await office("rural.households", { village })).status, 200);
  assert.equal((await stranger("rural.households", { village })).status, 403);
  assert.equal((await stranger("rural.household", { no: farm.household_no })).status, 403);
  assert.equal((await committee[0]("rural.household", { no: farm.household_no })).status, 403, "nobody gave that area to the collector");
  assert.equal((await as.steward("rural.household", { no: farm.household_no })).status, 403);

  // a round
  const draft = { village, title: "2026 年整村授信", members };
  assert.equal((await stranger("rural.round_add", {}, draft)).status, 403);
  assert.equal((await office("rural.round_add", {}, { ...draft, members: ["icbc-1"] })).status, 422);
  const made = await office("rural.round_add", {}, draft);
  assert.equal(made.status, 201, made.text);
  const round = made.body.id;
  assert.equal((await office("rural.round_add", {}, draft)).status, 409);
  assert.deepEqual([(await committee[0]("rural.rounds")).body.items.length, (await stranger("rural.rounds")).body.items.length], [1, 0]);
  const seen = await committee[0]("rural.round", { id: round });
  assert.equal(seen.status, 200, seen.text);
  assert.ok(seen.body.receipt, "whose names were shown stands in the journal");
  assert.equal((await stranger("rural.round", { id: round })).status, 403);
  const mark = (who, m, reasons, household = farm.household_no) => who("rural.round_mark", { id: round }, { household, mark: m, reasons });
  assert.equal((await mark(committee[0], "white", ["G01"])).status, 422, "a reason is of its mark");
  assert.equal((await mark(committee[0], "white", [])).status, 422);
  assert.equal((await mark(committee[0], "white", ["W01"], truth[1].household_no)).status, 404, "of another village");
  assert.equal((await mark(office, "white", ["W01"])).status, 403);
  for (const [i, m, reasons] of [[0, "white", ["W01", "W03"]], [1, "grey", ["G02"]], [2, "white", ["W02"]]]) assert.equal((await mark(committee[i], m, reasons)).status, 204);
  const mine = (await committee[1]("rural.round", { id: round })).body.items.find((x) => x.household_no === farm.household_no);
  assert.deepEqual([mine.mine, mine.reasons, mine.voted, mine.outcome], ["grey", ["G02"], 3, null], "others' marks are not shown");
  assert.equal((await committee[0]("rural.round_close", { id: round })).status, 403);
  const closed = await office("rural.round_close", { id: round });
  assert.deepEqual([closed.status, closed.body.white, closed.body.grey], [200, 1, 0], closed.text);
  assert.equal((await mark(committee[0], "grey", ["G01"])).status, 409);
  assert.equal((await office("rural.round_close", { id: round })).status, 409);
  await until("the outcome is published", () => s.call("resource.batches", { name: "rural_review" }), (r) => r.body.items?.[0]?.state === "published");

  // the rating
  await run("rural", "rate");
  const looked = (await office("rural.household", { no: farm.household_no })).body.rating;
  assert.deepEqual([looked.mark, looked.reasons, looked.indicators.length], ["white", "品行端正，邻里认可；按期还款，信用良好；勤劳经营，收入稳定", 12]);
  const sum = looked.indicators.reduce((n, x) => n + x.points, 0), caps = looked.indicators.map((x) => x.cap).filter((x) => x !== null);
  assert.ok(Math.abs(Math.min(sum, ...caps) - looked.score) < 0.01, "the points that are told come to the score");
  const rules = (await as.operator("rural.ratings", { within: "360828103" })).body;
  const row = rules.rows.find((r) => r.mark === "white" && looked.score >= r.from);
  assert.deepEqual([looked.grade, looked.limit_yuan], [row.grade, row.limit_yuan], "mark and score become the grade by the declared rows");
  const other = (await office("rural.household", { no: truth[1].household_no })).body.rating;
  assert.deepEqual([other.mark, other.grade === "AAA"], ["none", false], "without a review the best grade is out of reach");
  const there = rules.items.find((x) => x.code === village);
  assert.deepEqual([there.households, there.marks, typeof there.good], [1, [0, 1, 0, 0], "boolean"]);

  // what banks offer; the report tells all of it
  const offer = { grade: looked.grade, product: "吉农贷", rate_bp: 385, limit_yuan: 200000, term_months: 36, from: "2026-01-01", until: "2099-12-31" };
  assert.equal((await as.steward("rural.offer_add", {}, { ...offer, grade: "Z" })).status, 422);
  const declared = await as.steward("rural.offer_add", {}, offer);
  assert.equal(declared.status, 201, declared.text);
  const bad = await bank.call("rural.offer_add", {}, { ...offer, product: "误填" });
  assert.equal((await bank.call("rural.offer_end", { id: bad.body.id })).status, 204);
  assert.deepEqual((await bank.call("rural.offers")).body.offers.map((x) => x.product), ["吉农贷"]);
  await granted(as, ["rural_household", "rural_member", "rural_village_survey"]);
  await consented(as, farm.holder_id_no, ["rural_household", "rural_member", "rural_village_survey"], { uses: 9 });
  const loan = (json) => as.steward("rural.loan_record", {}, { reference: "L-1", day: "2026-11-20", ...json });
  const report = await as.steward("rural.report_ask", {}, { household: farm.household_no, format: "json" });
  const told = JSON.parse(report.text).rating;
  assert.deepEqual([told.grade, told.offers[0].rate_percent, told.indicators.length], [looked.grade, 3.85, 12], report.text.slice(0, 300));
  const page = (await as.steward("rural.report_ask", {}, { household: farm.household_no, format: "html" })).text;
  for (const part of [/评级说明/, /农户信用评定（示例规则）/, /村级评议：白名单，品行端正/, /吉农贷/, /未获授权，不作说明/]) assert.match(page, part);

  // the farmer is told the same, by name of every indicator
  const me = await subjectOf(s, as, farm.holder_id_no, farm.holder_name);
  const own = (await me("me.rating")).body.rating;
  assert.deepEqual([own.grade, own.indicators.length], [looked.grade, 12]);

  // and objects to what the committee made of it, as to any record: the source of reviews has it to decide
  const wrong = { resource: "rural_review", key: [farm.household_no], items: ["review_mark"], reason: "评议小组未核实新开的家庭农场，请复核" };
  assert.equal((await me("me.objection.add", {}, { ...wrong, key: [truth[1].household_no] })).status, 404, "of another household");
  const objected = await me("me.objection.add", {}, wrong);
  assert.equal(objected.status, 201, objected.text);
  assert.equal((await me("me.objection.add", {}, wrong)).status, 409, "one at a time");
  const waits = await (await sign("farm-steward", "JA016", "source_steward"))("objection.show", { id: objected.body.id });
  assert.deepEqual([waits.body.resource, waits.body.item, waits.body.actions.map((x) => x.action)], ["rural_review", "review_mark", ["correct", "uphold"]], waits.text);

  // loans, from recorded events only
  const day = new Date().toISOString().slice(0, 10);
  assert.equal((await loan({ event: "lent", amount_fen: 100 })).status, 409, "nothing was applied for");
  for (const e of [{ household: farm.household_no, event: "applied", amount_fen: 5_000_000 }, { event: "granted", amount_fen: 5_000_000 }, { event: "lent", amount_fen: 5_000_000, day }]) assert.equal((await loan(e)).status, 204);
  assert.equal((await loan({ event: "applied", household: farm.household_no, amount_fen: 1 })).status, 409);
  assert.equal((await loan({ event: "overdue", amount_fen: 100, day })).status, 422, "overdue takes its days");
  assert.equal((await loan({ event: "overdue", amount_fen: 100, overdue_days: 91, day })).status, 204);
  assert.equal((await bank.call("rural.loan_record", {}, { reference: "L-2", event: "applied", household: "NO-SUCH", amount_fen: 1, day })).status, 204, "who records learns nothing of who is a household");
  const effect = (await office("rural.effect", {})).body;
  const grade = effect.grades.find((g) => g.grade === looked.grade);
  assert.deepEqual([effect.loans, effect.events, grade.applied, grade.lent, grade.lent_fen, grade.overdue, grade.overdue_90], [2, 5, 1, 1, 5_000_000, 1, 1]);
  assert.deepEqual([effect.days.assisted, effect.days.other.n], [{ n: 1, median: null, mean: null }, 0], "one loan makes no median");
  assert.equal((await as.steward("rural.effect", {})).body.organisation, "JB001");
  assert.deepEqual([(await office("rural.effect", { within: "360802" })).body.loans, (await office("rural.effect", { from: day })).body.loans], [0, 1]);
});
