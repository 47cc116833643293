// Special credit reports of rural households: who may have one, what stands on it, and when it is no longer true.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { luling } from "./lib.mjs";
import { consented, county, granted, PURPOSE } from "./rural.mjs";

const ALL = ["rural_household", "rural_member", "rural_village_survey", "rural_planting"];
const LOANS = ["resident_id", "loan_balance", "loan_quality", "loan_guarantee", "overdue_days", "contract_no", "reported_on"];
const open = { anonymous: true };
const numberOf = (reply) => /RR\d{8}-[0-9A-Z]{8}/.exec(reply.headers.get("content-disposition"))[0];
const codeOf = (text) => /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec(text)[0];
const itemsOf = (body) => Object.fromEntries(body.categories.flatMap((c) => c.items.map((i) => [i.item, i])));

test("a bank has a household's report under its grants and with the farmer's consent; it is verified by anybody and stale once a source says something new", async (t) => {
  const { s, as, bank, truth, data } = await county(t);
  const farm = truth[0], subject = farm.holder_id_no;
  const ask = (json = {}) => bank.call("rural.report_ask", {}, { subject, format: "html", ...json });
  const without = await ask();
  assert.deepEqual([without.status, without.body.error.condition, Boolean(without.body.receipt)], [403, "grant", true]);
  await granted(as, [...ALL, `rural_loan:${LOANS.join(" ")}`].map((r) => (r === "rural_member" ? "rural_member" : r)));
  const nobody = await ask();
  assert.deepEqual([nobody.status, nobody.body.error.condition, Boolean(nobody.body.receipt)], [403, "consent", true]);
  const prospect = async (who) => (await bank.call("rural.prospect", {}, who)).body;
  for (const who of [{ subject }, { household: farm.household_no }, { household: "NO-SUCH" }])
    assert.deepEqual([(await prospect(who)).condition, (await prospect(who)).consent], ["consent", null], "without a consent a household is as good as none");
  await consented(as, subject, [...ALL, `rural_loan:${LOANS.join(",")}`], { uses: 9 });

  const before = await prospect({ household: farm.household_no });
  assert.deepEqual([before.condition, before.consent.kind, before.sections.flatMap((x) => x.items).length], [null, "in_person", 96], "the head's consent counts for the household");
  assert.equal((await bank.call("rural.prospect", {}, { subject, household: "X" })).status, 400);

  const page = await ask({ officer: "0796-118" });
  assert.equal(page.status, 200, page.text);
  assert.ok(page.headers.get("luling-receipt"));
  const number = numberOf(page), code = codeOf(page.text);
  assert.match(page.text, /较弱的授权/, "a consent on paper is called so on the first page");
  assert.match(page.text, /尚无平台评级/);
  assert.equal(page.text.match(/<td[^>]*>\d{6} /g).length, 96, "each of the 96 items stands in the annex");
  assert.ok(!page.text.includes(subject), "identity numbers are masked");
  const pdf = await ask({ format: "pdf", lang: "en" });
  assert.equal(pdf.bytes.subarray(0, 5).toString(), "%PDF-");

  const json = await ask({ format: "json" });
  assert.equal(json.status, 200, json.text);
  const machine = JSON.parse(json.text);
  assert.deepEqual([machine.number, machine.asked_by.length > 0, machine.consent.strength], [numberOf(json), true, 1]);
  const items = itemsOf(machine);
  assert.equal(Object.keys(items).length, 96);
  for (const item of Object.values(items)) assert.equal("value" in item, Boolean(item.provider && item.resource), item.item);
  assert.equal(items.loan_balance.state, "not_granted", "a sealed item is not shown without plain");
  assert.equal(items.crop_type.state === "present" || items.crop_type.state === "conflicting", true);
  const own = JSON.parse(json.text).own_records;
  assert.deepEqual([own.length, own[0].values.loan_balance, own[0].values.resident_id], [1, "50000.00", undefined], "its own loan in full, but whose it is");
  const some = JSON.parse((await ask({ format: "json", sections: "02" })).text);
  assert.deepEqual(some.categories.map((c) => c.code), ["02"]);
  assert.equal((await ask({ sections: "99" })).status, 400);
  assert.equal((await ask({ format: "docx" })).status, 400);

  const verify = (more = {}) => s.call("report.verify", { number, ...more }, open);
  const known = (await verify({ code })).body;
  assert.deepEqual([known.kind, known.state, known.code, known.purpose], ["rural", "valid", "match", PURPOSE]);
  const listed = (await bank.call("reports.list", {})).body;
  assert.deepEqual([listed.total, listed.items.every((r) => r.kind === "rural" && r.state === "valid"), listed.items.filter((r) => r.format === "json").length], [4, true, 2]);
  const path = join(mkdtempSync(join(tmpdir(), "luling-")), "r.html");
  writeFileSync(path, page.bytes);
  const policy = path.replace("r.html", "policy");
  writeFileSync(policy, await (await fetch(`${s.url}/journal/policy`)).text());
  const offline = await luling(["report", "verify", path, "--policy", policy]);
  assert.equal(offline.code, 0, offline.err);
  const changed = join(path.replace("r.html", "x.html"));
  writeFileSync(changed, page.text.replace(farm.holder_name, "别的人"));
  assert.notEqual((await luling(["report", "verify", changed, "--policy", policy])).code, 0);
  const mpath = path.replace("r.html", "r.json");
  writeFileSync(mpath, json.bytes);
  const read = await luling(["report", "verify", mpath, "--policy", policy, "--json"]);
  assert.equal(read.code, 0, read.err);
  assert.match(read.out, new RegExp(`${machine.number}[\\s\\S]*${machine.certificate}`), "signed by the platform, and proven from the file alone");
  const { bytes } = (await s.call("report.verify", { number: machine.number }, open)).body;
  writeFileSync(path.replace("r.html", "body"), json.bytes.subarray(0, bytes));
  writeFileSync(path.replace("r.html", "cms"), Buffer.from(machine.signature, "base64"));
  const openssl = spawnSync("openssl", ["cms", "-verify", "-inform", "DER", "-in", path.replace("r.html", "cms"), "-content", path.replace("r.html", "body"), "-noverify", "-binary", "-out", "/dev/null"]);
  assert.equal(openssl.status, 0, "a program that is not ours finds the signature over the same bytes");
  for (const wrong of [json.text.replace(farm.holder_name, "别的人"), json.text.replace('","receipt":"', '","receipt":"A'), json.text.replace(/"signature":"..../, '"signature":"AAAA')]) {
    writeFileSync(mpath, wrong);
    assert.notEqual((await luling(["report", "verify", mpath, "--policy", policy])).code, 0);
  }
  const used = (await as.steward("consents.list", {})).body.items[0].used;
  assert.equal(used, 4, "each report is one use of the consent");

  const batch = (await s.call("resource.batches", { name: "rural_planting" })).body.items[0].id;
  assert.equal((await luling(["withdraw", batch, "-d", data])).code, 0);
  const stale = (await verify({ code })).body;
  assert.deepEqual([stale.state, stale.stale.includes("rural_planting")], ["stale", true]);
});

test("an operator issues one for a purpose; sections of a bank are data of a pack", async (t) => {
  const { as, truth, data } = await county(t);
  const farm = truth[1];
  const issue = (json) => as.operator("rural.report_issue", {}, { household: farm.household_no, purpose: "信用户评定", format: "html", ...json });
  const page = await issue({});
  assert.equal(page.status, 200, page.text);
  assert.ok(page.text.includes(farm.holder_name) && page.text.includes("信用户评定"));
  assert.equal((await issue({ purpose: undefined })).status, 400);
  assert.equal(JSON.parse((await issue({ format: "json" })).text).household_no, farm.household_no);
  assert.equal((await issue({ household: "NO-SUCH" })).status, 404);
  assert.equal((await as.steward("rural.report_issue", {}, { household: farm.household_no, purpose: "贷前调查" })).status, 403);

  const pack = mkdtempSync(join(tmpdir(), "luling-pack-"));
  writeFileSync(join(pack, "pack.json"), JSON.stringify({ name: "hub_report", version: "1.0.0", title: { zh: "某机构的报告", en: "Sections of one organisation" }, needs: ["rural"], sample: false, description: { zh: "某机构的报告类别", en: "Sections of one organisation" } }));
  writeFileSync(join(pack, "rural_report_sections.csv"), "list,organisation,category,front,basis,source\njian_96,JA001,06,loan_balance,own,\n");
  const loaded = await luling(["pack", "load", pack, "-d", data]);
  assert.equal(loaded.code, 0, loaded.err);
  const less = await issue({});
  assert.equal(less.text.match(/<td[^>]*>\d{6} /g).length, 10, "only the category that the organisation chose");
});
