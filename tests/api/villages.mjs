// A server with the pack of tests/samples/packs/village: a resource that is collected village by village.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addAccount, luling, serve, signIn, tempDir, until, urlOf } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const packs = process.env.LULING_PACKS ?? join(source, "packs");
export const RESOURCE = "village_household";
export const UPPER = "360802101901"; // 上塘村
export const LOWER = "360802101902"; // 下塘村
export const OTHER = "360803101901"; // of another county

/** An identity number that is valid in form, of serial numbers that tests use. */
export function residentId(n) {
  const body = `36080219700101${String(n).padStart(3, "0")}`;
  const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * Number(body[i]), 0);
  return body + "10X98765432"[sum % 11];
}

/** { server, steward: cookie }: the steward of the organisation that provides the resource. */
export async function serveVillages(t, options = {}) {
  const data = tempDir(t);
  for (const pack of [join(packs, "core"), join(packs, "jian"), join(source, "tests/samples/packs/village")]) {
    const run = await luling(["pack", "load", pack, "-d", data, "--lang", "en"]);
    assert.equal(run.code, 0, run.err + run.out);
  }
  const server = await serve(t, { data, ...options });
  await addAccount(data, "county", "JA023", "source_steward");
  server.steward = await signIn(server, "county");
  return server;
}

/** Runs a tool of tests/tools; null when what it needs is not installed. */
export function tool(name, args) {
  const run = spawnSync(name === "fill_workbook.py" ? "/usr/bin/python3" : "python3", [join(source, "tests/tools", name), ...args], { encoding: "utf8", timeout: 180_000, maxBuffer: 64 << 20 });
  if (run.status === 77) return null;
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

/** Delivers bytes and waits until they are dealt with; the delivery. */
export async function deliver(server, bytes, name, cookie = server.steward) {
  const reply = await server.call("delivery.upload", { name: RESOURCE, file_name: name }, { body: bytes, cookie });
  assert.equal(reply.status, 202, reply.text);
  const seen = await until("the delivery", () => server.call("delivery.show", { id: reply.body.id }, { cookie }), (r) => !["received", "sealed"].includes(r.body.state));
  return seen.body;
}
