// Delegated staff of an enterprise; an institution's own model that runs over data it may not see; statistics of all firms that show no single one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { people } from "./bank.mjs";
import { deliver, serveDemo } from "./demo.mjs";
import { luling, tempDir } from "./lib.mjs";
import { firms, OTHER, REPRESENTATIVE } from "./modelfirms.mjs";
import { subjectOf } from "./subject.mjs";

const packs = process.env.LULING_PACKS ?? "build/packs";
const day = (ms) => new Date(Date.now() + ms).toISOString().slice(0, 10);
const DAY = 864e5;

test("delegates, pre-checks and the model kit", async (t) => {
  const s = await serveDemo(t);
  const loaded = await luling(["pack", "load", join(packs, "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const made = firms(tempDir(t), 300);
  for (const [resource, path] of made.files) {
    const done = await deliver(s, { resource, path });
    assert.deepEqual([done.state, done.quarantined], ["published", 0], JSON.stringify(done));
  }
  const as = await people(s);
  const [firm] = made.list;
  const mine = await subjectOf(s, as, firm.uscc, firm.name);
  const person = async (number, name) => subjectOf(s, as, number, name, "self");

  await t.test("a legal representative is verified by its own passkey and the registration, and by nothing else", async () => {
    assert.deepEqual([(await mine("me.enterprise")).body.auth_status, (await mine("me.enterprise")).body.auth_at], ["0", null]);
    const agent = await subjectOf(s, as, firm.uscc, firm.name, "agent");
    assert.equal((await agent("me.representative")).status, 403, "an agent's passkey is not the representative's");
    const other = await person(OTHER, "外人甲");
    const wrong = (await mine("me.representative")).body;
    const refused = await other("me.firm.take", {}, { code: wrong.code });
    assert.equal(refused.body.state, "mismatched", refused.text);
    assert.equal((await mine("me.enterprise")).body.auth_status, "2");
    assert.equal((await other("me.firm.take", {}, { code: wrong.code })).status, 404, "a code is used up");
    const representative = await person(REPRESENTATIVE, "示例人");
    const right = (await mine("me.representative")).body;
    assert.equal((await mine("me.firm.take", {}, { code: right.code })).status, 403, "a firm is no natural person");
    assert.equal((await representative("me.firm.take", {}, { code: right.code })).body.state, "acting");
    const shown = (await mine("me.enterprise")).body;
    assert.deepEqual([shown.auth_status, shown.auth_title_en], ["1", "legal representative verified"]);
    assert.deepEqual((await representative("me.firms")).body.items.map((d) => d.acts), [false], "verified is not delegated to");
    assert.equal((await representative("me.enterprise", {}, undefined, { headers: { "Luling-Acts-For": right.delegation.id } })).status, 403);
  });

  await t.test("who is delegated to acts for the firm within its scope, until that ends, and what it does says so", async () => {
    const staff = await person(OTHER, "王会计");
    const bad = async (json) => (await mine("me.delegate.invite", {}, json)).status;
    assert.equal(await bad({ scopes: ["consents"], until: day(30 * DAY) }), 400, "consents are never delegated");
    assert.equal(await bad({ scopes: [], until: day(30 * DAY) }), 400);
    assert.equal(await bad({ scopes: ["profile"], until: day(-2 * DAY) }), 422);
    assert.equal(await bad({ scopes: ["profile"], until: day(4000 * DAY) }), 422);
    assert.equal((await staff("me.delegate.invite", {}, { scopes: ["profile"], until: day(DAY) })).status, 404);
    const invited = await mine("me.delegate.invite", {}, { scopes: ["profile"], until: day(30 * DAY), note: "财务" });
    assert.equal(invited.status, 201, invited.text);
    const { code, delegation: { id } } = invited.body;
    const acting = (route, json) => staff(route, {}, json, { headers: { "Luling-Acts-For": id } });
    assert.equal((await acting("me.enterprise")).status, 403, "nobody has taken it yet");
    assert.equal((await staff("me.firm.take", {}, { code })).body.state, "acting");
    const [seen] = (await staff("me.firms")).body.items;
    assert.deepEqual([seen.id, seen.title, seen.acts, seen.scopes.map((x) => x.scope)], [id, firm.name, true, ["profile"]]);
    assert.equal((await staff("me.enterprise")).status, 404, "of its own it has none");
    assert.equal((await acting("me.enterprise")).body.fields.find((f) => f.field === "uscc").value, firm.uscc);
    const told = await acting("me.enterprise.register", { contact_name: "王会计", contact_mobile: "13800000001" });
    assert.equal(told.status, 200, told.text);
    assert.match(told.body.progress[0].delegate_title, /^王/);
    for (const [route, json] of [["me.enterprise.close"], ["me.looks"], ["me.consents"], ["me.delegates"], ["me.products"], ["me.show"]])
      assert.equal((await acting(route, json)).status, 403, `${route} is in no scope of it`);
    const [look] = (await mine("me.looks")).body.items.filter((l) => l.mode === "me.enterprise.register");
    assert.match(Buffer.from(look.sealed, "base64").toString("latin1"), /"delegate":/, "the journal says whose hand it was");
    const [kept] = (await mine("me.delegates")).body.items;
    assert.deepEqual([kept.note, kept.title.startsWith("王"), kept.subject.includes("*")], ["财务", true, true]);
    assert.equal((await (await person(REPRESENTATIVE, "示例人"))("me.delegation.end", { id })).status, 404, "another's business");
    assert.equal((await mine("me.delegation.end", { id })).status, 204);
    assert.equal((await acting("me.enterprise")).status, 403, "it holds from the next request");
    assert.equal((await staff("me.firms")).body.items.length, 0);
    assert.equal((await mine("me.delegation.end", { id })).status, 409);
  });
});
