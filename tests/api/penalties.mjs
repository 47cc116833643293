// A platform with penalties delivered, a bank that may see them, and the department that reports them, which can report some of them anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { addAccount, signIn, until } from "./lib.mjs";

export const SERVICE = "administrative_penalty";
const DOCUMENT = "CF_WSH";
const COLUMNS = { penalty_content: "CF_NR", violation_facts: "CF_SY", penalty_date: "CF_JDRQ", public_until: "CF_GSJZQ", dishonesty_level: "SXCD" };

export async function platform(t, options = {}) {
  const s = await serveDemo(t, options);
  const { dir, deliveries } = demoFiles(t);
  const parts = deliveries.filter((d) => d.resource === SERVICE);
  await deliver(s, parts[0]);
  const as = await people(s);
  for (const [who, duties] of [["source", "source_steward"], ["head_of_source", "approver"]]) {
    await addAccount(s.data, who, "JA002", duties);
    const cookie = await signIn(s, who);
    as[who] = (id, params, json) => s.call(id, params, { cookie, json });
  }
  const bank = await client(s, as);
  await grant(as, [SERVICE], {}, "head_of_source");
  return { s, as, bank, redeliver: source(s, dir, parts[0].path) };
}

/** Delivers the row of a document once more, with other values: (document, {item: value}, act). */
function source(s, dir, path) {
  const [head, ...rows] = readFileSync(path, "utf8").replace(/^\ufeff/, "").split(/\r?\n/).filter(Boolean).map((l) => l.split("\t"));
  let n = 0;
  return async (doc, changes, act = "更正") => {
    const row = [...rows.find((r) => r.length === head.length && r[head.indexOf(DOCUMENT)] === doc)];
    for (const [item, value] of Object.entries(changes)) row[head.indexOf(COLUMNS[item])] = value;
    const path = join(dir, `correction-${++n}.tsv`);
    writeFileSync(path, `${["操作", ...head].join("\t")}\n${[act, ...row].join("\t")}\n`);
    const done = await deliver(s, { resource: SERVICE, path });
    assert.equal(done.state, "published", JSON.stringify(done));
    assert.equal(done.quarantined, 0, JSON.stringify(done));
    return done;
  };
}

/** Records as the bank's changes have them: { key, doc, uscc }. */
export const some = async (bank, n = 20) => (await bank.call("service.changes", { name: SERVICE, limit: n })).body.changes
  .filter((c) => c.record && c.record.values.uscc.status === "present").map((c) => ({ key: c.record.key, doc: c.record.key[0], uscc: c.record.values.uscc.value }));
export const look = async (bank, key) => (await bank.call("service.query", { name: SERVICE }, { key })).body.result;
export const value = async (bank, key, item) => (await look(bank, key)).records[0].values[item];
export const corrections = (bank, cursor, done) => until("corrections", () => bank.call("corrections.list", cursor ? { cursor } : {}), (x) => done(x.body.items)).then((x) => x.body);
