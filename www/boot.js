// Loads the page, then takes the network away.
//
// Everything the page will ever need is fetched here, at once: the application, the text of the worker's script and the
// worker's compiled WebAssembly. Then a second content security policy forbids every connection. Policies only add up, so
// nothing can lift it again, and a worker made from a blob inherits it. A worker can still be started again at any time,
// after Cancel or a crash, because it needs no request. (The icon is in index.html itself for the same reason: browsers ask
// for it again whenever the address changes.)

const here = new URL("./", import.meta.url);
const parameters = new URL(import.meta.url).searchParams; // written by Trunk: see pattern_script in Trunk.toml
const url = (name) => new URL(name, here);

try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the theme of the system.
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
  policy.content = "connect-src 'none'; img-src data:";
  document.head.append(policy);

  // The first message is the compiled module; whatever follows it waits until the decoder listens.
  const start = "\nonmessage = (event) => { onmessage = null; initSync({ module: event.data }); };\n";
  const workerUrl = URL.createObjectURL(new Blob([workerText, start], { type: "text/javascript" }));
  globalThis.picklescope = {
    startWorker() {
      const worker = new Worker(workerUrl, { type: "module", name: "decoder" });
      worker.postMessage(workerModule);
      return worker;
    },
  };

  await app.default({ module_or_path: appModule });
}

boot().catch((error) => {
  console.error(error);
  const message = document.getElementById("app");
  message.textContent = `Picklescope could not start: ${error.message}. It needs a current browser with WebAssembly.`;
});
