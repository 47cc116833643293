// Codes of a table, several of them: a short table is ticked, of a long one they are looked for and added one by one.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { codesSearchQuery } from "#api";
import market from "../text/market";
import { useText } from "../text";
import { Icon } from "./icon";

const SHORT = 40; // codes that one still ticks
const FOUND = 40;

interface Props {
  id: string;
  label: string;
  value: string[];
  change: (codes: string[]) => void;
}

/** [value, text] each, ticked. */
export function Ticks({ id, label, value, change, options }: Props & { options: Array<[string, string]> }) {
  return (
    <fieldset className="field ticks" id={id}>
      <legend>{label}</legend>
      {options.map(([code, title]) => (
        <label className="choice" key={code} htmlFor={`${id}-${code}`}>
          <input type="checkbox" id={`${id}-${code}`} checked={value.includes(code)} onChange={(e) => change(e.target.checked ? [...value, code] : value.filter((c) => c !== code))} /><span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Chip({ table, code, remove }: { table: string; code: string; remove: () => void }) {
  const { t, pick } = useText(market);
  const { data } = useQuery({ ...codesSearchQuery({ table, q: code, limit: FOUND }), staleTime: Infinity });
  const c = data?.items.find((x) => x.code === code);
  const title = c ? pick(c.title, c.title_en) : code;
  return <li className="badge">{title} <button type="button" className="plain small" aria-label={t("mp.remove", { what: title })} onClick={remove}><Icon name="close" /></button></li>;
}

function Searched({ id, label, table, value, change }: Props & { table: string }) {
  const { t, pick } = useText(market);
  const [q, setQ] = useState("");
  const { data } = useQuery({ ...codesSearchQuery({ table, q, limit: FOUND }), enabled: q !== "", staleTime: Infinity, placeholderData: keepPreviousData });
  const code = q.trim();
  const known = data?.items.some((c) => c.code === code) ?? false;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {value.length > 0 && <ul className="chips">{value.map((c) => <Chip key={c} table={table} code={c} remove={() => change(value.filter((x) => x !== c))} />)}</ul>}
      <div className="finder">
        <input id={id} value={q} list={`${id}-codes`} autoComplete="off" maxLength={64} aria-describedby={`${id}-hint`} onChange={(e) => setQ(e.target.value)} />
        <datalist id={`${id}-codes`}>{(data?.items ?? []).map((c) => <option key={c.code} value={c.code}>{pick(c.title, c.title_en)}</option>)}</datalist>
        <button type="button" className="plain" disabled={!known || value.includes(code)} onClick={() => { change([...value, code]); setQ(""); }}>{t("mp.add")}</button>
      </div>
      <span className="quiet" id={`${id}-hint`}>{t("mp.code_hint")}</span>
    </div>
  );
}

export function CodeList({ table, ...rest }: Props & { table: string }) {
  const { pick } = useText(market);
  const { data } = useQuery({ ...codesSearchQuery({ table, limit: SHORT }), staleTime: Infinity });
  if (!data) return null;
  return data.total <= SHORT ? <Ticks {...rest} options={data.items.map((c) => [c.code, pick(c.title, c.title_en)])} /> : <Searched table={table} {...rest} />;
}
