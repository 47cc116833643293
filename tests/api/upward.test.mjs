// Reporting upward, with a second platform above: what a city publishes stands at the province, in its layout, once, whatever happens between.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createSigner, httpbis } from "http-message-signatures";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { addAccount, checkReply, luling, signIn, tempDir, until, urlOf } from "./lib.mjs";
import { some } from "./penalties.mjs";
import { subjectOf } from "./subject.mjs";
import { bothSides, dump, give, hubs, idle, json, PENALTY, PERMIT, reconciled, run, same, streamOf } from "./upward.mjs";

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

const ago = (months) => { const d = new Date(); d.setUTCDate(15); d.setUTCMonth(d.getUTCMonth() - months); return d.toISOString().slice(0, 10); };

test("a record whose repair is granted goes up as a deletion, and up anew when that is revoked", async (t) => {
  const h = await hubs(t);
  await h.city();
  const p = penalties(h);
  await give(h, h.of(PENALTY.resource)[0]);
  await idle(h, PENALTY);
  const as = await people(h.lower);
  for (const [who, duties] of [["source", "source_steward"], ["head_of_source", "approver"]]) {
    await addAccount(h.cityData, who, "JA002", duties);
    const cookie = await signIn(h.lower, who);
    as[who] = (id, params, body) => h.lower.call(id, params, { cookie, json: body });
  }
  const bank = await client(h.lower, as);
  await grant(as, [PENALTY.resource], {}, "head_of_source");
  const one = (await some(bank)).find((x) => p.whole.some((r) => r[p.at("CF_WSH")] === x.doc));
  const row = [["CF_JDRQ", ago(5)], ["CF_GSJZQ", ago(-7)], ["SXCD", "一般"]].reduce((r, [column, value]) => p.changed(r, column, value), p.whole.find((r) => r[p.at("CF_WSH")] === one.doc));
  await give(h, p.file("更正", [row]));
  await idle(h, PENALTY, 2);
  assert.ok((await shown(h)).has(one.doc));

  const me = await subjectOf(h.lower, as, one.uscc);
  const { id } = (await me("me.repair.add", {}, { resource: PENALTY.resource, key: one.key, statement: "罚款已缴清，违法行为已改正", commitment: "承诺守法经营，如有违反愿受惩戒" })).body;
  assert.equal((await me("me.repair.attach", { id, name: "凭证.pdf" }, undefined, { headers: { "Content-Type": "application/octet-stream" }, body: Buffer.from("%PDF-1.4\n%sample\n") })).status, 201);
  assert.equal((await me("me.repair.act", { id }, { action: "submit" })).status, 200);
  assert.equal((await as.operator("repair.act", { id }, { action: "accept" })).status, 200);
  assert.equal((await as.source("repair.act", { id }, { action: "repair", reason: "义务已履行完毕" })).status, 200);
  await idle(h, PENALTY, 3);
  assert.ok(!(await shown(h)).has(one.doc), "gone from the province");
  await same(h, PENALTY, (r) => plainDoc(r) === one.doc);
  for (const d of await reconciled(h, PENALTY)) assert.deepEqual([d.rows, d.hash], [d.upper_rows, d.upper_hash]);

  assert.equal((await as.head_of_source("repair.act", { id }, { action: "revoke", reason: "凭证系伪造", legal_basis: "《信用修复管理办法》第九条" })).status, 200);
  await idle(h, PENALTY, 4);
  assert.ok((await shown(h)).has(one.doc), "and there again");
  await same(h, PENALTY);
});

const plainDoc = (r) => r.penalty_doc_no?.code ?? r.penalty_doc_no;

/* ---- a snapshot that goes up, by two packs made here ---- */

const ARREARS = { stream: "arrears", resource: "tax_arrears", upper: "city_arrears" };
const COLUMNS = ["uscc", "tax_type", "enterprise_name", "tax_arrears", "tax_new_arrears", "tax_published_date"];

async function loadArrears(t, h) {
  const load = async (data, name, files) => {
    const dir = join(tempDir(t), name);
    mkdirSync(dir);
    for (const [file, text] of Object.entries({ "pack.json": JSON.stringify({ name, version: "1.0.0", title: { zh: "欠税上报（测试）", en: "Arrears upward (test)" }, needs: ["core", "jian", "demo"], sample: true }), ...files })) writeFileSync(join(dir, file), text);
    const done = await run(data, ["pack", "load", dir]);
    assert.equal(done.code, 0, done.err);
  };
  await load(h.cityData, "arrears_up", {
    "upward.csv": "stream,resource,upper_resource,title,title_en,department_item,since,basis,source\narrears,tax_arrears,city_arrears,欠税上报,Arrears upward,,,own,测试\n",
    "upward_items.csv": `stream,column,item,value,codes,key,basis,source\n${COLUMNS.map((c, i) => `arrears,${c},${c},,,${i < 2 ? "Y" : ""},own,测试`).join("\n")}\n`,
  });
  await load(h.provinceData, "arrears_above", {
    "resources.csv": `${readFileSync(join(h.provincePack, "resources.csv"), "utf8").split("\n")[0]}\ncity_arrears,300001/00009,各市欠税,Arrears of cities,JA001,上级平台收到的欠税,,3,1,,1,0,,2,2024-06-01,,1,increment,100,any,,,,own\n`,
    "items.csv": `resource,item,element,title,title_en,required,key,role,relation,unique,references,default\n${COLUMNS.map((c, i) => `city_arrears,${c},${c},,,Y,${i < 2 ? i + 1 : ""},${i ? "" : "subject"},,,,`).join("\n").replace("tax_new_arrears,,,Y", "tax_new_arrears,,,")}\n`,
  });
}

test("a snapshot sends what differs from the one before: what changed, and what is no more", async (t) => {
  const h = await hubs(t);
  await loadArrears(t, h);
  await h.city();
  const [first] = h.of(ARREARS.resource);
  await give(h, first);
  await idle(h, ARREARS);
  const sides = async () => {
    const plain = (v) => v?.code ?? v ?? null;
    const rows = async (data, resource) => (await dump(data, resource)).map((r) => COLUMNS.map((c) => plain(r[c])).join("|")).sort();
    return { own: await rows(h.cityData, ARREARS.resource), upper: await rows(h.provinceData, ARREARS.upper) };
  };
  const before = await sides();
  assert.deepEqual(before.upper, before.own);
  assert.ok(before.own.length > 200);

  const rows = JSON.parse(readFileSync(first.path, "utf8"));
  const known = rows.filter((r) => before.own.some((l) => l.startsWith(`${r.uscc}|`)));
  const gone = new Set(known.slice(0, 3).map((r) => r.uscc));
  const changed = known.find((r) => !gone.has(r.uscc) && typeof r["欠税金额"] === "number");
  const path = join(tempDir(t), "later.json");
  writeFileSync(path, JSON.stringify(rows.filter((r) => !gone.has(r.uscc)).map((r) => (r === changed ? { ...r, 欠税金额: r["欠税金额"] + 1000 } : r))));
  await give(h, { resource: ARREARS.resource, path });
  await idle(h, ARREARS, 2);
  const after = await until("both are the same", sides, (x) => JSON.stringify(x.own) === JSON.stringify(x.upper));
  assert.ok(after.own.length < before.own.length);
  const sent = (await h.as("upward.messages", { stream: ARREARS.stream })).body.items.filter((m) => m.sequence > 1);
  const expected = before.own.filter((l) => gone.has(l.split("|")[0])).length + 1;
  assert.equal(sent.reduce((n, m) => n + m.rows, 0), expected, "nothing went up that is as it was");
  for (const d of await reconciled(h, ARREARS)) assert.deepEqual([d.rows, d.hash], [d.upper_rows, d.upper_hash]);
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
