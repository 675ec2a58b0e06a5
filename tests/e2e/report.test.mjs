// The report as one HTML file: saved on the page, opened from the disk, under its own policy.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DAMAGED, HOSTILE, bytes, drop, dropFixture, emptyPage, opened, proto, start, str, violations, visit } from './lib.mjs';

let world;
let folder;
before(async () => {
  world = await start();
  folder = await mkdtemp(join(tmpdir(), 'picklescope-report-'));
});
after(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

/** Saves the report of what is open; the path of the file. */
async function save(page) {
  await page.click('.header [data-act=export]');
  const download = page.waitForEvent('download');
  await page.click('[data-format=Html]');
  const file = await download;
  await page.waitForSelector('[data-saving=done]');
  await page.keyboard.press('Escape');
  const path = join(folder, file.suggestedFilename());
  await copyFile(await file.path(), path);
  return path;
}

/** A page with the report, and what it asked for. */
async function read(path, options = {}) {
  const page = await emptyPage(world, options);
  page.asked = [];
  page.on('request', (request) => page.asked.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  return page;
}

const FILES = [
  ['hostile.pkl', HOSTILE, ['Dangerous', 'os', 'system', 'echo this is never run', 'Findings (2)']],
  ['cut.pkl', DAMAGED, ['Partly read', 'Reading stopped here.', 'What was not read may do anything:']],
  ['<img src=x onerror=alert(1)>\u202e.pkl', bytes(proto, str('</main><script>document.title = "run"</script>\u202e'), '.'), ['<script>', '\\u202e']],
];

for (const [name, data, words] of FILES) {
  test(`${name}: what the report says, in light and dark and in every width`, async () => {
    const page = await visit(world);
    await drop(page, name, data);
    await page.waitForSelector('.verdict');
    const said = await page.textContent('.verdict-sentence');
    const asked = world.server.requests.length;
    const path = await save(page);
    assert.equal(world.server.requests.length, asked);
    for (const [width, colorScheme] of [[1440, 'light'], [400, 'dark']]) {
      const report = await read(path, { viewport: { width, height: 800 }, colorScheme });
      const text = await report.evaluate(() => document.body.textContent);
      for (const word of [said, ...words]) assert.ok(text.includes(word), `${word}\n${text.slice(0, 3000)}`);
      assert.equal(await report.$('script, iframe, object, link, a, form'), null);
      assert.match(await report.title(), /report by Picklescope$/);
      assert.deepEqual(await violations(report), []);
      assert.equal(await report.evaluate(() => document.documentElement.scrollWidth - innerWidth <= 0), true, 'no scrolling sideways');
      assert.deepEqual(report.asked, [pathToFileURL(path).href]);
      assert.deepEqual(report.complaints, []);
    }
  });
}

test('a model has its versions and tree, and the digest of the file', async () => {
  const page = await visit(world);
  await page.click('[data-sample="sklearn-bundle.pkl"]');
  await opened(page, 'sklearn-bundle.pkl');
  const path = await save(page);
  const report = await read(path);
  const text = await report.evaluate(() => document.body.textContent);
  for (const words of ['scikit-learn', 'Pipeline', 'What wrote it']) assert.ok(text.includes(words), words);
  const sample = await readFile(new URL('../samples/sklearn-bundle.pkl', import.meta.url));
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', sample)).toString('hex');
  assert.ok(text.includes(digest), digest);
  // Folded with the keyboard, without a script.
  const closed = await report.$$eval('.tree details', (all) => all.filter(({ open }) => !open).length);
  await report.focus('.tree summary');
  await report.keyboard.press('Enter');
  assert.equal(await report.$$eval('.tree details', (all) => all.filter(({ open }) => !open).length), closed + 1);
  assert.deepEqual(await violations(report), []);
  assert.deepEqual(report.asked, [pathToFileURL(path).href]);
});

test('arrays have pictures', async () => {
  const page = await visit(world);
  for (const [name, drawing] of [['image-rgb.p2.pkl', 'img'], ['spread.p2.pkl', 'svg']]) {
    await dropFixture(page, `arrays/numpy-2.4/${name}`);
    await opened(page, name);
    const report = await read(await save(page));
    assert.ok(await report.$eval(`figure ${drawing}`, (drawing) => drawing.getBoundingClientRect().height > 20 && (drawing.complete ?? true)));
    assert.deepEqual(report.complaints, []);
  }
});

test('nothing in a report could connect or run, even if it was changed', async () => {
  const page = await visit(world);
  await dropFixture(page, '../samples/hostile-demo.pkl');
  const report = await read(await save(page));
  await report.evaluate((url) => {
    document.body.insertAdjacentHTML('beforeend', `<img src="${url}"><iframe src="${url}"></iframe>`);
    document.head.append(Object.assign(document.createElement('script'), { text: 'document.title = "run"' }));
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url }));
    return fetch(url).catch(() => {});
  }, `${world.server.url}leak`);
  await report.waitForTimeout(500);
  assert.ok(!world.server.requests.some((path) => path.includes('leak')));
  assert.doesNotMatch(await report.title(), /run/);
});
