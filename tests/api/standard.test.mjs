// The unified standard over HTTP.
import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "./lib.mjs";

test("an identifier is recognised, checked and taken apart; a wrong one is explained", async (t) => {
  const s = await serve(t);
  const good = (await s.call("identify", { value: "91440300708461136T" })).body;
  assert.equal(good.scheme, "uscc");
  assert.equal(good.valid, true);
  assert.equal(good.kind, "enterprise");
  assert.ok(good.parts.some((p) => p.value === "440300"));
  // Full width and small letters are the same identifier.
  assert.equal((await s.call("identify", { value: "９１４４０３００７０８４６１１３６ｔ" })).body.canonical, good.canonical);
  const bad = (await s.call("identify", { value: "91440300708461136X", scheme: "uscc" })).body;
  assert.equal(bad.valid, false);
  assert.match(bad.fault_en, /T/);
  assert.equal((await s.call("identify", { value: "11010519491231002X" })).body.kind, "person");
  const guessed = (await s.call("identify", { value: "91440300708461136X" })).body;
  assert.deepEqual([guessed.scheme, guessed.valid], ["uscc", false], "a slip in one character is still a credit code");
  assert.equal((await s.call("identify", { value: "what is this" })).status, 422);
  assert.equal((await s.call("identify", {})).status, 400);
  assert.ok(!s.log.includes("11010519491231002X"), "the log holds an identifier");
});
