// Collecting on a phone, with or without a connection: the areas of whoever is signed in, the records there, a form, and what waits to be sent.
import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { ApiFailure } from "#send";
import { collectArea, collectMine, sessionShow, type CollectArea, type CollectDuty, type CollectField } from "#api";
import { faultOf } from "../collect/check";
import { dropOffline, keepOffline } from "../collect/offline";
import { keep, kept, own, queue, queued, unqueue, whose, wipe, type Entry, type Values } from "../collect/store";
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, sync } from "../collect/sync";
import { Badge } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { Icon } from "../parts/icon";
import { PageHelp } from "../parts/page";
import { Empty, failureText, Note } from "../parts/status";
import { LangButton } from "../parts/langbutton";
import { useSession } from "../session";
import collect from "../text/collect";
import { useText } from "../text";

const LISTED = 500; // choices of a list; beyond it is a field with suggestions
const UNREACHABLE = 0;
const TONES = { draft: "", waiting: "fair", sent: "fair", held: "fair", refused: "poor", conflict: "poor" } as const;

const silent = (error: unknown): boolean => error instanceof ApiFailure && error.failure.status === UNREACHABLE;
const areaId = (d: { resource: string; area: string }): string => `area ${d.resource} ${d.area}`;

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const tell = (): void => setOnline(navigator.onLine);
    addEventListener("online", tell);
    addEventListener("offline", tell);
    return () => {
      removeEventListener("online", tell);
      removeEventListener("offline", tell);
    };
  }, []);
  return online;
}

/** Asks the server and keeps the answer; without a connection gives what was kept. */
async function fetched<T>(id: string, ask: () => Promise<T>): Promise<T | null> {
  try {
    const value = await ask();
    await keep(id, value);
    return value;
  } catch (error) {
    if (!silent(error)) throw error;
    return kept<T>(id);
  }
}

// ---- one entry ------------------------------------------------------------------------------------------------------

function Input({ field: f, value, set, wrong }: { field: CollectField; value: string; set: (v: string) => void; wrong: boolean }) {
  const { t } = useText(collect);
  const common = { id: `f-${f.name}`, value, "aria-invalid": wrong || undefined, "aria-describedby": `w-${f.name}`, onChange: (e: { target: { value: string } }) => set(e.target.value) };
  if (f.choices.length && f.choices.length <= LISTED)
    return <select {...common}><option value="">{t("collect.choose")}</option>{f.choices.map((c) => <option key={c}>{c}</option>)}</select>;
  if (f.choices.length)
    return <><input {...common} list={`l-${f.name}`} /><datalist id={`l-${f.name}`}>{f.choices.map((c) => <option key={c} value={c} />)}</datalist></>;
  if (f.type === "date") return <input {...common} type="date" />;
  const mode = f.type === "integer" ? "numeric" : f.type === "decimal" ? "decimal" : undefined;
  return <input {...common} inputMode={mode} maxLength={f.length || undefined} autoComplete="off" />;
}

function Edit({ area, entry, save, drop, close }: { area: CollectArea; entry: Entry; save: (e: Entry) => void; drop: () => void; close: () => void }) {
  const { t, pick } = useText(collect);
  const [values, setValues] = useState<Values>(entry.values);
  const [tried, setTried] = useState(entry.state === "refused");
  const fields = area.fields.filter((f) => !f.fixed);
  const faults = new Map(fields.map((f) => [f.name, faultOf(f, values[f.name])]));
  const bad = [...faults.values()].some(Boolean);
  const done = (state: Entry["state"]): void => {
    if (state === "waiting" && bad) {
      setTried(true);
      document.getElementById(`f-${fields.find((f) => faults.get(f.name))!.name}`)?.focus();
      return;
    }
    save({ ...entry, values, state, at: new Date().toISOString() });
  };
  return (
    <section className="collect-form">
      <h2>{entry.base === null ? t("collect.new") : t("collect.change")}</h2>
      {entry.reasons.length > 0 && <Note tone="bad"><p>{t("collect.refused_why")}</p><ul>{entry.reasons.map((r) => <li key={r.zh}>{pick(r.zh, r.en)}</li>)}</ul></Note>}
      {fields.map((f) => {
        const fault = faults.get(f.name) ?? null;
        const shown = fault && (tried || (values[f.name] ?? "") !== "");
        return (
          <p className="field" key={f.name}>
            <label htmlFor={`f-${f.name}`}>{pick(f.title, f.title_en)}{f.required && <span className="must" aria-hidden="true"> *</span>}{f.unit && <span className="quiet">{t("collect.unit", { unit: f.unit })}</span>}</label>
            {f.key && entry.base !== null ? <output id={`f-${f.name}`}>{values[f.name]}</output>
              : <Input field={f} value={values[f.name] ?? ""} set={(v) => setValues((old) => ({ ...old, [f.name]: v }))} wrong={!!shown} />}
            <span className="wrong" id={`w-${f.name}`}>{shown ? t(`fault.${fault}`, { length: f.length, min: f.min ?? "…", max: f.max ?? "…", scale: f.scale }) : ""}</span>
          </p>
        );
      })}
      <p className="buttons collect-bar">
        <button type="button" className="primary" onClick={() => done("waiting")}>{t("collect.ready")}</button>
        <button type="button" onClick={() => done("draft")}>{t("collect.draft")}</button>
        <button type="button" className="plain" onClick={close}>{t("collect.back")}</button>
        {entry.at !== "" && <ConfirmDanger text={t("collect.drop")} title={t("collect.drop_ask")} what={t("collect.drop_what")} act={async () => drop()} />}
      </p>
    </section>
  );
}

/** Both versions item by item; what is chosen goes out as a change of the newest. */
function Conflict({ area, entry, save, close }: { area: CollectArea; entry: Entry; save: (e: Entry) => void; close: () => void }) {
  const { t, pick } = useText(collect);
  const current = entry.current!;
  const differ = area.fields.filter((f) => !f.fixed && (entry.values[f.name] ?? "") !== (current.values[f.name] ?? ""));
  const [mine, setMine] = useState<Record<string, boolean>>(() => Object.fromEntries(differ.map((f) => [f.name, true])));
  const decide = (): void => {
    const values = { ...current.values };
    for (const f of differ) if (mine[f.name]) values[f.name] = entry.values[f.name] ?? "";
    if (differ.some((f) => mine[f.name])) save({ ...entry, values, base: current.version, current: null, state: "waiting", at: new Date().toISOString() });
    else save({ ...entry, state: "draft", values: current.values, base: null, at: "" }); // nothing of one's own is left: nothing to send
  };
  return (
    <section className="collect-form">
      <h2>{t("collect.conflict_title")}</h2>
      <p>{t("collect.conflict_what")}</p>
      {differ.map((f) => (
        <fieldset key={f.name} className="versions">
          <legend>{pick(f.title, f.title_en)}</legend>
          {[true, false].map((own_) => (
            <label key={String(own_)} className="choice">
              <input type="radio" name={`v-${f.name}`} checked={mine[f.name] === own_} onChange={() => setMine((old) => ({ ...old, [f.name]: own_ }))} />
              <span><small className="quiet">{t(own_ ? "collect.mine" : "collect.theirs")}</small>{(own_ ? entry.values : current.values)[f.name] || t("collect.empty_value")}</span>
            </label>
          ))}
        </fieldset>
      ))}
      <p className="buttons collect-bar">
        <button type="button" className="primary" onClick={decide}>{t("collect.decide")}</button>
        <button type="button" className="plain" onClick={close}>{t("collect.back")}</button>
      </p>
    </section>
  );
}

// ---- an area --------------------------------------------------------------------------------------------------------

function Records({ area, entries, open }: { area: CollectArea; entries: Entry[]; open: (e: Entry) => void }) {
  const { t, num } = useText(collect);
  const [wanted, setWanted] = useState("");
  const labels = area.fields.filter((f) => f.label).map((f) => f.name), keys = area.fields.filter((f) => f.key).map((f) => f.name);
  const called = (v: Values): string => labels.map((n) => v[n]).filter(Boolean).join(" · ") || t("collect.unnamed");
  const keyOf = (v: Values): string => JSON.stringify(keys.map((k) => v[k] ?? ""));
  const touched = new Set(entries.map((e) => keyOf(e.values)));
  const fits = (v: Values): boolean => !wanted || Object.values(v).some((x) => x.includes(wanted));
  const rest = area.records.filter((r) => !touched.has(keyOf(r.values)) && fits(r.values));
  const blank = (): Entry => ({ id: crypto.randomUUID(), resource: area.resource, area: area.area, base: null, values: {}, at: "", state: "draft", reasons: [], current: null });
  return (
    <>
      <p className="buttons"><button type="button" className="primary" onClick={() => open(blank())}>{t("collect.add")}</button></p>
      <p className="field"><label htmlFor="wanted">{t("collect.find")}</label><input id="wanted" type="search" value={wanted} onChange={(e) => setWanted(e.target.value)} /></p>
      {entries.length > 0 && <h2>{t("collect.own", { n: num(entries.length) })}</h2>}
      <ul className="collect-list">
        {entries.filter((e) => fits(e.values)).map((e) => (
          <li key={e.id}><button type="button" onClick={() => open(e)}><span>{called(e.values)}</span><Badge tone={TONES[e.state]}>{t(`entry.${e.state}`)}</Badge></button></li>
        ))}
      </ul>
      <h2>{t("collect.there", { n: num(rest.length) })}</h2>
      {!area.known && <p className="quiet">{t("collect.not_shown")}</p>}
      <ul className="collect-list">
        {rest.map((r) => <li key={keyOf(r.values)}><button type="button" onClick={() => open({ ...blank(), base: r.version, values: r.values })}><span>{called(r.values)}</span></button></li>)}
      </ul>
    </>
  );
}

// ---- the page -------------------------------------------------------------------------------------------------------

/** Everything that the page knows, and what is done with it. */
function useCollect() {
  const online = useOnline();
  const [duties, setDuties] = useState<CollectDuty[] | null>(null);
  const [duty, setDuty] = useState<CollectDuty | null>(null);
  const [area, setArea] = useState<CollectArea | null>(null);
  const [entries, setEntries] = useState<Entry[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [signedOut, setSignedOut] = useState(false);
  const [busy, setBusy] = useState(false);
  const [offlineReady, setOfflineReady] = useState(false);
  const wait = useRef(FIRST_WAIT_MS);

  const failed = useCallback((error: unknown): void => {
    if (error instanceof ApiFailure && error.failure.code === "SIGNIN") setSignedOut(true);
    else if (!silent(error)) setProblem(error);
  }, []);
  const look = useCallback(async (d: CollectDuty): Promise<void> => {
    try {
      setArea(await fetched(areaId(d), () => collectArea({ name: d.resource, area: d.area })));
    } catch (error) {
      failed(error);
    }
  }, [failed]);
  const round = useCallback(async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      if ((await sync()) && duty) await look(duty);
      wait.current = FIRST_WAIT_MS;
    } catch (error) {
      wait.current = Math.min(wait.current * 2, LONGEST_WAIT_MS);
      failed(error);
    } finally {
      setEntries(await queued());
      setBusy(false);
    }
  }, [duty, look, failed]);

  useEffect(() => {
    void (async () => {
      try {
        try {
          await own((await sessionShow()).account);
        } catch (error) {
          if (!silent(error) || !(await whose())) throw error;
        }
        const list = await fetched("mine", async () => (await collectMine()).items);
        setDuties(list ?? []);
        setDuty(list?.[0] ?? null);
        setEntries(await queued());
      } catch (error) {
        setDuties([]);
        setEntries(await queued());
        failed(error);
      }
      setOfflineReady(await keepOffline().catch(() => false));
    })();
  }, [failed]);
  useEffect(() => {
    setArea(null);
    if (duty) void look(duty);
  }, [duty, look]);
  const pending = entries.some((e) => e.state === "waiting" || e.state === "sent");
  useEffect(() => {
    if (!online || !pending || busy) return;
    const timer = setTimeout(() => void round(), entries.some((e) => e.state === "waiting") && wait.current === FIRST_WAIT_MS ? 0 : wait.current);
    return () => clearTimeout(timer);
  }, [online, pending, busy, entries, round]);
  useEffect(() => {
    if (online) wait.current = FIRST_WAIT_MS;
  }, [online]);
  return { online, duties, duty, setDuty, area, entries, setEntries, problem, signedOut, busy, round, offlineReady };
}

function Top({ c }: { c: ReturnType<typeof useCollect> }) {
  const { t, num } = useText(collect);
  const waiting = c.entries.filter((e) => e.state === "waiting" || e.state === "sent").length;
  return (
    <div className={c.online ? "collect-state" : "collect-state offline"} role="status">
      <Icon name={c.online ? "check" : "warn"} />
      <span>{c.online ? t("collect.online") : t("collect.offline")}{waiting > 0 && t("collect.waiting", { n: num(waiting) })}{c.busy && t("collect.syncing")}{c.offlineReady && <span className="kept">{t("collect.kept")}</span>}</span>
      <button type="button" className="small" disabled={!c.online || c.busy || c.entries.length === 0} onClick={() => void c.round()}>{t("collect.sync")}</button>
    </div>
  );
}

function Leave({ unsent }: { unsent: number }) {
  const { t, num } = useText(collect);
  const { signOut } = useSession();
  const leave = async (): Promise<void> => {
    await wipe();
    await dropOffline();
    await signOut().catch(() => undefined);
    location.assign("/signin?next=/collect");
  };
  return <ConfirmDanger text={t("collect.leave")} title={t("collect.leave_ask")} what={unsent ? t("collect.leave_unsent", { n: num(unsent) }) : t("collect.leave_what")} act={leave} />;
}

export default function CollectPage() {
  const { t, pick } = useText(collect);
  const c = useCollect();
  const [editing, setEditing] = useState<Entry | null>(null);
  useEffect(() => {
    document.title = `${t("collect.title")} · ${t("brand")}`;
  }, [t]);
  const store = async (e: Entry): Promise<void> => {
    const fresh = e.state === "waiting" && e.reasons.length ? { ...e, id: crypto.randomUUID(), reasons: [] } : e; // a refused id is used up
    if (fresh.id !== e.id) await unqueue(e.id);
    if (fresh.at === "") await unqueue(fresh.id);
    else await queue(fresh);
    c.setEntries(await queued());
    setEditing(null);
  };
  const dropped = async (e: Entry): Promise<void> => {
    await unqueue(e.id);
    c.setEntries(await queued());
    setEditing(null);
  };
  const here = c.entries.filter((e) => e.resource === c.duty?.resource && e.area === c.duty.area);
  return (
    <main className="wrap slim collect">
      <header className="page">
        <div className="titled"><h1>{t("collect.title")}</h1><PageHelp title={t("collect.title")} text={t("collect.help")} /></div>
        <Top c={c} />
      </header>
      {c.signedOut && <Note tone="ask"><p>{t("collect.signed_out")}</p><p><Link className="button" to="/signin?next=/collect">{t("nav.signin")}</Link></p></Note>}
      {c.problem ? <Note tone="bad" role="alert"><p>{failureText(c.problem)}</p></Note> : null}
      {c.duties && !c.duties.length && !c.signedOut && <Empty text={t("collect.nothing")} />}
      {c.duties && c.duties.length > 0 && !editing && (
        <p className="field"><label htmlFor="duty">{t("collect.where")}</label>
          <select id="duty" value={c.duty ? areaId(c.duty) : ""} onChange={(e) => c.setDuty(c.duties!.find((d) => areaId(d) === e.target.value) ?? null)}>
            {c.duties.map((d) => <option key={areaId(d)} value={areaId(d)}>{d.area_title} · {pick(d.resource_title, d.resource_title_en)}</option>)}
          </select></p>
      )}
      {c.duty && !c.area && !c.online && <Note tone="ask"><p>{t("collect.never_fetched")}</p></Note>}
      {c.area && !editing && <Records area={c.area} entries={here} open={setEditing} />}
      {c.area && editing && (editing.state === "conflict" && editing.current
        ? <Conflict key={editing.id} area={c.area} entry={editing} save={(e) => void store(e)} close={() => setEditing(null)} />
        : <Edit key={editing.id} area={c.area} entry={editing} save={(e) => void store(e)} drop={() => void dropped(editing)} close={() => setEditing(null)} />)}
      <p className="buttons collect-foot">
        <Leave unsent={c.entries.length} />
        <LangButton />
      </p>
    </main>
  );
}
