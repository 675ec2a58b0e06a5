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
  await until(page, () => /^much is neither a number nor a date; write a comparison/i.test(document.querySelector('.grid-failed')?.textContent));
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

/** A frame of many columns, column_0 and so on, in which a cell is 100 times its column, plus its row. */
const wide = (columns, rows = 5) => frame(Array.from({ length: columns }, (_, at) => `column_${at}`),
  Array.from({ length: columns }, (_, at) => Array.from({ length: rows }, (_, row) => 100 * at + row)));
const width = (page, column) => page.$eval(`[data-edge="${column}"]`, (edge) => edge.parentElement.getBoundingClientRect().width);
const widthIs = (page, column, wanted) => until(page, ([column, wanted]) => {
  const edge = document.querySelector(`[data-edge="${column}"]`);
  return edge && Math.abs(edge.parentElement.getBoundingClientRect().width - wanted) < 3;
}, [column, wanted]);
const boxOf = async (page, selector) => (await page.$(selector)).boundingBox();

test('a column is resized by its edge, by keys and by buttons', async () => {
  const page = await open('people.pkl', people());
  const measured = await width(page, 0);
  const edge = await boxOf(page, '[data-edge="0"]');
  assert.ok(edge.width >= 8, `${edge.width}`);
  const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 80, y, { steps: 4 });
  await widthIs(page, 0, measured + 80);
  await page.mouse.up();
  assert.deepEqual(await sorts(page), ['none', 'none'], 'the click that ends a drag sorts nothing');
  assert.equal((await boxOf(page, '#cell-0-0-0')).width, await width(page, 0));

  // No narrower than four characters, however far it is dragged.
  const again = await boxOf(page, '[data-edge="0"]');
  await page.mouse.move(again.x + 4, y);
  await page.mouse.down();
  await page.mouse.move(again.x - 900, y, { steps: 4 });
  await until(page, (before) => document.querySelector('#cell-0-0-0').getBoundingClientRect().width < before, measured);
  await page.mouse.up();
  assert.ok(await width(page, 0) > 30);
  await page.dblclick('[data-edge="0"]');
  await widthIs(page, 0, measured);
  assert.deepEqual(await sorts(page), ['none', 'none']);

  await page.focus('#grid-0');
  await page.keyboard.press('+');
  await until(page, (before) => document.querySelector('#cell-0-0-0').getBoundingClientRect().width > before + 8, measured);
  await page.keyboard.press('-');
  await widthIs(page, 0, measured);
  await page.keyboard.press('ArrowRight');
  const other = await width(page, 1);
  await page.click('[data-act=wider]');
  await until(page, (before) => document.querySelector('#cell-0-0-1').getBoundingClientRect().width > before + 8, other);
  assert.equal(await width(page, 0), measured);
  await page.focus('#grid-0');
  await page.keyboard.press('0');
  await widthIs(page, 1, other);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('the edge of a column is wide enough for a finger', async () => {
  const page = await open('people.pkl', people(), { viewport: { width: 400, height: 800 }, hasTouch: true, isMobile: true });
  assert.ok((await boxOf(page, '[data-edge="0"]')).width >= 24);
  const buttons = await page.$$eval('.column-tools button', (all) => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight)));
  assert.ok(buttons.length >= 3 && buttons.every((size) => size >= 24), `${buttons}`);
  assert.deepEqual(page.complaints, []);
});

test('a column of very many is resized where it stands, and those behind it move', async () => {
  const page = await open('wide.pkl', wide(600));
  await page.focus('#grid-0');
  await page.keyboard.press('End');
  await page.waitForSelector('#cell-0-0-599:not(.grid-waits)');
  const before = await width(page, 599);
  for (let at = 0; at < 3; at += 1) await page.keyboard.press('+');
  await until(page, (before) => document.querySelector('#cell-0-0-599').getBoundingClientRect().width > before + 30, before);
  assert.equal(await page.textContent('#cell-0-1-599'), '59901.0');
  assert.deepEqual(page.complaints, []);
});

test('columns are frozen up to the cursor, and chosen, copied and found like all others', async () => {
  const page = await open('wide.pkl', wide(60));
  await page.evaluate(spy);
  const frozen = () => page.textContent('.frozen-words');
  await page.focus('#grid-0');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('f');
  await until(page, () => document.querySelector('.frozen-words')?.textContent === '2 columns frozen');
  const place = await boxOf(page, '#cell-0-0-1');
  await page.keyboard.press('End');
  await page.waitForSelector('#cell-0-0-59:not(.grid-waits)');
  assert.deepEqual(await boxOf(page, '#cell-0-0-1'), place, 'it stands still');
  const last = await boxOf(page, '#cell-0-0-59');
  const grid = await boxOf(page, '#grid-0');
  assert.ok(last.x + last.width <= grid.x + grid.width + 1);
  assert.equal(await page.getAttribute('#cell-0-0-59', 'aria-colindex'), '61');
  assert.deepEqual(await page.$$eval('#grid-0 .grid-frozen [role=columnheader]', (heads) => heads.map((head) => head.getAttribute('aria-colindex'))), ['2', '3']);
  // Beside the frozen columns the others begin: nothing lies over them.
  const first = await page.$$eval('#grid-0 .grid-header .grid-clip [role=columnheader]', (heads) => Number(heads[0].getAttribute('aria-colindex')) - 2);
  assert.ok(first > 1 && first < 59, `${first}`);

  // A range over frozen and scrolled columns.
  await page.click('#cell-0-1-59');
  await page.click('#cell-0-2-1', { modifiers: ['Shift'] });
  await page.keyboard.press('Control+c');
  await until(page, () => window.copied?.split('\n').length === 2);
  const copied = (await page.evaluate(() => window.copied)).split('\n').map((line) => line.split('\t'));
  assert.deepEqual([copied[0].length, copied[0][0], copied[1].at(-1)], [59, '101.0', '5902.0']);
  assert.equal(await page.$$eval('#grid-0 .grid-frozen .grid-chosen', (cells) => cells.length), 2);

  // The cursor goes on into the columns that scroll, the first of which comes into sight.
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.activeElement.getAttribute('aria-activedescendant') === 'cell-0-2-2'
    && document.querySelector('.grid-clip #cell-0-2-2')?.getBoundingClientRect().left >= document.querySelector('#cell-0-2-1').getBoundingClientRect().right - 1);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('f');
  await until(page, () => !document.querySelector('.grid-frozen'));
  assert.equal(await frozen(), '');

  // By the mouse, and no more than leaves room for others.
  await page.focus('#grid-0');
  await page.keyboard.press('End');
  await page.click('[data-act=freeze]');
  await until(page, () => /^\d+ of 60 columns frozen: no room for more$/.test(document.querySelector('.frozen-words')?.textContent));
  const shares = await page.$eval('#grid-0', (grid) => grid.querySelector('.grid-frozen').getBoundingClientRect().width / grid.clientWidth);
  assert.ok(shares <= 0.6, `${shares}`);
  await page.click('[data-act=unfreeze]');
  await until(page, () => !document.querySelector('.grid-frozen'));
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('hits of the find bar are marked in frozen columns and in those that scroll', async () => {
  const page = await open('wide.pkl', wide(60));
  await page.focus('#grid-0');
  await page.keyboard.press('f');
  await page.keyboard.press('End');
  await page.waitForSelector('#cell-0-0-59:not(.grid-waits)');
  await page.keyboard.press('/');
  await page.fill('#find', '== 3');
  await page.waitForSelector('.grid-frozen #cell-0-3-0.cell-hit');
  await page.fill('#find', '== 5903');
  await page.waitForSelector('.grid-clip #cell-0-3-59.cell-hit');
  assert.deepEqual(page.complaints, []);
});

test('a column of very many is found by its name', async () => {
  const page = await open('wide.pkl', wide(10_000, 2));
  const finder = '.column-finder [aria-label="Find a column by its name"]';
  const words = (wanted) => until(page, (wanted) => document.querySelector('.column-finder-words')?.textContent === wanted, wanted);
  const cursorIn = (column) => until(page, (column) => document.querySelector('#grid-0').getAttribute('aria-activedescendant') === `cell-0-0-${column}`
    && document.querySelector(`.grid-body [id="cell-0-0-${column}"]:not(.grid-waits)`), column);
  await page.fill(finder, 'COLUMN_999');
  await words('11 columns');
  await page.keyboard.press('Enter');
  await cursorIn(999);
  await words('1 of 11 columns');
  await page.keyboard.press('Enter');
  await cursorIn(9990);
  await words('2 of 11 columns');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await cursorIn(9999);
  await words('11 of 11 columns');
  // Enter does not have to wait for what is found.
  await page.fill(finder, '_9876');
  await page.keyboard.press('Enter');
  await cursorIn(9876);
  await words('1 of 1 column');
  await page.fill(finder, 'nothing');
  await words('No column has this in its name.');
  await page.keyboard.press('Enter');
  await cursorIn(9876);
  await page.fill(finder, '');
  await words('');

  const list = '.card-columns [aria-label="Filter the columns by name"]';
  await page.fill(list, 'COLUMN_49');
  await until(page, () => document.querySelectorAll('.columns [data-column]').length === 11);
  assert.equal(await page.textContent('.card-columns .column-finder-words'), '11 of 500 columns');
  // Columns in the same place as others before are gone over, too.
  for (const [text, name] of [['column_49', 'column_49'], ['column_48', 'column_48']]) {
    await page.fill(list, text);
    await until(page, (name) => document.querySelector('.columns [data-column="0"][data-complete=true] .column-name')?.textContent === name, name);
  }
  await page.fill(list, 'column_49');
  await until(page, () => document.querySelector('.columns [data-column="2"] .column-name')?.textContent === 'column_491');
  await page.click('.columns [data-column="2"] .column-dtype');
  await page.waitForSelector('.column-details h4');
  assert.match(await page.textContent('.column-details h4'), /^column_491 /);
  await page.fill(list, 'nothing');
  await until(page, () => document.querySelectorAll('.columns [data-column]').length === 0);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('a table of few columns has no box to find one', async () => {
  const page = await open('people.pkl', people());
  assert.equal(await page.$('.column-finder'), null);
  assert.deepEqual(page.complaints, []);
});

test('the heads of a table show how values spread, and of an array nothing', async () => {
  const page = await open('wide.pkl', wide(60, 40));
  const heads = '#grid-0 .grid-header .grid-column-head';
  const height = () => page.$eval('#grid-0 .grid-header', (header) => header.getBoundingClientRect().height);
  const before = await height();
  await until(page, (heads) => document.querySelectorAll(`${heads} .sparkline`).length === document.querySelectorAll(heads).length, heads);
  assert.equal(await height(), before, 'nothing moves when a histogram comes');
  assert.match(await page.getAttribute(heads, 'title'), /0\.0 … 39\.0/);
  assert.equal(await page.getAttribute(`${heads} .grid-statistics`, 'aria-hidden'), 'true');
  // Those that come into sight are asked for then.
  await page.focus('#grid-0');
  await page.keyboard.press('End');
  await page.waitForSelector('[data-sort="59"] .sparkline');
  await drop(page, 'array.pkl', pickle(ndarray('f8', [3, 2], doubles([1, 2, 3, 4, 5, 6]))));
  await opened(page, 'array.pkl');
  await page.waitForSelector('#cell-0-0-0:not(.grid-waits)');
  assert.equal(await page.$('.grid-statistics'), null);
  assert.deepEqual(page.complaints, []);
});
