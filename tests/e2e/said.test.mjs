// What the page says and how it looks in places that no other flow goes through: one wording for one thing, nothing said that is not
// so, names that can be heard, bars on one scale.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAMAGED, HOSTILE, SMALL, bytes, drop, dropFixture, int, opened, proto, start, str, until, visit } from './lib.mjs';
import { zip } from './zip.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, content, options = {}) {
  const page = await visit(world, options);
  await drop(page, name, content);
  await opened(page, name);
  return page;
}

const text = (page, selector) => page.textContent(selector).then((words) => words.replaceAll(/\s+/g, ' ').trim());
const instance = bytes(proto, 'c__main__\nModel\n)', [0x81], '}(', str('name'), str('first'), str('size'), int(7), 'ub.');

test('an instance without a lens opens on its attributes, what is raw is folded', async () => {
  const page = await open('model.pkl', instance);
  await page.waitForSelector('.fields [data-field]');
  assert.match(await text(page, '.card-section'), /^Attributes ?2 attributes/);
  assert.deepEqual(await page.$$eval('.fields [data-field] > :first-child', (cells) => cells.map((cell) => cell.textContent.trim())), ['name', 'size']);
  assert.deepEqual(await page.$$eval('#part-opcodes details, #part-bytes details', (parts) => parts.map((part) => part.open)), [false, false]);
  assert.match(await text(page, '.verdict-sentence'), /^The only name that loading imports is unknown: __main__\.Model\. It is not known to be dangerous\.$/);
});

test('bars beside coefficients have one scale, and values the digits that tell them apart', async () => {
  const page = await visit(world);
  await dropFixture(page, 'models/sklearn-1.9/logistic.p4.pkl');
  await page.waitForSelector('.bars .bar-track');
  const tracks = await page.$$eval('.bars .bar-track-middle', (all) => all.map((track) => {
    const { left, width } = track.getBoundingClientRect();
    return `${Math.round(left)} ${Math.round(width)}`;
  }));
  assert.ok(tracks.length > 2);
  assert.equal(new Set(tracks).size, 1, tracks.join());
  const values = await page.$$eval('.bars .bar-value', (all) => all.map((value) => [value.textContent, value.title]));
  for (const [short, full] of values.filter(([, title]) => title)) {
    assert.ok(short.length < full.length && Math.abs(Number(short) - Number(full)) < 1e-3, `${short} ${full}`);
  }
  assert.ok(values.some(([, full]) => full));
});

test('in forced colours the opcode on show can be told', async () => {
  const page = await open('small.pkl', SMALL, { forcedColors: 'active' });
  await page.click('[role=tab]:has-text("Opcodes")');
  await page.waitForSelector('#opcodes [data-opcode].row-selected, #opcodes [aria-selected=true]');
  const look = (selector) => page.$eval(selector, (element) => {
    const { backgroundColor, color, outlineStyle } = getComputedStyle(element);
    return `${backgroundColor} ${color} ${outlineStyle}`;
  });
  assert.notEqual(await look('#opcodes [aria-selected=true]'), await look('#opcodes [aria-selected=false]'));
});

test('the head of a column without a name is whole, text stands over text', async () => {
  const page = await visit(world);
  await dropFixture(page, 'tables/pandas-2.2/blocks.p5.pkl');
  await page.waitForSelector('.grid-cell');
  for (const clipped of await page.$$eval('.grid-row-head, .grid-column-head .grid-name', (heads) => heads.map((head) => head.scrollWidth - head.clientWidth))) {
    assert.ok(clipped <= 1, `${clipped} pixels are cut`);
  }
});

test('the message of the box for an offset goes with Escape, and its text with the file', async () => {
  const page = await open('small.pkl', SMALL);
  await page.fill('#go-to', '0xfffff');
  await page.press('#go-to', 'Enter');
  await page.waitForSelector('#go-to[aria-invalid=true]');
  await page.press('#go-to', 'Escape');
  await page.waitForSelector('#go-to[aria-invalid=false]');
  assert.equal(await page.$('.notice'), null);
  assert.equal(await page.inputValue('#go-to'), '');
  await page.fill('#go-to', '0xfffff');
  await drop(page, 'other.pkl', HOSTILE);
  await opened(page, 'other.pkl');
  assert.equal(await page.inputValue('#go-to'), '');
  assert.equal(await page.getAttribute('#go-to', 'aria-invalid'), 'false');
});

test('what stands apart on the page is not one word for those who hear it', async () => {
  const page = await visit(world, { viewport: { width: 1920, height: 1000 } });
  await dropFixture(page, 'tables/pandas-2.2/blocks.p5.pkl');
  await page.waitForSelector('.grid-cell');
  // Where the tabs have room for their counts.
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-opcode]');
  const heard = await page.locator('body').ariaSnapshot();
  assert.match(heard, /tab "Objects ?, ?\d/);
  assert.doesNotMatch(heard, /Objects\d|Opcodes\d|\dguess|pickle\S*DataFrame|bytewhole/);
});

test('random bytes: one word, one sentence, no row that names a pickle', async () => {
  const page = await open('noise.pkl', Buffer.from(Array.from({ length: 400 }, (_, i) => 0xd9 ^ ((i * 7919) % 251))));
  assert.equal(await text(page, '.verdict-word'), 'Not a pickle');
  assert.match(await text(page, '.verdict-bar'), /This is not a pickle\. At offset 0:/);
  assert.doesNotMatch(await text(page, '#tree'), /pickle 1/);
  assert.doesNotMatch(await text(page, '.verdict'), /The rest is unknown/);
});

test('a cut file says first that it is cut, and calls its rest unread', async () => {
  const page = await open('cut.pkl', DAMAGED);
  assert.match(await text(page, '.verdict-bar'), /^Partly read ?The reading stopped early\./);
  assert.match(await text(page, '.verdict-more'), /Nothing that imports or calls was found in the part that could be read/);
  await page.click('[role=tab]:has-text("As Python")');
  await until(page, () => document.querySelector('#left-panel')?.textContent.includes('unread byte'));
  assert.doesNotMatch(await text(page, '#left-panel'), /no pickle|not part of a pickle/);
});

test('archives: what the verdict covers, and the width of what they hold', async () => {
  const page = await visit(world, { viewport: { width: 1440, height: 900 } });
  await drop(page, 'texts.zip', zip([['readme.txt', Buffer.from('hello')], ['more.txt', Buffer.from('more')]]));
  await page.waitForSelector('#contents [data-member]');
  await until(page, () => document.querySelector('.elsewhere'));
  assert.match(await text(page, '.verdict'), /^No pickles ?An archive runs nothing by itself; the verdict covers the pickles inside\..*No pickles inside\./);
  const share = await page.$eval('.pane-left', (pane) => pane.getBoundingClientRect().width / innerWidth);
  assert.ok(share > 0.6, `${share} of the width`);
});

test('the numbers of a bomb are said', async () => {
  const page = await open('bomb.pkl', bytes(proto, 'cbuiltins\nbytearray\nJ', [0xff, 0xff, 0xff, 0x7f], [0x85], 'R.'));
  assert.match(await text(page, '.verdict'), /about 2,100,000,000 items at once/);
});

test('words of the dialogs: keys, formats, audit', async () => {
  const page = await open('small.pkl', SMALL);
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  const keys = await text(page, 'dialog[open]');
  assert.match(keys, /expand all siblings/i);
  assert.match(keys, /jump to a label by typing/i);
  await page.keyboard.press('Escape');
  await page.click('.header [data-act=export]');
  await page.waitForSelector('dialog[open]');
  assert.match(await text(page, 'dialog[open]'), /left out and listed/);
  await page.keyboard.press('Escape');
  await page.click('[role=tab]:has-text("Calls & imports")');
  await until(page, () => document.querySelector('#left-panel')?.textContent.includes('Findings'));
  assert.match(await text(page, '#left-panel'), /no rule matched/);
});

test('a slash in the middle of a word opens the search', async () => {
  const page = await open('small.pkl', SMALL);
  await page.keyboard.press('Home');
  await page.keyboard.type('nu');
  await page.keyboard.press('/');
  await page.waitForSelector('.find input');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.find') !== null), true);
});

test('stand-ins are offered where a module of somebody is needed, at any width', async () => {
  const page = await open('model.pkl', bytes(proto, 'cshop_models\nModel\n)', [0x81], '}', str('name'), str('first'), 's', 'b.'), { viewport: { width: 400, height: 800 } });
  assert.equal(await text(page, '.env-own'), 'needs shop_models');
  assert.ok(await page.isVisible('.env-own'));
  await page.click('[data-act="environment"]');
  await page.click('[data-act="stand-ins"]');
  await page.waitForSelector('[data-stubs="stand_ins.py"][aria-pressed="true"]');
  await until(page, () => document.querySelector('.stubs-text')?.textContent.includes('class Model'));
  // Who reads what would run has the same way.
  await page.keyboard.press('Escape');
  await page.click('#tab-audit');
  await page.click('#audit [data-act="code-to-load"]');
  await page.waitForSelector('[data-stubs="stand_ins.py"][aria-pressed="true"]');
  assert.deepEqual(page.complaints, []);
});

test('a table that is saved says its name and how many rows it has', async () => {
  const page = await open('numbers.pkl', bytes(proto, '](', ...Array.from({ length: 12 }, (_, at) => int(at)), 'e.'));
  await page.click('#inspector [data-act="save-as"]');
  assert.match(await text(page, '.modal h2'), /^Save numbers\.pkl/);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('[data-format="Csv"]')]);
  await page.waitForSelector('[data-saved]');
  assert.equal(file.suggestedFilename().endsWith('.csv'), true);
  assert.match(await text(page, '[data-saved]'), /, 12 rows, \d+ B\.$/);
});

test('statistics have the median and the quartiles', async () => {
  const page = await open('numbers.pkl', bytes(proto, '](', ...[1, 2, 3, 4, 5, 6, 7, 8, 100].map(int), 'e.'));
  await until(page, () => /median\s*5/.test(document.querySelector('#part-card')?.textContent ?? ''));
  assert.match(await text(page, '#part-card'), /quartiles ?3\.0 and 7\.0/);
});
