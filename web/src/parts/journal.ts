// Is what we were shown what the journal holds?  The entry commits to salt and payload (src/journal/entry.h); the browser works it out.
import { journalEntryUrl } from "#api";

const DOMAIN = new TextEncoder().encode("luling-payload/v1\n");

function base64url(bytes: ArrayBuffer): string {
  let raw = "";
  for (const b of new Uint8Array(bytes)) raw += String.fromCharCode(b);
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** sealed: base64 of salt and payload. */
export async function commits(entry: number, sealed: string): Promise<boolean> {
  const raw = atob(sealed);
  const all = new Uint8Array(DOMAIN.length + raw.length);
  all.set(DOMAIN);
  for (let i = 0; i < raw.length; i++) all[DOMAIN.length + i] = raw.charCodeAt(i);
  const reply = await fetch(journalEntryUrl({ index: entry }));
  if (!reply.ok) return false;
  const said = (await reply.json()) as { commit?: string };
  return said.commit === base64url(await crypto.subtle.digest("SHA-256", all));
}
