// Registers the worker that keeps the collection page, and tells it which files the page runs on.
const WORKER = "/collect-worker.js";
const SCOPE = "/collect";

const assets = (): string[] => {
  const loaded = performance.getEntriesByType("resource").map((e) => new URL(e.name).pathname);
  const named = [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>("script[src], link[href]")].map((e) => new URL("src" in e ? e.src : e.href).pathname);
  return [...new Set([...loaded, ...named])].filter((p) => p.startsWith("/assets/"));
};

/** Resolves when the page and its files are kept: from then on it opens without a connection. */
export async function keepOffline(): Promise<boolean> {
  if (!("serviceWorker" in navigator)) return false;
  const { active, waiting, installing } = await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
  if (!active && !waiting && !installing) return false;
  const ready = await navigator.serviceWorker.ready;
  const kept = new Promise<boolean>((resolve) => {
    navigator.serviceWorker.addEventListener("message", (e: MessageEvent<{ kind?: string }>) => e.data.kind === "kept" && resolve(true), { once: true });
    setTimeout(() => resolve(false), 30_000);
  });
  ready.active?.postMessage({ kind: "keep", paths: assets() });
  return kept;
}

/** The page is no longer wanted on this device. */
export async function dropOffline(): Promise<void> {
  const r = "serviceWorker" in navigator ? await navigator.serviceWorker.getRegistration(SCOPE) : undefined;
  await r?.unregister();
  await caches.delete("luling-collect");
}
