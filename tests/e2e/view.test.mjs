// `picklescope view`: the page from the program itself, with a file open. tests/it/command_line/view.rs holds what the server answers
// to whom.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SMALL, drop, emptyPage, opened, start, started, until, workerOf } from './lib.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
const PROGRAM = ['debug', 'release'].map((profile) => join(TARGET, profile, 'picklescope')).find(existsSync);

let world;
let folder;
const running = new Set();
before(async () => {
  assert.ok(PROGRAM, 'cargo build --bin picklescope makes the program that this tests');
  world = await start();
  folder = await mkdtemp(join(tmpdir(), 'picklescope-view-'));
});
after(async () => {
  for (const child of running) child.kill();
  await world.stop();
  await rm(folder, { recursive: true });
});

/** Starts the program; the result has the address and a promise of the exit code. */
async function view(name) {
  const child = spawn(PROGRAM, ['view', '--browser', 'none', '--site', DIST, name], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const ended = new Promise((resolve) => { child.on('exit', (code) => { running.delete(child); resolve(code); }); });
  const [line] = await Promise.race([new Promise((resolve) => { child.stdout.once('data', (data) => resolve([String(data)])); }), ended.then((code) => [`ended with ${code}`])]);
  assert.match(line, /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/\n$/);
  return { address: line.trim(), ended };
}

/** Whether the program goes on for so many milliseconds. */
const goesOn = (ended, time) => Promise.race([ended.then(() => false), new Promise((resolve) => { setTimeout(() => resolve(true), time); })]);

async function visit(address) {
  const page = await emptyPage(world, { serviceWorkers: 'allow' });
  page.requests = [];
  page.context().on('request', (request) => { if (!/^(blob|data):/.test(request.url())) page.requests.push(request.url()); });
  await page.goto(address);
  return page;
}

test('the file is open, nothing can be asked for afterwards, and the program ends with the tab', async () => {
  const name = 'a "<b>&\u{1f952}.pkl';
  await writeFile(join(folder, name), SMALL);
  const { address, ended } = await view(name);
  const page = await visit(address);
  await opened(page, name);
  const asked = page.requests.map((url) => url.slice(address.length));
  assert.ok(asked.includes('file') && asked.includes('alive'), asked.join(' '));
  assert.ok(page.requests.every((url) => url.startsWith(address)), page.requests.join(' '));
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0, 'no copy is kept of a page for one file');

  const worker = await workerOf(page);
  for (const where of [page, worker]) {
    for (const url of [`${address}file`, address, 'https://example.org/']) {
      const outcome = await where.evaluate((url) => fetch(url).then(() => 'fetched', () => 'refused'), url);
      assert.equal(outcome, 'refused', url);
    }
  }
  const served = page.requests.length;
  await drop(page, 'second.pkl', SMALL);
  await opened(page, 'second.pkl');
  await until(page, () => location.hash !== '');
  assert.equal(page.requests.length, served);
  assert.deepEqual(page.complaints.filter((text) => !/Content Security Policy/.test(text)), []);

  assert.ok(await goesOn(ended, 7000), 'it goes on as long as the tab is open');
  await page.reload();
  await opened(page, name);
  assert.ok(await goesOn(ended, 7000), 'and when that is loaded again');
  await page.close();
  assert.equal(await ended, 0);
});

test('a program that was stopped leaves a page that works', async () => {
  await writeFile(join(folder, 'small.pkl'), SMALL);
  const { address, ended } = await view('small.pkl');
  const page = await visit(address);
  await opened(page, 'small.pkl');
  for (const child of running) child.kill();
  await ended;
  await drop(page, 'next.pkl', SMALL);
  await opened(page, 'next.pkl');
  assert.deepEqual(page.complaints.filter((text) => !/net::ERR_/.test(text)), []);
});

test('a file of 300 MB', async () => {
  // One bytes object, of which the file system holds only the ends.
  const size = 300 * 1024 * 1024;
  const file = await open(join(folder, 'large.pkl'), 'w');
  const head = Buffer.concat([Buffer.from([0x80, 4, 0x8e]), Buffer.alloc(8)]);
  head.writeBigUInt64LE(BigInt(size), 3);
  await file.write(head, 0, head.length, 0);
  await file.write(Buffer.from('.'), 0, 1, head.length + size);
  await file.close();
  const { address } = await view('large.pkl');
  const page = await visit(address);
  await opened(page, 'large.pkl');
  assert.match(await page.textContent('.header-file'), /large\.pkl/);
  await page.close();
});

test('an empty file is said to be empty, and a wrong token gives no page', async () => {
  await writeFile(join(folder, 'empty.pkl'), '');
  const { address } = await view('empty.pkl');
  const page = await visit(address);
  await started(page);
  await until(page, () => document.body.textContent.includes('empty.pkl is empty'));
  const wrong = await fetch(address.replace(/[0-9a-f]{32}/, '0'.repeat(32)));
  assert.equal(wrong.status, 404);
  assert.equal(await wrong.text(), '');
});
