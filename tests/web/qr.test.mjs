// The QR codes of the console, read by a library that is not ours.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import jsqr from "jsqr";

const source = process.env.LULING_SOURCE;
const dir = mkdtempSync(join(tmpdir(), "luling-qr-"));
const out = join(dir, "qr.mjs");
await build({ entryPoints: [join(source, "web/src/parts/qr.ts")], outfile: out, bundle: true, format: "esm" });
const { qrModules } = await import(pathToFileURL(out));
rmSync(dir, { recursive: true });

const SCALE = 4;
const QUIET = 4;
const read = jsqr.default ?? jsqr;

/** The picture that a camera would see, and what the library reads in it. */
function seen(rows) {
  const size = (rows.length + 2 * QUIET) * SCALE;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (rows[Math.floor(y / SCALE) - QUIET]?.[Math.floor(x / SCALE) - QUIET]) pixels.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3);
  return read(pixels, size, size)?.data;
}

test("every length from 1 byte to the longest is read as it was written", () => {
  const alphabet = "https://hub.example.gov.cn/enrol#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const text = (n, seed) => Array.from({ length: n }, (_, i) => alphabet[(i * 31 + seed * 17 + ((i * i) % 13)) % alphabet.length]).join("");
  const sizes = new Set();
  for (let n = 1; n <= 412; n += n < 60 ? 1 : 3) {
    const rows = qrModules(text(n, n));
    assert.equal(seen(rows), text(n, n), `${n} bytes`);
    sizes.add(rows.length);
  }
  assert.equal(seen(qrModules(text(412, 7))), text(412, 7));
  assert.equal(sizes.size, 15, "every version");
});

test("what is not ASCII is read as it was written; what is too long is none", () => {
  assert.equal(seen(qrModules("庐陵：https://庐陵.example/登记#口令")), "庐陵：https://庐陵.example/登记#口令");
  assert.equal(qrModules("x".repeat(413)), null);
});
