// Loads the page, then takes the network away.
//
// Everything the page will ever need is fetched here, at once: the application, the text of the worker's script and the
// worker's compiled WebAssembly. Then a second content security policy forbids every request, to the page's own origin too.
// Policies only add up, so nothing can lift it again, and a worker made from a blob inherits it. A worker can still be
// started again at any time, after Cancel or a crash, because it needs no request. (The icon is in index.html itself for the
// same reason: browsers ask for it again whenever the address changes.)
//
// What no policy can forbid, components/privacy.rs tells the reader: a page can leave for another address.

const here = new URL("./", import.meta.url);
const parameters = new URL(import.meta.url).searchParams; // written by Trunk: see pattern_script in Trunk.toml
const url = (name) => new URL(name, here);

// What is not named here has no source at all. `worker-src blob:` is needed to start the worker again: its text is here
// already, and it inherits this policy. No directive names an origin, because browsers let a prefetch pass that any
// directive would allow.
const AFTER_START = [
  "default-src 'none'", "script-src 'wasm-unsafe-eval'", "style-src 'none'", "connect-src 'none'", "frame-src 'none'",
  "manifest-src 'none'", "font-src 'none'", "media-src 'none'", "object-src 'none'", "img-src data:", "worker-src blob:",
  "base-uri 'none'", "form-action 'none'",
].join("; ");

try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the theme of the system.
}

// A program that has stopped in the middle answers no click and no key. It cannot say so itself.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, (event) => {
    const error = event.error ?? event.reason;
    if (error instanceof WebAssembly.RuntimeError || /closure invoked recursively/.test(error?.message)) {
      document.getElementById("stopped").hidden = false;
    }
  });
}

async function get(name, options) {
  const response = await fetch(url(name), options);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}

async function compile(name, options) {
  const response = await get(name, options);
  // Compiling while it arrives needs the right type, which not every static host sends.
  return response.headers.get("content-type")?.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

// Put behind the worker's script. A lock that the worker holds as long as it lives tells the page of its end, whatever ended
// it: browsers report errors, but not a worker that was killed. Until it has the lock the worker keeps what it is sent, since
// it may be busy for long afterwards. The first message is the compiled module.
const WORKER_START = `
const held = [];
const begin = () => {
  onmessage = null;
  const [module, ...others] = held;
  initSync({ module: module.data });
  for (const event of others) onmessage(event);
};
let isLocked = false;
onmessage = (event) => { if (held.push(event) === 1 && isLocked) begin(); };
const locked = () => { isLocked = true; if (held.length > 0) begin(); };
if (navigator.locks) {
  navigator.locks.request(self.name, () => {
    postMessage("alive");
    setTimeout(locked);
    return new Promise(() => {});
  }).catch(locked);
} else locked();
`;

/** Sends the worker a "gone" event when it has ended without a word. */
function announceEnd(worker, name) {
  worker.addEventListener("message", function alive(event) {
    if (event.data !== "alive") return;
    event.stopImmediatePropagation();
    worker.removeEventListener("message", alive);
    navigator.locks?.request(name, () => worker.dispatchEvent(new Event("gone"))).catch(() => {});
  });
}

/**
 * Calls `then(files, unreadable, more)` with what is in folders: `[path, File]` each, the number of entries that could not
 * be read, and whether there were more than `limit` files. Hidden files are left out, as file managers do.
 */
async function filesIn(entries, limit, then) {
  const files = [];
  const queue = [...entries];
  let unreadable = 0;
  let more = false;
  for (let at = 0; at < queue.length && !more; at += 1) {
    const entry = queue[at];
    try {
      if (entry.isFile) {
        const file = await new Promise((resolve, reject) => { entry.file(resolve, reject); });
        if (files.length < limit) files.push([entry.fullPath.slice(1), file]);
        else more = true;
      } else {
        const reader = entry.createReader();
        for (;;) {
          const batch = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
          if (batch.length === 0) break;
          const seen = batch.filter(({ name }) => !name.startsWith("."));
          queue.push(...seen.slice(0, Math.max(0, 16 * limit - queue.length)));
        }
      }
    } catch {
      unreadable += 1;
    }
  }
  then(files, unreadable, more);
}

async function boot() {
  const fresh = { cache: "no-cache" }; // the worker's files have no hash in their names
  const [app, appModule, workerText, workerModule] = await Promise.all([
    import(url(parameters.get("js"))),
    compile(parameters.get("wasm")),
    get("worker.js", fresh).then((response) => response.text()),
    compile("worker_bg.wasm", fresh),
  ]);

  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = AFTER_START;
  document.head.append(policy);

  const workerUrl = URL.createObjectURL(new Blob([workerText, WORKER_START], { type: "text/javascript" }));
  let started = 0;
  globalThis.picklescope = {
    startWorker() {
      started += 1;
      // The name of the lock, too: tabs of this page share their locks.
      const name = `decoder ${performance.timeOrigin} ${Math.random()} ${started}`;
      const worker = new Worker(workerUrl, { type: "module", name });
      announceEnd(worker, name);
      worker.postMessage(workerModule);
      return worker;
    },
    filesIn,
  };

  await app.default({ module_or_path: appModule });
}

boot().catch((error) => {
  console.error(error);
  const message = document.getElementById("app");
  message.textContent = `Picklescope could not start: ${error.message}. It needs a current browser with WebAssembly.`;
});
