// Finding things: the bar, its list, walking from hit to hit, cancelling, everything that was opened.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OUTPUT, SMALL, byteIn, bytes, drop, dropAll, dropFixture, int, numbers, opened, proto, start, str, until, violations, visit } from './lib.mjs';

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

/** ['everywhere', the same, ['everywhere'], {'key': 'everywhere'}], the text fetched from the memo. */
const PLACES = bytes(proto, '](', str('everywhere'), [0x94], 'h', [0], '](', 'h', [0], 'e}(', str('key'), 'h', [0], 'ue.');

/** A list of texts that does not fit into a line, one of them found, and a dict with a key that is: all in sight at once. */
const WORDS = bytes(proto, '](', ...Array.from({ length: 10 }, (_, i) => str(i === 7 ? 'a needle in it' : `text number ${i}`)),
  '}(', str('needle'), int(1), str('other'), int(2), 'ue.');

test('of a long path the end is in sight, and the list leaves room for the view', async () => {
  const keys = Array.from({ length: 30 }, (_, at) => `needle ${at}`);
  const inner = keys.reduce((dict, key) => bytes(dict, str(key), int(1)), bytes('}('));
  const page = await open('paths.pkl', bytes(proto, '}(', str('a key that is so long that there is no room for it in the list of hits, and then some more'), inner, 'uu.'));
  await page.keyboard.press('/');
  assert.equal(await query(page, 'needle'), 30);
  await page.waitForSelector('#found [data-found]');
  const cut = await page.$$eval('#found [data-found] .found-path', (cells) => cells.map((cell) => {
    const end = cell.querySelector('.path-end');
    return { text: cell.textContent, title: cell.title, shown: end.textContent, is_seen: end.scrollWidth <= end.clientWidth + 1 && end.getBoundingClientRect().right <= cell.getBoundingClientRect().right + 1 };
  }));
  for (const { text, title, shown, is_seen } of cut) {
    assert.equal(text, title);
    assert.ok(is_seen && /needle \d+'\]$/.test(shown), shown);
  }
  const share = await page.$eval('#found', (list) => list.getBoundingClientRect().height / innerHeight);
  assert.ok(share > 0.1 && share < 0.27, `the list takes ${share} of the window`);
  await page.click('[data-act=close-find]');
  await until(page, () => !document.querySelector('.find'));
  assert.deepEqual(page.complaints, []);
});

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
  await page.waitForSelector(`${byteIn('#hex', first.offset + 2)}.hex-own`);
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
  await page.waitForSelector(`${byteIn('#hex', 2)}.hex-own`);
  assert.equal(await query(page, "obj['inner']['text']"), 1);
  await page.keyboard.press('Enter');
  await until(page, () => /hello/.test(document.querySelector('#inspector')?.textContent));
  assert.equal(await query(page, '> 1'), 2);
  assert.deepEqual((await hits(page)).map(({ path }) => path), ["obj['numbers'][1]", "obj['numbers'][2]"]);
  await query(page, '== what');
  assert.match(await page.textContent('#find-status'), /What is neither a number nor a date/);
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

test('lines of the source and cells of tables that are hits are marked, too', async () => {
  const page = await open('words.pkl', WORDS);
  await page.keyboard.press('/');
  assert.equal(await query(page, 'needle'), 2);
  await page.click('#tab-python');
  // One is the key of a dict, one stands in the middle of a list that is broken into lines.
  const marked = () => page.$$eval('#python .row-hit', (lines) => lines.map((line) => line.textContent.replace(/^ *\d+ */, '').trim()));
  await until(page, () => document.querySelectorAll('#python .row-hit').length >= 2);
  const lines = await marked();
  const all = await page.$$eval('#python [data-line]', (lines) => lines.map((line) => line.textContent));
  assert.equal(lines.length, all.filter((line) => line.includes('needle')).length, lines.join('\n'));
  assert.ok(lines.every((line) => line.includes('needle')), lines.join('\n'));
  await page.focus('#find');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('#python .row-hit'));
  assert.deepEqual(page.complaints, []);
});

test('cells of an array and of records are marked, and no others', async () => {
  const page = await visit(world);
  await page.click('[data-sample="dataframe.pkl"]');
  await opened(page, 'dataframe.pkl');
  await page.waitForSelector('.grid [role=gridcell]:not(.grid-waits)');
  const texts = await page.$$eval('.grid [role=gridcell]', (cells) => cells.map((cell) => cell.textContent));
  const number = texts.find((text) => /^-?\d+\.\d+$/.test(text));
  await page.keyboard.press('/');
  assert.ok(await query(page, number) > 0); // shown rounded, so near ones are hits as well
  await until(page, () => document.querySelector('.cell-hit'));
  assert.deepEqual([...new Set(await page.$$eval('.cell-hit', (cells) => cells.map((cell) => Number(cell.textContent))))], [Number(number)]);
  await page.focus('#find');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('.cell-hit'));
  assert.deepEqual(page.complaints, []);
});

test('a hit among the elements of an array is brought into sight, and again after one scrolled away', async () => {
  const page = await visit(world);
  await dropFixture(page, 'arrays/numpy-2.4/random-state.p5.pkl');
  await page.keyboard.press('/');
  assert.ok(await query(page, '> 4280000000') > 0);
  const isShown = () => until(page, () => {
    const cell = document.querySelector('.grid-body .grid-focused');
    const [grid, box] = [document.querySelector('.grid')?.getBoundingClientRect(), cell?.getBoundingClientRect()];
    return cell?.textContent === '4293593988' && cell.classList.contains('cell-hit') && box.top >= grid.top && box.bottom <= grid.bottom;
  });
  await page.keyboard.press('Enter');
  await isShown();
  await page.$eval('.grid', (grid) => { grid.scrollTop = 0; });
  await until(page, () => document.querySelector('.grid').dataset.firstRow === '0');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Enter');
  await isShown();
  assert.deepEqual(page.complaints, []);
});

test('what is not in the document on show is looked for in everything that is open, until other text is typed', async () => {
  const page = await visit(world);
  await dropAll(page, [['one.pkl', bytes(proto, str('alpha'), '.')], ['two.pkl', bytes(proto, str('beta'), '.')]]);
  await page.waitForSelector('[data-act=find]');
  await page.keyboard.press('Control+f');
  await until(page, () => document.activeElement.id === 'find');
  const isOutside = async (text) => {
    assert.equal(await query(page, text), 1);
    const is = /1 hit, all outside this document/.test(await page.textContent('#find-status'));
    assert.equal(await page.inputValue('.find-scope'), is ? 'everything' : 'document');
    return is;
  };
  // One of the two is not in the document on show.
  assert.ok([await isOutside('alpha'), await isOutside('beta'), await isOutside('alpha')].includes(true));
  assert.equal(await query(page, 'gamma'), 0);
  assert.match(await page.textContent('#find-status'), /neither in this document nor in the others/);
  assert.deepEqual(page.complaints, []);
});

test('the other places of a hit are walked through by key and by button', async () => {
  const page = await open('places.pkl', PLACES);
  await page.keyboard.press('/');
  assert.equal(await query(page, 'everywhere'), 1);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#found [aria-selected=true] .found-places');
  assert.match(await page.textContent('.found-places'), /3 more places/);
  const path = (words) => until(page, (words) => document.querySelector('.path code')?.textContent === words, words);
  await path('obj[0]');
  await page.keyboard.press('F4');
  await path('obj[1]');
  await until(page, () => /place 2 of 4/.test(document.querySelector('#find-status').textContent));
  await page.focus('#found');
  await page.keyboard.press('ArrowRight');
  await path('obj[2][0]');
  await page.click('.found-places');
  await path("obj[3]['key']");
  await page.click('[data-act=next-place]');
  await path('obj[0]');
  await page.focus('#found');
  await page.keyboard.press('ArrowLeft');
  await path("obj[3]['key']");
  assert.equal(await page.getAttribute('#found [aria-selected=true]', 'data-found'), '1', 'it is one hit');
  assert.deepEqual(await violations(page), []);
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
