// Code of the console that needs no browser, as the browser runs it.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { tempDir } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../../web/src");

/** A module of web/src, such as "verify/looks.ts". */
export async function consoleModule(t, path) {
  const outfile = join(tempDir(t), "module.mjs");
  await build({ entryPoints: [join(source, path)], outfile, bundle: true, format: "esm" });
  return import(pathToFileURL(outfile));
}
