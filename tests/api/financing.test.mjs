// Demand to loan over HTTP: a firm publishes, is matched with reasons, gives its hand to institutions; consent before due diligence, four eyes before a grant, what a
// bank's system reports counts once and in order, refusals have reasons and go on to the next, and nobody sees what is not theirs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { client } from "./bank.mjs";
import { firmOf, market, systemOf, FIRM } from "./deals.mjs";
import { certificate, FAST, receiver } from "./hooks.mjs";
import { luling, tempDir, until } from "./lib.mjs";

const day = (n) => new Date(Date.now() + n * 864e5 + 8 * 36e5).toISOString().slice(0, 10); // in China

test("financing: from what a firm wants to a loan that is settled, refusals handed on, each seen by those whom it concerns", async (t) => {
  const pair = certificate(tempDir(t));
  const m = await market(t, { ...FAST, webhook_ca: pair.ca });
  const { s, as } = m;
  const firm = await firmOf(m);
  const wish = { mode: "matched", amount_fen: 30_000_000, term_months: 12, purpose: "01", rate_most: "5.5", first_loan: true };
  const ok = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.body);
  const refused = (reply, status, words) => (assert.equal(reply.status, status, reply.text), assert.match(reply.text, words));
  const publish = async (more) => {
    const { id } = ok(await firm("me.financing.add", {}, { ...wish, ...more }), 201);
    return ok(await firm("me.financing.act", { id }, { action: "publish" }));
  };
  const act = (who, id, action, more = {}) => as[who]("finance.case.act", { id }, { action, ...more });
  const grant = { amount_fen: 20_000_000, rate: "4.35", term_months: 12, valid_until: day(30) };

  await t.test("a draft is checked, told exactly, and nobody else's business", async () => {
    refused(await firm("me.financing.add", {}, { ...wish, purpose: "77" }), 422, /FIN_PURPOSE/);
    refused(await firm("me.financing.add", {}, { ...wish, mode: "direct" }), 422, /product/);
    refused(await firm("me.financing.add", {}, { ...wish, renews: "X-1" }), 422, /首贷/);
    refused(await firm("me.financing.add", {}, { ...wish, rate_most: "5.12345" }), 400, /rate_most/);
    refused(await firm("me.financing.add", {}, { ...wish, rate_most: "99" }), 422, /36/);
    refused(await firm("me.financing.add", {}, { ...wish, amount_fen: 1 }), 422, /amount_fen/);
    const draft = ok(await firm("me.financing.add", {}, { ...wish, rate_most: "5.1050" }), 201);
    assert.match(draft.id, /^F-/);
    assert.deepEqual([draft.state, draft.wanted.rate_most, draft.wanted.purpose.title], ["draft", "5.105", "日常经营周转"]);
    const changed = ok(await firm("me.financing.change", { id: draft.id }, { ...wish, term_months: 24 }));
    assert.deepEqual([changed.wanted.term_months, changed.wanted.rate_most], [24, "5.50"]);
    assert.equal((await as.operator("finance.financing", { id: draft.id })).status, 404);
    assert.equal(ok(await as.operator("finance.financings", {})).total, 0, "a draft is in no list");
    assert.equal(ok(await firm("me.financing.act", { id: draft.id }, { action: "withdraw" })).state, "withdrawn");
    refused(await firm("me.financing.change", { id: draft.id }, wish), 409, /已撤回/);
  });

  await t.test("published: the firm is told every product with reasons, institutions see no name and only what is open to them", async () => {
    const f = await publish({ pass_on: "guarantee" });
    assert.deepEqual([f.state, f.wanted.industry.code, f.wanted.region.code, f.wanted.size.code, f.wanted.first_loan, f.wanted.first_loan_known], ["published", "C13", "360802", "micro", true, null]);
    const { items, total } = ok(await firm("me.financing.matches", { id: f.id, limit: 200 }));
    assert.equal(items.length, total);
    const missed = (x) => x.match.misses + x.terms.filter((y) => !y.fits).length;
    items.slice(1).forEach((x, i) => assert.ok(missed(items[i]) <= missed(x), `${items[i].match.product.code} before ${x.match.product.code}`));
    const of = (code) => items.find((x) => x.match.product.code === code);
    assert.deepEqual(of("sample_technology").terms.filter((x) => !x.fits).map((x) => x.term), ["amount"]);
    assert.equal(of("sample_technology").result, "miss");
    assert.deepEqual([of("sample_first").result, of("sample_first").organisation], ["unknown", "FI002"], "nothing is missed, something is not known");
    const seen = ok(await as["b-1"]("finance.financings", {})).items;
    assert.deepEqual([seen.length, seen[0].subject_title, seen[0].may], [1, null, ["invite"]]);
    assert.ok(seen[0].products.length && seen[0].products.every((p) => p.organisation === "FI002"));
    const shown = await as["b-1"]("finance.financing", { id: f.id });
    assert.ok(!shown.text.includes("甲公司") && !shown.text.includes(FIRM), "no name before the firm agrees");
    assert.equal((await as.steward("finance.financing", { id: f.id })).status, 404, "JB001 has no product that fits");
    assert.deepEqual(ok(await as.operator("finance.financing", { id: f.id })).may, ["assign"]);
    refused(await as["b-1"]("finance.financing.act", { id: f.id }, { action: "invite", product: "sample_tax" }), 403, /本机构/);
    refused(await as["b-1"]("finance.financing.act", { id: f.id }, { action: "take", product: "sample_first" }), 409, /抢单/);

    // invited: the firm's hand shows who it is
    const invited = ok(await as["b-1"]("finance.financing.act", { id: f.id }, { action: "invite", product: "sample_first" }));
    const id = invited.case;
    assert.equal((await as["b-1"]("finance.financing.act", { id: f.id }, { action: "invite", product: "sample_farm" })).status, 409, "once is enough");
    const before = ok(await as["b-1"]("finance.case", { id }));
    assert.deepEqual([before.state, before.code, before.way, before.uscc, before.subject_title, before.actions.map((a) => a.action)], ["draft", "00", "invited", null, null, ["withdraw"]]);
    refused(await act("b-1", id, "accept"), 409, /待企业申请/);
    assert.equal(ok(await firm("me.financing", { id: f.id })).waits, 1);
    const stranger = await firmOf(m, "91360802YL0001365J", "乙公司");
    assert.equal(ok(await stranger("me.financings")).total, 0);
    for (const reply of [await stranger("me.financing", { id: f.id }), await stranger("me.financing.act", { id: f.id }, { action: "withdraw" }), await stranger("me.financing.matches", { id: f.id }), await stranger("me.loan_case.act", { id }, { action: "apply" })])
      assert.equal(reply.status, 404, "another firm's is as good as not there");
    const agreed = ok(await firm("me.loan_case.act", { id }, { action: "apply" })).cases[0];
    assert.deepEqual([agreed.state, agreed.code], ["applied", "10"]);
    const after = ok(await as["b-1"]("finance.case", { id }));
    assert.deepEqual([after.uscc, after.subject_title], [FIRM, "甲公司"]);
    assert.ok(after.receipt && after.due, "the look is journalled, and a time limit runs");
    for (const who of ["a-1", "steward"]) assert.equal((await as[who]("finance.case", { id })).status, 404, "another institution sees nothing");
    assert.equal(ok(await as["a-1"]("finance.cases", {})).total, 0);

    // refused with a reason, and handed on, to one at a time, never to one that had it
    ok(await act("b-1", id, "accept"));
    refused(await act("b-1", id, "refuse", { reason: "不行" }), 422, /FIN_REFUSAL_REASON/);
    refused(await act("b-1", id, "refuse", { refusal: "99" }), 422, /reason/);
    const next = ok(await firm("me.financing", { id: f.id })).next;
    assert.ok(next && next.organisation !== "FI002");
    const no = ok(await act("b-1", id, "refuse", { refusal: "03" }));
    assert.deepEqual([no.state, no.refusal.code, no.refusal.title], ["refused", "03", "还款来源不足"]);
    assert.match(no.refusal.advice, /金额/);
    let mine = ok(await firm("me.financing", { id: f.id }));
    const handed = mine.cases.find((c) => c.before === id);
    assert.deepEqual([mine.cases.length, handed.state, handed.way, handed.organisation, handed.product], [2, "applied", "next", next.organisation, next.code]);
    const officers = { FI001: "a-1", FI003: "c-1", FI004: "d-1" };
    const gone = [], all = new Set(["FI002"]);
    for (let c = handed; c; c = ok(await firm("me.financing", { id: f.id })).cases.find((x) => x.before === c.id)) {
      assert.ok(!all.has(c.organisation), "never to one that refused");
      all.add(c.organisation);
      gone.push(c.way);
      if (!officers[c.organisation]) break;
      ok(await act(officers[c.organisation], c.id, "refuse", { refusal: "15" }));
    }
    assert.ok(gone.length >= 2, gone.join());
    mine = ok(await firm("me.financing.act", { id: f.id }, { action: "pass_on", pass_on: "no" }));
    assert.deepEqual([mine.pass_on, mine.next], ["no", null]);
    ok(await firm("me.financing.act", { id: f.id }, { action: "withdraw" }));
  });

  await t.test("chosen, accepted, consented, granted by four eyes; the bank's system reports the rest, signed, once, in order", async () => {
    const f = await publish({ mode: "direct", product: "sample_first" });
    const [{ id, way, state }] = f.cases;
    assert.deepEqual([way, state], ["direct", "applied"]);
    const report = await systemOf(m, "b-core", "FI002"), other = await systemOf(m, "a-core", "FI001");
    refused(await report({ event_no: "E1", case: id, event: "accepted" }, { signed: false }), 403, /签名/);
    assert.equal((await other({ event_no: "E1", case: id, event: "accepted" })).status, 404);
    refused(await report({ event_no: "E1", case: id, event: "drawn", amount_fen: 1, loan_no: "J1", due_day: day(90) }), 409, /已申请/);
    const first = ok(await report({ event_no: "E1", case: id, event: "accepted" }));
    assert.deepEqual([first.first, first.state], [true, "accepted"], "a number that recorded nothing is free");
    const again = ok(await report({ event: "accepted", case: id, event_no: "E1" }));
    assert.deepEqual([again.first, again.state, again.recorded_at], [false, "accepted", first.recorded_at], "said twice, done once");
    refused(await report({ event_no: "E1", case: id, event: "settled" }), 409, /E1/);
    refused(await act("b-1", id, "investigate"), 422, /授权书/);
    await firm.consents(as["b-1"], "办理开户");
    refused(await act("b-1", id, "investigate"), 422, /授权书/);
    await firm.consents(as["a-1"]);
    refused(await act("b-1", id, "investigate"), 422, /授权书/);
    const consent = await firm.consents(as["b-1"]);
    assert.equal(ok(await as["b-1"]("finance.case", { id })).consent_ready, consent);
    assert.equal(ok(await act("b-1", id, "investigate", { consent })).consent, consent, "the case names it");
    refused(await act("b-1", id, "grant", grant), 403, /审批员/);
    refused(await act("b-2", id, "grant", { ...grant, amount_fen: 30_000_001 }), 422, /30000000/);
    refused(await act("b-2", id, "grant", { amount_fen: 1 }), 422, /valid_until/);
    const granted = ok(await act("b-2", id, "grant", grant));
    assert.deepEqual([granted.code, granted.granted.amount_fen, granted.granted.rate, granted.granted.valid_until], ["40", 20_000_000, "4.35", grant.valid_until]);
    refused(await report({ event_no: "E2", case: id, event: "drawn", amount_fen: 20_000_001, loan_no: "J1", due_day: day(365) }), 422, /20000000/);
    const beside = ok(await firm("me.financing.act", { id: f.id }, { action: "apply", product: "sample_tax" })).cases.find((c) => c.product === "sample_tax");
    assert.deepEqual([beside.state, beside.way], ["applied", "applied"]);
    const draw = { event_no: "E2", case: id, event: "drawn", amount_fen: 15_000_000, loan_no: "J1", day: day(0), due_day: day(365) };
    const twice = await Promise.all([report(draw), report(draw), report(draw)]);
    assert.deepEqual(twice.map((r) => r.status), [200, 200, 200]);
    assert.equal(twice.filter((r) => r.body.first).length, 1, "the same event at once is one event");
    refused(await report({ ...draw, event_no: "E3", amount_fen: 1_000_000 }), 409, /J1/);
    refused(await report({ ...draw, event_no: "E3", loan_no: "J2", amount_fen: 5_000_001 }), 422, /5000000/);
    const met = ok(await firm("me.financing", { id: f.id }));
    assert.deepEqual([met.state, met.cases.find((c) => c.id === beside.id).state], ["met", "withdrawn"], "the first money ends what else was under way");
    refused(await report({ event_no: "E4", case: id, event: "settled" }), 422, /15000000/);
    refused(await report({ event_no: "E4", case: id, event: "repaid", amount_fen: 1, day: day(-1) }), 422, /日期/);
    ok(await report({ event_no: "E4", case: id, event: "overdue", overdue_days: 3 }));
    ok(await report({ event_no: "E5", case: id, event: "cured" }));
    ok(await report({ event_no: "E6", case: id, event: "repaid", amount_fen: 14_000_000, interest_fen: 55_000 }));
    refused(await report({ event_no: "E7", case: id, event: "repaid", amount_fen: 1_000_001 }), 422, /1000000/);
    ok(await act("b-1", id, "repay", { amount_fen: 1_000_000 }));
    assert.equal(ok(await report({ event_no: "E7", case: id, event: "settled" })).state, "settled");
    refused(await act("b-1", id, "repay", { amount_fen: 1 }), 409, /已结清/);
    const done = ok(await as["b-1"]("finance.case", { id }));
    assert.deepEqual([done.code, done.drawn_fen, done.repaid_fen, done.interest_fen, done.outstanding_fen, done.draws.length, done.repayments.length], ["70", 15_000_000, 15_000_000, 55_000, 0, 1, 2]);
    assert.deepEqual(done.history.map((h) => h.to), ["draft", "applied", "accepted", "due_diligence", "granted", "drawn", "overdue", "repaying", "repaying", "repaying", "settled"]);
    const renewed = ok(await firm("me.financing.add", {}, { ...wish, first_loan: false, renews: "J1" }), 201);
    assert.deepEqual([renewed.wanted.renewal, renewed.wanted.renewal_known], [true, true], "the platform saw that loan");
    ok(await firm("me.financing.act", { id: renewed.id }, { action: "withdraw" }));
  });

  await t.test("a bank's system that subscribes is told when a case comes, is handed on to it and is withdrawn: signed, again after a failure, of its own cases alone", async (t) => {
    const jwks = async () => (await s.call("jwks", {}, { anonymous: true })).body;
    const subscribed = async (organisation, options) => {
      const [bank, hook] = [await client(s, as, `${organisation.toLowerCase()}-hooks`, organisation), await receiver(t, pair, jwks, options)];
      const made = ok(await bank.call("webhook.add", {}, { url: hook.url, events: ["cases"] }), 201);
      const active = () => bank.call("webhook.show", { id: made.id });
      await until("the endpoint has proved itself", active, (r) => r.body.subscription.state === "active");
      return { bank, told: (n) => until(`${organisation} is told`, async () => hook.seen.events, (e) => e.length === n), seen: hook.seen };
    };
    const failed = [];
    const first = await subscribed("FI002", { behave: (event, reply) => (failed.length ? undefined : (failed.push(event.id), reply.writeHead(503).end())) });
    const f = await publish({ mode: "direct", product: "sample_first", pass_on: "next" });
    const [{ id }] = f.cases;
    const [came] = await first.told(1);
    assert.deepEqual([came.type, came.act, came.case, came.resource, came.cursor], ["cases", "applied", id, null, undefined]);
    assert.deepEqual(failed, [came.id], "what failed comes again under the same number");
    assert.ok(!JSON.stringify(came).includes(FIRM) && !JSON.stringify(came).includes("甲公司"), "an event names nobody");
    assert.equal(ok(await first.bank.call("finance.case", { id: came.case })).uscc, FIRM, "and leads to the case");

    const { organisation } = ok(await firm("me.financing", { id: f.id })).next;
    const next = await subscribed(organisation);
    ok(await act("b-1", id, "refuse", { refusal: "03" }));
    const handed = ok(await firm("me.financing", { id: f.id })).cases.find((c) => c.before === id);
    assert.deepEqual((await next.told(1)).map((e) => [e.act, e.case]), [["applied", handed.id]]);
    ok(await firm("me.financing.act", { id: f.id }, { action: "withdraw" }));
    assert.deepEqual((await next.told(2)).slice(1).map((e) => [e.act, e.case]), [["withdrawn", handed.id]]);
    assert.equal(first.seen.events.length, 1, "another institution's cases are none of its business");
    for (const { seen } of [first, next]) assert.deepEqual(seen.bad, [], "every signature held");
  });

  await t.test("open: several institutions take it at once, so many as the firm said; the platform may assign with a reason", async () => {
    const f = await publish({ mode: "open", open_most: 1 });
    const race = await Promise.all([["a-1", "sample_insured"], ["b-1", "sample_farm"], ["c-1", "sample_fund"]].map(([who, product]) => as[who]("finance.financing.act", { id: f.id }, { action: "take", product })));
    assert.deepEqual(race.map((r) => r.status).sort(), [200, 409, 409], "one may, and one has it");
    const assigned = await as.operator("finance.financing.act", { id: f.id }, { action: "assign", product: "sample_guarantee" });
    refused(assigned, 422, /理由/);
    ok(await as.operator("finance.financing.act", { id: f.id }, { action: "assign", product: "sample_guarantee", reason: "缺担保，指派担保机构" }));
    const mine = ok(await firm("me.financing", { id: f.id }));
    assert.deepEqual([mine.waits, mine.cases.find((c) => c.way === "assigned").why], [2, "缺担保，指派担保机构"]);
    refused(await as["a-1"]("finance.financing.act", { id: f.id }, { action: "assign", product: "sample_tax", reason: "我要" }), 403, /运营员/);
    for (const sort of ["published", "-published", "amount", "-amount"]) ok(await as.operator("finance.financings", { sort }));
    assert.ok(ok(await as.operator("finance.financings", { mode: "open", region: "3608", industry: "C" })).total >= 1);
    assert.equal(ok(await as.operator("finance.financings", { region: "11" })).total, 0);
    assert.ok(ok(await as.operator("finance.cases", { financing: f.id })).total >= 2);
    assert.ok(ok(await firm("me.financings", {})).items.every((x) => x.wanted.amount_fen === 30_000_000));
  });

  await t.test("what time does: who must act is reminded, offers and grants lapse, a financing closes at its end", async () => {
    const f = await publish({ mode: "direct", product: "sample_first" });
    const [{ id }] = f.cases;
    const tasks = async (who) => ok(await as[who]("tasks.list", { kind: "loan_case" })).items.filter((x) => x.id === id).map((x) => [x.state, x.title]);
    assert.deepEqual([await tasks("b-1"), await tasks("a-1")], [[["applied", "甲公司"]], []], "it waits at the institution's desk, and at no other");
    ok(await act("b-1", id, "accept"));
    ok(await act("b-1", id, "investigate"));
    ok(await act("b-2", id, "grant", { ...grant, valid_until: day(5) }));
    const late = await publish({ mode: "direct", product: "sample_tax" });
    const cli = async (...args) => luling([...args, "-d", s.data, "--json"]);
    const [listed] = JSON.parse((await cli("loan-case", "list", "--financing", late.id)).out);
    assert.deepEqual([listed.id, listed.organisation, listed.code], [late.cases[0].id, "FI001", "10"]);
    const hand = ["--as", "a-9", "--organisation", "FI002", "--duties", "consumer_steward"];
    assert.notEqual((await cli("loan-case", "act", "accept", listed.id, ...hand)).code, 0, "by another institution's officer");
    assert.equal(JSON.parse((await cli("financing", "show", late.id)).out).mode, "direct");
    const sweep = async (days) => {
      process.env.LULING_NOW = String(Date.now() + days * 864e5);
      const run = await luling(["remind", "-d", s.data, "--json"]);
      delete process.env.LULING_NOW;
      assert.equal(run.code, 0, run.err);
      return JSON.parse(run.out);
    };
    const swept = await sweep(9);
    assert.ok(swept.lapsed >= 1 && swept.escalated >= 1, JSON.stringify(swept));
    const lapsed = ok(await firm("me.financing", { id: f.id })).cases[0];
    assert.deepEqual([lapsed.state, lapsed.code], ["lapsed", "41"]);
    assert.ok(ok(await firm("me.financing", { id: late.id })).cases[0].progress.some((p) => p.action === "escalate"));
    await sweep(40);
    assert.equal(ok(await firm("me.financing", { id: f.id })).state, "closed");
    assert.ok(ok(await firm("me.financings", {})).items.every((x) => x.waits === 0), "offers that nobody answered are gone");
  });
});
