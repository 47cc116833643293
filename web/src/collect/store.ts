// What the collection page keeps on the device: forms and records that were fetched, and entries that wait to be sent.  Everything but names of
// areas and ids lies encrypted under a key that the browser made, keeps with the rest and never hands out; another account's, or a sign-out, wipes
// key and content together.  Who can run code as this page on an unlocked device can read it: that is what the device's own lock is for.
const NAME = "luling-collect";
const VERSION = 1;

export type EntryState = "draft" | "waiting" | "sent" | "held" | "refused" | "conflict";
export interface Reason { zh: string; en: string; fields: string[] }
export type Values = Record<string, string>;
export interface Entry {
  id: string;
  resource: string;
  area: string;
  /** Version of the record that it changes; null: it is a new one. */
  base: string | null;
  values: Values;
  at: string;
  state: EntryState;
  reasons: Reason[];
  current: { version: string; values: Values } | null;
}
interface Sealed { id: string; iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer }
interface Owner { id: "owner"; account: string; key: CryptoKey }

const done = <T>(r: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    r.onsuccess = () => resolve(r.result);
    r.onerror = () => reject(r.error as Error);
  });

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const r = indexedDB.open(NAME, VERSION);
    r.onupgradeneeded = () => {
      for (const name of ["owner", "fetched", "queue"]) r.result.createObjectStore(name, { keyPath: "id" });
    };
    r.onsuccess = () => {
      r.result.onversionchange = () => {
        r.result.close();
        opened = null;
      };
      resolve(r.result);
    };
    r.onerror = () => reject(r.error as Error);
  });
  return opened;
}

const at = async (name: string, mode: IDBTransactionMode): Promise<IDBObjectStore> => (await open()).transaction(name, mode).objectStore(name);

async function owner(): Promise<Owner | undefined> {
  return done(await at("owner", "readonly").then((s) => s.get("owner") as IDBRequest<Owner | undefined>));
}

/** Everything goes: at sign-out, and before another account's begins. */
export async function wipe(): Promise<void> {
  if (opened) (await opened).close();
  opened = null;
  await new Promise<void>((resolve) => {
    const r = indexedDB.deleteDatabase(NAME);
    r.onsuccess = r.onerror = r.onblocked = () => resolve();
  });
}

/** Whose device this is from now on; what was another's is wiped. */
export async function own(account: string): Promise<void> {
  const known = await owner();
  if (known?.account === account) return;
  if (known) await wipe();
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await done((await at("owner", "readwrite")).put({ id: "owner", account, key } satisfies Owner));
}

export const whose = async (): Promise<string | null> => (await owner())?.account ?? null;

async function seal(id: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const o = await owner();
  if (!o) throw new Error("nobody's device");
  const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) }, o.key, new TextEncoder().encode(JSON.stringify(value)));
  return { id, iv, bytes };
}

async function unseal<T>(s: Sealed | undefined): Promise<T | null> {
  const o = s && (await owner());
  if (!s || !o) return null;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: s.iv, additionalData: new TextEncoder().encode(s.id) }, o.key, s.bytes);
  return JSON.parse(new TextDecoder().decode(plain)) as T;
}

export async function keep(id: string, value: unknown): Promise<void> {
  const sealed = await seal(id, value);
  await done((await at("fetched", "readwrite")).put(sealed));
}
export const kept = async <T>(id: string): Promise<T | null> => unseal<T>(await done((await at("fetched", "readonly")).get(id) as IDBRequest<Sealed | undefined>));

export async function queue(e: Entry): Promise<void> {
  const sealed = await seal(e.id, e);
  await done((await at("queue", "readwrite")).put(sealed));
}
export async function unqueue(id: string): Promise<void> {
  await done((await at("queue", "readwrite")).delete(id));
}
export async function queued(): Promise<Entry[]> {
  if (!(await owner())) return [];
  const all = await done((await at("queue", "readonly")).getAll() as IDBRequest<Sealed[]>);
  const list = await Promise.all(all.map((s) => unseal<Entry>(s)));
  return list.filter((e) => e !== null).sort((a, b) => (a.at < b.at ? 1 : -1));
}
