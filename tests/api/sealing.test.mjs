// Whoever reads the data folder sees neither identity numbers nor telephone numbers: every file under it is searched, while the records are
// found by those very numbers.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { client, grant, people as bankPeople } from "./bank.mjs";
import { settled, serveDemo, upload } from "./demo.mjs";
import { addAccount, luling, signIn, tempDir } from "./lib.mjs";

const parquet = await import("hyparquet").catch(() => null);
const { compressors } = await import("hyparquet-compressors").catch(() => ({}));
const XLSX = await import("@e965/xlsx").catch(() => null);

// Resident identity numbers with their check character (GB 11643), of people who do not exist: order number 000.
function residentId(birth, district = "362421") {
  const body = `${district}${birth}000`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return body + "10X98765432"[[...body].reduce((sum, c, i) => sum + Number(c) * weights[i], 0) % 11];
}

const people = ["19800101", "19810202", "19820303", "19830404"].map((birth) => residentId(birth));
const [debtor, another, refused, unknown] = people;
const phones = ["13807960001", "13807960002", "13807960003"];
const firms = ["91360802YL0000397L", "91440300708461136T"];

/** Every file below dir. */
function files(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** What of the file a reader may look at: its bytes, and of Parquet what the packed columns hold. */
async function contents(path) {
  const bytes = readFileSync(path);
  if (!path.endsWith(".parquet") || !parquet || !compressors) return [bytes];
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const rows = await parquet.parquetReadObjects({ file, compressors, utf8: false });
  const values = rows.flatMap((row) => Object.values(row)).flat(2);
  return [bytes, ...values.map((v) => (v instanceof Uint8Array ? Buffer.from(v) : Buffer.from(String(v))))];
}

async function search(dir, texts) {
  const found = [];
  for (const path of files(dir))
    for (const bytes of await contents(path))
      for (const text of texts)
        if (bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le").subarray(0, -1))) found.push(`${path.slice(dir.length)} holds ${text}`);
  return [...new Set(found)];
}

const COURT = "案号,统一社会信用代码/身份证号,被执行人名称,执行法院,立案日期,履行情况,发布日期\n";
const courtRow = (n, id, name, day = "2024-01-02") => `（2024）赣0802执${n}号,${id},${name},吉州区人民法院,${day},全部未履行,2024-02-01\n`;

function annualReports(dir) {
  const rows = firms.map((uscc, i) => [uscc, "2023", `吉安样例${i}有限公司`, "开业", "2024-03-01", phones[i]]);
  const header = ["统一社会信用代码", "报告年度", "企业名称", "经营状态", "报送日期", "联系电话"];
  const path = join(dir, XLSX ? "reports.xlsx" : "reports.csv");
  if (XLSX) {
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([header, ...rows]), "Sheet1");
    writeFileSync(path, XLSX.write(book, { type: "buffer", bookType: "xlsx" }));
  } else {
    writeFileSync(path, [header, ...rows].map((row) => row.join(",")).join("\n"));
  }
  return path;
}

async function take(s, resource, path) {
  const sent = await upload(s, resource, path);
  assert.equal(sent.status, 202, sent.text);
  const delivery = await settled(s, sent.body.id);
  assert.equal(delivery.state, "published", JSON.stringify(delivery.error));
  return delivery;
}

async function checkQueries(s, batch) {
  const profile = (await s.call("subject.show", { id: debtor })).body.subject;
  assert.deepEqual(profile.groups.map((g) => [g.resource, g.total]), [["court_dishonesty", 2]]);
  assert.ok(!JSON.stringify(profile).includes(debtor), "shown masked");
  const record = await s.call("record.show", { name: "court_dishonesty", key: ["（2024）赣0802执1号", debtor] });
  assert.equal(record.body.record.subject_name, "样例甲");
  assert.equal((await s.call("record.show", { name: "court_dishonesty", key: ["（2024）赣0802执1号", unknown] })).status, 404);
  const history = await s.call("record.history", { name: "court_dishonesty", key: ["（2024）赣0802执1号", debtor] });
  assert.equal(history.body.versions.length, 1);
  const hits = (await s.call("subjects.search", { name: "样例" })).body.items;
  assert.ok(hits.length >= 2, "names are found by their beginning");
  const file = await s.call("batch.quarantine_file", { id: batch, format: "csv" });
  assert.ok(file.text.includes(refused), "who may have the refused rows has them whole");
}

/** A bank asks for a person, asks whether values are right, and doubts a record: what that leaves must not name the person either. */
async function checkCalls(s) {
  const as = await bankPeople(s);
  await addAccount(s.data, "court-1", "JA031", "approver");
  const cookie = await signIn(s, "court-1");
  as.court = (id, params, json) => s.call(id, params, { cookie, json });
  const bank = await client(s, as);
  await grant(as, ["court_dishonesty:case_no subject_id subject_name performance_status"], {}, "court");
  const key = ["（2024）赣0802执1号", debtor];
  const found = await bank.call("service.query", { name: "court_dishonesty" }, { subject: debtor });
  assert.equal(found.status, 200, found.text);
  assert.equal(found.body.result.records.length, 2);
  const byKey = await bank.call("service.query", { name: "court_dishonesty" }, { key });
  assert.equal(byKey.body.result.records[0].values.subject_name.value, "样例甲");
  const doubt = await as.steward("objection.add", {}, { resource: "court_dishonesty", record: JSON.stringify(key), doubt: "已全部履行，状态没有更新" });
  assert.equal(doubt.status, 201, doubt.text);
  assert.equal((await as.court("objection.show", { id: doubt.body.id })).body.record, JSON.stringify(key), "the source sees which record is meant");
  const again = await bank.call("service.query", { name: "court_dishonesty" }, { key });
  assert.equal(again.body.result.records[0].values.subject_name.status, "disputed", again.text);
}

test("no file of the folder shows an identity number or a telephone number, and records are found by them", async (t) => {
  const s = await serveDemo(t);
  const dir = tempDir(t);
  const court = join(dir, "court.csv.gz");
  // the last row is refused: a day that is none
  const text = COURT + courtRow(1, debtor, "样例甲") + courtRow(2, debtor, "样例甲") + courtRow(3, another, "样例乙") + courtRow(4, refused, "样例丙", "2024-13-45");
  writeFileSync(court, gzipSync(text));
  const batch = await take(s, "court_dishonesty", court);
  assert.deepEqual([batch.published, batch.quarantined], [3, 1]);
  const reports = await take(s, "annual_report", annualReports(dir));
  assert.equal(reports.published, firms.length, "the second form of the key: a spreadsheet");
  await checkQueries(s, batch.batch);
  await checkCalls(s);

  const secrets = [...people, ...phones];
  assert.deepEqual(await search(s.data, secrets), [], "while the server runs");
  await s.stop();
  assert.deepEqual(await search(s.data, secrets), [], "and after it has ended");
  assert.ok((await search(s.data, ["样例甲"])).length > 0, "the search finds what is open");
  assert.equal(readdirSync(join(s.data, "work")).length, 0);

  const verified = await luling(["verify", "-d", s.data, "--lang", "en"]);
  assert.equal(verified.code, 0, verified.out + verified.err);
  const dump = await luling(["dump", "court_dishonesty", "-d", s.data]);
  assert.ok(dump.out.includes(debtor), "who has the keys reads them");
});
