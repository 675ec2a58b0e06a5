// The examples of the reference, one after the other in one program: each line prints what its comment says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ROOT } from './lib.mjs';

test('the examples of the reference', () => {
  // Beside the package, which is found from there.
  const folder = mkdtempSync(fileURLToPath(new URL('reference-', import.meta.url)));
  try {
    for (const sample of ['sklearn-bundle.pkl', 'hostile-demo.pkl']) copyFileSync(join(ROOT, 'tests/samples', sample), join(folder, basename(sample)));
    const text = readFileSync(join(ROOT, 'docs/javascript.md'), 'utf8');
    const code = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block]) => block).join('');
    const said = [...code.matchAll(/^ *console\.log\(.*\); *\/\/ (.*)$/gm)].map(([, line]) => line.trim());
    assert.ok(said.length > 15);
    writeFileSync(join(folder, 'examples.mjs'), code);
    const printed = execFileSync(process.execPath, ['examples.mjs'], { cwd: folder, encoding: 'utf8' }).trimEnd().split('\n');
    assert.deepEqual(printed.map((line) => line.trim()), said);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
