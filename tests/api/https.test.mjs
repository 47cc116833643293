// HTTPS of the server's own: the certificate and its change without restart, certificates of clients, and proxies whose word counts.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { request as plainRequest } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { client, grant, people } from "./bank.mjs";
import { addAccount, cleanup, luling, PASSWORD, serve, tempDir, until } from "./lib.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";

const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "ignore"] });

/** An authority, and certificates that it signs. */
function authority(dir, name = "ca") {
  const path = (file) => join(dir, `${name}-${file}`);
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", `/CN=${name}`, "-keyout", path("key.pem"), "-out", path("cert.pem"));
  let serial = 1;
  return {
    file: path("cert.pem"),
    pem: readFileSync(path("cert.pem")),
    /** usage: serverAuth or clientAuth */
    sign(cn, { days = 1, usage = "serverAuth", names = "DNS:hub.example,IP:127.0.0.1" } = {}) {
      const key = path(`${cn}-${serial}.key`), csr = path(`${cn}-${serial}.csr`), cert = path(`${cn}-${serial}.pem`), ext = path("ext");
      openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${cn}`, "-keyout", key, "-out", csr);
      writeFileSync(ext, `extendedKeyUsage=${usage}\n${names ? `subjectAltName=${names}\n` : ""}`);
      openssl("x509", "-req", "-in", csr, "-CA", path("cert.pem"), "-CAkey", path("key.pem"), "-set_serial", String(serial++), "-days", String(days), "-extfile", ext, "-out", cert);
      return { key, cert };
    },
  };
}

/** Puts a pair where the server reads it, each file whole at once. */
function install(dir, pair) {
  for (const [from, to] of [[pair.cert, "cert.pem"], [pair.key, "key.pem"]]) {
    copyFileSync(from, join(dir, `${to}.new`));
    renameSync(join(dir, `${to}.new`), join(dir, to));
  }
}

const PATIENCE = 20_000;

/** One exchange over TLS; returns { status, headers, text, peer } with the server's certificate. */
function ask(port, path, { ca, method = "GET", headers = {}, body, agent = new Agent({ keepAlive: false }), ...tls } = {}) {
  return new Promise((resolve, reject) => {
    const rq = request({ host: "127.0.0.1", port, path, method, headers, ca, agent, signal: AbortSignal.timeout(PATIENCE), ...tls }, (reply) => {
      const peer = reply.socket.getPeerCertificate();
      const protocol = reply.socket.getProtocol();
      let text = "";
      reply.setEncoding("utf8").on("data", (d) => (text += d)).on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, text, peer, protocol, reused: rq.reusedSocket })).on("error", reject);
    });
    rq.on("error", reject);
    if (body?.pipe) body.pipe(rq);
    else rq.end(body);
  });
}

async function serveTls(t, settings = {}, demo = false) {
  const dir = tempDir(t);
  const ca = authority(dir);
  install(dir, ca.sign("one"));
  const s = await (demo ? serveDemo : serve)(t, { signedIn: false, settings: { tls_certificate: join(dir, "cert.pem"), tls_key: join(dir, "key.pem"), ...settings } });
  s.fetch = async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url);
    const reply = await ask(s.port, pathname + search, { ca: ca.pem, method, headers, body });
    return new Response(reply.text || null, { status: reply.status, headers: new Headers(Object.entries(reply.headers).flatMap(([k, v]) => [].concat(v).map((one) => [k, one]))) });
  };
  return { s, dir, ca };
}

test("the server speaks TLS 1.2 and 1.3, nothing older and nothing in the clear", async (t) => {
  const { s, ca } = await serveTls(t);
  assert.match(s.url, /^https:/);
  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    const reply = await ask(s.port, "/healthz", { ca: ca.pem, minVersion: version, maxVersion: version });
    assert.deepEqual([reply.status, reply.protocol], [200, version]);
    assert.match(reply.headers["strict-transport-security"], /^max-age=\d+/);
  }
  for (const options of [
    { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    { maxVersion: "TLSv1.2", ciphers: "AES128-SHA256:AES256-GCM-SHA384" }, // without forward secrecy
  ]) await assert.rejects(ask(s.port, "/healthz", { ca: ca.pem, ...options }), options.ciphers);
  await assert.rejects(new Promise((resolve, reject) => plainRequest({ port: s.port, host: "127.0.0.1", path: "/healthz" }, resolve).on("error", reject).end()));
  const curl = spawnSync("curl", ["-sS", "--cacert", ca.file, "--resolve", `hub.example:${s.port}:127.0.0.1`, `https://hub.example:${s.port}/healthz`], { encoding: "utf8" });
  if (!curl.error) assert.equal(curl.status, 0, curl.stderr);
});

test("a name counts when it is the certificate's, the loopback's or listed; cookies are for TLS only", async (t) => {
  const { s, ca } = await serveTls(t, { server_names: "data.example, other.example" }, true);
  const status = async (host) => (await ask(s.port, "/healthz", { ca: ca.pem, headers: { Host: host }, servername: "hub.example" })).status;
  for (const host of ["hub.example", "HUB.example:443", "data.example", "other.example:8780", "localhost", "127.0.0.1"]) assert.equal(await status(host), 200, host);
  for (const host of ["evil.example", "hub.example.evil", "data.example@evil", "10.1.2.3", ":80"]) assert.equal(await status(host), 421, host);

  await addAccount(s.data, "li", "JA023", "operator");
  const signin = (headers) => ask(s.port, "/v1/session", { ca: ca.pem, method: "POST", headers: { "Content-Type": "application/json", Host: "hub.example", ...headers }, body: JSON.stringify({ account: "li", password: PASSWORD }) });
  const reply = await signin({ Origin: "https://hub.example" });
  assert.equal(reply.status, 200, reply.text);
  assert.match(reply.headers["set-cookie"][0], /; Secure/);
  assert.equal((await signin({ Origin: "http://hub.example" })).status, 403, "a page fetched in the clear is another site");
});

test("a large body arrives whole over TLS, and many clients are answered at once", async (t) => {
  const { s, ca } = await serveTls(t, {}, true);
  await addAccount(s.data, "li", "JA023", "source_steward");
  const reply = await ask(s.port, "/v1/session", { ca: ca.pem, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ account: "li", password: PASSWORD }) });
  const cookie = reply.headers["set-cookie"][0].split(";")[0];
  const body = Buffer.from("统一社会信用代码,企业名称\n" + "91360802YL0000397L,吉安某某有限公司\n".repeat(200_000));
  const sent = await ask(s.port, "/v1/resources/enterprise_registration/deliveries?file_name=a.csv", { ca: ca.pem, method: "POST", headers: { Cookie: cookie, "X-Luling-Request": "1", "Content-Type": "application/octet-stream", "Content-Length": body.length }, body });
  assert.equal(sent.status, 202, sent.text);
  const kept = await ask(s.port, `/v1/deliveries/${JSON.parse(sent.text).id}`, { ca: ca.pem, headers: { Cookie: cookie } });
  assert.equal(JSON.parse(kept.text).sha256, createHash("sha256").update(body).digest("hex"));
  const all = await Promise.all(Array.from({ length: 60 }, () => ask(s.port, "/openapi.json", { ca: ca.pem })));
  assert.ok(all.every((r) => r.status === 200 && JSON.parse(r.text).openapi === "3.1.0"));
});

test("a service called over HTTPS answers with its receipt, also when many calls wait for the journal at once", async (t) => {
  const { s, ca } = await serveTls(t, { http_threads: 2 }, true);
  const { deliveries } = demoFiles(t);
  const as = await people(s);
  const officer = await addAccount(s.data, "tester", "JA023", "source_steward").then(() => s.call("session.open", {}, { json: { account: "tester", password: PASSWORD } }));
  s.cookie = officer.headers.get("set-cookie").split(";")[0];
  await deliver(s, deliveries.find((d) => d.resource === "enterprise_registration"));
  const bank = await client(s, as);
  const subject = "91360802YL0000397L", route = { name: "enterprise_registration" };
  assert.equal((await bank.call("service.query", route, { subject })).body.error.condition, "grant", "a refusal waits for its entry, too");
  await grant(as, ["enterprise_registration:uscc enterprise_name"]);
  const all = await Promise.all(Array.from({ length: 40 }, () => bank.call("service.query", route, { subject })));
  for (const { status, body, headers } of all) {
    assert.equal(status, 200);
    assert.equal(body.result.status, "found");
    assert.equal(headers.get("luling-receipt"), String(body.receipt.index));
  }
  assert.equal(new Set(all.map((r) => r.body.receipt.index)).size, all.length, "each has an entry of its own");
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanup(t, () => kept.destroy());
  for (let i = 0; i < 3; i++) {
    const again = await ask(s.port, "/v1/services/enterprise_registration/query", { ca: ca.pem, agent: kept, method: "POST", headers: { Authorization: `Bearer ${bank.token}`, "Content-Type": "application/json" }, body: JSON.stringify({ subject }) });
    assert.deepEqual([again.status, again.reused], [200, i > 0], "a connection that slept goes on");
  }
});

test("a new certificate serves the next handshake while requests go on; a bad one changes nothing and is logged", async (t) => {
  const { s, dir, ca } = await serveTls(t);
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  cleanup(t, () => kept.destroy());
  assert.equal((await ask(s.port, "/healthz", { ca: ca.pem, agent: kept })).peer.subject.CN, "one");
  let failed = 0, done = 0, over = false;
  cleanup(t, () => (over = true)); // the load ends with the test, whatever happens
  const load = Array.from({ length: 4 }, async () => {
    while (!over) await ask(s.port, "/healthz", { ca: ca.pem }).then((r) => (r.status === 200 ? done++ : failed++), () => failed++);
  });
  const shown = async () => (await ask(s.port, "/healthz", { ca: ca.pem })).peer.subject.CN;

  install(dir, ca.sign("two"));
  await until("the new certificate", shown, (cn) => cn === "two", 10_000);
  install(dir, ca.sign("three"));
  s.child.kill("SIGHUP");
  await until("the one after SIGHUP", shown, (cn) => cn === "three", 1500);
  const open = await ask(s.port, "/healthz", { ca: ca.pem, agent: kept });
  assert.deepEqual([open.status, open.reused], [200, true], "the open connection was left alone");

  const four = ca.sign("four");
  const bad = [
    [() => writeFileSync(join(dir, "cert.pem"), "nonsense"), /cert\.pem/],
    [() => copyFileSync(four.cert, join(dir, "cert.pem")), /is not the key of/],
    [() => install(dir, ca.sign("old", { days: -1 })), /has ended/],
    [() => rmSync(join(dir, "key.pem")), /key\.pem/],
    [() => { copyFileSync(four.key, join(dir, "key.pem")); chmodSync(join(dir, "key.pem"), 0o644); }, /open to everybody/],
    [() => { openssl("ec", "-aes128", "-passout", "pass:x", "-in", four.key, "-out", join(dir, "key.pem")); chmodSync(join(dir, "key.pem"), 0o600); }, /encrypted/],
  ];
  for (const [spoil, says] of bad) {
    const before = s.log.length;
    spoil();
    s.child.kill("SIGHUP");
    await until(`the log says ${says}`, async () => s.log.slice(before), (text) => /stays as it is/.test(text) && says.test(text), 5000);
    assert.equal(await shown(), "three");
  }
  install(dir, four);
  await until("whole again", shown, (cn) => cn === "four", 10_000);
  over = true;
  await Promise.all(load);
  assert.equal(failed, 0, `${failed} of ${done + failed} requests failed`);
  assert.ok(done > 20, String(done));
});

test("with tls_client_ca a system must show a certificate of it; people need none; another authority's is refused", async (t) => {
  const dir = tempDir(t);
  const banks = authority(dir, "banks");
  const { s, ca } = await serveTls(t, { tls_client_ca: banks.file }, true);
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwk = JSON.stringify(await exportJWK(publicKey));
  writeFileSync(join(dir, "jwk"), jwk);
  for (const args of [["client", "add", "bank.core", "--organisation", "JA023", "--title", "银行核心系统"], ["client", "key", "bank.core", join(dir, "jwk")], ["client", "enable", "bank.core"]]) {
    const run = await luling([...args, "-d", s.data, "--lang", "en"]);
    assert.equal(run.code, 0, `${args.join(" ")}: ${run.err}`);
  }
  const good = banks.sign("bank", { usage: "clientAuth", names: "" });
  const pair = (p) => ({ key: readFileSync(p.key), cert: readFileSync(p.cert) });
  const origin = `https://127.0.0.1:${s.port}`;
  const assertion = await new SignJWT({}).setProtectedHeader({ alg: "EdDSA" }).setIssuer("bank.core").setSubject("bank.core").setAudience(origin).setJti(String(Math.random())).setIssuedAt().setExpirationTime("2m").sign(privateKey);
  const form = new URLSearchParams({ grant_type: "client_credentials", client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion: assertion }).toString();
  const got = await ask(s.port, "/oauth/token", { ca: ca.pem, ...pair(good), method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: form });
  assert.equal(got.status, 200, got.text);
  const headers = { Authorization: `Bearer ${JSON.parse(got.text).access_token}` };
  const call = (more) => ask(s.port, "/v1/resources", { ca: ca.pem, headers, ...more });
  assert.equal((await call(pair(good))).status, 200);
  const bare = await call({});
  assert.equal(bare.status, 403);
  assert.match(JSON.parse(bare.text).error.en, /client certificate/);
  for (const [what, bad] of [
    ["another authority's", authority(dir, "others").sign("eve", { usage: "clientAuth", names: "" })],
    ["one that has ended", banks.sign("bank", { usage: "clientAuth", names: "", days: -1 })],
    ["one for servers", banks.sign("bank", { usage: "serverAuth", names: "" })],
  ]) assert.equal((await ask(s.port, "/healthz", { ca: ca.pem, ...pair(bad) })).status, 403, what);
  assert.equal((await ask(s.port, "/healthz", { ca: ca.pem })).status, 200, "a person's browser shows none");
});

/** A plain request from a chosen local address. */
function plain(port, path, { from = "127.0.0.1", host = "127.0.0.1", method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const rq = plainRequest({ host, port, path, method, headers, localAddress: from, agent: false, signal: AbortSignal.timeout(PATIENCE) }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (d) => (text += d)).on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, text, code: reply.statusCode >= 400 ? JSON.parse(text).error.code : null }));
    });
    rq.on("error", reject);
    rq.end(body);
  });
}

test("forwarded headers count from a trusted proxy only, of one kind only, and from the end of the list", async (t) => {
  // The attempts to sign in of an address tell which address was believed: one a minute each.
  for (const [header, wrap] of [
    ["x-forwarded-for", (list, proto) => ({ "X-Forwarded-For": list, "X-Forwarded-Proto": proto, Forwarded: "for=203.0.113.99;proto=https" })],
    ["forwarded", (list, proto) => ({ Forwarded: list.split(", ").map((a) => `by=_x;for="${a.includes(":") ? `[${a}]:77` : a}";proto=${proto}`).join(", "), "X-Forwarded-For": "203.0.113.99" })],
  ]) {
    const s = await serve(t, { signedIn: false, settings: { signin_rate: 1, trusted_proxies: "127.0.0.2, 192.0.2.0/24", forwarded_header: header } });
    const attempt = async (from, list, proto = "https") => (await plain(s.port, "/v1/session", { from, method: "POST", headers: { "Content-Type": "application/json", ...(list ? wrap(list, proto) : {}) }, body: JSON.stringify({ account: "nobody", password: "whatever it is" }) })).status;
    assert.equal(await attempt("127.0.0.2", "198.51.100.7"), 401, header);
    assert.equal(await attempt("127.0.0.2", "198.51.100.7"), 429, `${header}: the same address again`);
    assert.equal(await attempt("127.0.0.2", "10.9.9.9, 198.51.100.7"), 429, "what stands before it was the client's own");
    assert.equal(await attempt("127.0.0.2", "198.51.100.7, 192.0.2.5"), 429, "behind a second trusted proxy");
    assert.equal(await attempt("127.0.0.2", "198.51.100.8"), 401, "another address");
    assert.equal(await attempt("127.0.0.2", "2001:db8::1"), 401);
    assert.equal(await attempt("127.0.0.2", "2001:db8::1"), 429);
    assert.equal(await attempt("127.0.0.2", "198.51.100.9", "http"), 403, "the proxy was spoken to in the clear");
    assert.equal(await attempt("127.0.0.2", "unknown", "http"), 403, "whom the proxy does not know is not the proxy itself");
    assert.equal(await attempt("127.0.0.1", "198.51.100.20"), 401, "from elsewhere it is passed over");
    assert.equal(await attempt("127.0.0.1", "198.51.100.21"), 429, "so this is the same address");
    assert.equal(await attempt("127.0.0.3", "198.51.100.7"), 401, "and this another one");
    await s.stop();
  }
});

test("over a network in the clear nobody but the proxies is let in, and only what is public is read", async (t) => {
  const own = Object.values(networkInterfaces()).flat().find((a) => a.family === "IPv4" && !a.internal)?.address;
  if (!own) return t.skip("this machine has no address beside the loopback's");
  const refused = await luling(["serve", "-d", tempDir(t), "--set", "listen_address=0.0.0.0", "--lang", "en"]);
  assert.equal(refused.code, 64);
  assert.match(refused.err, /HTTPS .* or a proxy/);
  const s = await serve(t, { signedIn: false, settings: { listen_address: "0.0.0.0", trusted_proxies: "127.0.0.2", server_names: own } });
  const { port } = s;
  assert.equal((await plain(port, "/healthz")).status, 200);
  await assert.rejects(plain(port, "/healthz", { from: own, host: own }), "no proxy of ours");
  const through = (proto, path, method = "GET") => plain(port, path, { from: "127.0.0.2", method, headers: { Host: own, "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": proto } });
  assert.equal((await through("http", "/healthz")).status, 200, "public");
  assert.equal((await through("http", "/v1/grants")).code, "DENIED");
  assert.equal((await through("https", "/v1/grants")).code, "SIGNIN");
  const reply = await through("https", "/healthz");
  assert.ok(reply.headers["strict-transport-security"]);
});

test("half a pair, a key that does not fit and a list that is none stop the start with a sentence", async (t) => {
  const dir = tempDir(t);
  const ca = authority(dir);
  const a = ca.sign("a"), b = ca.sign("b");
  for (const [settings, says] of [
    [{ tls_certificate: a.cert }, /belong together/],
    [{ tls_client_ca: ca.file }, /belong together/],
    [{ tls_certificate: a.cert, tls_key: b.key }, /is not the key of/],
    [{ tls_certificate: join(dir, "none"), tls_key: b.key }, /none/],
    [{ tls_certificate: a.cert, tls_key: a.key, tls_client_ca: a.key }, /no certificate in/],
    [{ trusted_proxies: "10.0.0.0/99" }, /trusted_proxies.*no network/],
  ]) {
    const run = await luling(["serve", "-d", join(dir, "data"), "--lang", "en", "--set", "listen_port=0", ...Object.entries(settings).flatMap(([k, v]) => ["--set", `${k}=${v}`])], { timeout: 20_000 });
    assert.ok(run.code > 0, JSON.stringify(settings));
    assert.match(run.err, says);
  }
});
