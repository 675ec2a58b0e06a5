// Moving about in a document: the tree by keyboard, opcode to value and back, bytes, millions of rows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, byteIn, copiedText, drop, numbers, opened, rows, start, unfold, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, bytes) {
  const page = await visit(world);
  await drop(page, name, bytes);
  await opened(page, name);
  return page;
}

/** The row with the keyboard, as a screen reader finds it. */
const active = (page) => page.evaluate(() => {
  const tree = document.activeElement;
  const item = document.getElementById(tree.getAttribute('aria-activedescendant'));
  return item && { row: Number(item.dataset.row), level: Number(item.getAttribute('aria-level')), expanded: item.getAttribute('aria-expanded'), text: item.textContent };
});
const activeIs = (page, row) => until(page, (row) => document.activeElement.getAttribute('aria-activedescendant') === `tree-${row}`
  && document.querySelector(`#tree-${row}[aria-selected=true][aria-level]`), row);

test('the tree is used by keyboard alone', async () => {
  const page = await open('small.pkl', SMALL);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tree', 'the tree has the focus at once');
  await page.keyboard.press('Home');
  await activeIs(page, 0);
  if ((await active(page)).expanded !== 'true') {
    await page.keyboard.press('ArrowRight');
    await until(page, () => document.querySelector('#tree-0[aria-expanded=true]'));
  }
  await page.keyboard.press('ArrowRight');
  await activeIs(page, 1);
  assert.equal((await active(page)).level, 2);
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#tree-1[aria-expanded=true]'));
  await page.keyboard.press('ArrowRight');
  await activeIs(page, 2);
  await page.keyboard.press('ArrowLeft');
  await activeIs(page, 1);
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#tree-1[aria-expanded=false]'));
  await page.keyboard.press('*');
  await until(page, () => document.querySelector('#tree-1[aria-expanded=true]'));
  await page.keyboard.press('End');
  await until(page, () => {
    const tree = document.getElementById('tree');
    return tree.getAttribute('aria-activedescendant') === `tree-${Number(tree.dataset.total) - 1}`;
  });
  await page.keyboard.press('PageUp');
  await activeIs(page, 0);
  await page.keyboard.press('ArrowLeft');
  await until(page, () => document.querySelector('#tree-0[aria-expanded=false]'));
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#tree-0[aria-expanded=true]'));

  const all = await rows(page);
  for (const { row, level } of all) {
    const item = await page.$(`#tree-${row}`);
    assert.ok(Number(await item.getAttribute('aria-posinset')) <= Number(await item.getAttribute('aria-setsize')));
    assert.ok(level >= 1);
  }
  assert.equal(all.filter(({ selected }) => selected).length, 1);
  assert.deepEqual(page.complaints, []);
});

test('type-ahead finds labels, and the keys of the page still work', async () => {
  const page = await open('small.pkl', SMALL);
  await page.keyboard.press('Home');
  await activeIs(page, 0);
  if ((await active(page)).expanded !== 'true') await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#tree-0[aria-expanded=true]'));
  await page.keyboard.type('last');
  await until(page, () => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent.includes('last'));
  await page.waitForTimeout(800); // the word is over
  await page.focus('#go-to');
  await page.keyboard.type('0x2');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${byteIn('#hex', 2)}.hex-own`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));
});

test('the path is copied', async () => {
  const page = await open('small.pkl', SMALL);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('[data-path]');
  const path = await page.textContent('[data-path]');
  await page.keyboard.press('c');
  await until(page, () => document.querySelector('.notice-text')?.textContent.includes('copied'));
  assert.equal(await copiedText(page), path);
});

test('an opcode leads to its value and the value back to its opcodes', async () => {
  const page = await open('small.pkl', SMALL);
  await page.click('#tab-opcodes');
  const offset = SMALL.indexOf('hello') - 2;
  await page.click(`#opcodes [data-offset="${offset}"]`);
  await until(page, (offset) => document.querySelector(`#opcodes [data-offset="${offset}"][aria-selected=true]`), offset);
  await page.waitForSelector(`${byteIn('#hex', offset + 2)}.hex-own`);
  await page.waitForSelector('[data-doc=SHORT_BINUNICODE]');
  assert.match(await page.textContent('#inspector'), /hello/);
  await page.click('#tab-objects');
  await until(page, () => document.querySelector('#tree [aria-selected=true]')?.textContent.includes('hello'));

  await until(page, () => document.querySelectorAll('#tree [aria-level]').length > 1);
  await page.click('#tree [data-row="0"]');
  await until(page, () => document.querySelectorAll('[data-built]').length > 1);
  await unfold(page, 'opcodes');
  const built = await page.getAttribute('[data-built]', 'data-built');
  await page.click(`[data-built="${built}"]`);
  await page.click('#tab-opcodes');
  await page.waitForSelector(`#opcodes-${built}[aria-selected=true]`);
});

test('a byte leads to its value, back and forward return', async () => {
  const page = await open('small.pkl', SMALL);
  const offset = SMALL.indexOf('hello');
  await unfold(page, 'bytes');
  await page.click(byteIn('#hex', offset));
  await until(page, () => document.querySelector('#tree [aria-selected=true]')?.textContent.includes('hello'));
  // Not the place where the document opened: that settles into the address, too.
  const first = `#offset=${offset}`;
  await until(page, (first) => location.hash === first, first);
  const next = SMALL.indexOf('numbers');
  await page.click(byteIn('#hex', next));
  await until(page, (next) => location.hash === next, `#offset=${next}`);
  await page.goBack();
  await until(page, (first) => location.hash === first, first);
  await until(page, () => document.querySelector('#tree [aria-selected=true]')?.textContent.includes('hello'));
});

test('every part of the path leads to its row', async () => {
  const page = await open('small.pkl', SMALL);
  const parts = () => page.$$eval('.path-bar [data-way]', (parts) => parts.map((part) => part.textContent));
  assert.deepEqual(await parts(), ['obj']);
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  await until(page, () => document.querySelector('.path-bar [aria-current]')?.textContent === "['text']");
  assert.deepEqual(await parts(), ['obj', "['inner']", "['text']"]);
  await page.click('.path-bar [data-way] >> nth=1');
  await until(page, () => document.querySelector('#tree [aria-selected=true] .label')?.textContent === "'inner'"
    && document.querySelector('.path-bar [aria-current]')?.textContent === "['inner']");
  await page.focus('.path-bar [data-way]');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelectorAll('.path-bar [data-way]').length === 1);
  // What no row shows is named.
  await page.click('#tab-opcodes');
  await page.click('#opcodes [data-offset="0"]');
  await until(page, () => document.querySelector('.path-title')?.textContent === 'PROTO');
  assert.deepEqual(page.complaints, []);
});

test('the address names view and dialog, and whoever has the file comes to the same place', async () => {
  const page = await open('small.pkl', SMALL);
  const address = (words) => until(page, (words) => location.hash === words, words);
  await page.click('#tab-opcodes');
  const offset = SMALL.indexOf('hello') - 2;
  await page.click(`#opcodes [data-offset="${offset}"]`);
  await address(`#offset=${offset}&view=opcodes`);
  await page.click('#tab-python');
  await address(`#offset=${offset}&view=python`);
  await page.keyboard.press('?');
  await address(`#offset=${offset}&view=python&dialog=keys`);
  const link = await page.evaluate(() => location.hash);

  await page.goBack();
  await page.waitForSelector('#tab-opcodes[aria-selected=true]');
  assert.equal(await page.$('dialog[open]'), null);
  await page.goForward();
  await page.waitForSelector('#tab-python[aria-selected=true]');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await address(`#offset=${offset}&view=python`);

  const sent = link.replace('keys', 'imports');
  const other = await visit(world, { hash: sent });
  await other.waitForTimeout(600); // longer than a place takes to settle: it stays, as nothing is open yet
  await drop(other, 'small.pkl', SMALL);
  await other.waitForSelector('#tab-python[aria-selected=true]');
  await other.waitForSelector('dialog[open]');
  await until(other, (sent) => location.hash === sent, sent);
  // A place that is not in the file: its beginning is selected, and said to be.
  const short = await visit(world, { hash: '#offset=5588' });
  assert.match(await short.textContent('.drop-link'), /5588/);
  await drop(short, 'small.pkl', SMALL);
  await opened(short, 'small.pkl');
  await until(short, () => document.querySelector('.notice-text')?.textContent.includes('5588'));
  // A closed file takes its place along.
  await short.click('[data-act=close]');
  await short.waitForSelector('.drop-zone');
  await short.waitForTimeout(600); // longer than a place takes to settle
  assert.equal(await short.evaluate(() => location.hash), '');
  assert.equal(await short.$('.drop-link'), null);
  // A dialog without a file, and what no address should do.
  const empty = await visit(world, { hash: '#dialog=privacy' });
  await empty.waitForSelector('dialog[open]');
  await empty.keyboard.press('Escape');
  await until(empty, () => location.hash === '');
  for (const hash of ['#view=contents&dialog=imports', '#view=attic&dialog=menu']) {
    const page = await visit(world, { hash });
    assert.equal(await page.$('dialog[open]'), null);
    await drop(page, 'small.pkl', SMALL);
    await opened(page, 'small.pkl');
    await page.waitForSelector('#tab-objects[aria-selected=true]');
    assert.deepEqual(page.complaints, []);
  }
});

test('keys that come while the page is busy are not lost', async () => {
  const page = await open('numbers.pkl', numbers(50));
  // Both come before anything is drawn: as while a slow machine draws.
  const press = (selector, ...keys) => page.evaluate(([selector, keys]) => {
    const list = document.querySelector(selector);
    for (const key of keys) list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }, [selector, keys]);
  await press('#tree', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp');
  await until(page, () => document.querySelector('#tree [aria-selected=true]')?.dataset.row === '2');
  await page.click('#tab-opcodes');
  await press('#opcodes', 'Home', 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await until(page, () => document.querySelector('#opcodes [aria-selected=true]')?.dataset.opcode === '3');
  await press('[role=tablist]', 'ArrowRight', 'ArrowRight');
  await page.waitForSelector('#tab-audit[aria-selected=true]');
  await page.click('#tab-python');
  await page.waitForSelector('#python [data-line="3"]');
  await press('#python', 'Home', 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await until(page, () => document.querySelector('#python')?.getAttribute('aria-activedescendant') === 'python-3');
});

test('the bytes are walked by keyboard', async () => {
  const page = await open('small.pkl', SMALL);
  await unfold(page, 'bytes');
  await page.focus('#hex');
  for (const key of ['Home', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await until(page, () => document.querySelector('#hex')?.getAttribute('aria-activedescendant') === 'hex-byte-18');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${byteIn('#hex', 18)}:is(.hex-own, .hex-span)`);
});

test('the listing of 1,000,000 opcodes is scrolled to its end and back', async () => {
  const page = await open('numbers.pkl', numbers(1_000_000));
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-offset="0"]');
  const total = Number(await page.getAttribute('#opcodes', 'data-total'));
  assert.ok(total > 1_000_000);
  assert.ok(await page.$eval('#opcodes .list-spacer', (spacer) => spacer.offsetHeight) <= 8_000_100);
  await page.focus('#opcodes');
  await page.keyboard.press('End');
  await page.waitForSelector(`#opcodes-${total - 1}[aria-selected=true][data-name=STOP]`);
  const inSight = (selector) => page.$eval(selector, (row) => {
    const list = row.closest('.list').getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    return top >= list.top - 1 && bottom <= list.bottom + 1;
  });
  assert.ok(await inSight(`#opcodes-${total - 1}`));
  for (const part of [0.5, 0.123, 1, 0]) {
    await page.$eval('#opcodes', (list, part) => { list.scrollTop = (list.scrollHeight - list.clientHeight) * part; }, part);
    await until(page, ([part, total]) => {
      const list = document.getElementById('opcodes');
      const items = [...list.querySelectorAll('.list-rows [data-offset]')];
      const near = Math.abs(Number(list.dataset.first) / total - part) < 0.01;
      return near && items.length >= 10 && list.querySelectorAll('.list-rows :is(.pending, .op-pending)').length === 0;
    }, [part, total]);
  }
  await page.hover('#opcodes');
  await page.mouse.wheel(0, 240);
  await until(page, () => Number(document.getElementById('opcodes').dataset.first) > 0);
  assert.ok(Number(await page.getAttribute('#opcodes', 'data-first')) < 50, 'a notch of the wheel is a few rows');
  // The focused row is out of sight and still there for assistive technology.
  assert.ok(await page.$(`#opcodes-${total - 1}`));
});

test('a list of 1,000,000 items is opened and scrolled in the tree', async () => {
  const page = await open('numbers.pkl', numbers(1_000_000));
  await page.keyboard.press('Home');
  await activeIs(page, 0);
  if ((await active(page)).expanded === 'false') await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#tree-0[aria-expanded=true]'));
  await page.keyboard.press('ArrowRight');
  await activeIs(page, 1);
  await page.keyboard.press('*');
  // A thousand ranges are 1,001 rows; only with all of them open are there a million.
  await until(page, () => Number(document.getElementById('tree').dataset.total) > 1_000_000);
  const total = Number(await page.getAttribute('#tree', 'data-total'));
  for (const part of [1, 0.5, 0]) {
    await until(page, ([part, total]) => {
      const list = document.getElementById('tree');
      if (Math.abs(Number(list.dataset.first) / total - part) >= 0.05) {
        // The answer to the key may bring the selected row back into sight once more: whoever scrolls goes on.
        list.scrollTop = (list.scrollHeight - list.clientHeight) * part;
        return false;
      }
      return list.querySelectorAll('.list-rows [aria-level]').length >= 10
        && list.querySelectorAll('.list-rows :is(.pending, .op-pending)').length === 0;
    }, [part, total]);
  }
  await page.keyboard.press('End');
  await activeIs(page, total - 1);
});

test('each opened file is measured', async () => {
  const page = await open('small.pkl', SMALL);
  await until(page, () => performance.getEntriesByName('picklescope:first-rows').length === 1);
  for (const name of ['read', 'decode', 'first-rows']) {
    const [entry] = await page.evaluate((name) => performance.getEntriesByName(`picklescope:${name}`).map((e) => e.toJSON()), name);
    assert.ok(entry.duration >= 0 && entry.startTime > 0, name);
  }
  await drop(page, 'again.pkl', SMALL);
  await opened(page, 'again.pkl');
  await until(page, () => performance.getEntriesByName('picklescope:first-rows').length === 2);
});
