// A hub that pushes, and a bank's receiver over HTTPS, which checks every signature with another implementation.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import * as hms from "http-message-signatures";
import { client, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { cleanup, tempDir } from "./lib.mjs";

export const SERVICE = "enterprise_registration";
const openssl = (...args) => execFileSync("openssl", args, { stdio: "ignore" });

export function certificate(dir) {
  const path = (name) => join(dir, name);
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=ca", "-keyout", path("ca.key"), "-out", path("ca.pem"));
  openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bank", "-keyout", path("key.pem"), "-out", path("csr.pem"));
  writeFileSync(path("ext"), "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n");
  openssl("x509", "-req", "-in", path("csr.pem"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-set_serial", "1", "-days", "1", "-extfile", path("ext"), "-out", path("cert.pem"));
  return { ca: path("ca.pem"), key: readFileSync(path("key.pem")), cert: readFileSync(path("cert.pem")) };
}

/** A bank's receiver.  behave(event, reply) decides what it does with an event; the challenge is answered unless told otherwise. */
export async function receiver(t, pair, jwks, { behave, challenge = (event, reply) => reply.end(JSON.stringify({ challenge: event.challenge })) } = {}) {
  const seen = { events: [], challenges: 0, bad: [] };
  const verify = async (request, body) => {
    const url = `https://${request.headers.host}${request.url}`;
    const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
    assert.equal(request.headers["content-digest"], digest);
    const ok = await hms.httpbis.verifyMessage({
      keyLookup: async ({ keyid }) => {
        const jwk = (await jwks()).keys.find((k) => k.kid === keyid);
        assert.ok(jwk, `key ${keyid} is published`);
        return { id: keyid, algs: ["ed25519"], verify: hms.createVerifier(createPublicKey({ key: jwk, format: "jwk" }), "ed25519") };
      },
      requiredFields: ["@method", "@target-uri", "content-digest"], requiredParams: ["created", "expires", "nonce", "tag"],
    }, { method: request.method, url, headers: request.headers });
    assert.equal(ok, true, "the signature holds");
    assert.match(request.headers["signature-input"], /tag="luling-webhook"/);
  };
  const server = createServer({ key: pair.key, cert: pair.cert }, (request, reply) => {
    let body = "";
    request.setEncoding("utf8").on("data", (d) => (body += d)).on("end", async () => {
      try {
        await verify(request, body);
        const event = JSON.parse(body);
        assert.equal(request.headers["luling-event"], event.id);
        if (event.type === "challenge") {
          seen.challenges++;
          challenge(event, reply);
        } else if (behave && behave(event, reply, request) !== undefined) return;
        else {
          seen.events.push(event);
          reply.writeHead(204).end();
        }
      } catch (error) {
        seen.bad.push(error);
        reply.writeHead(400).end();
      }
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => new Promise((done) => (server.closeAllConnections(), server.close(done)));
  cleanup(t, close);
  return { ...seen, seen, port: server.address().port, url: `https://127.0.0.1:${server.address().port}/hooks?from=hub`, close };
}

export const FAST = { webhook_retry_ms: 50, webhook_attempts: 4, webhook_timeout_ms: 1500, webhook_networks: "127.0.0.0/8" };

export async function hub(t, settings = {}) {
  const pair = certificate(tempDir(t));
  const s = await serveDemo(t, { settings: { ...FAST, webhook_ca: pair.ca, ...settings } });
  const { deliveries } = demoFiles(t);
  const parts = deliveries.filter((d) => d.resource === SERVICE);
  await deliver(s, parts[0]);
  const as = await people(s);
  const bank = await client(s, as);
  let keys; // fetched once, as receivers do: an event may come while the server restarts
  const jwks = async () => (keys ??= (await s.call("jwks", {}, { anonymous: true })).body);
  return { s, as, bank, pair, parts, jwks };
}
