// The same tarball in headless Chrome: a module script without a bundler.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { fixture } from './lib.mjs';

const KINDS = { '.html': 'text/html', '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm', '.pkl': 'application/octet-stream' };
const PAGE = `<!doctype html><title>picklescope</title><script type="module">
  import { find, open, scan } from './node_modules/picklescope/web.mjs';
  const bytes = await (await fetch('demo.pkl')).arrayBuffer();
  const file = await open(new File([bytes], 'demo.pkl'));
  document.title = JSON.stringify({ level: (await scan(bytes)).level, word: (await file.facts()).verdict.word, hits: (await find(bytes, 'system')).hits.length });
</script>`;

const chrome = [process.env.CHROME_PATH, ...process.env.PATH.split(':').flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
  .map((name) => join(folder, name)))].find((path) => path && existsSync(path));

test('in Chrome it says what it says in Node', { skip: !chrome && 'there is no Chrome on PATH' }, async () => {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://host').pathname);
    const body = path === '/' ? PAGE : path === '/demo.pkl' ? fixture('../samples/hostile-demo.pkl') : await readFile(join(process.cwd(), path)).catch(() => null);
    response.writeHead(body ? 200 : 404, { 'content-type': KINDS[extname(path) || '.html'] ?? 'text/plain' });
    response.end(body ?? 'not found');
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => document.title.startsWith('{'), null, { timeout: 60_000 }).catch(() => {});
    assert.deepEqual(problems, []);
    const said = JSON.parse(await page.title());
    assert.deepEqual([said.level, said.word], ['dangerous', 'Dangerous']);
    assert.ok(said.hits > 0);
  } finally {
    await browser.close();
    server.close();
  }
});
