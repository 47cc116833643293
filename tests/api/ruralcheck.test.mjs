// Networked verification of rural households: what a bank is told, and what it is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lib.mjs";
import { consented, county, granted } from "./rural.mjs";

const ALL = ["rural_household", "rural_member", "rural_village_survey", "rural_planting", "rural_loan"];
const results = (body) => Object.fromEntries(body.items.map((i) => [i.item, i.result]));

test("a bank is told whether each claim agrees, from whom and when, with the farmer's consent, and never a value", async (t) => {
  const { s, as, bank, truth } = await county(t);
  const farm = truth[0], who = farm.holder_id_no;
  const ask = (json = {}, by = bank) => by.call("rural.check", {}, { subject: who, claims: { holder_name: farm.holder_name, member_count: String(farm.member_count), crop_area: "9999", nation: "01" }, ...json });
  const without = await ask();
  assert.deepEqual([without.status, without.body.error.condition, Boolean(without.body.receipt)], [403, "grant", true]);
  await granted(as, ALL);
  const nobody = await ask();
  assert.deepEqual([nobody.status, nobody.body.error.condition, Boolean(nobody.body.receipt)], [403, "consent", true]);

  await consented(as, who, ALL, { uses: 3 });
  const answer = await ask({ officer: "0796-118" });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.status, "checked");
  assert.deepEqual([answer.body.consent.kind, answer.body.consent.strength], ["in_person", 1], "a consent on paper is called so");
  const told = results(answer.body);
  assert.deepEqual([told.holder_name, told.member_count, told.crop_area], ["match", "match", "differ"]);
  const name = answer.body.items.find((i) => i.item === "holder_name");
  assert.ok(name.provider_name && name.published_at && name.agrees === true);
  assert.ok(!answer.text.includes("\"value\"") && !answer.text.includes(who) && !answer.text.includes(farm.holder_name), "no value leaves");
  const used = (await as.steward("consents.list", {})).body.items[0].used;
  assert.equal(used, 1, "a check is one use of the consent, however many resources it reads");

  const other = { household: farm.household_no, subject: undefined, claims: { marital_status: "20", holder_name: "不是他" } };
  const byNumber = await ask(other);
  assert.deepEqual(results(byNumber.body), { marital_status: results(byNumber.body).marital_status, holder_name: "differ" });
  assert.equal((await ask({ household: farm.household_no })).status, 400, "one of the two");
  assert.equal((await ask({ claims: { no_such: "1" } })).status, 400);
  assert.equal((await ask({ subject: "123" })).status, 400);
  const entry = JSON.parse((await s.call("journal.entry", { index: answer.body.receipt.index })).text);
  assert.equal(entry.type, "call", "and the journal has it");
  assert.ok((await as.steward("usage.show", { by: "resource" })).body.items.some((r) => r.what === "rural_member" && r.records > 0));
});

test("a bank's own loans are told in full, others' only in what they come to with all; and guessing is stopped", async (t) => {
  const { as, bank, truth } = await county(t);
  const farm = truth[0], subject = farm.holder_id_no;
  await granted(as, ["rural_loan:resident_id loan_balance loan_quality loan_guarantee overdue_days contract_no reported_on"]);
  await consented(as, subject, ["rural_loan:resident_id,loan_balance,loan_quality,loan_guarantee,overdue_days,contract_no,reported_on"]);
  const told = async (claims) => results((await bank.call("rural.check", {}, { subject, claims })).body);
  const all = { loan_num: String(farm.loan_num + 1), loan_balance: String(farm.loan_balance + 5), loan_guarantee: "D" };
  assert.deepEqual(await told(all), { loan_num: "match", loan_balance: "match", loan_guarantee: "match" });
  assert.deepEqual(await told({ loan_guarantee: "B01" }), { loan_guarantee: "differ" }, "what others lend against is theirs");
  const seen = [];
  for (let i = 0; i < 10; i++) {
    const guess = await bank.call("rural.check", {}, { subject, claims: { overdue_days: String(i) } });
    seen.push(guess.status === 200 ? "ok" : guess.body.error.condition);
  }
  assert.ok(seen.includes("attempts"), seen.join(" "));
});

test("what is not connected, not granted or left out of the consent is told apart from what does not agree", async (t) => {
  const { as, bank, truth } = await county(t);
  const farm = truth[1];
  await granted(as, ["rural_household", "rural_member", "rural_planting"]);
  await consented(as, farm.holder_id_no, ["rural_household", "rural_member"]);
  const claims = { holder_name: farm.holder_name, forest_area: "3", crop_area: "2", loan_balance: "1" };
  const told = await bank.call("rural.check", {}, { subject: farm.holder_id_no, claims });
  assert.equal(told.status, 200, told.text);
  const by = results(told.body);
  assert.equal(by.holder_name, "match");
  assert.equal(by.crop_area, "not_granted", "the consent leaves the resource out");
  for (const item of told.body.items.filter((i) => ["not_granted", "not_connected"].includes(i.result))) assert.deepEqual([item.agrees, item.resource], [null, null]);
});

test("a list of households is answered household by household, as JSON, CSV and XLSX, and who has not consented is refused alone", async (t) => {
  const { as, bank, truth } = await county(t);
  const [a, b] = truth;
  await granted(as, ALL);
  await consented(as, a.holder_id_no, ALL);
  const households = [
    { subject: a.holder_id_no, claims: { holder_name: a.holder_name } },
    { household: b.household_no, claims: { holder_name: b.holder_name } },
    { household: "NO-SUCH", claims: { holder_name: "甲" } },
  ];
  const batch = await bank.call("rural.check_batch", {}, { households });
  assert.equal(batch.status, 200, batch.text);
  assert.deepEqual(batch.body.results.map((r) => [r.status, r.condition]), [["checked", null], ["refused", "consent"], ["refused", "consent"]], "whether there is such a household is not told without consent");
  assert.equal(batch.body.results[0].items[0].result, "match");

  const csv = `公民身份号码,户号,户籍人口数,holder_name\n${a.holder_id_no},,${a.member_count},${a.holder_name}\n,${b.household_no},3,\n`;
  const file = await bank.call("rural.check_file", {}, { csv });
  assert.equal(file.status, 200, file.text);
  const lines = file.text.trim().split(/\r?\n/);
  assert.equal(lines.length, 4, file.text);
  assert.match(lines[1], /一致/);
  assert.match(lines[3], /未获同意/);
  const xlsx = await bank.call("rural.check_file", {}, { csv, format: "xlsx", lang: "en" });
  assert.equal(xlsx.bytes.subarray(0, 2).toString(), "PK");
  for (const bad of ["户号\n1\n", "户号,没有这一项\n1,2\n", "户号,holder_name\n,甲\n", "户号,holder_name\n"]) assert.equal((await bank.call("rural.check_file", {}, { csv: bad })).status, 400, bad);
});

test("a long list is handed in, left and fetched: each household under its own consent, and what a grant refuses ends it with what there is", async (t) => {
  const { s, as, bank, truth } = await county(t);
  const [a, b] = truth, asBank = { anonymous: true, headers: { Authorization: `Bearer ${bank.token}` } };
  await granted(as, ALL, { per_day: 203 });
  await consented(as, a.holder_id_no, ALL);
  const ask = (lines) => s.call("rural.list_ask", { officer: "0796-118" }, { ...asBank, headers: { ...asBank.headers, "Content-Type": "text/csv" }, body: lines });
  const done = async (id) => (await until("the list", () => bank.call("rural.list_show", { id }), (r) => !["queued", "running"].includes(r.body.state))).body;
  const csv = `公民身份号码,户号,户籍人口数,holder_name\n${a.holder_id_no},,${a.member_count},不是他\n,${b.household_no},3,\n,NO-SUCH,1,\n`;
  const handed = await ask(csv);
  assert.equal(handed.status, 202, handed.text);
  assert.deepEqual([handed.body.households, handed.body.claims, handed.body.officer], [3, 4, "0796-118"]);
  const { id } = handed.body, one = await done(id);
  assert.equal(one.state, "ready", JSON.stringify(one));
  assert.deepEqual([one.done, one.counts.checked, one.counts.refused, one.counts.match, one.counts.differ], [3, 1, 2, 1, 1]);
  const file = await bank.call("rural.list_file", { id, lang: "en" });
  const lines = file.text.trim().split(/\r?\n/);
  assert.equal(lines.length, 5, file.text);
  assert.match(lines[1], /,checked,.*,match,yes,/);
  assert.match(lines[2], /,differ,no,/);
  assert.ok(!file.text.includes(a.holder_id_no), "no value leaves, nor the number that was asked by");
  assert.equal((await bank.call("rural.list_file", { id, format: "xlsx" })).bytes.subarray(0, 2).toString(), "PK");
  assert.equal((await as.steward("consents.list", {})).body.items[0].used, 1, "a household is one use of its consent");
  assert.ok((await as.steward("usage.show", { by: "resource" })).body.items.some((r) => r.what === "rural_member" && r.records > 0));
  assert.equal((await as.steward("rural.lists", {})).body.total, 1, "the bank's people see it, too");
  assert.equal((await bank.call("rural.list_cancel", { id })).status, 409, "it has ended");
  assert.equal((await bank.call("rural.list_show", { id: "V00" })).status, 404);
  for (const bad of ["户号\n1\n", "户号,没有这一项\n1,2\n", "户号,holder_name\n,甲\n"]) assert.equal((await ask(bad)).status, 400, bad);

  const many = `户号,户籍人口数\n${Array.from({ length: 250 }, () => `${a.household_no},${a.member_count}`).join("\n")}\n`;
  const second = await done((await ask(many)).body.id);
  assert.deepEqual([second.state, second.error.condition, second.done], ["failed", "quota_day", 200], JSON.stringify(second));
  assert.ok(second.counts.limited > 100, "one household may be asked about so often and no more");
  assert.equal((await bank.call("rural.list_file", { id: second.id })).text.trim().split(/\r?\n/).length, 201, "what was answered before stays");
});
