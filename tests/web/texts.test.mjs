// The console's texts: both languages say the same things, everything the source asks for is there, nothing is written into the source.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

const source = process.env.LULING_SOURCE;
const texts = join(source, "web/src/text");
const areas = readdirSync(join(texts, "zh")).map((name) => name.replace(".json", ""));
const read = (lang) => Object.fromEntries(areas.map((a) => [a, JSON.parse(readFileSync(join(texts, lang, `${a}.json`), "utf8"))]));
const zh = read("zh");
const en = read("en");
const keys = (area) => Object.keys(zh[area]);
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : /\.tsx?$/.test(e.name) ? [join(dir, e.name)] : []));
}
const sources = files(join(source, "web/src")).map((path) => ({ path, code: readFileSync(path, "utf8") }));
const code = sources.map((s) => s.code).join("\n");
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");

test("both languages have the same areas, and in each the same keys in the same order, none of them empty", () => {
  assert.deepEqual(readdirSync(join(texts, "en")), readdirSync(join(texts, "zh")));
  for (const area of areas) {
    assert.deepEqual(Object.keys(en[area]), keys(area), area);
    for (const key of keys(area)) assert.ok(zh[area][key].trim() && en[area][key].trim(), key);
  }
});

test("a key stands in one area only", () => {
  const all = areas.flatMap(keys);
  assert.deepEqual(all.filter((key, at) => all.indexOf(key) !== at), []);
});

test("both languages fill in the same values", () => {
  for (const area of areas) for (const key of keys(area)) assert.deepEqual(placeholders(en[area][key]), placeholders(zh[area][key]), key);
});

test("the Chinese is Chinese and the English is not", () => {
  for (const area of areas)
    for (const key of keys(area)) {
      assert.doesNotMatch(en[area][key], /\p{Script=Han}/u, key);
      assert.match(zh[area][key].replace(/\{\w+\}|OpenAPI|CSV|JSON-LD|DCAT-AP|curl|Python|Java|C/g, ""), /\p{Script=Han}|^[^\p{L}]*$/u, key);
    }
});

test("every text is used", () => {
  const prefixes = new Set([...code.matchAll(/tCode\(\s*"(\w+)"/g), ...code.matchAll(/t\([^()]*?`(\w+)[._]/g)].map((m) => m[1]));
  const direct = new Set([...code.matchAll(/"([a-z]+(?:[._][a-z_0-9]+)*)"/g)].map((m) => m[1]));
  const families = [...code.matchAll(/`([a-z]+\.[a-z]+_)\$/g)].map((m) => m[1]);
  for (const area of areas)
    for (const key of keys(area)) assert.ok(direct.has(key) || prefixes.has(key.split(".")[0]) || families.some((f) => key.startsWith(f)), `${area}: ${key} is not used`);
});

test("every text that is asked for is there, and its area is imported where it is asked for", () => {
  for (const { path, code: text } of sources) {
    const known = new Set(["common", ...[...text.matchAll(/from "\.\.?\/(?:\.\.\/)?text\/(\w+)"/g)].map((m) => m[1])].flatMap((a) => (zh[a] ? keys(a) : [])));
    for (const [, key] of text.matchAll(/\bt\(\s*"([\w.]+)"/g)) assert.ok(known.has(key), `${basename(path)}: ${key} is not in the areas it imports`);
  }
});

test("every page has its help", () => {
  for (const { path, code: text } of sources)
    if (path.includes("/pages/")) assert.match(text, /help=\{|<PageHelp/, basename(path));
});

test("no Chinese stands in the source of a page, a part or the shell", () => {
  for (const { path, code: text } of sources)
    if (path.endsWith(".tsx")) {
      const found = withoutComments(text).replace(/"中文"/g, "").match(/\p{Script=Han}+/u); // the language's own name is the same in both
      assert.equal(found, null, `${basename(path)}: “${found?.[0]}” belongs in text/`);
    }
});

test("every fault the program knows has a text", () => {
  const faults = readFileSync(join(source, "src/standard/tbl/faults.h"), "utf8");
  for (const [, fault] of faults.matchAll(/X\(\w+, "((?:decode|item|row)\.\w+)"/g)) assert.ok(`fault.${fault}` in zh.intake, fault);
});

test("every kind of matter that the wall tells of has a text", () => {
  const flows = readFileSync(join(source, "src/share/tbl/workflow_states.h"), "utf8").split("#define LL_FLOW_STATES")[0];
  const kinds = [...flows.matchAll(/X\([A-Z]+, "(\w+)"/g)].map(([, kind]) => kind);
  assert.ok(kinds.length >= 8);
  for (const kind of kinds) assert.ok(`taskkind.${kind}` in zh.ops, kind);
});

test("every relation that the items of a pack name has a text", () => {
  const packs = readdirSync(join(source, "packs"), { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => join(source, "packs", e.name, "items.csv")).filter(existsSync);
  const relations = new Set(packs.flatMap((path) => [...readFileSync(path, "utf8").matchAll(/,related,([a-z_]+)/g)].map((m) => m[1])));
  assert.ok(relations.size > 3);
  for (const relation of relations) assert.ok(`relation.${relation}` in zh.catalogue, relation);
});

test("no page names another host, and none carries a style or a script of its own", () => {
  const page = readFileSync(join(source, "web/index.html"), "utf8") + readFileSync(join(source, "web/src/app.css"), "utf8") + code;
  for (const [url] of page.matchAll(/https?:\/\/[\w.]+/g)) assert.equal(url, "http://www.w3.org");
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|\bon\w+="|style="|dangerouslySetInnerHTML/);
});
