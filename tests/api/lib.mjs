// What the API tests share: a server of their own, and a client that holds every answer against the description.
//
// Each exchange is checked at once (a wrong answer fails the test that asked) and its route is noted in LULING_API_LOG, from which
// run.mjs tells at the end which routes no test exercised.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const table = JSON.parse(readFileSync(join(source, "api/routes.json"), "utf8"));
const schemas = JSON.parse(readFileSync(join(source, "api/schemas.json"), "utf8"));

export const routes = table.routes;
export const binary = process.env.LULING_BIN ?? join(source, "build/src/cli/luling");
export const packs = join(source, "packs");

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
ajv.addKeyword("components");
ajv.addSchema({ $id: "api", components: { schemas } });
const validators = new Map();

function validator(name) {
  if (!validators.has(name)) validators.set(name, ajv.compile({ $ref: `api#/components/schemas/${name}` }));
  return validators.get(name);
}

function checkSchema(name, value, where) {
  const check = validator(name);
  assert.ok(check(value), `${where}: does not fit schema ${name}: ${ajv.errorsText(check.errors)} ${JSON.stringify(check.errors?.map((e) => [e.instancePath, e.params]))}\n${JSON.stringify(value).slice(0, 600)}`);
}

/** Checks an answer against its route's row and notes the route as exercised. */
export function checkReply(id, status, type, body) {
  const route = routes[id];
  assert.ok(route, `no route ${id} in api/routes.json`);
  const where = `${id} answered ${status}`;
  const reply = route.replies[status] ?? (status >= 400 ? "Error" : undefined);
  assert.ok(reply !== undefined || status === 304, `${where}, which its row does not list`);
  if (typeof reply === "string") {
    assert.match(type, /^application\/json/, `${where} with type ${type}`);
    checkSchema(reply, body, where);
  } else if (reply && reply.type !== "*/*") {
    assert.ok([].concat(reply.type).some((t) => type.startsWith(t)), `${where} with type ${type}`);
  }
  if (process.env.LULING_API_LOG) appendFileSync(process.env.LULING_API_LOG, `${JSON.stringify({ id, status })}\n`);
}

export function urlOf(id, params = {}) {
  const rest = new URLSearchParams();
  let path = routes[id].path;
  for (const [name, value] of Object.entries(params)) {
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
    else for (const one of [].concat(value)) rest.append(name, one);
  }
  return path + (rest.size || [...rest].length ? `?${rest}` : "");
}

const cleanups = new WeakMap();

/** Like t.after, but the last thing made is the first undone, and each is undone whatever became of the others: a server stops before its
 *  folder goes, and never outlives its test. */
export function cleanup(t, undo) {
  if (!cleanups.has(t)) {
    const list = [];
    cleanups.set(t, list);
    t.after(async () => {
      const failed = [];
      for (const one of list.reverse()) await Promise.resolve().then(one).catch((error) => failed.push(error));
      if (failed.length) throw failed[0];
    });
  }
  cleanups.get(t).push(undo);
}

/** A folder that is gone when the test is over. */
export function tempDir(t) {
  const dir = mkdtempSync(join(tmpdir(), "luling-test-"));
  cleanup(t, () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  return dir;
}

/** Runs one command to its end; returns { code, out, err }. */
export function luling(args, { timeout = 60_000, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ["pipe", "pipe", "pipe"], timeout });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (d) => (out += d));
    child.stderr.setEncoding("utf8").on("data", (d) => (err += d));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

export const PASSWORD = "correct horse battery";

/** Makes an account on the machine, as `luling account add` does; fine when it is there. */
export async function addAccount(data, id, organisation, duties) {
  const run = await luling(["account", "add", id, "-d", data, "--organisation", organisation, "--duties", duties, "--password-file", "-"], { input: `${PASSWORD}\n` });
  assert.ok(run.code === 0 || run.code === 75, run.err);
}

/** Signs in and returns what to send as cookie. */
export async function signIn(server, account, password = PASSWORD) {
  const reply = await server.call("session.open", {}, { anonymous: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ account, password }) });
  assert.equal(reply.status, 200, reply.text);
  return reply.headers.get("set-cookie").split(";")[0];
}

/** What the organisation that provides most of the demo may do, and what the platform may: enough for tests about other things. */
async function tester(server) {
  const run = await luling(["organisation", "list", "--json", "-d", server.data]);
  const list = run.code === 0 ? JSON.parse(run.out) : [];
  if (!list.length) return;
  const home = list.find((o) => o.code === "JA023") ?? list[0];
  await addAccount(server.data, "tester", home.code, "source_steward,operator");
  server.cookie = await signIn(server, "tester");
}

/** Starts `luling serve` on a free port; it is stopped, and its end checked, when the test is over. */
export async function serve(t, { data = tempDir(t), settings = {}, signedIn = true } = {}) {
  const set = { listen_port: 0, signin_rate: 6000, public_rate: 6000, indicators_run_s: 0, ...settings };
  const args = ["serve", "--json", "-d", data, ...Object.entries(set).flatMap(([k, v]) => ["--set", `${k}=${v}`])];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  const server = { child, data, log: "", ended: new Promise((done) => child.on("close", (code, signal) => done({ code, signal }))) };
  child.stderr.setEncoding("utf8").on("data", (d) => (server.log += d));
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    server.ended.then((end) => reject(new Error(`luling serve ended at once: ${JSON.stringify(end)}\n${server.log}`)));
  });
  server.url = JSON.parse(line).url.replace(/\/$/, "");
  server.port = Number(new URL(server.url).port);
  server.stop = () => {
    child.kill("SIGTERM");
    return server.ended;
  };
  server.call = (id, params, options) => call(server, id, params, options);
  server.invitations = JSON.parse(line).invitations;
  cleanup(t, async () => {
    const hard = setTimeout(() => child.kill("SIGKILL"), 20_000);
    if (child.exitCode === null && child.signalCode === null) await server.stop();
    clearTimeout(hard);
    assert.ok(!/ERROR: (Address|Leak)Sanitizer|runtime error:/.test(server.log), server.log);
  });
  if (signedIn) await tester(server);
  return server;
}

/** One exchange by route id: { status, headers, body, text }, checked against the description.  server.fetch, where a test sets it, is asked
 *  instead of the global one, which knows no certificates but the system's. */
async function call(server, id, params, { headers = {}, body, json, duplex, raw = false, anonymous = false, cookie = server.cookie } = {}) {
  if (cookie && !anonymous) headers = { Cookie: cookie, "X-Luling-Request": "test", ...headers };
  if (json !== undefined) {
    headers = { "Content-Type": "application/json", ...headers };
    body = JSON.stringify(json);
  }
  const options = { method: routes[id].method, headers, body, signal: AbortSignal.timeout(60_000), redirect: "manual" };
  if (duplex) options.duplex = duplex;
  const reply = await (server.fetch ?? fetch)(server.url + urlOf(id, params), options).catch((error) => {
    throw new Error(`${id}: ${error.message} (${error.cause?.message}); the server's log ends:\n${server.log.slice(-4000)}`);
  });
  const type = reply.headers.get("content-type") ?? "";
  const bytes = raw ? null : Buffer.from(await reply.arrayBuffer());
  const text = bytes?.toString("utf8");
  const value = type.startsWith("application/json") && text ? JSON.parse(text) : undefined;
  checkReply(id, reply.status, type, value);
  return { status: reply.status, headers: reply.headers, body: value, text, bytes, reply };
}

/** Asks until `done` says so; the wait is bounded and its end tells what was seen last. */
export async function until(what, probe, done, ms = 60_000) {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await probe();
    if (done(seen)) return seen;
    assert.ok(Date.now() < end, `${what}: not within ${ms} ms; last seen ${JSON.stringify(seen).slice(0, 500)}`);
    await new Promise((r) => setTimeout(r, 50));
  }
}
