// What pickles come in: archives, compressed streams, files that belong together, values that hold a pickle.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  SMALL, chain, choose, drop, dropAll, dropFixture, fixture, members, opened, paste, rows, selectRow, serious,
  shownMember, start, until, value, visit, workerOf,
} from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

const TORCH = 'containers/torch-2.6.0/state-dict.pt';
const MANY = 'containers/python-3.11.7/many.zip';

/** Opens a fixture in a page of its own. */
async function open(path) {
  const page = await visit(world);
  await dropFixture(page, path);
  return page;
}

test('a torch archive opens with its pickle, and its tensors with their numbers', async () => {
  const page = await open(TORCH);
  assert.equal(await chain(page), 'zip › torch › pickle 2');
  assert.ok((await page.$$eval('.chain [title]', (crumbs) => crumbs.map((crumb) => crumb.title))).every((title) => title.length > 3));
  await selectRow(page, "'linear.bias'");
  assert.match(await value(page), /^\[-?0\.\d+, -?0\.\d+\]$/);
  assert.equal(await page.textContent('[data-act=open-numbers]'), 'Open state-dict/data/1');
  await page.click('[data-act=open-numbers]');
  await shownMember(page, 'state-dict/data/1');
  await page.click('#tab-contents');
  await until(page, () => document.querySelector('#contents [data-name="1"][aria-selected=true]'));
  await choose(page, 'version');
  await shownMember(page, 'state-dict/version');
  assert.deepEqual(page.complaints, []);
});

test('TorchScript and a checkpoint open with their pickle', async () => {
  assert.equal(await chain(await open('containers/torch-2.6.0/script.pt')), 'zip › TorchScript › pickle 2');
  assert.equal(await chain(await open('containers/torch-2.6.0/checkpoint.ckpt')), 'zip › torch › pickle 2');
  const legacy = await open('containers/torch-2.6.0/state-dict.legacy.pt');
  assert.equal(await chain(legacy), 'torch › pickle 2');
  await selectRow(legacy, "'linear.bias'");
  assert.match(await value(legacy), /^\[-?0\.\d+, -?0\.\d+\]$/);
});

test('a crumb leads to its wrapping, and the tab back', async () => {
  const page = await open(TORCH);
  await page.click('.chain .crumb');
  await until(page, () => document.querySelector('#tab-contents[aria-selected=true]'));
  await until(page, () => document.activeElement.id === 'contents');
  assert.match(await page.textContent('.verdict'), /Contents/);
  assert.deepEqual((await members(page)).map(({ name }) => name).slice(0, 3), ['state-dict.pt', 'state-dict', 'data.pkl']);
  await choose(page, 'data.pkl');
  await until(page, () => document.querySelector('#tab-objects[aria-selected=true]'));
  await opened(page, 'state-dict.pt');
  assert.equal(await chain(page), 'zip › torch › pickle 2');
});

test('contents are used by keyboard alone', async () => {
  const page = await open(MANY);
  const at = (name) => until(page, (name) => {
    const list = document.activeElement;
    return list.id === 'contents' && document.getElementById(list.getAttribute('aria-activedescendant'))?.dataset.name === name;
  }, name);
  await at('many.zip');
  const first = await members(page);
  assert.deepEqual(first.map(({ name }) => name), ['many.zip', 'data', 'empty.pkl', 'second.pkl']);
  assert.deepEqual(first[1], { name: 'data', level: 2, expanded: 'false', shown: false, size: '', position: '1/3' });
  for (const [key, name] of [['ArrowDown', 'data'], ['End', 'second.pkl'], ['ArrowUp', 'empty.pkl'], ['ArrowUp', 'data']]) {
    await page.keyboard.press(key);
    await at(name);
  }
  await page.keyboard.press('ArrowRight');
  await until(page, () => document.querySelector('#contents [data-name=data][aria-expanded=true]'));
  await until(page, () => document.querySelector('#contents [data-name="readme.txt"]'));
  await page.keyboard.press('ArrowRight');
  await at('größe.pkl');
  await page.keyboard.press('ArrowLeft');
  await at('data');
  await page.keyboard.type('se');
  await at('second.pkl');
  await page.keyboard.press('Enter');
  await shownMember(page, 'second.pkl');
  await until(page, () => document.activeElement.id === 'tree');
  assert.match(await page.textContent('#tree'), /a second pickle/);

  // Back by the tabs, which the arrows go along without leaving them.
  await page.keyboard.press('Shift+Tab');
  await until(page, () => document.activeElement.id === 'tab-objects');
  await page.keyboard.press('ArrowLeft');
  await until(page, () => document.activeElement.id === 'tab-contents' && document.querySelector('#contents'));
  await page.keyboard.press('Tab');
  await at('second.pkl');
  await page.keyboard.press('Home');
  await at('many.zip');
  await page.keyboard.press('Enter');
  await until(page, () => document.querySelector('#contents [data-name="many.zip"][aria-selected=true]'));
  assert.deepEqual(page.complaints, []);
});

test('back and forward go across members, and a link leads into one', async () => {
  const page = await open(MANY);
  await until(page, () => location.hash.startsWith('#offset='));
  await choose(page, 'second.pkl');
  await shownMember(page, 'second.pkl');
  await until(page, () => location.hash.startsWith('#member='));
  const link = await page.evaluate(() => location.hash);
  await page.goBack();
  await until(page, () => document.querySelector('#contents [data-name="many.zip"][aria-selected=true]'));
  await page.goForward();
  await until(page, (link) => location.hash === link, link);
  await shownMember(page, 'second.pkl');

  const other = await visit(world, { hash: link });
  await drop(other, 'many.zip', await fixture(MANY));
  await shownMember(other, 'second.pkl');
  const wrong = await visit(world, { hash: '#member=99&offset=0' });
  await drop(wrong, 'many.zip', await fixture(MANY));
  await until(wrong, () => document.querySelector('.notice-text')?.textContent.includes('no member 99'));
  await opened(wrong, 'many.zip');
});

test('the arrays of an .npz are chosen from its contents', async () => {
  const page = await open('containers/numpy-2.4.6/plain.npz');
  assert.equal(await page.getAttribute('#tab-contents', 'aria-selected'), 'true');
  await until(page, () => document.querySelectorAll('#contents [data-name$=".npy"]').length === 4);
  assert.deepEqual((await members(page)).map(({ name }) => name).slice(1, 3), ['a.npy', 'b.npy']);
  await choose(page, 'a.npy');
  await shownMember(page, 'a.npy');
  assert.equal(await chain(page), 'zip › npz › npy');
  await selectRow(page, 'array');
  assert.equal(await value(page), '[0, 1, 2]');
});

for (const [path, words] of [
  ['containers/joblib-1.6.0/arrays.gzip', 'gzip › joblib › pickle 4'],
  ['containers/joblib-1.6.0/small.3.lz4', 'lz4 › joblib › pickle 4'],
  ['containers/python-3.11.7/tar-in-gzip-in-zip.zip', 'zip › gzip › tar › pickle 4'],
  ['containers/python-3.11.7/zip-in-zip.zip', 'zip › zip › pickle 4'],
  ['containers/python-3.11.7/gzip-12-times.pkl', `${'gzip › '.repeat(12)}pickle 4`],
  ['containers/py7zr-1.1.4/lzma2.7z', '7z › pickle 4'],
  ['containers/pandas-2.2.3/frame.pkl.tar.xz', 'xz › tar › pickle 5'],
]) {
  test(`${path} opens with the pickle in it`, async () => {
    const page = await open(path);
    assert.equal(await chain(page), words);
    assert.equal(await page.getAttribute('[data-complete]', 'data-complete'), 'true');
    assert.ok((await rows(page)).length > 1);
    assert.deepEqual(page.complaints, []);
  });
}

test('an array that was compressed by joblib reads well in the inspector', async () => {
  const page = await open('containers/joblib-1.6.0/arrays.gzip');
  await selectRow(page, "'float64'");
  assert.equal(await value(page), '[0.0, 0.25, 0.5, 0.75, 1.0]');
  await page.setViewportSize({ width: 400, height: 800 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
});

test('a damaged stream shows what came out of it', async () => {
  const page = await visit(world);
  const whole = await fixture('packed/large.gz');
  await drop(page, 'damaged.pkl.gz', whole.subarray(0, whole.length / 2));
  await opened(page, 'damaged.pkl.gz');
  assert.equal(await page.getAttribute('[data-complete]', 'data-complete'), 'false');
  assert.match(await page.textContent('[data-complete]'), /ends before its end.*bytes came out before that/);
  assert.ok((await rows(page)).length >= 1);
  await page.click('#tab-contents');
  await until(page, () => document.querySelector('#contents [data-name="damaged.pkl"] [data-mark=odd]'));
});

test('oddities of an archive are told with their place', async () => {
  const page = await open('containers/python-3.11.7/same-name.zip');
  await until(page, () => document.querySelectorAll('#contents [data-name="a.pkl"]').length === 2);
  await until(page, () => document.querySelector('#contents [data-mark=odd]'));
  await choose(page, 'a.pkl');
  await shownMember(page, 'a.pkl');
  await page.click('.problems summary');
  await page.click('[data-note]');
  await until(page, () => document.querySelector('.file-name')?.textContent === 'same-name.zip'
    && document.querySelector('#hex .hex-own'));
});

test('what grows past its budget stops, and goes on when the reader agrees', async () => {
  const page = await visit(world);
  const part = gzipSync(Buffer.alloc(64 << 20));
  await drop(page, 'zeros.pkl.gz', Buffer.concat(Array(20).fill(part)));
  await opened(page, 'zeros.pkl.gz');
  const size = () => page.getAttribute('.pending-bar p', 'title');
  await page.waitForSelector('.pending-bar');
  assert.equal(await size(), '1,073,741,824 bytes unpacked');
  assert.deepEqual(await serious(page), []);
  assert.match(await page.textContent('[data-complete]'), /more follow/);
  await page.click('[data-act=continue]');
  await until(page, () => !document.querySelector('.pending-bar') && document.querySelector('#inspector[data-opcode]'));
  assert.equal(await page.getAttribute('#hex', 'data-total'), String((20 * (64 << 20)) / 16));
});

test('unpacking can be cancelled', async () => {
  const page = await visit(world);
  // A worker that, once it has told of unpacking for the first time, never comes to its end.
  const worker = await workerOf(page);
  await worker.evaluate(() => {
    const post = self.postMessage.bind(self);
    self.postMessage = (message) => {
      post(message);
      while (message[0]?.Progress && message[0].Progress.unpacked !== undefined);
    };
  });
  const part = gzipSync(Buffer.alloc(64 << 20));
  await drop(page, 'zeros.pkl.gz', Buffer.concat(Array(20).fill(part)));
  await until(page, () => document.querySelector('.progress:not([hidden]) .progress-bytes')?.textContent.includes('unpacked'));
  assert.match(await page.textContent('.progress'), /zeros\.pkl\.gz/);
  await page.click('[data-act=cancel]');
  await page.waitForSelector('.drop-zone');
  await drop(page, 'next.pkl', SMALL);
  await opened(page, 'next.pkl');
});

for (const [name, words] of [['bytes', 'value › pickle 4'], ['base64', 'value › pickle 4'], ['gzip', 'value › gzip › pickle 4']]) {
  test(`a value that holds a pickle is opened: ${name}`, async () => {
    const page = await open(`containers/python-3.11.7/inside.${name}-value.pkl`);
    await selectRow(page, "'payload'");
    await page.click('[data-act=open-value]');
    await until(page, (words) => document.querySelector('.chain')?.textContent === words, words);
    await until(page, () => document.querySelector('#tree')?.textContent.includes("'inner'"));
    await until(page, () => location.hash.startsWith('#member='));
    await page.goBack();
    await until(page, () => document.querySelector('#tree')?.textContent.includes("'payload'"));
  });
}

test('base64 of a compressed pickle is pasted', async () => {
  const page = await visit(world);
  await paste(page, gzipSync(SMALL).toString('base64'));
  await opened(page, 'Pasted bytes');
  assert.equal(await chain(page), 'gzip › pickle 4');
});

/** A fixture and the files beside it, the main one last: whoever drops several does not sort them. */
async function together(folder, main, others) {
  const page = await visit(world);
  const names = [...others.map((other) => main + other).reverse(), main];
  await dropAll(page, await Promise.all(names.map(async (name) => [name, await fixture(`containers/${folder}/${name}`)])));
  await opened(page, main);
  return page;
}

test('arrays that joblib before 0.10 wrote beside its pickle are found among the dropped files', async () => {
  const page = await together('joblib-0.9.4', 'small.pkl', ['_01.npy']);
  assert.equal(await page.getAttribute('#tab-objects', 'aria-selected'), 'true');
  await selectRow(page, "'weights'");
  assert.match(await value(page), /^\[\[0\.0, 1\.0\],/);
  assert.equal(await page.textContent('[data-act=open-numbers]'), 'Open small.pkl_01.npy');
});

test('out-of-band buffers are found among the dropped files, in their order', async () => {
  const page = await together('python-3.11.7', 'outofband.arrays.pkl', ['.0', '.1', '.2']);
  const shown = await page.textContent('#tree');
  assert.doesNotMatch(shown, /not in this file/);
  await page.click('#tab-contents');
  await until(page, () => document.querySelectorAll('#contents [data-member]').length === 4);
});

test('files that have nothing to do with each other are a list to choose from', async () => {
  const page = await visit(world);
  const names = ['python-3.11.7/plain.pkl', 'python-3.11.7/stacked.pkl', 'numpy-2.4.6/record.npy'];
  await dropAll(page, await Promise.all(names.map(async (name) => [name.split('/')[1], await fixture(`containers/${name}`)])));
  await opened(page, 'plain.pkl');
  assert.equal(await page.getAttribute('#tab-contents', 'aria-selected'), 'true');
  await choose(page, 'record.npy');
  await until(page, () => document.querySelector('.file-name')?.textContent === 'record.npy');
  assert.equal(await chain(page), 'npy');
});

for (const [path, words] of [
  ['h5py-3.16.0/model.h5', /HDF5/], ['files-by-hand/model.pkl', /Git LFS/], ['files-by-hand/error.pkl', /HTML page/],
  ['safetensors-0.8.0/model.safetensors', /safetensors/], ['files-by-hand/zeros.pkl', /zeros/],
]) {
  test(`${path} is no pickle, and named`, async () => {
    const page = await open(`containers/${path}`);
    assert.equal(await page.getAttribute('.verdict', 'data-level'), 'Not a pickle');
    assert.match(await page.textContent('[data-complete]'), words);
    assert.equal(await page.$('[data-problem]'), null);
    assert.deepEqual(await serious(page), []);
  });
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious in contents, ${colorScheme}`, async () => {
    const page = await visit(world, { colorScheme });
    await dropFixture(page, 'containers/python-3.11.7/same-name.zip');
    await until(page, () => document.querySelector('#contents [data-mark=odd]'));
    assert.deepEqual(await serious(page), [], 'archive');
    await dropFixture(page, TORCH);
    await selectRow(page, "'linear.bias'");
    await page.waitForSelector('[data-act=open-numbers]');
    assert.deepEqual(await serious(page), [], 'tensor');
    await page.click('#tab-contents');
    await page.waitForSelector('#contents [data-member]');
    await page.setViewportSize({ width: 400, height: 800 });
    assert.deepEqual(await serious(page), [], 'narrow');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
  });
}
