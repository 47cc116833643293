// Two real platforms, one above the other: the city's, with the demo's deliveries, and the province's, which takes what the city reports. Between them a
// wire that a test cuts.
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer, connect } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { people } from "./bank.mjs";
import { demoData, demoFiles, deliver } from "./demo.mjs";
import { addAccount, cleanup, luling, serve, signIn, until } from "./lib.mjs";

const PROVINCE = join(dirname(fileURLToPath(import.meta.url)), "province");
export const PENALTY = { stream: "province_penalty", resource: "administrative_penalty", upper: "city_penalty" };
export const PERMIT = { stream: "province_permit", resource: "administrative_permit", upper: "city_permit" };

/** A wire to wherever `to` says: { port, cut(), mend() }. */
export async function wire(t, to) {
  const open = new Set();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(to(), "127.0.0.1");
    for (const [a, b] of [[near, far], [far, near]]) {
      open.add(a);
      a.on("error", () => b.destroy()).on("close", () => (open.delete(a), b.destroy()));
      a.pipe(b);
    }
  });
  await new Promise((r) => server.listen(0, "127.0.0.1", r));
  cleanup(t, () => {
    for (const s of open) s.destroy();
    return new Promise((r) => server.close(r));
  });
  return {
    port: server.address().port,
    cut() {
      whole = false;
      for (const s of open) s.destroy();
    },
    mend: () => (whole = true),
  };
}

/** luling with a data folder and, where it talks to the province, the settings for that. */
export async function run(data, args, settings = {}) {
  return luling([...args, "-d", data, "--lang", "en", ...Object.entries(settings).flatMap(([k, v]) => ["--set", `${k}=${v}`])], { timeout: 300_000 });
}
export const json = async (data, args, settings) => {
  const done = await run(data, [...args, "--json"], settings);
  assert.equal(done.code, 0, done.err + done.out);
  return JSON.parse(done.out);
};

/** Both platforms; the city's server is started by `city()` and the province's again by `province()`, both on the folders they had. */
export async function hubs(t, { settings = {} } = {}) {
  const cityData = await demoData(t);
  const provinceData = await demoData(t);
  assert.equal((await run(provinceData, ["pack", "load", PROVINCE])).code, 0);
  const h = { t, cityData, provinceData, provincePack: PROVINCE };
  h.province = async () => (h.upper = await serve(t, { data: provinceData, signedIn: false }));
  await h.province();
  h.wire = await wire(t, () => h.upper.port);
  const as = await people(h.upper);
  h.key = await json(cityData, ["upward", "key"]);
  assert.equal((await as.sys("client.make", {}, { id: "jian-credit", organisation: "JA001", title: "信用吉安" })).status, 201);
  assert.equal((await as.sys("client.key", { id: "jian-credit" }, { jwk: h.key.jwk })).status, 200);
  assert.equal((await as.sec("client.enabled", { id: "jian-credit" }, { enabled: true })).status, 200);
  h.settings = { upward_url: `http://127.0.0.1:${h.wire.port}`, upward_client: "jian-credit", upward_networks: "127.0.0.0/8", upward_retry_ms: 20, ...settings };
  h.city = async (more = {}) => {
    h.lower = await serve(t, { data: cityData, signedIn: false, settings: { ...h.settings, ...more } });
    await addAccount(cityData, "op", "JA001", "operator");
    const cookie = await signIn(h.lower, "op");
    h.as = (id, params, body) => h.lower.call(id, params, { cookie, json: body });
    h.lower.cookie = cookie;
    return h.lower;
  };
  h.files = demoFiles(t);
  h.of = (r) => h.files.deliveries.filter((d) => d.resource === r);
  return h;
}

export const give = async (h, d) => {
  const done = await deliver(h.lower, d);
  assert.equal(done.state, "published", JSON.stringify(done));
  return done;
};
export const streamOf = async (h, s) => (await h.as("upward.list", {})).body.items.find((x) => x.stream === s.stream);
/** Until everything that was published is answered. */
export async function idle(h, s, messages = 1, ms = 120_000) {
  return until(`${s.stream} is answered`, () => streamOf(h, s), (x) => x.last >= messages && x.open === 0 && !x.error, ms);
}

/* ---- an oracle that shares no code with the program: both platforms' records as they stand, mapped by the pack's own tables ---- */

function table(path) {
  const rows = readFileSync(path, "utf8").replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((l) => l.split(","));
  return rows.slice(1).map((r) => Object.fromEntries(rows[0].map((c, i) => [c, r[i] ?? ""])));
}
const credit = join(dirname(fileURLToPath(import.meta.url)), "../../packs/credit");
const plain = (v) => (v === null || v === undefined ? null : typeof v === "object" ? v.code : String(v));
const sorted = (o) => JSON.stringify(Object.fromEntries(Object.entries(o).filter(([, v]) => v !== null).sort(([a], [b]) => (a < b ? -1 : 1))));

export async function dump(data, resource) {
  const done = await luling(["dump", resource, "-d", data], { timeout: 300_000 });
  assert.equal(done.code, 0, done.err);
  return done.out.split("\n").filter(Boolean).map((l) => JSON.parse(l));
}

/** The records that both sides show, as sorted lines in the upper layout; `but` leaves some of ours out. */
export async function bothSides(h, s, but = () => false) {
  const items = table(join(credit, "upward_items.csv")).filter((i) => i.stream === s.stream);
  const codes = new Map(table(join(credit, "upward_codes.csv")).map((c) => [`${c.codes} ${c.from}`, c.to]));
  const value = (i, record) => (i.item ? plain(record[i.item]) : i.value);
  const up = (record) => sorted(Object.fromEntries(items.map((i) => {
    const v = value(i, record);
    return [i.column, i.codes && v !== null ? codes.get(`${i.codes} ${v}`) ?? v : v];
  })));
  const own = (await dump(h.cityData, s.resource)).filter((r) => !but(r)).map(up).sort();
  const upper = (await dump(h.provinceData, s.upper)).map((r) => sorted(Object.fromEntries(Object.entries(r).map(([k, v]) => [k, plain(v)])))).sort();
  return { own, upper };
}
/** In the end, that is: what was published a moment ago may not have been cut yet, though nothing waits. */
export async function same(h, s, but) {
  const { own, upper } = await until(`${s.stream} is the same on both sides`, () => bothSides(h, s, but), (x) => JSON.stringify(x.own) === JSON.stringify(x.upper), 120_000).catch(() => bothSides(h, s, but));
  assert.deepEqual(upper.filter((r) => !own.includes(r)).slice(0, 2), own.filter((r) => !upper.includes(r)).slice(0, 2));
  assert.equal(upper.length, own.length);
  assert.deepEqual(upper, own);
  return own.length;
}

export async function reconciled(h, s) {
  const since = (await streamOf(h, s)).reconciled_at;
  assert.equal((await h.as("upward.reconcile", { stream: s.stream })).status, 202);
  await until("reconciled", () => streamOf(h, s), (x) => x.reconciled_at && x.reconciled_at !== since, 120_000);
  return (await h.as("upward.days", { stream: s.stream })).body.items;
}
export const forget = (dir) => existsSync(dir) && rmSync(dir, { recursive: true });
