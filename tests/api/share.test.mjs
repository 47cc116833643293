// Records and subjects: what several departments know of one enterprise, joined.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L"; // the firm that most departments of the demo know

test("one enterprise's records of several departments come together under its credit code", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  for (const resource of ["enterprise_registration", "annual_report", "tax_rating", "environment_rating"])
    assert.equal((await deliver(s, deliveries.find((d) => d.resource === resource))).state, "published", resource);

  const profile = (await until("the profile", () => s.call("subject.show", { id: SAMPLE }), (r) => r.body.subject.groups.length >= 3)).body;
  assert.equal(profile.subject.kind.code, "enterprise");
  assert.ok(new Set(profile.subject.groups.map((g) => g.provider)).size >= 2, "several departments");
  for (const g of profile.subject.groups) {
    assert.ok(g.published_at && g.total >= g.records.length && g.records.length > 0);
    const names = new Set(profile.items[g.resource].map((i) => i.name));
    for (const r of g.records) assert.ok(Object.keys(r.record).every((k) => names.has(k)));
  }

  // The same subject by another spelling of its code, and by the beginning of its name.
  assert.deepEqual((await s.call("subject.show", { id: SAMPLE.toLowerCase() })).body.subject.names, profile.subject.names);
  const [name] = profile.subject.names;
  const hits = (await s.call("subjects.search", { name: name.slice(0, 6) })).body.items;
  assert.ok(hits.some((h) => h.identifier.value === SAMPLE));

  const record = (await s.call("record.show", { name: "enterprise_registration", key: SAMPLE })).body;
  assert.deepEqual(record.key, [SAMPLE]);
  assert.equal(record.record.enterprise_name, name);
  assert.match(record.record.legal_rep_id ?? "*", /\*/, "identity numbers of persons are masked");
  assert.equal((await s.call("record.show", { name: "enterprise_registration", key: "91440300708461136X" })).status, 404);
  assert.equal((await s.call("record.show", { name: "enterprise_registration", key: ["a", "b"] })).status, 400);
  assert.equal((await s.call("record.show", { name: "enterprise_registration" })).status, 400);
  assert.equal((await s.call("record.show", { name: "nothing", key: "a" })).status, 404);

  // Through time: one version now, nothing before the first batch.
  const history = (await s.call("record.history", { name: "enterprise_registration", key: SAMPLE })).body;
  assert.deepEqual([history.versions.length, history.versions[0].deleted, history.shown], [1, false, null]);
  assert.match(history.versions[0].record.legal_rep_id ?? "*", /\*/);
  const then = (await s.call("record.history", { name: "enterprise_registration", key: SAMPLE, as_of: "2999-01-01" })).body;
  assert.equal(then.shown.enterprise_name, name);
  assert.equal((await s.call("record.history", { name: "enterprise_registration", key: SAMPLE, as_of: "2001-01-01" })).status, 404);
  assert.deepEqual((await s.call("record.history", { name: "enterprise_registration", key: "none" })).body.versions, []);
  assert.equal((await s.call("record.history", { name: "nothing", key: "none" })).status, 404);
  assert.ok(!s.log.includes(SAMPLE), "the log holds an identifier");
});
