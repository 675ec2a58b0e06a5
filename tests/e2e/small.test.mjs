// Small windows: header and verdict are short, the tabs stand in one line, and nothing is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OUTPUT, dropFixture, opened, start, until, violations, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const TORCH = 'containers/python-3.11.7/same-name.zip';
const box = (page, selector) => page.$eval(selector, (element) => {
  const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
  return { left, right, top, bottom, width, height };
});
const noSideways = async (page, what) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing sticks out: ${what}`);

test('at 400×800 the view begins in the upper quarter, and the verdict is one line that opens', async () => {
  const page = await visit(world, { viewport: { width: 400, height: 800 } });
  await page.click('[data-sample="hostile-demo.pkl"]');
  await opened(page, 'hostile-demo.pkl');
  await page.waitForTimeout(300);
  const tree = await box(page, '#tree');
  assert.ok(tree.top < 200, `header, verdict and tabs take ${tree.top} pixels`);
  const bar = await box(page, '.verdict-bar');
  assert.ok(bar.height < 48, `the verdict takes ${bar.height} pixels`);
  assert.match(await page.textContent('.verdict-word'), /Dangerous/);
  assert.ok((await box(page, '.verdict-sentence')).width > 100, 'what decides is seen');
  assert.ok(!await page.isVisible('.facts-row'));
  await page.focus('[data-act=verdict]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-act=verdict][aria-expanded=true]');
  assert.ok(await page.isVisible('.facts-row'));
  assert.ok(await page.$eval('.verdict-sentence', (sentence) => sentence.scrollWidth <= sentence.clientWidth + 1), 'the sentence is whole');
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-act=verdict][aria-expanded=false]');
  await page.click('[data-act=evidence]');
  await page.waitForSelector('#inspector[data-opcode]');
  assert.deepEqual(page.complaints, []);
});

test('that a file was read in part is said in the closed verdict, too', async () => {
  const page = await visit(world, { viewport: { width: 400, height: 800 } });
  await dropFixture(page, 'edge/cut-in-list.pkl');
  const words = await page.$$eval('.verdict-word, .reading-partial', (parts) => parts.filter((part) => part.checkVisibility()).map((part) => part.textContent));
  assert.match(words.join(' '), /Partly read/);
  assert.deepEqual(page.complaints, []);
});

for (const [width, height, text] of [[400, 800, ''], [320, 640, ''], [400, 800, '200%'], [1440, 900, '200%'], [900, 1100, '']]) {
  test(`the tabs stand in one line and the current one is in sight: ${width}×${height} ${text}`, async () => {
    const page = await visit(world, { viewport: { width, height } });
    await page.evaluate((text) => { document.documentElement.style.fontSize = text; }, text);
    await dropFixture(page, TORCH);
    await page.waitForSelector('#tab-contents');
    const tabs = await page.$$eval('[role=tab]', (tabs) => tabs.map((tab) => tab.getBoundingClientRect().top));
    assert.equal(new Set(tabs).size, 1, 'one line');
    const inSight = () => page.evaluate(() => {
      const [tab, line] = [document.querySelector('[role=tab][aria-selected=true]'), document.querySelector('.tab-list')].map((element) => element.getBoundingClientRect());
      return tab.left >= line.left - 1 && tab.right <= line.right + 1;
    });
    await page.focus('[role=tab][aria-selected=true]');
    for (let step = 0; step < tabs.length; step += 1) {
      assert.ok(await inSight(), `step ${step}`);
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(60);
    }
    await page.keyboard.press('End');
    await until(page, () => document.querySelector('#tab-bytes[aria-selected=true]'));
    assert.ok(await inSight());
    await noSideways(page, 'the tabs');
    // Not by the tabs' own keys: the palette.
    await page.keyboard.press('Control+k');
    await page.fill('#palette', 'archive');
    await page.keyboard.press('Enter');
    await until(page, () => document.querySelector('#tab-contents[aria-selected=true]'));
    await page.waitForTimeout(60);
    assert.ok(await inSight());
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: `${OUTPUT}small-${width}-${text || 'normal'}.png` });
    assert.deepEqual(page.complaints, []);
  });
}

test('at 320 pixels logo and buttons stand in one line', async () => {
  const page = await visit(world, { viewport: { width: 320, height: 640 } });
  await page.click('[data-sample="hostile-demo.pkl"]');
  await opened(page, 'hostile-demo.pkl');
  const middles = await page.$$eval('.logo, .header-actions > *', (parts) => parts.filter((part) => part.checkVisibility())
    .map((part) => part.getBoundingClientRect()).map(({ top, bottom }) => (top + bottom) / 2));
  assert.ok(Math.max(...middles) - Math.min(...middles) < 8, `${middles}`);
  await noSideways(page, 'the header');
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
});

for (const sample of ['hostile-demo.pkl', 'sklearn-bundle.pkl']) {
  test(`at 900×1100 the panes take the height that is there: ${sample}`, async () => {
    const page = await visit(world, { viewport: { width: 900, height: 1100 } });
    await page.click(`[data-sample="${sample}"]`);
    await opened(page, sample);
    await page.waitForTimeout(300);
    const [middle, footer, left, right] = await Promise.all(['.middle', '.footer', '.pane-left', '.pane-right'].map((part) => box(page, part)));
    assert.ok(footer.bottom >= middle.bottom - 1, `an empty strip of ${middle.bottom - footer.bottom} pixels`);
    assert.ok(Math.abs(right.top - left.bottom) < 2 && right.bottom <= footer.top + 1, 'one below the other');
    const empty = await page.$eval('#tree', (tree) => tree.clientHeight - Number(tree.dataset.total) * tree.querySelector('.list-probe').offsetHeight);
    assert.ok(empty < 100, `${empty} pixels without a row`);
    assert.deepEqual(page.complaints, []);
  });
}
