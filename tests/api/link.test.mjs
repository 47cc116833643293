// Linked records over the API and the command line: trained without labels, run, reviewed by a person, explained, undone.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { linked, model, records } from "./firms.mjs";
import { luling, tempDir } from "./lib.mjs";

test("what agrees is linked, what is uncertain waits, and both can be explained", async (t) => {
  const { as, audit, run, ok, dir } = await linked(t);
  const { report } = run;
  assert.ok(report.exact === 1 && report.matched > 230 && report.in_review > 0, JSON.stringify(report));
  assert.ok(report.reduction > 0.9 && report.completeness > 0.5 && report.blocking.length === 3);
  const wrong = readFileSync(join(dir, "pairs.csv"), "utf8").trim().split("\n").slice(1).map((l) => l.split(","))
    .filter(([a, b, , , state]) => state === "matched" && a.split(":L")[1] !== b.split(":R")[1]);
  assert.equal(wrong.length, 0, "links are of one subject");

  const runs = (await as("link_runs.list", {})).body;
  assert.deepEqual([runs.total, runs.items[0].state, runs.items[0].report.matched], [1, "done", report.matched]);
  const queue = (await as("link_pairs.list", { model: "firms" })).body;
  assert.equal(queue.total, report.in_review);
  const [pair] = queue.items;
  const why = (await as("link_pair.show", { id: pair.id })).body;
  assert.equal(why.linked, false);
  assert.equal(why.steps.length, 4);
  const sum = why.steps.reduce((w, x) => w + x.weight + x.frequency, why.prior);
  assert.ok(Math.abs(sum - why.weight) < 0.01 && Math.abs(why.steps.at(-1).after - why.weight) < 0.01, "the steps add up to the weight");
  assert.ok(Math.abs(1 / (1 + 2 ** -why.weight) - why.probability) < 1e-9);
  const person = why.steps.find((x) => x.name === "person");
  assert.match(person.left, /\*/, "names of persons are masked");

  const text = (await ok("explain", String(pair.id))).out;
  assert.match(text, /│/);
  assert.match(text, /name/);
  const exact = (await as("link_pairs.list", { state: "matched", limit: 1 })).body.items[0];
  assert.equal(exact.why, "exact:org", "the surest link is the identifier");
  assert.deepEqual((await as("link_pair.show", { id: exact.id })).body.steps, []);
  assert.equal((await as("link_pair.show", { id: 999999 })).status, 404);
  assert.equal((await audit("link_pair.show", { id: exact.id })).status, 403, "an auditor sees who decided, not the records");
  assert.equal((await audit("link_acts.list", {})).body.items[0].kind, "run");
});

test("a person decides with a reason, and every decision can be undone", async (t) => {
  const { as, ok, cli, left, right } = await linked(t);
  const { id, a, b } = (await as("link_pairs.list", {})).body.items[0];
  const cluster = async (record) => (await as("link.cluster", { model: "firms", record })).body.records;
  assert.deepEqual(await cluster(a), [a]);
  assert.equal((await as("link_pair.decide", { id }, { accept: true, reason: "" })).status, 422);
  assert.equal((await as("link_pair.decide", { id }, { reason: "没有说是或否" })).status, 400);
  assert.equal((await as("link_pair.decide", { id: 999999 }, { accept: true, reason: "没有这一对" })).status, 404);
  const { act } = (await as("link_pair.decide", { id }, { accept: true, reason: "营业执照复印件一致" })).body;
  assert.deepEqual((await cluster(a)).sort(), [a, b].sort());
  assert.equal((await as("link_pair.decide", { id }, { accept: true, reason: "再说一次" })).status, 409);

  await ok("run", "firms", left, right, "--json"); // a later run follows what was decided
  assert.deepEqual((await cluster(a)).sort(), [a, b].sort());
  const acts = (await as("link_acts.list", { pair: id })).body;
  assert.deepEqual([acts.total, acts.items[0].account, acts.items[0].reason], [1, "hub-1", "营业执照复印件一致"]);

  const split = (await as("link.split", {}, { model: "firms", record: b, reason: "登记机关说是两家" })).body;
  assert.deepEqual(await cluster(a), [a]);
  assert.equal((await as("link_act.undo", { id: act }, { reason: "先撤销后面的" })).status, 409);
  assert.equal((await as("link_act.undo", { id: split.act }, { reason: "登记机关更正" })).status, 200);
  assert.deepEqual((await cluster(a)).sort(), [a, b].sort());
  assert.equal((await as("link_act.undo", { id: act }, { reason: "看错了" })).status, 200);
  assert.deepEqual(await cluster(a), [a]);
  assert.equal((await as("link_act.undo", { id: act }, { reason: "再撤一次" })).status, 409);
  assert.equal((await as("link_act.undo", { id: 424242 }, { reason: "没有" })).status, 404);
  assert.equal((await as("link.split", {}, { model: "firms", record: "tax:nobody", reason: "没有" })).status, 404);

  // The same at the command line, and what it refuses.
  const who = ["--as", "hub-1", "--organisation", "JA001", "--duties", "operator"];
  const rejected = (await ok("review", "firms", "--reject", String(id), "--reason", "两家企业", ...who, "--json")).json();
  assert.equal((await ok("undo", String(rejected.act), "--reason", "误判", ...who, "--json")).json().kind, "undo");
  assert.match((await ok("review", "firms")).out, new RegExp(a.split(":")[1]));
  assert.equal((await ok("cluster", "firms", a, "--json")).json().length, 1);
  assert.match((await cli("review", "--accept", "1", "--reject", "2", ...who)).err, /exclude each other/);
  assert.match((await cli("run", "firms", left)).err, /two sources/);
  assert.match((await cli("run", "nothing", left, right)).err, /link train first/);
  assert.match((await cli("run", "firms", left, "/nowhere.csv")).err, /neither a resource nor a file/);
  assert.match((await cli("run", "firms", left, right, "--match", "7")).err, /probability/);
});

test("a resource of the lake is linked with a file, its sealed items opened in memory alone", async (t) => {
  const { deliveries } = demoFiles(t);
  const s = await serveDemo(t);
  assert.equal((await deliver(s, deliveries.find((d) => d.resource === "enterprise_registration"))).state, "published");
  const cli = async (...args) => {
    const run = await luling([...args, "-d", s.data, "--lang", "en"]);
    assert.equal(run.code, 0, run.err);
    return run.out;
  };
  const dir = tempDir(t), file = join(dir, "model.json"), other = join(dir, "bank.csv");
  const firms = (await cli("dump", "enterprise_registration")).trim().split("\n").map((line) => JSON.parse(line)).map((r) => r.record ?? r);
  const quoted = (v) => `"${String(v ?? "").replaceAll('"', '""')}"`;
  const columns = ["enterprise_name", "legal_rep_name", "registered_address", "established_date", "legal_rep_id"];
  writeFileSync(other, [["ll_id", ...columns].join(","), ...firms.map((f, i) =>
    [i, ...columns.map((c) => quoted(c === "enterprise_name" ? f[c]?.replace("有限责任公司", "有限公司") : f[c]))].join(","))].join("\n") + "\n");
  const exact = (field) => ({ name: field, levels: [{ kind: "exact", fields: [field] }] });
  writeFileSync(file, JSON.stringify({
    name: "known", mode: "link",
    fields: [{ name: "enterprise_name", clean: "company" }, { name: "legal_rep_name", sensitive: true }, { name: "registered_address" },
      { name: "established_date", clean: "date" }, { name: "legal_rep_id", clean: "tight", sensitive: true }],
    comparisons: ["enterprise_name", "legal_rep_name", "registered_address", "established_date", "legal_rep_id"].map(exact),
    blocking: [{ keys: ["enterprise_name"], train: true }, { keys: ["established_date"], train: true }],
  }));
  await cli("link", "train", file, "enterprise_registration", other);
  const { report } = JSON.parse(await cli("link", "run", "known", "enterprise_registration", other, "--json"));
  assert.equal(report.sources[0].rows, firms.length);
  assert.ok(report.matched >= firms.length * 0.9, JSON.stringify(report));
  const { items } = (await s.call("link_pairs.list", { state: "matched", limit: 5 })).body;
  for (const { a, b } of items) {
    assert.match(a, /^enterprise_registration:./);
    assert.equal(firms[Number(b.split(":")[1])].uscc, a.split(":")[1]);
  }
});
