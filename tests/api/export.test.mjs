// A grant as a file: asked for, made behind the server, journalled, fetched whole and in parts; other people's readers read it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import * as XLSX from "@e965/xlsx";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, serve, tempDir, until } from "./lib.mjs";

const SERVICE = "enterprise_registration";
const ITEMS = "uscc enterprise_name registered_capital established_date registration_status";
const PATIENCE = 120_000;
const ENDED = ["ready", "failed", "cancelled", "expired"];

async function hub(t, options) {
  const s = await serveDemo(t, options);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  return { s, as, bank: await client(s, as) };
}

const settled = (who, id) => until(`export ${id}`, () => who.call("export.show", { id }), (r) => ENDED.includes(r.body.state), PATIENCE).then((r) => r.body);

async function exported(bank, json) {
  const asked = await bank.call("export.ask", { name: SERVICE }, json);
  assert.equal(asked.status, 202, asked.text);
  assert.equal(asked.headers.get("location"), `/v1/exports/${asked.body.id}`);
  return settled(bank, asked.body.id);
}

const get = (s, bank, id, headers = {}) => s.call("export.file", { id }, { anonymous: true, headers: { Authorization: `Bearer ${bank.token}`, ...headers } });
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** RFC 4180, as far as we write it. */
function csvRows(text) {
  const rows = [];
  let row = [], cell = "", quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') (cell += c), i++;
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") row.push(cell), (cell = "");
    else if (c === "\n") row.push(cell.replace(/\r$/, "")), rows.push(row), (row = []), (cell = "");
    else cell += c;
  }
  assert.equal(cell + row.join(""), "", "the last line ends like every other");
  return rows;
}

/** A consent on paper, recorded by the bank's officer. */
async function consent(as, subject, more = {}) {
  const made = await as.steward("consent.record", {}, { subject, subject_title: "某企业", resources: [SERVICE], purpose: "小微企业贷前调查", until: new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10), document: "0".repeat(64), ...more });
  assert.equal(made.status, 201, made.text);
  return made.body.id;
}

async function allEntries(s, entry) {
  const reply = await s.call("journal.entry", { index: entry }, {});
  assert.equal(reply.status, 200);
  return JSON.parse(reply.text);
}

test("the four forms of one grant say the same, each as its own readers have it, and the journal has rows and hash", async (t) => {
  const { s, as, bank } = await hub(t);
  assert.equal((await bank.call("export.ask", { name: SERVICE }, { format: "csv" })).body.error.condition, "grant");
  await grant(as, [`${SERVICE}:${ITEMS} legal_rep_id`]);
  for (const [body, status] of [[{}, 400], [{ format: "pdf" }, 400], [{ format: "csv", items: ["misspelt"] }, 400], [{ format: "csv", misspelt: 1 }, 400]])
    assert.equal((await bank.call("export.ask", { name: SERVICE }, body)).status, status, JSON.stringify(body));
  assert.equal((await bank.call("export.ask", { name: SERVICE }, { format: "csv", items: ["registered_address"] })).body.error.condition, "item");

  const csv = await exported(bank, { format: "csv", officer: "0796-118" });
  assert.equal(csv.state, "ready", JSON.stringify(csv));
  assert.deepEqual([csv.rows, csv.expected, csv.left_out, csv.error], [2948, 2948, {}, null]);
  const file = await get(s, bank, csv.id);
  assert.equal(file.status, 200);
  assert.equal(file.headers.get("etag"), `"${csv.sha256}"`);
  assert.equal(Number(file.headers.get("content-length")), csv.bytes);
  assert.match(file.headers.get("content-disposition"), /attachment; filename="enterprise_registration-X/);
  assert.ok(Number(file.headers.get("luling-receipt")) > csv.entry, "a fetch has an entry of its own");
  assert.equal(sha256(file.bytes), csv.sha256);
  const [head, ...rows] = csvRows(file.text);
  assert.deepEqual([...head].sort(), [...`${ITEMS} legal_rep_id ll_states`.split(" ")].sort());
  assert.equal(rows.length, 2948);
  const at = Object.fromEntries(head.map((name, i) => [name, i]));
  assert.ok(rows.every((r) => !/^\d{17}[\dX]$/.test(r[at.legal_rep_id])), "identity numbers are masked");
  assert.ok(rows.every((r) => /legal_rep_id=(masked|absent)/.test(r[at.ll_states])));

  const lines = await exported(bank, { format: "jsonl" });
  const records = (await get(s, bank, lines.id)).text.trimEnd().split("\n").map((l) => JSON.parse(l));
  assert.equal(records.length, 2948);
  records.forEach((r, i) => {
    assert.deepEqual(r.key, [rows[i][at.uscc]]);
    assert.equal(r.values.enterprise_name.value, rows[i][at.enterprise_name].replace(/^'(?=[=+\-@])/, ""));
  });

  const parquet = await exported(bank, { format: "parquet" });
  assert.equal(parquet.state, "ready", JSON.stringify(parquet));
  const bytes = (await get(s, bank, parquet.id)).bytes;
  const columnar = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), compressors });
  assert.equal(columnar.length, 2948);
  columnar.forEach((r, i) => {
    assert.equal(r.uscc, rows[i][at.uscc]);
    assert.equal(r.established_date ? r.established_date.toISOString().slice(0, 10) : "", rows[i][at.established_date], "a date is a date");
    assert.equal(r.legal_rep_id ?? "", rows[i][at.legal_rep_id].replace(/^'/, ""));
  });

  const xlsx = await exported(bank, { format: "xlsx" });
  assert.equal(xlsx.state, "ready", JSON.stringify(xlsx));
  const book = XLSX.read((await get(s, bank, xlsx.id)).bytes, { cellFormula: true });
  const cells = Object.entries(book.Sheets[book.SheetNames[0]]).filter(([at]) => at[0] !== "!").map(([, cell]) => cell);
  const sheet = XLSX.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1, raw: false });
  assert.equal(sheet.length, 2949);
  assert.ok(cells.every((cell) => cell.f === undefined), "no formula");
  assert.ok(sheet[8].includes(rows[7][at.uscc]));

  const entry = await allEntries(s, csv.entry);
  assert.equal(entry.type, "export");
  assert.ok(!JSON.stringify(entry).includes(rows[0][at.uscc]));
  const used = (await as.steward("usage.show", { by: "resource" })).body.items.find((i) => i.what === SERVICE);
  assert.equal(used.keys, 4 * 2948, "every record is a key of the grant's quotas");
  const listed = await bank.call("exports.list", { state: "ready" });
  assert.deepEqual(listed.body.items.map((e) => e.id).sort(), [csv, lines, parquet, xlsx].map((e) => e.id).sort());
  const told = JSON.parse((await luling(["export", "list", "--json", "-d", s.data])).out);
  assert.equal(told.length, 4);
  assert.equal(told.find((e) => e.id === csv.id).rows, 2948);
});

test("a download goes on where it broke off; ranges, tags and what is not there are told apart", async (t) => {
  const { s, as, bank } = await hub(t);
  await grant(as, [`${SERVICE}:${ITEMS}`]);
  const e = await exported(bank, { format: "csv" });
  const whole = (await get(s, bank, e.id)).bytes;
  const half = Math.floor(whole.length / 2);
  const etag = `"${e.sha256}"`;
  const first = await get(s, bank, e.id, { Range: `bytes=0-${half - 1}` });
  assert.equal(first.status, 206);
  assert.equal(first.headers.get("content-range"), `bytes 0-${half - 1}/${whole.length}`);
  const rest = await get(s, bank, e.id, { Range: `bytes=${half}-`, "If-Range": etag });
  assert.equal(rest.status, 206);
  assert.equal(sha256(Buffer.concat([first.bytes, rest.bytes])), e.sha256);
  assert.deepEqual((await get(s, bank, e.id, { Range: "bytes=-100" })).bytes, whole.subarray(-100));
  assert.deepEqual((await get(s, bank, e.id, { Range: "bytes=70000-70009" })).bytes, whole.subarray(70000, 70010), "across frames");
  assert.equal((await get(s, bank, e.id, { Range: `bytes=${half}-`, "If-Range": '"another"' })).status, 200, "another file: all of it");
  assert.equal((await get(s, bank, e.id, { Range: "bytes=0-1,5-9" })).status, 200);
  const beyond = await get(s, bank, e.id, { Range: `bytes=${whole.length}-` });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get("content-range"), `bytes */${whole.length}`);
  assert.equal((await get(s, bank, e.id, { "If-None-Match": `"x", ${etag}` })).status, 304);
  assert.equal((await bank.call("export.file", { id: "Xnothing" })).status, 404);
  assert.equal((await as.tax("export.show", { id: e.id })).status, 403);
  const other = await client(s, as, "other-bank", "JB002");
  assert.equal((await other.call("export.show", { id: e.id })).status, 404, "another organisation's is as good as not there");
  assert.equal((await other.call("export.file", { id: e.id })).status, 404);
  assert.equal((await other.call("export.cancel", { id: e.id })).status, 404);
});

test("files lie sealed, and what is revoked, frozen, cancelled or expired is not fetched any more", async (t) => {
  const { s, as, bank } = await hub(t, { settings: { export_keep_h: 1 } });
  const first = await grant(as, [`${SERVICE}:uscc legal_rep_id`]);
  const masked = await exported(bank, { format: "jsonl", grant: first });
  const records = (await get(s, bank, masked.id)).text.trimEnd().split("\n").map((l) => JSON.parse(l));
  for (const r of records.filter((x) => x.values.legal_rep_id.status === "masked").slice(0, 3)) await consent(as, r.key[0]);
  assert.equal((await bank.call("export.cancel", { id: masked.id })).status, 200);
  const id = await grant(as, [`${SERVICE}:uscc enterprise_name =legal_rep_id`], { consent: true });
  const e = await exported(bank, { format: "csv", grant: id });
  assert.equal(e.state, "ready", JSON.stringify(e));
  const file = await get(s, bank, e.id);
  const [, ...rows] = csvRows(file.text);
  const numbers = rows.map((r) => r.find((c) => /^\d{17}[\dX]$/.test(c))).filter(Boolean);
  assert.equal(numbers.length, 3, "the grant says plain, and three have consented");
  const dir = join(s.data, "exports");
  assert.deepEqual(readdirSync(dir), [`${e.id}.sealed`]);
  const stored = readFileSync(join(dir, `${e.id}.sealed`));
  assert.ok(!numbers.some((n) => stored.includes(n)) && !stored.includes("enterprise_name"), "sealed at rest");
  assert.equal(statSync(join(dir, `${e.id}.sealed`)).mode & 0o077, 0);
  assert.ok(!readdirSync(join(s.data, "work")).some((n) => n.startsWith("export-")));

  await as.sec("freeze.make", {}, { kind: "resource", id: SERVICE, reason: "演练" });
  const frozen = await get(s, bank, e.id);
  assert.equal(frozen.status, 403);
  assert.equal(frozen.body.error.condition, "frozen");
  assert.ok(frozen.body.receipt.index > 0, "the refusal has its entry");
  await as.sec("freeze.end", { kind: "resource", id: SERVICE });
  await as.market("grant.act", { id }, { action: "suspend", reason: "核查" });
  assert.equal((await get(s, bank, e.id)).body.error.condition, "suspended");
  await as.market("grant.act", { id }, { action: "resume", reason: "核查完毕" });
  assert.equal((await get(s, bank, e.id)).status, 200);
  assert.equal((await bank.call("export.cancel", { id: e.id })).body.state, "cancelled");
  assert.deepEqual(readdirSync(dir), []);
  assert.equal((await get(s, bank, e.id)).status, 409);
  assert.equal((await bank.call("export.cancel", { id: e.id })).status, 409);

  const kept = await exported(bank, { format: "jsonl", grant: id });
  const cancelled = await luling(["export", "cancel", kept.id, "-d", s.data, "--json"]);
  assert.equal(cancelled.code, 0, cancelled.err);
  const last = await exported(bank, { format: "csv", grant: id });
  await s.stop();
  const now = process.env.LULING_NOW;
  process.env.LULING_NOW = String(Date.now() + 2 * 3600e3);
  const later = await serve(t, { data: s.data, signedIn: false });
  if (now === undefined) delete process.env.LULING_NOW;
  else process.env.LULING_NOW = now;
  await until("expiry", async () => readdirSync(dir), (list) => list.length === 0, PATIENCE);
  const listed = JSON.parse((await luling(["export", "list", "--json", "-d", s.data])).out);
  assert.equal(listed.find((x) => x.id === last.id).state, "expired");
  await later.stop();
});

test("records without consent are left out and counted; a consent that ends takes the file with it", async (t) => {
  const { s, as, bank } = await hub(t);
  await grant(as, [`${SERVICE}:uscc enterprise_name`]);
  const all = (await get(s, bank, (await exported(bank, { format: "jsonl" })).id)).text.trimEnd().split("\n").map((l) => JSON.parse(l).key[0]);
  const id = await grant(as, [`${SERVICE}:uscc registration_status`], { consent: true });
  const [a, b] = [await consent(as, all[0]), await consent(as, all[1])];
  await consent(as, all[2], { purpose: "别的用途" });
  const e = await exported(bank, { format: "csv", grant: id });
  assert.equal(e.state, "ready", JSON.stringify(e));
  assert.equal(e.rows, 2);
  assert.deepEqual(e.left_out, { consent_none: all.length - 3, consent_purpose: 1 });
  const got = csvRows((await get(s, bank, e.id)).text).slice(1).map((r) => r[0]);
  assert.deepEqual(got.sort(), [all[0], all[1]].sort());
  const used = async (consentId) => (await as.steward("consent.show", { id: consentId })).body.used;
  assert.equal(await used(a), 1, "an export is one use");
  assert.equal((await as.steward("consent.withdraw", { id: b }, { reason: "授权人来电要求" })).status, 200);
  assert.equal((await get(s, bank, e.id)).body.error.condition, "consent", "who withdrew is in it");
  const anew = await exported(bank, { format: "csv", grant: id });
  assert.deepEqual([anew.rows, anew.left_out.consent_withdrawn], [1, 1]);
  assert.equal((await get(s, bank, anew.id)).status, 200);
});

test("quotas and the number of jobs hold; a kill -9 in the middle loses and doubles nothing", async (t) => {
  const { s, as, bank } = await hub(t);
  const id = await grant(as, [`${SERVICE}:${ITEMS}`], { per_day: 4000 });
  const first = await exported(bank, { format: "csv" });
  assert.equal(first.state, "ready");
  const over = await exported(bank, { format: "csv" });
  assert.deepEqual([over.state, over.error.condition], ["failed", "quota_day"]);
  assert.deepEqual(readdirSync(join(s.data, "exports")), [`${first.id}.sealed`]);
  assert.equal((await bank.call("service.query", { name: SERVICE }, { subject: "91360802YL0000397L" })).status, 200, "what is left may be used");

  const wide = await grant(as, [`${SERVICE}:${ITEMS} registered_address`], { per_day: 1_000_000 });
  const asked = [];
  for (let i = 0; i < 6; i++) asked.push(await bank.call("export.ask", { name: SERVICE }, { format: "jsonl", grant: wide }));
  const refused = asked.filter((r) => r.status === 429);
  assert.ok(refused.every((r) => r.body.error.condition === "exports"));
  const waiting = asked.filter((r) => r.status === 202).map((r) => r.body.id);
  s.child.kill("SIGKILL");
  await s.ended;

  const again = await serve(t, { data: s.data, signedIn: false });
  const bank2 = { ...bank, token: await tokenOf(again, bank.id, bank.privateKey) };
  bank2.call = (route, params, json) => again.call(route, params, { anonymous: true, headers: { Authorization: `Bearer ${bank2.token}` }, json });
  for (const one of waiting) {
    const e = await settled(bank2, one);
    assert.equal(e.state, "ready", JSON.stringify(e));
    assert.equal(sha256((await get(again, bank2, one)).bytes), e.sha256);
  }
  const as2 = await people(again);
  const used = (await as2.steward("usage.show", { by: "grant" })).body.items.find((i) => i.what === wide);
  assert.equal(used.keys, waiting.length * 2948);
  assert.notEqual(id, wide);
});
