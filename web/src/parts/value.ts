// A value of a record, as people read it.
import type { Words } from "../text";

export type Value = null | boolean | number | string | { code: string; title: string | null; title_en?: string };

const YEARS = 10_000; // a number without a unit may be a year: up to four digits stand as they are

export function written(v: Value, unit: string | null | undefined, { t, pick, num }: Words<never>): string {
  if (v === null) return "–";
  if (typeof v === "object") return pick(v.title, v.title_en) || v.code;
  if (typeof v === "boolean") return v ? t("yes") : t("no");
  if (typeof v === "number") return unit ? `${num(v)} ${unit}` : Math.abs(v) < YEARS ? String(v) : num(v);
  return v;
}
