// Services that packs declare: joined over several resources, rows of a view, each consumer's own OpenAPI description, and pages.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { client, grant, people } from "./bank.mjs";
import { deliver, demoFiles, serveDemo } from "./demo.mjs";
import { luling, tempDir, until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const BASE = "uscc enterprise_name region industry_code registered_capital established_date registration_status";

async function hub(t, resources) {
  const s = await serveDemo(t);
  const { deliveries } = demoFiles(t);
  for (const r of resources) await deliver(s, deliveries.find((d) => d.resource === r));
  const as = await people(s);
  return { s, as, bank: await client(s, as) };
}

const entryOf = async (s, index) => JSON.parse((await s.call("journal.entry", { index }, { raw: false })).text);

test("a view answers no more than the grants cover, bounded, typed, and journalled with who is in its rows", async (t) => {
  const { s, as, bank } = await hub(t, ["enterprise_registration"]);
  const rows = (json, name = "enterprise_list") => bank.call("service.rows", { name }, json);

  const without = await rows({});
  assert.equal(without.status, 403);
  assert.equal(without.body.error.condition, "grant");
  await grant(as, ["enterprise_registration:uscc enterprise_name region"]);
  const part = await rows({});
  assert.equal(part.status, 403, "a view that reads more than is granted is refused as a whole");
  assert.equal(part.body.error.condition, "item");
  assert.equal((await entryOf(s, part.body.receipt.index)).type, "refusal");

  await grant(as, [`enterprise_registration:${BASE}`]);
  const all = await rows({ limit: 5 });
  assert.equal(all.status, 200, all.text);
  assert.equal(all.body.rows.length, 5);
  assert.equal(all.body.more, true);
  assert.deepEqual(all.body.columns.map((c) => c.name), BASE.split(" "));
  assert.equal(all.body.rows[0].uscc.status, "present");
  assert.equal(all.body.rows[0].region.value.code.length, 6);
  assert.ok(all.body.rows[0].region.value.title, "codes come with their titles");
  const entry = await entryOf(s, all.body.receipt.index);
  assert.equal(entry.type, "call");
  assert.ok(!JSON.stringify(entry).includes(all.body.rows[0].uscc.value), "pseudonyms only");
  const next = await rows({ limit: 5, offset: 5 });
  assert.ok(!next.body.rows.some((r) => all.body.rows.some((o) => o.uscc.value === r.uscc.value)), "pages do not overlap");

  const county = all.body.rows[0].region.value.code;
  const inCounty = await rows({ parameters: { county } });
  assert.ok(inCounty.body.rows.length > 0 && inCounty.body.rows.every((r) => r.region.value.code === county));
  const rich = await rows({ parameters: { capital_from: 50000000 } });
  assert.ok(rich.body.rows.every((r) => r.registered_capital.value >= 50000000));
  assert.equal((await rows({ parameters: { name_part: "%' OR 1=1 --" } })).body.rows.length, 0, "a value is a value");
  for (const parameters of [{ capital_from: "much" }, { capital_from: -1 }, { misspelt: 1 }, { county: [1] }])
    assert.equal((await rows({ parameters })).status, 400, JSON.stringify(parameters));
  assert.equal((await rows({}, "enterprise_credit")).status, 400, "a joined service has no rows");
  assert.equal((await rows({}, "no_such_service")).status, 404);

  const sums = await rows({}, "county_industry");
  assert.equal(sums.status, 200, sums.text);
  assert.ok(sums.body.rows.every((r) => Number.isInteger(r.enterprise_count.value)));
});

test("a joined service answers from each of its resources under that resource's own grant", async (t) => {
  const { s, as, bank } = await hub(t, ["enterprise_registration", "administrative_permit"]);
  const join = (json) => bank.call("service.join", { name: "enterprise_credit" }, json);
  const items = {
    enterprise_registration: "uscc enterprise_name registration_status registered_capital", administrative_permit: "permit_doc_name valid_to",
    administrative_penalty: "penalty_content fine_amount penalty_date", tax_rating: "tax_year tax_credit_level", tax_arrears: "tax_type tax_arrears",
  };

  await grant(as, ["enterprise_registration:" + items.enterprise_registration]);
  const refused = await join({ subject: SAMPLE });
  assert.equal(refused.status, 403, "one resource without a grant refuses all");
  assert.equal(refused.body.error.condition, "grant");
  for (const r of ["administrative_permit", "administrative_penalty", "tax_arrears"]) await grant(as, [`${r}:${items[r]}`]);
  await grant(as, ["tax_rating:" + items.tax_rating], {}, "tax");
  const reply = await join({ subject: SAMPLE, officer: "0796-118" });
  assert.equal(reply.status, 200, reply.text);
  assert.deepEqual(reply.body.parts.map((p) => p.resource), Object.keys(items));
  const [registration, permit, penalty] = reply.body.parts;
  assert.equal(registration.result.status, "found");
  assert.deepEqual(Object.keys(registration.result.records[0].values), items.enterprise_registration.split(" "));
  assert.ok(registration.result.records[0].batch > 0 && registration.source.published_at);
  assert.ok(["found", "absent", "source_late"].includes(permit.result.status));
  assert.equal(penalty.result.status, "absent", "nothing was delivered: said, not left out");

  const last = reply.body.receipt.index; // steps of the grants may come in between
  const types = await Promise.all(Array.from({ length: 20 }, async (_, i) => (await entryOf(s, last - i)).type));
  assert.equal(types.filter((type) => type === "call").length, 5, "each resource has its entry");
  const used = JSON.stringify((await as.steward("usage.show", { by: "resource" })).body);
  for (const resource of Object.keys(items)) assert.ok(used.includes(`"${resource}"`), `and is counted: ${resource}`);

  for (const json of [{}, { subject: SAMPLE, key: [SAMPLE] }, { subject: SAMPLE, misspelt: 1 }])
    assert.equal((await join(json)).status, 400, JSON.stringify(json));
  assert.equal((await bank.call("service.join", { name: "enterprise_list" }, { subject: SAMPLE })).status, 400);
});

test("each consumer has an OpenAPI description of what it may call and of nothing else", async (t) => {
  const { as, bank } = await hub(t, ["enterprise_registration"]);
  const none = (await bank.call("services.openapi", {})).body;
  assert.deepEqual(none.paths, {});
  await grant(as, [`enterprise_registration:${BASE} legal_rep_id`], { modes: "query batch" });
  const reply = await bank.call("services.openapi", {});
  assert.equal(reply.status, 200, reply.text);
  const doc = reply.body;
  assert.equal(doc.openapi, "3.1.0");
  assert.deepEqual(Object.keys(doc.paths).sort(), ["/v1/services/county_industry/rows", "/v1/services/enterprise_list/rows",
    "/v1/services/enterprise_registration/batch", "/v1/services/enterprise_registration/query"]);
  const { values } = doc.components.schemas["enterprise_registration.Record"].properties;
  assert.deepEqual(Object.keys(values.properties).sort(), `${BASE} legal_rep_id`.split(" ").sort());
  assert.equal(values.properties.legal_rep_id["x-masked"], true);
  assert.match(values.properties.legal_rep_id.properties.value.examples[0], /\*/, "an example of a masked item is masked");
  assert.equal(values.properties.registered_capital.properties.value.type, "number");
  assert.equal(values.properties.registration_status.properties.value["x-code-table"], "MSR_STATUS");
  assert.equal(doc.components.schemas["enterprise_registration.Record"]["x-luling-grants"][0].per_day, 100000);
  for (const ref of reply.text.matchAll(/"\$ref":"#\/components\/(schemas|responses)\/([^"]+)"/g))
    assert.ok(doc.components[ref[1]][ref[2]], ref[0]);
});

/** A pack with one service over a view. */
function packWith(t, name, items, sql) {
  const dir = join(tempDir(t), name);
  mkdirSync(join(dir, "views"), { recursive: true });
  const put = (file, text) => writeFileSync(join(dir, file), text);
  put("pack.json", JSON.stringify({ name, version: "1.0.0", title: { zh: "一个视图（样例）", en: "A view (sample)" }, needs: ["core", "jian", "demo"], sample: true, description: { zh: "用于测试", en: "for tests" } }));
  put("services.csv", `name,version,title,view,row_limit,time_limit\n${name},1,样例,${name},10,8000\n`);
  put("service_items.csv", ["service,name,use,from,element,rests_on", ...items.map((row) => `${name},${row}${",".repeat(4 - row.split(",").length + 1)}`), ""].join("\n"));
  put(`views/${name}.sql`, sql);
  return dir;
}

/** Its view compares every four enterprises, which takes longer than it may. */
const slowPack = (t) => packWith(t, "slow_count", ["region,output,enterprise_registration.region,", "enterprise_count,output,,enterprise_count,enterprise_registration.enterprise_name", ",input,enterprise_registration.enterprise_name,"],
  "SELECT a.region AS region, count(*) AS enterprise_count\nFROM enterprise_registration AS a, enterprise_registration AS b, enterprise_registration AS c, enterprise_registration AS d\nWHERE a.enterprise_name || b.enterprise_name LIKE '%' || c.enterprise_name || d.enterprise_name || '%'\nGROUP BY a.region\n");

test("a pack whose view shows persons and nothing that says who they are is refused with the row that is missing", async (t) => {
  const s = await serveDemo(t);
  const check = async (items, sql) => {
    const run = await luling(["pack", "check", packWith(t, "debtors", items, sql), "-d", s.data, "--lang", "en"]);
    return [run.code, run.out + run.err];
  };
  const [code, text] = await check(["debtor,output,court_dishonesty.subject_name,", "court,output,court_dishonesty.court_name,"], "SELECT subject_name AS debtor, court_name AS court FROM court_dishonesty\n");
  assert.notEqual(code, 0);
  assert.match(text, /service_items\.csv:2.*court_dishonesty\.subject_name is sensitive or personal.*add an output with from court_dishonesty\.subject_id/);
  const [fine, said] = await check(["id,output,court_dishonesty.subject_id,", "debtor,output,court_dishonesty.subject_name,"], "SELECT subject_id AS id, subject_name AS debtor FROM court_dishonesty\n");
  assert.equal(fine, 0, said);
  const [open, why] = await check(["court,output,court_dishonesty.court_name,", ",input,court_dishonesty.subject_name,"], "SELECT court_name AS court FROM court_dishonesty WHERE subject_name IS NOT NULL\n");
  assert.equal(open, 0, `what is read and not given needs none: ${why}`);
});

test("what a view computes says what it rests on, or the pack is refused with the row that does not", async (t) => {
  const s = await serveDemo(t);
  const check = async (...rows) => {
    const run = await luling(["pack", "check", packWith(t, "counts", ["region,output,enterprise_registration.region,", ",input,enterprise_registration.enterprise_name,", ...rows],
      "SELECT region, count(enterprise_name) AS enterprise_count FROM enterprise_registration GROUP BY region\n"), "-d", s.data, "--lang", "en"]);
    return [run.code === 0, run.out + run.err];
  };
  const refused = async (row, why) => {
    const [good, text] = await check(row);
    assert.equal(good, false, row);
    assert.match(text, why);
  };
  await refused("enterprise_count,output,,enterprise_count,", /service_items\.csv:4.*'enterprise_count' is computed by the view: say in rests_on/);
  await refused("enterprise_count,output,,enterprise_count,enterprise_registration.uscc", /'enterprise_registration\.uscc' of rests_on is no item that service counts declares/);
  await refused("enterprise_count,output,,enterprise_count,nonsense", /'nonsense' of rests_on/);
  const [good, text] = await check("enterprise_count,output,,enterprise_count,enterprise_registration.enterprise_name");
  assert.equal(good, true, text);
});

test("slow views take no more threads than they may: further ones are told when to come again, and all else goes on", async (t) => {
  const s = await serveDemo(t, { settings: { views_at_once: 1 } });
  const loaded = await luling(["pack", "load", slowPack(t), "-d", s.data, "--lang", "en"]);
  assert.equal(loaded.code, 0, loaded.err);
  await deliver(s, demoFiles(t).deliveries.find((d) => d.resource === "enterprise_registration"));
  const as = await people(s);
  const bank = await client(s, as);
  await grant(as, [`enterprise_registration:${BASE}`], { per_day: 1000 });
  let given = 0;
  const rows = async (name) => {
    const r = await bank.call("service.rows", { name }, { limit: 5 });
    if (r.status === 200) given += r.body.rows.length;
    return r;
  };
  assert.equal((await rows("enterprise_list")).status, 200);

  // A connection that is open already may be of the thread that is busy and wait for it; one that is opened now is another thread's.
  const turned = async (reply) => ((await reply).status === 503 ? reply : Promise.reject(new Error("it had its turn")));
  let asked = [];
  const slow = rows("slow_count"); // until its time is over
  const busy = await until("its turn", () => {
    const now = Array.from({ length: 4 }, () => rows("enterprise_list"));
    asked = asked.concat(now);
    return Promise.any([...now.map(turned), slow.then(() => undefined)]).catch(() => undefined);
  }, (r) => r !== undefined);
  assert.deepEqual([busy.status, busy.body.error?.code], [503, "BUSY"], busy.text);
  assert.ok(Number(busy.headers.get("retry-after")) >= 1);
  const page = await as.operator("page.data", { pack: "demo", page: "enterprises", block: "list" });
  assert.equal(page.status, 503, "pages wait for their turn as well");
  assert.equal((await bank.call("service.query", { name: "enterprise_registration" }, { key: [SAMPLE] })).status, 200, "a query goes on meanwhile");
  const ended = await slow;
  assert.equal(ended.status, 413, `beyond its time: ${ended.text}`);
  await Promise.all(asked);
  assert.equal((await rows("enterprise_list")).status, 200, "its turn is given back");
  const used = (await bank.call("services.list", {})).body.items[0];
  assert.equal(used.used_today, given + 1, "what was not answered is not counted");
});

test("a page of a pack is listed to whom it is for, paged, sorted, filtered, summed up and exported", async (t) => {
  const { s, as } = await hub(t, ["enterprise_registration"]);
  const pages = (await as.operator("pages.list", {})).body;
  assert.deepEqual(pages.items.map((p) => p.name), ["county_industry", "enterprises", "licences"]);
  assert.equal((await as.auditor("pages.list", {})).status, 403);
  const data = (params) => as.operator("page.data", { pack: "demo", page: "enterprises", block: "list", ...params });

  const first = await data({ limit: 10 });
  assert.equal(first.status, 200, first.text);
  assert.equal(first.body.rows.length, 10);
  assert.ok(first.body.total > 10);
  const capital = first.body.rows.map((r) => r.registered_capital.value ?? -1);
  assert.deepEqual(capital, [...capital].sort((a, b) => b - a), "in the order that the page declares");
  assert.equal((await entryOf(s, first.body.receipt.index)).type, "look-up", "who is shown was looked at");
  const beyond = await data({ limit: 10, offset: first.body.total + 50 });
  assert.equal(beyond.body.rows.length, 0);
  assert.equal(beyond.body.total, first.body.total, "behind the end the total is still known");
  const byName = await data({ limit: 3, sort: "enterprise_name" });
  assert.ok(byName.body.rows[0].enterprise_name.value <= byName.body.rows[1].enterprise_name.value);
  const one = await data({ filters: JSON.stringify({ uscc: first.body.rows[0].uscc.value }) });
  assert.equal(one.body.total, 1);
  const range = await data({ filters: JSON.stringify({ registered_capital: { from: 1000000, to: 5000000 } }) });
  assert.ok(range.body.rows.every((r) => r.registered_capital.value >= 1000000 && r.registered_capital.value <= 5000000));
  assert.equal((await data({ parameters: JSON.stringify({ county: "360802" }) })).status, 200);
  for (const bad of [{ sort: "nothing" }, { filters: "[]" }, { filters: '{"nothing":1}' }, { filters: "{" }, { parameters: '{"nothing":1}' }])
    assert.equal((await data(bad)).status, 400, JSON.stringify(bad));
  assert.equal((await data({ block: "nothing" })).status, 404);
  assert.equal((await data({ page: "nothing" })).status, 404);

  const chart = await as.operator("page.data", { pack: "demo", page: "county_industry", block: "by_county" });
  assert.equal(chart.status, 200, chart.text);
  assert.equal(chart.body.chart, true);
  const total = (await as.operator("page.data", { pack: "demo", page: "county_industry", block: "total" })).body.rows[0].y;
  assert.equal(chart.body.rows.reduce((sum, r) => sum + r.y, 0), total, "the parts of a chart come to its total");

  const file = (params) => as.operator("page.file", { pack: "demo", page: "enterprises", block: "list", ...params });
  const csv = await file({ format: "csv" });
  assert.match(csv.headers.get("content-type"), /^text\/csv/);
  assert.match(csv.headers.get("content-disposition"), /enterprises-list-\d{4}-\d\d-\d\d\.csv/);
  assert.ok(csv.headers.get("luling-receipt"), "an export is journalled like a look");
  assert.equal(csv.text.trim().split("\r\n").length - 1, Math.min(first.body.total, 500));
  const xlsx = await file({ format: "xlsx" });
  assert.equal(xlsx.status, 200);
  assert.match(xlsx.headers.get("content-type"), /spreadsheetml/);
});
