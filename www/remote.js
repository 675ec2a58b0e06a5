// remote.html: opens a file on a server. It runs before boot.js, which waits for `agreed`: what to open, and who may still be asked.
//
// Nothing is asked of a server before a click. With it a policy allows the one server that was agreed to, and those it is known to
// forward to; policies only add up. Where the server answers by ranges, the worker asks for those that it needs (www/remote_worker.js).

/** Bytes that are fetched at once without another question. */
const SMALL = 8 << 20;
/** What the browser keeps of a file that is fetched as a whole. */
const LARGEST = 2 ** 31;

// What a link means

/**
 * Rewrites links to pages about files as links to the files. `text` is what somebody typed; the result has `url`, `also` (servers
 * that `url` forwards to) and `note` (what was changed), or `wrong`.
 */
export function rawAddress(text) {
  const typed = text.trim();
  const store = /^(s3|gs):\/\/([a-z0-9][a-z0-9._-]+)\/(.+)$/i.exec(typed);
  if (store) {
    const [, kind, bucket, key] = store;
    const path = key.split("/").map(encodeURIComponent).join("/");
    if (kind.toLowerCase() === "gs") return rewritten(`https://storage.googleapis.com/${bucket}/${path}`, "gs:// stands for Google's storage.");
    // A certificate covers no dots in the name of a bucket.
    const host = bucket.includes(".") ? `s3.amazonaws.com/${bucket}` : `${bucket}.s3.amazonaws.com`;
    return rewritten(`https://${host}/${path}`, "s3:// stands for Amazon's storage.");
  }
  let url;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
  } catch {
    return { wrong: "This is not an address." };
  }
  if (!/^https?:$/.test(url.protocol)) return { wrong: `Addresses of files begin with https:// or http://, not ${url.protocol}//.` };
  // Browsers take more for a name than any server has.
  if (!/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/i.test(url.hostname)) return { wrong: "This is not an address: no server is called that." };
  if (url.username || url.password) return { wrong: "The address holds a name or a password. This page sends neither; open it without them." };
  url.hash = "";
  const host = url.hostname.replace(/^www\./, "");
  const rewrite = (pattern, to, note, also) => {
    if (!pattern.test(url.pathname)) return undefined;
    const next = new URL(url.pathname.replace(pattern, to), "https://x");
    return rewritten(next.href.replace("https://x/", "https://"), note, also);
  };
  if (host === "huggingface.co" || host === "hf.co") {
    const also = ["https://*.hf.co"];
    return rewrite(/^\/((?:datasets\/|spaces\/)?[^/]+\/[^/]+)\/(?:blob|raw|resolve)\//, "/huggingface.co/$1/resolve/",
      "Hugging Face shows files at …/blob/… and keeps them at …/resolve/….", also)
      ?? { url: url.href, also, note: "" };
  }
  if (host === "github.com") {
    const found = rewrite(/^\/([^/]+\/[^/]+)\/(?:blob|raw)\//, "/raw.githubusercontent.com/$1/", "GitHub keeps files at raw.githubusercontent.com.");
    if (found) return found;
  }
  if (host === "zenodo.org" && /^\/records?\/\d+\/files\/[^/]+$/.test(url.pathname)) {
    const href = `https://zenodo.org${url.pathname.replace(/^\/record\//, "/records/")}?download=1`;
    return url.href === href ? { url: href, also: [], note: "" } : rewritten(href, "Zenodo gives files with ?download=1.");
  }
  return { url: url.href, also: [], note: "" };
}

const rewritten = (url, note, also = []) => ({ url, also, note });

/** The last part of the path, as a name for people. */
export function nameOf(address) {
  const { hostname, pathname } = new URL(address);
  const last = pathname.split("/").findLast((part) => part) ?? hostname;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

// What is on the screen

const page = globalThis.document;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(page.createElement(tag), properties);
  element.append(...children);
  return element;
}

const size = (bytes) => {
  const unit = bytes < 1e3 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${unit ? (bytes / 1000 ** unit).toPrecision(3) : bytes} ${["B", "KB", "MB", "GB", "TB"][unit]}`;
};

/** Shows a step: its title has the keyboard, unless something in it is to be typed or pressed. */
function show(state, title, ...content) {
  const card = page.getElementById("remote-card");
  const heading = page.getElementById("remote-title");
  card.dataset.state = state;
  card.className = state === "fetching" ? "card progress" : "card";
  heading.textContent = title;
  card.replaceChildren(heading, ...content);
  (card.querySelector("[data-first]") ?? heading).focus();
}

const button = (text, act, onclick) => {
  const element = make("button", { textContent: text, onclick, className: "button" });
  element.dataset.act = act;
  return element;
};
const primary = (...of) => {
  const element = button(...of);
  element.classList.add("button-primary");
  element.dataset.first = "";
  return element;
};
const row = (...children) => make("div", { className: "remote-actions" }, ...children);
const another = () => make("a", { className: "button", href: "remote.html", textContent: "Another address" });
const words = (text) => make("p", { textContent: text });

function parts({ url }) {
  const { protocol, host, pathname, search } = new URL(url);
  return make("dl", { className: "remote-facts" },
    make("dt", { textContent: "Server" }), make("dd", { className: "remote-host" }, protocol === "https:" ? host : `${protocol}//${host}`),
    make("dt", { textContent: "File" }), make("dd", { textContent: pathname + search }));
}

function askForAddress(text = "", wrong = "") {
  const field = make("input", { id: "remote-address", type: "text", inputMode: "url", autocomplete: "off", spellcheck: false, value: text, className: "remote-field", placeholder: "https://…" });
  field.dataset.first = "";
  const go = () => consider(field.value);
  field.onkeydown = (event) => { if (event.key === "Enter" && field.value.trim()) go(); };
  const label = make("label", { htmlFor: "remote-address", textContent: "Address of a file" });
  const complaint = make("p", { id: "remote-wrong", className: "remote-wrong", textContent: wrong, hidden: !wrong });
  if (wrong) field.setAttribute("aria-describedby", "remote-wrong");
  field.ariaInvalid = String(Boolean(wrong));
  show("address", "Open an address", label, field, complaint,
    words("Links to files on Hugging Face, GitHub, Zenodo and S3 work as they are. Nothing is asked of the server yet."),
    row(button("Go on", "consider", go)));
}

function consider(text) {
  const target = rawAddress(text);
  if (target.wrong) return askForAddress(text, target.wrong);
  const query = new URLSearchParams({ url: text.trim() });
  history.replaceState(null, "", `?${query}${location.hash}`);
  const { protocol, hostname } = new URL(target.url);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (location.protocol === "https:" && protocol === "http:" && !isHere) {
    return show("mixed", "A browser will not connect to this server", parts(target),
      words("This page came over https, and browsers let such a page ask no server over http. Try the address with https://, or download the file and drop it on the page."),
      row(primary("Try https://", "consider", () => consider(target.url.replace("http:", "https:"))), another()));
  }
  const connecting = primary(`Connect to ${new URL(target.url).host}`, "connect", () => connect(target));
  delete connecting.dataset.first; // Who came by a link shall read before Enter does anything.
  const also = target.also.length > 0 ? ` It forwards to its storage, so ${target.also.join(" and ")} may be reached, too.` : "";
  show("consent", `Open ${nameOf(target.url)}?`, parts(target),
    ...(target.note ? [words(`${target.note} What you gave: ${text.trim()}`)] : []),
    words(`Your browser will connect to ${new URL(target.url).host}, which learns your network address and that you want this file.${also} Nothing was sent yet.`),
    row(connecting, another()));
}

// What is asked of the server

/** From now on the page may ask these servers and no others. Its programs are on their way already. */
function allowOnly(sources) {
  page.head.append(make("meta", { httpEquiv: "Content-Security-Policy", content: `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; worker-src blob:; connect-src ${sources.join(" ")}; base-uri 'none'; form-action 'none'` }));
}

let sources;
let stopped;
let cancelled = false;
let refusal = "";

async function connect(target) {
  cancelled = false;
  refusal = "";
  stopped = new AbortController();
  const waiting = words("Waiting for its answer …");
  waiting.role = "status";
  show("asking", `Asking ${new URL(target.url).host}`, waiting, row(primary("Cancel", "cancel", cancel)));
  try {
    await Promise.all([programs, begun]);
  } catch {
    return show("broken", "A part of this page could not be loaded", words("Load the page again."), row(another()));
  }
  if (!sources) allowOnly(sources = [new URL(target.url).origin, ...target.also]);
  try {
    if (!cancelled) return await open(target);
  } catch (error) {
    if (!cancelled) return fail(target, error);
  }
  consider(target.url);
}

function cancel() {
  cancelled = true;
  stopped.abort();
}

const ask = (target, options) => fetch(target.url, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: stopped.signal, ...options });

/** Asks for the first byte: the answer tells whether the server knows ranges, and how large the file is. */
async function open(target) {
  const response = await ask(target, { headers: { Range: "bytes=0-0" } });
  const header = (name) => response.headers.get(name) ?? "";
  const file = { name: nameOf(target.url), url: target.url, etag: header("etag"), modified: header("last-modified") };
  if (response.status === 416 && /\/0$/.test(header("content-range"))) return agree(new File([], file.name), []);
  if (!response.ok) throw Object.assign(new Error(), { response });
  if (response.status === 206) {
    await response.arrayBuffer();
    file.size = Number(/\/(\d+)$/.exec(header("content-range"))?.[1] ?? await sizeByHead(target));
    if (file.size > 0) return agree(file, sources);
    stopped.abort();
    return offerWhole(target, undefined);
  }
  const length = header("content-encoding") ? undefined : Number(header("content-length")) || undefined;
  if (length <= SMALL) return fetchWhole(target, length, response);
  stopped.abort();
  offerWhole(target, length);
}

/** Content-Range is not always shown to other origins; the length of the whole is. */
async function sizeByHead(target) {
  const response = await ask(target, { method: "HEAD" });
  return response.ok ? response.headers.get("content-length") : undefined;
}

function offerWhole(target, length) {
  const much = length > LARGEST ? " That is more than a browser keeps well: download it and drop it on the page instead." : "";
  show("whole", "This server sends the file only as a whole", parts(target),
    words(`It does not answer requests for parts, so the file has to be fetched completely before it opens: ${length ? size(length) : "the server does not say how large it is"}.${much}`),
    row(primary(`Fetch ${length ? size(length) : "it"}`, "fetch", async () => {
      cancelled = false;
      stopped = new AbortController();
      try {
        const response = await ask(target);
        if (!response.ok) throw Object.assign(new Error(), { response });
        await fetchWhole(target, length, response);
      } catch (error) {
        if (cancelled) offerWhole(target, length);
        else fail(target, error);
      }
    }), another()));
}

async function fetchWhole(target, length, response) {
  const name = nameOf(target.url);
  const progress = make("progress", length ? { max: length, value: 0 } : {});
  progress.setAttribute("aria-labelledby", "remote-title");
  const count = words("");
  count.role = "status";
  show("fetching", `Fetching ${name}`, progress, count, row(primary("Cancel", "cancel", cancel)));
  const reader = response.body.getReader();
  const pieces = [];
  let done = 0;
  let told = 0;
  for (;;) {
    const piece = await reader.read().catch(() => { throw new TypeError("cut"); });
    if (piece.done) break;
    pieces.push(piece.value);
    done += piece.value.length;
    if (length) progress.value = done;
    if (performance.now() - told > 500) {
      told = performance.now();
      count.textContent = length ? `${size(done)} of ${size(length)}` : size(done);
    }
  }
  if (length && done !== length) throw new TypeError("cut");
  agree(new File(pieces, name), []);
}

const STATUS = {
  401: "It wants to know who you are. This page sends no name and no key: download the file where you are signed in, and drop it on the page.",
  403: "It does not give this file to everybody. Download it where you are signed in, and drop it on the page. A signed link may have expired.",
  404: "There is no such file on the server. Look for the address of the file itself, not of a page about it.",
  410: "The file was there and has been removed.",
  429: "It gets too many requests from your network. Try again in a minute.",
};

async function fail(target, { response, message }) {
  await new Promise((resolve) => { setTimeout(resolve, 50); }); // What a policy refuses is told a moment later.
  const { host } = new URL(target.url);
  const again = row(primary("Try again", "connect", () => connect(target)), another());
  if (response) {
    const why = STATUS[response.status] ?? (response.status >= 500 ? "The server has a fault of its own. Try again later." : "Check the address.");
    return show("refused", `${host} answered ${response.status} ${response.statusText}`, parts(target), words(why), again);
  }
  if (refusal) {
    return show("forwarded", "The server forwards to another one", parts(target),
      words(`${host} answers with the address of another server, which you did not agree to, so nothing was asked there. Find that address (the browser's own downloads show it) and open it, or download the file and drop it on the page.`), again);
  }
  if (message === "cut") {
    return show("cut", "The connection ended before the file did", parts(target), words("What came is not the whole file, so it was not opened."), again);
  }
  show("unreachable", `Nothing could be read from ${host}`, parts(target),
    words("A browser does not tell a page which of these it was:"),
    make("ul", { className: "remote-causes" },
      make("li", {}, "The server could not be reached: no network, a wrong name, or it ended the connection."),
      make("li", {}, "The server does not let other sites read the file (CORS). Whoever runs it can allow that with these headers:",
        make("pre", { textContent: `Access-Control-Allow-Origin: ${location.origin}\nAccess-Control-Allow-Headers: Range\nAccess-Control-Expose-Headers: Content-Range, Content-Length, ETag, Last-Modified\nAccept-Ranges: bytes` }))),
    words("Or download the file and drop it on the page: then it needs no server."), again);
}

// What boot.js waits for

let settle;
/** Once boot.js, which comes behind this, has asked for the programs. */
const begun = page && new Promise((resolve) => {
  if (page.readyState === "complete") resolve();
  else page.addEventListener("DOMContentLoaded", resolve);
});
const programs = page && fetch(new URL(new URL(import.meta.url).searchParams.get("worker"), import.meta.url))
  .then((response) => { if (!response.ok) throw new Error(`${response.url}: ${response.status}`); return response.text(); });

async function agree(file, allowed) {
  const workerText = await programs;
  page.getElementById("remote").hidden = true;
  page.getElementById("app").hidden = false;
  page.body.classList.add("is-remote");
  if (allowed.length > 0) tell(file);
  else tellOfNone(file);
  settle({ sources: allowed.join(" "), workerText: allowed.length > 0 ? workerText : "", file });
}

const bar = (...content) => {
  const element = page.getElementById("remote-bar");
  element.hidden = false;
  element.replaceChildren(...content);
};

/** Says how much was asked for, as long as the page lives. */
function tell(file) {
  const { host } = new URL(file.url);
  const count = make("strong", { textContent: "0 B" });
  count.dataset.bytes = 0;
  bar("From ", make("strong", { textContent: host }), ": ", count, ` of ${size(file.size)} fetched, where it is needed. This page can reach that server and no other. `, another());
  file.meter = `picklescope ${performance.timeOrigin} ${Math.random()}`;
  new BroadcastChannel(file.meter).onmessage = ({ data }) => {
    count.dataset.bytes = Number(count.dataset.bytes) + data;
    count.textContent = size(Number(count.dataset.bytes));
  };
}

function tellOfNone(file) {
  bar(`${sources && file ? `${size(file.size)} were fetched. ` : ""}From now on this page makes no requests. `, another());
}

function start() {
  globalThis.picklescopeRemote = { agreed: new Promise((resolve) => { settle = resolve; }) };
  page.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => { if (effectiveDirective === "connect-src") refusal = effectiveDirective; });
  // A file from this device needs no server: it opens as in the other page.
  addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length > 0 && !page.getElementById("remote").hidden) agree(undefined, []);
  });
  if (window.top !== window) return show("framed", "This page opens only in a window of its own", row(make("a", { className: "button", href: location.href, target: "_blank", textContent: "Open it there" })));
  const text = new URLSearchParams(location.search).get("url");
  if (text) consider(text);
  else askForAddress();
}

if (page) start();
