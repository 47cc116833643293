// The service worker of the collection page: keeps that one page and the files that it was built of, so that it opens without a connection.
// It keeps no answer of the API: what was fetched and what is to be sent lies encrypted where the page keeps it (src/collect/store.ts).
const CACHE = "luling-collect";
const PAGE = "/collect";
const PATIENCE_MS = 4000;

self.addEventListener("install", (e) => {
  e.waitUntil(caches.open(CACHE).then((c) => c.add(PAGE)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));

/** The page's newest state where there is a connection, else the one that was kept. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const reply = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (reply.ok) await cache.put(PAGE, reply.clone());
    return reply;
  } catch (error) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

/** Names carry a hash of the content: what is kept never grows old. */
async function asset(request) {
  return (await (await caches.open(CACHE)).match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (e.request.mode === "navigate" && url.pathname === PAGE) e.respondWith(page(e.request));
  else if (url.pathname.startsWith("/assets/")) e.respondWith(asset(e.request));
});

/** The page names the files that it runs on; those of an earlier build go. */
self.addEventListener("message", (e) => {
  if (e.data?.kind !== "keep") return;
  const paths = e.data.paths.filter((p) => typeof p === "string" && p.startsWith("/assets/")).slice(0, 500);
  e.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const kept = new Set((await cache.keys()).map((r) => new URL(r.url).pathname));
    await Promise.all(paths.filter((p) => !kept.has(p)).map((p) => cache.add(p)));
    await Promise.all([...kept].filter((p) => p !== PAGE && !paths.includes(p)).map((p) => cache.delete(p)));
    e.source?.postMessage({ kind: "kept", files: paths.length });
  })());
});
