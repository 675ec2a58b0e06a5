// What the reader sets and the page keeps: widths, theme, density, how Python 2 is read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, bytes, drop, dropFixture, opened, start, started, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const SPLITTER = '[role=separator]';
const width = (page) => page.$eval('.pane-left', (pane) => pane.getBoundingClientRect().width);
const share = async (page) => await width(page) / await page.$eval('.panes', (panes) => panes.clientWidth);
const value = (page) => page.getAttribute(SPLITTER, 'aria-valuenow').then(Number);

async function open(options) {
  const page = await visit(world, options);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  return page;
}

test('the tree takes what its rows need, and more when it needs more', async () => {
  const page = await open();
  const narrow = await share(page);
  assert.ok(narrow < 0.4, `${narrow}`);
  await dropFixture(page, '../samples/sklearn-bundle.pkl');
  assert.ok(await share(page) > narrow);
  await page.click('#tab-opcodes');
  await until(page, () => document.querySelector('.pane-left').clientWidth / document.querySelector('.panes').clientWidth > 0.45);
});

test('the border between the panes moves by keys, says where it is, and stays there', async () => {
  const page = await open();
  const automatic = await width(page);
  await page.focus(SPLITTER);
  const before = await value(page);
  await page.keyboard.press('ArrowRight');
  await until(page, (before) => Number(document.querySelector('[role=separator]').ariaValueNow) === before + 2, before);
  assert.ok(await width(page) > automatic);
  await page.keyboard.press('Shift+ArrowLeft');
  await until(page, (before) => Number(document.querySelector('[role=separator]').ariaValueNow) === before - 8, before);
  await page.keyboard.press('End');
  await until(page, () => document.querySelector('[role=separator]').ariaValueNow === document.querySelector('[role=separator]').ariaValueMax);
  await page.keyboard.press('Home');
  await until(page, () => document.querySelector('[role=separator]').ariaValueNow === document.querySelector('[role=separator]').ariaValueMin);
  assert.equal(await page.evaluate(() => document.getElementById(document.querySelector('[role=separator]').getAttribute('aria-controls'))?.role), 'tabpanel');
  for (let times = 0; times < 10; times += 1) await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('[role=separator]').ariaValueNow === '40');

  // It is there in the first frame of the next visit.
  await page.reload();
  await started(page);
  assert.match(await page.evaluate(() => document.documentElement.style.getPropertyValue('--left')), /^40/);
  await page.evaluate(() => {
    // What the selection is fills in when it is known; the panes stand where they are from the first frame on.
    globalThis.moved = [];
    new PerformanceObserver((list) => {
      for (const { node } of list.getEntries().flatMap(({ sources }) => sources)) {
        if (node?.nodeType === 1 && node.matches('.pane, .splitter, .tabs, .tab, #tree, .row, .inspector')) globalThis.moved.push(node.className);
      }
    }).observe({ type: 'layout-shift' });
  });
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  assert.ok(Math.abs(await share(page) - 0.4) < 0.01);
  await page.waitForTimeout(300);
  assert.deepEqual(await page.evaluate(() => globalThis.moved), []);

  await page.focus(SPLITTER);
  await page.keyboard.press('Enter');
  await until(page, (automatic) => Math.abs(document.querySelector('.pane-left').getBoundingClientRect().width - automatic) < 1, automatic);
  assert.equal(await page.evaluate(() => localStorage.getItem('left')), null);
  assert.deepEqual(page.complaints, []);
});

test('the border is drawn by the mouse and by a finger, and a double click lets it go', async () => {
  const page = await open({ hasTouch: true });
  const automatic = await width(page);
  const { x, y, width: across, height } = await page.locator(SPLITTER).boundingBox();
  assert.ok(across >= 24 && height > 300, `${across}`);
  const from = [x + across / 2, y + height / 2];
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(from[0] + 150, from[1], { steps: 5 });
  await page.mouse.up();
  assert.ok(Math.abs(await width(page) - automatic - 150) < 2);
  assert.ok(Number(await page.evaluate(() => localStorage.getItem('left'))) > 0.2);
  await page.mouse.move(from[0], from[1]);
  assert.ok(Math.abs(await width(page) - automatic - 150) < 2, 'let go of');
  const touch = await page.context().newCDPSession(page);
  const finger = (type, at) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y: from[1] }] });
  await finger('touchStart', from[0] + 150);
  for (const at of [120, 80, 50]) await finger('touchMove', from[0] + at);
  await finger('touchEnd');
  await until(page, (wanted) => Math.abs(document.querySelector('.pane-left').getBoundingClientRect().width - wanted) < 3, automatic + 50);
  await page.mouse.dblclick(from[0] + 50, from[1]);
  await until(page, (automatic) => Math.abs(document.querySelector('.pane-left').getBoundingClientRect().width - automatic) < 1, automatic);
  await page.setViewportSize({ width: 800, height: 900 });
  assert.equal(await page.isVisible(SPLITTER), false, 'panes one below the other have no border to move');
  assert.deepEqual(page.complaints, []);
});

test('whatever is in the storage, the page starts', async () => {
  for (const stored of [{ left: '7', theme: 'pink', density: '', python2: 'utf8' }, { left: 'NaN', theme: '"><script>' }, { left: '-0.3' }]) {
    const page = await visit(world, {
      init: (stored) => { for (const [name, value] of Object.entries(stored)) localStorage.setItem(name, value); }, argument: stored,
    });
    await drop(page, 'small.pkl', SMALL);
    await opened(page, 'small.pkl');
    assert.ok(await share(page) < 0.4);
    assert.deepEqual(await page.evaluate(() => [{ ...document.documentElement.dataset }, document.documentElement.style.length]), [{}, 0]);
    assert.deepEqual(page.complaints, []);
  }
});

test('settings are chosen by keyboard alone and remembered', async () => {
  const page = await open({ colorScheme: 'light' });
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const row = () => page.$eval('#tree-0', (row) => row.getBoundingClientRect().height);
  const [light, comfortable] = [await background(), await row()];
  await page.keyboard.press('Control+k');
  await until(page, () => document.activeElement?.id === 'palette');
  await page.keyboard.type('preferences');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-setting=theme]');
  await page.focus('[data-setting=theme]');
  await page.keyboard.press('End');
  await until(page, () => document.documentElement.dataset.theme === 'dark');
  await page.focus('[data-setting=density]');
  await page.keyboard.press('End');
  await until(page, (height) => document.querySelector('#tree-0').getBoundingClientRect().height < height, comfortable);
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));
  await page.reload();
  await started(page);
  assert.notEqual(await background(), light);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  assert.ok(await row() < comfortable);
  await page.click('[data-act=settings]');
  assert.equal(await page.inputValue('[data-setting=theme]'), 'dark');
  await page.selectOption('[data-setting=theme]', 'system');
  await page.selectOption('[data-setting=density]', 'comfortable');
  assert.equal(await background(), light);
  assert.equal(await page.evaluate(() => localStorage.length), 0, 'the defaults are not stored');
  assert.deepEqual(page.complaints, []);
});

/** A str of Python 2 that is no ASCII: 'caf\xe9'. */
const PYTHON2 = bytes([0x80, 2], 'U', [4], 'caf', [0xe9], '.');

test('how Python 2 is read holds for the files that come after', async () => {
  const page = await visit(world);
  await drop(page, 'old.pkl', PYTHON2);
  await opened(page, 'old.pkl');
  assert.ok(!(await page.textContent('#tree')).includes('café'));
  await page.selectOption('.python2 [data-setting]', 'latin1');
  await until(page, () => document.querySelector('#tree').textContent.includes('café'));
  await page.reload();
  await started(page);
  await drop(page, 'other.pkl', PYTHON2);
  await opened(page, 'other.pkl');
  await until(page, () => document.querySelector('#tree').textContent.includes('café'));
  assert.equal(await page.inputValue('.python2 [data-setting]'), 'latin1');
  await page.click('[data-act=settings]');
  await page.selectOption('.settings [data-setting=python2]', 'bytes');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('#tree').textContent.includes('café'));
  assert.equal(await page.inputValue('.python2 [data-setting]'), 'bytes');
  assert.deepEqual(page.complaints, []);
});
