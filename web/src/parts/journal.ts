// The journal as the browser reads it: entries, proofs, tiles and signatures; and whether what was shown is what an entry commits to.
import { queryOptions } from "@tanstack/react-query";
import { journalCheckpointSm3Url, journalCheckpointUrl, journalContents, journalEntryUrl, journalPolicyUrl, journalProofUrl, type JournalContents } from "#api";
import { ApiFailure, askBytes, askText } from "#send";
import { stepsOf, type FetchTile, type Step } from "../verify/entry";
import { algorithmOf, base64, commitmentOf, leafHash, parseCheckpoint, parsePolicy, parseProof, signedBy, type Checkpoint } from "../verify/tlog";

/** sealed: base64 of salt and payload. */
export async function commits(entry: number, sealed: string): Promise<boolean> {
  const said = JSON.parse(await askText(journalEntryUrl({ index: entry }))) as { commit?: string };
  return said.commit === (await commitmentOf(base64(sealed, "", "")));
}

export interface EntryShown {
  index: number;
  bytes: Uint8Array;
  text: string;
  said: { type: string; time: string; data?: Record<string, unknown>; commit?: string };
  proof: string;
  policy: string;
  contents: JournalContents | null;
  leaf: Uint8Array;
  checkpoint: Checkpoint;
  steps: Step[];
}

/** contents: what it commits to is wanted, too. */
export const entryQuery = (index: number, contents: boolean) =>
  queryOptions({
    queryKey: ["journal.entry", { index, contents }],
    queryFn: async (): Promise<EntryShown> => {
      const [bytes, proof, policy, sealed] = await Promise.all([
        askBytes(journalEntryUrl({ index })), askText(journalProofUrl({ index })), askText(journalPolicyUrl()), contents ? journalContents({ index }) : null,
      ]);
      const text = new TextDecoder().decode(bytes);
      const { path, note } = parseProof(proof);
      const checkpoint = parseCheckpoint(note);
      const leaf = await leafHash(bytes);
      return { index, bytes, text, said: JSON.parse(text) as EntryShown["said"], proof, policy, contents: sealed, leaf, checkpoint, steps: await stepsOf(leaf, index, checkpoint.size, path) };
    },
    staleTime: 60_000,
  });

/** The payload without its salt, as it was hashed. */
export const payloadOf = (sealed: string): string => new TextDecoder().decode(base64(sealed, "", "").subarray(16));

export const fetchTile: FetchTile = (path) => askBytes(`/journal/${path}`);

export interface SignatureShown {
  name: string;
  id: string;
  algorithm: string;
  /** unchecked: by an algorithm that browsers do not have; unknown: its key is not given. */
  state: "valid" | "invalid" | "unchecked" | "unknown";
  at: Date | null;
}

export interface CheckpointShown {
  checkpoint: Checkpoint;
  signatures: SignatureShown[];
}

async function signatures(c: Checkpoint, policyText: string): Promise<SignatureShown[]> {
  const policy = await parsePolicy(policyText);
  const keys = [...policy.logs, ...policy.members.flatMap((m) => (m.key ? [m.key] : []))];
  return Promise.all(c.signatures.map(async (s): Promise<SignatureShown> => {
    const key = keys.find((k) => k.name === s.name && k.id === s.id);
    if (!key) return { name: s.name, id: s.id, algorithm: "", state: "unknown", at: null };
    const shown = { name: s.name, id: s.id, algorithm: algorithmOf(key), at: null };
    try {
      const signed = await signedBy(c, key);
      return { ...shown, state: signed ? "valid" : "unchecked", at: signed?.at ?? null };
    } catch {
      return { ...shown, state: "invalid" };
    }
  }));
}

async function checkpointAt(url: string, policy: string): Promise<CheckpointShown[]> {
  try {
    const checkpoint = parseCheckpoint(await askText(url));
    return [{ checkpoint, signatures: await signatures(checkpoint, policy) }];
  } catch (error) {
    if (error instanceof ApiFailure && error.failure.status === 404) return []; // none was published yet
    throw error;
  }
}

/** What is signed now: the tree over SHA-256, and the one over SM3. */
export const checkpointsQuery = queryOptions({
  queryKey: ["journal.checkpoints"],
  queryFn: async (): Promise<CheckpointShown[]> => {
    const policy = await askText(journalPolicyUrl());
    return (await Promise.all([journalCheckpointUrl(), journalCheckpointSm3Url()].map((url) => checkpointAt(url, policy)))).flat();
  },
});
