// In the workers of remote.html alone (www/remote.js): reads a range of a file on the server that the reader agreed to. The worker has
// the policy of the page, so no other server can be reached.

let meter;
let changed = "";

/** A failure that another attempt may mend. */
class Interrupted extends Error {}

/** What the server says of the version of a file, of what it lets other origins see. */
function versionOf(request) {
  const line = (name) => new RegExp(`^${name}: *(.*)$`, "im").exec(request.getAllResponseHeaders())?.[1].trim() ?? "";
  return { etag: line("etag"), modified: line("last-modified"), total: /\/(\d+)$/.exec(line("content-range"))?.[1] ?? "" };
}

function ask(file, start, end) {
  const request = new XMLHttpRequest();
  request.open("GET", file.url, false);
  request.responseType = "arraybuffer";
  request.setRequestHeader("Range", `bytes=${start}-${end - 1}`);
  // Told before it is asked: the worker may be ended as soon as it has its answer, and a message that it has just sent with it.
  meter ??= new BroadcastChannel(file.meter);
  meter.postMessage(end - start);
  try {
    request.send();
  } catch {
    throw new Interrupted("the connection to the server failed");
  }
  const { status } = request;
  if (status === 429 || status >= 500) throw new Interrupted(`the server answered ${status} ${request.statusText}`);
  const { etag, modified, total } = versionOf(request);
  const differs = (now, before) => now && before && now !== before;
  if (status === 412 || status === 416 || differs(etag, file.etag) || differs(modified, file.modified) || differs(total, String(file.size))) {
    changed = "the file on the server has changed since it was opened: nothing of the new one was used. Open the address again";
    throw new Error(changed);
  }
  if (status === 200) throw new Error("the server sent the whole file instead of a part of it");
  if (status !== 206) throw new Error(`the server answered ${status} ${request.statusText}`);
  const bytes = new Uint8Array(request.response ?? new ArrayBuffer(0));
  if (bytes.length !== end - start) throw new Interrupted(`the server sent ${bytes.length} of ${end - start} bytes`);
  return bytes;
}

self.readRange = (file, start, end) => {
  if (changed) throw new Error(changed);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return ask(file, start, end);
    } catch (error) {
      if (!(error instanceof Interrupted) || attempt === 3) throw error;
    }
  }
};
