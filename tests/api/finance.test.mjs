// The finance data service centre over HTTP: the sharing list with the state of each item, worked out from what is catalogued and published.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn } from "./lib.mjs";

const packs = process.env.LULING_PACKS ?? "build/packs";

test("finance: the sharing list says what is connected, and nothing that it does not know", async (t) => {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  await addAccount(s.data, "op", "JA001", "operator");
  await addAccount(s.data, "sec", "JA001", "security_administrator");
  const cookie = await signIn(s, "op");
  const operator = (id, params) => s.call(id, params, { cookie });

  await t.test("without the pack there is no list", async () => {
    const none = await operator("finance.info", {});
    assert.equal(none.status, 404);
    assert.match(none.text, /finance/);
  });

  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);

  await t.test("the list has 14 categories and 37 items, and says that it is reconstructed", async () => {
    const { body } = await operator("finance.info", {});
    assert.equal(body.basis, "reconstruction");
    assert.equal(body.categories.length, 14);
    const items = body.categories.flatMap((c) => c.items);
    assert.equal(items.length, 37);
    assert.equal(body.counts.connected, 0, "nothing was published");
    assert.equal(body.counts.partial + body.counts.missing, 37);
    const [gas] = items.filter((i) => i.code === "1003");
    assert.deepEqual([gas.state, gas.sources.length], ["missing", 0]);
    const farms = items.find((i) => i.code === "1401");
    assert.deepEqual([farms.state, farms.sources[0].state], ["missing", "not_catalogued"], "pack rural is not loaded");
  });

  await t.test("what is published connects its item", async () => {
    for (const resource of ["enterprise_registration", "tax_arrears"]) await deliver(s, deliveries.find((d) => d.resource === resource));
    const { body } = await operator("finance.info", {});
    const state = (code) => body.categories.flatMap((c) => c.items).find((i) => i.code === code);
    assert.equal(state("0101").state, "connected");
    assert.equal(state("0702").state, "connected");
    assert.equal(state("0703").state, "partial");
    assert.equal(state("0703").sources[0].state, "never_published");
    assert.equal(state("0102").state, "partial", "the legal representative is a part of the principal persons");
    assert.deepEqual(body.counts.connected, 2);
  });

  await t.test("who keeps the keys has no business here", async () => {
    const secadmin = await signIn(s, "sec");
    assert.equal((await s.call("finance.info", {}, { cookie: secadmin })).status, 403);
  });
});
