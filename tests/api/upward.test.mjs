// Reporting upward, with a second platform above: what a city publishes stands at the province, in its layout, once, whatever happens between.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createSigner, httpbis } from "http-message-signatures";
import { people, tokenOf } from "./bank.mjs";
import { addAccount, checkReply, luling, signIn, tempDir, until, urlOf } from "./lib.mjs";
import { bothSides, give, hubs, idle, json, PENALTY, PERMIT, reconciled, run, same, streamOf } from "./upward.mjs";

test("what is published goes up in the upper layout, numbered and acknowledged, and both sides count and hash the same", async (t) => {
  const h = await hubs(t, { settings: { upward_rows: 1000 } });
  await h.city();
  await give(h, h.of(PERMIT.resource)[0]);
  await give(h, h.of(PENALTY.resource)[0]);
  await idle(h, PERMIT, 3);
  await idle(h, PENALTY);
  assert.ok((await same(h, PERMIT)) > 2000);
  assert.ok((await same(h, PENALTY)) > 500);
  const { own } = await bothSides(h, PENALTY);
  assert.match(own[0], /"cf_xdr_lb":"[123]"/);
  assert.match(own[0], /"city_code":"360800"/);

  const messages = (await h.as("upward.messages", { stream: PERMIT.stream })).body;
  assert.deepEqual(messages.items.map((m) => m.sequence), [3, 2, 1]);
  for (const m of messages.items) assert.deepEqual([m.state, m.returned, m.accepted], ["accepted", 0, m.rows]);
  for (const s of [PERMIT, PENALTY]) {
    const days = await reconciled(h, s);
    assert.ok(days.length >= 1);
    for (const d of days) assert.deepEqual([d.rows, d.hash], [d.upper_rows, d.upper_hash]);
    assert.equal((await streamOf(h, s)).days_differing, 0);
  }
});

/* ---- rows of the demo's first file of penalties, with other values ---- */

function penalties(h) {
  const dir = tempDir(h.t);
  const [head, ...rows] = readFileSync(h.of(PENALTY.resource)[0].path, "utf8").replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((l) => l.split("\t"));
  const whole = rows.filter((r) => r.length === head.length);
  const at = (column) => head.indexOf(column);
  let n = 0;
  const file = (act, list) => {
    const path = join(dir, `penalties-${++n}.tsv`);
    writeFileSync(path, `${["操作", ...head].join("\t")}\n${list.map((r) => [act, ...r].join("\t")).join("\n")}\n`);
    return { resource: PENALTY.resource, path };
  };
  const changed = (row, column, value) => row.map((v, i) => (i === at(column) ? value : v));
  return { whole, at, file, changed };
}

/** Whole rows that the province has, by their document number. */
const shown = async (h) => new Set((await bothSides(h, PENALTY)).upper.map((l) => JSON.parse(l).cf_wsh));

test("what the province refuses comes back to its department with the reason, and goes up again once it is corrected", async (t) => {
  const h = await hubs(t);
  await h.city();
  const p = penalties(h);
  await give(h, h.of(PENALTY.resource)[0]);
  await idle(h, PENALTY);
  const known = await shown(h);
  const rows = p.whole.filter((r) => known.has(r[p.at("CF_WSH")])).slice(0, 3);
  await give(h, p.file("更正", rows.map((r) => p.changed(r, "CF_NR", "待定"))));
  await idle(h, PENALTY, 2);
  assert.equal((await streamOf(h, PENALTY)).returned, 3);
  const message = (await h.as("upward.messages", { stream: PENALTY.stream })).body.items[0];
  assert.deepEqual([message.rows, message.accepted, message.returned], [3, 0, 3]);

  const back = (await h.as("upward.returned", { stream: PENALTY.stream })).body;
  assert.equal(back.total, 3);
  for (const r of back.items) {
    assert.match(r.zh, /待定/);
    assert.equal(r.sequence, 2);
  }
  const department = back.items[0].department;
  assert.ok(department);
  await addAccount(h.cityData, "theirs", department, "source_steward");
  await addAccount(h.cityData, "others", "JA030", "source_steward");
  const theirs = await signIn(h.lower, "theirs");
  const others = await signIn(h.lower, "others");
  const seen = await h.lower.call("upward.returned", { stream: PENALTY.stream }, { cookie: theirs });
  assert.equal(seen.body.total, 3);
  assert.equal((await h.lower.call("upward.returned", { stream: PENALTY.stream }, { cookie: others })).body.total, 0, "not of another department");
  const csv = await h.lower.call("upward.returned_file", { stream: PENALTY.stream, lang: "zh" }, { cookie: theirs });
  assert.equal(csv.status, 200);
  const lines = csv.text.trim().split("\r\n").length > 1 ? csv.text.trim().split("\r\n") : csv.text.trim().split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[1], /待定/);
  assert.match(lines[0], /_原因/);

  // what is above meanwhile is what was accepted last, and both sides agree about it
  for (const d of await reconciled(h, PENALTY)) assert.deepEqual([d.rows, d.hash], [d.upper_rows, d.upper_hash]);
  // the very file that was downloaded, corrected
  const mended = join(tempDir(t), "mended.csv");
  writeFileSync(mended, csv.text.replaceAll(/(?<=,)待定(?=,)/g, "罚款三千元，已更正"));
  await give(h, { resource: PENALTY.resource, path: mended });
  await idle(h, PENALTY, 3);
  assert.equal((await streamOf(h, PENALTY)).returned, 0);
  const all = (await h.as("upward.returned", { stream: PENALTY.stream, open: false })).body;
  assert.equal(all.total, 3);
  for (const r of all.items) assert.ok(r.closed_at);
  await same(h, PENALTY);
  assert.equal((await json(h.cityData, ["upward", "returned", PENALTY.stream, "--all"])).length, 3);

  // a fault of the province's own: as they are, once more
  await give(h, p.file("更正", rows.map((r) => p.changed(r, "CF_NR", "金额待定"))));
  await idle(h, PENALTY, 4);
  const again = await until("resent", () => h.as("upward.resend", { stream: PENALTY.stream }), (r) => r.status !== 503);
  assert.deepEqual([again.status, again.body.records], [202, 3]);
  await idle(h, PENALTY, 5);
  assert.equal((await streamOf(h, PENALTY)).returned, 3, "still refused, and said once of each");
});

test("deletions and withdrawn batches go up as well, and what comes again comes again", async (t) => {
  const h = await hubs(t);
  await h.city();
  const p = penalties(h);
  await give(h, h.of(PENALTY.resource)[0]);
  await idle(h, PENALTY);
  const known = await shown(h);
  const rows = p.whole.filter((r) => known.has(r[p.at("CF_WSH")])).slice(0, 4);
  const gone = await give(h, p.file("删除", rows));
  await idle(h, PENALTY, 2);
  const left = await shown(h);
  for (const r of rows) assert.ok(!left.has(r[p.at("CF_WSH")]));
  await same(h, PENALTY);

  assert.equal((await run(h.cityData, ["withdraw", gone.batch])).code, 0);
  await idle(h, PENALTY, 3);
  assert.deepEqual(await shown(h), known, "what the withdrawn batch deleted is back");
  await same(h, PENALTY);

  const changed = await give(h, p.file("更正", rows.map((r) => p.changed(r, "CF_NR", "另一内容，罚款"))));
  await idle(h, PENALTY, 4);
  await same(h, PENALTY);
  assert.equal((await run(h.cityData, ["withdraw", changed.batch])).code, 0);
  await idle(h, PENALTY, 5);
  await same(h, PENALTY);
  const sent = (await streamOf(h, PENALTY)).last;
  await give(h, p.file("更正", rows)); // nothing of it is new
  await new Promise((r) => setTimeout(r, 3000));
  assert.equal((await streamOf(h, PENALTY)).last, sent, "what the province has already does not go up again");
  for (const d of await reconciled(h, PENALTY)) assert.deepEqual([d.rows, d.hash], [d.upper_rows, d.upper_hash]);
});

test("a difference at the province is named by day and healed by sending again", async (t) => {
  const h = await hubs(t);
  await h.city();
  const p = penalties(h);
  await give(h, h.of(PENALTY.resource)[0]);
  await idle(h, PENALTY);
  const known = await shown(h);
  const rows = p.whole.filter((r) => known.has(r[p.at("CF_WSH")])).slice(0, 6);
  await give(h, p.file("更正", rows.slice(0, 3).map((r) => p.changed(r, "CF_NR", "改过的内容"))));
  await give(h, p.file("删除", rows.slice(3)));
  await idle(h, PENALTY, 3);
  await h.lower.stop();
  const batches = (await json(h.provinceData, ["batch", "list", "--resource", PENALTY.upper])).reverse();
  for (const b of [batches[1], batches[2]]) assert.equal((await run(h.provinceData, ["withdraw", b.id])).code, 0);
  const sides = await bothSides(h, PENALTY);
  assert.notDeepEqual(sides.own, sides.upper, "there is a difference");

  const found = await run(h.cityData, ["upward", "reconcile", PENALTY.stream], h.settings);
  assert.equal(found.code, 0, found.err + found.out);
  assert.match(found.out, /1 days differed \(missing 0, surplus 3, different 3\)/);
  await same(h, PENALTY);
  const days = await json(h.cityData, ["upward", "days", PENALTY.stream]);
  for (const d of days) assert.deepEqual([d.rows, d.hash], [d.upper_rows, d.upper_hash]);
  assert.ok((await json(h.cityData, ["upward", "messages", PENALTY.stream])).length >= 5);
  assert.equal((await json(h.cityData, ["upward", "status"])).length, 2);
  const nothing = await json(h.cityData, ["upward", "resend", PENALTY.stream]);
  assert.equal(nothing.records, 0);
});

/* ---- the province's side, spoken to by a client that is not ours ---- */

test("the province takes each number once and in order, signed, and says what it expects", async (t) => {
  const h = await hubs(t);
  const u = h.upper;
  const as = await people(u);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const keyed = await as.sys("client.key", { id: "jian-credit" }, { jwk: publicKey.export({ format: "jwk" }) });
  const kid = keyed.body.keys.find((k) => k.jwk.x === publicKey.export({ format: "jwk" }).x).kid;
  const token = await tokenOf(u, "jian-credit", privateKey);
  const call = async (id, params, body, { signed = true } = {}) => {
    const route = { "upward.in.take": "POST" }[id] ?? "GET";
    const headers = { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "Content-Type": "application/x-ndjson", "Content-Digest": `sha-256=:${createHash("sha256").update(body).digest("base64")}:` }) };
    const now = Math.floor(Date.now() / 1000);
    let m = { method: route, url: u.url + urlOf(id, params), headers };
    if (signed)
      m = await httpbis.signMessage({ key: createSigner(privateKey, "ed25519", kid), name: "sig", fields: ["@method", "@target-uri", "authorization", ...(body === undefined ? [] : ["content-digest"])],
        params: ["created", "expires", "nonce", "keyid", "tag"], paramValues: { created: new Date(now * 1000), expires: new Date((now + 60) * 1000), nonce: randomUUID(), tag: "fapi-2-request" } }, m);
    const reply = await fetch(m.url, { method: m.method, headers: m.headers, body });
    const text = await reply.text();
    const value = text ? JSON.parse(text) : undefined;
    checkReply(id, reply.status, reply.headers.get("content-type") ?? "", value);
    return { status: reply.status, body: value };
  };
  const columns = readFileSync(join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "province/items.csv"), "utf8").split("\n").filter((l) => l.startsWith(PENALTY.upper)).map((l) => [l.split(",")[1], null]);
  const doc = (n, more = {}) => JSON.stringify({ _seq: n, _op: "U", ...Object.fromEntries(columns), city_code: "360800", cf_xdr_mc: `样例公司${n}`, cf_xdr_lb: "1", cf_wsh: `样〔2026〕${n}号`, cf_sjlydm: "11360800YL9000019L", cf_nr: "罚款", ...more });
  const take = (n, body, more = {}, o) => call("upward.in.take", { name: PENALTY.upper, sequence: n, day: "2026-11-30", rows: 1, deletes: 0, sha256: createHash("sha256").update(body).digest("hex"), ...more }, body, o);

  const first = doc(1);
  assert.equal((await take(1, first, {}, { signed: false })).status, 403, "unsigned");
  const early = await take(2, first);
  assert.equal(early.status, 409);
  assert.match(early.body.error.en, /number 1 is expected/);
  assert.equal((await take(1, first, { sha256: "0".repeat(64) })).status, 422);
  assert.equal((await take(1, first, { day: "2026-11-3x" })).status, 400);
  const one = await take(1, first);
  assert.equal(one.status, 202, JSON.stringify(one.body));
  assert.equal(one.body.again, false);
  const twice = await take(1, first);
  assert.deepEqual([twice.status, twice.body.again, twice.body.delivery], [202, true, one.body.delivery]);
  const other = await take(1, doc(9));
  assert.equal(other.status, 409);
  assert.match(other.body.error.en, /other contents; number 2 is expected next/);
  assert.equal((await call("upward.in.take", { name: "enterprise_registration", sequence: 1, day: "2026-11-30", rows: 1, deletes: 0, sha256: createHash("sha256").update(first).digest("hex") }, first)).status, 403, "a resource of another organisation");

  const state = await until("it was worked on", () => call("upward.in.status", { name: PENALTY.upper }), (r) => r.body.messages[0].state !== "received");
  assert.equal(state.body.last, 1);
  assert.deepEqual([state.body.messages[0].state, state.body.messages[0].returned], ["taken", 1], "fields that must be there are missing");
  const back = await call("upward.in.returned", { name: PENALTY.upper, sequence: 1 });
  assert.equal(back.body.items[0].row, 1);
  assert.ok(back.body.items[0].zh);
  assert.equal((await call("upward.in.returned", { name: PENALTY.upper, sequence: 7 })).status, 404);
  const salt = "ab".repeat(32);
  assert.deepEqual((await call("upward.in.days", { name: PENALTY.upper, salt })).body, { foreign: 0, days: [] });
  assert.equal((await call("upward.in.days", { name: PENALTY.upper, salt: "zz".repeat(32) })).status, 400);
  assert.deepEqual((await call("upward.in.day", { name: PENALTY.upper, day: "2026-11-30", salt })).body, { items: [] });
});

test("without an upper platform there is nothing to send to, and who may not ask is refused", async (t) => {
  const h = await hubs(t);
  await h.city({ upward_url: "", upward_client: "" });
  assert.equal((await h.as("upward.list", {})).body.configured, false);
  assert.equal((await h.as("upward.send", { stream: PENALTY.stream })).status, 409);
  assert.equal((await h.as("upward.reconcile", { stream: PENALTY.stream })).status, 409);
  assert.equal((await h.as("upward.messages", { stream: "nothing" })).status, 404);
  for (const bad of [{ upward_url: "http://hub.example.gov.cn" }, { upward_url: "https://u:p@hub.example.gov.cn" }, { upward_client: "" }]) {
    const refused = await run(h.cityData, ["upward", "send"], { ...h.settings, ...bad });
    assert.equal(refused.code, 64, refused.err);
  }
  await h.lower.stop();
  const inward = await luling(["upward", "send", "-d", h.cityData, "--lang", "en", "--set", `upward_url=${h.settings.upward_url}`, "--set", "upward_client=jian-credit"]);
  assert.equal(inward.code, 0, "nothing to send, nothing asked");
});
