// The monthly use report: as JSON, CSV and workbook, and by the command; its sums are those of the journal's own files.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, tempDir } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const OTHER = "91350100M000100Y43";
const SERVICE = "enterprise_registration";

/** Entries of one bundle with what they commit to, by the formats of docs/internals/journal.md. */
function entriesOf(data) {
  const newest = (kind) => {
    const dir = join(data, "journal/tile", kind);
    const widths = readdirSync(join(dir, "000.p")).map(Number).sort((a, b) => b - a);
    return readFileSync(join(dir, "000.p", String(widths[0])));
  };
  const [entries, payloads] = [newest("entries"), newest("payload")];
  const out = [];
  for (let at = 0, pat = 0; at < entries.length; ) {
    const n = entries.readUInt16BE(at);
    const m = payloads.readUInt32BE(pat);
    const entry = JSON.parse(entries.subarray(at + 2, at + 2 + n).toString());
    if (m) entry.payload = JSON.parse(payloads.subarray(pat + 4 + 16, pat + 4 + m).toString());
    out.push(entry);
    at += 2 + n;
    pat += 4 + m;
  }
  return out;
}

test("the month's report is what the journal says", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  const bank = await client(s, as);
  const call = (mode, body) => bank.call(`service.${mode}`, { name: SERVICE }, body);
  assert.equal((await call("query", { key: [SAMPLE] })).body.error.condition, "grant");
  const id = await grant(as, [`${SERVICE}:uscc enterprise_name`], { per_day: 9 });
  for (let i = 0; i < 3; i++) assert.equal((await call("query", { key: [SAMPLE] })).status, 200);
  assert.equal((await call("batch", { subjects: [SAMPLE, OTHER] })).status, 200);
  assert.equal((await call("query", { key: [SAMPLE], items: ["region"] })).status, 403);
  assert.equal((await call("batch", { subjects: [SAMPLE, OTHER, SAMPLE, OTHER, SAMPLE] })).body.error.condition, "quota_day");

  const now = new Date();
  const month = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`;
  const report = (await as.auditor("usage.month", { month })).body;
  const entries = entriesOf(s.data);
  const calls = entries.filter((e) => e.type === "call").map((e) => e.payload);
  const refusals = entries.filter((e) => e.type === "refusal").map((e) => e.payload);
  const sum = (list, of) => list.reduce((n, x) => n + of(x), 0);
  const sums = { calls: calls.length, keys: sum(calls, (c) => c.keys), records: sum(calls, (c) => c.found), subjects: sum(calls, (c) => c.subjects.length), refused: refusals.length };
  assert.deepEqual(report.sums, sums);
  assert.deepEqual([sums.calls, sums.keys, sums.refused], [4, 5, 3]);
  assert.equal(report.over, false);
  const by = {};
  for (const r of refusals) by[r.condition] = (by[r.condition] ?? 0) + 1;
  assert.deepEqual(Object.fromEntries(report.refusals.map((r) => [r.condition, r.calls])), by);
  const line = report.lines.find((l) => l.grant === id);
  assert.deepEqual([line.organisation, line.resource, line.peak, line.per_day, line.used, line.purpose], ["JB001", SERVICE, 5, 9, 5, "小微企业贷前调查"]);
  assert.deepEqual(report.lines.find((l) => l.grant === null).refusals, [{ condition: "grant", calls: 1 }]);
  assert.deepEqual(report.organisations.map(({ calls: n, organisation }) => [organisation, n]), [["JB001", 4]]);
  assert.deepEqual(report.purposes, [{ purpose: "小微企业贷前调查", calls: 4 }]);

  // who may see what
  assert.deepEqual((await as.steward("usage.month", { month })).body.sums, sums, "the bank its own");
  assert.deepEqual((await as.market("usage.month", { month })).body.sums, sums, "the source what it provides");
  assert.equal((await as.tax("usage.month", { month })).body.sums.calls, 0, "another source nothing of it");
  assert.equal((await as.sys("usage.month", { month })).status, 403);
  for (const wrong of ["2026-13", "2026_11", "1999-01"]) assert.equal((await as.auditor("usage.month", { month: wrong })).status, 400, wrong);
  assert.deepEqual((await as.auditor("usage.month", { month: "2020-02" })).body.lines, []);

  // files
  const csv = await as.auditor("usage.month_file", { month, format: "csv", lang: "en" });
  assert.equal(csv.status, 200);
  const rows = csv.text.replace(/^\uFEFF/, "").trim().split("\r\n").map((r) => r.split(","));
  assert.equal(rows.length, 1 + report.lines.length + 1);
  assert.ok(rows.every((r) => r.length === 17), "every row has every column");
  assert.deepEqual(rows.at(-1).slice(7, 12).map(Number), Object.values(sums));
  assert.match(csv.headers.get("content-disposition"), /usage-\d{4}-\d{2}\.csv/);
  const book = await as.auditor("usage.month_file", { month, format: "xlsx" });
  assert.equal(book.status, 200);
  assert.match(book.headers.get("content-type"), /spreadsheetml/);

  // the command
  const dir = tempDir(t);
  const run = await luling(["usage", "--month", month, "-d", s.data, "--json"]);
  assert.equal(run.code, 0, run.err);
  assert.equal(sum(JSON.parse(run.out), (l) => l.calls), 4);
  const files = await luling(["usage", "--month", month, "-d", s.data, "--csv", join(dir, "m.csv"), "--xlsx", join(dir, "m.xlsx"), "--lang", "en"]);
  assert.equal(files.code, 0, files.err);
  assert.equal(readFileSync(join(dir, "m.csv"), "utf8").trim().split("\r\n").at(-1), csv.text.trim().split("\r\n").at(-1));
  assert.equal(readFileSync(join(dir, "m.xlsx")).subarray(0, 2).toString(), "PK");
  assert.equal((await luling(["usage", "-d", s.data])).code, 64);

  const metrics = (await s.call("metrics", {})).text;
  assert.match(metrics, /luling_http_request_seconds_bucket\{route="service\.query",le="0\.005"\} \d+/, "latency of calls for Prometheus");
  assert.match(metrics, /luling_http_requests_total\{route="service\.query",status="403"\} 2/, "and errors");
});
