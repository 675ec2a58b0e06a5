// A small file inside a link.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAMAGED, SMALL, drop, emptyPage, numbers, opened, selectRow, start, until, visit } from './lib.mjs';

let world;
before(async () => { world = await start(); });
after(() => world.stop());

/** Runs a command of the palette. */
async function run(page, name) {
  await page.keyboard.press('Control+k');
  await page.waitForSelector('dialog[open] input');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

/** What the page copied last. */
const copied = (page) => until(page, () => globalThis.copied).then((handle) => handle.jsonValue());
const catchCopies = () => {
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { globalThis.copied = text; } } });
};

async function open(address) {
  const page = await emptyPage(world);
  await page.goto(address);
  return page;
}

test('a link holds the file and the place, and says where the file came from', async () => {
  const name = 'a "<b>&\u{1f952}.pkl';
  const page = await visit(world, { init: catchCopies });
  await drop(page, name, SMALL);
  await opened(page, name);
  await selectRow(page, "'inner'");
  await until(page, () => document.querySelector('#tree [aria-selected=true] .label')?.textContent === "'inner'");
  await until(page, () => location.hash.includes('offset='));
  const asked = world.server.requests.length;
  await run(page, 'copy a link');
  const link = await copied(page);
  assert.equal(world.server.requests.length, asked);
  assert.ok(link.startsWith(`${world.server.url}#name=`), link);
  const [place] = /offset=\d+$/.exec(link) ?? [];
  assert.ok(place, link);
  // The palette was in the address until it closed.
  await until(page, (place) => location.hash.slice(1) === place, place);

  const other = await open(link);
  await opened(other, name);
  await until(other, () => /came inside the link/.test(document.body.textContent));
  await until(other, () => document.querySelector('#tree [aria-selected=true] .label')?.textContent === "'inner'");
  assert.deepEqual(other.complaints, []);
  assert.ok(world.server.requests.every((path) => !path.includes('name=')), 'the server does not see it');
});

test('a file that is too large says so, and a link that was cut opens nothing', async () => {
  const page = await visit(world, { init: catchCopies });
  const noise = numbers(1_000_000);
  for (let index = 0; index < noise.length; index += 5) if (index > 10 && index < noise.length - 10) noise[index + 3] = Math.random() * 256;
  await drop(page, 'large.pkl', noise);
  await opened(page, 'large.pkl');
  await run(page, 'copy a link');
  await until(page, () => /too large for a link/.test(document.body.textContent));

  await drop(page, 'damaged.pkl', DAMAGED);
  await opened(page, 'damaged.pkl');
  await run(page, 'copy a link');
  const link = await copied(page);
  const cut = await open(link.replace(/&offset.*/, '').slice(0, -4));
  await cut.waitForSelector('[data-crash]');
  assert.match(await cut.textContent('[data-crash]'), /the link was cut or changed/);
  const wrong = await open(`${world.server.url}#file=%3Cscript%3E`);
  await wrong.waitForSelector('[data-crash]');
});
