// Opens files in the built page (dist/) in a real Chromium and prints what it measured itself.
//
//   node scripts/bench_page.mjs FOLDER [--runs N] NAME ...      files FOLDER/NAME.pkl; default 5 runs
//
// Columns: `read` and `decode` in the worker, `rows` from the choice of the file to its first rows on the screen, all in
// milliseconds, the median of the runs; `MB` is what the renderer (page and worker) grew by over the empty page, at its peak.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { opened, start, visit } from '../tests/e2e/lib.mjs';

const [folder, ...rest] = process.argv.slice(2);
const at = rest.indexOf('--runs');
const runs = at < 0 ? 5 : Number(rest.splice(at, 2)[1]);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Peak resident set of the renderers, in MB. */
function peak() {
  const pids = execFileSync('pgrep', ['-f', 'type=renderer']).toString().trim().split('\n');
  const high = pids.map((pid) => {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0; // it ended meanwhile
    }
  });
  return Math.max(...high);
}

const host = await start();
console.log(`${'page'.padEnd(12)} ${'file MB'.padStart(8)} ${'read'.padStart(8)} ${'decode'.padStart(8)} ${'rows'.padStart(8)} ${'MB'.padStart(7)}`);
for (const name of rest) {
  const path = join(folder, `${name}.pkl`);
  const taken = { read: [], decode: [], 'first-rows': [], memory: [] };
  for (let run = 0; run < runs; run += 1) {
    const page = await visit(host);
    const before = peak();
    await page.setInputFiles('input[type=file]', path);
    await opened(page, `${name}.pkl`);
    const measures = await page.evaluate(async () => {
      while (!performance.getEntriesByName('picklescope:first-rows').length) await new Promise(requestAnimationFrame);
      return Object.fromEntries(performance.getEntriesByType('measure').map(({ name, duration }) => [name, duration]));
    });
    for (const what of ['read', 'decode', 'first-rows']) taken[what].push(measures[`picklescope:${what}`]);
    taken.memory.push(peak() - before);
    await page.context().close();
  }
  const columns = ['read', 'decode', 'first-rows', 'memory'].map((what) => median(taken[what]).toFixed(0).padStart(what === 'memory' ? 7 : 8));
  console.log(`${name.padEnd(12)} ${(statSync(path).size / 1e6).toFixed(1).padStart(8)} ${columns.join(' ')}`);
}
await host.stop();
