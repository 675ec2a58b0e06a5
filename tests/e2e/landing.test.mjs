// What a file opens on: the verdict that names what decides it, the object that people mean, the fields of what no lens knows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, bytes, choose, drop, dropFixture, int, members, opened, proto, selectRow, serious, start, str, until, value, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, content) {
  const page = await visit(world);
  await drop(page, name, content);
  await opened(page, name);
  return page;
}

async function openFixture(path) {
  const page = await visit(world);
  const name = await dropFixture(page, path);
  return { page, name };
}

const global = (module, name) => bytes('c', module, '\n', name, '\n');
const list = (...items) => bytes('](', ...items, 'e');
const dict = (...pairs) => bytes('}(', ...pairs, 'u');
const fields = (page) => page.$$eval('.fields [data-field]', (rows) => rows
  .sort((a, b) => a.dataset.field - b.dataset.field)
  .map((row) => [...row.children].slice(0, 3).map((cell) => cell.textContent.trim())));

test('the verdict names what is unknown, and leads to it', async () => {
  const names = [['collections', 'OrderedDict'], ['datetime', 'date'], ['pandas.core.categorical', 'Nonsense'], ['decimal', 'Decimal']];
  const content = bytes(proto, list(...names.map(([module, name]) => global(module, name))), '.');
  const page = await open('names.pkl', content);
  assert.equal(await page.textContent('.verdict-sentence'),
    '1 of 4 names is unknown: pandas.core.categorical.Nonsense. It is not known to be dangerous.');
  await page.click('[data-act=evidence]');
  await until(page, (offset) => location.hash.includes(`offset=${offset}`), content.indexOf('cpandas'));
});

test('findings about one name are one card with its places', async () => {
  const call = bytes(global('posix', 'system'), str('echo never run'), [0x85], 'R');
  const page = await open('many.pkl', bytes(proto, list(...Array(15).fill(call)), '.'));
  await page.click('#tab-audit');
  await page.waitForSelector('#audit .finding');
  const cards = await page.$$eval('#audit .finding', (cards) => cards.map((card) => [card.dataset.rule, card.querySelectorAll('[data-finding]').length]));
  assert.equal(new Set(cards.map(([rule]) => rule)).size, cards.length, 'one card a rule');
  const calls = cards.find(([rule]) => rule === 'dangerous-call');
  assert.equal(calls[1], 15, 'all its places');
  assert.match(await page.textContent('#audit [data-rule="dangerous-call"] .finding-count'), /15 places/);
  assert.equal((await page.$$('#audit [data-rule="dangerous-call"] .finding-place:visible')).length, 5);
  await page.click('#audit [data-rule="dangerous-call"] .finding-others summary');
  await page.click('#audit [data-rule="dangerous-call"] [data-finding] >> nth=14');
  await until(page, () => location.hash.includes('offset='));
  assert.deepEqual(await serious(page), []);
});

test('a file of torch before 1.6 opens on its object', async () => {
  const { page } = await openFixture('containers/torch-2.6.0/state-dict.legacy.pt');
  assert.match(await page.textContent('.inspector-title'), /object/);
  await page.waitForSelector('[data-card="state dict"]');
});

for (const name of ['plain.npz', 'compressed.npz']) {
  test(`${name} lists its arrays`, async () => {
    const page = await visit(world);
    const file = await dropFixtureOf(page, `containers/numpy-2.4.6/${name}`);
    assert.equal(file, name);
    await until(page, () => [...document.querySelectorAll('#contents .member-holds')].some((word) => /int64 \(3,\)/.test(word.textContent)));
    assert.ok((await members(page)).length > 2);
  });
}

/** As `dropFixture`, for what has no rows to select. */
async function dropFixtureOf(page, path) {
  const { fixture } = await import('./lib.mjs');
  const name = path.split('/').pop();
  await drop(page, name, await fixture(path));
  await until(page, (name) => document.title.startsWith(name), name);
  return name;
}

test('an archive without pickles is calm', async () => {
  const { zip } = await import('./zip.mjs');
  const { fixture } = await import('./lib.mjs');
  const page = await visit(world);
  const array = await fixture('containers/numpy-2.4.6/float64.npy');
  await drop(page, 'arrays.npz', zip([['a.npy', array], ['b.npy', array]]));
  await until(page, () => document.querySelector('.verdict')?.dataset.level === 'No pickles');
  assert.ok(await page.$('.verdict.level-data'));
  assert.match(await page.textContent('.verdict'), /No pickles inside/);
});

test('an archive in an archive shows what it is about in one click, a text its text', async () => {
  const { zip } = await import('./zip.mjs');
  const { fixture } = await import('./lib.mjs');
  const page = await visit(world);
  const torch = await fixture('containers/torch-2.6.0/state-dict.pt');
  await drop(page, 'model.zip', zip([['data', Buffer.from('{"a": 1}\n')], ['policy.pth', torch], ['other.pth', torch], ['read.me', Buffer.from('Hello, this is\nplain text.\n')]]));
  await until(page, () => document.querySelectorAll('#contents [data-member]').length >= 5);
  await choose(page, 'policy.pth');
  await page.waitForSelector('[data-card="state dict"]');
  await page.click('#tab-contents');
  await choose(page, 'read.me');
  await until(page, () => document.querySelector('.value-text')?.textContent.includes('plain text.'));
  assert.equal(await value(page), 'Hello, this is\nplain text.');
});

test('a dict opens on a row for each key, with the text, opcodes and bytes folded below', async () => {
  const page = await open('small.pkl', SMALL);
  await until(page, () => document.querySelectorAll('.fields [data-field] .field-type').length === 3);
  assert.deepEqual(await fields(page), [["'numbers'", 'list', '3 items [1, 2, 3]'], ["'inner'", 'dict', "2 items {'text': 'hello', 'flag': True}"], ["'last'", 'None', 'None']]);
  assert.ok(!await page.isVisible('.value-text') && !await page.isVisible('[data-built]') && !await page.isVisible('#hex'));
  for (const part of ['.value', '[data-part=opcodes]', '[data-part=bytes]']) await page.click(`${part} > summary`);
  await page.waitForSelector('#hex .hex-digits');
  assert.ok(await page.isVisible('.value-text') && await page.isVisible('[data-built]'));
  assert.deepEqual(await serious(page), []);
  await page.click('.fields [data-node-link] >> nth=1');
  await until(page, () => document.querySelector('.inspector-title')?.textContent === "'inner'");
  await until(page, () => document.querySelectorAll('.fields [data-field] .field-type').length === 2);
});

test('the fields of a value are sorted by their heads, and walked by keys', async () => {
  const page = await open('small.pkl', SMALL);
  const names = async () => (await fields(page)).map(([name]) => name).join(' ');
  await until(page, () => document.querySelectorAll('.fields [data-field] .field-type').length === 3);
  const becomes = (words) => until(page, (words) => [...document.querySelectorAll('.fields [data-field]')]
    .sort((a, b) => a.dataset.field - b.dataset.field).map((row) => row.children[0].textContent.trim()).join(' ') === words, words);
  await page.click('.fields [data-sort=name]');
  await becomes("'inner' 'last' 'numbers'");
  assert.equal(await page.getAttribute('.fields [role=columnheader] >> nth=0', 'aria-sort'), 'ascending');
  await page.click('.fields [data-sort=name]');
  await becomes("'numbers' 'last' 'inner'");
  await page.click('.fields [data-sort=name]');
  await becomes("'numbers' 'inner' 'last'");
  await page.click('.fields [data-sort=bytes]');
  await becomes("'inner' 'numbers' 'last'");
  await page.focus('.fields');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('.inspector-title')?.textContent === "'numbers'");
  assert.match(await names() || 'none', /none/, 'plain numbers have no fields');
  assert.deepEqual(page.complaints, []);
});

test('a list of equal records is a table', async () => {
  const record = (i) => dict(str('name'), str(`user ${i}`), str('age'), int(i), str('tags'), list(str('a')));
  const page = await open('records.pkl', bytes(proto, list(...Array.from({ length: 300 }, (_, i) => record(i))), '.'));
  await page.waitForSelector('.card-grid .grid-cell');
  assert.match(await page.textContent('.card-section'), /300 records by 3 fields/);
  await until(page, () => document.querySelector('.grid')?.textContent.includes('user 3'));
  assert.match(await page.textContent('.grid'), /name\s*age\s*tags/);
  await page.click('.grid [data-node-link] >> nth=0');
  await until(page, () => document.querySelector('.inspector-title')?.textContent === "'tags'");
});

test('a dict that holds itself, an empty one and one of 300,000 keys', async () => {
  const page = await open('self.pkl', bytes(proto, [0x7d, 0x94], '(', str('me'), 'h', [0], str('none'), '}', 'u.'));
  await until(page, () => document.querySelectorAll('.fields [data-field] .field-type').length === 2);
  assert.match((await fields(page))[0][2], /^the value itself/);
  await selectRow(page, "'none'");
  await until(page, () => !document.querySelector('.fields') && document.querySelector('.value-text'));
  const pairs = Buffer.alloc(300000 * 6);
  for (let i = 0; i < 300000; i += 1) {
    pairs[i * 6] = 0x4a; // BININT
    pairs.writeInt32LE(i, i * 6 + 1);
    pairs[i * 6 + 5] = 0x4e; // NONE
  }
  await drop(page, 'huge.pkl', bytes(proto, '}(', pairs, 'u.'));
  await opened(page, 'huge.pkl');
  await page.waitForSelector('.fields [data-field] .field-type');
  assert.equal(await page.$('.fields [data-sort]'), null, 'too many to be sorted');
  await page.focus('.fields');
  await page.keyboard.press('End');
  await until(page, () => document.querySelector('.fields [data-field="299999"] .field-type'));
  assert.deepEqual(page.complaints, []);
});

test('a member that cannot be read says why, and what helps', async () => {
  const page = await visit(world);
  await dropFixtureOf(page, 'containers/py7zr-1.1.4/encrypted.7z');
  await until(page, () => document.querySelector('#inspector')?.textContent.includes('it is encrypted'));
  assert.match(await page.textContent('#inspector'), /Unpack it with the tool that packed it/);
  await until(page, () => document.querySelector('.verdict')?.dataset.level === 'Partly read');
  assert.match(await page.textContent('.verdict'), /No pickle was found\. Not all was read/);
  assert.equal(await page.$('.notice'), null);
  assert.deepEqual(page.complaints, []);
});

test('a DataFrame opens to its columns, each with its distribution and values', async () => {
  const { page } = await openFixture('tables/pandas-2.2/blocks.p5.pkl');
  const rows = () => page.$$eval('[role=treeitem][aria-level="2"] .label', (labels) => labels.map((label) => label.textContent));
  await page.waitForSelector('[data-card=DataFrame]');
  await until(page, () => document.querySelectorAll('[role=treeitem][aria-level="2"]').length > 2);
  const names = await rows();
  assert.equal(names.at(-1), 'as pickled');
  assert.ok(!names.includes('_mgr'), names.join());
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('[data-card=column] .statistics, [data-card=column] .histogram');
  await until(page, () => document.querySelectorAll('[data-card=column] .grid-cell').length > 1);
  assert.equal(await page.textContent('.path code'), `obj[${names[0]}]`);
  assert.deepEqual(await serious(page), []);
  // The name of a column leads to the column, not to the block that it stands in.
  await page.keyboard.press('ArrowUp');
  await page.click('[data-card=DataFrame] [data-column-link="1"]');
  await page.waitForSelector('[data-card=column]');
  assert.equal(await page.textContent('.path code'), `obj[${names[1]}]`);
  // A column has no raw value of its own, and is saved with its table.
  assert.ok(!(await page.$$eval('.jump', (jumps) => jumps.map((jump) => jump.textContent))).includes('Raw value'));
  await page.click('#inspector [data-act="save-as"]');
  assert.match(await page.textContent('.modal h2'), /^Save the table/);
  await page.waitForSelector('[data-format="Csv"]');
  assert.deepEqual(page.complaints, []);
});
