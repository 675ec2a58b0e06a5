// The tab of bytes: tints and their words, ranges by keyboard and mouse, copies, layers, readings, the selection of all views.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import {
  SMALL, byteIn, bytes, copiedText, drop, dropFixture, opened, proto, serious, start, str, until, visit,
} from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

/** PROTO 4, EMPTY_LIST, SHORT_BINUNICODE 'hello', APPEND, STOP. */
const HELLO = bytes(proto, ']', str('hello'), 'a.');

async function openBytes(name, data, options) {
  const page = await visit(world, options);
  if (data) {
    await drop(page, name, data);
    await opened(page, name);
  } else {
    await dropFixture(page, name);
  }
  await page.click('#tab-bytes');
  await page.waitForSelector(`${byte(0)}.kind-start`);
  return page;
}

const kinds = (page) => page.$$eval('#bytes [data-start] .hex-digits', (cells) => cells
  .map((cell) => [...cell.classList].find((name) => /^kind-(?!start)/.test(name))?.slice(5)));
const range = (page, start, end) => until(page, ([start, end]) => {
  const shown = document.querySelector('#bytes-range');
  return Number(shown?.dataset.start) === start && Number(shown?.dataset.end) === end;
}, [start, end]);
const says = (page, words) => until(page, (words) => document.querySelector('#bytes-says')?.textContent === words, words);
const caret = (page, at) => until(page, (at) => document.activeElement.id === 'bytes'
  && document.activeElement.getAttribute('aria-activedescendant') === `bytes-byte-${at}`, at);
const byte = (at) => byteIn('#bytes', at);

/** The legend: kinds, and the words for them. */
const legend = (page) => page.$$eval('.bytes-legend li', (items) => items.map((item) => [item.dataset.kind, item.textContent]));

test('bytes are tinted by what they are for, and say it', async () => {
  const page = await openBytes('hello.pkl', HELLO);
  assert.deepEqual(await kinds(page), ['opcode', 'argument', 'opcode', 'opcode', 'length',
    'payload', 'payload', 'payload', 'payload', 'payload', 'opcode', 'opcode']);
  await page.hover(byte(4));
  await says(page, '0x4 (4): argument of SHORT_BINUNICODE at 0x3: length 5');
  await page.hover(byte(7));
  await says(page, '0x7 (7): payload of SHORT_BINUNICODE at 0x3: 5 bytes');
  assert.deepEqual(await legend(page), ['opcode', 'length', 'argument', 'payload'].map((kind) => [kind, kind]), 'only what is there');
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('a byte selects what it belongs to in all views', async () => {
  const page = await openBytes('hello.pkl', HELLO);
  await page.click(byte(6));
  await until(page, () => document.querySelector('#inspector[data-opcode="2"]'));
  await page.focus('#bytes');
  await page.keyboard.press('Home');
  await caret(page, 0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await caret(page, 2);
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#inspector[data-opcode="1"]'));
  await page.click('#tab-opcodes');
  await until(page, () => document.querySelector('#opcodes [data-opcode="1"].row-selected'));
  await page.click('#opcodes [data-opcode="2"]');
  await until(page, () => document.querySelector('#inspector[data-opcode="2"]'));
  await page.click('#tab-bytes');
  await page.waitForSelector(`${byte(3)}.hex-own.hex-cursor`);
});

test('a character beside the digits is its byte, and the lines under bytes stay in their row', async () => {
  const page = await openBytes('hello.pkl', HELLO);
  const at = await page.$eval('#bytes .hex-run:nth-child(6)', (run) => {
    const { left, top, width, height } = run.getBoundingClientRect();
    return { x: left + width * 2.5 / run.textContent.length, y: top + height / 2, text: run.textContent };
  });
  assert.equal(at.text, 'hello', 'one run');
  await page.mouse.click(at.x, at.y);
  await caret(page, 7);
  await page.mouse.move(at.x - 1, at.y);
  await until(page, () => document.querySelector('#bytes-says')?.dataset.at === '7');
  const sticking = await page.$$eval('#bytes :is(.hex-digits, .hex-run)', (cells) => cells
    .filter((cell) => cell.getBoundingClientRect().bottom > cell.closest('.hex-row').getBoundingClientRect().bottom + 0.5).map((cell) => cell.outerHTML));
  assert.deepEqual(sticking, []);
  assert.deepEqual(page.complaints, []);
});

test('ranges by keyboard and mouse are copied', async () => {
  const page = await openBytes('hello.pkl', HELLO, { permissions: ['clipboard-read', 'clipboard-write'] });
  const copied = async (format) => {
    await page.selectOption('#bytes-format', format);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.click('[data-act=copy-bytes]');
    return copiedText(page);
  };
  await page.click(byte(5));
  await range(page, 5, 6);
  await until(page, () => document.querySelector('#inspector[data-opcode="2"]'));
  for (const _ of 'ello') await page.keyboard.press('Shift+ArrowRight');
  await range(page, 5, 10);
  assert.equal(await page.$$eval('#bytes .hex-bytes .hex-range', (cells) => cells.length), 5);
  assert.equal(await copied('Python'), "b'hello'");
  assert.equal(await copied('hex'), '68 65 6c 6c 6f');
  assert.equal(await copied('base64'), 'aGVsbG8=');
  assert.equal(await copied('Rust'), '[0x68, 0x65, 0x6c, 0x6c, 0x6f]');
  assert.equal(await copied('C'), '{0x68, 0x65, 0x6c, 0x6c, 0x6f}');
  await page.click(byte(3), { modifiers: ['Shift'] });
  await range(page, 3, 6);
  await page.hover(byte(7));
  await page.mouse.down();
  await page.hover(byte(9));
  await page.mouse.up();
  await range(page, 7, 10);
  await page.focus('#bytes');
  await page.keyboard.press('Control+a');
  await range(page, 0, 12);
});

test('the ends of the bytes, a copy and letting go, by keyboard', async () => {
  const page = await openBytes('hello.pkl', HELLO, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.click(byte(5));
  await range(page, 5, 6);
  await page.keyboard.press('Control+End');
  await caret(page, HELLO.length - 1);
  await page.keyboard.press('Control+Shift+Home');
  await range(page, 0, HELLO.length);
  await page.keyboard.press('Control+c');
  await until(page, () => document.querySelector('.notice-text')?.textContent.includes('copied'));
  assert.equal(await copiedText(page), HELLO.toString('hex').match(/../g).join(' '));
  await page.keyboard.press('Escape');
  await range(page, 0, 1);
  // What is read begins where the range does.
  for (const _ of '1234567') await page.keyboard.press('Shift+ArrowRight');
  await until(page, () => document.querySelector('.bytes-readings')?.dataset.at === '0');
});

test('a range is saved as a file', async () => {
  const page = await openBytes('hello.pkl', HELLO);
  await page.click(byte(5));
  await range(page, 5, 6);
  await until(page, () => document.querySelector('#inspector[data-opcode="2"]'));
  await page.click(byte(9), { modifiers: ['Shift'] });
  await range(page, 5, 10);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-act=save-bytes]')]);
  assert.equal(download.suggestedFilename(), 'hello.pkl-0x5-0xa.bin');
  assert.equal((await readFile(await download.path())).toString(), 'hello');
});

test('the caret is read in every way, and follows the box', async () => {
  const page = await openBytes('hello.pkl', HELLO);
  await page.fill('#go-to', '0x3');
  await page.press('#go-to', 'Enter');
  await until(page, () => document.querySelector('.bytes-readings[data-at="3"]'));
  const reading = (name) => page.$$eval(`[data-reading="${name}"] td`, (cells) => cells.map((cell) => cell.textContent));
  assert.deepEqual(await reading('uint16'), ['1420', '35845']);
  assert.deepEqual(await reading('as opcode'), ["SHORT_BINUNICODE 'hello', 7 bytes"]);
});

test('each layer of a compressed file has its bytes', async () => {
  const page = await openBytes('hostile-containers/payload.pkl.gz');
  const names = await page.$$eval('#bytes-layer option', (options) => options.map((option) => option.textContent));
  assert.equal(names.length, 2);
  assert.match(names[0], /^payload\.pkl\.gz \(gzip, /);
  assert.match(names[1], /^decompressed gzip \(/);
  await page.selectOption('#bytes-layer', '0');
  await until(page, (first) => document.querySelector(`${first}.kind-header`)?.textContent === '1f', byte(0));
  await page.fill('#bytes-go-to', '3');
  await page.press('#bytes-go-to', 'Enter');
  await says(page, '0x3 (3): gzip header');
  await page.selectOption('#bytes-layer', '1');
  await page.waitForSelector(`${byte(0)}.kind-opcode`);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('another document has its own bytes', async () => {
  const page = await openBytes('hello.pkl', HELLO);
  await drop(page, 'small.pkl', SMALL);
  await until(page, () => document.title === 'small.pkl — Picklescope');
  await until(page, ([size, third]) => document.querySelectorAll('#bytes [data-start] .hex-digits').length === size
    && document.querySelector(third)?.textContent === '7d', [SMALL.length, byte(2)]);
});
