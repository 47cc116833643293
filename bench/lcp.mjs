// How soon a page is there: largest contentful paint of a visitor's first pages, and of the first page of each role, in Chromium with the processor
// slowed four times, each load with an empty cache.
//
// usage: node bench/lcp.mjs BUILD [--runs N] [--slow N]
//
// BUILD is a release build with its packs.  A server of its own is started over the demo's packs and one open resource with data.  Prints
// the table of docs/benchmarks.md; the median is what it records.  Chromium: LULING_CHROMIUM, or Debian's.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const source = join(dirname(fileURLToPath(import.meta.url)), "..");
const OPEN = "annual_report";
const PAGES = [["portal (/open)", "/open", ".card"], ["catalogue (/)", "/", ".card"], ["sign-in (/signin)", "/signin", "form"], ["a subject's page (/me)", "/me", "main h1"]];

const PASSWORD = "measured-at-rest-1";
/** account, organisation, duty; the page that it begins its work on, and what is there when it is whole. */
const ROLES = [
  ["steward", "JA023", "source_steward", "/desk", ".tiles .tile"], ["bank", "JB001", "consumer_steward", "/services", "main h1"], ["approver", "JA023", "approver", "/applications", "main h1"],
  ["operator", "JA001", "operator", "/operations", "#sources"], ["sysadmin", "JA001", "system_administrator", "/admin", "table tbody tr"],
  ["secadmin", "JA001", "security_administrator", "/security", "main h1"], ["auditor", "JA001", "auditor", "/journal-explorer", "table tbody tr"],
];

const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const build = resolve(process.argv[2] ?? "build");
const runs = option("--runs", 9), slow = option("--slow", 4);
const luling = join(build, "src/cli/luling");

function makeData(dir) {
  const run = (...args) => execFileSync(luling, ["--data", join(dir, "data"), ...args], { stdio: ["ignore", "ignore", "inherit"] });
  run("pack", "load", ...["core", "jian", "credit", "demo"].map((pack) => join(build, "packs", pack)));
  execFileSync("python3", [join(source, "demo/generate.py"), join(dir, "files")], { stdio: "ignore" });
  const { deliveries } = JSON.parse(readFileSync(join(dir, "files/expected.json"), "utf8"));
  const open = deliveries.find((d) => d.resource === OPEN);
  run("intake", join(dir, "files", open.file), "--resource", OPEN);
  for (const [account, organisation, duties] of ROLES)
    execFileSync(luling, ["--data", join(dir, "data"), "account", "add", account, "--organisation", organisation, "--duties", duties, "--name", account, "--password-file", "-"], { input: `${PASSWORD}\n`, stdio: ["pipe", "ignore", "inherit"] });
}

async function serve(dir) {
  const child = spawn(luling, ["serve", "--json", "--data", join(dir, "data"), "--set", "listen_port=0", "--set", "public_rate=6000"], { stdio: ["ignore", "pipe", "ignore"] });
  const line = await new Promise((done, failed) => {
    createInterface({ input: child.stdout }).once("line", done);
    child.once("exit", (code) => failed(new Error(`luling serve ended with ${code}`)));
  });
  return { child, url: JSON.parse(line).url.replace(/\/$/, "") };
}

/** The cookie of a session, as the browser takes it. */
async function signIn(url, account) {
  const reply = await fetch(`${url}/v1/session`, { method: "POST", headers: { "Content-Type": "application/json", Origin: url }, body: JSON.stringify({ account, password: PASSWORD }) });
  if (!reply.ok) throw new Error(`${account}: ${reply.status} ${await reply.text()}`);
  const [name, value] = reply.headers.getSetCookie()[0].split(";")[0].split("=");
  return { name, value, url };
}

/** Milliseconds to the largest contentful paint, and bytes of script that came over the wire. */
async function load(browser, url, ready, cookie) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  if (cookie) await context.addCookies([cookie]);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slow });
  await page.goto(url);
  await page.waitForSelector(ready);
  await page.waitForLoadState("networkidle", { timeout: 5000 }).catch(() => {}); // some pages ask again and again
  const seen = await page.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const script = performance.getEntriesByType("resource").filter((r) => /\.js$/.test(r.name)).reduce((n, r) => n + r.encodedBodySize, 0);
      resolve({ ms: list.getEntries().at(-1).startTime, script });
    }).observe({ type: "largest-contentful-paint", buffered: true });
  }));
  await context.close();
  return seen;
}

const dir = mkdtempSync(join(tmpdir(), "luling-lcp-"));
let server, browser;
try {
  makeData(dir);
  server = await serve(dir);
  browser = await chromium.launch({ executablePath: process.env.LULING_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const before = loadavg()[0];
  console.log(`| page | LCP median | fastest | slowest | script over the wire |\n|---|---|---|---|---|`);
  const roles = [];
  for (const [account, , , path, ready] of ROLES) roles.push([`${account} (${path})`, path, ready, await signIn(server.url, account)]);
  for (const [name, path, ready, cookie] of [...PAGES, ...roles]) {
    await load(browser, server.url + path, ready, cookie); // the server's own caches, not the browser's
    const all = [];
    for (let i = 0; i < runs; i++) all.push(await load(browser, server.url + path, ready, cookie));
    const ms = all.map((x) => x.ms).sort((a, b) => a - b);
    console.log(`| ${name} | ${Math.round(ms[Math.floor(runs / 2)])} ms | ${Math.round(ms[0])} ms | ${Math.round(ms.at(-1))} ms | ${Math.round(all[0].script / 1000)} kB |`);
  }
  console.log(`\n${runs} loads each, processor slowed ${slow} times, ${cpus().length} processors, load ${before.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after.`);
} finally {
  await browser?.close();
  if (server) {
    server.child.removeAllListeners("exit");
    server.child.kill("SIGTERM");
    await new Promise((done) => server.child.once("exit", done));
  }
  rmSync(dir, { recursive: true, force: true });
}
