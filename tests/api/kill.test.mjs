// kill -9 under load: every answer that a client received has its entry in the journal, and every checkpoint that anybody saw is a prefix of
// what is there afterwards.  LULING_KILLS sets how often (a few, unless told).
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { serve } from "./lib.mjs";
import { openCheckpoint, rootsOf } from "./tlog.mjs";

const KILLS = Number(process.env.LULING_KILLS ?? 4);
const CALLERS = 16;
const SERVICE = "enterprise_registration";

/** The leaf hashes in the journal's folder: whole tiles of level 0, then the widest partial one. */
function leavesOf(data) {
  const dir = join(data, "journal/tile/0");
  const leaves = [];
  const tile = (n) => (n < 1000 ? String(n).padStart(3, "0") : `x${String(Math.floor(n / 1000)).padStart(3, "0")}/${String(n % 1000).padStart(3, "0")}`);
  for (let n = 0; ; n++) {
    let path = join(dir, tile(n));
    if (!existsSync(path)) {
      const widths = existsSync(`${path}.p`) ? readdirSync(`${path}.p`).map(Number) : [];
      if (!widths.length) return leaves;
      path = join(`${path}.p`, String(Math.max(...widths)));
    }
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += 32) leaves.push(bytes.subarray(at, at + 32));
  }
}

/** Calls and looks at checkpoints until the server is gone. */
async function load(s, token, seen) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const caller = async (i) => {
    for (let n = 0; ; n++) {
      const body = JSON.stringify({ key: [n % 7 ? `K${i}-${n}` : "91360802YL0000397L"] });
      const reply = await fetch(`${s.url}/v1/services/${SERVICE}/query`, { method: "POST", headers, body });
      const answer = await reply.json();
      assert.equal(reply.status, 200, JSON.stringify(answer));
      seen.receipts.push(answer.receipt);
    }
  };
  const watcher = async () => {
    for (;;) {
      const reply = await fetch(`${s.url}/journal/checkpoint`);
      seen.notes.add(await reply.text());
      await new Promise((r) => setTimeout(r, 5));
    }
  };
  const ends = await Promise.allSettled([...Array.from({ length: CALLERS }, (_, i) => caller(i)), watcher()]);
  for (const end of ends) if (end.reason instanceof assert.AssertionError) throw end.reason;
}

test(`killed ${KILLS} times under load, the journal holds every answer and every checkpoint that was seen`, { timeout: KILLS * 20_000 + 60_000 }, async (t) => {
  const first = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await deliver(first, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(first);
  const bank = await client(first, as);
  await grant(as, [SERVICE], { per_day: 100_000_000 });
  await first.stop();

  const { data } = first;
  const seen = { receipts: [], notes: new Set() };
  for (let round = 0; round < KILLS; round++) {
    const s = await serve(t, { data, signedIn: false, settings: { journal_publish_ms: 20 } });
    const token = await tokenOf(s, bank.id, bank.privateKey);
    const loading = load(s, token, seen);
    await new Promise((r) => setTimeout(r, 30 + Math.random() * 400));
    s.child.kill("SIGKILL");
    await s.ended;
    await loading;
  }

  const last = await serveDemo(t, { data, signedIn: false });
  const vkey = /^log (\S+)$/m.exec(readFileSync(join(data, "journal/policy"), "utf8"))[1];
  const usage = (await (await people(last)).operator("usage.show", { by: "resource" })).body.total;
  await last.stop();
  const leaves = leavesOf(data);
  for (const r of seen.receipts) assert.equal(leaves[r.index]?.toString("base64"), r.leaf, `entry ${r.index} is not the one that its receipt names`);
  assert.equal(new Set(seen.receipts.map((r) => r.index)).size, seen.receipts.length, "no two answers share an entry");
  const checkpoints = [...seen.notes].map((note) => openCheckpoint(note, vkey));
  const roots = rootsOf(leaves, checkpoints.map((c) => c.size));
  for (const c of checkpoints) assert.deepEqual(roots.get(c.size), c.root, `the checkpoint of size ${c.size} was taken back`);
  assert.ok(seen.receipts.length > KILLS && checkpoints.length >= KILLS, "there was load");
  assert.ok(usage.calls >= seen.receipts.length, "usage counts at least what was answered");
  t.diagnostic(`${KILLS} kills: ${seen.receipts.length} answers, ${checkpoints.length} checkpoints, ${leaves.length} entries, ${usage.calls} calls counted`);
});
