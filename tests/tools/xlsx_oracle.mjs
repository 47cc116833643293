// Compares what our sheet reader sees in workbooks (xlsx_dump) with what SheetJS sees in them, cell by cell.
//
// usage: xlsx_oracle.mjs DUMP FOLDER...       (and LULING_DATA/xlsx, where that is)
// A difference that is none of ours is explained, with a count; any other fails.  The last line sums up.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";

const SKIPPED = 77;
const [dump, ...named] = process.argv.slice(2);
const folders = process.env.LULING_DATA ? [...named, join(process.env.LULING_DATA, "xlsx")] : named;
const XLSX = await import("@e965/xlsx").catch(() => null);
const present = folders.filter((folder) => fs.existsSync(folder));
if (!XLSX || present.length === 0) {
  console.log(XLSX ? `skipped: none of ${folders.join(", ")} is there` : "skipped: the npm package @e965/xlsx is not installed");
  process.exit(SKIPPED);
}
XLSX.set_fs(fs);

const KIND = { TEXT: 1, NUMERIC: 2, DAY: 3, BOOLEAN: 4 };
const FLAW = { NO_RESULT: 4 };

const files = present.flatMap((folder) =>
  fs.readdirSync(folder, { recursive: true }).filter((name) => /\.xls[xm]$/.test(name)).map((name) => join(folder, name)));

function ours() {
  const out = execFileSync(dump, files, { maxBuffer: 2 ** 30, encoding: "utf8" });
  return new Map(out.trim().split("\n").map((line) => JSON.parse(line)).map((book) => [book.file, book]));
}

function theirs(file) {
  try {
    return XLSX.readFile(file, { cellNF: true, cellText: false, cellHTML: false, cellFormula: true });
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

// The text of a serial number as our reader writes days, from SheetJS's own calendar.
function days(value, date1904) {
  const at = (format) => XLSX.SSF.format(format, value, { date1904 });
  return [at("yyyy-mm-dd"), at("yyyy-mm-dd hh:mm:ss"), at("hh:mm:ss"), at("[hh]:mm:ss"), at("hh:mm:ss.0"), at("yyyy-mm-dd hh:mm:ss.000")];
}

const sameText = (a, b) => a === b || a.replace(/\r\n?/g, "\n") === b.replace(/\r\n?/g, "\n");

function same(cell, other, date1904) {
  const [, , kind, text] = cell;
  switch (other.t) {
    case "s":
    case "str":
      return sameText(text, String(other.v));
    case "b":
      return kind === KIND.BOOLEAN && text === (other.v ? "TRUE" : "FALSE");
    case "n":
      return kind === KIND.DAY ? days(other.v, date1904).includes(text) : Number(text) === other.v;
    case "d":
      return kind === KIND.DAY && new Date(text.replace(" ", "T") + "Z").getTime() === other.v.getTime();
    default:
      return false;
  }
}

// A tab whose relationship is empty (a macro module) has no sheet; SheetJS then gives every later tab the sheet of the one before.
const shifted = (book, other) => {
  const names = new Set(book.sheets.map((sheet) => sheet.name));
  return other.SheetNames.some((name) => !names.has(name) && !other.Sheets[name]?.["!type"]);
};

function compareFailures(file, book, other) {
  if (!book.error === !other.error) return;
  if (book.error?.startsWith("not an .xlsx workbook")) explain("files: SheetJS takes any bytes for text, we refuse them");
  else if (other.error?.startsWith("Bad compressed size")) explain("files: SheetJS does not read ZIP members whose sizes follow them");
  else differences.push(`${file}: ours ${book.error ?? "reads it"}, theirs ${other.error ?? "reads it"}`);
}

const count = { files: 0, unreadable: 0, sheets: 0, cells: 0, agree: 0 };
const explained = new Map(), differences = [];
const explain = (why) => explained.set(why, (explained.get(why) ?? 0) + 1);

function compareSheet(file, sheet, other, date1904) {
  const left = new Map(sheet.cells.map((cell) => [XLSX.utils.encode_cell({ r: cell[0] - 1, c: cell[1] }), cell]));
  const places = new Set([...left.keys(), ...Object.keys(other).filter((key) => !key.startsWith("!"))]);
  for (const place of places) {
    const cell = left.get(place), theirCell = other[place];
    const empty = !theirCell || theirCell.t === "z" || theirCell.v === undefined || theirCell.v === "";
    if (!cell && empty) continue;
    if (!cell && theirCell.t === "e") {
      explain("cells: an error value (#N/A and the like) is a missing value for us");
      continue;
    }
    count.cells++;
    if (cell && empty && cell[4] === FLAW.NO_RESULT) explain("cells: a formula without a stored result is a fault for us, nothing for SheetJS");
    else if (cell && !empty && same(cell, theirCell, date1904)) count.agree++;
    else differences.push(`${file} [${sheet.name}] ${place}: ours ${JSON.stringify(cell)}, theirs ${JSON.stringify(theirCell)}`);
  }
}

const books = ours();
for (const file of files) {
  const book = books.get(file), other = theirs(file);
  count.files++;
  if (book.error || other.error) {
    count.unreadable++;
    compareFailures(file, book, other);
    continue;
  }
  if (shifted(book, other)) {
    explain("files: SheetJS mixes up the sheets when a tab has none");
    continue;
  }
  for (const sheet of book.sheets) {
    count.sheets++;
    const theirSheet = other.Sheets[sheet.name];
    if (!theirSheet) differences.push(`${file}: they have no sheet ${sheet.name}`);
    else compareSheet(file, sheet, theirSheet, book.epoch1904);
  }
}
for (const [why, n] of explained) console.log(`${n} ${why}`);
for (const difference of differences.slice(0, 40)) console.log(difference);
console.log(`${count.files} files (${count.unreadable} unreadable), ${count.sheets} sheets, ${count.cells} cells, ${count.agree} agree, ` +
  `${differences.length} differences`);
process.exit(differences.length ? 1 : 0);
