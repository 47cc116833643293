// Runs the API tests and fails when one fails or when a route of api/routes.json was never exercised.
// usage: node run.mjs [FILE...]     (LULING_BIN names the program)
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runFiles } from "../run_files.mjs";
import { routes } from "./lib.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const chosen = process.argv.slice(2);
const files = chosen.length ? chosen : readdirSync(here).filter((f) => f.endsWith(".test.mjs")).sort().map((f) => join(here, f));
const dir = mkdtempSync(join(tmpdir(), "luling-api-"));
const log = join(dir, "routes.log");
writeFileSync(log, "");

const good = await runFiles(files, { ...process.env, LULING_API_LOG: log });
const seen = new Set(readFileSync(log, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line).id));
rmSync(dir, { recursive: true });

const missed = Object.keys(routes).filter((id) => !seen.has(id));
if (good && !chosen.length && missed.length) {
  console.error(`routes that no API test exercised: ${missed.join(", ")}`);
  process.exit(1);
}
process.exit(good ? 0 : 1);
