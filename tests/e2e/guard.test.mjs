// What the page promises: no connection after start, a readable page when the decoder dies, nothing serious for axe.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SMALL, drop, numbers, opened, serious, start, unfold, until, violations, visit, workerOf } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

test('after start there is no request, from the page or from a worker, and none can be made', async () => {
  const page = await visit(world, { serviceWorkers: 'allow' });
  const requests = [];
  // The copy for use without a network is made of the page's own files, by the service worker.
  await page.evaluate(() => navigator.serviceWorker.ready);
  page.context().on('request', (request) => { if (!request.url().startsWith('blob:')) requests.push(request.url()); });
  await page.waitForLoadState('networkidle');
  const served = world.server.requests.length;

  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-offset]');
  await drop(page, 'second.pkl', SMALL); // a second worker
  await opened(page, 'second.pkl');
  await until(page, () => location.hash !== ''); // moving in the history makes browsers look for the icon
  await page.waitForLoadState('networkidle');
  assert.deepEqual(world.server.requests.slice(served), [], 'the server was asked again');
  assert.deepEqual(requests.filter((url) => !url.startsWith('data:')), []);
  assert.deepEqual(page.complaints, [], 'an ordinary run violates no policy');

  const refused = async (where, url) => {
    const outcome = await where.evaluate((url) => fetch(url, { mode: 'no-cors' }).then(() => 'fetched', () => 'refused'), url);
    assert.equal(outcome, 'refused', url);
  };
  const worker = await workerOf(page);
  for (const url of ['https://example.org/', world.server.url, `${world.server.url}worker.js`]) {
    await refused(page, url);
    await refused(worker, url);
  }
  // In a task of its own: the debugger's evaluation may do what the worker may not.
  assert.equal(await worker.evaluate(() => new Promise((resolve) => {
    setTimeout(() => { try { resolve(typeof eval('1 + 1')); } catch { resolve('refused'); } });
  })), 'refused', 'no code from text in the worker');
  assert.equal(world.server.requests.length, served);
});

test('workers never may ask, the page only before the first touch, and nothing but its own site', async () => {
  const mayAsk = (where, url) => where.evaluate((url) => fetch(url, { mode: 'no-cors' }).then(() => true, () => false), url);
  const robots = `${world.server.url}robots.txt`;
  const touches = {
    'a key': (page) => page.keyboard.press('Shift'),
    'a pointer': (page) => page.mouse.down(),
    'a chosen file': (page) => page.setInputFiles('#choose-file', { name: 'small.pkl', mimeType: 'application/octet-stream', buffer: SMALL }),
  };
  for (const [name, touch] of Object.entries(touches)) {
    const page = await visit(world);
    assert.equal(await mayAsk(await workerOf(page), robots), false, `a worker before ${name}`);
    assert.equal(await mayAsk(page, robots), true, `the page before ${name}`);
    assert.equal(await mayAsk(page, 'https://example.org/'), false, `another site before ${name}`);
    await page.evaluate(() => document.body.dispatchEvent(new MouseEvent('mousedown', { bubbles: true })));
    assert.equal(await mayAsk(page, robots), true, 'an event that a script made up is no touch');
    await touch(page);
    assert.equal(await mayAsk(page, robots), false, `the page after ${name}`);
    await page.context().close();
  }
});

test('the page works without a network', async () => {
  const page = await visit(world);
  await page.context().setOffline(true);
  await drop(page, 'offline.pkl', SMALL);
  await opened(page, 'offline.pkl');
  await drop(page, 'again.pkl', SMALL);
  await opened(page, 'again.pkl');
});

test('a crash of the worker shows a readable page, and the next file works', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const worker = await workerOf(page);
  await worker.evaluate(() => { setTimeout(() => { throw new Error('out of memory, say'); }); });
  await page.waitForSelector('[data-crash]');
  assert.match(await page.textContent('[data-crash]'), /small\.pkl/);
  assert.match(await page.textContent('[data-crash]'), /out of memory, say/);
  await drop(page, 'next.pkl', SMALL);
  await opened(page, 'next.pkl');
  assert.equal(await page.$('[data-crash]'), null);
});

test('a long load shows progress and can be cancelled', async () => {
  const page = await visit(world);
  // A worker that is busy: the file waits behind it, as behind a long decode.
  const worker = await workerOf(page);
  await worker.evaluate(() => {
    setTimeout(() => { const end = Date.now() + 120_000; while (Date.now() < end); });
  });
  // The file must not overtake it: wait until the worker no longer answers.
  const silent = Symbol('silent');
  const answer = () => Promise.race([
    worker.evaluate(() => 1).catch(() => silent),
    new Promise((resolve) => { setTimeout(() => resolve(silent), 500); }),
  ]);
  while (await answer() !== silent);
  await drop(page, 'large.pkl', numbers(1000));
  const cancel = await page.waitForSelector('[data-act=cancel]:visible');
  assert.match(await page.textContent('.progress'), /large\.pkl/);
  assert.ok(await page.$('.progress progress'));
  await cancel.click();
  await page.waitForSelector('.drop-zone');
  await drop(page, 'next.pkl', SMALL);
  await opened(page, 'next.pkl');
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious, ${colorScheme}`, async () => {
    const page = await visit(world, { colorScheme });
    assert.deepEqual(await serious(page), [], 'empty');
    await page.click('.drop-actions .button:not(.button-primary)');
    await page.waitForSelector('dialog[open]');
    assert.deepEqual(await serious(page), [], 'paste dialog');
    await page.keyboard.press('Escape');
    await page.click('[data-sample="hostile-demo.pkl"]');
    await opened(page, 'hostile-demo.pkl');
    await unfold(page, 'bytes');
    await page.waitForSelector('.hex-row .hex-digits');
    assert.deepEqual(await serious(page), [], 'loaded');
    await page.click('#tab-opcodes');
    await page.waitForSelector('#opcodes [data-offset]');
    assert.deepEqual(await serious(page), [], 'opcodes');
    const worker = await workerOf(page);
    await worker.evaluate(() => { setTimeout(() => { throw new Error('boom'); }); });
    await page.waitForSelector('[data-crash]');
    assert.deepEqual(await serious(page), [], 'error');
  });
}

const SAMPLES = ['sklearn-bundle.pkl', 'dataframe.pkl', 'checkpoint.pt', 'function.pkl', 'everyday.pkl', 'hostile-demo.pkl'];
for (const [width, colorScheme] of [[1440, 'light'], [1440, 'dark'], [320, 'light']]) {
  test(`axe finds nothing at all in the samples and tabs at ${width} pixels, ${colorScheme}`, async () => {
    const page = await visit(world, { colorScheme, viewport: { width, height: 800 } });
    assert.deepEqual(await violations(page), [], 'empty');
    for (const sample of SAMPLES) {
      await page.click(`[data-sample="${sample}"]`);
      await opened(page, sample);
      await page.waitForTimeout(300);
      assert.deepEqual(await violations(page), [], sample);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `no sideways scrolling: ${sample}`);
      for (const tab of sample === 'hostile-demo.pkl' ? ['opcodes', 'machine', 'audit', 'python'] : []) {
        await page.click(`#tab-${tab}`);
        await page.waitForTimeout(300);
        assert.deepEqual(await violations(page), [], tab);
      }
      await page.click('[data-act=close]');
      await page.waitForSelector('.drop-zone');
    }
  });
}

test('text at 200 % and narrow windows lose nothing', async () => {
  const page = await visit(world, { viewport: { width: 1280, height: 900 } });
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const height = () => page.$eval('#tree-0', (row) => row.getBoundingClientRect().height);
  const normal = await height();
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  await until(page, (normal) => document.getElementById('tree-0').getBoundingClientRect().height >= normal * 1.9, normal);
  for (const width of [400, 640, 1280, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `no sideways scrolling at ${width}`);
    for (const selector of ['#tree', '#inspector', '#hex', '#open-file']) assert.ok(await page.$(selector));
    assert.ok(await page.$eval('#tree', (tree) => tree.clientHeight > 100), `the tree has room at ${width}`);
  }
});

const LARGE_TEXT = [[1280, 720], [1366, 768], [1440, 900], [1920, 1080]]
  .map(([width, height]) => [`text at 200 %, ${width} by ${height}`, { width, height }, '200%']);
for (const [name, viewport, text] of [...LARGE_TEXT, ['a phone held sideways', { width: 844, height: 390 }, ''], ['a small window', { width: 360, height: 225 }, '']]) {
  test(`opening scrolls the verdict out of sight nowhere: ${name}`, async () => {
    const page = await visit(world, { viewport });
    await page.evaluate((text) => { document.documentElement.style.fontSize = text; }, text);
    await page.click('[data-sample="hostile-demo.pkl"]');
    await opened(page, 'hostile-demo.pkl');
    await page.waitForTimeout(300);
    assert.equal(await page.$eval('.middle', (middle) => middle.scrollTop), 0);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'tree', 'the keyboard is in the tree');
  });

  test(`scrolling leaves the verdict in sight: ${name}`, async () => {
    const page = await visit(world, { viewport });
    await page.evaluate((text) => { document.documentElement.style.fontSize = text; }, text);
    await page.click('[data-sample="hostile-demo.pkl"]');
    await opened(page, 'hostile-demo.pkl');
    for (const share of [0.3, 1]) {
      await page.evaluate((share) => {
        for (const place of [document.scrollingElement, document.querySelector('.middle')]) place.scrollTop = place.scrollHeight * share;
      }, share);
      await page.waitForTimeout(100);
      for (const [selector, words] of [['.verdict-word', /Dangerous/], ['.verdict-sentence', /run a shell command.*posix\.system/]]) {
        assert.match(await page.textContent(selector), words);
        const isSeen = await page.$eval(selector, (element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          // All of it: nothing lies over its first or its last line.
          const isBar = (y) => Boolean(document.elementFromPoint((left + right) / 2, y)?.closest('.verdict-bar'));
          return top >= 0 && bottom <= innerHeight && [top + 1, (top + bottom) / 2, bottom - 1].every(isBar);
        });
        assert.ok(isSeen, `${selector} is seen at ${share}`);
      }
      // Not all of the window: what is read has room.
      assert.ok(await page.$eval('.verdict-bar', (bar) => bar.getBoundingClientRect().height < innerHeight * 0.45));
    }
  });
}

test('in forced colours the selection and the current tab can be told', async () => {
  const page = await visit(world, { forcedColors: 'active' });
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const look = (selector) => page.$eval(selector, (element) => {
    const { backgroundColor, color } = getComputedStyle(element);
    return `${backgroundColor} ${color}`;
  });
  assert.notEqual(await look('#tree [aria-selected=true]'), await look('#tree [aria-selected=false]'));
  assert.notEqual(await look('[role=tab][aria-selected=true]'), await look('[role=tab][aria-selected=false]'));
  // Both in the system's own colours for what is chosen, with all that is in them.
  const system = await page.evaluate(() => {
    const probe = document.body.appendChild(Object.assign(document.createElement('i'), { className: 'row-selected' }));
    probe.style.cssText = '';
    const { backgroundColor, color } = getComputedStyle(probe);
    probe.remove();
    return { backgroundColor, color };
  });
  for (const selector of ['#tree [aria-selected=true]', '[role=tab][aria-selected=true]']) {
    assert.equal(await look(selector), `${system.backgroundColor} ${system.color}`);
  }
  assert.equal(await page.$eval('#tree [aria-selected=true] .label', (label) => getComputedStyle(label).color), system.color);
  assert.notEqual(system.backgroundColor, system.color);
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('#hex .hex-own');
  assert.notEqual(await look('#hex .hex-digits.hex-own'), await look('#hex .hex-digits:not(.hex-own)'));
});
