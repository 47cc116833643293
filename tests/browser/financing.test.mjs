// From a firm's need to a loan paid back, in a browser: a real firm of the public registrations registers on its phone, asks for money and sees which products
// fit and why not; a bank takes it, gets the firm's consent, looks, grants, lends and is repaid; another refuses, says why, and the next bank has it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { people } from "../api/bank.mjs";
import { deliver, demoFiles, serveDemo } from "../api/demo.mjs";
import { luling } from "../api/lib.mjs";
import { absent, realFirms } from "../api/realfirms.mjs";
import { closeBrowser, inspect, openPage, PHONE, quiet, skip as unable, withPasskeys } from "./lib.mjs";
import { enrol, enter } from "./subject.mjs";

const skip = unable || absent;
/** What the city's departments know besides registrations: nothing of the firm is made up, "nothing on record" is what they say of it. */
const KNOWN = ["annual_report", "tax_arrears", "court_dishonesty", "administrative_penalty"];
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let s, as, firm;

before(async () => {
  if (skip) return;
  s = await serveDemo(shared);
  const packs = ["jiangxi_registration", "finance"].map((pack) => join(process.env.LULING_PACKS ?? "build/packs", pack));
  const loaded = await luling(["pack", "load", ...packs, "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const { delivery, firms } = realFirms(shared);
  const taken = await deliver(s, delivery);
  assert.equal(taken.state, "published", JSON.stringify(taken));
  const { deliveries } = demoFiles(shared);
  for (const resource of KNOWN) await deliver(s, deliveries.find((d) => d.resource === resource));
  firm = firms[0];
  as = await people(s);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

const site = () => ({ url: `http://localhost:${s.port}` });

test("a real firm registers on its phone: what the registrations say is filled in, it types five fields", { skip }, async (t) => {
  const phone = await openPage(t, site(), { viewport: PHONE });
  await withPasskeys(phone);
  await enrol(phone, as.steward, firm.uscc, firm.name);
  await enter(phone);
  await phone.getByRole("tab", { name: "企业档案" }).click();
  await phone.getByText("还没有在金融服务平台注册").waitFor();
  await phone.getByRole("row", { name: new RegExp(`企业名称.*${firm.name}`) }).waitFor();
  await phone.getByRole("row", { name: new RegExp(`注册资本.*${(firm.capital_wan * 1e4).toLocaleString("en")}`) }).waitFor();
  assert.equal(await phone.locator("form.form input").count(), 6, "contact, mobile, and what no department knows of it");
  await inspect(phone, "financing-register");
  await phone.getByLabel("行业").fill("C13");
  for (const [name, value] of Object.entries({ "从业人员": "18", "上年营业收入": "6000000", "联系人": "王经办", "联系手机": "13807960000" })) await phone.getByLabel(name).fill(value);
  await phone.getByRole("button", { name: "注册", exact: true }).click();
  await phone.getByText("已在金融服务平台注册").waitFor();
  await phone.getByRole("heading", { name: "企业规模：微型" }).or(phone.getByRole("heading", { name: "企业规模：小型" })).waitFor();
  await quiet(phone);
  await inspect(phone, "financing-registered");
});
