// 300 firms as two departments know them, linked without an identifier: some agree, some wait for a person.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serveDemo } from "./demo.mjs";
import { addAccount, luling, signIn, tempDir } from "./lib.mjs";

export const model = {
  name: "firms", mode: "link", resolve: "one_to_one", id: "id",
  fields: [
    { name: "core", from: "name", clean: "company" },
    { name: "person", clean: "tight", sensitive: true },
    { name: "phone", clean: "digits" },
    { name: "founded", clean: "date" },
  ],
  identifiers: [{ from: "uscc", scheme: "uscc" }, { from: "reg_no", scheme: "reg_no" }],
  comparisons: [
    { name: "name", title: { zh: "名称", en: "name" }, levels: [
      { kind: "exact", fields: ["core"], tf: true }, { kind: "names_alike", fields: ["core"], at: 0.8 }] },
    { name: "person", levels: [{ kind: "exact", fields: ["person"] }, { kind: "edits", fields: ["person"], at: 1 }] },
    { name: "phone", levels: [{ kind: "exact", fields: ["phone"] }] },
    { name: "founded", levels: [{ kind: "exact", fields: ["founded"] }, { kind: "days", fields: ["founded"], at: 40 }] },
  ],
  blocking: [{ keys: ["core"], train: true }, { keys: ["phone"], train: true }, { keys: [{ field: "core", length: 1 }, "person"] }],
  thresholds: { match: 0.95, review: 0.001 },
  training: { random_pairs: 40000 },
};

/** 300 firms as two departments know them; the same every time. */
export function records() {
  const chars = [..."安邦博昌诚春达德东方丰福富港高光广国海瀚豪和恒宏华辉汇惠慧吉佳嘉建江金锦景久聚凯康科朗乐力利联隆茂"];
  let seed = 5;
  const next = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const pick = () => chars[next(chars.length)];
  const left = [["id", "name", "person", "phone", "founded", "uscc", "reg_no"]], right = [left[0]];
  for (let i = 0; i < 300; i++) {
    const core = pick() + pick() + pick(), person = pick() + pick() + pick(), phone = `138${10000000 + next(89999999)}`;
    const founded = `20${10 + next(10)}-0${1 + next(9)}-1${next(9)}`;
    left.push([`L${i}`, `江西省吉安市${core}商贸有限公司`, person, phone, founded, "", ""]);
    const blurred = i % 10 === 3;
    right.push([`R${i}`, `${blurred ? core.slice(0, 2) + pick() : core}商贸有限责任公司`, blurred ? person : i % 7 ? person : pick() + person.slice(1),
      i % 5 && !blurred ? phone : "", blurred ? founded.replace("20", "19") : founded, "", ""]);
  }
  left.push(["LX", "甲公司", "甲某", "1", "2001-01-01", "91360802YL0000397L", ""]);
  right.push(["RX", "完全不同的名字", "乙某", "2", "1999-01-01", "91360802YL0000397L", ""]);
  return [left, right].map((rows) => rows.map((r) => r.join(",")).join("\n") + "\n");
}

export async function linked(t) {
  const s = await serveDemo(t, { signedIn: false });
  const dir = tempDir(t);
  const [left, right, file] = ["tax.csv", "registry.csv", "model.json"].map((f) => join(dir, f));
  const [a, b] = records();
  writeFileSync(left, a);
  writeFileSync(right, b);
  writeFileSync(file, JSON.stringify(model));
  const cli = async (...args) => {
    const run = await luling(["link", ...args, "-d", s.data, "--lang", "en"]);
    return { ...run, json: () => JSON.parse(run.out) };
  };
  const ok = async (...args) => {
    const run = await cli(...args);
    assert.equal(run.code, 0, run.err);
    return run;
  };
  assert.equal((await ok("train", file, left, right, "--json")).json().version, 1);
  const run = (await ok("run", "firms", left, right, "--out", join(dir, "pairs.csv"), "--json")).json();
  await addAccount(s.data, "hub-1", "JA001", "operator");
  await addAccount(s.data, "aud-1", "JA001", "auditor");
  const operator = await signIn(s, "hub-1"), auditor = await signIn(s, "aud-1");
  return { s, cli, ok, run, left, right, file, dir,
    as: (id, params, json) => s.call(id, params, { cookie: operator, json }), audit: (id, params) => s.call(id, params, { cookie: auditor }) };
}
