// A server over the demo: its packs loaded, the deliveries that a test names taken in through the API.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { binary, serve, tempDir, until } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const packsDir = process.env.LULING_PACKS ?? join(source, "packs");

const demoDir = join(source, "demo");
const PACKS = ["core", "jian", "credit", "demo"];

// --- made once a build -----------------------------------------------------------------------------------------------------------

const filesOf = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name)).sort();

function fingerprint(files) {
  const hash = createHash("sha256");
  for (const path of files) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** A folder beside the build that make(dir) fills, once for as long as these files are as they are.  It is there whole or not at all,
 *  whoever else is making one. */
function kept(kind, files, make) {
  const home = join(dirname(binary), "../../test-data", kind);
  const path = join(home, fingerprint(files));
  if (existsSync(path)) return path;
  mkdirSync(home, { recursive: true });
  const fresh = mkdtempSync(join(home, "making-"));
  make(fresh);
  for (const old of readdirSync(home).filter((name) => !name.startsWith("making-"))) rmSync(join(home, old), { recursive: true, force: true });
  try {
    renameSync(fresh, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return path;
}

function run(program, args) {
  const done = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  assert.equal(done.status, 0, done.stderr);
}

function loadPacks(data) {
  for (const pack of PACKS) run(binary, ["pack", "load", join(packsDir, pack), "-d", data, "--lang", "en"]);
}

const withPacks = () => kept("packs", [binary, ...PACKS.flatMap((pack) => filesOf(join(packsDir, pack)))], loadPacks);
const deliveriesMade = () => kept("deliveries", filesOf(demoDir).filter((f) => f.endsWith(".py")), (dir) => run("python3", [join(demoDir, "generate.py"), dir]));

// --- a test's own ----------------------------------------------------------------------------------------------------------------

/** The demo's deliveries; returns { dir, deliveries } in their order, each with what it must come to. */
export function demoFiles(t) {
  const dir = tempDir(t);
  cpSync(deliveriesMade(), dir, { recursive: true });
  const { deliveries } = JSON.parse(readFileSync(join(dir, "expected.json"), "utf8"));
  return { dir, deliveries: deliveries.map((d) => ({ ...d, path: join(dir, d.file) })) };
}

/** A folder of the test's own with the demo's packs in it. */
export async function demoData(t) {
  const data = tempDir(t);
  cpSync(withPacks(), data, { recursive: true });
  return data;
}

export async function serveDemo(t, options = {}) {
  if (options.data) loadPacks(options.data);
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
