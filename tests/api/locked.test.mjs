// The platform's keys are missing or cannot be opened: nothing is answered, nothing is made anew, and all goes on where it was once they are back.
import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { serve, tempDir, until } from "./lib.mjs";

const SERVICE = "enterprise_registration", SAMPLE = "91360802YL0000397L";

test("without the keys that sign the journal every request is refused with 503 and nothing gets out; with them it goes on", async (t) => {
  const first = await serveDemo(t);
  await deliver(first, demoFiles(t).deliveries.find((d) => d.resource === SERVICE));
  const as = await people(first);
  const bank = await client(first, as);
  await grant(as, [`${SERVICE}:uscc enterprise_name`]);
  const ask = (who) => who.call("service.query", { name: SERVICE }, { key: [SAMPLE] });
  const before = await ask(bank);
  assert.equal(before.status, 200, before.text);
  const name = before.body.result.records[0].values.enterprise_name.value;
  const { data, port } = first;
  const cookie = { cookie: first.cookie };
  await first.stop();
  const keys = join(data, "keys.sealed"), away = join(tempDir(t), "keys.sealed");
  const sealed = readFileSync(keys);

  const refused = async (s) => {
    const routes = [["readyz", {}], ["healthz", {}], ["journal.checkpoint", {}], ["catalogue.search", {}], ["jwks", {}], ["record.show", { name: SERVICE, key: SAMPLE }]];
    for (const [route, params] of routes) {
      const reply = await s.call(route, params, cookie);
      assert.deepEqual([reply.status, reply.body.error.code, reply.body.receipt], [503, "LOCKED", undefined], `${route}: ${reply.text}`);
      assert.ok(Number(reply.headers.get("retry-after")) > 0, route);
      assert.ok(!reply.text.includes(name) && !reply.text.includes(keys), "neither data nor where the keys lie");
    }
    const token = await s.call("oauth.token", {}, { anonymous: true, headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "grant_type=client_credentials" });
    assert.equal(token.status, 503);
    assert.equal((await s.call("service.query", { name: SERVICE }, { anonymous: true, headers: { Authorization: `Bearer ${bank.token}` }, json: { key: [SAMPLE] } })).status, 503);
  };

  renameSync(keys, away);
  const s = await serve(t, { data, settings: { listen_port: port }, signedIn: false });
  await refused(s);
  assert.match(s.log, /refused \(503\) until the keys can be opened: there is a journal, but not .*keys\.sealed/);
  assert.ok(!existsSync(keys), "no other keys are made in their place");

  writeFileSync(keys, "luling keys of somebody else\n", { mode: 0o600 });
  await new Promise((done) => setTimeout(done, 2500));
  await refused(s);
  writeFileSync(keys, sealed, { mode: 0o600 });
  await until("the keys are taken", () => s.call("readyz", {}, { anonymous: true }).catch(() => ({ status: 0 })), (r) => r.status === 200, 60_000);
  const token = await tokenOf(s, bank.id, bank.privateKey);
  const after = await s.call("service.query", { name: SERVICE }, { anonymous: true, headers: { Authorization: `Bearer ${token}` }, json: { key: [SAMPLE] } });
  assert.equal(after.status, 200, after.text);
  assert.ok(after.body.receipt.index > before.body.receipt.index, "the same journal goes on");
});

test("a passphrase that does not open the keys leaves the door shut as well", async (t) => {
  const phrase = join(tempDir(t), "phrase");
  writeFileSync(phrase, "correct horse battery staple\n", { mode: 0o600 });
  const first = await serve(t, { settings: { key_passphrase_file: phrase }, signedIn: false });
  assert.equal((await first.call("readyz")).status, 200);
  await first.stop();
  writeFileSync(phrase, "another phrase altogether\n", { mode: 0o600 });
  const s = await serve(t, { data: first.data, settings: { key_passphrase_file: phrase }, signedIn: false });
  const reply = await s.call("readyz");
  assert.deepEqual([reply.status, reply.body.error.code], [503, "LOCKED"]);
  assert.equal((await s.stop()).code, 0, "it is stopped like any other");
});
