// What a loan costs, held against npm's financial (a port of numpy-financial): payments, their parts and the rate of all costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { irr, ipmt, pmt, ppmt } from "financial";
import { luling, serve } from "./lib.mjs";

const near = (a, b, by, what) => assert.ok(Math.abs(a - b) <= by, `${what}: ${a} against ${b}`);
const sum = (list) => list.reduce((s, x) => s + x, 0);

const LOANS = [
  { amount: 1000000, months: 360, rate: 4.9 },
  { amount: 120000, months: 12, rate: 4.35, fee: 600 },
  { amount: 300000, months: 36, rate: 3.45, month_fee: 88.5 },
  { amount: 5000, months: 6, rate: 24 },
  { amount: 80000, months: 24, rate: 0, fee: 1600, month_fee: 12.34 },
];

test("equal instalments and their parts are those of an independent program", async (t) => {
  const s = await serve(t);
  for (const loan of LOANS) {
    const [plan] = (await s.call("loans.schedule", { ...loan, method: "instalment" }, { anonymous: true })).body.items;
    const i = loan.rate / 1200;
    assert.equal(plan.payments.length, loan.months);
    near(plan.payments[0].principal + plan.payments[0].interest, -pmt(i, loan.months, loan.amount), 0.005001, "instalment");
    for (const k of [1, Math.ceil(loan.months / 2), loan.months - 1]) {
      near(plan.payments[k - 1].interest, i ? -ipmt(i, k, loan.months, loan.amount) : 0, 0.02 * loan.months, `interest of month ${k}`);
      near(plan.payments[k - 1].principal, i ? -ppmt(i, k, loan.months, loan.amount) : loan.amount / loan.months, 0.02 * loan.months, `principal of month ${k}`);
    }
    assert.equal(sum(plan.payments.map((p) => Math.round(p.principal * 100))), loan.amount * 100, "to the fen");
  }
});

test("the annual rate of all costs is the internal rate of return of what is paid", async (t) => {
  const s = await serve(t);
  for (const loan of LOANS) {
    const { items, source, basis } = (await s.call("loans.schedule", loan, { anonymous: true })).body;
    assert.deepEqual(items.map((p) => p.method), ["instalment", "principal", "interest", "end"]);
    assert.ok(source && basis === "recalled", "a clause that is not at hand is not passed off as quoted");
    for (const plan of items) {
      const flows = Array(loan.months + 1).fill(0);
      flows[0] = -(loan.amount - (loan.fee ?? 0));
      for (const p of plan.payments) flows[p.month] = p.total;
      const i = Math.max(0, irr(flows, 0.001));
      near(plan.simple, i * 1200, 0.001, `${plan.method} simple`);
      near(plan.compound, ((1 + i) ** 12 - 1) * 100, 0.001, `${plan.method} compound`);
      near(plan.total, sum(plan.payments.map((p) => p.total)) + (loan.fee ?? 0), 0.001, "all that is paid");
      assert.equal(plan.most, Math.max(...plan.payments.map((p) => p.total)));
    }
  }
});

test("what is no amount, rate or term is refused by name, in both languages", async (t) => {
  const s = await serve(t);
  const refused = async (more, zh, en) => {
    const { status, body } = await s.call("loans.schedule", { amount: "10000", months: 12, rate: "4", ...more }, { anonymous: true });
    assert.ok(status === 422 || status === 400, String(status));
    assert.match(JSON.stringify(body), zh);
    assert.match(JSON.stringify(body), en);
  };
  await refused({ amount: "很多" }, /借款金额/, /amount/);
  await refused({ amount: "0.5" }, /1 元至/, /between 1/);
  await refused({ rate: "101" }, /年利率/, /rate/);
  await refused({ fee: "9000" }, /一次性费用/, /fee at payout/);
  await refused({ months: 481 }, /months/, /months/);
});

test("the command prints the same, and sums as JSON", async () => {
  const run = await luling(["loan", "schedule", "12万元", "12", "4.35%", "--json"]);
  assert.equal(run.code, 0, run.err);
  const rows = JSON.parse(run.out);
  assert.equal(rows.length, 12);
  near(rows[0].total, -pmt(4.35 / 1200, 12, 120000), 0.005001, "instalment");
  assert.equal((await luling(["loan", "schedule", "12万元", "0", "4"])).code, 64);
});
