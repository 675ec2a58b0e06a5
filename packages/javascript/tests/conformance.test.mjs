// The same report as the command line gives, for every fixture; and the types say what it is.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect, open, scan } from 'picklescope';
import { FIXTURES, ROOT, files, pieces } from './lib.mjs';

const FOLDERS = ['arrays', 'benign', 'code', 'containers', 'edge', 'errors', 'forecast', 'hostile', 'hostile-containers', 'joblib', 'left-over',
  'legacy', 'models', 'packed', 'real', 'stdlib', 'tables', 'torch', 'values'];
const names = FOLDERS.flatMap(files).filter((name) => !/\.(py|md|json|tsv|txt)$/.test(name));

test('every fixture has the report of the command line', async () => {
  const lines = names.map((name) => JSON.stringify({ path: join(FIXTURES, name) })).join('\n');
  const { stdout, status, stderr } = spawnSync(process.env.PICKLESCOPE, ['scan', '--stdin'], { input: `${lines}\n`, maxBuffer: 1 << 30, encoding: 'utf8' });
  assert.ok(status <= 2, stderr);
  const reports = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.equal(reports.length, names.length);
  const wrong = [];
  for (const [index, name] of names.entries()) {
    const bytes = readFileSync(join(FIXTURES, name));
    const report = await scan(index % 2 ? bytes : pieces(bytes), { name: join(FIXTURES, name) });
    try {
      assert.deepEqual(report, reports[index]);
    } catch (error) {
      wrong.push(`${name}: ${error.message}`);
    }
  }
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${names.length} differ`);
  console.log(`${names.length} files have the same report`);
});

test('what comes is what the types say', async () => {
  const values = [];
  for (const name of names.filter((_, index) => index % 40 === 0)) {
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
