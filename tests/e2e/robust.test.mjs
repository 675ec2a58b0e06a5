// What goes wrong around a file: each time a readable outcome, what was on screen stays, and there is a way to go on.
import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, truncate, writeFile, open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  HOSTILE, SELECTED, SMALL, TROUBLE, beforeWorker, byteIn, drop, dropAll, fixture, members, numbers, opened, rows,
  serious, start, unfold, until, visit, workerOf,
} from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const troubled = () => visit(world, { init: beforeWorker, argument: TROUBLE });
const bar = (page, cause) => page.waitForSelector(`[data-crash${cause ? `=${cause}` : ''}]`);
const noBar = (page) => until(page, () => !document.querySelector('[data-crash]'));
const again = (page) => page.waitForSelector('[data-act=again]:visible');
const noticed = (page, words) => until(page, (words) => document.querySelector('.notice-text')?.textContent.includes(words), words);
const shows = async (page, name, text = "'inner'") => {
  assert.equal(await page.title(), `${name} — Picklescope`);
  await until(page, (text) => document.querySelector('#tree')?.textContent.includes(text), text);
};
const padded = (size) => Buffer.concat([SMALL, Buffer.alloc(size - SMALL.length)]);

// Failed answers

/** Refuses answers in the worker of the document on screen. */
const refuse = (page, kinds) => page.workers().at(-1).evaluate((kinds) => { self.refused = kinds; }, kinds);

/** Does something that asks for answers, and waits until all that it asked for was refused. */
const refused = async (page, ask) => {
  const count = () => page.workers().at(-1).evaluate(() => self.refusals ?? 0);
  const before = await count();
  await ask();
  for (let last = before, now = last; now === before || now !== last;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    [last, now] = [now, await count()];
  }
};

test('failed answers do not freeze a list: it says so, scrolls on, and asks again', async () => {
  const page = await troubled();
  await drop(page, 'numbers.pkl', numbers(20_000));
  await opened(page, 'numbers.pkl');
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-offset]');
  await refuse(page, ['Opcodes']);
  await page.focus('#opcodes');
  const scroll = (to) => page.$eval('#opcodes', (list, to) => { list.scrollTop = to * list.scrollHeight; }, to);
  for (const place of [0.3, 0.5, 0.7]) {
    await refused(page, () => scroll(place));
    const line = await again(page);
    assert.match(await line.evaluate((button) => button.parentElement.textContent), /could not be loaded: refused for a test/);
  }
  await refuse(page, []);
  // Elsewhere it loads at once, there on request.
  await scroll(0.1);
  await page.waitForSelector('#opcodes [data-offset]');
  await until(page, () => !document.querySelector('[data-act=again]'));
  await scroll(0.7);
  await (await again(page)).click();
  await until(page, () => !document.querySelector('[data-act=again]') && document.querySelectorAll('#opcodes [data-offset]').length > 5);
  assert.deepEqual(page.complaints, []);
});

test('every view says what could not be loaded and asks again', async () => {
  const page = await troubled();
  await drop(page, 'bundle.pkl', await fixture('../samples/sklearn-bundle.pkl'));
  await page.waitForSelector(SELECTED);
  for (const [tab, there] of [['#tab-objects', '#tree [data-row][aria-level]'], ['#tab-opcodes', '#opcodes [data-offset]'], ['#tab-python', '#python .line-text']]) {
    await refuse(page, 'all');
    await page.click('#tab-audit');
    await page.click(tab);
    if (tab !== '#tab-objects') {
      const button = await again(page);
      await refuse(page, []);
      await button.click();
    }
    await refuse(page, []);
    await page.waitForSelector(there);
    await until(page, () => !document.querySelector('.pane-left [data-act=again]'));
  }
  // The inspector: card, bytes.
  await refuse(page, ['Card', 'Hex']);
  await page.click('#tab-objects');
  await page.focus('#tree');
  await page.keyboard.press('ArrowDown');
  await until(page, () => document.querySelector('#inspector .again'));
  await refuse(page, []);
  await page.click('#inspector [data-act=again]');
  await until(page, () => !document.querySelector('#inspector .again'));
  // Saving.
  await refuse(page, ['Formats']);
  await page.click('[data-act=export]');
  const list = await page.waitForSelector('dialog [data-act=again]');
  await refuse(page, []);
  await list.click();
  await page.waitForSelector('[data-format=Json]');
});

test('tables and the audit ask again, too', async () => {
  const page = await troubled();
  await (await workerOf(page)).evaluate(() => { self.refused = ['Cells', 'Report']; });
  await drop(page, 'dataframe.pkl', await fixture('../samples/dataframe.pkl'));
  await page.waitForSelector(SELECTED);
  const button = await page.waitForSelector('.grid-problem:not([hidden]) [data-act=again]');
  await refuse(page, []);
  await button.click();
  await page.waitForSelector('[id^=cell-0-0-]');
  await until(page, () => document.querySelector('.grid-problem')?.hidden);
  await page.click('#tab-audit');
  await page.click('#audit [data-act=again]');
  await page.waitForSelector('#audit .call-list');
});

// The worker ends

test('a worker that is killed without a word: what is on screen stays, and the file is opened again at its place', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const offset = SMALL.indexOf('numbers');
  await unfold(page, 'bytes');
  await page.click(byteIn('#hex', offset));
  await until(page, (hash) => location.hash === hash, `#offset=${offset}`);
  const before = await rows(page);
  await (await workerOf(page)).evaluate(() => { setTimeout(() => self.close()); });
  await bar(page, 'Gone');
  assert.deepEqual(await rows(page), before);
  assert.match(await page.textContent('[data-crash]'), /small\.pkl has stopped.*What is on screen stays/s);
  // What is asked now is answered, too.
  await page.click('#tab-opcodes');
  await again(page);
  await page.click('#tab-objects');
  await page.click('[data-act=open-again]');
  await noBar(page);
  await opened(page, 'small.pkl');
  await page.waitForSelector(`${byteIn('#hex', offset)}.hex-own`);
  assert.deepEqual(page.complaints, []);
});

test('an error in the worker: what is on screen stays', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await (await workerOf(page)).evaluate(() => { setTimeout(() => { throw new Error('a defect, say'); }); });
  await bar(page, 'Decoder');
  assert.match(await page.textContent('[data-crash]'), /a defect, say/);
  await shows(page, 'small.pkl');
  await page.click('[data-act=open-again]');
  await noBar(page);
  await opened(page, 'small.pkl');
});

test('a panic of the decoder is told with its message', async () => {
  const page = await troubled();
  await (await workerOf(page)).evaluate(() => {
    const { postMessage } = self;
    // What the decoder's own hook sends, and the trap behind it.
    self.postMessage = (message) => {
      const [{ Opened }] = message;
      postMessage(Opened ? [{ Failed: { generation: Opened.generation, cause: 'Decoder', message: 'panicked at \u202esrc' } }] : message);
      if (Opened) throw new Error('unreachable');
    };
  });
  await drop(page, 'small.pkl', SMALL);
  await bar(page, 'Decoder');
  assert.match(await page.textContent('.crash-message'), /panicked at \\u202esrc/);
  assert.match(await page.textContent('#crash-title'), /small\.pkl could not be opened/);
  await page.click('[data-act=try-again]');
  await opened(page, 'small.pkl');
});

test('a worker without memory says so, and the next file works', async () => {
  const page = await troubled();
  await (await workerOf(page)).evaluate(() => { self.starved = true; });
  await drop(page, 'large.pkl', numbers(2_000_000));
  await bar(page, 'Memory');
  assert.match(await page.textContent('[data-crash]'), /more memory than the browser gives/);
  await drop(page, 'next.pkl', SMALL);
  await opened(page, 'next.pkl');
  assert.equal(await page.$('[data-crash]'), null);
});

test('a busy worker can be stopped; what is on screen stays', async () => {
  const page = await visit(world);
  await drop(page, 'numbers.pkl', numbers(5000));
  await opened(page, 'numbers.pkl');
  const worker = await workerOf(page);
  await worker.evaluate(() => { setTimeout(() => { const end = Date.now() + 120_000; while (Date.now() < end); }, 50); });
  await page.waitForTimeout(200);
  await page.click('#tab-opcodes');
  await page.waitForSelector('[data-quiet]', { timeout: 30_000 });
  assert.match(await page.textContent('[data-quiet]'), /busy/);
  assert.deepEqual(await serious(page), []);
  await page.click('[data-act=stop]');
  await bar(page, 'Stopped');
  await page.click('[data-act=open-again]');
  await opened(page, 'numbers.pkl');
});

test('a defect of the page itself is told, and what is on screen stays', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.evaluate(() => {
    // Elements are made once and copied from then on.
    Node.prototype.cloneNode = document.createElement = () => { throw new Error('no elements'); };
  });
  await page.click('#tab-opcodes');
  await page.waitForSelector('#stopped:not([hidden])');
  assert.deepEqual(await page.$eval('#stopped a', (link) => link.href), world.server.url);
  assert.equal(await page.title(), 'small.pkl — Picklescope');
});

// Files

test('a file that cannot be read leaves the one before on screen, and can be tried again', async () => {
  const page = await troubled();
  await drop(page, 'gone.pkl', padded(4001));
  await bar(page, 'Unreadable');
  assert.match(await page.textContent('[data-crash]'), /gone\.pkl could not be opened.*changed, moved or deleted.*Choose it again/s);
  await page.click('.crash .button:last-child');
  await page.waitForSelector('.drop-zone');
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  for (const [size, cause] of [[4001, 'Unreadable'], [4002, 'Gone']]) {
    await drop(page, 'second.pkl', padded(size));
    await bar(page, cause);
    assert.match(await page.textContent('[data-crash]'), /second\.pkl could not be opened.*What was open before still is/s);
    await shows(page, 'small.pkl');
    // Its worker lives.
    await page.click('#tab-opcodes');
    await page.waitForSelector('#opcodes [data-offset]');
    await page.click('#tab-objects');
    await page.click('[data-act=dismiss]');
    await noBar(page);
  }
});

test('one file of several that cannot be read does not hide the others', async () => {
  const page = await troubled();
  await dropAll(page, [['gone.pkl', padded(4001)], ['good.pkl', SMALL]]);
  await opened(page, 'good.pkl');
  await page.click('#tab-contents');
  assert.deepEqual((await members(page)).map(({ name }) => name).sort(), ['gone.pkl', 'good.pkl']);
  await page.click('#contents [data-name="gone.pkl"] .member-name');
  await until(page, () => document.querySelector('.verdict')?.textContent.includes('could not read')
    || document.querySelector('.problems')?.textContent.includes('could not read'));
});

test('a file that changes on the disk while it is open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'picklescope-'));
  const path = join(folder, 'large.pkl');
  // Too large to be read at once: a text of 120 MB.
  const head = Buffer.from([0x80, 4, 0x8e, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(120_000_000, 3);
  const file = await openFile(path, 'w');
  await file.write(head, 0, head.length, 0);
  await file.write(Buffer.from('.'), 0, 1, head.length + 120_000_000);
  await file.close();
  const page = await visit(world);
  await page.setInputFiles('#choose-file', path);
  await opened(page, 'large.pkl');
  await truncate(path, 1000);
  await page.$eval('#hex', (list) => { list.scrollTop = list.scrollHeight / 2; });
  await until(page, () => document.querySelector('#inspector .again')?.textContent.includes('changed, moved or removed'));
  assert.equal(await page.title(), 'large.pkl — Picklescope');
  // Opening it again cannot work with the old handle; what is on screen stays all the same.
  await (await workerOf(page)).evaluate(() => { setTimeout(() => self.close()); });
  await bar(page, 'Gone');
  await rm(folder, { recursive: true });
  await page.click('[data-act=open-again]');
  await bar(page, 'Unreadable');
  assert.equal(await page.title(), 'large.pkl — Picklescope');
  assert.ok(await page.$('[data-act=open-again]'), 'the document still says that its decoder has stopped');
  await drop(page, 'next.pkl', SMALL);
  await opened(page, 'next.pkl');
  await noBar(page);
});

test('a second file while the first is still loading', async () => {
  const page = await troubled();
  await drop(page, 'endless.pkl', padded(4004));
  await page.waitForSelector('.progress:visible');
  await drop(page, 'second.pkl', SMALL);
  await opened(page, 'second.pkl');
  await until(page, () => !document.querySelector('.progress'));
  // And with a document on screen: cancelling brings it back, with its worker.
  await drop(page, 'endless.pkl', padded(4004));
  await page.click('[data-act=cancel]');
  await shows(page, 'second.pkl');
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-offset]');
  await drop(page, 'endless.pkl', padded(4004));
  await drop(page, 'third.pkl', SMALL);
  await opened(page, 'third.pkl');
  await until(page, () => !document.querySelector('.progress'));
  const deadline = Date.now() + 5000;
  while (page.workers().length > 1 && Date.now() < deadline) await page.waitForTimeout(50);
  assert.equal(page.workers().length, 1);
});

test('two hundred files in a row leave nothing behind', async () => {
  const page = await visit(world, {
    init: () => {
      const { instantiate } = WebAssembly;
      WebAssembly.instantiate = async (...all) => {
        const made = await instantiate.apply(WebAssembly, all);
        globalThis.memory = made.exports?.memory ?? made.instance.exports.memory;
        return made;
      };
      globalThis.blobs = 0;
      const { createObjectURL, revokeObjectURL } = URL;
      URL.createObjectURL = (blob) => { globalThis.blobs += 1; return createObjectURL.call(URL, blob); };
      URL.revokeObjectURL = (url) => { globalThis.blobs -= 1; return revokeObjectURL.call(URL, url); };
    },
  });
  const debug = await page.context().newCDPSession(page);
  await debug.send('Performance.enable');
  const measure = async () => {
    for (let i = 0; i < 3; i += 1) await debug.send('HeapProfiler.collectGarbage');
    const { metrics } = await debug.send('Performance.getMetrics');
    const figure = (name) => metrics.find((metric) => metric.name === name).value;
    return {
      heap: figure('JSHeapUsedSize'), nodes: figure('Nodes'), listeners: figure('JSEventListeners'), documents: figure('Documents'),
      ...await page.evaluate(() => ({ program: memory.buffer.byteLength, blobs })),
    };
  };
  const some = numbers(2000);
  const openMany = async (from, to) => {
    for (let i = from; i < to; i += 1) {
      const name = `file-${i}.pkl`;
      await drop(page, name, i % 3 ? some : SMALL);
      await opened(page, name);
    }
  };
  await openMany(0, 20);
  const first = await measure();
  await openMany(20, 220);
  await page.waitForTimeout(1500);
  const last = await measure();
  console.log(JSON.stringify({ first, last }));
  assert.ok(last.heap - first.heap < 2_000_000, `heap ${first.heap} -> ${last.heap}`);
  assert.ok(last.program - first.program < 2_000_000, `memory of the page ${first.program} -> ${last.program}`);
  assert.ok(last.nodes - first.nodes < 1000, `nodes ${first.nodes} -> ${last.nodes}`);
  assert.ok(last.listeners - first.listeners < 50, `listeners ${first.listeners} -> ${last.listeners}`);
  assert.equal(last.documents, first.documents);
  assert.equal(last.blobs, first.blobs);
  assert.ok(page.workers().length <= 2, `${page.workers().length} workers`);
  assert.deepEqual(page.complaints, []);
});

// Folders

test('a folder opens, alone or beside files, before and after something else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'picklescope-'));
  const models = join(folder, 'models');
  await mkdir(join(models, 'deep', 'er'), { recursive: true });
  await mkdir(join(models, '.git'));
  await mkdir(join(folder, 'empty'));
  await writeFile(join(models, 'a.pkl'), SMALL);
  await writeFile(join(models, 'deep', 'er', 'b.pkl'), HOSTILE);
  await writeFile(join(models, '.git', 'index'), 'x');
  await writeFile(join(models, 'nothing.pkl'), '');
  await writeFile(join(folder, 'single.pkl'), SMALL);
  const page = await visit(world);
  const debug = await page.context().newCDPSession(page);
  const dragIn = async (...names) => {
    const data = { items: [], files: names.map((name) => join(folder, name)), dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await debug.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  };
  const holds = async (...names) => {
    await page.waitForSelector(SELECTED);
    await page.click('#tab-contents');
    await until(page, (count) => document.querySelectorAll('#contents [data-member]').length === count, names.length);
    assert.deepEqual((await members(page)).map(({ name }) => name).sort(), names);
  };
  await dragIn('models');
  await holds('models/a.pkl', 'models/deep/er/b.pkl');
  await noticed(page, 'nothing.pkl is empty');
  await dragIn('single.pkl');
  await opened(page, 'single.pkl');
  await dragIn('models'); // after a file
  await until(page, () => !document.title.startsWith('single.pkl'));
  await holds('models/a.pkl', 'models/deep/er/b.pkl');
  await dragIn('single.pkl', 'models'); // behind a file
  await holds('models/a.pkl', 'models/deep/er/b.pkl', 'single.pkl');
  await dragIn('empty');
  await noticed(page, 'empty holds no files');
  await holds('models/a.pkl', 'models/deep/er/b.pkl', 'single.pkl');
  await rm(folder, { recursive: true });
});

// Surroundings

test('in the background: no frames, throttled timers, and back again', async () => {
  const page = await visit(world, {
    init: () => {
      globalThis.inBackground = (hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      const { requestAnimationFrame } = globalThis;
      globalThis.requestAnimationFrame = (action) => (document.hidden ? 0 : requestAnimationFrame.call(globalThis, action));
    },
  });
  await page.evaluate(() => inBackground(true));
  await drop(page, 'small.pkl', SMALL);
  // Polled by time: there are no frames.
  await until(page, (selected) => document.title === 'small.pkl — Picklescope' && document.querySelector(selected), SELECTED);
  await page.evaluate(() => inBackground(false));
  const debug = await page.context().newCDPSession(page);
  await drop(page, 'second.pkl', numbers(100_000));
  await debug.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  await debug.send('Page.setWebLifecycleState', { state: 'active' });
  await opened(page, 'second.pkl');
  assert.equal(await page.$('[data-crash], [data-quiet]'), null);
});

test('without storage, locks or clipboard', async () => {
  const page = await visit(world, {
    init: () => {
      const denied = { configurable: true, get() { throw new DOMException('denied', 'SecurityError'); } };
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(globalThis, name, denied);
      Object.defineProperty(navigator, 'locks', { configurable: true, get: () => undefined });
      Object.defineProperty(navigator, 'clipboard', { configurable: true, get: () => undefined });
      for (const name of ['pushState', 'replaceState']) History.prototype[name] = () => { throw new DOMException('denied', 'SecurityError'); };
    },
  });
  await page.click('[data-act=settings]');
  await page.selectOption('[data-setting=theme]', 'dark');
  await page.keyboard.press('Escape');
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await page.click('.value > summary');
  await page.click('text=Copy value');
  await page.waitForSelector('.notice');
  await drop(page, 'second.pkl', HOSTILE);
  await opened(page, 'second.pkl');
  assert.deepEqual(page.complaints, []);
});

test('messages that nobody asked for, and numbers that do not exist', async () => {
  const page = await visit(world);
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  const before = await rows(page);
  const worker = await workerOf(page);
  await worker.evaluate(() => {
    for (const generation of [0, 1, 7, 2 ** 32 - 1]) {
      for (const id of [0, 1, 2, 3, 4, 5, 999, 2 ** 32 - 1]) {
        const of = { generation: generation === 1 ? 0 : generation, id };
        postMessage([{ Reply: { ...of, failed: 'wild' } }]);
        postMessage([{ Reply: { ...of, failed: null } }, { wild: true }]);
      }
      if (generation !== 1) {
        postMessage([{ Failed: { generation, cause: 'Decoder', message: 'wild' } }]);
        postMessage([{ Refused: { generation: generation + 0, message: 'wild' } }]);
        postMessage([{ Progress: { generation, read: 1, total: 0, unpacked: null } }]);
      }
    }
    for (const garbage of [null, undefined, 1, 'text', [], {}, { Reply: null }, { Opened: {} }, new Date(), new ArrayBuffer(8)]) {
      postMessage(garbage);
      postMessage([garbage]);
    }
    for (const command of [undefined, null, [], ['garbage'], [{}], [{ generation: -1, id: 'x', body: 'Show' }],
      [{ generation: 1, id: 4294967295, body: { Ask: { Rows: { first: Number.MAX_SAFE_INTEGER, count: 4294967295 } } } }],
      [{ generation: 1, id: 4294967294, body: { Ask: { Hex: { start: Number.MAX_SAFE_INTEGER, count: 4294967295 } } } }],
      [{ generation: 1, id: 4294967293, body: { Ask: { Card: { node: 4294967295 } } } }],
      [{ generation: 1, id: 4294967292, body: { Ask: { Value: { node: 4294967295, from: 1 } } } }],
      [{ generation: 1, id: 4294967291, body: { Ask: { ToggleMember: { row: Number.MAX_SAFE_INTEGER, open: true } } } }]]) {
      self.onmessage(new MessageEvent('message', { data: command }));
    }
  });
  await page.waitForTimeout(300);
  assert.equal(await page.$('[data-crash]'), null);
  assert.deepEqual(await rows(page), before);
  for (const hash of ['#offset=18446744073709551615', '#offset=9007199254740993', '#member=4294967295&offset=0', '#member=-1&offset=x', '#offset=']) {
    await page.evaluate((hash) => { location.hash = hash; }, hash);
    await page.waitForTimeout(100);
  }
  await page.click('#tab-opcodes');
  await page.waitForSelector('#opcodes [data-offset]');
  assert.equal(await page.$('[data-crash]'), null);
  assert.equal(await page.title(), 'small.pkl — Picklescope');
  assert.deepEqual(page.complaints, []);
});

test('a file may claim numbers beyond those of JavaScript', async () => {
  const page = await visit(world);
  for (const shape of ['9007199254740993', '4611686018427387904', '9223372036854775807', '3037000500, 3037000500']) {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape},), }`.padEnd(117) + '\n';
    const length = Buffer.alloc(2);
    length.writeUInt16LE(header.length);
    const name = `${shape.length}.npy`;
    await drop(page, name, Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), Buffer.alloc(64)]));
    await until(page, (name) => document.title.startsWith(name) || document.querySelector('[data-crash]'), name);
    assert.equal(await page.$('[data-crash]'), null, shape);
    await page.waitForSelector(SELECTED);
    await page.waitForTimeout(300);
    assert.equal(await page.$('[data-crash]'), null, shape);
  }
});

// Names

const HIDDEN = /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff]|[\u{e0000}-\u{e007f}]/u;

test('characters of a name that cannot be seen, or move others, are marks', async () => {
  const page = await troubled();
  const name = 'gpj.\u202e\u200bl\u0007kp\u00a0\u2066.pkl';
  const shown = 'gpj.\\u202e\\u200bl\\x07kp\\xa0\\u2066.pkl';
  const clean = async (where) => {
    const found = await page.evaluate((pattern) => {
      const hidden = new RegExp(pattern, 'u');
      const bad = [];
      if (hidden.test(document.title)) bad.push(`title ${document.title}`);
      for (const element of document.querySelectorAll('body *')) {
        for (const { name, value } of element.attributes) if (hidden.test(value.replaceAll('\n', ''))) bad.push(`${name}=${JSON.stringify(value)}`);
        for (const child of element.childNodes) {
          if (child.nodeType === Node.TEXT_NODE && hidden.test(child.data.replaceAll('\n', ''))) bad.push(JSON.stringify(child.data));
        }
      }
      return bad;
    }, HIDDEN.source);
    assert.deepEqual(found, [], where);
  };
  await drop(page, name, SMALL);
  await opened(page, shown);
  assert.equal(await page.textContent('.file-name'), shown);
  await clean('open');
  await page.click('[data-act=export]');
  await page.waitForSelector('[data-format=Json]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-format=Json]')]);
  assert.ok(!HIDDEN.test(download.suggestedFilename()), download.suggestedFilename());
  await page.waitForSelector('[data-saving=done]');
  await clean('saved');
  await page.keyboard.press('Escape');
  await drop(page, name, padded(4001));
  await bar(page, 'Unreadable');
  await clean('unreadable, a file open');
  await page.click('[data-act=close]');
  await drop(page, name, padded(4001));
  await bar(page, 'Unreadable');
  await clean('unreadable');
  await drop(page, name, padded(4004));
  await page.waitForSelector('.progress:visible');
  await clean('loading');
  await page.click('[data-act=cancel]');
  await drop(page, name, []);
  await noticed(page, 'is empty');
  await clean('empty');
  await dropAll(page, [[name, SMALL], [`other-${name}`, SMALL]]);
  await until(page, () => document.querySelectorAll('#contents [data-member]').length === 2);
  await clean('two');
});

// History

test('Back from the first place keeps the file; closing it lets go', async () => {
  const page = await visit(world);
  await page.evaluate(() => { globalThis.sameDocument = true; });
  await drop(page, 'small.pkl', SMALL);
  await opened(page, 'small.pkl');
  await until(page, () => location.hash !== '');
  const first = await page.evaluate(() => location.hash);
  const offset = SMALL.indexOf('numbers');
  await unfold(page, 'bytes');
  await page.click(byteIn('#hex', offset));
  await until(page, (hash) => location.hash === hash, `#offset=${offset}`);
  const back = () => page.evaluate(() => { history.back(); });
  for (let i = 0; i < 4; i += 1) {
    await back();
    await until(page, (first) => location.hash === first, first);
    await page.waitForTimeout(100);
    assert.ok(await page.evaluate(() => globalThis.sameDocument), 'the page was not left');
    await shows(page, 'small.pkl');
  }
  await noticed(page, 'close the file first');
  await page.goForward(); // what was ahead still is
  await until(page, (hash) => location.hash === hash, `#offset=${offset}`);
  // Another file: the places of the first one mean nothing in it.
  await drop(page, 'second.pkl', HOSTILE);
  await opened(page, 'second.pkl');
  await until(page, () => location.hash !== '');
  const place = await page.evaluate(() => location.hash);
  for (let i = 0; i < 3; i += 1) {
    await back();
    await page.waitForTimeout(200);
    assert.equal(await page.title(), 'second.pkl — Picklescope');
    assert.equal(await page.evaluate(() => location.hash), place);
  }
  // Closed: Back leaves.
  await page.click('[data-act=close]');
  await page.waitForSelector('.drop-zone');
  assert.equal(await page.title(), 'Picklescope');
  for (let i = 0; i < 6 && page.url() !== 'about:blank'; i += 1) await page.goBack({ timeout: 2000 }).catch(() => {});
  assert.equal(page.url(), 'about:blank');
});

// How the new states look

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious where something went wrong, ${colorScheme}`, async () => {
    const page = await visit(world, { init: beforeWorker, argument: TROUBLE, colorScheme });
    const check = async (name) => {
      for (const width of [1280, 400]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        assert.deepEqual(await serious(page), [], `${name} at ${width}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways at ${width}`);
        await page.screenshot({ path: new URL(`output/${name}-${width}-${colorScheme}.png`, import.meta.url).pathname });
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    };
    const name = 'a model with \u202ea rather long name.pkl';
    await drop(page, name, padded(4001));
    await bar(page, 'Unreadable');
    await check('card-unreadable');
    await drop(page, name, numbers(5000));
    await page.waitForSelector(SELECTED);
    await check('marks');
    await drop(page, 'second.pkl', padded(4001));
    await bar(page, 'Unreadable');
    await (await workerOf(page)).evaluate(() => { setTimeout(() => { throw new Error('a defect, say, at src/machine/run.rs:1234:56'); }); });
    await bar(page, 'Decoder');
    await page.$eval('#tree', (list) => { list.scrollTop = list.scrollHeight / 2; });
    await page.click('#tab-opcodes');
    await again(page);
    await check('bars');
    await page.click('#tab-audit');
    await page.click('#tab-python');
    await again(page);
    await check('again');
    await page.click('.privacy');
    await page.waitForSelector('dialog[open]');
    await check('privacy');
  });
}
