// Texts in two languages and how numbers, times and sizes are written in each.  i18next keeps the texts; an area (src/text/*.ts) comes
// with the page that imports it, in both languages, so that switching draws anew and loads nothing.
import i18next from "i18next";
import { useSyncExternalStore } from "react";
import commonEn from "./text/en/common.json";
import commonZh from "./text/zh/common.json";

export type Lang = "zh" | "en";

const locales: Record<Lang, string> = { zh: "zh-CN", en: "en-GB" };
const tags: Record<Lang, string> = { zh: "zh-CN", en: "en" };
const KEPT = "luling.lang";

function remembered(): Lang {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
  } catch {
    return "zh"; // storage is switched off
  }
}

void i18next.init({
  lng: remembered(),
  fallbackLng: false,
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  defaultNS: "common",
  resources: {},
  interpolation: { prefix: "{", suffix: "}", escapeValue: false },
});
document.documentElement.lang = tags[i18next.language as Lang];

/** The texts of one area of the console; K: its keys. */
export interface Area<K extends string> {
  readonly name: string;
  readonly keys?: K; // for the type checker alone
}

export function area<Z extends Record<string, string>>(name: string, zh: Z, en: Record<keyof Z, string>): Area<keyof Z & string> {
  i18next.addResourceBundle("zh", name, zh);
  i18next.addResourceBundle("en", name, en);
  return { name };
}

const common = area("common", commonZh, commonEn);
type CommonKey = keyof typeof commonZh;

export const lang = (): Lang => i18next.language as Lang;

export function setLang(next: Lang): void {
  document.documentElement.lang = tags[next];
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // kept for this page only
  }
  void i18next.changeLanguage(next);
}

type Values = Record<string, string | number>;

/** What the API says in both languages: the English where it is asked for and there. */
export function pick(zhText: string | null | undefined, enText: string | null | undefined): string {
  return (lang() === "en" ? enText || zhText : zhText || enText) ?? "";
}

/** One after the other, as each language does it. */
export const listed = (words: string[]): string => words.join(lang() === "zh" ? "、" : ", ");

export const num = (n: number): string => new Intl.NumberFormat(locales[lang()]).format(n);

/** Yuan to the fen. */
export const money = (v: number): string => new Intl.NumberFormat(locales[lang()], { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(v);

export function percent(share: number): string {
  // 100 % is said only of a whole.
  const cut = Math.floor(share * 1000) / 1000;
  return new Intl.NumberFormat(locales[lang()], { style: "percent", minimumFractionDigits: cut === 1 ? 0 : 1 }).format(cut);
}

export function when(iso: string | null | undefined): string {
  if (!iso) return "–";
  return new Intl.DateTimeFormat(locales[lang()], { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

export function day(iso: string | null | undefined): string {
  if (!iso) return "–";
  return new Intl.DateTimeFormat(locales[lang()], { dateStyle: "medium" }).format(new Date(iso));
}

export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let at = 0;
  while (n >= 1024 && at < units.length - 1) {
    n /= 1024;
    at++;
  }
  return `${new Intl.NumberFormat(locales[lang()], { maximumFractionDigits: at ? 1 : 0 }).format(n)} ${units[at]}`;
}

// The keys are checked by Area; i18next's own types would check them a second time, and otherwise.
const write = (key: string, options: Record<string, unknown>): string => String(i18next.t(key, options));

function wordsOf<K extends string>(language: Lang, areas: string[]) {
  const ns = [...areas, common.name];
  return {
    lang: language,
    /** The text of a key; {name} is replaced by its value. */
    t: (key: K | CommonKey, values: Values = {}): string => write(key, { ...values, ns, lng: language }),
    /** A text whose key is made from a code of the API, such as "state.published"; the code itself where no text exists. */
    tCode: (prefix: string, code: string): string => {
      const key = `${prefix}.${code}`;
      return i18next.exists(key, { ns, lng: language }) ? write(key, { ns, lng: language }) : code;
    },
    pick, listed, num, money, percent, when, day, bytes,
  };
}

/** What a component writes with; K: the keys of the areas that it named. */
export type Words<K extends string> = ReturnType<typeof wordsOf<K>>;

const made = new Map<string, Words<string>>();

/** Outside components; there the language may be another one the next time. */
export function words<A extends Area<string>[]>(...areas: A): Words<NonNullable<A[number]["keys"]>> {
  const names = areas.map((a) => a.name);
  const key = `${lang()} ${names.join(" ")}`;
  let found = made.get(key);
  if (!found) made.set(key, (found = wordsOf(lang(), names)));
  return found as Words<NonNullable<A[number]["keys"]>>;
}

function subscribe(changed: () => void): () => void {
  i18next.on("languageChanged", changed);
  return () => i18next.off("languageChanged", changed);
}

/** The texts of these areas and the common ones, in the language that is on; the component draws anew when another one is. */
export function useText<A extends Area<string>[]>(...areas: A): Words<NonNullable<A[number]["keys"]>> {
  useSyncExternalStore(subscribe, lang);
  return words(...areas);
}
