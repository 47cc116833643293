// What is catalogued and what is published, as the command line shows it.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { LULING, luling } from "./run.mjs";

const packs = join(dirname(LULING), "../../packs");
const bank = "911000001000013428";
let data;

const run = (...args) => luling([...args, "--data", data, "--lang", "en"]);
const json = (...args) => {
  const done = run(...args, "--json");
  assert.equal(done.code, 0, done.err);
  return JSON.parse(done.out);
};
function deliver(name, rows) {
  const path = join(data, name);
  writeFileSync(path, ["统一社会信用代码,评价年度,企业名称,纳税信用级别,纳税信用得分,主管税务机关", ...rows, ""].join("\n"));
  return json("intake", path, "--resource", "tax_rating")[0];
}

before(() => {
  data = mkdtempSync(join(tmpdir(), "luling-"));
  json("pack", "load", ...["core", "jian", "credit", "demo"].map((name) => join(packs, name)));
});
after(() => rmSync(data, { recursive: true, force: true }));

test("packs are listed, compared, and loaded again without effect", () => {
  assert.deepEqual(json("pack", "list").map((p) => p.name), ["core", "credit", "demo", "jian"]);
  assert.deepEqual(json("pack", "diff", join(packs, "demo")), []);
  assert.equal(json("pack", "load", join(packs, "jian"))[0].outcome, "unchanged");
  assert.equal(run("pack", "check", join(packs, "demo")).code, 0);
});

test("resources are listed, searched by Chinese words and facets, and shown whole", () => {
  const all = json("resource", "list");
  assert.equal(all.length, 21);
  assert.ok(json("resource", "list", "--provider", "JA030").every((r) => r.name.startsWith("tax_")));
  assert.equal(json("search", "纳税信用")[0].name, "tax_rating");
  assert.ok(json("search", "--update-cycle", "7").length < all.length);
  assert.equal(run("search", "--limit", "0").code, 64);
  const shown = json("resource", "show", "tax_rating");
  assert.equal(shown.items.length, 7);
  assert.match(run("resource", "show", "tax_rating").out, /LE06003/);
  assert.equal(run("resource", "show", "tax_rating", "--resource-version", "2").code, 66);
  assert.equal(run("resource", "show", "nothing").code, 66);
});

test("a command that only looks makes no data folder; a pack is checked without one", () => {
  const nowhere = join(data, "nowhere");
  for (const args of [["resource", "list"], ["delivery", "list"], ["verify"], ["recover"]]) {
    const done = luling([...args, "--data", nowhere, "--json"]);
    assert.equal(done.code, 66, args.join(" "));
    assert.equal(done.out, "");
  }
  assert.equal(luling(["pack", "check", join(packs, "jian"), "--data", nowhere]).code, 0);
  assert.ok(!existsSync(nowhere));
});

test("a bad pack is refused with all that is wrong, and nothing of it is applied", () => {
  const bad = join(data, "bad");
  mkdirSync(bad);
  writeFileSync(join(bad, "pack.json"), '{"name": "bad"}');
  const checked = run("pack", "check", bad, "--json");
  assert.equal(checked.code, 65);
  assert.deepEqual(JSON.parse(checked.out).map((p) => p.column_name).sort(), ["title", "version"]);
  const loaded = run("pack", "load", join(packs, "jian"), bad, "--json");
  assert.equal(loaded.code, 65);
  assert.deepEqual(JSON.parse(loaded.out).map((p) => p.pack), ["jian"]);
  assert.match(run("pack", "load", bad).out, /pack\.json \(title\)/);
  assert.ok(!json("pack", "list").some((p) => p.name === "bad"));
});

test("organisations are listed by role", () => {
  const regulators = json("organisation", "list", "--role", "regulator");
  assert.ok(regulators.length > 0);
  assert.ok(json("organisation", "list").length > regulators.length);
});

test("a record is found by its key, with its history and as it was", () => {
  assert.equal(deliver("first.csv", [`${bank},2023,中国银行股份有限公司,A,93.60,样例税务局`]).published, 1);
  const between = new Date(Date.now() + 20).toISOString();
  const until = Date.now() + 40;
  while (Date.now() < until);
  assert.equal(deliver("second.csv", [`${bank},2023,中国银行股份有限公司,B,85.10,样例税务局`]).published, 1);

  const now = json("record", "tax_rating", bank, "2023");
  assert.equal(now.record.tax_credit_level.code, "B");
  const history = json("record", "tax_rating", bank, "2023", "--history");
  assert.deepEqual(history.map((v) => v.record.tax_credit_level), ["B", "A"]);
  assert.equal(json("record", "tax_rating", bank, "2023", "--as-of", between).tax_credit_level, "A");

  assert.match(run("record", "tax_rating", bank, "2023").out, /85\.10/);
  assert.match(run("record", "tax_rating", bank, "2023", "--history").out, /93\.60/);
  assert.equal(run("record", "tax_rating", bank, "2022").code, 66);
  assert.equal(run("record", "tax_rating", bank).code, 64);
  assert.equal(run("record", "tax_rating", bank, "2023", "--as-of", "yesterday").code, 64);
});

test("a subject is found by identifier and by name, with the departments' records", () => {
  for (const who of [bank, "中国银行股份有限公司"]) {
    const subject = json("subject", who);
    assert.equal(subject.kind.code, "enterprise");
    assert.ok(subject.identifiers.some((id) => id.type === "org_code" && id.value === "100001342"));
    assert.equal(subject.groups[0].resource, "tax_rating");
  }
  assert.match(run("subject", bank).out, /Tax credit/);
  assert.equal(run("subject", "不存在的公司").code, 66);
});

test("a dump is a JSON object a line, in key order", () => {
  deliver("third.csv", [`${bank},2021,中国银行股份有限公司,A,95.00,样例税务局`]);
  const lines = run("dump", "tax_rating").out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map((r) => r.tax_year), [2021, 2023]);
});

test("the region inside an identifier is named where a data folder knows it", () => {
  const [id] = json("identify", "91360802YL0000397L");
  assert.equal(id.parts.find((p) => p.value === "360802").meaning, "江西省吉安市吉州区");
});

test("converters can be tried out", () => {
  assert.equal(json("convert", "date", "2023年5月1日")[0].result, "2023-05-01");
  assert.equal(json("convert", "amount", "46.7000(万元人民币)")[0].result, "467000.0000 CNY");
  assert.equal(json("convert", "amount", "5", "--unit", "万元")[0].result, "50000.0000 CNY");
  assert.equal(json("convert", "narrow", "ＡＢ１")[0].result, "AB1");
  assert.equal(json("convert", "boolean", "是")[0].result, "true");
  assert.equal(json("convert", "integer", "1,234")[0].result, "1234");
  assert.equal(json("convert", "datetime", "2023-05-01 08:30:00")[0].result, "2023-05-01T08:30:00.000");
  assert.equal(run("convert", "date", "2023年2月30日").code, 65);
  assert.equal(run("convert", "colour", "red").code, 64);
});
