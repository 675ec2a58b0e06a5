// The contents of archives, folders and several files as a table.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HOSTILE, SMALL, drop, dropAll, members, numbers, start, until, violations, visit } from './lib.mjs';
import { doubles, ndarray, pickle } from './values.mjs';
import { zip } from './zip.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const FILES = [
  ['b.pkl', numbers(100)], ['A.pkl', HOSTILE], ['readme.txt', Buffer.from('some words')],
  ['mean.pkl', pickle(ndarray('f8', [30], doubles(Array.from({ length: 30 }, (_, i) => i))))],
];
const names = async (page) => (await members(page)).map(({ name }) => name);
const sorted = (page, wanted) => until(page, (wanted) => [...document.querySelectorAll('#contents [data-member]')].map((row) => row.dataset.name).join() === wanted, wanted.join());

async function open(options) {
  const page = await visit(world, options);
  await dropAll(page, FILES);
  await page.waitForSelector('#contents[role=treegrid] [data-member]');
  await until(page, () => document.querySelectorAll('#contents .member-level').length === 3 && document.querySelector('#contents [data-mark=danger]'));
  return page;
}

test('several files are a table of kinds, contents, sizes and verdicts', async () => {
  const page = await open();
  const heads = await page.$$eval('#contents [role=columnheader]', (heads) => heads.map((head) => head.textContent.trim()));
  assert.deepEqual(heads, ['Name', 'Kind', 'Holds', 'Packed', 'Size', 'Verdict']);
  const cells = (name) => page.$$eval(`#contents [data-name="${name}"] [role=gridcell]`, (cells) => cells.map((cell) => cell.innerText.trim()));
  const [name, kind, holds, , size, verdict] = await cells('b.pkl');
  assert.equal(name.split('\n')[0], 'b.pkl');
  assert.deepEqual([kind, holds, size, verdict], ['pickle 4', '101 objects', '506 B', 'Data only']);
  assert.match((await cells('A.pkl')).at(-1), /^Dangerous/);
  assert.match(await page.getAttribute('#contents [data-name="A.pkl"] [data-mark=danger]', 'title'), /shell command/);
  assert.equal((await cells('readme.txt')).at(-1), '');
  assert.equal(await page.getAttribute('#contents', 'aria-rowcount'), '5');
  assert.deepEqual(await violations(page), []);
});

test('what is dangerous elsewhere stands in the strip, in a narrow window as well', async () => {
  const page = await visit(world);
  await page.setViewportSize({ width: 400, height: 800 });
  await dropAll(page, [['b.pkl', numbers(100)], ['cut.pkl', numbers(100).subarray(0, 200)], ['A.pkl', HOSTILE], ['again.pkl', HOSTILE]]);
  await until(page, () => document.querySelector('.verdict .elsewhere strong')?.textContent.startsWith('Dangerous in A.pkl and again.pkl'));
  const inside = await page.$$eval('.verdict .elsewhere, .verdict .elsewhere button', (parts) => parts.map((part) => {
    const { left, right, width } = part.getBoundingClientRect();
    return width > 0 && left >= 0 && right <= innerWidth;
  }));
  assert.deepEqual(inside, [true, true]);
  assert.match(await page.textContent('#contents [data-name="cut.pkl"] .member-word'), /^Partly read$/);
  assert.deepEqual(await violations(page), []);
});

test('heads sort by mouse and keyboard, the rows keep their keys', async () => {
  const page = await open();
  const places = await names(page);
  await page.click('#contents [data-sort=Size]');
  await sorted(page, ['b.pkl', 'mean.pkl', 'A.pkl', 'readme.txt']);
  assert.equal(await page.getAttribute('#contents [role=columnheader]:has([data-sort=Size])', 'aria-sort'), 'descending');
  await page.focus('#contents [data-sort=Name]');
  await page.keyboard.press('Enter');
  await sorted(page, ['A.pkl', 'b.pkl', 'mean.pkl', 'readme.txt']);
  await page.keyboard.press('Space');
  await sorted(page, ['readme.txt', 'mean.pkl', 'b.pkl', 'A.pkl']);
  await page.keyboard.press('Enter');
  await sorted(page, places);
  await page.click('#contents [data-sort=Verdict]');
  await until(page, () => document.querySelector('#contents [data-member]').dataset.name === 'A.pkl');
  await page.focus('#contents');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await until(page, () => document.getElementById('contents').getAttribute('aria-activedescendant') === 'contents-1');
  const second = (await names(page))[1];
  await page.keyboard.press('Enter');
  await until(page, (name) => document.title.includes(name) && document.querySelector('#inspector[data-node]'), second);
  await page.click('#tab-contents');
  await page.waitForSelector(`#contents [data-name="${second}"][aria-selected=true]`);
  assert.equal(await page.getAttribute('#contents [role=columnheader]:has([data-sort=Verdict])', 'aria-sort'), 'descending', 'another part is sorted alike');
  assert.deepEqual(page.complaints, []);
});

test('an archive says how many entries it has, and narrow panes show fewer columns', async () => {
  const page = await visit(world);
  await drop(page, 'all.zip', zip([...FILES, ['small.pkl', SMALL]]));
  await page.waitForSelector('#contents [data-member]');
  await until(page, () => document.querySelector('#contents [data-name="all.zip"] .member-holds').textContent === '5 entries');
  for (const [width, size, shown] of [[2560, '', 6], [1440, '', 6], [1440, '200%', 5], [900, '200%', 4], [800, '', 6], [700, '', 5], [400, '', 3], [320, '', 3], [320, '200%', 2]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate((size) => { document.documentElement.style.fontSize = size; }, size);
    await page.waitForTimeout(150);
    const heads = await page.$$eval('#contents [data-name="A.pkl"] [role=gridcell]', (heads) => heads.map((head) => head.getBoundingClientRect()).filter(({ width }) => width > 0).map(({ left, right }) => [left, right]));
    assert.equal(heads.length, shown, `${width} ${size}`);
    for (let at = 1; at < heads.length; at += 1) assert.ok(heads[at][0] >= heads[at - 1][1] - 0.5, `${width} ${size}: columns overlap`);
    const row = await page.$eval('#contents [data-name="A.pkl"]', (row) => [row.scrollWidth, row.clientWidth, row.querySelector('.member-name').clientWidth, row.querySelector('[data-mark=danger]').getBoundingClientRect().width]);
    assert.ok(row[0] <= row[1] + 1 && row[2] > 20 && row[3] > 10, `${width} ${size}: ${row}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
});
