// The page before its programs have arrived: the same as after, and of use.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, drop, emptyPage, opened, paste, start, started, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

/** A page whose programs are held back until `arrive` is called. */
async function held(options = {}) {
  const page = await emptyPage(world, options);
  const arrive = world.server.hold(/\.wasm$/);
  await page.goto(world.server.url, { waitUntil: 'commit' });
  await page.waitForSelector('.drop-zone');
  // boot.js listens as soon as it has arrived, which is before the programs.
  await until(page, () => performance.getEntriesByType('resource').some(({ name }) => name.includes('boot')));
  await page.waitForTimeout(100);
  assert.equal(await page.getAttribute('#app', 'data-started'), null);
  return { page, arrive };
}

test('the HTML holds what the program draws', async () => {
  const html = await (await fetch(world.server.url)).text();
  const page = await visit(world);
  const [before, now] = await page.evaluate((html) => {
    const tidy = (element) => {
      const walker = document.createNodeIterator(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
      const blank = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === Node.COMMENT_NODE || (/^\s*$/.test(node.data) && node.data.includes('\n'))) blank.push(node);
      }
      for (const node of blank) node.remove();
      element.normalize();
      for (const part of element.querySelectorAll('*')) {
        const attributes = [...part.attributes].map(({ name, value }) => [name, ['hidden', 'multiple'].includes(name) ? '' : value]);
        for (const [name] of attributes) part.removeAttribute(name);
        for (const [name, value] of attributes.sort()) part.setAttribute(name, value);
      }
      return element.outerHTML.replaceAll('><', '>\n<');
    };
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    return [tidy(parsed.querySelector('#app > .app')), tidy(document.querySelector('#app > .app').cloneNode(true))];
  }, html);
  assert.equal(before, now);
  assert.match(before, /Choose a file/);
});

test('the drop zone is painted before any program is there, and nothing moves when it comes', async () => {
  const { page, arrive } = await held();
  await until(page, () => performance.getEntriesByName('first-contentful-paint').length === 1);
  const look = () => page.$$eval('.header, .drop-zone, .drop-actions .button, .sample, .promise', (parts) => parts.map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return [part.className, x, y, width, height, getComputedStyle(part).backgroundColor];
  }));
  const before = await look();
  assert.ok(before.length > 9);
  arrive();
  await started(page);
  assert.deepEqual(await look(), before);
  const shifts = await page.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0)))
      .observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(0), 500);
  }));
  assert.equal(shifts, 0);
  assert.deepEqual(page.complaints, []);
});

const WAYS = {
  dropped: (page) => drop(page, 'early.pkl', SMALL),
  chosen: (page) => page.setInputFiles('#choose-file', { name: 'early.pkl', mimeType: 'application/octet-stream', buffer: SMALL }),
  'chosen in the header': (page) => page.setInputFiles('#open-file', { name: 'early.pkl', mimeType: 'application/octet-stream', buffer: SMALL }),
  pasted: (page) => paste(page, SMALL.toString('base64')),
};
for (const [way, hand] of Object.entries(WAYS)) {
  test(`what is ${way} before the program is there is opened when it is`, async () => {
    const { page, arrive } = await held();
    await hand(page);
    await page.waitForSelector('#waiting:not([hidden])');
    assert.match(await page.textContent('#waiting'), way === 'pasted' ? /The text will be opened/ : /early\.pkl will be opened/);
    arrive();
    await opened(page, way === 'pasted' ? 'Pasted bytes' : 'early.pkl');
    assert.ok(await page.$('#waiting[hidden]'));
    assert.deepEqual(page.complaints, []);
    // From then on the program listens alone.
    await drop(page, 'next.pkl', SMALL);
    await opened(page, 'next.pkl');
  });
}

test('the last of what came early counts', async () => {
  const { page, arrive } = await held();
  await drop(page, 'early.pkl', SMALL);
  await page.click('[data-sample="hostile-demo.pkl"]');
  arrive();
  await opened(page, 'hostile-demo.pkl');
});

test('a folder that is dropped early is looked through', async () => {
  const { mkdtemp, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'picklescope-'));
  await writeFile(join(folder, 'inside.pkl'), SMALL);
  const { page, arrive } = await held();
  const debug = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await debug.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data: { items: [], files: [folder], dragOperationsMask: 1 } });
  }
  await page.waitForSelector('#waiting:not([hidden])');
  arrive();
  await until(page, () => document.title.includes('inside.pkl'));
});

test('a button that is pressed early works when the program is there, and the keyboard stays', async () => {
  const { page, arrive } = await held();
  await page.click('.drop-actions .button:not(.button-primary)');
  arrive();
  await until(page, () => document.activeElement?.id === 'paste-text');

  const second = await held();
  await second.page.focus('[data-sample="dataframe.pkl"]');
  second.arrive();
  await started(second.page);
  assert.equal(await second.page.evaluate(() => document.activeElement.dataset.sample), 'dataframe.pkl');
});

test('a chooser that was opened early can be used after the program is there', async () => {
  const { page, arrive } = await held();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('.drop-actions .button-primary')]);
  arrive();
  await started(page);
  await chooser.setFiles({ name: 'late.pkl', mimeType: 'application/octet-stream', buffer: SMALL });
  await opened(page, 'late.pkl');
});

test('all downloads begin with the page and come once', async () => {
  const page = await visit(world);
  const requests = world.server.requests.filter((path) => /\.(wasm|js)$/.test(path));
  assert.equal(new Set(requests).size, 6, requests.join(' '));
  await page.reload();
  // The HTML asks for them before a script does.
  const first = () => {
    const entries = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.endsWith('.wasm'));
    entries.sort((a, b) => a.startTime - b.startTime);
    return [...new Set(entries.map(({ name }) => name))].map((name) => entries.find((entry) => entry.name === name).initiatorType);
  };
  await until(page, () => new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
    .filter((path) => path.endsWith('.wasm'))).size === 2);
  assert.deepEqual(await page.evaluate(first), ['link', 'link']);
});
