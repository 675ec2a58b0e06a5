// The page says what the command line says: verdict, how far the reading went, facts, and every value as JSON.
//
//   EVERY=1 node --test conformance.test.mjs     over every fixture, about an hour; without it over every 40th
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { drop, fixture, start, until, visit } from './lib.mjs';

const EVERY = process.env.EVERY ?? '40';
const SCRIPT = fileURLToPath(new URL('../../scripts/conformance.py', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
const PROGRAM = ['debug', 'release'].map((profile) => join(TARGET, profile, 'picklescope')).find(existsSync);
/** What `scripts/conformance.py` gives of a text as it is, in bytes. */
const WHOLE = 4096;

let world;
before(async () => { world = await start(); });
after(() => world.stop());

function saidByTheProgram() {
  assert.ok(PROGRAM, 'cargo build --bin picklescope makes the program that the page is compared with');
  const { stdout, stderr, status } = spawnSync('python3', [SCRIPT, PROGRAM, '--every', EVERY], { encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n').slice(1).map((line) => JSON.parse(line));
}

/** What the header and the verdict strip say. */
const told = (page) => page.evaluate(() => {
  const text = (selector) => document.querySelector(selector)?.textContent;
  return { sentence: text('.verdict p:is(.verdict-sentence, .reading):not([data-complete])'), reading: text('[data-complete]'), word: text('.verdict-word') };
});

/** The whole document as JSON, in the form of `scripts/conformance.py`. */
async function json(page) {
  await page.click('.header [data-act=export]');
  await page.waitForSelector('[data-format=Json]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-format=Json]')]);
  const bytes = await readFile(await download.path());
  await page.keyboard.press('Escape');
  await until(page, () => !document.querySelector('dialog'));
  return bytes.length <= WHOLE ? { text: bytes.toString() } : { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

test('the page and the command line say the same', { timeout: 2 * 3600_000 }, async () => {
  const page = await visit(world);
  const wrong = [];
  let values = 0;
  const lines = saidByTheProgram();
  for (const [index, { file, info, json: saved }] of lines.entries()) {
    if (info.file_size === 0) continue; // The page does not open an empty file.
    // A name of its own, so that the file before is not taken for this one.
    const name = file.split('/').pop();
    await drop(page, `${index}-${name}`, await fixture(file));
    const isShown = page.waitForFunction((index) => document.title.startsWith(`${index}-`) && document.querySelector('.verdict-sentence'), index);
    await isShown.catch((error) => { throw new Error(`${file}: ${error.message}`, { cause: error }); });
    const [said, expected] = [await told(page), info.verdict.sentence.map((part) => part.text).join('')];
    const differs = (what, page, program) => wrong.push(`${file}: ${what}: the page ${JSON.stringify(page)}, the program ${JSON.stringify(program)}`);
    if (said.sentence !== expected) differs('verdict', said.sentence, expected);
    if (!said.reading.replaceAll(`${index}-`, '').endsWith(info.reading.replaceAll(file, name))) differs('reading', said.reading, info.reading);
    if (!info.is_wrapping && said.word !== info.verdict.word) differs('word', said.word, info.verdict.word);
    // What holds no pickle is not saved by the page.
    if (info.opcodes > 0) {
      values += 1;
      const made = await json(page).catch((error) => { throw new Error(`${file}: ${error.message}`, { cause: error }); });
      if (JSON.stringify(made) !== JSON.stringify(saved)) differs('values', made, saved);
    }
  }
  console.log(`${lines.length} files, ${values} with values: ${wrong.length} differences`);
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} differences`);
  assert.deepEqual(page.complaints, []);
});
