// docs/guide: the pages it shows are walked over data like the demo's, each in both languages, and what its pictures show must still be there.
// Every picture that is named exists and is small, and every route and table that the guide names exists.
//
// LULING_PICTURES=DIR (`make pictures`) takes the pictures anew.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { client, grant, people } from "../api/bank.mjs";
import { firmOf } from "../api/deals.mjs";
import { deliver, demoFiles, serveDemo, settled } from "../api/demo.mjs";
import { eventsFile } from "../api/financeevents.mjs";
import { firms, ICBC, ledger } from "../api/ledger.mjs";
import { addAccount, luling, routes, signIn } from "../api/lib.mjs";
import { closeBrowser, DESKTOP, openBrowser, openPage, PHONE, quiet, skip, withPasskeys } from "./lib.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../..");
const guide = join(source, "docs/guide");
const WRITE = process.env.LULING_PICTURES;
const EACH_MOST = 60_000, ALL_MOST = 1_500_000; // bytes
const DESK_WIDTH = 1000; // of a picture of a desk's screen; a phone's stays as it is
const SAMPLE = "91360802YL0000397L";
const TITLE = "吉安示例有限公司";
const SERVICE = "enterprise_registration";
const DELIVERED = [SERVICE, "annual_report", "tax_rating", "environment_rating", "administrative_penalty", "ip_patent"];
const WALL = { width: 1920, height: 1080 };

const cleaners = [];
const shared = { after: (fn) => cleaners.push(fn) };
let server, as, bank, last, granted, waiting, deed, financing;

before(async () => {
  if (skip) return;
  server = await serveDemo(shared, { settings: { looks_commit_s: 1 } });
  const { deliveries } = demoFiles(shared);
  for (const resource of DELIVERED) last = await deliver(server, deliveries.find((d) => d.resource === resource));
  as = await people(server);
  await addAccount(server.data, "guide-steward", "JA023", "source_steward");
  bank = await client(server, as);
  granted = await grant(as, [`${SERVICE}:uscc enterprise_name registration_status`]);
  const packs = await luling(["pack", "load", ...["credit", "finance"].map((p) => join(process.env.LULING_PACKS ?? "build/packs", p)), "-d", server.data]);
  assert.equal(packs.code, 0, packs.err);
  assert.equal((await bank.call("report.ask", {}, { subject: SAMPLE, format: "html", officer: "0796-118" })).status, 200);
  await grant(as, ["tax_rating:uscc credit_rating"].map((x) => x.split(":")[0]), { consent: true }, "tax");
  const asked = await as.steward("application.make", {}, { resources: [`${SERVICE}:uscc,enterprise_name,legal_rep_name`], purpose: "小微企业贷前调查", legal_basis: "《政务数据共享条例》第十条", per_day: 500, modes: "query verify", consent: true });
  [waiting] = asked.body.items.map((a) => a.id);
  await as.head("application.act", { id: waiting }, { action: "endorse" });
  await as.operator("application.act", { id: waiting }, { action: "pass" });
  await as.steward("demand.add", {}, { title: "企业燃气缴费记录", purpose: "小微企业贷前调查", legal_basis: "《政务数据共享条例》第十条" });
  await firms(server.data);
  const l = await ledger(server);
  deed = (await l.enter(l.next(await l.confirmed("24442000000012345678"), "finance", { financed_fen: 80_000_00, financier: ICBC }), l.supplier, l.icbc)).document;
  financing = await financed();
  const { delivery } = (await as.operator("finance.deliver", {})).body;
  assert.equal((await settled(server, delivery)).state, "published");
  assert.equal((await deliver(server, eventsFile(shared))).state, "published"); // made up, as all of the demo is
  for (let i = 0; i < 12; i++) await bank.call("service.query", { name: SERVICE }, { subject: SAMPLE, officer: "0796-118" });
});

after(async () => {
  await closeBrowser();
  for (const clean of cleaners.reverse()) await clean();
});

/** Two financings of the firm at the sample bank: one that it agreed to and that was accepted, one that waits for its word; returns the first. */
async function financed() {
  await addAccount(server.data, "fi1-officer", "FI001", "consumer_steward");
  const cookie = await signIn(server, "fi1-officer"), officer = (id, params, json) => server.call(id, params, { cookie, json });
  const firm = await firmOf({ s: server, as }, SAMPLE, TITLE);
  const ids = [];
  for (const amount_fen of [50_000_000, 120_000_000]) {
    const { id } = (await firm("me.financing.add", {}, { mode: "open", amount_fen, term_months: 12, purpose: "02", guarantee: "D" })).body;
    assert.equal((await firm("me.financing.act", { id }, { action: "publish" })).status, 200);
    const taken = await officer("finance.financing.act", { id }, { action: "take", product: "sample_tax" });
    assert.equal(taken.status, 200, taken.text);
    ids.push([id, taken.body.case]);
  }
  const [[first, loan]] = ids;
  assert.equal((await firm("me.loan_case.act", { id: loan }, { action: "apply" })).status, 200);
  assert.equal((await officer("finance.case.act", { id: loan }, { action: "accept" })).status, 200);
  return first;
}

async function subject(page, path = "/me") {
  await withPasskeys(page);
  const made = (await as.steward("enrolment.make", {}, { subject: SAMPLE, subject_title: TITLE, capacity: "legal_representative", proof: "柜面核验营业执照" })).body;
  await page.goto(made.url);
  await page.click("form .primary");
  await page.waitForSelector(".note.fine");
  await as.steward("consent.ask", {}, { subject: SAMPLE, subject_title: TITLE, resources: ["tax_rating"], purpose: "小微企业贷前调查", until: new Date(Date.now() + 9e9).toISOString().slice(0, 10), uses: 5 });
  await page.visit(path);
  await page.click("form .primary");
  if (path === "/me") await page.waitForSelector(".completeness .note.fine, .completeness .note:not(.bad)");
}

/** Each picture: who sees it, where, what must be on it, and what is done before it is taken. */
const PICTURES = [
  { name: "open", path: () => "/open", size: DESKTOP, shows: [".hero .figures", ".card", "#q"] },
  { name: "catalogue", who: "icbc-1", path: () => "/", size: DESKTOP, shows: [".facets fieldset", ".card .figures", ".card input[type=checkbox]"] },
  { name: "desk", who: "guide-steward", path: () => "/desk", size: DESKTOP, shows: [".tiles .tile", "table.stack a[href^='/quality/']"] },
  { name: "delivery", who: "guide-steward", path: () => `/deliveries/${last.id}`, size: PHONE, shows: [".sum .kept", ".sum .refused"] },
  { name: "quality", who: "guide-steward", path: () => `/quality/${SERVICE}`, size: DESKTOP, shows: [".chart canvas", "select, .grid tbody tr"] },
  { name: "service", who: "icbc-1", path: () => `/services/${granted}`, size: DESKTOP, shows: ["#try-mode", "#try-subject", "#samples"] },
  { name: "reports", who: "icbc-1", path: () => "/reports", size: DESKTOP, shows: [".listing tbody tr", ".tasks summary"] },
  { name: "products", path: () => "/products?with=sample_tax,sample_first", size: DESKTOP, shows: [".listing tbody tr", "section table.stack th:nth-child(3)"] },
  { name: "ledger", who: "icbc-1", path: () => `/ledger/${deed}`, size: DESKTOP, shows: [".deedchain > li >> nth=2", ".seals li", "a.button[download]"] },
  { name: "decide", who: "msr-1", path: () => `/decide/${waiting}`, size: PHONE, shows: [".asked .grade", ".decide button"] },
  { name: "operations", who: "hub-1", path: () => "/operations", size: DESKTOP, shows: ["#sources table", ".tree"] },
  { name: "wall", who: "hub-1", path: () => "/wall", size: WALL, bare: true, shows: [".kpis dd", ".wall-box .foremost", ".feed li"] },
  { name: "finance-wall", who: "hub-1", path: () => "/finance-wall", size: WALL, bare: true, shows: [".kpis dd", ".county.shade-4", ".feed li", ".month-bars .lent"] },
  { name: "finance-figures", path: () => "/finance-figures", size: DESKTOP, shows: [".said .figures", ".county.shade-4"] },
  { name: "admin", who: "sec-1", path: () => "/admin", size: DESKTOP, shows: ["table tbody tr"] },
  { name: "financing", host: true, size: PHONE, enter: (page) => subject(page, `/financing/${financing}`), shows: [".next-act", ".candidates .way li.now", ".candidates .way li.done"] },
  { name: "financing-desk", who: "fi1-officer", path: () => "/financing-desk#board", size: DESKTOP, shows: [".board .card >> nth=1", ".board .badge"] },
  { name: "me-looks", host: true, size: PHONE, enter: subject, shows: ["[role=tab]", ".completeness .note", "ol.candidates > li"] },
  { name: "me-consents", host: true, size: PHONE, enter: async (page) => {
    await subject(page);
    await page.click("[role=tab] >> nth=2");
    await page.waitForSelector(".waiting details");
    await page.locator(".waiting details").first().evaluate((d) => (d.open = true)); // there may be several
  }, shows: [".waiting .letter", ".waiting form .primary"] },
];

/** As WebP, which Chromium itself makes. */
async function small(png, width) {
  const page = await (await openBrowser()).newPage();
  const bytes = await page.evaluate(async ({ data, width }) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const scale = Math.min(1, width / image.width);
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    const draw = canvas.getContext("2d");
    draw.imageSmoothingQuality = "high";
    draw.drawImage(image, 0, 0, canvas.width, canvas.height);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 0.72 })).arrayBuffer())];
  }, { data: png.toString("base64"), width });
  await page.close();
  return Buffer.from(bytes);
}

for (const lang of ["zh", "en"])
  for (const p of PICTURES)
    test(`the guide's picture still shows what is there: ${p.name}, ${lang}`, { skip }, async (t) => {
      const cookie = p.who && (await signIn(server, p.who));
      const page = await openPage(t, { url: p.host ? `http://localhost:${server.port}` : server.url, cookie }, { viewport: p.size, lang });
      if (p.enter) await p.enter(page);
      else {
        await page.goto(server.url + p.path());
        await page.waitForSelector(p.bare ? "main h1" : "main#main h1");
      }
      for (const what of p.shows) await page.waitForSelector(what);
      if (!p.bare) await quiet(page);
      if (!WRITE) return;
      await page.waitForTimeout(500); // charts are drawn, fonts are there
      await page.evaluate(() => scrollTo(0, 0));
      mkdirSync(join(source, WRITE), { recursive: true });
      writeFileSync(join(source, WRITE, `${p.name}.${lang}.webp`), await small(await page.screenshot(), p.size === PHONE ? PHONE.width : DESK_WIDTH));
    });

// --- the text itself ---------------------------------------------------------------------------------------------------------

const texts = readdirSync(guide).filter((f) => f.endsWith(".md")).map((name) => ({ name, text: readFileSync(join(guide, name), "utf8") }));

test("every picture that the guide names exists, is small and is one that is checked; none lies there unnamed", () => {
  const named = texts.flatMap(({ text }) => [...text.matchAll(/!\[[^\]]+\]\(pictures\/([^)]+)\)/g)].map((m) => m[1]));
  const lying = readdirSync(join(guide, "pictures"));
  assert.deepEqual([...new Set(named)].sort(), lying.sort());
  assert.deepEqual([...new Set(named.map((n) => n.split(".")[0]))].sort(), PICTURES.map((p) => p.name).sort());
  const sizes = lying.map((n) => statSync(join(guide, "pictures", n)).size);
  for (const [i, n] of lying.entries()) assert.ok(sizes[i] <= EACH_MOST, `${n}: ${sizes[i]} bytes`);
  assert.ok(sizes.reduce((a, b) => a + b, 0) <= ALL_MOST);
  for (const { name, text } of texts)
    for (const [, picture] of text.matchAll(/pictures\/([^)]+)\)/g)) assert.match(picture, name.includes("zh-CN") ? /\.zh\.webp$/ : /\.en\.webp$/, `${name}: ${picture} is of the other language`);
});

test("each page of the guide is there in both languages, and its links lead somewhere", () => {
  const chinese = texts.filter((x) => x.name.endsWith(".zh-CN.md")).map((x) => x.name.replace(".zh-CN.md", ".md"));
  assert.deepEqual(chinese.sort(), texts.filter((x) => !x.name.includes("zh-CN")).map((x) => x.name).sort());
  for (const { name, text } of texts)
    for (const [, to] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) assert.ok(existsSync(join(guide, to)), `${name}: ${to}`);
});

test("the routes that the guide names exist, and both languages name the same", () => {
  const known = new Set(Object.values(routes).map((r) => `${r.method} ${r.path.replace(/\{\w+\}/g, "{}")}`));
  const of = (text) => [...text.matchAll(/`((?:GET|POST|PUT|DELETE) \/[^`]*)`/g)].map((m) => m[1].replace(/\?.*/, "").replace(/\{\w+\}|\/(?:ID|名称|NAME|编号)(?=\/|$)/g, (x) => (x.startsWith("/") ? "/{}" : "{}")));
  for (const { name, text } of texts) {
    const named = of(text);
    for (const route of named) assert.ok(known.has(route), `${name}: ${route}`);
    if (name.includes("zh-CN")) continue;
    const other = texts.find((x) => x.name === name.replace(".md", ".zh-CN.md"));
    assert.deepEqual([...new Set(of(other.text))].sort(), [...new Set(named)].sort(), `${name} and ${other.name}`);
  }
});

test("each page that shows figures names their source, and the tables it names exist", () => {
  const schema = readFileSync(join(source, "src/store/tbl/schema.h"), "utf8");
  const settings = readFileSync(join(source, "src/base/tbl/settings.h"), "utf8");
  const tables = new Set([...schema.matchAll(/CREATE TABLE (\w+)/g), ...settings.matchAll(/X\((\w+), [A-Z]/g)].map((m) => m[1]));
  for (const { name, text } of texts.filter((x) => !x.name.startsWith("README"))) {
    const rows = text.split("\n").filter((l) => /^\|/.test(l) && /(?:GET|POST) \//.test(l));
    assert.ok(rows.length > 0 || name.startsWith("wall"), `${name} has no table of sources`);
    for (const row of rows) {
      const at = row.split("|").slice(2).join("|").replace(/`(?:GET|POST|PUT|DELETE) [^`]*`/g, "").replace(/`\/\w+`/g, "");
      for (const [, word] of at.matchAll(/`([a-z_]+)(?:\.[a-z0-9_]+)?`/g))
        if (!["quarantine"].includes(word) && !/^(items|counts|working_days|rows|quarantined|open|dimensions)$/.test(word)) assert.ok(tables.has(word), `${name}: ${word} is neither a table nor a setting`);
    }
  }
});

/** Asked by pages without a figure of it being shown, and why; a file that one saves is no figure either. */
const NO_FIGURE = {
  identify: "what kind of number was typed", "codes.search": "codes to choose from", "flow.show": "states to choose from", "session.show": "who is signed in",
  "consent.offer": "the text to sign, which stands in the offer", "enrolment.show": "the passkey's challenge",
};
/** Paths with what stands for a part of them alike. */
const blank = (path) => path.replace(/\?.*/, "").replace(/\{\w+\}|\/(?:ID|名称|NAME|编号)(?=\/|$)/g, (x) => (x.startsWith("/") ? "/{}" : "{}"));

/** Every route that the tables of a text name; "`GET /v1/a`, `/b`" is /v1/a and /v1/a/b, or what stands beside it. */
function sourcesIn(text, known) {
  const named = new Set();
  for (const row of text.split("\n").filter((l) => l.startsWith("|"))) {
    let last = "";
    for (const [, path] of [...row.matchAll(/`(?:(?:GET|POST|PUT|DELETE) )?(\/[^`]*)`/g)].map(([all, p]) => [all, blank(p)])) {
      const bases = path.startsWith("/v1/") ? [""] : last.split("/").map((_, at, parts) => parts.slice(0, parts.length - at).join("/"));
      const found = [...bases, ""].map((base) => base + path).find((p) => known.has(p));
      if (found) named.add(found);
      last = found ?? path;
    }
  }
  return named;
}

test("every route that a page of the console asks for stands with its source in a table of the guide, and every page has its paragraph", () => {
  const web = join(source, "web/src");
  const code = readdirSync(web, { recursive: true }).filter((f) => /\.tsx?$/.test(f)).map((f) => readFileSync(join(web, f), "utf8")).join("\n");
  const functions = new Set([...code.matchAll(/\b[a-z]\w*\b/g)].map(([word]) => word.replace(/(Query|Url)$/, "")));
  const gets = Object.entries(routes).filter(([, r]) => r.method === "GET" && r.path.startsWith("/v1/"));
  const known = new Set(Object.values(routes).map((r) => blank(r.path)));
  const asked = gets.filter(([id, r]) => typeof r.replies["200"] === "string" && functions.has(id.replace(/[._]([a-z])/g, (_, c) => c.toUpperCase())));
  assert.ok(asked.length > 60);
  for (const zh of [true, false]) {
    const guideText = texts.filter((x) => x.name.includes("zh-CN") === zh).map((x) => x.text).join("\n");
    const named = sourcesIn(guideText, known);
    for (const [id, r] of asked) if (!(id in NO_FIGURE)) assert.ok(named.has(blank(r.path)), `${id}: no table of the guide (${zh ? "zh" : "en"}) names GET ${r.path}`);
    const addresses = [...readFileSync(join(web, "app/pages.ts"), "utf8").matchAll(/path: "(\/[a-z-]+)", section: "/g)].map((m) => m[1]);
    for (const address of addresses) assert.ok(guideText.includes(`\`${address}\``) || guideText.includes(`\`${address}…`), `${address} is not in the guide (${zh ? "zh" : "en"})`);
  }
});
