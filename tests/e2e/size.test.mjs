// What is large: the map, the outline by keyboard, groups, entries, what could be smaller.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, bytes, drop, dropFixture, numbers, opened, proto, serious, start, str, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function openSizes(name, data) {
  const page = await visit(world);
  if (data) {
    await drop(page, name, data);
    await opened(page, name);
  } else {
    await dropFixture(page, name);
  }
  await page.click('#tab-size');
  await page.waitForSelector('#size[role=treegrid] [data-size-line]');
  return page;
}

const lines = (page) => page.$$eval('#size [data-size-line]', (rows) => rows.map((row) => ({
  level: Number(row.getAttribute('aria-level')), expanded: row.getAttribute('aria-expanded'), cells: [...row.children].map((cell) => cell.textContent.trim()),
})));
const active = (page) => page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.id);

test('the largest values are an outline that is used by keyboard', async () => {
  const page = await openSizes('memory/slice.pt');
  assert.match(await page.textContent('.size-summary'), /beside it\s*40\.0 KB/);
  await page.focus('#size');
  const first = (await lines(page))[0];
  assert.deepEqual([first.level, first.expanded, first.cells[0].startsWith('obj'), first.cells[1]], [1, 'false', true, '40.1 KB']);
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#size-0[aria-expanded=true]') && document.querySelector('#size-1[aria-level="2"]'));
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.activeElement.getAttribute('aria-activedescendant') === 'size-1');
  assert.match((await lines(page))[1].cells[0], /^obj\['slice'\]/);
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('[data-path]')?.textContent === "obj['slice']");
  await page.focus('#size');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await until(page, () => document.querySelector('#size-0[aria-expanded=false]'));
  assert.equal(await active(page), 'size-0');
  assert.deepEqual(page.complaints, []);
});

test('tiles are as large as what they stand for, and lead to it', async () => {
  const big = bytes(proto, '}(', str('small'), 'C', [100], Buffer.alloc(100, 1), str('large'), 'B', [0xb8, 0x0b, 0, 0], Buffer.alloc(3000, 2), 'u.');
  const page = await openSizes('two.pkl', big);
  await page.waitForSelector('.size-map [data-tile]');
  const areas = await page.$$eval('.size-map [data-tile]', (tiles) => tiles.map((tile) => [tile.title.split('\n')[0], tile.clientWidth * tile.clientHeight]));
  const area = Object.fromEntries(areas);
  assert.ok(area["obj['large']"] > 15 * area["obj['small']"], JSON.stringify(areas));
  await page.click('.size-map [title^="obj[\'large\']"]');
  await until(page, () => document.querySelector('[data-path]')?.textContent === "obj['large']");
});

test('groups sort by their heads, entries and savings have their views', async () => {
  const page = await openSizes('memory/slice.pt');
  await page.selectOption('#size-by', 'class');
  await page.waitForSelector('.size-table tbody tr');
  const names = () => page.$$eval('.size-table tbody th', (heads) => heads.map((head) => head.textContent));
  assert.ok((await names()).includes('torch.Tensor'), (await names()).join());
  await page.click('[data-sort=class]');
  await until(page, () => document.querySelector('th[aria-sort=ascending] [data-sort=class]'));
  const sorted = await names();
  assert.deepEqual(sorted, [...sorted].sort());
  assert.deepEqual(await serious(page), []);
  await page.selectOption('#size-by', 'import');
  await until(page, () => [...document.querySelectorAll('.size-table tbody th')].some((head) => head.textContent === 'torch._utils'));
  await page.selectOption('#size-by', 'entry');
  await until(page, () => [...document.querySelectorAll('.size-table tbody th')].some((head) => head.textContent.endsWith('slice/data/0')));
  await page.selectOption('#size-by', 'savings');
  await until(page, () => document.querySelector('.size-savings')?.textContent.includes('40 B of a storage of 40.0 KB, which is kept whole'));
  assert.deepEqual(await serious(page), []);
});

test('a long list is measured, and more of it is shown on demand', async () => {
  const page = await openSizes('numbers.pkl', numbers(200_000));
  await page.focus('#size');
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#size-1[aria-level="2"]'));
  await page.keyboard.press('End');
  await until(page, () => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent.includes('smaller values'));
  const before = await active(page);
  await page.keyboard.press('Enter');
  await until(page, (before) => !document.getElementById(before)?.textContent.includes('smaller values'), before);
  assert.deepEqual(await serious(page), []);
  assert.deepEqual(page.complaints, []);
});

test('another document has its own sizes', async () => {
  const page = await openSizes('memory/slice.pt');
  await drop(page, 'small.pkl', SMALL);
  await until(page, () => document.title === 'small.pkl — Picklescope');
  await until(page, () => document.querySelector('#size [data-size-line]') && !document.querySelector('.size-summary')?.textContent.includes('beside it'));
});
