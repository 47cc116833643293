// The platform's own side of finance over HTTP, with one server: what was bought and what it may be used for and costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client, grant } from "./bank.mjs";
import { firmOf, market } from "./deals.mjs";
import { deliver } from "./demo.mjs";
import { eventsFile } from "./financeevents.mjs";
import { luling, until } from "./lib.mjs";

const SAMPLE = "91360802YL0000397L";
const BOUGHT = "enterprise_registration";
const dayFromNow = (n) => new Date(Date.now() + n * 864e5).toISOString().slice(0, 10);

test("finance: what was bought, and the figures of what is financed", async (t) => {
  const m = await market(t);
  const { s, as } = m;
  const month = new Date().toISOString().slice(0, 7);

  await t.test("what is bought is used as its licence says, and costs what it says", async () => {
    const items = (await as.operator("finance.commercial", {})).body.items;
    assert.equal(items.length, 39);
    assert.ok(items.every((i) => i.basis === "reconstruction" && i.state === "not_catalogued"));
    assert.equal((await as.steward("licence.show", { name: BOUGHT })).body.licence, null);

    const id = await grant(as, [`${BOUGHT}:uscc enterprise_name`], { scenario: "贷前调查" });
    const bank = await client(s, as);
    const ask = () => bank.call("service.query", { name: BOUGHT }, { subject: SAMPLE });
    assert.equal((await ask()).status, 200);

    const terms = { supplier: "示例数据公司", contract: "HT-1", modes: ["query"], scenarios: ["贷前调查"], redistribution: "forbidden", from: dayFromNow(-1), until: dayFromNow(30), call_fen: 50, month_fen: 10000, budget_fen: 10020 };
    const state = (more) => as.operator("licence.put", { name: BOUGHT }, { ...terms, ...more });
    assert.equal((await as.steward("licence.put", { name: BOUGHT }, terms)).status, 403);
    assert.equal((await state({ modes: [] })).status, 422);
    assert.equal((await state({ until: dayFromNow(-2) })).status, 422);
    assert.equal((await state({ redistribution: "whatever" })).status, 400);
    assert.equal((await as.operator("licence.put", { name: "no_such" }, terms)).status, 404);
    const stated = await state({});
    assert.equal(stated.status, 200, stated.text);
    assert.deepEqual([stated.body.licence.state, stated.body.licence.call_fen], ["in_force", 50]);
    const shown = (await as.steward("licence.show", { name: BOUGHT })).body;
    assert.deepEqual([shown.licence.supplier, shown.licence.call_fen, shown.licence.contract, shown.spent_fen], ["示例数据公司", null, null, null], "prices are not everybody's");

    const answered = await ask();
    assert.equal(answered.status, 200, "within the licence");
    assert.equal(answered.body.grant, id);
    const verify = await bank.call("service.verify", { name: BOUGHT }, { subject: SAMPLE, values: { enterprise_name: "甲" } });
    assert.deepEqual([verify.status, verify.body.error.condition], [403, "licence_use"], verify.text);
    const beyond = await bank.call("export.ask", { name: BOUGHT }, { format: "csv" });
    assert.deepEqual([beyond.status, beyond.body.error.condition], [403, "licence_use"], beyond.text);
    const watch = () => bank.call("watch.add", {}, { subject: SAMPLE, purpose: "小微企业贷前调查" });
    assert.equal((await watch()).status, 403, "a watch is no use that was bought");
    await state({ modes: ["query", "subscribe"] });
    const watched = await watch();
    assert.equal(watched.status, 201, watched.text);
    const holds = async () => (await bank.call("watch.show", { id: watched.body.id })).body.covers.map((c) => c.holds);
    assert.deepEqual(await holds(), [true]);
    await state({});
    assert.deepEqual(await holds(), [false], "terms that are narrower end what a watch would tell");
    assert.equal((await bank.call("watch.act", { id: watched.body.id }, { action: "end" })).status, 200);
    await state({ scenarios: ["监管"] });
    assert.equal((await ask()).body.error.condition, "licence_use");
    await state({ until: dayFromNow(-1) });
    const over = await ask();
    assert.deepEqual([over.status, over.body.error.condition], [403, "licence"]);
    assert.match(over.text, /商业来源/);
    await state({});
    assert.equal((await ask()).status, 200, "new terms hold at once");

    const refused = await as.steward("application.make", {}, { resources: [`${BOUGHT}:uscc`], purpose: "贷后管理与监测", legal_basis: "《政务数据共享条例》第十条", modes: "export", per_day: 10, until: dayFromNow(20) });
    assert.equal(refused.status, 422, "an application beyond the licence is not taken");
    assert.match(refused.text, /商业来源/);

    const costs = (await as.auditor("licence.costs", { month })).body;
    const mine = costs.lines.find((l) => l.organisation === "JB001");
    assert.deepEqual([mine.resource, mine.keys, mine.call_fen, mine.month_fen], [BOUGHT, 3, 150, 10000], "every key of the day, the month's price wholly");
    assert.equal(costs.fen, 10150);
    assert.deepEqual((await as.steward("licence.costs", { month })).body.lines.map((l) => l.organisation), ["JB001"]);
    const csv = await as.auditor("licence.costs_file", { month, format: "csv", lang: "en" });
    assert.match(csv.text, /resource,title,supplier/);
    assert.match(csv.text, /sum,,,,,3,150,10000,10150/);
    assert.equal((await as.auditor("licence.costs_file", { month, format: "xlsx" })).status, 200);
    assert.equal((await as.auditor("licence.costs", { month: "2026-13" })).status, 400);
    const listed = (await as.operator("finance.commercial", {})).body;
    assert.deepEqual([listed.counts.in_force, listed.items.at(-1).resource], [1, BOUGHT]);
    assert.equal((await as.operator("licence.show", { name: BOUGHT })).body.spent_fen, 10150);
  });

  await t.test("figures follow from delivered events as of an instant, move after a draw, and come out the same again", async () => {
    const ok = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.body);
    const figures = async (params = {}, who = "operator") => ok(await as[who]("finance.statistics", params));
    const delivered = async () => {
      const { delivery, events } = ok(await as.operator("finance.deliver", {}));
      if (delivery) await until("published", async () => (await as.operator("delivery.show", { id: delivery })).body, (d) => ["published", "failed"].includes(d.state)).then((d) => assert.deepEqual([d.state, d.quarantined], ["published", 0], JSON.stringify(d)));
      return events;
    };
    const none = await figures();
    assert.deepEqual([none.total.registered, none.total.lent, none.sources[0].total, none.sources[0].sha256], [0, 0, 0, null]);
    assert.equal((await as.steward("finance.deliver", {})).status, 403);

    const firm = await firmOf(m);
    const { id } = ok(await firm("me.financing.add", {}, { mode: "direct", product: "sample_first", amount_fen: 30_000_000, term_months: 12, purpose: "01", first_loan: true }), 201);
    const [{ id: loan }] = ok(await firm("me.financing.act", { id }, { action: "publish" })).cases;
    const act = async (who, action, more = {}) => ok(await as[who]("finance.case.act", { id: loan }, { action, ...more }));
    await act("b-1", "accept");
    assert.ok((await delivered()) > 5);
    assert.equal(await delivered(), 0, "nothing twice");
    const before = await figures();
    assert.deepEqual([before.total.registered, before.total.demands, before.total.applied, before.total.lent, before.total.rate], [1, 1, 1, 0, null]);
    assert.ok(before.total.products > 10);
    assert.deepEqual(before.total.funnel.map((x) => x.financings), [1, 1, 1, 0, 0, 0]);
    assert.match(before.sources[0].batches[0].manifest_sha256, /^[0-9a-f]{64}$/);

    await act("b-1", "investigate", { consent: await firm.consents(as["b-1"]) });
    await act("b-2", "grant", { amount_fen: 20_000_000, rate: "4.35", term_months: 12, valid_until: dayFromNow(40) });
    await act("b-1", "draw", { amount_fen: 15_000_000, loan_no: "J1", due_day: dayFromNow(300) });
    const asked = await figures();
    assert.equal(asked.total.lent, 0, "what was not delivered is not known to the lake");
    const told = await luling(["finance", "deliver", "-d", s.data, "--json"]);
    assert.equal(told.code, 0, told.err);
    assert.equal(JSON.parse(told.out).events, 3, told.out);
    const after = await figures();
    assert.deepEqual([after.total.granted, after.total.granted_fen, after.total.lent, after.total.lent_fen, after.total.rate, after.total.days_median, after.total.first_loans], [1, 20_000_000, 1, 15_000_000, 4.35, 0, 1]);
    assert.deepEqual(after.total.funnel.map((x) => x.financings), [1, 1, 1, 1, 1, 1]);
    assert.deepEqual([after.reported.lent.n, after.reported.lent.n_more, after.reported.lent.fen_more], [0, -1, -15_000_000], "what banks report stands beside, the difference named");
    const again = await figures({ as_of: before.as_of });
    assert.deepEqual(again, before, "an earlier instant comes out the same, to the digit and to the batches");

    const by = async (way, params = {}, who = "operator") => (await figures({ by: way, ...params }, who)).rows;
    const of = (rows, key) => rows.find((r) => r.key === key);
    assert.deepEqual([of(await by("region"), "360802").lent, of(await by("region"), "360802").registered], [1, 1]);
    assert.equal(of(await by("industry"), "C").title, "制造业");
    assert.equal(of(await by("size"), "micro").lent_fen, 15_000_000);
    assert.equal(of(await by("month"), month).lent, 1);
    const league = await by("institution");
    assert.equal(league.find((r) => r.key).key, "FI002", "most lent first");
    assert.equal(of(await by("product"), "sample_first").granted, 1);

    const cell = of(await by("region", {}, "a-1"), "360802");
    assert.deepEqual([cell.held_back, cell.lent], [true, null], "fewer than three firms are not told to others");
    assert.equal((await figures({}, "a-1")).organisation, "FI001");
    assert.deepEqual((await by("institution", {}, "a-1")).map((r) => r.key), ["FI001"]);
    assert.equal((await figures({ own: "Y" }, "b-1")).total.lent, 1);
    assert.equal((await figures({ own: "Y" }, "a-1")).total.lent, 0);
    assert.equal((await as["a-1"]("finance.statistics", { organisation: "FI002" })).status, 403);
    assert.equal((await figures({ organisation: "FI002" })).total.lent, 1);
    const wall = async (who) => ok(await as[who]("finance.statistics_wall", {}));
    const [seen, held] = [await wall("operator"), await wall("a-1")];
    assert.deepEqual([seen.total, seen.sha256], [after.total, after.sources[0].sha256], "the wall says what the figures say, of the same batches");
    assert.deepEqual([of(seen.regions, "360802").lent_fen, of(seen.months, month).lent, seen.league.find((r) => r.key).key], [15_000_000, 1, "FI002"]);
    const drawn = seen.last.find((e) => e.kind === "drawn");
    assert.deepEqual([drawn.county_title, drawn.kind_title, drawn.band_title_en], ["吉州区", "放款", "under 1 million yuan"]);
    assert.ok(seen.last.length > 5 && !JSON.stringify(seen.last).includes("FI002"), "the last events name nobody");
    assert.deepEqual([held.total.lent, of(held.regions, "360802").lent, held.league, held.last], [null, null, [], []], "of one firm an institution's wall tells nothing");
    assert.deepEqual([seen.counties.length, seen.counties[0].row, seen.counties.find((c) => c.code === "360802").title_en], [13, 0, "Jizhou District"], "counties stand where the pack says");

    const open = () => s.call("finance.statistics_public", {}, { anonymous: true }).then(ok);
    const alone = await figures();
    assert.deepEqual((await deliver(s, eventsFile(t))).state, "published");
    const many = await wall("operator");
    assert.equal(many.total.lent, alone.total.lent + 14, "a batch that came shows at once");
    const narrowed = await wall("a-1");
    assert.deepEqual(["360802", "360821", "360881"].map((c) => of(narrowed.regions, c).held_back), [false, true, true], "two firms are held back, and the smallest other with them");
    assert.deepEqual([narrowed.total.lent, narrowed.last.length, narrowed.last.some((e) => ["360821", "360881"].includes(e.county))], [15, 20, false], "events of such a county are told without it");
    assert.ok(many.last.some((e) => e.county === "360881"));
    const sums = await open();
    assert.deepEqual([sums.total.lent, sums.sources, sums.league, sums.sha256], [15, undefined, undefined, many.sha256]);
    assert.deepEqual([sums.regions, sums.months, sums.counties], [narrowed.regions, narrowed.months, narrowed.counties], "anybody is told what institutions are");
    assert.ok(sums.regions.filter((r) => r.held_back).every((r) => r.lent === null && r.firms === null && r.registered === null));
    const csv = await as.operator("finance.statistics_file", { by: "institution", format: "csv", lang: "en" });
    assert.match(csv.text, /FI002,[^,]+,0,\d+,6,7,0,7,670000000,7,605000000/);
    assert.equal((await as.auditor("finance.statistics_file", { by: "month" })).status, 200);
    assert.equal((await as.operator("finance.statistics", { as_of: "2999-01-01" })).status, 400);
    const cli = await luling(["finance", "statistics", "--by", "institution", "--as-of", after.as_of, "-d", s.data, "--json"]);
    assert.deepEqual(JSON.parse(cli.out).total, after.total, "the command says the same, of what was published by then");
  });
});
