// From a file sent over HTTP to records, with its progress, its quality and its quarantine.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deliver, demoFiles, serveDemo, settled, upload } from "./demo.mjs";
import { addAccount, checkReply, signIn, tempDir, until, urlOf } from "./lib.mjs";

/** Reads server-sent events to the end of the stream: [{ name, data }]. */
async function events(s, id) {
  const reply = await fetch(s.url + urlOf("delivery.events", { id }), { headers: { Cookie: s.cookie }, signal: AbortSignal.timeout(120_000) });
  checkReply("delivery.events", reply.status, reply.headers.get("content-type"));
  const text = await reply.text();
  return text.split("\n\n").filter((block) => block.startsWith("event:")).map((block) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block);
    return { name, data: JSON.parse(data) };
  });
}

test("a messy spreadsheet becomes records; every row is published or quarantined with its reasons", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  const want = deliveries[0];
  const sent = await upload(s, want.resource, want.path);
  assert.equal(sent.status, 202);
  assert.equal(sent.headers.get("location"), `/v1/deliveries/${sent.body.id}`);

  const seen = await events(s, sent.body.id);
  assert.equal(seen.at(-1).name, "end");
  assert.ok(seen.some((e) => e.name === "progress"));
  const done = await settled(s, sent.body.id);
  assert.equal(done.state, "published");
  assert.deepEqual([done.received, done.published, done.quarantined], [want.received, want.published, want.quarantined]);
  assert.equal(done.received, done.published + done.quarantined);

  const batch = (await s.call("resource.batches", { name: want.resource })).body.items[0];
  assert.equal(batch.id, done.batch);
  const quality = (await s.call("batch.quality", { id: batch.id })).body;
  assert.equal(quality.received, want.received);
  const page = (await s.call("batch.quarantine", { id: batch.id, limit: 200 })).body;
  assert.equal(page.total, want.quarantined);
  assert.equal(page.items.length, Math.min(200, want.quarantined));
  assert.ok(page.items.every((r) => r.codes.length > 0 && r.zh && r.en && r.cells.length === page.columns.length));
  const book = await s.call("batch.quarantine_file", { id: batch.id, format: "xlsx" });
  assert.equal(book.bytes.subarray(0, 2).toString(), "PK");
  const file = await s.call("batch.quarantine_file", { id: batch.id, lang: "en" });
  assert.match(file.headers.get("content-disposition"), /attachment; filename=/);
  assert.ok(file.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), "a BOM, so that spreadsheets know it is UTF-8");
  assert.ok(file.text.split("\n").length > want.quarantined);

  // The card's figures follow, and the metrics.
  await until("records of the card", () => s.call("resource.show", { name: want.resource }), (r) => r.body.records === want.published);
  const metrics = (await s.call("metrics")).text;
  assert.match(metrics, new RegExp(`luling_rows_total\\{resource="${want.resource}",kind="published"\\} ${want.published}\n`));
  assert.match(metrics, /luling_deliveries\{state="published"\} 1\n/);
});

test("the same file again is the same delivery", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  const d = deliveries.find((x) => x.resource === "tax_arrears");
  const first = await deliver(s, d);
  const again = await upload(s, d.resource, d.path);
  assert.deepEqual(again.body, { id: first.id, again: true });
  assert.equal((await s.call("deliveries.list", { resource: d.resource })).body.total, 1);
});

test("a delivery that would delete most of a resource waits for a person, who confirms or refuses", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  const [whole, partial] = deliveries.filter((d) => d.resource === "housing_fund");
  const provider = (await s.call("resource.show", { name: "housing_fund" })).body.provider.code;
  assert.equal((await deliver(s, whole)).state, "published");
  const waiting = await deliver(s, partial);
  assert.equal(waiting.state, "waiting");
  assert.ok(waiting.detail.deletes > waiting.detail.current * waiting.detail.limit_percent / 100);
  assert.equal((await s.call("delivery.refuse", { id: waiting.id })).status, 403, "that of another organisation is not ours to decide");
  await addAccount(s.data, "steward", provider, "source_steward");
  s.cookie = await signIn(s, "steward");
  assert.equal((await s.call("delivery.refuse", { id: waiting.id })).body.state, "failed");
  assert.equal((await s.call("delivery.confirm", { id: waiting.id })).status, 409);

  const second = await deliver(s, partial);
  assert.equal(second.state, "waiting");
  assert.equal((await s.call("delivery.confirm", { id: second.id })).status, 202);
  const confirmed = await s.call("delivery.show", { id: second.id });
  assert.notEqual(confirmed.body.state, "waiting", "whoever asks next sees that it goes on");
  assert.equal((await settled(s, second.id)).state, "published", JSON.stringify(confirmed.body));
});

test("what cannot be taken in is refused with the reason and changes nothing", async (t) => {
  const s = await serveDemo(t);
  const dir = tempDir(t);
  const bad = join(dir, "坏文件.csv");
  writeFileSync(bad, "what,is,this\n1,2,3\n");
  const refused = await deliver(s, { resource: "tax_rating", path: bad });
  assert.equal(refused.state, "failed");
  assert.ok(refused.error.zh && refused.error.en);
  assert.equal(refused.file_name, "坏文件.csv");
  assert.equal((await upload(s, "nothing_here", bad)).status, 404);
  assert.equal((await s.call("delivery.show", { id: "nothing" })).status, 404);
  assert.equal((await s.call("delivery.events", { id: "nothing" })).status, 404);
  assert.equal((await s.call("delivery.confirm", { id: "nothing" })).status, 404);
  assert.equal((await s.call("delivery.refuse", { id: "nothing" })).status, 404);
  assert.equal((await s.call("batch.quality", { id: "nothing" })).status, 404);
  assert.equal((await s.call("batch.quarantine", { id: "nothing" })).status, 404);
  assert.equal((await s.call("batch.quarantine_file", { id: "nothing" })).status, 404);
  assert.equal((await s.call("resource.batches", { name: "nothing" })).status, 404);
  assert.equal((await s.call("resource.batches", { name: "tax_rating" })).body.total, 0);
});

test("a page of another site cannot deliver", async (t) => {
  const s = await serveDemo(t);
  const url = s.url + urlOf("delivery.upload", { name: "tax_rating", file_name: "a.csv" });
  const reply = await fetch(url, { method: "POST", body: "x", headers: { Origin: "http://evil.example" } });
  assert.equal(reply.status, 403);
  assert.equal((await reply.json()).error.code, "ORIGIN_REFUSED");
  assert.equal((await s.call("deliveries.list")).body.total, 0);
});
