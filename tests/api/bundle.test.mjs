// Credit reports of a list of subjects: issued one by one behind the server as single ones are, refused row by row with the reason, carried on after a
// kill -9, fetched as a ZIP file that other people's readers read, and without what must not be handed out any more.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, serve, tempDir, until } from "./lib.mjs";

const RESOURCE = "enterprise_registration";
const ENDED = ["ready", "failed", "cancelled", "expired"];
const settled = (who, id) => until(`bundle ${id}`, () => who.call("bundle.show", { id }), (r) => ENDED.includes(r.body.state), 240_000).then((r) => r.body);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Unpacked by Python's reader, which checks every sum; the index as rows by column. */
function unpack(t, bytes) {
  const dir = tempDir(t), path = join(dir, "bundle.zip");
  writeFileSync(path, bytes);
  execFileSync("python3", ["-c", "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])", path, join(dir, "out")]);
  const [head, ...rows] = readFileSync(join(dir, "out", "index.csv"), "utf8").replace(/^\ufeff/, "").trimEnd().split("\r\n").map((l) => l.split(","));
  return { dir: join(dir, "out"), files: readdirSync(join(dir, "out")).filter((f) => f !== "index.csv"), rows: rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ""]))) };
}

test("a bank has the reports of a list, each as it would have it singly", async (t) => {
  const s = await serveDemo(t, { settings: { export_jobs: 2 } });
  assert.equal((await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "credit"), "-d", s.data])).code, 0);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === RESOURCE));
  const as = await people(s);
  let bank = await client(s, as);
  const ask = (json, who = bank) => who.call("bundle.ask", {}, json);
  const fetched = (id, headers = {}, from = s) => from.call("bundle.file", { id }, { anonymous: true, headers: { Authorization: `Bearer ${bank.token}`, ...headers } });

  const none = await ask({ subjects: ["91360802YL0000397L"] });
  assert.deepEqual([none.status, none.body.error.condition, Boolean(none.body.receipt)], [403, "grant", true]);
  await grant(as, [`${RESOURCE}:uscc enterprise_name registration_status`]);
  const changes = (await bank.call("service.changes", { name: RESOURCE, limit: 60 })).body;
  const firms = changes.changes.map((c) => c.record.key[0]);
  for (const [body, status] of [[{}, 400], [{ subjects: firms, csv: "x" }, 400], [{ csv: "主体标识\n" }, 422], [{ subjects: [firms[0], firms[0]] }, 422],
    [{ csv: `主体标识,客户编号\n${firms[0]},${"k".repeat(65)}\n` }, 422], [{ csv: `主体标识\n"${firms[0]}\n` }, 422], [{ subjects: firms, format: "docx" }, 400]])
    assert.equal((await ask(body)).status, status, JSON.stringify(body).slice(0, 80));

  // what cannot be reported is a line of the index, not the end of the list
  const csv = `客户编号,主体标识\nK-1,${firms[0]}\nK-2,91350100M000100Y43\nK-3,某公司\nK-4,${firms[1]}\n`;
  const asked = await ask({ csv, officer: "0796-118", format: "html" });
  assert.deepEqual([asked.status, asked.headers.get("location")], [202, `/v1/reports/bundles/${asked.body.id}`]);
  const done = await settled(bank, asked.body.id);
  assert.deepEqual([done.state, done.subjects, done.issued, done.refused, done.problems.map((p) => p.row)], ["ready", 4, 2, 2, [2, 3]], JSON.stringify(done));
  assert.ok(!JSON.stringify(done.problems).includes("91350100M000100Y43"), "what stays in the control database names nobody");
  const file = await fetched(done.id);
  assert.deepEqual([file.status, file.bytes.length, sha256(file.bytes)], [200, done.bytes, done.sha256]);
  const first = unpack(t, file.bytes);
  assert.deepEqual(first.rows.map((r) => [r.reference, r.state]), [["K-1", "issued"], ["K-2", "refused"], ["K-3", "refused"], ["K-4", "issued"]]);
  assert.ok(readFileSync(join(first.dir, first.rows[0].file), "utf8").includes(firms[0]) && first.files.length === 2);
  const part = await fetched(done.id, { Range: "bytes=10-19" });
  assert.deepEqual([part.status, part.headers.get("content-range")], [206, `bytes 10-19/${done.bytes}`]);
  assert.deepEqual([part.bytes, (await fetched(done.id, { "If-None-Match": `"${done.sha256}"` })).status], [file.bytes.subarray(10, 20), 304]);
  assert.equal((await fetched(done.id, { Range: `bytes=${done.bytes}-` })).status, 416);

  // each is a report like any other: listed, in the journal, a look that counts
  const listed = (await bank.call("reports.list", {})).body.items;
  assert.deepEqual(listed.map((r) => r.number).sort(), first.rows.map((r) => r.number).filter(Boolean).sort());
  assert.equal(JSON.parse((await s.call("journal.entry", { index: Number(first.rows[0].entry) })).text).type, "report");
  const usage = (await as.steward("usage.show", { by: "resource" })).body.items.find((r) => r.what === RESOURCE);
  assert.ok(usage.records >= 2 + firms.length, JSON.stringify(usage));

  // another organisation sees nothing of it, an auditor does
  const other = await client(s, as, "other-bank", "JB002");
  assert.equal((await other.call("bundle.show", { id: done.id })).status, 404);
  assert.deepEqual([(await other.call("bundles.list", {})).body.total, (await as.auditor("bundles.list", {})).body.total], [0, 1]);

  // killed at any moment it goes on where it was, whatever else is there
  const many = await ask({ subjects: firms.slice(0, 40), lang: "en" }), small = await ask({ subjects: [firms[41]], format: "html" });
  assert.deepEqual([many.status, small.status, (await ask({ subjects: [firms[42]] })).status], [202, 202, 429], "at most export_jobs at once");
  await until("some are issued", () => bank.call("bundle.show", { id: many.body.id }), (r) => r.body.issued > 0 || ENDED.includes(r.body.state), 120_000);
  s.child.kill("SIGKILL");
  await s.ended;
  const again = await serve(t, { data: s.data, signedIn: false });
  const token = await tokenOf(again, bank.id, bank.privateKey);
  bank = { ...bank, token, call: (route, params, json) => again.call(route, params, { anonymous: true, headers: { Authorization: `Bearer ${token}` }, json }) };
  const whole = await settled(bank, many.body.id);
  assert.deepEqual([whole.state, whole.issued, whole.refused], ["ready", 40, 0], JSON.stringify(whole));
  assert.equal((await settled(bank, small.body.id)).state, "ready");
  const pdfs = unpack(t, (await fetched(whole.id, {}, again)).bytes);
  assert.deepEqual(pdfs.rows.map((r) => r.subject), firms.slice(0, 40), "in the order of the list");
  assert.equal(new Set(pdfs.rows.map((r) => r.number)).size, 40);
  const one = join(pdfs.dir, pdfs.rows[17].file);
  assert.match(execFileSync("pdftotext", [one, "-"], { encoding: "utf8" }), new RegExp(firms[17]), "the report of the row is about its subject");
  const signed = execFileSync("pdfsig", ["-nocert", one], { encoding: "utf8" });
  assert.match(signed, /Signature is Valid/);
  assert.match(signed, /Total document signed/);
  t.diagnostic(signed.split("\n").filter((l) => /Signature Validation|Total document/.test(l)).map((l) => l.trim()).join("; "));
  const issuedNow = (await bank.call("reports.list", { limit: 1 })).body.total;
  assert.ok(issuedNow >= 43 && issuedNow <= 43 + 4 * 16, `${issuedNow}: at most a handful a worker twice`);

  // nothing of it lies open, and cancelling removes it
  assert.ok(readdirSync(join(s.data, "bundles", whole.id)).every((f) => !readFileSync(join(s.data, "bundles", whole.id, f)).includes(firms[3])));
  const gone = await bank.call("bundle.cancel", { id: small.body.id });
  assert.deepEqual([gone.body.state, readdirSync(join(s.data, "bundles")).includes(small.body.id)], ["cancelled", false]);
  assert.deepEqual([(await bank.call("bundle.cancel", { id: small.body.id })).status, (await fetched(small.body.id, {}, again)).status], [409, 409]);

  // a batch that is withdrawn makes its reports stale: they leave the file, and the index says so
  const batch = JSON.parse((await luling(["batch", "list", "--resource", RESOURCE, "--json", "-d", s.data])).out)[0].id;
  assert.equal((await luling(["withdraw", batch, "-d", s.data])).code, 0);
  await until("the reports are stale", () => bank.call("reports.list", { state: "valid" }), (r) => r.body.total === 0, 120_000);
  assert.equal((await fetched(done.id, {}, again)).status, 409);
  const anew = await settled(bank, done.id);
  assert.deepEqual([anew.state, anew.issued, anew.refused], ["ready", 0, 4]);
  assert.deepEqual(unpack(t, (await fetched(done.id, {}, again)).bytes).rows.map((r) => r.state), ["taken_out", "refused", "refused", "taken_out"]);
});
