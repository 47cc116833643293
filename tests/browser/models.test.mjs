// A pre-check on the page: an institution uploads its model, another person activates it, a firm is asked for exactly what the model reads, signs on its phone, and the model runs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { people } from "../api/bank.mjs";
import { deliver, serveDemo } from "../api/demo.mjs";
import { luling, signIn, tempDir } from "../api/lib.mjs";
import { firms } from "../api/modelfirms.mjs";
import { closeBrowser, inspect, openPage, PHONE, quiet, skip, withPasskeys } from "./lib.mjs";
import { enrol, enter } from "./subject.mjs";

const CARD = `row,indicator,is,from,to,value,points,result,limit_min,limit_max,reason,words,words_en
base,,,,,,400,,,,,,
band,years_in_business,range,,5,,50,,,,SHORT,,
band,years_in_business,range,5,,,300,,,,,,
band,years_in_business,missing,,,,0,,,,SHORT,,
band,tax_credit_level,code,,,A|B,200,,,,,,
band,tax_credit_level,other,,,,20,,,,GRADE,,
band,tax_credit_level,missing,,,,60,,,,GRADE,,
cut,,,700,,,,pass,100,300,,,
cut,,,,,,,refer,,,,,
reason,,,,,,,,,,SHORT,经营年限短,Short time in business
reason,,,,,,,,,,GRADE,纳税信用等级不高,Tax credit
`;
const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let s, as, firm;

before(async () => {
  if (skip) return;
  s = await serveDemo(shared);
  const loaded = await luling(["pack", "load", join(process.env.LULING_PACKS ?? "build/packs", "finance"), "-d", s.data]);
  assert.equal(loaded.code, 0, loaded.err);
  const made = firms(tempDir(shared), 12);
  for (const [resource, path] of made.files) assert.equal((await deliver(s, { resource, path })).state, "published");
  firm = made.list[0];
  as = await people(s);
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

test("a firm is asked for what the model reads, signs it on its phone, and is pre-checked", { skip }, async (t) => {
  const desk = await openPage(t, { ...s, cookie: await signIn(s, "icbc-1") });
  await desk.visit("/models");
  await desk.click("text=上传模型");
  await desk.fill("#model-name", "card");
  await desk.fill("#model-title", "小微信用分");
  const file = (text) => desk.setInputFiles("#model-file", { name: "card.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await file(CARD.replace("pass,100", "maybe,100"));
  await desk.click("text=检查并上传");
  await desk.getByText(/有 \d+ 处错误，没有上传/).waitFor();
  await inspect(desk, "models-faults");
  await file(CARD);
  await desk.click("text=检查并上传");
  await desk.getByText("已上传，待本机构另一人启用").waitFor();

  const head = await openPage(t, { ...s, cookie: await signIn(s, "icbc-2") }, { viewport: PHONE });
  await head.visit("/models");
  await head.getByRole("button", { name: "小微信用分" }).click();
  await head.locator(".steps button").first().click();
  await head.locator(".steps .form .primary").click();
  await head.locator("main .badge", { hasText: "启用" }).first().waitFor();
  await inspect(head, "models-head");

  const phone = await openPage(t, { url: `http://localhost:${s.port}` }, { viewport: PHONE });
  await withPasskeys(phone);
  await enrol(phone, as.steward, firm.uscc, firm.name);

  await desk.visit("/models");
  await desk.getByRole("button", { name: "小微信用分" }).click();
  await desk.locator("main .panel dd", { hasText: "成立日期" }).first().waitFor();
  await desk.fill("#run-subjects", firm.uscc);
  await desk.getByRole("button", { name: "预审", exact: true }).click();
  await desk.getByText("企业没有就“贷前预审”授权本机构").waitFor();
  await desk.click("text=请企业授权预审");
  await desk.fill("#precheck-subject", firm.uscc);
  await desk.fill("#precheck-title", firm.name);
  await desk.getByRole("button", { name: "生成授权书" }).click();
  const url = await desk.locator("code.address", { hasText: "/consent#" }).textContent();
  await inspect(desk, "models-asked");
  await desk.setViewportSize(PHONE);
  await inspect(desk, "models-asked");
  await desk.setViewportSize({ width: 1440, height: 900 });

  await phone.goto(url);
  const letter = await phone.locator("pre.letter").textContent();
  for (const words of ["用途：贷前预审", "成立日期", "级别", "次数：最多 3 次", firm.name]) assert.ok(letter.includes(words), `${words}: ${letter}`);
  for (const words of ["法定代表人", "注册资本", "住所"]) assert.ok(!letter.includes(words), `the model does not read ${words}`);
  await quiet(phone);
  await inspect(phone, "precheck-consent");
  await phone.click("form .primary");
  await phone.getByText("撤回").first().waitFor();

  assert.equal(await desk.locator("#run-subjects").inputValue(), firm.uscc, "who was asked is who is run on next");
  await desk.getByRole("button", { name: "预审", exact: true }).click();
  await desk.getByRole("heading", { name: "结果" }).waitFor();
  await desk.locator("[role=status] .badge").first().waitFor();
  await inspect(desk, "models-run");

  await enter(phone);
  await phone.getByRole("tab", { name: "企业档案" }).click();
  await phone.getByRole("heading", { name: "小微信用分" }).waitFor();
  await quiet(phone);
  await inspect(phone, "precheck-seen");
});
