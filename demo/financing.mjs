// Sample institutions with a product, financings and loan cases, made through the API as firms and institutions make them: passkeys in software, consents, steps of officers.
//
// usage: node demo/financing.mjs URL DELIVERIES     URL: a server over the demo's data; DELIVERIES: the folder that generate.py made
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Passkey } from "../tests/api/passkey.mjs";

const [url, deliveries] = process.argv.slice(2);
const FIRMS = ["91360803YL0000282W", "91360829YL0000821B", "91360802YL0001365J", "91360829YL0002093R", "91360802YL0002608X"];
const names = new Map(readFileSync(join(deliveries, readdirSync(deliveries).find((f) => f.startsWith("05_"))), "utf8").split("\n").map((line) => line.split(",")));
const day = (n) => new Date(Date.now() + n * 864e5 + 8 * 36e5).toISOString().slice(0, 10);

async function ask(method, path, body, headers = {}) {
  const reply = await fetch(url + path, { method, headers: { ...(body && { "Content-Type": "application/json" }), "X-Luling-Request": "demo", ...headers }, body: body && JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return { body: text ? JSON.parse(text) : null, cookie: reply.headers.get("set-cookie")?.split(";")[0] };
}

async function officer(account) {
  const { cookie } = await ask("POST", "/v1/session", { account, password: "luling-demo-1" });
  return async (path, body) => (await ask(body ? "POST" : "GET", path, body, { Cookie: cookie })).body;
}

/** A firm that enrolled at the bank's counter, signed in with its passkey and registered its profile. */
async function firm(code, counter) {
  const title = names.get(code) ?? code, passkey = new Passkey(url);
  const token = (await counter("/v1/enrolments", { subject: code, subject_title: title, capacity: "legal_representative", proof: "柜面核验（样例）" })).url.split("#")[1];
  const { publicKey } = (await ask("GET", `/v1/enrolments/${token}`)).body;
  await ask("POST", `/v1/enrolments/${token}`, passkey.create(publicKey));
  const challenge = (await ask("POST", "/v1/me/challenge", {})).body.publicKey;
  const { access_token } = (await ask("POST", "/v1/me/sessions", passkey.get(challenge))).body;
  const call = async (path, body) => (await ask(body ? "POST" : "GET", path, body, { Authorization: `Bearer ${access_token}` })).body;
  await call("/v1/me/enterprise", { contact_name: "样例联系人", contact_mobile: "13800000000" });
  return {
    call,
    async publish(wish) {
      const { id } = await call("/v1/me/financings", { term_months: 12, purpose: "01", ...wish });
      return call(`/v1/me/financings/${id}/act`, { action: "publish" });
    },
    async consents(lender, asked = {}) {
      const offer = await lender("/v1/consent-offers", { subject: code, subject_title: title, resources: ["enterprise_registration", "annual_report"], purpose: "小微企业贷前调查", until: day(360), ...asked });
      await ask("POST", `/v1/consent-offers/${offer.id}/sign`, passkey.get(offer.publicKey));
    },
  };
}

const [counter, operator, office, a, a2, b, b2] = await Promise.all(["bank", "operator", "finance-office", "lender", "lender-head", "lender-b", "lender-b-head"].map(officer));
const act = (who, id, action, more = {}) => who(`/v1/finance/cases/${id}/act`, { action, ...more });

// two institutions of the samples, listed by the platform; one has written a product, and drafts its next version; another waits to be looked at
const said = (kind, licence) => ({ kind, licence, regions: ["360800"], contact: "样例专员", phone: "0796-0000000", about: "样例机构，不是真实机构" });
for (const [who, code, kind] of [[a, "FI001", "3"], [b, "FI002", "4"]]) {
  await who("/v1/market/institutions", said(kind, `样例许可证${code}`));
  await operator(`/v1/market/institutions/${code}/act`, { action: "list" });
}
await counter("/v1/market/institutions", said("1", "样例许可证JB001"));
const form = { title: "成长贷（示例）", title_en: "Growth loan (sample)", kind: "technology", amount_min: "20", amount_max: "500", rate_min: "3.55", rate_max: "4.8", term_min: "6", term_max: "36", guarantee: ["D"], repayment: ["interest", "instalment"],
  target_size: ["micro", "small"], online: true, days: "3", materials: "营业执照、近一年纳税申报表", materials_en: "Business licence, tax returns of a year",
  groups: [[{ indicator: "years_in_business", operator: "ge", value: "2" }], [{ indicator: "tax_credit_level", operator: "in", value: "A|B" }, { indicator: "revenue", operator: "ge", value: "300" }]] };
const product = await a("/v1/market/products", { form, note: "首版" });
await a(`/v1/market/products/${product.id}/act`, { action: "submit" });
await operator(`/v1/market/products/${product.id}/act`, { action: "publish" });
await a("/v1/market/products", { code: product.code, form: { ...form, rate_min: "3.35" }, note: "下调利率" });

// a department's policy, published by the platform, and the draft of its next version
const support = { title: "小微企业担保费补贴（示例）", title_en: "Guarantee fee support for small firms (sample)", kind: "02", document: "样例字〔2026〕1 号", level: "city", summary: "对担保贷款的担保费给予补贴。", benefit: "补贴担保费的一半，不超过 3 万元", amount: "3", unit: "wan",
  region: [], target_industry: [], steps: ["在线提交", "部门核对", "兑付"], materials: ["营业执照", "担保合同"], link: "https://example.org/apply", from: day(-30), until: day(330), contact: "样例科", phone: "0796-0000000", products: ["sample_guarantee"],
  groups: [[{ indicator: "years_in_business", operator: "ge", value: "1" }], [{ indicator: "tax_arrears", operator: "le", value: "0" }]] };
const policy = await office("/v1/market/policies", { form: support, note: "首版" });
await office(`/v1/market/policies/${policy.id}/act`, { action: "submit" });
await operator(`/v1/market/policies/${policy.id}/act`, { action: "publish" });
await office("/v1/market/policies", { code: policy.code, form: { ...support, benefit: "补贴担保费的六成，不超过 3 万元" }, note: "提高比例" });

const [first, second, third, fourth, fifth] = await Promise.all(FIRMS.map((code) => firm(code, counter)));

// drawn and half repaid
const loan = await first.publish({ mode: "direct", product: "sample_tax", amount_fen: 80_000_000, rate_most: "5", purpose: "02", pass_on: "next" });
await act(a, loan.cases[0].id, "accept");
await first.consents(a);
await act(a, loan.cases[0].id, "investigate");
await act(a2, loan.cases[0].id, "grant", { amount_fen: 60_000_000, rate: "3.95", term_months: 12, guarantee: "D", valid_until: day(60) });
await act(a, loan.cases[0].id, "draw", { amount_fen: 50_000_000, loan_no: "样例借据0001", due_day: day(360) });
await act(a, loan.cases[0].id, "repay", { amount_fen: 20_000_000, interest_fen: 164_583 });

// refused with a reason, handed on to the next
const next = await second.publish({ mode: "direct", product: "sample_tax_b", amount_fen: 60_000_000, first_loan: true, pass_on: "guarantee" });
await act(b, next.cases[0].id, "accept");
await act(b, next.cases[0].id, "refuse", { refusal: "08", reason: "样例：担保不足" });

// open to two institutions: one has taken it and waits for the firm
const open = await third.publish({ mode: "open", open_most: 2, amount_fen: 100_000_000, purpose: "03", rate_most: "6" });
await b(`/v1/finance/financings/${open.id}/act`, { action: "take", product: "sample_tax_b" });

// matched, and assigned by the platform
const matched = await fourth.publish({ mode: "matched", amount_fen: 30_000_000, purpose: "06", first_loan: true, pass_on: "next" });
await operator(`/v1/finance/financings/${matched.id}/act`, { action: "assign", product: "sample_first", reason: "样例：首贷，指派农商行" });

// granted by the other bank, not drawn yet
const granted = await fifth.publish({ mode: "direct", product: "sample_first", amount_fen: 40_000_000 });
await act(b, granted.cases[0].id, "accept");
await fifth.consents(b);
await act(b, granted.cases[0].id, "investigate");
await act(b2, granted.cases[0].id, "grant", { amount_fen: 40_000_000, rate: "4.2", term_months: 12, valid_until: day(30) });

// the first bank's own pre-check, which its firms may try; run on the firm that borrows
const card = `row,indicator,is,from,to,value,points,result,limit_min,limit_max,reason,words,words_en
base,,,,,,400,,,,,,
band,years_in_business,range,,5,,50,,,,SHORT,,
band,years_in_business,range,5,,,300,,,,,,
band,years_in_business,missing,,,,0,,,,SHORT,,
band,tax_credit_level,code,,,A|B,200,,,,,,
band,tax_credit_level,other,,,,20,,,,GRADE,,
band,tax_credit_level,missing,,,,60,,,,GRADE,,
cut,,,700,,,,pass,50,300,,,
cut,,,,,,,refer,,,,,
reason,,,,,,,,,,SHORT,经营年限短,Short time in business
reason,,,,,,,,,,GRADE,纳税信用等级不高,Tax credit level is not high
`;
const model = await a("/v1/precheck/models", { name: "sample_card", title: "小微信用分（示例）", product: "sample_tax", open: true, table: card });
await a2(`/v1/precheck/models/${model.id}/act`, { action: "activate" });
const { needs, purpose } = await a(`/v1/precheck/models/${model.id}`);
await first.consents(a, { purpose, resources: needs.map((n) => `${n.resource}:${n.items.join(",")}`), uses: 3, until: day(90) });
await a("/v1/precheck/runs", { model: "sample_card", subjects: [FIRMS[0]] });

// two complaints: one answered and waiting for its rating, one with the institution
const complain = (who, more) => who.call("/v1/me/complaints", { name: "样例联系人", phone: "13800000000", ...more });
const step = (who, id, action, reason) => who(`/v1/finance/complaints/${id}/act`, { action, reason });
const refused = await complain(second, { kind: "04", organisation: "FI002", text: "样例：申请被拒，只说担保不足，没有说明还缺什么。", wish: "请说明需要哪些担保材料" });
await step(operator, refused.id, "forward");
await step(b, refused.id, "answer", "样例：已电话说明可由融资担保公司担保，并附材料清单。");
const fee = await complain(first, { kind: "01", organisation: "FI001", text: "样例：提前还款时收取了合同里没有写明的费用。" });
await step(operator, fee.id, "forward");

const list = await operator("/v1/finance/financings?limit=50");
for (const f of list.items) console.log(`${f.id}\t${f.mode_title}\t${f.state_title}\t${f.wanted.amount_fen / 100} 元\t${f.taken}`);
