// How Vite builds the console: web/build.mjs calls config().  `vite` alone (with LULING_API=build/src/http/api.ts) serves the
// pages with reloading, over a `luling serve` that listens on LULING_SERVER.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";

const here = dirname(fileURLToPath(import.meta.url));
const server = process.env.LULING_SERVER ?? "http://127.0.0.1:8780";

/** What is written outside web/: the client made from the API, and where antd's styles go (see src/app/sheets.ts). */
export const aliases = (api) => [
  { find: "#api", replacement: api },
  { find: "#send", replacement: join(here, "src/send.ts") },
  { find: /^@rc-component\/util\/es\/Dom\/dynamicCSS(\.js)?$/, replacement: join(here, "src/app/sheets.ts") },
];

/** Inside @rc-component/util the same module is named by a relative path. */
const sheets = {
  name: "luling-sheets",
  enforce: "pre",
  resolveId(source, importer) {
    if (/(^|\/)dynamicCSS(\.js)?$/.test(source) && importer?.includes("node_modules")) return join(here, "src/app/sheets.ts");
    return null;
  },
};

export const config = (api, out) => ({
  root: here,
  configFile: false,
  base: "/",
  logLevel: "warn",
  plugins: [sheets, react()],
  resolve: { alias: aliases(api) },
  build: {
    outDir: out,
    emptyOutDir: true,
    assetsInlineLimit: 0, // a data: address is another origin to the Content-Security-Policy
    modulePreload: { polyfill: false },
    target: ["chrome100", "firefox100", "safari15.4"],
    manifest: "manifest.json",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
});

export default {
  ...config(resolve(process.env.LULING_API ?? join(here, "../build/src/http/api.ts")), join(here, "dist")),
  server: { proxy: Object.fromEntries(["/v1", "/openapi.json", "/journal", "/oauth", "/catalog"].map((path) => [path, server])) },
};
