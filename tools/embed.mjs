// Compresses the console's files and the API's description and writes them as one blob with a C table of what lies where, so that the
// program serves them without a folder.
//
// usage: node embed.mjs OUT.c OUT.bin CONSOLE FILE...
//
// What Vite put in CONSOLE/assets has its hash in its name and may be cached for ever; the other files are checked by ETag.  Each lies
// there twice: gzip, which every client reads, and brotli, which is a fifth smaller.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
  ".json": "application/json; charset=utf-8", ".webmanifest": "application/manifest+json", ".png": "image/png",
};

const [source, blob, console_, ...others] = process.argv.slice(2);
const assets = join(console_, "assets");
const hashed = (existsSync(assets) ? readdirSync(assets) : []).map((name) => ({ path: join(assets, name), immutable: true }));
const files = [...hashed, { path: join(console_, "index.html"), immutable: false }, ...others.map((path) => ({ path, immutable: false }))]
  .sort((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1));

const parts = [];
let at = 0;
const put = (bytes) => {
  parts.push(bytes);
  at += bytes.length;
  return `ll_asset_blob + ${at - bytes.length}, ${bytes.length}`;
};
const rows = files.map(({ path, immutable }) => {
  const type = TYPES[extname(path)];
  if (!type) throw new Error(`${path}: no content type is known for ${extname(path)}`);
  const data = readFileSync(path);
  const tag = createHash("sha256").update(data).digest("hex").slice(0, 20);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: data.length };
  return `    {"${basename(path)}", "${type}", "\\"${tag}\\"", ${put(gzipSync(data, { level: 9 }))}, ${put(brotliCompressSync(data, { params }))}, ${immutable}},`;
});
const bytes = Buffer.concat(parts);
writeFileSync(blob, bytes);
writeFileSync(source, `/* made by tools/embed.mjs; the blob is ${createHash("sha256").update(bytes).digest("hex")} */
#include "http/assets.h"

extern const unsigned char ll_asset_blob[];
__asm__(".pushsection .rodata\\n"
        ".globl ll_asset_blob\\n"
        ".balign 16\\n"
        "ll_asset_blob:\\n"
        ".incbin \\"${resolve(blob)}\\"\\n"
        ".byte 0\\n"
        ".popsection\\n");

const struct ll_asset ll_assets[] = {
${rows.join("\n")}
};
const size_t ll_asset_count = sizeof(ll_assets) / sizeof(ll_assets[0]);
`);
