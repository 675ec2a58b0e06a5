// The guided sample, and everything that the page does by name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OUTPUT, SMALL, drop, opened, start, until, violations, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const SAMPLE = 'what-is-a-pickle.pkl';

/** Waits until a step is there: the number in the bar, the view, and the opcode that is selected, which settles into the address. */
const atStep = (page, step, tab, offset) => until(page, ([step, tab, offset]) => document.querySelector('.tour')?.dataset.step === String(step)
  && document.querySelector(`#tab-${tab}[aria-selected=true]`) && new URLSearchParams(location.hash.slice(1)).get('offset') === String(offset), [step, tab, offset]);

const STEPS = [['opcodes', 0], ['opcodes', 20], ['machine', 82], ['audit', 71], ['objects', 11]];

test('five steps lead through the sample, which stays open', async () => {
  const page = await visit(world);
  await page.click('[data-act=tour]');
  await opened(page, SAMPLE);
  for (const [index, [tab, offset]] of STEPS.entries()) {
    await atStep(page, index + 1, tab, offset);
    if (index === 0) await until(page, () => document.activeElement?.id === 'tour-next');
    if (index === 1) await until(page, () => document.querySelector('#opcodes [aria-selected=true]')?.dataset.name === 'SHORT_BINUNICODE');
    if (index === 3) await until(page, () => /datetime\.date/.test(document.querySelector('#left-panel')?.textContent));
    if (index < STEPS.length - 1) await page.keyboard.press('Enter');
  }
  assert.equal(await page.textContent('[data-act=tour-next]'), 'Done');
  // Back by the keyboard, forward again, and the end.
  await page.keyboard.press('ArrowLeft');
  await atStep(page, 4, ...STEPS[3]);
  await page.keyboard.press('ArrowRight');
  await atStep(page, 5, ...STEPS[4]);
  await page.keyboard.press('Enter');
  await until(page, () => !document.querySelector('.tour') && document.activeElement?.id === 'tree');
  assert.equal(await page.title(), `${SAMPLE} — Picklescope`);
  assert.deepEqual(page.complaints, []);
});

test('the keyboard goes on in the view that the palette leads to', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  for (const [words, view] of [['hex', 'bytes'], ['disassembly', 'opcodes'], ['tree', 'tree']]) {
    await page.keyboard.press('Control+k');
    await page.fill('#palette', words);
    await page.keyboard.press('Enter');
    await until(page, (view) => document.activeElement?.id === view, view);
  }
  assert.deepEqual(page.complaints, []);
});

test('another file, Escape and End end the way; a place in the address does not change it', async () => {
  const page = await visit(world, { hash: '#offset=2' });
  await page.click('[data-act=tour]');
  await opened(page, SAMPLE);
  await atStep(page, 1, ...STEPS[0]);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  assert.equal(await page.$('.tour'), null);

  for (const end of [() => page.keyboard.press('Escape'), () => page.click('[data-act=tour-end]')]) {
    await page.keyboard.press('Control+k');
    await page.fill('#palette', 'guided');
    await page.keyboard.press('Enter');
    await opened(page, SAMPLE);
    await until(page, () => document.activeElement?.id === 'tour-next');
    await end();
    await until(page, () => !document.querySelector('.tour'));
  }
  assert.deepEqual(page.complaints, []);
});

const names = (page) => page.$$eval('#palette-list [role=option]', (items) => items.map((item) => item.dataset.name));
const chosen = (page) => page.getAttribute('#palette-list [aria-selected=true]', 'data-name');

/** Opens the palette and filters it. */
async function palette(page, words = '') {
  await page.keyboard.press('Control+k');
  await until(page, () => document.activeElement?.id === 'palette');
  await page.fill('#palette', words);
}

test('Ctrl K lists what can be done; typing, arrows and Enter choose; what was done last comes first', async () => {
  const page = await visit(world);
  await palette(page);
  const before = await names(page);
  assert.ok(before.includes('Open a file…') && !before.some((name) => name.startsWith('Show the')), before.join());
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));

  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await palette(page);
  assert.ok((await names(page)).length > before.length);
  await page.fill('#palette', 'SHOW opcodes');
  await until(page, () => document.querySelectorAll('#palette-list [role=option]').length === 1);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#tab-opcodes[aria-selected=true]');
  await until(page, () => !document.querySelector('dialog'));

  await palette(page);
  assert.equal(await chosen(page), 'Show the opcodes');
  const first = (await names(page)).slice(0, 2);
  await page.keyboard.press('ArrowDown');
  await until(page, (name) => document.querySelector('#palette-list [aria-selected=true]')?.dataset.name === name, first[1]);
  assert.equal(await page.getAttribute('#palette', 'aria-activedescendant'), await page.getAttribute('#palette-list [aria-selected=true]', 'id'));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await until(page, (name) => document.querySelector('#palette-list [aria-selected=true]')?.dataset.name === name, (await names(page)).at(-1));
  await page.fill('#palette', 'there is nothing like this');
  await page.waitForSelector('#palette[aria-expanded=false]');
  await page.keyboard.press('Enter');
  assert.ok(await page.$('#palette'), 'nothing was chosen');
  await page.keyboard.press('Escape');
  assert.deepEqual(page.complaints, []);
});

test('a command that opens a dialog, one that gives the keyboard away, and one that is clicked', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tree');
  await palette(page, 'keys');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open] .key-list');
  assert.match(await page.textContent('.key-list'), /Ctrl K/);
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog') && document.activeElement.id === 'tree');

  await palette(page, 'find');
  await page.click('#palette-list [data-name^="Find anything"]');
  await until(page, () => document.activeElement?.id === 'find');
  await page.keyboard.press('Escape');
  await until(page, () => document.activeElement.id === 'tree');

  await palette(page, 'export');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open] .format-list');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));
  await palette(page, 'selection right');
  await page.keyboard.press('Enter');
  await until(page, () => document.activeElement?.id === 'inspector');
  assert.deepEqual(page.complaints, []);
});

test('the tree opens and closes as a whole, and says what stayed closed', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const closed = () => page.$$eval('#tree [aria-expanded=false]', (rows) => rows.length);
  await palette(page, 'expand all');
  await page.keyboard.press('Enter');
  await until(page, () => /Opened \d+ rows?\.|is open/.test(document.querySelector('.notice')?.textContent));
  await until(page, () => document.querySelectorAll('#tree [role=treeitem][aria-level]').length > 5);
  assert.equal(await closed(), 0);
  await palette(page, 'collapse all');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#tree').dataset.total === '1');
  assert.equal(await closed(), 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tree');
  assert.deepEqual(page.complaints, []);
});

test('the dialog of formats begins with its formats', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.click('.header [data-act=export]');
  await until(page, () => document.activeElement?.matches('.format-list li:first-child .format'));
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog') && document.activeElement?.dataset.act === 'export');
  assert.deepEqual(page.complaints, []);
});

test('views that begin with a word to wait keep the keyboard when their list comes', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  for (const [words, view] of [['size', 'size'], ['python', 'python'], ['calls', 'audit'], ['machine', 'machine'], ['bytes', 'bytes'], ['objects', 'tree']]) {
    await palette(page, words);
    await page.keyboard.press('Enter');
    await until(page, (view) => document.activeElement?.closest('#left-panel') && document.querySelector(`#tab-${view === 'tree' ? 'objects' : view}[aria-selected=true]`), view);
    await page.waitForTimeout(300);
    assert.ok(await page.evaluate(() => document.activeElement?.closest('#left-panel')), `${words}: the keyboard is in the view`);
    assert.ok(!await page.$('#left-panel .size-waiting, #left-panel .python-waiting'), `${words}: nothing is waited for`);
  }
  // What has the keyboard and has nothing more to do gives it to its pane: not to nothing.
  await page.click('#tab-size');
  await page.selectOption('#size-by', 'class');
  await page.focus('.size-scroll');
  await page.evaluate(() => {
    const select = document.querySelector('#size-by');
    select.value = 'savings';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await until(page, () => document.activeElement?.closest('#left-panel'));
  assert.deepEqual(page.complaints, []);
});

test('the header has a button for the commands', async () => {
  const page = await visit(world, { viewport: { width: 400, height: 800 } });
  assert.match(await page.getAttribute('[data-act=commands]', 'title'), /Ctrl K/);
  await page.click('[data-act=commands]');
  await until(page, () => document.activeElement?.id === 'palette');
  await page.keyboard.press('Escape');
  await until(page, () => document.activeElement?.dataset.act === 'commands');
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.focus('[data-act=commands]');
  await page.keyboard.press('Enter');
  await page.fill('#palette', 'hex');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#tab-bytes[aria-selected=true]');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  assert.deepEqual(page.complaints, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1440, 900], [320, 800]]) {
    test(`the way and the commands at ${width}×${height}, ${colorScheme}`, async () => {
      const page = await visit(world, { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      await page.click('[data-act=tour]');
      await opened(page, SAMPLE);
      await atStep(page, 1, ...STEPS[0]);
      await page.click('[data-act=tour-next]');
      await page.click('[data-act=tour-next]');
      await atStep(page, 3, ...STEPS[2]);
      await page.screenshot({ path: `${OUTPUT}tour-${width}x${height}-${colorScheme}.png` });
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      await palette(page, 'the');
      await page.screenshot({ path: `${OUTPUT}palette-${width}x${height}-${colorScheme}.png` });
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(page.complaints, []);
    });
  }
}
