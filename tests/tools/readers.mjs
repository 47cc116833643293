// Other programs read what Luling wrote: the lake with hyparquet (a Parquet reader in JavaScript), the segments and the control database
// with the sqlite3 command line.  Both, and `luling dump`, must come to the same records.  Of items of grades 3 and 4 they see ciphertext:
// there they count and compare the other items.
//
// usage: readers.mjs LULING PACKS GENERATE
// Takes in a few deliveries of the demo (spreadsheet, tab-separated, UTF-16; snapshots, an increment, delete markers).  Prints TAP.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [luling, packs, generate] = process.argv.slice(2);
const FILES = /^(01|04|05|10|20|21)_/;

const parquet = await import("hyparquet").catch(() => null);
const { compressors } = await import("hyparquet-compressors").catch(() => ({}));
const hasSqlite = (() => {
  try {
    return execFileSync("sqlite3", ["-version"], { stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
})();
if (!parquet || !compressors || !hasSqlite) {
  console.log(`1..0 # SKIP ${hasSqlite ? "the npm packages hyparquet and hyparquet-compressors are" : "the command sqlite3 is"} not installed`);
  process.exit(0);
}

const work = fs.mkdtempSync(join(tmpdir(), "luling-readers-"));
const data = join(work, "data");
let cases = 0;
let failed = 0;

function ok(good, name, why) {
  cases++;
  failed += !good;
  console.log(`${good ? "ok" : "not ok"} ${cases} - ${name}`);
  if (!good && why !== undefined) console.log(String(why).split("\n").slice(0, 20).map((line) => `# ${line}`).join("\n"));
}

const run = (...args) => execFileSync(luling, ["--data", data, "--lang", "en", ...args], { encoding: "utf8", maxBuffer: 2 ** 30, stdio: "pipe" });

function sqlite(file, sql) {
  const out = execFileSync("sqlite3", ["-readonly", "-json", file, sql], { encoding: "utf8", maxBuffer: 2 ** 30 });
  return out.trim() ? JSON.parse(out) : [];
}

async function readParquet(path) {
  const raw = fs.readFileSync(path);
  const file = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length);
  return parquet.parquetReadObjects({ file, compressors });
}

// One spelling for both readers: days and instants as segments write them, numbers by their value.
function plain(value) {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) {
    const text = value.toISOString().slice(0, 19).replace("T", " ");
    return text.endsWith(" 00:00:00") ? text.slice(0, 10) : text;
  }
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return value;
}

// hyparquet makes a decimal a binary number by a multiplication: its last bit may be off.
function sameValue(a, b) {
  if (a === b) return true;
  return typeof a === "number" && typeof b === "string" && Math.abs(Number(b) - a) <= Math.abs(a) * 2 ** -51;
}

// What differs between the lake's records and the others', by key; "" when nothing does.
function difference(lake, other) {
  if (lake.size !== other.size) return `${lake.size} records in the lake, ${other.size} there`;
  for (const [key, record] of lake) {
    const found = other.get(key);
    if (!found) return `${key} is only in the lake`;
    for (const [name, value] of Object.entries(record))
      if (!sameValue(plain(value), plain(found[name]))) return `${key}.${name}: ${plain(value)} in the lake, ${found[name]} there`;
  }
  return "";
}

const items = (row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith("ll_")));
const keyOf = (row, keys) => JSON.stringify(keys.map((name) => plain(row[name])));

async function checkBatch(batch) {
  const dir = join(data, "lake", batch.resource, batch.id);
  const manifest = JSON.parse(fs.readFileSync(join(dir, "manifest.json"), "utf8"));
  const rows = [];
  let refused = [];
  for (const { name } of manifest.files)
    if (name === "quarantine.parquet") refused = await readParquet(join(dir, name));
    else rows.push(...(await readParquet(join(dir, name))));
  ok(rows.length === manifest.rows && rows.length === batch.rows && refused.length === manifest.quarantined &&
     manifest.received === rows.length + refused.length && rows.filter((row) => row.ll_deleted).length === batch.deletes,
     `${batch.resource}: hyparquet counts what the manifest of batch ${batch.seq} says (${rows.length} + ${refused.length})`,
     `${rows.length} rows, ${refused.length} refused: ${JSON.stringify(batch)}`);
  const sealed = manifest.schema.filter((column) => column.sealed).map((column) => column.name);
  ok(rows.every((row) => sealed.every((name) => !(name in row) && `ll_sealed_${name}` in row)),
     `${batch.resource}: its ${sealed.length} sealed items are there as ciphertext alone`);
  if (sealed.length)
    ok(refused.every((row) => row.codes.length > 0 && row.ll_sealed_ll_quarantine && !("cells" in row) && !("zh" in row)),
       `${batch.resource}: every refused row says which checks failed, and the rest is sealed`);
  else
    ok(refused.every((row) => row.codes.length > 0 && row.zh && row.en && row.cells.length > 0),
       `${batch.resource}: every refused row has reasons in both languages and its cells`);
  return rows;
}

// What a resource shows, worked out from the Parquet files alone.
async function lakeRecords(resource, keys) {
  const shown = new Map();
  const batches = sqlite(join(data, "luling.db"), `SELECT * FROM batch WHERE resource = '${resource}' AND state = 'published' ORDER BY seq`);
  for (const batch of batches) {
    if (batch.mode === "snapshot") shown.clear();
    for (const row of await checkBatch(batch))
      if (row.ll_deleted) shown.delete(keyOf(row, keys));
      else shown.set(keyOf(row, keys), items(row));
  }
  return shown;
}

function segmentRecords(resource, keys) {
  const shown = new Map();
  const listed = sqlite(join(data, "luling.db"), `SELECT parts FROM segment WHERE resource = '${resource}' ORDER BY seq`);
  for (const { parts } of listed)
    for (const { file } of JSON.parse(parts))
      for (const row of sqlite(join(data, "service", resource, file), "SELECT * FROM record"))
        if (row.ll_deleted) shown.delete(keyOf(row, keys));
        else shown.set(keyOf(row, keys), items(row));
  return shown;
}

function keysOf(resource) {
  const [{ parts }] = sqlite(join(data, "luling.db"), `SELECT parts FROM segment WHERE resource = '${resource}' LIMIT 1`);
  const file = join(data, "service", resource, JSON.parse(parts)[0].file);
  return sqlite(file, "SELECT name FROM pragma_table_info('record') WHERE pk > 0 ORDER BY pk").map((row) => row.name);
}

function dumpRecords(resource, keys) {
  const lines = run("dump", resource).trim().split("\n").map((line) => JSON.parse(line));
  return new Map(lines.map((row) => [keyOf(row, keys), items(row)]));
}

try {
  execFileSync("python3", [generate, join(work, "in")], { stdio: "ignore" });
  for (const name of ["core", "jian", "credit", "demo"]) run("pack", "load", join(packs, name));
  const deliveries = JSON.parse(fs.readFileSync(join(work, "in/deliveries.json"), "utf8")).filter((d) => FILES.test(d.file));
  for (const d of deliveries) run("intake", join(work, "in", d.file), "--resource", d.resource);
  for (const resource of new Set(deliveries.map((d) => d.resource))) {
    const keys = keysOf(resource);
    const lake = await lakeRecords(resource, keys);
    const segments = difference(lake, segmentRecords(resource, keys));
    ok(segments === "" && lake.size > 0, `${resource}: sqlite3 reads the same ${lake.size} records from the segments`, segments);
    const dump = difference(lake, dumpRecords(resource, keys));
    ok(dump === "", `${resource}: so does luling dump`, dump);
  }
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
console.log(`1..${cases}`);
process.exit(failed ? 1 : 0);
