// A small county of rural households taken in, and a bank with grants for what the tests ask about.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { client, people } from "./bank.mjs";
import { addAccount, luling, serve, signIn, tempDir } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const packs = process.env.LULING_PACKS ?? join(source, "build/packs");
const TAKEN = ["rural_household", "rural_member", "rural_village_survey", "rural_planting", "rural_loan"];
const APPROVERS = { JA001: "hub-app", JA006: "police-app", JA015: "village-app", JA016: "farm-app" };
export const PURPOSE = "农户贷前调查";

async function run(...args) {
  const done = await luling(args);
  assert.equal(done.code, 0, `${args.join(" ")}: ${done.err}`);
  return done.out;
}

/** The first household has a loan of the asking bank, too: 50 000 yuan, of another guarantee than the others'. */
function ownLoan(files, farm) {
  const path = join(files, readdirSync(files).find((name) => name.includes("rural_loan")));
  appendFileSync(path, `JB001,HT样例9999999999,${farm.holder_id_no},${farm.holder_name},50000,FQ01,D,3,2026-10-31,样例\n`);
}

/** { s, as, bank, truth }: a server, everybody, a bank's client, and what is so of each household. */
export async function county(t, settings = {}) {
  const data = tempDir(t), files = tempDir(t);
  const made = spawnSync("python3", [join(source, "demo/rural.py"), files, "6"], { encoding: "utf8", timeout: 60_000 });
  assert.equal(made.status, 0, made.stderr);
  const truth = JSON.parse(readFileSync(join(files, "truth.json"), "utf8")).slice(3);
  ownLoan(files, truth[0]);
  await run("pack", "load", ...["core", "jian", "rural"].map((name) => join(packs, name)), "-d", data);
  for (const d of JSON.parse(readFileSync(join(files, "deliveries.json"), "utf8")).filter((one) => TAKEN.includes(one.resource)))
    await run("intake", join(files, d.file), "--resource", d.resource, "-d", data);
  const s = await serve(t, { data, settings });
  const as = await people(s);
  for (const [organisation, account] of Object.entries(APPROVERS)) {
    await addAccount(s.data, account, organisation, "approver");
    const cookie = await signIn(s, account);
    as[organisation] = (id, params, json) => s.call(id, params, { cookie, json });
  }
  return { s, as, data, bank: await client(s, as), truth };
}

/** Applies for resources and lets each provider grant what is its own. */
export async function granted(as, resources, more = {}) {
  const made = await as.steward("application.make", {}, {
    resources, purpose: PURPOSE, legal_basis: "《政务数据共享条例》第十条", modes: "query batch verify", per_day: 100000, consent: true,
    until: new Date(Date.now() + 700 * 864e5).toISOString().slice(0, 10), ...more });
  assert.equal(made.status, 201, made.text);
  const scene = made.body.items[0].scene;
  assert.equal((await as.head("application.act", { id: scene }, { action: "endorse" })).status, 200);
  const passed = (await as.operator("application.act", { id: scene }, { action: "pass" })).body.items;
  for (const a of passed.filter((one) => one.state === "provider_review")) {
    const approved = await as[a.provider]("application.act", { id: a.id }, { action: "approve" });
    assert.equal(approved.status, 200, approved.text);
    if (approved.body.items[0].state !== "granted") assert.equal((await as[a.provider]("application.act", { id: a.id }, { action: "open" })).status, 200);
  }
}

/** The farmer consents on paper, which the bank's officer records. */
export async function consented(as, subject, resources, more = {}) {
  const recorded = await as.steward("consent.record", {}, {
    subject, subject_title: "样例农户", resources, purpose: PURPOSE, until: new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10),
    document: createHash("sha256").update(subject).digest("hex"), ...more });
  assert.equal(recorded.status, 201, recorded.text);
  return recorded.body.id;
}

export const COUNTY = "JC828", OTHER = "JC802";

/** A county's and another county's office, as a pack of theirs would bring them. */
export function offices() {
  const pack = mkdtempSync(join(tmpdir(), "luling-pack-"));
  writeFileSync(join(pack, "pack.json"), JSON.stringify({ name: "county_offices", version: "1.0.0", title: { zh: "县级机构", en: "County offices" }, needs: ["jian"], sample: true, description: { zh: "县级机构样例", en: "County offices, sample" } }));
  writeFileSync(join(pack, "organisations.csv"), `code,name,name_en,region,parent,role,uscc,basis\n${COUNTY},万安县金融服务中心（样例）,Wan'an County Financial Services (sample),360828,JA000,source,,own\n${OTHER},吉州区金融服务中心（样例）,Jizhou District Financial Services (sample),360802,JA000,source,,own\n`);
  return pack;
}
