// Texts in two languages and how numbers, times and sizes are written in each.  Switching redraws; nothing is loaded again.
import en from "./text/en.json";
import zh from "./text/zh.json";

export type Lang = "zh" | "en";
export type Key = keyof typeof zh;

const texts: Record<Lang, Record<Key, string>> = { zh, en };
const locales: Record<Lang, string> = { zh: "zh-CN", en: "en-GB" };
const KEPT = "luling.lang";

function remembered(): Lang {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // storage is switched off
  }
}

let current: Lang = remembered();
export const lang = (): Lang => current;

export function setLang(next: Lang): void {
  current = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // kept for this page only
  }
}

/** The text of a key; {name} is replaced by its value. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return texts[current][key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** A text whose key is made from a code of the API, such as "state.published"; the code itself where no text exists. */
export function tCode(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return key in texts[current] ? texts[current][key as Key] : code;
}

/** What the API says in both languages: the English where it is asked for and there. */
export function pick(zhText: string | null | undefined, enText: string | null | undefined): string {
  return (current === "en" ? enText || zhText : zhText || enText) ?? "";
}

/** One after the other, as each language does it. */
export const listed = (words: string[]): string => words.join(current === "zh" ? "、" : ", ");

export const num = (n: number): string => new Intl.NumberFormat(locales[current]).format(n);

export function percent(share: number): string {
  // 100 % is said only of a whole.
  const cut = Math.floor(share * 1000) / 1000;
  return new Intl.NumberFormat(locales[current], { style: "percent", minimumFractionDigits: cut === 1 ? 0 : 1 }).format(cut);
}

export function when(iso: string | null | undefined): string {
  if (!iso) return "–";
  return new Intl.DateTimeFormat(locales[current], { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

export function day(iso: string | null | undefined): string {
  if (!iso) return "–";
  return new Intl.DateTimeFormat(locales[current], { dateStyle: "medium" }).format(new Date(iso));
}

export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    at++;
  }
  return `${new Intl.NumberFormat(locales[current], { maximumFractionDigits: at ? 1 : 0 }).format(n)} ${units[at]}`;
}
