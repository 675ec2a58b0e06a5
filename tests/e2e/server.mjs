// Serves ../../dist under a sub-path, with no special header: as plain a static host as there is.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
export const BASE = '/some/sub/path/';
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};

/** Starts the server; the result has the page's `url`, the paths asked for so far, `hold` and `close`. */
export async function serve() {
  const requests = [];
  let held = { pattern: /$^/, until: Promise.resolve() };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    requests.push(pathname);
    if (held.pattern.test(pathname)) await held.until;
    const file = normalize(pathname.slice(BASE.length) || 'index.html');
    try {
      if (!pathname.startsWith(BASE) || file.startsWith('..')) throw new Error('outside');
      const body = await readFile(join(DIST, file));
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}${BASE}`,
    requests,
    /** Keeps answers to paths like `pattern` back until the function is called that this gives. */
    hold(pattern) {
      let release;
      held = { pattern, until: new Promise((resolve) => { release = resolve; }) };
      return release;
    },
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
