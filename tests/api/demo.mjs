// A server over the demo: its packs loaded, the deliveries that a test names taken in through the API.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { binary, luling, serve, tempDir, until } from "./lib.mjs";

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

async function loadPacks(data) {
  for (const pack of ["core", "jian", "credit", "demo"]) {
    const run = await luling(["pack", "load", join(packsDir, pack), "-d", data, "--lang", "en"]);
    assert.equal(run.code, 0, run.err);
  }
}

/** Changes when the program or a pack does. */
function version() {
  const hash = createHash("sha256");
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  };
  add(binary);
  for (const pack of ["core", "jian", "credit", "demo"])
    for (const file of readdirSync(join(packsDir, pack), { recursive: true, withFileTypes: true }).filter((f) => f.isFile()))
      add(join(file.parentPath ?? file.path, file.name));
  return hash.digest("hex").slice(0, 16);
}

/** A folder with the packs loaded, made once a build: loading takes seconds under the sanitizers, a copy of it takes none. */
async function template() {
  const home = join(dirname(binary), "../../test-data");
  const path = join(home, version());
  if (existsSync(path)) return path;
  mkdirSync(home, { recursive: true });
  const fresh = mkdtempSync(join(home, "making-"));
  await loadPacks(fresh);
  for (const old of readdirSync(home).filter((name) => !name.startsWith("making-"))) rmSync(join(home, old), { recursive: true, force: true });
  try {
    renameSync(fresh, path); // whole or not at all, whoever else is making one
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return path;
}

/** A folder of the test's own with the demo's packs in it. */
export async function demoData(t) {
  const data = tempDir(t);
  cpSync(await template(), data, { recursive: true });
  return data;
}

export async function serveDemo(t, options = {}) {
  if (options.data) await loadPacks(options.data);
  return serve(t, { ...options, data: options.data ?? (await demoData(t)) });
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
