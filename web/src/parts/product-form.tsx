// A product as an institution writes it: the server checks it as it is typed, says at each field what is wrong, and shows what product it makes.
import { useEffect, useState, type ReactNode } from "react";
import { marketProductCheck, type ProductCheck, type ProductForm } from "#api";
import market from "../text/market";
import products from "../text/products";
import { useText } from "../text";
import { CodeList, Ticks } from "./codelist";
import { DetailList } from "./facts";
import { Asks, useProductWords } from "./product";
import { Rules } from "./product-rules";
import { FailureNote } from "./status";

export const KINDS = ["credit", "mortgage", "pledge", "tax", "technology", "farm", "chain", "fund", "first", "green", "guarantee", "insurance", "leasing", "policy"] as const;
const REPAYMENTS = ["instalment", "principal", "interest", "end"] as const;
const SIZES = ["micro", "small", "medium", "large"] as const;
const WAIT_MS = 300; // after the last key, before it is checked
const NOTE = 500;

export type Form = Required<ProductForm>;
export const BLANK: Form = {
  title: "", title_en: "", kind: "credit", amount_min: "", amount_max: "", rate_min: "", rate_max: "", term_min: "", term_max: "", guarantee: [], repayment: [], region: [], target_size: [], target_industry: [],
  first_loan: false, online: false, days: "", materials: "", materials_en: "", groups: [],
};
type Texts = { [K in keyof Form]: Form[K] extends string ? K : never }[keyof Form];

/** What the server says of the form as it stands now; the last answer until the next. */
function useCheck(form: Form) {
  const [check, setCheck] = useState<ProductCheck | null>(null);
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => { marketProductCheck({ form }).then((c) => { if (!late) setCheck(c); }, () => undefined); }, WAIT_MS);
    return () => { late = true; clearTimeout(timer); };
  }, [form]);
  return check;
}

function Preview({ check }: { check: ProductCheck | null }) {
  const { t } = useText(market, products);
  const words = useProductWords();
  const p = check?.product;
  return (
    <section className="panel" aria-live="polite">
      <h2>{t("mp.preview")}</h2>
      {p ? (
        <>
          <h3>{p.title}</h3>
          <DetailList rows={(["kind", "amount", "rate", "term", "guarantee", "repayment", "sizes", "regions", "industries", "first", "online", "days"] as const).map((id) => [t(`product.${id}`), words[id](p)])} />
          <Asks groups={p.groups} />
        </>
      ) : <p className="quiet">{t("mp.preview_none")}</p>}
    </section>
  );
}

interface Props {
  from: Form;
  note: string;
  save: (form: Form, note: string) => Promise<unknown>;
}

export function ProductEditor({ from, note: noted, save }: Props) {
  const { t, tCode, pick } = useText(market, products);
  const [form, setForm] = useState(from);
  const [note, setNote] = useState(noted);
  const [touched, touch] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const check = useCheck(form);
  const changed = form !== from || note !== noted;

  const put = <K extends keyof Form>(key: K, value: Form[K]): void => {
    setForm((f) => ({ ...f, [key]: value }));
    setSaved(false);
  };
  const fault = (key: string): string | null => {
    const f = check?.faults.find((x) => x.field === key);
    return f && (touched.has(key) || form[key as Texts]) ? pick(f.text, f.text_en) : null;
  };
  const told = (key: string): ReactNode => { const f = fault(key); return f && <span className="wrong" id={`${key}-wrong`}>{f}</span>; };
  const text = (key: Texts, more: { decimal?: boolean; area?: boolean } = {}): ReactNode => {
    const common = { id: key, name: key, value: form[key], maxLength: 2000, autoComplete: "off", "aria-invalid": fault(key) !== null, "aria-describedby": fault(key) ? `${key}-wrong` : undefined, onBlur: () => touch((s) => new Set([...s, key])) };
    return (
      <p className="field" key={key}><label htmlFor={key}>{t(`mp.${key}`)}</label>
        {more.area ? <textarea rows={3} {...common} onChange={(e) => put(key, e.target.value)} /> : <input {...common} inputMode={more.decimal ? "decimal" : undefined} onChange={(e) => put(key, e.target.value)} />}
        {told(key)}</p>
    );
  };
  const flag = (key: "first_loan" | "online"): ReactNode => (
    <label className="choice" htmlFor={key}><input type="checkbox" id={key} checked={form[key]} onChange={(e) => put(key, e.target.checked)} /><span>{t(`mp.${key}`)}</span></label>
  );
  const codes = (key: "guarantee" | "region" | "target_industry", table: string): ReactNode => <><CodeList id={key} label={t(`mp.${key}`)} table={table} value={form[key]} change={(v) => put(key, v)} />{told(key)}</>;

  async function send(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await save(form, note.trim());
      setSaved(true);
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="columns">
      <form className="wide product-form" onSubmit={(e) => { e.preventDefault(); void send(); }}>
        <section>
          <h2>{t("mp.basics")}</h2>
          {text("title")}{text("title_en")}
          <p className="field"><label htmlFor="kind">{t("mp.kind")}</label><select id="kind" value={form.kind} onChange={(e) => put("kind", e.target.value)}>{KINDS.map((k) => <option key={k} value={k}>{tCode("productkind", k)}</option>)}</select></p>
        </section>
        <section>
          <h2>{t("mp.terms")}</h2>
          <div className="pair">{text("amount_min", { decimal: true })}{text("amount_max", { decimal: true })}</div>
          <div className="pair">{text("rate_min", { decimal: true })}{text("rate_max", { decimal: true })}</div>
          <p className="quiet">{t("mp.rate_hint")}</p>
          <div className="pair">{text("term_min", { decimal: true })}{text("term_max", { decimal: true })}</div>
          {codes("guarantee", "LOAN_GUARANTEE_STAT")}
          <Ticks id="repayment" label={t("mp.repayment")} value={form.repayment} change={(v) => put("repayment", v)} options={REPAYMENTS.map((r) => [r, tCode("repayment", r)])} />
          {text("days", { decimal: true })}
        </section>
        <section>
          <h2>{t("mp.whom")}</h2>
          {codes("region", "REGION")}
          <Ticks id="target_size" label={t("mp.target_size")} value={form.target_size} change={(v) => put("target_size", v)} options={SIZES.map((s) => [s, tCode("productsize", s)])} />
          {codes("target_industry", "INDUSTRY")}
          {flag("first_loan")}{flag("online")}
          {text("materials", { area: true })}{text("materials_en", { area: true })}
        </section>
        <section>
          <h2>{t("mp.rules")}</h2>
          <p className="quiet">{t("mp.rules_lead")}</p>
          <Rules groups={form.groups} change={(g) => put("groups", g)} check={check} />
        </section>
        <p className="field"><label htmlFor="note">{t("mp.note")}</label><input id="note" value={note} maxLength={NOTE} autoComplete="off" onChange={(e) => { setNote(e.target.value); setSaved(false); }} /></p>
        {problem ? <FailureNote error={problem} /> : null}
        <p role="status" className="quiet">{check && (check.faults.length ? t("mp.faults", { n: String(check.faults.length) }) : t("mp.fine"))} {saved ? t("mp.saved") : changed && t("mp.unsaved")}</p>
        <p className="buttons"><button type="submit" className="primary" disabled={busy} aria-busy={busy}>{t("mp.save")}</button>
          {changed && !saved && <button type="button" className="plain" onClick={() => { setForm(from); setNote(noted); }}>{t("mp.undo")}</button>}</p>
      </form>
      <div className="narrow"><Preview check={check} /></div>
    </div>
  );
}
