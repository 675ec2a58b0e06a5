// remote.html: a file on a server is opened by a click, by ranges, from that server alone.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { rawAddress } from '../../www/remote.js';
import { Virtual, writeCheckpoint } from './giants.mjs';
import {
  OUTPUT, SMALL, bytes, drop, emptyPage, numbers, opened, proto, selectRow, start, until, value, violations, workerOf,
} from './lib.mjs';

const RANGES = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Range', 'Accept-Ranges': 'bytes',
  'Access-Control-Expose-Headers': 'Content-Range, ETag' };

let world;
let files;
let elsewhere;
before(async () => { [world, files, elsewhere] = [await start(), await serveFiles(), await serveFiles()]; });
after(async () => { await world.stop(); await files.close(); await elsewhere.close(); });

/** A server of files, `{ size, read(start, end) }` each by its path, with the habits that its query names. */
async function serveFiles() {
  const server = { requests: [], bytes: 0, most: Infinity, version: 1, held: Promise.resolve(), files: {} };
  const send = (response, status, headers, body = Buffer.alloc(0)) => {
    server.bytes += body.length;
    response.writeHead(status, { 'Content-Length': body.length, ...headers }).end(body);
  };
  const answer = async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    server.requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim());
    const is = (habit) => searchParams.has(habit);
    const cors = is('nocors') ? {} : is('hidden') ? { 'Access-Control-Allow-Origin': '*' } : RANGES;
    if (request.method === 'OPTIONS') return send(response, 204, cors);
    if (is('slow')) await server.held;
    if (is('status')) return send(response, Number(searchParams.get('status')), cors);
    if (is('to')) return send(response, 302, { ...cors, Location: searchParams.get('to') });
    const file = server.files[pathname.slice(1)];
    if (!file) return send(response, 404, cors);
    const all = { ...cors, ETag: `"${server.version}"` };
    if (request.method === 'HEAD') return response.writeHead(200, { ...all, 'Content-Length': file.size }).end();
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (first && !is('whole')) {
      const [from, to] = [Number(first), Math.min(Number(last) + 1, file.size)];
      if (server.bytes + to - from > server.most) await server.held;
      const body = file.read(from, to);
      if (is('short') && to - from > 1) return send(response, 206, { ...all, 'Content-Range': `bytes ${from}-${to - 2}/${file.size}` }, body.subarray(1));
      return send(response, 206, { ...all, 'Content-Range': `bytes ${from}-${to - 1}/${file.size}` }, body);
    }
    const body = file.read(0, file.size);
    if (is('cut')) {
      response.writeHead(200, { ...all, 'Content-Length': file.size });
      response.write(body.subarray(0, file.size / 2));
      return setTimeout(() => response.destroy(), 100);
    }
    if (is('trickle')) {
      response.writeHead(200, { ...all, 'Content-Length': file.size });
      response.write(body.subarray(0, 1e6));
      await server.held;
      return response.end(body.subarray(1e6));
    }
    send(response, 200, all, body);
  };
  const http = createServer((request, response) => { answer(request, response).catch(() => response.destroy()); });
  await new Promise((resolve) => { http.listen(0, '127.0.0.1', resolve); });
  server.url = `http://127.0.0.1:${http.address().port}/`;
  server.close = () => new Promise((resolve) => { http.close(resolve); http.closeAllConnections(); });
  server.put = (name, content) => { server.files[name] = Buffer.isBuffer(content) ? { size: content.length, read: (from, to) => content.subarray(from, to) } : content; };
  server.hold = () => { let release; server.held = new Promise((resolve) => { release = resolve; }); return release; };
  return server;
}

/** The page with this address to open, at its question. */
async function visit(address, options) {
  const page = await emptyPage(world, options);
  [files.requests, files.bytes, files.version] = [[], 0, 1];
  await page.goto(`${world.server.url}remote.html${address ? `?url=${encodeURIComponent(address)}` : ''}`);
  await page.waitForSelector('#remote-card[data-state]');
  return page;
}

const state = (page, name) => page.waitForSelector(`#remote-card[data-state=${name}]`);
const text = (page) => page.textContent('#remote-card');
const connect = (page) => page.click('[data-act=connect]');
const refused = (where, url) => where.evaluate((url) => new Promise((resolve) => {
  setTimeout(() => fetch(url).then(() => resolve('fetched'), () => resolve('refused')));
}), url);

test('links to pages about files become links to the files', () => {
  const table = [
    ['https://huggingface.co/o/m/blob/main/a/pytorch_model.bin', 'https://huggingface.co/o/m/resolve/main/a/pytorch_model.bin', ['https://*.hf.co']],
    ['https://huggingface.co/datasets/o/d/blob/v1/a%20b.pkl', 'https://huggingface.co/datasets/o/d/resolve/v1/a%20b.pkl', ['https://*.hf.co']],
    ['hf.co/o/m/resolve/main/x.pt?download=true', 'https://huggingface.co/o/m/resolve/main/x.pt', ['https://*.hf.co']],
    ['https://github.com/o/r/blob/main/d/x.pkl?raw=true', 'https://raw.githubusercontent.com/o/r/main/d/x.pkl', []],
    ['https://www.github.com/o/r/raw/refs/heads/main/x.pkl', 'https://raw.githubusercontent.com/o/r/refs/heads/main/x.pkl', []],
    ['https://zenodo.org/record/123/files/x.pkl', 'https://zenodo.org/records/123/files/x.pkl?download=1', []],
    ['https://zenodo.org/records/123/files/x.pkl?preview=1', 'https://zenodo.org/records/123/files/x.pkl?download=1', []],
    ['s3://bucket/a b/x.pt', 'https://bucket.s3.amazonaws.com/a%20b/x.pt', []],
    ['s3://my.bucket/x.pt', 'https://s3.amazonaws.com/my.bucket/x.pt', []],
    ['gs://bucket/x.pt', 'https://storage.googleapis.com/bucket/x.pt', []],
    // As they are.
    ['https://github.com/o/r', 'https://github.com/o/r', []],
    ['https://zenodo.org/records/123', 'https://zenodo.org/records/123', []],
    ['https://huggingface.co.example.org/o/m/blob/main/x', 'https://huggingface.co.example.org/o/m/blob/main/x', []],
    [' example.org/a.pkl#place ', 'https://example.org/a.pkl', []],
    ['http://example.org:81/a.pkl?b=c', 'http://example.org:81/a.pkl?b=c', []],
    ['https://huggingface.co/..%2f/blob/main/x', 'https://huggingface.co/..%2f/blob/main/x', ['https://*.hf.co']],
  ];
  for (const [typed, url, also] of table) {
    const found = rawAddress(typed);
    assert.deepEqual([found.url, found.also], [url, also], typed);
    assert.equal(found.note !== '', new URL(url).href !== new URL(typed.trim().replace(/#.*/, ''), 'https://example.org/').href && /^(http|hf|s3|gs)/.test(typed), `${typed}: what was changed is said`);
  }
  for (const wrong of ['', 'ftp://x/a', 'file:///etc/passwd', 'javascript:alert(1)', 'data:,x', 'blob:https://x/1', 'https://', 'https://user:word@x/', 'two words', 'not%20an%20address', "it's"]) {
    assert.ok(rawAddress(wrong).wrong, wrong);
  }
});

test('a checkpoint of 10 GB lists after little of it was sent, by one server, after a click', async () => {
  const out = new Virtual();
  const giant = writeCheckpoint(out, { tensors: 50, sums: false });
  assert.ok(giant.size > 10e9);
  files.put('models/giant.pt', { size: giant.size, read: (from, to) => out.read(from, to) });
  const address = `${files.url}models/giant.pt`;
  const page = await visit(address);
  await page.waitForLoadState('networkidle');
  assert.match(await text(page), /giant\.pt.*127\.0\.0\.1:\d+.*\/models\/giant\.pt.*Nothing was sent yet/s);
  assert.deepEqual(files.requests, [], 'nothing is asked before the click');

  // The server sends no more than 1 MB before it is listed.
  const release = files.hold();
  files.most = 1e6;
  await connect(page);
  await opened(page, 'giant.pt');
  const listed = files.bytes;
  files.most = Infinity;
  release();
  await page.keyboard.press('End');
  await selectRow(page, "'layers.49.weight'");
  assert.match(await value(page), /^\[\[49\.0, 49\.5, 0\.0,/);
  console.log(`giant.pt: ${giant.size} bytes; ${listed} sent when it was listed, ${files.bytes} with a tensor and what the audit had read, in ${files.requests.length} requests`);
  assert.ok(listed > 0, `${listed} bytes`);
  await until(page, () => document.querySelector('#tab-audit .tab-count'));
  console.log(`giant.pt: ${files.bytes} sent with the whole audit, in ${files.requests.length} requests`);
  assert.ok(files.bytes < giant.size / 100, `${files.bytes} bytes`);
  // The bar says how much was asked for, a moment later. What the browser still had is in it, which the server does not see; what the
  // browser's cache of ranges asks for twice by itself, less than one part in a hundred, is not.
  const told = async () => Number(await page.getAttribute('#remote-bar [data-bytes]', 'data-bytes'));
  for (const deadline = Date.now() + 30_000; await told() < 0.99 * files.bytes;) {
    assert.ok(Date.now() < deadline, `${await told()} of ${files.bytes} bytes are told`);
    await page.waitForTimeout(50);
  }
  assert.match(await page.textContent('#remote-bar'), /127\.0\.0\.1:\d+/);

  const worker = await workerOf(page);
  for (const where of [page, worker]) {
    for (const url of [elsewhere.url, world.server.url, `${world.server.url}remote.html`, 'https://example.org/']) {
      assert.equal(await refused(where, url), 'refused', url);
    }
    assert.equal(await refused(where, address.replace('giant', 'none')), 'fetched', 'the one server');
  }
  assert.deepEqual(elsewhere.requests, []);
  assert.deepEqual(page.complaints.filter((text) => !/Content Security Policy|404/.test(text)), []);
  // A file from the device opens as ever.
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
});

test('a server that hides Content-Range is asked for the size; a small file comes at once', async () => {
  files.put('small.pkl', SMALL);
  const page = await visit(`${files.url}small.pkl?hidden`);
  await connect(page);
  await opened(page, 'small.pkl');
  assert.deepEqual(files.requests.map((line) => line.split(' ')[0]).filter((method) => method !== 'OPTIONS'), ['GET', 'HEAD', 'GET']);
  assert.deepEqual(page.complaints, []);
});

test('a server without ranges: a small file opens, a large one is offered as a whole, with progress and Cancel', async () => {
  files.put('small.pkl', SMALL);
  files.put('large.pkl', numbers(2_000_000));
  let page = await visit(`${files.url}small.pkl?whole`);
  await connect(page);
  await opened(page, 'small.pkl');
  assert.equal(await refused(page, files.url), 'refused', 'nothing more is needed of it');
  assert.match(await page.textContent('#remote-bar'), /no requests/);

  const release = files.hold();
  page = await visit(`${files.url}large.pkl?whole&trickle`);
  await connect(page);
  await state(page, 'whole');
  assert.match(await text(page), /only as a whole.*10\.0 MB/s);
  await page.click('[data-act=fetch]');
  await until(page, () => document.querySelector('progress')?.value === 1e6);
  await page.click('[data-act=cancel]');
  await state(page, 'whole');
  await page.click('[data-act=fetch]');
  await state(page, 'fetching');
  release();
  await opened(page, 'large.pkl');
  assert.equal(await refused(page, files.url), 'refused');
});

test('what goes wrong is said, with what to do', async () => {
  files.put('small.pkl', SMALL);
  files.put('large.pkl', numbers(200_000));
  const cases = [
    ['small.pkl?nocors', 'unreachable', /does not let other sites read.*Access-Control-Allow-Origin: http.*Access-Control-Expose-Headers: Content-Range.*drop it on the page/s],
    ['none.pkl', 'refused', /answered 404.*no such file/s],
    ['small.pkl?status=403', 'refused', /answered 403.*signed in/s],
    ['small.pkl?status=503', 'refused', /answered 503.*Try again later/s],
    ['large.pkl?whole&cut', 'cut', /not the whole file, so it was not opened/s],
    [`small.pkl?to=${encodeURIComponent(`${elsewhere.url}small.pkl`)}`, 'forwarded', /another server, which you did not agree to/s],
  ];
  for (const [path, name, words] of cases) {
    const page = await visit(files.url + path);
    await connect(page);
    await state(page, name);
    assert.match(await text(page), words);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.act), 'connect', 'the keyboard is at Try again');
    await page.context().close();
  }
  assert.deepEqual(elsewhere.requests, [], 'the server that was forwarded to was not asked');
  const page = await visit('http://127.0.0.1:9/small.pkl'); // no one listens there
  await connect(page);
  await state(page, 'unreachable');
});

test('a slow server can be given up', async () => {
  files.put('small.pkl', SMALL);
  const release = files.hold();
  const page = await visit(`${files.url}small.pkl?slow`);
  await connect(page);
  await state(page, 'asking');
  await page.click('[data-act=cancel]');
  await state(page, 'consent');
  await connect(page);
  release();
  await opened(page, 'small.pkl');
});

/** A tuple of two large payloads; what is behind the first is read by another request. */
const LARGE = (() => {
  const payload = (letter, size) => bytes('B', Buffer.from(Uint32Array.of(size).buffer), Buffer.alloc(size, letter));
  return bytes(proto, payload('a', 3_000_000), payload('b', 3_000_000), [0x86], '.');
})();

test('a file that changes while it is read is not mixed, and parts that come cut are not used', async () => {
  files.put('large.pkl', LARGE);
  const page = await visit(`${files.url}large.pkl`);
  await connect(page);
  await opened(page, 'large.pkl');
  files.version = 2;
  // What was read before is still there; a search goes over everything.
  await page.keyboard.press('/');
  await page.keyboard.type("b'nowhere'");
  await until(page, () => /has changed since it was opened: nothing of the new one was used/i.test(document.body.textContent));
  await page.context().close();

  const cut = await visit(`${files.url}large.pkl?short`);
  await connect(cut);
  await until(cut, () => /sent \d+ of \d+ bytes/.test(document.body.textContent));
});

test('an address is typed, by keyboard alone, and a wrong one is said to be wrong', async () => {
  files.put('small.pkl', SMALL);
  const page = await visit('');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'remote-address');
  await page.keyboard.type('ftp://example.org/a.pkl');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.remote-wrong:not([hidden])');
  assert.equal(await page.getAttribute('#remote-address', 'aria-invalid'), 'true');
  await page.fill('#remote-address', `${files.url}small.pkl`);
  await page.keyboard.press('Enter');
  await state(page, 'consent');
  assert.deepEqual(files.requests, []);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await opened(page, 'small.pkl');
  // A loaded page asks again before it connects.
  await page.reload();
  await state(page, 'consent');
});

test('in a frame of another site nothing can be clicked, and a file that is dropped needs no server', async () => {
  const page = await visit(`${files.url}small.pkl`);
  await page.evaluate(() => { document.body.append(Object.assign(document.createElement('iframe'), { src: location.href })); }).catch(() => {});
  await drop(page, 'local.pkl', SMALL);
  await opened(page, 'local.pkl');
  assert.deepEqual(files.requests, []);
  assert.equal(await refused(page, files.url), 'refused');
  const framing = await emptyPage(world);
  await framing.setContent(`<iframe src="${world.server.url}remote.html?url=${encodeURIComponent(files.url)}"></iframe>`);
  await framing.frameLocator('iframe').locator('#remote-card[data-state=framed]').waitFor();
  assert.equal(await framing.frameLocator('iframe').locator('[data-act=connect]').count(), 0);
});

for (const [width, colorScheme] of [[1440, 'light'], [400, 'dark']]) {
  test(`axe finds nothing in any state at ${width} pixels, ${colorScheme}`, async () => {
    files.put('small.pkl', SMALL);
    files.put('large.pkl', numbers(2_000_000));
    const release = files.hold();
    const options = { colorScheme, viewport: { width, height: width === 400 ? 800 : 900 } };
    const check = async (page, name) => {
      assert.deepEqual(await violations(page), [], name);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `no sideways scrolling: ${name}`);
      await page.screenshot({ path: `${OUTPUT}remote-${name}-${width}-${colorScheme}.png` });
    };
    for (const [path, name] of [['small.pkl?nocors', 'unreachable'], ['none.pkl', 'refused'], ['large.pkl?whole', 'whole'], ['small.pkl?slow', 'asking']]) {
      const page = await visit(files.url + path, options);
      if (name === 'asking') await check(page, 'consent');
      await connect(page);
      await state(page, name);
      await check(page, name);
      await page.context().close();
    }
    release();
    const rewritten = await visit('https://huggingface.co/organisation/a-model-with-a-long-name/blob/main/checkpoints/epoch-17/pytorch_model.bin', options);
    await check(rewritten, 'rewritten');
    const page = await visit('', options);
    await check(page, 'address');
    await page.fill('#remote-address', `${files.url}small.pkl`);
    await page.keyboard.press('Enter');
    await connect(page);
    await opened(page, 'small.pkl');
    await check(page, 'open');
  });
}
