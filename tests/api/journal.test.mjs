// The journal: what is delivered leaves an entry, which outsiders read and check with a program that is not ours.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { consoleModule } from "./console.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { cleanup, binary, luling, serve, tempDir, until } from "./lib.mjs";
import { checkProof, entriesOf, leafHash, openCheckpoint, treeHash } from "./tlog.mjs";

const vkeyOf = (s) => /^log (\S+)$/m.exec(readFileSync(join(s.data, "journal/policy"), "utf8"))[1];
const checkpoint = async (s) => openCheckpoint((await s.call("journal.checkpoint")).text, vkeyOf(s));
const size = async (s) => (await checkpoint(s)).size;
const typesOf = async (s) => Promise.all(Array.from({ length: await size(s) }, async (_, i) => JSON.parse((await s.call("journal.entry", { index: i })).text).type));

/** The three administrators made, empowered and invited at the first start, and the tests' own account made, empowered and given its password. */
const ACCOUNTS = 12;
const PACKS = 4; // core, jian, credit, demo
const settled = (s, others) => until("the entries", () => typesOf(s), (types) => types.length === ACCOUNTS + others && types.filter((x) => x === "administration").length === ACCOUNTS, 60_000);

test("packs and batches leave entries that prove themselves; the tiles lead to the signed root", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  await settled(s, PACKS);
  const batch = await deliver(s, deliveries.find((d) => d.resource === "tax_rating"));
  await settled(s, PACKS + 1);

  const cp = await checkpoint(s);
  const bundle = entriesOf((await s.call("journal.tile_2", { level: "entries", a: "000.p", b: String(cp.size) })).bytes);
  assert.equal(bundle.length, cp.size);
  assert.deepEqual(treeHash(bundle.map(leafHash)), cp.root);
  const tile = await s.call("journal.tile_2", { level: "0", a: "000.p", b: String(cp.size) });
  assert.deepEqual(tile.bytes, Buffer.concat(bundle.map(leafHash)));
  assert.match(tile.headers.get("cache-control"), /immutable/);
  assert.doesNotMatch((await s.call("journal.checkpoint")).headers.get("cache-control") ?? "", /immutable/);

  for (let i = 0; i < cp.size; i++) {
    const entry = await s.call("journal.entry", { index: i });
    assert.deepEqual(entry.bytes, bundle[i]);
    assert.equal(checkProof((await s.call("journal.proof", { index: i })).text, entry.bytes, vkeyOf(s)).index, i);
  }
  const last = JSON.parse(bundle.at(-1));
  assert.deepEqual([last.type, last.data.batch, last.data.resource], ["batch-sealed", batch.id, "tax_rating"]);
  assert.ok(bundle.slice(0, 3).every((e) => JSON.parse(e).type === "pack-loaded"));

  // The shadow tree over the same entries, and what is not there or not for outsiders.
  assert.match((await s.call("journal.checkpoint_sm3")).text, /\/sm3\n/);
  const policy = await s.call("journal.keys", {}, { anonymous: true });
  assert.equal(policy.text, readFileSync(join(s.data, "journal/policy"), "utf8"), "its keys, for whoever checks at home");
  assert.doesNotMatch(policy.headers.get("cache-control") ?? "", /immutable/);
  assert.equal((await s.call("journal.tile_sm3_2", { level: "0", a: "000.p", b: String(cp.size) })).bytes.length, 32 * cp.size);
  assert.equal((await s.call("journal.tile_2", { level: "payload", a: "000.p", b: String(cp.size) })).status, 404);
  for (const [id, params] of [
    ["journal.tile_1", { level: "0", a: "000" }], ["journal.tile_3", { level: "0", a: "x001", b: "000.p", c: "1" }],
    ["journal.tile_4", { level: "0", a: "x001", b: "x000", c: "000.p", d: "1" }],
    ["journal.tile_5", { level: "0", a: "x001", b: "x000", c: "x000", d: "000.p", e: "1" }],
    ["journal.tile_sm3_1", { level: "0", a: "000" }], ["journal.tile_sm3_3", { level: "0", a: "x001", b: "000.p", c: "1" }],
    ["journal.tile_sm3_4", { level: "0", a: "x001", b: "x000", c: "000.p", d: "1" }],
    ["journal.tile_sm3_5", { level: "0", a: "x001", b: "x000", c: "x000", d: "000.p", e: "1" }],
    ["journal.tile_2", { level: "..", a: "..", b: "lock" }], ["journal.entry", { index: cp.size }], ["journal.proof", { index: cp.size }],
  ]) assert.equal((await s.call(id, params)).status, 404, `${id} ${JSON.stringify(params)}`);
});

test("a delivery taken in beside the server, and one before it started, are in the journal once each", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  const one = deliveries.find((d) => d.resource === "tax_rating");
  const run = await luling(["intake", one.path, "--resource", one.resource, "-d", s.data]);
  assert.ok([0, 65].includes(run.code), run.err);
  await settled(s, PACKS + 1);
  const all = ACCOUNTS + PACKS + 1;
  const remote = await luling(["verify", "--journal", `${s.url}/journal`, "--policy", join(s.data, "journal/policy"), "--lang", "en"]);
  assert.deepEqual([remote.code, new RegExp(`\\b${all} entries .* 0 problems`).test(remote.out)], [0, true], remote.err + remote.out);
  assert.equal((await luling(["verify", "--journal", `${s.url}/v1`])).code, 66);
  await s.stop();
  const again = await serve(t, { data: s.data });
  await new Promise((r) => setTimeout(r, 1000));
  assert.equal(await size(again), all);
  await again.stop();

  const verified = await luling(["verify", "--journal", join(s.data, "journal"), "--lang", "en"]);
  assert.equal(verified.code, 0, verified.err);
  const shown = JSON.parse((await luling(["journal", "show", "-d", s.data, "--json"])).out);
  assert.deepEqual(shown.map((e) => e.type).filter((type) => type !== "administration"), [...Array(PACKS).fill("pack-loaded"), "batch-sealed"]);
  const status = JSON.parse((await luling(["journal", "status", "-d", s.data, "--json"])).out);
  assert.deepEqual([status.size, status.published, status.quorum], [all, all, true]);
  const proof = await luling(["proof", "3", "-d", s.data]);
  assert.match(proof.out, /^c2sp.org\/tlog-proof@v1\nindex 3\n/);
});

/** `luling witness` on a free port. */
async function witness(t, dir, logs) {
  const child = spawn(binary, ["witness", dir, "--name", "bank.example/witness", "--logs", logs, "--port", "0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.on("close", done));
  cleanup(t, async () => {
    child.kill("SIGTERM");
    assert.equal(await ended, 0);
  });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  return JSON.parse(line);
}

test("a witness run by a bank cosigns; the published checkpoint and every receipt carry its signature", async (t) => {
  const first = await serveDemo(t);
  await settled(first, PACKS);
  const vkey = vkeyOf(first);
  await first.stop();

  const dir = tempDir(t);
  const logs = join(dir, "logs");
  writeFileSync(logs, `log ${vkey}\n`);
  const bank = await witness(t, join(dir, "witness"), logs);
  const policy = join(dir, "policy");
  writeFileSync(policy, `witness bank ${bank.key} ${bank.url}\nquorum bank\n`);
  const s = await serve(t, { data: first.data, settings: { journal_witnesses: policy } });
  const cosigned = await until("the cosignature", () => s.call("journal.checkpoint"), (r) => r.status === 200 && r.text.includes("— bank.example/witness "));
  openCheckpoint(cosigned.text, vkey);
  assert.match((await s.call("journal.proof", { index: 2 })).text, /— bank\.example\/witness /);

  // The console's own check counts the witness, and asks for it where the keys do.
  const { checkEntry } = await consoleModule(t, "verify/entry.ts");
  const [entry, proof, keys] = [(await s.call("journal.entry", { index: 2 })).bytes, (await s.call("journal.proof", { index: 2 })).text, readFileSync(join(s.data, "journal/policy"), "utf8")];
  const checked = await checkEntry(entry, proof, keys, null);
  assert.deepEqual([checked.quorum, checked.witnesses.map((w) => [w.key.name, Math.abs(w.at - Date.now()) < 600_000])], [true, [["bank.example/witness", true]]]);
  const alone = proof.split("\n").filter((line) => !line.startsWith("— bank.example/witness ")).join("\n");
  await assert.rejects(checkEntry(entry, alone, keys, null), /not witnessed/);
  assert.equal((await checkEntry(entry, alone, `log ${vkey}\n`, null)).quorum, false);

  const status = JSON.parse((await luling(["journal", "status", "-d", s.data, "--json"])).out);
  assert.deepEqual([status.witnesses, status.cosigned, status.quorum], [1, 1, true]);
  assert.equal((await luling(["verify", "--journal", join(s.data, "journal")])).code, 0);

  // What the witness shows to anybody, and what it refuses.
  const hex = createHash("sha256").update(vkey.split("+")[0]).digest("hex");
  const shown = await fetch(`${bank.url}/${hex}/checkpoint`);
  assert.equal(shown.status, 200);
  openCheckpoint(await shown.text(), vkey);
  const post = (body) => fetch(`${bank.url}/add-checkpoint`, { method: "POST", body }).then(async (r) => [r.status, await r.text(), r.headers.get("content-type")]);
  const stale = await post(`old 1\n\n${cosigned.text}`);
  assert.deepEqual(stale, [409, `${ACCOUNTS + PACKS}\n`, "text/x.tlog.size"]);
  assert.equal((await post("nonsense"))[0], 400);
  assert.equal((await post("x".repeat(200_000)))[0], 413);
  assert.equal((await fetch(`${bank.url}/${"0".repeat(64)}/checkpoint`)).status, 404);
  assert.equal((await fetch(`${bank.url}/../lock`)).status, 404);
});
