// A form of many fields as an organisation writes it: the server checks it as it is typed, says at each field what is wrong, and shows what it makes; nothing is kept until it is saved.
import { useEffect, useState, type ReactNode } from "react";
import type { ProductCheck } from "#api";
import market from "../text/market";
import { useText } from "../text";
import { CodeList } from "./codelist";
import { FailureNote } from "./status";

const WAIT_MS = 300; // after the last key, before it is checked
const NOTE = 500;

/** What the server says of any form. */
export type Checked = Pick<ProductCheck, "faults" | "groups">;

/** What the server says of the form as it stands now; the last answer until the next. */
function useCheck<F, C>(form: F, ask: (form: F) => Promise<C>): C | null {
  const [check, setCheck] = useState<C | null>(null);
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => { ask(form).then((c) => { if (!late) setCheck(c); }, () => undefined); }, WAIT_MS);
    return () => { late = true; clearTimeout(timer); };
  }, [form]);
  return check;
}

type Keys<F, V> = { [K in keyof F]: F[K] extends V ? K : never }[keyof F] & string;

export interface DraftProps<F> {
  from: F;
  note: string;
  save: (form: F, note: string) => Promise<unknown>;
}

/** The form as it is being written, and its fields by their names. */
export function useDraft<F extends object, C extends Checked>({ from, note: noted, save }: DraftProps<F>, ask: (form: F) => Promise<C>) {
  const { pick } = useText(market);
  const [form, setForm] = useState(from);
  const [note, setNote] = useState(noted);
  const [touched, touch] = useState<ReadonlySet<string>>(new Set());
  const [saved, setSaved] = useState(false);
  const check = useCheck(form, ask);

  const put = <K extends keyof F>(key: K, value: F[K]): void => {
    setForm((f) => ({ ...f, [key]: value }));
    setSaved(false);
  };
  const filled = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));
  const fault = (key: keyof F & string): string | null => {
    const f = check?.faults.find((x) => x.field === key);
    return f && (touched.has(key) || filled(form[key])) ? pick(f.text, f.text_en) : null;
  };
  const told = (key: keyof F & string): ReactNode => { const f = fault(key); return f && <span className="wrong" id={`${key}-wrong`}>{f}</span>; };
  const common = (key: keyof F & string) => ({
    id: key, name: key, autoComplete: "off", "aria-invalid": fault(key) !== null, "aria-describedby": fault(key) ? `${key}-wrong` : undefined, onBlur: () => touch((s) => new Set([...s, key])),
  });
  const text = (key: Keys<F, string>, label: string, more: { decimal?: boolean; area?: boolean; type?: string } = {}): ReactNode => {
    const shared = { ...common(key), value: form[key] as string, maxLength: 2000 };
    return (
      <p className="field" key={key}><label htmlFor={key}>{label}</label>
        {more.area ? <textarea rows={3} {...shared} onChange={(e) => put(key, e.target.value as F[typeof key])} />
          : <input {...shared} type={more.type} inputMode={more.decimal ? "decimal" : undefined} onChange={(e) => put(key, e.target.value as F[typeof key])} />}
        {told(key)}</p>
    );
  };
  const choice = (key: Keys<F, string>, label: string, options: Array<[string, string]>): ReactNode => (
    <p className="field"><label htmlFor={key}>{label}</label><select {...common(key)} value={form[key] as string} onChange={(e) => put(key, e.target.value as F[typeof key])}>{options.map(([value, title]) => <option key={value} value={value}>{title}</option>)}</select>{told(key)}</p>
  );
  const codes = (key: Keys<F, string[]>, label: string, table: string): ReactNode => <><CodeList id={key} label={label} table={table} value={form[key] as string[]} change={(v) => put(key, v as F[typeof key])} />{told(key)}</>;
  const lines = (key: Keys<F, string[]>, label: string): ReactNode => <Lines key={key} label={label} shared={common(key)} value={form[key] as string[]} change={(v) => put(key, v as F[typeof key])}>{told(key)}</Lines>;
  const flag = (key: Keys<F, boolean>, label: string): ReactNode => (
    <label className="choice" htmlFor={key}><input type="checkbox" id={key} checked={form[key] as boolean} onChange={(e) => put(key, e.target.checked as F[typeof key])} /><span>{label}</span></label>
  );
  const changed = form !== from || note !== noted;
  return {
    form, check, put, told, text, choice, codes, lines, flag,
    frame: {
      note, saved, changed, faults: check?.faults.length ?? null,
      say: (next: string): void => { setNote(next); setSaved(false); },
      undo: (): void => { setForm(from); setNote(noted); },
      send: async (): Promise<void> => { await save(form, note.trim()); setSaved(true); },
    },
  };
}

/** Texts, one a line. */
function Lines({ label, shared, value, change, children }: { label: string; shared: { id: string; onBlur: () => void }; value: string[]; change(lines: string[]): void; children: ReactNode }) {
  const { t } = useText(market);
  const [typed, setTyped] = useState(value.join("\n"));
  return (
    <p className="field"><label htmlFor={shared.id}>{label}</label>
      <textarea rows={4} {...shared} value={typed} maxLength={2000} onChange={(e) => {
        const next = e.target.value.replaceAll("|", "｜");
        setTyped(next);
        change(next.split("\n").map((x) => x.trim()).filter(Boolean));
      }} />
      <span className="quiet">{t("mp.lines")}</span>{children}</p>
  );
}

/** The form around its fields: what changed, how it stands, save; beside it what it makes. */
export function DraftForm({ frame, children, preview }: { frame: ReturnType<typeof useDraft>["frame"]; children: ReactNode; preview: ReactNode }) {
  const { t } = useText(market);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  async function send(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await frame.send();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="columns">
      <form className="wide product-form" onSubmit={(e) => { e.preventDefault(); void send(); }}>
        {children}
        <p className="field"><label htmlFor="note">{t("mp.note")}</label><input id="note" value={frame.note} maxLength={NOTE} autoComplete="off" onChange={(e) => frame.say(e.target.value)} /></p>
        {problem ? <FailureNote error={problem} /> : null}
        <p role="status" className="quiet">{frame.faults !== null && (frame.faults ? t("mp.faults", { n: String(frame.faults) }) : t("mp.fine"))} {frame.saved ? t("mp.saved") : frame.changed && t("mp.unsaved")}</p>
        <p className="buttons"><button type="submit" className="primary" disabled={busy} aria-busy={busy}>{t("mp.save")}</button>
          {frame.changed && !frame.saved && <button type="button" className="plain" onClick={frame.undo}>{t("mp.undo")}</button>}</p>
      </form>
      <div className="narrow"><section className="panel" aria-live="polite"><h2>{t("mp.preview")}</h2>{preview ?? <p className="quiet">{t("mp.preview_none")}</p>}</section></div>
    </div>
  );
}
