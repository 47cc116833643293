// Go's sumdb/note and sumdb/tlog accept our checkpoints, tiles and proofs, and refuse changed ones.
// usage: node go.mjs TOOL     (a journal is made by the tool: TOOL DIR ENTRIES)
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [tool] = process.argv.slice(2);
const env = { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOFLAGS: "", GOCACHE: "" };
const here = dirname(fileURLToPath(import.meta.url));

console.log("1..1");
const found = spawnSync("go", ["list", "golang.org/x/mod/sumdb/tlog"], { env: { ...env, GOCACHE: "/tmp" } });
if (found.status !== 0) {
  console.log("ok 1 # SKIP Go or golang.org/x/mod is not installed (golang-go, golang-golang-x-mod-dev)");
  process.exit(0);
}
const dir = mkdtempSync(join(tmpdir(), "luling-go-"));
try {
  env.GOCACHE = join(dir, "cache");
  const check = join(dir, "check");
  execFileSync("go", ["build", "-o", check, join(here, "check.go")], { env, stdio: ["ignore", "inherit", "inherit"] });
  for (const entries of [1, 7, 256, 700]) {
    const folder = join(dir, String(entries));
    const vkey = execFileSync(tool, [folder, String(entries)], { encoding: "utf8" }).trim();
    for (const index of new Set([0, entries >> 1, entries - 1])) {
      const proof = join(folder, `${index}.proof`);
      const run = spawnSync(check, [vkey, folder, String(index), proof], { encoding: "utf8" });
      assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
      const text = readFileSync(proof, "utf8");
      writeFileSync(proof, text.replace(/^index \d+$/m, `index ${index}`).replace(/\n\n.*?\n(\d+)\n/s, (m) => m.replace(/\n\d+\n$/, "\n999\n")));
      assert.notEqual(spawnSync(check, [vkey, folder, String(index), proof]).status, 0, "a changed checkpoint was taken");
      writeFileSync(proof, text);
    }
    console.log(`# ${entries} entries`);
  }
  console.log("ok 1 - Go's sumdb/note and sumdb/tlog accept the journal");
} finally {
  rmSync(dir, { recursive: true, force: true });
}
