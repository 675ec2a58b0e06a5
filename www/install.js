// What the page needs to be installed and to open without a network. boot.js calls it before it forbids every connection;
// remote.html and `picklescope view` do without.

const ENDINGS = [".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".npy", ".npz"];
const BYTES = "application/octet-stream";

/** `open(files)` gets files that the operating system hands to the installed page. */
export function install(here, open) {
  navigator.serviceWorker?.register(new URL("sw.js", here)).catch(() => {}); // Without one the page needs its server, no more.

  // Browsers ask for a manifest when they like, which may be after the policy: this one is here already.
  const address = here.href;
  const icon = document.querySelector('link[rel="icon"]').href;
  const manifest = {
    name: "Picklescope", short_name: "Picklescope", id: address, start_url: address, scope: address, display: "standalone",
    description: document.querySelector('meta[name="description"]').content,
    background_color: "#fbfbf9", theme_color: "#2f6f3e",
    icons: [{ src: icon, sizes: "any", type: "image/svg+xml" }],
    file_handlers: [{ action: address, accept: { [BYTES]: ENDINGS } }],
    share_target: {
      action: new URL("share", here).href, method: "POST", enctype: "multipart/form-data",
      params: { files: [{ name: "files", accept: [BYTES, ...ENDINGS] }] },
    },
  };
  document.head.append(Object.assign(document.createElement("link"), {
    rel: "manifest", href: `data:application/manifest+json,${encodeURIComponent(JSON.stringify(manifest))}`,
  }));

  globalThis.launchQueue?.setConsumer(async ({ files }) => {
    const all = await Promise.all(files.map((handle) => handle.getFile()));
    if (all.length > 0) open(all);
  });
  takeShared(here, open).catch(console.error);
}

/** Opens what was shared with the page: the service worker answered for it and keeps it until now (`share` in sw.js). */
async function takeShared(here, open) {
  const id = new URLSearchParams(location.search).get("shared");
  if (id === null) return;
  history.replaceState(null, "", here.href);
  const name = `picklescope-shared ${here.href} ${id}`;
  const cache = await caches.open(name);
  const files = await Promise.all((await cache.keys()).map(async (request) => {
    const response = await cache.match(request);
    return new File([await response.blob()], decodeURIComponent(response.headers.get("X-Name")));
  }));
  await caches.delete(name);
  if (files.length > 0) open(files);
}
