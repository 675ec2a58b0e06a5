// What an error means, with a file and without one, and code that loads the file.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import {
  OUTPUT, SMALL, bytes, copiedText, drop, opened, paste, proto, start, str, until, violations, visit,
} from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

/** An instance of __main__.Model with one attribute. */
const MODEL = bytes(proto, str('__main__'), str('Model'), [0x93], ')', [0x81], '}', str('a'), 'K', [1], 'sb.');
const ERROR = "AttributeError: Can't get attribute 'Model' on <module '__main__' (built-in)>";

/** Waits until the message is explained; how many causes are known. */
async function explained(page) {
  await page.waitForSelector('.explain-answer[data-causes]');
  return Number(await page.getAttribute('.explain-answer', 'data-causes'));
}

test('a message is explained before any file is open', async () => {
  const page = await visit(world);
  await page.click('.learn [data-act=explain]');
  await until(page, () => document.activeElement?.id === 'explain-text');
  await page.fill('#explain-text', ERROR);
  assert.equal(await explained(page), 1);
  const text = await page.textContent('.explain-cause');
  assert.match(text, /What to do/);
  assert.match(text, /No file is open/);
  assert.equal(await page.$('.explain-code'), null);
  // What is typed next counts, and an empty box says nothing.
  await page.fill('#explain-text', 'ValueError: the price must be positive');
  await page.waitForSelector('.explain-answer[data-causes="0"]');
  assert.match(await page.textContent('.explain-answer'), /not known/);
  await page.fill('#explain-text', '');
  await page.waitForSelector('.explain-answer:not([data-causes])');
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog') && document.activeElement?.dataset.act === 'explain');
  // The worker that has answered opens the file.
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  assert.deepEqual(page.complaints, []);
});

test('with the file open the answer says where it shows the cause', async () => {
  const page = await visit(world);
  await drop(page, 'model.pkl', MODEL);
  await opened(page, 'model.pkl');
  await page.click('.footer [data-act=explain]');
  await page.fill('#explain-text', ERROR);
  assert.equal(await explained(page), 1);
  const offset = await page.getAttribute('[data-answer=shows] [data-evidence]', 'data-evidence');
  await page.click('[data-answer=shows] [data-evidence]');
  await until(page, () => !document.querySelector('dialog'));
  await until(page, (offset) => location.hash === `#offset=${offset}`, offset);
  assert.deepEqual(page.complaints, []);
});

test('a traceback that is pasted onto the page is explained', async () => {
  const page = await visit(world);
  await paste(page, `Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    pickle.load(file)\n${ERROR}\n`);
  assert.equal(await explained(page), 1);
  assert.match(await page.inputValue('#explain-text'), /^Traceback/);
  assert.deepEqual(page.complaints, []);
});

test('code that loads the file is written, copied and saved', async () => {
  const page = await visit(world, { permissions: ['clipboard-read', 'clipboard-write'] });
  await drop(page, 'model.pkl', MODEL);
  await opened(page, 'model.pkl');
  await page.click('.footer [data-act=explain]');
  await page.click('.explain-code > summary');
  // Its class is somebody's own, which not everybody has.
  await until(page, () => document.querySelector('.stubs-text')?.textContent.includes('class Model(object)'));
  await page.click('[data-stubs="load.py"]');
  await until(page, () => document.querySelector('.stubs-text')?.textContent.includes('class Loader(pickle.Unpickler)'));
  await page.click('[data-stubs="stand_ins.py"]');
  await until(page, () => document.querySelector('.stubs-text')?.textContent.includes('class Model(object)'));
  const code = await page.textContent('.stubs-text');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-act=save-code]')]);
  assert.equal(download.suggestedFilename(), 'stand_ins.py');
  assert.equal(await readFile(await download.path(), 'utf8'), code);
  await page.click('[data-act=copy-code]');
  await until(page, () => document.querySelector('.stubs-said')?.textContent === 'Copied.');
  assert.equal(await copiedText(page), code);
  assert.deepEqual(page.complaints, []);
});

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1440, 900], [320, 800]]) {
    test(`the answer and the code at ${width}×${height}, ${colorScheme}`, async () => {
      const page = await visit(world, { viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      await drop(page, 'model.pkl', MODEL);
      await opened(page, 'model.pkl');
      await page.click('.footer [data-act=explain]');
      await page.fill('#explain-text', ERROR);
      await explained(page);
      await page.screenshot({ path: `${OUTPUT}explain-${width}x${height}-${colorScheme}.png` });
      await page.click('.explain-code > summary');
      await page.waitForSelector('.stubs-text');
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.querySelector('dialog').scrollWidth <= innerWidth), 'nothing sticks out');
      assert.deepEqual(page.complaints, []);
    });
  }
}
