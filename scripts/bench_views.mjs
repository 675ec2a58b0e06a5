// Uses the views of the built page (dist/) in a real Chromium over large files and prints what a person waits for.
//
//   node scripts/bench_views.mjs FOLDER [--runs N]      FOLDER has strings, blob, records and ints of bench_inputs.py; default 5 runs
//
// Three tables, medians of the runs, milliseconds:
//   find      from the last letter in the box to the first hit, and to the end of the search, with megabytes a second. The box
//             waits a moment for the next letter; that is counted in both, but not in the megabytes.
//   machine   from a place of the scrubber to its state on the screen, over 8,100,000 instructions
//   scroll    the longest task on the page while a view is gone over, by the wheel, by its bar and by pages; the most of all runs, and
//             how many of all frames had a task of more than 50 ms. The last row is a page that does nothing but count for 15 ms in
//             each frame: what it shows is what the machine and the browser's other processes take away.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Sparse } from '../tests/e2e/giants.mjs';
import { opened, start, until, visit } from '../tests/e2e/lib.mjs';
import { frameInto } from '../tests/e2e/values.mjs';

const [folder, ...rest] = process.argv.slice(2);
const at = rest.indexOf('--runs');
const runs = at < 0 ? 5 : Number(rest[at + 1]);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const most = (numbers) => Math.max(...numbers);
const column = (value, width = 10) => (typeof value === 'number' ? value.toFixed(0) : value).padStart(width);
const megabytes = (name) => statSync(join(folder, name)).size / 1e6;

/** Milliseconds that the box waits for the next letter (`TYPED` in src/web/searching.rs). */
const PAUSE = 60;

const host = await start();
frameInto(new Sparse(join(folder, 'frame.pkl')), Array.from({ length: 20 }, (_, index) => `column ${index}`), 1_000_000);

async function open(name) {
  const page = await visit(host);
  await page.setInputFiles('input[type=file]', join(folder, name));
  await opened(page, name);
  await page.waitForTimeout(1000); // the audit and the warm-up end
  return page;
}

/** The milliseconds from the call of `act` to the frame in which `condition` holds. As text: the page's policy allows no `eval`. */
const timed = (page, act, condition, argument) => page.evaluate(`new Promise((resolve) => {
  const argument = ${JSON.stringify(argument) ?? 'undefined'};
  const begun = performance.now();
  (${act})(argument);
  const look = () => ((${condition})(argument) || performance.now() - begun > 60_000 ? resolve(performance.now() - begun) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})`);

const type = (text) => {
  const box = document.querySelector('#find');
  box.value = text;
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
};

console.log('find in'.padEnd(30), column('MB'), column('first hit'), column('end'), column('MB/s'), column('hits'));
for (const [name, query] of [['strings.pkl', 'needle'], ['strings.pkl', '/ne+dle [0-9]/'], ['strings.pkl', 'nowhere at all'], ['blob.pkl', "b'needle'"], ['records.pkl', 'needle'], ['ints.pkl', '== 123']]) {
  const page = await open(name);
  await page.keyboard.press('/');
  await until(page, () => document.activeElement.id === 'find');
  const first = [];
  const end = [];
  let hits = 0;
  for (let run = 0; run < runs; run += 1) {
    await page.fill('#find', '');
    await until(page, () => !document.querySelector('#found [data-found]'));
    first.push(await timed(page, type, (text) => {
      const status = document.querySelector('#find-status');
      return status?.dataset.for === text && (document.querySelector('#found [data-found]') || status.dataset.finished === 'true');
    }, query));
    end.push(await timed(page, () => {}, (text) => {
      const status = document.querySelector('#find-status');
      return status?.dataset.for === text && status.dataset.finished === 'true';
    }, query) + first.at(-1));
    hits = await page.getAttribute('#find-status', 'data-hits');
  }
  console.log(`${name} ${query}`.padEnd(30), column(megabytes(name)), column(median(first)), column(median(end)),
    column(megabytes(name) / (median(end) - PAUSE) * 1000), column(String(hits)));
  await page.context().close();
}

console.log();
console.log('machine at'.padEnd(30), column('median'), column('most'));
{
  const page = await open('records.pkl');
  await page.click('#tab-machine');
  await page.waitForSelector('#machine-scrubber');
  const last = Number(await page.getAttribute('#machine-scrubber', 'max')) - 1;
  const to = (place) => timed(page, (place) => {
    const scrubber = document.querySelector('#machine-scrubber');
    scrubber.value = String(place);
    scrubber.dispatchEvent(new Event('input', { bubbles: true }));
  }, (place) => document.querySelector('.machine-head .section-note')?.textContent.startsWith(`instruction ${place.toLocaleString('en')} of`)
    && !document.querySelector('#machine [aria-busy=true]'), place);
  const initial = await to(last);
  console.log('last, the first time'.padEnd(30), column(initial), column(initial));
  const places = { last, middle: Math.floor(last / 2), 'first thousand': 999, 'nine tenths': Math.floor(last * 0.9) };
  for (const [words, place] of Object.entries(places)) {
    const taken = [];
    for (let run = 0; run < runs; run += 1) {
      await to(Math.floor(last / 7) + run * 1013);
      taken.push(await to(place - run));
    }
    console.log(words.padEnd(30), column(median(taken)), column(most(taken)));
  }
  await page.context().close();
}

console.log();
/** Goes over a list by the wheel, by its bar and by pages; without a list, only counts for 15 ms in each frame. */
const goOver = (page, list) => page.evaluate((list) => new Promise((resolve) => {
  const tasks = [];
  const observer = new PerformanceObserver((entries) => tasks.push(...entries.getEntries().map(({ duration }) => duration)));
  observer.observe({ type: 'longtask' });
  let scrolled = list && document.querySelector(list);
  while (scrolled && scrolled.scrollHeight <= scrolled.clientHeight + 1) scrolled = scrolled.parentElement;
  const steps = 240;
  let step = 0;
  const go = () => {
    if (!list) for (const begun = performance.now(); performance.now() - begun < 15;);
    // A wheel for a third, then the bar over the whole, then a page at a time.
    else if (step < steps / 3) scrolled.scrollTop += 120;
    else if (step < steps * 2 / 3) scrolled.scrollTop = (scrolled.scrollHeight - scrolled.clientHeight) * ((step * 37 % 80) / 80);
    else scrolled.scrollTop -= scrolled.clientHeight;
    step += 1;
    if (step < steps) requestAnimationFrame(go);
    else setTimeout(() => {
      tasks.push(...observer.takeRecords().map(({ duration }) => duration));
      resolve({ tasks, steps });
    }, 500);
  };
  requestAnimationFrame(go);
}), list);

console.log('scrolling'.padEnd(30), column('longest'), column('most'), column('over 50'), column('frames'));
const VIEWS = [
  ['records.pkl', 'objects', '#tree'], ['records.pkl', 'opcodes', '#opcodes'], ['records.pkl', 'python', '#python'],
  ['records.pkl', 'bytes', '#bytes'], ['ints.pkl', 'objects', '#tree'], ['frame.pkl', 'objects', '#grid-0'],
  ['nothing, but 15 ms of counting', null, null],
];
for (const [name, tab, list] of VIEWS) {
  const page = list ? await open(name) : await visit(host);
  const label = list ? `${name} ${list}` : name;
  if (list) {
    await page.click(`#tab-${tab}`);
    await page.waitForSelector(list, { timeout: 60_000 });
  }
  if (list === '#tree') {
    await page.focus(list);
    await page.keyboard.press('ArrowRight');
  }
  const longest = [];
  let [over, frames] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    await page.waitForTimeout(2000);
    const { tasks, steps } = await goOver(page, list);
    longest.push(Math.max(0, ...tasks));
    over += tasks.length;
    frames += steps;
  }
  console.log(label.padEnd(30), column(median(longest)), column(most(longest)), column(String(over)), column(String(frames)));
  await page.context().close();
}
await host.stop();
