// Reporting upward when things break: the link is cut for a day of deliveries, either platform is killed at any moment.  At the end both have the same
// records, counted and hashed alike, and nothing was taken twice.  LULING_KILLS sets how often (a few, unless told).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { give, hubs, idle, json, PENALTY, PERMIT, reconciled, same, streamOf } from "./upward.mjs";
import { tempDir, until } from "./lib.mjs";

const KILLS = Number(process.env.LULING_KILLS ?? 4);
const DAY = 86_400_000;

/** Files that change some of the demo's penalties, each time others. */
function corrections(h) {
  const dir = tempDir(h.t);
  const [head, ...rows] = readFileSync(h.of(PENALTY.resource)[0].path, "utf8").replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((l) => l.split("\t"));
  const whole = rows.filter((r) => r.length === head.length);
  let n = 0;
  return () => {
    const path = join(dir, `more-${++n}.tsv`);
    const some = whole.filter((_, i) => (i + n) % 5 === 0).map((r, i) => [i % 7 === n % 7 ? "删除" : "更正", ...r.map((v, c) => (c === head.indexOf("CF_NR") ? `第 ${n} 次更正：${v}` : v))]);
    writeFileSync(path, `${["操作", ...head].join("\t")}\n${some.map((r) => r.join("\t")).join("\n")}\n`);
    return { resource: PENALTY.resource, path };
  };
}

const equal = async (h, s) => {
  const days = await reconciled(h, s);
  for (const d of days) assert.deepEqual([d.day, d.rows, d.hash], [d.day, d.upper_rows, d.upper_hash]);
  assert.equal((await streamOf(h, s)).days_differing, 0);
  return days;
};

/** One delivery at the province for every message, and no number missing. */
async function once(h, s) {
  const { items, total } = (await h.as("upward.messages", { stream: s.stream, limit: 200 })).body;
  assert.equal(new Set(items.map((m) => m.delivery)).size, items.length, "each message is a delivery of its own");
  assert.deepEqual(items.map((m) => m.sequence), Array.from({ length: items.length }, (_, i) => total - i));
  const batches = await json(h.provinceData, ["batch", "list", "--resource", s.upper]);
  assert.ok(batches.length > 0 && batches.length <= total, `${batches.length} batches of ${total} messages`);
  return total;
}

test("a link that is cut for a day of deliveries is made up for, day by day the same on both sides", async (t) => {
  const h = await hubs(t, { settings: { upward_rows: 200 } });
  const next = corrections(h);
  process.env.LULING_NOW = String(Date.now() - DAY); // yesterday, for both
  await h.upper.stop();
  await h.province();
  await h.city();
  await give(h, h.of(PENALTY.resource)[0]);
  await idle(h, PENALTY);
  await same(h, PENALTY);
  const yesterday = await equal(h, PENALTY);
  assert.equal(yesterday.length, 1);
  await Promise.all([h.lower.stop(), h.upper.stop()]);
  delete process.env.LULING_NOW;

  await h.province();
  await h.city();
  h.wire.cut();
  for (const d of h.of(PENALTY.resource).slice(1)) await give(h, d);
  await give(h, h.of(PERMIT.resource)[0]);
  for (let i = 0; i < 3; i++) await give(h, next());
  const cut = await until("the link is missed", () => streamOf(h, PENALTY), (x) => x.error && x.open > 0);
  assert.match(cut.error.zh, /上级平台/);
  assert.ok(cut.failed_at);
  h.wire.mend();
  await idle(h, PENALTY);
  await idle(h, PERMIT);
  await same(h, PENALTY);
  await same(h, PERMIT);
  const days = await equal(h, PENALTY);
  assert.equal(days.length, 2, "records that nothing touched since belong to yesterday");
  await equal(h, PERMIT);
  await once(h, PENALTY);
});

test(`killed ${KILLS} times on either side, both platforms come to the same records and nothing is there twice`, { timeout: 600_000 + KILLS * 60_000 }, async (t) => {
  const h = await hubs(t, { settings: { upward_rows: 40 } });
  const next = corrections(h);
  await h.city();
  await give(h, h.of(PENALTY.resource)[0]);
  const told = [];
  for (let i = 0; i < KILLS; i++) {
    await give(h, next());
    const wait = 20 + Math.random() * 1500;
    const who = i % 2 ? "upper" : "lower";
    told.push(`${who} after ${wait.toFixed()} ms`);
    await new Promise((r) => setTimeout(r, wait));
    h[who].child.kill("SIGKILL");
    await h[who].ended;
    await (who === "upper" ? h.province() : h.city());
  }
  t.diagnostic(told.join(", "));
  await give(h, next());
  await idle(h, PENALTY, 1, 300_000);
  await same(h, PENALTY);
  await equal(h, PENALTY);
  await once(h, PENALTY);
});
