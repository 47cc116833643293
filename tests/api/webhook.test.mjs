// Subscriptions: a real receiver over HTTPS, which checks every signature with another implementation; what fails, hangs, dies and comes again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, grant, tokenOf } from "./bank.mjs";
import { deliver } from "./demo.mjs";
import { FAST, hub, receiver, SERVICE } from "./hooks.mjs";
import { luling, serve, until as untilWithin } from "./lib.mjs";

const until = (what, probe, done, ms = 120_000) => untilWithin(what, probe, done, ms);

const state = (who, id, want, ms) => until(`subscription ${id} ${want}`, () => who.call("webhook.show", { id }), (r) => r.body.subscription.state === want, ms).then((r) => r.body);

test("an endpoint proves itself, then is told of every batch once, in order and signed; without a grant of nothing", async (t) => {
  const { s, as, bank, pair, parts, jwks } = await hub(t);
  const r = await receiver(t, pair, jwks);
  for (const [body, status] of [[{ url: r.url }, 400], [{ url: r.url, events: ["all"] }, 400], [{ url: r.url.replace("https", "http"), events: ["changes"] }, 400],
    [{ url: "https://u:p@bank.example/", events: ["changes"] }, 400], [{ url: "https://bank.example/#x", events: ["changes"] }, 400], [{ url: "file:///etc/passwd", events: ["changes"] }, 400]])
    assert.equal((await bank.call("webhook.add", {}, body)).status, status, JSON.stringify(body));
  const made = await bank.call("webhook.add", {}, { url: r.url, events: ["changes"] });
  assert.equal(made.status, 201, made.text);
  assert.ok(made.headers.get("luling-receipt"), "who is told what is in the journal");
  const { id } = made.body;
  await state(bank, id, "active");
  assert.equal(r.seen.challenges, 1);

  const second = await deliver(s, parts[1]);
  await until("the event is passed over", () => bank.call("webhook.show", { id }), (x) => x.body.subscription.cursor > made.body.cursor);
  assert.equal(r.seen.events.length, 0, "no grant, no event");
  await grant(as, [`${SERVICE}:uscc enterprise_name`]);
  assert.equal((await luling(["withdraw", second.batch, "-d", s.data])).code, 0);
  await until("the withdrawal", async () => r.seen.events, (e) => e.length === 1);
  const [event] = r.seen.events;
  assert.deepEqual([event.type, event.resource, event.act, event.batch, event.id], ["changes", SERVICE, "withdrawn", second.batch, `${id}-${event.sequence}`]);
  const page = await bank.call("service.changes", { name: SERVICE, cursor: event.cursor });
  assert.equal(page.status, 200, "the cursor leads to what it is about");
  assert.ok(page.body.changes.length > 0);
  assert.equal(r.seen.bad.length, 0, String(r.seen.bad[0]));

  const other = await client(s, as, "other-bank", "JB002");
  assert.equal((await other.call("webhook.show", { id })).status, 404);
  assert.equal((await other.call("webhook.act", { id }, { action: "end" })).status, 404);
  assert.equal((await bank.call("webhook.act", { id }, { action: "explode" })).status, 400);
  assert.equal((await bank.call("webhook.act", { id }, { action: "end" })).body.state, "ended");
  assert.equal((await bank.call("webhook.act", { id }, { action: "end" })).status, 409);
  assert.equal((await bank.call("webhooks.list", {})).body.total, 1);
  assert.equal((await bank.call("webhook.redeliver", { id }, {})).status, 404, "there is no dead letter");
});

test("failures are retried with the same id, then a dead letter that is sent again by hand; a stuck peer delays nobody; kill -9 loses nothing", async (t) => {
  const { s, as, bank, pair, parts, jwks } = await hub(t);
  await grant(as, [`${SERVICE}:uscc enterprise_name`]);
  let broken = true;
  const tries = [];
  const bad = await receiver(t, pair, jwks, { behave: (event, reply) => { if (broken) { tries.push(event.id); return reply.writeHead(500).end("x"); } } });
  const stuck = await receiver(t, pair, jwks, { behave: () => true });
  const moved = await receiver(t, pair, jwks, { behave: (event, reply) => reply.writeHead(302, { Location: bad.url }).end() });
  const good = await receiver(t, pair, jwks);
  const ids = {};
  for (const [name, r] of Object.entries({ stuck, bad, moved, good })) {
    ids[name] = (await bank.call("webhook.add", {}, { url: r.url, events: ["changes", "corrections"] })).body.id;
    await state(bank, ids[name], "active");
  }
  const began = Date.now();
  const second = await deliver(s, parts[1]);
  await until("the good one", async () => good.seen.events, (e) => e.length === 1);
  t.diagnostic(`told ${Date.now() - began} ms after the delivery was sent, beside a peer that hangs`);
  const dead = await until("the dead letter", () => bank.call("webhook.show", { id: ids.bad }), (x) => x.body.dead_letters.length === 1);
  assert.equal(tries.length, FAST.webhook_attempts);
  assert.equal(new Set(tries).size, 1, "the same event has the same id");
  assert.equal(dead.body.dead_letters[0].status, 500);
  const redirected = await until("the redirect", () => bank.call("webhook.show", { id: ids.moved }), (x) => x.body.dead_letters.length === 1);
  assert.equal(redirected.body.dead_letters[0].status, 302, "no redirect is followed");

  broken = false;
  const again = await luling(["webhook", "redeliver", ids.bad, "-d", s.data, "--json"]);
  assert.equal(again.code, 0, again.err);
  await until("sent again", async () => bad.seen.events, (e) => e.length === 1);
  assert.equal(bad.seen.events[0].id, tries[0]);
  await until("no dead letter", () => bank.call("webhook.show", { id: ids.bad }), (x) => x.body.dead_letters.length === 0);
  assert.equal((await bank.call("webhook.redeliver", { id: ids.bad }, {})).status, 404);
  const { event } = redirected.body.dead_letters[0];
  const resent = await bank.call("webhook.redeliver", { id: ids.moved }, { event });
  assert.equal(resent.status, 200);
  const acts = async (act, n) => {
    const found = await until(`${act} in the journal`, () => as.auditor("journal.list", { type: "administration", limit: 200 }), (r) => r.body.items.filter((e) => e.about.act === act).length === n);
    return Promise.all(found.body.items.filter((e) => e.about.act === act).map(async (e) => JSON.parse(Buffer.from((await as.auditor("journal.contents", { index: e.index })).body.sealed, "base64").subarray(16))));
  };
  const [byBank, byHand] = (await acts("webhook-redeliver", 2)).sort((a, b) => (a.by ? 0 : 1) - (b.by ? 0 : 1)); // the one at the machine comes when the server takes it over
  assert.deepEqual(byBank, { act: "webhook-redeliver", by: "icbc-credit", event, organisation: "JB001", subscription: ids.moved });
  assert.deepEqual([byHand.object, byHand.account], [ids.bad, null], "at the machine as well");

  const paused = await luling(["webhook", "pause", ids.good, "-d", s.data, "--json"]);
  assert.equal(paused.code, 0, paused.err);
  assert.equal((await luling(["withdraw", second.batch, "-d", s.data])).code, 0);
  s.child.kill("SIGKILL");
  await s.ended;
  const later = await serve(t, { data: s.data, signedIn: false, settings: { ...FAST, webhook_ca: pair.ca } });
  s.url = later.url; /* where the keys are asked for */
  await until("after the kill", async () => bad.seen.events, (e) => e.length === 2);
  assert.equal(good.seen.events.length, 1, "a paused one is told of nothing");
  assert.equal((await luling(["webhook", "resume", ids.good, "-d", s.data])).code, 0);
  await until("resumed", async () => good.seen.events, (e) => e.length === 2);
  assert.equal(good.seen.challenges, 2, "it proves itself again");
  const order = good.seen.events.map((e) => e.sequence);
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  const listed = JSON.parse((await luling(["webhook", "list", "--json", "-d", s.data])).out);
  assert.equal(listed.length, 4);
  for (const r of [bad, stuck, moved, good]) assert.equal(r.seen.bad.length, 0, String(r.seen.bad[0]));
});

test("the platform connects to no address of its own network unless a setting says so, and to nobody who does not answer the challenge", async (t) => {
  const { bank, pair, jwks } = await hub(t, { webhook_networks: "", webhook_attempts: 2 });
  const r = await receiver(t, pair, jwks);
  for (const url of [r.url, r.url.replace("127.0.0.1", "localhost"), r.url.replace("127.0.0.1", "[::1]"), r.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"), "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/", "https://0.0.0.0/"]) {
    const made = await bank.call("webhook.add", {}, { url, events: ["changes"] });
    assert.equal(made.status, 201, made.text);
    const told = await state(bank, made.body.id, "paused");
    assert.match(told.subscription.error.en, /not one to connect to/, url);
  }
  assert.equal(r.seen.challenges, 0, "nothing arrived");

  const two = await hub(t, { webhook_attempts: 2 });
  const parrot = await receiver(t, two.pair, two.jwks, { challenge: (event, reply) => reply.end(JSON.stringify({ challenge: "guess" })) });
  const shy = (await two.bank.call("webhook.add", {}, { url: parrot.url, events: ["changes"] })).body.id;
  assert.match((await state(two.bank, shy, "paused")).subscription.error.en, /challenge/);
  const flood = await receiver(t, two.pair, two.jwks, { challenge: (event, reply) => reply.end("x".repeat(100_000)) });
  const long = (await two.bank.call("webhook.add", {}, { url: flood.url, events: ["changes"] })).body.id;
  assert.match((await state(two.bank, long, "paused")).subscription.error.en, /longer than/);
});

test("who got a record is told when it is changed, withdrawn or disputed; who did not is not", async (t) => {
  const { s, as, bank, pair, parts, jwks } = await hub(t);
  const id = await grant(as, [`${SERVICE}:uscc enterprise_name registration_status`]);
  const r = await receiver(t, pair, jwks);
  const hook = (await bank.call("webhook.add", {}, { url: r.url, events: ["corrections"] })).body.id;
  await state(bank, hook, "active");
  const start = await bank.call("service.changes", { name: SERVICE, limit: 1000 });
  const copy = new Map(start.body.changes.filter((c) => c.record).map((c) => [c.record.key[0], JSON.stringify(c.record.values)]));
  const keys = [...copy.keys()];
  const asked = [];
  for (let i = 0; i < keys.length; i += 500) asked.push((await bank.call("service.batch", { name: SERVICE }, { keys: keys.slice(i, i + 500) })).body);
  assert.ok(asked.every((a) => a.results.every((x) => x.status === "found")));
  const absent = await bank.call("service.query", { name: SERVICE }, { key: ["91350100M000100Y43"] });
  assert.equal(absent.body.result.status, "absent");

  const second = await deliver(s, parts[1]);
  const feed = await until("corrections", () => bank.call("corrections.list", { limit: 20 }), (x) => x.body.items.length > 0);
  const told = feed.body.items.flatMap((i) => i.records);
  const now = new Map();
  for (let i = 0; i < keys.length; i += 500)
    (await bank.call("service.batch", { name: SERVICE }, { keys: keys.slice(i, i + 500) })).body.results.forEach((x, n) => now.set(keys[i + n], x.status === "found" ? JSON.stringify(x.records[0].values) : "gone"));
  const changed = keys.filter((k) => now.get(k) !== copy.get(k));
  assert.ok(changed.length > 0);
  const toldKeys = new Set(told.map((x) => x.key[0]));
  for (const k of changed) assert.ok(toldKeys.has(k), `${k} changed, and its recipient was told`);
  for (const k of toldKeys) assert.ok(copy.has(k), "only what was handed out");
  for (const x of told.filter((y) => now.get(y.key[0]) === "gone")) assert.equal(x.change, "deleted");
  const entries = new Set(asked.map((a) => a.receipt.index));
  assert.ok(told.every((x) => entries.has(x.entry)), "each says which answer it is about");
  assert.deepEqual([feed.body.items[0].act, feed.body.items[0].batch], ["corrected", second.batch]);
  await until("by webhook, too", async () => r.seen.events, (e) => e.length >= feed.body.items.length);
  assert.deepEqual([r.seen.events[0].type, r.seen.events[0].act, r.seen.events[0].records], ["corrections", "corrected", feed.body.items[0].records.length]);
  assert.ok(!JSON.stringify(r.seen.events).includes(changed[0]), "an event has no data");
  const nothing = await bank.call("corrections.list", { cursor: feed.body.cursor });
  assert.deepEqual([nothing.body.items, nothing.body.more], [[], false]);

  const other = await client(s, as, "other-bank", "JB002");
  assert.deepEqual((await other.call("corrections.list", {})).body.items, [], "who got nothing is told nothing");
  assert.equal((await bank.call("corrections.list", { cursor: "guess" })).status, 400);

  const doubtful = changed.find((k) => now.get(k) !== "gone");
  const doubt = await as.steward("objection.add", {}, { resource: SERVICE, record: doubtful, item: "registration_status", doubt: "状态与工商公示不一致" });
  assert.equal(doubt.status, 201, doubt.text);
  const disputed = await until("the doubt", () => bank.call("corrections.list", { cursor: feed.body.cursor }), (x) => x.body.items.length > 0);
  assert.deepEqual(disputed.body.items.map((i) => [i.act, i.records.map((x) => x.key)]), [["disputed", [[doubtful]]]]);

  s.child.kill("SIGKILL");
  await s.ended;
  assert.equal((await luling(["withdraw", second.batch, "-d", s.data])).code, 0);
  const later = await serve(t, { data: s.data, signedIn: false, settings: { ...FAST, webhook_ca: pair.ca } });
  s.url = later.url;
  const token = await tokenOf(later, bank.id, bank.privateKey);
  const call = (route, params) => later.call(route, params, { anonymous: true, headers: { Authorization: `Bearer ${token}` } });
  const back = await until("the withdrawal", () => call("corrections.list", { cursor: disputed.body.cursor, limit: 20 }), (x) => x.body.items.length > 0);
  assert.equal(back.body.items[0].act, "withdrawn");
  assert.ok(back.body.items.flatMap((i) => i.records).every((x) => copy.has(x.key[0]) && x.change === "withdrawn"));
  assert.ok(id);
  assert.equal(r.seen.bad.length, 0, String(r.seen.bad[0]));
});
