// Builds the console: web/src and the generated client become OUTDIR/console (index.html, assets/*, manifest.json).
// usage: node build.mjs API.ts STAMP DEPFILE
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { config } from "./vite.config.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [api, stamp, depfile] = process.argv.slice(2).map((p) => resolve(p));
const out = dirname(stamp);

// The type checker (tests/web) finds the generated client through this file; it extends web/tsconfig.json.
mkdirSync(out, { recursive: true });
writeFileSync(
  join(out, "tsconfig.json"),
  JSON.stringify({
    extends: join(here, "tsconfig.json"),
    compilerOptions: { paths: { "#api": [api], "#send": [join(here, "src/send.ts")] } },
    include: [join(here, "src"), api],
  }),
);

const seen = new Set(["index.html", "vite.config.mjs", "build.mjs", "tsconfig.json", "../package-lock.json"].map((p) => resolve(here, p)));
const watcher = {
  name: "luling-inputs",
  moduleParsed({ id }) {
    const path = id.replace(/[?#].*/, "");
    if (!path.includes("node_modules") && existsSync(path)) seen.add(path);
  },
};
const made = config(api, join(out, "console"));
await build({ ...made, plugins: [...made.plugins, watcher] });
writeFileSync(stamp, "");
writeFileSync(depfile, `${relative(process.cwd(), stamp)}: ${[...seen].join(" ")}\n`);
