// Keeps a copy of the page, so that it opens without a network. BUILD and FILES (names and SHA-256 of everything that the page may
// ask for) are put before this text when the site is built: scripts/name_by_content.sh.
//
// A version is kept whole or not at all, in a cache of its own. Every file but the pages has its content in its name, so a page
// gets the files of its own version only, whichever version answers it: an older one's from the older one's cache.

const HERE = new URL("./", location.href);
const OURS = `picklescope ${HERE.href} `;
const CACHE = OURS + BUILD;
const SHARED = `picklescope-shared ${HERE.href} `;
/** What no page took is kept so long, in milliseconds. */
const UNTAKEN = 600_000;
const IS_NAMED_BY_CONTENT = /^[a-z_]+-[0-9a-f]{14,16}(_bg)?\.[a-z]+$/;

/** The address of a file. Hosts may forward from index.html to the folder, and a page cannot be answered by a forwarded answer. */
const addressOf = (name) => new URL(name === "index.html" ? "./" : name, HERE).href;

/** The answer with a file, if it is the right one. */
async function right(name, cache) {
  const response = await fetch(addressOf(name), { cache });
  if (!response.ok) return undefined;
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const text = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // The host's headers, its policies among them, stay with it.
  return text === FILES[name] ? new Response(bytes, { headers: response.headers }) : undefined;
}

async function install() {
  // What the page has just loaded is in the browser's own cache: taken from there, whatever the host says of its age, because
  // the digest tells whether it is right.
  const get = async (name) => (IS_NAMED_BY_CONTENT.test(name) && await right(name, "force-cache")) || right(name, "no-cache");
  const names = Object.keys(FILES);
  const responses = await Promise.all(names.map(get));
  const missing = names.filter((_, index) => !responses[index]);
  if (missing.length > 0) throw new Error(`not of this version, or not there: ${missing.join(", ")}`);
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(names.map((name, index) => cache.put(addressOf(name), responses[index])));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
  // At once: the next page that is loaded is of this version, and pages that are open ask for nothing.
  await self.skipWaiting();
}

/** Forgets versions before this one; while a page is open, not the last one, of which the page may still be loading. */
async function forget() {
  const older = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  await Promise.all(older.slice(0, pages.length > 0 ? -1 : undefined).map((name) => caches.delete(name)));
}

async function answer(name, request) {
  const own = await caches.match(addressOf(name), { cacheName: CACHE });
  if (own) return own;
  for (const cacheName of (await caches.keys()).filter((cacheName) => cacheName.startsWith(OURS))) {
    const older = await caches.match(addressOf(name), { cacheName });
    if (older) return older;
  }
  return fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(forget()));

/**
 * Keeps what the operating system shares with the installed page (`share_target` in install.js), until the page takes it: each form in a
 * cache of its own, which has the time in its name. It goes nowhere else. Any other site can send such a form, too: what comes is opened
 * like a file that was dropped.
 */
async function share(request) {
  const id = `${Date.now()}-${crypto.randomUUID()}`;
  try {
    const files = (await request.formData()).getAll("files").filter((file) => file instanceof File);
    const cache = await caches.open(SHARED + id);
    await Promise.all(files.map((file, index) => cache.put(new URL(`shared/${index}`, HERE), new Response(file, {
      headers: { "X-Name": encodeURIComponent(file.name) },
    }))));
  } catch (error) {
    await caches.delete(SHARED + id);
    const text = `What was shared could not be kept for the page (${error.message}). Open Picklescope and choose the file there.`;
    return new Response(text, { status: 507, headers: { "Content-Type": "text/plain; charset=utf-8" } });
  }
  return Response.redirect(new URL(`./?shared=${id}`, HERE), 303);
}

async function forgetShared() {
  const isOld = (name) => name.startsWith(SHARED) && !(Number.parseInt(name.slice(SHARED.length), 10) > Date.now() - UNTAKEN);
  await Promise.all((await caches.keys()).filter(isOld).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method === "POST" && origin === HERE.origin && pathname === `${HERE.pathname}share`) return event.respondWith(share(event.request));
  if (method !== "GET" || origin !== HERE.origin || !pathname.startsWith(HERE.pathname)) return;
  const name = pathname.slice(HERE.pathname.length) || "index.html";
  if (!Object.hasOwn(FILES, name) && !IS_NAMED_BY_CONTENT.test(name)) return;
  event.respondWith(answer(name, event.request));
  if (mode !== "navigate") return;
  event.waitUntil(Promise.all([forget(), forgetShared()]));
});
