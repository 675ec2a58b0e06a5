// Lenses of large values: what is on the screen is there, and memory stays within bounds. How long it takes is printed, not
// asserted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sparse, writeCheckpoint } from './giants.mjs';
import { start, until, visit, watch } from './lib.mjs';
import { forest, frameInto } from './values.mjs';

const ROWS = 1_000_000;
const COLUMNS = Array.from({ length: 20 }, (_, index) => `column ${index}`);

let world;
let folder;
before(async () => {
  world = await start();
  folder = mkdtempSync(join(tmpdir(), 'picklescope-lens-giants-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await world.stop();
});

/** Opens a file by its path and waits until `selector` of its lens is there. */
async function choose(path, selector) {
  const page = await visit(world);
  const worker = await watch(page);
  await page.evaluate((selector) => {
    const begun = performance.now();
    const look = () => {
      if (document.querySelector(selector)) globalThis.lensAfter = performance.now() - begun;
      else requestAnimationFrame(look);
    };
    document.querySelector('#choose-file').addEventListener('change', look, { once: true });
  }, selector);
  await page.setInputFiles('#choose-file', path);
  await page.waitForSelector(selector);
  await clickBack(page, selector);
  return { page, worker };
}

/** Looks at the value below, then clicks the first row again, and measures from that click to its lens. */
async function clickBack(page, selector) {
  const rows = page.locator('[role=tree] [role=treeitem]');
  await rows.nth(1).click();
  await page.waitForSelector(selector, { state: 'detached' });
  await page.evaluate((selector) => {
    document.querySelector('[role=tree]').addEventListener('click', () => {
      const begun = performance.now();
      const look = () => {
        if (document.querySelector(selector)) globalThis.lensAfterClick = performance.now() - begun;
        else requestAnimationFrame(look);
      };
      look();
    }, { once: true, capture: true });
  }, selector);
  await rows.nth(0).click();
  await page.waitForFunction(() => globalThis.lensAfterClick !== undefined);
}

async function bounded(page, worker, name, path, most) {
  const memory = await worker.evaluate(() => self.memoryBytes);
  const read = await worker.evaluate(() => self.bytesRead);
  const [after, again] = await page.evaluate(() => [globalThis.lensAfter, globalThis.lensAfterClick]);
  console.log(`${name}: ${statSync(path).size} bytes, lens ${after.toFixed()} ms after the choice of the file, ${again.toFixed()} ms after a click; ${read} bytes read, ${memory} of memory in the worker`);
  assert.ok(memory > 0 && memory < most, `${memory} bytes of memory`);
  assert.deepEqual(page.complaints, []);
}

test('a DataFrame of 1,000,000 x 20', async () => {
  const path = join(folder, 'frame.pkl');
  frameInto(new Sparse(path), COLUMNS, ROWS);
  const { page, worker } = await choose(path, '#cell-0-0-3');
  await until(page, () => document.querySelector('#cell-0-0-3')?.textContent === '3.0');
  await page.focus('#grid-0');
  await page.keyboard.press('Control+End');
  await until(page, (row) => document.querySelector(`#cell-0-${row}-19`)?.textContent === '-19.0', ROWS - 1);
  for (const part of [0.25, 0.75, 0.5]) {
    await page.$eval('#grid-0', (grid, part) => { grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * part; }, part);
    await until(page, ([part, rows]) => Math.abs(Number(document.querySelector('#grid-0')?.dataset.firstRow) / rows - part) < 0.01
      && !document.querySelector('.grid-waits'), [part, ROWS]);
  }
  // Statistics of the columns on the screen are made in steps, to their end, while the page answers.
  await until(page, () => document.querySelector('[data-column="0"][data-complete=true]'));
  await page.click('[data-column="1"] .column-dtype');
  await until(page, () => document.querySelector('.column-details .statistics')?.dataset.complete === 'true');
  assert.match(await page.textContent('.column-details'), /count\s*1,000,000.*min\s*-1\.0.*max\s*1\.0/s);
  await bounded(page, worker, 'frame.pkl', path, 300_000_000);
});

test('a forest of 100 trees', async () => {
  const path = join(folder, 'forest.pkl');
  writeFileSync(path, forest(100, 12));
  const { page, worker } = await choose(path, '[data-tree-node="0"]');
  await page.fill('#tree-number-0', '100');
  await until(page, () => document.querySelector('.trees-title')?.textContent.includes('100 of 100'));
  await page.selectOption('.trees-bar select', '8');
  await until(page, () => document.querySelectorAll('[data-tree-node]').length >= 2 ** 8);
  assert.ok(await page.$$eval('[data-tree-node]', (nodes) => nodes.length) <= 2 ** 9);
  await bounded(page, worker, 'forest.pkl', path, 400_000_000);
});

test('a state dict of 400 MB', async () => {
  const path = join(folder, 'large.pt');
  writeCheckpoint(path, { tensors: 100, bytes: 4_000_000, top: 'large' });
  const { page, worker } = await choose(path, '[role=treegrid] [data-outline="0"]');
  await page.focus('[role=treegrid]');
  // The last layer is closed at first; its weight is in it.
  for (const key of ['End', 'ArrowRight', 'End']) await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#cell-0-0-0');
  await until(page, () => document.querySelector('#cell-0-0-1')?.textContent === '99.5');
  await until(page, () => document.querySelector('.statistics')?.dataset.complete === 'true');
  await bounded(page, worker, 'large.pt', path, 200_000_000);
});
