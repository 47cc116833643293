// Receiving large bodies: constant memory, the limit, and a sender that goes away.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { serveDemo } from "./demo.mjs";
import { until, urlOf } from "./lib.mjs";

const MB = 1 << 20;
const url = (s) => s.url + urlOf("delivery.upload", { name: "tax_rating", file_name: "big.bin" });
const memoryKb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

/** Sends `mb` megabytes; resolves to { status, text } or { error }.  `each` is called after every megabyte. */
function send(s, mb, { each = () => {}, headers = {}, stopAfter = Infinity } = {}) {
  return new Promise((resolve) => {
    const req = request(url(s), { method: "POST", headers: { Cookie: s.cookie, "X-Luling-Request": "test", ...headers } }, (reply) => {
      let text = "";
      reply.on("data", (d) => (text += d)).on("end", () => resolve({ status: reply.statusCode, text }));
    });
    req.on("error", (error) => resolve({ error }));
    const block = Buffer.alloc(MB, 0x41);
    let sent = 0;
    const next = () => {
      while (sent < mb) {
        if (sent >= stopAfter) return req.destroy();
        sent++;
        each(sent);
        if (!req.write(block)) return req.once("drain", next);
      }
      req.end();
    };
    next();
  });
}

test("a large body goes to disk as it comes: memory stays where it was", async (t) => {
  const s = await serveDemo(t);
  const mb = Number(process.env.LULING_UPLOAD_MB ?? 128);
  await send(s, 1); // whatever is set up once is there before we measure
  await until("the first delivery", () => s.call("deliveries.list"), (r) => r.body.items[0].state === "failed");
  const before = memoryKb(s.child.pid);
  let most = before;
  const reply = await send(s, mb, { each: () => (most = Math.max(most, memoryKb(s.child.pid))) });
  assert.equal(reply.status, 202, reply.text ?? String(reply.error));
  assert.ok(most - before < 48 * 1024, `${most - before} KiB more while receiving ${mb} MB`);
});

test("a body over the limit is refused, told in its length or not, and leaves nothing behind", async (t) => {
  const s = await serveDemo(t, { settings: { max_upload: "3MiB" } });
  // Content-Length tells: the server answers before the body; a client may notice only that it is cut.
  const told = await send(s, 8, { headers: { "Content-Length": String(8 * MB) } });
  assert.ok(told.status === 413 || told.error, JSON.stringify(told));
  const chunked = await send(s, 8);
  assert.ok(chunked.status === 413 || chunked.error, JSON.stringify(chunked));
  const waits = await send(s, 0, { headers: { "Content-Length": String(8 * MB), Expect: "100-continue" } });
  assert.ok(waits.status === 413 || waits.error);
  await until("the inbox", async () => readdirSync(join(s.data, "inbox")), (names) => names.length === 0);
  assert.equal((await s.call("deliveries.list")).body.total, 0);
});

test("a sender that goes away in the middle leaves nothing behind", async (t) => {
  const s = await serveDemo(t);
  await send(s, 16, { stopAfter: 4 });
  await until("the inbox", async () => readdirSync(join(s.data, "inbox")), (names) => names.length === 0);
  assert.equal((await s.call("deliveries.list")).body.total, 0);
});
