// Finding things: the bar, its list, walking from hit to hit, cancelling, everything that was opened.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OUTPUT, SMALL, drop, dropAll, dropFixture, numbers, opened, proto, bytes, start, str, until, violations, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, content) {
  const page = await visit(world);
  await drop(page, name, content);
  await opened(page, name);
  return page;
}

/** Waits until the search is over; how many hits it has. */
async function finished(page) {
  await page.waitForTimeout(150); // the bar waits for the next key
  await until(page, () => {
    const status = document.querySelector('#find-status');
    return status?.dataset.finished === 'true' && status.dataset.for === document.querySelector('#find').value;
  });
  return Number(await page.getAttribute('#find-status', 'data-hits'));
}

/** Types a query into the box of the bar. */
async function query(page, text) {
  await page.fill('#find', text);
  return finished(page);
}

const hits = (page) => page.$$eval('#found [data-found]', (rows) => rows
  .map((row) => ({
    line: Number(row.dataset.found), kind: row.dataset.kind, offset: Number(row.dataset.at), path: row.querySelector('.found-path').textContent,
    marked: row.querySelector('mark').textContent, selected: row.getAttribute('aria-selected') === 'true',
  }))
  .sort((a, b) => a.line - b.line));

test('a slash opens the bar, Enter walks, Escape gives the keyboard back', async () => {
  const page = await open('small.pkl', SMALL);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tree');
  await page.keyboard.press('/');
  await until(page, () => document.activeElement.id === 'find');
  await page.keyboard.type('te');
  assert.equal(await finished(page), 1);
  await page.waitForSelector('#found [data-found]');
  assert.deepEqual(await hits(page), [{ line: 1, kind: 'key', offset: SMALL.indexOf('text') - 2, path: "obj['inner']['text']", marked: 'te', selected: false }]);
  await page.fill('#find', 'l');
  assert.equal(await finished(page), 3);
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#found [aria-selected=true] mark'));
  const first = (await hits(page)).find(({ selected }) => selected);
  await until(page, (offset) => document.querySelector(`#hex [data-byte="${offset + 2}"].hex-own`), first.offset);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'find', 'who types goes on typing');
  await page.keyboard.press('F3');
  await until(page, (line) => document.querySelector('#found [aria-selected=true]')?.dataset.found > line, first.line);
  await page.keyboard.press('Shift+F3');
  await until(page, (line) => document.querySelector('#found [aria-selected=true]')?.dataset.found === line, String(first.line));
  await page.keyboard.press('Shift+Enter');
  await until(page, () => /number 3/.test(document.querySelector('#find-status')?.textContent));
  await page.keyboard.press('Escape');
  await until(page, () => document.activeElement.id === 'tree' && !document.querySelector('#find'));
  await page.keyboard.press('Control+f');
  await until(page, () => document.activeElement.id === 'find');
  assert.equal(await page.inputValue('#find'), 'l');
  assert.equal(await finished(page), 3);
  assert.deepEqual(page.complaints, []);
});

test('offsets, paths, numbers, comparisons, and what is wrong with a query', async () => {
  const page = await open('small.pkl', SMALL);
  await page.click('[data-act=find]');
  await query(page, '@2');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#hex [data-byte="2"].hex-own'));
  assert.equal(await query(page, "obj['inner']['text']"), 1);
  await page.keyboard.press('Enter');
  await until(page, () => /hello/.test(document.querySelector('#inspector')?.textContent));
  assert.equal(await query(page, '> 1'), 2);
  assert.deepEqual((await hits(page)).map(({ path }) => path), ["obj['numbers'][1]", "obj['numbers'][2]"]);
  await query(page, '== what');
  assert.match(await page.textContent('#find-status'), /What is no number/);
  assert.equal(await page.getAttribute('#find', 'aria-invalid'), 'true');
  await page.click('[data-find=regex]');
  await query(page, '^(hello|flag)$');
  assert.equal(await finished(page), 2);
  await page.click('[data-find=regex]');
  await query(page, 'HELLO');
  assert.equal(await finished(page), 1);
  await page.click('[data-find=case]');
  assert.equal(await finished(page), 0);
  assert.match(await page.textContent('#find-status'), /Nothing found/);
  assert.deepEqual(page.complaints, []);
});

test('below the selection', async () => {
  const page = await open('small.pkl', SMALL);
  await page.keyboard.press('/');
  assert.equal(await query(page, "obj['inner']"), 1);
  await page.keyboard.press('Enter');
  await until(page, () => /inner/.test(document.querySelector('#inspector .inspector-title')?.textContent ?? ''));
  await page.fill('#find', 'l');
  assert.equal(await finished(page), 3);
  await page.selectOption('.find-scope', 'selection');
  assert.equal(await finished(page), 2);
});

test('rows that are hits are marked in every view while the bar is open', async () => {
  const page = await open('small.pkl', SMALL);
  const marked = (selector, text) => until(page, ([selector, text]) => {
    const rows = [...document.querySelectorAll(`${selector} .row-hit`)];
    return rows.length === 1 && rows[0].textContent.includes(text);
  }, [selector, text]);
  await page.keyboard.press('/');
  assert.equal(await query(page, 'numbers'), 1);
  await marked('#tree', 'numbers');
  await page.click('#tab-opcodes');
  await marked('#opcodes', 'numbers');
  assert.equal(await query(page, 'inner'), 1);
  await marked('#opcodes', 'inner');
  await page.click('#tab-objects');
  await marked('#tree', 'inner');
  await page.focus('#find');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('.row-hit'));
  assert.deepEqual(page.complaints, []);
});

test('a million hits stream, are counted, and a new query ends the old one', async () => {
  const page = await open('numbers.pkl', numbers(1_000_000));
  await page.keyboard.press('/');
  await page.fill('#find', '>= 0');
  await page.waitForSelector('#found [data-found]');
  await page.fill('#find', '== 999999');
  assert.equal(await finished(page), 1);
  await page.waitForSelector('#found [data-found]');
  assert.equal((await hits(page))[0].path, 'obj[999999]');
  assert.equal(await query(page, '< 500000'), 500_000);
  assert.match(await page.textContent('#found [data-group=numbers]'), /500,000/);
  await page.focus('#found');
  await page.keyboard.press('End');
  await until(page, () => document.querySelector('#found [aria-selected=true] .found-path')?.textContent === 'obj[9999]');
});

test('everything that was opened is searched, and a hit leads into its entry', async () => {
  const page = await visit(world);
  const one = bytes(proto, '](', str('common'), str('first'), 'e.');
  const two = bytes(proto, '](', str('common'), str('second'), 'e.');
  await dropAll(page, [['one.pkl', one], ['two.pkl', two]]);
  await page.waitForSelector('[data-act=find]');
  await page.keyboard.press('Control+f');
  await until(page, () => document.activeElement.id === 'find');
  await page.selectOption('.find-scope', 'everything');
  assert.equal(await query(page, 'common'), 2);
  assert.equal(await query(page, 'second'), 1);
  await page.keyboard.press('Enter');
  await until(page, () => document.title.includes('two.pkl') && /second/.test(document.querySelector('#inspector')?.textContent));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'find');
  assert.equal(Number(await page.getAttribute('#find-status', 'data-hits')), 1, 'the list stays');
  assert.deepEqual(page.complaints, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1440, 900], [900, 1100], [400, 800]]) {
    test(`the bar at ${width}×${height}, ${colorScheme}`, async () => {
      const page = await visit(world, { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      await dropFixture(page, 'real/sklearn-1.9/column-transformer.p5.pkl');
      await page.keyboard.press('/');
      await query(page, 'num');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#found [aria-selected=true] mark');
      await page.screenshot({ path: `${OUTPUT}find-${width}x${height}-${colorScheme}.png` });
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      assert.deepEqual(page.complaints, []);
    });
  }
}
