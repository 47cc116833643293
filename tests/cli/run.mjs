// run.mjs - runs the real binary, as a user would.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const LULING = process.env.LULING_BIN ?? new URL("../../build/src/cli/luling", import.meta.url).pathname;

/** { code, out, err } of `luling args...`; the environment asks for no language unless the test does. */
export function luling(args, { env = {}, input, cwd } = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LULING_|LC_|LANG)/.test(name)));
  const done = spawnSync(LULING, args, { env: { ...clean, ...env }, input, cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error) throw done.error;
  return { code: done.status, signal: done.signal, out: done.stdout, err: done.stderr };
}

/** A folder that is gone when the test ends. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "luling-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
