// Lists: the server pages each of them, or it is named here why it is whole; whatever order a list says it has it gives, both ways, and no other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { grant, people } from "./bank.mjs";
import { serveDemo } from "./demo.mjs";
import { routes } from "./lib.mjs";

const schemas = (await import("node:fs")).readFileSync(new URL("../../api/schemas.json", import.meta.url));
const SCHEMAS = JSON.parse(schemas);

/** Lists that are given whole, and why that is bounded. */
const WHOLE = {
  "services.list": "an organisation's grants and made services", "pages.list": "pages of the packs that are loaded", "me.offers": "offers that wait, a hundred at most", "me.scores": "one a scorecard",
  "organisations.list": "the registered organisations: names for every other list", "codes.tables": "the code tables' names", "subjects.search": "the first hits, by limit", "usage.show": "sums of a period",
  "publicity.find": "hits of one question", "loans.schedule": "months of one loan", "open.preview": "the first rows, by limit", "sessions.list": "one account's", "passkeys.list": "one account's", "account.passkeys": "one account's",
  "packs.list": "the packs that are loaded", "idle.list": "resources without calls, by age", "made.list": "of one grant", "scorecards.list": "of the packs", "credit.statistics": "sums",
  "delays.list": "lawful delays, two hundred at most", "accounts.list": "accounts of one platform", "clients.list": "systems of one platform", "freezes.list": "what is frozen at the moment",
  "collect.mine": "one officer's areas", "rural.areas": "the areas right below one", "upward.list": "streams that packs declare", "upward.days": "days that are kept", "upward.in.day": "one part of a day",
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
      const reply = await who(id, { limit: 50 });
      if (reply.status === 200) asking.push([who, reply.body.total]);
    }
    assert.ok(asking.length, `${id}: somebody may see it`);
    const [who, total] = asking.sort((a, b) => b[1] - a[1])[0];
    for (const order of sort.choices) {
      const whole = await who(id, { sort: order, limit: 50 });
      assert.equal(whole.status, 200, `${id} by ${order}: ${whole.text}`);
      assert.equal(whole.body.total, total);
      const paged = [];
      for (let offset = 0; offset < total; offset++) paged.push(...(await who(id, { sort: order, limit: 1, offset })).body.items);
      assert.deepEqual(paged.map((x) => JSON.stringify(x)), whole.body.items.map((x) => JSON.stringify(x)), `${id} by ${order}: page by page`);
      const field = ["title", "resource", "organisation", "state", "format", "name", "id", "kind"].find((f) => f === order.replace("-", "") && whole.body.items[0]?.[f] !== undefined);
      if (!field || total < 2) continue;
      const values = whole.body.items.map((x) => x[field]);
      const sorted = [...values].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(values, order.startsWith("-") ? sorted.reverse() : sorted, `${id} by ${order}`);
      seen++;
    }
    assert.equal((await who(id, { sort: "drop table" })).status, 400, id);
  }
  assert.ok(seen >= 6, `${seen} orders compared by their values`);
});
