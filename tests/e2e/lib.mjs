// What the flows share: browser, page, selectors, hand-made pickles.
//
// The selectors rest on structure, not on words or looks:
//   [role=tree] and its [role=treeitem][data-row], which carry aria-level, -posinset, -setsize, -expanded, -selected;
//   #opcodes [data-opcode] (row of the listing), with data-offset and data-name;
//   byteIn('#hex', offset), a cell of a byte; .hex-own marks the bytes of the selection;
//   #inspector, with data-opcode and data-node of the selection; [data-built] rows inside it;
//   #app[data-started] once the program has drawn the page;
//   [data-fact], [data-level], [data-complete] in the strip under the header; [data-problem]; [data-crash]; [data-act].
import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from './server.mjs';

export const OUTPUT = fileURLToPath(new URL('output/', import.meta.url));
mkdirSync(OUTPUT, { recursive: true });

const AXE = await readFile(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const CANDIDATES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

function executable() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const folder of process.env.PATH.split(':')) {
    for (const name of CANDIDATES) if (existsSync(`${folder}/${name}`)) return `${folder}/${name}`;
  }
  throw new Error(`none of ${CANDIDATES.join(', ')} is on PATH`);
}

/** The selector of a byte's cell. A cell is known by its place in the row; rows have 16 bytes, 8 or 4, as there is room. */
export const byteIn = (list, offset) => `${list} :is(${[16, 8, 4].map((width) =>
  `[data-start="${offset - offset % width}"] > .hex-bytes-${width} > :nth-child(${offset % width + 1})`).join(', ')})`;

/** Server and browser for one file of tests. */
export async function start() {
  const server = await serve();
  const browser = await chromium.launch({
    executablePath: executable(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  return { server, browser, stop: async () => { await browser.close(); await server.close(); } };
}

// A page that was left open goes on working, warm-up and workers included, beside the tests that follow. Benches run no tests.
const contexts = new Set();
if (process.env.NODE_TEST_CONTEXT) {
  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts.clear();
  });
}

/** An empty page; `page.complaints` collects what no ordinary run may cause: page errors and policy violations. */
export async function emptyPage({ browser }, options = {}) {
  // A copy of the page for each test would be made in vain, beside the test: offline.test.mjs and the tests of what the page may do have it.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options });
  contexts.add(context);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.text() === 'Service Worker registration blocked by Playwright') return;
    if (['error', 'warning'].includes(message.type())) page.complaints.push(`${message.type()}: ${message.text()}`);
  });
  return page;
}

/** A page that has started. */
export async function visit(world, options = {}) {
  const page = await emptyPage(world, options);
  if (options.init) await page.context().addInitScript(options.init, options.argument);
  await page.goto(world.server.url + (options.hash ?? ''));
  await started(page);
  return page;
}

/** Waits until the program is there: what the page shows before is in its HTML. */
export const started = (page) => page.waitForSelector('#app[data-started] .drop-zone');

/** For `visit(world, { init: beforeWorker, argument })`: runs `argument`, as text, in every worker before the decoder. */
export function beforeWorker(text) {
  const create = URL.createObjectURL;
  URL.createObjectURL = (blob) => create.call(URL, blob.type === 'text/javascript' ? new Blob([text, '\n', blob], { type: blob.type }) : blob);
}

/**
 * For `beforeWorker`: while `self.refused` is a list of questions, the answers to those are replaced by failures; files of the
 * sizes named here cannot be read, end the worker or take for ever. Once `self.starved` is true, the first reading takes all
 * memory of the decoder: not before, when it may still start or warm up, and would be started anew.
 */
export const TROUBLE = `
const asked = new Map();
self.addEventListener('message', ({ data }) => {
  const { id, body } = data?.[0] ?? {};
  if (body?.Ask) asked.set(id, typeof body.Ask === 'string' ? body.Ask : Object.keys(body.Ask)[0]);
});
const say = self.postMessage.bind(self);
self.postMessage = (message, ...rest) => {
  const reply = message?.[0]?.Reply;
  const kind = reply && asked.get(reply.id);
  if (kind && (self.refused?.includes(kind) || self.refused === 'all')) {
    self.refusals = (self.refusals ?? 0) + 1;
    return say([{ Reply: { ...reply, failed: 'refused for a test' } }]);
  }
  return say(message, ...rest);
};
const read = FileReaderSync.prototype.readAsArrayBuffer;
FileReaderSync.prototype.readAsArrayBuffer = function (blob) {
  if (self.starved) {
    self.starved = false;
    for (const pages of [1024, 1]) try { for (;;) self.program.memory.grow(pages); } catch (error) { if (!(error instanceof RangeError)) throw error; }
  }
  if (blob.size === 4001) throw new DOMException('gone', 'NotReadableError');
  if (blob.size === 4002) { self.postMessage = () => {}; setTimeout(() => self.close()); }
  if (blob.size === 4004) { const end = Date.now() + 60000; while (Date.now() < end); }
  return read.call(this, blob);
};
const instance = WebAssembly.Instance;
WebAssembly.Instance = function (...all) { const made = new instance(...all); self.program = made.exports; return made; };
`;

/** Puts a file on the page as if it was dropped. */
export const drop = (page, name, bytes) => dropAll(page, [[name, bytes]]);

/** Puts several files, `[name, bytes]` each, on the page as if they were dropped together. */
export async function dropAll(page, files) {
  await page.evaluate((files) => {
    const transfer = new DataTransfer();
    for (const [name, data] of files) {
      transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
    }
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }, files.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
}

/** The bytes of a file in tests/fixtures. */
export const fixture = (path) => readFile(new URL(`../fixtures/${path}`, import.meta.url));

/** Drops a fixture and waits until it is on screen; its name is given back. */
export async function dropFixture(page, path) {
  const name = path.split('/').pop();
  await drop(page, name, await fixture(path));
  await opened(page, name);
  return name;
}

/** Pastes text into the page, not into a field. */
export const paste = (page, text) => page.evaluate((text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}, text);

/** The inspector, once something is selected. */
export const SELECTED = '#inspector:is([data-opcode], [data-node])';

/** Waits until a document of this name is on screen, with its first rows. */
export async function opened(page, name) {
  await page.waitForFunction((name) => document.title === `${name} — Picklescope`, name);
  // No handles: what they hold of a document before is not collected.
  await page.locator('[role=tree] [role=treeitem][aria-level], [role=grid] [data-opcode][data-offset], #contents [data-member]').first().waitFor();
  await page.locator(SELECTED).waitFor();
}

/** Unfolds a part of the inspector, `bytes` or `opcodes`: of what shows its fields they are folded. */
export async function unfold(page, part) {
  await page.waitForSelector('.fields [data-field] .field-type, .value-text:visible, .card-section');
  if (!await page.$(`[data-part=${part}][open]`)) await page.click(`[data-part=${part}] > summary`);
}

/** Waits for a condition in the page. */
export const until = (page, condition, argument) => page.waitForFunction(condition, argument, { polling: 20 });

/** The tree's rows on screen. */
export const rows = (page) => page.$$eval('[role=treeitem][aria-level]', (items) => items
  .map((item) => ({
    row: Number(item.dataset.row), level: Number(item.getAttribute('aria-level')), text: item.textContent,
    expanded: item.getAttribute('aria-expanded'), selected: item.getAttribute('aria-selected') === 'true',
  }))
  .sort((a, b) => a.row - b.row));

/** What axe calls serious or critical. */
export async function serious(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join('\n    ')}`);
  });
}

/** Everything that axe finds by its rules for WCAG 2.2 A and AA and by its best practices. */
export async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const rules = { 'target-size': { enabled: true } };
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'], rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join('\n    ')}`);
  });
}

// Pickles, assembled by hand.
export const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
export const str = (text) => bytes([0x8c, Buffer.byteLength(text)], Buffer.from(text));
export const int = (number) => (number < 256 ? bytes('K', [number]) : bytes('J', Buffer.from(Int32Array.of(number).buffer)));
export const proto = bytes([0x80, 4]);

/** A dict of a list, a nested dict and a text: {'numbers': [1, 2, 3], 'inner': {'text': 'hello', 'flag': True}, 'last': None}. */
export const SMALL = bytes(proto, '}(', str('numbers'), '](', int(1), int(2), int(3), 'e', str('inner'), '}(', str('text'),
  str('hello'), str('flag'), [0x88], 'u', str('last'), 'N', 'u.');

/** The same, cut in the middle of 'hello'. */
export const DAMAGED = SMALL.subarray(0, SMALL.indexOf('hello') + 3);

/** cos\nsystem, called with a harmless text. */
export const HOSTILE = bytes(proto, 'cos\nsystem\n', str('echo this is never run'), [0x85], 'R.');

/** A list of `count` numbers. */
export function numbers(count) {
  const body = Buffer.alloc(count * 5);
  for (let i = 0; i < count; i += 1) {
    body[i * 5] = 0x4a; // BININT
    body.writeInt32LE(i, i * 5 + 1);
  }
  return bytes(proto, '](', body, 'e.');
}

// What is inside what was opened.

/** The chain of wrappings in the header. */
export const chain = (page) => page.textContent('.chain');

/** The rows of the tree of members on screen. */
export const members = (page) => page.$$eval('#contents [data-member]', (items) => items.map((item) => ({
  name: item.dataset.name, level: Number(item.getAttribute('aria-level')), expanded: item.getAttribute('aria-expanded'),
  shown: item.getAttribute('aria-selected') === 'true', size: item.querySelector('.size')?.title ?? '',
  position: `${item.getAttribute('aria-posinset')}/${item.getAttribute('aria-setsize')}`,
})));

/** Clicks a member in the tree of members. */
export const choose = (page, name) => page.click(`#contents [data-name="${name}"] .member-name`);

/** Waits until the member at this path is on show, another one than the files are about, and something in it is selected. */
export const shownMember = (page, path) => until(page, ([path, selected]) => document.title.endsWith(` › ${path} — Picklescope`)
  && document.querySelector(selected), [path, SELECTED]);

/** Selects the first row of the tree with this label. */
export async function selectRow(page, label) {
  const row = page.locator('#tree [data-row]').filter({ has: page.locator(`.label:text-is("${label}")`) }).first();
  await row.locator('.label').click();
  await until(page, (label) => document.querySelector('#tree [aria-selected=true] .label')?.textContent === label
    && document.querySelector('#inspector .inspector-title')?.textContent === label, label);
}

/** What was copied, once something was: the page writes to the clipboard a moment after it is asked to. */
export const copiedText = (page) => page.evaluate(async () => {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const text = await navigator.clipboard.readText();
    if (text || Date.now() > deadline) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

/** The worker that the page began with: the browser may tell of it only after the page is drawn. */
export const workerOf = async (page) => page.workers()[0] ?? page.waitForEvent('worker');

/**
 * Counts what the worker reads from now on (`bytesRead`), and the size of its WebAssembly memory (`memoryBytes`): what is
 * decoded as text are views of it. Gives back the worker.
 */
export async function watch(page) {
  const worker = await workerOf(page);
  await worker.evaluate(() => {
    self.bytesRead = 0;
    self.memoryBytes = 0;
    const read = FileReaderSync.prototype.readAsArrayBuffer;
    FileReaderSync.prototype.readAsArrayBuffer = function readAsArrayBuffer(blob) {
      self.bytesRead += blob.size;
      return read.call(this, blob);
    };
    const decode = TextDecoder.prototype.decode;
    TextDecoder.prototype.decode = function decodeView(view, ...rest) {
      self.memoryBytes = Math.max(self.memoryBytes, view?.buffer.byteLength ?? 0);
      return decode.call(this, view, ...rest);
    };
  });
  return worker;
}

/** The value in the inspector. */
export const value = async (page) => (await page.textContent('.value-text')).trim();
