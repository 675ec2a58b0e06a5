// The command line, and the package over the same bytes: report, facts, tree and values of every fixture; and the types say what comes.
//
//   EVERY=N     only every Nth fixture
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect, open, scan } from 'picklescope';
import { FIXTURES, ROOT, pieces } from './lib.mjs';

/** Bytes of a text that `scripts/conformance.py` gives as it is. */
const WHOLE = 4096;

/** What the program says of the fixtures: the limits that it had, and a line for each. */
function said() {
  const words = [join(ROOT, 'scripts/conformance.py'), process.env.PICKLESCOPE, '--every', process.env.EVERY ?? '1'];
  const { stdout, stderr, status } = spawnSync('python3', words, { encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
}

const digest = (bytes) => (bytes.length <= WHOLE
  ? { text: new TextDecoder().decode(bytes) }
  : { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });

const [head, ...lines] = said();

/** The same line as the program's, of the package. */
async function line(name, input) {
  const report = await scan(input(), { name, memory: head.limits.scan });
  const opened = await open(input(), { name, memory: head.limits.read });
  const made = {
    report,
    info: { ...await opened.facts(), environment: await opened.environment() },
    tree: await opened.tree(head.tree),
    json: digest(await opened.export('json')),
  };
  opened.close();
  return made;
}

test('every fixture is what it is on the command line', async () => {
  const wrong = [];
  for (const [index, { file, size, ...expected }] of lines.entries()) {
    const bytes = readFileSync(join(FIXTURES, file));
    const made = await line(file, () => (index % 2 ? bytes : pieces(bytes)));
    // What holds no pickle has no values.
    for (const key of Object.keys(expected).filter((key) => key !== 'json' || expected.info.opcodes > 0)) {
      try {
        assert.deepEqual(made[key], expected[key]);
      } catch (error) {
        wrong.push(`${file}: ${key}: ${error.message}`);
      }
    }
  }
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} differ, of ${lines.length} files`);
  console.log(`${lines.length} files: report, facts, tree and values are the same`);
});

test('what comes is what the types say', async () => {
  const values = [];
  for (const { file: name } of lines.filter((_, index) => index % 40 === 0)) {
    const bytes = readFileSync(join(FIXTURES, name));
    const opened = await open(bytes, { name });
    const add = (type, value) => values.push(`[${JSON.stringify(value)}] satisfies Array<${type}>;`);
    add('FileReport', await scan(bytes, { name }));
    add('Overview & { environment: Environment }', await inspect(bytes, { name }));
    add('MemberRow', (await opened.members())[0]);
    const found = await opened.find('obj');
    add('Found', { ...found, hits: found.hits.slice(0, 3) });
    if (found.hits.some((hit) => hit.path === 'obj')) add('Value', await opened.value('obj'));
    opened.close();
  }
  writeFileSync('values.ts', `import type { Environment, FileReport, Found, MemberRow, Overview, Value } from 'picklescope';\n${values.join('\n')}\n`);
  const tsc = ['node_modules/typescript/bin/tsc', '--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', 'false', '--types', 'node'];
  const { stdout, status } = spawnSync(process.execPath, [...tsc, 'values.ts', 'example.ts'], { encoding: 'utf8' });
  assert.equal(status, 0, stdout.slice(0, 4000));
  if (process.platform !== 'win32') execFileSync('python3', [join(ROOT, 'scripts/generate_types.py'), '--check']);
});
