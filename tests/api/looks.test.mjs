// A subject's list of looks is whole: the file that says so is checked by the program and by the console's own code, and whatever is
// done to it is found by both.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people, tokenOf } from "./bank.mjs";
import { consoleModule } from "./console.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, serve, tempDir, until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const OTHER = "91350100M000100Y43";
const SERVICE = "enterprise_registration";

/** Both checks, which have to agree; quick: the browser's alone.  Returns what it says, or null. */
function checker(t, data, checkLooks) {
  const file = join(tempDir(t), "looks.json");
  const policyFile = join(data, "journal/policy");
  const policy = readFileSync(policyFile, "utf8");
  return async (pages, subject, quick = false) => {
    let result = null;
    try {
      result = await checkLooks(structuredClone(pages), policy, subject);
    } catch (error) {
      assert.equal(error.constructor.name, "CheckError", error.stack);
    }
    if (quick) return result;
    writeFileSync(file, pages.map((p) => JSON.stringify(p)).join("\n"));
    const run = await luling(["verify", "--looks", file, "--policy", policyFile, "--lang", "en", ...(subject ? ["--subject", subject] : [])]);
    assert.equal(run.code, result ? 0 : 65, `${run.out}${run.err}`);
    return result;
  };
}

test("the list of looks is whole, page by page, and nobody can leave one out, move, exchange or add one", async (t) => {
  const s = await serveDemo(t, { settings: { looks_commit_s: 1 } });
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  const bank = await client(s, as);
  await grant(as, [SERVICE]);
  const check = checker(t, s.data, (await consoleModule(t, "verify/looks.ts")).checkLooks);
  for (let i = 0; i < 4; i++) assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).status, 200);
  assert.equal((await bank.call("service.batch", { name: SERVICE }, { subjects: [SAMPLE, OTHER, SAMPLE] })).status, 200, "one look, though it is named twice");
  const proof = (id, params = {}) => as.auditor("subject.looks.proof", { id, ...params });
  const page = (await until("a commitment", () => proof(SAMPLE), (r) => r.body.total === 5, 30_000)).body;
  const good = await check([page]);
  assert.deepEqual([good.total, good.whole, good.first, good.looks.map((l) => l.payload.mode)], [5, true, 1, ["query", "query", "query", "query", "batch"]]);
  assert.deepEqual(good.looks.map((l) => l.entry), (await as.auditor("subject.looks", { id: SAMPLE })).body.items.map((l) => l.entry).reverse());

  const nobody = (await proof("91360000MA35YL0G0X")).body; // of whom nobody asked
  const other = (await proof(OTHER)).body;
  if (nobody.format) assert.deepEqual([(await check([nobody])).total, nobody.looks], [0, []]);
  assert.equal((await check([other])).total, 1);
  assert.ok(!JSON.stringify([page.tree, page.from]).includes(other.subject) && other.tree.others.length === 0, "a path names nobody else");

  // in pages, and in pages that do not follow
  const pages = [];
  for (let after = 0; after < 5; after += 2) pages.push((await proof(SAMPLE, { after, limit: 2 })).body);
  assert.equal((await check(pages)).whole, true);
  assert.equal((await check(pages.slice(1))).whole, false, "right, but not from the beginning");
  assert.equal(await check(pages.slice(0, 2)), null, "not to the end");
  assert.equal(await check([pages[0], pages[2]]), null);
  assert.equal(await check([pages[1], pages[0], pages[2]]), null);
  assert.equal((await proof(SAMPLE, { after: 6 })).status, 404);

  const changed = (change, quick = false) => {
    const copy = structuredClone(page);
    change(copy);
    return check([copy], undefined, quick);
  };
  const swap = (list, i, j) => ([list[i], list[j]] = [list[j], list[i]]);
  for (let i = 0; i < 5; i++) {
    assert.equal(await changed((p) => p.looks.splice(i, 1), i !== 2), null, `look ${i} is left out`);
    assert.equal(await changed((p) => (p.looks.splice(i, 1), p.total--), i !== 4), null, `look ${i} is left out and not counted`);
    assert.equal(await changed((p) => (p.looks[i] = { link: p.looks[i].link.replace(/^./, (c) => (c === "A" ? "B" : "A")), why: "withheld" }), i !== 1), null, `look ${i} is exchanged`);
    assert.equal((await changed((p) => (p.looks[i] = { link: p.looks[i].link, why: "withheld" }), i !== 3)).looks[i].why, "withheld", "one that is withheld counts");
  }
  assert.equal(await changed((p) => swap(p.looks, 0, 1)), null, "moved");
  assert.equal(await changed((p) => p.looks.push(structuredClone(p.looks[0]))), null, "added");
  assert.equal(await changed((p) => (p.looks.push(structuredClone(p.looks[4])), p.total++)), null, "added and counted");
  assert.equal(await changed((p) => p.looks[2].entry++), null, "another entry");
  assert.equal(await changed((p) => (p.looks[2].text = p.looks[2].text.replace('"call"', '"export"'))), null, "another kind");
  assert.equal(await changed((p) => (p.looks[0].sealed = p.looks[1].sealed)), null, "other contents");
  assert.equal(await changed((p) => (p.subject = other.subject)), null, "the list of one under the name of another");
  assert.equal(await changed((p) => { p.looks = []; p.total = 0; p.tree = other.tree; p.from = { head: p.from.head, looks: 0 }; }), null, "nobody looked");
  assert.equal(await check([other], page.subject), null, "the list of another for one's own");
  assert.equal((await check([page], page.subject)).total, 5);
  assert.equal(await changed((p) => (p.commitment = { ...p.commitment, entry: p.commitment.entry.replace(/"looks":\d+/, '"looks":4') })), null, "a commitment that the journal does not have");
  assert.equal(await changed((p) => (p.commitment.proof = p.commitment.proof.replace(/index \d+/, "index 0"))), null);
  assert.equal(await changed((p) => p.tree.siblings.pop()), null);
  assert.equal(await changed((p) => p.tree.others.push({ subject: other.subject, looks: 1, head: other.from.head })), null);
  assert.equal(await changed((p) => (p.format = "luling-looks/v2")), null);
  for (const gone of Object.keys(page)) assert.equal(await changed((p) => delete p[gone], gone !== "from"), null, gone);
  assert.equal((await luling(["verify", "--looks", "/dev/null", "--lang", "en"])).code, 64, "without keys there is nothing to go by");
  assert.equal((await as.operator("subject.looks.proof", { id: SAMPLE })).status, 403);
  assert.equal((await proof("nobody")).status, 422);
});

test("after kill -9 the chains go on where they were, and every commitment ever seen still holds", async (t) => {
  const settings = { looks_commit_s: 1 };
  let s = await serveDemo(t, { settings });
  const { deliveries } = demoFiles(t);
  await deliver(s, deliveries.find((d) => d.resource === SERVICE));
  const as = await people(s);
  let bank = await client(s, as);
  await grant(as, [SERVICE]);
  const check = checker(t, s.data, (await consoleModule(t, "verify/looks.ts")).checkLooks);
  let total = 0;
  let earlier = null;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).status, 200);
    total += 5;
    const page = (await until("a commitment", () => as.auditor("subject.looks.proof", { id: SAMPLE }), (r) => r.body.total === total, 30_000)).body;
    assert.equal((await check([page])).whole, true);
    if (earlier) {
      assert.deepEqual(page.looks.slice(0, earlier.looks.length), earlier.looks, "what was once in the list stays there");
      assert.equal((await check([earlier])).total, earlier.total);
    }
    earlier = page;
    assert.equal((await bank.call("service.query", { name: SERVICE }, { key: [SAMPLE] })).status, 200, "one that may or may not be committed to");
    total++;
    s.child.kill("SIGKILL");
    await s.ended;
    s = await serve(t, { data: s.data, settings: { ...settings, listen_port: s.port } });
    const token = await tokenOf(s, bank.id, bank.privateKey);
    bank = { ...bank, call: (route, params, json) => s.call(route, params, { anonymous: true, headers: { Authorization: `Bearer ${token}` }, json }) };
  }
});
