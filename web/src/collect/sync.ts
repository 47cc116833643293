// Sends what waits and learns what became of what was sent; at most a few requests at a time, and less often while nothing answers.
import { collectEntries, collectSend } from "#api";
import { queue, queued, unqueue, type Entry } from "./store";

const AT_ONCE = 20;
export const FIRST_WAIT_MS = 4000;
export const LONGEST_WAIT_MS = 300_000;

const place = (e: Entry): string => `${e.resource} ${e.area}`;

async function sendSome(some: Entry[]): Promise<void> {
  const [{ resource: name, area }] = some as [Entry, ...Entry[]];
  const told = await collectSend({ name, area }, { entries: some.map(({ id, base, values }) => ({ id, base, values })) });
  for (const answer of told.entries) {
    const e = some.find((x) => x.id === answer.id);
    if (!e) continue;
    if (answer.state === "conflict") await queue({ ...e, state: "conflict", current: answer.current });
    else await queue({ ...e, state: "sent", current: null, reasons: [] });
  }
}

/** What was accepted leaves the device; true when anything changed on the server. */
async function learn(sent: Entry[]): Promise<boolean> {
  const [{ resource: name, area }] = sent as [Entry, ...Entry[]];
  const states = new Map((await collectEntries({ name, area })).entries.map((s) => [s.id, s]));
  let changed = false;
  for (const e of sent) {
    const s = states.get(e.id);
    if (!s || s.state === "waiting") continue;
    changed = true;
    if (s.state === "accepted" || s.state === "corrected") await unqueue(e.id);
    else await queue({ ...e, state: s.state === "held" ? "held" : "refused", reasons: s.reasons });
  }
  return changed;
}

async function byPlace(state: Entry["state"][], work: (list: Entry[]) => Promise<unknown>): Promise<void> {
  const groups = new Map<string, Entry[]>();
  for (const e of (await queued()).filter((x) => state.includes(x.state))) groups.set(place(e), [...(groups.get(place(e)) ?? []), e]);
  for (const list of groups.values()) for (let i = 0; i < list.length; i += AT_ONCE) await work(list.slice(i, i + AT_ONCE));
}

/** One round; throws when the server does not answer or refuses.  Tells whether records may have changed. */
export async function sync(): Promise<boolean> {
  let changed = false;
  await byPlace(["waiting"], sendSome);
  await byPlace(["sent", "held"], async (list) => { changed = (await learn(list)) || changed; });
  return changed;
}
