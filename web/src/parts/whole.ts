// Is a subject's list of looks whole?  Fetches it with its proof and has this browser check it (verify/looks.ts).
//
// What the server says of its own key proves little the first time.  So the device keeps in mind by which key and under which pseudonym it
// checked, and what the list was then: a platform that shows another journal, another's list or a rewritten one the next time is found out.
import { journalKeysUrl, meLooksProof, type LooksProof } from "#api";
import { fetchFile } from "#send";
import { checkLooks, type LooksChecked } from "../verify/looks";
import { CheckError } from "../verify/tlog";

const AT_ONCE = 500;

/** How things stood at the last check on this device. */
interface Known {
  subject: string;
  keys: string;
  looks: number;
  entries: number;
  /** SHA-256 over the links of those looks. */
  trace: string;
}

export interface Whole {
  checked: LooksChecked;
  /** Sealed part of each look that was checked, by its entry. */
  sealed: Map<number, string>;
  /** Names of the journal's keys. */
  keys: string;
  before: Known | null;
  file: string;
}

/** More than a fault of the list itself: what this device remembers does not fit. */
export class MemoryError extends Error {
  constructor(readonly fault: "key" | "fewer" | "changed", readonly n: number, readonly file: string) {
    super(fault);
  }
}

/** The list is wrong; the file shows how. */
export class ListError extends Error {
  constructor(readonly why: CheckError, readonly file: string) {
    super(why.message);
  }
}

const kept = (passkey: string): string => `luling.looks.${passkey}`;

function remembered(passkey: string): Known | null {
  try {
    return JSON.parse(localStorage.getItem(kept(passkey)) ?? "null") as Known | null;
  } catch {
    return null; // storage is switched off, or holds something else
  }
}

function remember(passkey: string, known: Known): void {
  try {
    localStorage.setItem(kept(passkey), JSON.stringify(known));
  } catch {
    // the next check is a first one again
  }
}

async function pagesOf(): Promise<LooksProof[]> {
  const pages: LooksProof[] = [];
  for (let after = 0; ; ) {
    const page = await meLooksProof({ after, limit: AT_ONCE });
    pages.push(page);
    after += page.looks.length;
    if (!page.looks.length || after >= page.total) return pages;
  }
}

async function traceOf(pages: LooksProof[], n: number): Promise<string> {
  const links = pages.flatMap((p) => p.looks.map((l) => l.link)).slice(0, n).join("\n");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(links)));
  return btoa(String.fromCharCode(...hash));
}

const keysOf = (policy: string, origin: string): string =>
  policy.split("\n").filter((l) => l.startsWith(`log ${origin}+`)).map((l) => l.split("+")[1]).sort().join(" ");

/** passkey: the credential with which the subject signed in; the device remembers by it. */
export async function checkWhole(passkey: string): Promise<Whole> {
  const [pages, policy] = [await pagesOf(), await (await fetchFile(journalKeysUrl())).text()];
  const file = pages.map((p) => JSON.stringify(p)).join("\n");
  const before = remembered(passkey);
  let checked: LooksChecked;
  try {
    checked = await checkLooks(pages, policy, before?.subject);
  } catch (error) {
    throw error instanceof CheckError ? new ListError(error, file) : error;
  }
  const keys = keysOf(policy, checked.origin);
  if (before && before.keys !== keys) throw new MemoryError("key", 0, file);
  if (before && (checked.total < before.looks || checked.entries < before.entries)) throw new MemoryError("fewer", before.looks, file);
  if (before && (await traceOf(pages, before.looks)) !== before.trace) throw new MemoryError("changed", before.looks, file);
  remember(passkey, { subject: checked.subject, keys, looks: checked.total, entries: checked.entries, trace: await traceOf(pages, checked.total) });
  const sealed = new Map(pages.flatMap((p) => p.looks.flatMap((l): Array<[number, string]> => (l.entry !== undefined && l.sealed ? [[l.entry, l.sealed]] : []))));
  return { checked, sealed, keys, before, file };
}
