// Grids: sorting, filtering, digits, ranges of cells and what is copied of them; by keyboard and by mouse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { drop, opened, serious, start, until, visit } from './lib.mjs';
import { doubles, frame, ndarray, pickle } from './values.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, bytes, options) {
  const page = await visit(world, options);
  await drop(page, name, bytes);
  await opened(page, name);
  await page.waitForSelector('#cell-0-0-0:not(.grid-waits)');
  return page;
}

/** The texts of a column on the screen, from the first row on. */
const column = (page, number) => page.$$eval(`#grid-0 .grid-body [id^="cell-0-"][id$="-${number}"]`, (cells) => cells
  .map((cell) => [Number(cell.id.split('-')[2]), cell.textContent]).sort(([one], [other]) => one - other).map(([, text]) => text));
const columnIs = (page, number, texts) => until(page, ([number, texts]) => {
  const cells = [...document.querySelectorAll(`#grid-0 .grid-body [id^="cell-0-"][id$="-${number}"]`)];
  cells.sort((one, other) => one.id.split('-')[2] - other.id.split('-')[2]);
  return cells.map((cell) => cell.textContent).join() === texts;
}, [number, texts.join()]);
const rowHeads = (page) => page.$$eval('#grid-0 .grid-body .grid-row', (rows) => rows
  .sort((one, other) => one.ariaRowIndex - other.ariaRowIndex).map((row) => row.querySelector('[role=rowheader]').textContent));
const status = (page) => page.textContent('.grid-status');
const sorts = (page) => page.$$eval('#grid-0 [role=columnheader][aria-sort]', (heads) => heads.map((head) => head.getAttribute('aria-sort')));
/** What would be copied. */
const spy = () => { navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }; };

const people = () => frame(['weight', 'height'], [[2, 1, NaN, 2, 1 / 3], [10, 40, 30, 20, 50]]);

test('a column is sorted by its head, and by a key', async () => {
  const page = await open('people.pkl', people());
  assert.deepEqual(await sorts(page), ['none', 'none']);
  assert.equal(await page.$eval('.grid-filter select', (select) => select.value), 'any');
  await page.click('[data-sort="0"]');
  await columnIs(page, 1, ['50.0', '40.0', '10.0', '20.0', '30.0']);
  assert.deepEqual(await rowHeads(page), ['4', '1', '0', '3', '2'], 'rows keep their labels');
  assert.deepEqual(await sorts(page), ['ascending', 'none']);
  assert.equal(await status(page), 'Sorted by weight, ascending');
  await page.click('[data-sort="0"]');
  await columnIs(page, 1, ['10.0', '20.0', '40.0', '50.0', '30.0']);
  assert.deepEqual(await sorts(page), ['descending', 'none']);
  await page.focus('#grid-0');
  await page.keyboard.press('s');
  await columnIs(page, 1, ['10.0', '40.0', '30.0', '20.0', '50.0']);
  assert.deepEqual(await sorts(page), ['none', 'none']);
  assert.equal(await status(page), '');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('s');
  await columnIs(page, 1, ['10.0', '20.0', '30.0', '40.0', '50.0']);
  assert.deepEqual(await sorts(page), ['none', 'ascending']);
  assert.match(await page.$eval('#grid-0', (grid) => grid.getAttribute('aria-activedescendant')), /-0-1$/);
  await page.click('[data-act=unarrange]');
  await columnIs(page, 1, ['10.0', '40.0', '30.0', '20.0', '50.0']);
  assert.deepEqual(page.complaints, []);
});

test('rows are filtered by a condition, in an order as well', async () => {
  const page = await open('people.pkl', people());
  const filter = async (text) => {
    await page.fill('.grid-condition', text);
    await page.keyboard.press('Enter');
  };
  await page.selectOption('.grid-filter select', { label: 'height' });
  await filter('>= 30');
  await columnIs(page, 1, ['40.0', '30.0', '50.0']);
  assert.equal(await status(page), '3 of 5 rows');
  assert.equal(await page.getAttribute('#grid-0', 'aria-rowcount'), '4');
  await page.click('[data-sort="1"]');
  await columnIs(page, 1, ['30.0', '40.0', '50.0']);
  assert.equal(await status(page), '3 of 5 rows; sorted by height, ascending');
  await filter('> 90');
  await until(page, () => document.querySelector('.grid-status')?.textContent.startsWith('No row satisfies > 90'));
  assert.deepEqual(await column(page, 1), []);
  await filter('> much');
  await until(page, () => /^much is no number and no date; write a comparison/i.test(document.querySelector('.grid-failed')?.textContent));
  assert.equal(await page.getAttribute('.grid-condition', 'aria-invalid'), 'true');
  await page.selectOption('.grid-filter select', 'any');
  await filter('missing');
  await columnIs(page, 1, ['30.0']);
  await filter('');
  await columnIs(page, 1, ['10.0', '20.0', '30.0', '40.0', '50.0']);
  await page.click('[data-act=unarrange]');
  await columnIs(page, 1, ['10.0', '40.0', '30.0', '20.0', '50.0']);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('a large array is sorted in steps, and its last row is reached', async () => {
  const rows = 400_000;
  const page = await open('large.pkl', pickle(ndarray('f8', [rows], doubles(Array.from({ length: rows }, (_, at) => (at * 7919) % rows)))));
  await page.click('[data-sort="0"]');
  await until(page, () => document.querySelector('#cell-0-0-0')?.textContent === '0.0' && document.querySelector('#cell-0-1-0')?.textContent === '1.0');
  await page.focus('#grid-0');
  await page.keyboard.press('Control+End');
  await until(page, (last) => document.querySelector(`#cell-0-${last}-0`)?.textContent === `${last}.0`, rows - 1);
  await page.fill('.grid-condition', '399990..400000');
  await page.keyboard.press('Enter');
  await columnIs(page, 0, Array.from({ length: 10 }, (_, at) => `${399_990 + at}.0`));
  assert.equal(await status(page), '10 of 400,000 rows; sorted, ascending');
  assert.deepEqual(page.complaints, []);
});

test('floats have the digits of their column, and all of them on demand', async () => {
  const page = await open('digits.pkl', pickle(ndarray('f8', [3, 2], doubles([1 / 3, 1e-12, 12.5, 2e-12, 100, 3]))));
  const texts = await column(page, 0);
  assert.ok(new Set(texts.map((text) => text.split('.')[1].length)).size === 1, `${texts}`);
  assert.ok(texts.every((text) => text.length <= 9), `${texts}`);
  assert.equal(await page.getAttribute('#cell-0-0-0', 'title'), '0.3333333333333333');
  await page.focus('#grid-0');
  assert.equal(await page.textContent('[data-cell-text]'), '0.3333333333333333');
  const described = await page.getAttribute('#cell-0-0-0', 'aria-describedby');
  assert.equal(await page.textContent(`#${described}`), '0.3333333333333333');
  await page.evaluate(spy);
  await page.keyboard.press('Control+c');
  await until(page, () => window.copied === '0.3333333333333333');
  assert.deepEqual(page.complaints, []);
});

test('a range of cells is chosen and copied as tabs, Python and Markdown', async () => {
  const page = await open('people.pkl', people());
  await page.evaluate(spy);
  await page.focus('#grid-0');
  for (const key of ['ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight']) await page.keyboard.press(key);
  await until(page, () => document.querySelectorAll('#grid-0 .grid-chosen[aria-selected=true]').length === 6);
  assert.match(await page.textContent('.cell-bar'), /3 × 2 cells/);
  await page.keyboard.press('Control+c');
  await until(page, () => window.copied === '1.0\t40.0\nnan\t30.0\n2.0\t20.0');
  await page.click('[data-copy=Python]');
  await until(page, () => window.copied === "[[1.0, 40.0],\n [float('nan'), 30.0],\n [2.0, 20.0]]");
  await page.click('[data-copy=Markdown]');
  await until(page, () => window.copied.startsWith('|  | weight | height |\n| --- | ---: | ---: |\n| 1 | 1.0 | 40.0 |\n'));
  await page.focus('#grid-0');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('.grid-chosen'));
  assert.equal(await page.textContent('[data-copy=cell]'), 'Copy cell');

  // By the mouse: a drag, and a click with Shift.
  const middle = async (id) => { const box = await (await page.$(id)).boundingBox(); return [box.x + box.width / 2, box.y + box.height / 2]; };
  await page.mouse.move(...await middle('#cell-0-0-0'));
  await page.mouse.down();
  await page.mouse.move(...await middle('#cell-0-2-1'), { steps: 4 });
  await page.mouse.up();
  await until(page, () => document.querySelectorAll('#grid-0 .grid-chosen').length === 6);
  await page.click('#cell-0-4-0');
  await until(page, () => !document.querySelector('.grid-chosen'));
  await page.click('#cell-0-3-1', { modifiers: ['Shift'] });
  await until(page, () => document.querySelectorAll('#grid-0 .grid-chosen').length === 4);
  // In another order it is the cells that are seen.
  await page.click('[data-sort="1"]');
  await until(page, () => document.querySelector('#cell-0-1-1')?.textContent === '20.0');
  await page.focus('#grid-0');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+c');
  await until(page, () => window.copied === '2.0\n2.0');
  assert.deepEqual(page.complaints, []);
});

test('a grid on a narrow page stays in it', async () => {
  const page = await open('people.pkl', people(), { viewport: { width: 320, height: 700 } });
  const top = () => page.$eval('#grid-0', (grid) => grid.offsetTop);
  const before = await top();
  await page.click('[data-sort="0"]');
  await until(page, () => document.querySelector('.grid-status')?.textContent === 'Sorted by weight, ascending');
  assert.equal(await top(), before, 'the head stays under the pointer');
  await page.fill('.grid-condition', '> 1');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('.grid-status')?.textContent.startsWith('5 of 5 rows'));
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(width <= 0, `${width} pixels too wide`);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('what is chosen is told apart in forced colours', async () => {
  const page = await open('people.pkl', people(), { forcedColors: 'active', colorScheme: 'dark' });
  await page.focus('#grid-0');
  await page.keyboard.press('Shift+ArrowDown');
  await until(page, () => document.querySelectorAll('.grid-chosen').length === 2);
  const looks = (cell) => page.$eval(cell, (cell) => [getComputedStyle(cell).backgroundColor, getComputedStyle(cell).color].join());
  assert.notEqual(await looks('#cell-0-0-0'), await looks('#cell-0-0-1'));
  assert.deepEqual(page.complaints, []);
});
