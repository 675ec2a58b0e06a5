// Tries a packed site as it stands on a host: in an empty folder, served under a path, in a real Chromium.
//
//     node scripts/try_site.mjs ARCHIVE PROGRAM     picklescope-site.tar.gz, and a program of the same release
//
// The page has to say of a model of scikit-learn, of a hostile file and of some more fixtures what `info --json` of the program says.
// Needs what `scripts/setup.sh test` sets up.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURES = fileURLToPath(new URL('../tests/fixtures/', import.meta.url));
const MODEL = 'models/sklearn-1.9/pipeline.p4.pkl';
const HOSTILE = 'hostile-containers/legacy.pt';
const EVERY = 100;

const [archive, program] = process.argv.slice(2).map((path) => resolve(path));
if (!program) {
  console.error('usage: node scripts/try_site.mjs ARCHIVE PROGRAM');
  process.exit(1);
}

/** The model, the hostile file, and every so many of the others that have the ending of a pickle. */
function names() {
  const all = readdirSync(FIXTURES, { recursive: true }).filter((name) => /\.(pkl|pt|joblib|npy|npz)$/.test(name)).sort();
  return [MODEL, HOSTILE, ...all.filter((_, index) => index % EVERY === 0)];
}

/** What the program says of a file: level, and whether all of it was read. */
function said(name) {
  // Its exit code says whether all was read.
  const { stdout } = spawnSync(program, ['info', '--json', name], { cwd: FIXTURES, encoding: 'utf8', maxBuffer: 1 << 28 });
  const facts = JSON.parse(stdout);
  return [facts.verdict.word, String(facts.complete)];
}

const folder = mkdtempSync(join(tmpdir(), 'picklescope-site-'));
let world;
try {
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const files = readdirSync(folder);
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  for (const [, name] of html.matchAll(/(?:href|src)="(?:\.\/)?([\w.-]+\.(?:js|css|wasm|lzma|png|svg|webmanifest))"/g)) {
    assert.ok(files.includes(name), `index.html names ${name}, which is not in the archive`);
  }
  // The tests' server takes the folder from here.
  process.env.SITE = `${folder}/`;
  const { drop, start, visit } = await import('../tests/e2e/lib.mjs');
  world = await start();
  const page = await visit(world);
  const differing = [];
  for (const [index, name] of names().entries()) {
    // A name of its own, so that the page before is not taken for this one.
    const own = `${index}-${basename(name)}`;
    await drop(page, own, readFileSync(join(FIXTURES, name)));
    await page.waitForFunction((name) => document.title === `${name} — Picklescope`, own);
    await page.waitForSelector('.verdict[data-level]');
    const found = [await page.getAttribute('.verdict', 'data-level'), await page.getAttribute('[data-complete]', 'data-complete')];
    const expected = said(name);
    if (JSON.stringify(found) !== JSON.stringify(expected)) differing.push(`${name}: ${found}, not ${expected}`);
  }
  assert.deepEqual(differing, []);
  assert.deepEqual(page.complaints, []);
  console.log(`try_site: ${names().length} files in ${basename(archive)}: all as it should be`);
} finally {
  await world?.stop();
  rmSync(folder, { recursive: true });
}
