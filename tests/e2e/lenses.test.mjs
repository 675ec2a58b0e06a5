// What lenses show: cards with grids, statistics, diagrams, trees and outlines; the source; what wrote the file; saving.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { copiedText, drop, dropFixture, fixture, opened, selectRow, serious, start, until, visit } from './lib.mjs';
import { doubles, forest, frame, ndarray, pickle } from './values.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, bytes, options) {
  const page = await visit(world, options);
  await drop(page, name, bytes);
  await opened(page, name);
  return page;
}

/** Waits for the card of the selection, of a kind. */
const card = (page, kind) => page.waitForSelector(kind ? `.card-body[data-card="${kind}"]` : '.card-body');

/** The cell that has the keyboard, as a screen reader finds it. Its id says its row and column. */
const cell = (page, grid = 0) => page.$eval(`#grid-${grid}`, (grid) => {
  const cell = document.getElementById(grid.getAttribute('aria-activedescendant'));
  const row = cell.closest('[role=row]');
  return { place: cell.id.split('-').slice(2).join(' '), text: cell.textContent, row: Number(row.getAttribute('aria-rowindex')), column: Number(cell.getAttribute('aria-colindex')) };
});
const cellIs = (page, place, text) => until(page, ([place, text]) => {
  const cell = document.getElementById(document.querySelector('#grid-0').getAttribute('aria-activedescendant'));
  return cell?.id.endsWith(`-${place.replace(' ', '-')}`) && cell.textContent === text;
}, [place, text]);

const inSight = (page, selector) => page.$eval(selector, (cell) => {
  const grid = cell.closest('.grid').getBoundingClientRect();
  const { top, bottom, left, right } = cell.getBoundingClientRect();
  return top >= grid.top - 1 && bottom <= grid.bottom + 1 && left >= grid.left - 1 && right <= grid.right + 1;
});

test('an array has a card: facts, a grid walked by keyboard, statistics, and the raw value behind', async () => {
  const [rows, columns] = [3000, 40];
  const page = await open('array.pkl', pickle(ndarray('f8', [rows, columns], doubles(Array.from({ length: rows * columns }, (_, i) => i / 2)))));
  await card(page, 'ndarray');
  const facts = await page.$$eval('.inspector-head .facts > div', (facts) => Object.fromEntries(facts.map((fact) => [fact.children[0].textContent, fact.children[1].textContent])));
  assert.match(facts.shape, /^\(3000, 40\)/);
  assert.match(facts.dtype, /float64/);
  const grid = await page.waitForSelector('#grid-0');
  assert.deepEqual([await grid.getAttribute('aria-rowcount'), await grid.getAttribute('aria-colcount')], ['3001', '41']);
  await grid.focus();
  await cellIs(page, '0 0', '0.0');
  assert.deepEqual(await cell(page), { place: '0 0', text: '0.0', row: 2, column: 2 });
  for (const [key, place, text] of [
    ['ArrowRight', '0 1', '0.5'], ['ArrowDown', '1 1', '20.5'], ['End', '1 39', '39.5'], ['Home', '1 0', '20.0'],
    ['Control+End', '2999 39', String((rows * columns - 1) / 2)], ['ArrowDown', '2999 39', String((rows * columns - 1) / 2)],
    ['PageUp', null, null], ['Control+Home', '0 0', '0.0'], ['Control+ArrowDown', '2999 0', '59980.0'], ['Control+ArrowRight', '2999 39', '59999.5'],
  ]) {
    await page.keyboard.press(key);
    if (place) await cellIs(page, place, text);
    else assert.notEqual((await cell(page)).place, '2999 39');
  }
  assert.ok(await inSight(page, '#cell-0-2999-39'));
  assert.equal(await page.textContent('[data-cell-text]'), '59999.5');
  // The cell with the keyboard stays for assistive technology when it is scrolled out of sight.
  await page.$eval('#grid-0', (grid) => { grid.scrollTop = 0; grid.scrollLeft = 0; });
  await until(page, () => document.querySelector('#grid-0')?.dataset.firstRow === '0');
  assert.equal((await cell(page)).place, '2999 39');

  await until(page, () => document.querySelector('.statistics')?.dataset.complete === 'true');
  assert.match(await page.textContent('.statistics'), /mean\s*29999\.75/);
  await page.focus('.histogram-bars');
  await page.keyboard.press('Home');
  await until(page, () => /^0\.0 to .*: [\d,]+ values$/.test(document.querySelector('.histogram-words')?.textContent));
  assert.equal(await page.$eval('.histogram-bars', (bars) => document.getElementById(bars.getAttribute('aria-activedescendant')).getAttribute('aria-label')),
    await page.textContent('.histogram-words'));

  assert.equal(await page.$eval('.value.folded', (value) => value.open), false);
  await page.click('.jump:text-is("Raw value")');
  assert.match(await page.textContent('.value-text'), /^\s*\[\[0\.0, 0\.5, 1\.0,/);
  assert.ok(await page.isVisible('.value-text'));
  assert.ok(await page.$('#hex') && await page.$('[data-built]'), 'opcodes and bytes are there as ever');
  assert.deepEqual(page.complaints, []);
});

test('bars too low to be seen beside the highest are compared on a logarithmic scale', async () => {
  const page = await open('skewed.pkl', pickle(ndarray('f8', [5000], doubles(Array.from({ length: 5000 }, (_, i) => (i < 4990 ? i / 4990 : i))))));
  await until(page, () => document.querySelector('.statistics')?.dataset.complete === 'true');
  const last = () => page.$$eval('.histogram-bar', (bars) => Number(bars.at(-1).getAttribute('height')));
  const before = await last();
  await page.click('.histogram .plot-scale');
  await until(page, (before) => Number([...document.querySelectorAll('.histogram-bar')].at(-1).getAttribute('height')) > before * 5, before);
  await page.click('.histogram .plot-scale');
  assert.equal(await last(), before);
  await drop(page, 'even.pkl', pickle(ndarray('f8', [5000], doubles(Array.from({ length: 5000 }, (_, i) => i)))));
  await opened(page, 'even.pkl');
  await until(page, () => document.querySelector('.statistics')?.dataset.complete === 'true');
  assert.ok(await page.isHidden('.histogram .plot-scale'));
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('very many values are gone over when asked to', async () => {
  const page = await open('many.pkl', pickle(ndarray('u1', [9_000_000], Buffer.alloc(9_000_000, 3))));
  await page.waitForSelector('[data-act=go-over-all]');
  await page.waitForTimeout(300);
  assert.equal(await page.getAttribute('.statistics', 'data-complete'), 'false', 'it waits for a word');
  await page.click('[data-act=go-over-all]');
  await until(page, () => document.querySelector('.statistics')?.dataset.complete === 'true');
  assert.match(await page.textContent('.statistics'), /count\s*9,000,000/);
});

test('a grid of 100,000 columns and millions of rows reaches its last cell', async () => {
  // 0-strided storage does not exist in pickles: a wide and a long array instead.
  for (const [shape, last] of [[[3, 100_000], [2, 99_999]], [[2_000_000, 1], [1_999_999, 0]]]) {
    const page = await open('large.pkl', pickle(ndarray('u1', shape, Buffer.alloc(shape[0] * shape[1], 7))));
    await page.waitForSelector('#cell-0-0-0:text-is("7")');
    const size = await page.$eval('.grid-spacer', (spacer) => [spacer.offsetWidth, spacer.offsetHeight]);
    assert.ok(Math.max(...size) <= 8_000_500, `${size}`);
    await page.focus('#grid-0');
    await page.keyboard.press('Control+End');
    await cellIs(page, last.join(' '), '7');
    assert.ok(await inSight(page, `#cell-0-${last.join('-')}`));
    assert.ok(await page.$$eval('#grid-0 [role=gridcell]', (cells) => cells.length) < 2000);
    // A place in the middle by the scroll bar, a few rows by the wheel.
    await page.$eval('#grid-0', (grid) => { grid.scrollTop = grid.scrollHeight / 2; grid.scrollLeft = grid.scrollWidth / 2; });
    await until(page, ([rows, columns]) => {
      const { firstRow, firstColumn } = document.querySelector('#grid-0').dataset;
      const part = rows > columns ? firstRow / rows : firstColumn / columns;
      return Math.abs(part - 0.5) < 0.02 && !document.querySelector('.grid-waits');
    }, shape);
    await page.context().close();
  }
});

test('the slicer of an array of three dimensions', async () => {
  const page = await open('cube.pkl', pickle(ndarray('f8', [3, 4, 5], doubles(Array.from({ length: 60 }, (_, i) => i)))));
  await page.waitForSelector('#cell-0-0-0:text-is("0.0")');
  await page.fill('#slice-0-0', '2');
  await page.waitForSelector('#cell-0-0-0:text-is("40.0")');
  await page.fill('#slice-0-0', '99');
  await until(page, () => document.querySelector('#slice-0-0')?.value === '2', undefined);
  await page.$eval('.card-grid .slice input[type=range]', (slider) => { slider.value = '1'; slider.dispatchEvent(new InputEvent('input', { bubbles: true })); });
  await page.waitForSelector('#cell-0-3-4:text-is("39.0")');
  assert.equal(await page.$eval('#slice-0-0', (input) => input.labels[0].textContent), await page.textContent('.card-grid .slice-name'));

  // The same numbers as colours: from the dark end of the scale to the light one, with words for those who do not see it.
  await page.waitForSelector('canvas[data-drawn="5x4"][aria-label="heat map of 4 x 5 values"]');
  const light = await page.$eval('.picture canvas', (canvas) => [...canvas.getContext('2d').getImageData(0, 0, 5, 4).data]
    .reduce((sums, value, at) => { if (at % 4 < 3) sums[at >> 2] = (sums[at >> 2] ?? 0) + value; return sums; }, []));
  assert.ok(light.length === 20 && light[0] < light[10] && light[10] < light[19], `${light}`);
  assert.deepEqual(await page.$$eval('.picture-scale > span', (ends) => ends.map((end) => end.textContent).filter(Boolean)), ['0', '19']);
});

test('a DataFrame is a table; its columns are gone over one after the other', async () => {
  const page = await open('frame.pkl', frame(['weight', 'height'], [[1, 2, 3, 4], [10, NaN, 30, 30]]));
  await card(page, 'DataFrame');
  await page.waitForSelector('#cell-0-3-1:text-is("30.0")');
  assert.deepEqual(await page.$$eval('#grid-0 [role=columnheader] .grid-name', (heads) => heads.map((head) => head.textContent)), ['weight', 'height']);
  assert.ok(await page.$('#cell-0-1-1.cell-missing'), 'a missing value is told apart');
  await until(page, () => document.querySelectorAll('[data-column][data-complete=true]').length === 2);
  assert.equal(await page.textContent('[data-column="1"] .column-missing'), '1');
  await page.focus('#columns-1, [id^=columns-]');
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  await until(page, () => document.querySelector('.column-details .statistics')?.dataset.complete === 'true');
  assert.match(await page.textContent('.column-details'), /height.*max\s*30\.0/s);
  assert.deepEqual(page.complaints, []);
});

test('a pipeline is a diagram whose boxes select', async () => {
  const page = await visit(world);
  await dropFixture(page, 'real/sklearn-1.9/pipeline.p5.pkl');
  await card(page, 'estimator');
  const titles = await page.$$eval('.block-title', (titles) => titles.map((title) => title.textContent));
  assert.deepEqual(titles, ['Pipeline', 'StandardScaler', 'LogisticRegression']);
  await page.focus('[data-block="2"]');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#inspector h2')?.textContent.includes('LogisticRegression'));
  await until(page, () => document.querySelector('#tree [aria-selected=true]')?.textContent.includes('LogisticRegression'));
  await page.waitForSelector('.entries');
  assert.deepEqual(page.complaints, []);
});

test('a forest is drawn tree by tree, and down into what is hidden', async () => {
  const page = await open('forest.pkl', forest(12, 6));
  await card(page, 'estimator');
  await page.waitForSelector('[data-tree-node="0"]');
  assert.match(await page.textContent('.trees-title'), /1 of 12/);
  await page.fill('#tree-number-0', '12');
  await until(page, () => document.querySelector('.trees-title')?.textContent.includes('12 of 12'));
  assert.match(await page.$eval('[data-tree-node="0"]', (node) => node.querySelector('title').textContent), /<= 11\.0/);
  const nodes = await page.$$eval('[data-tree-node]', (nodes) => nodes.length);
  assert.ok(nodes >= 7 && nodes < 40, `${nodes}`);

  // Down the tree by keyboard, to a node with nodes below that are not drawn.
  await page.focus('.decision-tree');
  const active = () => page.$eval('.decision-tree', (tree) => tree.getAttribute('aria-activedescendant'));
  await page.keyboard.press('ArrowDown');
  await until(page, () => document.querySelector('.decision-tree')?.getAttribute('aria-activedescendant') !== 'decision-0');
  for (let level = 0; level < 4; level += 1) await page.keyboard.press('ArrowDown');
  const deep = await active();
  const before = await page.textContent(`#${deep} title`);
  assert.match(before, /not drawn/);
  await page.keyboard.press('Enter');
  await until(page, () => !document.querySelector('[data-act=tree-up]')?.disabled && document.querySelector('#decision-0'));
  await until(page, (label) => label.includes(document.querySelector('#decision-0 .tree-title')?.textContent.split('<=')[0]), before);
  await page.click('[data-act=tree-up]');
  await until(page, () => document.querySelector('[data-act=tree-up]')?.disabled);

  const width = () => page.$eval('.decision-tree', (tree) => tree.getBoundingClientRect().width);
  const wide = await width();
  await page.focus('.decision-tree');
  await page.keyboard.press('+');
  await until(page, (wide) => document.querySelector('.decision-tree')?.getBoundingClientRect().width > wide, wide);
  await page.click('.tree-list summary');
  assert.equal(await page.$$eval('.tree-words li', (items) => items.length), nodes, 'the list says the same');
  assert.deepEqual(page.complaints, []);
});

test('a state dict is an outline of layers', async () => {
  const page = await visit(world);
  await dropFixture(page, 'torch/torch-2.6/resnet.state.pt');
  await card(page, 'state dict');
  const outline = await page.waitForSelector('[role=treegrid]');
  const first = await page.waitForSelector('[data-outline="0"][aria-expanded=true]');
  assert.equal(await first.getAttribute('aria-level'), '1');
  await outline.focus();
  const rows = Number(await outline.getAttribute('aria-rowcount'));
  await page.keyboard.press('ArrowLeft');
  await until(page, (rows) => Number(document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount')) < rows, rows);
  await page.keyboard.press('ArrowRight');
  await until(page, (rows) => Number(document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount')) === rows, rows);
  await until(page, () => location.hash !== ''); // where one stays becomes a place to come back to
  const place = await page.evaluate(() => location.hash);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('.inspector-title')?.textContent === "'conv1.weight'");
  await page.waitForSelector('#cell-0-0-0[aria-selected]');
  await until(page, (place) => location.hash !== place, place);
  await page.goBack();
  await card(page, 'state dict');
  assert.deepEqual(page.complaints, []);
});

test('the source selects, and is found from a selection', async () => {
  const page = await visit(world);
  await page.click('[data-sample="hostile-demo.pkl"]');
  await opened(page, 'hostile-demo.pkl');
  await page.click('#tab-python');
  await page.waitForSelector('#python [data-line="0"]');
  // The import is marked, and the call.
  await until(page, () => document.querySelectorAll('#python .row-marked [data-mark=danger] svg').length === 2);
  const line = await page.$$eval('#python .row-marked', (lines) => lines.at(-1).dataset.line);
  await page.click(`#python [data-line="${line}"] .line-text`);
  await page.waitForSelector(`#python [data-line="${line}"][aria-selected=true]`);
  const node = await page.getAttribute(`#python [data-line="${line}"]`, 'data-node');
  await until(page, (node) => document.querySelector('#inspector')?.dataset.node === node, node);
  await page.click('#tab-objects');
  await until(page, () => document.querySelector('#tree [aria-selected=true] [data-mark=danger]'));

  await page.click('#tree [data-row="0"]');
  await until(page, (node) => document.querySelector('#inspector')?.dataset.node !== node, node);
  await page.click('#tab-python');
  await until(page, () => {
    const line = document.getElementById(document.querySelector('#python')?.getAttribute('aria-activedescendant'));
    return line && line.dataset.node === document.querySelector('#inspector').dataset.node;
  });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.click('.python-bar .button');
  await until(page, () => document.querySelector('.notice-text')?.textContent.includes('copied'));
  const lines = Number(await page.getAttribute('#python', 'data-total'));
  assert.equal((await copiedText(page)).trimEnd().split('\n').length, lines);
  assert.deepEqual(page.complaints, []);
});

/** Saves the selection, or the document, in a format; the bytes that were downloaded. */
async function save(page, act, format) {
  await page.click(`[data-act=${act}]`);
  const download = page.waitForEvent('download');
  await page.click(`[data-format=${format}]`);
  const file = await download;
  await page.waitForSelector('[data-saving=done]');
  assert.equal(await page.getAttribute('[data-saved]', 'data-saved'), file.suggestedFilename());
  const bytes = await readFile(await file.path());
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));
  return { name: file.suggestedFilename(), bytes };
}

test('files are saved without a request', async () => {
  const values = Array.from({ length: 200_000 }, (_, i) => i / 4);
  const page = await open('numbers.pkl', pickle(ndarray('f8', [1000, 200], doubles(values))));
  await card(page, 'ndarray');
  await page.waitForLoadState('networkidle');
  const served = world.server.requests.length;
  const requests = [];
  page.context().on('request', (request) => { if (!request.url().startsWith('blob:')) requests.push(request.url()); });

  const npy = await save(page, 'save-as', 'Npy');
  assert.match(npy.name, /\.npy$/);
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000, 200), }";
  const padded = header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11) + '\n';
  const expected = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from(Uint16Array.of(padded.length).buffer), Buffer.from(padded), doubles(values)]);
  assert.ok(npy.bytes.equals(expected), 'as numpy.save writes it');

  const raw = await save(page, 'export', 'Raw');
  assert.ok(raw.bytes.equals(pickle(ndarray('f8', [1000, 200], doubles(values)))), 'the file itself');
  const json = JSON.parse((await save(page, 'save-as', 'PlainJson')).bytes.toString());
  assert.deepEqual([json.length, json[0].length, json[999][199]], [1000, 200, 199_999 / 4]);
  assert.deepEqual([world.server.requests.slice(served), requests.filter((url) => !url.startsWith('data:')), page.complaints], [[], [], []]);
});

test('an array is saved by one click, and the whole file offers what its only value is made for', async () => {
  const page = await open('numbers.pkl', pickle(ndarray('f8', [2, 2], doubles([1, 2, 3, 4]))));
  await card(page, 'ndarray');
  const download = page.waitForEvent('download');
  assert.equal(await page.textContent('[data-act=save]'), 'Save .npy');
  await page.click('[data-act=save]');
  const saved = await readFile(await (await download).path());
  await page.waitForSelector('[data-saving=done]');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));
  assert.ok((await save(page, 'export', 'Npy')).bytes.equals(saved), 'the same file');
  assert.deepEqual(page.complaints, []);
});

test('a table is saved as CSV', async () => {
  const page = await open('frame.pkl', frame(['weight', 'a, "b"'], [[1, 2.5], [10, NaN]]));
  await card(page, 'DataFrame');
  const csv = await save(page, 'save-as', 'Csv');
  assert.equal(csv.bytes.toString(), ',weight,"a, ""b"""\n0,1.0,10.0\n1,2.5,\n');
});

test('saving can be cancelled', async () => {
  const page = await open('numbers.pkl', pickle(ndarray('f8', [4_000_000], Buffer.alloc(32_000_000))));
  await card(page, 'ndarray');
  await page.click('[data-act=save-as]');
  await page.waitForSelector('[data-format=PlainJson]');
  let downloads = 0;
  page.on('download', () => { downloads += 1; });
  await page.click('[data-format=PlainJson]');
  await page.click('[data-act=cancel-export]');
  await page.waitForSelector('[data-saving=choosing]');
  await page.click('[data-format=Npy]');
  await page.waitForSelector('[data-saving=done]');
  await page.waitForTimeout(300);
  assert.equal(downloads, 1, 'only what was not cancelled');
});

test('what wrote the file stands in the header', async (context) => {
  const page = await visit(world);
  await page.click('[data-sample="sklearn-bundle.pkl"]');
  await opened(page, 'sklearn-bundle.pkl');
  const chips = await page.waitForSelector('.env-chips', { timeout: 5000 }).catch(() => null);
  if (!chips) return context.skip('nothing tells the versions yet');
  assert.match(await chips.textContent(), /scikit-learn/);
  // One for all where the window is narrow.
  for (const [width, words] of [[1440, /scikit-learn/], [900, /\n\d+ packages$/], [1440, /scikit-learn/]]) {
    await page.setViewportSize({ width, height: 900 });
    await until(page, (source) => new RegExp(source).test(document.querySelector('.env-chips').innerText.trim()), words.source);
  }
  await chips.click();
  await page.waitForSelector('dialog[open] .package');
  assert.ok(await page.$$eval('.package', (packages) => packages.every((item) => item.querySelectorAll('.evidence li').length > 0)), 'each with its evidence');
  await page.click('dialog [data-evidence]');
  await until(page, () => !document.querySelector('dialog'));
  assert.deepEqual(page.complaints, []);
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious in a lens, ${colorScheme}`, async () => {
    const page = await visit(world, { colorScheme });
    const check = async (words) => assert.deepEqual(await serious(page), [], words);
    for (const [name, bytes, ready] of [
      ['cube.pkl', pickle(ndarray('f8', [3, 4, 5], doubles(Array.from({ length: 60 }, (_, i) => i)))), '.histogram'],
      ['frame.pkl', frame(['weight', 'height'], [[1, 2, 3, 4], [10, NaN, 30, 30]]), '[data-column="1"][data-complete=true]'],
      ['forest.pkl', forest(3, 4), '[data-tree-node="0"]'],
      ['pipeline.p5.pkl', await fixture('real/sklearn-1.9/pipeline.p5.pkl'), '.diagram'],
      ['resnet.state.pt', await fixture('torch/torch-2.6/resnet.state.pt'), '[role=treegrid]'],
    ]) {
      await drop(page, name, bytes);
      await opened(page, name);
      await page.waitForSelector(ready);
      await check(name);
    }
    await page.click('#tab-python');
    await page.waitForSelector('#python [data-line="0"]');
    await check('source');
    await page.click('[data-act=export]');
    await page.waitForSelector('[data-format]');
    await check('formats');
  });
}

test('narrow windows and large text lose nothing of a lens', async () => {
  for (const [width, size] of [[400, '100%'], [900, '100%'], [1280, '200%']]) {
    const page = await open('frame.pkl', frame(['weight', 'height'], [[1, 2, 3, 4], [10, NaN, 30, 30]]), { viewport: { width, height: 900 } });
    await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, size);
    await page.waitForSelector('#cell-0-3-1:text-is("30.0")');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `no sideways scrolling at ${width}`);
    await page.focus('#grid-0');
    await page.keyboard.press('Control+End');
    await cellIs(page, '3 1', '30.0');
    await until(page, () => {
      const grid = document.querySelector('#grid-0').getBoundingClientRect();
      const { left, right } = document.querySelector('#cell-0-3-1').getBoundingClientRect();
      return left >= grid.left - 1 && right <= grid.right + 1;
    });
    await page.context().close();
  }
});
