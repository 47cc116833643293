// Rural households over HTTP: figures by region for those who plan, households and their items for the operator alone, who is seen looking.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { addAccount, luling, serve, signIn } from "./lib.mjs";

const HOUSEHOLDS = 24;
const RESOURCES = ["rural_household", "rural_member", "rural_household_change", "rural_land_contract", "rural_land_certificate", "rural_village_survey", "rural_pension"];

function sample(t) {
  const folder = mkdtempSync(join(tmpdir(), "luling-rural-"));
  t.after(() => rmSync(folder, { recursive: true }));
  execFileSync("python3", [join(process.env.LULING_SOURCE, "demo/rural.py"), folder, String(HOUSEHOLDS)], { stdio: "ignore" });
  const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  return { files: read("deliveries.json").filter((d) => RESOURCES.includes(d.resource)).map((d) => ({ ...d, path: join(folder, d.file) })), truth: read("truth.json") };
}

test("figures are for those who plan, a household is for the operator, whose look is journalled", async (t) => {
  const s = await serve(t);
  const packs = process.env.LULING_PACKS ?? "build/packs";
  const { files, truth } = sample(t);
  const run = async (...words) => {
    const done = await luling([...words, "-d", s.data]);
    assert.equal(done.code, 0, done.err);
    return done.out;
  };
  await run("pack", "load", ...["core", "jian", "rural"].map((name) => join(packs, name)));
  for (const file of files) await run("intake", file.path, "--resource", file.resource);
  await addAccount(s.data, "op", "JA001", "operator");
  await addAccount(s.data, "farm", "JA016", "source_steward");
  const operator = await signIn(s, "op");
  const steward = await signIn(s, "farm");
  const as = (cookie, id, params) => s.call(id, params, { cookie });

  const before = await as(operator, "rural.areas", {});
  assert.equal(before.status, 200, before.text);
  assert.equal(before.body.day, null);
  assert.deepEqual(before.body.items, []);
  assert.equal((await as(operator, "rural.households", { village: "360828101901" })).status, 404);
  await run("rural", "rollup");

  const counties = (await as(steward, "rural.areas", {})).body;
  assert.equal(counties.basis, "reconstruction");
  assert.deepEqual(counties.items.map((a) => [a.code, a.title, a.households]), [["360828", "万安县", HOUSEHOLDS]]);
  assert.equal(counties.categories.length, 7);
  assert.equal(counties.categories.reduce((sum, c) => sum + c.items, 0), 96);
  const towns = (await as(steward, "rural.areas", { within: "360828" })).body.items;
  const villages = (await as(steward, "rural.areas", { within: towns[0].code })).body.items;
  assert.equal(villages.reduce((sum, v) => sum + v.households, 0), towns[0].households);
  assert.match(villages[0].title, /样例/);

  const listed = await as(operator, "rural.households", { village: villages[0].code });
  assert.equal(listed.status, 200, listed.text);
  assert.equal(listed.body.total, villages[0].households);
  assert.equal((await as(steward, "rural.households", { village: villages[0].code })).status, 403);
  assert.equal((await as(operator, "rural.households", { village: "36082810190x" })).body.total, 0);

  const known = truth.at(-1);
  const shown = await as(operator, "rural.household", { no: known.household_no });
  assert.equal(shown.status, 200, shown.text);
  assert.ok(shown.body.receipt, "the look is in the journal");
  assert.equal(shown.body.members.length, known.members.length);
  assert.ok(shown.body.members.every((m) => m.resident_id.includes("*")), "identity numbers are masked");
  assert.ok(!known.members.some((id) => shown.text.includes(id)));
  const items = shown.body.categories.flatMap((c) => c.items);
  assert.equal(items.length, 96);
  const area = items.find((i) => i.item === "contract_area");
  assert.ok(area.provider_name && area.published_at, "a value names its source and time");
  assert.equal(area.others.length, area.other_values);
  assert.equal(items.find((i) => i.item === "loan_balance").state, "not_connected");
  assert.equal((await as(operator, "rural.household", { no: "YLH999999999" })).status, 404);
  assert.equal((await as(steward, "rural.household", { no: known.household_no })).status, 403);
});
