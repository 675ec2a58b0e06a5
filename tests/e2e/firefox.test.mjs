// The core flows in Firefox: opening, walking, finding, bytes, machine, size, explanations, links, and that nothing is asked for.
//
// Firefox is driven over WebDriver BiDi by puppeteer-core, since Playwright wants a build of its own. FIREFOX_PATH names
// another one than the first on PATH.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { DAMAGED, HOSTILE, SELECTED, SMALL, byteIn, drop, fixture, numbers } from './lib.mjs';
import { DIST, serve } from './server.mjs';

let server;
let browser;

function executable() {
  const found = [process.env.FIREFOX_PATH, ...process.env.PATH.split(':').flatMap((folder) => [`${folder}/firefox`, `${folder}/firefox-esr`])]
    .find((path) => path && existsSync(path));
  if (!found) throw new Error('neither firefox nor firefox-esr is on PATH');
  return found;
}

before(async () => {
  server = await serve();
  browser = await puppeteer.launch({
    browser: 'firefox', executablePath: executable(), headless: true, protocolTimeout: 120_000,
  });
});
after(async () => { await browser?.close(); await server?.close(); });

const pages = new Set();
afterEach(async () => {
  for (const page of pages) await page.close();
  pages.clear();
});

/** A page that has started; `complaints` are what no ordinary run may cause. */
async function visit(hash = '') {
  const page = await browser.newPage();
  pages.add(page);
  await page.setViewport({ width: 1440, height: 900 });
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) page.complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.goto(server.url + hash);
  await page.waitForSelector('#app[data-started] .drop-zone');
  return page;
}

const until = (page, condition, ...given) => page.waitForFunction(condition, { polling: 20, timeout: 60_000 }, ...given);
const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const focused = (page, id) => until(page, (id) => document.activeElement.id === id, id);

async function opened(page, name) {
  await until(page, (name, selected) => document.title === `${name} — Picklescope` && document.querySelector(selected)
    && document.querySelector('[role=tree] [role=treeitem][aria-level], [role=grid] [data-opcode][data-offset], #contents [data-member]'), name, SELECTED);
}

async function open(name, content) {
  const page = await visit();
  await drop(page, name, content);
  await opened(page, name);
  return page;
}

async function press(page, ...keys) {
  for (const key of keys.slice(0, -1)) await page.keyboard.down(key);
  await page.keyboard.press(keys.at(-1));
  for (const key of keys.slice(0, -1).reverse()) await page.keyboard.up(key);
}

test('a chosen file opens: tree, verdict, a walk by keyboard', async () => {
  const page = await visit();
  const input = await page.$('#choose-file');
  await input.uploadFile(fileURLToPath(new URL('../fixtures/real/sklearn-1.9/pipeline.p5.pkl', import.meta.url)));
  await opened(page, 'pipeline.p5.pkl');
  await until(page, () => document.querySelector('.verdict')?.dataset.level === 'Recognised');
  await focused(page, 'tree');
  await press(page, 'ArrowDown');
  await until(page, () => document.querySelector('#tree [data-row="1"][aria-selected=true]'));
  await press(page, 'ArrowRight');
  await until(page, () => document.querySelectorAll('#tree [aria-level="3"]').length > 0);
  assert.deepEqual(page.complaints, []);
});

test('a dropped file, a cut one and a hostile one', async () => {
  const page = await open('small.pkl', SMALL);
  assert.match(await text(page, '#tree'), /numbers/);
  await drop(page, 'cut.pkl', DAMAGED);
  await opened(page, 'cut.pkl');
  await page.waitForSelector('[data-problem]');
  await drop(page, 'hostile.pkl', HOSTILE);
  await opened(page, 'hostile.pkl');
  await page.waitForSelector('[data-level=Dangerous]');
  assert.deepEqual(page.complaints, []);
});

test('text in the box opens', async () => {
  const page = await visit();
  // Firefox gives no clipboard to an event that a script made, so the text is typed.
  await page.evaluate(() => [...document.querySelectorAll('.drop-actions .button')].find((button) => button.textContent === 'Paste…').click());
  await focused(page, 'paste-text');
  await page.keyboard.type(SMALL.toString('base64'));
  await page.click('[data-act=paste-open]');
  await opened(page, 'Pasted bytes');
  assert.deepEqual(page.complaints, []);
});

test('finding, and walking from hit to hit', async () => {
  const page = await open('small.pkl', SMALL);
  await press(page, '/');
  await focused(page, 'find');
  await page.keyboard.type('hello');
  await until(page, () => document.querySelector('#find-status')?.dataset.finished === 'true'
    && document.querySelector('#find-status').dataset.for === 'hello');
  assert.equal(await page.$eval('#find-status', (status) => status.dataset.hits), '1');
  await press(page, 'Enter');
  await until(page, () => /hello/.test(document.querySelector('#inspector')?.textContent));
  await press(page, 'Escape');
  await focused(page, 'tree');
  assert.deepEqual(page.complaints, []);
});

test('a byte selects what it belongs to in all views', async () => {
  const page = await open('small.pkl', SMALL);
  const at = SMALL.indexOf('hello');
  await page.click('#tab-bytes');
  await page.waitForSelector(byteIn('#bytes', at));
  await page.click(byteIn('#bytes', at));
  await until(page, () => /hello/.test(document.querySelector('#inspector .inspector-title')?.textContent + document.querySelector('#inspector')?.textContent));
  await page.click('#tab-opcodes');
  await until(page, (offset) => document.querySelector(`#opcodes [data-offset="${offset}"].row-selected`), at - 2);
  assert.deepEqual(page.complaints, []);
});

test('the machine steps, at the end of a million instructions too', async () => {
  const page = await open('numbers.pkl', numbers(1_000_000));
  await page.click('#tab-machine');
  await page.waitForSelector('#machine .machine-state');
  await page.focus('#machine');
  await press(page, 'End');
  await until(page, () => document.querySelector('#machine-sentence')?.textContent === 'The last pickle has ended.');
  await press(page, 'ArrowLeft');
  await press(page, 'ArrowLeft');
  await until(page, () => /^Takes the 1,000,000 values above the mark/.test(document.querySelector('#machine-sentence')?.textContent));
  assert.deepEqual(page.complaints, []);
});

test('sizes, Python source and a message explained', async () => {
  const page = await open('small.pkl', SMALL);
  await page.click('#tab-size');
  await page.waitForSelector('#size [data-size-line]');
  await page.click('#tab-python');
  await until(page, () => /hello/.test(document.querySelector('#python')?.textContent ?? ''));
  assert.deepEqual(page.complaints, []);
});

test('members of an archive', async () => {
  const page = await open('small.pt', await fixture('torch/torch-2.6/small.pt'));
  await page.click('#tab-contents');
  await page.waitForSelector('#contents [data-member]');
  await page.click('#contents [data-name=version] .member-name');
  await until(page, () => document.title === 'small.pt › small/version — Picklescope');
  assert.deepEqual(page.complaints, []);
});

test('commands by name', async () => {
  const page = await open('small.pkl', SMALL);
  await press(page, 'Control', 'k');
  await page.waitForSelector('dialog[open] input');
  await page.keyboard.type('opcodes');
  await press(page, 'Enter');
  await until(page, () => document.querySelector('#tab-opcodes[aria-selected=true]'));
  assert.deepEqual(page.complaints, []);
});

test('back, forward and a link lead to the place', async () => {
  const page = await open('small.pkl', SMALL);
  await until(page, () => location.hash === '#offset=2'); // the place where it opens has settled
  await page.click('#tab-opcodes');
  await until(page, () => location.hash === '#offset=2&view=opcodes');
  const hash = await page.evaluate(() => location.hash);
  await page.evaluate(() => history.back());
  await until(page, () => document.querySelector('#tab-objects[aria-selected=true]'));
  await page.evaluate(() => history.forward());
  await until(page, () => document.querySelector('#tab-opcodes[aria-selected=true]'));
  const other = await visit(hash);
  await drop(other, 'small.pkl', SMALL);
  await until(other, () => document.querySelector('#tab-opcodes[aria-selected=true]'));
  assert.deepEqual([...page.complaints, ...other.complaints], []);
});

test('once loaded, nothing is asked for, and nothing can be', async () => {
  const page = await visit();
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const before = server.requests.length;
  const refused = await page.evaluate(async () => {
    try {
      await fetch('anything');
      return false;
    } catch {
      return true;
    }
  });
  assert.ok(refused);
  assert.deepEqual(server.requests.slice(before).filter((path) => !path.endsWith('favicon.ico')), []);
});

test('opened from a folder, the page says what to do', async () => {
  const page = await browser.newPage();
  pages.add(page);
  await page.goto(pathToFileURL(join(DIST, 'index.html')).href).catch(() => {}); // It goes on to another page while it loads.
  await page.waitForFunction(() => /needs a server/.test(document.body?.textContent), { timeout: 60_000 });
  assert.match(await text(page, 'main'), /python3 -m http\.server/);
});
