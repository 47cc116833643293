// Complaints over HTTP: a whole life by number and code and by passkey; codes cannot be guessed, institutions see their own and nobody else's, how to reach who
// complained stands in no list and no log, and figures tell nobody.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { market, FIRM, firmOf } from "./deals.mjs";
import { addAccount, luling, signIn, until } from "./lib.mjs";

const NAME = "投诉人郑某某", PHONE = "13912345678";
const open = { anonymous: true };
const ok = (reply, status = 200) => (assert.equal(reply.status, status, reply.text), reply.body);
const refused = (reply, status, words) => (assert.equal(reply.status, status, reply.text), assert.match(reply.text, words));

test("complaints: made, forwarded, answered, reopened, mediated, rated; each seen by those whom it concerns", async (t) => {
  const m = await market(t);
  const { s, as } = m;
  await addAccount(s.data, "op-2", "JA023", "operator");
  await addAccount(s.data, "regulator", "JA023", "auditor");
  for (const who of ["op-2", "regulator"]) {
    const cookie = await signIn(s, who);
    as[who] = (id, params, json) => s.call(id, params, { cookie, json });
  }
  const anybody = (id, json) => s.call(id, {}, { ...open, json });
  const made = { kind: "03", organisation: "FI001", text: "宣传年利率3%，实际收了5%，合同里没有说明。", wish: "按宣传的利率重算", name: NAME, phone: PHONE };
  const add = async (more = {}) => ok(await anybody("complaint.add", { ...made, ...more }), 201);
  const act = (who, id, action, more = {}) => as[who]("complaint.act", { id }, { action, ...more });
  const say = (c, action, more = {}) => anybody("complaint.follow_act", { id: c.id, code: c.code, action, ...more });
  const look = (c) => anybody("complaint.follow", { id: c.id, code: c.code });
  const basis = "《银行业保险业消费投诉处理管理办法》";

  await t.test("what one may complain about is told to anybody, and what is wrong by its field", async () => {
    const about = ok(await s.call("complaint.about", {}, open));
    assert.ok(about.kinds.length > 8 && about.institutions.some((i) => i.code === "FI001") && !about.institutions.some((i) => i.code === "JA023"));
    assert.deepEqual([about.working_days.accept, about.working_days.answer, about.working_days.basis], [3, 10, "recalled"]);
    for (const [more, words] of [[{ kind: "77" }, /kind/], [{ organisation: "JA023" }, /organisation/], [{ product: "sample_first" }, /product/], [{ organisation: undefined, product: "sample_tax" }, /organisation/],
      [{ text: "差" }, /text/], [{ phone: "打我电话" }, /phone/]])
      refused(await anybody("complaint.add", { ...made, ...more }), 422, words);
    refused(await anybody("complaint.add", { ...made, text: "长".repeat(2001) }), 400, /text/);
    refused(await anybody("complaint.add", { ...made, loan_case: "L-1" }), 400, /loan_case/);
  });

  await t.test("by number and code: forwarded, extended once, answered, reopened once, mediated, rated", async () => {
    const c = await add({ product: undefined });
    assert.match(c.id, /^T-\d{8}-/);
    assert.match(c.code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    assert.deepEqual([c.complaint.state, c.complaint.text, c.complaint.actions.map((a) => a.action)], ["received", made.text, ["withdraw"]]);
    assert.ok(!("code" in ok(await look(c))), "the code is shown once");
    ok(await anybody("complaint.follow", { id: c.id, code: ` ${c.code.toLowerCase().replaceAll("-", " ")}` })); // as it is typed

    assert.equal((await as["a-1"]("complaint.show", { id: c.id })).status, 404, "what was not forwarded is not there for the institution");
    assert.ok(ok(await as.operator("tasks.list", {})).items.some((x) => x.kind === "complaint" && x.id === c.id), "it waits for the platform");
    refused(await act("operator", c.id, "answer", { reason: "x" }), 409, /待受理/);
    refused(await act("operator", c.id, "reject", { reason: "不属于" }), 422, /依据/);
    refused(await act("operator", c.id, "take_up"), 409, /条件/);
    const forwarded = ok(await act("operator", c.id, "forward"));
    assert.equal(forwarded.state, "with_institution");
    const days = (Date.parse(forwarded.due_at) - Date.now()) / 864e5;
    assert.ok(days > 9 && days < 30, `ten working days: ${forwarded.due_at}`);

    // its institution and nobody else's
    for (const who of ["b-1", "steward"]) {
      assert.equal((await as[who]("complaint.show", { id: c.id })).status, 404, who);
      assert.equal((await as[who]("complaint.contact", { id: c.id })).status, 404, who);
      assert.equal((await act(who, c.id, "answer", { reason: "越权" })).status, 404, who);
      assert.equal(ok(await as[who]("complaints.list", {})).total, 0, who);
    }
    const shown = ok(await as["a-1"]("complaint.show", { id: c.id }));
    assert.deepEqual([shown.text, shown.wish, shown.actions.map((a) => a.action)], [made.text, made.wish, ["answer", "extend"]]);
    assert.ok(ok(await as["a-1"]("tasks.list", {})).items.some((x) => x.kind === "complaint" && x.id === c.id));
    refused(await act("a-1", c.id, "forward"), 409, /./);
    refused(await act("a-1", c.id, "answer"), 422, /理由/);
    assert.equal(ok(await act("a-1", c.id, "extend", { reason: "需调阅录音" })).state, "extended");
    assert.equal((await act("a-1", c.id, "extend", { reason: "再延" })).status, 409, "once");
    assert.equal(ok(await act("a-1", c.id, "answer", { reason: "已按宣传利率重算，多收利息退回。" })).state, "answered");

    let mine = ok(await look(c));
    assert.deepEqual([mine.answer, mine.actions.map((a) => a.action)], ["已按宣传利率重算，多收利息退回。", ["rate", "reopen"]]);
    refused(await say(c, "rate"), 422, /rating/);
    refused(await say(c, "reopen"), 422, /理由/);
    refused(await say(c, "reopen", { reason: "还没有退", rating: 2 }), 422, /rating/);
    assert.equal(ok(await say(c, "reopen", { reason: "只退了一半" })).state, "mediation");
    refused(await act("a-1", c.id, "answer", { reason: "又答" }), 409, /./);
    assert.equal(ok(await act("operator", c.id, "mediate", { reason: "经调解，余款三日内退回。" })).state, "mediated");
    refused(await say(c, "reopen", { reason: "再来" }), 409, /./);
    mine = ok(await say(c, "rate", { rating: 4, words: "最后解决了" }));
    assert.deepEqual([mine.state, mine.rating, mine.rating_words, mine.open, mine.mediation, mine.actions], ["closed", 4, "最后解决了", false, "经调解，余款三日内退回。", []]);
    assert.ok(mine.progress.every((e) => !("account" in e)), "the complainant is told what happened, not which person did it");
    assert.deepEqual(mine.progress.map((e) => e.action), ["create", "forward", "extend", "answer", "reopen", "mediate", "rate"]);
    const journal = await until("the journal has every step", () => luling(["journal", "show", "-d", s.data, "--json"]), (r) => ["create", "forward", "extend", "answer", "reopen", "mediate", "rate"].every((a) => JSON.parse(r.out).some((e) => JSON.stringify(e).includes(c.id) && JSON.stringify(e).includes(`"${a}"`))));
    assert.ok(!journal.out.includes(PHONE) && !journal.out.includes(NAME));
  });

  await t.test("how to reach who complains: asked for while it is handled, journalled, and in no list, answer or log", async () => {
    const c = await add();
    ok(await act("operator", c.id, "forward"));
    const told = await as["a-1"]("complaint.contact", { id: c.id });
    assert.deepEqual([told.body.name, told.body.phone], [NAME, PHONE]);
    assert.ok(Number.isInteger(told.body.receipt.index), "the look is journalled before the answer leaves");
    for (const who of ["a-2", "regulator"]) assert.equal((await as[who]("complaint.contact", { id: c.id })).status, 403, who);
    for (const reply of [await as.operator("complaints.list", {}), await as["a-1"]("complaints.list", {}), await as.operator("complaint.show", { id: c.id }), await as["a-1"]("complaint.show", { id: c.id }), await look(c), await as.operator("tasks.list", {}), await as.operator("complaint.figures", { by: "institution" })])
      assert.ok(reply.status === 200 && !reply.text.includes(PHONE) && !reply.text.includes(NAME) && !reply.text.includes(c.code));
    assert.ok(!ok(await as.operator("complaints.list", {})).items.some((x) => "text" in x), "nor is what was told in a list");
    ok(await say(c, "withdraw"));
    assert.equal((await as["a-1"]("complaint.contact", { id: c.id })).status, 409, "no more once it has ended");
    const db = ["luling.db", "luling.db-wal"].map((f) => { try { return readFileSync(join(s.data, f)).toString("latin1"); } catch { return ""; } }).join("");
    for (const secret of [PHONE, Buffer.from(NAME).toString("latin1"), Buffer.from(made.text).toString("latin1"), c.code]) {
      assert.ok(db.length > 1000 && !db.includes(secret), "sealed at rest");
      assert.ok(!s.log.includes(secret));
    }
    const cli = await luling(["complaint", "list", "-d", s.data, "--json"]);
    assert.ok(cli.out.includes(c.id) && !cli.out.includes(PHONE), cli.err);
    const one = JSON.parse((await luling(["complaint", "show", c.id, "-d", s.data, "--json"])).out);
    assert.equal([].concat(one)[0].id, c.id);
    assert.ok(!(await luling(["complaint", "list", "-d", s.data, "--json", "--state", "received"])).out.includes(c.id));
  });

  await t.test("codes cannot be guessed: ten wrong ones of a number, then none at all, right or wrong", async () => {
    const c = await add(), other = await add();
    refused(await anybody("complaint.follow", { id: "T-20260101-0000000000", code: c.code }), 404, /编号或查询码不对/);
    refused(await anybody("complaint.follow", { id: c.id, code: other.code }), 404, /编号或查询码不对/);
    for (let i = 1; i < 10; i++) assert.equal((await anybody("complaint.follow_act", { id: c.id, code: `AAAA-AAAA-000${i}`, action: "withdraw" })).status, 404);
    refused(await look(c), 429, /试错过多/);
    refused(await anybody("complaint.follow", { id: c.id, code: "AAAA-AAAA-AAAA" }), 429, /试错过多/);
    assert.equal(ok(await look(other)).state, "received", "others are not locked with it");
    assert.equal(ok(await as.operator("complaint.show", { id: c.id })).state, "received");
  });

  await t.test("a subject its own; about the platform, somebody else mediates than who answered; rejected with its basis", async () => {
    const firm = await firmOf(m), stranger = await firmOf(m, "91360802YL0001365J", "乙公司");
    assert.equal((await firm("me.complaint.add", {}, { ...made, loan_case: "L-20260101-0000000000" })).status, 422);
    const mine = ok(await firm("me.complaint.add", {}, { ...made, kind: "09", organisation: undefined, wish: undefined, text: "需求发布后三天没有人审核。" }), 201);
    assert.deepEqual([mine.code, mine.complaint.organisation, mine.complaint.signed_in], [null, null, true]);
    const { id } = mine;
    for (const reply of [await stranger("me.complaint.show", { id }), await stranger("me.complaint.act", { id }, { action: "withdraw" }), await anybody("complaint.follow", { id, code: "AAAA-AAAA-AAAA" })]) assert.equal(reply.status, 404);
    assert.deepEqual([ok(await firm("me.complaints.list")).total, ok(await stranger("me.complaints.list")).total], [1, 0]);
    ok(await act("operator", id, "take_up"));
    assert.equal((await as["a-1"]("complaint.show", { id })).status, 404, "no institution's");
    ok(await act("operator", id, "answer", { reason: "已审核，向您致歉。" }));
    ok(await firm("me.complaint.act", { id }, { action: "reopen", reason: "没有说明原因" }));
    refused(await act("operator", id, "mediate", { reason: "自己调解" }), 403, /本人答复/);
    ok(await act("op-2", id, "mediate", { reason: "已说明原因并改进。" }));
    assert.equal(ok(await firm("me.complaint.act", { id }, { action: "rate", rating: 5 })).state, "closed");
    assert.equal(ok(await firm("me.complaint.show", { id })).rating, 5);
    assert.ok(ok(await firm("me.looks", {})).items, "its looks are there");

    const no = await add();
    const rejected = ok(await act("operator", no.id, "reject", { reason: "已经法院受理", legal_basis: basis }));
    assert.equal(rejected.state, "rejected");
    const seen = ok(await look(no));
    assert.deepEqual([seen.refusal, seen.progress.at(-1).legal_basis], ["已经法院受理", basis]);
    assert.equal((await say(no, "reopen", { reason: "不服" })).status, 409);
    assert.equal((await as["a-1"]("complaint.show", { id: no.id })).status, 404, "what was not taken up is not the institution's to see");
    assert.ok(FIRM);
  });

  await t.test("figures: whole for the platform and who oversees it, small cells held back from institutions, as files too", async () => {
    ok(await act("operator", (await add({ organisation: "FI002" })).id, "forward")); // one of FI002
    const all = ok(await as.regulator("complaint.figures", { by: "institution" }));
    const of = (f, key) => f.rows.find((r) => r.key === key);
    assert.deepEqual([all.organisation, all.least, of(all, "FI002").received, of(all, "").received, of(all, "FI001").received], [null, 0, 1, 1, 5]);
    assert.deepEqual([all.total.received, all.total.answered, all.total.in_time, all.total.reopened, all.total.rated, all.total.rating, all.total.days_median], [7, 2, 2, 2, 2, 4.5, 0]);
    assert.equal(all.rows.reduce((n, r) => n + r.received, 0), all.total.received);
    for (const by of ["kind", "month", "state"]) assert.equal(ok(await as.operator("complaint.figures", { by })).rows.reduce((n, r) => n + r.received, 0), 7, by);
    assert.equal(ok(await as.operator("complaint.figures", { from: "2020-01", to: "2020-12" })).total.received, 0);
    refused(await as.operator("complaint.figures", { from: "2020/01" }), 400, /from/);

    const theirs = ok(await as["b-1"]("complaint.figures", { by: "institution" }));
    assert.deepEqual([theirs.organisation, theirs.least, theirs.rows.map((r) => r.key), theirs.rows[0].held_back, theirs.rows[0].received], ["FI002", 3, ["FI002"], true, null]);
    assert.deepEqual([theirs.total.received, theirs.total.rated, theirs.total.rating, theirs.total.answered], [7, null, null, null], "two of seven are not told");
    const kinds = ok(await as["b-1"]("complaint.figures", { by: "kind" }));
    assert.deepEqual(kinds.rows.map((r) => [r.key, r.held_back, r.received]), [["03", true, null], ["09", true, null]], "one alone is held back with the next");
    const own = ok(await as["a-1"]("complaint.figures", { own: "Y" }));
    assert.equal(own.total.received, 5);
    const csv = await as.regulator("complaint.figures_file", { by: "institution", format: "csv", lang: "en" });
    assert.match(csv.text, /code,institution,received,open,answered,answered within the limit,reopened,rated/);
    assert.match(csv.text, /,the platform,1,0,1,1,1,1,0,5.00/);
    assert.ok(!(await as["b-1"]("complaint.figures_file", { by: "kind", format: "csv" })).text.includes(",5,"));
    assert.equal((await as["b-1"]("complaint.figures_file", { by: "kind" })).bytes.subarray(0, 2).toString(), "PK");
    const late = ok(await as.operator("complaints.list", { late: "Y" }));
    assert.equal(late.total, 0);
    assert.equal(ok(await as.operator("complaints.list", { kind: "09", state: "closed", organisation: "FI001" })).total, 0);
    for (const sort of ["created", "-created", "due", "kind", "state", "organisation", "changed"]) assert.equal(ok(await as.operator("complaints.list", { sort })).total, 7);
  });
});
