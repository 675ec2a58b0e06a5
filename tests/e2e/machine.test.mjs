// The machine tab: stack and memo before and after the selected opcode, steps, runs, the scrubber, links.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HOSTILE, OUTPUT, SMALL, bytes, drop, dropFixture, int, numbers, opened, proto, start, str, until, violations, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(name, data, options) {
  const page = await visit(world, options);
  await drop(page, name, data);
  await opened(page, name);
  await page.click('#tab-machine');
  await page.waitForSelector('#machine .machine-state');
  return page;
}

const opcode = (page) => page.textContent('#machine .op-name');
const opcodeIs = (page, name) => until(page, (name) => document.querySelector('#machine .op-name')?.textContent === name, name);
const stack = (page, when) => page.$$eval(`#machine .machine-state[aria-label=${when}] ol:first-of-type li`, (items) => items
  .map((item) => item.querySelector('.machine-value, .machine-mark').textContent.trim()));
const scrubber = (page) => page.$eval('#machine-scrubber', (input) => Number(input.value));

test('steps go forward and back, and are told', async () => {
  const page = await open('small.pkl', SMALL);
  await page.focus('#machine');
  await page.keyboard.press('Home');
  await opcodeIs(page, 'PROTO');
  for (const name of ['EMPTY_DICT', 'MARK', 'SHORT_BINUNICODE', 'EMPTY_LIST', 'MARK', 'BININT1', 'BININT1', 'BININT1', 'APPENDS']) {
    await page.keyboard.press('ArrowRight');
    await opcodeIs(page, name);
  }
  assert.equal(await page.textContent('#machine-sentence'), 'Takes the 3 values above the mark, 1, 2 and 3, and appends them to the list.');
  assert.deepEqual(await stack(page, 'Before'), ['3', '2', '1', 'MARK of instruction 5', 'list empty', "'numbers'", 'MARK of instruction 2', 'dict empty']);
  assert.deepEqual(await stack(page, 'After'), ['list 3 items [1, 2, 3]', "'numbers'", 'MARK of instruction 2', 'dict empty']);
  await page.keyboard.press('ArrowLeft');
  await opcodeIs(page, 'BININT1');
  await page.keyboard.press('End');
  await until(page, () => document.querySelector('#machine-sentence')?.textContent === 'The last pickle has ended.');
  await page.click('text="◀ Back"');
  await opcodeIs(page, 'STOP');
  assert.deepEqual(page.complaints, []);
});

test('it follows the selection of the page, and leads it', async () => {
  const page = await open('small.pkl', SMALL);
  await page.focus('#machine');
  await page.keyboard.press('Home');
  await opcodeIs(page, 'PROTO');
  await page.keyboard.press('ArrowRight');
  await opcodeIs(page, 'EMPTY_DICT');
  await until(page, () => document.querySelector('#inspector[data-opcode="1"]'));
  await page.click('#tab-opcodes');
  await until(page, () => document.querySelector('#opcodes [data-opcode="1"].row-selected'));
  await page.click('#opcodes [data-opcode="9"]');
  await until(page, () => document.querySelector('#inspector[data-opcode="9"]'));
  await page.click('#tab-machine');
  await opcodeIs(page, 'APPENDS');
  // A byte, typed.
  await page.fill('#go-to', '2');
  await page.press('#go-to', 'Enter');
  await opcodeIs(page, 'EMPTY_DICT');
  // A value on the stack becomes the selection; the machine stays.
  await page.focus('#machine');
  await page.keyboard.press('ArrowRight');
  await opcodeIs(page, 'MARK');
  await page.click('#machine .machine-state[aria-label=After] .machine-value');
  await until(page, () => document.querySelector('#inspector[data-node]'));
  assert.equal(await opcode(page), 'MARK');
  assert.deepEqual(page.complaints, []);
});

test('readers stand side by side where they differ, and a sentence where they do not', async () => {
  const page = await open('small.pkl', SMALL);
  await until(page, () => document.querySelector('.readers-sentence')?.textContent === 'All three readers read the same.');
  assert.equal(await page.$('.readers table'), null);
  // An octal number for C, an error for pickle.py, ten for pickletools.
  await drop(page, 'octal.pkl', bytes('N0I010\n.'));
  // Who looked at the machine goes on with the machine.
  await until(page, () => document.title.startsWith('octal.pkl')
    && document.querySelector('.readers-sentence')?.textContent === 'Readers differ at 1 place.');
  const cells = (table) => page.$$eval(`${table} tr`, (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
  assert.deepEqual(await cells('.readers-ends'), [
    ['C loader', 'loads 8'],
    ['pickle.py', "2 stops: ValueError: invalid literal for int() with base 0: b'010\\n'"],
    ['pickletools', 'lists it to STOP, with other values'],
  ]);
  assert.deepEqual((await cells('.readers-difference')).map((row) => row[1]).slice(0, 1), ['sees 8']);
  assert.equal((await cells('.readers-difference'))[2][1], 'sees 10');
  await page.click('.readers-difference .readers-place');
  await opcodeIs(page, 'INT');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
});

test('it runs to calls, names, uses and writes', async () => {
  const page = await open('hostile.pkl', bytes(proto, str('a'), [0x94], 'h', [0], '0', HOSTILE.subarray(2)));
  await page.focus('#machine');
  await page.keyboard.press('Home');
  await opcodeIs(page, 'PROTO');
  await page.selectOption('#machine-goal', 'name');
  await page.click('[aria-label="Run forward"]');
  await opcodeIs(page, 'GLOBAL');
  await page.selectOption('#machine-goal', 'call');
  await page.click('[aria-label="Run forward"]');
  await opcodeIs(page, 'REDUCE');
  assert.match(await page.textContent('#machine-sentence'), /a loader calls os\.system/);
  await page.click('[aria-label="Run forward"]');
  await until(page, () => document.querySelector('.notice-text')?.textContent.startsWith('There is no call after'));
  await page.focus('#machine');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await opcodeIs(page, 'SHORT_BINUNICODE');
  await page.selectOption('#machine-goal', 'use');
  for (const name of ['MEMOIZE', 'BINGET', 'POP']) {
    await page.click('[aria-label="Run forward"]');
    await opcodeIs(page, name);
  }
  await page.selectOption('#machine-goal', 'made');
  await page.click('[aria-label="Run back"]');
  await opcodeIs(page, 'SHORT_BINUNICODE');
  await page.keyboard.press('Tab');
  assert.deepEqual(page.complaints, []);
});

test('the scrubber goes over millions of opcodes', async () => {
  const count = 2_000_000;
  const page = await open('numbers.pkl', numbers(count));
  await until(page, () => Number(document.querySelector('#machine-scrubber')?.max) > 2_000_000);
  const move = async (to) => {
    await page.$eval('#machine-scrubber', (input, to) => {
      input.value = String(to);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, to);
    await until(page, (to) => document.querySelector('.machine-head .section-note')?.textContent.startsWith(`instruction ${to.toLocaleString('en')} of`), to);
  };
  // What the end needs is made while the tab is looked at, and not only when somebody goes there.
  await page.waitForTimeout(3000);
  await page.evaluate(() => {
    globalThis.waits = 0;
    const observer = new MutationObserver(() => { if (document.querySelector('.machine-note')) globalThis.waits += 1; });
    observer.observe(document.querySelector('#machine'), { childList: true, subtree: true });
  });
  await move(1_999_999);
  assert.equal(await page.evaluate(() => globalThis.waits), 0, 'nothing was waited for');
  const began = Date.now();
  await move(1_000_003);
  await move(1_999_990);
  await move(7);
  const took = (Date.now() - began) / 3;
  console.log(`  ${took.toFixed(0)} ms for each place of the scrubber`);
  assert.equal((await stack(page, 'Before'))[0], '3');
  await move(1_999_999);
  assert.equal((await stack(page, 'Before'))[0], '1999995');
  await page.click('#machine .machine-state[aria-label=Before] .machine-more');
  await until(page, () => document.querySelector('#machine .machine-state[aria-label=Before] .machine-value')?.textContent.trim() === '1999955');
  assert.ok(await scrubber(page) === 1_999_999);
  // Of places that follow each other quickly the last becomes the selection.
  await page.$eval('#machine-scrubber', (input) => {
    for (let to = 1000; to <= 1020; to += 1) {
      input.value = String(to);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  await until(page, () => document.querySelector('#inspector[data-opcode="1020"]'));
  assert.ok(await scrubber(page) === 1020);
  assert.deepEqual(page.complaints, []);
});

test('a cut pickle shows what was on the stack where it stopped', async () => {
  const page = await visit(world);
  await dropFixture(page, 'edge/cut-in-list.pkl');
  await page.click('#tab-machine');
  await page.waitForSelector('#machine .machine-state');
  await page.focus('#machine');
  await page.keyboard.press('End');
  await until(page, () => document.querySelector('#machine-sentence')?.textContent.startsWith('The reading stopped here'));
  assert.ok((await stack(page, 'Before')).length > 0);
  assert.deepEqual(page.complaints, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1440, 900], [900, 1100], [400, 800]]) {
    test(`axe finds nothing in the machine at ${width} pixels, ${colorScheme}`, async () => {
      const page = await open('model.pkl', bytes(proto, '}', [0x94], '(', str('names'), ']', [0x94], '(', str('first'), [0x94], str('second'), [0x94], 'e',
        str('numbers'), '](', int(1), int(70000), 'e', str('call'), 'cos\nsystem\n', str('echo this is never run'), [0x85], 'R', 'u.'),
      { viewport: { width, height }, colorScheme });
      await page.focus('#machine');
      await page.keyboard.press('Home');
      await opcodeIs(page, 'PROTO');
      await page.selectOption('#machine-goal', 'call');
      await page.click('[aria-label="Run forward"]');
      await opcodeIs(page, 'REDUCE');
      await page.screenshot({ path: `${OUTPUT}machine-${width}-${colorScheme}.png` });
      assert.deepEqual(await violations(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.ok(!wide, 'nothing is wider than the window');
    });
  }
}
