// The platform's keys on the command line.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, luling } from "./run.mjs";

function dataFolder(t) {
  const dir = folder(t);
  const data = join(dir, "data");
  const made = luling(["pack", "load", join(process.env.LULING_PACKS, "core"), "--data", data]);
  assert.equal(made.code, 0, made.err);
  return { dir, data, run: (...args) => luling([...args, "--data", data, "--lang", "en"]) };
}

test("a key is made by its first rotation, and the old one stays for its overlap", (t) => {
  const { dir, data, run } = dataFolder(t);
  const before = JSON.parse(run("key", "list", "--json").out);
  assert.ok(before.length >= 8 && before.every((k) => k.state === "unmade" && k.id === null));
  assert.equal(statSync(join(dir, "data.secret")).mode & 0o777, 0o600);

  assert.equal(run("key", "rotate", "credential", "--overlap", "7").code, 0);
  const [first] = JSON.parse(run("key", "show", "credential", "--json").out);
  assert.equal(first.state, "active");
  assert.equal(first.jwk.kty, "EC");
  assert.equal(first.jwk.crv, "P-256");
  assert.equal(first.jwk.kid, first.id);
  assert.equal(first.jwk.d, undefined);

  assert.equal(run("key", "rotate", "credential", "--overlap", "7").code, 0);
  const two = JSON.parse(run("key", "show", "credential", "--json").out);
  assert.deepEqual(two.map((k) => k.state), ["retiring", "active"]);
  assert.equal(two[0].id, first.id);
  const days = (Date.parse(two[0].until) - Date.now()) / 86400000;
  assert.ok(days > 6.9 && days <= 7, `${days} days`);
  assert.equal(statSync(join(data, "keys.sealed")).mode & 0o777, 0o600);
});

test("a secret is never shown, and what others have built on is not rotated", (t) => {
  const { run } = dataFolder(t);
  assert.equal(run("key", "rotate", "item").code, 0);
  const [item] = JSON.parse(run("key", "show", "item", "--json").out);
  assert.deepEqual([item.kind, item.jwk], ["secret", null]);
  assert.equal(run("key", "rotate", "index").code, 65);
  assert.equal(run("key", "rotate", "journal").code, 65);
  assert.equal(run("key", "rotate", "nothing").code, 66);
  assert.equal(run("key", "rotate", "item", "--overlap", "0").code, 64);
});

test("without a data folder nothing is made", (t) => {
  const dir = folder(t);
  const done = luling(["key", "list", "--data", join(dir, "none")]);
  assert.equal(done.code, 66);
  assert.ok(!existsSync(join(dir, "none.secret")));
});
