// Bundles the console: web/src and the generated client become app.js and app.css beside index.html.
// usage: node build.mjs API.ts OUTDIR DEPFILE
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [api, out, depfile] = process.argv.slice(2).map((p) => resolve(p));

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

const result = await build({
  entryPoints: [join(here, "src/app.ts"), join(here, "src/app.css")],
  outdir: out,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: ["chrome100", "firefox100", "safari15"],
  alias: { "#api": api, "#send": join(here, "src/send.ts") },
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  absWorkingDir: here,
});
for (const name of ["index.html", "icon.svg"]) copyFileSync(join(here, name), join(out, name));

const inputs = Object.keys(result.metafile.inputs).map((p) => resolve(here, p));
inputs.push(join(here, "index.html"), join(here, "icon.svg"));
writeFileSync(depfile, `${relative(process.cwd(), join(out, "app.js"))}: ${inputs.join(" ")}\n`);
