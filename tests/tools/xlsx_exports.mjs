// The workbooks that the program hands out, read by SheetJS: a template, filled in and delivered; and the quarantine of that delivery, which
// holds what the CSV export holds.
//
// usage: xlsx_exports.mjs LULING PACKS
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SKIPPED = 77;
const [luling, packs] = process.argv.slice(2);
const XLSX = await import("@e965/xlsx").catch(() => null);
if (!XLSX) {
  console.log("skipped: the npm package @e965/xlsx is not installed");
  process.exit(SKIPPED);
}
XLSX.set_fs(fs);

const folder = fs.mkdtempSync(join(tmpdir(), "luling-exports-"));
const run = (...args) => execFileSync(luling, [...args, "--data", join(folder, "data"), "--lang", "zh"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const lines = (file) => {
  const book = XLSX.readFile(file);
  return XLSX.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1, raw: false, defval: "" });
};

const FIRM = {
  统一社会信用代码: "91100000100003962T",
  企业名称: "=中国工商银行股份有限公司",
  企业类型: "1210",
  成立日期: "2000-03-02",
  法定代表人身份证号: "360812197001011234",
};

function fill(template, file, rows) {
  const book = XLSX.readFile(template);
  const sheet = book.Sheets[book.SheetNames[0]];
  const [, titles] = XLSX.utils.sheet_to_json(sheet, { header: 1 }); // below what the sheet is called
  XLSX.utils.sheet_add_aoa(sheet, rows.map((row) => titles.map((title) => row[title] ?? "")), { origin: "A3" });
  XLSX.writeFile(book, file);
  return titles;
}

try {
  const path = (name) => join(folder, name);
  run("pack", "load", ...["core", "jian", "jiangxi_registration", "credit", "demo"].map((name) => join(packs, name)));
  run("resource", "template", "enterprise_registration", path("template.xlsx"));
  const titles = fill(path("template.xlsx"), path("filled.xlsx"), [FIRM, { ...FIRM, 统一社会信用代码: "91100000100003962X" }]);
  for (const title of Object.keys(FIRM)) assert.ok(titles.includes(title), `the template has no column ${title}`);

  run("intake", "-r", "enterprise_registration", path("filled.xlsx"));
  const [batch] = JSON.parse(run("batch", "list", "--json"));
  run("quarantine", batch.id, "--xlsx", path("refused.xlsx"));
  run("quarantine", batch.id, "--csv", path("refused.csv"));

  const refused = lines(path("refused.xlsx"));
  const csv = XLSX.utils.sheet_to_json(
    XLSX.read(fs.readFileSync(path("refused.csv"), "utf8").replace(/^\uFEFF/, ""), { type: "string", raw: true }).Sheets.Sheet1, { header: 1, raw: false, defval: "" });
  // A CSV has to keep a spreadsheet from running =..., by an apostrophe; a text cell need not.
  assert.deepEqual(refused, csv.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@])/, ""))));
  // The template's own place for these two is kept under another name: what is corrected here answers for this quarantine.
  assert.deepEqual(refused[0].slice(0, titles.length), titles.map((title) => (["_batch", "_row"].includes(title) ? `_${title}` : title)));
  assert.deepEqual(refused[0].slice(titles.length), ["_batch", "_row", "_行号", "_原因"]);
  const bad = refused.find((row) => row[0] === "91100000100003962X");
  assert.ok(bad, "the row with the wrong check character is not there");
  assert.equal(bad[titles.indexOf("企业名称")], FIRM.企业名称);
  assert.equal(bad[titles.indexOf("法定代表人身份证号")], FIRM.法定代表人身份证号);
  assert.match(bad.at(-1), /校验位错误，应为 T/);
  console.log(`${refused.length - 1} refused rows, ${titles.length} columns: the workbook holds what the CSV holds`);
} finally {
  fs.rmSync(folder, { recursive: true });
}
