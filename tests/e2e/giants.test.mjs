// Files far larger than memory: only what is shown is read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCheckpoint, writePickle } from './giants.mjs';
import { byteIn, chain, opened, selectRow, shownMember, start, until, value, visit, watch } from './lib.mjs';

const FAR = 2 ** 32;
const MEMORY = 200_000_000;

let world;
let folder;
before(async () => {
  world = await start();
  folder = mkdtempSync(join(tmpdir(), 'picklescope-giants-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await world.stop();
});

/** Writes a giant; gives back nothing where the disk does not leave out zeros. */
function sparse(name, write) {
  const path = join(folder, name);
  const probe = join(folder, 'probe');
  writePickle(probe, { payloads: 3, bytes: 4_000_000, huge: 0 });
  if (statSync(probe).blocks * 512 > 8_000_000) return undefined;
  return { path, ...write(path) };
}

/** Opens a file by its path, as a person chooses it. */
async function choose(path, name) {
  const page = await visit(world);
  // From now on, the audit included.
  const worker = await watch(page);
  await page.setInputFiles('#choose-file', path);
  await opened(page, name);
  return { page, worker };
}

/** Waits for the audit, and holds what was read and what the worker takes against the limits. */
async function frugal(page, worker, name, size) {
  await until(page, () => document.querySelector('#tab-audit .tab-count'));
  const opening = Number(await page.getAttribute('.footer-time', 'data-bytes-read'));
  const milliseconds = await page.getAttribute('.footer-time', 'data-milliseconds');
  const read = await worker.evaluate(() => self.bytesRead);
  const memory = await worker.evaluate(() => self.memoryBytes);
  console.log(`${name}: ${size} bytes; ${opening} read to open it, in ${milliseconds} ms; ${read} read with the audit and `
    + `all that was shown; ${memory} bytes of memory in the worker`);
  assert.ok(opening > 0 && read >= opening && read < size / 100, `${read} of ${size} bytes were read`);
  assert.ok(memory > 0 && memory < MEMORY, `${memory} bytes of memory`);
}

const hexAt = (page, offset, digits) => until(page, (cells) => cells.every(([cell, digits]) =>
  document.querySelector(cell)?.textContent === digits), digits.map((digits, index) => [byteIn('#hex', offset + index), digits]));

const bytesOf = (buffer) => [...buffer].map((byte) => byte.toString(16).padStart(2, '0'));

test('a checkpoint of 12 GB opens by its directory and data.pkl', async (context) => {
  const giant = sparse('giant.pt', writeCheckpoint);
  if (!giant) return context.skip('the disk for temporary files does not leave out zeros');
  const { page, worker } = await choose(giant.path, 'giant.pt');
  assert.equal(await chain(page), 'zip › torch › pickle 2');
  assert.equal((await page.getAttribute('.file-size', 'title')).replaceAll(',', ''), `${giant.size} bytes`);

  await page.keyboard.press('End');
  await selectRow(page, "'layers.59.weight'");
  assert.match(await value(page), /^\[\[59\.0, 59\.5, 0\.0,/);
  await page.click('[data-act=open-numbers]');
  await shownMember(page, 'giant/data/59');
  const { size, offset } = giant.records.find(({ name }) => name === 'giant/data/59');
  assert.ok(offset > FAR);
  await page.fill('#go-to', String(size - 4));
  await page.press('#go-to', 'Enter');
  await hexAt(page, size - 4, ['00', '00', '6c', 'c2']); // -59 as float32

  // The bytes of the archive itself, beyond 4 GiB.
  await page.click('.chain .crumb');
  await page.waitForSelector('#contents');
  await page.fill('#go-to', String(offset));
  await page.press('#go-to', 'Enter');
  await hexAt(page, offset, ['00', '00', '6c', '42']);
  await frugal(page, worker, 'giant.pt', giant.size);
  assert.deepEqual(page.complaints, []);
});

test('a pickle of 10 GB opens without its payloads', async (context) => {
  const giant = sparse('giant.pkl', writePickle);
  if (!giant) return context.skip('the disk for temporary files does not leave out zeros');
  const { page, worker } = await choose(giant.path, 'giant.pkl');
  assert.equal(await page.getAttribute('[data-complete]', 'data-complete'), 'true');

  await page.keyboard.press('End');
  await selectRow(page, "'end'");
  assert.equal(await value(page), 'the end');
  const opcode = Number(await page.getAttribute('#inspector', 'data-opcode'));
  await page.click('#tab-opcodes');
  const row = await page.waitForSelector(`#opcodes-${opcode}[aria-selected=true]`);
  assert.ok(Number(await row.getAttribute('data-offset')) > 2 * FAR);

  await page.click('#tab-objects');
  const array = giant.payloads.findLast(({ kind }) => kind === 'array');
  assert.ok(array.offset > FAR);
  await selectRow(page, `'${array.key}'`);
  const index = Number(array.key.split(' ')[1]);
  assert.match(await value(page), new RegExp(`^\\[\\[${index}\\.0, 0\\.0,`));
  const first = Buffer.alloc(4);
  first.writeFloatLE(index);
  await page.fill('#go-to', String(array.offset));
  await page.press('#go-to', 'Enter');
  await hexAt(page, array.offset, bytesOf(first));

  const huge = giant.payloads.at(-1);
  assert.ok(huge.size > FAR);
  await page.fill('#go-to', String(huge.offset + huge.size - 4));
  await page.press('#go-to', 'Enter');
  const last = Buffer.alloc(4);
  last.writeUInt32LE(giant.payloads.length - 1);
  await hexAt(page, huge.offset + huge.size - 4, bytesOf(last));
  await frugal(page, worker, 'giant.pkl', giant.size);
  assert.deepEqual(page.complaints, []);
});
