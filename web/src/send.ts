// The one place that talks to the server.
import { queryOptions, type QueryKey } from "@tanstack/react-query";
import type { ApprovalNeeded } from "#api";

export interface Failure {
  code: string;
  zh: string;
  en: string;
  request: string;
  status: number;
}

/** An answer that is not 2xx, with the server's own sentence in both languages. */
export class ApiFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.en);
  }
}

/** A question to the server for TanStack Query: the generated client makes one of every GET. */
export const asked = <T>(queryKey: QueryKey, queryFn: () => Promise<T>) => queryOptions({ queryKey, queryFn });

type Value = string | number | boolean | undefined | Array<string | number>;

export function query(values: Record<string, Value>): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) out.append(name, String(one));
  }
  const text = out.toString();
  return text ? `?${text}` : "";
}

const unreachable: Failure = {
  code: "UNREACHABLE",
  zh: "连接不上服务，请确认它正在运行后重试",
  en: "The server does not answer; check that it runs, then try again",
  request: "",
  status: 0,
};

export async function failureOf(reply: Response): Promise<Failure> {
  try {
    const body = (await reply.json()) as { error: Omit<Failure, "status"> };
    return { ...body.error, status: reply.status };
  } catch {
    return { ...unreachable, status: reply.status };
  }
}

/** Sent with whatever changes something: no page of another origin can add it. */
export const MARKER = "X-Luling-Request";

let bearer: string | null = null;

/** Whose requests these are from now on, where it is not who is signed in: the token of a subject; null ends it. */
export function actAs(token: string | null): void {
  bearer = token;
}

export type Approval = ApprovalNeeded["approval"];

const NEEDS_APPROVAL = 428;
let confirm: ((wanted: Approval) => Promise<void>) | null = null;

/** Who has an act confirmed by passkey (parts/approvals): resolves when the server has the signature, fails when it is given up. */
export function onApproval(ask: (wanted: Approval) => Promise<void>): () => void {
  confirm = ask;
  return () => {
    if (confirm === ask) confirm = null;
  };
}

let delegation: string | null = null;

/** For which enterprise it is, where somebody acts for one: the number of the delegation; null ends it. */
export function actFor(id: string | null): void {
  delegation = id;
}

/** What is a firm's own and may be delegated; the rest of a subject's pages stays the person's. */
const DELEGATED = /^\/v1\/me\/(enterprise|products|prechecks|financings|loan-cases)/;

async function carry(url: string, what: RequestInit): Promise<Response> {
  try {
    return await fetch(url, what);
  } catch {
    throw new ApiFailure(unreachable);
  }
}

async function converse(method: string, url: string, body: BodyInit | undefined, type: string, accept: string): Promise<Response> {
  const headers: { [name: string]: string } = { Accept: accept };
  if (method !== "GET") headers[MARKER] = "console";
  if (bearer) headers["Authorization"] = `Bearer ${bearer}`;
  if (bearer && delegation && DELEGATED.test(url)) headers["Luling-Acts-For"] = delegation;
  if (body !== undefined) headers["Content-Type"] = type;
  let reply = await carry(url, { method, body, headers });
  if (reply.status === NEEDS_APPROVAL && confirm) {
    const { approval } = (await reply.json()) as ApprovalNeeded;
    await confirm(approval);
    reply = await carry(url, { method, body, headers: { ...headers, "Luling-Approval": approval.id } }); // the same, to the byte
  }
  if (!reply.ok) throw new ApiFailure(await failureOf(reply));
  return reply;
}

async function exchange<T>(method: string, url: string, body: BodyInit | undefined, type: string): Promise<T> {
  const reply = await converse(method, url, body, type, "application/json");
  return (reply.status === 204 ? undefined : await reply.json()) as T;
}

/** What is no JSON, as its bytes. */
export async function askBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const reply = await carry(url, { headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });
  if (!reply.ok) throw new ApiFailure(await failureOf(reply));
  return new Uint8Array(await reply.arrayBuffer());
}

export const askText = async (url: string): Promise<string> => new TextDecoder().decode(await askBytes(url));

/** body: what becomes JSON. */
export const send = <T>(method: string, url: string, body?: unknown): Promise<T> =>
  exchange<T>(method, url, body === undefined ? undefined : JSON.stringify(body), "application/json");

/** A small file as it is; larger ones tell how far they are (parts/upload). */
export const sendFile = <T>(url: string, file: Blob, type = "application/octet-stream"): Promise<T> => exchange<T>("POST", url, file, type);

/** What is answered with a document, by its name. */
export async function sendForFile(url: string, body: unknown): Promise<{ name: string | null; file: Blob }> {
  const reply = await converse("POST", url, JSON.stringify(body), "application/json", "*/*");
  return { name: /filename="?([\w.-]+)/.exec(reply.headers.get("Content-Disposition") ?? "")?.[1] ?? null, file: await reply.blob() };
}

/** What is no JSON, for whoever a link cannot speak for. */
export async function fetchFile(url: string): Promise<Blob> {
  const reply = await carry(url, { headers: bearer ? { Authorization: `Bearer ${bearer}` } : {} });
  if (!reply.ok) throw new ApiFailure(await failureOf(reply));
  return reply.blob();
}
