// What loading would run: the tab Calls & imports, the evidence, other members of an archive.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { HOSTILE, SMALL, byteIn, drop, opened, serious, start, until, visit } from './lib.mjs';

const fixture = (path) => readFile(new URL(`../fixtures/${path}`, import.meta.url));

let world;
before(async () => { world = await start(); });
after(() => world.stop());

test('findings, calls and imports are listed, and lead to their bytes', async () => {
  const page = await visit(world);
  await drop(page, 'hostile.pkl', HOSTILE);
  await opened(page, 'hostile.pkl');
  await page.click('#tab-audit');
  await page.waitForSelector('[data-rule=dangerous-call]');
  assert.match(await page.textContent('[data-rule=dangerous-call] .finding-call'), /os\.system\('echo this is never run'\)/);
  assert.match(await page.textContent('.call-list'), /os\.system/);
  assert.match(await page.textContent('.library-list'), /os\.system/);
  await page.click('[data-rule=dangerous-call] [data-finding]');
  const reduce = HOSTILE.lastIndexOf('R');
  await until(page, (cell) => document.querySelector(cell), `${byteIn('#hex', reduce)}.hex-own`);
  assert.deepEqual(page.complaints, []);
});

test('F8 goes from finding to finding', async () => {
  const page = await visit(world);
  await drop(page, 'hostile.pkl', HOSTILE);
  await opened(page, 'hostile.pkl');
  await page.waitForSelector('#tab-audit .tab-count', { state: 'attached' }); // Where it is narrow, it is not shown.
  const selected = () => page.getAttribute('#inspector', 'data-opcode');
  const begin = await selected();
  await page.keyboard.press('F8');
  await until(page, (begin) => document.querySelector('#inspector')?.dataset.opcode !== begin, begin);
  const first = await selected();
  await page.keyboard.press('F8');
  await until(page, (first) => document.querySelector('#inspector')?.dataset.opcode !== first, first);
  await page.keyboard.press('Shift+F8');
  await until(page, (first) => document.querySelector('#inspector')?.dataset.opcode === first, first);
});

test('what is dangerous elsewhere in an archive is said beside what is shown', async () => {
  const page = await visit(world);
  await drop(page, 'model.pt', await fixture('hostile-containers/torchscript-constants.pt'));
  await opened(page, 'model.pt');
  await page.waitForSelector('[data-elsewhere="m/constants.pkl"]');
  await page.click('[data-elsewhere] button');
  await page.waitForFunction(() => document.title.includes('constants.pkl'));
  await until(page, () => document.querySelector('.verdict')?.dataset.level === 'Dangerous');
});

test('data alone has no call and no finding', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.click('#tab-audit');
  await page.waitForSelector('#audit h2');
  assert.equal(await page.$('[data-rule]'), null);
  assert.match(await page.textContent('#audit'), /no opcode calls anything/);
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious in the audit, ${colorScheme}`, async () => {
    const page = await visit(world, { colorScheme });
    await page.click('[data-sample="hostile-demo.pkl"]');
    await opened(page, 'hostile-demo.pkl');
    await page.click('#tab-audit');
    await page.waitForSelector('[data-rule]');
    await page.screenshot({ path: new URL(`output/audit-${colorScheme}.png`, import.meta.url).pathname });
    assert.deepEqual(await serious(page), []);
  });
}
