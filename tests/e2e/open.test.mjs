// Ways to open something: drop, choose, paste, samples; and what is refused with a word.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAMAGED, HOSTILE, SMALL, byteIn, drop, dropAll, opened, paste, rows, start, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const noticed = (page, words) => until(page, (words) => document.querySelector('.notice-text')?.textContent.includes(words), words);

test('a dropped file is shown, and a second one replaces it', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const before = await rows(page);
  assert.ok(before.length >= 1);
  assert.equal(before[0].level, 1);
  await drop(page, 'hostile.pkl', HOSTILE);
  await opened(page, 'hostile.pkl');
  assert.equal(await page.$eval('.file-size', (size) => size.title), `${HOSTILE.length} bytes`);
  assert.deepEqual(page.complaints, []);
});

test('a chosen file is shown', async () => {
  const page = await visit(world);
  await page.setInputFiles('#choose-file', { name: 'chosen.pkl', mimeType: 'application/octet-stream', buffer: SMALL });
  await opened(page, 'chosen.pkl');
  await page.setInputFiles('#open-file', { name: 'other.pkl', mimeType: 'application/octet-stream', buffer: HOSTILE });
  await opened(page, 'other.pkl');
});

const literal = `b'${[...SMALL].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`;
for (const [spelling, text] of [['base64', SMALL.toString('base64')], ['hex', SMALL.toString('hex')], ['a bytes literal', literal]]) {
  test(`pasting ${spelling} anywhere opens it`, async () => {
    const page = await visit(world);
    await paste(page, text);
    await opened(page, 'Pasted bytes');
    assert.equal(await page.$eval('.file-size', (size) => size.title), `${SMALL.length} bytes`);
  });
}

test('the paste dialog says what is wrong and takes what is right', async () => {
  const page = await visit(world);
  await page.click('.drop-actions .button:not(.button-primary)');
  await until(page, () => document.activeElement?.id === 'paste-text');
  await page.fill('#paste-text', '### nonsense ###');
  await page.click('[data-act=paste-open]');
  await until(page, () => document.querySelector('#paste-error')?.textContent.length > 0);
  assert.equal(await page.inputValue('#paste-text'), '### nonsense ###');
  await page.fill('#paste-text', SMALL.toString('base64'));
  await page.click('[data-act=paste-open]');
  await opened(page, 'Pasted bytes');
  assert.equal(await page.$('dialog'), null);
});

for (const name of ['sklearn-bundle.pkl', 'dataframe.pkl', 'everyday.pkl', 'hostile-demo.pkl']) {
  test(`the sample ${name} opens`, async () => {
    const page = await visit(world);
    await page.click(`[data-sample="${name}"]`);
    await opened(page, name);
    const size = (await readFile(new URL(`../samples/${name}`, import.meta.url))).length;
    assert.equal(await page.$eval('.file-size', (size) => size.title.replaceAll(',', '')), `${size} bytes`);
    assert.deepEqual(page.complaints, []);
  });
}

test('nothing, and several files at once, are answered in words', async () => {
  const page = await visit(world);
  await drop(page, 'nothing.pkl', []);
  await noticed(page, 'nothing.pkl is empty');
  await page.setInputFiles('#choose-file', []);
  await dropAll(page, [['first.pkl', SMALL], ['second.pkl', HOSTILE]]);
  await opened(page, 'first.pkl');
  await until(page, () => document.querySelectorAll('#contents [data-member]').length === 2);
});

test('a file dragged from the system is opened, an empty folder is answered in words', async () => {
  const page = await visit(world);
  const folder = await mkdtemp(join(tmpdir(), 'picklescope-'));
  const file = join(await mkdtemp(join(tmpdir(), 'picklescope-')), 'dragged.pkl');
  await writeFile(file, SMALL);
  const debug = await page.context().newCDPSession(page);
  const drag = (type, path) => debug.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data: { items: [], files: [path], dragOperationsMask: 1 } });

  await drag('dragEnter', folder);
  await drag('dragOver', folder);
  await page.waitForSelector('.drop-veil:not([hidden])');
  await drag('drop', folder);
  await noticed(page, 'holds no files');
  await until(page, () => document.querySelector('.drop-veil')?.hidden);

  for (const type of ['dragEnter', 'dragOver', 'drop']) await drag(type, file);
  await opened(page, 'dragged.pkl');
});

test('a damaged file shows what could be read, and the problem', async () => {
  const page = await visit(world);
  await drop(page, 'damaged.pkl', DAMAGED);
  await opened(page, 'damaged.pkl');
  assert.equal(await page.getAttribute('[data-complete]', 'data-complete'), 'false');
  assert.ok((await rows(page)).length >= 1, 'a partial tree');
  await page.click('.problems summary');
  const offset = Number(await page.getAttribute('[data-problem]', 'data-problem'));
  assert.ok(offset > 0 && offset <= DAMAGED.length, `offset ${offset}`);
  await page.click('[data-problem]');
  await until(page, () => location.hash.startsWith('#offset='));
});

test('a hostile file is marked in word and shape', async () => {
  const page = await visit(world);
  await drop(page, 'hostile.pkl', HOSTILE);
  await opened(page, 'hostile.pkl');
  assert.equal(await page.getAttribute('.verdict', 'data-level'), 'Dangerous');
  assert.ok(await page.$('.verdict-word svg'));
  await page.click('[data-act=evidence]');
  await page.click('#tab-opcodes');
  const marked = await page.waitForSelector('#opcodes [data-mark=danger]');
  assert.ok(await marked.$('svg'));
  assert.ok((await marked.textContent()).length > 5);
  await page.click('[data-fact=imports] button');
  await page.waitForSelector('.import-list [data-import]');
  await page.click('[data-import]');
  await until(page, () => !document.querySelector('dialog'));
});

test('a closed row says what is dangerous inside it', async () => {
  const page = await visit(world);
  await page.click('[data-sample="hostile-demo.pkl"]');
  await opened(page, 'hostile-demo.pkl');
  const marked = () => page.$$eval('#tree [role=treeitem]', (rows) => rows
    .filter((row) => row.querySelector('[data-mark=danger]'))
    .map((row) => [row.querySelector('.label').textContent, row.querySelector('.chip-words').textContent]));
  assert.deepEqual(await marked(), [["'metadata'", 'inside: would run a shell command']]);
  await page.click('#tree .row-marked [data-act=toggle]');
  await until(page, () => document.querySelector('#tree')?.textContent.includes("'checksum'"));
  assert.deepEqual(await marked(), [["'checksum'", 'would run a shell command']]);
});

test('of several files, what was found is said with the name of the file', async () => {
  const page = await visit(world);
  await dropAll(page, [['plain.pkl', SMALL], ['bad.pkl', HOSTILE], ['cut.pkl', DAMAGED]]);
  await page.waitForSelector('.elsewhere');
  assert.match(await page.textContent('.elsewhere'), /Dangerous in bad\.pkl: .*cut\.pkl: /s);
  await page.waitForSelector('#contents [data-name="bad.pkl"] [data-mark=danger]');
  assert.equal((await page.$$('#contents [data-mark=danger]')).length, 1);
  await page.click('#tab-audit');
  await page.waitForSelector('#audit .call-list li');
  assert.match(await page.textContent('#audit .finding-place'), / in bad\.pkl/);
  assert.match(await page.textContent('#audit .call-place'), / in bad\.pkl/);
});

test('the keyboard always has a place to go on from', async () => {
  const page = await visit(world);
  const focused = (selector) => until(page, (selector) => document.activeElement?.matches(selector), selector);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.focus('#go-to');
  await focused('#go-to');
  await page.keyboard.type('99999');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#go-to')?.getAttribute('aria-invalid') === 'true');
  await page.keyboard.press('Backspace');
  await until(page, () => document.querySelector('#go-to')?.getAttribute('aria-invalid') === 'false');
  await page.keyboard.press('Escape');
  await focused('#tree');
  await page.focus('[data-act=close]');
  await page.keyboard.press('Enter');
  await focused('.drop-actions .button');
});

test('a shared link opens the file at its place', async () => {
  const page = await visit(world, { hash: `#offset=${SMALL.indexOf('hello')}` });
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.waitForSelector(`${byteIn('#hex', SMALL.indexOf('hello'))}.hex-own`);
});
