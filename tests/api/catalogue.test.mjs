// The catalogue: searching, narrowing, looking at a resource, its organisations, elements and codes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serveDemo } from "./demo.mjs";
import { serve } from "./lib.mjs";

test("an empty data folder has an empty catalogue, not an error", async (t) => {
  const s = await serve(t);
  assert.deepEqual((await s.call("catalogue.search")).body.items, []);
  assert.equal((await s.call("resource.show", { name: "nothing" })).status, 404);
  assert.deepEqual((await s.call("organisations.list")).body.items, []);
  assert.equal((await s.call("deliveries.list")).status, 401);
});

test("the catalogue is searched in Chinese and English, narrowed by facets, and turned page by page", async (t) => {
  const s = await serveDemo(t);
  const all = (await s.call("catalogue.search")).body;
  assert.ok(all.total >= 17);
  assert.ok(all.items.every((r) => r.title && r.provider.name));

  const found = (await s.call("catalogue.search", { q: "营业执照" })).body;
  assert.ok(found.items.some((r) => r.name === "enterprise_registration"));
  assert.ok(found.total < all.total);
  assert.ok((await s.call("catalogue.search", { q: "penalties" })).body.items.some((r) => r.name === "administrative_penalty"));

  const share = all.facets.find((f) => f.field === "share_type").values[0];
  const narrowed = (await s.call("catalogue.search", { share_type: share.value })).body;
  assert.equal(narrowed.total, share.count);
  assert.ok(narrowed.items.every((r) => r.share_type.code === share.value));
  assert.ok(narrowed.facets.find((f) => f.field === "share_type").values.find((v) => v.value === share.value).chosen);

  const names = [];
  for (let offset = 0; offset < all.total; offset += 5)
    names.push(...(await s.call("catalogue.search", { limit: 5, offset })).body.items.map((r) => r.name));
  assert.equal(new Set(names).size, all.total);
  // Whatever is typed is text to look for, never syntax.
  for (const q of ['"', "*", "AND OR NOT", "a'b", "(", "%", "企业*", "NEAR(a b)", "\\", ":", "-"])
    assert.equal((await s.call("catalogue.search", { q })).status, 200, q);
  assert.equal((await s.call("catalogue.search", { share_type: "9" })).status, 400);
  assert.equal((await s.call("catalogue.search", { limit: "0" })).status, 400);
});

test("a resource tells its items, checks and conditions", async (t) => {
  const s = await serveDemo(t);
  const r = (await s.call("resource.show", { name: "enterprise_registration" })).body;
  assert.equal(r.sample, true);
  assert.deepEqual(r.items.filter((i) => i.key).map((i) => i.name), ["uscc"]);
  assert.equal(r.items.find((i) => i.name === "legal_rep_id").relation, "legal_representative");
  assert.ok(r.checks.length > 0);
  assert.equal((await s.call("resource.show", { name: "enterprise_registration", version: 1 })).body.version, 1);
  assert.equal((await s.call("resource.show", { name: "enterprise_registration", version: 99 })).status, 404);
  assert.equal((await s.call("resource.show", { name: "Not-A-Name" })).status, 400);
});

test("organisations, elements and codes can be looked up", async (t) => {
  const s = await serveDemo(t);
  const sources = (await s.call("organisations.list", { role: "source" })).body;
  assert.equal(sources.total, sources.items.length);
  assert.ok(sources.items.some((o) => o.resources > 0));
  const elements = (await s.call("elements.list", { q: "统一社会信用代码", limit: 5 })).body;
  assert.ok(elements.items.some((e) => e.check === "uscc"));
  const tables = (await s.call("codes.tables")).body.items;
  assert.ok(tables.find((x) => x.name === "REGION").size > 3000);
  const county = (await s.call("codes.search", { table: "REGION", q: "吉州区" })).body;
  assert.ok(county.items.some((c) => c.code === "360802"));
  const below = (await s.call("codes.search", { table: "REGION", parent: "360800", limit: 200 })).body;
  assert.ok(below.total >= 13 && below.items.every((c) => c.parent === "360800"));
  assert.equal((await s.call("codes.search", { table: "NOTHING" })).status, 404);
});
