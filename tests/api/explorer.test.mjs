// Looking through the journal: entries newest first, found by type, organisation, time and subject, each reader with what they may see; and
// the console's own check of an entry, which finds whatever was changed.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { consoleModule } from "./console.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { until } from "./lib.mjs";
import { openCheckpoint } from "./tlog.mjs";

const SAMPLE = "91360802YL0000397L";
const SERVICE = "enterprise_registration";
const CALLS = 3;

/** A server on which a bank called, found nothing allowed once, and an operator looked. */
async function busy(t) {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  const bank = await client(s, as);
  await grant(as, [SERVICE]);
  for (let i = 0; i < CALLS; i++) assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).status, 200);
  assert.equal((await bank.call("service.query", { name: "annual_report" }, { key: ["x"] })).status, 403);
  assert.equal((await as.operator("subject.show", { id: SAMPLE })).status, 200);
  await until("the steps of the grant", () => as.auditor("journal.list", { type: "grant" }), (r) => r.body.items.length > 0);
  return { s, as };
}

const indexes = (reply) => reply.body.items.map((e) => e.index);

test("the auditor finds entries by type, organisation, time and subject, page by page, and nothing is left out", async (t) => {
  const { s, as } = await busy(t);
  const list = async (params = {}) => {
    const reply = await as.auditor("journal.list", params);
    assert.equal(reply.status, 200, reply.text);
    return reply;
  };
  const all = await list({ limit: 200 });
  const { size } = all.body;
  assert.deepEqual(indexes(all), Array.from({ length: size }, (_, i) => size - 1 - i), "every entry, the newest first");
  assert.equal(all.body.next, null);
  const paged = [];
  for (let before; ; ) {
    const part = await list({ limit: 7, ...(before !== undefined && { before }) });
    paged.push(...indexes(part).filter((i) => i < size));
    if (part.body.next === null) break;
    before = part.body.next;
  }
  assert.deepEqual(paged, indexes(all));

  const calls = await list({ type: "call" });
  assert.equal(calls.body.items.length, CALLS);
  const one = calls.body.items[0];
  assert.deepEqual([one.about.organisation, one.about.client, one.about.resource, one.about.mode, one.contents], ["JB001", "icbc-credit", SERVICE, "query", "kept"]);
  assert.equal((await list({ type: "refusal" })).body.items[0].about.condition, "grant");
  const bank = await list({ organisation: "JB001", limit: 200 });
  assert.ok(bank.body.items.length > CALLS && bank.body.items.every((e) => e.about.organisation === "JB001"));
  assert.ok(!bank.body.items.some((e) => e.type === "look-up"), "that was the platform's");
  assert.equal((await list({ organisation: "JA030", type: "call" })).body.items.length, 0);

  // time: an instant, and a day to its end
  const [newest, oldest] = [all.body.items[0], all.body.items.at(-1)];
  assert.deepEqual(indexes(await list({ from: newest.at, limit: 200 })).filter((i) => i < size), all.body.items.filter((e) => e.at >= newest.at).map((e) => e.index));
  assert.deepEqual(indexes(await list({ to: oldest.at })), all.body.items.filter((e) => e.at <= oldest.at).map((e) => e.index));
  assert.ok(indexes(await list({ to: newest.at.slice(0, 10), limit: 200 })).includes(newest.index), "a day is meant to its end");
  assert.deepEqual(indexes(await list({ to: "2001-01-01" })), []);
  assert.equal((await as.auditor("journal.list", { from: "yesterday" })).status, 400);
  assert.equal((await as.auditor("journal.list", { type: "rumour" })).status, 400);

  // contents are what the entry commits to, and name the subject by the pseudonym it can be looked for by
  const contents = (await as.auditor("journal.contents", { index: one.index })).body;
  const entry = JSON.parse((await s.call("journal.entry", { index: one.index })).text);
  const sealed = Buffer.from(contents.sealed, "base64");
  assert.equal(createHash("sha256").update("luling-payload/v1\n").update(sealed).digest("base64url"), entry.commit);
  const payload = JSON.parse(sealed.subarray(16));
  assert.ok(!sealed.includes(SAMPLE), "no identifier");
  const [subject] = payload.subjects;
  const looks = (await as.auditor("subject.looks", { id: SAMPLE, limit: 100 })).body.items.map((l) => l.entry);
  assert.deepEqual(indexes(await list({ subject })), looks);
  assert.equal(looks.length, CALLS + 1);
  assert.deepEqual(indexes(await list({ subject, type: "look-up" })), [looks[0]]);
  const two = await list({ subject, limit: 2 });
  assert.deepEqual(indexes(await list({ subject, limit: 2, before: two.body.next })), looks.slice(2, 4));
  assert.deepEqual(indexes(await list({ subject: subject.replace(/^./, (c) => (c === "A" ? "B" : "A")) })), []);
  assert.ok(!s.log.includes(subject), "no pseudonym in the log");
  assert.equal((await as.auditor("journal.contents", { index: size + 1000 })).status, 404);
  const batch = (await list({ type: "batch-sealed" })).body.items[0];
  assert.deepEqual([batch.contents, batch.about.resource], ["open", SERVICE]);
  assert.equal((await as.auditor("journal.contents", { index: batch.index })).body.sealed, null);
});

test("who reads what the journal holds is in the journal: what was opened, what was searched for, and no subject's own list grows by it", async (t) => {
  const { s, as } = await busy(t);
  const [call] = (await as.auditor("journal.list", { type: "call" })).body.items;
  const read = await as.auditor("journal.contents", { index: call.index });
  const payloadOf = async (index) => JSON.parse(Buffer.from((await as.auditor("journal.contents", { index })).body.sealed, "base64").subarray(16));
  const [subject] = JSON.parse(Buffer.from(read.body.sealed, "base64").subarray(16)).subjects;
  const before = (await as.auditor("subject.looks", { id: SAMPLE })).body;
  const seen = { account: "audit-1", organisation: "JA001" };
  assert.deepEqual(await payloadOf(read.body.receipt.index), { ...seen, entry: call.index, mode: "journal.contents" });
  assert.deepEqual(await payloadOf(before.receipt.index), { ...seen, mode: "subject.looks", pseudonym: subject });
  const searches = [[{ subject }, { pseudonym: subject }], [{ organisation: "JB001" }, { searched: "JB001" }], [{}, {}]];
  for (const [params, named] of searches)
    assert.deepEqual(await payloadOf((await as.auditor("journal.list", params)).body.receipt.index), { ...seen, mode: "journal.list", ...named });
  assert.equal((await as.auditor("subject.looks", { id: SAMPLE })).body.total, before.total, "no record of it was shown");
  const told = await as.sec("journal.list", { type: "look-up" });
  assert.equal(told.body.receipt, undefined, "what everybody's journal shows is no look");
  assert.equal(s.log.includes(subject), false);
});

test("the security administrator sees types, times and what is open, nobody else anything", async (t) => {
  const { as } = await busy(t);
  const list = (await as.sec("journal.list", { limit: 200 })).body.items;
  const sealed = list.filter((e) => e.contents === "sealed");
  assert.ok(sealed.some((e) => e.type === "call") && sealed.every((e) => Object.keys(e.about).length === 0));
  assert.equal(list.find((e) => e.type === "batch-sealed").about.resource, SERVICE);
  assert.equal((await as.sec("journal.list", { type: "call" })).body.items.length, CALLS);
  assert.equal((await as.sec("journal.list", { organisation: "JB001" })).status, 403);
  assert.equal((await as.sec("journal.list", { subject: "A".repeat(43) })).status, 403);
  assert.equal((await as.sec("journal.contents", { index: sealed[0].index })).status, 403);
  assert.match((await as.sec("journal.policy")).text, /^log .*\n(.*\n)*quorum none\n/);
  for (const who of ["operator", "steward", "sys"]) assert.equal((await as[who]("journal.list")).status, 403, who);
});

test("the console's own check takes what is there and finds whatever was changed, in the proof and in the tiles", async (t) => {
  const { s, as } = await busy(t);
  const { checkEntry, checkTiles, spans, tilePath } = await consoleModule(t, "verify/entry.ts");
  const policy = (await as.auditor("journal.policy")).text;
  const vkey = /^log (\S+)$/m.exec(policy)[1];
  const fetchTile = async (path) => {
    const reply = await fetch(`${s.url}/journal/${path}`);
    assert.equal(reply.status, 200, path);
    return new Uint8Array(await reply.arrayBuffer());
  };
  const { size } = openCheckpoint((await s.call("journal.checkpoint")).text, vkey);
  const of = async (index) => ({ entry: new Uint8Array((await s.call("journal.entry", { index })).bytes), proof: (await s.call("journal.proof", { index })).text });
  for (let index = 0; index < size; index++) {
    const { entry, proof } = await of(index);
    const checked = await checkEntry(entry, proof, policy, null);
    assert.deepEqual([checked.index, checked.commits, checked.quorum, checked.log.name], [index, null, false, vkey.split("+")[0]]);
    assert.deepEqual(checked.steps.map((x) => [x.from, x.to, x.left]), spans(index, checked.checkpoint.size).map((x) => [x.from, x.to, x.left]));
    const tiles = await checkTiles(entry, checked, fetchTile);
    assert.ok(tiles.files.length >= 2 && tiles.hashes === checked.steps.length + 1);
  }
  const { index } = (await as.auditor("journal.list", { type: "call" })).body.items[0];
  const good = await of(index);
  const { sealed } = (await as.auditor("journal.contents", { index })).body;
  assert.equal((await checkEntry(good.entry, good.proof, policy, sealed)).commits, true);
  const flip = (bytes, at) => Uint8Array.from(bytes, (b, i) => (i === at ? b ^ 1 : b));
  const other = await of(0);
  const wrong = [
    [flip(good.entry, 12), good.proof, policy, null], [other.entry, good.proof, policy, null], [good.entry, good.proof.replace(/^index \d+/m, "index 0"), policy, null],
    [good.entry, good.proof.replace(/\n[^\n]{44}\n/, "\n"), policy, null], [good.entry, good.proof.replace(/\n(\d+)\n/, (_, n) => `\n${Number(n) + 1}\n`), policy, null],
    [good.entry, good.proof, "quorum none\n", null], [good.entry, good.proof, `${policy}witness w ${vkey}\nquorum w2\n`, null], [good.entry, good.proof, policy, Buffer.concat([Buffer.from(sealed, "base64"), Buffer.from("x")]).toString("base64")],
    [good.entry, "", policy, null],
  ];
  for (const [i, args] of wrong.entries()) await assert.rejects(checkEntry(...args), (e) => e.constructor.name === "CheckError" && Boolean(e.zh && e.en), `change ${i} was taken`);
  const checked = await checkEntry(good.entry, good.proof, policy, null);
  for (const kind of ["entries", "0"])
    await assert.rejects(checkTiles(good.entry, checked, async (path) => {
      const bytes = await fetchTile(path);
      return path.startsWith(`tile/${kind}/`) ? Uint8Array.from(bytes, (b) => b ^ 1) : bytes;
    }), (e) => e.constructor.name === "CheckError", kind);
  assert.deepEqual([tilePath(0, 0, 256), tilePath("entries", 1234067, 5), tilePath(2, 70, 256)], ["tile/0/000", "tile/entries/x001/x234/067.p/5", "tile/2/070"]);
});

test("paths and tiles of a large tree, by a second reckoning", async (t) => {
  const { checkTiles, spans, stepsOf } = await consoleModule(t, "verify/entry.ts");
  const sha = (...parts) => parts.reduce((h, p) => h.update(p), createHash("sha256")).digest();
  const size = 66_000; // three levels of tiles
  const entries = Array.from({ length: size }, (_, i) => Buffer.from(`entry ${i}`));
  const leaves = entries.map((e) => sha(Buffer.from([0]), e));
  const made = new Map();
  const root = (from, to) => {
    if (to - from === 1) return leaves[from];
    const name = `${from} ${to}`;
    if (!made.has(name)) {
      let k = 1;
      while (k * 2 < to - from) k *= 2;
      made.set(name, sha(Buffer.from([1]), root(from, from + k), root(from + k, to)));
    }
    return made.get(name);
  };
  root(0, size);
  const fetchTile = async (path) => {
    const [, level, rest, , width] = /^tile\/(\w+)\/(.+?)(\.p\/(\d+))?$/.exec(path);
    const n = Number(rest.replace(/[x/]/g, "")), w = Number(width ?? 256);
    if (level === "entries") return new Uint8Array(Buffer.concat(entries.slice(n * 256, n * 256 + w).flatMap((e) => [Buffer.from([e.length >> 8, e.length & 255]), e])));
    const one = 256 ** Number(level);
    return new Uint8Array(Buffer.concat(Array.from({ length: w }, (_, i) => root((n * 256 + i) * one, (n * 256 + i + 1) * one))));
  };
  for (const index of [0, 255, 256, 40_000, 65_535, 65_536, size - 1]) {
    const path = spans(index, size).map((x) => new Uint8Array(root(x.siblingFrom, x.siblingTo)));
    const leaf = new Uint8Array(leaves[index]);
    const steps = await stepsOf(leaf, index, size, path);
    const last = steps.at(-1);
    assert.deepEqual(sha(Buffer.from([1]), ...(last.left ? [last.sibling, last.node] : [last.node, last.sibling])), root(0, size), `entry ${index}`);
    const said = await checkTiles(new Uint8Array(entries[index]), { index, leaf, steps, checkpoint: { size } }, fetchTile);
    assert.equal(said.hashes, steps.length + 1);
  }
});
