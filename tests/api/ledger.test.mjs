// The collaboration ledger: what several sign is entered once all have, nothing is financed twice at any bank, and each party proves it at home -
// to libraries that we did not write, and to the program without a data folder.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ABC, CORE, firms, ICBC, ledger, newId, readEvidence, readFile, SUPPLIER } from "./ledger.mjs";
import { addAccount, luling, serve, signIn, tempDir } from "./lib.mjs";

const vkeyOf = (s) => /^log (\S+)$/m.exec(readFileSync(join(s.data, "journal/policy"), "utf8"))[1];

test("a receivable is issued, confirmed, financed by one bank alone, paid, and proven offline", async (t) => {
  const data = join(tempDir(t), "data");
  await firms(data);
  const s = await serve(t, { data, signedIn: false });
  const l = await ledger(s);
  const { as, supplier, core, icbc, abc, offer, enter, next, confirmed } = l;
  const { rules } = (await icbc.call("ledger.rules")).body;
  assert.deepEqual(rules.find((r) => r.act === "transfer").signers, ["holder", "to"]);

  await t.test("a step waits for everybody who must sign; strangers are told nothing", async (u) => {
    const made = await confirmed("24442000000012345678");
    const statement = next(made, "finance", { financed_fen: 80_000_00, financier: ICBC });
    assert.equal((await offer(statement, icbc)).status, 404, "no party has asked the bank yet");
    const first = await offer(statement, supplier);
    assert.deepEqual([first.status, first.body.missing, first.body.entry], [202, [ICBC], null]);
    const waits = (await icbc.call("deed.proposals", { mine: true })).body.items;
    assert.deepEqual(waits.map((p) => [p.statement, p.said.financed_fen, p.signers]), [[first.body.statement, 80_000_00, [{ organisation: ICBC, signed: false }, { organisation: SUPPLIER, signed: true }]]]);
    assert.equal((await abc.call("deed.show", { id: made.document })).status, 404);
    assert.equal((await abc.call("deed.file", { id: made.document })).status, 404);
    assert.deepEqual((await icbc.call("deed.show", { id: made.document })).body.steps.map((x) => x.act), ["issue", "confirm"], "who is asked to sign reads it first");
    assert.equal((await offer(waits[0].said, icbc)).status, 201, "what was read is what is signed");
    assert.equal((await offer(statement, supplier)).status, 201, "the same again is the same");
    assert.equal((await icbc.call("deed.show", { id: made.document })).body.state, "financed");

    await u.test("another bank does not finance the same invoice under another number, and gets the proof", async () => {
      const again = await confirmed("２４４４-2000 0000-12345678"); // registered once more, spelt otherwise
      const refused = await offer(next(again, "finance", { financed_fen: 1, financier: ABC }), abc, supplier);
      assert.deepEqual([refused.status, refused.body.error.condition], [409, "encumbered"], refused.text);
      assert.ok(!refused.text.includes(ICBC) && !refused.text.includes(made.document), "not by whom, nor in which deed");
      const shown = readEvidence(refused.body.evidence, vkeyOf(s));
      const steps = (await icbc.call("deed.show", { id: made.document })).body.steps;
      assert.equal(shown.index, steps.at(-1).entry, "the entry is that of the first financing");
      assert.ok(refused.body.receipt.index > shown.index, "that it was refused is journalled as well");
      const proof = join(data, "..", "evidence.json");
      writeFileSync(proof, JSON.stringify(refused.body.evidence));
      const checked = await luling(["ledger", "verify", proof, "--policy", join(data, "journal/policy"), "--json", "-d", "/nonexistent"]);
      assert.equal(checked.code, 0, checked.err);
      writeFileSync(proof, JSON.stringify({ ...refused.body.evidence, identity: { ...refused.body.evidence.identity, number: "1" } }));
      assert.equal((await luling(["ledger", "verify", proof, "--policy", join(data, "journal/policy"), "-d", "/nonexistent"])).code, 65);
    });
  });

  await t.test("two banks at the same instant: one", async () => {
    const made = await confirmed("24442000000099999999");
    const replies = await Promise.all([[icbc, ICBC], [abc, ABC]].map(([bank, financier]) => offer(next(made, "finance", { financed_fen: 5, financier }), bank, supplier)));
    assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409]);
    assert.equal(replies.find((r) => r.status === 409).body.error.condition, "encumbered");
  });

  await t.test("transferred, split, pledged and paid; the file holds for jose, sm-crypto, a second reading of the journal and the program", async () => {
    const made = await confirmed("24442000000055555555", 1000);
    const moved = await enter(next(made, "transfer", { to: ICBC }), supplier, icbc);
    const [one, two] = [newId(), newId()];
    const split = next(moved, "split", { parts: [{ amount_fen: 600, document: one }, { amount_fen: 399, document: two }] });
    assert.equal((await offer(split, icbc)).status, 422, "a fen is missing");
    split.parts[1].amount_fen = 400;
    const parted = await enter(split, icbc);
    const pledged = await enter({ ...next({ ...parted, document: one }, "pledge", { financed_fen: 600, financier: ABC }) }, icbc, abc);
    const freed = await enter(next(pledged, "release"), abc);
    const paid = await enter(next(freed, "settle", { note: "到期付款" }), icbc);
    assert.equal((await offer(next(paid, "void"), icbc, core)).status, 409, "an end is an end");
    const file = (await icbc.call("deed.file", { id: one })).body;
    const said = await readFile(file, vkeyOf(s));
    assert.deepEqual(said.map((x) => x.act), ["issue", "confirm", "transfer", "split", "pledge", "release", "settle"]);
    const path = join(data, "..", "deed.json");
    writeFileSync(path, JSON.stringify(file));
    const verify = (...more) => luling(["ledger", "verify", path, "--policy", join(data, "journal/policy"), "--lang", "en", "-d", "/nonexistent", ...more]);
    const [card] = [].concat(JSON.parse((await verify("--json")).out));
    assert.deepEqual([card.state, card.amount_fen, card.holder, card.steps], ["settled", 600, ICBC, 7]);
    assert.match((await verify()).out, /It holds/);
    writeFileSync(path, JSON.stringify({ ...file, steps: file.steps.slice(0, -1), state: "settled" }));
    assert.equal((await verify()).code, 65, "a step was left out");
    file.steps[2].signatures[0].organisation = ABC;
    writeFileSync(path, JSON.stringify(file));
    assert.equal((await verify()).code, 65, "somebody else is said to have signed");
  });

  await t.test("a word taken back never counts; keys of others sign nothing; bad statements are told what is wrong", async () => {
    const made = await confirmed("24442000000077777777");
    const statement = next(made, "transfer", { to: ABC });
    const { body } = await offer(statement, supplier);
    assert.equal((await abc.call("deed.withdraw", { statement: body.statement })).status, 404, "has not signed it");
    assert.equal((await supplier.call("deed.proposals", { sort: "-made" })).body.items[0].statement, body.statement);
    assert.equal((await supplier.call("deed.withdraw", { statement: body.statement })).body.state, "withdrawn");
    assert.equal((await offer(statement, abc)).status, 409);
    assert.equal((await offer(next(made, "transfer", { to: ICBC }), supplier, abc)).status, 403, "that bank is not who takes it");
    assert.equal((await supplier.call("deed.offer", {}, { signatures: [] })).status, 400);
    assert.equal((await supplier.call("deed.offer", {}, { signatures: ["x"] })).status, 422);
    assert.equal((await offer({ ...next(made, "confirm"), ledger: "elsewhere" }, core)).status, 422, "another platform's");
    assert.equal((await offer({ ...l.issue("1"), obligor: "NOBODY" }, supplier)).status, 422);
    const signed = await supplier.sign(next(made, "settle"));
    const reply = await supplier.call("deed.offer", {}, { signatures: [`${signed.slice(0, -2)}${signed.endsWith("AA") ? "BB" : "AA"}`] });
    assert.ok(reply.status >= 400 && reply.status < 500, reply.text);
  });

  await t.test("each sees its own, the auditor all; sorted, filtered, in pages", async () => {
    const mine = (await supplier.call("deeds.list", { sort: "-amount", limit: 3 })).body;
    assert.equal(mine.items.length, 3);
    assert.ok(mine.items[0].amount_fen >= mine.items[1].amount_fen);
    assert.ok((await icbc.call("deeds.list", { state: "financed", role: "financier" })).body.total >= 1);
    assert.equal((await abc.call("deeds.list", { kind: "order" })).body.total, 0);
    const all = (await as.auditor("deeds.list", {})).body;
    assert.ok(all.total > (await abc.call("deeds.list", {})).body.total);
    assert.equal((await as.auditor("deed.show", { id: all.items[0].document })).status, 200);
    await addAccount(data, "abc-1", ABC, "consumer_steward");
    const cookie = await signIn(s, "abc-1");
    assert.equal((await s.call("deeds.list", {}, { cookie })).status, 200);
    assert.equal((await s.call("deed.offer", {}, { cookie, json: { signatures: ["x"] } })).status, 403, "people sign nothing: keys lie with systems");
    assert.equal(CORE, mine.items[0].obligor);
  });
});
