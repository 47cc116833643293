// The server itself: what it refuses, what every answer carries, how it stops.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { request } from "node:http";
import { luling, routes, serve, tempDir } from "./lib.mjs";

/** Sends bytes as they are and returns everything that comes back until the other side closes. */
function raw(port, bytes, { idle = 5000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setTimeout(idle, () => socket.destroy());
    socket.on("data", (d) => (text += d));
    socket.on("close", () => resolve(text));
    socket.on("error", (e) => (text ? resolve(text) : reject(e)));
  });
}

const closing = (line, ...headers) => `${line} HTTP/1.1\r\n${["Host: 127.0.0.1", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`;

test("health, readiness, metrics and the description answer in their documented form", async (t) => {
  const s = await serve(t);
  assert.equal((await s.call("healthz")).body.status, "ok");
  assert.equal((await s.call("readyz")).status, 200);
  const zh = await s.call("openapi");
  const en = await s.call("openapi", { lang: "en" });
  assert.equal(zh.body.openapi, "3.1.0");
  assert.notEqual(zh.body.info.title, en.body.info.title);
  assert.deepEqual(Object.keys(zh.body.paths).sort(), [...new Set(Object.values(routes).map((r) => r.path))].sort());
  const metrics = (await s.call("metrics")).text;
  assert.match(metrics, /luling_http_requests_total\{route="healthz",status="200"\} 1\n/);
  assert.match(metrics, /luling_http_request_seconds_bucket\{route="healthz",le="\+Inf"\} 1\n/);
});

test("every answer carries the security headers and a request id of its own", async (t) => {
  const s = await serve(t);
  const ids = new Set();
  for (const reply of [await s.call("healthz"), await s.call("page.home"), await fetch(`${s.url}/nothing`)]) {
    const csp = reply.headers.get("content-security-policy");
    assert.match(csp, /default-src 'none'/);
    assert.doesNotMatch(csp, /unsafe|\*|https?:/);
    assert.equal(reply.headers.get("x-content-type-options"), "nosniff");
    assert.equal(reply.headers.get("referrer-policy"), "no-referrer");
    ids.add(reply.headers.get("x-request-id"));
  }
  assert.equal(ids.size, 3);
  assert.equal((await s.call("healthz")).headers.get("cache-control"), "no-store");
});

test("a page's files are compressed, cached for ever by name, and checked by tag where the name stays", async (t) => {
  const s = await serve(t);
  assert.equal((await s.call("page.asset", { file: "none.js" })).status, 404);
  if (process.env.LULING_CONSOLE === "absent") return t.skip("the program was built without the console (npm packages are missing: tools/setup.sh)");
  const page = await s.call("page.home");
  const script = /\/assets\/(index-[\w-]+\.js)/.exec(page.text)[1];
  const asset = await s.call("page.asset", { file: script }, { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(asset.headers.get("content-encoding"), "gzip");
  const smaller = await s.call("page.asset", { file: script }, { headers: { "Accept-Encoding": "gzip, br" } });
  assert.equal(smaller.headers.get("content-encoding"), "br");
  assert.equal(smaller.text, asset.text);
  assert.match(asset.headers.get("vary"), /accept-encoding/i);
  assert.match(asset.headers.get("cache-control"), /immutable/);
  assert.equal(page.headers.get("cache-control"), "no-cache");
  const again = await s.call("page.home", {}, { headers: { "If-None-Match": page.headers.get("etag") } });
  assert.equal(again.status, 304);
  // A client that does not take gzip gets the same bytes plain.
  const plain = await new Promise((resolve) => {
    request(`${s.url}/assets/${script}`, { headers: { "Accept-Encoding": "identity" } }, (reply) => {
      let text = "";
      reply.on("data", (d) => (text += d)).on("end", () => resolve({ text, headers: reply.headers }));
    }).end();
  });
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(plain.text, asset.text);
});

test("an unknown address, a wrong method, a misspelt or repeated parameter are refused by name", async (t) => {
  const s = await serve(t);
  const nothing = await fetch(`${s.url}/v1/nothing`);
  assert.equal(nothing.status, 404);
  const body = (await nothing.json()).error;
  assert.equal(body.code, "NOT_FOUND");
  assert.equal(body.request, nothing.headers.get("x-request-id"));
  const post = await fetch(`${s.url}/healthz`, { method: "POST", body: "x".repeat(1000) });
  assert.equal(post.status, 405);
  assert.match(post.headers.get("allow"), /GET/);
  const options = await fetch(`${s.url}/healthz`, { method: "OPTIONS" });
  assert.equal(options.status, 204);
  const head = await fetch(`${s.url}/healthz`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  for (const [path, says] of [
    ["/openapi.json?lang=fr", /zh, en/],
    ["/openapi.json?long=zh", /lang/],
    ["/openapi.json?lang=zh&lang=en", /lang/],
    ["/openapi.json?lang=%z", /lang/],
    ["/openapi.json?lang=%ff", /UTF-8/],
    ["/openapi.json?lang=%00", /NUL/],
  ]) {
    const reply = await fetch(s.url + path);
    assert.equal(reply.status, 400, path);
    assert.match((await reply.json()).error.en, says, path);
  }
});

test("requests that another site could make a browser send are refused", async (t) => {
  const s = await serve(t);
  assert.match(await raw(s.port, "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), /^HTTP\/1.1 421/);
  for (const host of ["localhost", `127.0.0.1:${s.port}`, "[::1]:1"])
    assert.match(await raw(s.port, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 200/);
  for (const host of ["localhost.evil.example", "127.0.0.1.evil.example", "127.evil.example", "[::1].evil"])
    assert.match(await raw(s.port, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 421/);
});

test("lines, headers and bodies over their limits are refused and the server goes on", async (t) => {
  const s = await serve(t);
  assert.match(await raw(s.port, closing(`GET /healthz?${"a".repeat(9000)}`)), /^HTTP\/1.1 414/);
  assert.match(await raw(s.port, closing(`GET /${"a".repeat(200_000)}`)), /^HTTP\/1.1 414|^$/);
  assert.match(await raw(s.port, closing("GET /healthz", `X-A: ${"a".repeat(200_000)}`)), /^HTTP\/1.1 431|^$/);
  assert.match(await raw(s.port, closing("POST /healthz", "Content-Length: 99999999999", "Expect: 100-continue")), /^HTTP\/1.1 405/);
  assert.match(await raw(s.port, closing("GET /healthz", "Content-Length: 3") + "abc"), /^HTTP\/1.1 413/);
  for (const junk of ["\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n"])
    await raw(s.port, junk, { idle: 300 });
  assert.equal((await s.call("healthz")).status, 200);
});

test("a connection that dribbles its request head is cut, and others are served meanwhile", async (t) => {
  const s = await serve(t, { settings: { http_idle_s: 1, http_threads: 1 } });
  const began = Date.now();
  const slow = connect(s.port, "127.0.0.1");
  slow.on("error", () => {});
  slow.write("GET /healthz HTTP/1.1\r\n");
  const drip = setInterval(() => slow.write("X-A: b\r\n"), 200);
  const closed = new Promise((resolve) => slow.on("close", resolve));
  assert.equal((await s.call("healthz")).status, 200);
  await closed;
  clearInterval(drip);
  assert.ok(Date.now() - began < 8000);
});

test("a hundred clients at once are answered", async (t) => {
  const s = await serve(t);
  const all = await Promise.all(Array.from({ length: 100 }, () => s.call("healthz")));
  assert.ok(all.every((r) => r.status === 200));
});

test("only a loopback address is served, and the refusal says why", async (t) => {
  for (const address of ["0.0.0.0", "::", "192.0.2.1", "name.example"]) {
    const run = await luling(["serve", "-d", tempDir(t), "--set", `listen_address=${address}`, "--lang", "en"]);
    assert.equal(run.code, 64, address);
    assert.match(run.err, /loopback|not an IP address/);
  }
});

test("SIGTERM and SIGINT end the server cleanly; a port in use is told", async (t) => {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    const s = await serve(t);
    await s.call("healthz");
    s.child.kill(signal);
    assert.deepEqual(await s.ended, { code: 0, signal: null });
  }
  const s = await serve(t);
  const second = await luling(["serve", "-d", tempDir(t), "--set", `listen_port=${s.port}`, "--lang", "en"]);
  assert.equal(second.code, 74);
  assert.match(second.err, /cannot listen/);
});

test("the description's compressed form is what it says", async (t) => {
  const s = await serve(t);
  const reply = await new Promise((resolve) => {
    request(`${s.url}/openapi.json`, { headers: { "Accept-Encoding": "gzip" } }, (r) => {
      const parts = [];
      r.on("data", (d) => parts.push(d)).on("end", () => resolve({ bytes: Buffer.concat(parts), headers: r.headers }));
    }).end();
  });
  assert.equal(reply.headers["content-encoding"], "gzip");
  assert.equal(JSON.parse(gunzipSync(reply.bytes)).openapi, "3.1.0");
});

test("every page of the console is the same document, which its script fills", async (t) => {
  const s = await serve(t);
  const home = await s.call("page.home");
  const pages = Object.entries(routes).filter(([, r]) => r.handler === "page");
  assert.ok(pages.length > 40);
  for (const [id, route] of pages) {
    const params = Object.fromEntries([...route.path.matchAll(/\{(\w+)\}/g)].map((m) => [m[1], "x"]));
    assert.equal((await s.call(id, params, { anonymous: true })).text, home.text, id);
  }
  assert.equal((await s.call("page.home", { q: "企业", anything: "goes" })).text, home.text, "its query is for its script");
});
