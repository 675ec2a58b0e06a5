// Serves ../../dist under a sub-path, with no special header: as plain a static host as there is.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Another site than the one that was built last may be named. */
export const DIST = process.env.SITE ?? fileURLToPath(new URL('../../dist/', import.meta.url));
export const BASE = '/some/sub/path/';
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};

/** Starts the server, which has one page of its own, `plain`, without a policy; the result has the page's `url`, the paths asked for so far, `hold`, `use`, `down`, `up` and `close`. */
export async function serve() {
  const requests = [];
  let folder = DIST;
  let held = { pattern: /$^/, until: Promise.resolve() };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    requests.push(pathname);
    if (pathname === `${BASE}plain`) return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html><body></body>');
    if (held.pattern.test(pathname)) await held.until;
    const file = normalize(pathname.slice(BASE.length) || 'index.html');
    try {
      if (!pathname.startsWith(BASE) || file.startsWith('..')) throw new Error('outside');
      const body = await readFile(join(folder, file));
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
    /** Serves another folder under the same address. */
    use: (other) => { folder = other; },
    /** Ends the server, and starts it again. */
    down: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
    up: () => new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); }),
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
