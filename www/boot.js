// Loads the page, then takes the network away.
//
// What index.html shows is there before any program is, and can be used: see "Before the program is here" below.
//
// Everything is fetched at once: the application, the worker's script and module, the names of its audit. Then a second content
// security policy forbids every request: see "The door". The icon is in index.html itself, because browsers ask for it whenever
// the address changes.
//
// `picklescope view` serves this page with a file, asked for before the policy: see "Served with a file". In remote.html,
// `www/remote.js` ran before, and the policy names the one server that the reader agreed to.

const here = new URL("./", import.meta.url);
const parameters = new URL(import.meta.url).searchParams; // names of files: see pattern_script in Trunk.toml
const url = (name) => new URL(name, here);

// No directive names an origin, because browsers let a prefetch pass that any directive would allow.
const AFTER_START = [
  "default-src 'none'", "script-src 'wasm-unsafe-eval'", "style-src 'none'", "connect-src 'none'", "frame-src 'none'",
  "manifest-src data:", "font-src 'none'", "media-src 'none'", "object-src 'none'", "img-src data:", "worker-src blob:",
  "base-uri 'none'", "form-action 'none'",
].join("; ");

// What the reader set, as web/settings.rs stores it, before anything is painted.
try {
  const { dataset, style } = document.documentElement;
  const kept = { theme: ["light", "dark"], density: ["compact"], python2: ["latin1", "bytes"] };
  for (const [name, values] of Object.entries(kept)) {
    const value = localStorage.getItem(name);
    if (values.includes(value)) dataset[name] = value;
  }
  const left = Number(localStorage.getItem("left"));
  if (left >= 0.2 && left <= 0.8) style.setProperty("--left", `${100 * left}%`);
} catch {
  // No storage: the defaults.
}

// Whatever is thrown through a program stops it in the middle, where it cannot say so itself.
for (const kind of ["error", "unhandledrejection"]) {
  addEventListener(kind, (event) => {
    const error = event.error ?? event.reason;
    if (error instanceof WebAssembly.RuntimeError || /closure invoked recursively/.test(error?.message) || /\.wasm|wasm-function/.test(error?.stack)) {
      document.getElementById("stopped").hidden = false;
    }
  });
}

// The door
//
// The second policy stands before anything is opened: for the workers, which read the files, from their beginning; for the page from
// the first touch (pointer, key, drag, paste) and, whatever led there, from the moment that something is handed in. Until then
// nothing of the reader's is in the page, and the policy of index.html holds, under which it may ask its own site alone: browsers and
// what judges a page ask for robots.txt in its name. Policies only add up, and workers made from a blob inherit them.

const TOUCHES = ["pointerdown", "mousedown", "touchstart", "keydown", "input", "change", "click", "dragenter", "dragover", "drop", "paste"];

let policy = AFTER_START;
let isTouched = false;
let hasPrograms = false; // Until then the page must still ask for them: `boot` shuts the door behind them.
let isShut = false;

function forbid(document) {
  document.head.append(Object.assign(document.createElement("meta"), { httpEquiv: "Content-Security-Policy", content: policy }));
}

function shut() {
  if (!isShut) forbid(document);
  isShut = true;
}

for (const kind of TOUCHES) {
  addEventListener(kind, (event) => {
    if (!event.isTrusted) return; // Lighthouse tries whether boxes take what is pasted.
    isTouched = true;
    if (hasPrograms) shut();
  }, { capture: true });
}

// What a worker of the frame hands over is of the frame's classes. These descend from the page's, so that `instanceof` holds.
const HANDED_OVER = ["ArrayBuffer", "Blob", "Error", "ErrorEvent", "Event", "Map", "MessageEvent", "Set", "Uint8Array"];

/** The window of an empty frame under the second policy. Firefox puts a new document into it once, before "load". */
async function sealed() {
  const frame = Object.assign(document.createElement("iframe"), { hidden: true });
  await new Promise((resolve) => {
    frame.addEventListener("load", resolve, { once: true });
    document.body.append(frame);
  });
  const own = frame.contentWindow;
  forbid(own.document);
  for (const name of HANDED_OVER) Object.setPrototypeOf(own[name].prototype, window[name].prototype);
  return own;
}

// Before the program is here
//
// The drop zone is in index.html as the program will draw it, so what is dropped, chosen, pasted or pressed before is kept and
// done when the program asks for it (`whenAsked`): the last of it, as it would be with the program. Choosing needs no program.

const early = new AbortController();
const page = document.getElementById("app");
let kept = null;
let deliver = null;

/** Keeps what the program shall do, and says so. */
function keep(what, words) {
  if (deliver) return deliver(what);
  kept = what;
  const waiting = document.getElementById("waiting");
  waiting.textContent = `Picklescope is still loading. ${words} then.`;
  waiting.hidden = false;
}

function keepTransfer(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry);
  const [files, text] = [[...transfer.files], transfer.getData("text/plain")];
  if (files.length > 0) keep({ entries, files, text: "" }, `${nameOf(files)} will be opened`);
  else if (text.trim()) keep({ entries: [], files, text }, "The text will be opened");
  return files.length > 0 || Boolean(text.trim());
}

const nameOf = (files) => (files.length === 1 ? files[0].name : `${files.length} files`);

function listenEarly() {
  const listen = (target, kind, listener) => target.addEventListener(kind, listener, { signal: early.signal });
  listen(window, "dragover", (event) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  listen(window, "drop", (event) => {
    event.preventDefault();
    keepTransfer(event.dataTransfer);
  });
  listen(window, "paste", (event) => {
    if (keepTransfer(event.clipboardData)) event.preventDefault();
  });
  // The chooser may stay open until after the program is here, when its input is no longer in the page.
  const choosers = [...page.querySelectorAll("input[type=file]")];
  choosers.forEach((chooser) => chooser.addEventListener("change", () => {
    const files = [...chooser.files];
    if (files.length > 0) keep({ entries: [], files, text: "" }, `${nameOf(files)} will be opened`);
    chooser.value = "";
  }));
  listen(page, "click", (event) => {
    const button = event.target.closest("button");
    const chooser = choosers.find((one) => button && button === one.previousElementSibling);
    if (chooser) chooser.click();
    else if (button) keep(button, "That button will work");
  });
}

/**
 * The program is here and has drawn the page: `open(entries, files, text)` gets what was handed in before. The keyboard goes
 * on where it was, and a button that was pressed is pressed again: it is the same one of as many.
 */
function whenAsked(open) {
  const buttons = (of) => [...of.querySelectorAll("button")];
  early.abort();
  page.dataset.started = "";
  document.getElementById("waiting").hidden = true;
  deliver = (what) => {
    if (what instanceof Element) buttons(page)[shell.indexOf(what)]?.click();
    else open(what.entries, what.files, what.text);
  };
  if (focused) buttons(page)[shell.indexOf(focused)]?.focus();
  if (kept) deliver(kept);
  kept = null;
}

let shell = [];
let focused = null;

/** What the program is about to replace. */
function rememberShell() {
  shell = [...page.querySelectorAll("button")];
  focused = shell.find((button) => button === document.activeElement);
}

async function get(name) {
  const response = await fetch(url(name));
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return response;
}

async function compile(name) {
  const response = await get(name);
  // Compiling while it arrives needs the right type, which not every static host sends.
  return response.headers.get("content-type")?.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

// Put behind the worker's script. A lock that the worker holds as long as it lives tells the page of its end, whatever ended
// it. Until it has the lock the worker keeps what it is sent, since it may be busy for long afterwards. The first message has
// the compiled module and the names of the audit.
const WORKER_START = `
const held = [];
const begin = () => {
  onmessage = null;
  const [programs, ...others] = held;
  self.names = programs.data.names;
  initSync({ module: programs.data.module });
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

// Served with a file
//
// `picklescope view` names the file in the page (src/bin/picklescope/site.rs). Both answers begin before the policy forbids
// connections; what has begun goes on. One is the file, the other has no end: the server stops when it is given up, with the page.

const given = document.querySelector('meta[name="picklescope-file"]')?.content;

async function askForGiven() {
  const [alive, file] = await Promise.all([get("alive"), get("file")]);
  const reader = alive.body.getReader();
  (async () => { while (!(await reader.read()).done); })().catch(() => {}); // The server was stopped: nothing more is asked of it.
  return file;
}

async function keepGiven(response) {
  const files = [new File([await response.blob()], given)];
  if (!kept) keep({ entries: [], files, text: "" }, `${nameOf(files)} will be opened`);
}

const remote = globalThis.picklescopeRemote;

async function boot() {
  const [app, appModule, workerText, module, names, install, givenFile, agreed] = await Promise.all([
    import(url(parameters.get("js"))),
    compile(parameters.get("wasm")),
    get(parameters.get("worker")).then((response) => response.text()),
    compile(parameters.get("decoder")),
    get(parameters.get("names")).then((response) => response.arrayBuffer()),
    import(url(parameters.get("install"))),
    given && askForGiven(),
    remote?.agreed,
  ]);
  if (!given && !remote) install.install(here, (files) => keep({ entries: [], files, text: "" }, `${nameOf(files)} will be opened`));

  hasPrograms = true;
  if (agreed?.sources) policy = AFTER_START.replace("connect-src 'none'", `connect-src ${agreed.sources}`);
  if (given || remote || kept || isTouched) shut();
  const { Worker } = await sealed();

  const workerUrl = URL.createObjectURL(new Blob([workerText, agreed?.workerText ?? "", WORKER_START], { type: "text/javascript" }));
  let started = 0;
  globalThis.picklescope = {
    startWorker() {
      started += 1;
      // The name of the lock, too: tabs of this page share their locks.
      const name = `decoder ${performance.timeOrigin} ${Math.random()} ${started}`;
      const worker = new Worker(workerUrl, { type: "module", name });
      announceEnd(worker, name);
      worker.postMessage({ module, names });
      return worker;
    },
    filesIn,
    shut,
    whenAsked,
  };

  if (givenFile) await keepGiven(givenFile);
  if (agreed?.file) keep({ entries: [], files: [agreed.file], text: "" }, `${agreed.file.name} will be opened`);
  rememberShell();
  await app.default({ module_or_path: appModule });
}

listenEarly();
boot().catch((error) => {
  console.error(error);
  early.abort();
  document.getElementById("waiting").hidden = true;
  page.textContent = `Picklescope could not start: ${error.message}. It needs a current browser with WebAssembly.`;
});
