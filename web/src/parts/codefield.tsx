// A code to enter or to filter by: a short table is chosen from, in a long one what is typed is looked for.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { codesSearchQuery, type Code } from "#api";
import packs from "../text/packs";
import { useText } from "../text";
import { Choice, Field } from "./form";
import type { ListState } from "./list";
import { Filter, FilterField } from "./table";

const SHORT = 60; // codes that one still chooses from
const FOUND = 40;

function useCodes(table: string, q: string): { codes: Code[]; short: boolean } {
  const all = useQuery({ ...codesSearchQuery({ table, limit: SHORT, offset: 0 }), staleTime: Infinity }).data;
  const short = all !== undefined && all.total <= SHORT;
  const found = useQuery({ ...codesSearchQuery({ table, q, limit: FOUND, offset: 0 }), staleTime: Infinity, enabled: !short && q !== "", placeholderData: keepPreviousData }).data;
  return { codes: (short ? all : found)?.items ?? [], short };
}

function useOptions(table: string) {
  const { pick } = useText();
  const [q, setQ] = useState("");
  const { codes, short } = useCodes(table, q);
  const titled = codes.map((c): [string, string] => [c.code, pick(c.title, c.title_en)]);
  return { short, titled, setQ };
}

const Found = ({ id, titled }: { id: string; titled: Array<[string, string]> }) => <datalist id={id}>{titled.map(([code, title]) => <option key={code} value={code}>{title}</option>)}</datalist>;

export function CodeFilter({ list, name, label, table }: { list: ListState; name: string; label: string; table: string }) {
  const { t } = useText(packs);
  const { short, titled, setQ } = useOptions(table);
  if (short) return <Filter list={list} name={name} label={label} all={t("block.any")} options={titled} />;
  const id = `${list.id(name)}-codes`;
  return <><FilterField list={list} name={name} label={label} codes={id} onInput={(e) => setQ(e.currentTarget.value)} maxLength={64} /><Found id={id} titled={titled} /></>;
}

export function CodeField({ id, label, table, value, required }: { id: string; label: string; table: string; value: string; required: boolean }) {
  const { t } = useText(packs);
  const { short, titled, setQ } = useOptions(table);
  if (short) return <Choice id={id} label={label} chosen={value} options={required ? titled : [["", t("block.any")], ...titled]} />;
  return <><Field id={id} label={label} hint={t("block.code_hint")} defaultValue={value} required={required} maxLength={64} autoComplete="off" list={`${id}-codes`} onInput={(e) => setQ(e.currentTarget.value)} /><Found id={`${id}-codes`} titled={titled} /></>;
}
