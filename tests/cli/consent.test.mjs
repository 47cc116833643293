// Consents on the command line: looking at them changes nothing.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { folder, luling } from "./run.mjs";

test("a data folder without consents lists none, and says what it is asked wrongly", (t) => {
  const data = join(folder(t), "data");
  assert.equal(luling(["pack", "load", join(process.env.LULING_PACKS, "core"), "--data", data]).code, 0);
  const run = (...args) => luling([...args, "--data", data, "--lang", "en"]);
  assert.deepEqual(JSON.parse(run("consent", "list", "--json").out), []);
  assert.deepEqual(JSON.parse(run("consent", "list", "--subject", "91350100M000100Y43", "--json").out), []);
  assert.equal(run("consent", "list", "--subject", "91350100M000100Y44").code, 65);
  assert.equal(run("consent", "show", "C-1").code, 66);
  assert.equal(run("consent", "verify", "C-1").code, 64);
  assert.equal(run("consent", "verify", "C-1", "--site", "hub.example").code, 64);
  assert.equal(run("consent", "verify", "C-1", "--site", "https://hub.example").code, 66);
});
