// Open data: what anybody may have without signing in, and only that; the catalogue as other portals read it.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import jsonld from "jsonld";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, packs, tempDir } from "./lib.mjs";

const OPEN = "annual_report"; // open without conditions, with items of several grades
const PERSONS = "court_dishonesty"; // natural persons are among those it is about
const CLOSED = "enterprise_registration";
const anybody = { anonymous: true };
const dcat = (name) => `http://www.w3.org/ns/dcat#${name}`;
const dct = (name) => `http://purl.org/dc/terms/${name}`;

function lines(text) {
  assert.ok(text.startsWith("\ufeff") && text.endsWith("\r\n"));
  return text.slice(1, -2).split("\r\n");
}

test("open data are given to anybody: items of grade 1, as a first look and as whole files", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  const done = await deliver(s, deliveries.find((d) => d.resource === OPEN));
  await deliver(s, deliveries.find((d) => d.resource === CLOSED));
  const resource = (await s.call("resource.show", { name: OPEN })).body;
  const given = resource.items.filter((i) => i.grade === 1).map((i) => i.name);
  assert.ok(given.length && given.length < resource.items.length, "the test means something");

  const preview = (await s.call("open.preview", { name: OPEN, limit: 5 }, anybody)).body;
  assert.deepEqual(preview.items, given);
  assert.equal(preview.left_out, resource.items.length - given.length);
  assert.equal(preview.rows.length, 5);
  for (const row of preview.rows) assert.deepEqual(Object.keys(row), given);

  const csv = await s.call("open.data", { name: OPEN, format: "csv" }, anybody);
  const [head, ...rows] = lines(csv.text);
  const coded = new Set(resource.items.filter((i) => i.code_table).map((i) => i.name));
  assert.deepEqual(head.split(","), given.flatMap((name) => (coded.has(name) ? [name, `${name}_title`] : [name])));
  assert.match(csv.headers.get("content-disposition"), /annual_report\.csv/);

  const jsonl = (await s.call("open.data", { name: OPEN, format: "jsonl" }, anybody)).text.trim().split("\n").map((l) => JSON.parse(l));
  assert.deepEqual(jsonl.slice(0, 5), preview.rows);
  assert.equal(jsonl.length, rows.length);
  assert.ok(jsonl.length > 0 && jsonl.length <= done.published);
  for (const row of jsonl) assert.deepEqual(Object.keys(row), given);
  for (const name of [CLOSED, "nothing_here"])
    for (const route of ["open.preview", "open.data"]) {
      const no = await s.call(route, { name }, anybody);
      assert.equal(no.status, 404);
      assert.match(no.body.error.zh, /申请/);
    }
  assert.equal((await s.call("open.data", { name: OPEN, format: "xls" }, anybody)).status, 400);

  const all = (await s.call("open.overview", {}, anybody)).body;
  const catalogue = (await s.call("catalogue.search", { open: "1" }, anybody)).body;
  assert.equal(all.resources, (await s.call("catalogue.search", {}, anybody)).body.total);
  assert.equal(all.open, catalogue.total);
  assert.ok(all.providers > 1 && all.records >= all.open_records);
});

test("records about natural persons are not given, whatever the catalogue says of the resource", async (t) => {
  const s = await serveDemo(t);
  const pack = join(tempDir(t), "demo");
  cpSync(join(packs, "demo"), pack, { recursive: true });
  const table = join(pack, "resources.csv");
  const [head, ...rows] = readFileSync(table, "utf8").split("\n");
  const at = head.split(",").indexOf("open");
  writeFileSync(table, [head, ...rows.map((row) => (row.startsWith(`${PERSONS},`) ? row.split(",").map((cell, i) => (i === at ? "1" : cell)).join(",") : row))].join("\n"));
  const about = join(pack, "pack.json");
  const { version, ...rest } = JSON.parse(readFileSync(about, "utf8"));
  writeFileSync(about, JSON.stringify({ ...rest, version: version.replace(/\d+$/, (n) => Number(n) + 1) }));
  const loaded = await luling(["pack", "load", pack, "-d", s.data, "--lang", "en"]);
  assert.equal(loaded.code, 0, loaded.err);
  const done = await deliver(s, demoFiles(t).deliveries.find((d) => d.resource === PERSONS));
  const given = (await s.call("open.data", { name: PERSONS, format: "jsonl" }, anybody)).text.trim().split("\n").map((l) => JSON.parse(l));
  assert.ok(given.length > 0 && given.length < done.published, `${given.length} of ${done.published}`);
  assert.doesNotMatch(JSON.stringify(given), /(?<!\d)\d{17}[\dX](?!\d)|\*{4}/);
});

test("the open data catalogue is DCAT-AP that a processor of JSON-LD reads without the network", async (t) => {
  const s = await serveDemo(t);
  const reply = await s.call("open.dcat", {}, anybody);
  assert.match(reply.headers.get("content-type"), /^application\/ld\+json/);
  const offline = { documentLoader: (url) => Promise.reject(new Error(`asked for ${url}`)) };
  const nodes = await jsonld.expand(JSON.parse(reply.text), offline);
  const quads = await jsonld.toRDF(nodes, offline);
  assert.ok(quads.length > 100);
  const typed = (type) => nodes.filter((n) => n["@type"].includes(type));
  const [catalogue, ...more] = typed(dcat("Catalog"));
  assert.equal(more.length, 0);
  const datasets = typed(dcat("Dataset"));
  const agents = new Set(typed("http://xmlns.com/foaf/0.1/Agent").map((n) => n["@id"]));
  const open = (await s.call("catalogue.search", { open: "1", limit: 200 })).body.items;
  assert.deepEqual(datasets.map((d) => d["@id"].split("/").pop()).sort(), open.map((r) => r.name).sort(), "only what is open, and all of it");
  assert.deepEqual(catalogue[dcat("dataset")].map((d) => d["@id"]).sort(), datasets.map((d) => d["@id"]).sort());

  // What DCAT-AP 3 makes mandatory, and the publisher and licence that CKAN's harvester shows.
  for (const name of ["title", "description", "publisher"]) assert.ok(catalogue[dct(name)]?.length, name);
  assert.ok(agents.has(catalogue[dct("publisher")][0]["@id"]));
  for (const d of datasets) {
    assert.ok(d[dct("title")].some((x) => x["@language"] === "zh" && x["@value"]));
    assert.ok(d[dct("description")].length && d[dct("identifier")].length);
    assert.ok(agents.has(d[dct("publisher")][0]["@id"]));
    assert.equal(d[dcat("distribution")].length, 2);
    for (const file of d[dcat("distribution")]) {
      assert.deepEqual(file["@type"], [dcat("Distribution")]);
      const { pathname, search } = new URL(file[dcat("accessURL")][0]["@id"]);
      assert.equal((await fetch(s.url + pathname + search)).status, 200);
      assert.match(file[dct("license")][0]["@id"], /^https:/);
      assert.match(file[dct("format")][0]["@id"], /file-type\/(CSV|JSON)$/);
    }
  }
  for (const q of quads) assert.ok(q.subject.value && q.predicate.value.startsWith("http"), JSON.stringify(q));
});
