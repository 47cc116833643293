// A server over the demo: its packs loaded, the deliveries that a test names taken in through the API.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { luling, serve, tempDir, until } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const packsDir = process.env.LULING_PACKS ?? join(source, "packs");

/** Generates the demo's deliveries; returns { dir, deliveries } in their order, each with what it must come to. */
export function demoFiles(t) {
  const dir = tempDir(t);
  const made = spawnSync("python3", [join(source, "demo/generate.py"), dir], { encoding: "utf8", timeout: 60_000 });
  assert.equal(made.status, 0, made.stderr);
  const { deliveries } = JSON.parse(readFileSync(join(dir, "expected.json"), "utf8"));
  return { dir, deliveries: deliveries.map((d) => ({ ...d, path: join(dir, d.file) })) };
}

export async function serveDemo(t, options = {}) {
  const data = options.data ?? tempDir(t);
  for (const pack of ["core", "jian", "demo"]) {
    const run = await luling(["pack", "load", join(packsDir, pack), "-d", data, "--lang", "en"]);
    assert.equal(run.code, 0, run.err);
  }
  return serve(t, { ...options, data });
}

/** Sends a file, streaming it; returns the answer of the upload. */
export function upload(s, resource, path, params = {}) {
  return s.call("delivery.upload", { name: resource, file_name: path.split("/").pop(), ...params }, {
    headers: { "Content-Length": String(statSync(path).size), "Content-Type": "application/octet-stream" },
    body: createReadStream(path),
    duplex: "half",
  });
}

export async function settled(s, id, ms = 120_000) {
  const reply = await until(`delivery ${id}`, () => s.call("delivery.show", { id }), (r) => !["received", "sealed"].includes(r.body.state), ms);
  return reply.body;
}

export async function deliver(s, d) {
  const sent = await upload(s, d.resource, d.path);
  assert.equal(sent.status, 202, JSON.stringify(sent.body));
  return settled(s, sent.body.id);
}
