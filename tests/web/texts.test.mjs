// The console's texts: both languages say the same things, and everything the source asks for is there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const source = process.env.LULING_SOURCE;
const read = (lang) => JSON.parse(readFileSync(join(source, `web/src/text/${lang}.json`), "utf8"));
const zh = read("zh");
const en = read("en");
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(dir, e.name)) : e.name.endsWith(".ts") ? [join(dir, e.name)] : []));
}
const code = files(join(source, "web/src")).map((f) => readFileSync(f, "utf8")).join("\n");

test("both languages have the same keys, in the same order, none of them empty", () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const texts of [zh, en]) for (const [key, text] of Object.entries(texts)) assert.ok(text.trim(), key);
});

test("both languages fill in the same values", () => {
  for (const key of Object.keys(zh)) assert.deepEqual(placeholders(zh[key]), placeholders(en[key]), key);
});

test("the Chinese is Chinese and the English is not", () => {
  for (const [key, text] of Object.entries(en)) assert.doesNotMatch(text, /\p{Script=Han}/u, key);
  for (const [key, text] of Object.entries(zh)) assert.match(text.replace(/\{\w+\}|OpenAPI/g, ""), /\p{Script=Han}|^[^\p{L}]*$/u, key);
});

test("every text is used, and every text used is there", () => {
  const prefixes = new Set([...code.matchAll(/tCode\("(\w+)"/g), ...code.matchAll(/t\(`(\w+)\.\$/g)].map((m) => m[1]));
  const direct = new Set([...code.matchAll(/"([a-z]+(?:\.[a-z_]+)?)"/g)].map((m) => m[1]));
  for (const key of Object.keys(zh)) assert.ok(direct.has(key) || prefixes.has(key.split(".")[0]), `${key} is not used`);
  for (const [, key] of code.matchAll(/\bt\("([\w.]+)"/g)) assert.ok(key in zh, `${key} is missing`);
});

test("every fault the program knows has a text", () => {
  const faults = readFileSync(join(source, "src/standard/tbl/faults.h"), "utf8");
  for (const [, code] of faults.matchAll(/X\(\w+, "((?:decode|item|row)\.\w+)"/g)) assert.ok(`fault.${code}` in zh, code);
});

test("no page names another host", () => {
  const page = readFileSync(join(source, "web/index.html"), "utf8") + readFileSync(join(source, "web/src/app.css"), "utf8") + code;
  for (const [url] of page.matchAll(/https?:\/\/[\w.]+/g)) assert.equal(url, "http://www.w3.org");
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|\bon\w+="|style="/);
});
