// What was built: small enough for whoever only looks, and every page of it has an address that the server knows.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const MOST = 250_000; // bytes of script, as gzip, that a visitor loads before the first page is there
const built = join(process.env.LULING_WEB, "console");
const manifest = JSON.parse(readFileSync(join(built, "manifest.json"), "utf8"));
const source = process.env.LULING_SOURCE;

/** Every file that an entry needs before it runs. */
function needed(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const other of manifest[name].imports ?? []) needed(other, seen);
  return seen;
}
const size = (names) => [...names].reduce((n, name) => n + gzipSync(readFileSync(join(built, manifest[name].file))).length, 0);

for (const page of ["catalogue", "resource", "signin", "me"])
  test(`a visitor's first page loads at most 250 kB of script: ${page}`, (t) => {
    const bytes = size(needed(`src/pages/${page}.tsx`, needed("index.html")));
    t.diagnostic(`${bytes} bytes`);
    assert.ok(bytes <= MOST, `${bytes} bytes`);
  });

test("the pages and the server's routes name the same addresses", () => {
  const table = readFileSync(join(source, "web/src/app/pages.ts"), "utf8");
  const pages = [...table.matchAll(/path: "([^"]+)", section: [^,]+, load/g)].map((m) => m[1].replace(/:\w+/g, "*"));
  const { routes } = JSON.parse(readFileSync(join(source, "api/routes.json"), "utf8"));
  const served = Object.values(routes).filter((r) => r.tag === "page" && r.handler === "page").map((r) => r.path.replace(/\{\w+\}/g, "*"));
  assert.ok(pages.length > 0);
  // "new" is a page of its own under the address of one application.
  assert.deepEqual([...new Set(pages.map((p) => p.replace(/\/new$/, "/*")))].sort(), served.sort());
});

test("scripts name no other host, and nothing that the Content-Security-Policy refuses", () => {
  const html = readFileSync(join(built, "index.html"), "utf8");
  assert.doesNotMatch(html, /<style|<script(?![^>]*\bsrc=)|style=|https?:/);
  for (const { file } of Object.values(manifest)) if (file.endsWith(".js")) assert.doesNotMatch(readFileSync(join(built, file), "utf8"), /\bnew Function\(|\beval\(/, file);
});
