// Opens the hostile files (scripts/hostile.py) in the built page (dist/) in a real Chromium, each in a browser of its own, and
// writes what became of them as a table, the second of docs/robustness.md.
//
//   node tests/e2e/hostile.mjs FOLDER [--out FILE] [--patience SECONDS] [NAME ...]
//
// Times are those of the clock. A page that is busy for longer than the patience is asked to stop.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { beforeWorker, start, visit } from './lib.mjs';

const HEAD = `
## In the page

The same files in the page, measured by \`tests/e2e/hostile.mjs\`, each in a browser of its own: seconds until the first rows
or the message that stands for them, and until the audit is there; the memory of the decoder (WebAssembly) in MB; the longest
time in milliseconds for which the page itself did not answer, from the choice of the file through every view of it; what was
on the screen in the end.

Expected: no blank page, no page that does not answer within a second, and a message where there are no rows.

| file | rows | audit | memory | silent | outcome |
|---|--:|--:|--:|--:|---|
`;

/** Before the page: the longest time between two beats of its clock. */
function beat() {
  let last = performance.now();
  globalThis.silent = 0;
  setInterval(() => {
    const now = performance.now();
    globalThis.silent = Math.max(globalThis.silent, now - last - 50);
    last = now;
  }, 50);
}

/** Before the decoder: keeps its memory, and tells its size with each answer. */
const MEMORY = `
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...all) { const made = new Instance(...all); self.decoder = made.exports; return made; };
const post = self.postMessage.bind(self);
self.postMessage = (...all) => {
  self.reached = Math.max(self.reached ?? 0, self.decoder?.memory?.buffer.byteLength ?? 0);
  return post(...all);
};
`;

const ROWS = '[role=tree] [role=treeitem][aria-level], [role=grid] [data-opcode][data-offset], #contents [data-member]';
const MESSAGE = '[data-crash], #stopped:not([hidden])';
/** What the tab of the audit has once the report is there. */
const AUDIT = '#audit h2';
const VIEWS = ['#tab-opcodes', '#tab-machine', '#tab-python', '#tab-audit', '#tab-objects'];

const within = (promise, milliseconds) => Promise.race([
  promise.catch((error) => ({ error: error.message.split('\n')[0] })),
  new Promise((resolve) => { setTimeout(resolve, milliseconds, undefined); }),
]);

/** Seconds until something is on the page; nothing when it is not within the patience. */
async function appears(page, selector, since, patience) {
  const found = await within(page.waitForSelector(`:is(${selector}):visible`, { timeout: 0 }).then(() => true), patience);
  return found === true ? (Date.now() - since) / 1000 : undefined;
}

/** The words of the first of some places that are on the page. */
const words = (page, ...selectors) => within(page.evaluate((selectors) => {
  for (const selector of selectors) {
    const text = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility())?.innerText.trim();
    if (text) return text.replace(/\s+/g, ' ').slice(0, 160);
  }
  return '';
}, selectors), 5000);

/** Whether the worker still answers, and the memory that it has. */
async function memory(page) {
  const sizes = await Promise.all(page.workers().map((worker) => within(worker.evaluate(() => self.decoder?.memory.buffer.byteLength ?? 0), 5000)));
  return Math.max(0, ...sizes.filter((size) => typeof size === 'number'));
}

async function measure(world, path, patience) {
  const page = await visit(world, { init: `(${beat})(); (${beforeWorker})(${JSON.stringify(MEMORY)});` });
  const begin = Date.now();
  await page.setInputFiles('#choose-file', path);
  await page.evaluate(() => { globalThis.silent = 0; });
  const seconds = await appears(page, `${ROWS}, ${MESSAGE}`, begin, patience);
  if (seconds !== undefined) await within(page.click('#tab-audit', { timeout: 2000 }), 3000);
  const audit = seconds === undefined ? undefined : await appears(page, `${AUDIT}, ${MESSAGE}`, begin, patience);
  const taken = seconds === undefined ? 0 : await memory(page);
  for (const view of VIEWS) {
    const clicked = await within(page.click(view, { timeout: 2000 }).then(() => true), 3000);
    if (clicked === true) await within(page.waitForTimeout(700), 3000);
  }
  const silent = await within(page.evaluate(() => globalThis.silent), 5000);
  const outcome = await words(page, '[data-crash]', '#stopped', '.notice-text', '[data-quiet]', '[data-complete]', '[data-level]', 'main');
  const result = {
    rows: seconds, audit, memory: taken, silent: typeof silent === 'number' ? silent : undefined,
    outcome: typeof outcome === 'string' ? outcome : 'the page does not answer', complaints: page.complaints,
  };
  await within(page.context().close(), 5000);
  return result;
}

function options() {
  const rest = argv.slice(2);
  const take = (name, other) => {
    const at = rest.indexOf(name);
    return at < 0 ? other : rest.splice(at, 2)[1];
  };
  const [out, patience] = [take('--out'), Number(take('--patience', '60')) * 1000];
  const [folder, ...names] = rest;
  if (!folder) throw new Error('node hostile.mjs FOLDER');
  return { out, patience, folder, names: names.length ? names : readdirSync(folder).sort() };
}

const number = (value, digits) => (value === undefined ? 'late' : value.toFixed(digits));

const { out, patience, folder, names } = options();
const lines = [];
for (const name of names) {
  const world = await start();
  const { rows, audit, memory: taken, silent, outcome, complaints } = await measure(world, join(folder, name), patience);
  await within(world.stop(), 10_000);
  const line = `| ${name} | ${number(rows, 1)} | ${number(audit, 1)} | ${taken ? (taken / 1e6).toFixed(0) : ''} | ${number(silent, 0)} | ${outcome.replaceAll('|', '\\|')} |`;
  lines.push(line);
  console.log(line, ...complaints.slice(0, 2));
}
if (out) {
  const before = readFileSync(out, 'utf8').split('\n## In the page\n')[0].trimEnd();
  writeFileSync(out, `${before}\n${HEAD}${lines.join('\n')}\n`);
}
process.exit();
