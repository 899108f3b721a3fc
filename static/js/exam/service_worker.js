/* Gives the exam page back when there is no network. The server puts `self.SHELL = {version, files}` above this text.
   It keeps the page and the files it is made of, and pictures of papers; never an answer, a ticket or a call of the API. */

const PATIENCE_MS = 4_000;
const PAGES = "truongthi-pages";
/* Other pages under this scope (the check of a receipt) say something new each time. */
const KEPT_PAGE = /^\/sheet\/(?:[0-9a-zA-Z]{13}|practice)$/;
const PICTURES = "truongthi-pictures";
const FILES = `truongthi-files-${self.SHELL.version}`;

self.addEventListener("install", (event) => {
  const store = async () => {
    const cache = await caches.open(FILES);
    await Promise.all(self.SHELL.files.map((file) => cache.add(new Request(file, { cache: "no-cache" })).catch(() => null)));
    await self.skipWaiting();
  };
  event.waitUntil(store());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("truongthi-files-") && name !== FILES);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepPage(event.data.keep));
  if (event.data.forget === "pictures") event.waitUntil(caches.delete(PICTURES));
});

async function keepPage(path) {
  const reply = await fetch(path, { credentials: "same-origin" });
  if (reply.ok) await (await caches.open(PAGES)).put(path, reply);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (KEPT_PAGE.test(url.pathname)) event.respondWith(networkFirst(request, PAGES, url.pathname));
  } else if (url.pathname.startsWith("/pictures/")) event.respondWith(cacheFirst(request, PICTURES));
  else if (url.pathname.startsWith("/static/"))
    event.respondWith(url.searchParams.has("v") ? cacheFirst(request, FILES) : networkFirst(request, FILES, request.url));
});

async function cacheFirst(request, name) {
  const cache = await caches.open(name);
  const kept = await cache.match(request);
  if (kept) return kept;
  const reply = await fetch(request);
  if (reply.ok) cache.put(request, reply.clone());
  return reply;
}

/** A network that answers too late is no network. */
async function networkFirst(request, name, key) {
  const cache = await caches.open(name);
  const kept = await cache.match(key);
  const fresh = fetch(request).then((reply) => {
    if (reply.ok) cache.put(key, reply.clone());
    return reply;
  });
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([fresh.catch(() => kept), late]);
}
