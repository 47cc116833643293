// The platform's own side of finance over HTTP, with one server: what was bought and what it may be used for and costs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const BOUGHT = "enterprise_registration";
const packs = process.env.LULING_PACKS ?? "build/packs";
const dayFromNow = (n) => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);

test("finance: commercial sources", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  await deliver(s, deliveries.find((d) => d.resource === BOUGHT));
  const as = await people(s);
  const month = new Date().toISOString().slice(0, 7);

  await t.test("what is bought is used as its licence says, and costs what it says", async () => {
    const items = (await as.operator("finance.commercial", {})).body.items;
    assert.equal(items.length, 39);
    assert.ok(items.every((i) => i.basis === "reconstruction" && i.state === "not_catalogued"));
    assert.equal((await as.steward("licence.show", { name: BOUGHT })).body.licence, null);

    const id = await grant(as, [`${BOUGHT}:uscc enterprise_name`], { scenario: "贷前调查" });
    const bank = await client(s, as);
    const ask = () => bank.call("service.query", { name: BOUGHT }, { subject: SAMPLE });
    assert.equal((await ask()).status, 200);

    const terms = { supplier: "示例数据公司", contract: "HT-1", modes: ["query"], scenarios: ["贷前调查"], redistribution: "forbidden", from: dayFromNow(-1), until: dayFromNow(30), call_fen: 50, month_fen: 10000, budget_fen: 10020 };
    const state = (more) => as.operator("licence.put", { name: BOUGHT }, { ...terms, ...more });
    assert.equal((await as.steward("licence.put", { name: BOUGHT }, terms)).status, 403);
    assert.equal((await state({ modes: [] })).status, 422);
    assert.equal((await state({ until: dayFromNow(-2) })).status, 422);
    assert.equal((await state({ redistribution: "whatever" })).status, 400);
    assert.equal((await as.operator("licence.put", { name: "no_such" }, terms)).status, 404);
    const stated = await state({});
    assert.equal(stated.status, 200, stated.text);
    assert.deepEqual([stated.body.licence.state, stated.body.licence.call_fen], ["in_force", 50]);
    const shown = (await as.steward("licence.show", { name: BOUGHT })).body;
    assert.deepEqual([shown.licence.supplier, shown.licence.call_fen, shown.licence.contract, shown.spent_fen], ["示例数据公司", null, null, null], "prices are not everybody's");

    const answered = await ask();
    assert.equal(answered.status, 200, "within the licence");
    assert.equal(answered.body.grant, id);
    const verify = await bank.call("service.verify", { name: BOUGHT }, { subject: SAMPLE, values: { enterprise_name: "甲" } });
    assert.deepEqual([verify.status, verify.body.error.condition], [403, "licence_use"], verify.text);
    await state({ scenarios: ["监管"] });
    assert.equal((await ask()).body.error.condition, "licence_use");
    await state({ until: dayFromNow(-1) });
    const over = await ask();
    assert.deepEqual([over.status, over.body.error.condition], [403, "licence"]);
    assert.match(over.text, /商业来源/);
    await state({});
    assert.equal((await ask()).status, 200, "new terms hold at once");

    const refused = await as.steward("application.make", {}, { resources: [`${BOUGHT}:uscc`], purpose: "贷后管理与监测", legal_basis: "《政务数据共享条例》第十条", modes: "export", per_day: 10, until: dayFromNow(20) });
    assert.equal(refused.status, 422, "an application beyond the licence is not taken");
    assert.match(refused.text, /商业来源/);

    const costs = (await as.auditor("licence.costs", { month })).body;
    const mine = costs.lines.find((l) => l.organisation === "JB001");
    assert.deepEqual([mine.resource, mine.keys, mine.call_fen, mine.month_fen], [BOUGHT, 3, 150, 10000], "every key of the day, the month's price wholly");
    assert.equal(costs.fen, 10150);
    assert.deepEqual((await as.steward("licence.costs", { month })).body.lines.map((l) => l.organisation), ["JB001"]);
    const csv = await as.auditor("licence.costs_file", { month, format: "csv", lang: "en" });
    assert.match(csv.text, /resource,title,supplier/);
    assert.match(csv.text, /sum,,,,,3,150,10000,10150/);
    assert.equal((await as.auditor("licence.costs_file", { month, format: "xlsx" })).status, 200);
    assert.equal((await as.auditor("licence.costs", { month: "2026-13" })).status, 400);
    const listed = (await as.operator("finance.commercial", {})).body;
    assert.deepEqual([listed.counts.in_force, listed.items.at(-1).resource], [1, BOUGHT]);
    assert.equal((await as.operator("licence.show", { name: BOUGHT })).body.spent_fen, 10150);
  });
});
