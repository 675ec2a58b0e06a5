// Notices: what is said goes away by itself, what failed stays, and both are seen and heard above dialogs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OUTPUT, SMALL, TROUBLE, beforeWorker, drop, dropFixture, opened, start, until, violations, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

async function open(options) {
  const page = await visit(world, options);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  return page;
}

const said = (page) => page.$eval('.notice-text', (text) => text.textContent).catch(() => '');
const gone = (page) => until(page, () => !document.querySelector('.notice'));

test('what was done is said, and goes with the next action or by itself', async () => {
  const page = await open();
  await page.keyboard.press('F8');
  await until(page, () => document.querySelector('[role=status] .notice-text')?.textContent === 'There is no finding to go to.');
  // Too early: nobody has read it.
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await said(page), '');
  await page.waitForTimeout(2200);
  await page.keyboard.press('ArrowDown');
  await gone(page);
  await page.keyboard.press('F8');
  await page.waitForSelector('.notice');
  const began = Date.now();
  await gone(page);
  assert.ok(Date.now() - began > 6000, 'it can be read');
  assert.deepEqual(page.complaints, []);
});

test('what failed stays until it is closed, by Escape or by its button', async () => {
  const page = await open({ init: beforeWorker, argument: TROUBLE });
  const fail = async () => {
    await page.fill('#go-to', '99999');
    await page.press('#go-to', 'Enter');
    await until(page, () => document.querySelector('[role=alert] .notice-text')?.textContent.startsWith('Type an offset'));
  };
  await fail();
  await page.waitForTimeout(2500);
  await page.focus('#tree');
  await page.keyboard.press('ArrowDown');
  assert.match(await said(page), /^Type an offset/);
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: `${OUTPUT}notice-failed.png` });
  await page.keyboard.press('Escape');
  await gone(page);
  await fail();
  await page.focus('[aria-label=Dismiss]');
  await page.keyboard.press('Enter');
  await gone(page);
  await until(page, () => document.activeElement?.id === 'tree', 'the keyboard goes back to the view');
  assert.deepEqual(page.complaints, []);
});

for (const [width, height] of [[1440, 900], [400, 800]]) {
  test(`a notice is seen above a dialog, and Escape closes it before the dialog: ${width}×${height}`, async () => {
    const page = await visit(world, { viewport: { width, height } });
    await dropFixture(page, 'tables/pandas-2.2/blocks.p5.pkl'); // which has packages to pin
    await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); document.execCommand = () => false; });
    await page.keyboard.press('Control+k');
    await page.fill('#palette', 'what wrote the file');
    await page.keyboard.press('Enter');
    await page.click('dialog[open] [data-act=copy-pins]');
    await page.waitForSelector('dialog[open] [role=alert] .notice');
    const isSeen = await page.$eval('.notice-text', (text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.closest('.notice') !== null;
    });
    assert.ok(isSeen);
    assert.equal(await page.$$eval('.notice', (all) => all.length), 1, 'it is there once');
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: `${OUTPUT}notice-dialog-${width}.png` });
    await page.keyboard.press('Escape');
    await gone(page);
    assert.ok(await page.$('dialog[open]'), 'the dialog stays');
    await page.keyboard.press('Escape');
    await until(page, () => !document.querySelector('dialog'));
    assert.deepEqual(page.complaints, []);
  });
}
