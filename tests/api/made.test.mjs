// Services that a consumer makes from a grant of its own: named, confined to its items, versioned, described, and never more than the grant.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { until } from "./lib.mjs";

const RESOURCE = "enterprise_registration", SAMPLE = "91360802YL0000397L";
const ITEMS = "uscc enterprise_name region registered_capital registration_status";

async function hub(t) {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === RESOURCE));
  const as = await people(s);
  return { s, as, bank: await client(s, as), id: await grant(as, [`${RESOURCE}:${ITEMS}`]) };
}

/** What lies in the journal's folder, as text. */
const journalled = (s) => readdirSync(join(s.data, "journal"), { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => readFileSync(join(e.parentPath ?? e.path, e.name), "latin1")).join("\n");

test("a consumer makes a service from its grant; it answers with its items and no others, by every mode of the grant", async (t) => {
  const { s, as, bank, id } = await hub(t);
  const made = await as.steward("made.make", { id }, { name: "firm_status", title: "企业状态", title_en: "Status of a firm", items: ["registration_status", "uscc"] });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.version, made.body.resource, made.body.grant, made.body.items], [1, RESOURCE, id, ["uscc", "registration_status"]]);

  const ask = (json, name = "firm_status") => bank.call("service.query", { name }, json);
  const reply = await ask({ subject: SAMPLE });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual([reply.body.service, reply.body.service_version, reply.body.resource, reply.body.grant], ["firm_status", 1, RESOURCE, id]);
  assert.deepEqual(Object.keys(reply.body.result.records[0].values), ["uscc", "registration_status"]);
  const beyond = await ask({ subject: SAMPLE, items: ["enterprise_name"] });
  assert.deepEqual([beyond.status, beyond.body.error.condition], [403, "item"], "granted, but not of this service");
  const partial = await ask({ subject: SAMPLE, items: ["enterprise_name", "uscc"], partial: true });
  assert.equal(partial.body.result.records[0].values.enterprise_name.status, "not_granted");

  const batch = await bank.call("service.batch", { name: "firm_status" }, { keys: [[SAMPLE]] });
  assert.deepEqual(Object.keys(batch.body.results[0].records[0].values), ["uscc", "registration_status"]);
  const verdict = await bank.call("service.verify", { name: "firm_status" }, { subject: SAMPLE, values: { registration_status: "1", enterprise_name: "x" } });
  assert.equal(verdict.body.result.items.enterprise_name, "not_granted", "nor compared");
  const changes = await bank.call("service.changes", { name: "firm_status", limit: 3 });
  assert.deepEqual(Object.keys(changes.body.changes.find((c) => c.record).record.values), ["uscc", "registration_status"]);
  const asked = await bank.call("export.ask", { name: "firm_status" }, { format: "jsonl" });
  assert.equal(asked.status, 202, asked.text);
  await until("the export", () => bank.call("export.show", { id: asked.body.id }), (r) => r.body.state === "ready", 120_000);
  const file = await bank.call("export.file", { id: asked.body.id });
  assert.ok(!file.text.includes("enterprise_name") && file.text.includes("registration_status"));
  const shown = (await bank.call("export.show", { id: asked.body.id })).body;
  assert.deepEqual([shown.resource, shown.service, shown.service_version], [RESOURCE, "firm_status", 1]);
  const ofResource = await bank.call("export.ask", { name: RESOURCE }, { format: "jsonl" });
  assert.deepEqual([ofResource.body.service, ofResource.body.service_version], [null, null]);
  const payloads = async () => Promise.all((await as.auditor("journal.list", { type: "export" })).body.items
    .map(async (e) => JSON.parse(Buffer.from((await as.auditor("journal.contents", { index: e.index })).body.sealed, "base64").subarray(16))));
  const named = await until("the making and the fetching in the journal", payloads, (all) => all.some((p) => p.act === "fetch") && all.some((p) => p.keys !== undefined && p.service));
  for (const p of named.filter((p) => p.act === "fetch" || p.service)) assert.deepEqual([p.resource, p.service, p.service_version], [RESOURCE, "firm_status", 1]);

  await until("the making and the call in the journal", () => journalled(s), (text) => text.includes('"act":"service-made"') && text.includes('"service":"firm_status","service_version":1'));
  const usage = (await as.steward("usage.show", { by: "resource" })).body;
  assert.ok(JSON.stringify(usage).includes(RESOURCE), "it counts for its resource and grant");
});

test("made again it is the next version; it is described to its own organisation alone, and it ends", async (t) => {
  const { s, as, bank, id } = await hub(t);
  const make = (json) => as.steward("made.make", { id }, { name: "firm_status", ...json });
  const other = await client(s, as, "other-bank", "JB002");
  assert.equal((await make({ items: ["uscc"] })).body.version, 1);
  const second = await make({ title: "企业状态" });
  assert.deepEqual([second.body.version, second.body.items.length], [2, ITEMS.split(" ").length], "all that is granted unless told otherwise");
  const call = (who) => who.call("service.query", { name: "firm_status" }, { subject: SAMPLE });
  const reply = await call(bank);
  assert.deepEqual([reply.body.service_version, Object.keys(reply.body.result.records[0].values).length], [2, 5]);
  assert.equal((await call(other)).body.error.condition, "grant", "another organisation knows no such name");

  const listed = (await bank.call("services.list", {})).body.items;
  assert.deepEqual(listed.map((x) => [x.name, x.made, x.resource, x.version]), [[RESOURCE, false, RESOURCE, listed[0].version], ["firm_status", true, RESOURCE, 2]]);
  const doc = (await bank.call("services.openapi", {})).body;
  assert.ok(doc.paths["/v1/services/firm_status/query"].post && doc.paths["/v1/services/firm_status/changes"].get);
  const record = doc.components.schemas["firm_status.Record"];
  assert.deepEqual([record["x-luling-version"], Object.keys(record.properties.values.properties).length, record["x-luling-grants"][0].grant], [2, 5, id]);
  assert.ok(!("/v1/services/firm_status/query" in (await other.call("services.openapi", {})).body.paths));
  assert.deepEqual((await as.steward("made.list", { id })).body.items.map((m) => [m.name, m.version]), [["firm_status", 2]]);
  assert.deepEqual((await as.market("made.list", { id })).body.items, [], "the provider is not told the names");
  assert.equal((await as.market("made.list", { id: "G-none" })).status, 404);

  assert.equal((await as.steward("made.end", { name: "firm_status" })).status, 204);
  assert.equal((await call(bank)).body.error.condition, "grant");
  assert.equal((await as.steward("made.end", { name: "firm_status" })).status, 404);
  assert.ok(!("/v1/services/firm_status/query" in (await bank.call("services.openapi", {})).body.paths));
  assert.equal((await make({})).body.version, 3, "its versions go on where they were");
});

test("no name that is taken, no item that is not granted, no grant of others; a grant that ends takes its services with it", async (t) => {
  const { as, bank, id } = await hub(t);
  const make = (json, who = as.steward, of = id) => who("made.make", { id: of }, json);
  for (const [json, status] of [
    [{ name: RESOURCE }, 409], [{ name: "enterprise_list" }, 409], [{ name: "Firm" }, 422], [{ name: "select" }, 422], [{ name: "x".repeat(49) }, 400], [{}, 400],
    [{ name: "firm", items: ["legal_rep_id"] }, 422], [{ name: "firm", items: ["misspelt"] }, 422], [{ name: "firm", misspelt: 1 }, 400],
  ]) {
    const reply = await make(json);
    assert.equal(reply.status, status, `${JSON.stringify(json)}: ${reply.text}`);
  }
  assert.equal((await make({ name: "firm" }, as.steward, "G-none")).status, 404);
  assert.equal((await make({ name: "firm" }, as.head)).status, 403, "for the steward of the consumer");
  assert.equal((await make({ name: "firm" })).status, 201);
  assert.equal((await bank.call("service.query", { name: "firm" }, { subject: SAMPLE, grant: "G-other" })).body.error.condition, "grant", "its own grant and no other");
  assert.equal((await as.operator("grant.act", { id }, { action: "suspend", reason: "核查" })).status, 200);
  const refused = await bank.call("service.query", { name: "firm" }, { subject: SAMPLE });
  assert.deepEqual([refused.status, refused.body.error.condition, Boolean(refused.body.receipt)], [403, "suspended", true]);
  assert.equal((await make({ name: "firm" })).status, 409, "nothing is made from a grant that does not hold");
  assert.deepEqual((await bank.call("services.list", {})).body.items, []);
});
