// The form's rules on the device, so that a wrong value is told at once and without a connection.  The server checks everything again; what can
// be checked there only (references, a resource's own rules) is told when the entry was sent.
import type { CollectField } from "#api";

export type Fault = "required" | "length" | "format" | "number" | "whole" | "decimals" | "range" | "date" | "code" | "resident_id" | "uscc";

const RESIDENT = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const USCC = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/** GB 11643-1999: 18 characters, the last one by ISO 7064 MOD 11-2; a date of birth that there was. */
export function residentId(text: string): boolean {
  if (!/^\d{17}[\dXx]$/.test(text)) return false;
  const sum = RESIDENT.reduce((s, w, i) => s + w * Number(text[i]), 0);
  return "10X98765432"[sum % 11] === text[17]!.toUpperCase() && isDate(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`);
}

/** GB 32100-2015: 18 characters, the last one by weights of powers of 3 modulo 31. */
export function creditCode(text: string): boolean {
  if (text.length !== 18 || [...text].some((c) => !ALPHABET.includes(c))) return false;
  const sum = USCC.reduce((s, w, i) => s + w * ALPHABET.indexOf(text[i]!), 0);
  return ALPHABET[(31 - (sum % 31)) % 31] === text[17];
}

export function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const today = (): string => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10); // in China

function numberFault(f: CollectField, text: string): Fault | null {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return "number";
  if (f.type === "integer" && text.includes(".")) return "whole";
  if (f.type === "decimal" && !f.unit && (text.split(".")[1] ?? "").length > f.scale) return "decimals";
  const n = Number(text);
  return (f.min !== null && n < Number(f.min)) || (f.max !== null && n > Number(f.max)) ? "range" : null;
}

function dateFault(f: CollectField, text: string): Fault | null {
  if (!isDate(text)) return "date";
  const bound = (b: string): string => (b === "today" ? today() : b);
  return (f.min !== null && text < bound(f.min)) || (f.max !== null && text > bound(f.max)) ? "range" : null;
}

function formatFault(f: CollectField, text: string): Fault | null {
  if (f.length && [...text].length > f.length) return "length";
  if (f.format === null) return null;
  try {
    return new RegExp(`^(?:${f.format})$`, "u").test(text) ? null : "format";
  } catch {
    return null; // an expression that only the server's engine knows
  }
}

/** null: nothing to be said against it on this device. */
export function faultOf(f: CollectField, value: string | undefined): Fault | null {
  const text = (value ?? "").trim();
  if (f.fixed) return null;
  if (!text) return f.required ? "required" : null;
  if (f.choices.length) return f.choices.includes(text) ? null : "code";
  if (f.scheme === "resident_id") return residentId(text) ? null : "resident_id";
  if (f.scheme === "uscc") return creditCode(text) ? null : "uscc";
  if (f.type === "integer" || f.type === "decimal") return numberFault(f, text);
  if (f.type === "date") return dateFault(f, text);
  return formatFault(f, text);
}
