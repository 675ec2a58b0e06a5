// Numbers in a row: the bars in the tree's rows, and the line in the card.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dropFixture, drop, opened, start, until, violations, visit } from './lib.mjs';
import { doubles, ndarray, pickle } from './values.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const array = (numbers) => pickle(ndarray('f8', [numbers.length], doubles(numbers)));

async function open(name, bytes, options) {
  const page = await visit(world, options);
  await drop(page, name, bytes);
  await opened(page, name);
  return page;
}

const said = (page) => page.textContent('.plot-said');
const drawn = (page) => page.waitForSelector('.plot[data-complete=true] .plot-line', { state: 'attached' });

test('the row of a small array shows how its numbers spread, to the eye alone', async () => {
  const page = await open('row.pkl', array(Array.from({ length: 200 }, (_, i) => i * i)));
  const bars = await page.waitForSelector('#tree-0 .row-bars');
  assert.equal(await bars.getAttribute('aria-hidden'), 'true');
  const { width, height } = await bars.boundingBox();
  assert.ok(width > 20 && width < 80 && height >= 10, `${width} ${height}`);
  await drop(page, 'large.pkl', array(Array.from({ length: 5000 }, (_, i) => i)));
  await opened(page, 'large.pkl');
  assert.equal(await page.$('.row-bars'), null);
});

test('a line has axes with numbers, and its points are read by keyboard and pointer', async () => {
  const page = await open('line.pkl', array([3, 1, NaN, 4, 100]));
  await drawn(page);
  assert.match(await page.textContent('.plot-head'), /Lowest 1 at 1, highest 100 at 4; 1 gap/);
  assert.deepEqual(await page.$$eval('.plot-rows > span', (spans) => spans.map((span) => span.textContent)), ['50', '100']);
  assert.deepEqual(await page.$$eval('.plot-columns > span', (spans) => spans.map((span) => span.textContent)), ['0', '1', '2', '3', '4']);
  assert.equal((await page.getAttribute('.plot-line', 'd')).match(/M/g).length, 2, 'a gap is a gap');
  await page.focus('.plot-area');
  for (const [key, words] of [['Home', 'index 0: 3'], ['ArrowRight', 'index 1: 1'], ['ArrowRight', 'index 2: no finite number'], ['End', 'index 4: 100'], ['ArrowLeft', 'index 3: 4']]) {
    await page.keyboard.press(key);
    await until(page, (words) => document.querySelector('.plot-area').getAttribute('aria-valuetext') === words, words);
    assert.equal(await said(page), words);
  }
  const { x, y, width, height } = await page.locator('.plot-area').boundingBox();
  await page.mouse.move(x + width * 0.9, y + height / 2);
  await until(page, () => document.querySelector('.plot-said').textContent === 'index 4: 100');
  // A logarithmic axis.
  const before = await page.getAttribute('.plot-line', 'd');
  await page.focus('.plot-scale input');
  await page.keyboard.press('Space');
  await until(page, (before) => document.querySelector('.plot-line').getAttribute('d') !== before, before);
  assert.deepEqual(await page.$$eval('.plot-rows > span', (spans) => spans.map((span) => span.textContent)), ['1', '10', '100']);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
});

test('of many values each column has its ends, and of very many the reader is asked', async () => {
  const page = await open('long.pkl', array(Array.from({ length: 100_000 }, (_, i) => (i === 70_000 ? 500 : Math.sin(i / 1000)))));
  await drawn(page);
  assert.match(await page.textContent('.plot-head'), /highest 500 at 70,000/);
  await page.focus('.plot-area');
  await page.keyboard.press('Home');
  await until(page, () => /^indices 0 to 166: 0 to 0\.16/.test(document.querySelector('.plot-said').textContent));
  const zeros = ndarray('u1', [1_200_000], Buffer.alloc(1_200_000, 7));
  await drop(page, 'bytes.pkl', pickle(zeros));
  await opened(page, 'bytes.pkl');
  await page.click('[data-act=draw-plot]');
  await drawn(page);
  assert.match(await page.textContent('.plot-head'), /Lowest 7 at 0, highest 7 at 0/);
  assert.deepEqual(page.complaints, []);
});

test('a line fits narrow windows and large text', async () => {
  const page = await open('line.pkl', array(Array.from({ length: 300 }, (_, i) => (i - 100) * 12345.678)), { viewport: { width: 320, height: 800 } });
  await drawn(page);
  for (const size of ['', '200%']) {
    await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, size);
    await page.waitForTimeout(100);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), size);
    const { width } = await page.locator('.plot-area').boundingBox();
    assert.ok(width > 100, `${width}`);
    const rows = await page.$$eval('.plot-rows > span', (spans) => spans.map((span) => span.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]).sort((a, b) => a[0] - b[0]));
    for (let at = 1; at < rows.length; at += 1) assert.ok(rows[at][0] >= rows[at - 1][1] - 1, 'numbers do not overlap');
  }
});

test('a Series has a line, a frame has none', async () => {
  const page = await visit(world);
  await dropFixture(page, '../samples/dataframe.pkl');
  await page.waitForSelector('[data-section=columns]');
  assert.equal(await page.$('[data-section=plot]'), null);
  await dropFixture(page, 'tables/pandas-2.2/timed-series.p4.pkl');
  await drawn(page);
});
