// Files on their way to the server.  They go on while other pages are looked at; whoever comes back sees how far they are.
import { useSyncExternalStore } from "react";
import { deliveryUploadUrl, type Accepted } from "#api";
import { ApiFailure, MARKER, type Failure } from "#send";

export interface Upload {
  id: number;
  resource: string;
  name: string;
  size: number;
  sent: number;
  state: "sending" | "done" | "failed" | "stopped";
  delivery?: string;
  error?: unknown;
  abort(): void;
}

let list: Upload[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(id: number, part: Partial<Upload>): void {
  list = list.map((u) => (u.id === id ? { ...u, ...part } : u));
  for (const told of listeners) told();
}

const sending = (): boolean => list.some((u) => u.state === "sending");

// Leaving the console altogether would end them: the browser asks first.
window.addEventListener("beforeunload", (e) => {
  if (sending()) e.preventDefault();
});

const broken: Failure = { code: "UNREACHABLE", zh: "传输中断，请重试", en: "The transfer broke off; try again", request: "", status: 0 };

/** XMLHttpRequest, because fetch does not tell how much of a body has left. */
function post(url: string, file: File, told: (sent: number) => void): { done: Promise<Accepted>; abort(): void } {
  const request = new XMLHttpRequest();
  const done = new Promise<Accepted>((resolve, reject) => {
    request.upload.onprogress = (e) => told(e.loaded);
    request.onerror = () => reject(new ApiFailure(broken));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      try {
        const body = JSON.parse(request.responseText) as Accepted & { error?: Failure };
        if (request.status === 202) resolve(body);
        else reject(new ApiFailure({ ...(body.error ?? broken), status: request.status }));
      } catch {
        reject(new ApiFailure(broken));
      }
    };
    request.open("POST", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader(MARKER, "console");
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}

/** Begins to send; one file of a resource at a time. */
export function deliver(resource: string, file: File): void {
  if (list.some((u) => u.resource === resource && u.state === "sending")) return;
  const id = next++;
  const way = post(deliveryUploadUrl({ name: resource, file_name: file.name }), file, (sent) => change(id, { sent }));
  list = [...list.filter((u) => u.resource !== resource), { id, resource, name: file.name, size: file.size, sent: 0, state: "sending", abort: way.abort }];
  change(id, {});
  way.done.then(
    (accepted) => change(id, { state: "done", sent: file.size, delivery: accepted.id }),
    (error: unknown) => change(id, error instanceof DOMException ? { state: "stopped" } : { state: "failed", error }),
  );
}

export function dismiss(id: number): void {
  list = list.filter((u) => u.id !== id);
  for (const told of listeners) told();
}

const subscribe = (told: () => void): (() => void) => {
  listeners.add(told);
  return () => listeners.delete(told);
};

export const useUploads = (): Upload[] => useSyncExternalStore(subscribe, () => list);
