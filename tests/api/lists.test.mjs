// Lists: the server pages each of them, or it is named here why it is whole; whatever order a list says it has it gives, both ways, and no other.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { grant, people } from "./bank.mjs";
import { serveDemo } from "./demo.mjs";
import { routes } from "./lib.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(`../../api/${name}.json`, import.meta.url), "utf8"));
const SCHEMAS = read("schemas"), shared = read("routes").params;

/** Lists that are given whole, and why that is bounded. */
const WHOLE = {
  "services.list": "an organisation's grants and made services", "pages.list": "pages of the packs that are loaded", "me.offers": "offers that wait, a hundred at most", "me.portals": "portals one signed in to, a hundred at most", "me.scores": "one a scorecard",
  "organisations.list": "the registered organisations: names for every other list", "codes.tables": "the code tables' names", "subjects.search": "the first hits, by limit", "usage.show": "sums of a period",
  "publicity.find": "hits of one question", "loans.schedule": "months of one loan", "open.preview": "the first rows, by limit", "sessions.list": "one account's", "passkeys.list": "one account's", "account.passkeys": "one account's",
  "packs.list": "the packs that are loaded", "made.list": "of one grant", "scorecards.list": "of the packs", "credit.statistics": "sums",
  "delays.list": "lawful delays, two hundred at most",
  "me.delegates": "the staff of one firm", "me.firms": "the firms that one person acts for", "me.prechecks": "one firm's, the newest", "precheck.runs": "the newest of one institution, by limit", "finance.commercial": "of the packs",
  "collect.mine": "one officer's areas", "rural.areas": "the areas right below one", "rural.rounds": "rounds of the villages that one may see, those under way first, five hundred at most", "rural.ratings": "the areas right below one", "finance.indicators": "of the packs", "upward.list": "streams that packs declare", "upward.days": "days that are kept", "upward.in.day": "one part of a day",
};

/** Lists that lack an order, a filter, or a table in the console (which is where columns are chosen and all of it is saved as CSV), and why. */
const OWN = "a person's own, newest first, as cards on a phone";
const CURSOR = "read on from a place, in the one order that it has";
const LACKS = {
  "me.looks": { sort: CURSOR, filter: OWN, table: OWN }, "me.consents": { sort: OWN, filter: OWN, table: OWN }, "me.objections.list": { sort: OWN, filter: OWN, table: OWN },
  "me.complaints.list": { sort: OWN, filter: OWN, table: OWN }, "me.repairs.list": { sort: OWN, filter: OWN, table: OWN }, "me.watches": { sort: OWN, filter: OWN, table: OWN },
  "subject.looks": { sort: CURSOR, filter: "of one subject, as the subject sees it", table: "what the subject sees, for whoever helps them" },
  "journal.list": { sort: CURSOR }, "watch.events": { sort: CURSOR, table: "read at a press, since reading is a call; the page has its own" },
  "corrections.list": { sort: CURSOR, filter: "a cursor over all that one was given", table: "a heading a page of the journal; saved as CSV by the page itself" },
  "watches.list": { sort: "a million rows are not ordered for one page; found by subject, reference, level, state" },
  "timeliness.records": { sort: "of one kind, department and span, by how late" },
  "elements.list": { sort: "by name; of the standard", table: "for programs" }, "codes.search": { sort: "in the order of the code table", table: "what fields that take a code choose from" },
  "batch.quarantine": { sort: "in the order of the source's file", table: "the source's own columns; saved as CSV and XLSX to correct" },
  "campaigns.list": { sort: "newest first", table: "one is chosen from, and its places are the table" },
  "rural.households": { sort: "by household number, of one village", table: "each page of it is a look that the journal has: not to be saved whole" },
  "me.financings": { sort: OWN, filter: OWN, table: OWN }, "me.financing.matches": { sort: "in the declared order: that is the promise", filter: OWN, table: OWN },
  "me.products": { sort: "in the declared order: that is the promise", filter: OWN, table: OWN }, "finance.firm.products": { sort: "in the declared order: that is the promise", filter: "of one firm", table: "each is explained; for whoever helps the firm" },
  "me.policies": { sort: "in the declared order: that is the promise", filter: OWN, table: OWN }, "finance.firm.policies": { sort: "in the declared order: that is the promise", filter: "of one firm", table: "each is explained; for whoever helps the firm" },
  "models.list": { sort: "newest first: an institution has a few", filter: "of one institution", table: "cards, with their versions below" },
  "collect.duties": { filter: "of one's organisation" }, "idle.list": { filter: "what is idle is the question" }, "tasks.list": { sort: "the most urgent first: that is what it is for" },
  "rural.lists": { sort: "of one organisation, the newest first, while their results are kept", filter: "of one organisation, while their results are kept", table: "cards with how far each is; each has its own file" },
  "rural.round": { sort: "in the order of the houses, so that none is passed over", filter: "of one village", table: "cards on which a member marks, on a phone" },
  "bundles.list": { filter: "of one organisation, while their files are kept", table: "cards with how far each is; each has its own file" },
  "upward.messages": { sort: "by number, without a gap", filter: "of one stream" }, "upward.returned": { sort: "by message and row" },
  "upward.in.returned": { sort: "by row", filter: "of one message", table: "for the platform below" },
};

/** A list, and not one thing that has parts. */
const lists = Object.entries(routes).filter(([id, r]) => r.method === "GET" && (!id.endsWith(".show") || id === "usage.show") && id !== "batch.quality" && SCHEMAS[r.replies?.["200"]]?.properties?.items?.type === "array");
const names = (route) => (route.params ?? []).map((p) => (typeof p === "string" ? p : p.name));

test("every list is paged by the server, by place or by cursor, or is one of those that are whole", () => {
  for (const [id, route] of lists) {
    const has = names(route);
    const paged = has.includes("limit") && ["offset", "before", "cursor", "after"].some((x) => has.includes(x));
    assert.equal(paged, !(id in WHOLE), `${id}: ${has.join(" ")}`);
  }
  for (const id of Object.keys(WHOLE)) assert.ok(lists.some(([x]) => x === id), `${id} is no list any more`);
});

/** The client's functions that a table of the console asks page by page. */
const folder = new URL("../../web/src/", import.meta.url);
const sources = readdirSync(folder, { recursive: true }).filter((x) => x.endsWith(".tsx")).map((x) => readFileSync(new URL(x, folder), "utf8")).join("\n");
const tables = new Set([...sources.matchAll(/ask=\{\((?:offset|before), limit\) => (\w+)\(/g)].map(([, name]) => name));
const client = (id) => id.replace(/[._]([a-z])/g, (_, c) => c.toUpperCase());
const UNFILTERING = ["limit", "offset", "before", "cursor", "after", "sort", "order", "lang"];

test("every paged list is ordered and filtered by the server, and is a table whose columns are chosen and that is saved, or it is named here why not", () => {
  const lacking = {};
  for (const [id, route] of lists.filter(([x]) => !(x in WHOLE))) {
    const asked = (route.params ?? []).map((p) => (typeof p === "string" ? shared[p] : p)).filter((p) => p.in === "query").map((p) => p.name);
    const has = { sort: asked.includes("sort"), filter: asked.some((x) => !UNFILTERING.includes(x)), table: tables.has(client(id)) };
    for (const what of Object.keys(has)) {
      if (has[what]) continue;
      assert.ok(LACKS[id]?.[what], `${id} has no ${what}`);
      (lacking[id] ??= {})[what] = LACKS[id][what];
    }
  }
  assert.deepEqual(LACKS, lacking, "what is named here is lacking indeed");
});

/** What a list of something is asked of. */
const OF = { "resource.batches": { name: "enterprise_registration" } };

test("an order that a list has is kept both ways and over pages; another is refused", async (t) => {
  const s = await serveDemo(t);
  const as = await people(s);
  for (const resources of [["enterprise_registration"], ["annual_report"]]) await grant(as, resources);
  await as.steward("demand.add", {}, { title: "企业燃气缴费记录", purpose: "小微企业贷前调查", legal_basis: "《政务数据共享条例》第十条" });
  await as.steward("demand.add", {}, { title: "企业用水记录", purpose: "小微企业贷前调查", legal_basis: "《政务数据共享条例》第十条" });
  let seen = 0;
  for (const [id, route] of lists) {
    const sort = (route.params ?? []).find((p) => p.name === "sort" && p.type === "choice");
    if (!sort || route.perm === "public") continue;
    const asking = [];
    for (const who of Object.values(as)) {
      const reply = await who(id, { ...OF[id], limit: 50 });
      if (reply.status === 200) asking.push([who, reply.body.total]);
    }
    assert.ok(asking.length, `${id}: somebody may see it`);
    const [who, total] = asking.sort((a, b) => b[1] - a[1])[0];
    for (const order of sort.choices) {
      const whole = await who(id, { ...OF[id], sort: order, limit: 50 });
      assert.equal(whole.status, 200, `${id} by ${order}: ${whole.text}`);
      assert.equal(whole.body.total, total);
      const paged = [];
      for (let offset = 0; offset < total; offset++) paged.push(...(await who(id, { ...OF[id], sort: order, limit: 1, offset })).body.items);
      assert.deepEqual(paged.map((x) => JSON.stringify(x)), whole.body.items.map((x) => JSON.stringify(x)), `${id} by ${order}: page by page`);
      const field = ["title", "resource", "organisation", "state", "format", "name", "id", "kind"].find((f) => f === order.replace("-", "") && whole.body.items[0]?.[f] !== undefined);
      if (!field || total < 2) continue;
      const values = whole.body.items.map((x) => x[field]);
      const sorted = [...values].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(values, order.startsWith("-") ? sorted.reverse() : sorted, `${id} by ${order}`);
      seen++;
    }
    assert.equal((await who(id, { ...OF[id], sort: "drop table" })).status, 400, id);
  }
  assert.ok(seen >= 6, `${seen} orders compared by their values`);
  const found = async (who, id, by) => (await who(id, by)).body.items.map((x) => x.id);
  assert.deepEqual(await found(as.sys, "accounts.list", { q: "SEC-" }), ["sec-1"], "by a part of the id, in capitals or not");
  assert.deepEqual((await as.sys("accounts.list", { duty: "auditor" })).body.items.filter((a) => !a.duties.includes("auditor")), []);
  assert.deepEqual(await found(as.sys, "accounts.list", { state: "disabled" }), []);
  assert.deepEqual(await found(as.sys, "accounts.list", { q: "%" }), [], "a sign of a pattern is a sign");
  assert.equal((await as.sys("accounts.list", { organisation: "nobody" })).body.total, 0);
  assert.equal((await as.sys("accounts.list", { duty: "king" })).status, 400);
  const flow = (await as.steward("flow.show", { flow: "demand" })).body;
  const states = new Set((await as.steward("demands.list", {})).body.items.map((d) => d.state));
  for (const s of states) {
    assert.ok(flow.states.some((x) => x.state === s), s);
    assert.ok((await as.steward("demands.list", { state: s })).body.items.every((d) => d.state === s));
  }
  assert.equal((await as.steward("flow.show", { flow: "wedding" })).status, 404);
});
